//! One alert as a row of facts, and the two ways in which JavaScript hands in such rows.

use std::borrow::Cow;

use kentongan::{Classifier, FactValue, Ruling};

use crate::layout::{Kind, Layout};

/// Between the facts of a packed row. JavaScript does not look whether a text has one: then there are too many.
pub(crate) const SEPARATOR: char = '\u{1}';
/// Between packed rows.
pub(crate) const ROW_END: char = '\u{2}';

/// A fact whose text may have had to be unescaped.
#[derive(Debug, Clone, Default)]
pub(crate) enum Cell<'a> {
    #[default]
    Absent,
    Integer(i64),
    Number(f64),
    Text(Cow<'a, str>),
}

impl Cell<'_> {
    pub(crate) fn fact(&self) -> FactValue<'_> {
        match self {
            Self::Absent => FactValue::Absent,
            Self::Integer(number) => FactValue::Integer(*number),
            Self::Number(number) => FactValue::Float(*number),
            Self::Text(text) => FactValue::Text(text),
        }
    }

    /// What holds of an alert in which nothing is said of a fact.
    pub(crate) fn unsaid(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(Cow::Borrowed("")),
            Kind::Status => Self::Text(Cow::Borrowed("firing")),
            Kind::MaybeText | Kind::Number | Kind::Instant => Self::Absent,
        }
    }
}

/// Decides a packed row: each fact as `s` and its text, `n` and its number, or nothing. `None` where it is not one, as
/// when a text holds a separator; the caller then takes the long way.
pub(crate) fn decide_packed(classifier: &mut Classifier<'_>, layout: &Layout, packed: &str) -> Option<Ruling> {
    const INLINE: usize = 32;
    let facts = layout.kinds.len();
    if facts <= INLINE {
        let mut row = [FactValue::Absent; INLINE];
        let row = row.get_mut(..facts)?;
        unpack(layout, packed, row)?;
        return Some(classifier.decide(row));
    }
    let mut row = vec![FactValue::Absent; facts];
    unpack(layout, packed, &mut row)?;
    Some(classifier.decide(&row))
}

fn unpack<'a>(layout: &Layout, packed: &'a str, row: &mut [FactValue<'a>]) -> Option<()> {
    let mut parts = packed.split(SEPARATOR);
    for (fact, kind) in row.iter_mut().zip(&layout.kinds) {
        let part = parts.next()?;
        *fact = match (part.as_bytes().first(), kind) {
            (None, Kind::Text) => FactValue::Text(""),
            (None, Kind::Status) => FactValue::Text("firing"),
            (None, Kind::MaybeText | Kind::Number | Kind::Instant) => FactValue::Absent,
            (Some(b's'), _) => FactValue::Text(part.get(1..)?),
            (Some(b'n'), Kind::Instant) => FactValue::Integer(part.get(1..)?.parse().ok()?),
            (Some(b'n'), _) => FactValue::Float(part.get(1..)?.parse().ok()?),
            (Some(_), _) => return None,
        };
    }
    // A policy whose rules read nothing has one empty part.
    (parts.next().is_none() || layout.kinds.is_empty()).then_some(())
}

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

/// The texts that JavaScript has handed in before, by the place of their fact and their number.
#[derive(Debug, Default)]
pub(crate) struct Known(Vec<Vec<Box<str>>>);

impl Known {
    /// The most texts of a fact that are kept: those of a fact that always has others would never end.
    pub(crate) const TEXTS_MAX: u32 = 1_024;
    /// The most facts of a row that is handed in by numbers.
    pub(crate) const FACTS_MAX: usize = 32;

    /// Keeps a text of a fact, and says its number; none where there are too many.
    pub(crate) fn keep(&mut self, place: u32, text: String) -> Option<u32> {
        let place = usize::try_from(place).ok().filter(|place| *place < Self::FACTS_MAX)?;
        if self.0.len() <= place {
            self.0.resize_with(place + 1, Vec::new);
        }
        let texts = self.0.get_mut(place)?;
        let number = u32::try_from(texts.len()).ok().filter(|number| *number < Self::TEXTS_MAX)?;
        texts.push(text.into());
        Some(number)
    }

    /// Decides a row of numbers: a text by its number, a measurement and an instant as they are, and what is not a number
    /// where nothing is said. Of a text that is not kept the number is less than zero, and the text the next of `others`,
    /// which are separated. `None` where it is not one, as when a text holds a separator.
    pub(crate) fn decide(
        &self,
        classifier: &mut Classifier<'_>,
        layout: &Layout,
        numbers: &[f64],
        others: Option<&str>,
    ) -> Option<Ruling> {
        if numbers.len() != layout.kinds.len() {
            return None;
        }
        let mut others = others.into_iter().flat_map(|others| others.split(SEPARATOR));
        let mut row = [FactValue::Absent; Self::FACTS_MAX];
        let row = row.get_mut(..numbers.len())?;
        for (place, ((fact, kind), number)) in row.iter_mut().zip(&layout.kinds).zip(numbers).enumerate() {
            *fact = match kind {
                kind if number.is_nan() => kind.unsaid(),
                Kind::Number => FactValue::Float(*number),
                Kind::Instant => FactValue::Integer(whole(*number)),
                Kind::Text | Kind::MaybeText | Kind::Status if *number < 0.0 => FactValue::Text(others.next()?),
                Kind::Text | Kind::MaybeText | Kind::Status => {
                    let number = usize::try_from(whole(*number)).ok()?;
                    FactValue::Text(self.0.get(place)?.get(number)?)
                }
            };
        }
        others.next().is_none().then(|| classifier.decide(row))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "whole numbers and milliseconds; others saturate")]
fn whole(number: f64) -> i64 {
    number as i64
}

fn unpack<'a>(layout: &Layout, packed: &'a str, row: &mut [FactValue<'a>]) -> Option<()> {
    let mut parts = packed.split(SEPARATOR);
    for (fact, kind) in row.iter_mut().zip(&layout.kinds) {
        let part = parts.next()?;
        *fact = match (part.as_bytes().first(), kind) {
            (None, kind) => kind.unsaid(),
            (Some(b's'), _) => FactValue::Text(part.get(1..)?),
            (Some(b'n'), Kind::Instant) => FactValue::Integer(part.get(1..)?.parse().ok()?),
            (Some(b'n'), _) => FactValue::Float(part.get(1..)?.parse().ok()?),
            (Some(_), _) => return None,
        };
    }
    // A policy whose rules read nothing has one empty part.
    (parts.next().is_none() || layout.kinds.is_empty()).then_some(())
}

//! The questions about one fact that most conditions are made of.

use super::expression::Source;
use super::facts::Slot;
use super::value::{Comparison, Outcome, Raised, float, same};

/// A number that a fact is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    Integer(i64),
    Float(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Affix {
    Start,
    End,
    Inside,
}

/// A question about one fact, in the forms most conditions are made of. The index knows these.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// `alert.labels.env == "prod"`
    Text { slot: Slot, text: Box<str> },
    /// `alert.labels.env in ["prod", "live"]`; sorted.
    TextIn { slot: Slot, texts: Box<[Box<str>]> },
    /// `alert.values.error_rate >= 0.5`
    Number { slot: Slot, comparison: Comparison, number: Number },
    /// `alert.labels.instance.starts_with("node-")`, which raises where the fact is no text.
    Affix { slot: Slot, affix: Affix, text: Box<str> },
}

impl Number {
    pub(super) const fn as_float(self) -> f64 {
        match self {
            Self::Integer(number) => float(number),
            Self::Float(number) => number,
        }
    }

    /// Whether a whole number, on the left, compares so with it.
    pub(super) fn compares_with(self, fact: i64, comparison: Comparison) -> bool {
        match self {
            Self::Integer(number) => comparison.of(fact.cmp(&number)),
            Self::Float(number) => comparison.of_floats(float(fact), number),
        }
    }
}

impl Affix {
    pub(super) fn holds(self, text: &str, part: &str) -> bool {
        match self {
            Self::Start => text.starts_with(part),
            Self::End => text.ends_with(part),
            Self::Inside => text.contains(part),
        }
    }
}

impl Test {
    pub(super) const fn slot(&self) -> Slot {
        match self {
            Self::Text { slot, .. }
            | Self::TextIn { slot, .. }
            | Self::Number { slot, .. }
            | Self::Affix { slot, .. } => *slot,
        }
    }

    #[inline]
    pub(super) fn holds<'a>(&self, source: &impl Source<'a>) -> Outcome<bool> {
        Ok(match self {
            Self::Text { slot, text } => source.text(*slot).is_some_and(|fact| same(&fact, text)),
            Self::TextIn { slot, texts } => source.text(*slot).is_some_and(|fact| contains(texts, &fact)),
            Self::Number { slot, comparison, number } => source.compares(*slot, *comparison, *number),
            Self::Affix { slot, affix, text } => affix.holds(&source.text(*slot).ok_or(Raised)?, text),
        })
    }
}

/// Whether a sorted list of texts holds one. Most lists are so short that looking at each is quicker than halving.
fn contains(texts: &[Box<str>], fact: &str) -> bool {
    if texts.len() <= 8 {
        return texts.iter().any(|text| same(text, fact));
    }
    texts.binary_search_by(|text| (**text).cmp(fact)).is_ok()
}

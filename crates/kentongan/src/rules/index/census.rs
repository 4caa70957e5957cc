//! What rules ask of each fact: from this it is guessed how many alerts meet a condition.

use std::collections::{BTreeMap, BTreeSet};

use super::access::{Key, Share};
use crate::rules::expression::Expression;
use crate::rules::facts::Slot;
use crate::rules::test::{Affix, Test};

/// What all rules together ask of each fact: from this it is guessed how many alerts meet a condition.
#[derive(Default)]
pub(super) struct Census<'r> {
    texts: BTreeMap<Slot, BTreeSet<&'r str>>,
    /// In order, each once.
    needles: BTreeMap<Slot, Vec<&'r str>>,
    ends: BTreeMap<Slot, Vec<f64>>,
}

impl<'r> Census<'r> {
    pub(super) fn of(rules: &[Option<&'r Expression>]) -> Self {
        let mut census = Self::default();
        for rule in rules.iter().flatten() {
            rule.tests(&mut |test| census.count(test));
        }
        for ends in census.ends.values_mut() {
            ends.sort_unstable_by(f64::total_cmp);
        }
        for needles in census.needles.values_mut() {
            needles.sort_unstable();
            needles.dedup();
        }
        census
    }

    fn count(&mut self, test: &'r Test) {
        match test {
            Test::Text { slot, text } => drop(self.texts.entry(*slot).or_default().insert(text)),
            Test::TextIn { slot, texts } => {
                self.texts.entry(*slot).or_default().extend(texts.iter().map(|text| &**text));
            }
            Test::Number { slot, number, .. } => self.ends.entry(*slot).or_default().push(number.as_float()),
            Test::Affix { slot, text, .. } => self.needles.entry(*slot).or_default().push(text),
        }
    }

    /// How much of the alerts meets a key, by guess.
    pub(super) fn share(&self, key: &Key) -> Share {
        match key {
            Key::Text { slot, .. } => self.texts_share(*slot, 1),
            Key::Needle { slot, affix, text } => self.needle_share(*slot, *affix, text),
            Key::Number { slot, from, to } => {
                let ends = self.ends.get(slot).map_or(&[][..], Vec::as_slice);
                let first = ends.partition_point(|end| end < from);
                let last = ends.partition_point(|end| end <= to);
                (ratio(last.saturating_sub(first), ends.len())).max(0.02)
            }
        }
    }

    pub(super) fn share_of(&self, test: &Test) -> Share {
        match test {
            Test::Text { slot, .. } => self.texts_share(*slot, 1),
            Test::TextIn { slot, texts } => self.texts_share(*slot, texts.len()),
            Test::Number { .. } => 0.5,
            Test::Affix { slot, affix, text } => self.needle_share(*slot, *affix, text),
        }
    }

    /// The same of one of so many texts of a fact.
    pub(super) fn texts_share(&self, slot: Slot, texts: usize) -> Share {
        ratio(texts, self.texts(slot).max(2))
    }

    /// The same of a part of a text: the longer, the rarer. A beginning is met where a longer one is.
    pub(super) fn needle_share(&self, slot: Slot, affix: Affix, text: &str) -> Share {
        let needles = self.needles.get(&slot).map_or(&[][..], Vec::as_slice);
        let longer = match affix {
            Affix::Start => {
                let first = needles.partition_point(|needle| *needle < text);
                needles.get(first..).unwrap_or_default().partition_point(|needle| needle.starts_with(text))
            }
            Affix::End | Affix::Inside => 1,
        };
        let length = i32::try_from(text.len()).unwrap_or(i32::MAX);
        ratio(longer, self.needles(slot).max(2)) * 0.95_f64.powi(length)
    }

    /// How many texts rules compare a fact with.
    pub(super) fn texts(&self, slot: Slot) -> usize {
        self.texts.get(&slot).map_or(0, BTreeSet::len)
    }

    /// How many texts rules look for in a fact.
    pub(super) fn needles(&self, slot: Slot) -> usize {
        self.needles.get(&slot).map_or(0, Vec::len)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a guess")]
fn ratio(part: usize, whole: usize) -> Share {
    part as f64 / whole.max(1) as f64
}

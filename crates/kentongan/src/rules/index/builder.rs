//! Builds the index: counts what rules ask, chooses each rule's way in, and writes the rest of it as checks.

use std::collections::{BTreeMap, BTreeSet};

use super::Index;
use super::access::{Key, Share, keys};
use super::column::{Needles, Numbers, Texts};
use super::entry::{Bound, CHECKS, Check, Entry, Set};
use crate::rules::expression::{Expression, Test};
use crate::rules::facts::Slot;
use crate::rules::row::FastMap;
use crate::rules::value::Kinds;

/// What all rules together ask of each fact: from this it is guessed how many alerts meet a condition.
#[derive(Default)]
struct Census<'r> {
    texts: BTreeMap<Slot, BTreeSet<&'r str>>,
    needles: BTreeMap<Slot, BTreeSet<&'r str>>,
    ends: BTreeMap<Slot, Vec<f64>>,
}

impl<'r> Census<'r> {
    fn of(rules: &[Option<&'r Expression>]) -> Self {
        let mut census = Self::default();
        for rule in rules.iter().flatten() {
            rule.tests(&mut |test| census.count(test));
        }
        for ends in census.ends.values_mut() {
            ends.sort_unstable_by(f64::total_cmp);
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
            Test::Affix { slot, text, .. } => drop(self.needles.entry(*slot).or_default().insert(text)),
        }
    }

    /// How much of the alerts meets a key, by guess.
    fn share(&self, key: &Key) -> Share {
        match key {
            Key::Text { slot, .. } => one_of(self.texts.get(slot).map_or(0, BTreeSet::len)),
            // The longer, the rarer.
            Key::Needle { slot, text, .. } => {
                let length = i32::try_from(text.len()).unwrap_or(i32::MAX);
                one_of(self.needles.get(slot).map_or(0, BTreeSet::len)).max(0.01) * 0.95_f64.powi(length)
            }
            Key::Number { slot, from, to } => {
                let ends = self.ends.get(slot).map_or(&[][..], Vec::as_slice);
                let first = ends.partition_point(|end| end < from);
                let last = ends.partition_point(|end| end <= to);
                (ratio(last.saturating_sub(first), ends.len())).max(0.02)
            }
        }
    }

    fn share_of(&self, test: &Test) -> Share {
        match test {
            Test::Text { slot, .. } => one_of(self.texts.get(slot).map_or(0, BTreeSet::len)),
            Test::TextIn { slot, texts } => ratio(texts.len(), self.texts.get(slot).map_or(1, BTreeSet::len)),
            Test::Number { .. } => 0.5,
            Test::Affix { slot, .. } => one_of(self.needles.get(slot).map_or(0, BTreeSet::len)).max(0.01),
        }
    }
}

fn one_of(count: usize) -> Share {
    ratio(1, count.max(2))
}

#[expect(clippy::cast_precision_loss, reason = "a guess")]
fn ratio(part: usize, whole: usize) -> Share {
    part as f64 / whole.max(1) as f64
}

/// An index in the making.
#[derive(Default)]
struct Builder {
    index: Index,
    texts: BTreeMap<Slot, usize>,
    needles: BTreeMap<Slot, usize>,
    numbers: BTreeMap<Slot, usize>,
    sets: FastMap<Set, ()>,
    needing: BTreeMap<Slot, Vec<u32>>,
}

pub(super) fn build(rules: &[Option<&Expression>]) -> Index {
    let census = Census::of(rules);
    let mut builder = Builder::default();
    let mut ways: Vec<(u32, &Expression, Vec<Key>)> = Vec::new();
    let mut ranges: BTreeMap<Slot, Vec<(f64, f64)>> = BTreeMap::new();
    for (rule, expression) in (0_u32..).zip(rules) {
        let mut needed = Vec::new();
        let Some(expression) = expression.filter(|expression| expression.is_total_as(Kinds::BOOL, &mut needed)) else {
            builder.index.in_turn.push(rule);
            continue;
        };
        needed.sort_unstable();
        needed.dedup();
        for slot in needed {
            builder.needing.entry(slot).or_default().push(rule);
        }
        let keys = keys(expression, &|key| census.share(key)).map(|(_, keys)| keys).unwrap_or_default();
        for key in &keys {
            if let Key::Number { slot, from, to } = key {
                ranges.entry(*slot).or_default().push((*from, *to));
            }
        }
        ways.push((rule, expression, keys));
    }
    for (slot, ranges) in ranges {
        builder.numbers.insert(slot, builder.index.numbers.len());
        builder.index.numbers.push(Numbers::of(slot, &ranges));
    }
    for (rule, expression, keys) in ways {
        builder.place(rule, expression, &keys, &census);
    }
    builder.finish(rules.len())
}

impl Builder {
    fn place(&mut self, rule: u32, expression: &Expression, keys: &[Key], census: &Census<'_>) {
        let parts = match expression {
            Expression::All(parts) => parts,
            other => std::slice::from_ref(other),
        };
        let mut complete = true;
        let mut checks: Vec<(Share, Check)> = Vec::new();
        for part in parts {
            match part {
                Expression::Test(test) if met_by(test, keys) => {}
                Expression::Test(test) => match self.check(test) {
                    Some(check) => checks.push((census.share_of(test), check)),
                    None => complete = false,
                },
                _ => complete = false,
            }
        }
        checks.sort_by(|a, b| a.0.total_cmp(&b.0));
        complete &= checks.len() <= CHECKS;
        let mut entry = Entry { rule, complete, checks: [Check::Nothing; CHECKS] };
        for (place, (_, check)) in entry.checks.iter_mut().zip(checks) {
            *place = check;
        }
        if keys.is_empty() {
            self.index.always.push(entry);
        }
        for key in keys {
            self.add(key, entry);
        }
    }

    fn add(&mut self, key: &Key, entry: Entry) {
        match key {
            Key::Text { slot, text } => {
                let (_, column) = self.texts(*slot);
                let symbol = column.name(text);
                column.add(symbol, entry);
            }
            Key::Needle { slot, affix, text } => {
                let (_, column) = self.needles(*slot);
                let needle = column.name(*affix, text);
                column.add(needle, entry);
            }
            Key::Number { slot, from, to } => {
                let column = self.numbers.get(slot).and_then(|place| self.index.numbers.get_mut(*place));
                if let Some(column) = column {
                    column.add(*from, *to, entry);
                }
            }
        }
    }

    fn check(&mut self, test: &Test) -> Option<Check> {
        Some(match test {
            Test::Text { slot, text } => {
                let (column, texts) = self.texts(*slot);
                Check::Is { column: u16::try_from(column).ok()?, symbol: texts.name(text) }
            }
            Test::TextIn { slot, texts: listed } => {
                let (column, texts) = self.texts(*slot);
                let symbols: Vec<u32> = listed.iter().map(|text| texts.name(text)).collect();
                let (set, _) = self.sets.insert_full(Set::of(&symbols), ());
                Check::IsIn { column: u16::try_from(column).ok()?, set: u32::try_from(set).ok()? }
            }
            Test::Number { .. } => {
                let bound = u32::try_from(self.index.bounds.len()).ok()?;
                self.index.bounds.push(Bound::of(test)?);
                Check::Bound { bound }
            }
            Test::Affix { slot, affix, text } => {
                let (column, needles) = self.needles(*slot);
                Check::Has { column: u16::try_from(column).ok()?, needle: needles.name(*affix, text) }
            }
        })
    }

    fn texts(&mut self, slot: Slot) -> (usize, &mut Texts) {
        let columns = &mut self.index.texts;
        let place = *self.texts.entry(slot).or_insert_with(|| {
            columns.push(Texts::of(slot));
            columns.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "the column was put there")]
        (place, &mut columns[place])
    }

    fn needles(&mut self, slot: Slot) -> (usize, &mut Needles) {
        let columns = &mut self.index.needles;
        let place = *self.needles.entry(slot).or_insert_with(|| {
            columns.push(Needles::of(slot));
            columns.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "the column was put there")]
        (place, &mut columns[place])
    }

    fn finish(mut self, rules: usize) -> Index {
        if !self.index.needles.iter_mut().all(Needles::finish) {
            return Index::in_turn(rules);
        }
        self.index.sets = self.sets.into_keys().collect();
        self.index.needing = self.needing.into_iter().collect();
        self.index
    }
}

/// Whether the keys of a rule say all that a test of it says.
fn met_by(test: &Test, keys: &[Key]) -> bool {
    match test {
        Test::Text { slot, text } => {
            matches!(keys, [Key::Text { slot: own, text: name }] if own == slot && name == text)
        }
        Test::TextIn { slot, texts } => {
            keys.len() == texts.len()
                && keys.iter().zip(texts).all(
                    |(key, text)| matches!(key, Key::Text { slot: own, text: name } if own == slot && name == text),
                )
        }
        Test::Affix { slot, affix, text } => {
            let own = Key::Needle { slot: *slot, affix: *affix, text: text.clone() };
            matches!(keys, [key] if *key == own)
        }
        // Ranges leave room for the epsilon of floats.
        Test::Number { .. } => false,
    }
}

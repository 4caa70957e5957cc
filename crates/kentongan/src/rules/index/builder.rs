//! Builds the index: counts what rules ask, chooses each rule's way in, and writes the rest of it as checks.

use std::collections::{BTreeMap, BTreeSet};

use super::Index;
use super::access::{Key, Share, keys};
use super::column::{Needles, Numbers, Texts};
use super::entry::{Bound, CHECKS, Check, Entry, Set};
use super::raising::{Raising, cause};
use crate::rules::expression::Expression;
use crate::rules::facts::Slot;
use crate::rules::row::FastMap;
use crate::rules::test::Test;
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
    sets: FastMap<Set, ()>,
}

/// A rule on its way to the lists of its keys.
struct Placed {
    entry: Entry,
    keys: Vec<Key>,
}

pub(super) fn build(rules: &[Option<&Expression>]) -> Index {
    let census = Census::of(rules);
    let share = |key: &Key| census.share(key);
    let mut builder = Builder::default();
    let mut matching = Vec::new();
    let mut raising: BTreeMap<Option<Slot>, Vec<Placed>> = BTreeMap::new();
    for (rule, expression) in (0_u32..).zip(rules) {
        let Some(expression) = *expression else {
            builder.index.in_turn.push(rule);
            continue;
        };
        let parts = match expression {
            Expression::All(parts) => parts,
            other => std::slice::from_ref(other),
        };
        let keys = keys(expression, &share).map(|(_, keys)| keys).unwrap_or_default();
        matching.push(builder.placed(rule, parts, true, keys, &census));
        let mut needed = Vec::new();
        let without: BTreeSet<Option<Slot>> = if expression.is_total_as(Kinds::BOOL, &mut needed) {
            needed.into_iter().map(Some).collect()
        } else {
            [None].into()
        };
        for without in without {
            if let Some(cause) = cause(expression, without, &share) {
                let placed = builder.placed(rule, cause.before, cause.certain, cause.keys, &census);
                raising.entry(without).or_default().push(placed);
            }
        }
    }
    let mut numbers = numbers(&matching);
    for placed in &matching {
        builder.add(placed, &mut numbers);
    }
    builder.index.numbers = numbers.into_values().collect();
    for (without, rules) in raising {
        builder.add_raising(without, &rules);
    }
    builder.finish(rules.len())
}

/// Columns for the numbers among the keys of rules.
fn numbers(rules: &[Placed]) -> BTreeMap<Slot, Numbers> {
    let mut ranges: BTreeMap<Slot, Vec<(f64, f64)>> = BTreeMap::new();
    for key in rules.iter().flat_map(|rule| &rule.keys) {
        if let Key::Number { slot, from, to } = key {
            ranges.entry(*slot).or_default().push((*from, *to));
        }
    }
    ranges.into_iter().map(|(slot, ranges)| (slot, Numbers::of(slot, &ranges))).collect()
}

impl Builder {
    /// A rule under its keys, with parts of it as checks. `complete` says whether they are all there is to it.
    fn placed(
        &mut self,
        rule: u32,
        parts: &[Expression],
        mut complete: bool,
        keys: Vec<Key>,
        census: &Census<'_>,
    ) -> Placed {
        let mut checks: Vec<(Share, Check)> = Vec::new();
        for part in parts {
            match part {
                Expression::Test(test) if met_by(test, &keys) => {}
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
        Placed { entry, keys }
    }

    fn add(&mut self, Placed { entry, keys }: &Placed, numbers: &mut BTreeMap<Slot, Numbers>) {
        if keys.is_empty() {
            self.index.always.push(*entry);
        }
        for key in keys {
            match key {
                Key::Text { slot, text } => {
                    let (_, column) = self.texts(*slot);
                    let symbol = column.name(text);
                    column.add(symbol, *entry);
                }
                Key::Needle { slot, affix, text } => {
                    let (_, column) = self.needles(*slot);
                    let needle = column.name(*affix, text);
                    column.add(needle, *entry);
                }
                Key::Number { slot, from, to } => {
                    if let Some(column) = numbers.get_mut(slot) {
                        column.add(*from, *to, *entry);
                    }
                }
            }
        }
    }

    fn add_raising(&mut self, without: Option<Slot>, rules: &[Placed]) {
        let mut raising = Raising::new(without);
        let mut numbers = numbers(rules);
        for Placed { entry, keys } in rules {
            if keys.is_empty() {
                raising.always.push(*entry);
            }
            for key in keys {
                match key {
                    Key::Text { slot, text } => {
                        let (column, texts) = self.texts(*slot);
                        raising.texts.entry((column, texts.name(text))).or_default().push(*entry);
                    }
                    Key::Needle { slot, affix, text } => {
                        let (column, needles) = self.needles(*slot);
                        raising.needles.entry((column, needles.name(*affix, text))).or_default().push(*entry);
                    }
                    Key::Number { slot, from, to } => {
                        if let Some(column) = numbers.get_mut(slot) {
                            column.add(*from, *to, *entry);
                        }
                    }
                }
            }
        }
        raising.numbers = numbers.into_values().collect();
        self.index.raising.push(raising);
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
        self.index.texts.iter_mut().for_each(Texts::finish);
        self.index.sets = self.sets.into_keys().collect();
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

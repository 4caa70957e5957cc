//! Builds the index: chooses for each rule whether it is sifted or kept under keys, and writes the rest of it as checks.

use std::collections::{BTreeMap, BTreeSet};

use super::Index;
use super::access::{Key, Share, keys, range};
use super::census::Census;
use super::column::{Needles, Numbers, Texts};
use super::entry::{Bound, BoundKey, CHECKS, Check, Entry, Set};
use super::parts::{Parts, is_slow, name};
use super::raising::{Raising, cause};
use super::sieve::{self, Asks, Sieve, Sifted};
use crate::rules::expression::Expression;
use crate::rules::facts::Slot;
use crate::rules::row::FastMap;
use crate::rules::test::Test;
use crate::rules::value::Kinds;

/// The share by which checks are put last that take longest.
const SLOW: Share = 2.0;

/// An index in the making.
#[derive(Default)]
struct Builder {
    index: Index,
    texts: BTreeMap<Slot, usize>,
    needles: BTreeMap<Slot, usize>,
    sets: FastMap<Set, ()>,
    bounds: FastMap<BoundKey, u32>,
    /// The parts that several rules have, by name.
    parts: BTreeMap<String, u32>,
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
    (builder.index.parts, builder.parts) = Parts::of(rules);
    let (mut matching, mut sifted) = (Vec::new(), Vec::new());
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
        let (common, keys) = keys(expression, &share).unwrap_or((1.0, Vec::new()));
        let (left, asks, met) = builder.asks(parts, &census);
        if sieve::is_better(left, common) {
            sifted.push(Sifted { entry: builder.entry(rule, parts, &met, true, &census), asks });
        } else {
            matching.push(builder.placed(rule, parts, true, keys, &census));
        }
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
    builder.index.sieve = Sieve::of(&sifted);
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
    /// What a rule asks of facts that the sieve knows, and how much of the alerts that leaves, by guess. For each part,
    /// whether it says no more than that.
    fn asks(&mut self, parts: &[Expression], census: &Census<'_>) -> (Share, Vec<Asks>, Vec<bool>) {
        let mut asks = Vec::new();
        let met = parts.iter().map(|part| matches!(part, Expression::Test(test) if self.ask(test, census, &mut asks)));
        let met = met.collect();
        let share = |asks: &Asks| match asks {
            Asks::Text { column, symbols } => {
                self.index.texts.get(*column).map_or(1.0, |texts| census.texts_share(texts.slot, symbols.len()))
            }
            Asks::Needle { share, .. } => *share,
            Asks::Number { slot, from, to } => census.share(&Key::Number { slot: *slot, from: *from, to: *to }),
        };
        (asks.iter().map(share).product(), asks, met)
    }

    /// Adds a test to what is asked of facts, as far as the sieve knows them. `true` if that is all that it says.
    fn ask(&mut self, test: &Test, census: &Census<'_>, asks: &mut Vec<Asks>) -> bool {
        match test {
            Test::Text { slot, text } => self.ask_for(*slot, std::slice::from_ref(text), census, asks),
            Test::TextIn { slot, texts } => self.ask_for(*slot, texts, census, asks),
            Test::Affix { slot, affix, text } if !text.is_empty() && census.needles(*slot) <= sieve::TEXTS_MAX => {
                let (own, needles) = self.needles(*slot);
                let needle = needles.name(*affix, text);
                if asks.iter().any(|known| matches!(known, Asks::Needle { column, .. } if *column == own)) {
                    return false;
                }
                asks.push(Asks::Needle { column: own, needle, share: census.needle_share(*slot, *affix, text) });
                true
            }
            Test::Affix { .. } => false,
            Test::Number { slot: own, comparison, number } => {
                let Some((least, most)) = range(*comparison, *number) else {
                    return false;
                };
                for known in asks.iter_mut() {
                    if let Asks::Number { slot, from, to } = known
                        && slot == own
                    {
                        (*from, *to) = (from.max(least), to.min(most));
                        return false;
                    }
                }
                asks.push(Asks::Number { slot: *own, from: least, to: most });
                false
            }
        }
    }

    fn ask_for(&mut self, slot: Slot, texts: &[Box<str>], census: &Census<'_>, asks: &mut Vec<Asks>) -> bool {
        if census.texts(slot) > sieve::TEXTS_MAX {
            return false;
        }
        let (own, column) = self.texts(slot);
        let named: BTreeSet<u32> = texts.iter().map(|text| column.name(text)).collect();
        for known in asks.iter_mut() {
            if let Asks::Text { column, symbols } = known
                && *column == own
            {
                symbols.retain(|symbol| named.contains(symbol));
                return true;
            }
        }
        asks.push(Asks::Text { column: own, symbols: named });
        true
    }

    /// A rule under its keys, with parts of it as checks. `complete` says whether they are all there is to it.
    fn placed(
        &mut self,
        rule: u32,
        parts: &[Expression],
        complete: bool,
        keys: Vec<Key>,
        census: &Census<'_>,
    ) -> Placed {
        let met: Vec<bool> =
            parts.iter().map(|part| matches!(part, Expression::Test(test) if met_by(test, &keys))).collect();
        Placed { entry: self.entry(rule, parts, &met, complete, census), keys }
    }

    /// A rule with those of its parts as checks that are not met where it is tried.
    fn entry(
        &mut self,
        rule: u32,
        parts: &[Expression],
        met: &[bool],
        mut complete: bool,
        census: &Census<'_>,
    ) -> Entry {
        let mut checks: Vec<(Share, Check)> = Vec::new();
        for (part, _) in parts.iter().zip(met).filter(|(_, met)| !**met) {
            match part {
                Expression::Test(test) => match self.check(test) {
                    Some(check) => checks.push((census.share_of(test), check)),
                    None => complete = false,
                },
                // After all that takes no more than a look.
                part if is_slow(part) && !self.parts.is_empty() => match self.parts.get(&name(part)) {
                    Some(part) => checks.push((SLOW, Check::Part { part: *part })),
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
        entry
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
                let bound = Bound::of(test)?;
                let next = u32::try_from(self.index.bounds.len()).ok()?;
                // Rules that compare a fact with the same number share it.
                let place = *self.bounds.entry(bound.key()).or_insert(next);
                if place == next {
                    self.index.bounds.push(bound);
                }
                Check::Bound { bound: place }
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
            !texts.is_empty()
                && keys.len() == texts.len()
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

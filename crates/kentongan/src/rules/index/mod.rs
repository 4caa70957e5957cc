//! The index over rules: an alert costs what the rules that can match it cost, not what all of them do.
//!
//! Each rule is kept under the best of the conditions that it cannot match without: a text that a fact equals, a range
//! of a number, a text inside a fact. For an alert, each fact is looked up once, which gives short lists of rules to
//! try; the first that matches is the least over all lists. Rules that could raise an error are not passed over: those
//! for which it depends on a fact being there are tried one by one where it is not, and the others always.

mod access;
mod builder;
mod column;
mod entry;

use std::collections::BTreeSet;

use super::expression::Expression;
use super::facts::{FactValue, Slot};
use super::row::Row;
use column::{Needles, Numbers, Texts, UNNAMED};
use entry::{Bound, Entry, Set};

/// Up to so many rules, trying each in turn is quicker than looking anything up.
const FEW: usize = 24;

/// The index over the rules of a policy.
#[derive(Debug, Default)]
pub(super) struct Index {
    texts: Vec<Texts>,
    numbers: Vec<Numbers>,
    needles: Vec<Needles>,
    sets: Vec<Set>,
    bounds: Vec<Bound>,
    /// Rules without a way in that cannot raise an error.
    always: Vec<Entry>,
    /// Rules that are tried in turn, whatever the alert.
    in_turn: Vec<u32>,
    /// Rules that raise an error where a fact is absent, by that fact.
    needing: Vec<(Slot, Vec<u32>)>,
}

/// What the index knows of one alert. Kept from alert to alert, so that nothing is allocated for each.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// The symbol in each column of texts.
    symbols: Vec<u32>,
    /// The needles found in each column of them: as bits, and in a list.
    found: Vec<Vec<u64>>,
    hits: Vec<Vec<u32>>,
    /// The rules to try in turn where that depends on the alert.
    in_turn: Option<Vec<u32>>,
    spare: Vec<u32>,
}

impl Scratch {
    #[inline]
    fn symbol(&self, column: u16) -> u32 {
        self.symbols.get(usize::from(column)).copied().unwrap_or(UNNAMED)
    }

    #[inline]
    fn has(&self, column: u16, needle: u32) -> bool {
        let bits = self.found.get(usize::from(column));
        bits.and_then(|bits| bits.get(needle as usize / 64)).is_some_and(|word| word >> (needle % 64) & 1 == 1)
    }
}

impl Index {
    /// The index over rules in their order; `None` stands for a rule that has no native form.
    pub(super) fn over(rules: &[Option<&Expression>]) -> Self {
        if rules.len() <= FEW { Self::in_turn(rules.len()) } else { builder::build(rules) }
    }

    /// No index: each rule in turn.
    pub(super) fn in_turn(rules: usize) -> Self {
        Self { in_turn: (0..u32::try_from(rules).unwrap_or(u32::MAX)).collect(), ..Self::default() }
    }

    /// Looks up the facts of an alert.
    pub(super) fn look_up(&self, row: &Row<'_>, scratch: &mut Scratch) {
        scratch.symbols.clear();
        scratch.symbols.extend(self.texts.iter().map(|column| column.symbol(row)));
        scratch.found.resize_with(self.needles.len(), Vec::new);
        scratch.hits.resize_with(self.needles.len(), Vec::new);
        for ((column, bits), hits) in self.needles.iter().zip(&mut scratch.found).zip(&mut scratch.hits) {
            bits.resize(column.len().div_ceil(64), 0);
            for needle in hits.drain(..) {
                if let Some(word) = bits.get_mut(needle as usize / 64) {
                    *word = 0;
                }
            }
            if let Some(text) = row.text_at(column.slot) {
                column.find(text, |needle| {
                    if let Some(word) = bits.get_mut(needle as usize / 64) {
                        let bit = 1 << (needle % 64);
                        if *word & bit == 0 {
                            *word |= bit;
                            hits.push(needle);
                        }
                    }
                });
            }
        }
        self.gather(row, scratch);
    }

    /// Gathers the rules that are tried in turn for this alert.
    fn gather(&self, row: &Row<'_>, scratch: &mut Scratch) {
        if let Some(list) = scratch.in_turn.take() {
            scratch.spare = list;
        }
        let mut absent = self.needing.iter().filter(|(slot, _)| row.get(*slot) == FactValue::Absent).peekable();
        if absent.peek().is_none() {
            return;
        }
        let mut list = std::mem::take(&mut scratch.spare);
        list.clear();
        list.extend_from_slice(&self.in_turn);
        absent.for_each(|(_, rules)| list.extend_from_slice(rules));
        list.sort_unstable();
        list.dedup();
        scratch.in_turn = Some(list);
    }

    /// The rules to try in turn from one on, in their order.
    pub(super) fn turns<'s>(&'s self, scratch: &'s Scratch, from: usize) -> &'s [u32] {
        let list = scratch.in_turn.as_ref().unwrap_or(&self.in_turn);
        list.get(list.partition_point(|rule| (*rule as usize) < from)..).unwrap_or_default()
    }

    /// The rules that are looked at for the alert that was looked up; all others are passed over.
    pub(super) fn tried(&self, row: &Row<'_>, scratch: &Scratch) -> BTreeSet<usize> {
        let texts = self.texts.iter().zip(&scratch.symbols).map(|(column, symbol)| column.list(*symbol));
        let needles = self.needles.iter().zip(&scratch.hits);
        let needles = needles.flat_map(|(column, hits)| hits.iter().map(move |needle| column.list(*needle)));
        let numbers = self.numbers.iter().map(|column| column.list(row));
        let lists = texts.chain(needles).chain(numbers).chain([self.always.as_slice()]);
        let indexed = lists.flatten().map(|entry| entry.rule);
        indexed.chain(self.turns(scratch, 0).iter().copied()).map(|rule| rule as usize).collect()
    }

    /// The first of the other rules, from one on, that matches the alert that was looked up.
    pub(super) fn first<'e>(
        &self,
        row: &Row<'_>,
        scratch: &Scratch,
        from: usize,
        rule: impl Fn(usize) -> Option<&'e Expression>,
    ) -> Option<usize> {
        let mut best = u32::MAX;
        let mut search = |list: &[Entry]| {
            let start = if from == 0 { 0 } else { list.partition_point(|entry| (entry.rule as usize) < from) };
            for entry in list.get(start..).unwrap_or_default() {
                if entry.rule >= best {
                    break;
                }
                let passes = entry.checks.iter().all(|check| check.holds(&self.sets, &self.bounds, row, scratch));
                if passes
                    && (entry.complete
                        || rule(entry.rule as usize).is_some_and(|expression| expression.holds(row) == Ok(true)))
                {
                    best = entry.rule;
                    break;
                }
            }
        };
        for (column, symbol) in self.texts.iter().zip(&scratch.symbols) {
            search(column.list(*symbol));
        }
        for (column, hits) in self.needles.iter().zip(&scratch.hits) {
            for needle in hits {
                search(column.list(*needle));
            }
        }
        for column in &self.numbers {
            search(column.list(row));
        }
        search(&self.always);
        (best != u32::MAX).then_some(best as usize)
    }
}

//! The index over rules: an alert costs what the rules that can match it cost, not what all of them do.
//!
//! For an alert, each fact is looked up once. Most rules are then tried all at once, a bit each: see [`sieve`]. Those that
//! a rare fact leads to are kept in lists under the best of the conditions that they cannot match without: a text that a
//! fact equals, a range of a number, a text inside a fact. The first rule that matches is the least over the lists and
//! the sieve. Rules that could raise an error are kept a second time, under what must hold before they do: those for
//! which it depends on a fact being there are looked at where it is not. What no column can look up, such as a pattern, is
//! evaluated once an alert where several rules ask the same.

mod access;
mod builder;
mod census;
mod column;
mod entry;
mod parts;
mod raising;
mod sieve;
mod symbols;
#[cfg(test)]
mod variants;

use std::collections::BTreeSet;

use super::expression::Expression;
use super::row::Row;
use column::{Needles, Numbers, Texts};
use entry::{Bound, Entry, Set};
use parts::{Known, Parts};
use raising::Raising;
use sieve::Sieve;
use symbols::UNNAMED;

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
    parts: Parts,
    /// Rules that are tried all at once.
    sieve: Sieve,
    /// Rules without a way in.
    always: Vec<Entry>,
    /// Rules that may raise an error, by the fact whose absence is why.
    raising: Vec<Raising>,
    /// Rules that are tried in turn, whatever the alert: those without a native form.
    in_turn: Vec<u32>,
}

/// What the index knows of one alert. Kept from alert to alert, so that nothing is allocated for each.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// The symbol in each column of texts.
    symbols: Vec<u32>,
    /// The needles found in each column of them: as bits, and in a list.
    found: Vec<Vec<u64>>,
    hits: Vec<Vec<u32>>,
    /// The rows of the sieve.
    rows: Vec<usize>,
    /// What parts that several rules have came to.
    parts: Known,
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
        self.sieve.look_up(row, &scratch.symbols, &mut scratch.rows);
        self.parts.forget(&mut scratch.parts);
    }

    /// The rules to try in turn from one on, in their order.
    pub(super) fn turns(&self, from: usize) -> &[u32] {
        self.in_turn.get(self.in_turn.partition_point(|rule| (*rule as usize) < from)..).unwrap_or_default()
    }

    /// The rules that are looked at for the alert that was looked up; all others are passed over.
    pub(super) fn tried(&self, row: &Row<'_>, scratch: &Scratch) -> BTreeSet<usize> {
        let mut tried: BTreeSet<usize> = self.in_turn.iter().map(|rule| *rule as usize).collect();
        let mut add = |list: &[Entry]| tried.extend(list.iter().map(|entry| entry.rule as usize));
        self.each_matching(row, scratch, &mut add);
        self.sieve.left(scratch, 0, u32::MAX).for_each(|entry| add(std::slice::from_ref(entry)));
        self.each_raising(row, scratch, &mut add);
        tried
    }

    /// The first of the other rules, from one on, that matches the alert that was looked up.
    pub(super) fn first<'e>(
        &self,
        row: &Row<'_>,
        scratch: &Scratch,
        from: usize,
        rule: impl Fn(usize) -> Option<&'e Expression>,
    ) -> Option<usize> {
        let answers = |place| rule(place).is_some_and(|expression| expression.holds(row) == Ok(true));
        let mut search = Search { index: self, row, scratch, from, least: u32::MAX, answers };
        self.each_matching(row, scratch, &mut |list| search.through(list));
        search.through_sieve();
        search.found()
    }

    /// The first of the other rules, from one on and before another, that raises an error for that alert.
    pub(super) fn failing<'e>(
        &self,
        row: &Row<'_>,
        scratch: &Scratch,
        from: usize,
        before: Option<usize>,
        rule: impl Fn(usize) -> Option<&'e Expression>,
    ) -> Option<usize> {
        if self.raising.is_empty() {
            return None;
        }
        let answers = |place| rule(place).is_some_and(|expression| expression.holds(row).is_err());
        let most = before.and_then(|rule| u32::try_from(rule).ok()).unwrap_or(u32::MAX);
        let mut search = Search { index: self, row, scratch, from, least: most, answers };
        self.each_raising(row, scratch, &mut |list| search.through(list));
        search.found().filter(|found| before != Some(*found))
    }

    /// Shows the lists that have every rule that matches.
    #[inline]
    fn each_matching<'i>(&'i self, row: &Row<'_>, scratch: &Scratch, show: &mut impl FnMut(&'i [Entry])) {
        for (column, symbol) in self.texts.iter().zip(&scratch.symbols) {
            show(column.list(*symbol));
        }
        for (column, hits) in self.needles.iter().zip(&scratch.hits) {
            for needle in hits {
                show(column.list(*needle));
            }
        }
        for column in &self.numbers {
            show(column.list(row));
        }
        show(&self.always);
    }

    /// Shows the lists that have every rule that raises an error.
    fn each_raising<'i>(&'i self, row: &Row<'_>, scratch: &Scratch, show: &mut impl FnMut(&'i [Entry])) {
        for raising in self.raising.iter().filter(|raising| raising.concerns(row)) {
            for key in scratch.symbols.iter().copied().enumerate() {
                show(raising.texts.get(&key).map_or(&[], Vec::as_slice));
            }
            for (column, hits) in scratch.hits.iter().enumerate() {
                for needle in hits {
                    show(raising.needles.get(&(column, *needle)).map_or(&[], Vec::as_slice));
                }
            }
            for column in &raising.numbers {
                show(column.list(row));
            }
            show(&raising.always);
        }
    }
}

/// The search for the first rule, from one on, that answers in a certain way.
struct Search<'i, F> {
    index: &'i Index,
    row: &'i Row<'i>,
    scratch: &'i Scratch,
    from: usize,
    /// The least that was found, or that all must be below.
    least: u32,
    /// Whether a rule answers so of which the checks do not say all.
    answers: F,
}

impl<F: Fn(usize) -> bool> Search<'_, F> {
    #[inline]
    fn through(&mut self, list: &[Entry]) {
        let start = if self.from == 0 { 0 } else { list.partition_point(|entry| (entry.rule as usize) < self.from) };
        self.among(list.get(start..).unwrap_or_default().iter());
    }

    #[inline]
    fn through_sieve(&mut self) {
        self.among(self.index.sieve.left(self.scratch, self.from, self.least));
    }

    /// The first of some rules, which are in their order, if it is before the least.
    #[inline]
    fn among<'e>(&mut self, entries: impl Iterator<Item = &'e Entry>) {
        for entry in entries {
            if entry.rule >= self.least {
                break;
            }
            if self.passes(entry) {
                self.least = entry.rule;
                break;
            }
        }
    }

    #[inline]
    fn passes(&self, entry: &Entry) -> bool {
        let passes = entry.checks.iter().all(|check| check.holds(self.index, self.row, self.scratch));
        passes && (entry.complete || (self.answers)(entry.rule as usize))
    }

    fn found(&self) -> Option<usize> {
        (self.least != u32::MAX).then_some(self.least as usize)
    }
}

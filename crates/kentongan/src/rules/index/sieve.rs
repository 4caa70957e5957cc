//! Rules that are tried all at once, a bit each: each fact has a row of bits that says which rules its value lets
//! through, and what all rows have in common is left to be looked at.
//!
//! To try a rule by itself costs a branch that nobody can foresee; here it costs a bit of a few words. So all rules lie
//! here but those that a rare fact leads to.

use std::collections::{BTreeMap, BTreeSet};

use super::Scratch;
use super::access::Share;
use super::entry::Entry;
use crate::rules::facts::{FactValue, Slot};
use crate::rules::row::Row;

/// The most texts of a fact that are told apart: each has a row with a bit for every rule.
pub(super) const TEXTS_MAX: usize = 256;

/// A bit costs as much as a look at one of so many rules by itself.
const BITS_A_LOOK: f64 = 256.0;

/// The most cells that the numbers of a fact are told apart by.
const CELLS_MAX: usize = 64;

/// As many rules as are tried at once.
type Block = [u64; WORDS];
const WORDS: usize = 8;
const BITS: usize = WORDS * 64;

/// What a rule asks of one fact.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asks {
    /// The text of a column has one of these symbols.
    Text { column: usize, symbols: BTreeSet<u32> },
    /// The text of a column has this needle, as such a share of the alerts does.
    Needle { column: usize, needle: u32, share: Share },
    /// A number between two, both included; a superset of what the rule admits.
    Number { slot: Slot, from: f64, to: f64 },
}

/// A rule for the sieve: each of its questions is to another fact.
#[derive(Debug)]
pub(super) struct Sifted {
    pub(super) entry: Entry,
    pub(super) asks: Vec<Asks>,
}

/// Whether a rule is better sifted than kept under its keys: how much of the alerts each of the two leaves.
pub(super) fn is_better(left: Share, keys: Share) -> bool {
    left + 1.0 / BITS_A_LOOK <= keys
}

/// The rules that are tried all at once.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    /// The rule of each bit, in their order.
    entries: Vec<Entry>,
    /// How many blocks make a row.
    width: usize,
    /// All rows, one behind the other. They are known by where they begin.
    blocks: Vec<Block>,
    texts: Vec<Texts>,
    needles: Vec<Texts>,
    numbers: Vec<Cells>,
}

/// The rows of a column of texts or needles.
#[derive(Debug)]
struct Texts {
    column: usize,
    /// By symbol or needle.
    rows: Vec<usize>,
    /// That of a text which no rule here asks for: the rules that do not ask for this fact.
    others: usize,
}

impl Texts {
    #[inline]
    fn row(&self, symbol: u32) -> usize {
        self.rows.get(symbol as usize).copied().unwrap_or(self.others)
    }
}

/// The rows of a number, by the cell it lies in.
#[derive(Debug)]
struct Cells {
    slot: Slot,
    bounds: Vec<f64>,
    /// One more than there are bounds.
    rows: Vec<usize>,
    /// That of what is no number.
    others: usize,
    /// That of a number that lies in no cell, since it is not finite: all rules.
    every: usize,
}

impl Cells {
    fn cell(&self, number: f64) -> usize {
        self.bounds.partition_point(|bound| *bound <= number)
    }

    #[inline]
    fn row(&self, row: &Row<'_>) -> usize {
        let number = match row.get(self.slot) {
            FactValue::Float(number) => number,
            FactValue::Integer(number) => crate::rules::value::float(number),
            _ => return self.others,
        };
        if !number.is_finite() {
            return self.every;
        }
        self.rows.get(self.cell(number)).copied().unwrap_or(self.every)
    }
}

impl Sieve {
    /// The sieve of rules, in their order.
    pub(super) fn of(rules: &[Sifted]) -> Self {
        let mut sieve = Self {
            entries: rules.iter().map(|rule| rule.entry).collect(),
            width: rules.len().div_ceil(BITS),
            ..Self::default()
        };
        let (mut texts, mut needles, mut numbers) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (place, rule) in rules.iter().enumerate() {
            for asks in &rule.asks {
                match asks {
                    Asks::Text { column, symbols } => {
                        let rules: &mut Vec<_> = texts.entry(*column).or_default();
                        rules.push((place, symbols.clone()));
                    }
                    Asks::Needle { column, needle, .. } => {
                        let rules: &mut Vec<_> = needles.entry(*column).or_default();
                        rules.push((place, [*needle].into()));
                    }
                    Asks::Number { slot, from, to } => {
                        let rules: &mut Vec<_> = numbers.entry(*slot).or_default();
                        rules.push((place, *from, *to));
                    }
                }
            }
        }
        sieve.texts = texts.into_iter().map(|(column, rules)| sieve.rows(column, &rules)).collect();
        sieve.needles = needles.into_iter().map(|(column, rules)| sieve.rows(column, &rules)).collect();
        sieve.numbers = numbers.into_iter().map(|(slot, rules)| sieve.cells(slot, &rules)).collect();
        sieve
    }

    /// A column of texts, by the rules that ask for it and what they ask for.
    fn rows(&mut self, column: usize, rules: &[(usize, BTreeSet<u32>)]) -> Texts {
        let others = self.others(rules.iter().map(|(place, _)| *place));
        let mut rows = Vec::new();
        for (place, symbols) in rules {
            for symbol in symbols {
                let symbol = *symbol as usize;
                if rows.len() <= symbol {
                    rows.resize(symbol + 1, others);
                }
                if let Some(row) = rows.get_mut(symbol) {
                    if *row == others {
                        *row = self.copy(others);
                    }
                    self.set(*row, *place);
                }
            }
        }
        Texts { column, rows, others }
    }

    /// A column of numbers, by the rules that ask for it and the ranges that they ask for.
    fn cells(&mut self, slot: Slot, rules: &[(usize, f64, f64)]) -> Cells {
        let mut ends: Vec<f64> =
            rules.iter().flat_map(|(_, from, to)| [*from, *to]).filter(|end| end.is_finite()).collect();
        ends.sort_unstable_by(f64::total_cmp);
        ends.dedup();
        let step = ends.len().div_ceil(CELLS_MAX).max(1);
        let bounds: Vec<f64> = ends.into_iter().step_by(step).collect();
        let others = self.others(rules.iter().map(|(place, ..)| *place));
        let every = self.others(std::iter::empty());
        let rows = (0..=bounds.len()).map(|_| self.copy(others)).collect();
        let cells = Cells { slot, bounds, rows, others, every };
        for (place, from, to) in rules {
            for row in cells.rows.get(cells.cell(*from)..=cells.cell(*to)).unwrap_or_default() {
                self.set(*row, *place);
            }
        }
        cells
    }

    /// A new row that all rules are in but some.
    fn others(&mut self, but: impl Iterator<Item = usize>) -> usize {
        let row = self.blocks.len();
        self.blocks.resize(row + self.width, [0; WORDS]);
        for place in 0..self.entries.len() {
            self.set(row, place);
        }
        for place in but {
            self.flip(row, place);
        }
        row
    }

    fn copy(&mut self, row: usize) -> usize {
        let copy = self.blocks.len();
        self.blocks.extend_from_within(row..row + self.width);
        copy
    }

    fn set(&mut self, row: usize, place: usize) {
        if let Some(word) = self.word(row, place) {
            *word |= 1 << (place % 64);
        }
    }

    fn flip(&mut self, row: usize, place: usize) {
        if let Some(word) = self.word(row, place) {
            *word ^= 1 << (place % 64);
        }
    }

    fn word(&mut self, row: usize, place: usize) -> Option<&mut u64> {
        self.blocks.get_mut(row + place / BITS).and_then(|block| block.get_mut(place % BITS / 64))
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The rows of an alert whose symbols were looked up, one for each fact.
    #[inline]
    pub(super) fn look_up(&self, row: &Row<'_>, symbols: &[u32], rows: &mut Vec<usize>) {
        rows.clear();
        rows.extend(self.texts.iter().filter_map(|texts| Some(texts.row(*symbols.get(texts.column)?))));
        rows.extend(self.numbers.iter().map(|cells| cells.row(row)));
    }

    /// The rules that the alert which was looked up leaves, from one on. `before` ends it somewhere past that rule.
    #[inline]
    pub(super) fn left<'s>(&'s self, scratch: &'s Scratch, from: usize, before: u32) -> Left<'s> {
        let first = if from == 0 { 0 } else { self.entries.partition_point(|entry| (entry.rule as usize) < from) };
        let mut left = Left { sieve: self, scratch, before, block: first / BITS, bits: [0; WORDS] };
        left.enter();
        for (word, bits) in left.bits.iter_mut().enumerate() {
            let behind = (first % BITS).saturating_sub(word * 64);
            *bits &= u32::try_from(behind).ok().and_then(|behind| u64::MAX.checked_shl(behind)).unwrap_or(0);
        }
        left
    }

    /// What is left of one block of rules.
    #[inline]
    fn block(&self, block: usize, scratch: &Scratch) -> Block {
        let of = |row: usize| self.blocks.get(row + block).unwrap_or(&[0; WORDS]);
        let mut left = [u64::MAX; WORDS];
        for row in &scratch.rows {
            for (left, bits) in left.iter_mut().zip(of(*row)) {
                *left &= bits;
            }
        }
        for needles in &self.needles {
            let mut any = *of(needles.others);
            for needle in scratch.hits.get(needles.column).into_iter().flatten() {
                for (any, bits) in any.iter_mut().zip(of(needles.row(*needle))) {
                    *any |= bits;
                }
            }
            for (left, any) in left.iter_mut().zip(any) {
                *left &= any;
            }
        }
        left
    }
}

/// The rules that are left of the sieve, in their order.
pub(super) struct Left<'s> {
    sieve: &'s Sieve,
    scratch: &'s Scratch,
    before: u32,
    block: usize,
    bits: Block,
}

impl Left<'_> {
    /// Tries the rules of this block, unless they come too late.
    #[inline]
    fn enter(&mut self) -> bool {
        let first = self.sieve.entries.get(self.block * BITS);
        let comes = first.is_some_and(|first| first.rule < self.before);
        if comes {
            self.bits = self.sieve.block(self.block, self.scratch);
        }
        comes
    }
}

impl<'s> Iterator for Left<'s> {
    type Item = &'s Entry;

    #[inline]
    fn next(&mut self) -> Option<&'s Entry> {
        loop {
            for (word, bits) in self.bits.iter_mut().enumerate() {
                if *bits != 0 {
                    let bit = bits.trailing_zeros() as usize;
                    *bits &= *bits - 1;
                    return self.sieve.entries.get(self.block * BITS + word * 64 + bit);
                }
            }
            self.block += 1;
            if !self.enter() {
                return None;
            }
        }
    }
}

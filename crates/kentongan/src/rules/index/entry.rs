//! A rule where a column of the index keeps it, with what else must hold of an alert: small, and in one piece.

use super::Scratch;
use crate::rules::expression::Source;
use crate::rules::facts::Slot;
use crate::rules::row::Row;
use crate::rules::test::{Number, Test};
use crate::rules::value::Comparison;

/// How many checks stand in an entry itself.
pub(super) const CHECKS: usize = 3;

/// A rule to try.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) rule: u32,
    /// Whether the checks are all there is to the rule. Otherwise it is evaluated once they hold.
    pub(super) complete: bool,
    pub(super) checks: [Check; CHECKS],
}

/// A test of a rule, by symbols that are looked up once for each alert.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Check {
    /// Nothing: an unused place.
    #[default]
    Nothing,
    /// The text of a column has this symbol.
    Is { column: u16, symbol: u32 },
    /// Its symbol is in a set.
    IsIn { column: u16, set: u32 },
    /// The bound of that number holds.
    Bound { bound: u32 },
    /// The text of a column has this needle.
    Has { column: u16, needle: u32 },
}

/// A number that a fact is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bound {
    pub(super) slot: Slot,
    pub(super) comparison: Comparison,
    pub(super) number: Number,
}

impl Bound {
    pub(super) fn of(test: &Test) -> Option<Self> {
        match test {
            Test::Number { slot, comparison, number } => {
                Some(Self { slot: *slot, comparison: *comparison, number: *number })
            }
            _ => None,
        }
    }

    #[inline]
    fn holds(&self, row: &Row<'_>) -> bool {
        row.compares(self.slot, self.comparison, self.number)
    }
}

/// A set of symbols, a bit each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Set(pub(super) Box<[u64]>);

impl Set {
    pub(super) fn of(symbols: &[u32]) -> Self {
        let words = symbols.iter().max().map_or(0, |most| *most as usize / 64 + 1);
        let mut bits = vec![0_u64; words];
        for symbol in symbols {
            if let Some(word) = bits.get_mut(*symbol as usize / 64) {
                *word |= 1 << (symbol % 64);
            }
        }
        Self(bits.into())
    }

    #[inline]
    fn has(&self, symbol: u32) -> bool {
        self.0.get(symbol as usize / 64).is_some_and(|word| word >> (symbol % 64) & 1 == 1)
    }
}

impl Check {
    #[inline]
    pub(super) fn holds(self, sets: &[Set], bounds: &[Bound], row: &Row<'_>, scratch: &Scratch) -> bool {
        match self {
            Self::Nothing => true,
            Self::Is { column, symbol } => scratch.symbol(column) == symbol,
            Self::IsIn { column, set } => sets.get(set as usize).is_some_and(|set| set.has(scratch.symbol(column))),
            Self::Bound { bound } => bounds.get(bound as usize).is_some_and(|bound| bound.holds(row)),
            Self::Has { column, needle } => scratch.has(column, needle),
        }
    }
}

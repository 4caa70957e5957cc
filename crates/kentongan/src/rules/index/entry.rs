//! A rule where a column of the index keeps it, with what else must hold of an alert: small, and in one piece.

use super::{Index, Scratch};
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
    /// A part that several rules have, and that takes longer than a look: it is evaluated once an alert.
    Part { part: u32 },
}

/// A number that a fact is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bound {
    pub(super) slot: Slot,
    pub(super) comparison: Comparison,
    pub(super) number: Number,
}

/// What tells a bound from others.
pub(super) type BoundKey = (Slot, Comparison, (bool, u64));

impl Bound {
    pub(super) fn of(test: &Test) -> Option<Self> {
        match test {
            Test::Number { slot, comparison, number } => {
                Some(Self { slot: *slot, comparison: *comparison, number: *number })
            }
            _ => None,
        }
    }

    /// What tells it from others. A whole number compares otherwise than the same number with a fraction.
    pub(super) const fn key(&self) -> BoundKey {
        let number = match self.number {
            Number::Integer(number) => (false, number.cast_unsigned()),
            Number::Float(number) => (true, number.to_bits()),
        };
        (self.slot, self.comparison, number)
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
    pub(super) fn holds(self, index: &Index, row: &Row<'_>, scratch: &Scratch) -> bool {
        let Index { sets, bounds, .. } = index;
        match self {
            Self::Nothing => true,
            Self::Is { column, symbol } => scratch.symbol(column) == symbol,
            Self::IsIn { column, set } => sets.get(set as usize).is_some_and(|set| set.has(scratch.symbol(column))),
            Self::Bound { bound } => bounds.get(bound as usize).is_some_and(|bound| bound.holds(row)),
            Self::Has { column, needle } => scratch.has(column, needle),
            Self::Part { part } => index.parts.holds(part, row, &scratch.parts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Index;
    use crate::rules::expression::Expression;
    use crate::rules::facts::{Origin, Slot};
    use crate::rules::test::{Number, Test};
    use crate::rules::value::Comparison;

    #[test]
    fn rules_that_compare_a_fact_with_the_same_number_share_it() {
        let slot = |place| Slot { origin: Origin::Alert, place };
        let number = |comparison, number| Expression::Test(Test::Number { slot: slot(0), comparison, number });
        let text = |rule: i32| Expression::Test(Test::Text { slot: slot(1), text: rule.to_string().into() });
        let rule = |rule: i32| {
            let bound = match rule % 4 {
                0 => number(Comparison::Less, Number::Integer(2)),
                1 => number(Comparison::Less, Number::Float(2.0)),
                2 => number(Comparison::Greater, Number::Integer(2)),
                _ => number(Comparison::Less, Number::Integer(3)),
            };
            Expression::All([text(rule), bound].into())
        };
        let rules: Vec<Expression> = (0..3_000).map(rule).collect();
        let index = Index::over(&rules.iter().map(Some).collect::<Vec<_>>());
        assert_eq!(index.bounds.len(), 4, "{:?}", index.bounds);
    }
}

//! Rules that may raise an error: found by what must hold of an alert before they do.
//!
//! A rule that matches is found by the columns, whether it could raise an error or not. What they cannot find is a rule
//! that raises one, since then nothing it asks for need hold. But its parts are evaluated in their order: those before
//! the first that may raise have held by then, and under one of these the rule is kept a second time.

use std::collections::BTreeSet;

use super::access::{Key, Share, Way, all_of, best, keys, keys_of_ranges};
use super::column::Numbers;
use super::entry::Entry;
use crate::rules::expression::{Expression, Source};
use crate::rules::facts::{FactValue, Slot};
use crate::rules::row::{FastMap, Row};
use crate::rules::test::Test;
use crate::rules::value::{Kinds, Value};

/// The rules that may raise an error where a certain fact is absent, or whatever is there.
#[derive(Debug)]
pub(super) struct Raising {
    /// The fact.
    without: Option<Slot>,
    /// By column and symbol.
    pub(super) texts: FastMap<(usize, u32), Vec<Entry>>,
    /// By column and needle.
    pub(super) needles: FastMap<(usize, u32), Vec<Entry>>,
    pub(super) numbers: Vec<Numbers>,
    /// Those that raise one before they have asked for anything.
    pub(super) always: Vec<Entry>,
}

impl Raising {
    pub(super) fn new(without: Option<Slot>) -> Self {
        Self {
            without,
            texts: FastMap::default(),
            needles: FastMap::default(),
            numbers: Vec::new(),
            always: Vec::new(),
        }
    }

    /// Whether its rules may raise an error for this alert.
    pub(super) fn concerns(&self, row: &Row<'_>) -> bool {
        self.without.is_none_or(|slot| row.get(slot) == FactValue::Absent)
    }
}

/// How a rule comes to raise an error.
pub(super) struct Cause<'e> {
    /// The parts that have held by then. They never raise one themselves.
    pub(super) before: &'e [Expression],
    /// Whether it then raises one for certain.
    pub(super) certain: bool,
    /// What else is known of an alert for which it does: one of these holds.
    pub(super) keys: Vec<Key>,
}

/// How a rule comes to raise an error where a fact is absent, or whatever is there; none where it never does.
pub(super) fn cause<'e>(
    expression: &'e Expression,
    without: Option<Slot>,
    share: &impl Fn(&Key) -> Share,
) -> Option<Cause<'e>> {
    if !Outcomes::of(expression, without).raises {
        return None;
    }
    let parts = match expression {
        Expression::All(parts) => parts,
        other => std::slice::from_ref(other),
    };
    let outcomes = |part: &Expression| Outcomes::of(part, without);
    let first = parts.iter().position(|part| outcomes(part).raises)?;
    let (before, certain) = (parts.get(..first)?, parts.get(first).map(outcomes) == Some(Outcomes::RAISES));
    let keys = keys_before(expression, without, share).map(|(_, keys)| keys).unwrap_or_default();
    Some(Cause { before, certain, keys })
}

/// The best keys of which one is met wherever a condition raises an error.
fn keys_before(expression: &Expression, without: Option<Slot>, share: &impl Fn(&Key) -> Share) -> Option<Way> {
    let raises = |part: &&Expression| Outcomes::of(part, without).raises;
    match expression {
        Expression::All(parts) => {
            let first = parts.iter().position(|part| raises(&part))?;
            let before = parts.get(..first)?;
            let mut found = keys_of_ranges(before, share);
            for part in before {
                found = best(found, keys(part, share));
            }
            match (parts.get(first), parts.iter().filter(raises).count()) {
                (Some(part), 1) => best(found, keys_before(part, without, share)),
                _ => found,
            }
        }
        Expression::Any(parts) => all_of(parts.iter().filter(raises).map(|part| keys_before(part, without, share))),
        _ => None,
    }
}

/// What may come of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Outcomes {
    yes: bool,
    no: bool,
    raises: bool,
}

impl Outcomes {
    const YES: Self = Self { yes: true, no: false, raises: false };
    const NO: Self = Self { yes: false, no: true, raises: false };
    const RAISES: Self = Self { yes: false, no: false, raises: true };

    /// Of a condition where a fact is absent; of all others nothing is known.
    fn of(expression: &Expression, without: Option<Slot>) -> Self {
        let mut slots = BTreeSet::new();
        expression.slots(&mut slots);
        if slots.iter().all(|slot| Some(*slot) == without) {
            return match expression.holds(&Nothing) {
                Ok(true) => Self::YES,
                Ok(false) => Self::NO,
                Err(_) => Self::RAISES,
            };
        }
        match expression {
            Expression::All(parts) => parts.iter().fold(Self::YES, |before, part| {
                if !before.yes {
                    return before;
                }
                let next = Self::of(part, without);
                Self { yes: next.yes, no: before.no || next.no, raises: before.raises || next.raises }
            }),
            Expression::Any(parts) => parts.iter().fold(Self::NO, |before, part| {
                if !before.no {
                    return before;
                }
                let next = Self::of(part, without);
                Self { yes: before.yes || next.yes, no: next.no, raises: before.raises || next.raises }
            }),
            Expression::Not(inner) => {
                let inner = Self::of(inner, without);
                Self { yes: inner.no, no: inner.yes, raises: inner.raises }
            }
            Expression::Test(test) => Self { yes: true, no: true, raises: matches!(test, Test::Affix { .. }) },
            other => {
                let mut needed = Vec::new();
                Self { yes: true, no: true, raises: !other.is_total_as(Kinds::BOOL, &mut needed) || !needed.is_empty() }
            }
        }
    }
}

/// An alert of which every fact is absent.
struct Nothing;

impl Source<'static> for Nothing {
    fn fact(&self, _: Slot) -> Value<'static> {
        Value::Unit
    }
}

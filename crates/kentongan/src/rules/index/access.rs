//! What must hold of an alert for a rule to match: the keys under which the index keeps the rule.

use crate::rules::expression::Expression;
use crate::rules::facts::Slot;
use crate::rules::test::{Affix, Number, Test};
use crate::rules::value::Comparison;

/// A condition on one fact that a column can look up. A rule matches an alert only if one of its keys does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Key {
    Text {
        slot: Slot,
        text: Box<str>,
    },
    /// A number between two, both included; a superset of what the tests admit.
    Number {
        slot: Slot,
        from: f64,
        to: f64,
    },
    Needle {
        slot: Slot,
        affix: Affix,
        text: Box<str>,
    },
}

/// How likely an alert is to meet one of the keys. The fewer, the better a way in.
pub(super) type Share = f64;

/// Keys of which one is met, and how likely that is.
pub(super) type Way = (Share, Vec<Key>);

/// The most keys of one rule. Past that, a looser way in is kept, or none.
const KEYS_MAX: usize = 64;

/// The best set of keys for a condition, if it has one. `share` says how much of the alerts meets a key.
pub(super) fn keys(expression: &Expression, share: &impl Fn(&Key) -> Share) -> Option<Way> {
    match expression {
        Expression::Test(test) => {
            let keys = of_test(test)?;
            (keys.len() <= KEYS_MAX).then(|| (keys.iter().map(share).sum(), keys))
        }
        Expression::All(parts) => {
            parts.iter().fold(keys_of_ranges(parts, share), |found, part| best(found, keys(part, share)))
        }
        Expression::Any(parts) => all_of(parts.iter().map(|part| keys(part, share))),
        // Tests ask of facts alone, whatever the variables around them are.
        Expression::Let(parts) => {
            let [_, body] = &**parts;
            keys(body, share)
        }
        _ => None,
    }
}

/// The rarer of two ways in.
pub(super) fn best(first: Option<Way>, second: Option<Way>) -> Option<Way> {
    match (first, second) {
        (Some(first), Some(second)) => Some(if second.0 < first.0 { second } else { first }),
        (first, second) => first.or(second),
    }
}

/// The way in where one of several has to be met, of which each has to be known.
pub(super) fn all_of(ways: impl Iterator<Item = Option<Way>>) -> Option<Way> {
    let mut all = (0.0, Vec::new());
    for way in ways {
        let (share, keys) = way?;
        all.0 += share;
        all.1.extend(keys);
    }
    (all.1.len() <= KEYS_MAX).then_some(all)
}

/// The best way in by the numbers that a conjunction leaves of a fact that it bounds more than once.
pub(super) fn keys_of_ranges(parts: &[Expression], share: &impl Fn(&Key) -> Share) -> Option<Way> {
    ranges(parts).map(|key| (share(&key), vec![key])).min_by(|a, b| a.0.total_cmp(&b.0))
}

fn of_test(test: &Test) -> Option<Vec<Key>> {
    Some(match test {
        Test::Text { slot, text } => vec![Key::Text { slot: *slot, text: text.clone() }],
        // No text is in an empty list. Under no key at all it would be a rule without a way in: one that is always tried.
        Test::TextIn { texts, .. } if texts.is_empty() => return None,
        Test::TextIn { slot, texts } => {
            texts.iter().map(|text| Key::Text { slot: *slot, text: text.clone() }).collect()
        }
        Test::Number { slot, comparison, number } => {
            let (from, to) = range(*comparison, *number)?;
            vec![Key::Number { slot: *slot, from, to }]
        }
        Test::Affix { slot, affix, text } if !text.is_empty() => {
            vec![Key::Needle { slot: *slot, affix: *affix, text: text.clone() }]
        }
        Test::Affix { .. } => return None,
    })
}

/// The numbers that a conjunction leaves of each fact that it bounds more than once.
fn ranges(parts: &[Expression]) -> impl Iterator<Item = Key> {
    let mut ranges: Vec<(Slot, f64, f64, usize)> = Vec::new();
    for part in parts {
        let Expression::Test(Test::Number { slot, comparison, number }) = part else {
            continue;
        };
        let Some((from, to)) = range(*comparison, *number) else {
            continue;
        };
        match ranges.iter_mut().find(|known| known.0 == *slot) {
            Some(known) => *known = (*slot, known.1.max(from), known.2.min(to), known.3 + 1),
            None => ranges.push((*slot, from, to, 1)),
        }
    }
    ranges.into_iter().filter(|range| range.3 > 1).map(|(slot, from, to, _)| Key::Number { slot, from, to })
}

/// The numbers for which a comparison can hold, with room for the epsilon by which floats compare.
pub(super) fn range(comparison: Comparison, number: Number) -> Option<(f64, f64)> {
    let number = number.as_float();
    if !number.is_finite() {
        return None;
    }
    let room = 4.0 * f64::EPSILON * number.abs().max(1.0);
    Some(match comparison {
        Comparison::Equal => (number - room, number + room),
        Comparison::Less | Comparison::LessOrEqual => (f64::NEG_INFINITY, number + room),
        Comparison::Greater | Comparison::GreaterOrEqual => (number - room, f64::INFINITY),
        Comparison::NotEqual => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Index, Scratch};
    use super::*;
    use crate::rules::facts::{Catalogue, FactValue, Origin, Sight};
    use crate::rules::row::Surroundings;

    #[test]
    fn a_rule_that_asks_for_one_of_no_texts_never_matches() {
        let slot = Slot { origin: Origin::Alert, place: 0 };
        let other = |rule: i32| Expression::Test(Test::Text { slot, text: rule.to_string().into() });
        let nothing = || Expression::Test(Test::TextIn { slot, texts: Box::default() });
        let both = Expression::Any([nothing(), other(7)].into());
        let rules: Vec<Expression> = [nothing(), both].into_iter().chain((0..60).map(other)).collect();
        let rules: Vec<_> = rules.iter().map(Some).collect();
        let index = Index::over(&rules);
        let (services, roles) = (indexmap::IndexMap::new(), indexmap::IndexMap::new());
        let mut catalogue = Catalogue::new(Sight::Alert, &services, &roles);
        let surroundings = Surroundings::of(&mut catalogue, &std::collections::BTreeMap::new());
        let mut scratch = Scratch::default();
        for (text, expected) in [("nothing", None), ("7", Some(1)), ("8", Some(10))] {
            let alert = [FactValue::Text(text)];
            let row = surroundings.row(&alert);
            index.look_up(&row, &mut scratch);
            assert_eq!(index.first(&row, &scratch, 0, |rule| rules[rule]), expected, "{text}");
        }
    }
}

//! What one would write without an engine: the loop, and the fastest thing that a day of work would give.

use std::collections::HashMap;

use super::engine;
use crate::workload::{Alert, LABELS, NUMBERS, Predicate, Rule, Workload};
use crate::{Contestant, Kind};

/// Rule after rule, predicate after predicate, until one matches.
pub(super) fn loop_over_structs(workload: &Workload) -> Contestant<'_> {
    Contestant {
        engine: engine(Kind::ByHand, "loop", "over structs", ""),
        decide: Box::new(|range, answers| {
            let alerts = workload.alerts[range].iter();
            answers.extend(alerts.map(|alert| workload.rules.iter().position(|rule| rule.matches(alert))));
        }),
    }
}

/// The same over the alerts that kentongan is given, whose fields are found by their names.
pub(super) fn loop_over_alerts<'a>(workload: &'a Workload, alerts: &'a [::kentongan::Alert]) -> Contestant<'a> {
    let matches = |rule: &Rule, alert| rule.predicates.iter().all(|predicate| holds(predicate, alert));
    Contestant {
        engine: engine(Kind::ByHand, "loop over alerts", "fields by name", ""),
        decide: Box::new(move |range, answers| {
            let alerts = alerts[range].iter();
            answers.extend(alerts.map(|alert| workload.rules.iter().position(|rule| matches(rule, alert))));
        }),
    }
}

fn holds(predicate: &Predicate, alert: &::kentongan::Alert) -> bool {
    let label = |label: &usize| alert.labels.get(LABELS[*label]);
    let number = |number: &usize| alert.values.get(NUMBERS[*number]);
    match predicate {
        Predicate::Is { label: field, value } => label(field) == Some(value),
        Predicate::In { label: field, values } => label(field).is_some_and(|label| values.contains(label)),
        Predicate::StartsWith { label: field, prefix } => label(field).is_some_and(|label| label.starts_with(prefix)),
        Predicate::AtLeast { number: field, bound } => number(field).is_some_and(|number| number >= bound),
        Predicate::Below { number: field, bound } => number(field).is_some_and(|number| number < bound),
    }
}

/// For each value of a field one bit a rule that it lets through; the first bit left in all fields is the answer.
pub(super) fn bitset_a_column(workload: &Workload) -> Contestant<'_> {
    let table = Table::new(workload);
    Contestant {
        engine: engine(Kind::ByHand, "bitset", "a column", ""),
        decide: Box::new(move |range, answers| {
            answers.extend(workload.alerts[range].iter().map(|alert| table.first(workload, alert)));
        }),
    }
}

/// The ranges that a number's bounds are gathered into; what lies within one is asked of the rule itself.
const RANGES: usize = 256;

struct Table<'a> {
    labels: Vec<HashMap<&'a str, Vec<u64>>>,
    numbers: Vec<(Vec<f64>, Vec<Vec<u64>>)>,
}

impl<'a> Table<'a> {
    /// The values of labels are known beforehand, as a table of columns would have them.
    fn new(workload: &'a Workload) -> Self {
        let labels = (0..LABELS.len()).map(|label| {
            let on_label = |predicate: &Predicate| predicate.field() == LABELS[label];
            let mut sets = HashMap::new();
            for alert in &workload.alerts {
                let lets_through = |rule: usize| {
                    workload.rules[rule]
                        .predicates
                        .iter()
                        .filter(|p| on_label(p))
                        .all(|predicate| predicate.holds(alert))
                };
                sets.entry(alert.labels[label].as_str()).or_insert_with(|| bits(workload.rules.len(), lets_through));
            }
            sets
        });
        let numbers = (0..NUMBERS.len()).map(|number| {
            let predicates = |rule: usize| {
                workload.rules[rule].predicates.iter().filter(move |predicate| predicate.field() == NUMBERS[number])
            };
            let mut bounds: Vec<f64> = (0..workload.rules.len()).flat_map(predicates).filter_map(bound).collect();
            bounds.sort_by(f64::total_cmp);
            let edges: Vec<f64> = bounds.iter().copied().step_by(bounds.len().div_ceil(RANGES).max(1)).collect();
            let sets = (0..=edges.len()).map(|range| {
                let lowest = if range == 0 { f64::NEG_INFINITY } else { edges[range - 1] };
                let highest = edges.get(range).copied().unwrap_or(f64::INFINITY);
                bits(workload.rules.len(), |rule| {
                    predicates(rule).all(|predicate| match predicate {
                        Predicate::AtLeast { bound, .. } => *bound < highest,
                        Predicate::Below { bound, .. } => *bound > lowest,
                        _ => true,
                    })
                })
            });
            let sets = sets.collect();
            (edges, sets)
        });
        Self { labels: labels.collect(), numbers: numbers.collect() }
    }

    fn first(&self, workload: &Workload, alert: &Alert) -> Option<usize> {
        let labels = self.labels.iter().zip(&alert.labels).map(|(sets, value)| sets[value.as_str()].as_slice());
        let numbers = self
            .numbers
            .iter()
            .zip(&alert.numbers)
            .map(|((edges, sets), value)| sets[edges.partition_point(|edge| edge <= value)].as_slice());
        let columns: Vec<&[u64]> = labels.chain(numbers).collect();
        for word in 0..columns[0].len() {
            let mut left = columns.iter().fold(u64::MAX, |left, column| left & column[word]);
            while left != 0 {
                let rule = word * 64 + left.trailing_zeros() as usize;
                if workload.rules[rule].matches(alert) {
                    return Some(rule);
                }
                left &= left - 1;
            }
        }
        None
    }
}

fn bound(predicate: &Predicate) -> Option<f64> {
    match predicate {
        Predicate::AtLeast { bound, .. } | Predicate::Below { bound, .. } => Some(*bound),
        _ => None,
    }
}

fn bits(count: usize, is_set: impl Fn(usize) -> bool) -> Vec<u64> {
    let word = |word: usize| {
        (word * 64..count.min(word * 64 + 64)).filter(|bit| is_set(*bit)).fold(0, |bits, bit| bits | 1 << (bit % 64))
    };
    (0..count.div_ceil(64)).map(word).collect()
}

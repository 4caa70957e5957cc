//! kentongan, in the ways in which a program can ask it.

use ::kentongan::{Alert, FactValue, Policy};

use super::engine;
use crate::workload::{self, Answer, LABELS, NUMBERS};
use crate::{Contestant, Engine, Kind};

/// One call an alert, with all reasons.
pub(super) fn explained<'a>(policy: &'a Policy, alerts: &'a [Alert]) -> Contestant<'a> {
    Contestant {
        engine: ours("an alert with its reasons", false),
        decide: Box::new(|range, answers| {
            let decisions = alerts[range].iter().map(|alert| policy.classify(alert));
            answers.extend(decisions.map(|decision| decision.rule.as_deref().and_then(index)));
        }),
    }
}

/// One call an alert, for the answer alone.
pub(super) fn in_brief<'a>(policy: &'a Policy, alerts: &'a [Alert]) -> Contestant<'a> {
    let mut classifier = policy.classifier();
    Contestant {
        engine: ours("an alert, the answer alone", false),
        decide: Box::new(move |range, answers| {
            answers.extend(alerts[range].iter().map(|alert| classifier.decide_alert(alert).rule));
        }),
    }
}

/// Rows of the facts that the rules read, as a host has them that keeps its alerts in columns.
pub(super) fn rows<'a>(policy: &'a Policy, alerts: &'a [workload::Alert]) -> Contestant<'a> {
    let facts: Vec<&str> = policy.alert_facts().collect();
    let table: Vec<FactValue<'a>> =
        alerts.iter().flat_map(|alert| facts.iter().map(move |fact| value(alert, fact))).collect();
    let width = facts.len();
    let mut classifier = policy.classifier();
    Contestant {
        engine: ours("rows of facts", true),
        decide: Box::new(move |range, answers| {
            let rows = table[range.start * width..range.end * width].chunks_exact(width);
            answers.extend(rows.map(|row| classifier.decide(row).rule));
        }),
    }
}

/// What an alert has of a fact that a rule reads, `alert.labels.env` or `alert.values.error_rate`.
fn value<'a>(alert: &'a workload::Alert, fact: &str) -> FactValue<'a> {
    let name = fact.rsplit('.').next().unwrap_or_default();
    let label = LABELS.iter().position(|label| *label == name).map(|label| match alert.labels[label].as_str() {
        "" => FactValue::Absent,
        text => FactValue::Text(text),
    });
    let number = || NUMBERS.iter().position(|number| *number == name).map(|at| FactValue::Float(alert.numbers[at]));
    label.or_else(number).unwrap_or_default()
}

fn ours(how: &str, batch: bool) -> Engine {
    Engine { batch, ..engine(Kind::Ours, "kentongan", how, env!("CARGO_PKG_VERSION")) }
}

/// The rules of W1 are called by their index.
fn index(rule: &str) -> Answer {
    rule.parse().ok()
}

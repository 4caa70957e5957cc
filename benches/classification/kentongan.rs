//! kentongan, in the ways in which a program can ask it.

use kentongan::{Alert, Policy};
use kentongan_benches::workload::Answer;
use kentongan_benches::{Contestant, Kind};

use crate::engine;

/// One call an alert, with all reasons.
pub(crate) fn explained<'a>(policy: &'a Policy, alerts: &'a [Alert]) -> Contestant<'a> {
    Contestant {
        engine: ours("an alert with its reasons"),
        decide: Box::new(|range, answers| {
            let decisions = alerts[range].iter().map(|alert| policy.classify(alert));
            answers.extend(decisions.map(|decision| decision.rule.as_deref().and_then(index)));
        }),
    }
}

fn ours(how: &str) -> kentongan_benches::Engine {
    engine(Kind::Ours, "kentongan", how, env!("CARGO_PKG_VERSION"))
}

/// The rules of W1 are called by their index.
fn index(rule: &str) -> Answer {
    rule.parse().ok()
}

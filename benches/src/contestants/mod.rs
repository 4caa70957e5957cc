//! What W1 is put before in Rust: kentongan, rhai without it, and what one would write by hand.

mod by_hand;
mod kentongan;
mod plain_rhai;

use std::error::Error;
use std::io;

use ::kentongan::{Alert, Policy};

use crate::generator::generate;
use crate::workload::{Workload, answers};
use crate::{Contestant, Engine, Figure, Kind, Plan, Set, race};

/// Engines beside kentongan, with the rules of a workload loaded.
pub type Peers = for<'a> fn(&'a Workload) -> Result<Vec<Contestant<'a>>, Box<dyn Error>>;

/// Runs all cases of a plan. What is compared takes turns in one process: peers race here too, or their figures would be
/// of another minute.
///
/// # Errors
/// When an engine cannot be made, answers wrongly, or its figure cannot be kept.
pub fn race_all(
    plan: &Plan,
    peers: Peers,
    mut keep: impl FnMut(&Figure) -> io::Result<()>,
) -> Result<(), Box<dyn Error>> {
    let gaps = plan.rules.iter().map(|rules| (Set::Gaps, *rules));
    for (set, rules) in plan.cases().chain(gaps) {
        let workload = generate(set, rules, Plan::alerts(rules));
        let expected = answers(&workload);
        let policy = Policy::from_yaml(&workload.policy())?;
        let alerts = inputs(&workload)?;
        let mut contestants = vec![
            kentongan::in_brief(&policy, &alerts),
            kentongan::rows(&policy, &workload.alerts),
            by_hand::loop_over_structs(&workload),
            by_hand::loop_over_alerts(&workload, &alerts),
            by_hand::bitset_a_column(&workload),
        ];
        if set != Set::Gaps {
            // Of gaps the reasons are mostly errors in words, a rule each.
            contestants.insert(0, kentongan::explained(&policy, &alerts));
            contestants.push(plain_rhai::a_rule_an_ast(&workload)?);
            contestants.extend(peers(&workload)?);
        }
        let rounds = race(plan, &mut contestants, &expected)?;
        for (contestant, rounds) in contestants.iter().zip(rounds) {
            keep(&Figure::new(contestant.engine.clone(), set, rules, rounds))?;
        }
    }
    Ok(())
}

fn inputs(workload: &Workload) -> serde_json::Result<Vec<Alert>> {
    workload.alerts.iter().enumerate().map(|(key, alert)| serde_json::from_value(alert.input(key))).collect()
}

fn engine(kind: Kind, name: &str, how: &str, version: &str) -> Engine {
    Engine {
        language: "rust".to_owned(),
        kind,
        name: name.to_owned(),
        how: how.to_owned(),
        version: version.to_owned(),
        batch: false,
    }
}

//! W1 in Rust: kentongan, rhai without it, and what one would write by hand. `cargo xtask bench` runs it in company.

mod by_hand;
mod kentongan;
mod plain_rhai;

use std::env;
use std::path::PathBuf;

use ::kentongan::Alert;
use kentongan_benches::generator::generate;
use kentongan_benches::workload::answers;
use kentongan_benches::{Engine, Figure, Kind, Plan, Set, race};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo bench` adds `--bench`; without a folder it is not this benchmark's turn.
    let Some(folder) = env::args().skip(1).find(|argument| !argument.starts_with('-')).map(PathBuf::from) else {
        return Ok(());
    };
    let plan = Plan::read(&folder)?;
    let gaps = plan.rules.iter().map(|rules| (Set::Gaps, *rules));
    for (set, rules) in plan.cases().chain(gaps) {
        let workload = generate(set, rules, Plan::alerts(rules));
        let expected = answers(&workload);
        let policy = ::kentongan::Policy::from_yaml(&workload.policy())?;
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
        }
        let rounds = race(&plan, &mut contestants, &expected)?;
        for (contestant, rounds) in contestants.iter().zip(rounds) {
            Figure::new(contestant.engine.clone(), set, rules, rounds).record(&folder)?;
        }
    }
    Ok(())
}

fn inputs(workload: &kentongan_benches::Workload) -> serde_json::Result<Vec<Alert>> {
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

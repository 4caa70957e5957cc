//! W1 by the Rust engines that users would pick instead. `cargo xtask bench` runs it in company.

mod a_tree;
mod cel;
mod zen;

use std::env;
use std::path::PathBuf;

use kentongan_benches::figures::locked_version;
use kentongan_benches::generator::generate;
use kentongan_benches::workload::answers;
use kentongan_benches::{Engine, Figure, Kind, Plan, race};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(env::args().nth(1).ok_or("name the folder of the run")?);
    let plan = Plan::read(&folder)?;
    for (set, rules) in plan.cases() {
        let workload = generate(set, rules, Plan::alerts(rules));
        let expected = answers(&workload);
        let mut contestants =
            vec![zen::decision_table(&workload)?, a_tree::tree(&workload)?, cel::a_rule_a_program(&workload)?];
        let rounds = race(&plan, &mut contestants, &expected)?;
        for (contestant, rounds) in contestants.iter().zip(rounds) {
            Figure::new(contestant.engine.clone(), set, rules, rounds).record(&folder)?;
        }
    }
    Ok(())
}

fn engine(name: &str, how: &str) -> Engine {
    let version = locked_version(include_str!("../Cargo.lock"), name);
    Engine { language: "rust".to_owned(), kind: Kind::Engine, name: name.to_owned(), how: how.to_owned(), version, batch: false }
}

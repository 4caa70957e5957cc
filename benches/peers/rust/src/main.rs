//! W1 by kentongan, and by the Rust engines that users would pick instead. `cargo xtask bench` runs it in company.

mod a_tree;
mod cel;
mod zen;

use std::env;
use std::error::Error;
use std::path::PathBuf;

use kentongan_benches::figures::locked_version;
use kentongan_benches::{Contestant, Engine, Kind, Plan, Workload, contestants};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args().nth(1).ok_or("name the folder of the run")?);
    contestants::race_all(&Plan::read(&folder)?, peers, |figure| figure.record(&folder))
}

fn peers(workload: &Workload) -> Result<Vec<Contestant<'_>>, Box<dyn Error>> {
    Ok(vec![zen::decision_table(workload)?, a_tree::tree(workload)?, cel::a_rule_a_program(workload)?])
}

fn engine(name: &str, how: &str) -> Engine {
    let version = locked_version(include_str!("../Cargo.lock"), name);
    Engine { language: "rust".to_owned(), kind: Kind::Engine, name: name.to_owned(), how: how.to_owned(), version, batch: false }
}

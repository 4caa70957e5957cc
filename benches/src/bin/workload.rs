//! Begins a run: `workload FOLDER [--quick] [--rules N,N,…]` writes its plan, its alerts, and its rules with the answers.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use kentongan_benches::generator::generate;
use kentongan_benches::workload::{Alert, answers};
use kentongan_benches::{Plan, plan};
use serde::Serialize;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name the folder of the run")?);
    let (mut quick, mut rules) = (false, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => quick = true,
            "--rules" => {
                let numbers = arguments.next().ok_or("--rules takes numbers: 10,1000")?;
                rules = Some(numbers.split(',').map(str::parse).collect::<Result<Vec<usize>, _>>()?);
            }
            other => return Err(format!("no such option: {other}").into()),
        }
    }
    let rules = rules.unwrap_or_else(|| if quick { vec![10, 1_000] } else { Plan::RULES.to_vec() });
    let plan = Plan { commit: commit(), ..Plan::new(rules, quick) };
    plan.begin(&folder)?;
    let alerts = generate(plan::Set::Mixed, 0, Plan::alerts(0)).alerts;
    write(&folder.join("alerts.json"), &alerts.iter().map(Alert::document).collect::<Vec<_>>())?;
    for (set, rules) in plan.cases().filter(|(_, rules)| *rules <= plan.rules_elsewhere_max) {
        let workload = generate(set, rules, Plan::alerts(rules));
        write(&plan::file(&folder, "rules", set, rules), &workload.rules_document())?;
        write(&plan::file(&folder, "answers", set, rules), &answers(&workload))?;
        fs::write(plan::file(&folder, "policy", set, rules), workload.policy())?;
    }
    Ok(())
}

/// What is checked out, and whether something was changed since; empty outside of a repository.
fn commit() -> String {
    let arguments = ["describe", "--always", "--exclude=*", "--dirty=, with changes"];
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success());
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

fn write(path: &Path, value: &impl Serialize) -> io::Result<()> {
    Ok(serde_json::to_writer(BufWriter::new(File::create(path)?), value)?)
}

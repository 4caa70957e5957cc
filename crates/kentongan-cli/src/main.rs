//! The `kentongan` command: check, classify, simulate, test and replay incident policies. Files and a terminal around
//! `kentongan-lab`; what it does is decided there.
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod arguments;
mod files;
mod output;
mod problem;
mod verbs;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Verb};
use output::Output;
use problem::Problem;

/// What the command came to, as its exit code says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// All is well.
    Fine,
    /// What was asked about has problems.
    Problems,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut output = Output::new(arguments.color);
    let verdict = run(&arguments, &mut output).and_then(|verdict| {
        output.flush()?;
        Ok(verdict)
    });
    match verdict {
        // Whoever reads may have seen enough.
        Ok(Verdict::Fine) | Err(Problem::Closed) => ExitCode::SUCCESS,
        Ok(Verdict::Problems) => ExitCode::from(1),
        Err(problem) => {
            output.complain(&problem);
            ExitCode::from(problem.exit_code())
        }
    }
}

fn run(arguments: &Arguments, output: &mut Output) -> Result<Verdict, Problem> {
    let common = &arguments.common;
    match &arguments.verb {
        Verb::Check(given) => verbs::check::run(common, given, output),
        Verb::Classify(given) => verbs::classify::run(common, given, output),
        Verb::Simulate(given) => verbs::simulate::run(common, given, output),
        Verb::Test(given) => verbs::test::run(common, given, output),
        Verb::Replay(given) => verbs::replay::run(common, given, output),
        Verb::Oncall(given) => verbs::oncall::run(common, given, output),
        Verb::Schema(given) => verbs::schema::schema(given, output),
        Verb::Completions(given) => verbs::schema::completions(given, output),
    }
}

//! The `kentongan` command: check, classify, simulate, test and replay incident policies. Files and a terminal around
//! `kentongan-lab`; what it does is decided there.
//!
//! It is a library so that every way to install kentongan brings the same command: the program of that name, and
//! `python -m kentongan`, are a call of [`run`].
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod arguments;
mod files;
mod output;
mod problem;
mod verbs;

use std::ffi::OsString;

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

/// Runs the command with its arguments, the first of which is the name of the program, and returns its exit code.
///
/// It reads and writes files, standard input, output and error, as its help says.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(refusal) => {
            // Where nobody listens there is nobody to tell.
            drop(refusal.print());
            return u8::try_from(refusal.exit_code()).unwrap_or(2);
        }
    };
    let mut output = Output::new(arguments.color);
    let verdict = perform(&arguments, &mut output).and_then(|verdict| {
        output.flush()?;
        Ok(verdict)
    });
    match verdict {
        // Whoever reads may have seen enough.
        Ok(Verdict::Fine) | Err(Problem::Closed) => 0,
        Ok(Verdict::Problems) => 1,
        Err(problem) => {
            output.complain(&problem);
            problem.exit_code()
        }
    }
}

fn perform(arguments: &Arguments, output: &mut Output) -> Result<Verdict, Problem> {
    let common = &arguments.common;
    match &arguments.verb {
        Verb::Check(given) => verbs::check::run(common, given, output),
        Verb::Classify(given) => verbs::classify::run(common, given, output),
        Verb::Simulate(given) => verbs::simulate::run(common, given, output),
        Verb::Test(given) => verbs::test::run(common, given, output),
        Verb::Replay(given) => verbs::replay::run(common, given, output),
        Verb::Postmortem(given) => verbs::postmortem::run(common, given, output),
        Verb::Document(given) => verbs::document::run(common, given, output),
        Verb::Report(given) => verbs::report::run(common, given, output),
        Verb::Timeline(given) => verbs::timeline::run(common, given, output),
        Verb::Oncall(given) => verbs::oncall::run(common, given, output),
        Verb::Schema(given) => verbs::schema::schema(given, output),
        Verb::Completions(given) => verbs::schema::completions(given, output),
    }
}

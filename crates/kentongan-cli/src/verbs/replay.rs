//! `kentongan replay`: what a journal comes to, under the policies that it was written under, or under another one.

use kentongan_lab::Run;

use super::journal::Journal;
use crate::Verdict;
use crate::arguments::{Common, Replay};
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Replay, output: &mut Output) -> Result<Verdict, Problem> {
    let journal = Journal::read(common, &given.journal, output)?;
    let (policy, calls) = journal.calls(output)?;
    let run = Run::replay(&journal.name, policy, calls)
        .map_err(|error| Problem::at_fault(error.to_string(), error.help()))?;
    super::show(&run, &journal.policy, given.answer.format, given.all, output)?;
    journal.verdict(output)
}

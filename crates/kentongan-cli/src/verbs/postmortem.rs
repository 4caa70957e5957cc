//! `kentongan postmortem`: the post-mortem of an incident, written from its journal.

use kentongan::report::postmortem;

use super::account;
use crate::Verdict;
use crate::arguments::{Common, Postmortem};
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Postmortem, output: &mut Output) -> Result<Verdict, Problem> {
    let told = account::of(common, &given.journal, &given.incident, output)?;
    let document = postmortem(&told.journal.policy, &told.account, &given.incident, told.now)
        .map_err(|error| Problem::unusable(error.to_string(), ""))?;
    super::hand_out(&document, given.out.as_deref(), output)?;
    told.journal.verdict(output)
}

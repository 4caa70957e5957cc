//! `kentongan postmortem`: the post-mortem of an incident, written from its journal.

use kentongan::report::postmortem;

use super::{account, replay};
use crate::Verdict;
use crate::arguments::{Common, Postmortem};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Postmortem, output: &mut Output) -> Result<Verdict, Problem> {
    let told = account::of(common, &given.journal, &given.incident, output)?;
    let document = postmortem(&told.policy, &told.account, &given.incident, told.now)
        .map_err(|error| Problem::unusable(error.to_string(), ""))?;
    match &given.out {
        None => output.text(&document)?,
        Some(path) => files::write(path, &document)?,
    }
    match told.damage {
        None => Ok(Verdict::Fine),
        Some(error) => {
            output.flush()?;
            Err(replay::refused(&error))
        }
    }
}

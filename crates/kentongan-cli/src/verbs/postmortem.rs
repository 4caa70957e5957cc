//! `kentongan postmortem`: the post-mortem of an incident, written from its journal.

use kentongan::IncidentId;
use kentongan::report::postmortem;
use kentongan::source::did_you_mean;

use super::journal::Journal;
use super::report::chronicle;
use crate::Verdict;
use crate::arguments::{Common, Postmortem};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Postmortem, output: &mut Output) -> Result<Verdict, Problem> {
    let journal = Journal::read(common, &given.journal, output)?;
    let chronicle = chronicle(&journal, output)?;
    let Some(account) = chronicle.account(&IncidentId::from(given.incident.as_str())) else {
        let known: Vec<String> = chronicle.accounts().map(|(id, _)| id.to_string()).collect();
        let message = format!("the journal has no incident `{}`", given.incident);
        let help = if known.is_empty() {
            "it opens no incident at all".to_owned()
        } else {
            did_you_mean(&given.incident, known.iter().map(String::as_str))
        };
        return Err(Problem::unusable(message, help));
    };
    let ends = chronicle.ended().unwrap_or_default();
    let document = postmortem(&journal.policy, account, &given.incident, ends)
        .map_err(|error| Problem::unusable(error.to_string(), ""))?;
    match &given.out {
        None => output.text(&document)?,
        Some(path) => files::write(path, &document)?,
    }
    journal.verdict(output)
}

//! `kentongan postmortem`: the post-mortem of an incident, written from its journal.

use kentongan::policy::document::DocumentKind;

use super::journal::Journal;
use super::{account, report};
use crate::Verdict;
use crate::arguments::{Common, Postmortem};
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Postmortem, output: &mut Output) -> Result<Verdict, Problem> {
    let journal = Journal::read(common, &given.journal, output)?;
    let by = super::templates(&given.templates, &journal.policy)?;
    let history = journal.live(None, output)?;
    account::of(history.chronicle(), &given.incident)?;
    let document = history.document_by(by.templates(), DocumentKind::Postmortem, &given.incident);
    let document = document.map_err(|error| report::refused(&error))?;
    super::hand_out(&document, journal.left_out(), given.out.as_deref(), output)?;
    journal.verdict(output)
}

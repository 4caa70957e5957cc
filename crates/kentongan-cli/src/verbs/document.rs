//! `kentongan document`: what people read of an incident or a hand-off as it stood, from a journal.

use kentongan::policy::document::DocumentKind as Kind;
use kentongan::report::DocumentError;
use kentongan::source::did_you_mean;
use kentongan_journal::History;

use super::journal::Journal;
use super::report;
use crate::Verdict;
use crate::arguments::{Common, Document as Given, DocumentKind};
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Given, output: &mut Output) -> Result<Verdict, Problem> {
    let journal = Journal::read(common, &given.journal, output)?;
    let until = given.at.as_deref().map(|at| super::moment("--at", at, None, &journal.policy)).transpose()?;
    let by = super::templates(&given.templates, &journal.policy)?;
    let history = journal.live(until, output)?;
    let kind = match given.kind {
        DocumentKind::Topic => Kind::Topic,
        DocumentKind::StatusUpdate => Kind::StatusUpdate,
        DocumentKind::PublicUpdate => Kind::PublicUpdate,
        DocumentKind::Handoff => Kind::Handoff,
    };
    let document = history.document_by(by.templates(), kind, &given.subject);
    let document = document.map_err(|error| refused(&error, &history))?;
    // A topic is one line, and the public is not told of journals.
    let lacks = journal.left_out().filter(|_| matches!(kind, Kind::StatusUpdate | Kind::Handoff));
    super::hand_out(&document, lacks, given.out.as_deref(), output)?;
    journal.verdict(output)
}

/// Why there is no such document, with what to write instead.
fn refused(error: &DocumentError, history: &History) -> Problem {
    match error {
        DocumentError::UnknownIncident { id } => {
            let known: Vec<&str> = history.chronicle().accounts().map(|(id, _)| id.as_str()).collect();
            let help = if known.is_empty() {
                "choose an instant at which there was one, with `--at`".to_owned()
            } else {
                did_you_mean(id, known)
            };
            Problem::unusable(format!("there is no incident `{id}` then"), help)
        }
        DocumentError::Forgotten { id, over, .. } => Problem::unusable(
            error.to_string(),
            format!(
                "give an instant before that with `--at`, such as the one at which it was over, {over}; `kentongan \
                 postmortem` and `kentongan timeline` tell of `{id}` at any time"
            ),
        ),
        other => report::refused(other),
    }
}

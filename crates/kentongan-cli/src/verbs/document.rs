//! `kentongan document`: what people read of an incident or a hand-off as it stood, from a journal.

use kentongan::report::{self, Document};
use kentongan::source::did_you_mean;
use kentongan::{Engine, Incident, IncidentId};

use super::journal::Journal;
use super::report as of_report;
use crate::Verdict;
use crate::arguments::{Common, Document as Given, DocumentKind};
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Given, output: &mut Output) -> Result<Verdict, Problem> {
    let journal = Journal::read(common, &given.journal, output)?;
    let until = given.at.as_deref().map(|at| super::moment("--at", at, None, &journal.policy)).transpose()?;
    let engine = journal.live(until, output, |_, _, _| ())?;
    super::hand_out(&document(&engine, given)?, given.out.as_deref(), output)?;
    journal.verdict(output)
}

fn document(engine: &Engine, given: &Given) -> Result<Document, Problem> {
    let id = IncidentId::from(given.subject.as_str());
    if given.kind != DocumentKind::Handoff && engine.incident(&id).is_none() {
        let known: Vec<&str> = engine.incidents().map(Incident::id).map(IncidentId::as_str).collect();
        let message = format!("there is no incident `{}` then", given.subject);
        let help = if known.is_empty() {
            "choose an instant at which there was one, with `--at`".to_owned()
        } else {
            did_you_mean(&given.subject, known)
        };
        return Err(Problem::unusable(message, help));
    }
    let document = match given.kind {
        DocumentKind::Topic => report::topic(engine, &id),
        DocumentKind::StatusUpdate => report::status_update(engine, &id),
        DocumentKind::PublicUpdate => report::public_update(engine, &id),
        DocumentKind::Handoff => report::handoff(engine, &given.subject),
    };
    document.map_err(|error| of_report::refused(&error))
}

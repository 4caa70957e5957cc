//! `kentongan document`: what people read of an incident or a hand-off as it stood, from a journal.

use std::sync::Arc;

use kentongan::report::{self, Document};
use kentongan::source::did_you_mean;
use kentongan::{Engine, Incident, IncidentId};
use kentongan_journal::Record;

use super::{replay, report as of_report};
use crate::Verdict;
use crate::arguments::{Common, Document as Given, DocumentKind};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Given, output: &mut Output) -> Result<Verdict, Problem> {
    files::stdin_once(common.policy.as_deref(), std::slice::from_ref(&given.journal))?;
    let policy = files::required_policy(common.policy.as_deref())?;
    let (records, damage) = replay::records(&given.journal, &policy, output)?;
    replay::same_policy(&given.journal, &records, &policy)?;
    let until = given.at.as_deref().map(|at| super::moment("--at", at, None, &policy)).transpose()?;
    let mut engine = Engine::new(Arc::clone(&policy));
    for entry in records.iter().filter_map(Record::entry) {
        if until.is_some_and(|until| until < entry.at) {
            break;
        }
        // What was refused then is refused now, and came to nothing.
        drop(engine.apply(entry.at, entry.input.clone()));
    }
    if let Some(until) = until {
        // What came due by then without a word has happened.
        drop(engine.advance(until));
    }
    super::hand_out(&document(&engine, given)?, given.out.as_deref(), output)?;
    match damage {
        None => Ok(Verdict::Fine),
        Some(error) => {
            output.flush()?;
            Err(replay::refused(&error))
        }
    }
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

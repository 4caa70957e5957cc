//! `kentongan postmortem`: the post-mortem of an incident, written from its journal.

use std::sync::Arc;

use kentongan::report::{Account, postmortem};
use kentongan::source::did_you_mean;
use kentongan::{Engine, IncidentId};
use kentongan_journal::Record;

use super::replay;
use crate::Verdict;
use crate::arguments::{Common, Postmortem};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Postmortem, output: &mut Output) -> Result<Verdict, Problem> {
    files::stdin_once(common.policy.as_deref(), std::slice::from_ref(&given.journal))?;
    let policy = files::required_policy(common.policy.as_deref())?;
    let (records, damage) = replay::records(&given.journal, &policy, output)?;
    replay::same_policy(&given.journal, &records, &policy)?;
    let mut engine = Engine::new(Arc::clone(&policy));
    let mut account = Account::new(IncidentId::from(given.incident.as_str()));
    let mut known: Vec<String> = Vec::new();
    for entry in records.iter().filter_map(Record::entry) {
        // What was refused then is refused now, and came to nothing.
        if let Ok(step) = engine.apply(entry.at, entry.input.clone()) {
            for decision in &step.decisions {
                let opened = matches!(decision.verdict, kentongan::Verdict::Opened { .. });
                known.extend(decision.incident.iter().filter(|_| opened).map(ToString::to_string));
            }
            account.take(entry.at, &entry.input, &step, &engine);
        }
    }
    if account.incident.is_none() {
        let message = format!("the journal has no incident `{}`", given.incident);
        let help = if known.is_empty() {
            "it opens no incident at all".to_owned()
        } else {
            did_you_mean(&given.incident, known.iter().map(String::as_str))
        };
        return Err(Problem::unusable(message, help));
    }
    let ends = engine.now().unwrap_or_default();
    let document = postmortem(&policy, &account, &given.incident, ends)
        .map_err(|error| Problem::unusable(error.to_string(), ""))?;
    super::hand_out(&document, given.out.as_deref(), output)?;
    match damage {
        None => Ok(Verdict::Fine),
        Some(error) => {
            output.flush()?;
            Err(replay::refused(&error))
        }
    }
}

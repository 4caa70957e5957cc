//! What a journal says of one incident: the same for every verb that tells of one.

use std::path::Path;
use std::sync::Arc;

use kentongan::report::Account;
use kentongan::source::did_you_mean;
use kentongan::{Engine, IncidentId, Policy, Timestamp, Verdict};
use kentongan_journal::{JournalError, Record};

use super::replay;
use crate::arguments::Common;
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

/// An incident as a journal tells of it.
pub(super) struct Told {
    pub(super) policy: Arc<Policy>,
    pub(super) account: Account,
    /// When the journal ends.
    pub(super) now: Timestamp,
    /// What ended the journal early.
    pub(super) damage: Option<JournalError>,
}

/// Reads a journal for what it says of an incident, which must be in it.
pub(super) fn of(common: &Common, journal: &Path, incident: &str, output: &mut Output) -> Result<Told, Problem> {
    files::stdin_once(common.policy.as_deref(), &[journal.to_owned()])?;
    let policy = files::required_policy(common.policy.as_deref())?;
    let (records, damage) = replay::records(journal, &policy, output)?;
    replay::same_policy(journal, &records, &policy)?;
    let mut engine = Engine::new(Arc::clone(&policy));
    let mut account = Account::new(IncidentId::from(incident));
    let mut known: Vec<String> = Vec::new();
    for entry in records.iter().filter_map(Record::entry) {
        // What was refused then is refused now, and came to nothing.
        if let Ok(step) = engine.apply(entry.at, entry.input.clone()) {
            for decision in &step.decisions {
                let opened = matches!(decision.verdict, Verdict::Opened { .. });
                known.extend(decision.incident.iter().filter(|_| opened).map(ToString::to_string));
            }
            account.take(entry.at, &entry.input, &step, &engine);
        }
    }
    if account.incident.is_none() {
        let message = format!("the journal has no incident `{incident}`");
        let help = if known.is_empty() {
            "it opens no incident at all".to_owned()
        } else {
            did_you_mean(incident, known.iter().map(String::as_str))
        };
        return Err(Problem::unusable(message, help));
    }
    Ok(Told { policy, account, now: engine.now().unwrap_or_default(), damage })
}

//! What a journal says of one incident: the same for every verb that tells of one.

use kentongan::report::Account;
use kentongan::source::did_you_mean;
use kentongan::{IncidentId, Timestamp};

use super::journal::Journal;
use super::report::chronicle;
use crate::arguments::{self, Common};
use crate::output::Output;
use crate::problem::Problem;

/// An incident as a journal tells of it.
pub(super) struct Told {
    pub(super) journal: Journal,
    pub(super) account: Account,
    /// When the journal ends.
    pub(super) now: Timestamp,
}

/// Reads a journal for what it says of an incident, which must be in it.
pub(super) fn of(
    common: &Common,
    given: &arguments::Journal,
    incident: &str,
    output: &mut Output,
) -> Result<Told, Problem> {
    let journal = Journal::read(common, given, output)?;
    let chronicle = chronicle(&journal, output)?;
    let now = chronicle.ended().unwrap_or_default();
    if let Some(account) = chronicle.account(&IncidentId::from(incident)) {
        return Ok(Told { journal, account: account.clone(), now });
    }
    let known: Vec<String> = chronicle.accounts().map(|(id, _)| id.to_string()).collect();
    let message = format!("the journal has no incident `{incident}`");
    let help = if known.is_empty() {
        "it opens no incident at all".to_owned()
    } else {
        did_you_mean(incident, known.iter().map(String::as_str))
    };
    Err(Problem::unusable(message, help))
}

//! One incident of a journal: the same for every verb that tells of one.

use kentongan::IncidentId;
use kentongan::report::{Account, Chronicle};
use kentongan::source::did_you_mean;

use crate::problem::Problem;

/// What a journal says of an incident, which must be in it.
pub(super) fn of<'a>(chronicle: &'a Chronicle, incident: &str) -> Result<&'a Account, Problem> {
    chronicle.account(&IncidentId::from(incident)).ok_or_else(|| {
        let known: Vec<&str> = chronicle.accounts().map(|(id, _)| id.as_str()).collect();
        let message = format!("the journal has no incident `{incident}`");
        let help =
            if known.is_empty() { "it opens no incident at all".to_owned() } else { did_you_mean(incident, known) };
        Problem::unusable(message, help)
    })
}

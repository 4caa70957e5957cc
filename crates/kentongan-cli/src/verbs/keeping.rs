//! What happened in a run, kept as a journal: everything that is made from a journal can be tried on a scenario.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use kentongan::Policy;
use kentongan_journal::{JournalError, StoreError, StoreOptions};
use kentongan_lab::{Call, Run};

use crate::files;
use crate::output::Output;
use crate::problem::Problem;

/// How many incidents are named one by one.
const NAMED_MAX: usize = 5;

/// Refuses to write into a file that is there already: it may be somebody's journal.
pub(super) fn refuse_what_is_there(path: &Path) -> Result<(), Problem> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let message = format!("`{}` is there already, and `--journal` begins a new one", path.display());
    Err(Problem::unusable(message, "name a file that does not exist yet"))
}

/// Writes the journal of a run. Where that fails there is none.
pub(super) fn keep(run: &Run, policy: &Arc<Policy>, path: &Path, output: &mut Output) -> Result<(), Problem> {
    let records = write(run, policy, path, output).map_err(|error| {
        // What is half a journal would tell half of what happened.
        let _ = fs::remove_file(path);
        problem(path, &error)
    })?;
    let incidents: Vec<&str> = run.incidents.iter().map(|incident| incident.id.as_str()).collect();
    let (named, others) = incidents.split_at(incidents.len().min(NAMED_MAX));
    let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
    let told = if named.is_empty() { "no incident".to_owned() } else { format!("{}{more}", named.join(", ")) };
    output.note(&format!("{}: {records} records, which tell of {told}", path.display()));
    Ok(())
}

fn write(run: &Run, policy: &Arc<Policy>, path: &Path, output: &mut Output) -> Result<u64, StoreError> {
    // All of it is told again from the beginning, so a snapshot beside it would be of no use.
    let (mut store, _) = StoreOptions::new().snapshot_every(None).open(path, Arc::clone(policy))?;
    let calls: Vec<Call> = run.calls().collect();
    for (index, call) in calls.iter().enumerate() {
        output.progress("kept", index, calls.len());
        let done = match call {
            Call::Apply(entry) => store.apply(entry.at, entry.input.clone()),
            Call::Reload { at, policy, severities } => store.reload(*at, Arc::clone(policy), severities.clone()),
        };
        match done {
            // What the engine refuses no host keeps.
            Ok(_) | Err(StoreError::Rejected(_)) => {}
            Err(error) => return Err(error),
        }
    }
    output.progress("kept", calls.len(), calls.len());
    Ok(store.records())
}

fn problem(path: &Path, error: &StoreError) -> Problem {
    match error {
        StoreError::Journal(JournalError::Io { source, .. }) => {
            let help = "name a file in a folder that exists and can be written to";
            Problem::unusable(format!("cannot write `{}`: {}", path.display(), files::reason(source)), help)
        }
        _ => Problem::unusable(error.to_string(), error.help()),
    }
}

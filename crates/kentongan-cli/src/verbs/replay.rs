//! `kentongan replay`: what a journal comes to, under the policy that is given.

use std::io;
use std::path::Path;

use kentongan::Policy;
use kentongan_journal::{JournalError, Record, Records};
use kentongan_lab::Run;

use crate::Verdict;
use crate::arguments::{Common, Replay};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Replay, output: &mut Output) -> Result<Verdict, Problem> {
    files::stdin_once(common.policy.as_deref(), std::slice::from_ref(&given.journal))?;
    let policy = files::required_policy(common.policy.as_deref())?;
    let (records, damage) = records(&given.journal, &policy, output)?;
    let journal = records.iter().filter_map(Record::entry);
    let run = Run::replay(files::name(&given.journal), policy.clone(), journal)
        .map_err(|error| Problem::at_fault(error.to_string(), error.help()))?;
    super::show(&run, &policy, common.format(), given.all, output)?;
    match damage {
        None => Ok(Verdict::Fine),
        Some(error) => {
            output.flush()?;
            Err(refused(&error))
        }
    }
}

/// Refuses a journal of another policy: under this one a document would tell of promises that nobody made.
pub(super) fn same_policy(path: &Path, records: &[Record], policy: &Policy) -> Result<(), Problem> {
    if !records.is_empty() && records.iter().all(|record| record.policy != policy.digest()) {
        let message = format!("`{}` was written under another policy than `{}`", files::name(path), policy.name());
        return Err(Problem::unusable(message, "give the one it was written under with `--policy`"));
    }
    Ok(())
}

/// The good records of a journal, and what ended them early. What is odd about it is said.
pub(super) fn records(
    path: &Path,
    policy: &Policy,
    output: &mut Output,
) -> Result<(Vec<Record>, Option<JournalError>), Problem> {
    let name = files::name(path);
    let (records, tail) = if files::is_stdin(path) {
        collect(Records::from_reader(&name, io::stdin().lock()).map_err(|error| refused(&error))?)
    } else {
        collect(kentongan_journal::read(path).map_err(|error| refused(&error))?)
    };
    let (records, damage) = records;
    if let Some(tail) = tail {
        output.note(&format!("{name}: {tail}"));
    }
    if let Some(other) = records.iter().find(|record| record.policy != policy.digest()) {
        output.note(&format!(
            "{name}: record {} was written under policy {}, and is replayed under {}, {}",
            other.seq,
            short(&other.policy),
            policy.name(),
            short(policy.digest()),
        ));
    }
    Ok((records, damage))
}

/// The good records, then what ended them early, and what is left over at the end.
fn collect<R: io::Read>(mut records: Records<R>) -> ((Vec<Record>, Option<JournalError>), Option<String>) {
    let mut good = Vec::new();
    let mut damage = None;
    for record in records.by_ref() {
        match record {
            Ok(record) => good.push(record),
            Err(error) => damage = Some(error),
        }
    }
    let tail = records.tail().map(|tail| {
        format!(
            "the last {} bytes, from byte {}, are no whole record and are passed over: {}",
            tail.bytes, tail.offset, tail.damage
        )
    });
    ((good, damage), tail)
}

/// Damage is a finding about the journal; a file that cannot be read is not.
pub(super) fn refused(error: &JournalError) -> Problem {
    match error {
        JournalError::Io { path, source, .. } => {
            Problem::unusable(format!("cannot read `{}`: {}", path.display(), files::reason(source)), "")
        }
        JournalError::NotAJournal { .. } => {
            Problem::unusable(error.to_string(), "name a file that `kentongan_journal::Store` has written")
        }
        _ => Problem::at_fault(error.to_string(), error.help()),
    }
}

/// A digest as people compare it.
fn short(digest: &str) -> &str {
    digest.get(..19).unwrap_or(digest)
}

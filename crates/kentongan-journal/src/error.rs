//! What can go wrong with a journal, each with a stable code and a remedy.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use kentongan::Rejected;
use serde::Serialize;

use crate::content::MissingPolicy;
use crate::limits::{FORMAT_VERSION, RECORD_BYTES_MAX, SNAPSHOT_BYTES_MAX};
use crate::walk::HEADER;

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Damage {
    /// The file stops before the line does.
    Unfinished,
    /// It does not have the shape of a record.
    NotARecord,
    /// Its bytes, or those of a record before it, are not the ones that were written.
    ChecksumMismatch,
    /// It is a record with another number than its place has: one was lost, doubled or moved.
    Misplaced {
        /// The number it says it has.
        found: u64,
    },
    /// It is longer than any record may be.
    TooLong,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfinished => f.write_str("the file stops in the middle of it"),
            Self::NotARecord => f.write_str("the line is not a record"),
            Self::ChecksumMismatch => f.write_str("the checksum does not match"),
            Self::Misplaced { found } => write!(f, "record {found} stands in its place"),
            Self::TooLong => write!(f, "the line is longer than {RECORD_BYTES_MAX} bytes"),
        }
    }
}

/// Why a store does nothing any more until it is opened again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Poison {
    /// A record could be written in part only, and that part not be taken back.
    PartialRecord,
    /// The machine could not say that a record is on disk. Nobody knows then what is.
    FailedSync,
    /// The engine panicked in the middle of a step.
    EnginePanic,
}

impl fmt::Display for Poison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PartialRecord => "part of a record could not be taken back",
            Self::FailedSync => "a write could not be confirmed to be on disk",
            Self::EnginePanic => "the engine panicked in the middle of a step",
        })
    }
}

/// Why a journal cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The machine refused.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was tried: `open`, `write`, …
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the machine said.
        source: io::Error,
    },
    /// Another writer has it open.
    #[error("the journal `{}` is open in another writer", path.display())]
    Locked {
        /// The journal.
        path: PathBuf,
    },
    /// The file does not begin as a journal does.
    #[error("`{}` is not a journal", path.display())]
    NotAJournal {
        /// The file.
        path: PathBuf,
    },
    /// A newer release has written it.
    #[error("the journal `{}` has format {found}; this release reads up to {FORMAT_VERSION}", path.display())]
    NewerFormat {
        /// The journal.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// A record that is not the last one is damaged.
    #[error("the journal `{}` is damaged at record {seq}, line {line}, byte {offset}: {damage}", path.display())]
    Corrupt {
        /// The journal.
        path: PathBuf,
        /// The number of the record that should stand there.
        seq: u64,
        /// Its line, counted from 1.
        line: u64,
        /// Where the line begins, in bytes.
        offset: u64,
        /// What is wrong with it.
        damage: Damage,
    },
    /// A record is whole, but this engine does not understand it.
    #[error("record {seq} of the journal `{}`, on line {line}, cannot be understood: {reason}", path.display())]
    UnreadableRecord {
        /// The journal.
        path: PathBuf,
        /// The number of the record.
        seq: u64,
        /// Its line, counted from 1.
        line: u64,
        /// What is not understood.
        reason: String,
    },
    /// The last record was applied under another policy.
    #[error("the journal `{}` was written under policy `{found}`, not `{expected}`", path.display())]
    OtherPolicy {
        /// The journal.
        path: PathBuf,
        /// The digest in the journal.
        found: String,
        /// The digest of the policy at hand.
        expected: String,
    },
    /// A policy that the journal was written under before a reload is not at hand.
    #[error("the journal `{}` cannot be lived through again: {missing}", path.display())]
    MissingPolicy {
        /// The journal.
        path: PathBuf,
        /// Which one.
        missing: MissingPolicy,
    },
    /// The record would be longer than any may be. Nothing was written.
    #[error("the record has {bytes} bytes")]
    RecordTooLong {
        /// Its length.
        bytes: usize,
    },
    /// The input cannot be written as a record. Nothing was written.
    #[error("the input cannot be written: {reason}")]
    Unwritable {
        /// Why.
        reason: String,
    },
    /// The snapshot would be larger than any may be. None was written.
    #[error("the snapshot has {bytes} bytes")]
    SnapshotTooLong {
        /// Its length.
        bytes: usize,
    },
    /// Something went wrong before, and the store cannot vouch for its file or its engine any more.
    #[error("the store is out of use: {poison}")]
    Poisoned {
        /// What went wrong.
        poison: Poison,
    },
}

impl JournalError {
    /// The stable name of this kind of error: `locked`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "io",
            Self::Locked { .. } => "locked",
            Self::NotAJournal { .. } => "not_a_journal",
            Self::NewerFormat { .. } => "newer_format",
            Self::Corrupt { .. } => "corrupt",
            Self::UnreadableRecord { .. } => "unreadable_record",
            Self::OtherPolicy { .. } => "other_policy",
            Self::MissingPolicy { missing, .. } => missing.code(),
            Self::RecordTooLong { .. } => "record_too_long",
            Self::Unwritable { .. } => "unwritable",
            Self::SnapshotTooLong { .. } => "snapshot_too_long",
            Self::Poisoned { .. } => "poisoned",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "there is no such file: see its name and its directory; a journal's file is made by the first who opens it for writing, in a directory that is there".to_owned()
            }
            Self::Io { .. } => "see that the disk has room and that the file and its directory can be written".to_owned(),
            Self::Locked { .. } => "stop the other process, or give this one a journal of its own".to_owned(),
            Self::NotAJournal { .. } => format!("name a journal, or a file that does not exist yet; the first line of a journal is `{HEADER}`"),
            Self::NewerFormat { .. } | Self::UnreadableRecord { .. } => "use the release that wrote it, or a newer one".to_owned(),
            Self::Corrupt { .. } => "copy the file; then restore it from a backup, or give up what follows with `Store::recover`, which keeps the cut part beside it".to_owned(),
            Self::OtherPolicy { .. } => "open it with the policy it was written under, or replay it under the new one with `StoreOptions::adopt_policy`".to_owned(),
            Self::MissingPolicy { missing, .. } => missing.help().to_owned(),
            Self::RecordTooLong { .. } => format!("keep a record within {RECORD_BYTES_MAX} bytes: shorten the texts of the alert"),
            Self::Unwritable { .. } => "report it: every input should be writable".to_owned(),
            Self::SnapshotTooLong { .. } => format!("keep it within {SNAPSHOT_BYTES_MAX} bytes: resolve incidents, or shorten the policy's retention"),
            Self::Poisoned { .. } => "open the journal again: what was confirmed is in it".to_owned(),
        }
    }

    /// The file that it speaks of, if it does of one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Io { path, .. }
            | Self::Locked { path }
            | Self::NotAJournal { path }
            | Self::NewerFormat { path, .. }
            | Self::Corrupt { path, .. }
            | Self::UnreadableRecord { path, .. }
            | Self::OtherPolicy { path, .. }
            | Self::MissingPolicy { path, .. } => Some(path),
            Self::RecordTooLong { .. }
            | Self::Unwritable { .. }
            | Self::SnapshotTooLong { .. }
            | Self::Poisoned { .. } => None,
        }
    }

    /// The line of that file, counted from 1, where one record is at fault.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::Corrupt { line, .. } | Self::UnreadableRecord { line, .. } => Some(*line),
            Self::Io { .. }
            | Self::Locked { .. }
            | Self::NotAJournal { .. }
            | Self::NewerFormat { .. }
            | Self::OtherPolicy { .. }
            | Self::MissingPolicy { .. }
            | Self::RecordTooLong { .. }
            | Self::Unwritable { .. }
            | Self::SnapshotTooLong { .. }
            | Self::Poisoned { .. } => None,
        }
    }
}

/// Why a store has not applied an input. Then the engine is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The engine refuses the input. It is not in the journal.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// The journal could not be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl StoreError {
    /// The stable name of this kind of error: `unknown_incident`, `io`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rejected(rejected) => rejected.code(),
            Self::Journal(error) => error.code(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Rejected(rejected) => rejected.help(),
            Self::Journal(error) => error.help(),
        }
    }
}

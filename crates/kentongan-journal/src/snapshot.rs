//! The snapshot file: the state of the engine at one record of one journal. It saves time and is never the only copy:
//! whatever is odd about it, the journal is replayed instead.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use kentongan::{Effect, Engine, RestoreError, Snapshot};
use serde::{Deserialize, Serialize};

use crate::chain::Chain;
use crate::error::JournalError;
use crate::files::{beside, replace};
use crate::limits::SNAPSHOT_BYTES_MAX;
use crate::walk::Position;

const FORMAT: &str = "kentongan-journal-snapshot";
const VERSION: u32 = 1;

/// Why a snapshot was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", content = "reason", rename_all = "snake_case")]
#[non_exhaustive]
pub enum SnapshotProblem {
    /// The machine cannot read it.
    #[error("the snapshot cannot be read: {0}")]
    Unreadable(String),
    /// Its bytes are not the ones that were written.
    #[error("the snapshot is damaged")]
    Damaged,
    /// It belongs to another journal, or to another course of this one.
    #[error("the snapshot is of another journal")]
    Foreign,
    /// The journal ends before the record it was taken at: records that were confirmed are missing.
    #[error("the snapshot was taken at a record that the journal does not hold")]
    NewerThanJournal,
    /// The engine does not take it: it is of a newer release or another policy.
    #[error("{0}")]
    NotRestored(String),
}

/// The first line of the file. The second is the state.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Header {
    format: String,
    version: u32,
    /// The last record it holds the consequences of.
    pub(crate) seq: u64,
    /// Where the next record begins.
    pub(crate) offset: u64,
    chain: String,
    /// What that record came to, as far as nobody reports on it: a host may not have recorded it yet.
    pub(crate) effects: Vec<Effect>,
}

/// A snapshot whose bytes are as they were written.
#[derive(Debug)]
pub(crate) struct Saved {
    pub(crate) header: Header,
    state: Snapshot,
}

impl Saved {
    /// Reads the snapshot of a journal, if there is one.
    pub(crate) fn read(journal: &Path) -> Result<Option<Self>, SnapshotProblem> {
        let unreadable = |error: std::io::Error| SnapshotProblem::Unreadable(error.to_string());
        let file = match File::open(beside(journal, ".snapshot")) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(unreadable)?,
        };
        let mut text = Vec::new();
        let read = file.take(SNAPSHOT_BYTES_MAX as u64 + 1).read_to_end(&mut text).map_err(unreadable)?;
        if read > SNAPSHOT_BYTES_MAX {
            return Err(SnapshotProblem::Damaged);
        }
        Self::decode(&text).map(Some)
    }

    fn decode(text: &[u8]) -> Result<Self, SnapshotProblem> {
        let damaged = || SnapshotProblem::Damaged;
        let text = std::str::from_utf8(text).map_err(|_| damaged())?;
        let (line, state) = text.split_once('\n').ok_or_else(damaged)?;
        let (body, seal) = line.rsplit_once(CHECKSUM).ok_or_else(damaged)?;
        let checksum = seal.strip_suffix("\"}").ok_or_else(damaged)?;
        if checksum != digest(body, state) {
            return Err(damaged());
        }
        let odd = |error: serde_json::Error| SnapshotProblem::NotRestored(error.to_string());
        let header: Header = serde_json::from_str(&format!("{body}}}")).map_err(odd)?;
        if header.format != FORMAT || header.version > VERSION {
            return Err(SnapshotProblem::NotRestored(format!(
                "the snapshot is `{}` of version {}",
                header.format, header.version
            )));
        }
        let state = Snapshot::from_json(state)
            .map_err(|error: RestoreError| SnapshotProblem::NotRestored(error.to_string()))?;
        Ok(Self { header, state })
    }

    /// Whether it was taken at this place of this journal.
    pub(crate) fn is_at(&self, place: Position) -> bool {
        self.header.seq == place.seq
            && self.header.offset == place.offset
            && self.header.chain == place.chain.to_string()
    }

    /// The digest of the policy that it was taken under.
    pub(crate) fn policy(&self) -> &str {
        self.state.policy()
    }

    /// The state, and what the last record came to.
    pub(crate) fn into_parts(self) -> (Snapshot, Vec<Effect>) {
        (self.state, self.header.effects)
    }
}

/// Writes the snapshot of a journal whose last record is at `end`.
pub(crate) fn write(journal: &Path, end: Position, engine: &Engine, effects: &[Effect]) -> Result<(), JournalError> {
    let header = Header {
        format: FORMAT.to_owned(),
        version: VERSION,
        seq: end.seq,
        offset: end.offset,
        chain: end.chain.to_string(),
        effects: effects.to_vec(),
    };
    let mut line =
        serde_json::to_string(&header).map_err(|error| JournalError::Unwritable { reason: error.to_string() })?;
    line.pop();
    let state = engine.snapshot().to_json();
    let checksum = digest(&line, &state);
    line.push_str(CHECKSUM);
    line.push_str(&checksum);
    line.push_str("\"}\n");
    let bytes = line.len() + state.len();
    if bytes > SNAPSHOT_BYTES_MAX {
        return Err(JournalError::SnapshotTooLong { bytes });
    }
    let path = beside(journal, ".snapshot");
    replace(&path, [line.as_bytes(), state.as_bytes()])
}

/// What stands between the first line and its checksum. The last one in the line counts.
const CHECKSUM: &str = ",\"checksum\":\"";

fn digest(header: &str, state: &str) -> String {
    let line = [header.as_bytes(), b"\n"].concat();
    Chain::start(&line).after(state.as_bytes()).to_string()
}

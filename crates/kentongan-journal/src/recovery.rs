//! What opening a journal found, and what the host has to do about it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use kentongan::Effect;
use kentongan::calendar::time_zone_data_version;
use serde::Serialize;

use crate::content::Course;
use crate::error::{Damage, JournalError};
use crate::files::{Files, at};
use crate::record::{Mark, Record};
use crate::snapshot::SnapshotProblem;
use crate::walk::{HEADER, Next, Opened, Position, Tail, Walk, understand};

/// What opening a journal found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Recovery {
    /// Whether the journal was begun now, for want of one.
    pub created: bool,
    /// How many records it holds.
    pub records: u64,
    /// How many of them the engine lived through again; the snapshot stands for the others.
    pub replayed: u64,
    /// How many of those the engine refused. Only another policy or another release of the engine can cause that.
    pub refused: u64,
    /// What became of the snapshot.
    pub snapshot: SnapshotUse,
    /// What was cut off at the end, if the last write was cut short.
    pub torn: Option<Cut>,
    /// The digest of the policy that the journal was written under, where it has been replayed under another.
    pub adopted_from: Option<String>,
    /// Who wrote the last record, where that was not this release with this time zone data. A replay may differ then.
    pub written_by: Option<Origin>,
    /// The effects that the host is to perform unless it knows that it has: those whose outcome is not reported, and
    /// the others that the last record came to.
    pub effects: Vec<Effect>,
}

/// What became of the snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum SnapshotUse {
    /// There is none.
    Absent,
    /// The replay began after this record.
    Used {
        /// Its number.
        seq: u64,
    },
    /// It was passed over, and the replay began at the first record.
    Ignored {
        /// Why.
        problem: SnapshotProblem,
    },
}

/// Who wrote a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The version of the engine.
    pub engine: String,
    /// The version of the time zone data it carried.
    pub time_zone_data: String,
}

impl Origin {
    /// Who wrote a record, if it was not this build.
    pub(crate) fn foreign(record: &Record) -> Option<Self> {
        let ours = record.engine == env!("CARGO_PKG_VERSION") && record.time_zone_data == time_zone_data_version();
        (!ours).then(|| Self { engine: record.engine.clone(), time_zone_data: record.time_zone_data.clone() })
    }
}

/// What was cut off the end of a journal, and where it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cut {
    /// How many good records stand before it.
    pub records: u64,
    /// Where it began, in bytes.
    pub offset: u64,
    /// Its length in bytes.
    pub bytes: u64,
    /// What is wrong with its first line.
    pub damage: Damage,
    /// The file that it was added to.
    pub kept: PathBuf,
}

/// Cuts a damaged journal after its last good record; see [`crate::Store::recover`].
pub(crate) fn recover(path: &Path) -> Result<Option<Cut>, JournalError> {
    let files = Files::open(path, false)?;
    let mut walk = match Walk::open(&files.path, files.reader_at(0)?)? {
        Opened::Begun(walk) => walk,
        Opened::Unbegun(_) => return Ok(None),
    };
    let damage = loop {
        match walk.next() {
            Ok(Next::Record(_)) => {}
            Ok(Next::End(None)) => return Ok(None),
            Ok(Next::End(Some(tail))) => break tail.damage,
            Err(JournalError::Corrupt { damage, .. }) => break damage,
            Err(error) => return Err(error),
        }
    };
    let end = walk.position();
    cut(&files, end, damage).map(Some)
}

/// Cuts off everything after the last good record.
pub(crate) fn cut(files: &Files, end: Position, damage: Damage) -> Result<Cut, JournalError> {
    let length = files.file.metadata().map_err(at("read", &files.path))?.len();
    let kept = files.cut(end.offset)?;
    Ok(Cut { records: end.seq, offset: end.offset, bytes: length.saturating_sub(end.offset), damage, kept })
}

/// What a journal holds, every byte of it looked at and none of it believed yet.
#[derive(Debug)]
pub(crate) struct Survey {
    /// Whether there is no header yet.
    pub(crate) unbegun: bool,
    /// The place after the last good record.
    pub(crate) end: Position,
    pub(crate) tail: Option<Tail>,
    pub(crate) last: Option<Record>,
    /// The place after the record that was asked for, if there is one.
    pub(crate) marked: Option<Position>,
    /// How it came to the policy that it ends under.
    pub(crate) course: Option<Course>,
    /// The number of the first reload.
    pub(crate) first_reload: Option<u64>,
}

/// Walks along the whole journal. `mark` is the number of a record whose place is wanted.
pub(crate) fn survey(files: &Files, mark: Option<u64>) -> Result<Survey, JournalError> {
    let mut survey = Survey {
        unbegun: true,
        end: Position::first(),
        tail: None,
        last: None,
        marked: None,
        course: None,
        first_reload: None,
    };
    let Opened::Begun(mut walk) = Walk::open(&files.path, files.reader_at(0)?)? else {
        return Ok(survey);
    };
    survey.unbegun = false;
    let mut last = Vec::new();
    loop {
        if mark == Some(walk.position().seq) {
            survey.marked = Some(walk.position());
        }
        match walk.next()? {
            Next::Record(body) => {
                last.clear();
                last.extend_from_slice(body);
                // What cannot be read was written by a newer release; the replay, which has to read it, says so.
                if let Ok(Mark { policy, reload }) = Mark::decode(body) {
                    let seq = walk.position().seq;
                    survey.first_reload = survey.first_reload.or(reload.is_some().then_some(seq));
                    survey.course = Some(Course::after(survey.course.take(), seq, &policy, reload.as_ref()));
                }
            }
            Next::End(tail) => {
                survey.tail = tail;
                survey.end = walk.position();
                if survey.end.seq > 0 {
                    survey.last = Some(understand(&files.path, survey.end.seq, &last)?);
                }
                return Ok(survey);
            }
        }
    }
}

/// Writes the header of a new journal.
pub(crate) fn begin(files: &Files) -> Result<(), JournalError> {
    let mut file = files.reader_at(0)?;
    file.write_all(format!("{HEADER}\n").as_bytes()).map_err(at("write", &files.path))
}

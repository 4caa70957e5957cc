//! A walk along a journal, line by line: it vouches for every byte it has passed.

use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::chain::Chain;
use crate::error::{Damage, JournalError};
use crate::limits::{FORMAT_VERSION, RECORD_BYTES_MAX};
use crate::lines::{Line, Lines};
use crate::record::{Record, claimed_seq, unseal};

/// The name of the format, in the header.
const FORMAT: &str = "kentongan-journal";
/// The first line of every journal. It holds nothing that varies, so that any other byte in it is noticed.
pub(crate) const HEADER: &str = r#"{"format":"kentongan-journal","version":1}"#;

/// A place between two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    /// How many records stand before it.
    pub(crate) seq: u64,
    /// How many bytes stand before it.
    pub(crate) offset: u64,
    /// The link after the record before it.
    pub(crate) chain: Chain,
}

impl Position {
    /// The place after the header.
    pub(crate) fn first() -> Self {
        Self { seq: 0, offset: HEADER.len() as u64 + 1, chain: Chain::start(HEADER.as_bytes()) }
    }

    /// The place after a record whose content and whole line are these long.
    pub(crate) fn after(self, body: &[u8], line_bytes: usize) -> Self {
        Self { seq: self.seq + 1, offset: self.offset + line_bytes as u64, chain: self.chain.after(body) }
    }
}

/// What is left at the end of a journal after the last good record: a write that was cut short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Tail {
    /// Where it begins, in bytes.
    pub offset: u64,
    /// Its length in bytes.
    pub bytes: u64,
    /// What is wrong with it.
    pub damage: Damage,
}

/// What comes next.
#[derive(Debug)]
pub(crate) enum Next<'a> {
    /// A good record: the content of its line.
    Record(&'a [u8]),
    /// The end, and what is left over after the last good record.
    End(Option<Tail>),
}

/// A walk. After an error or the end it is not to be asked again.
#[derive(Debug)]
pub(crate) struct Walk<R> {
    path: PathBuf,
    lines: Lines<R>,
    line: Vec<u8>,
    position: Position,
}

impl<R: Read> Walk<R> {
    /// Reads the header. A journal whose header was cut short holds nothing: that is [`Opened::Unbegun`].
    pub(crate) fn open(path: &Path, reader: R) -> Result<Opened<R>, JournalError> {
        let mut walk = Self::resume(path, reader, Position::first());
        let found = walk.next_line()?;
        match found {
            Line::Whole if walk.line == HEADER.as_bytes() => Ok(Opened::Begun(walk)),
            Line::End | Line::Unfinished if HEADER.as_bytes().starts_with(&walk.line) => {
                Ok(Opened::Unbegun(walk.line.len() as u64))
            }
            Line::Whole | Line::Unfinished | Line::TooLong | Line::End => Err(foreign(path, &walk.line)),
        }
    }

    /// Goes on from a place: `reader` stands there.
    pub(crate) fn resume(path: &Path, reader: R, position: Position) -> Self {
        Self { path: path.to_owned(), lines: Lines::new(reader, RECORD_BYTES_MAX), line: Vec::new(), position }
    }

    /// Where it stands.
    pub(crate) fn position(&self) -> Position {
        self.position
    }

    /// Goes past the next record, if it is good.
    pub(crate) fn next(&mut self) -> Result<Next<'_>, JournalError> {
        let found = self.next_line()?;
        let (line_bytes, damage) = match found {
            Line::End => return Ok(Next::End(None)),
            Line::Unfinished => (self.line.len(), Damage::Unfinished),
            Line::TooLong => return Err(self.corrupt(Damage::TooLong)),
            Line::Whole => {
                let line_bytes = self.line.len() + 1;
                match inspect(&self.line, self.position) {
                    Ok(body_bytes) => {
                        let body = self.line.get(..body_bytes).unwrap_or_default();
                        self.position = self.position.after(body, line_bytes);
                        return Ok(Next::Record(body));
                    }
                    Err(damage) => (line_bytes, damage),
                }
            }
        };
        // Records are written one by one, each known to be on disk before the next: only the last can be cut short.
        let last = self.lines.at_end().map_err(|source| self.io(source))?;
        if !last {
            return Err(self.corrupt(damage));
        }
        Ok(Next::End(Some(Tail { offset: self.position.offset, bytes: line_bytes as u64, damage })))
    }

    fn next_line(&mut self) -> Result<Line, JournalError> {
        let found = self.lines.next(&mut self.line);
        found.map_err(|source| self.io(source))
    }

    fn io(&self, source: std::io::Error) -> JournalError {
        JournalError::Io { action: "read", path: self.path.clone(), source }
    }

    fn corrupt(&self, damage: Damage) -> JournalError {
        JournalError::Corrupt {
            path: self.path.clone(),
            seq: self.position.seq + 1,
            line: self.position.seq + 2,
            offset: self.position.offset,
            damage,
        }
    }
}

/// A journal that is there, or one whose writer was stopped before the header was down.
#[derive(Debug)]
pub(crate) enum Opened<R> {
    /// It has a header; records follow.
    Begun(Walk<R>),
    /// It has this many bytes of a header, and nothing else.
    Unbegun(u64),
}

/// Reads the record that a walk has just passed. It is whole, so what cannot be read was written by another release.
pub(crate) fn understand(path: &Path, seq: u64, body: &[u8]) -> Result<Record, JournalError> {
    let reason = match Record::decode(body) {
        Ok(record) if record.seq == seq => return Ok(record),
        Ok(record) => format!("it says that it is record {}", record.seq),
        Err(error) => error.to_string(),
    };
    Err(JournalError::UnreadableRecord { path: path.to_owned(), seq, line: seq + 1, reason })
}

/// The length of the content of a line, if it is the good record that belongs there.
fn inspect(line: &[u8], position: Position) -> Result<usize, Damage> {
    let (body, chain) = unseal(line).ok_or(Damage::NotARecord)?;
    if position.chain.after(body).to_string().as_bytes() == chain {
        return Ok(body.len());
    }
    match claimed_seq(line) {
        Some(found) if found != position.seq + 1 => Err(Damage::Misplaced { found }),
        _ => Err(Damage::ChecksumMismatch),
    }
}

/// A file that does not begin with the header.
fn foreign(path: &Path, line: &[u8]) -> JournalError {
    #[derive(Deserialize)]
    struct Header {
        format: String,
        version: u32,
    }
    match serde_json::from_slice::<Header>(line) {
        Ok(header) if header.format == FORMAT && header.version > FORMAT_VERSION => {
            JournalError::NewerFormat { path: path.to_owned(), found: header.version }
        }
        _ => JournalError::NotAJournal { path: path.to_owned() },
    }
}

//! Reading without writing: the records of a journal, while its writer goes on or from a copy.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::error::JournalError;
use crate::record::Record;
use crate::walk::{Next, Opened, Tail, Walk, understand};

/// The records of a journal in order, each vouched for. It takes no lock and holds one record in memory at a time.
///
/// It ends after the last good record; [`Records::tail`] then says what is left over, which is a write that was cut
/// short, or one that is under way. Damage before that is an error, after which it ends.
#[derive(Debug)]
pub struct Records<R = File> {
    path: PathBuf,
    walk: Option<Walk<R>>,
    tail: Option<Tail>,
    given: u64,
}

/// Opens a journal for reading only.
///
/// # Errors
///
/// When it cannot be opened, is not a journal, or has a newer format.
pub fn read(path: impl AsRef<Path>) -> Result<Records, JournalError> {
    let path = path.as_ref();
    let file = File::open(path).map_err(|source| JournalError::Io { action: "open", path: path.to_owned(), source })?;
    Records::from_reader(path, file)
}

impl<R: Read> Records<R> {
    /// Reads a journal from anything that can be read; `name` is what errors call it.
    ///
    /// # Errors
    ///
    /// When it is not a journal, or has a newer format.
    pub fn from_reader(name: impl AsRef<Path>, reader: R) -> Result<Self, JournalError> {
        let path = name.as_ref().to_owned();
        let (walk, tail) = match Walk::open(&path, reader)? {
            Opened::Begun(walk) => (Some(walk), None),
            Opened::Unbegun(0) => (None, None),
            Opened::Unbegun(bytes) => (None, Some(Tail { offset: 0, bytes, damage: crate::error::Damage::Unfinished })),
        };
        Ok(Self { path, walk, tail, given: 0 })
    }

    /// How many records it has given.
    #[must_use]
    pub fn count_read(&self) -> u64 {
        self.given
    }

    /// What is left over after the last good record. Known once the records have ended.
    #[must_use]
    pub fn tail(&self) -> Option<&Tail> {
        self.tail.as_ref()
    }

    fn step(&mut self) -> Result<Option<Record>, JournalError> {
        let Some(walk) = &mut self.walk else {
            return Ok(None);
        };
        let seq = walk.position().seq + 1;
        match walk.next()? {
            Next::Record(body) => understand(&self.path, seq, body).map(Some),
            Next::End(tail) => {
                self.tail = tail;
                Ok(None)
            }
        }
    }
}

impl<R: Read> Iterator for Records<R> {
    type Item = Result<Record, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if matches!(step, Ok(Some(_))) {
            self.given += 1;
        } else {
            self.walk = None;
        }
        step.transpose()
    }
}

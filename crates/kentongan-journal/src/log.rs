//! The end of a journal, where records are added: each is on disk before anything is done about it.

use std::fmt;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::PathBuf;

use crate::error::{JournalError, Poison};
use crate::files::at;
use crate::limits::RECORD_BYTES_MAX;
use crate::record::seal;
use crate::walk::Position;

/// What a journal needs of the file it is in. Tests put a failing one in its place.
pub(crate) trait Medium: fmt::Debug + Send + Sync {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    fn cut(&mut self, offset: u64) -> io::Result<()>;
    fn sync(&mut self) -> io::Result<()>;
}

impl Medium for File {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.seek(SeekFrom::Start(offset))?;
        self.write_all(bytes)
    }

    fn cut(&mut self, offset: u64) -> io::Result<()> {
        self.set_len(offset)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

/// The end of a journal.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    medium: Box<dyn Medium>,
    end: Position,
    poison: Option<Poison>,
}

impl Log {
    pub(crate) fn new(path: PathBuf, medium: Box<dyn Medium>, end: Position) -> Self {
        Self { path, medium, end, poison: None }
    }

    pub(crate) fn path(&self) -> &PathBuf {
        &self.path
    }

    pub(crate) fn end(&self) -> Position {
        self.end
    }

    /// An error once something has gone wrong that only opening the journal again can mend.
    pub(crate) fn usable(&self) -> Result<(), JournalError> {
        match self.poison {
            Some(poison) => Err(JournalError::Poisoned { poison }),
            None => Ok(()),
        }
    }

    /// Puts the log out of use, or back: around what may be left half done.
    pub(crate) fn set_poison(&mut self, poison: Option<Poison>) {
        self.poison = poison;
    }

    /// Adds a record with this content and waits until it is on disk.
    pub(crate) fn append(&mut self, body: Vec<u8>) -> Result<(), JournalError> {
        self.usable()?;
        let end = self.end.after(&body, 0);
        let line = seal(body, end.chain);
        if line.len() > RECORD_BYTES_MAX {
            return Err(JournalError::RecordTooLong { bytes: line.len() });
        }
        if let Err(source) = self.medium.write_at(self.end.offset, &line) {
            let taken_back = self.medium.cut(self.end.offset);
            if taken_back.is_err() {
                self.poison = Some(Poison::PartialRecord);
            }
            return Err(at("write", &self.path)(source));
        }
        if let Err(source) = self.medium.sync() {
            // After a failed sync the machine may forget what it could not write and report the next one as good.
            // Taking the record back is worth trying; trusting this file handle any further is not.
            let _ = self.medium.cut(self.end.offset);
            self.poison = Some(Poison::FailedSync);
            return Err(at("write", &self.path)(source));
        }
        self.end = Position { offset: end.offset + line.len() as u64, ..end };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Debug, Default)]
    struct Disk {
        bytes: Vec<u8>,
        room: usize,
        cut_fails: bool,
        sync_fails: bool,
    }

    /// A disk that runs full, cannot cut, or cannot confirm, as told.
    #[derive(Debug, Clone)]
    struct Failing(Arc<Mutex<Disk>>);

    impl Medium for Failing {
        fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
            let mut disk = self.0.lock().unwrap();
            let offset = usize::try_from(offset).unwrap();
            disk.bytes.truncate(offset);
            let fits = bytes.len().min(disk.room - offset);
            disk.bytes.extend_from_slice(&bytes[..fits]);
            if fits < bytes.len() {
                return Err(io::ErrorKind::StorageFull.into());
            }
            Ok(())
        }

        fn cut(&mut self, offset: u64) -> io::Result<()> {
            let mut disk = self.0.lock().unwrap();
            if disk.cut_fails {
                return Err(io::ErrorKind::Other.into());
            }
            disk.bytes.truncate(usize::try_from(offset).unwrap());
            Ok(())
        }

        fn sync(&mut self) -> io::Result<()> {
            let disk = self.0.lock().unwrap();
            if disk.sync_fails {
                return Err(io::ErrorKind::Other.into());
            }
            Ok(())
        }
    }

    fn log(room: usize) -> (Log, Arc<Mutex<Disk>>) {
        let first = Position::first();
        let disk = Arc::new(Mutex::new(Disk {
            bytes: vec![b'#'; usize::try_from(first.offset).unwrap()],
            room,
            ..Disk::default()
        }));
        let medium = Box::new(Failing(Arc::clone(&disk)));
        (Log::new("disk".into(), medium, first), disk)
    }

    #[test]
    fn a_record_that_does_not_fit_is_taken_back_and_the_next_goes_on_from_there() {
        let (mut log, disk) = log(300);
        log.append(b"{\"seq\":1".to_vec()).unwrap();
        let (good, end) = (disk.lock().unwrap().bytes.clone(), log.end());
        let error = log.append(vec![b'x'; 200]).unwrap_err();
        assert_eq!(error.code(), "io");
        assert_eq!(log.end(), end);
        assert_eq!(disk.lock().unwrap().bytes, good);
        log.append(b"{\"seq\":2".to_vec()).unwrap();
        assert_eq!(log.end().seq, 2);
    }

    #[test]
    fn a_partial_record_that_stays_puts_the_store_out_of_use() {
        let (mut log, disk) = log(300);
        disk.lock().unwrap().cut_fails = true;
        assert_eq!(log.append(vec![b'x'; 300]).unwrap_err().code(), "io");
        disk.lock().unwrap().room = 1_000;
        let error = log.append(b"{\"seq\":1".to_vec()).unwrap_err();
        assert_eq!(error.code(), "poisoned");
        assert!(error.to_string().contains("taken back"), "{error}");
    }

    #[test]
    fn a_failed_sync_is_never_followed_by_another_record() {
        let (mut log, disk) = log(1_000);
        disk.lock().unwrap().sync_fails = true;
        assert_eq!(log.append(b"{\"seq\":1".to_vec()).unwrap_err().code(), "io");
        disk.lock().unwrap().sync_fails = false;
        let error = log.append(b"{\"seq\":1".to_vec()).unwrap_err();
        assert_eq!(error.code(), "poisoned");
        assert_eq!(log.end(), Position::first());
        assert_eq!(disk.lock().unwrap().bytes.len() as u64, Position::first().offset);
    }

    #[test]
    fn a_record_beyond_the_bound_is_refused_and_nothing_written() {
        let (mut log, disk) = log(usize::MAX);
        let error = log.append(vec![b'x'; RECORD_BYTES_MAX]).unwrap_err();
        assert_eq!(error.code(), "record_too_long");
        assert_eq!(disk.lock().unwrap().bytes.len() as u64, Position::first().offset);
        log.append(b"{\"seq\":1".to_vec()).unwrap();
    }
}

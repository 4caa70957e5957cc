//! The files of a journal: itself, and what is kept beside it. Opening, locking, and making names durable.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::JournalError;

/// A journal, open for writing and locked against other writers.
#[derive(Debug)]
pub(crate) struct Files {
    /// Where it is, links resolved, so that what is beside it is found by every name it has.
    pub(crate) path: PathBuf,
    pub(crate) file: File,
    /// What holds the lock, where that is not the file itself.
    pub(crate) lock: Option<File>,
}

impl Files {
    /// Opens a journal and locks it. `create` makes an empty one where there is none.
    pub(crate) fn open(path: &Path, create: bool) -> Result<Self, JournalError> {
        // A pipe would block, a device never end.
        if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(JournalError::NotAJournal { path: path.to_owned() });
        }
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(create)
            .truncate(false)
            .open(path)
            .map_err(at("open", path))?;
        let path = path.canonicalize().map_err(at("open", path))?;
        // Windows bars everybody from a locked file, readers too; there another file stands for it.
        let lock = if cfg!(windows) {
            let path = beside(&path, ".lock");
            let lock = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
            Some(lock.map_err(at("open", &path))?)
        } else {
            None
        };
        match lock.as_ref().unwrap_or(&file).try_lock() {
            Ok(()) => Ok(Self { path, file, lock }),
            Err(TryLockError::WouldBlock) => Err(JournalError::Locked { path }),
            Err(TryLockError::Error(source)) => Err(at("lock", &path)(source)),
        }
    }

    /// The file from a place on.
    pub(crate) fn reader_at(&self, offset: u64) -> Result<&File, JournalError> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset)).map_err(at("read", &self.path))?;
        Ok(file)
    }

    /// Makes sure that what was read is on disk, and the file's name too: the last writer may have been stopped
    /// between a write and its confirmation.
    pub(crate) fn confirm(&self) -> Result<(), JournalError> {
        self.file.sync_all().map_err(at("write", &self.path))?;
        sync_directory(&self.path)
    }

    /// Cuts off everything from a place on. It is kept in a file beside the journal, which is returned.
    pub(crate) fn cut(&self, offset: u64) -> Result<PathBuf, JournalError> {
        let kept = beside(&self.path, ".torn");
        let keep = || -> io::Result<()> {
            let mut torn = OpenOptions::new().append(true).create(true).open(&kept)?;
            let mut rest = &self.file;
            rest.seek(SeekFrom::Start(offset))?;
            io::copy(&mut rest, &mut torn)?;
            torn.write_all(b"\n")?;
            torn.sync_all()
        };
        keep().map_err(at("write", &kept))?;
        sync_directory(&kept)?;
        let cut = || -> io::Result<()> {
            self.file.set_len(offset)?;
            self.file.sync_all()
        };
        cut().map_err(at("write", &self.path))?;
        Ok(kept)
    }
}

/// The file of that name beside a journal.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Replaces a file as a whole: whoever reads it finds the old content or the new, never a mixture.
pub(crate) fn replace(path: &Path, parts: [&[u8]; 2]) -> Result<(), JournalError> {
    let new = beside(path, ".new");
    let write = || -> io::Result<()> {
        let mut file = File::create(&new)?;
        for part in parts {
            file.write_all(part)?;
        }
        file.sync_all()?;
        fs::rename(&new, path)
    };
    write().map_err(at("write", path))?;
    sync_directory(path)
}

/// Makes the name of a file durable. Windows has no such call, and needs none.
fn sync_directory(path: &Path) -> Result<(), JournalError> {
    if cfg!(windows) {
        return Ok(());
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(at("write", directory))
}

/// An error of the machine, with what was tried on which file.
pub(crate) fn at(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> JournalError {
    move |source| JournalError::Io { action, path: path.to_owned(), source }
}

//! A journal's file as it stands, record by record, while its writer goes on.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard};

use kentongan_journal::Records;
use pyo3::prelude::*;

use crate::failure::{self, guarded, poisoned};
use crate::policy::json;

/// The records of a journal. Import kentongan.Records instead.
#[pyclass(frozen, subclass, module = "kentongan._kentongan")]
pub(crate) struct RecordsCore {
    records: Mutex<Records>,
}

impl RecordsCore {
    fn locked(&self) -> PyResult<MutexGuard<'_, Records>> {
        self.records.lock().map_err(|_| poisoned())
    }
}

#[pymethods]
impl RecordsCore {
    #[new]
    fn new(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let open = || kentongan_journal::read(path).map_err(|error| failure::journal(&error));
        Ok(Self { records: Mutex::new(py.detach(|| guarded(open))?) })
    }

    /// The next record as JSON; None where they end.
    fn next_json(&self, py: Python<'_>) -> PyResult<Option<String>> {
        let next = || self.locked()?.next().transpose().map_err(|error| failure::journal(&error));
        Ok(py.detach(|| guarded(next))?.map(|record| json(&record)))
    }

    /// What is left over after the last good record, once they have ended: where it begins and its length in bytes, and
    /// what is wrong with it.
    fn tail_parts(&self) -> PyResult<Option<(u64, u64, String)>> {
        Ok(self.locked()?.tail().map(|tail| (tail.offset, tail.bytes, tail.damage.to_string())))
    }
}

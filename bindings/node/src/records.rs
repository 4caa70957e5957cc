//! A journal's file as it stands, record by record, while its writer goes on.

use std::sync::{Arc, Mutex, PoisonError};

use kentongan_journal::Records;
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;

use crate::job::{Job, Pages};
use crate::problem::{Problem, json};

/// The records of a journal, and what ended them too early.
struct Reading {
    records: Records,
    problem: Option<Problem>,
}

/// The records of a journal.
#[napi]
pub struct NativeRecords {
    reading: Arc<Mutex<Reading>>,
}

#[napi]
impl NativeRecords {
    /// Opens a journal for reading only.
    #[napi(ts_return_type = "Promise<NativeRecords>")]
    #[must_use]
    pub fn open(path: String) -> AsyncTask<Job<NativeRecords>> {
        Job::start(move || {
            let records = kentongan_journal::read(path)?;
            Ok(Self { reading: Arc::new(Mutex::new(Reading { records, problem: None })) })
        })
    }

    /// The next records as a JSON array, at most so many; an empty one where they end. What is damaged is said after the
    /// good ones before it.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn next(&self, limit: u32) -> AsyncTask<Pages> {
        let reading = Arc::clone(&self.reading);
        Pages::start(move || {
            let mut reading = reading.lock().unwrap_or_else(PoisonError::into_inner);
            let Reading { records, problem } = &mut *reading;
            if let Some(problem) = problem.take() {
                return Err(problem);
            }
            let mut found = Vec::new();
            for record in records.take(limit as usize) {
                match record {
                    Ok(record) => found.push(record),
                    Err(error) => {
                        *problem = Some(error.into());
                        break;
                    }
                }
            }
            match problem.take_if(|_| found.is_empty()) {
                Some(problem) => Err(problem),
                None => Ok(vec![json(&found).into_bytes()]),
            }
        })
    }

    /// What is left over after the last good record, as JSON, in pages of which there is none where nothing is.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn tail(&self) -> AsyncTask<Pages> {
        let reading = Arc::clone(&self.reading);
        Pages::start(move || {
            let reading = reading.lock().unwrap_or_else(PoisonError::into_inner);
            let tail = reading
                .records
                .tail()
                .map(|tail| serde_json::json!({ "offset": tail.offset, "bytes": tail.bytes, "damage": tail.damage }));
            Ok(tail.map(|tail| json(&tail).into_bytes()).into_iter().collect::<Vec<_>>())
        })
    }
}

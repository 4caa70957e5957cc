//! Errors as Python sees them: one mapping, from each kind of error to the exception that stands for it.
//!
//! The exceptions are written in Python, since a class of the stable interface cannot extend an exception, and since
//! they are pickled there.

use std::any::Any;
use std::error::Error;
use std::panic::{self, AssertUnwindSafe};

use kentongan::report::DocumentError;
use kentongan::source::{Diagnostics, did_you_mean};
use kentongan::{Rejected, RestoreError};
use kentongan_ingest::{IntakeError, Place};
use kentongan_journal::{JournalError, MissingPolicy, StoreError};
use kentongan_lab::RunError;
use pyo3::prelude::*;

mod exceptions {
    pyo3::import_exception!(kentongan.errors, DataError);
    pyo3::import_exception!(kentongan.errors, KentonganError);
    pyo3::import_exception!(kentongan.errors, InternalError);
    pyo3::import_exception!(kentongan.errors, JournalError);
    pyo3::import_exception!(kentongan.errors, Rejected);
    pyo3::import_exception!(kentongan.errors, RestoreError);
}

/// Does some work of the engine's. A panic is a defect of ours and must not end the host: it becomes an exception that
/// `except Exception` catches, where pyo3's own would pass it.
pub(crate) fn guarded<T>(work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| Err(defect(payload.as_ref())))
}

fn defect(payload: &(dyn Any + Send)) -> PyErr {
    let said = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let message = format!("the engine panicked: {}", said.unwrap_or("it did not say why"));
    exceptions::InternalError::new_err((
        "panic",
        message,
        "this is a defect of kentongan; please report it with the policy and the input",
    ))
}

/// Says that an engine has panicked before.
pub(crate) fn poisoned() -> PyErr {
    exceptions::InternalError::new_err((
        "poisoned",
        "the engine panicked before, and its state cannot be trusted any more",
        "restore it from its last snapshot, or replay its journal",
    ))
}

/// Something that cannot be done with what was handed in, though each value is of the shape it should have.
pub(crate) fn invalid(code: &'static str, message: String, help: &str, place: &str) -> PyErr {
    exceptions::KentonganError::new_err((code, message, help.to_owned(), place.to_owned()))
}

/// A value that is not of the shape it should have.
pub(crate) fn misshapen(code: &'static str, message: String, help: &str, place: &str) -> PyErr {
    exceptions::DataError::new_err((code, message, help.to_owned(), place.to_owned()))
}

/// A text that Python has, and nothing else: half a character stands in it. It comes of bytes in another encoding.
pub(crate) fn halved(place: &str) -> PyErr {
    let help = "decode the bytes in their own encoding, or hand in `text.encode('utf-8', 'replace').decode()`";
    misshapen("invalid_value", "the text has half a character in it".to_owned(), help, place)
}

/// What a policy does not have: a `calendar` or a `schedule` of that name.
pub(crate) fn unknown<'a>(kind: &'static str, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> PyErr {
    let help = match known.clone().next() {
        None => format!("the policy has none; add it under `{kind}s`"),
        Some(_) => did_you_mean(name, known),
    };
    let code = if kind == "calendar" { "unknown_calendar" } else { "unknown_schedule" };
    invalid(code, format!("the policy has no {kind} `{name}`"), &help, "")
}

/// JSON that does not say what it should. Python's layer writes it, so what is wrong is what it was given.
pub(crate) fn unreadable(what: &str, error: &serde_json::Error) -> PyErr {
    misshapen("invalid_data", format!("this is no {what}: {error}"), "see the attributes of its class", "")
}

pub(crate) fn rejected(error: &Rejected) -> PyErr {
    exceptions::Rejected::new_err((error.code(), error.to_string(), error.help()))
}

pub(crate) fn not_restored(error: &RestoreError) -> PyErr {
    exceptions::RestoreError::new_err((error.code(), error.to_string(), error.help()))
}

pub(crate) fn journal(error: &JournalError) -> PyErr {
    let place = error.path().map(|path| {
        let line = error.line().map(|line| format!(":{line}")).unwrap_or_default();
        format!("{}{line}", path.display())
    });
    exceptions::JournalError::new_err((error.code(), in_full(error), error.help(), place))
}

/// An error together with what the machine said, which Rust's errors keep apart.
fn in_full(error: &dyn Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

/// Says that a journal was closed before.
pub(crate) fn closed() -> PyErr {
    exceptions::JournalError::new_err(("closed", "the journal is closed", "open it again"))
}

/// A policy that a reload in a journal names is not at hand.
pub(crate) fn missing_policy(missing: &MissingPolicy) -> PyErr {
    exceptions::JournalError::new_err((missing.code(), missing.to_string(), missing.help()))
}

pub(crate) fn store(error: &StoreError) -> PyErr {
    match error {
        StoreError::Rejected(refusal) => rejected(refusal),
        StoreError::Journal(error) => journal(error),
        other => exceptions::JournalError::new_err((other.code(), other.to_string(), other.help())),
    }
}

pub(crate) fn intake(error: &IntakeError) -> PyErr {
    // Within a sentence a path stands in backticks; by itself it needs none.
    let place = error.place().map(|place| place.to_string().replace('`', ""));
    exceptions::DataError::new_err((error.code(), error.message().to_owned(), error.help().map(str::to_owned), place))
}

/// Columns of a table that are not what they are named for.
pub(crate) fn columns(error: &IntakeError) -> PyErr {
    let place = error.place().and_then(Place::path).unwrap_or_default();
    invalid(error.code(), error.message().to_owned(), error.help().unwrap_or_default(), place)
}

pub(crate) fn document(error: &DocumentError) -> PyErr {
    invalid(error.code(), error.to_string(), error.help(), "")
}

pub(crate) fn run(error: &RunError) -> PyErr {
    exceptions::KentonganError::new_err((error.code(), error.to_string(), error.help()))
}

/// The exception with everything wrong with a document.
pub(crate) fn policy(py: Python<'_>, diagnostics: &Diagnostics) -> PyErr {
    let list = serde_json::to_string(diagnostics).unwrap_or_default();
    let build = || py.import("kentongan.errors")?.getattr("policy_error")?.call1((list, diagnostics.render(false)));
    build().map_or_else(|error| error, PyErr::from_value)
}

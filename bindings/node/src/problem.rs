//! What goes wrong, in the one form in which it crosses to JavaScript: the error's text is JSON, which `ts/error.ts`
//! turns into a `KentonganError`.

use std::error::Error;
use std::fmt::Display;

use kentongan::report::DocumentError;
use kentongan::source::{Diagnostics, did_you_mean};
use kentongan::{PolicyError, Rejected, RestoreError, Timestamp};
use kentongan_ingest::IntakeError;
use kentongan_journal::{JournalError, MissingPolicy, StoreError};
use kentongan_lab::RunError;
use serde::Serialize;
use serde_json::Value;

/// An error of the package, with a stable code and a remedy.
#[derive(Debug)]
pub(crate) struct Problem(Box<Told>);

/// What is told of it.
#[derive(Debug, Serialize)]
struct Told {
    code: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    place: Option<Value>,
    #[serde(skip_serializing_if = "Value::is_null")]
    diagnostics: Value,
}

impl Problem {
    pub(crate) fn new(code: &str, message: impl Display, help: impl Display) -> Self {
        let help = Some(help.to_string()).filter(|help| !help.is_empty());
        let (code, message) = (code.to_owned(), message.to_string());
        Self(Box::new(Told { code, message, help, place: None, diagnostics: Value::Null }))
    }

    /// On a line of what was handed in, counted from 1.
    pub(crate) fn on_line(mut self, line: impl Into<Value>) -> Self {
        let mut place = self.0.place.take().unwrap_or_else(|| serde_json::json!({}));
        if let Some(place) = place.as_object_mut() {
            place.insert("line".to_owned(), line.into());
        }
        self.0.place = Some(place);
        self
    }

    /// JSON that is not what it should be: `noun` names that. What is wrong with one that can be read at all is said in JavaScript,
    /// which knows the names that were written; its columns are those of a text that nobody wrote, perhaps.
    pub(crate) fn unreadable(noun: &str, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let why = text.strip_suffix(&format!(" at line {} column {}", error.line(), error.column())).unwrap_or(&text);
        if error.is_data() {
            let help = format!("hand in {noun} as the declarations of the package describe it");
            return Self::new("invalid_value", format!("not {noun}: {why}"), help);
        }
        let message = format!("not {noun}: not JSON: {why}");
        let mut problem = Self::new("invalid_value", message, "hand in one whole value of JSON, or an object");
        problem.0.place = Some(serde_json::json!({ "line": error.line(), "column": error.column() }));
        problem
    }

    /// A line of a journal that is none, counted from 1. The declarations have the names of JavaScript, and text has not.
    pub(crate) fn unreadable_entry(error: &serde_json::Error, line: usize) -> Self {
        let help = "text is one `{\"at\": …, \"input\": …}` a line in the engine's own JSON (`schema(\"input\")`); hand in a list of \
                    `{ at, input }` for what is in JavaScript's names";
        let unreadable = Self::unreadable("an entry of a journal", error);
        Self::new("invalid_value", unreadable.0.message, help).on_line(line)
    }
}

impl From<Problem> for napi::Error {
    fn from(problem: Problem) -> Self {
        // Text only: there is nothing in it that JSON cannot hold.
        Self::from_reason(serde_json::to_string(&problem.0).unwrap_or_default())
    }
}

impl From<&Diagnostics> for Problem {
    fn from(diagnostics: &Diagnostics) -> Self {
        let first = diagnostics.iter().next();
        let code = first.map_or("invalid_policy", |first| first.code());
        let mut problem = Self::new(code, diagnostics, first.and_then(|first| first.help()).unwrap_or_default());
        problem.0.place = first.and_then(|first| serde_json::to_value(first.place()).ok());
        problem.0.diagnostics = serde_json::to_value(diagnostics).unwrap_or_default();
        problem
    }
}

impl From<PolicyError> for Problem {
    fn from(error: PolicyError) -> Self {
        error.diagnostics().into()
    }
}

impl From<Rejected> for Problem {
    fn from(rejected: Rejected) -> Self {
        Self::new(rejected.code(), &rejected, rejected.help())
    }
}

impl From<RestoreError> for Problem {
    fn from(error: RestoreError) -> Self {
        Self::new(error.code(), &error, error.help())
    }
}

impl From<IntakeError> for Problem {
    fn from(error: IntakeError) -> Self {
        let mut problem = Self::new(error.code(), &error, error.help().unwrap_or_default());
        problem.0.place = error.place().and_then(|place| serde_json::to_value(place).ok());
        problem
    }
}

/// A remedy of the journal's crate, which names what there is in Rust, in the names of this package.
fn in_our_names(help: &str) -> String {
    help.replace("`StoreOptions::adopt_policy`", "`adoptPolicy`").replace("`Store::recover`", "`Journal.recover`")
}

/// An error together with what the machine said, which Rust's errors keep apart.
fn in_full(error: &dyn Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

impl From<JournalError> for Problem {
    fn from(error: JournalError) -> Self {
        let mut problem = Self::new(error.code(), in_full(&error), in_our_names(&error.help()));
        problem.0.place = error.path().map(|path| serde_json::json!({ "file": path.to_string_lossy() }));
        match error.line() {
            Some(line) => problem.on_line(line),
            None => problem,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Rejected(rejected) => rejected.into(),
            StoreError::Journal(error) => error.into(),
            other => Self::new(other.code(), in_full(&other), in_our_names(&other.help())),
        }
    }
}

impl From<MissingPolicy> for Problem {
    fn from(missing: MissingPolicy) -> Self {
        Self::new(missing.code(), &missing, missing.help())
    }
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        Self::new(error.code(), &error, error.help())
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        Self::new(error.code(), &error, error.help())
    }
}

/// What a policy does not have: a `calendar` or a `schedule` of that name.
pub(crate) fn unknown<'a>(kind: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Problem {
    let known: Vec<&str> = known.collect();
    let help = if known.is_empty() {
        format!("the policy has none; add it under `{kind}s`")
    } else {
        did_you_mean(name, known)
    };
    Problem::new(&format!("unknown_{kind}"), format!("the policy has no {kind} `{name}`"), help)
}

/// An instant of JavaScript's, in milliseconds since 1970.
pub(crate) fn instant(millis: f64) -> Result<Timestamp, Problem> {
    #[expect(clippy::cast_possible_truncation, reason = "what is too large becomes the largest, and is out of range")]
    let whole = millis as i64;
    let at = if millis.is_finite() { Timestamp::from_timestamp_millis(whole) } else { None };
    at.ok_or_else(|| {
        Problem::new(
            "invalid_instant",
            format!("`{millis}` is not an instant"),
            "hand in a `Date`, or text such as `2026-11-24T02:00:00Z`",
        )
    })
}

/// Milliseconds since 1970, exact for every instant that JavaScript can name.
#[expect(clippy::cast_precision_loss, reason = "the years of the engine are far within what a float holds exactly")]
pub(crate) fn millis(at: Timestamp) -> f64 {
    at.timestamp_millis() as f64
}

/// Data of the engine's as JSON. Text keys and plain data only: there is nothing that JSON cannot hold.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

//! What a payload gave: its alerts in their order, and what about it deserves a word without being an error.

use std::fmt;

use kentongan::Alert;
use serde::Serialize;

use crate::error::Place;
use crate::source::Source;

/// The alerts of a payload.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Intake {
    /// What the payload was read as.
    pub source: Source,
    /// Its alerts, in the payload's order.
    pub alerts: Vec<Alert>,
    /// What was missing or dropped on the way. The alerts are usable in spite of it.
    pub warnings: Vec<IntakeWarning>,
}

impl Intake {
    pub(crate) fn new(source: Source) -> Self {
        Self { source, alerts: Vec::new(), warnings: Vec::new() }
    }
}

/// Something about a payload that its sender or the host should hear of.
///
/// The codes: `truncated_group`, `missing_fingerprint`, `invalid_instant`, `missing_key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IntakeWarning {
    code: &'static str,
    message: String,
    #[serde(rename = "where")]
    place: Place,
}

impl IntakeWarning {
    pub(crate) fn new(code: &'static str, message: String, place: Place) -> Self {
        Self { code, message, place }
    }

    /// The stable name of this kind of warning: `truncated_group`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What is the matter, in lower case, without a full stop and without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where it stands; nowhere in particular where the payload is a single alert.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.place.known()
    }
}

impl fmt::Display for IntakeWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.place.prefix(), self.message)
    }
}

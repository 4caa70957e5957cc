//! What a post-mortem asks to be done.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::incident::Deed;
use crate::time::Timestamp;

/// One thing to be done, by somebody, by a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActionItem {
    /// What it is called when it is changed or finished.
    pub id: String,
    /// What is to be done.
    pub text: String,
    /// Who does it: a person or a team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The day by whose end it is to be done, in the policy's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// Who has done it, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Deed>,
    /// Who gave it up, when and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped: Option<Dropped>,
}

impl ActionItem {
    /// Whether it is still to be done.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.done.is_none() && self.dropped.is_none()
    }
}

/// Who gave something up, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dropped {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

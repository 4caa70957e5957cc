//! Why nobody is told of an incident for now. Each reason has an end, and the end is a timer.

use serde::{Deserialize, Serialize};

use super::IncidentId;
use crate::time::Timestamp;

/// Somebody has put an incident off: the climb rests until then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snoozed {
    /// Who.
    pub by: String,
    /// Since when.
    pub at: Timestamp,
    /// When it pages whoever is on call then.
    pub until: Timestamp,
    /// Why it can wait.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// An incident of which nobody has been told yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Muted {
    pub(crate) until: Timestamp,
    #[serde(flatten)]
    pub(crate) by: Mute,
}

/// What keeps people from being told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub(crate) enum Mute {
    /// It opened under a silence: it is suppressed.
    Silence { id: String },
    /// Another incident hides it, by an inhibition of the policy: it is suppressed.
    Inhibition { id: String, source: IncidentId },
    /// More alerts may join before people are told: it is suspended.
    GroupWait,
}

//! What is held: messages whose hours have not come. They stand in the state, so that a timer is read off them.

use serde::{Deserialize, Serialize};

use crate::clock::ClockKind;
use crate::effect::Purpose;
use crate::policy::document::MessageKind;
use crate::time::Timestamp;

/// A message of a route that waits for the hours in which the route tells people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Held {
    /// The route, as a path in the policy.
    pub(crate) entry: String,
    /// Since when it is held.
    pub(crate) since: Timestamp,
    /// When it goes out.
    pub(crate) until: Timestamp,
    pub(crate) message: MessageKind,
    pub(crate) purpose: Purpose,
    /// What was to be said beyond the incident's own facts, which are told as they stand when it goes out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) by: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) text: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) clock: Option<ClockKind>,
    #[serde(default)]
    pub(crate) percent: u8,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) target: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) deadline: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) role: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) from: String,
}

impl Held {
    /// Whether it tells people that there is an incident at all.
    pub(crate) fn is_alarm(&self) -> bool {
        self.message == MessageKind::Open
    }

    /// Whether it is told of what is over, too.
    pub(crate) fn outlives_the_incident(&self) -> bool {
        matches!(
            self.message,
            MessageKind::Resolve | MessageKind::FalseAlarm | MessageKind::Merge | MessageKind::Postmortem
        )
    }
}

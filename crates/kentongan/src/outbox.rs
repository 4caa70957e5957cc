//! The outbox: what the host has not reported yet. A delivery stays until its outcome is known.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::clock::ClockKind;
use crate::effect::Effect;
use crate::policy::document::MessageKind;
use crate::routing::Way;

/// An effect whose outcome is awaited, with what to try if it fails.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pending {
    /// The effect, whole: a host that lost it can be given it again.
    pub(crate) effect: Effect,
    /// The person it is for, if it is for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) person: Option<String>,
    /// The escalation levels that wait for it, by position.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) levels: BTreeSet<usize>,
    /// The ways that are left to reach them, the next one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) others: Vec<Way>,
    /// What kind of message it carries; a newer one of the same kind to the same address takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<MessageKind>,
    /// The clock that it warns of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) clock: Option<ClockKind>,
}

impl Pending {
    /// An effect of which no more is known yet.
    pub(crate) fn of(effect: Effect) -> Self {
        Self { effect, person: None, levels: BTreeSet::new(), others: Vec::new(), message: None, clock: None }
    }
}

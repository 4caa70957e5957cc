//! Hand-offs: one for each change of who is on call in a role, until every point of it is ticked off. This module
//! computes what comes next; the engine does it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::incident::Deed;
use crate::outbox::Pending;
use crate::policy::document::HandoffDocument;
use crate::time::Timestamp;

/// One hand-off of a role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Handoff {
    pub(crate) id: String,
    pub(crate) role: String,
    pub(crate) at: Timestamp,
    pub(crate) from: Vec<String>,
    pub(crate) to: Vec<String>,
    /// Who has ticked off which point, and when.
    pub(crate) ticked: BTreeMap<String, Deed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confirmed_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) breached_at: Option<Timestamp>,
    pub(crate) reminded_at: Timestamp,
    pub(crate) next_effect: u64,
    pub(crate) outbox: BTreeMap<u64, Pending>,
}

impl Handoff {
    /// Its name: the role, the local date and a count, `handoff-primary-20261130-7`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The role that is handed over.
    #[must_use]
    pub fn role(&self) -> &str {
        &self.role
    }

    /// When.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Who goes off.
    #[must_use]
    pub fn from(&self) -> &[String] {
        &self.from
    }

    /// Who comes on; nobody, where a gap begins.
    #[must_use]
    pub fn to(&self) -> &[String] {
        &self.to
    }

    /// The points that are ticked off, by whom and when.
    pub fn ticked(&self) -> impl Iterator<Item = (&str, &Deed)> {
        self.ticked.iter().map(|(point, deed)| (point.as_str(), deed))
    }

    /// Whether somebody is to confirm it who has not. Where a gap begins there is nobody who could.
    pub(crate) fn awaits_confirmation(&self) -> bool {
        self.confirmed_at.is_none() && !self.to.is_empty()
    }

    /// By when every point is ticked off, where that is promised.
    pub(crate) fn deadline(&self, policy: &HandoffDocument) -> Option<Timestamp> {
        policy.within.filter(|_| !self.to.is_empty()).map(|within| within.after(self.at))
    }

    /// When the last point was ticked off.
    #[must_use]
    pub fn confirmed_at(&self) -> Option<Timestamp> {
        self.confirmed_at
    }

    /// The effects whose outcome the host has not reported.
    pub fn pending(&self) -> impl Iterator<Item = &crate::effect::Effect> {
        self.outbox.values().map(|pending| &pending.effect)
    }
}

/// A role whose changes are watched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Watch {
    /// Who is on call, as of the last change.
    pub(crate) holders: Vec<String>,
    /// When that may change next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) change_at: Option<Timestamp>,
    /// How many hand-offs there have been.
    pub(crate) count: u64,
    /// The latest hand-off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) latest: Option<Handoff>,
}

/// What can be due on a watched role, in the order in which equal instants are taken: a hand-off that gives way to the
/// next at its deadline is not broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HandoffTimer {
    Change,
    Breach,
    Remind,
}

impl Watch {
    /// The next thing due.
    pub(crate) fn next_timer(&self, policy: &HandoffDocument) -> Option<(Timestamp, HandoffTimer)> {
        let open = self.latest.as_ref().filter(|handoff| handoff.awaits_confirmation());
        let breach = open
            .filter(|handoff| handoff.breached_at.is_none())
            .and_then(|handoff| handoff.deadline(policy).map(|at| (at, HandoffTimer::Breach)));
        let remind = open.and_then(|handoff| {
            policy.remind_every.map(|every| (every.after(handoff.reminded_at), HandoffTimer::Remind))
        });
        let change = self.change_at.map(|at| (at, HandoffTimer::Change));
        [breach, change, remind].into_iter().flatten().min()
    }
}

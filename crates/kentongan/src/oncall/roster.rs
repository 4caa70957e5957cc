//! The on-call roles of a policy: where each takes its people from, and who stands in for whom.

use std::sync::Arc;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::changes::Changes;
use super::shift::{may_change, next_change, tile};
use super::{Coverage, OnCall, Schedule, Shift};
use crate::limits;
use crate::source::did_you_mean;
use crate::time::Timestamp;

/// Who is on call in a role at an instant, and how that came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Duty {
    /// Who is on call, or why nobody is.
    pub on_call: OnCall,
    /// The layer of the schedule whose turn it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// Whose turn it would have been, and why it is not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<PassedOver>,
    /// Up to when this holds at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    #[serde(skip)]
    pub(super) edge: i64,
    /// Whether somebody would be on call, were they not all away.
    #[serde(skip)]
    pub(super) all_away: bool,
}

/// Somebody whose turn it would have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PassedOver {
    /// Who.
    pub person: String,
    /// Why not: `is away until …`, `has left`.
    pub reason: String,
}

/// An on-call role.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) schedule: Arc<Schedule>,
    /// The roles that share its line, from the head of the line to this one.
    pub(crate) places: Vec<String>,
    /// The role for which it stands in while everybody there is away.
    pub(crate) covers: Option<String>,
    /// Whether one of several people is told, and not all.
    pub(crate) round_robin: bool,
}

/// The on-call roles of a policy, as it orders them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Roster {
    pub(crate) posts: IndexMap<String, Post>,
}

impl Roster {
    /// Who is on call in a role at an instant; `next` for who is next in line behind them.
    pub(crate) fn duty(&self, role: &str, next: bool, at: Timestamp, changes: &Changes) -> Duty {
        self.look(role, next, at.timestamp_millis(), changes)
    }

    pub(crate) fn next_change(&self, role: &str, after: Timestamp, changes: &Changes) -> Option<Timestamp> {
        next_change(&|at| self.look_plainly(role, at, changes), after)
    }

    /// When it may change next, at a cost that is bounded; `next` for who is next in line.
    pub(crate) fn may_change(&self, role: &str, next: bool, after: Timestamp, changes: &Changes) -> Option<Timestamp> {
        let look = |at| {
            let duty = self.look(role, next, at, changes);
            (duty.on_call, duty.edge)
        };
        may_change(&look, after)
    }

    /// Who looks over the shoulder of whoever stands first in a line.
    pub(crate) fn shadow_shifts(&self, role: &str, from: Timestamp, to: Timestamp) -> Vec<Shift> {
        let first = self.posts.get(role).filter(|post| post.places.len() == 1);
        first.map(|post| post.schedule.shadow_shifts(from, to)).unwrap_or_default()
    }

    pub(crate) fn shifts(&self, role: &str, from: Timestamp, to: Timestamp, changes: &Changes) -> Vec<Shift> {
        tile(&|at| self.look_plainly(role, at, changes), from, to)
    }

    pub(crate) fn coverage(&self, role: &str, from: Timestamp, to: Timestamp, changes: &Changes) -> Coverage {
        Coverage { shifts: self.shifts(role, from, to, changes) }
    }

    /// Who is on call in every role between two instants, from change to change; `None` where telling that takes more looks
    /// than handing in an override may cost.
    pub(crate) fn sketch(&self, from: Timestamp, to: Timestamp, changes: &Changes) -> Option<Vec<(i64, OnCall)>> {
        let (from, to) = (from.timestamp_millis(), to.timestamp_millis());
        let mut sketch: Vec<(i64, OnCall)> = Vec::new();
        let mut looks = 0;
        for role in self.posts.keys() {
            let (mut at, mut last): (i64, Option<Vec<String>>) = (from, None);
            while at < to {
                looks += 1;
                if looks > limits::WATCH_EDGES_MAX {
                    return None;
                }
                let (on_call, edge) = self.look_plainly(role, at, changes);
                if last.as_deref() != Some(on_call.people()) {
                    last = Some(on_call.people().to_vec());
                    sketch.push((at, OnCall::People(on_call.people().to_vec())));
                }
                at = edge.max(at + 1);
            }
        }
        Some(sketch)
    }

    /// Whether a person is away at an instant, or has left.
    pub(crate) fn is_missing(&self, person: &str, at: Timestamp, changes: &Changes) -> bool {
        let at = at.timestamp_millis();
        let left = |post: &Post| post.schedule.departures.get(person).is_some_and(|left| *left <= at);
        changes.away(person, at).0.is_some() || self.posts.values().any(left)
    }

    /// Whether a person has gone away or left since an instant. Whoever is away at that instant has not, for as long as
    /// that lasts.
    pub(crate) fn has_gone_since(&self, person: &str, since: Timestamp, at: Timestamp, changes: &Changes) -> bool {
        let (since, at) = (since.timestamp_millis(), at.timestamp_millis());
        let left = |post: &Post| post.schedule.departures.get(person).is_some_and(|left| since < *left && *left <= at);
        let all_along = changes.away(person, since).0.is_some_and(|until| until > at);
        (changes.away(person, at).0.is_some() && !all_along) || self.posts.values().any(left)
    }

    /// When a person may go or come back next.
    pub(crate) fn may_go_or_come(&self, person: &str, after: Timestamp, changes: &Changes) -> Option<Timestamp> {
        let after = after.timestamp_millis();
        let departures = self.posts.values().filter_map(|post| post.schedule.departures.get(person).copied());
        let edges = departures.filter(|left| *left > after).chain([changes.away(person, after).1]);
        edges.min().and_then(super::shift::instant)
    }

    fn look_plainly(&self, role: &str, at: i64, changes: &Changes) -> (OnCall, i64) {
        let duty = self.look(role, false, at, changes);
        (duty.on_call, duty.edge)
    }

    fn look(&self, role: &str, next: bool, at: i64, changes: &Changes) -> Duty {
        let Some(post) = self.posts.get(role) else {
            let meant = did_you_mean(role, self.posts.keys().map(String::as_str));
            let on_call = OnCall::Gap { reason: format!("the policy has no on-call role `{role}`; {meant}") };
            return Duty {
                on_call,
                layer: None,
                passed_over: Vec::new(),
                until: None,
                edge: i64::MAX,
                all_away: false,
            };
        };
        let mut duty = post.own(next, at, changes, &[]);
        // Whoever stands in elsewhere is not on call here as well.
        if let Some(covered) = post.covers.as_ref().and_then(|role| self.posts.get(role)) {
            let there = covered.own(false, at, changes, &[]);
            if there.all_away && !next {
                let away = duty.on_call.people().to_vec();
                duty = post.own(false, at, changes, &away);
                if let (OnCall::Gap { reason }, false) = (&mut duty.on_call, away.is_empty()) {
                    let covers = post.covers.as_deref().unwrap_or_default();
                    *reason = format!("`{}` covers `{covers}`", away.join("`, `"));
                }
            }
            duty.hold(there.edge);
        }
        if duty.all_away && !next {
            for stand_in in self.posts.values().filter(|other| other.covers.as_deref() == Some(role)) {
                let there = stand_in.own(false, at, changes, &[]);
                let edge = there.edge;
                if let (OnCall::People(_), OnCall::Gap { .. }) = (&there.on_call, &duty.on_call) {
                    duty.on_call = there.on_call;
                }
                duty.hold(edge);
            }
        }
        duty
    }
}

impl Post {
    /// Who is on call by the role's own line.
    fn own(&self, next: bool, at: i64, changes: &Changes, taken: &[String]) -> Duty {
        let mut places: Vec<&str> = self.places.iter().map(String::as_str).collect();
        if next {
            places.push("");
        }
        self.schedule.fill(&places, at, changes, taken)
    }
}

impl Duty {
    /// Holds no longer than up to this instant.
    fn hold(&mut self, edge: i64) {
        self.edge = self.edge.min(edge);
        self.until = super::shift::instant(self.edge);
    }
}

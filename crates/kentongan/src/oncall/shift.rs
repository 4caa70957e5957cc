//! Stretches of time with one answer, and what they come to.

use std::collections::BTreeMap;

use chrono::Datelike;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OnCall;
use crate::limits;
use crate::time::{Duration, Timestamp};

/// A stretch of time, `[from, to)`, in which the same people are on call, or nobody is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shift {
    /// When it begins.
    pub from: Timestamp,
    /// When it ends.
    pub to: Timestamp,
    /// Who is on call, or why nobody is.
    pub on_call: OnCall,
}

impl Shift {
    /// How long it is.
    #[must_use]
    pub fn length(&self) -> Duration {
        Duration::between(self.from, self.to)
    }
}

/// Who is on call over a stretch of time: shifts that tile it, without a hole and without an overlap.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// The shifts, in order; neighbours differ.
    pub shifts: Vec<Shift>,
}

impl Coverage {
    /// The stretches in which nobody is on call.
    pub fn gaps(&self) -> impl Iterator<Item = &Shift> {
        self.shifts.iter().filter(|shift| matches!(shift.on_call, OnCall::Gap { .. }))
    }

    /// Whether somebody is on call all the time.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.gaps().next().is_none()
    }

    /// How long nobody is on call.
    #[must_use]
    pub fn uncovered(&self) -> Duration {
        Duration::from_millis(self.gaps().map(|gap| gap.length().as_millis()).sum())
    }

    /// How long each person is on call.
    #[must_use]
    pub fn by_person(&self) -> BTreeMap<&str, Duration> {
        let mut times: BTreeMap<&str, Duration> = BTreeMap::new();
        for shift in &self.shifts {
            for person in shift.on_call.people() {
                let time = times.entry(person).or_default();
                *time = Duration::from_millis(time.as_millis() + shift.length().as_millis());
            }
        }
        times
    }
}

/// Looks at an instant: the answer, and up to when it holds at least, in milliseconds.
pub(super) type Look<'l> = &'l dyn Fn(i64) -> (OnCall, i64);

/// The next instant at which the answer differs.
pub(super) fn next_change(look: Look<'_>, after: Timestamp) -> Option<Timestamp> {
    let (before, mut edge) = look(after.timestamp_millis());
    for _ in 0..limits::ON_CALL_EDGES_MAX {
        let at = instant(edge)?;
        let (answer, next) = look(edge);
        if answer != before {
            return Some(at);
        }
        edge = next;
    }
    None
}

/// The shifts between two instants, edge by edge: nothing is sampled, so nothing is missed.
pub(super) fn tile(look: Look<'_>, from: Timestamp, to: Timestamp) -> Vec<Shift> {
    let mut shifts: Vec<Shift> = Vec::new();
    let mut begin = crate::time::in_millis(from);
    while begin < to {
        let (on_call, edge) = look(begin.timestamp_millis());
        let end = instant(edge).map_or(to, |edge| edge.min(to));
        match shifts.last_mut() {
            Some(last) if last.on_call == on_call => last.to = end,
            _ => shifts.push(Shift { from: begin, to: end, on_call }),
        }
        begin = end;
    }
    shifts
}

/// The instant of an edge, where it lies in the years in which time is kept.
pub(super) fn instant(millis: i64) -> Option<Timestamp> {
    Timestamp::from_timestamp_millis(millis).filter(|at| at.year() <= *limits::YEARS.end())
}

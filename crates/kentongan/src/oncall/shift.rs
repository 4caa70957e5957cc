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

/// The next instant at which the answer differs. Nobody is on call in either of two gaps, whatever their reasons are.
pub(super) fn next_change(look: Look<'_>, after: Timestamp) -> Option<Timestamp> {
    match search(look, after, limits::ON_CALL_EDGES_MAX) {
        Found::Change(at) => Some(at),
        Found::NothingUntil(_) | Found::Nothing => None,
    }
}

/// The next instant at which the answer may differ: where it does, or up to where a few edges have shown that it does not.
/// Its cost is bounded, whatever the schedule holds; whoever waits for it looks again then.
pub(super) fn may_change(look: Look<'_>, after: Timestamp) -> Option<Timestamp> {
    match search(look, after, limits::WATCH_EDGES_MAX) {
        Found::Change(at) | Found::NothingUntil(at) => Some(at),
        Found::Nothing => None,
    }
}

/// What a search for a change comes to.
enum Found {
    Change(Timestamp),
    /// It looked no further than this.
    NothingUntil(Timestamp),
    Nothing,
}

fn search(look: Look<'_>, after: Timestamp, most: usize) -> Found {
    let (before, mut edge) = look(after.timestamp_millis());
    for _ in 0..most {
        let Some(at) = instant(edge) else { return Found::Nothing };
        let (answer, next) = look(edge);
        if answer.people() != before.people() {
            return Found::Change(at);
        }
        edge = next;
    }
    instant(edge).map_or(Found::Nothing, Found::NothingUntil)
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn gap(number: i64) -> OnCall {
        OnCall::Gap { reason: format!("reason {number}") }
    }

    #[test]
    fn a_watch_looks_at_few_edges_however_many_there_are() {
        let looks = Cell::new(0_usize);
        let look = |at: i64| {
            looks.set(looks.get() + 1);
            (OnCall::People(vec!["ana".to_owned()]), at + 1)
        };
        let at = may_change(&look, Timestamp::UNIX_EPOCH).expect("it looks again");
        assert_eq!(looks.get(), limits::WATCH_EDGES_MAX + 1);
        assert_eq!(usize::try_from(at.timestamp_millis()), Ok(limits::WATCH_EDGES_MAX + 1));
    }

    #[test]
    fn gaps_that_differ_in_their_reason_are_no_change() {
        let look =
            |at: i64| if at < 10 { (gap(at), at + 1) } else { (OnCall::People(vec!["ana".to_owned()]), i64::MAX) };
        let change = next_change(&look, Timestamp::UNIX_EPOCH).map(|at| at.timestamp_millis());
        assert_eq!(change, Some(10));
        let until = instant(12).expect("an instant");
        assert_eq!(tile(&look, Timestamp::UNIX_EPOCH, until).len(), 11, "each reason is told of its own time");
    }
}

//! Who is on call from when to when, out of events that may touch, overlap, or leave holes.

use chrono::TimeDelta;
use kentongan::oncall::OnCall;
use kentongan::{Engine, Timestamp};
use serde::{Deserialize, Serialize};

use super::event::Event;
use super::people::{Naming, People};
use super::recurrence::Occurrence;
use super::report::Report;
use crate::limits;

/// Who is on call for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// When it begins.
    pub from: Timestamp,
    /// When it ends; at that instant it is over.
    pub to: Timestamp,
    /// Who, by their ids in the policy, the first choice first.
    pub people: Vec<String>,
}

/// How far around the time asked for a shift is looked at, to have it whole.
const WHOLE_SHIFT_DAYS: i64 = 92;

impl Shift {
    /// The shifts of a role between two instants as an engine knows them, in order, for [`super::Export`]. They are whole,
    /// also where they began before or end after: a shift that was cut would be another one tomorrow.
    #[must_use]
    pub fn whole(engine: &Engine, role: &str, from: Timestamp, to: Timestamp) -> Vec<Self> {
        let margin = TimeDelta::days(WHOLE_SHIFT_DAYS);
        let begin = from.checked_sub_signed(margin).unwrap_or(from);
        let end = to.checked_add_signed(margin).unwrap_or(to);
        let shifts = engine.shifts(role, begin, end).into_iter();
        let shifts = shifts.filter(|shift| shift.from < to && shift.to > from);
        let worked = shifts.filter_map(|shift| match shift.on_call {
            OnCall::People(people) => Some(Self { from: shift.from, to: shift.to, people }),
            OnCall::Gap { .. } => None,
        });
        worked.collect()
    }
}

/// An occurrence and its people.
struct Duty {
    from: Timestamp,
    to: Timestamp,
    people: Vec<String>,
    line: usize,
}

/// The people of each event, in the order of the events; nobody for an event that is passed over.
pub(super) fn people(events: &[Event], people: &People, report: &mut Report) -> Option<Vec<Vec<String>>> {
    let mut naming = Naming::new(people);
    // What is called off happens to nobody, whoever it names.
    let mut of = |event: &Event| if event.cancelled { Some(Vec::new()) } else { naming.of(event, report) };
    let who: Vec<Option<Vec<String>>> = events.iter().map(&mut of).collect();
    who.into_iter().collect()
}

/// The shifts of a calendar, in order and apart from each other.
///
/// Where events overlap, all their people are on call; who came last is the first choice, since whoever lays an event
/// over another means it to count. Shifts that touch and have the same people are one.
pub(super) fn shifts(
    events: &[Event],
    occurrences: &[Occurrence],
    who: &[Vec<String>],
    report: &mut Report,
) -> Option<Vec<Shift>> {
    let mut duties = Vec::new();
    for occurrence in occurrences {
        let people = who.get(occurrence.event).cloned().unwrap_or_default();
        let line = events.get(occurrence.event).map_or(1, |event| event.line);
        if people.is_empty() {
            continue;
        }
        if occurrence.to <= occurrence.from {
            report.warn(line, "empty_shift", "the event takes no time, so nobody is on call for it", "give it an end");
            continue;
        }
        duties.push(Duty { from: occurrence.from, to: occurrence.to, people, line });
    }
    sweep(&duties, report)
}

fn sweep(duties: &[Duty], report: &mut Report) -> Option<Vec<Shift>> {
    let mut instants: Vec<Timestamp> = duties.iter().flat_map(|duty| [duty.from, duty.to]).collect();
    instants.sort_unstable();
    instants.dedup();
    let mut coming = duties.iter().peekable();
    let mut active: Vec<&Duty> = Vec::new();
    let mut shifts: Vec<Shift> = Vec::new();
    let mut warned = false;
    for (at, next) in instants.iter().zip(instants.iter().skip(1)) {
        active.retain(|duty| duty.to > *at);
        while let Some(duty) = coming.next_if(|duty| duty.from <= *at) {
            active.insert(0, duty);
        }
        if active.len() > limits::PEOPLE_AT_ONCE_MAX {
            let line = active.first().map_or(1, |duty| duty.line);
            let message = format!("more than {} events happen at one time", limits::PEOPLE_AT_ONCE_MAX);
            let help = "export one schedule at a time";
            return report.refuse(line, "calendar_too_large", message, help);
        }
        let mut people: Vec<String> = Vec::new();
        for duty in &active {
            people.extend(duty.people.iter().filter(|person| !people.contains(person)).cloned().collect::<Vec<_>>());
        }
        if people.is_empty() {
            continue;
        }
        if let [later, earlier, ..] = active.as_slice()
            && !warned
            && later.people != earlier.people
        {
            warned = true;
            report.warn(
                later.line,
                "overlapping_shifts",
                format!("the event overlaps the one on line {}; both are on call, this one first", earlier.line),
                "cut the longer event where the other takes over, if only one is meant",
            );
        }
        match shifts.last_mut() {
            Some(last) if last.to == *at && last.people == people => last.to = *next,
            _ => shifts.push(Shift { from: *at, to: *next, people }),
        }
    }
    Some(shifts)
}

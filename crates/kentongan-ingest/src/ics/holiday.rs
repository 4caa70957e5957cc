//! Days on which nobody works, from a calendar's events of whole days.

use chrono::{NaiveDate, TimeDelta};

use super::event::Event;
use super::recurrence::Occurrence;
use super::report::Report;

/// A holiday, or several days in a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// What it is called.
    pub name: String,
}

/// The holidays in order; an event with a time of day is none, and is told of.
pub(super) fn holidays(events: &[Event], occurrences: &[Occurrence], report: &mut Report) -> Vec<Holiday> {
    for event in events.iter().filter(|event| !event.start.is_date && !is_whole_days(event)) {
        report.warn(
            event.line,
            "not_a_whole_day",
            "the event is not about whole days, and is passed over",
            "make it an event of the whole day if nobody works on it",
        );
    }
    let mut days: Vec<Holiday> = occurrences.iter().filter_map(|occurrence| holiday(events, occurrence)).collect();
    days.sort();
    days.dedup();
    days
}

/// Whether it runs from midnight to midnight, as some programs write whole days.
fn is_whole_days(event: &Event) -> bool {
    let midnight = event.start.local.time() == chrono::NaiveTime::MIN;
    let length = event.length.civil;
    midnight
        && event.length.exact.is_zero()
        && length >= TimeDelta::days(1)
        && (length - TimeDelta::days(length.num_days())).is_zero()
}

fn holiday(events: &[Event], occurrence: &Occurrence) -> Option<Holiday> {
    let event = events.get(occurrence.event)?;
    let begins = occurrence.local.date();
    let whole = event.start.is_date || is_whole_days(event);
    let (first, last) = event.days(begins);
    whole.then(|| Holiday { first, last, name: event.summary.clone() })
}

//! Calendars in the form of RFC 5545, as the tools of others export them (`PagerDuty`, Grafana's
//! `OnCall`, Google): who is on call by one, and which days are holidays.
//!
//! | of the calendar | what becomes of it |
//! |---|---|
//! | `DTSTART`, `DTEND`, `DURATION` | the shift; days follow the calendar, so that 09:00 stays 09:00 when the clocks change |
//! | `RRULE`, `RDATE`, `EXDATE`, `RECURRENCE-ID` | its other times; endless rules go to a horizon, unless they make a [`Rotation`] |
//! | `TZID` | a zone of the bundled data by its name or Windows' name for it; else the file's own `VTIMEZONE` |
//! | no zone, or a whole day | the calendar's own zone (`X-WR-TIMEZONE`), else that of the policy |
//! | a second `RRULE`, `EXRULE` | passed over, with a warning |
//! | `STATUS:CANCELLED` | nothing happens, whoever it names; a turn that is called off is a gap |
//! | a `UID` given twice | the higher `SEQUENCE` counts; of two that nothing ranks both do, with a warning |
//! | `ATTENDEE` | the person, before any word of the summary; one whom the policy does not know is told of |
//! | `SUMMARY` | the person, if nobody takes part; not where it says that somebody is away: see [`People`] |
//!
//! A time that does not exist on its day, since the clocks jump over it, is the first instant after; of a time that
//! happens twice it is the first. Rules are followed on the clock's face: a rule that falls into the jump is kept, where
//! RFC 5545 would drop it, since a shift that is missing is worse than one that begins half an hour late.
//!
//! Nothing here reads a clock or a file, and the same bytes give the same answer. Whatever the bytes are, they are read
//! in bounded time and memory ([`crate::limits`]).
//!
//! ```
//! use kentongan::calendar::Zone;
//! use kentongan_ingest::ics::{File, People, on_call};
//!
//! let text = "BEGIN:VCALENDAR
//! BEGIN:VEVENT
//! UID:1
//! DTSTART;TZID=Europe/Rome:20260302T090000
//! DTEND;TZID=Europe/Rome:20260303T090000
//! SUMMARY:On call: Ana Rossi
//! END:VEVENT
//! END:VCALENDAR
//! ";
//! let mut people = People::default();
//! people.add("ana", Some("Ana Rossi"), ["ana@example.org"]);
//! let zone = Zone::named("Asia/Jakarta").ok_or("a zone")?;
//! let rota = on_call(&File::new("rota.ics", text.as_bytes(), &zone), &people)?;
//! assert_eq!(rota.shifts[0].people, ["ana"]);
//! assert_eq!(rota.shifts[0].from.to_rfc3339(), "2026-03-02T08:00:00+00:00");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod civil;
mod clock;
mod component;
mod event;
mod export;
mod holiday;
mod line;
mod people;
mod recurrence;
mod report;
mod resolve;
mod rotation;
mod section;
mod shift;
mod windows;

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use kentongan::calendar::Zone;
use kentongan::source::Diagnostics;

pub use export::Export;
pub use holiday::Holiday;
pub use people::People;
pub(crate) use resolve::resolve;
pub use rotation::Rotation;
pub use shift::Shift;

use crate::limits;
use clock::{Clock, Clocks};
use component::Components;
use event::Event;
use recurrence::Occurrence;
use report::Report;

/// How many years endless rules are followed past the last date in the file, and those with an end at the most.
const ENDLESS_YEARS: i32 = 5;
/// The same for holidays, which come every year and cost nothing to keep.
const HOLIDAY_YEARS: i32 = 30;
const YEARS_MAX: i32 = 10;

/// A calendar file, and how it is read.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    name: &'a str,
    bytes: &'a [u8],
    zone: &'a Zone,
    until: Option<NaiveDate>,
}

impl<'a> File<'a> {
    /// A file of that name, for people whose clocks show the time of `zone` where the file does not say.
    #[must_use]
    pub fn new(name: &'a str, bytes: &'a [u8], zone: &'a Zone) -> Self {
        Self { name, bytes, zone, until: None }
    }

    /// The last day on which something may begin. Without it endless series go on for five years after the last date that
    /// stands in the file, and for thirty where they are holidays.
    #[must_use]
    pub fn until(mut self, until: Option<NaiveDate>) -> Self {
        self.until = until;
        self
    }
}

/// Who is on call by a calendar.
#[derive(Debug, Clone)]
pub struct Rota {
    /// The rotation that the calendar comes to, where its series take turns without an end or an exception.
    pub rotation: Option<Rotation>,
    /// Its shifts until the horizon, in order, apart from each other. Between them nobody is on call.
    pub shifts: Vec<Shift>,
    /// The last day on which a shift can begin.
    pub until: NaiveDate,
    /// What can be read, but likely does not mean what its author thinks.
    pub warnings: Diagnostics,
}

/// The holidays of a calendar.
#[derive(Debug, Clone)]
pub struct Holidays {
    /// The days, in order.
    pub days: Vec<Holiday>,
    /// What can be read, but likely does not mean what its author thinks.
    pub warnings: Diagnostics,
}

/// Reads who is on call by a calendar.
///
/// # Errors
///
/// Everything wrong with it, each with its line and what to do about it: `not_utf8`, `not_a_calendar`, `too_deep`,
/// `calendar_too_large`, `event_without_start`, `end_before_start`, `unreadable_date`, `unreadable_duration`,
/// `unreadable_rule`, `unsupported_recurrence`, `unknown_timezone`, `incomplete_zone`, `unknown_person`.
pub fn on_call(file: &File<'_>, people: &People) -> Result<Rota, Diagnostics> {
    let mut report = Report::new(file.name, &String::from_utf8_lossy(file.bytes));
    let rota = read(file, ENDLESS_YEARS, &mut report).and_then(|read| {
        let who = shift::people(&read.events, people, &mut report)?;
        let shifts = shift::shifts(&read.events, &read.occurrences, &who, &mut report)?;
        let rotation = rotation::rotation(&read.events, &who);
        if rotation.is_none() && file.until.is_none() {
            warn_of_horizon(&read, &mut report);
        }
        Some((rotation, shifts, read.until))
    });
    let warnings = report.into_problems();
    match rota {
        Some((rotation, shifts, until)) if !warnings.has_errors() => Ok(Rota { rotation, shifts, until, warnings }),
        _ => Err(warnings),
    }
}

/// Says that people are on call for ever by the calendar, and only up to the horizon by what becomes of it.
fn warn_of_horizon(read: &Read, report: &mut Report) {
    let endless = |event: &&Event| {
        let rule = event.rule.as_ref().filter(|_| !event.cancelled);
        rule.is_some_and(|rule| ["UNTIL", "COUNT"].iter().all(|name| recurrence::part(&rule.text, name).is_none()))
    };
    if let Some(event) = read.events.iter().find(endless) {
        let message = format!("the series has no end, and its shifts are kept until {} only", read.until);
        let help = "say `until:` beside `ics:` in the policy, with a day up to which the calendar will have been exported again";
        report.warn(event.line, "endless_calendar", message, help);
    }
}

/// Reads the holidays of a calendar: its events of whole days.
///
/// # Errors
///
/// Those of [`on_call`], but for the people.
pub fn holidays(file: &File<'_>) -> Result<Holidays, Diagnostics> {
    let mut report = Report::new(file.name, &String::from_utf8_lossy(file.bytes));
    let days = read(file, HOLIDAY_YEARS, &mut report)
        .map(|read| holiday::holidays(&read.events, &read.occurrences, &mut report));
    let warnings = report.into_problems();
    match days {
        Some(days) if !warnings.has_errors() => Ok(Holidays { days, warnings }),
        _ => Err(warnings),
    }
}

/// What a file says before anybody asks what for.
struct Read {
    events: Vec<Event>,
    occurrences: Vec<Occurrence>,
    until: NaiveDate,
}

fn read(file: &File<'_>, endless_years: i32, report: &mut Report) -> Option<Read> {
    if file.bytes.len() > limits::CALENDAR_BYTES_MAX {
        let message = format!("the calendar has more than {} MiB", limits::CALENDAR_BYTES_MAX >> 20);
        return report.refuse(1, "calendar_too_large", message, "export a shorter time");
    }
    let text = match std::str::from_utf8(file.bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let before = file.bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = 1 + line::breaks(before);
            return report.refuse(line, "not_utf8", "the file is not UTF-8 text", "save it as UTF-8");
        }
    };
    let components = component::read(text, report)?;
    let until = file.until.unwrap_or_else(|| horizon(&components, endless_years));
    let own = components.zone.as_ref().and_then(|zone| clock::bundled(zone.text.trim()));
    let floating = own.unwrap_or_else(|| Clock::Zone(Arc::new(file.zone.clone())));
    let mut clocks = Clocks::new(&components.zones, until, floating);
    let events = components.events.iter().filter_map(|event| Event::read(event, &mut clocks, report));
    let events: Vec<Event> = events.collect();
    if report.has_errors() {
        return None;
    }
    let occurrences = recurrence::expand(&events, until, report)?;
    Some(Read { events, occurrences, until })
}

/// The last day that matters without anybody saying so. The dates of the file tell it, so that it does not depend on
/// when the file is read.
fn horizon(components: &Components, endless_years: i32) -> NaiveDate {
    let (first, last) = kentongan::limits::YEARS.into_inner();
    let written = |names: &[&str]| {
        let events = components.events.iter();
        let properties = events.flat_map(|event| names.iter().filter_map(|name| event.property(name)));
        properties.filter_map(|property| civil::parse(&property.value)).map(|written| written.local.date()).max()
    };
    let latest = written(&["DTSTART", "DTSTAMP", "CREATED", "LAST-MODIFIED"]).unwrap_or_default();
    let rules = components.events.iter().flat_map(|event| event.properties("RRULE"));
    let ends = rules.filter_map(|rule| civil::parse(recurrence::part(&rule.value, "UNTIL")?));
    let ends = ends.map(|written| written.local.date()).max().unwrap_or_default();
    let after = |years: i32| {
        let year = (latest.year() + years).clamp(first, last);
        latest.with_year(year).or_else(|| latest.with_day(28)?.with_year(year)).unwrap_or(latest)
    };
    ends.clamp(after(endless_years), after(YEARS_MAX.max(endless_years)))
}

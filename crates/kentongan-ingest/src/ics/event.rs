//! One event as it is written: when it begins and ends, how it recurs, and whom it is about.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use kentongan::Timestamp;

use super::civil::{self, Length, Written};
use super::clock::{Clock, Clocks};
use super::component::Component;
use super::line::ContentLine;
use super::report::Report;
use crate::error::excerpt;

/// A date or time on its clock.
#[derive(Debug, Clone)]
pub(super) struct When {
    pub(super) local: NaiveDateTime,
    pub(super) is_date: bool,
    pub(super) clock: Clock,
}

impl When {
    pub(super) fn instant(&self) -> Option<Timestamp> {
        self.clock.instant(self.local)
    }
}

/// How an event goes on.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) line: usize,
    pub(super) text: String,
}

/// A `VEVENT`.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) line: usize,
    pub(super) uid: String,
    pub(super) sequence: i64,
    pub(super) cancelled: bool,
    pub(super) start: When,
    pub(super) length: Length,
    pub(super) rule: Option<Rule>,
    pub(super) extra: Vec<When>,
    pub(super) except: Vec<When>,
    /// Which occurrence of its series it stands for.
    pub(super) replaces: Option<When>,
    pub(super) summary: String,
    /// Whom it names: our own exports by id, others by the address and name of each attendee.
    pub(super) people: Vec<String>,
    pub(super) attendees: Vec<Attendee>,
}

/// Somebody who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attendee {
    pub(super) email: Option<String>,
    pub(super) name: Option<String>,
}

impl Event {
    /// Reads an event, or reports what is wrong with it.
    pub(super) fn read(component: &Component, clocks: &mut Clocks<'_>, report: &mut Report) -> Option<Self> {
        let Some(start) = component.property("DTSTART") else {
            let message = "the event does not say when it begins";
            return report.refuse(component.line, "event_without_start", message, "add its DTSTART");
        };
        let begins = when(start, clocks, report)?;
        let length = length(component, &begins, clocks, report)?;
        let rules = component.properties("RRULE").skip(1);
        for rule in rules.chain(component.properties("EXRULE")) {
            let message = format!("the {} `{}` is passed over", rule.name, excerpt(&rule.value));
            let help = "an event is read with one RRULE; write a further one as a further event, and what is left out as EXDATE";
            report.warn(rule.line, "ignored_rule", message, help);
        }
        let rule = component.property("RRULE").map(|rule| Rule { line: rule.line, text: rule.value.clone() });
        let replaces = match component.property("RECURRENCE-ID") {
            None => None,
            Some(id) if id.parameter("RANGE").is_some() => {
                let message = "the event changes its series from one occurrence on, which is not read";
                let help = "end the series before it with UNTIL, and begin a new one";
                return report.refuse(id.line, "unsupported_recurrence", message, help);
            }
            Some(id) => Some(when(id, clocks, report)?),
        };
        let text = |name| component.property(name).map(|property| property.text.trim().to_owned());
        let whens = |name, clocks: &mut Clocks<'_>, report: &mut Report| -> Option<Vec<When>> {
            let mut all = Vec::new();
            for property in component.properties(name) {
                let clock = clock(property, clocks, report)?;
                for written in dates(property, report)? {
                    all.push(on(written, &clock));
                }
            }
            Some(all)
        };
        Some(Self {
            line: component.line,
            uid: text("UID").unwrap_or_default(),
            sequence: text("SEQUENCE").and_then(|number| number.parse().ok()).unwrap_or(0),
            cancelled: text("STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED")),
            length,
            rule,
            extra: whens("RDATE", clocks, report)?,
            except: whens("EXDATE", clocks, report)?,
            replaces,
            summary: text("SUMMARY").unwrap_or_default(),
            people: component.properties("X-KENTONGAN-PERSON").map(|person| person.text.clone()).collect(),
            attendees: component.properties("ATTENDEE").filter_map(attendee).collect(),
            start: begins,
        })
    }

    /// The end of the occurrence that begins then: whole days by the calendar, so that a hand-off at 09:00 is at 09:00
    /// on both sides of a change of the clocks.
    pub(super) fn end(&self, local: NaiveDateTime, clock: &Clock) -> Option<Timestamp> {
        let end = clock.instant(local.checked_add_signed(self.length.civil)?)?;
        end.checked_add_signed(self.length.exact)
    }

    /// The first and the last day when it begins on this one, for an event of whole days.
    pub(super) fn days(&self, first: NaiveDate) -> (NaiveDate, NaiveDate) {
        (first, (first + self.length.civil - TimeDelta::days(1)).max(first))
    }
}

/// The clock that a property names.
fn clock(property: &ContentLine, clocks: &mut Clocks<'_>, report: &mut Report) -> Option<Clock> {
    match property.parameter("TZID") {
        Some(id) => clocks.named(id, property.line, report),
        None => Some(clocks.floating.clone()),
    }
}

fn on(written: Written, clock: &Clock) -> When {
    let clock = if written.is_utc { Clock::Utc } else { clock.clone() };
    When { local: written.local, is_date: written.is_date, clock }
}

fn when(property: &ContentLine, clocks: &mut Clocks<'_>, report: &mut Report) -> Option<When> {
    let clock = clock(property, clocks, report)?;
    civil::read(&property.value, property.line, report).map(|written| on(written, &clock))
}

/// The dates of a list. Of a period only its start counts: it happens for as long as the event does.
fn dates(property: &ContentLine, report: &mut Report) -> Option<Vec<Written>> {
    let parts = property.value.split(',').map(|part| part.split('/').next().unwrap_or(part));
    parts.map(|part| civil::read(part, property.line, report)).collect()
}

/// How long it lasts: to its end, for its duration, or else for the day on which it begins.
fn length(component: &Component, start: &When, clocks: &mut Clocks<'_>, report: &mut Report) -> Option<Length> {
    let none = TimeDelta::zero();
    if let Some(property) = component.property("DTEND") {
        let end = when(property, clocks, report)?;
        let length = if end.clock.is_same(&start.clock) && end.is_date == start.is_date {
            Length { civil: end.local - start.local, exact: none }
        } else {
            // On two clocks only the time between the two instants means something.
            Length { civil: none, exact: end.instant()? - start.instant()? }
        };
        if length.civil < none || length.exact < none {
            let message = format!("the event ends at `{}`, before it begins", excerpt(&property.value));
            return report.refuse(property.line, "end_before_start", message, "set its end after its start");
        }
        return Some(length);
    }
    match component.property("DURATION") {
        Some(property) => civil::length(&property.value).or_else(|| {
            let message = format!("`{}` is not a length of time", excerpt(&property.value));
            report.refuse(property.line, "unreadable_duration", message, "write it as `PT12H`, `P1D` or `P1W`")
        }),
        None if start.is_date => Some(Length { civil: TimeDelta::days(1), exact: none }),
        None => Some(Length { civil: none, exact: none }),
    }
}

fn attendee(property: &ContentLine) -> Option<Attendee> {
    // PagerDuty leaves out the scheme.
    let address = property.value.rsplit(':').next().filter(|address| address.contains('@'));
    let email = address.or_else(|| property.parameter("EMAIL"));
    let attendee = Attendee {
        email: email.map(|email| email.trim().to_lowercase()).filter(|email| !email.is_empty()),
        name: property.parameter("CN").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()),
    };
    // A room takes no calls.
    let is_person = !matches!(property.parameter("CUTYPE"), Some("RESOURCE" | "ROOM"));
    let declined = property.parameter("PARTSTAT").is_some_and(|status| status.eq_ignore_ascii_case("DECLINED"));
    (is_person && !declined && (attendee.email.is_some() || attendee.name.is_some())).then_some(attendee)
}

//! When an event happens: its rule followed on the clock's face, with what is added, left out and moved.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use ical::recur::expand::IcalRecurExpand;
use ical::recur::{IcalRecurFreq, IcalRecurRule};
use kentongan::Timestamp;

use super::civil;
use super::event::{Event, When};
use super::report::Report;
use crate::error::lower;
use crate::limits;

/// One time at which an event happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Occurrence {
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    /// The event that says who and what, by its position among the events.
    pub(super) event: usize,
    /// When it begins on its own clock.
    pub(super) local: NaiveDateTime,
}

/// Follows every series of a calendar up to the horizon.
pub(super) struct Expansion<'a> {
    events: &'a [Event],
    until: NaiveDate,
    /// What the rules may still lead through.
    days: i64,
    found: Vec<Occurrence>,
}

/// Every occurrence until the end of a day, in order.
pub(super) fn expand(events: &[Event], until: NaiveDate, report: &mut Report) -> Option<Vec<Occurrence>> {
    let mut expansion = Expansion { events, until, days: limits::RULE_DAYS_MAX, found: Vec::new() };
    for (_, series) in series(events, report) {
        expansion.follow(&series, report)?;
    }
    let mut found = expansion.found;
    found.sort_by_key(|occurrence| (occurrence.from, occurrence.to, occurrence.event));
    (!report.has_errors()).then_some(found)
}

/// The events that belong together, by the positions of those that begin a series and of those that replace a part.
#[derive(Debug, Default)]
struct Series {
    masters: Vec<usize>,
    replacements: Vec<usize>,
}

/// A part of a rule, `UNTIL` or `COUNT`, as it is written.
pub(super) fn part<'a>(rule: &'a str, name: &str) -> Option<&'a str> {
    let parts = rule.split(';').filter_map(|part| part.split_once('='));
    parts.rev().find(|(part, _)| part.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// Groups events by UID. An event without one stands for itself.
fn series(events: &[Event], report: &mut Report) -> BTreeMap<String, Series> {
    let mut all: BTreeMap<String, Series> = BTreeMap::new();
    for (index, event) in events.iter().enumerate() {
        let name = if event.uid.is_empty() { format!("\u{0}{index}") } else { event.uid.clone() };
        let series = all.entry(name).or_default();
        if event.replaces.is_some() {
            series.replacements.push(index);
            continue;
        }
        let earlier = series.masters.last().and_then(|last| Some((*last, events.get(*last)?)));
        match earlier {
            // The same event again, edited since: the newest counts.
            Some((_, earlier)) if earlier.sequence < event.sequence => series.masters = vec![index],
            Some((_, earlier)) if earlier.sequence > event.sequence => {}
            Some((_, earlier)) if earlier.start.local == event.start.local => series.masters = vec![index],
            // Two that nothing ranks: losing a shift would be worse than showing one too many.
            Some((_, earlier)) => {
                let kept = if earlier.cancelled || event.cancelled { "only one is cancelled" } else { "both are kept" };
                report.warn(
                    event.line,
                    "duplicate_uid",
                    format!("the event has the UID of the one on line {}, and {kept}", earlier.line),
                    "give each event a UID of its own, or the newer one a higher SEQUENCE",
                );
                series.masters.push(index);
            }
            None => series.masters.push(index),
        }
    }
    all
}

impl Expansion<'_> {
    fn follow(&mut self, series: &Series, report: &mut Report) -> Option<()> {
        let events = self.events;
        let at = |index: &usize| events.get(*index).map(|event| (*index, event));
        let mut masters: Vec<(usize, &Event)> = series.masters.iter().filter_map(at).collect();
        // A series that is called off has no parts either. Of two with one UID the other stays.
        masters.retain(|(_, event)| !event.cancelled);
        if masters.is_empty() && !series.masters.is_empty() {
            return Some(());
        }
        // Of several that replace one occurrence the newest counts.
        let mut replaced: BTreeMap<Timestamp, (usize, &Event)> = BTreeMap::new();
        let mut replaced_days: BTreeSet<NaiveDate> = BTreeSet::new();
        for (index, event) in series.replacements.iter().filter_map(at) {
            let Some(id) = &event.replaces else { continue };
            let Some(instant) = id.instant() else { continue };
            if id.is_date {
                replaced_days.insert(id.local.date());
            }
            let newer = replaced.get(&instant).is_none_or(|(_, known)| known.sequence <= event.sequence);
            if newer {
                replaced.insert(instant, (index, event));
            }
        }
        // Two tools write one time in two ways: a part may be left out of its series beside being replaced.
        let mut met: BTreeSet<Timestamp> = BTreeSet::new();
        let mut met_days: BTreeSet<NaiveDate> = BTreeSet::new();
        let alone = masters.is_empty();
        for (index, event) in masters {
            for local in self.times(event, report)? {
                let Some(from) = event.start.clock.instant(local) else { continue };
                met.insert(from);
                met_days.insert(local.date());
                let moved = replaced.contains_key(&from) || replaced_days.contains(&local.date());
                if !moved {
                    self.add(index, event, local, report)?;
                }
            }
            let excluded = Excluded::of(event);
            met.extend(&excluded.instants);
            met_days.extend(&excluded.days);
            for extra in &event.extra {
                met.extend(extra.instant());
                let moved = extra.instant().is_some_and(|from| replaced.contains_key(&from));
                if !moved && !excluded.has(extra.local, extra.instant()) {
                    self.add_at(index, event, extra, report)?;
                }
            }
        }
        for (instant, (index, event)) in replaced {
            let id = event.replaces.as_ref().filter(|id| !alone && id.local.date() <= self.until);
            let meets = |id: &When| met.contains(&instant) || met_days.contains(&id.local.date()) && id.is_date;
            if id.is_some_and(|id| !meets(id)) {
                let message =
                    "the event changes an occurrence that its series does not have, so nothing makes way for it";
                let help = "give it the RECURRENCE-ID of an occurrence as the rule has it, or a UID of its own";
                report.warn(event.line, "no_such_occurrence", message, help);
            }
            if !event.cancelled {
                self.add(index, event, event.start.local, report)?;
            }
        }
        Some(())
    }

    /// The local times at which an event begins, without those that are excluded.
    fn times(&mut self, event: &Event, report: &mut Report) -> Option<Vec<NaiveDateTime>> {
        let start = event.start.local;
        let clock = &event.start.clock;
        let excluded = Excluded::of(event);
        let Some(rule) = &event.rule else {
            let excluded = excluded.has(start, clock.instant(start));
            return Some(if excluded { Vec::new() } else { vec![start] });
        };
        let (until, rule) = self.bounded(event, &rule.text, rule.line, report)?;
        let mut times = Vec::new();
        for local in IcalRecurExpand::new(rule, civil::to_library(start)).filter_map(civil::from_library) {
            let instant = clock.instant(local);
            if local.date() > self.until || until.is_some_and(|until| until.is_before(local, instant)) {
                break;
            }
            if times.len() + self.found.len() >= limits::OCCURRENCES_MAX {
                return too_many(event, report);
            }
            if !excluded.has(local, instant) {
                times.push(local);
            }
        }
        Some(times)
    }

    /// The rule with an end, so that following it cannot take for ever; and the end it has itself.
    fn bounded(
        &mut self,
        event: &Event,
        text: &str,
        line: usize,
        report: &mut Report,
    ) -> Option<(Option<Until>, IcalRecurRule)> {
        let help = "rules like `FREQ=WEEKLY;INTERVAL=2;BYDAY=MO` are read";
        let parsed = match IcalRecurRule::parse(text) {
            Ok(parsed) => parsed,
            Err(why) => {
                let message = format!("the recurrence rule cannot be read: {}", lower(&why.to_string()));
                return report.refuse(line, "unreadable_rule", message, help);
            }
        };
        let times = [&parsed.by_hour, &parsed.by_minute, &parsed.by_second].map(|list| list.len().max(1));
        let often = matches!(parsed.freq, IcalRecurFreq::Secondly | IcalRecurFreq::Minutely);
        let foreign = parsed.scale.as_deref().is_some_and(|scale| scale != "GREGORIAN");
        if often
            || foreign
            || text.len() > limits::RULE_BYTES_MAX
            || times.iter().product::<usize>() > limits::RULE_TIMES_MAX
        {
            let message = "the recurrence rule is none for people on call: too often, too long or of another calendar";
            return report.refuse(line, "unsupported_recurrence", message, help);
        }
        let until = match part(text, "UNTIL") {
            Some(until) => Some(civil::read(until, line, report)?),
            None => None,
        };
        let until = until.map(|until| match (until.is_date, until.is_utc) {
            (true, _) => Until::Day(until.local.date()),
            (false, true) => Until::Instant(until.local.and_utc()),
            (false, false) => Until::Local(until.local),
        });
        let horizon = self.until + TimeDelta::days(2);
        let led = match parsed.freq {
            IcalRecurFreq::Hourly => 24,
            _ => 1,
        } * (horizon - event.start.local.date()).num_days().max(0);
        self.days -= led;
        if self.days < 0 {
            let message = "the recurrence rules of this calendar lead through too many days";
            return report.refuse(
                line,
                "calendar_too_large",
                message,
                "begin each series later, or split the calendar",
            );
        }
        let ends = match until {
            Some(Until::Day(day)) => day.min(self.until),
            Some(Until::Instant(until)) => until.date_naive().min(self.until),
            Some(Until::Local(until)) => until.date().min(self.until),
            None => self.until,
        } + TimeDelta::days(2);
        Some((until, IcalRecurRule { until: Some(civil::to_library(ends.into())), ..parsed }))
    }

    fn add(&mut self, index: usize, event: &Event, local: NaiveDateTime, report: &mut Report) -> Option<()> {
        let when = When { local, ..event.start.clone() };
        self.add_at(index, event, &when, report)
    }

    fn add_at(&mut self, index: usize, event: &Event, when: &When, report: &mut Report) -> Option<()> {
        if self.found.len() >= limits::OCCURRENCES_MAX {
            return too_many(event, report);
        }
        let (Some(from), Some(to)) = (when.instant(), event.end(when.local, &when.clock)) else {
            return Some(());
        };
        if when.local.date() <= self.until {
            self.found.push(Occurrence { from, to, event: index, local: when.local });
        }
        Some(())
    }
}

/// The end of a series, as its rule gives it. It belongs to the series.
#[derive(Debug, Clone, Copy)]
enum Until {
    Day(NaiveDate),
    Instant(Timestamp),
    Local(NaiveDateTime),
}

impl Until {
    fn is_before(self, local: NaiveDateTime, instant: Option<Timestamp>) -> bool {
        match self {
            Self::Day(day) => local.date() > day,
            Self::Instant(until) => instant.is_some_and(|instant| instant > until),
            Self::Local(until) => local > until,
        }
    }
}

/// What EXDATE takes out: instants, and days on which nothing of the series begins.
struct Excluded {
    instants: BTreeSet<Timestamp>,
    days: BTreeSet<NaiveDate>,
}

impl Excluded {
    fn of(event: &Event) -> Self {
        let (days, times): (Vec<&When>, Vec<&When>) = event.except.iter().partition(|except| except.is_date);
        Self {
            instants: times.iter().filter_map(|when| when.instant()).collect(),
            days: days.iter().map(|when| when.local.date()).collect(),
        }
    }

    fn has(&self, local: NaiveDateTime, instant: Option<Timestamp>) -> bool {
        self.days.contains(&local.date()) || instant.is_some_and(|instant| self.instants.contains(&instant))
    }
}

fn too_many<T>(event: &Event, report: &mut Report) -> Option<T> {
    let message = format!("the events of this calendar happen more than {} times", limits::OCCURRENCES_MAX);
    report.refuse(event.line, "calendar_too_large", message, "read a shorter time, with a nearer `until`")
}

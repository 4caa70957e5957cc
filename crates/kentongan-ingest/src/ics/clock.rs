//! The clocks on which a calendar tells its times: UTC, a zone of the bundled data, or rules that only the file has.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use ical::recur::expand::IcalRecurExpand;
use ical::recur::{IcalRecurFreq, IcalRecurRule};
use kentongan::Timestamp;
use kentongan::calendar::Zone;

use super::civil;
use super::component::{Component, ZoneComponent};
use super::report::Report;
use crate::error::{excerpt, lower};
use crate::limits;

/// What turns local time into instants.
#[derive(Debug, Clone)]
pub(super) enum Clock {
    Utc,
    Zone(Arc<Zone>),
    Written(Arc<Rules>),
}

/// The changes of offset of a zone that the file itself describes, in order.
#[derive(Debug)]
pub(super) struct Rules {
    /// The offset before the first change, in seconds east of UTC.
    first: i64,
    changes: Vec<Change>,
}

#[derive(Debug, Clone, Copy)]
struct Change {
    /// The instant, in seconds since 1970 UTC.
    at: i64,
    from: i64,
    to: i64,
}

impl Clock {
    /// The instant of a local time. In a gap it is the first instant after it, in an overlap the first of the two.
    pub(super) fn instant(&self, local: NaiveDateTime) -> Option<Timestamp> {
        match self {
            Self::Utc => Some(local.and_utc()),
            Self::Zone(zone) => zone.instant(&local.format("%Y-%m-%dT%H:%M:%S").to_string()),
            Self::Written(rules) => rules.instant(local),
        }
    }

    /// The name of the zone, where another program knows it too.
    pub(super) fn zone_name(&self) -> Option<&str> {
        match self {
            Self::Utc => Some("UTC"),
            Self::Zone(zone) => Some(zone.name()),
            Self::Written(_) => None,
        }
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Utc, Self::Utc) => true,
            (Self::Zone(a), Self::Zone(b)) => a.name() == b.name(),
            (Self::Written(a), Self::Written(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl Rules {
    fn instant(&self, local: NaiveDateTime) -> Option<Timestamp> {
        let local = local.and_utc().timestamp();
        let mut offset = self.first;
        for change in &self.changes {
            // Before the change the clock shows less than this; after it at least that.
            let (before, after) = (change.at + change.from, change.at + change.to);
            if local < before {
                break;
            }
            if local < after {
                return Utc.timestamp_opt(change.at, 0).single();
            }
            offset = change.to;
        }
        Utc.timestamp_opt(local - offset, 0).single()
    }

    /// Reads the rules as far as the horizon.
    fn of(zone: &ZoneComponent, until: NaiveDate, report: &mut Report) -> Option<Self> {
        let mut changes = Vec::new();
        for observance in &zone.observances {
            let onsets = onsets(observance, until, report)?;
            let from = offset(observance, "TZOFFSETFROM", report)?;
            let to = offset(observance, "TZOFFSETTO", report)?;
            let at = |onset: &NaiveDateTime| onset.and_utc().timestamp() - from;
            changes.extend(onsets.iter().map(|onset| Change { at: at(onset), from, to }));
        }
        changes.sort_by_key(|change| change.at);
        changes.dedup_by_key(|change| change.at);
        let Some(first) = changes.first() else {
            return report.refuse(
                zone.line,
                "incomplete_zone",
                format!("the zone `{}` says no offset", excerpt(&zone.id)),
                "a VTIMEZONE holds a STANDARD or DAYLIGHT part with TZOFFSETFROM and TZOFFSETTO",
            );
        };
        // A zone with a single observance has had its offset for ever.
        let first = if changes.len() == 1 { first.to } else { first.from };
        Some(Self { first, changes })
    }
}

/// The local times, on the clock before, at which an observance begins to hold.
fn onsets(observance: &Component, until: NaiveDate, report: &mut Report) -> Option<Vec<NaiveDateTime>> {
    let Some(start) = observance.property("DTSTART") else {
        let message = "a part of a zone does not say since when it holds";
        return report.refuse(observance.line, "incomplete_zone", message, "add its DTSTART");
    };
    let start = civil::local(start, report)?;
    let mut onsets = vec![start];
    for dates in observance.properties("RDATE") {
        onsets.extend(civil::list(dates, report)?.into_iter().map(|written| written.local));
    }
    for property in observance.properties("RRULE") {
        let rule = match IcalRecurRule::parse(&property.value) {
            Ok(rule) if rule.freq == IcalRecurFreq::Yearly && property.value.len() <= limits::RULE_BYTES_MAX => rule,
            Ok(_) => {
                let message = "the offset of a zone changes on days of the year, and by no other rule";
                return report.refuse(property.line, "unreadable_rule", message, ZONE_RULE);
            }
            Err(why) => {
                let message = format!("the rule of the zone cannot be read: {}", lower(&why.to_string()));
                return report.refuse(property.line, "unreadable_rule", message, ZONE_RULE);
            }
        };
        let last = civil::to_library((until + TimeDelta::days(366)).into());
        let until = Some(rule.until.map_or(last, |until| until.min(last)));
        // The time of day is that of its start, whatever else is written.
        let times = IcalRecurRule { by_hour: vec![], by_minute: vec![], by_second: vec![], until, ..rule };
        let found = IcalRecurExpand::new(times, civil::to_library(start)).take(limits::ZONE_CHANGES_MAX);
        onsets.extend(found.filter_map(civil::from_library));
    }
    if onsets.len() > limits::ZONE_CHANGES_MAX {
        let message = format!("the zone changes its offset more than {} times", limits::ZONE_CHANGES_MAX);
        let help = "export the calendar with a zone such as `Europe/Rome`";
        return report.refuse(observance.line, "calendar_too_large", message, help);
    }
    Some(onsets)
}

const ZONE_RULE: &str = "the rule of a zone is like `FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU`";

/// `+0200` in seconds.
fn offset(observance: &Component, name: &'static str, report: &mut Report) -> Option<i64> {
    let Some(property) = observance.property(name) else {
        let message = format!("a part of a zone has no {name}");
        return report.refuse(observance.line, "incomplete_zone", message, format!("add it, `{name}:+0200`"));
    };
    let read = |text: &str| {
        let (sign, digits) = text.split_at_checked(1)?;
        let sign = match sign {
            "+" => 1,
            "-" => -1,
            _ => return None,
        };
        if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = |at: usize| digits.get(at..at + 2).map_or(Some(0), |two| two.parse::<i64>().ok());
        let (hours, minutes) = (number(0)?, number(2)?);
        let seconds = if digits.len() == 6 { number(4)? } else { 0 };
        (hours < 24 && minutes < 60 && seconds < 60).then_some(sign * (hours * 3_600 + minutes * 60 + seconds))
    };
    read(&property.value).or_else(|| {
        let message = format!("`{}` is not an offset from UTC", excerpt(&property.value));
        report.refuse(property.line, "incomplete_zone", message, "write it as `+0200`")
    })
}

/// The clocks of one file by the names it gives them.
pub(super) struct Clocks<'a> {
    zones: &'a [ZoneComponent],
    /// The horizon: changes of offset past it matter to nobody.
    until: NaiveDate,
    /// What tells floating times and whole days.
    pub(super) floating: Clock,
    known: BTreeMap<String, Option<Clock>>,
}

impl<'a> Clocks<'a> {
    pub(super) fn new(zones: &'a [ZoneComponent], until: NaiveDate, floating: Clock) -> Self {
        Self { zones, until, floating, known: BTreeMap::new() }
    }

    /// The clock of that name. The bundled data count before the file's own rules, which age with the file.
    pub(super) fn named(&mut self, id: &str, line: usize, report: &mut Report) -> Option<Clock> {
        if let Some(known) = self.known.get(id) {
            // An unknown zone is told once.
            return known.clone();
        }
        let written = || self.zones.iter().find(|zone| zone.id == id);
        let clock = bundled(id).or_else(|| match written() {
            Some(zone) => Rules::of(zone, self.until, report).map(|rules| Clock::Written(Arc::new(rules))),
            None => report.refuse(
                line,
                "unknown_timezone",
                format!("the zone `{}` is unknown, and the file does not describe it", excerpt(id)),
                "name a zone such as `Europe/Rome`, or add its VTIMEZONE to the file",
            ),
        });
        self.known.insert(id.to_owned(), clock.clone());
        clock
    }
}

/// The zone that a name means outside of the file.
pub(super) fn bundled(id: &str) -> Option<Clock> {
    if matches!(id, "UTC" | "Etc/UTC" | "Z" | "GMT") {
        return Some(Clock::Utc);
    }
    let find = |name: &str| Zone::named(name).map(|zone| Clock::Zone(Arc::new(zone)));
    find(id).or_else(|| find(super::windows::zone(id)?)).or_else(|| {
        // Older exports put their own prefix before the name: `/freeassociation.sourceforge.net/Europe/Rome`.
        let name = id.strip_prefix('/')?;
        let slashes: Vec<usize> = name.match_indices('/').map(|(at, _)| at + 1).collect();
        slashes.into_iter().find_map(|at| name.get(at..).and_then(find))
    })
}

//! Calendars, releases, and what targets say of them.

use super::{Compiler, root};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ical::recur::expand::IcalRecurExpand;
use ical::recur::{IcalRecurDateTime, IcalRecurFreq, IcalRecurRule};
use jiff::civil::{Date, DateTime};

use crate::calendar::{Calendar, Day, Days, Interval, Releases, TimeOfDay, Zone, days_of, weekdays};
use crate::limits;
use crate::policy::document::{CalendarDocument, HolidayDocument, OneOrMany, Target};
use crate::source::{Path, did_you_mean};

/// A date of one year, or a day of every year.
enum Said {
    Once(Date),
    Yearly(i8, i8),
}

impl Compiler<'_> {
    pub(super) fn calendars(&mut self) -> BTreeMap<String, Calendar> {
        let document = self.document;
        let mut calendars = BTreeMap::new();
        for (name, calendar) in &document.calendars {
            let path = root("calendars").key(name);
            let zone = self.zone_or_default(calendar.timezone.as_deref(), &path.key("timezone"));
            let week = self.week(calendar, &path.key("hours"));
            let days = self.days(calendar, &path);
            let exceptions = calendar.exceptions.iter().map(|exception| &exception.hours);
            if calendar.hours.values().chain(exceptions).all(|hours| hours.as_slice().is_empty()) {
                self.error(
                    "calendar_never_opens",
                    format!("nothing is ever worked by the calendar `{name}`"),
                    "add `hours:`, such as `hours: { mon-fri: 09:00-17:00 }`",
                    &path,
                );
            }
            if let Some(zone) = zone {
                calendars.insert(name.clone(), Calendar::new(zone, week, days));
            }
        }
        calendars
    }

    fn week(&mut self, calendar: &CalendarDocument, path: &Path) -> [Vec<Interval>; 7] {
        let mut week: [Vec<Interval>; 7] = Default::default();
        for (days, hours) in &calendar.hours {
            let path = path.key(days);
            let intervals = self.hours(hours, &path);
            match weekdays(days) {
                Ok(days) => {
                    for day in days {
                        let position = usize::try_from(day.to_monday_zero_offset()).unwrap_or(0);
                        if let Some(slot) = week.get_mut(position) {
                            slot.extend(intervals.iter().copied());
                        }
                    }
                }
                Err(message) => self.error("invalid_days", message, "name days of the week", &path),
            }
        }
        let mut overlapping = [false; 7];
        for (hours, overlap) in week.iter_mut().zip(&mut overlapping) {
            *overlap = settle(hours).is_err();
        }
        if overlapping.contains(&true) {
            let message = format!("two stretches of hours on {} overlap", crate::calendar::day_names(overlapping));
            self.error("overlapping_hours", message, "join them into one", path);
        }
        let over_midnight = |index: usize| {
            let runs_until = week.get(index)?.last()?.end.checked_sub(24 * 60)?;
            let next = week.get((index + 1) % 7)?.first()?;
            (next.start < runs_until).then_some(())
        };
        if (0..7).any(|index| over_midnight(index).is_some()) {
            let message = "a stretch of hours that crosses midnight overlaps those of the next day";
            self.error("overlapping_hours", message, "end it where the next day's begin", path);
        }
        week
    }

    fn hours(&mut self, hours: &OneOrMany, path: &Path) -> Vec<Interval> {
        let mut intervals = Vec::new();
        for (index, text) in hours.as_slice().iter().enumerate() {
            match text.parse::<Interval>() {
                Ok(interval) => intervals.push(interval),
                Err(message) => {
                    let path = if matches!(hours, OneOrMany::One(_)) { path.clone() } else { path.index(index) };
                    self.error("invalid_hours", message, "write hours as `09:00-17:00`", &path);
                }
            }
        }
        intervals
    }

    fn days(&mut self, calendar: &CalendarDocument, path: &Path) -> Days {
        let mut days = Days::default();
        for (index, holiday) in calendar.holidays.iter().enumerate() {
            self.holiday(holiday, &path.key("holidays").index(index), &mut days);
        }
        let mut dated = BTreeSet::new();
        for (index, exception) in calendar.exceptions.iter().enumerate() {
            let path = path.key("exceptions").index(index);
            let mut hours = self.hours(&exception.hours, &path.key("hours"));
            if settle(&mut hours).is_err() {
                let message = "two stretches of hours of the exception overlap";
                self.error("overlapping_hours", message, "join them into one", &path.key("hours"));
            }
            let day = Day { name: exception.name.as_deref().unwrap_or("exception").into(), hours };
            let earlier = match self.said(&exception.date, &path.key("date")) {
                Some(Said::Once(date)) => {
                    dated.insert(date);
                    days.on(date, day.clone())
                }
                Some(Said::Yearly(month, of_month)) => {
                    // An exception is worked, also where a holiday of that very date says otherwise.
                    days.give_way(month, of_month, &dated);
                    days.every_year(month, of_month, day.clone())
                }
                None => None,
            };
            if earlier.is_some_and(|earlier| !earlier.hours.is_empty() && earlier.hours != day.hours) {
                self.error(
                    "contradicting_exceptions",
                    format!("two exceptions give `{}` different hours", exception.date),
                    "remove one of them",
                    &path,
                );
            }
        }
        days
    }

    fn holiday(&mut self, holiday: &HolidayDocument, path: &Path, days: &mut Days) {
        let name: Arc<str> = holiday.name.as_deref().unwrap_or("holiday").into();
        let day = || Day { name: Arc::clone(&name), hours: Vec::new() };
        match (&holiday.date, &holiday.from, &holiday.to) {
            (Some(date), None, None) => {
                // A holiday alone stands at its own place, not at that of a field.
                let field = path.key("date");
                let path = if self.exists(&field) { field } else { path.clone() };
                match self.said(date, &path) {
                    Some(Said::Once(date)) => drop(days.on(date, day())),
                    Some(Said::Yearly(month, of_month)) => drop(days.every_year(month, of_month, day())),
                    None => {}
                }
            }
            (None, Some(from), Some(to)) => {
                let (first, last) =
                    (self.end_of_range(from, &path.key("from")), self.end_of_range(to, &path.key("to")));
                let (Some(first), Some(last)) = (first, last) else { return };
                if last < first {
                    self.error(
                        "end_before_start",
                        format!("the holiday ends on {last}, before it starts on {first}"),
                        "swap `from` and `to`",
                        &path.key("to"),
                    );
                } else if days_of(first, last).nth(limits::HOLIDAY_DAYS_MAX).is_some() {
                    self.error(
                        "holiday_too_long",
                        format!("a holiday lasts {} days at the most", limits::HOLIDAY_DAYS_MAX),
                        "close days of the week by leaving them out of `hours`",
                        &path.key("to"),
                    );
                } else {
                    for date in days_of(first, last) {
                        days.on(date, day());
                    }
                }
            }
            _ => self.error(
                "invalid_holiday",
                "a holiday has either a `date`, or `from` and `to`",
                "write `2026-12-25`, `{ date: 12-25 }` or `{ from: 2026-12-24, to: 2026-12-26 }`",
                path,
            ),
        }
    }

    fn said(&mut self, text: &str, path: &Path) -> Option<Said> {
        let yearly = yearly(text).map(|(month, day)| Said::Yearly(month, day));
        yearly.or_else(|| self.date(text, path).map(Said::Once))
    }

    /// The first or the last day of a holiday of several, which has a year.
    fn end_of_range(&mut self, text: &str, path: &Path) -> Option<Date> {
        if yearly(text).is_some() {
            let help = "write the years of a range, as `{ from: 2026-12-24, to: 2027-01-02 }`; what comes every year is \
                        written day by day, as `12-24`";
            self.error("invalid_date", format!("`{text}` of a range has no year"), help, path);
            return None;
        }
        self.date(text, path)
    }

    fn date(&mut self, text: &str, path: &Path) -> Option<Date> {
        let date = text.parse::<Date>().ok().filter(|date| limits::YEARS.contains(&i32::from(date.year())));
        if date.is_none() {
            self.error(
                "invalid_date",
                format!("`{text}` is no date"),
                "write it as `2026-12-25`, or `12-25` for every year",
                path,
            );
        }
        date
    }

    /// When releases happen, in order.
    pub(super) fn releases(&mut self) -> Option<Releases> {
        let document = self.document.releases.as_ref()?;
        let path = root("releases");
        let zone = self.zone_or_default(document.timezone.as_deref(), &path.key("timezone"))?;
        let time = match document.at.parse::<TimeOfDay>() {
            Ok(time) => time,
            Err(message) => {
                self.error("invalid_time", message, "write a time of day as `10:00`", &path.key("at"));
                return None;
            }
        };
        let mut local: Vec<DateTime> = Vec::new();
        for (index, date) in document.dates.iter().enumerate() {
            local.extend(self.date(date, &path.key("dates").index(index)).and_then(|date| time.on(date)));
        }
        let rule = match (&document.rrule, document.every_weeks) {
            (Some(_), Some(_)) => {
                let message = "`rrule` and `every_weeks` both say when releases come round";
                self.error("invalid_releases", message, "keep one of them", &path.key("every_weeks"));
                return None;
            }
            (Some(rule), None) => Some((rule.clone(), path.key("rrule"))),
            (None, Some(weeks)) => Some((format!("FREQ=WEEKLY;INTERVAL={weeks}"), path.key("every_weeks"))),
            (None, None) => None,
        };
        if let Some((rule, place)) = rule {
            let Some(from) = &document.from else {
                let message = "nothing says when the first release is";
                self.error("missing_field", message, "add `from:` with its date", &path);
                return None;
            };
            let first = self.date(from, &path.key("from")).and_then(|date| time.on(date))?;
            let times = self.recurrence(&rule, first, &place)?;
            if times.is_empty() && document.dates.is_empty() {
                let message = format!("`{rule}` never comes round from {from} on, so there is no release");
                let help = "look at its days, its months and its end: `FREQ=MONTHLY;BYDAY=2TH` is the second Thursday";
                self.error("invalid_recurrence", message, help, &place);
                return None;
            }
            local.extend(times);
        }
        let releases = Releases::new(local.into_iter().filter_map(|local| zone.start(local)));
        if releases.is_empty() && document.dates.is_empty() {
            let message = "nothing says when releases happen";
            self.error("invalid_releases", message, "add `dates:`, `every_weeks:` or `rrule:`", &path);
        }
        Some(releases)
    }

    fn recurrence(&mut self, rule: &str, first: DateTime, path: &Path) -> Option<Vec<DateTime>> {
        let help = "write it as `every_weeks: 2`, or as a rule such as `FREQ=MONTHLY;BYDAY=2TH`";
        let parsed = (rule.len() <= limits::RELEASE_RULE_BYTES_MAX).then(|| IcalRecurRule::parse(rule).ok()).flatten();
        let often = |rule: &IcalRecurRule| {
            matches!(rule.freq, IcalRecurFreq::Secondly | IcalRecurFreq::Minutely | IcalRecurFreq::Hourly)
        };
        let Some(parsed) = parsed.filter(|rule| rule.interval != 0 && !often(rule)) else {
            self.error("invalid_recurrence", format!("`{rule}` does not say when releases come round"), help, path);
            return None;
        };
        let last_year = i32::from(first.year()) + limits::RELEASE_YEARS_MAX;
        let times = IcalRecurExpand::new(parsed, to_library(first))
            .filter_map(from_library)
            .take_while(|local| i32::from(local.year()) <= last_year)
            .take(limits::RELEASES_MAX)
            .collect();
        Some(times)
    }

    /// Refuses a target whose calendar or releases do not exist.
    pub(super) fn target(&mut self, target: Option<&Target>, path: &Path) {
        let document = self.document;
        match target {
            Some(
                Target::Business { calendar, .. }
                | Target::NextBusinessDay { calendar, .. }
                | Target::BusinessDays { calendar, .. },
            ) => {
                self.named_calendar(calendar.as_deref(), path);
            }
            Some(Target::NextRelease) if document.releases.is_none() => self.error(
                "missing_releases",
                "the policy does not say when releases happen",
                "add `releases:`, such as `releases: { every_weeks: 2, from: 2026-01-15 }`",
                path,
            ),
            Some(Target::NextRelease | Target::Within(_) | Target::By(_) | Target::BestEffort) | None => {}
        }
    }

    /// The calendar of that name; without a name, the only one there is.
    pub(super) fn named_calendar(&mut self, name: Option<&str>, path: &Path) -> Option<String> {
        let document = self.document;
        let calendars = &document.calendars;
        match (name, calendars.keys().next()) {
            (Some(name), _) if calendars.contains_key(name) => return Some(name.to_owned()),
            (Some(name), _) => {
                let help = did_you_mean(name, calendars.keys().map(String::as_str));
                self.error("unknown_calendar", format!("unknown calendar `{name}`"), help, path);
            }
            (None, Some(only)) if calendars.len() == 1 => return Some(only.clone()),
            (None, Some(first)) => {
                let help = format!("name one in brackets, such as `({first})`");
                self.error("ambiguous_calendar", "the policy has several calendars, and none is named", help, path);
            }
            (None, None) => self.error(
                "missing_calendar",
                "the policy has no calendar that says what business time is",
                "add `calendars:`, such as `office: { hours: { mon-fri: 09:00-17:00 } }`",
                path,
            ),
        }
        None
    }

    /// The zone named, or the policy's, which is checked elsewhere.
    fn zone_or_default(&mut self, name: Option<&str>, path: &Path) -> Option<Zone> {
        match name {
            Some(name) => self.zone(name, path),
            None => Zone::named(&self.document.timezone),
        }
    }
}

fn to_library(local: DateTime) -> IcalRecurDateTime {
    let part = |part: i8| u8::try_from(part).unwrap_or(0);
    IcalRecurDateTime {
        year: local.year().into(),
        month: part(local.month()),
        day: part(local.day()),
        hour: part(local.hour()),
        minute: part(local.minute()),
        second: 0,
    }
}

fn from_library(local: IcalRecurDateTime) -> Option<DateTime> {
    let part = |part: u8| i8::try_from(part).ok();
    let date = Date::new(i16::try_from(local.year).ok()?, part(local.month)?, part(local.day)?).ok()?;
    Some(date.at(part(local.hour)?, part(local.minute)?, 0, 0))
}

/// Puts the hours of a day in order, those that touch as one. An error where they overlap.
fn settle(hours: &mut Vec<Interval>) -> Result<(), ()> {
    hours.sort_unstable();
    let mut settled: Vec<Interval> = Vec::with_capacity(hours.len());
    for hours in hours.drain(..) {
        match settled.last_mut() {
            Some(last) if hours.start < last.end => return Err(()),
            Some(last) if hours.start == last.end => last.end = hours.end,
            _ => settled.push(hours),
        }
    }
    *hours = settled;
    Ok(())
}

/// A day of every year, `12-25`.
fn yearly(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // 2024 is a leap year: 29 February is a day of every year that has it.
    Date::new(2024, month, day).is_ok().then_some((month, day))
}

//! Dates and times as calendars write them, on no clock yet.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use ical::recur::IcalRecurDateTime;
use ical::value::duration::IcalDuration;

use super::line::ContentLine;
use super::report::Report;
use crate::error::excerpt;

/// A written date or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) local: NaiveDateTime,
    /// A date without a time: a whole day.
    pub(super) is_date: bool,
    /// It ends in `Z`.
    pub(super) is_utc: bool,
}

/// Reads `20260302`, `20260302T090000` or `20260302T080000Z`.
pub(super) fn parse(text: &str) -> Option<Written> {
    let text = text.trim();
    let (naive, is_utc) = match text.strip_suffix(['Z', 'z']) {
        Some(naive) => (naive, true),
        None => (text, false),
    };
    let number = |at: usize, length: usize| {
        let digits = naive.get(at..at + length).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse::<u32>().ok()
    };
    let year = i32::try_from(number(0, 4)?).ok().filter(|year| kentongan::limits::YEARS.contains(year))?;
    let date = NaiveDate::from_ymd_opt(year, number(4, 2)?, number(6, 2)?)?;
    match (naive.len(), naive.get(8..9)) {
        (8, _) if !is_utc => Some(Written { local: date.and_time(NaiveTime::MIN), is_date: true, is_utc }),
        (15, Some("T" | "t")) => {
            // A leap second is the last second of its minute here.
            let time = NaiveTime::from_hms_opt(number(9, 2)?, number(11, 2)?, number(13, 2)?.min(59))?;
            Some(Written { local: date.and_time(time), is_date: false, is_utc })
        }
        _ => None,
    }
}

/// The date or time of a property, or a problem.
pub(super) fn read(text: &str, line: usize, report: &mut Report) -> Option<Written> {
    parse(text).or_else(|| {
        let (first, last) = kentongan::limits::YEARS.into_inner();
        report.refuse(
            line,
            "unreadable_date",
            format!("`{}` is not a date or a time", excerpt(text)),
            format!("write `20260302`, `20260302T090000` or `20260302T080000Z`, in the years {first} to {last}"),
        )
    })
}

/// The local time of a property.
pub(super) fn local(property: &ContentLine, report: &mut Report) -> Option<NaiveDateTime> {
    read(&property.value, property.line, report).map(|written| written.local)
}

/// The dates and times of a property that lists several.
pub(super) fn list(property: &ContentLine, report: &mut Report) -> Option<Vec<Written>> {
    property.value.split(',').map(|part| read(part, property.line, report)).collect()
}

/// A length: whole days follow the calendar, hours and less the stopwatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Length {
    pub(super) civil: TimeDelta,
    pub(super) exact: TimeDelta,
}

/// Reads `P7D`, `PT12H`, `P1DT12H`. A length that is negative or absurd is none.
pub(super) fn length(text: &str) -> Option<Length> {
    if text.starts_with('-') {
        return None;
    }
    let (days, rest) = text.split_at(text.find(['T', 't']).unwrap_or(text.len()));
    let seconds = |text: String| IcalDuration(text.into()).seconds().filter(|seconds| *seconds >= 0);
    let civil = seconds(days.to_owned())?;
    let exact = if rest.is_empty() { 0 } else { seconds(format!("P{rest}"))? };
    let bounded = |seconds: i64| TimeDelta::try_seconds(seconds).filter(|length| length.num_days() < 36_600);
    Some(Length { civil: bounded(civil)?, exact: bounded(exact)? })
}

pub(super) fn to_library(local: NaiveDateTime) -> IcalRecurDateTime {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    IcalRecurDateTime {
        year: local.year(),
        month: small(local.month()),
        day: small(local.day()),
        hour: small(local.hour()),
        minute: small(local.minute()),
        second: small(local.second()),
    }
}

pub(super) fn from_library(local: IcalRecurDateTime) -> Option<NaiveDateTime> {
    let date = NaiveDate::from_ymd_opt(local.year, local.month.into(), local.day.into())?;
    date.and_hms_opt(local.hour.into(), local.minute.into(), u32::from(local.second).min(59))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "Z", "2026", "20260230", "20260302Z", "20260302T24", "20260302T240000"] {
            assert_eq!(parse(text), None, "{text}");
        }
        for text in ["20260302T09000é", "+0260302", "18000101", "é0260302"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert!(parse("20260302T235960Z").is_some(), "a leap second");
    }

    #[test]
    fn days_follow_the_calendar_and_hours_the_stopwatch() {
        let of = |days, hours| Some(Length { civil: TimeDelta::days(days), exact: TimeDelta::hours(hours) });
        assert_eq!(length("P1W"), of(7, 0));
        assert_eq!(length("PT24H"), of(0, 24));
        assert_eq!(length("P1DT12H"), of(1, 12));
        for text in ["", "P-1D", "-P1D", "-PT1H", "P1Y", "PT99999999999999H", "P99999999D", "1D"] {
            assert_eq!(length(text), None, "{text}");
        }
    }
}

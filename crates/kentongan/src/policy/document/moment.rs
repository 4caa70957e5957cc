//! Texts that stand for points and lengths of calendar time: `2026-01-05T09:00`, `1 week`, `mon 09:00`,
//! `mon-fri 09:00-17:00`.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::limits;
use crate::time::{Spoken, Timestamp};

/// Reads and writes a type as its text, and tells editors what such a text looks like.
macro_rules! as_text {
    ($name:ident, $description:literal, $pattern:literal, [$($example:literal),+]) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Spoken(|text: &str| text.parse()))
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "pattern": $pattern,
                    "description": $description,
                    "examples": [$($example),+],
                })
            }
        }
    };
}

/// A point in time as people write it: a reading of the clock where the schedule is kept, or an instant.
///
/// `2026-01-05` is the beginning of that day, `2026-01-05T09:00` (or with a blank) nine o'clock on it, and
/// `2026-01-05T02:00:00Z` an instant wherever one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A reading of the schedule's own clock.
    Local(NaiveDateTime),
    /// An instant.
    Instant(Timestamp),
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let in_range = |year: i32| limits::YEARS.contains(&year);
        let date = |date: &str| NaiveDate::parse_from_str(date, "%Y-%m-%d").ok();
        let local = || {
            let (day, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00"));
            Some(date(day)?.and_time(time_of_day(time)?))
        };
        let moment = match local() {
            Some(local) => Some(Self::Local(local)),
            None => text.parse::<Timestamp>().ok().map(|at| Self::Instant(crate::time::in_millis(at))),
        };
        moment
            .filter(|moment| {
                in_range(chrono::Datelike::year(&match moment {
                    Self::Local(local) => *local,
                    Self::Instant(at) => at.naive_utc(),
                }))
            })
            .ok_or_else(|| {
                let (first, last) = limits::YEARS.into_inner();
                format!(
                    "`{text}` is not a date or a time; write `2026-01-05`, `2026-01-05T09:00` or `2026-01-05T02:00:00Z`, in the years {first} to {last}"
                )
            })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(local) if local.time() == NaiveTime::MIN => write!(f, "{}", local.format("%Y-%m-%d")),
            Self::Local(local) => write!(f, "{}", local.format("%Y-%m-%dT%H:%M:%S")),
            Self::Instant(at) => f.write_str(&at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
        }
    }
}

as_text!(
    Moment,
    "A date, a local date and time, or an instant with its offset.",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}",
    ["2026-01-05", "2026-01-05T09:00", "2026-01-05T02:00:00Z"]
);

/// How long one turn of a rotation is, on the clock on the wall: `12h`, `1 day`, `2 weeks`, `1 month`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// So many hours of the wall clock.
    Hours(u32),
    /// So many days.
    Days(u32),
    /// So many weeks.
    Weeks(u32),
    /// So many months; on the 31st, a shorter month hands over on its last day.
    Months(u32),
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| format!("`{text}` is not a length of a turn: {why}");
        let expected = "write a number and `hours`, `days`, `weeks` or `months`, such as `12h` or `1 week`";
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at_checked(digits).unwrap_or(("", text));
        let number: u32 = number.parse().map_err(|_| wrong(expected))?;
        if number == 0 {
            return Err(wrong("a turn of no time never ends; use at least 1"));
        }
        if number > limits::TURN_UNITS_MAX {
            return Err(wrong("it is out of range"));
        }
        match unit.trim() {
            "h" | "hour" | "hours" => Ok(Self::Hours(number)),
            "d" | "day" | "days" => Ok(Self::Days(number)),
            "w" | "week" | "weeks" => Ok(Self::Weeks(number)),
            "mo" | "month" | "months" => Ok(Self::Months(number)),
            _ => Err(wrong(expected)),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match self {
            Self::Hours(number) => (number, "hour"),
            Self::Days(number) => (number, "day"),
            Self::Weeks(number) => (number, "week"),
            Self::Months(number) => (number, "month"),
        };
        write!(f, "{number} {unit}{}", if *number == 1 { "" } else { "s" })
    }
}

as_text!(
    Period,
    "A length on the wall clock: hours, days, weeks or months.",
    "^0*[1-9][0-9]* ?(h|hours?|d|days?|w|weeks?|mo|months?)$",
    ["1 week", "12h", "1 month"]
);

/// When turns are handed over: `09:00`, `mon 09:00`, or `31 09:00` for a day of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandoffTime {
    /// On which day, where one is named.
    pub day: Option<HandoffDay>,
    /// At which time of day.
    pub time: NaiveTime,
}

/// The day of a hand-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandoffDay {
    /// A day of the week.
    Week(Weekday),
    /// A day of the month, 1 to 31.
    Month(u32),
}

impl FromStr for HandoffTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a time of hand-off; write `09:00`, `mon 09:00` or `31 09:00`");
        let (day, time) = match text.trim().rsplit_once(' ') {
            Some((day, time)) => (Some(day.trim()), time),
            None => (None, text.trim()),
        };
        let time = time_of_day(time).ok_or_else(wrong)?;
        let day = day.map(|day| match day.parse::<u32>() {
            Ok(number @ 1..=31) => Ok(HandoffDay::Month(number)),
            Ok(_) => Err(wrong()),
            Err(_) => weekday(day).map(HandoffDay::Week).ok_or_else(wrong),
        });
        Ok(Self { day: day.transpose()?, time })
    }
}

impl fmt::Display for HandoffTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.day {
            Some(HandoffDay::Week(day)) => write!(f, "{} ", day.to_string().to_lowercase())?,
            Some(HandoffDay::Month(day)) => write!(f, "{day} ")?,
            None => {}
        }
        write!(f, "{}", self.time.format("%H:%M"))
    }
}

as_text!(
    HandoffTime,
    "A time of day, after a day of the week or of the month where that matters.",
    "^([a-z]+ |[0-9]{1,2} )?[0-9]{1,2}:[0-9]{2}$",
    ["mon 09:00", "09:00", "31 09:00"]
);

/// Hours of the week: `mon-fri 09:00-17:00`, `sat,sun 00:00-00:00`, `22:00-06:00`, `fri 17:00-mon 09:00`.
///
/// An end before its beginning is on the next day, and one equal to it 24 hours later. Without days it is every day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekHours {
    text: String,
    /// The days on which it begins.
    pub(crate) days: Vec<Weekday>,
    /// When it begins, in minutes of the day.
    pub(crate) from: i64,
    /// How long it lasts, in minutes by the clock on the wall.
    pub(crate) minutes: i64,
}

const DAY: i64 = 24 * 60;

impl FromStr for WeekHours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` names no hours of the week; write `mon-fri 09:00-17:00`, `22:00-06:00` or `fri 17:00-mon 09:00`"
            )
        };
        let (from, to) = text.rsplit_once('-').ok_or_else(wrong)?;
        let (days, from) = split_days(from.trim());
        let (end_day, to) = split_days(to.trim());
        let minutes = |time: &str| {
            time_of_day(time).map(|time| i64::from(chrono::Timelike::num_seconds_from_midnight(&time)) / 60)
        };
        // As in the hours of a calendar, a day may end at 24:00.
        let end = |time: &str| if time.trim() == "24:00" { Some(DAY) } else { minutes(time) };
        let (from, to) = (minutes(from).ok_or_else(wrong)?, end(to).ok_or_else(wrong)?);
        let days = match days {
            Some(days) => week_days(days).ok_or_else(wrong)?,
            None => (0..7).filter_map(|day| Weekday::try_from(day).ok()).collect(),
        };
        let minutes = match (end_day, days.as_slice()) {
            (None, _) if to > from => to - from,
            (None, _) => to - from + DAY,
            (Some(end), [day]) => {
                let end = weekday(end).ok_or_else(wrong)?;
                let apart = i64::from(end.days_since(*day)) * DAY + to - from;
                if apart > 0 { apart } else { apart + 7 * DAY }
            }
            (Some(_), _) => return Err(wrong()),
        };
        Ok(Self { text: text.to_owned(), days, from, minutes })
    }
}

impl fmt::Display for WeekHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

as_text!(
    WeekHours,
    "Hours of the week: days, and from when to when.",
    "[0-9]{1,2}:[0-9]{2} ?- ?([a-z]+ )?[0-9]{1,2}:[0-9]{2}$",
    ["mon-fri 09:00-17:00", "22:00-06:00", "fri 17:00-mon 09:00"]
);

/// Days without their year, or with it, or several: `2026-12-25`, `12-25` (every year), `2026-12-24/2027-01-01` (both
/// ends included).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// From one day to another, both included.
    Range(NaiveDate, NaiveDate),
    /// A month and a day of every year.
    Yearly(u32, u32),
}

impl FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` names no days; write `2026-12-25`, `12-25` or `2026-12-24/2027-01-01`");
        let date = |text: &str| {
            let date = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok();
            date.filter(|date| limits::YEARS.contains(&chrono::Datelike::year(date)))
        };
        if let Some((first, last)) = text.split_once('/') {
            let (first, last) = (date(first).ok_or_else(wrong)?, date(last).ok_or_else(wrong)?);
            if last < first {
                return Err(format!("`{text}` ends before it begins"));
            }
            return Ok(Self::Range(first, last));
        }
        if let Some(date) = date(text) {
            return Ok(Self::Range(date, date));
        }
        let (month, day) = text.trim().split_once('-').ok_or_else(wrong)?;
        let (month, day): (u32, u32) = (month.parse().map_err(|_| wrong())?, day.parse().map_err(|_| wrong())?);
        // A leap year has every day that there is.
        NaiveDate::from_ymd_opt(2028, month, day).map(|_| Self::Yearly(month, day)).ok_or_else(wrong)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range(first, last) if first == last => write!(f, "{first}"),
            Self::Range(first, last) => write!(f, "{first}/{last}"),
            Self::Yearly(month, day) => write!(f, "{month:02}-{day:02}"),
        }
    }
}

as_text!(
    Days,
    "A day, a day of every year, or days from one to another.",
    "^([0-9]{4}-)?[0-9]{2}-[0-9]{2}(/[0-9]{4}-[0-9]{2}-[0-9]{2})?$",
    ["2026-12-25", "12-25", "2026-12-24/2027-01-01"]
);

/// `09:00`, `9:00`, `09:00:30`.
fn time_of_day(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S")).ok()
}

fn weekday(text: &str) -> Option<Weekday> {
    text.trim().parse().ok()
}

/// The days before a time, where there are any.
fn split_days(text: &str) -> (Option<&str>, &str) {
    match text.rsplit_once(' ') {
        Some((days, time)) => (Some(days.trim()), time),
        None => (None, text),
    }
}

/// `mon-fri`, `sat,sun`, `mon,wed-fri`; a range may pass over Sunday.
fn week_days(text: &str) -> Option<Vec<Weekday>> {
    let mut days = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (mut day, last) = (weekday(first)?, weekday(last)?);
        loop {
            if !days.contains(&day) {
                days.push(day);
            }
            if day == last {
                break;
            }
            day = day.succ();
        }
    }
    Some(days)
}

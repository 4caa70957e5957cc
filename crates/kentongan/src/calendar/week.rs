//! Hours of the week as people write them: `mon-fri`, `09:00-17:00`.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Weekday};

/// The minutes of a day.
pub(crate) const DAY_MINUTES: u32 = 24 * 60;

const NAMES: [(&str, &str, Weekday); 7] = [
    ("mon", "monday", Weekday::Monday),
    ("tue", "tuesday", Weekday::Tuesday),
    ("wed", "wednesday", Weekday::Wednesday),
    ("thu", "thursday", Weekday::Thursday),
    ("fri", "friday", Weekday::Friday),
    ("sat", "saturday", Weekday::Saturday),
    ("sun", "sunday", Weekday::Sunday),
];

/// A local time of day, to the minute, from `00:00` to `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TimeOfDay {
    minutes: u32,
}

impl TimeOfDay {
    /// So many minutes after midnight, at the most a day.
    pub(crate) fn of_minutes(minutes: u32) -> Self {
        Self { minutes: minutes.min(DAY_MINUTES) }
    }

    /// The minutes since midnight.
    pub(crate) fn minutes(self) -> u32 {
        self.minutes
    }

    /// This time on a day.
    pub(crate) fn on(self, date: Date) -> Option<DateTime> {
        civil(date, self.minutes)
    }
}

impl FromStr for TimeOfDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("`{text}` is no time of day; write it as `09:00`");
        let (hour, minute) = text.trim().split_once(':').ok_or_else(refuse)?;
        let digits = |part: &str| part.len() <= 2 && !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(hour) || minute.len() != 2 || !digits(minute) {
            return Err(refuse());
        }
        let (hour, minute): (u32, u32) = (hour.parse().map_err(|_| refuse())?, minute.parse().map_err(|_| refuse())?);
        let minutes = hour * 60 + minute;
        if minute > 59 || minutes > DAY_MINUTES {
            return Err(refuse());
        }
        Ok(Self { minutes })
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

/// A stretch of local time that begins on one day, in minutes since that day's midnight. It ends after it begins, at
/// most 24 hours later, and so perhaps on the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Interval {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Interval {
    /// How long it is where no clock is moved, in minutes.
    pub(crate) fn minutes(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// When it starts and ends, as local times, on a day.
    pub(crate) fn on(self, date: Date) -> Option<(DateTime, DateTime)> {
        Some((civil(date, self.start)?, civil(date, self.end)?))
    }
}

/// `09:00-17:00`. An end before its start lies on the next day, and one equal to it 24 hours later.
impl FromStr for Interval {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (start, end) = text
            .split_once(['-', '–'])
            .ok_or_else(|| format!("`{text}` is no stretch of hours; write it as `09:00-17:00`"))?;
        let (start, end): (TimeOfDay, TimeOfDay) = (start.parse()?, end.parse()?);
        if start.minutes == DAY_MINUTES {
            return Err(format!("`{text}` begins when the day is over; write `00:00` on the next day"));
        }
        let end = if end > start { end.minutes } else { end.minutes + DAY_MINUTES };
        Ok(Self { start: start.minutes, end })
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = if self.end > DAY_MINUTES { self.end - DAY_MINUTES } else { self.end };
        write!(f, "{}-{}", TimeOfDay { minutes: self.start }, TimeOfDay { minutes: end })
    }
}

/// The local time so many minutes after a day's midnight, as a clock that is never moved would show it.
pub(crate) fn civil(date: Date, minutes: u32) -> Option<DateTime> {
    let date = date.checked_add(i64::from(minutes / DAY_MINUTES).days()).ok()?;
    let minutes = minutes % DAY_MINUTES;
    Some(date.at(i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?, 0, 0))
}

/// The days that a text names: `mon`, `mon-fri`, `sat, sun`, `fri-mon`, `daily`.
pub(crate) fn weekdays(text: &str) -> Result<Vec<Weekday>, String> {
    let day = |name: &str| {
        let name = name.trim().to_lowercase();
        NAMES
            .iter()
            .find(|(short, long, _)| *short == name || *long == name)
            .map(|(.., day)| *day)
            .ok_or_else(|| format!("`{name}` is no day of the week; write `mon`, `mon-fri`, `sat, sun` or `daily`"))
    };
    let mut days = Vec::new();
    for part in text.split(',') {
        if part.trim().eq_ignore_ascii_case("daily") {
            days.extend(NAMES.map(|(.., day)| day));
        } else if let Some((first, last)) = part.split_once(['-', '–']) {
            let (first, last) = (day(first)?, day(last)?);
            days.extend((0..=first.until(last)).map(|step| first.wrapping_add(step)));
        } else {
            days.push(day(part)?);
        }
    }
    Ok(days)
}

/// The days of the week for people, runs of them as `mon-fri`.
pub(crate) fn day_names(days: [bool; 7]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut run: Option<(&str, &str, usize)> = None;
    let mut close = |run: &mut Option<(&str, &str, usize)>| match run.take() {
        Some((first, _, 1)) => parts.push(first.to_owned()),
        Some((first, last, _)) => parts.push(format!("{first}-{last}")),
        None => {}
    };
    for ((name, ..), open) in NAMES.iter().zip(days) {
        match (&mut run, open) {
            (Some((_, last, length)), true) => (*last, *length) = (name, *length + 1),
            (None, true) => run = Some((name, name, 1)),
            (_, false) => close(&mut run),
        }
    }
    close(&mut run);
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_read_as_people_write_them() {
        for (text, start, end) in [
            ("09:00-17:00", 540, 1020),
            ("22:00-06:00", 1320, 1800),
            ("00:00-24:00", 0, 1440),
            ("8:30-8:30", 510, 1950),
        ] {
            assert_eq!(text.parse(), Ok(Interval { start, end }), "{text}");
        }
        for text in ["9-17", "09:00", "24:00-06:00", "09:60-10:00", "25:00-26:00", "09:0-10:00", "", "-", "1e1:00-2:00"]
        {
            assert!(text.parse::<Interval>().is_err(), "{text}");
        }
    }

    #[test]
    fn days_read_as_people_write_them() {
        let names = |text: &str| {
            let mut days = [false; 7];
            for day in weekdays(text).expect(text) {
                days[usize::try_from(day.to_monday_zero_offset()).expect("0 to 6")] = true;
            }
            day_names(days)
        };
        assert_eq!(names("mon-fri"), "mon-fri");
        assert_eq!(names("Sat, sunday"), "sat-sun");
        assert_eq!(names("fri-mon"), "mon, fri-sun");
        assert_eq!(names("daily"), "mon-sun");
        assert!(weekdays("someday").is_err() && weekdays("").is_err());
    }
}

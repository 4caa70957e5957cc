//! The days under a chart: where each begins, how long it is, and whether people are usually off.

use chrono::{Datelike, NaiveDate, Weekday};
use kentongan::{Duration, Timestamp};

use super::Chart;

/// A local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) date: NaiveDate,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
}

impl Day {
    pub(super) fn is_weekend(&self) -> bool {
        matches!(self.date.weekday(), Weekday::Sat | Weekday::Sun)
    }

    pub(super) fn length(&self) -> Duration {
        Duration::between(self.from, self.to)
    }

    /// Whether the clocks change on it, so that it is not 24 hours long.
    pub(super) fn is_odd(&self) -> bool {
        self.length() != Duration::from_hours(24)
    }
}

impl Chart {
    /// The local days that the chart touches, in order. A day that a zone skips is not among them.
    pub(super) fn days(&self) -> Vec<Day> {
        let midnight = |date: NaiveDate| self.zone.instant(&date.format("%Y-%m-%dT00:00").to_string());
        let mut days = Vec::new();
        let Ok(mut date) = self.zone.format(self.from, "%F").parse::<NaiveDate>() else {
            return days;
        };
        while let Some(from) = midnight(date).filter(|from| *from < self.to) {
            let Some(next) = date.succ_opt() else { break };
            let Some(to) = midnight(next) else { break };
            if from < to {
                days.push(Day { date, from, to });
            }
            date = next;
        }
        days
    }

    /// The instant of a time of day, `03:00`.
    pub(super) fn time_on(&self, date: NaiveDate, time: &str) -> Option<Timestamp> {
        self.zone.instant(&format!("{}T{time}", date.format("%Y-%m-%d")))
    }
}

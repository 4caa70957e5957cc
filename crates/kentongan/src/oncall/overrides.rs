//! What a policy itself changes in a schedule for a while: somebody takes over, two swap, somebody stands in.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate};

use super::intervals::Intervals;
use crate::calendar::WallClock;
use crate::policy::document::Days;

const DAY: i64 = 24 * 3_600_000;

/// Somebody takes over.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TakesOver {
    /// Of several at one time, a later one is applied after an earlier one.
    pub(crate) order: u64,
    pub(crate) person: String,
    /// In whose place; in everybody's otherwise.
    pub(crate) replaces: Option<String>,
}

/// Two people take each other's turns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Swap {
    pub(super) order: u64,
    pub(super) between: (String, String),
}

/// Days on which somebody stands in.
#[derive(Debug, Clone)]
pub(super) struct HolidaysOff {
    pub(super) people: Vec<String>,
    ranges: Intervals<()>,
    yearly: BTreeSet<(u32, u32)>,
}

impl HolidaysOff {
    pub(super) fn new(days: &[Days], people: Vec<String>) -> Self {
        let number =
            |date: NaiveDate| date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis().div_euclid(DAY);
        let ranges = days.iter().filter_map(|days| match days {
            Days::Range(first, last) => Some((number(*first), number(*last) + 1, ())),
            Days::Yearly(..) => None,
        });
        let yearly = days.iter().filter_map(|days| match days {
            Days::Yearly(month, day) => Some((*month, *day)),
            Days::Range(..) => None,
        });
        Self { people, ranges: ranges.collect(), yearly: yearly.collect() }
    }

    /// Whether an instant is on such a day, and up to when that holds.
    pub(super) fn look(&self, wall: &WallClock, at: i64) -> (bool, i64) {
        let today = wall.reached(at).div_euclid(DAY);
        let mut found = Vec::new();
        let mut edge = self.ranges.at(today, &mut found);
        let date = date(today);
        let yearly = self.yearly.contains(&(date.month(), date.day()));
        if yearly {
            edge = edge.min(today + 1);
        }
        // The next such day of the year; a 29 February may be eight years away, and looking again each year is enough.
        let this_year = self.yearly.range((date.month(), date.day() + 1)..).next();
        let next =
            this_year.map(|day| (date.year(), *day)).or_else(|| self.yearly.first().map(|day| (date.year() + 1, *day)));
        if let Some((year, (month, day))) = next {
            let next = NaiveDate::from_ymd_opt(year, month, day).or(NaiveDate::from_ymd_opt(year, month, 28));
            let next = next.map_or(i64::MAX, |next| (next - date).num_days() + today);
            edge = edge.min(next.max(today + 1));
        }
        let until = if edge == i64::MAX { i64::MAX } else { wall.first(edge * DAY) };
        (yearly || !found.is_empty(), until)
    }
}

fn date(day: i64) -> NaiveDate {
    DateTime::from_timestamp_millis(day * DAY).unwrap_or_default().date_naive()
}

//! What the on-call times come to for each person, since people look at whether it is fair.

use std::collections::BTreeMap;

use kentongan::Duration;
use serde::Serialize;

use super::Chart;
use crate::text::{Line, Style};

/// The middle of the night, and of a day.
const NIGHT: &str = "03:00";
const NOON: &str = "12:00";

/// How much somebody is on call, in all roles together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Total {
    /// Who.
    pub person: String,
    /// For how long, in hours, rounded down.
    pub hours: i64,
    /// How many nights: those in the middle of which, at 03:00, they are on call.
    pub nights: u32,
    /// How many days of weekends: Saturdays and Sundays at whose noon they are on call.
    pub weekend_days: u32,
    #[serde(skip)]
    length: Duration,
}

impl Chart {
    /// What it comes to for each person, by id. A night in two roles counts once; hours of two roles add up.
    #[must_use]
    pub fn totals(&self) -> Vec<Total> {
        let mut lengths: BTreeMap<&str, i64> = BTreeMap::new();
        for shift in self.roles.iter().filter(|role| !role.shadow).flat_map(|role| &role.shifts) {
            for person in super::people(shift) {
                *lengths.entry(person).or_default() += Duration::between(shift.from, shift.to).as_millis();
            }
        }
        let days = self.days();
        let total = |(person, millis): (&str, i64)| {
            let times = |time: &str, weekend_only: bool| {
                let days = days.iter().filter(|day| !weekend_only || day.is_weekend());
                let count = days.filter(|day| self.is_on_call(person, day.date, time)).count();
                u32::try_from(count).unwrap_or(u32::MAX)
            };
            Total {
                person: person.to_owned(),
                hours: millis / 3_600_000,
                nights: times(NIGHT, false),
                weekend_days: times(NOON, true),
                length: Duration::from_millis(millis),
            }
        };
        lengths.into_iter().map(total).collect()
    }

    fn is_on_call(&self, person: &str, date: chrono::NaiveDate, time: &str) -> bool {
        let Some(at) = self.time_on(date, time) else {
            return false;
        };
        let at = at..=at;
        self.roles.iter().filter(|role| !role.shadow).any(|role| {
            let index = role.shifts.partition_point(|shift| shift.to <= *at.start());
            let shift = role.shifts.get(index).filter(|shift| shift.from <= *at.end());
            shift.is_some_and(|shift| super::people(shift).any(|other| other == person))
        })
    }

    /// The totals as aligned lines.
    #[must_use]
    pub fn totals_table(&self) -> Vec<Line> {
        let totals = self.totals();
        let width = totals.iter().map(|total| total.person.chars().count()).max().unwrap_or(0).max("person".len());
        let head = format!("{:width$}  {:>12}  {:>6}  {:>12}", "person", "on call", "nights", "weekend days");
        let mut lines = vec![Line::of(Style::Faint, head)];
        for total in &totals {
            let length = hours(total.length);
            let rest = format!("  {length:>12}  {:>6}  {:>12}", total.nights, total.weekend_days);
            lines.push(Line::of(Style::Name, total.person.as_str()).padded(width).with(Style::Plain, rest));
        }
        lines
    }
}

/// A length in hours and minutes, `167h 30m`: people compare hours.
pub(super) fn hours(length: Duration) -> String {
    let minutes = length.as_millis() / 60_000;
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("{hours}h"),
        (0, minutes) => format!("{minutes}m"),
        (hours, minutes) => format!("{hours}h {minutes:02}m"),
    }
}

//! Days that are not like the others of their week: holidays, and days worked by exception.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::week::Interval;

/// What is special about a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Day {
    /// What it is called, for people.
    pub(crate) name: Arc<str>,
    /// When it is worked; never on a holiday.
    pub(crate) hours: Vec<Interval>,
}

/// The special days of a calendar: those of one date, and those of every year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Days {
    dates: BTreeMap<Date, Day>,
    yearly: BTreeMap<(i8, i8), Day>,
}

impl Days {
    pub(crate) fn on(&mut self, date: Date, day: Day) -> Option<Day> {
        self.dates.insert(date, day)
    }

    pub(crate) fn every_year(&mut self, month: i8, day_of_month: i8, day: Day) -> Option<Day> {
        self.yearly.insert((month, day_of_month), day)
    }

    /// Leaves a day of the year to what is said of it next: no date keeps something of its own, but for these.
    pub(crate) fn give_way(&mut self, month: i8, day_of_month: i8, but: &BTreeSet<Date>) {
        self.dates.retain(|date, _| (date.month(), date.day()) != (month, day_of_month) || but.contains(date));
    }

    /// What is special about a date. What is said of the very date counts before what is said of every year.
    pub(crate) fn find(&self, date: Date) -> Option<&Day> {
        self.dates.get(&date).or_else(|| self.yearly.get(&(date.month(), date.day())))
    }

    /// Every special date between two years.
    pub(crate) fn all(&self, years: std::ops::RangeInclusive<i16>) -> impl Iterator<Item = Date> {
        let dates = self.dates.keys().copied();
        let yearly = self
            .yearly
            .keys()
            .flat_map(move |(month, day)| years.clone().filter_map(move |year| Date::new(year, *month, *day).ok()));
        dates.chain(yearly)
    }

    /// The first closed special day on or after a date, within a year.
    pub(crate) fn next_holiday(&self, from: Date) -> Option<(Date, &str)> {
        let until = from.checked_add(1.year()).ok()?;
        let dated = self.dates.range(from..until).find(|(_, day)| day.hours.is_empty()).map(|(date, _)| *date);
        let yearly = self.yearly.iter().filter(|(_, day)| day.hours.is_empty()).filter_map(|((month, day), _)| {
            let year = from.year();
            [year, year + 1]
                .into_iter()
                .filter_map(|year| Date::new(year, *month, *day).ok())
                .find(|date| (from..until).contains(date) && !self.dates.contains_key(date))
        });
        let date = dated.into_iter().chain(yearly).min()?;
        Some((date, &self.find(date)?.name))
    }

    /// How many special days there are: of one date, and of every year.
    pub(crate) fn count(&self) -> (usize, usize) {
        (self.dates.len(), self.yearly.len())
    }
}

/// Every date from one to another, both included.
pub(crate) fn days_of(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |date| date.tomorrow().ok()).take_while(move |date| *date <= to)
}

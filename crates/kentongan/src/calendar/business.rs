//! Working time: which instants count, and arithmetic over those that do.

use std::collections::BTreeSet;

use chrono::TimeZone as _;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Weekday};

use super::holidays::Days;
use super::week::{Interval, civil, day_names};
use super::zone::Zone;
use crate::limits;
use crate::time::{Duration, Timestamp};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// A calendar of working time: hours of the week in a zone, without holidays, with days worked by exception.
///
/// Stretches of working time are half-open: the instant of closing is no longer working time. A local time that a
/// moved clock skips begins and ends at the first instant after the gap; of one that comes twice, a beginning takes
/// the first and an end the last.
///
/// All arithmetic is exact, also over moved clocks, holidays and year ends. Sums over whole weeks are kept, so its
/// cost does not grow with the distance. What lies past the years that the engine keeps counts as their end.
///
/// ```
/// use kentongan::{Duration, Policy, Timestamp};
/// # let policy = r#"
/// # policy: shop
/// # people: { ana: { contacts: { pager: ana-1 } } }
/// # severities: { high: { definition: down, notify: [ { pager: ana } ] } }
/// # classify: [ { default: high } ]
/// # last_resort: [ { pager: ana } ]
/// # calendars: { office: { timezone: Europe/Berlin, hours: { mon-fri: 09:00-17:00 }, holidays: [ 12-25 ] } }
/// # "#;
/// // calendars: { office: { timezone: Europe/Berlin, hours: { mon-fri: 09:00-17:00 }, holidays: [ 12-25 ] } }
/// let policy = Policy::from_yaml(policy)?;
/// let office = policy.calendar("office").ok_or("it has that calendar")?;
/// let thursday: Timestamp = "2026-12-24T14:00:00Z".parse()?; // 15:00 in Berlin
/// let monday: Timestamp = "2026-12-28T10:00:00Z".parse()?;
/// assert_eq!(office.add(thursday, Duration::from_hours(4)), monday, "two hours before Christmas, two after");
/// assert_eq!(office.elapsed(thursday, monday), Duration::from_hours(4));
/// assert_eq!(office.subtract(monday, Duration::from_hours(4)), thursday);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: Zone,
    week: [Vec<Interval>; 7],
    days: Days,
    /// The working time, in milliseconds, before each week since [`first_monday`], counted by the day a stretch begins.
    before: Vec<i64>,
    /// The days that are worked before each week.
    days_before: Vec<usize>,
    /// The weeks in which a clock is moved or a day is special; all others are alike.
    special: BTreeSet<usize>,
    /// The working time before each day of a week without anything special.
    before_day: [i64; 8],
}

/// A stretch of working time, as instants in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    start: i64,
    end: i64,
}

/// Which of two instants is meant where no time is worked between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// The closing.
    Closing,
    /// The opening that follows.
    Opening,
}

impl Calendar {
    pub(crate) fn new(zone: Zone, week: [Vec<Interval>; 7], days: Days) -> Self {
        let mut calendar = Self {
            zone,
            week,
            days,
            before: Vec::new(),
            days_before: Vec::new(),
            special: BTreeSet::new(),
            before_day: [0; 8],
        };
        let mut total = 0;
        for (slot, hours) in calendar.before_day.iter_mut().zip(calendar.week.iter().map(Some).chain([None])) {
            *slot = total;
            total += hours.into_iter().flatten().map(|interval| i64::from(interval.minutes()) * MINUTE).sum::<i64>();
        }
        calendar.mark_special_weeks();
        let regular = (total, calendar.week.iter().filter(|hours| !hours.is_empty()).count());
        let (mut before, mut days_before) = (Vec::with_capacity(weeks() + 1), Vec::with_capacity(weeks() + 1));
        let (mut sum, mut days) = (0, 0);
        for week in 0..weeks() {
            before.push(sum);
            days_before.push(days);
            let of_week = if calendar.special.contains(&week) { calendar.worked_in(week) } else { regular };
            (sum, days) = (sum + of_week.0, days + of_week.1);
        }
        before.push(sum);
        days_before.push(days);
        (calendar.before, calendar.days_before) = (before, days_before);
        calendar
    }

    /// The weeks that must be looked at day by day: a moved clock or a special day touches them, or may reach in.
    fn mark_special_weeks(&mut self) {
        let moved = self.moved_while_worked();
        let mut mark = |date: Date| {
            // A stretch that crosses midnight carries what is special into the next day.
            for day in [date.yesterday().ok(), Some(date), date.tomorrow().ok()].into_iter().flatten() {
                self.special.extend(week_of(day));
            }
        };
        let (first, last) = (*limits::YEARS.start(), *limits::YEARS.end());
        let years = i16::try_from(first).unwrap_or(i16::MIN)..=i16::try_from(last).unwrap_or(i16::MAX);
        self.days.all(years).for_each(&mut mark);
        for date in moved {
            mark(date);
            // Where a whole day is skipped, the one before it is two dates away.
            date.checked_sub(2.days()).into_iter().for_each(&mut mark);
        }
    }

    /// The dates on which a clock is moved at a time that is worked: all other changes leave the sums alone, and most
    /// clocks are moved at night.
    fn moved_while_worked(&self) -> Vec<Date> {
        let at = |year: i32| chrono::Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().unwrap_or_default();
        let changes = self.zone.changes(at(*limits::YEARS.start()), at(*limits::YEARS.end() + 1));
        let moved = changes.filter_map(|change| {
            let before = self.zone.civil(change - chrono::TimeDelta::milliseconds(1))?;
            let after = self.zone.civil(change)?;
            self.is_worked_between(before.min(after), before.max(after)).then(|| after.date())
        });
        moved.collect()
    }

    /// Whether a stretch of hours touches the time between two readings of the clock, which may be days apart.
    fn is_worked_between(&self, from: DateTime, to: DateTime) -> bool {
        let first = from.date().yesterday().unwrap_or(from.date());
        let dates =
            std::iter::successors(Some(first), |date| date.tomorrow().ok()).take_while(|date| *date <= to.date());
        let mut bounds =
            dates.flat_map(|date| self.hours_of(date).iter().filter_map(move |interval| interval.on(date)));
        bounds.any(|(start, end)| start <= to && from <= end)
    }

    /// Whether an instant is working time.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.next_opening(at) == at
    }

    /// Whether it is open at any instant from another one on, in the years that the engine keeps.
    #[must_use]
    pub fn opens_from(&self, at: Timestamp) -> bool {
        self.next_opening(at) < end_of_time()
    }

    /// The first instant of working time at or after another: itself, while it is open.
    #[must_use]
    pub fn next_opening(&self, at: Timestamp) -> Timestamp {
        self.reach(self.worked_before(at), Edge::Opening)
    }

    /// The end of the stretch of working time that [`Self::next_opening`] lies in.
    #[must_use]
    pub fn next_closing(&self, at: Timestamp) -> Timestamp {
        let worked = self.worked_before(at);
        match self.find(worked, Edge::Opening) {
            Some((stretch, _)) => instant(stretch.end),
            None => end_of_time(),
        }
    }

    /// The instant by which so much working time has passed. It is the closing, not the next opening, where a stretch
    /// is used up to its end. No time at all leads to the instant itself.
    #[must_use]
    pub fn add(&self, at: Timestamp, length: Duration) -> Timestamp {
        if length.is_zero() {
            return at;
        }
        self.reach(self.worked_before(at).saturating_add(length.as_millis()), Edge::Closing)
    }

    /// The latest instant from which so much working time leads to another.
    #[must_use]
    pub fn subtract(&self, at: Timestamp, length: Duration) -> Timestamp {
        if length.is_zero() {
            return at;
        }
        self.reach(self.worked_before(at).saturating_sub(length.as_millis()).max(0), Edge::Opening)
    }

    /// The working time between two instants; none where `to` is not later.
    #[must_use]
    pub fn elapsed(&self, from: Timestamp, to: Timestamp) -> Duration {
        Duration::from_millis(self.worked_before(to) - self.worked_before(from))
    }

    /// When the first day after an instant's own that is worked closes for the last time.
    #[must_use]
    pub fn close_of_next_business_day(&self, at: Timestamp) -> Timestamp {
        self.close_of_business_day(at, 1)
    }

    /// When a later day that is worked closes for the last time: so many worked days after an instant's own.
    #[must_use]
    pub fn close_of_business_day(&self, at: Timestamp, days: u32) -> Timestamp {
        let close = self.business_day(at, days).and_then(|date| self.stretches(date).last());
        close.map_or_else(end_of_time, |stretch| instant(stretch.end))
    }

    /// A time of day on the first day after an instant's own that is worked.
    /// It is given in minutes since midnight.
    pub(crate) fn on_next_business_day(&self, at: Timestamp, minutes: u32) -> Timestamp {
        self.business_day(at, 1).and_then(|date| self.zone.start(civil(date, minutes)?)).unwrap_or_else(end_of_time)
    }

    /// The hours of the week and how many days are special, for people: `mon-fri 09:00-17:00`.
    #[must_use]
    pub fn hours(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut named = [false; 7];
        for (first, hours) in self.week.iter().enumerate() {
            if hours.is_empty() || named.get(first) == Some(&true) {
                continue;
            }
            let mut alike = [false; 7];
            for ((alike, named), other) in alike.iter_mut().zip(&mut named).zip(&self.week) {
                *alike = other == hours;
                *named |= *alike;
            }
            let hours: Vec<String> = hours.iter().map(Interval::to_string).collect();
            parts.push(format!("{} {}", day_names(alike), hours.join(" ")));
        }
        parts.join(", ")
    }

    /// How many days of one date, and of every year, are holidays or worked by exception.
    #[must_use]
    pub fn special_days(&self) -> (usize, usize) {
        self.days.count()
    }

    /// The next holiday on or after the local date of an instant, within a year: its date and its name.
    #[must_use]
    pub fn next_holiday(&self, at: Timestamp) -> Option<(String, &str)> {
        let (date, name) = self.days.next_holiday(self.zone.civil(at)?.date())?;
        Some((date.to_string(), name))
    }

    /// The zone in which its hours are kept.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The day that is worked so many worked days after an instant's own.
    fn business_day(&self, at: Timestamp, days: u32) -> Option<Date> {
        let date = self.zone.civil(at)?.date();
        let worked = |week: usize| days_of_week(week).filter(|day| self.worked_on(*day) > 0);
        // All the days that are worked up to the end of this one, so that what follows is a later one.
        let week = week_of(date)?;
        let passed = self.days_before.get(week)? + worked(week).take_while(|day| *day <= date).count();
        let count = passed + usize::try_from(days).ok()?;
        let week = self.days_before.partition_point(|before| *before < count).checked_sub(1)?;
        let left = count - self.days_before.get(week)?;
        worked(week).nth(left.checked_sub(1)?)
    }

    /// The hours of a date.
    fn hours_of(&self, date: Date) -> &[Interval] {
        if let Some(day) = self.days.find(date) {
            return &day.hours;
        }
        self.week.get(position(date.weekday())).map_or(&[], Vec::as_slice)
    }

    /// The stretches that begin on a date, as instants. What still runs from the day before comes first.
    fn stretches(&self, date: Date) -> impl DoubleEndedIterator<Item = Stretch> {
        let end = |date: Date, interval: Interval| Some(millis(self.zone.end(interval.on(date)?.1)?));
        let yesterday = date.yesterday().ok();
        let mut free =
            yesterday.and_then(|yesterday| end(yesterday, *self.hours_of(yesterday).last()?)).unwrap_or(i64::MIN);
        let mut stretches = Vec::new();
        for interval in self.hours_of(date) {
            let bounds = interval
                .on(date)
                .and_then(|(start, end)| Some((millis(self.zone.start(start)?), millis(self.zone.end(end)?))));
            if let Some((start, end)) = bounds {
                let start = start.max(free);
                if end > start {
                    stretches.push(Stretch { start, end });
                    free = end;
                }
            }
        }
        stretches.into_iter()
    }

    fn worked_on(&self, date: Date) -> i64 {
        self.stretches(date).map(|stretch| stretch.end - stretch.start).sum()
    }

    /// The working time of a week, and how many of its days are worked.
    fn worked_in(&self, week: usize) -> (i64, usize) {
        let worked = days_of_week(week).map(|date| self.worked_on(date));
        worked.filter(|worked| *worked > 0).fold((0, 0), |(sum, days), worked| (sum + worked, days + 1))
    }

    /// The working time, in milliseconds, from the beginning of the years that the engine keeps until an instant.
    fn worked_before(&self, at: Timestamp) -> i64 {
        let Some(local) = self.zone.civil(at) else { return 0 };
        let date = local.date();
        let Some(week) = week_of(date) else {
            return if date < first_monday() { 0 } else { self.before.last().copied().unwrap_or(0) };
        };
        let before = self.before.get(week).copied().unwrap_or(0);
        let alike = |week: usize| !self.special.contains(&week);
        if alike(week) && week.checked_sub(1).is_none_or(alike) {
            let day = position(date.weekday());
            let passed = i64::from(local.hour()) * 60 * MINUTE
                + i64::from(local.minute()) * MINUTE
                + i64::from(local.second()) * 1_000
                + i64::from(local.subsec_nanosecond() / 1_000_000);
            let whole = self.before_day.get(day).copied().unwrap_or(0);
            return before + whole + self.worked_of(day, passed) - self.left_of(day, passed);
        }
        // Two days back, whatever crosses midnight has ended before the instant.
        let (first, before) = match date.checked_sub(2.days()).ok().and_then(week_of) {
            Some(week) => (week, self.before.get(week).copied().unwrap_or(0)),
            None => (week, before),
        };
        let at = millis(at);
        let stretches = days_from(first, 0).take_while(|day| *day <= date).flat_map(|day| self.stretches(day));
        before + stretches.map(|stretch| (stretch.end.min(at) - stretch.start).max(0)).sum::<i64>()
    }

    /// The part of a day's own hours that has passed by a time of that day, where no clock is moved.
    fn worked_of(&self, day: usize, passed: i64) -> i64 {
        let hours = self.week.get(day).into_iter().flatten();
        hours.map(|hours| (minutes(hours.end).min(passed) - minutes(hours.start)).max(0)).sum()
    }

    /// The part of the hours of the day before that crosses midnight and has not passed by a time of a day.
    fn left_of(&self, day: usize, passed: i64) -> i64 {
        let crossing = self.week.get((day + 6) % 7).and_then(|hours| hours.last());
        crossing.map_or(0, |hours| (minutes(hours.end) - DAY - passed).clamp(0, minutes(hours.minutes())))
    }

    /// The instant at which so much time has been worked.
    fn reach(&self, worked: i64, edge: Edge) -> Timestamp {
        self.find(worked, edge).map_or_else(end_of_time, |(stretch, _)| instant(stretch.start))
    }

    /// What is left of the stretch in which so much time has been worked, and the date on which the stretch begins.
    fn find(&self, worked: i64, edge: Edge) -> Option<(Stretch, Date)> {
        let is_before = |sum: &i64| if edge == Edge::Closing { *sum < worked } else { *sum <= worked };
        let week = self.before.partition_point(is_before).checked_sub(1)?;
        let mut left = worked - self.before.get(week)?;
        let mut over = 0;
        if !self.special.contains(&week) {
            let is_over = |sum: &&i64| if edge == Edge::Closing { **sum < left } else { **sum <= left };
            over = self.before_day.iter().skip(1).take_while(is_over).count();
            left -= self.before_day.get(over)?;
        }
        for date in days_from(week, over).take(7 - over.min(7)) {
            for stretch in self.stretches(date) {
                let length = stretch.end - stretch.start;
                if left < length || (edge == Edge::Closing && left == length) {
                    return Some((Stretch { start: stretch.start + left, end: stretch.end }, date));
                }
                left -= length;
            }
        }
        None
    }
}

/// The Monday on which the weeks begin to be counted.
fn first_monday() -> Date {
    let first = Date::new(i16::try_from(*limits::YEARS.start()).unwrap_or(1900), 1, 1).unwrap_or(Date::MIN);
    let back = i64::from(first.weekday().to_monday_zero_offset());
    first.checked_sub(back.days()).unwrap_or(first)
}

/// How many weeks there are in the years that the engine keeps.
fn weeks() -> usize {
    let years = limits::YEARS.end() - limits::YEARS.start() + 1;
    // A year has at most 53 weeks in part.
    usize::try_from(years).unwrap_or(0) * 366 / 7 + 2
}

fn week_of(date: Date) -> Option<usize> {
    let days = first_monday().until(date).ok()?.get_days();
    usize::try_from(days).ok().map(|days| days / 7).filter(|week| *week < weeks())
}

fn days_of_week(week: usize) -> impl Iterator<Item = Date> {
    days_from(week, 0).take(7)
}

/// The days from one of a week on; they do not end with it.
fn days_from(week: usize, day: usize) -> impl Iterator<Item = Date> {
    let days = i64::try_from(week * 7 + day).ok();
    let first = days.and_then(|days| first_monday().checked_add(days.days()).ok());
    std::iter::successors(first, |date| date.tomorrow().ok())
}

fn position(day: Weekday) -> usize {
    usize::try_from(day.to_monday_zero_offset()).unwrap_or(0)
}

fn minutes(count: u32) -> i64 {
    i64::from(count) * MINUTE
}

fn millis(at: Timestamp) -> i64 {
    at.timestamp_millis()
}

fn instant(millis: i64) -> Timestamp {
    chrono::Utc.timestamp_millis_opt(millis).single().unwrap_or_else(end_of_time)
}

fn end_of_time() -> Timestamp {
    chrono::Utc.with_ymd_and_hms(*limits::YEARS.end() + 1, 1, 1, 0, 0, 0).single().unwrap_or(Timestamp::MAX_UTC)
}

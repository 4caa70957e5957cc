//! Turns of equal length on the clock on the wall: which turn it is, and when the next one begins.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime};

use crate::policy::document::{HandoffDay, HandoffTime, Period};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// People who take turns: all arithmetic is on readings of the wall clock, so a 09:00 hand-off is always at 09:00.
#[derive(Debug, Clone)]
pub(super) struct Rotation {
    length: Length,
    /// The reading at which the first turn begins.
    start: i64,
}

#[derive(Debug, Clone, Copy)]
enum Length {
    Millis(i64),
    /// So many months, always on this day of the month, or on the last of a shorter one.
    Months(i64, u32),
}

impl Rotation {
    /// The first turn begins at the first hand-off from `start` on. `None` where the day of the hand-off does not go
    /// with the length of a turn.
    pub(super) fn new(every: Period, handoff: Option<HandoffTime>, start: NaiveDateTime) -> Option<Self> {
        let time = handoff.map_or(start.time(), |handoff| handoff.time);
        let on_day = |date: NaiveDate| match handoff.and_then(|handoff| handoff.day) {
            Some(HandoffDay::Week(day)) => date.weekday() == day,
            Some(HandoffDay::Month(day)) => date.day() == day.min(last_day(date)),
            None => true,
        };
        let monthly = matches!(every, Period::Months(_));
        if let Some(HandoffDay::Week(_)) = handoff.and_then(|handoff| handoff.day)
            && monthly
        {
            return None;
        }
        if let Some(HandoffDay::Month(_)) = handoff.and_then(|handoff| handoff.day)
            && !monthly
        {
            return None;
        }
        let first = (0..=62)
            .filter_map(|days| start.date().checked_add_days(Days::new(days)))
            .find(|date| on_day(*date) && date.and_time(time) >= start)?;
        let length = match every {
            Period::Hours(hours) => Length::Millis(i64::from(hours) * HOUR),
            Period::Days(days) => Length::Millis(i64::from(days) * DAY),
            Period::Weeks(weeks) => Length::Millis(i64::from(weeks) * 7 * DAY),
            Period::Months(months) => {
                let day = match handoff.and_then(|handoff| handoff.day) {
                    Some(HandoffDay::Month(day)) => day,
                    Some(HandoffDay::Week(_)) | None => first.day(),
                };
                Length::Months(i64::from(months), day)
            }
        };
        Some(Self { length, start: first.and_time(time).and_utc().timestamp_millis() })
    }

    /// The turn of the highest reading reached, counted from 0; negative before the first.
    pub(super) fn turn(&self, reached: i64) -> i64 {
        match self.length {
            Length::Millis(length) => (reached - self.start).div_euclid(length),
            Length::Months(months, _) => {
                let turn = (month_of(reached) - month_of(self.start)).div_euclid(months);
                if self.begins(turn) > reached { turn - 1 } else { turn }
            }
        }
    }

    /// The reading at which a turn begins.
    pub(super) fn begins(&self, turn: i64) -> i64 {
        match self.length {
            Length::Millis(length) => self.start + turn * length,
            Length::Months(months, day) => {
                let first = DateTime::from_timestamp_millis(self.start).unwrap_or_default().naive_utc();
                let ahead = turn * months;
                let of_month = first.date().with_day(1).unwrap_or_default();
                let step = Months::new(u32::try_from(ahead.unsigned_abs()).unwrap_or(u32::MAX));
                let month =
                    if ahead < 0 { of_month.checked_sub_months(step) } else { of_month.checked_add_months(step) };
                // Beyond all years: such a turn never begins.
                let Some(month) = month else { return i64::MAX / 8 };
                let date = month.with_day(day.min(last_day(month))).unwrap_or(month);
                date.and_time(first.time()).and_utc().timestamp_millis()
            }
        }
    }
}

fn last_day(date: NaiveDate) -> u32 {
    u32::from(date.num_days_in_month())
}

/// Months since the beginning of our era, for the month that a reading is in.
fn month_of(reading: i64) -> i64 {
    let date = DateTime::from_timestamp_millis(reading).unwrap_or_default().date_naive();
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> i64 {
        text.parse::<NaiveDateTime>().expect("a date and time").and_utc().timestamp_millis()
    }

    fn rotation(every: &str, handoff: &str, start: &str) -> Rotation {
        let handoff = (!handoff.is_empty()).then(|| handoff.parse().expect("a time of hand-off"));
        let start = start.parse().expect("a date and time");
        Rotation::new(every.parse().expect("a period"), handoff, start).expect("a rotation")
    }

    #[test]
    fn on_the_31st_a_shorter_month_hands_over_on_its_last_day() {
        let monthly = rotation("1 month", "31 09:00", "2026-01-01T00:00:00");
        for (turn, begins) in [
            (0, "2026-01-31T09:00:00"),
            (1, "2026-02-28T09:00:00"),
            (2, "2026-03-31T09:00:00"),
            (3, "2026-04-30T09:00:00"),
            (25, "2028-02-29T09:00:00"),
            (-1, "2025-12-31T09:00:00"),
        ] {
            assert_eq!(monthly.begins(turn), reading(begins));
            assert_eq!(monthly.turn(reading(begins)), turn);
            assert_eq!(monthly.turn(reading(begins) - 1), turn - 1);
        }
    }

    #[test]
    fn the_first_turn_begins_at_the_first_hand_off_from_its_start_on() {
        assert_eq!(rotation("1 week", "mon 09:00", "2026-01-05T00:00:00").start, reading("2026-01-05T09:00:00"));
        assert_eq!(rotation("1 week", "mon 09:00", "2026-01-05T09:01:00").start, reading("2026-01-12T09:00:00"));
        assert_eq!(rotation("12h", "21:00", "2026-01-05T00:00:00").start, reading("2026-01-05T21:00:00"));
        assert_eq!(rotation("1 day", "", "2026-01-05T08:00:00").start, reading("2026-01-05T08:00:00"));
    }
}

//! Hours of the week in which a layer counts.

use crate::calendar::WallClock;
use crate::policy::document::WeekHours;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// 1970-01-01 was a Thursday, three days after a Monday.
const EPOCH_WEEKDAY: i64 = 3;

/// The hours, day by day of the week from Monday on; none where all hours count.
#[derive(Debug, Clone, Default)]
pub(super) struct Restriction {
    /// For each window: the day of the week and the minute on which it begins, and its length, as readings.
    windows: Vec<Window>,
    longest: i64,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    weekday: i64,
    from: i64,
    length: i64,
}

impl Restriction {
    pub(super) fn new(hours: &[WeekHours]) -> Self {
        let mut windows: Vec<Window> = Vec::new();
        for hours in hours {
            windows.extend(hours.days.iter().map(|day| Window {
                weekday: i64::from(day.num_days_from_monday()),
                from: hours.from * MINUTE,
                length: hours.minutes * MINUTE,
            }));
        }
        let longest = windows.iter().map(|window| window.from + window.length).max().unwrap_or(0);
        Self { windows, longest }
    }

    /// Whether the layer counts at an instant, and the next instant at which that may change.
    pub(super) fn look(&self, wall: &WallClock, at: i64) -> (bool, i64) {
        if self.windows.is_empty() {
            return (true, i64::MAX);
        }
        let today = wall.reading(at).div_euclid(DAY);
        // A day may come twice, and one may be missing: a day more on either side.
        let back = self.longest.div_euclid(DAY) + 1;
        let (mut open, mut closes, mut opens) = (false, i64::MIN, i64::MAX);
        for day in today - back..=today + 8 {
            if opens < i64::MAX && day > today + 1 {
                break;
            }
            let weekday = (day + EPOCH_WEEKDAY).rem_euclid(7);
            for window in self.windows.iter().filter(|window| window.weekday == weekday) {
                let begin = wall.first(day * DAY + window.from);
                if begin > at {
                    opens = opens.min(begin);
                    continue;
                }
                let end = wall.last(day * DAY + window.from + window.length);
                if at < end {
                    open = true;
                    closes = closes.max(end);
                }
            }
        }
        (open, if open { closes } else { opens })
    }
}

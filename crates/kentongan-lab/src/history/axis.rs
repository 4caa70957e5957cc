//! Where the ticks of a time axis stand: on round local times, as close as the picture has room for.

use kentongan::Timestamp;
use kentongan::calendar::Zone;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// From the local epoch, a Thursday, to the first Monday: weeks begin there.
const MONDAY: i64 = 4 * DAY;
/// The distances between ticks.
const STEPS: [i64; 20] = [
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
    91 * DAY,
    364 * DAY,
    5 * 364 * DAY,
    50 * 364 * DAY,
];

/// A tick of the axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tick {
    pub(super) at: Timestamp,
    /// The time of day, or the day where ticks are days apart.
    pub(super) label: String,
    /// The day, where it is another than that of the tick before, and the label does not say it.
    pub(super) day: Option<String>,
}

/// The ticks from one instant to another, `most` at the most.
pub(super) fn ticks(zone: &Zone, from: Timestamp, to: Timestamp, most: usize) -> Vec<Tick> {
    let (first, last) = (from.timestamp_millis(), to.timestamp_millis());
    let room = i64::try_from(most).unwrap_or(i64::MAX).max(1);
    let step = STEPS.into_iter().find(|step| (last - first) / step < room).unwrap_or(1_000 * 364 * DAY);
    let origin = if step >= 7 * DAY { MONDAY } else { 0 };
    let offset = |millis: i64| {
        let at = Timestamp::from_timestamp_millis(millis).unwrap_or(from);
        i64::from(zone.offset_seconds(at)) * 1_000
    };
    // The round local time that is nearest, so that ticks stay round where the clocks are changed.
    let round = |millis: i64| {
        let local = millis + offset(millis) - origin;
        let local = (local + step / 2).div_euclid(step) * step + origin;
        local - offset(local - offset(millis))
    };
    let (mut found, mut before, mut day) = (Vec::new(), i64::MIN, String::new());
    let mut next = first;
    while next <= last + step && found.len() <= most {
        let at = round(next);
        next += step;
        if at < first || at > last || at <= before {
            continue;
        }
        before = at;
        let Some(at) = Timestamp::from_timestamp_millis(at) else { continue };
        let date = zone.format(at, "%a %-d %b");
        if step >= DAY {
            let label = if step >= 91 * DAY { zone.format(at, "%b %Y") } else { zone.format(at, "%-d %b") };
            found.push(Tick { at, label, day: None });
        } else {
            let new = date != day;
            found.push(Tick { at, label: zone.format(at, "%H:%M"), day: new.then(|| date.clone()) });
            day = date;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(zone: &str, from: &str, to: &str) -> String {
        let zone = Zone::named(zone).expect(zone);
        let at = |text: &str| text.parse::<Timestamp>().expect(text);
        let ticks = ticks(&zone, at(from), at(to), 8);
        let label = |tick: &Tick| tick.day.iter().chain([&tick.label]).cloned().collect::<Vec<_>>().join(" ");
        ticks.iter().map(label).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn ticks_are_round_local_times_from_minutes_to_weeks() {
        // Kathmandu is a quarter of an hour beside the others.
        assert_eq!(
            labels("Asia/Kathmandu", "2026-11-24T03:02:00Z", "2026-11-24T03:32:00Z"),
            "Tue 24 Nov 08:50|08:55|09:00|09:05|09:10|09:15"
        );
        assert_eq!(
            labels("Asia/Jakarta", "2026-11-23T15:30:00Z", "2026-11-23T21:00:00Z"),
            "Mon 23 Nov 23:00|Tue 24 Nov 00:00|01:00|02:00|03:00|04:00"
        );
        assert_eq!(labels("UTC", "2026-11-03T00:00:00Z", "2026-12-08T00:00:00Z"), "9 Nov|16 Nov|23 Nov|30 Nov|7 Dec");
        // A day of 25 hours: the ticks are round before and after the change.
        assert_eq!(
            labels("Europe/Berlin", "2026-10-24T16:00:00Z", "2026-10-25T16:00:00Z"),
            "Sat 24 Oct 18:00|Sun 25 Oct 00:00|06:00|12:00"
        );
    }

    #[test]
    fn a_long_time_has_no_more_ticks_than_there_is_room_for() {
        let zone = Zone::default();
        let at = |text: &str| text.parse::<Timestamp>().expect(text);
        for to in ["1900-01-01T00:00:01Z", "1901-01-01T00:00:00Z", "2500-12-31T00:00:00Z"] {
            assert!(ticks(&zone, at("1900-01-01T00:00:00Z"), at(to), 10).len() <= 11, "{to}");
        }
    }
}

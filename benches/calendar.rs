//! Working time: the start of a promise and four business hours, for starts all over a year, in two zones, with holidays
//! (workload W4), beside the same by hand, day by day; and distances of a year and of ten.

use chrono::TimeDelta;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use kentongan::{Duration, Policy, Timestamp};

fn main() {
    divan::main();
}

const ZONES: [&str; 2] = ["Asia/Jakarta", "America/Chicago"];
const HOLIDAYS: [(i8, i8); 5] = [(1, 1), (5, 1), (6, 1), (8, 17), (12, 25)];
const STARTS: i64 = 100_000;

fn policy() -> Policy {
    let holidays: Vec<String> = HOLIDAYS.iter().map(|(month, day)| format!("{month:02}-{day:02}")).collect();
    let calendars: Vec<String> = ZONES
        .iter()
        .map(|zone| {
            format!(
                "{{ timezone: {zone}, hours: {{ mon-fri: 09:00-17:00 }}, holidays: [\"{}\"] }}",
                holidays.join("\", \"")
            )
        })
        .collect();
    let text = format!(
        "policy: time\nseverities: {{ low: {{ definition: all, notify: [ {{ email: a@b.org }} ] }} }}\n\
         classify: [ {{ default: low }} ]\nlast_resort: [ {{ email: a@b.org }} ]\n\
         calendars:\n  z0: {}\n  z1: {}\n",
        calendars[0], calendars[1],
    );
    Policy::from_yaml(&text).expect("the policy loads")
}

/// Instants of a year, every five minutes and a bit.
fn starts() -> impl Iterator<Item = Timestamp> {
    let first: Timestamp = "2026-01-01T00:00:00Z".parse().expect("an instant");
    (0..STARTS).map(move |number| first + TimeDelta::milliseconds(number * 314_159))
}

fn four_hours() -> Duration {
    "4h".parse().expect("a length")
}

/// The same, day by day, as one writes it for one calendar.
fn by_hand(zone: &TimeZone, start: Timestamp, length: TimeDelta) -> Timestamp {
    let mut left = length.num_milliseconds();
    let start = start.timestamp_millis();
    let mut date = zone.to_datetime(jiff::Timestamp::from_millisecond(start).expect("in range")).date();
    loop {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        if !weekend && !HOLIDAYS.contains(&(date.month(), date.day())) {
            let at = |hour| zone.to_timestamp(date.at(hour, 0, 0, 0)).expect("no change by day").as_millisecond();
            let (open, close) = (at(9).max(start), at(17));
            if open < close {
                if close - open >= left {
                    return Timestamp::from_timestamp_millis(open + left).expect("in range");
                }
                left -= close - open;
            }
        }
        date = date.tomorrow().expect("in range");
    }
}

#[divan::bench]
fn four_business_hours_from_100_000_starts(bencher: divan::Bencher<'_, '_>) {
    let policy = policy();
    let calendars = [policy.calendar("z0").expect("it is there"), policy.calendar("z1").expect("it is there")];
    bencher.bench_local(|| {
        let deadlines = starts().zip(calendars.iter().cycle()).map(|(at, calendar)| calendar.add(at, four_hours()));
        deadlines.map(|at| at.timestamp_millis()).fold(0, i64::wrapping_add)
    });
}

#[divan::bench]
fn four_business_hours_from_100_000_starts_by_hand(bencher: divan::Bencher<'_, '_>) {
    let policy = policy();
    let calendars = [policy.calendar("z0").expect("it is there"), policy.calendar("z1").expect("it is there")];
    let zones = ZONES.map(|zone| TimeZone::get(zone).expect("a zone"));
    // Only what gives the same answers is worth a time.
    for (number, at) in starts().enumerate() {
        let deadline = calendars[number % 2].add(at, four_hours());
        assert_eq!(deadline, by_hand(&zones[number % 2], at, TimeDelta::hours(4)), "from {at}");
    }
    bencher.bench_local(|| {
        let deadlines = starts().zip(zones.iter().cycle()).map(|(at, zone)| by_hand(zone, at, TimeDelta::hours(4)));
        deadlines.map(|at| at.timestamp_millis()).fold(0, i64::wrapping_add)
    });
}

#[divan::bench(args = ["8h", "2080h", "20800h"])]
fn a_day_a_year_and_ten_years_of_work(bencher: divan::Bencher<'_, '_>, length: &str) {
    let policy = policy();
    let calendar = policy.calendar("z1").expect("it is there");
    let (start, length): (Timestamp, Duration) =
        ("2026-01-01T00:00:00Z".parse().expect("an instant"), length.parse().expect("a length"));
    bencher.bench_local(|| calendar.add(start, length));
}

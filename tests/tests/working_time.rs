//! Working time equals a count minute by minute, wherever in the world clocks are moved, and obeys its laws.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::num::NonZero;
use std::sync::LazyLock;
use std::thread;

use chrono::TimeZone as _;
use kentongan::calendar::Calendar;
use kentongan::{Duration, Policy, Timestamp};
use kentongan_tests::histories::{self, Change, History, WallClock};
use proptest::prelude::*;

const DAY: i64 = 1_440;

/// The hours of a calendar: days of the week, counted from Monday, and minutes since midnight.
type Hours = &'static [(&'static [usize], i64, i64)];

const EVERY_DAY: &[usize] = &[0, 1, 2, 3, 4, 5, 6];
const WORKING_DAYS: &[usize] = &[0, 1, 2, 3, 4];

/// Two stretches a day; over midnight; around the hours at which clocks are moved; from midnight to midnight.
const CALENDARS: [(&str, &str, Hours); 4] = [
    ("office", "mon-fri: [09:00-12:00, 13:00-17:00]", &[(WORKING_DAYS, 540, 720), (WORKING_DAYS, 780, 1_020)]),
    ("nights", "daily: 22:30-06:00", &[(EVERY_DAY, 1_350, 1_800)]),
    (
        "small-hours",
        "daily: [00:00-01:30, 02:15-02:45, 23:30-24:00]",
        &[(EVERY_DAY, 0, 90), (EVERY_DAY, 135, 165), (EVERY_DAY, 1_410, 1_440)],
    ),
    ("weekend", "sat-sun: 00:00-24:00", &[(&[5, 6], 0, 1_440)]),
];

/// A policy with the calendars in a zone. By `office` the day of each change is a holiday, and the next one is worked
/// from 10:00 to 12:30.
fn policy(zone: &str, days_of_changes: &[i64]) -> Policy {
    let mut text = String::from(
        "policy: time\nseverities: { low: { definition: all, notify: [ { email: a@b.org } ] } }\n\
         classify: [ { default: low } ]\nlast_resort: [ { email: a@b.org } ]\ncalendars:\n",
    );
    for (name, hours, _) in CALENDARS {
        let _ = writeln!(text, "  {name}:\n    timezone: {zone}\n    hours: {{ {hours} }}");
        if name == "office" && !days_of_changes.is_empty() {
            let (mut holidays, mut exceptions) = (String::new(), String::new());
            for day in days_of_changes {
                let _ = writeln!(holidays, "      - {}", date(*day));
                let _ = writeln!(exceptions, "      - {{ date: {}, hours: 10:00-12:30 }}", date(day + 1));
            }
            let _ = write!(text, "    holidays:\n{holidays}    exceptions:\n{exceptions}");
        }
    }
    Policy::from_yaml(&text).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A date by its number of days since 1970.
fn date(day: i64) -> String {
    instant(day * DAY).format("%Y-%m-%d").to_string()
}

fn instant(minute: i64) -> Timestamp {
    chrono::Utc.timestamp_opt(minute * 60, 0).single().expect("it lies within the years that are kept")
}

/// The local date on which clocks are moved, as they show it just before.
fn day_of(change: &Change) -> i64 {
    (change.at.as_second() + i64::from(change.before) - 1).div_euclid(DAY * 60)
}

/// What is worked, minute by minute.
struct Count {
    from: i64,
    /// How many minutes were worked before each.
    before: Vec<i64>,
    /// The stretches of each local date, none of them empty.
    stretches: BTreeMap<i64, Vec<(i64, i64)>>,
}

impl Count {
    fn new(clock: &WallClock, hours: impl Fn(i64) -> Vec<(i64, i64)>) -> Self {
        let mut worked = vec![false; clock.shown.len()];
        let mut stretches: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
        let days = clock.shown.iter().map(|shown| shown.div_euclid(DAY));
        let (first, last) = (days.clone().min().unwrap_or(0), days.max().unwrap_or(0));
        let mut free = i64::MIN;
        for day in first - 1..=last {
            for (start, end) in hours(day) {
                let (Some(start), Some(end)) = (clock.start(day * DAY + start), clock.end(day * DAY + end)) else {
                    continue;
                };
                let start = start.max(free);
                for minute in start..end {
                    worked[usize::try_from(minute - clock.from).expect("it is one of the clock's")] = true;
                }
                if start < end {
                    stretches.entry(day).or_default().push((start, end));
                    free = end;
                }
            }
        }
        let mut sum = 0;
        let mut before = vec![0];
        before.extend(worked.iter().map(|worked| {
            sum += i64::from(*worked);
            sum
        }));
        Self { from: clock.from, before, stretches }
    }

    fn before(&self, minute: i64) -> i64 {
        self.before[usize::try_from(minute - self.from).expect("it is counted")]
    }

    /// The first minute by which so much was worked since the beginning.
    fn first_with(&self, worked: i64) -> Option<i64> {
        let position = self.before.partition_point(|before| *before < worked);
        (position < self.before.len()).then(|| self.from + i64::try_from(position).unwrap_or(0))
    }

    /// The last minute by which no more was worked since the beginning.
    fn last_with(&self, worked: i64) -> Option<i64> {
        let position = self.before.partition_point(|before| *before <= worked);
        (position < self.before.len()).then(|| self.from + i64::try_from(position).unwrap_or(0) - 1)
    }
}

fn minutes(count: i64) -> Duration {
    Duration::from_minutes(count)
}

/// Which instants around a change are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Every minute of the day before and the day after, and the edges of the days around them.
    EveryMinute,
    /// Every 97th minute, and those around each edge.
    Edges,
}

/// Compares a calendar with the count, two days before and after a change. How many instants were compared.
fn compare(calendar: &Calendar, count: &Count, clock: &WallClock, change: i64, look: Look, what: &str) -> usize {
    let (first, last) = (change - 2 * DAY, change + 2 * DAY);
    let edges = count.stretches.values().flatten().flat_map(|(start, end)| [*start, *end]);
    let near = |edge: i64| [edge - 1, edge, edge + 1];
    let closely = if look == Look::EveryMinute { change - DAY..change + DAY } else { change..change };
    let mut samples: Vec<i64> =
        closely.chain((first..last).step_by(97)).chain(edges.flat_map(near)).chain(near(change)).collect();
    samples.retain(|minute| (first..last).contains(minute));
    samples.sort_unstable();
    samples.dedup();
    for (number, minute) in samples.iter().copied().enumerate() {
        let at = instant(minute);
        let counted = count.before(minute);
        let since = counted - count.before(first);
        let what = || format!("{what} at {at}");
        assert_eq!(calendar.elapsed(instant(first), at), minutes(since), "worked since {}, {}", instant(first), what());
        assert_eq!(calendar.is_open(at), count.before(minute + 1) > counted, "open, {}", what());
        if let Some(opening) = count.last_with(counted) {
            assert_eq!(calendar.next_opening(at), instant(opening), "next opening, {}", what());
            let closing = count.stretches.values().flatten().find(|(start, end)| (*start..*end).contains(&opening));
            assert_eq!(Some(calendar.next_closing(at)), closing.map(|(_, end)| instant(*end)), "closing, {}", what());
        }
        if number % 3 == 0 {
            let length = 1 + i64::try_from(number).unwrap_or(0) * 7 % 480;
            if let Some(reached) = count.first_with(counted + length) {
                assert_eq!(calendar.add(at, minutes(length)), instant(reached), "{length} later, {}", what());
            }
            if counted > length {
                let reached = count.last_with(counted - length).expect("it was counted");
                assert_eq!(calendar.subtract(at, minutes(length)), instant(reached), "{length} earlier, {}", what());
            }
            let today = clock.shown[usize::try_from(minute - clock.from).expect("it is counted")].div_euclid(DAY);
            if let Some((_, stretches)) = count.stretches.range(today + 1..).next() {
                let close = stretches.last().map(|(_, end)| instant(*end));
                assert_eq!(Some(calendar.close_of_next_business_day(at)), close, "next business day, {}", what());
            }
        }
    }
    samples.len()
}

/// Every calendar around every change of a history. How many instants were compared: every minute around changes that are
/// new, and the edges of days around those that were met before, the same instant with the same clocks before and after.
fn compare_all(History { zone, changes }: &History, new: &[bool]) -> usize {
    let mut days: Vec<i64> = changes.iter().map(day_of).collect();
    days.dedup();
    let policy = policy(zone, &days);
    let mut compared = 0;
    for (change, is_new) in changes.iter().zip(new) {
        let clock = WallClock::around(zone, change.at, 10);
        for (name, _, hours) in CALENDARS {
            let hours = |day: i64| -> Vec<(i64, i64)> {
                if name == "office" && days.contains(&(day - 1)) {
                    return vec![(600, 750)];
                }
                if name == "office" && days.contains(&day) {
                    return Vec::new();
                }
                let weekday = usize::try_from((day + 3).rem_euclid(7)).expect("a day of the week");
                let of_day = hours.iter().filter(|(days, ..)| days.contains(&weekday));
                of_day.map(|(_, start, end)| (*start, *end)).collect()
            };
            let count = Count::new(&clock, hours);
            let calendar = policy.calendar(name).expect("the policy has it");
            let minute = change.at.as_second().div_euclid(60);
            let look = if *is_new { Look::EveryMinute } else { Look::Edges };
            compared += compare(calendar, &count, &clock, minute, look, &format!("{name} in {zone}"));
        }
    }
    compared
}

#[test]
fn working_time_equals_a_count_by_minutes_in_every_history() {
    let histories = histories::distinct(2023, 2028);
    assert_eq!(histories.len(), histories::DISTINCT_2023_TO_2027);
    assert_eq!(histories.iter().map(|history| history.changes.len()).sum::<usize>(), histories::CHANGES_2023_TO_2027);
    let mut met = BTreeSet::new();
    let new: Vec<Vec<bool>> =
        histories.iter().map(|history| history.changes.iter().map(|change| met.insert(*change)).collect()).collect();
    // It is much to count, so every core takes its share.
    let shares = thread::available_parallelism().map_or(1, NonZero::get);
    let compared: usize = thread::scope(|scope| {
        let work: Vec<_> = (0..shares)
            .map(|share| {
                let share = histories.iter().zip(&new).skip(share).step_by(shares);
                scope.spawn(move || share.map(|(history, new)| compare_all(history, new)).sum::<usize>())
            })
            .collect();
        work.into_iter().map(|share| share.join().expect("its share agrees")).sum()
    });
    assert!(compared >= met.len() * CALENDARS.len() * 2 * 1_440, "only {compared} instants around {}", met.len());
}

#[test]
fn the_traps_of_local_time_are_among_what_is_compared() {
    let histories = histories::distinct(2023, 2028);
    let compared: BTreeSet<Change> = histories.into_iter().flat_map(|history| history.changes).collect();
    // At midnight, by 30 and by 120 minutes.
    for (zone, by) in [
        ("Africa/Cairo", 3_600),
        ("Asia/Beirut", 3_600),
        ("America/Santiago", 3_600),
        ("America/Havana", 3_600),
        ("Australia/Lord_Howe", 1_800),
        ("Antarctica/Troll", 7_200),
    ] {
        let changes = histories::changes(zone, 2023, 2028);
        assert!(changes.iter().any(|change| change.after - change.before == by), "{zone}: {changes:?}");
        assert!(changes.iter().all(|change| compared.contains(change)), "{zone}: {changes:?}");
    }
    // A whole day that does not exist, long ago.
    let (zone, changes) = ("Pacific/Apia".to_owned(), histories::changes("Pacific/Apia", 2011, 2013));
    assert!(changes.iter().any(|change| change.after - change.before == 86_400), "{changes:?}");
    let (minutes, new) = (changes.len() * CALENDARS.len() * 2 * 1_440, vec![true; changes.len()]);
    assert!(compare_all(&History { zone, changes }, &new) >= minutes);
}

fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

#[test]
fn days_of_23_and_25_hours_and_of_24_and_a_half_are_as_long_as_they_are() {
    for (zone, day, length) in [
        ("Europe/Berlin", "2026-03-29", 23 * 60),
        ("Europe/Berlin", "2026-10-25", 25 * 60),
        ("Australia/Lord_Howe", "2026-04-05", 24 * 60 + 30),
        ("Australia/Lord_Howe", "2026-10-04", 23 * 60 + 30),
        ("Antarctica/Troll", "2026-03-29", 22 * 60),
        ("America/Santiago", "2026-09-06", 23 * 60),
    ] {
        let policy = policy(zone, &[]);
        let weekend = policy.calendar("weekend").expect("the policy has it");
        let midday = weekend.zone().instant(&format!("{day}T12:00")).expect("midday is a time");
        let before = weekend.subtract(midday, minutes(1));
        let start = weekend.zone().instant(&format!("{day}T00:00")).expect("a day has a beginning");
        assert!(before > start, "{zone} {day}");
        assert_eq!(weekend.elapsed(start, weekend.next_closing(midday)), minutes(length), "{zone} {day}");
    }
}

#[test]
fn a_window_from_half_past_one_on_a_day_that_has_it_twice_has_no_hole() {
    let policy = Policy::from_yaml(
        "policy: time\nseverities: { low: { definition: all, notify: [ { email: a@b.org } ] } }\n\
         classify: [ { default: low } ]\nlast_resort: [ { email: a@b.org } ]\n\
         calendars: { small: { timezone: America/New_York, hours: { sun: 01:30-03:15 } } }\n",
    );
    let policy = policy.unwrap_or_else(|problems| panic!("{problems}"));
    let small = policy.calendar("small").expect("the policy has it");
    let (first, end) = (at("2021-11-07T05:30:00Z"), at("2021-11-07T08:15:00Z"));
    assert_eq!(small.next_opening(at("2021-11-07T00:00:00Z")), first, "half past one, summer time");
    assert_eq!(small.next_closing(first), end);
    assert_eq!(small.elapsed(first, end), minutes(165), "without the half hour that some leave out");
}

#[test]
fn years_end_and_holidays_count_for_nothing() {
    let policy = Policy::from_yaml(
        "policy: time\nseverities: { low: { definition: all, notify: [ { email: a@b.org } ] } }\n\
         classify: [ { default: low } ]\nlast_resort: [ { email: a@b.org } ]\n\
         calendars:\n  office:\n    timezone: Asia/Jakarta\n    hours: { mon-fri: 09:00-17:00 }\n\
         \x20   holidays: [ 12-25, 01-01, { from: 2026-12-28, to: 2026-12-30, name: Closed } ]\n\
         \x20   exceptions: [ { date: 2027-01-02, hours: 09:00-13:00, name: Working Saturday } ]\n",
    );
    let policy = policy.unwrap_or_else(|problems| panic!("{problems}"));
    let office = policy.calendar("office").expect("the policy has it");
    let local = |text: &str| office.zone().instant(text).expect(text);
    let christmas_eve = local("2026-12-24T16:00");
    assert_eq!(office.add(christmas_eve, minutes(60)), local("2026-12-24T17:00"), "used up at the closing");
    assert_eq!(office.add(christmas_eve, minutes(61)), local("2026-12-31T09:01"));
    assert_eq!(office.add(christmas_eve, minutes(9 * 60 + 1)), local("2027-01-02T09:01"), "a Saturday that is worked");
    assert_eq!(office.close_of_next_business_day(local("2026-12-31T20:00")), local("2027-01-02T13:00"));
    assert_eq!(office.elapsed(christmas_eve, local("2027-01-04T09:00")), minutes((1 + 8 + 4) * 60));
    assert_eq!(office.next_holiday(christmas_eve).map(|(date, _)| date).as_deref(), Some("2026-12-25"));
}

#[test]
fn an_exception_is_worked_whatever_holiday_falls_on_it() {
    for (holiday, exception) in [
        ("2026-12-26", "2026-12-26"),
        ("2026-12-26", "12-26"),
        ("12-26", "2026-12-26"),
        ("12-26", "12-26"),
        ("{ from: 2026-12-24, to: 2026-12-27 }", "12-26"),
    ] {
        let policy = Policy::from_yaml(&format!(
            "policy: time\nseverities: {{ low: {{ definition: all, notify: [ {{ email: a@b.org }} ] }} }}\n\
             classify: [ {{ default: low }} ]\nlast_resort: [ {{ email: a@b.org }} ]\n\
             calendars:\n  office:\n    hours: {{ daily: 09:00-17:00 }}\n    holidays: [ {holiday} ]\n\
             \x20   exceptions: [ {{ date: {exception}, hours: 10:00-12:00 }} ]\n",
        ));
        let policy = policy.unwrap_or_else(|problems| panic!("{problems}"));
        let office = policy.calendar("office").expect("the policy has it");
        let local = |text: &str| office.zone().instant(text).expect(text);
        let worked = office.elapsed(local("2026-12-26T00:00"), local("2026-12-27T00:00"));
        assert_eq!(worked, minutes(120), "holiday {holiday}, exception {exception}");
    }
    // What an exception itself says of one date stays, wherever it stands.
    let policy = Policy::from_yaml(
        "policy: time\nseverities: { low: { definition: all, notify: [ { email: a@b.org } ] } }\n\
         classify: [ { default: low } ]\nlast_resort: [ { email: a@b.org } ]\n\
         calendars:\n  office:\n    hours: { daily: 09:00-17:00 }\n\
         \x20   exceptions: [ { date: 2026-12-26, hours: 09:00-10:00 }, { date: 12-26, hours: 10:00-12:00 } ]\n",
    );
    let policy = policy.unwrap_or_else(|problems| panic!("{problems}"));
    let office = policy.calendar("office").expect("the policy has it");
    let local = |text: &str| office.zone().instant(text).expect(text);
    assert_eq!(office.elapsed(local("2026-12-26T00:00"), local("2026-12-27T00:00")), minutes(60));
    assert_eq!(office.elapsed(local("2027-12-26T00:00"), local("2027-12-27T00:00")), minutes(120));
}

/// A policy for each kind of zone: none moved, moved by an hour, by half an hour, at midnight, and by law every year.
static POLICIES: LazyLock<Vec<Policy>> = LazyLock::new(|| {
    let zones = ["Asia/Jakarta", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca"];
    zones.iter().map(|zone| policy(zone, &[])).collect()
});

fn calendar() -> impl Strategy<Value = &'static Calendar> {
    (0..POLICIES.len(), 0..CALENDARS.len()).prop_map(|(policy, calendar)| {
        let (name, ..) = CALENDARS[calendar];
        POLICIES[policy].calendar(name).expect("the policy has it")
    })
}

/// Most of them around 2026, some as far as 1950 and 2150.
fn instants() -> impl Strategy<Value = Timestamp> {
    prop_oneof![3 => 1_700_000_000_000_i64..1_830_000_000_000, 1 => -631_152_000_000_i64..5_680_281_600_000]
        .prop_map(|millis| chrono::Utc.timestamp_millis_opt(millis).single().expect("an instant"))
}

/// Up to a year of working days.
fn lengths() -> impl Strategy<Value = Duration> {
    prop_oneof![Just(1), 1_i64..86_400_000, (1_i64..3_000).prop_map(|hours| hours * 3_600_000)]
        .prop_map(Duration::from_millis)
}

/// Around a moved clock that is a holiday, with the day after it worked by exception.
static SPECIAL: LazyLock<(Policy, Vec<i64>)> = LazyLock::new(|| {
    let day = |text: &str| chrono::NaiveDate::to_epoch_days(&text.parse().expect("a date"));
    let days = ["2023-12-22", "2024-03-31", "2025-01-03", "2025-10-26", "2026-12-31"].map(|text| i64::from(day(text)));
    (policy("Europe/Berlin", &days), days.to_vec())
});

proptest! {
    /// Hour by hour until so many worked days have begun.
    #[test]
    fn so_many_business_days_are_counted_day_by_day(
        which in proptest::option::of((0..POLICIES.len(), 0..CALENDARS.len())),
        at in instants(),
        days in 1..16_u32,
    ) {
        let (calendar, hours, special) = match which {
            Some((policy, calendar)) => {
                let (name, _, hours) = CALENDARS[calendar];
                (POLICIES[policy].calendar(name), hours, &[][..])
            }
            None => (SPECIAL.0.calendar("office"), CALENDARS[0].2, SPECIAL.1.as_slice()),
        };
        let calendar = calendar.expect("the policy has it");
        let date = |at: Timestamp| -> chrono::NaiveDate {
            calendar.zone().format(at, "%Y-%m-%d").parse().expect("a date")
        };
        let is_worked = |date: chrono::NaiveDate| {
            let day = i64::from(date.to_epoch_days());
            let weekday = usize::try_from((day + 3).rem_euclid(7)).expect("a day of the week");
            let of_week = hours.iter().any(|(days, ..)| days.contains(&weekday));
            special.contains(&(day - 1)) || (of_week && !special.contains(&day))
        };
        let hour = chrono::TimeDelta::hours(1);
        let (mut before, mut left) = (at, days);
        loop {
            let next = before + hour;
            if date(next) != date(before) && is_worked(date(next)) {
                left -= 1;
                if left == 0 {
                    break;
                }
            }
            before = next;
        }
        prop_assert_eq!(calendar.close_of_business_day(at, days), calendar.close_of_next_business_day(before));
    }

    #[test]
    fn what_is_added_has_elapsed(calendar in calendar(), at in instants(), length in lengths()) {
        let later = calendar.add(at, length);
        prop_assert_eq!(calendar.elapsed(at, later), length);
        let just_before = later - chrono::TimeDelta::milliseconds(1);
        prop_assert!(calendar.elapsed(at, just_before) < length, "it is the first such instant");
    }

    #[test]
    fn what_is_taken_away_had_elapsed(calendar in calendar(), at in instants(), length in lengths()) {
        let earlier = calendar.subtract(at, length);
        prop_assert_eq!(calendar.elapsed(earlier, at), length);
        let just_after = earlier + chrono::TimeDelta::milliseconds(1);
        prop_assert!(calendar.elapsed(just_after, at) < length, "it is the last such instant");
    }

    #[test]
    fn adding_and_taking_away_are_each_other_s_inverse(calendar in calendar(), at in instants(), length in lengths()) {
        let opening = calendar.next_opening(at);
        let there = calendar.add(opening, length);
        prop_assert_eq!(calendar.subtract(there, length), opening);
        prop_assert_eq!(calendar.add(calendar.subtract(there, length), length), there);
    }

    #[test]
    fn working_time_adds_up(calendar in calendar(), mut three in prop::array::uniform3(instants())) {
        three.sort();
        let [first, second, third] = three;
        let sum = calendar.elapsed(first, second).as_millis() + calendar.elapsed(second, third).as_millis();
        prop_assert_eq!(calendar.elapsed(first, third).as_millis(), sum);
        prop_assert_eq!(calendar.elapsed(third, first), Duration::ZERO);
    }

    #[test]
    fn later_starts_do_not_end_earlier(
        calendar in calendar(),
        (one, other) in (instants(), instants()),
        (short, long) in (lengths(), lengths()),
    ) {
        let (first, second) = (one.min(other), one.max(other));
        let (short, long) = (short.min(long), short.max(long));
        prop_assert!(calendar.add(first, short) <= calendar.add(second, short));
        prop_assert!(calendar.add(first, short) <= calendar.add(first, long));
        prop_assert!(calendar.next_opening(first) <= calendar.next_opening(second));
    }

    #[test]
    fn it_is_open_from_the_opening_and_closed_at_the_closing(calendar in calendar(), at in instants()) {
        let opening = calendar.next_opening(at);
        prop_assert!(opening >= at && calendar.is_open(opening));
        let closing = calendar.next_closing(at);
        prop_assert!(closing > opening);
        prop_assert_eq!(calendar.elapsed(opening, closing), Duration::from_millis((closing - opening).num_milliseconds()));
        prop_assert_eq!(calendar.is_open(at), opening == at);
    }
}

/// Ten thousand holidays, a few years of them in a row: nothing slows down, and nothing hangs.
#[test]
fn ten_thousand_holidays_are_kept() {
    let mut text = String::from(
        "policy: time\nseverities: { low: { definition: all, notify: [ { email: a@b.org } ] } }\n\
         classify: [ { default: low } ]\nlast_resort: [ { email: a@b.org } ]\ncalendars:\n  office:\n    \
         timezone: Asia/Jakarta\n    hours: { mon-sun: 09:00-17:00 }\n    holidays:\n",
    );
    let first = 20_454; // 2026-01-01
    for day in 0..10_000 {
        let _ = writeln!(text, "      - {}", date(first + day));
    }
    let policy = Policy::from_yaml(&text).unwrap_or_else(|problems| panic!("{problems}"));
    let calendar = policy.calendar("office").expect("it is there");
    let eve = at("2025-12-31T09:00:00Z");
    // 27 years later the first hour after the last holiday is worked.
    let back_at_work = at("2053-05-19T03:00:00Z");
    assert_eq!(calendar.special_days(), (10_000, 0));
    assert_eq!(calendar.add(eve, "2h".parse().expect("a length")), back_at_work);
    assert_eq!(calendar.elapsed(eve, back_at_work), "2h".parse().expect("a length"));
}

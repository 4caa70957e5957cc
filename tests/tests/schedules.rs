//! Schedules against a minute-by-minute evaluation that knows nothing of them: it reads the clock on the wall in every
//! minute and counts. Around every change of the clocks in every distinct history, and around the odd ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use kentongan::oncall::{OnCall, Schedule, Shift};
use kentongan::{Engine, Policy, Timestamp};
use kentongan_tests::histories;
use proptest::prelude::*;
use serde_json::{Value, json};

const DAY: i64 = 24 * 60;
const NAMES: [&str; 4] = ["ana", "ben", "carl", "dora"];

/// The policy around one schedule.
fn policy(schedule: &Value) -> Policy {
    let people: serde_json::Map<String, Value> =
        NAMES.iter().map(|name| ((*name).to_owned(), json!({ "contacts": { "pager": name } }))).collect();
    Policy::from_value(&json!({
        "policy": "rota",
        "people": people,
        "on_call": { "primary": { "schedule": "platform" }, "secondary": { "next_of": "primary" } },
        "schedules": { "platform": schedule },
        "severities": { "high": { "definition": "all", "escalation": "path" } },
        "classify": [{ "default": "high" }],
        "escalation": { "path": [{ "notify": "on-call.primary" }] },
        "last_resort": [{ "pager": "ana" }],
    }))
    .unwrap_or_else(|error| panic!("{schedule}: {error}"))
}

/// Whoever asks has an answer, and sees in it that the name is wrong.
#[test]
fn a_role_that_there_is_not_is_a_gap_that_says_which_may_be_meant() {
    let policy = Arc::new(policy(
        &json!({ "layers": [{ "rotation": { "every": "1 day", "start": "2026-01-05", "people": ["ana"] } }] }),
    ));
    let (from, to) = (instant(reading("2026-03-22T00:00:00")), instant(reading("2026-03-23T00:00:00")));
    let engine = Engine::new(Arc::clone(&policy));
    for (role, meant) in [("primry", "did you mean `primary`?"), ("desk", "known are `primary`, `secondary`")] {
        let gap = OnCall::Gap { reason: format!("the policy has no on-call role `{role}`; {meant}") };
        assert_eq!(
            [policy.who(role, from), engine.who(role, from), engine.next_in_line(role, from)],
            [(); 3].map(|()| gap.clone())
        );
        assert_eq!(policy.shifts(role, from, to), [Shift { from, to, on_call: gap }]);
        assert_eq!(policy.next_change(role, from), None);
    }
}

/// The codes and places of what is said of a policy around one schedule.
fn said(schedule: &str) -> Vec<String> {
    let text = format!(
        "policy: rota\npeople: {{ ana: {{ contacts: {{ pager: a }} }}, ben: {{ contacts: {{ pager: b }} }} }}\n\
         on_call: {{ primary: {{ schedule: platform }} }}\nschedules:\n  platform:\n{schedule}\n\
         severities: {{ high: {{ definition: all, escalation: path }} }}\nclassify: [ {{ default: high }} ]\n\
         escalation: {{ path: [ {{ notify: on-call.primary }} ] }}\nlast_resort: [ {{ pager: ana }} ]\n"
    );
    let shown = |problem: &kentongan::source::Diagnostic| {
        format!("{} {}:{}", problem.code(), problem.place().line, problem.place().column)
    };
    match Policy::from_yaml(&text) {
        Ok(policy) => policy.warnings().iter().map(shown).collect(),
        Err(problems) => problems.diagnostics().iter().map(shown).collect(),
    }
}

#[test]
fn a_turn_without_anybody_is_refused_where_it_stands() {
    let layers = "    layers:\n      - rotation: { every: 1 week, start: 2026-01-05, people: ";
    assert_eq!(said(&format!("{layers}[ana, []] }}")), ["empty_turn 7:69"]);
    assert_eq!(said(&format!("{layers}[ana, [ben]] }}")), Vec::<String>::new());
    let off = "    holidays_off: [ { days: [12-25], people: [] } ]";
    assert_eq!(said(&format!("{layers}[ana] }}\n{off}")), ["empty_turn 8:38"]);
}

#[test]
fn a_schedule_of_shadows_alone_is_warned_of() {
    let shadow = "      - { shadow: true, rotation: { every: 1 week, start: 2026-01-05, people: [ana] } }\n";
    assert_eq!(said(&format!("    layers:\n{shadow}")), ["only_shadows 6:5"]);
    let turns = "      - rotation: { every: 1 week, start: 2026-01-05, people: [ben] }\n";
    assert_eq!(said(&format!("    layers:\n{shadow}{turns}")), Vec::<String>::new());
}

/// What a clock on a wall shows, minute by minute, with the highest reading so far and the lowest still to come.
struct Minutes {
    first: i64,
    shown: Vec<i64>,
    highest: Vec<i64>,
    lowest: Vec<i64>,
}

impl Minutes {
    fn around(zone: &TimeZone, middle: i64, days: i64) -> Self {
        let first = middle - days * DAY;
        let shown: Vec<i64> = (first..middle + days * DAY)
            .map(|minute| {
                let at = jiff::Timestamp::from_second(minute * 60).expect("in range");
                minute + i64::from(zone.to_offset(at).seconds()) / 60
            })
            .collect();
        let mut highest = shown.clone();
        for index in 1..highest.len() {
            highest[index] = highest[index].max(highest[index - 1]);
        }
        let mut lowest = shown.clone();
        for index in (0..lowest.len() - 1).rev() {
            lowest[index] = lowest[index].min(lowest[index + 1]);
        }
        Self { first, shown, highest, lowest }
    }

    /// Whether a beginning at this reading has come: the first of two, or after the gap.
    fn begun(&self, index: usize, reading: i64) -> bool {
        self.highest[index] >= reading
    }

    /// Whether an end at this reading is past: the last of two, or after the gap.
    fn ended(&self, index: usize, reading: i64) -> bool {
        self.lowest[index] >= reading && self.lowest[index + 1] > reading
    }
}

/// A rotation in minutes of readings, in some hours of the week.
struct Plain {
    start: i64,
    length: i64,
    people: Vec<&'static str>,
    /// Weekday from Monday, minute of the day, length.
    windows: Vec<(i64, i64, i64)>,
}

impl Plain {
    fn who(&self, minutes: &Minutes, index: usize) -> Option<(&'static str, &'static str)> {
        let today = minutes.shown[index].div_euclid(DAY);
        let open = self.windows.is_empty()
            || (today - 9..=today + 2).any(|day| {
                let weekday = (day + 3).rem_euclid(7);
                self.windows.iter().any(|(on, from, length)| {
                    let from = day * DAY + from;
                    *on == weekday && minutes.begun(index, from) && !minutes.ended(index, from + length)
                })
            });
        if !open || !minutes.begun(index, self.start) {
            return None;
        }
        let turn = (minutes.highest[index] - self.start).div_euclid(self.length);
        let count = i64::try_from(self.people.len()).expect("few");
        let person = |turn: i64| self.people[usize::try_from(turn.rem_euclid(count)).expect("small")];
        Some((person(turn), person(turn + 1)))
    }
}

fn instant(minute: i64) -> Timestamp {
    DateTime::<Utc>::from_timestamp(minute * 60, 0).expect("in range")
}

fn reading(text: &str) -> i64 {
    text.parse::<chrono::NaiveDateTime>().expect("a date and time").and_utc().timestamp() / 60
}

/// The schedules that are tried: how they are written, and how they are counted, the last layer first.
fn rotas(zone: &str) -> Vec<(Value, Vec<Plain>)> {
    let every_day = |from: i64, length: i64| (0..7).map(|day| (day, from, length)).collect::<Vec<_>>();
    let plain = |start: &str, length: i64, people: &[&'static str], windows: Vec<(i64, i64, i64)>| Plain {
        start: reading(start),
        length,
        people: people.to_vec(),
        windows,
    };
    vec![
        (
            json!({ "timezone": zone, "layers": [
                { "rotation": { "every": "1 day", "handoff": "02:30", "start": "2000-01-03", "people": ["ana", "ben", "carl"] } },
            ] }),
            vec![plain("2000-01-03T02:30:00", DAY, &["ana", "ben", "carl"], vec![])],
        ),
        (
            json!({ "timezone": zone, "layers": [
                { "rotation": { "every": "1h", "start": "2000-01-03", "people": ["ana", "ben"] } },
                { "rotation": { "every": "12h", "handoff": "00:30", "start": "2000-01-03", "people": ["carl", "dora"] },
                  "restrict": ["fri 23:30-mon 01:30", "00:00-00:45"] },
            ] }),
            vec![
                plain("2000-01-03T00:30:00", 12 * 60, &["carl", "dora"], {
                    let mut windows = every_day(0, 45);
                    windows.push((4, 23 * 60 + 30, 2 * DAY + 2 * 60));
                    windows
                }),
                plain("2000-01-03T00:00:00", 60, &["ana", "ben"], vec![]),
            ],
        ),
        (
            json!({ "timezone": zone, "layers": [
                { "rotation": { "every": "1 week", "handoff": "sun 00:00", "start": "2000-01-02", "people": ["ana", "ben"] },
                  "restrict": ["22:00-02:00", "02:30-03:00"] },
            ] }),
            vec![plain("2000-01-02T00:00:00", 7 * DAY, &["ana", "ben"], {
                let mut windows = every_day(22 * 60, 4 * 60);
                windows.extend(every_day(150, 30));
                windows
            })],
        ),
    ]
}

/// Compares a schedule with its count in every minute of the 48 hours on either side, and its shifts with `who`.
fn compare(zone: &str, at: i64) {
    let rules = TimeZoneDatabase::bundled().get(zone).expect("the zone is known");
    let minutes = Minutes::around(&rules, at, 12);
    for (document, plain) in rotas(zone) {
        let policy = policy(&document);
        let schedule = policy.schedule("platform").expect("it is there");
        let (from, to) = (at - 2 * DAY, at + 2 * DAY);
        let mut edges = Vec::new();
        let mut last: Option<OnCall> = None;
        for minute in from..to {
            let index = usize::try_from(minute - minutes.first).expect("inside");
            let expected = plain.iter().find_map(|plain| plain.who(&minutes, index));
            let who = schedule.who(instant(minute));
            let place = || format!("{zone} {} {document}", instant(minute));
            assert_eq!(who.people().first().map(String::as_str), expected.map(|(first, _)| first), "{}", place());
            let second = policy.who("secondary", instant(minute));
            assert_eq!(second.people().first().map(String::as_str), expected.map(|(_, second)| second), "{}", place());
            if last.as_ref() != Some(&who) {
                edges.push(instant(minute));
                last = Some(who);
            }
        }
        let shifts = schedule.shifts(instant(from), instant(to));
        assert_eq!(shifts.iter().map(|shift| shift.from).collect::<Vec<_>>(), edges, "{zone} {document}");
        tiles(schedule, &shifts, instant(from), instant(to));
    }
}

/// The shifts tile the time, neighbours differ, and each change is the next one after the one before.
fn tiles(schedule: &Schedule, shifts: &[Shift], from: Timestamp, to: Timestamp) {
    assert_eq!(shifts.first().map(|shift| shift.from), Some(from));
    assert_eq!(shifts.last().map(|shift| shift.to), Some(to));
    for (index, pair) in shifts.windows(2).enumerate() {
        assert_eq!(pair[0].to, pair[1].from, "no hole and no overlap");
        assert_ne!(pair[0].on_call, pair[1].on_call);
        // Gaps that differ in their reason are told apart, and are no change of who is on call.
        let other = shifts[index..].iter().find(|shift| shift.on_call.people() != pair[0].on_call.people());
        match other {
            Some(other) => assert_eq!(schedule.next_change(pair[0].from), Some(other.from)),
            None => assert!(schedule.next_change(pair[0].from).is_none_or(|change| change >= to)),
        }
        let before = pair[1].from - chrono::TimeDelta::milliseconds(1);
        assert_eq!(schedule.who(before), pair[0].on_call);
        assert_eq!(schedule.who(pair[1].from), pair[1].on_call);
    }
}

fn changes(zone: &str, from: &str, to: &str) -> Vec<i64> {
    let rules = TimeZoneDatabase::bundled().get(zone).expect("the zone is known");
    let second = |text: &str| jiff::Timestamp::from_second(reading(text) * 60).expect("in range");
    let offset = |at: i64| rules.to_offset(jiff::Timestamp::from_second(at * 60).expect("in range"));
    rules
        .following(second(from))
        .map(|change| change.timestamp())
        .take_while(|at| *at < second(to))
        .map(|at| at.as_second() / 60)
        .filter(|at| offset(*at) != offset(*at - 1))
        .collect()
}

#[test]
fn every_distinct_history_agrees_with_a_count_of_minutes() {
    let mut found: BTreeMap<Vec<(i64, i32)>, String> = BTreeMap::new();
    let database = TimeZoneDatabase::bundled();
    let mut names: Vec<String> = database.available().map(|name| name.as_str().to_owned()).collect();
    names.sort();
    for name in names {
        let rules = database.get(&name).expect("the zone is known");
        let offset = |at: i64| rules.to_offset(jiff::Timestamp::from_second(at * 60).expect("in range")).seconds();
        let changes = changes(&name, "2023-01-01T00:00:00", "2028-01-01T00:00:00");
        let history: Vec<(i64, i32)> = changes.iter().map(|at| (*at, offset(*at))).collect();
        found.entry(history).or_insert(name);
    }
    // Zones that change nothing in these years are one history, which has no change to look around.
    assert_eq!(found.len(), histories::DISTINCT_2023_TO_2027 + 1, "{found:#?}");
    let compared: usize = found.keys().map(Vec::len).sum();
    assert_eq!(compared, histories::CHANGES_2023_TO_2027);
    for (history, zone) in found {
        for (at, _) in history {
            compare(&zone, at);
        }
    }
}

/// Clocks put forward at midnight, by half an hour, by two hours, and a day that never came.
#[test]
fn the_odd_changes_agree_with_a_count_of_minutes() {
    for (zone, from, to) in [
        ("Africa/Cairo", "2023-01-01T00:00:00", "2025-01-01T00:00:00"),
        ("Asia/Beirut", "2023-01-01T00:00:00", "2025-01-01T00:00:00"),
        ("America/Santiago", "2023-01-01T00:00:00", "2025-01-01T00:00:00"),
        ("America/Havana", "2023-01-01T00:00:00", "2025-01-01T00:00:00"),
        ("Australia/Lord_Howe", "2023-01-01T00:00:00", "2025-01-01T00:00:00"),
        ("Antarctica/Troll", "2023-01-01T00:00:00", "2025-01-01T00:00:00"),
        ("Pacific/Apia", "2011-01-01T00:00:00", "2012-12-01T00:00:00"),
    ] {
        let changes = changes(zone, from, to);
        assert!(!changes.is_empty(), "{zone}");
        for at in changes {
            compare(zone, at);
        }
    }
}

/// Grafana `OnCall` #5247: a 09:00 hand-off in Chicago, over both changes of the clocks.
#[test]
fn a_nine_o_clock_hand_off_stays_at_nine_in_chicago() {
    let policy = policy(&json!({ "timezone": "America/Chicago", "layers": [
        { "rotation": { "every": "1 day", "handoff": "09:00", "start": "2024-10-01", "people": ["ana", "ben"] } },
    ] }));
    let schedule = policy.schedule("platform").expect("it is there");
    for (from, to, hours) in [
        ("2024-11-02T12:00:00Z", "2024-11-05T12:00:00Z", [14, 15, 15]),
        ("2025-03-08T12:00:00Z", "2025-03-11T12:00:00Z", [15, 14, 14]),
    ] {
        let (from, to): (Timestamp, Timestamp) = (from.parse().expect("an instant"), to.parse().expect("an instant"));
        let shifts = schedule.shifts(from, to);
        tiles(schedule, &shifts, from, to);
        let at: Vec<u32> = shifts.iter().skip(1).map(|shift| chrono::Timelike::hour(&shift.from)).collect();
        assert_eq!(at, hours, "09:00 on the wall, in hours of UTC");
        let coverage = schedule.coverage(from, to);
        assert!(coverage.is_whole());
        assert_eq!(coverage.uncovered(), kentongan::Duration::ZERO);
        let together: i64 = coverage.by_person().values().map(|time| time.as_millis()).sum();
        assert_eq!(together, 3 * 24 * 3_600_000);
    }
}

/// A moment within the two weeks that random schedules are about, by quarter hours.
fn moment() -> impl Strategy<Value = i64> {
    0..14_i64 * 96
}

fn written(quarter: i64) -> String {
    let at = instant(reading("2026-03-23T00:00:00") + quarter * 15);
    at.format("%Y-%m-%dT%H:%M").to_string()
}

fn interval() -> impl Strategy<Value = (String, String)> {
    (moment(), 1..200_i64).prop_map(|(from, length)| (written(from), written(from + length)))
}

fn person() -> impl Strategy<Value = &'static str> {
    prop::sample::select(NAMES.to_vec())
}

fn layer() -> impl Strategy<Value = Value> {
    let every = prop::sample::select(vec!["1h", "7h", "12h", "1 day", "3 days", "1 week"]);
    let hours = prop::sample::subsequence(
        vec!["mon-fri 09:00-17:00", "22:00-06:00", "sat,sun 00:00-00:00", "fri 17:00-mon 09:00", "01:30-02:30"],
        0..3,
    );
    let rotation = (every, 0..24_u32, prop::collection::vec(person(), 1..4), hours, prop::option::of(interval()));
    let rotation = rotation.prop_map(|(every, hour, people, restrict, dates)| {
        let mut layer = json!({
            "rotation": { "every": every, "handoff": format!("{hour:02}:30"), "start": "2026-03-01", "people": people },
            "restrict": restrict,
        });
        if let Some((from, until)) = dates {
            layer["from"] = json!(from);
            layer["until"] = json!(until);
        }
        layer
    });
    let shift =
        (interval(), person()).prop_map(|((from, to), person)| json!({ "from": from, "to": to, "people": person }));
    prop_oneof![3 => rotation, 1 => prop::collection::vec(shift, 1..6).prop_map(|shifts| json!({ "shifts": shifts }))]
}

fn schedule() -> impl Strategy<Value = Value> {
    let zone = prop::sample::select(vec!["Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Asia/Jakarta"]);
    let over = (interval(), person(), prop::option::of(person())).prop_map(|((from, to), person, replaces)| {
        let mut over = json!({ "from": from, "to": to, "person": person });
        if let Some(replaced) = replaces {
            over["replaces"] = json!(replaced);
        }
        over
    });
    let swap = interval().prop_map(|(from, to)| json!({ "from": from, "to": to, "between": ["ana", "ben"] }));
    (
        zone,
        prop::collection::vec(layer(), 1..4),
        prop::collection::vec(over, 0..4),
        prop::collection::vec(swap, 0..2),
        any::<bool>(),
    )
        .prop_map(|(zone, layers, overrides, swaps, off)| {
            let mut schedule = json!({ "timezone": zone, "layers": layers, "overrides": overrides, "swaps": swaps });
            if off {
                schedule["holidays_off"] = json!([{ "days": ["03-25", "2026-03-30/2026-03-31"], "people": "dora" }]);
            }
            schedule
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    /// Whatever a schedule says, its shifts tile the time and are what `who` answers in every quarter of an hour, and
    /// the secondary is never the primary.
    #[test]
    fn shifts_are_what_who_answers(schedule in schedule()) {
        let policy = policy(&schedule);
        let schedule = policy.schedule("platform").expect("it is there");
        let from = instant(reading("2026-03-22T00:00:00"));
        let to = instant(reading("2026-04-08T00:00:00"));
        let shifts = schedule.shifts(from, to);
        tiles(schedule, &shifts, from, to);
        let mut shift = shifts.iter();
        let mut now = shift.next().expect("at least one");
        for quarter in 0..17 * 96 {
            let at = from + chrono::TimeDelta::minutes(quarter * 15);
            while at >= now.to {
                now = shift.next().expect("they tile the time");
            }
            prop_assert_eq!(&schedule.who(at), &now.on_call, "{}", at);
            let second = policy.who("secondary", at);
            prop_assert!(now.on_call.people().iter().all(|person| !second.people().contains(person)), "{}", at);
        }
    }
}

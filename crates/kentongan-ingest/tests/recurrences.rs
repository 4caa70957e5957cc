//! Recurrence rules against a count of days that knows nothing of them, and calendars written and read back.

mod rota;

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use indexmap::IndexMap;
use kentongan::policy::document::PersonDocument;
use kentongan::{Timestamp, calendar::Zone};
use kentongan_ingest::ics::{Export, People, Shift};
use proptest::collection::vec;
use proptest::prelude::*;
use rota::{event, people, read};
use std::fmt::Write as _;

const DAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

#[derive(Debug, Clone)]
enum Shape {
    Daily(Vec<usize>),
    Weekly(Vec<usize>),
    MonthDay(Vec<u32>),
    /// The nth such day of the month, or the last.
    Nth(i32, usize),
    Yearly,
}

#[derive(Debug, Clone)]
struct Rule {
    shape: Shape,
    interval: i64,
    count: Option<usize>,
    /// The days after the start at which it ends.
    until: Option<i64>,
    excluded: Vec<i64>,
}

impl Rule {
    fn text(&self, start: NaiveDate) -> String {
        let days = |days: &[usize]| days.iter().map(|day| DAYS[*day].0).collect::<Vec<_>>().join(",");
        let by_day = |list: &[usize]| if list.is_empty() { String::new() } else { format!(";BYDAY={}", days(list)) };
        let mut text = match &self.shape {
            Shape::Daily(list) => format!("FREQ=DAILY{}", by_day(list)),
            Shape::Weekly(list) => format!("FREQ=WEEKLY{}", by_day(list)),
            Shape::MonthDay(list) => {
                let list: Vec<String> = list.iter().map(u32::to_string).collect();
                format!("FREQ=MONTHLY;BYMONTHDAY={}", list.join(","))
            }
            Shape::Nth(nth, day) => format!("FREQ=MONTHLY;BYDAY={nth}{}", DAYS[*day].0),
            Shape::Yearly => "FREQ=YEARLY".to_owned(),
        };
        let _ = write!(text, ";INTERVAL={}", self.interval);
        if let Some(count) = self.count {
            let _ = write!(text, ";COUNT={count}");
        }
        if let Some(until) = self.until {
            let _ = write!(text, ";UNTIL={}T235959", (start + TimeDelta::days(until)).format("%Y%m%d"));
        }
        text
    }

    /// Whether the rule happens on a day, by the words of RFC 5545 alone.
    fn has(&self, start: NaiveDate, day: NaiveDate) -> bool {
        let month = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month0());
        let monday = |date: NaiveDate| date - TimeDelta::days(date.weekday().num_days_from_monday().into());
        let among = |list: &[usize]| list.iter().any(|index| DAYS[*index].1 == day.weekday());
        match &self.shape {
            Shape::Daily(list) => (day - start).num_days() % self.interval == 0 && (list.is_empty() || among(list)),
            Shape::Weekly(list) => {
                let weeks = (monday(day) - monday(start)).num_days() / 7;
                let own = if list.is_empty() { day.weekday() == start.weekday() } else { among(list) };
                weeks % self.interval == 0 && own
            }
            Shape::MonthDay(list) => (month(day) - month(start)) % self.interval == 0 && list.contains(&day.day()),
            Shape::Nth(nth, weekday) => {
                let is_day = day.weekday() == DAYS[*weekday].1;
                let position = i32::try_from(day.day0() / 7).expect("small") + 1;
                let is_last = (day + TimeDelta::days(7)).month() != day.month();
                (month(day) - month(start)) % self.interval == 0
                    && is_day
                    && (if *nth < 0 { is_last } else { position == *nth })
            }
            Shape::Yearly => {
                i64::from(day.year() - start.year()) % self.interval == 0
                    && (day.month(), day.day()) == (start.month(), start.day())
            }
        }
    }

    fn days(&self, start: NaiveDate, horizon: NaiveDate) -> Vec<NaiveDate> {
        let last = self.until.map_or(horizon, |until| horizon.min(start + TimeDelta::days(until)));
        let days = start.iter_days().take_while(|day| *day <= last).filter(|day| self.has(start, *day));
        let excluded = |day: &NaiveDate| self.excluded.contains(&(*day - start).num_days());
        days.take(self.count.unwrap_or(usize::MAX)).filter(|day| !excluded(day)).collect()
    }
}

fn rules() -> impl Strategy<Value = Rule> {
    let weekdays = || vec(0..7_usize, 0..4);
    let shape = prop_oneof![
        weekdays().prop_map(Shape::Daily),
        weekdays().prop_map(Shape::Weekly),
        vec(1..32_u32, 1..3).prop_map(Shape::MonthDay),
        (prop_oneof![Just(-1), 1..5_i32], 0..7_usize).prop_map(|(nth, day)| Shape::Nth(nth, day)),
        Just(Shape::Yearly),
    ];
    let ends = prop_oneof![
        Just((None, None)),
        (1..20_usize).prop_map(|count| (Some(count), None)),
        (0..700_i64).prop_map(|until| (None, Some(until))),
    ];
    (shape, 1..4_i64, ends, vec(0..90_i64, 0..4)).prop_map(|(shape, interval, (count, until), excluded)| Rule {
        shape,
        interval,
        count,
        until,
        excluded,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, rng_seed: proptest::test_runner::RngSeed::Fixed(5545), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rules_happen_on_the_days_that_a_look_at_each_day_finds(rule in rules(), offset in 0..1_500_i64) {
        let zone = Zone::named("America/Chicago").expect("a zone");
        let start = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date") + TimeDelta::days(offset);
        let excluded = rule.excluded.iter().fold(String::new(), |mut lines, day| {
            let day = (start + TimeDelta::days(*day)).format("%Y%m%d");
            let _ = writeln!(lines, "EXDATE;TZID=America/Chicago:{day}T023000");
            lines
        });
        let text = event(&format!(
            "UID:1\nDTSTAMP:20240101T000000Z\nDTSTART;TZID=America/Chicago:{}T023000\nDURATION:PT1H\nRRULE:{}\n{excluded}SUMMARY:ana",
            start.format("%Y%m%d"),
            rule.text(start),
        ));
        let rota = read(&text, &people()).expect("it is read");
        let found: Vec<Timestamp> = rota.shifts.iter().map(|shift| shift.from).collect();
        let expected = rule.days(start, rota.until);
        let at = |day: &NaiveDate| zone.instant(&day.format("%Y-%m-%dT02:30").to_string()).expect("an instant");
        prop_assert_eq!(found, expected.iter().map(at).collect::<Vec<_>>(), "{}", text);
    }

    #[test]
    fn what_is_written_reads_back_as_the_same_shifts(
        lengths in vec((0..3_i64, 1..2_000_i64, vec(0..4_usize, 1..4)), 0..40),
        role in "[a-zA-Z ,;:\\\\\"äé☃-]{1,90}",
    ) {
        let ids = ["ana", "b,e;n", "long \\ name\" with everything: ä☃ and so on and on until the line has to be folded", "d"];
        let people: IndexMap<String, PersonDocument> = ids.iter().map(|id| {
            let contacts = IndexMap::from([("email".to_owned(), format!("{}@example.org", id.len()))]);
            ((*id).to_owned(), PersonDocument { name: Some(format!("{id}, {}", "n".repeat(id.len()))), contacts, left: None })
        }).collect();
        let mut at: Timestamp = "2026-03-27T08:00:00Z".parse().expect("an instant");
        let mut shifts: Vec<Shift> = Vec::new();
        for (pause, minutes, who) in lengths {
            let from = at + TimeDelta::hours(pause);
            at = from + TimeDelta::minutes(minutes);
            let mut names: Vec<String> = Vec::new();
            for id in who {
                if !names.iter().any(|name| name == ids[id]) {
                    names.push(ids[id].to_owned());
                }
            }
            match shifts.last_mut() {
                Some(last) if last.to == from && last.people == names => last.to = at,
                _ => shifts.push(Shift { from, to: at, people: names }),
            }
        }
        let export = Export { policy: "shop & co", role: &role, people: &people };
        let text = export.write(&shifts);
        prop_assert_eq!(&text, &export.write(&shifts), "the same bytes");
        for line in text.split("\r\n") {
            prop_assert!(line.len() <= 75 && !line.contains('\n'), "{}", line);
        }
        let rota = read(&text, &People::of(&people));
        prop_assert_eq!(rota.expect("it is read").shifts, shifts, "{}", text);
    }
}

#[test]
fn every_role_has_uids_of_its_own_and_keeps_them() {
    let people = indexmap::IndexMap::new();
    let at = |text: &str| text.parse().expect("an instant");
    let shift = |to: &str| Shift { from: at("2026-03-02T08:00:00Z"), to: at(to), people: vec!["ana".to_owned()] };
    let uid = |policy: &str, role: &str, to: &str| {
        let text = Export { policy, role, people: &people }.write(&[shift(to)]);
        // A long line goes on after a break and a blank.
        let text = text.replace("\r\n ", "");
        text.lines().find(|line| line.starts_with("UID:")).expect("an event has one").to_owned()
    };
    let names =
        ["on call", "on-call", "on.call", "on_call", "on_20_call", "oncall", "on\u{e4}call", "on\u{f6}call", ""];
    let uids: std::collections::BTreeSet<String> =
        names.iter().flat_map(|role| names.iter().map(|policy| uid(policy, role, "2026-03-09T08:00:00Z"))).collect();
    assert_eq!(uids.len(), names.len() * names.len(), "{uids:#?}");
    for role in names {
        let (short, long) = (uid("shop", role, "2026-03-03T08:00:00Z"), uid("shop", role, "2026-03-09T08:00:00Z"));
        assert_eq!(short, long, "a shift that is made longer is the same one");
    }
}

#[test]
fn an_exported_calendar_looks_like_this() {
    let ana = PersonDocument {
        name: Some("Ana \"Anita\" Rossi; platform, on the long and winding road of Østerbro".to_owned()),
        contacts: IndexMap::from([
            ("sms".to_owned(), "+62 1".to_owned()),
            ("email".to_owned(), "ana@example.org".to_owned()),
        ]),
        left: None,
    };
    let people = IndexMap::from([("ana".to_owned(), ana), ("ben".to_owned(), PersonDocument::default())]);
    let at = |text: &str| text.parse::<Timestamp>().expect(text);
    let shift = |from: &str, to: &str, people: &[&str]| Shift {
        from: at(from),
        to: at(to),
        people: people.iter().map(|person| (*person).to_owned()).collect(),
    };
    let text = Export { policy: "shop", role: "primary", people: &people }.write(&[
        shift("2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z", &["ana"]),
        shift("2026-03-30T07:00:00Z", "2026-04-06T07:00:00Z", &["ben", "ana"]),
    ]);
    insta::assert_snapshot!(text.replace("\r\n", "\n"));
}

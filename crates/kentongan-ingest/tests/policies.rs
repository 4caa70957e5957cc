//! Policies that name calendars: what becomes of them, and what is said where it cannot.

use kentongan::{Policy, PolicyError, Timestamp};
use kentongan_ingest::load_policy;

fn fixture(name: &str) -> Option<Vec<u8>> {
    std::fs::read(format!("{}/../../tests/fixtures/other/{name}", env!("CARGO_MANIFEST_DIR"))).ok()
}

/// A policy with that in it.
fn policy(more: &str) -> String {
    format!(
        "policy: shop\ntimezone: Europe/Rome\n{more}\n\
         people:\n  ana: {{ name: Ana Rossi, contacts: {{ pager: a, email: ana@example.org }} }}\n\
         \x20 ben: {{ name: Ben O'Neill, contacts: {{ pager: b, email: ben@example.org }} }}\n\
         \x20 carla: {{ contacts: {{ pager: c, email: carla@example.org }} }}\n\
         on_call: {{ primary: {{ schedule: platform }} }}\n\
         severities: {{ high: {{ definition: down, escalation: standard }} }}\n\
         classify: [ {{ default: high }} ]\n\
         escalation: {{ standard: [ {{ notify: on-call.primary }} ] }}\n\
         last_resort: [ {{ pager: ana }} ]\n"
    )
}

fn load(more: &str) -> Result<Policy, PolicyError> {
    load_policy("shop.yaml", &policy(more), fixture)
}

fn problems(loaded: Result<Policy, PolicyError>) -> String {
    loaded.expect_err("it is refused").diagnostics().render(false)
}

fn shifts(policy: &Policy, from: &str, to: &str) -> Vec<String> {
    let at = |text: &str| text.parse::<Timestamp>().expect(text);
    let shifts = policy.shifts("primary", at(from), at(to));
    let shown = |at: Timestamp| at.format("%m-%dT%H").to_string();
    shifts
        .iter()
        .map(|shift| format!("{} {} {}", shown(shift.from), shown(shift.to), shift.on_call.people().join("+")))
        .collect()
}

#[test]
fn a_calendar_is_the_lowest_layer_of_its_schedule() {
    let more = "schedules:\n  platform:\n    ics: oncall-weekly-rotation.ics\n    overrides: [ { from: 2026-03-10T09:00, to: 2026-03-11T09:00, person: carla } ]";
    let policy = load(more).expect("it is valid");
    assert_eq!(
        shifts(&policy, "2026-03-08T00:00:00Z", "2026-04-07T00:00:00Z"),
        [
            "03-08T00 03-09T08 ana",
            "03-09T08 03-10T08 ben",
            "03-10T08 03-11T08 carla",
            "03-11T08 03-16T08 ben",
            "03-16T08 03-23T08 ana",
            "03-23T08 03-23T11 ",
            "03-23T11 03-30T10 ben",
            "03-30T10 04-04T00 ",
            "04-04T00 04-04T06 carla",
            "04-04T06 04-06T07 ",
            "04-06T07 04-07T00 ben",
        ]
    );
}

#[test]
fn series_that_take_turns_go_on_for_ever() {
    let policy = load("schedules: { platform: { ics: grafana-oncall-schedule-SYNTHETIC.ics } }").expect("it is valid");
    assert_eq!(
        shifts(&policy, "2040-01-02T00:00:00Z", "2040-01-16T00:00:00Z"),
        ["01-02T00 01-02T08 ana", "01-02T08 01-09T08 ben", "01-09T08 01-16T00 carla"]
    );
    let by_hand = "schedules: { platform: { timezone: UTC, layers: [ { name: grafana-oncall-schedule-SYNTHETIC.ics, rotation: { every: 1 week, start: \"2026-10-26T08:00:00\", people: [ana, ben, carla] } } ] } }";
    assert_eq!(policy.digest(), load(by_hand).expect("it is valid").digest(), "it is the policy written out");
}

#[test]
fn the_digest_covers_what_the_calendar_says() {
    let more = "schedules: { platform: { ics: rota.ics } }";
    let calendar = |hour: &str| {
        format!(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:202603{hour}0000Z\nDURATION:P1D\nSUMMARY:ana\nEND:VEVENT\nEND:VCALENDAR\n"
        )
    };
    let digest = |calendar: String| {
        let policy = load_policy("shop.yaml", &policy(more), |_| Some(calendar.clone().into_bytes()));
        policy.expect("it is valid").digest().to_owned()
    };
    assert_eq!(digest(calendar("02T09")), digest(calendar("02T09").replace('\n', "\r\n")));
    assert_ne!(digest(calendar("02T09")), digest(calendar("02T10")));
}

#[test]
fn what_is_nobody_is_passed_over_and_who_is_meant_is_said() {
    let bare = "schedules:\n  platform: { ics: google-calendar-SYNTHETIC.ics }";
    insta::assert_snapshot!("somebody_is_unknown", problems(load(bare)));
    let named = "schedules:\n  platform:\n    ics: google-calendar-SYNTHETIC.ics\n    people: { Team lunch: null, \"Carla for Ben, who is away\": carla }";
    let policy = load(named).expect("it is valid");
    let codes: Vec<&str> = policy.warnings().iter().map(kentongan::source::Diagnostic::code).collect();
    assert_eq!(codes, ["overlapping_shifts"]);
    assert_eq!(
        shifts(&policy, "2024-11-17T00:00:00Z", "2024-11-19T00:00:00Z"),
        ["11-17T00 11-17T16 ", "11-17T16 11-18T15 carla", "11-18T15 11-19T00 "]
    );
}

#[test]
fn days_off_come_from_a_calendar_too() {
    let more = "schedules:\n  platform:\n    layers: [ { rotation: { every: 1 week, start: 2026-01-05, people: [ana] } } ]\n    holidays_off: [ { days: [ 2026-05-01, { ics: google-holidays-SYNTHETIC.ics } ], people: carla } ]";
    let policy = load(more).expect("it is valid");
    assert_eq!(
        shifts(&policy, "2026-12-24T00:00:00Z", "2026-12-27T00:00:00Z"),
        ["12-24T00 12-24T23 ana", "12-24T23 12-25T23 carla", "12-25T23 12-27T00 ana"]
    );
}

#[test]
fn holidays_of_a_calendar_are_those_written_out() {
    let calendar = |holidays: &str| {
        let rest = "schedules: { platform: { layers: [ { rotation: { every: 1 week, start: 2026-01-05, people: [ana] } } ] } }";
        format!("calendars: {{ office: {{ hours: {{ mon-fri: 09:00-17:00 }}, holidays: [ {holidays} ] }} }}\n{rest}")
    };
    let digest = |holidays: &str| load(&calendar(holidays)).expect("it is valid").digest().to_owned();
    let read = digest("05-01, { ics: google-holidays-SYNTHETIC.ics }");
    let written = "05-01, { date: 2026-01-01, name: Tahun Baru Masehi }, \
        { from: 2026-03-20, to: 2026-03-24, name: \"Idul Fitri, libur bersama\" }, \
        { date: 2026-08-17, name: Hari Kemerdekaan }, { date: 2026-12-25, name: Hari Raya Natal }"
        .to_owned();
    // What comes every year without an end is known for thirty.
    let written = (2027..=2056)
        .fold(written, |written, year| format!("{written}, {{ date: {year}-01-01, name: Tahun Baru Masehi }}"));
    assert_eq!(read, digest(&written));
    assert_ne!(read, digest("05-01"));
}

#[test]
fn what_is_wrong_is_told_where_it_stands() {
    insta::assert_snapshot!(
        "a_calendar_that_is_not_there",
        problems(load("schedules:\n  platform: { ics: rota.ics }"))
    );
    insta::assert_snapshot!(
        "a_calendar_that_is_none",
        problems(load("schedules:\n  platform: { ics: slack-firing.json }"))
    );
    insta::assert_snapshot!(
        "a_calendar_named_wrongly",
        problems(load("schedules:\n  platform: { ics: 3, until: soon }"))
    );
    let unread = Policy::from_yaml(&policy("schedules: { platform: { ics: rota.ics } }"));
    insta::assert_snapshot!("a_calendar_that_nobody_read", problems(unread));
}

#[test]
fn the_digest_covers_the_order_of_what_is_ranked() {
    let severities = |order: [&str; 2]| {
        let mut value = serde_json::json!({
            "policy": "shop", "timezone": "UTC",
            "people": { "ana": { "contacts": { "pager": "ana-pager" } } },
            "severities": {}, "classify": [ { "default": "low" } ], "last_resort": [ { "pager": "ana" } ],
        });
        for name in order {
            value["severities"][name] =
                serde_json::json!({ "definition": "it is odd", "notify": [ { "pager": "ana" } ] });
        }
        let policy = kentongan_ingest::policy_from_value(&value, |_| None).expect("it is valid");
        (policy.severities().map(str::to_owned).collect::<Vec<_>>(), policy.digest().to_owned())
    };
    let (worst_first, digest) = severities(["top", "low"]);
    assert_eq!(worst_first, ["top", "low"], "as written, not by the alphabet");
    assert_ne!(digest, severities(["low", "top"]).1);
}

#[test]
fn a_calendar_that_is_wrong_is_told_once() {
    for more in [
        "schedules: { platform: { ics: google-calendar-SYNTHETIC.ics } }",
        "schedules: { platform: { ics: nowhere.ics } }",
        "schedules: { platform: { ics: [ a ] } }",
        "schedules: { platform: { layers: [ { rotation: { every: 1 week, start: 2026-01-05, people: [ana] } } ], holidays_off: [ { days: [ { ics: nowhere.ics } ], people: ben } ] } }",
    ] {
        let problems = load(more).expect_err("it is refused");
        let codes: Vec<&str> = problems.diagnostics().iter().map(kentongan::source::Diagnostic::code).collect();
        assert!(codes.iter().all(|code| code.ends_with("_calendar") || *code == "unknown_person"), "{more}: {codes:?}");
    }
}

//! Hand-offs and changes on call beyond what a scenario can say: a host that was away for a year, ten thousand
//! overrides, and the snapshot of an older engine.

use std::sync::Arc;

use chrono::TimeDelta;
use kentongan::{Action, Engine, Input, Policy, Snapshot, Timestamp};

fn policy(name: &str) -> Arc<Policy> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies").join(name);
    let text = std::fs::read_to_string(path).expect("the policy is there");
    Arc::new(Policy::load(name, &text, |_| None).unwrap_or_else(|error| panic!("{error}")))
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// A year has 52 Mondays and 17,500 half hours: each hand-off is told, and what repeats is counted.
#[test]
fn a_host_away_for_a_year_is_not_buried_in_reminders() {
    let mut engine = Engine::new(policy("handoff.yaml"));
    let start = at("2026-11-24T00:00:00Z");
    let _ = engine.advance(start).expect("in range");
    let step = engine.advance(start + TimeDelta::days(365)).expect("in range");
    let of = |is: fn(&Action) -> bool| step.effects.iter().filter(|effect| is(&effect.action)).count();
    assert_eq!(of(|action| matches!(action, Action::Handoff { .. })), 52);
    assert!(of(|action| matches!(action, Action::Notify(_))) < 1_500, "{} messages", step.effects.len());
    let skipped: u64 = step
        .effects
        .iter()
        .map(|effect| match effect.action {
            Action::Coalesced { skipped, .. } => skipped,
            _ => 0,
        })
        .sum();
    assert!(skipped > 15_000, "{skipped} reminders are counted");
    assert!(engine.wakeup().is_some_and(|wakeup| wakeup > start + TimeDelta::days(365)));
    assert_eq!(engine.audit(), Vec::<String>::new());
}

/// Whoever changes every hour changes 8,760 times a year: the last change is handed over, those long past are counted.
#[test]
fn a_year_of_hourly_turns_is_counted() {
    let text = r"
policy: hourly
people: { ana: { contacts: { pager: a } }, ben: { contacts: { pager: b } } }
on_call: { primary: { schedule: hourly } }
schedules:
  hourly: { layers: [ { rotation: { every: 1 hour, start: 2026-01-01, people: [ana, ben] } } ] }
severities: { low: { definition: all, notify: [ { pager: ana } ] } }
classify: [ { default: low } ]
last_resort: [ { pager: ana } ]
handoff: { roles: [primary], by: pager, points: [ { id: issues, text: ongoing issues } ] }
";
    let mut engine = Engine::new(Arc::new(Policy::from_yaml(text).unwrap_or_else(|error| panic!("{error}"))));
    let start = at("2026-11-24T00:30:00Z");
    let end = start + TimeDelta::days(365);
    let _ = engine.advance(start).expect("in range");
    let step = engine.advance(end).expect("in range");
    let told = step.effects.iter().filter(|effect| matches!(effect.action, Action::Handoff { .. })).count();
    let skipped: u64 = step
        .effects
        .iter()
        .filter_map(|effect| match effect.action {
            Action::Coalesced { skipped, .. } => Some(skipped),
            _ => None,
        })
        .sum();
    assert!(told <= 502, "{told} hand-offs are told");
    assert_eq!(u64::try_from(told).expect("few") + skipped, 365 * 24, "each is told or counted");
    let latest = engine.handoffs().next().expect("there is one");
    assert_eq!(latest.at(), at("2027-11-24T00:00:00Z"));
    assert_eq!(latest.to(), engine.who("primary", end).people());
    assert_eq!(engine.wakeup(), Some(at("2027-11-24T01:00:00Z")));
    assert_eq!(engine.audit(), Vec::<String>::new());
}

#[test]
fn ten_thousand_overrides_are_taken_and_the_next_is_refused() {
    let mut engine = Engine::new(policy("rota.yaml"));
    let start = at("2026-11-24T00:00:00Z");
    let over = |number: i64| Input::Override {
        id: format!("o{number}"),
        on: "platform".to_owned(),
        person: "dora".to_owned(),
        replaces: None,
        from: Some(start + TimeDelta::minutes(number * 20)),
        to: start + TimeDelta::minutes(number * 20 + 10),
        by: "ana".to_owned(),
        reason: String::new(),
    };
    for number in 0..10_000 {
        let _ = engine.apply(start, over(number)).expect("it is taken");
    }
    let refused = engine.apply(start, over(10_000)).expect_err("there are too many");
    assert_eq!(refused.code(), "too_many");
    let days = TimeDelta::days(130);
    let coverage = engine.coverage("primary", start, start + days);
    assert!(coverage.shifts.len() > 9_000, "{} shifts", coverage.shifts.len());
    assert_eq!(engine.who("primary", start + TimeDelta::minutes(20 * 777 + 5)).people(), ["dora"]);
    assert_ne!(engine.who("primary", start + TimeDelta::minutes(20 * 777 + 15)).people(), ["dora"]);
    // What is over makes room.
    let _ = engine.apply(start + TimeDelta::minutes(15), over(10_000)).expect("one of them is over");
}

#[test]
fn overrides_absences_and_hand_offs_survive_a_snapshot() {
    let policy = policy("handoff.yaml");
    let mut engine = Engine::new(Arc::clone(&policy));
    let start = at("2026-11-24T00:00:00Z");
    let _ = engine.advance(start).expect("in range");
    let absence = Input::Absence {
        id: "leave".to_owned(),
        person: "ben".to_owned(),
        from: None,
        to: start + TimeDelta::days(1),
        by: "ben".to_owned(),
        reason: "leave".to_owned(),
    };
    let step = engine.apply(start + TimeDelta::hours(1), absence).expect("it is taken");
    assert!(step.effects.iter().any(|effect| matches!(&effect.action, Action::Handoff { to, .. } if to == &["ana"])));
    let text = engine.snapshot().to_json();
    let restored = Engine::restore(policy, Snapshot::from_json(&text).expect("it reads")).expect("it restores");
    assert_eq!(restored.snapshot().to_json(), text);
    let later = start + TimeDelta::days(9);
    let steps = [engine.clone(), restored].map(|mut engine| engine.advance(later).expect("in range"));
    assert_eq!(steps[0], steps[1]);
}

#[test]
fn a_snapshot_says_which_zone_data_it_was_taken_with() {
    let mut engine = Engine::new(policy("rota.yaml"));
    let _ = engine.advance(at("2026-11-24T00:00:00Z")).expect("in range");
    let snapshot = engine.snapshot();
    let version = kentongan::calendar::time_zone_data_version();
    assert_eq!(snapshot.time_zone_data(), version);
    let json: serde_json::Value = serde_json::from_str(&snapshot.to_json()).expect("it is JSON");
    assert_eq!(json["time_zone_data"], version);
}

#[test]
fn a_snapshot_of_format_1_loads() {
    let policy = policy("rota.yaml");
    let mut engine = Engine::new(Arc::clone(&policy));
    let _ = engine.advance(at("2026-11-24T00:00:00Z")).expect("in range");
    let text = engine.snapshot().to_json();
    let older = text.replacen(&format!("\"format\":{}", kentongan::SNAPSHOT_FORMAT), "\"format\":1", 1);
    assert_ne!(older, text);
    let restored = Engine::restore(policy, Snapshot::from_json(&older).expect("it reads")).expect("it restores");
    assert_eq!(restored.snapshot().to_json(), text);
}

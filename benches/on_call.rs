//! Who is on call: one instant, and a year of a schedule with three layers.

use chrono::TimeDelta;
use kentongan::oncall::{Coverage, OnCall};
use kentongan::{Policy, Timestamp};

fn main() {
    divan::main();
}

/// A week by turns, office hours by day, and nights at weekends, in a zone whose clocks are moved.
fn policy() -> Policy {
    Policy::from_yaml(
        r#"
policy: rota
timezone: America/Chicago
people: { ana: {}, ben: {}, carl: {}, dora: { contacts: { pager: dora-1 } } }
on_call: { primary: { schedule: platform } }
schedules:
  platform:
    layers:
      - rotation: { every: 1 week, handoff: "mon 09:00", start: 2024-01-01, people: [ana, ben, carl] }
      - rotation: { every: 1 day, handoff: "09:00", start: 2024-01-01, people: [ben, carl] }
        restrict: ["mon-fri 09:00-17:00"]
      - rotation: { every: 1 week, start: 2024-01-01, people: [dora, ana] }
        restrict: ["sat,sun 22:00-06:00"]
severities: { high: { definition: all, escalation: path } }
classify: [ { default: high } ]
escalation: { path: [ { notify: on-call.primary } ] }
last_resort: [ { pager: dora } ]
"#,
    )
    .expect("the policy loads")
}

fn start() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().expect("an instant")
}

#[divan::bench]
fn who(bencher: divan::Bencher<'_, '_>) {
    let policy = policy();
    let schedule = policy.schedule("platform").expect("it is there");
    let mut at = start();
    bencher.bench_local(|| -> OnCall {
        at += TimeDelta::minutes(97);
        schedule.who(at)
    });
}

#[divan::bench]
fn coverage_of_a_year(bencher: divan::Bencher<'_, '_>) {
    let policy = policy();
    let schedule = policy.schedule("platform").expect("it is there");
    bencher.bench_local(|| -> Coverage { schedule.coverage(start(), start() + TimeDelta::days(365)) });
}

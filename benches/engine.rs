//! What the engine costs a host, on the policy of its first users. Figures are for comparison in one run only.

use std::sync::Arc;

use chrono::TimeDelta;
use divan::Bencher;
use kentongan::{Alert, Engine, Input, Policy, Timestamp};

const KREKI: &str = include_str!("../examples/kreki/policy.yaml");

fn main() {
    divan::main();
}

fn policy() -> Arc<Policy> {
    Arc::new(Policy::load("policy.yaml", KREKI, |_| None).expect("the shipped policy is sound"))
}

fn night() -> Timestamp {
    Timestamp::from_timestamp_millis(1_795_460_400_000).expect("an instant of 2026")
}

fn panic_button(number: usize) -> Alert {
    let mut alert = Alert::firing(format!("k{number}"), "panic-button");
    alert.name = format!("PanicButton{number}");
    alert.labels.insert("impact".to_owned(), "outage".to_owned());
    alert
}

/// Open incidents, all of the worst severity.
fn engine_with(policy: &Arc<Policy>, incidents: usize) -> Engine {
    let mut engine = Engine::new(Arc::clone(policy));
    for number in 0..incidents {
        let step = engine.apply(night(), Input::Alert(panic_button(number))).expect("an alert is never refused");
        let _ = divan::black_box(step);
    }
    engine
}

#[divan::bench]
fn load_a_policy() -> Arc<Policy> {
    policy()
}

#[divan::bench]
fn classify_an_alert(bencher: Bencher<'_, '_>) {
    let (policy, alert) = (policy(), panic_button(0));
    bencher.bench(|| policy.classify(&alert));
}

#[divan::bench]
fn open_an_incident(bencher: Bencher<'_, '_>) {
    let policy = policy();
    bencher
        .with_inputs(|| (Engine::new(Arc::clone(&policy)), panic_button(0)))
        .bench_values(|(mut engine, alert)| engine.apply(night(), Input::Alert(alert)));
}

#[divan::bench(args = [1, 100, 10_000])]
fn five_minutes_of_open_incidents(bencher: Bencher<'_, '_>, incidents: usize) {
    let policy = policy();
    let engine = engine_with(&policy, incidents);
    let later = night() + TimeDelta::minutes(5);
    bencher.with_inputs(|| engine.clone()).bench_values(|mut engine| engine.advance(later));
}

#[divan::bench(args = [100, 10_000])]
fn snapshot_and_restore(bencher: Bencher<'_, '_>, incidents: usize) {
    let policy = policy();
    let engine = engine_with(&policy, incidents);
    bencher.bench(|| Engine::restore(Arc::clone(&policy), engine.snapshot()));
}

//! What the tests share: a small policy, a history, and a place to write to.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part of it")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use kentongan::{Alert, Engine, Input, Outcome, Policy, Timestamp};
use kentongan_journal::{Store, StoreOptions};
use tempfile::TempDir;

const POLICY: &str = r#"
policy: shop
people:
  ana: { contacts: { pager: ana-1, sms: "+1" } }
  budi: { contacts: { pager: budi-1 } }
on_call: { primary: [ana], secondary: [budi] }
severities:
  high: { definition: down, targets: { acknowledge: 5m, resolve: 1h }, update_every: 15m, escalation: standard }
  low: { definition: the rest, notify: [ { pager: budi } ] }
classify:
  - { id: pay, when: alert.values.error_rate > 0.1, severity: high }
  - default: low
escalation:
  standard:
    - { notify: on-call.primary }
    - { notify: on-call.secondary, after: 10m, unless: responded }
last_resort: [ { pager: ana } ]
"#;

pub static SHOP: LazyLock<Arc<Policy>> = LazyLock::new(|| Arc::new(Policy::from_yaml(POLICY).unwrap()));

/// Another version of the same policy.
pub static SHOP_LATER: LazyLock<Arc<Policy>> = LazyLock::new(|| {
    let text = POLICY.replace("acknowledge: 5m", "acknowledge: 3m");
    Arc::new(Policy::from_yaml(&text).unwrap())
});

pub fn policy() -> Arc<Policy> {
    Arc::clone(&SHOP)
}

/// A directory in memory, where the machine has one: the tests that open thousands of journals wait for no disk.
pub fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        return TempDir::new_in(memory).unwrap();
    }
    TempDir::new().unwrap()
}

pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

pub fn second(second: i64) -> Timestamp {
    "2026-11-23T19:00:00Z".parse::<Timestamp>().unwrap() + chrono::TimeDelta::seconds(second)
}

pub fn alert(key: &str, error_rate: f64) -> Input {
    let mut alert = Alert::firing(key, "checkout");
    alert.values = BTreeMap::from([("error_rate".to_owned(), error_rate)]);
    Input::Alert(alert)
}

/// A store that takes no snapshot unless it is told to.
pub fn open(path: &Path) -> Result<(Store, kentongan_journal::Recovery), kentongan_journal::JournalError> {
    StoreOptions::new().snapshot_every(None).open(path, policy())
}

pub fn state(engine: &Engine) -> String {
    engine.snapshot().to_json()
}

/// Writes a journal of some records and gives the state after each, the empty one first.
pub fn history(path: &Path) -> Vec<String> {
    let (mut store, _) = open(path).unwrap();
    let mut states = vec![state(store.engine())];
    let step = store.apply(second(0), alert("a", 0.300_000_000_000_000_04)).unwrap();
    states.push(state(store.engine()));
    let page = step.effects[0].clone();
    let (effect, incident) = (page.id, page.incident.expect("a page belongs to an incident"));
    let by = "ana".to_owned();
    let inputs = [
        (1, Input::Report { effect, outcome: Outcome::Failed, detail: "no \"answer\"\n".to_owned(), opened_as: None }),
        (200, Input::Tick),
        (300, Input::Tick),
        (310, alert("b", 0.01)),
        (320, Input::Acknowledge { incident: incident.clone(), by: by.clone(), note: String::new() }),
        (330, Input::Resolve { incident, by, note: "bukan “api” — selesai".to_owned(), override_reason: None }),
    ];
    for (at, input) in inputs {
        let _ = store.apply(second(at), input).unwrap();
        states.push(state(store.engine()));
    }
    assert_eq!(store.records() + 1, states.len() as u64, "each is a record");
    states
}

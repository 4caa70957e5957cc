//! Journals in which the policy was reloaded: documents and replays are made under the policy in force at each record.

mod run;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use kentongan::{Alert, Input, Policy, Timestamp};
use run::kentongan;

/// The files of a shop whose policy was made stricter while an incident was open, and the incident.
struct Shop {
    folder: tempfile::TempDir,
    incident: String,
}

impl Shop {
    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Runs a verb on the journal, under the policy that it ends under.
    fn run(&self, verb: &str, more: &str) -> String {
        kentongan(&format!("{verb} {} {more} --policy {}", self.file("shop.journal"), self.file("later.yaml")))
    }
}

fn shop() -> Shop {
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/shop.yaml"));
    let text = text.expect("the policy");
    let later = text.replace("acknowledge: 5m", "acknowledge: 2m").replace("high:", "urgent:");
    let later = later.replace("severity: high", "severity: urgent");
    for (name, text) in [("shop.yaml", &text), ("later.yaml", &later)] {
        std::fs::write(folder.path().join(name), text).expect("it is written");
    }
    let policy = |text: &str| Arc::new(Policy::from_yaml(text).expect("it is valid"));
    let at = |text: &str| text.parse::<Timestamp>().expect(text);
    let path = folder.path().join("shop.journal");
    let (mut store, _) = kentongan_journal::Store::open(&path, policy(&text)).expect("a journal");
    let over = |incident| Input::Resolve { incident, by: "ana".into(), note: String::new(), override_reason: None };
    // One that is over, and forgotten, before the reload.
    let _ = store.apply(at("2026-09-01T03:00:00Z"), Input::Alert(Alert::firing("a0", "checkout"))).expect("taken");
    let first = store.engine().incidents().next().expect("it opened").id().clone();
    let _ = store.apply(at("2026-09-01T03:04:00Z"), over(first)).expect("it is taken");
    let _ = store.apply(at("2026-11-24T03:00:00Z"), Input::Alert(Alert::firing("a1", "checkout"))).expect("taken");
    assert_eq!(store.engine().incidents().count(), 1, "the first one is forgotten");
    let incident = store.engine().incidents().next().expect("it opened").id().clone();
    let renamed = BTreeMap::from([("high".to_owned(), "urgent".to_owned())]);
    let _ = store.reload(at("2026-11-24T03:01:00Z"), policy(&later), renamed).expect("it is taken");
    let takes = Input::Acknowledge { incident: incident.clone(), by: "ana".to_owned(), note: String::new() };
    let _ = store.apply(at("2026-11-24T03:03:00Z"), takes).expect("it is taken");
    let _ = store.apply(at("2026-11-24T03:30:00Z"), over(incident.clone())).expect("it is taken");
    let _ = store.apply(at("2026-12-24T03:30:00Z"), Input::Tick).expect("it is taken");
    Shop { folder, incident: incident.to_string() }
}

#[test]
fn a_post_mortem_knows_each_policy_that_was_in_force() {
    let shop = shop();
    let answer = shop.run("postmortem", &format!("{} --earlier DATA/shop.yaml", shop.incident));
    assert!(answer.starts_with("exit 0\n") && !answer.contains("stderr"), "{answer}");
    for part in [
        "**Severity:** urgent",
        "| 2026-11-24 10:00 | Opened as high: ",
        "| 10:01 | Another policy is in force |",
        "| 10:02 | Missed: to acknowledge within 2m |",
        "| urgent | 30m |",
        "| to acknowledge | 2m | 10:02 | 3m | no |",
    ] {
        assert!(answer.contains(part), "{part}: {answer}");
    }
    assert!(!answer.contains("| high |"), "what was under the old name is under the new one: {answer}");
}

#[test]
fn a_report_counts_what_was_under_an_old_name_under_the_new_one() {
    let shop = shop();
    for month in ["2026-09", "2026-11"] {
        let answer = shop.run("report", &format!("--month {month} --earlier DATA/shop.yaml"));
        assert!(answer.starts_with("exit 0\n") && !answer.contains("stderr"), "{answer}");
        assert!(answer.contains("| urgent | 1 |") && !answer.contains("| high |"), "{answer}");
    }
}

#[test]
fn a_replay_goes_through_the_reload_where_the_policies_are_given() {
    let shop = shop();
    let answer = shop.run("replay", "--earlier DATA/shop.yaml --format jsonl");
    assert!(answer.starts_with("exit 0\n") && !answer.contains("stderr"), "{answer}");
    let breached = |answer: &str| answer.matches("\"kind\":\"breach\"").count();
    assert!(answer.contains("severities.high.targets.acknowledge"), "before the reload: {answer}");
    assert!(answer.contains("severities.urgent.targets.acknowledge"), "after it: {answer}");
    assert_eq!(breached(&answer), 1, "{answer}");
    let alone = shop.run("replay", "--format jsonl");
    assert!(alone.starts_with("exit 0\n") && !alone.contains("severities.high"), "{alone}");
    assert!(alone.contains("give those before a reload with `--earlier`"), "{alone}");
}

#[test]
fn a_policy_that_is_missing_is_asked_for() {
    let shop = shop();
    let incident = &shop.incident;
    for (verb, more) in [("report", "--month 2026-11"), ("postmortem", incident), ("replay", "--earlier kreki")] {
        let answer = shop.run(verb, more);
        assert!(answer.starts_with("exit 2\n"), "{answer}");
        assert!(answer.contains("is needed to live through the journal again"), "{answer}");
        assert!(answer.contains("give the policies that were in force before it with `--earlier`"), "{answer}");
    }
    let old = kentongan(&format!("report {} --month 2026-11 --policy DATA/shop.yaml", shop.file("shop.journal")));
    assert!(old.starts_with("exit 2\n") && old.contains("ends under another policy than `shop`"), "{old}");
}

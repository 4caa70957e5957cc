//! What the table of the example says: the scenario of each line really shows the entry of the policy at work, and the
//! document of each line has what the procedure asks for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kentongan::source::{Diagnostics, Tree};
use kentongan::{Decision, Policy, Verdict};
use kentongan_lab::{Run, RunEntry, Scenario};
use kentongan_tests::vectors;
use serde_json::{Value, json};

/// A line of the table: the procedure's words, the entry of the policy, and what shows it.
struct Line {
    words: String,
    path: String,
    shown_by: String,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn lines() -> Vec<Line> {
    let table = fs::read_to_string(repository().join("examples/kreki/README.md")).expect("the README is there");
    let rows = table.lines().filter(|line| line.starts_with('|')).skip(2).map(|line| {
        let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned());
        cells.collect::<Vec<_>>()
    });
    let whole = rows.filter(|cells| cells.len() == 3 && !cells[1].is_empty());
    whole.map(|it| Line { words: it[0].clone(), path: it[1].clone(), shown_by: it[2].clone() }).collect()
}

/// The policy as data.
fn document() -> Value {
    let text = fs::read_to_string(repository().join("examples/kreki/policy.yaml")).expect("the policy is there");
    let mut diagnostics = Diagnostics::default();
    Tree::parse("policy.yaml", &text, &mut diagnostics).expect("the policy is YAML").to_value()
}

/// What stands there instead of what the rest of the policy cannot do without.
fn instead(path: &str) -> Option<Value> {
    Some(match path {
        "classify" => json!([{ "default": "SEV-3" }]),
        "on_call.primary" | "on_call.secondary" => json!(["putu"]),
        "roles.incident-commander" | "roles.communications-lead" => json!({ "held_by": "putu" }),
        "handoff.points" => json!([{ "id": "other", "text": "Something else" }]),
        "declaration.open_channel" => json!({ "on": "slack", "name": "#other" }),
        "escalation.escalation-path" => json!({ "levels": [{ "notify": "putu" }] }),
        "severities.SEV-1.public" | "severities.SEV-2.public" | "severities.SEV-3.public" => json!("never"),
        "severities.SEV-4.public" => json!({ "notice": "immediately", "impact": "Something is wrong." }),
        "severities.SEV-2.public.impact" => json!("Something is wrong."),
        _ => return None,
    })
}

/// The policy without an entry, or with another in its place. `None` where it is a policy no more.
fn without(path: &str) -> Option<Arc<Policy>> {
    let mut document = document();
    let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
    let mut around = &mut document;
    for part in parent.split('.').filter(|part| !part.is_empty()) {
        around = around.get_mut(part).unwrap_or_else(|| panic!("the policy has no `{path}`"));
    }
    let map = around.as_object_mut().unwrap_or_else(|| panic!("`{path}` stands in no map"));
    let old = match instead(path) {
        Some(other) => map.insert(key.to_owned(), other),
        None => map.remove(key),
    };
    assert!(old.is_some(), "the policy has no `{path}`");
    Policy::from_value(&document).ok().map(Arc::new)
}

/// What comes of a scenario, under its own policy or another.
fn run(stem: &str, policy: Option<Arc<Policy>>) -> Run {
    let folder = vectors::folder();
    let text = fs::read_to_string(folder.join(format!("{stem}.yaml"))).expect("the scenario is there");
    let read = |name: &str| fs::read(folder.join(name)).map_err(|error| error.to_string());
    let scenario = Scenario::load(stem, &text, policy, read).unwrap_or_else(|problems| panic!("{stem}: {problems}"));
    scenario.run().unwrap_or_else(|error| panic!("{stem}: {error}"))
}

/// What happened, as text: what was decided, refused and asked of the host.
fn story(run: &Run) -> String {
    serde_json::to_string(&run.entries).expect("a run is data")
}

/// The entries of the policy that told somebody, or did something else outside; also by the message of another entry to the
/// same address.
fn entries(run: &Run) -> BTreeSet<&str> {
    let found = run.entries.iter().filter_map(|entry| match entry {
        RunEntry::Effect(effect) => Some(effect.cause.entry.as_str()),
        RunEntry::Decision(Decision { verdict: Verdict::MergedNotification { entry, .. }, .. }) => Some(entry.as_str()),
        _ => None,
    });
    found.collect()
}

/// Whether a scenario shows an entry at work: something was done by it; or, where it does nothing by itself, the scenario
/// goes another way without it. What stands in a list has to have done something, since others move up in its place.
fn shows(line: &Line) -> bool {
    let as_it_is = run(&line.shown_by, None);
    if as_it_is.policy.name != "kreki" {
        return false;
    }
    let did = |entry: &&str| {
        entry.strip_prefix(&line.path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    if entries(&as_it_is).iter().any(did) {
        return true;
    }
    if line.path.ends_with(']') {
        return false;
    }
    without(&line.path).is_some_and(|policy| story(&run(&line.shown_by, Some(policy))) != story(&as_it_is))
}

#[test]
fn the_scenario_of_each_line_shows_its_entry_at_work() {
    let lines = lines();
    let of_scenarios: Vec<&Line> = lines.iter().filter(|line| !line.shown_by.starts_with("quarter__")).collect();
    assert!(of_scenarios.len() > 45, "{} lines have a scenario", of_scenarios.len());
    let idle = of_scenarios.into_iter().filter(|line| !shows(line));
    let idle: Vec<String> = idle.map(|line| format!("{}: {} by {}", line.words, line.path, line.shown_by)).collect();
    assert_eq!(idle, Vec::<String>::new());
}

/// A run under the same policy, given as data, comes to the same: what differs above differs by the entry.
#[test]
fn the_policy_as_data_comes_to_the_same() {
    let policy = Arc::new(Policy::from_value(&document()).expect("it is a policy"));
    for stem in ["sev1-everybody-is-told-at-once", "detect-from-every-source-of-the-procedure"] {
        assert_eq!(story(&run(stem, Some(Arc::clone(&policy)))), story(&run(stem, None)), "{stem}");
    }
}

#[test]
fn the_document_of_each_line_has_what_the_procedure_asks_for() {
    let lines = lines();
    let of_documents: Vec<&Line> = lines.iter().filter(|line| line.shown_by.starts_with("quarter__")).collect();
    assert!(of_documents.len() > 8, "{} lines have a document", of_documents.len());
    let mut lacking = Vec::new();
    for line in of_documents {
        let file = repository().join(format!("tests/tests/snapshots/{}.snap", line.shown_by));
        let text = fs::read_to_string(file).expect("the document is there").to_lowercase();
        // "Track monthly: total incidents" is a row of the month, "Quarterly review: recurring issues" a section.
        let (_, asked) = line.words.split_once(": ").expect("a line names its part of the procedure");
        for part in asked.split(", ") {
            if !text.contains(&part.to_lowercase()) {
                lacking.push(format!("{} has no `{part}`", line.shown_by));
            }
        }
    }
    assert_eq!(lacking, Vec::<String>::new());
}

//! Whether what a scenario expects is so.

use std::collections::{BTreeMap, BTreeSet};

use kentongan::Timestamp;
use kentongan::oncall::OnCall;
use serde_json::Value;

use super::explain::{self, Candidate, Failure};
use super::{IncidentView, Run, RunEntry};
use crate::moment::offset;
use crate::scenario::{Expectation, Happening, Scenario, Subject, Window};

/// What a run leaves besides its entries.
pub(super) struct Observed {
    /// The incidents after everything that happened at the instants that expectations ask about.
    pub(super) views: BTreeMap<Timestamp, Vec<IncidentView>>,
    /// Those on call in the roles that they ask about then.
    pub(super) on_call: BTreeMap<(Timestamp, String), OnCall>,
    /// The inputs that were refused, by position, with the code.
    pub(super) refused: BTreeMap<usize, String>,
}

/// The instants at which expectations ask how things stand.
pub(super) fn probes(scenario: &Scenario) -> BTreeSet<Timestamp> {
    let standing = scenario.expectations.iter();
    let standing = standing.filter(|expected| matches!(expected.of, Subject::State | Subject::OnCall(_)));
    standing.map(|expected| probe(scenario, expected)).collect()
}

/// The roles of which expectations ask who is on call at an instant.
pub(super) fn roles(scenario: &Scenario, at: Timestamp) -> impl Iterator<Item = &String> {
    scenario.expectations.iter().filter_map(move |expected| match &expected.of {
        Subject::OnCall(role) if probe(scenario, expected) == at => Some(role),
        _ => None,
    })
}

fn probe(scenario: &Scenario, expected: &Expectation) -> Timestamp {
    match expected.window {
        Window::At(at) => at,
        Window::Between(..) => scenario.until,
    }
}

/// Everything that is not as expected, in the order in which the scenario says it.
pub(super) fn failures(scenario: &Scenario, run: &Run, observed: &Observed) -> Vec<Failure> {
    let effects = candidates(run, false);
    let decisions = candidates(run, true);
    let inputs = scenario.inputs.iter().enumerate();
    let refusals = inputs.filter_map(|(index, happening)| {
        refusal(scenario, happening, observed.refused.get(&index).map(String::as_str))
    });
    let expected = scenario.expectations.iter().filter_map(|expected| match &expected.of {
        Subject::Effects(count) => occurrence(run, expected, *count, "effect", &effects),
        Subject::Decisions(count) => occurrence(run, expected, *count, "decision", &decisions),
        Subject::State => {
            let at = probe(scenario, expected);
            state(run, expected, at, observed.views.get(&at).map_or(&[], Vec::as_slice))
        }
        Subject::OnCall(role) => {
            let at = probe(scenario, expected);
            on_call(run, expected, at, role, observed.on_call.get(&(at, role.clone()))?)
        }
    });
    refusals.chain(expected).collect()
}

fn candidates(run: &Run, decisions: bool) -> Vec<Candidate> {
    let entries = run.entries.iter();
    entries
        .filter_map(|entry| match entry {
            RunEntry::Effect(effect) if !decisions => Some(Candidate {
                at: effect.at,
                incident: effect.incident.as_ref().map(|id| run.number(id)),
                value: serde_json::to_value(effect).unwrap_or(Value::Null),
            }),
            RunEntry::Decision(decision) if decisions => Some(Candidate {
                at: decision.at,
                incident: decision.incident.as_ref().map(|id| run.number(id)),
                value: serde_json::to_value(decision).unwrap_or(Value::Null),
            }),
            _ => None,
        })
        .collect()
}

/// Whether an incident's number is one that the expectation means.
fn meant(run: &Run, expected: &Expectation, number: Option<&str>) -> bool {
    let Some(reference) = &expected.incident else {
        return true;
    };
    let opened = run.opened.iter().enumerate();
    opened
        .filter(|(index, opened)| reference.means(index + 1, opened))
        .any(|(index, _)| number == Some(format!("#{}", index + 1).as_str()))
}

fn occurrence(
    run: &Run,
    expected: &Expectation,
    count: Option<u64>,
    noun: &str,
    candidates: &[Candidate],
) -> Option<Failure> {
    let found: Vec<&Candidate> = candidates
        .iter()
        .filter(|candidate| {
            expected.window.holds(candidate.at)
                && meant(run, expected, candidate.incident.as_deref())
                && expected.pattern.matches(&candidate.value)
        })
        .collect();
    let right = match count {
        None => !found.is_empty(),
        Some(count) => u64::try_from(found.len()) == Ok(count),
    };
    if right {
        return None;
    }
    Some(explain::occurrence(run, expected, count, noun, &found, candidates))
}

fn state(run: &Run, expected: &Expectation, at: Timestamp, views: &[IncidentView]) -> Option<Failure> {
    let view = views.iter().rev().find(|view| meant(run, expected, Some(&view.number)));
    let Some(view) = view else {
        return Some(explain::no_incident(run, expected, at, views));
    };
    let value = serde_json::to_value(view).unwrap_or(Value::Null);
    if expected.pattern.matches(&value) {
        return None;
    }
    Some(explain::state(run, expected, at, &view.number, &value))
}

fn on_call(run: &Run, expected: &Expectation, at: Timestamp, role: &str, found: &OnCall) -> Option<Failure> {
    let value = serde_json::json!({ "people": found.people() });
    (!expected.pattern.matches(&value)).then(|| explain::on_call(run, expected, at, role, found, &value))
}

fn refusal(scenario: &Scenario, happening: &Happening, found: Option<&str>) -> Option<Failure> {
    if happening.rejected.as_deref() == found {
        return None;
    }
    let at = offset(scenario.start, happening.at);
    let say = |code: Option<&str>| match code {
        Some(code) => format!("the input at {at} to be refused as {code}"),
        None => format!("the input at {at} to be taken"),
    };
    Some(Failure {
        place: happening.place.clone(),
        expected: say(happening.rejected.as_deref()),
        found: match found {
            Some(code) => format!("it was refused as {code}"),
            None => "it was taken".to_owned(),
        },
        why: None,
        nearest: Vec::new(),
        diff: String::new(),
    })
}

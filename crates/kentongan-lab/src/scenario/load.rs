//! From the document to the scenario: files read, names resolved, moments known; every problem reported in its place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::TimeDelta;
use indexmap::IndexMap;
use kentongan::source::Findings;
use kentongan::{Policy, Timestamp};
use kentongan_ingest::{load_policy, policy_from_value};
use serde_json::Value;

use super::document::{ExpectationDocument, FIELDS, FRAME, FailureDocument, PolicyDocument, ScenarioDocument};
use super::fields::Catalogue;
use super::pattern::Reader;
use super::{Expectation, FailingDelivery, Reference, Scenario, Subject, happening};
use crate::limits;
use crate::shipped::shipped;

pub(super) type Read<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>, String>;

pub(super) fn scenario(
    document: ScenarioDocument,
    policy: Option<Arc<Policy>>,
    read: Read<'_>,
    findings: &mut Findings<'_>,
) -> Option<Scenario> {
    let policy = match policy {
        Some(policy) => policy,
        None => Arc::new(self::policy("policy", document.policy.as_ref(), read, findings)?),
    };
    let zone = policy.zone();
    let start = document.start.resolve(None, zone);
    if start.is_none() {
        let message = format!("`{}` does not say when the scenario starts", document.start);
        let help = "write an instant, or local time such as `2026-11-24T02:00`".to_owned();
        findings.error("start", "invalid_moment", message, Some(help));
    }
    let start = start?;
    let until = until(&document, &policy, start, findings)?;
    let reloads = reloads(&document, read, findings);
    let (mut texts, mut documents, mut services) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    let mut severities: Vec<String> = Vec::new();
    for policy in [&policy].into_iter().chain(reloads.values()) {
        if let Ok(value) = serde_json::to_value(policy.document()) {
            gather(&value, &mut texts);
            documents.push(value);
        }
        services.extend(policy.document().services.keys().cloned());
        severities.extend(
            policy
                .severities()
                .filter(|name| !severities.iter().any(|known| known == name))
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        );
    }
    texts.extend(kentongan::policy::BUILT_IN_CHANNELS.map(str::to_owned));
    let texts = |word: &str| texts.contains(word);
    let mut reader = Reader {
        findings,
        zone,
        start,
        until,
        texts: &texts,
        severities: &severities,
        documents: &documents,
        services,
    };
    for (list, length) in [("inputs", document.inputs.len()), ("expect", document.expect.len())] {
        if length > limits::ITEMS_MAX {
            let message = format!("`{list}` has {length} entries; {} are allowed", limits::ITEMS_MAX);
            reader.findings.error(list, "too_many", message, None);
            return None;
        }
    }
    let mut inputs = Vec::new();
    for (index, input) in document.inputs.into_iter().enumerate() {
        let policy = reloads.get(&index).cloned();
        inputs.extend(happening::all(&format!("inputs[{index}]"), input, policy, read, &mut reader));
    }
    reader.services.extend(inputs.iter().filter_map(|happening| happening.what.service()).map(str::to_owned));
    let expectations = document.expect.into_iter().enumerate();
    let expectations =
        expectations.map(|(index, expected)| expectation(&format!("expect[{index}]"), expected, &mut reader)).collect();
    let failures = document.failures.into_iter().enumerate();
    let failures =
        failures.filter_map(|(index, failure)| failing(&format!("failures[{index}]"), failure, &mut reader)).collect();
    Some(Scenario {
        name: document.scenario,
        why: document.why,
        start,
        until,
        delivery: document.delivery,
        failures,
        inputs,
        expectations,
        policy,
    })
}

/// The policies that inputs load, by the position of the input.
fn reloads(document: &ScenarioDocument, read: Read<'_>, findings: &mut Findings<'_>) -> BTreeMap<usize, Arc<Policy>> {
    let inputs = document.inputs.iter().take(limits::ITEMS_MAX).enumerate();
    let named = inputs.filter_map(|(index, input)| Some((index, &input.reload.as_ref()?.policy)));
    let loaded = named.filter_map(|(index, named)| {
        let path = format!("inputs[{index}].reload.policy");
        Some((index, Arc::new(policy(&path, Some(named), read, findings)?)))
    });
    loaded.collect()
}

fn until(
    document: &ScenarioDocument,
    policy: &Policy,
    start: Timestamp,
    findings: &mut Findings<'_>,
) -> Option<Timestamp> {
    let until = document.until.resolve(Some(start), policy.zone());
    let within = |until: &Timestamp| *until >= start && *until - start <= TimeDelta::days(limits::RUN_DAYS_MAX);
    let until = until.filter(within);
    if until.is_none() {
        let message = format!("`{}` is not an end for a scenario that starts at `{}`", document.until, document.start);
        let help = format!("write a moment after the start and at most {} days from it", limits::RUN_DAYS_MAX);
        findings.error("until", "invalid_moment", message, Some(help));
    }
    until
}

/// The policy that a scenario names at a path.
pub(super) fn policy(
    path: &str,
    named: Option<&PolicyDocument>,
    read: Read<'_>,
    findings: &mut Findings<'_>,
) -> Option<Policy> {
    match named {
        None => {
            let help = "add `policy: kreki`, a file or the policy itself, or give one from outside".to_owned();
            findings.error("", "no_policy", "the scenario names no policy".to_owned(), Some(help));
            None
        }
        Some(PolicyDocument::Inline(value)) => match policy_from_value(value, |beside| read(beside).ok()) {
            Ok(policy) => Some(policy),
            Err(error) => {
                for problem in error.diagnostics().iter() {
                    let path = format!("{path}.{}", problem.place().path);
                    let help = problem.help().map(str::to_owned);
                    findings.error(&path, problem.code(), problem.message().to_owned(), help);
                }
                None
            }
        },
        Some(PolicyDocument::Named(name)) => {
            let loaded = if let Some(shipped) = shipped(name) {
                shipped.load()
            } else {
                let text = file(path, name, read, findings)?;
                load_policy(name, &text, |beside| read(&sibling(name, beside)).ok())
            };
            loaded.map_err(|error| findings.include(error.diagnostics())).ok()
        }
    }
}

/// A file that stands beside another.
fn sibling(file: &str, name: &str) -> String {
    match file.rsplit_once('/') {
        Some((folder, _)) if !name.starts_with('/') => format!("{folder}/{name}"),
        _ => name.to_owned(),
    }
}

pub(super) fn bytes(path: &str, name: &str, read: Read<'_>, findings: &mut Findings<'_>) -> Option<Vec<u8>> {
    match read(name) {
        Ok(bytes) => Some(bytes),
        Err(reason) => {
            let help = "name it as seen from the scenario's folder".to_owned();
            findings.error(path, "unreadable_file", format!("cannot read `{name}`: {reason}"), Some(help));
            None
        }
    }
}

fn file(path: &str, name: &str, read: Read<'_>, findings: &mut Findings<'_>) -> Option<String> {
    let text = String::from_utf8(bytes(path, name, read, findings)?);
    if text.is_err() {
        findings.error(path, "not_utf8", format!("`{name}` is not UTF-8 text"), None);
    }
    text.ok()
}

/// Every key and text of a document.
fn gather(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(texts.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| gather(item, texts)),
        Value::Object(entries) => {
            for (key, value) in entries {
                texts.insert(key.clone());
                gather(value, texts);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn failing(path: &str, failure: FailureDocument, reader: &mut Reader<'_, '_>) -> Option<FailingDelivery> {
    const EFFECTS: [&str; 3] = ["notify", "open_channel", "status_page"];
    if failure.channel.is_none() && failure.to.is_none() && failure.kind.is_none() {
        let help = "give `channel`, `to` or `kind`".to_owned();
        reader.findings.error(
            path,
            "empty_failure",
            "the failure does not say which deliveries fail".to_owned(),
            Some(help),
        );
        return None;
    }
    if let Some(kind) = failure.kind.as_deref().filter(|kind| !EFFECTS.contains(kind)) {
        let help = format!("known are `{}`", EFFECTS.join("`, `"));
        let message = format!("no effect of kind `{kind}` is delivered");
        reader.findings.error(&format!("{path}.kind"), "unknown_value", message, Some(help));
    }
    for (field, word) in [("channel", &failure.channel), ("to", &failure.to)] {
        if let Some(word) = word {
            reader.name(&format!("{path}.{field}"), field, word);
        }
    }
    Some(FailingDelivery {
        channel: failure.channel,
        to: failure.to,
        kind: failure.kind,
        detail: failure.detail.unwrap_or_else(|| "simulated failure".to_owned()),
    })
}

fn expectation(path: &str, expected: ExpectationDocument, reader: &mut Reader<'_, '_>) -> Expectation {
    let (key, body, catalogue) = match expected {
        ExpectationDocument::Effect(body) => ("effect", body.0, Catalogue::effects()),
        ExpectationDocument::None(body) => ("none", body.0, Catalogue::effects()),
        ExpectationDocument::Decision(body) => ("decision", body.0, Catalogue::decisions()),
        ExpectationDocument::State(body) => ("state", body.0, Catalogue::states()),
        ExpectationDocument::OnCall(body) => return body.expectation(path, reader),
    };
    let state = key == "state";
    let inside = format!("{path}.{key}");
    let count = if state { None } else { count(&inside, &body, reader) };
    let of = match key {
        "none" => Subject::Effects(Some(0)),
        "effect" => Subject::Effects(count),
        "decision" => Subject::Decisions(count),
        _ => Subject::State,
    };
    if key == "none" && body.contains_key("count") {
        let message = "`none` has no count: it is none".to_owned();
        let help = "write `effect: { …, count: … }`".to_owned();
        reader.findings.error(&format!("{inside}.count"), "count_of_none", message, Some(help));
    }
    let text = |key: &str| match body.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    if let Some(incident) = text("incident") {
        reader.incident(&format!("{inside}.incident"), &incident);
    }
    let pattern = reader.pattern(&inside, &body, catalogue, !state);
    // A field that is at fault is reported already.
    let none = |value: &Value| value.as_object().is_some_and(serde_json::Map::is_empty);
    let empty = |(key, value): (&String, &Value)| FRAME.contains(&key.as_str()) || (key == FIELDS && none(value));
    if pattern.fields.is_empty() && body.iter().all(empty) {
        let message = format!("the expectation does not say what `{key}` is meant");
        let help = "give at least one field, such as `kind: notify` or `state: open`".to_owned();
        reader.findings.error(&inside, "empty_expectation", message, Some(help));
    }
    Expectation {
        of,
        window: reader.window(&inside, &body),
        incident: text("incident").map(|text| Reference { text }),
        pattern,
        why: text("why"),
        place: reader.findings.place(path),
    }
}

fn count(path: &str, body: &IndexMap<String, Value>, reader: &mut Reader<'_, '_>) -> Option<u64> {
    let value = body.get("count")?;
    let count = value.as_u64();
    if count.is_none() {
        let message = format!("`{value}` is not a number of times");
        let help = "write a whole number, 0 for none".to_owned();
        reader.findings.error(&format!("{path}.count"), "wrong_type", message, Some(help));
    }
    count
}

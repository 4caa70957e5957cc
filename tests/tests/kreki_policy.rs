//! The policy of KREKI holds its procedure: it loads without a warning, validates against the schema, and gives each
//! captured alert and each example of the procedure the severity that the procedure gives it.

use std::fs;
use std::path::{Path, PathBuf};

use kentongan::source::{Diagnostics, Tree};
use kentongan::{Alert, Policy};
use serde_json::Value;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn text() -> String {
    fs::read_to_string(repository().join("examples/kreki/policy.yaml")).expect("the policy is there")
}

fn policy() -> Policy {
    Policy::load("policy.yaml", &text(), |_| None).expect("the policy of KREKI loads")
}

#[test]
fn it_loads_without_a_warning() {
    assert_eq!(policy().warnings().to_string(), "");
}

/// The alerts of a captured payload, in the shape that edges give them: the label `service` names the service, and
/// annotations that are numbers are values.
fn captured(name: &str) -> Vec<Alert> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kreki").join(name);
    let payload: Value = serde_json::from_slice(&fs::read(path).expect("the payload is there")).expect("it is JSON");
    let texts = |value: &Value| -> Vec<(String, String)> {
        let map = value.as_object().expect("labels and annotations are maps");
        map.iter().map(|(name, value)| (name.clone(), value.as_str().expect("as text").to_owned())).collect()
    };
    let alerts = payload["alerts"].as_array().expect("a payload has alerts");
    alerts
        .iter()
        .map(|alert| {
            let mut read = Alert::firing(alert["fingerprint"].as_str().expect("a fingerprint"), "");
            read.labels = texts(&alert["labels"]).into_iter().collect();
            read.annotations = texts(&alert["annotations"]).into_iter().collect();
            read.service = read.labels.get("service").cloned();
            read.name = read.labels["alertname"].clone();
            read.values = texts(&alert["annotations"])
                .into_iter()
                .filter_map(|(name, value)| value.parse().ok().map(|value| (name, value)))
                .collect();
            read
        })
        .collect()
}

#[test]
fn captured_alerts_get_the_severity_of_the_procedure() {
    let policy = policy();
    let expected = [
        ("panic-button-down.json", 2, "SEV-1", "panic-button-not-working"),
        ("panic-button-partly-resolved.json", 2, "SEV-1", "panic-button-not-working"),
        ("panic-button-resolved.json", 1, "SEV-1", "panic-button-not-working"),
        ("dispatch-slow.json", 1, "SEV-2", "core-slow"),
        ("emergency-api-errors.json", 1, "SEV-2", "core-error-rate"),
        ("training-portal-down.json", 1, "SEV-3", "non-critical-service-down"),
        ("website-typo.json", 1, "SEV-4", "cosmetic"),
    ];
    for (name, count, severity, rule) in expected {
        let alerts = captured(name);
        assert_eq!(alerts.len(), count, "{name}");
        for alert in alerts {
            let answer = policy.classify(&alert);
            assert_eq!((answer.severity.as_str(), answer.rule.as_deref()), (severity, Some(rule)), "{name}");
            assert_eq!(answer.faults, [], "{name}");
        }
    }
}

/// An alert for a service with an `impact` and what was measured.
fn alert(service: &str, impact: &str, values: &[(&str, f64)]) -> Alert {
    let mut alert = Alert::firing("a", service);
    if !impact.is_empty() {
        alert.labels.insert("impact".to_owned(), impact.to_owned());
    }
    alert.values = values.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    alert
}

/// Service, impact and measurements; severity and rule.
type Example = (&'static str, &'static str, &'static [(&'static str, f64)], &'static str, &'static str);

/// The table of the procedure, example by example, and the edges between them.
#[test]
fn every_example_of_the_procedure_gets_its_severity() {
    #[rustfmt::skip]
    let table: &[Example] = &[
        // SEV-1
        ("panic-button",    "outage",    &[],                       "SEV-1", "panic-button-not-working"),
        ("dispatch",        "outage",    &[],                       "SEV-1", "unable-to-dispatch"),
        ("emergency-api",   "outage",    &[],                       "SEV-1", "complete-outage"),
        ("emergency-api",   "",          &[("error_rate", 1.0)],    "SEV-1", "complete-outage"),
        // SEV-2
        ("dispatch",        "",          &[("latency_ratio", 2.1)], "SEV-2", "core-slow"),
        ("emergency-api",   "",          &[("error_rate", 0.11)],   "SEV-2", "core-error-rate"),
        ("panic-button",    "degraded",  &[],                       "SEV-2", "core-partial-outage"),
        // "more than" is strict: at the limit it is not yet SEV-2.
        ("dispatch",        "",          &[("latency_ratio", 2.0)], "SEV-3", ""),
        ("emergency-api",   "",          &[("error_rate", 0.10)],   "SEV-3", ""),
        // SEV-3
        ("website",         "feature",   &[],                       "SEV-3", "non-critical-feature"),
        ("website",         "degraded",  &[],                       "SEV-3", "tier-2-or-3-degraded"),
        ("training-portal", "",          &[("latency_ratio", 9.0)], "SEV-3", "tier-2-or-3-degraded"),
        ("training-portal", "outage",    &[],                       "SEV-3", "non-critical-service-down"),
        ("website",         "ui",        &[],                       "SEV-3", "ui-issue"),
        ("panic-button",    "cosmetic",  &[],                       "SEV-3", "core-cosmetic"),
        // SEV-4
        ("website",         "cosmetic",  &[],                       "SEV-4", "cosmetic"),
        ("training-portal", "typo",      &[],                       "SEV-4", "typo"),
        ("website",         "minor-bug", &[],                       "SEV-4", "minor-bug"),
        // What the procedure does not speak of is looked at by a person.
        ("website",         "",          &[],                       "SEV-3", ""),
        ("website",         "strange",   &[],                       "SEV-3", ""),
        ("ambulance-gps",   "outage",    &[],                       "SEV-2", "unknown-service-down"),
        ("ambulance-gps",   "typo",      &[],                       "SEV-3", "unknown-service"),
        // A measurement outranks what somebody typed.
        ("emergency-api",   "typo",      &[("error_rate", 0.5)],    "SEV-2", "core-error-rate"),
    ];
    let policy = policy();
    for (service, impact, values, severity, rule) in table {
        let answer = policy.classify(&alert(service, impact, values));
        assert_eq!(
            (answer.severity.as_str(), answer.rule.as_deref().unwrap_or_default()),
            (*severity, *rule),
            "{service} {impact} {values:?}"
        );
        assert_eq!(answer.faults, [], "{service} {impact} {values:?}");
    }
}

#[test]
fn an_alert_without_a_service_is_not_lost() {
    let mut alert = alert("", "outage", &[]);
    alert.service = None;
    let answer = policy().classify(&alert);
    assert_eq!((answer.severity.as_str(), answer.service_known), ("SEV-2", false));
}

/// What the procedure promises, word for word.
#[test]
fn the_promises_are_those_of_the_procedure() {
    let document = serde_json::to_value(policy().document()).expect("a document is data");
    let pick = |severity: &str, pointer: &str| {
        let text = document["severities"][severity].pointer(pointer).and_then(Value::as_str);
        text.unwrap_or("-").to_owned()
    };
    #[rustfmt::skip]
    let table = [
        // severity, acknowledge, respond, resolve, update
        ["SEV-1", "5m",          "15m", "best-effort", "15m"],
        ["SEV-2", "15m",         "1h",  "4h",          "30m"],
        ["SEV-3", "1h",          "4h",  "24h",         "1h"],
        ["SEV-4", "next business day", "-", "next release", "-"],
    ];
    for [severity, acknowledge, respond, resolve, update] in table {
        let read = [
            pick(severity, "/targets/acknowledge"),
            pick(severity, "/targets/respond"),
            pick(severity, "/targets/resolve"),
            pick(severity, "/update_every"),
        ];
        assert_eq!(read, [acknowledge, respond, resolve, update], "{severity}");
    }
    let public = document["severities"].as_object().expect("severities").values().map(|severity| &severity["public"]);
    let public: Vec<&Value> = public.map(|public| public.get("notice").unwrap_or(public)).collect();
    assert_eq!(public, ["immediately", "within 30m", "as-needed", "never"]);
}

/// A host that keeps the document as data can hand it back.
#[test]
fn the_document_can_be_written_and_read_again() {
    let policy = policy();
    let written = serde_json::to_value(policy.document()).expect("a document is data");
    let again = Policy::from_value(&written).expect("what was written can be read");
    assert_eq!(serde_json::to_value(again.document()).expect("a document is data"), written);
    assert!(policy.rules().count() > 0);
    assert_eq!(again.rules().collect::<Vec<_>>(), policy.rules().collect::<Vec<_>>());
    for alert in captured("panic-button-down.json") {
        assert_eq!(again.classify(&alert).rule, policy.classify(&alert).rule);
    }
}

/// Every entry that can say where it comes from does.
#[test]
fn every_entry_cites_the_procedure() {
    let document = serde_json::to_value(policy().document()).expect("a document is data");
    let mut silent = Vec::new();
    let mut check = |what: String, entry: &Value| {
        if entry["source"].as_str().or(entry["note"].as_str()).is_none_or(str::is_empty) {
            silent.push(what);
        }
    };
    for (name, severity) in document["severities"].as_object().expect("severities") {
        check(name.clone(), severity);
        for route in severity["notify"].as_array().expect("routes") {
            check(format!("{name}: {route}"), route);
        }
    }
    for rule in document["classify"].as_array().expect("rules").iter().filter(|rule| rule["default"].is_null()) {
        check(rule["id"].to_string(), rule);
    }
    for (name, role) in document["roles"].as_object().expect("roles") {
        check(name.clone(), role);
    }
    for (name, path) in document["escalation"].as_object().expect("paths") {
        check(name.clone(), path);
        for level in path["levels"].as_array().expect("levels") {
            check(level["id"].to_string(), level);
        }
    }
    check("declaration".to_owned(), &document["declaration"]);
    assert_eq!(silent, Vec::<String>::new());
}

/// A policy as the data that its text stands for.
fn data(text: &str) -> Value {
    let mut diagnostics = Diagnostics::default();
    let tree = Tree::parse("policy.yaml", text, &mut diagnostics).expect("it is YAML");
    assert!(diagnostics.is_empty(), "{diagnostics}");
    tree.to_value()
}

#[test]
fn the_schema_accepts_the_policy_and_refuses_what_the_engine_refuses() {
    let schema = Policy::json_schema();
    assert_eq!((schema["title"].as_str(), schema.get("$id")), (Some("kentongan policy"), None));
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let errors: Vec<String> =
        validator.iter_errors(&data(&text())).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
    let bad = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/bad");
    for name in [
        "09-a-list.yaml",
        "12-json-wrong-types.json",
        "18-unknown-fields.yaml",
        "20-route-without-channel.yaml",
        "21-route-that-is-text.yaml",
        "22-unknown-occasion.yaml",
        "23-occasion-not-in-a-list.yaml",
        "24-missing-fields.yaml",
        "25-wrong-types.yaml",
        "26-unknown-values.yaml",
        "28-durations-without-sense.yaml",
        "29-duration-as-number.yaml",
        "30-target-of-no-time.yaml",
        "33-repeat-of-minus-one-times.yaml",
        "35-warning-fractions.yaml",
        "64-public-clock-of-no-time.yaml",
    ] {
        let text = fs::read_to_string(bad.join(name)).expect("the corpus has it");
        assert!(!validator.is_valid(&data(&text)), "{name} is valid by the schema");
    }
}

/// What stands at a path of the policy, `roles.incident-commander.held_by` or `severities.SEV-1.notify[4]`.
fn entry<'v>(document: &'v Value, path: &str) -> Option<&'v Value> {
    let parts = path.split('.').flat_map(|part| part.split('['));
    parts.map(|part| part.trim_end_matches(']')).try_fold(document, |value, part| match value {
        Value::Array(items) => items.get(part.parse::<usize>().ok()?),
        value => value.get(part),
    })
}

/// Each line of the table in the example's README points at an entry, and at a scenario or a document, that there are.
#[test]
fn every_line_of_the_procedure_has_an_entry_and_a_scenario() {
    let table = fs::read_to_string(repository().join("examples/kreki/README.md")).expect("the README is there");
    let mut diagnostics = Diagnostics::default();
    let tree = Tree::parse("policy.yaml", &text(), &mut diagnostics).expect("the policy is YAML");
    let document = tree.to_value();
    let (mut problems, mut sections, mut lines) = (Vec::new(), 0, 0);
    for line in table.lines().filter(|line| line.starts_with('|')).skip(2) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        match cells[..] {
            [section, "", ""] if section.starts_with("**") => sections += 1,
            [_, path, scenario] => {
                lines += 1;
                if entry(&document, path).is_none() {
                    problems.push(format!("the policy has no `{path}`"));
                }
                let shown = if scenario.starts_with("quarter__") {
                    repository().join(format!("tests/tests/snapshots/{scenario}.snap"))
                } else {
                    kentongan_tests::vectors::folder().join(format!("{scenario}.yaml"))
                };
                if !shown.is_file() {
                    problems.push(format!("there is no scenario and no document `{scenario}`"));
                }
            }
            _ => problems.push(format!("`{line}` is no line of the table")),
        }
    }
    assert_eq!(problems, Vec::<String>::new());
    // A table that could not be read would pass otherwise.
    assert_eq!((sections, lines), (5, 67));
}

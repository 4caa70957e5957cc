//! Bodies that Alertmanager and others really sent: what becomes of each.

use std::fs;
use std::path::PathBuf;

use kentongan::Alert;
use kentongan::AlertStatus::{self, Firing, Resolved};
use kentongan_ingest::{Intake, IntakeError, Source, alerts_from};

fn folder(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures")).join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(folder(name)).unwrap()
}

fn intake(name: &str) -> Intake {
    alerts_from(&bytes(name), None).unwrap()
}

/// Reads every body of a folder, and fails where one came or went unnoticed.
fn snapshots(name: &str, count: usize) {
    let mut files: Vec<PathBuf> = fs::read_dir(folder(name))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    assert_eq!(files.len(), count, "{files:?}");
    for file in files {
        let body = fs::read(&file).unwrap();
        let stem = file.file_stem().unwrap().to_string_lossy();
        insta::assert_json_snapshot!(format!("{name}-{stem}"), alerts_from(&body, Some(Source::Alertmanager)).unwrap());
        assert_eq!(alerts_from(&body, None), alerts_from(&body, Some(Source::Alertmanager)));
    }
}

#[test]
fn alertmanager_bodies_become_alerts() {
    snapshots("alertmanager", 7);
}

#[test]
fn kreki_bodies_become_alerts() {
    snapshots("kreki", 7);
}

#[test]
fn status_is_the_alerts_own_and_not_the_groups() {
    let statuses = |name| -> Vec<AlertStatus> { intake(name).alerts.iter().map(|alert| alert.status).collect() };
    assert_eq!(statuses("alertmanager/partial-resolve.json"), [Resolved, Resolved, Firing, Firing, Firing, Firing]);
    assert_eq!(statuses("kreki/panic-button-partly-resolved.json"), [Resolved, Firing]);
}

#[test]
fn a_repeat_has_no_identity_of_its_own() {
    assert_eq!(intake("alertmanager/prometheus-instance-down.json"), intake("alertmanager/prometheus-repeat.json"));
}

#[test]
fn a_resolve_carries_the_key_of_the_firing_alert() {
    let keys = |name| -> Vec<String> { intake(name).alerts.into_iter().map(|alert| alert.key).collect() };
    assert_eq!(keys("alertmanager/firing-single.json"), keys("alertmanager/resolved-single.json"));
    assert_eq!(keys("kreki/panic-button-down.json"), keys("kreki/panic-button-partly-resolved.json"));
}

#[test]
fn a_lost_fingerprint_is_computed_as_alertmanager_computes_it() {
    let mut alerts = 0;
    for name in [
        "alertmanager/firing-grouped.json",
        "alertmanager/firing-unicode.json",
        "alertmanager/prometheus-instance-down.json",
        "kreki/panic-button-down.json",
    ] {
        let whole = intake(name);
        let mut body: serde_json::Value = serde_json::from_slice(&bytes(name)).unwrap();
        for alert in body["alerts"].as_array_mut().unwrap() {
            alert.as_object_mut().unwrap().remove("fingerprint");
        }
        let without = alerts_from(body.to_string().as_bytes(), None).unwrap();
        assert_eq!(without.alerts, whole.alerts, "{name}");
        assert_eq!(without.warnings.len(), whole.alerts.len());
        assert!(without.warnings.iter().all(|warning| warning.code() == "missing_fingerprint"));
        alerts += whole.alerts.len();
    }
    assert_eq!(alerts, 9);
}

#[test]
fn unicode_quotes_and_newlines_arrive_as_sent() {
    let intake = intake("alertmanager/firing-unicode.json");
    let alert = &intake.alerts[0];
    assert_eq!(alert.labels["instance"], "дб-1 ☃");
    assert_eq!(alert.description, "quote \" back\\slash\nnewline");
}

#[test]
fn what_conditions_read_is_there() {
    let intake = intake("kreki/emergency-api-errors.json");
    let alert = &intake.alerts[0];
    assert_eq!(alert.service.as_deref(), Some("emergency-api"));
    assert_eq!(alert.values.get("error_rate"), Some(&0.14));
    assert_eq!(alert.annotations["error_rate"], "0.14");
}

#[test]
fn alerts_survive_their_own_json() {
    let intake = intake("kreki/panic-button-down.json");
    let array = serde_json::to_vec_pretty(&intake.alerts).unwrap();
    let lines: String =
        intake.alerts.iter().map(|alert: &Alert| serde_json::to_string(alert).unwrap() + "\n").collect();
    for payload in [array, lines.into_bytes()] {
        let again = alerts_from(&payload, None).unwrap();
        assert_eq!(again.source, Source::Native);
        assert_eq!(again.alerts, intake.alerts);
    }
}

#[test]
fn other_vendors_are_refused_by_name() {
    let refusal = |name| -> String {
        let error: IntakeError = alerts_from(&bytes(name), None).unwrap_err();
        format!("{}: {error}; {}", error.code(), error.help().unwrap_or("-"))
    };
    insta::assert_snapshot!(refusal("other/grafana-webhook-SYNTHETIC.json"), @"unsupported_version: `version`: version `1` is not supported; supported is version `4`, the webhook of Alertmanager");
    insta::assert_snapshot!(refusal("other/opsgenie-create.json"), @"unknown_source: the payload looks like one of Opsgenie, which is not read yet; known are `alertmanager`, `alert`");
    insta::assert_snapshot!(refusal("other/pagerduty-v2-trigger.json"), @"unknown_source: the payload looks like one of PagerDuty, which is not read yet; known are `alertmanager`, `alert`");
    insta::assert_snapshot!(refusal("other/pagerduty-v2-resolve.json"), @"unknown_source: the payload looks like one of PagerDuty, which is not read yet; known are `alertmanager`, `alert`");
    insta::assert_snapshot!(refusal("other/slack-firing.json"), @"unknown_source: the payload looks like one of Slack, which is not read yet; known are `alertmanager`, `alert`");
}

//! Nights at KREKI in which nobody answers: whom its policy tells, and when.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use kentongan::{Action, Alert, Effect, Engine, Input, Policy, Timestamp};

/// Two in the morning in Jakarta.
const OPENS: &str = "2026-11-23T19:00:00Z";

fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// What an alert comes to until an instant while nobody does anything, one line an effect: minute, what, whom.
fn unanswered(service: &str, impact: &str, until: &str) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/kreki/policy.yaml");
    let text = fs::read_to_string(file).expect("the policy is there");
    let policy = Policy::load("policy.yaml", &text, |_| None).expect("it loads");
    let mut engine = Engine::new(Arc::new(policy));
    let mut alert = Alert::firing("a1", service);
    "Broken".clone_into(&mut alert.name);
    alert.labels.insert("impact".to_owned(), impact.to_owned());
    let opened = instant(OPENS);
    let mut effects = engine.apply(opened, Input::Alert(alert)).expect("the alert is taken").effects;
    effects.extend(engine.advance(instant(until)).expect("time passes").effects);
    effects
        .iter()
        .map(|effect| {
            let minute = (effect.at - opened).num_minutes();
            format!("{minute:>3} {}", line(effect))
        })
        .collect()
}

fn line(effect: &Effect) -> String {
    match &effect.action {
        Action::Notify(notification) => {
            let to = if notification.to == notification.address {
                notification.to.clone()
            } else {
                format!("{} at {}", notification.to, notification.address)
            };
            format!("{} {to} ({:?})", notification.channel, effect.cause.trigger)
        }
        Action::OpenChannel { channel, name, .. } => format!("open {channel} {name}"),
        Action::StatusPage { page, subject, .. } => format!("post on {page}: {subject}"),
        Action::Warning { clock, percent, .. } => format!("{percent} % of {clock}"),
        Action::Breach { clock, .. } => format!("{clock} missed"),
        other => format!("{other:?}"),
    }
}

fn at(lines: &[String], minute: u32) -> Vec<&str> {
    lines
        .iter()
        .filter_map(|line| line.trim_start().split_once(' '))
        .filter(|(time, _)| time.parse() == Ok(minute))
        .map(|(_, what)| what)
        .collect()
}

/// Whom a climb tells at a minute: escalation and the page ceiling, without reminders and broken promises.
fn climb(lines: &[String], minute: u32) -> Vec<&str> {
    at(lines, minute)
        .into_iter()
        .filter(|what| what.ends_with("(Escalation)") || what.ends_with("(PageCeiling)"))
        .collect()
}

#[test]
fn a_panic_button_that_is_down_wakes_everybody_at_once() {
    let night = unanswered("panic-button", "outage", "2026-11-23T20:20:00Z");
    // Sari and Ratna are on the escalation path too; nobody is told the same thing twice in one minute.
    assert_eq!(
        at(&night, 0),
        [
            "pager sari at sari@pager.example.org (Opened)",
            "pager budi at budi@pager.example.org (Opened)",
            "email operations-committee at operations-committee@example.org (Opened)",
            "sms ratna at +62 000 0000 0004 (Opened)",
            "slack #incidents (Opened)",
            "open slack #incident-panic-button-2026-11-24",
            "post on status.kreki.id: Panic Button (Tombol Darurat) - Service disruption",
            "pager agus at agus@pager.example.org (Escalation)",
        ]
    );
    let secondary = "pager budi at budi@pager.example.org (Escalation)";
    assert!(climb(&night, 15).contains(&secondary), "{night:#?}");
    for quarter in [15, 30, 45, 60, 75] {
        let due = at(&night, quarter);
        assert!(due.iter().any(|what| what.ends_with("(UpdateDue)")), "{quarter}: {due:?}");
    }
    // Never quiet for longer than five minutes.
    for minute in (5..=80).step_by(5) {
        assert!(!climb(&night, minute).is_empty(), "{minute}: {night:#?}");
    }
}

#[test]
fn a_slow_dispatch_wakes_the_primary_then_the_secondary_then_the_lead() {
    let night = unanswered("dispatch", "degraded", "2026-11-23T20:20:00Z");
    let first = at(&night, 0);
    assert_eq!(
        first.iter().filter(|what| what.starts_with("pager") || what.starts_with("sms")).collect::<Vec<_>>(),
        [&"pager sari at sari@pager.example.org (Opened)"]
    );
    assert!(first.contains(&"email operations-committee at operations-committee@example.org (Opened)"));
    assert!(first.contains(&"slack #incidents (Opened)"));
    assert_eq!(climb(&night, 15), ["pager budi at budi@pager.example.org (Escalation)"]);
    assert_eq!(climb(&night, 60), ["pager agus at agus@pager.example.org (Escalation)"]);
    for half in [30, 60] {
        let due = at(&night, half);
        assert!(due.iter().any(|what| what.ends_with("(UpdateDue)")), "{half}: {due:?}");
    }
}

#[test]
fn a_training_portal_that_is_down_wakes_nobody() {
    let night = unanswered("training-portal", "outage", "2026-11-24T03:00:00Z");
    assert_eq!(at(&night, 0), ["email sari at sari@example.org (Opened)", "slack #incidents (Opened)"]);
    assert_eq!(climb(&night, 15), ["email budi at budi@example.org (Escalation)"]);
    assert_eq!(climb(&night, 60), ["email agus at agus@example.org (Escalation)"]);
    assert!(!night.iter().any(|line| line.contains("pager") || line.contains("sms")), "{night:#?}");
}

#[test]
fn a_typo_becomes_an_issue_and_pages_nobody() {
    let night = unanswered("website", "typo", "2026-11-25T20:20:00Z");
    assert_eq!(at(&night, 0), ["github-issue kreki/information-systems (Opened)", "slack #incidents (Opened)"]);
    assert!(!night.iter().any(|line| line.contains("pager") || line.contains("sms")), "{night:#?}");
}

//! The documents of one incident and of a hand-off as things stood, whole, each from a run of the shipped policy or of
//! another; and those of a policy's own templates.

use std::collections::BTreeMap;
use std::sync::Arc;

use kentongan::report::{self, Document, DocumentError};
use kentongan::{Alert, Duration, Engine, IncidentId, Input, Policy, Timestamp};
use kentongan_lab::Call;
use kentongan_tests::vectors;

/// The engine of a scenario, so long after its first call.
fn stood(stem: &str, text: &str, after: &str) -> Engine {
    let scenario = vectors::load(stem, text).unwrap_or_else(|problems| panic!("{problems}"));
    let run = scenario.run().expect("it runs");
    let mut engine = Engine::new(Arc::clone(scenario.policy()));
    let entries: Vec<_> = run
        .calls()
        .filter_map(|call| match call {
            Call::Apply(entry) => Some(entry),
            Call::Reload { .. } => None,
        })
        .collect();
    let began = entries.first().expect("something happens").at;
    let until = began + chrono::TimeDelta::milliseconds(after.parse::<Duration>().expect("a length").as_millis());
    for entry in entries.into_iter().filter(|entry| entry.at <= until) {
        drop(engine.apply(entry.at, entry.input));
    }
    drop(engine.advance(until));
    engine
}

fn of_vector(stem: &str, after: &str) -> Engine {
    let text = std::fs::read_to_string(vectors::folder().join(format!("{stem}.yaml"))).expect("there is such a vector");
    stood(stem, &text, after)
}

fn first(engine: &Engine) -> IncidentId {
    engine.incidents().next().expect("there is one").id().clone()
}

fn written(document: Result<Document, DocumentError>) -> String {
    let document = document.expect("it can be written");
    assert_eq!(document.fault, None);
    document.text
}

/// A morning at KREKI: what was in the turn that ends at 09:00, and what goes on in the one that begins.
const BUSY: &str = r#"
scenario: a-busy-morning
policy: kreki
start: 2026-11-23T06:00
until: +4h
inputs:
  - { at: +0s, alert: { key: d1, service: dispatch, name: DispatchDown, summary: Volunteers are not told, labels: { impact: outage } } }
  - { at: +3m, respond: { incident: dispatch, by: budi } }
  - { at: +20m, check_items: { incident: dispatch, by: budi, items: [restored, no-errors, metrics, stakeholders] } }
  - { at: +25m, resolve: { incident: dispatch, by: budi, note: The queue is drained } }
  - { at: +2h40m, payload: ../fixtures/kreki/panic-button-down.json }
  - { at: +2h42m, acknowledge: { incident: panic-button, by: budi } }
  - { at: +2h44m, respond: { incident: panic-button, by: sari } }
  - { at: +2h50m, update: { incident: panic-button, by: sari, text: "More at `09:10` | <b>soon</b>.", parts: { status: "The gateway *refuses*", impact: Nobody gets through, next-steps: Renew the certificate } } }
  - { at: +2h51m, assign_role: { incident: panic-button, role: technical-lead, person: agus, by: sari } }
  - { at: +2h55m, silence: { id: works, matchers: { service: learning-portal }, by: budi, reason: "new disks & memory", to: +5h } }
  - { at: +2h56m, public_update: { incident: panic-button, by: dewi, status: identified, issue: "Calls | alarms do not go out", impact: Nobody can call for help with the app., text: "We know why.\n\n# We renew a <certificate>." } }
  - { at: +3h, alert: { key: n1, service: learning-portal, name: PortalSlow, summary: The portal is slow } }
  - { at: +3h1m, public_update: { incident: panic-button, by: dewi, status: monitoring, text: Calls go out again. We watch them. } }
  - { at: +3h5m, tick_handoff: { handoff: handoff-primary-20261123-1, point: dashboards, by: sari } }
expect:
  - state: { at: +3h1m, incident: panic-button, state: responding }
"#;

fn busy() -> (Engine, IncidentId) {
    let engine = stood("a-busy-morning", BUSY, "3h10m");
    let id = engine.incidents().find(|it| it.service() == Some("panic-button")).expect("it opened").id().clone();
    (engine, id)
}

#[test]
fn a_topic_says_how_things_stand() {
    let engine = of_vector("update-says-all-that-is-asked", "12m");
    let open = written(report::topic(&engine, &first(&engine)));
    let engine = of_vector("update-says-all-that-is-asked", "31m");
    let late = written(report::topic(&engine, &first(&engine)));
    let engine = of_vector("sev1-answered-and-resolved", "2h");
    let over = written(report::topic(&engine, &first(&engine)));
    insta::assert_snapshot!([open, late, over].join("\n"));
}

#[test]
fn a_status_update_with_all_its_parts() {
    let (engine, id) = busy();
    insta::assert_snapshot!(written(report::status_update(&engine, &id)));
}

#[test]
fn a_status_update_that_nobody_has_given() {
    let engine = of_vector("sev1-nobody-answers", "20m");
    insta::assert_snapshot!(written(report::status_update(&engine, &first(&engine))));
}

#[test]
fn the_last_status_update_says_how_it_ended() {
    let engine = of_vector("closing-with-a-last-word", "40m");
    let with_a_word = written(report::status_update(&engine, &first(&engine)));
    let engine = of_vector("postmortem-waived-where-nobody-else-may", "2h");
    let of = |place: usize| engine.incidents().nth(place).expect("it opened").id().clone();
    let (one, other) = (of(0), of(1));
    let [without, none] = [&one, &other].map(|id| written(report::status_update(&engine, id)));
    insta::assert_snapshot!([with_a_word, without, none].join("\n"));
}

#[test]
fn what_is_said_after_the_end_is_no_update_before_it() {
    let engine = of_vector("refused-what-says-nothing", "15m");
    let text = written(report::status_update(&engine, &first(&engine)));
    assert!(text.contains("### Final Update of 2026-11-24 10:10 WIB by Sari Wulandari\n\nRenewed\n"), "{text}");
    assert!(text.contains("### Last Word, of 2026-11-24 10:13 WIB by Sari Wulandari"), "{text}");
    // Nor is what was said before it the last word.
    let engine = of_vector("sev1-answered-and-resolved", "2h");
    let text = written(report::status_update(&engine, &first(&engine)));
    assert!(text.contains("### Last Update Before It Was Over, of"), "{text}");
}

#[test]
fn a_public_page_says_once_that_it_is_over() {
    let engine = of_vector("public-says-once-that-it-is-over", "16m");
    let page = written(report::public_update(&engine, &first(&engine)));
    assert!(page.contains("### Latest Update\nAlarms arrive again. We are sorry.\n"), "{page}");
    assert_eq!(page.matches("Resolved").count(), 1, "{page}");
    // The next entry says since when the public has read it.
    let engine = of_vector("public-says-once-that-it-is-over", "21m");
    let page = written(report::public_update(&engine, &first(&engine)));
    assert!(page.contains("- 2026-11-24 02:10 WIB, Resolved: Alarms arrive again."), "{page}");
}

#[test]
fn a_public_update_with_what_was_said_before() {
    let (engine, id) = busy();
    insta::assert_snapshot!(written(report::public_update(&engine, &id)));
}

#[test]
fn what_the_public_was_told_nothing_of_has_no_page() {
    let engine = of_vector("sev4-nobody-answers", "20m");
    let refused = report::public_update(&engine, &first(&engine)).expect_err("there is none");
    assert!(matches!(refused, DocumentError::NotPublic { .. }), "{refused}");
    let refused = report::topic(&engine, &IncidentId::from("nowhere")).expect_err("there is none");
    assert_eq!(refused.to_string(), "the journal has no incident `nowhere`");
}

#[test]
fn a_hand_off_in_the_middle_of_things() {
    let (engine, _) = busy();
    insta::assert_snapshot!(written(report::handoff(&engine, "primary")));
}

#[test]
fn a_hand_off_that_is_nearly_confirmed() {
    let engine = of_vector("hand-off-until-it-is-confirmed", "60m");
    insta::assert_snapshot!(written(report::handoff(&engine, "primary")));
}

#[test]
fn a_hand_off_of_a_role_that_there_is_not() {
    let engine = of_vector("hand-off-until-it-is-confirmed", "60m");
    let refused = report::handoff(&engine, "primry").expect_err("there is none");
    assert_eq!(refused.to_string(), "nobody is ever on call as `primry`; did you mean `primary`?");
}

/// A policy with a template of its own.
fn with(documents: &str) -> Policy {
    let text = include_str!("../policies/handoff.yaml");
    Policy::load("policy.yaml", &format!("{text}documents: {documents}\n"), |file| {
        (file == "own.md.jinja").then(|| "# {{ title }}\n\n{{ update.text|paragraphs }}\n".to_owned())
    })
    .unwrap_or_else(|error| panic!("{error}"))
}

/// An engine with one incident of a long title.
fn engine(policy: Policy) -> (Engine, IncidentId) {
    let at: Timestamp = "2026-11-24T03:00:00Z".parse().expect("an instant");
    let mut engine = Engine::new(Arc::new(policy));
    let mut alert = Alert::firing("a1", "gate");
    "The gate is *slow*".clone_into(&mut alert.summary);
    drop(engine.apply(at, Input::Alert(alert)).expect("it is taken"));
    let incident = first(&engine);
    let text = "- one\n\n- two".to_owned();
    let update = Input::Update { incident: incident.clone(), by: "ana".to_owned(), text, parts: BTreeMap::default() };
    drop(engine.apply(at, update).expect("it is taken"));
    (engine, incident)
}

#[test]
fn a_template_of_the_policy_s_own_takes_the_place_of_the_one_that_comes_with_it() {
    let (own, id) = engine(with(r#"{ topic: { text: "{{ title }}" }, status-update: { file: own.md.jinja } }"#));
    assert_eq!(written(report::topic(&own, &id)), "The gate is *slow*");
    assert_eq!(written(report::status_update(&own, &id)), "# The gate is \\*slow\\*\n\n\\- one\n\n\\- two\n");
    // A file beside the policy is part of the policy.
    let other = Policy::load(
        "policy.yaml",
        &format!("{}documents: {{ topic: {{ file: x }} }}\n", include_str!("../policies/handoff.yaml")),
        |_| Some("{{ title }}!".to_owned()),
    );
    let same = Policy::load(
        "policy.yaml",
        &format!("{}documents: {{ topic: {{ file: x }} }}\n", include_str!("../policies/handoff.yaml")),
        |_| Some("{{ title }}?".to_owned()),
    );
    assert_ne!(other.expect("it loads").digest(), same.expect("it loads").digest());
}

#[test]
fn a_template_that_fails_when_it_is_needed_gives_way_and_says_why() {
    let (plain, id) = engine(with("{}"));
    let expected = written(report::status_update(&plain, &id));
    for (template, why) in [
        ("{% if title|length > 9 %}{{ 1 // 0 }}{% endif %}", "documents.status-update"),
        (
            "{% if title|length > 9 %}{% for a in range(9999) %}{% for b in range(9999) %}.{% endfor %}{% endfor %}{% endif %}",
            "fuel",
        ),
        ("{% set them = [1, 2] %}{% if title|length > 9 %}{{ them.first.second }}{% endif %}", "undefined"),
    ] {
        let (own, id) = engine(with(&format!("{{ status-update: {{ text: {template:?} }} }}")));
        let document = report::status_update(&own, &id).expect("it is written all the same");
        assert_eq!(document.text, expected);
        let fault = document.fault.expect("it says why");
        assert!(fault.contains(why), "{fault}");
    }
}

#[test]
fn what_is_a_drill_or_was_none_or_is_another_is_called_so() {
    let now = "2026-11-24T03:00:00Z".parse().expect("an instant");
    let policy = kentongan_lab::shipped("kreki").expect("it is shipped").load().expect("it loads");
    let mut engine = Engine::new(Arc::new(policy));
    let incident = |engine: &Engine, title: &str| {
        engine.incidents().find(|incident| incident.title() == title).expect("it opened").id().clone()
    };
    for (title, drill) in [("practice", true), ("none", false), ("twin", false), ("whole", false)] {
        let report = Input::Detect {
            id: None,
            source: "hotline".to_owned(),
            by: "a caller".to_owned(),
            service: Some("panic-button".to_owned()),
            title: title.to_owned(),
            text: String::new(),
            labels: BTreeMap::from([("impact".to_owned(), "outage".to_owned())]),
            values: BTreeMap::new(),
            drill,
        };
        drop(engine.apply(now, report).expect("it is taken"));
    }
    let (by, practice, none) = ("sari".to_owned(), incident(&engine, "practice"), incident(&engine, "none"));
    let (twin, whole) = (incident(&engine, "twin"), incident(&engine, "whole"));
    let reason = "The probe was wrong".to_owned();
    let over = Input::FalseAlarm { incident: none.clone(), by: by.clone(), reason };
    drop(engine.apply(now, over).expect("it is taken"));
    let merge = Input::Merge { incident: twin.clone(), into: whole.clone(), by, reason: String::new() };
    drop(engine.apply(now, merge).expect("it is taken"));

    let topic = |id| written(report::topic(&engine, id));
    assert!(topic(&practice).starts_with("DRILL SEV-1 "), "{}", topic(&practice));
    assert!(topic(&none).contains(" | false alarm by Sari Wulandari"), "{}", topic(&none));
    assert!(topic(&twin).contains(&format!(" | merged into {whole} by Sari Wulandari")), "{}", topic(&twin));
    assert!(!topic(&whole).contains("DRILL") && topic(&whole).contains(" | open since "), "{}", topic(&whole));
    assert!(written(report::status_update(&engine, &practice)).starts_with("## DRILL SEV-1 "));
    let handoff = written(report::handoff(&engine, "primary"));
    for cell in ["| DRILL practice |", "| none (false alarm) |", "| twin (merged into "] {
        assert!(handoff.contains(cell), "no `{cell}` in {handoff}");
    }
}

//! What random lives must have seen for the laws over them to mean something, and what a host sees after a long absence.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::TimeDelta;
use kentongan::incident::{Transition, transition};
use kentongan::{Action, Alert, Effect, Engine, Event, Input, Purpose, State, Timestamp, Trigger, Verdict};
use kentongan_tests::driver::{
    ACKNOWLEDGE, Life, Operation, POLICY, Pause, RESOLVE, RESPOND, afterwards, among_kin, operations, start,
};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// The same lives at every run.
/// One at a time: a life remembers the engine before each of its calls, and thousands of them fill gigabytes.
fn lives(count: usize, strategy: &impl Strategy<Value = Vec<(Pause, Operation)>>) -> impl Iterator<Item = Life> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(move |_| Life::live(&strategy.new_tree(&mut runner).expect("operations are made").current()))
}

fn name_of<T: serde::Serialize>(data: &T, tag: &str) -> String {
    let value = serde_json::to_value(data).expect("plain data");
    value.get(tag).and_then(|name| name.as_str()).unwrap_or_default().to_owned()
}

#[expect(clippy::too_many_lines, reason = "most of it lists what is to be met")]
#[test]
fn random_lives_take_every_edge_of_the_table_and_reach_every_verdict_and_effect() {
    let mut edges: BTreeSet<(State, Event)> = BTreeSet::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let (any, kin) = (operations(40), among_kin(40));
    let directed = [RESOLVE, RESPOND, ACKNOWLEDGE].map(|verb| afterwards(verb, 40));
    let directed = directed.iter().flat_map(|kind| lives(2_000, kind));
    for life in lives(4_000, &any).chain(lives(2_000, &kin)).chain(directed) {
        for step in life.calls.iter().filter_map(|call| call.result.as_ref().ok()) {
            for decision in &step.decisions {
                *seen.entry(name_of(&decision.verdict, "verdict")).or_default() += 1;
                if let Verdict::Transition { event, from, .. } = &decision.verdict {
                    edges.insert((*from, *event));
                }
            }
            for effect in &step.effects {
                *seen.entry(name_of(&effect.action, "kind")).or_default() += 1;
                *seen.entry(format!("because {:?}", effect.cause.trigger)).or_default() += 1;
            }
        }
        for refused in life.calls.iter().filter_map(|call| call.result.as_ref().err()) {
            *seen.entry(format!("refused {}", refused.code())).or_default() += 1;
        }
    }
    let table = State::ALL.into_iter().flat_map(|from| Event::ALL.map(|event| (from, event)));
    let possible = table.filter(|(from, event)| matches!(transition(*from, *event), Transition::To(_)));
    let untaken: Vec<(State, Event)> = possible.filter(|edge| !edges.contains(edge)).collect();
    let expected = "clock_regression nothing_due classified opened joined repeated alert_resolved unknown_alert \
        severity_kept severity_changed transition ignored declared already_declared clock_started clock_met clock_late \
        clock_cancelled clock_retargeted level_notified level_skipped level_waiting path_restarted route_empty \
        route_closed merged_notification delivered delivery_failed unexpected_report forgotten \
        assessed snoozed snooze_ended silence_set silence_ended suppressed suspended unmuted untold \
        postmortem_not_required throttled notify open_channel status_page warning breach no_responder policy_fault \
        postmortem_required postmortem_published postmortem_moved postmortem_ignored postmortem_written postmortem_owned \
        drill false_alarm merged took_in spared split_off split_from linked unlinked meeting_planned action_added action_changed action_finished action_dropped postmortem_given_up";
    let triggers = [
        Trigger::Opened,
        Trigger::Reopened,
        Trigger::Raised,
        Trigger::Escalation,
        Trigger::ManualEscalation,
        Trigger::LevelRepeat,
        Trigger::PathRepeat,
        Trigger::PageCeiling,
        Trigger::AcknowledgementExpired,
        Trigger::DeliveryFailed,
        Trigger::NoResponder,
        Trigger::Acknowledged,
        Trigger::Responded,
        Trigger::Assessed,
        Trigger::Declared,
        Trigger::Warning,
        Trigger::Breach,
        Trigger::UpdateDue,
        Trigger::Update,
        Trigger::PublicUpdate,
        Trigger::PublicConcerned,
        Trigger::Cleared,
        Trigger::Resolved,
        Trigger::FalseAlarm,
        Trigger::Merged,
        Trigger::Split,
        Trigger::StillOpen,
        Trigger::SnoozeEnded,
        Trigger::SilenceEnded,
        Trigger::InhibitionEnded,
        Trigger::PolicyFault,
        Trigger::PostmortemRequired,
        Trigger::PostmortemDue,
        Trigger::PostmortemSubmitted,
        Trigger::PostmortemReviewed,
        Trigger::MeetingPlanned,
        Trigger::PostmortemPublished,
        Trigger::ActionAssigned,
        Trigger::ActionOverdue,
        Trigger::FollowUpDue,
    ];
    let refusals = [
        "missing_actor",
        "unknown_incident",
        "unknown_severity",
        "unknown_level",
        "already_resolved",
        "merge_into_itself",
        "drill_and_real",
        "link_cycle",
        "nothing_to_split",
        "nothing_left",
        "children_open",
        "not_public",
        "drill_not_public",
        "snooze_over",
        "snooze_too_long",
        "missing_reason",
        "unknown_person",
        "meeting_in_the_past",
        "no_postmortem",
        "postmortem_over",
        "not_in_review",
        "still_open",
        "postmortem_incomplete",
        "action_without_owner",
        "unknown_action",
        "action_over",
    ];
    let wanted = expected.split_whitespace().map(str::to_owned);
    let wanted = wanted.chain(triggers.iter().map(|trigger| format!("because {trigger:?}")));
    let wanted = wanted.chain(refusals.iter().map(|code| format!("refused {code}")));
    let missing: Vec<String> = wanted.filter(|name| !seen.contains_key(name)).collect();
    assert!(
        untaken.is_empty() && missing.is_empty(),
        "no life took {untaken:?} or reached {missing:?}; they reached {seen:?}"
    );
}

fn gate_is_down() -> (Engine, Timestamp) {
    let mut engine = Engine::new(Arc::clone(&POLICY));
    let mut alert = Alert::firing("k", "gate");
    alert.values.insert("down".to_owned(), 1.0);
    let step = engine.apply(start(), Input::Alert(alert)).expect("an alert is never refused");
    assert!(step.effects.iter().any(|effect| effect.severity.as_deref() == Some("critical")));
    (engine, start())
}

fn pages(effects: &[Effect]) -> usize {
    let page = |effect: &&Effect| matches!(&effect.action, Action::Notify(n) if n.purpose == Purpose::Page);
    effects.iter().filter(page).count()
}

#[test]
fn after_a_year_away_repeats_are_counted_instead_of_sent() {
    let (mut engine, opened) = gate_is_down();
    let back = opened + TimeDelta::days(365);
    let step = engine.advance(back).expect("in range");
    // Hand-offs follow the schedule, and belong to no incident.
    let count = step.effects.iter().filter(|effect| effect.incident.is_some()).count();
    assert!(count < 5_000, "{count} effects for a year of absence");
    assert!(step.effects.len() < 9_000, "{} effects for a year of absence", step.effects.len());
    let skipped: u64 = step
        .effects
        .iter()
        .filter_map(|effect| match effect.action {
            Action::Coalesced { skipped, .. } => Some(skipped),
            _ => None,
        })
        .sum();
    // The ceiling alone comes round every seven minutes.
    assert!(skipped > 365 * 24 * 60 / 7, "only {skipped} repeats were counted");
    let breaches = step.effects.iter().filter(
        |effect| matches!(effect.action, Action::Breach { clock, .. } if clock != kentongan::ClockKind::Update),
    );
    // Each hand-off of the year has a promise of its own.
    let breaches = breaches.filter(|effect| effect.incident.is_some());
    assert_eq!(breaches.count(), 3, "acknowledge, respond and resolve are each breached once");
    assert!(step.wakeup.is_some_and(|wakeup| wakeup > back));
    assert_eq!(engine.audit(), Vec::<String>::new());
    // From here on it pages as ever.
    let later = engine.advance(back + TimeDelta::minutes(7)).expect("in range");
    assert!(pages(&later.effects) > 0, "it is still open");
}

#[test]
fn a_day_away_is_made_up_for_in_full() {
    let (mut away, opened) = gate_is_down();
    let mut awake = away.clone();
    let back = opened + TimeDelta::hours(24);
    let mut effects = Vec::new();
    while let Some(wakeup) = awake.wakeup().filter(|wakeup| *wakeup <= back) {
        effects.extend(awake.advance(wakeup).expect("in range").effects);
    }
    let at_once = away.advance(back).expect("in range").effects;
    assert_eq!(effects, at_once);
    assert!(pages(&at_once) > 24 * 60 / 7, "the ceiling is seven minutes");
}

#[test]
fn an_alert_is_never_lost_for_what_is_in_it() {
    let huge = "x".repeat(1 << 20);
    let mut alert = Alert { key: huge.clone(), service: Some(huge.clone()), name: huge.clone(), ..Alert::default() };
    alert.summary = format!("down\r\nBcc: everybody@example.org\u{0}{huge}");
    alert.labels = (0..100_000).map(|number| (format!("l{number}"), huge.chars().take(8).collect())).collect();
    alert.values =
        BTreeMap::from([("nan".to_owned(), f64::NAN), ("inf".to_owned(), f64::INFINITY), ("down".to_owned(), 2.0)]);
    alert.starts_at = Some(Timestamp::MAX_UTC);
    for alert in [alert, Alert::default()] {
        let mut engine = Engine::new(Arc::clone(&POLICY));
        let step = engine.apply(start(), Input::Alert(alert)).expect("an alert is never refused");
        let held = step.decisions.iter().find_map(|decision| match decision.verdict {
            Verdict::Held { until, .. } => Some(until),
            _ => None,
        });
        // What comes at night for a lesser severity goes out at the opening.
        let step = held.map_or(step, |opening| engine.advance(opening).expect("in range"));
        assert!(step.effects.iter().any(|effect| matches!(effect.action, Action::Notify(_))), "somebody is told");
        for effect in &step.effects {
            if let Action::Notify(notification) = &effect.action {
                assert!(!notification.subject.contains(['\r', '\n', '\u{0}']), "{:?}", notification.subject);
                assert!(notification.subject.chars().count() <= kentongan::limits::SUBJECT_CHARACTERS_MAX);
            }
        }
        let json = engine.snapshot().to_json();
        assert!(json.len() < 2 << 20, "{} bytes are remembered", json.len());
        let snapshot = kentongan::Snapshot::from_json(&json).expect("it reads back");
        assert!(Engine::restore(Arc::clone(&POLICY), snapshot).is_ok());
    }
}

#[test]
fn a_snapshot_that_is_none_or_of_another_policy_is_refused_with_a_code() {
    let (engine, _) = gate_is_down();
    let json = engine.snapshot().to_json();
    let code = |text: &str| kentongan::Snapshot::from_json(text).err().map(|error| error.code());
    assert_eq!(code("not a snapshot"), Some("unreadable_snapshot"));
    assert_eq!(code(&json.replacen("\"format\":4", "\"format\":5", 1)), Some("snapshot_too_new"));
    assert_eq!(code(&json[..json.len() / 2]), Some("unreadable_snapshot"));
    let other = kentongan::Snapshot::from_json(&json.replacen("sha256:", "sha256:0", 1)).expect("it is well formed");
    let refused = Engine::restore(Arc::clone(&POLICY), other).expect_err("it is another policy's");
    assert_eq!(refused.code(), "other_policy");
}

#[test]
fn incidents_are_paged_from_any_of_them_on() {
    let mut pages = 0;
    for life in lives(40, &operations(40)) {
        let ids: Vec<_> = life.engine.incidents().map(|incident| incident.id().clone()).collect();
        for (place, id) in ids.iter().enumerate() {
            let after: Vec<_> = life.engine.incidents_after(id).map(|incident| incident.id().clone()).collect();
            assert_eq!(after, ids[place + 1..]);
            pages += after.len();
        }
    }
    assert!(pages > 40, "lives have several incidents: {pages}");
}

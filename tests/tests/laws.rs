//! Laws that hold in every life, whatever is handed in, in whatever order, at whatever instant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use chrono::TimeDelta;
use kentongan::report::public_update;
use kentongan::{
    Action, AlertStatus, ClockKind, Effect, Engine, Entry, Incident, Input, Policy, PublicPost, PublicStatus, Purpose,
    Snapshot, State, Timestamp, Verdict, escape,
};
use kentongan_tests::driver::{
    INTERNAL_HOST, INTERNAL_SUMMARY, INTERNAL_UPDATE, KIN, Life, Operation, POLICY, operations,
};
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngSeed};

const OPERATIONS: usize = 30;

/// The same lives at every run, so that whether a change may land is not left to chance. `PROPTEST_RNG_SEED` takes
/// others: that is how to look for more.
fn lives(cases: u32) -> ProptestConfig {
    let failures = FileFailurePersistence::Direct("regressions/laws.txt");
    let default = ProptestConfig::default();
    let rng_seed = match default.rng_seed {
        RngSeed::Random => RngSeed::Fixed(20_250_107),
        given @ RngSeed::Fixed(_) => given,
    };
    ProptestConfig {
        cases,
        rng_seed,
        max_shrink_iters: 5_000,
        failure_persistence: Some(Box::new(failures)),
        ..default
    }
}

fn bytes<T: serde::Serialize>(data: &T) -> String {
    serde_json::to_string(data).expect("effects and snapshots are JSON")
}

fn fold(engine: &mut Engine, entries: &[Entry]) -> Vec<Effect> {
    let steps = entries.iter().filter_map(|entry| engine.apply(entry.at, entry.input.clone()).ok());
    steps.flat_map(|step| step.effects).collect()
}

proptest! {
    #![proptest_config(lives(10_000))]

    #[test]
    fn replaying_a_journal_gives_the_same_effects_and_the_same_state(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        let read: Vec<Entry> = life.entries().iter().map(|entry| serde_json::from_str(&bytes(entry)).expect("an entry reads back")).collect();
        let mut effects = Vec::new();
        let again = Engine::replay(Arc::clone(&POLICY), read, |_, step| effects.extend(step.map(|step| step.effects).unwrap_or_default()));
        prop_assert_eq!(bytes(&effects), bytes(&life.effects()));
        prop_assert_eq!(again.snapshot().to_json(), life.engine.snapshot().to_json());
    }

    #[test]
    fn a_snapshot_at_any_cut_is_not_noticed(operations in operations(OPERATIONS), cut in any::<prop::sample::Index>()) {
        let life = Life::live(&operations);
        let entries = life.entries();
        let (before, after) = entries.split_at(cut.index(entries.len() + 1));
        let mut engine = Engine::new(Arc::clone(&POLICY));
        let mut effects = fold(&mut engine, before);
        let json = engine.snapshot().to_json();
        let snapshot = Snapshot::from_json(&json).expect("a snapshot reads back");
        prop_assert_eq!(&snapshot.to_json(), &json, "the encoding is canonical");
        let mut restored = Engine::restore(Arc::clone(&POLICY), snapshot).expect("a snapshot restores");
        prop_assert_eq!(restored.wakeup(), engine.wakeup());
        effects.extend(fold(&mut restored, after));
        prop_assert_eq!(bytes(&effects), bytes(&life.effects()));
        prop_assert_eq!(restored.snapshot().to_json(), life.engine.snapshot().to_json());
    }

    #[test]
    fn advancing_in_parts_equals_advancing_at_once(operations in operations(OPERATIONS), parts in prop::collection::vec(0..7_200_000_i64, 1..6)) {
        let mut stepwise = Life::live(&operations).engine;
        let mut at_once = stepwise.clone();
        let mut at = stepwise.now().unwrap_or_default();
        let mut effects = Vec::new();
        for part in &parts {
            at += TimeDelta::milliseconds(*part);
            effects.extend(stepwise.advance(at).expect("in range").effects);
        }
        let whole = at_once.advance(at).expect("in range").effects;
        prop_assert_eq!(bytes(&effects), bytes(&whole));
        prop_assert_eq!(stepwise.snapshot().to_json(), at_once.snapshot().to_json());
        prop_assert!(at_once.advance(at).expect("in range").effects.is_empty(), "advancing twice does nothing more");
    }

    #[test]
    fn what_is_refused_changes_nothing_and_check_says_so_before(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        let mut following = life.calls.iter().skip(1).map(|call| &call.before).chain([&life.engine]);
        for call in &life.calls {
            let after = following.next().expect("each call has an engine after it");
            prop_assert_eq!(call.before.check(call.entry.at, &call.entry.input).err(), call.result.as_ref().err().cloned());
            if call.result.is_err() {
                prop_assert_eq!(call.before.snapshot().to_json(), after.snapshot().to_json());
                prop_assert_eq!(call.before.wakeup(), after.wakeup());
            }
        }
    }

}

proptest! {
    #![proptest_config(lives(3_000))]

    #[test]
    fn timers_are_sound_and_every_input_leaves_a_trace(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        let mut last: Option<Timestamp> = None;
        for call in &life.calls {
            let Ok(step) = &call.result else { continue };
            let now = last.map_or(call.entry.at, |last| last.max(call.entry.at));
            last = Some(now);
            let ticked = call.entry.input == Input::Tick;
            prop_assert!(step.wakeup.is_none_or(|wakeup| wakeup > now || (wakeup == now && !ticked)), "the wake-up lies ahead");
            prop_assert!(!step.effects.is_empty() || !step.decisions.is_empty(), "{:?} left no trace", call.entry.input);
            prop_assert!(step.effects.iter().all(|effect| effect.at <= now), "no effect is due in the future");
            let mut early = call.before.clone();
            if let Some(before_wakeup) = early.wakeup().map(|wakeup| wakeup - TimeDelta::milliseconds(1))
                && early.now().is_none_or(|now| before_wakeup >= now)
            {
                prop_assert!(early.advance(before_wakeup).expect("in range").effects.is_empty(), "nothing is due before the wake-up");
            }
        }
        prop_assert_eq!(life.engine.audit(), Vec::<String>::new());
        prop_assert!(life.calls.iter().all(|call| call.before.audit().is_empty()));
    }

    #[test]
    fn effect_ids_are_unique_and_dense(operations in operations(OPERATIONS)) {
        let effects = Life::live(&operations).effects();
        let ids: BTreeSet<&str> = effects.iter().map(|effect| effect.id.as_str()).collect();
        prop_assert_eq!(ids.len(), effects.len());
        let mut next: BTreeMap<&str, usize> = BTreeMap::new();
        for effect in &effects {
            let number = next.entry(of(effect)).or_insert(1);
            prop_assert_eq!(effect.id.as_str(), format!("{}/{number}", of(effect)));
            *number += 1;
        }
    }

    #[test]
    fn a_promise_is_breached_at_most_once_a_life(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        let mut breached: BTreeSet<(String, ClockKind)> = BTreeSet::new();
        for call in &life.calls {
            let Ok(step) = &call.result else { continue };
            for decision in &step.decisions {
                // A clock that starts again is a new promise.
                if let Verdict::ClockStarted { clock, .. } = &decision.verdict
                    && *clock != ClockKind::Update
                    && let Some(incident) = &decision.incident
                    && call.before.incident(incident).is_some_and(|incident| incident.state() == State::Resolved)
                {
                    breached.remove(&(incident.to_string(), *clock));
                }
            }
            for effect in &step.effects {
                if let Action::Breach { clock, deadline, .. } = &effect.action
                    && *clock != ClockKind::Update
                {
                    prop_assert!(breached.insert((of(effect).to_owned(), *clock)), "{} breached {clock} twice", of(effect));
                    prop_assert!(effect.at >= *deadline);
                }
            }
        }
    }

    #[test]
    fn the_worst_severity_is_never_quiet_for_longer_than_the_ceiling(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        let ceiling = TimeDelta::minutes(7);
        let mut contacts: BTreeMap<String, Timestamp> = BTreeMap::new();
        let engines = life.calls.iter().skip(1).map(|call| &call.before).chain([&life.engine]);
        for (call, after) in life.calls.iter().zip(engines) {
            let Ok(step) = &call.result else { continue };
            for effect in &step.effects {
                let contact = match &effect.action {
                    Action::Notify(notification) => notification.purpose == Purpose::Page,
                    Action::NoResponder { .. } => true,
                    _ => false,
                };
                if contact {
                    contacts.insert(of(effect).to_owned(), effect.at);
                }
            }
            let now = after.now().expect("a step has an instant");
            for incident in after.incidents().filter(|incident| incident.severity() == "critical" && incident.state() == State::Open && incident.snoozed().is_none()) {
                let contact = contacts.get(incident.id().as_str());
                prop_assert!(contact.is_some_and(|contact| now - *contact <= ceiling), "{} is quiet since {contact:?} at {now}", incident.id());
            }
        }
    }

    #[test]
    fn what_is_held_has_an_end_and_is_never_an_alarm_of_the_worst_severity(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        let steps = life.calls.iter().filter_map(|call| call.result.as_ref().ok());
        for decision in steps.flat_map(|step| &step.decisions) {
            let Verdict::Held { entry, until } = &decision.verdict else { continue };
            let length = *until - decision.at;
            prop_assert!(length > TimeDelta::zero() && length <= TimeDelta::days(31), "{entry} is held for {length}");
            prop_assert!(!entry.starts_with("severities.critical."), "{entry} is held");
        }
    }

    #[test]
    fn keeping_quiet_has_an_end_and_never_hides_the_worst_severity(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        for engine in life.calls.iter().map(|call| &call.before).chain([&life.engine]) {
            for incident in engine.incidents().filter(|incident| incident.state() != State::Resolved) {
                let Some(until) = incident.quiet_until() else { continue };
                let now = engine.now().expect("an incident has opened");
                prop_assert!(until >= now, "{} is quiet until {until}, and it is {now}", incident.id());
                prop_assert!(engine.wakeup().is_some_and(|wakeup| wakeup <= until), "nothing wakes {}", incident.id());
                let snoozed = incident.snoozed().is_some();
                prop_assert!(snoozed || incident.severity() != "critical", "{} is hidden", incident.id());
            }
        }
    }

    #[test]
    fn what_is_hidden_by_another_is_hidden_by_what_is_open_and_not_hidden_itself(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        for engine in life.calls.iter().map(|call| &call.before).chain([&life.engine]) {
            for incident in engine.incidents() {
                let Some(source) = incident.inhibited_by() else { continue };
                let source = engine.incident(source);
                let hides = source.is_some_and(|source| source.state() != State::Resolved && source.firing() > 0 && source.inhibited_by().is_none());
                prop_assert!(hides && incident.id() != source.expect("it hides").id(), "{} is hidden by {source:?}", incident.id());
            }
        }
    }

    #[test]
    fn nothing_internal_is_in_what_the_public_reads(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        let people = POLICY.document().people.values();
        let mut internal: Vec<String> = people.clone().flat_map(|person| person.contacts.values().cloned()).collect();
        internal.extend(people.filter_map(|person| person.name.clone()));
        internal.extend(POLICY.document().teams.values().flat_map(|team| team.contacts.values().cloned()));
        internal.extend([INTERNAL_SUMMARY, INTERNAL_HOST].map(str::to_owned));
        internal.extend(life.engine.incidents().map(|incident| incident.id().to_string()));
        for effect in life.effects() {
            let Action::StatusPage { subject, text, .. } = &effect.action else { continue };
            for part in &internal {
                prop_assert!(!subject.contains(part) && !text.contains(part), "`{part}` is in `{subject}`: {text}");
                prop_assert!(!text.contains(&escape::markdown(part)), "`{part}` is in {text}");
            }
        }
        // The document of each is what was posted, so nothing else is in it either.
        for incident in life.engine.incidents() {
            let Ok(page) = public_update(&life.engine, incident.id()) else {
                prop_assert!(incident.public_page().posts.is_empty());
                continue;
            };
            prop_assert_eq!(&page.fault, &None);
            for part in &internal {
                let hidden = !page.text.contains(part) && !page.text.contains(&escape::markdown(part));
                prop_assert!(hidden, "`{part}` is in {}", page.text);
            }
        }
        // What those inside write is theirs from then on.
        for call in life.calls.iter().filter(|call| call.result.is_ok()) {
            let Input::PublicUpdate { incident, text, issue, impact, .. } = &call.entry.input else { continue };
            let update = call.before.incident(incident).and_then(Incident::status_update);
            if update.is_some_and(|update| update.parts.values().any(|said| said == INTERNAL_UPDATE)) {
                let said = [Some(text), issue.as_ref(), impact.as_ref()];
                prop_assert!(said.into_iter().flatten().all(|said| !said.contains(INTERNAL_UPDATE)), "{said:?}");
            }
        }
    }

    #[test]
    fn a_public_page_always_has_an_impact_and_says_once_that_it_is_over(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        for effect in life.effects() {
            let Action::StatusPage { text, .. } = &effect.action else { continue };
            let impact = text.lines().find_map(|line| line.strip_prefix("**Impact:** "));
            prop_assert!(impact.is_some_and(|impact| !impact.trim().is_empty()), "{text}");
        }
        for incident in life.engine.incidents() {
            let over = |post: &PublicPost| post.status == PublicStatus::Resolved;
            for pair in incident.public_page().posts.windows(2) {
                let [before, after] = pair else { continue };
                prop_assert!(!(before.automatic && over(before) && over(after)), "{pair:?}");
            }
        }
    }

    #[test]
    fn a_false_alarm_keeps_no_promise_and_teaches_nothing(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        for call in &life.calls {
            let (Ok(step), Input::FalseAlarm { incident, reason, .. }) = (&call.result, &call.entry.input) else { continue };
            prop_assert!(!reason.trim().is_empty(), "no reason was given");
            // What was due before the command is settled in its step, too, and counts as ever.
            let of_it = step.decisions.iter().filter(|decision| decision.incident.as_ref() == Some(incident));
            for decision in of_it.skip_while(|decision| !matches!(decision.verdict, Verdict::FalseAlarm { .. })) {
                let kept = matches!(decision.verdict, Verdict::ClockMet { .. } | Verdict::ClockLate { .. });
                prop_assert!(!kept, "{:?}", decision.verdict);
            }
            let asked = |effect: &&Effect| of(effect) == incident.as_str() && matches!(effect.action, Action::PostmortemRequired { .. });
            prop_assert!(!step.effects.iter().any(|effect| asked(&effect)), "{incident} is to be learnt from");
        }
        for incident in life.engine.incidents().filter(|incident| incident.is_false_alarm()) {
            prop_assert_eq!(incident.state(), State::Resolved);
            for kind in [ClockKind::Acknowledge, ClockKind::Respond, ClockKind::Resolve, ClockKind::Update, ClockKind::Public] {
                prop_assert!(incident.clock(kind).is_none_or(|clock| !clock.is_running()), "{kind} of {} runs", incident.id());
            }
        }
    }

    #[test]
    fn a_drill_says_so_wherever_it_is_read_and_the_public_hears_nothing(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        let engines = || life.calls.iter().skip(1).map(|call| &call.before).chain([&life.engine]);
        let drills: BTreeSet<String> = engines().flat_map(Engine::incidents).filter(|incident| incident.is_drill()).map(|incident| incident.id().to_string()).collect();
        for effect in life.effects().iter().filter(|effect| effect.incident.is_some()) {
            let drill = drills.contains(of(effect));
            match &effect.action {
                Action::Notify(notification) => {
                    prop_assert_eq!(notification.subject.starts_with("DRILL: "), drill, "{}", notification.subject);
                    prop_assert_eq!(notification.text.starts_with("This is a drill."), drill, "{}", notification.text);
                }
                Action::StatusPage { .. } => prop_assert!(!drill, "the public is told of {}", of(effect)),
                Action::Breach { clock: ClockKind::Public, .. } => prop_assert!(!drill, "{} was to be told to the public", of(effect)),
                _ => {}
            }
        }
    }

    #[test]
    fn a_merge_and_a_split_lose_no_alarm(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        let rank = |incident: &Incident| POLICY.severities().position(|name| name == incident.severity());
        let firing = |incident: &Incident| -> BTreeSet<String> {
            incident.alerts().filter(|(_, status)| *status == AlertStatus::Firing).map(|(alert, _)| alert.to_owned()).collect()
        };
        let engines = life.calls.iter().skip(1).map(|call| &call.before).chain([&life.engine]);
        for (call, after) in life.calls.iter().zip(engines) {
            let Ok(step) = &call.result else { continue };
            match &call.entry.input {
                Input::Merge { incident, into, .. } => {
                    let merged = after.incident(incident).expect("it is remembered");
                    let target = after.incident(into).expect("it goes on");
                    prop_assert_eq!(merged.merged_into(), Some(into));
                    prop_assert!(merged.state() == State::Resolved && target.state() != State::Resolved);
                    prop_assert!(rank(target) <= rank(merged), "{} is less than {}", target.severity(), merged.severity());
                    prop_assert!(firing(target).is_superset(&firing(merged)), "an alert of {incident} is gone");
                    prop_assert!(target.opened_at() <= merged.opened_at());
                    for kind in [ClockKind::Acknowledge, ClockKind::Respond, ClockKind::Resolve, ClockKind::Update, ClockKind::Public] {
                        prop_assert!(merged.clock(kind).is_none_or(|clock| !clock.is_running()), "{kind} of {incident} runs");
                    }
                    // Each of its alerts that comes again is found to be known.
                    for alert in firing(merged) {
                        let key = merged.key();
                        let opened = step.decisions.iter().any(|decision| matches!(&decision.verdict, Verdict::Opened { .. }));
                        prop_assert!(!opened, "the merge of {key} opened something for {alert}");
                    }
                }
                Input::Split { incident, alerts, .. } => {
                    let whole = after.incident(incident).expect("it is remembered");
                    let of_it = |it: &&Incident| it.split_from() == Some(incident) && it.alerts().map(|(alert, _)| alert).eq(alerts.iter().map(String::as_str));
                    let part = after.incidents().filter(of_it).max_by_key(|it| it.opened_at()).expect("it opened");
                    prop_assert!(part.state() == State::Open && part.is_drill() == whole.is_drill());
                    prop_assert!(whole.alerts().all(|(alert, _)| !alerts.contains(alert)));
                    for kind in [ClockKind::Acknowledge, ClockKind::Respond, ClockKind::Resolve] {
                        let started = part.clock(kind).map(|clock| clock.started_at);
                        prop_assert!(started.is_none_or(|at| Some(at) == after.now()), "{kind} of {} began at {started:?}", part.id());
                    }
                }
                _ => {}
            }
        }
    }

    #[test]
    fn an_incident_that_is_merged_stays_over_and_is_found_no_more(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        let mut merged: BTreeSet<String> = BTreeSet::new();
        for call in &life.calls {
            let Ok(step) = &call.result else { continue };
            for decision in &step.decisions {
                let Some(incident) = decision.incident.as_ref().map(ToString::to_string) else { continue };
                match &decision.verdict {
                    Verdict::Merged { .. } => prop_assert!(merged.insert(incident.clone()), "{incident} was merged twice"),
                    Verdict::Joined { .. } | Verdict::Repeated { .. } | Verdict::ClockStarted { clock: ClockKind::Resolve, .. } => {
                        prop_assert!(!merged.contains(&incident), "an alert finds {incident}");
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn an_update_is_missed_once_a_round_and_an_end_has_nothing_open(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        let mut missed: BTreeSet<(String, Timestamp)> = BTreeSet::new();
        for call in &life.calls {
            let Ok(step) = &call.result else { continue };
            for effect in &step.effects {
                if let Action::Breach { clock: ClockKind::Update, deadline, .. } = &effect.action {
                    prop_assert!(missed.insert((of(effect).to_owned(), *deadline)), "{} missed {deadline} twice", of(effect));
                }
            }
            let Input::Resolve { incident, override_reason: None, .. } = &call.entry.input else { continue };
            let Some(before) = call.before.incident(incident) else { continue };
            if before.state() == State::Resolved || call.before.now().is_some_and(|now| call.before.wakeup().is_some_and(|due| due < call.entry.at.max(now))) {
                continue; // What was due before may have changed the severity, and with it the points.
            }
            let checked: BTreeSet<&str> = before.checked().map(|(item, _)| item).collect();
            let needed: &[&str] = match before.severity() {
                "critical" | "high" => &["restored", "quiet"],
                "note" => &["restored", "told"],
                _ => &["restored"],
            };
            prop_assert!(needed.iter().all(|item| checked.contains(item)), "{} ended with {checked:?}", before.id());
        }
    }

    #[test]
    fn a_role_that_must_be_held_is_vacant_for_as_long_as_allowed_and_then_told_of(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        let mut told: BTreeMap<String, Timestamp> = BTreeMap::new();
        for (call, after) in life.calls.iter().zip(life.calls.iter().skip(1).map(|call| &call.before).chain([&life.engine])) {
            let Ok(step) = &call.result else { continue };
            for effect in &step.effects {
                if let Action::RoleVacant { role, .. } = &effect.action && role == "scribe" {
                    told.insert(of(effect).to_owned(), effect.at);
                }
            }
            let now = after.now().expect("a step has an instant");
            for incident in after.incidents() {
                let open = incident.state() != State::Resolved && incident.quiet_until().is_none();
                let Some((_, state)) = incident.roles().find(|(role, state)| *role == "scribe" && state.vacant_since.is_some()) else { continue };
                let since = state.vacant_since.expect("it is vacant");
                // What was kept quiet, or came back, is told of when that ends.
                let heard = told.get(incident.id().as_str()).copied().unwrap_or(since).max(since);
                let woken = after.wakeup().is_some_and(|wakeup| wakeup <= heard + TimeDelta::minutes(12));
                prop_assert!(!open || woken || now - heard <= TimeDelta::minutes(12), "{} has no scribe since {since} at {now}", incident.id());
            }
        }
    }

    #[test]
    fn a_role_that_must_be_held_is_vacant_while_nobody_holds_it(operations in operations(OPERATIONS)) {
        let life = Life::live(&operations);
        for after in life.calls.iter().skip(1).map(|call| &call.before).chain([&life.engine]) {
            let Some(now) = after.now() else { continue };
            // What is due at the instant of an input on other incidents has its own call.
            if after.wakeup().is_some_and(|wakeup| wakeup <= now) {
                continue;
            }
            let open = |incident: &&Incident| incident.state() != State::Resolved && incident.quiet_until().is_none();
            for incident in after.incidents().filter(open) {
                let roles: &[&str] = match incident.severity() {
                    "critical" => &["lead", "guard", "scribe"],
                    "high" => &["lead", "guard"],
                    _ => &[],
                };
                for role in roles {
                    let vacant = incident.roles().any(|(name, state)| name == *role && state.vacant_since.is_some());
                    let holders = after.role_holders(incident, role);
                    prop_assert_eq!(vacant, holders.is_empty(), "{} of {} at {}: {:?}", role, incident.id(), now, holders);
                }
            }
        }
    }

    #[test]
    fn an_incident_does_not_notice_unrelated_ones(operations in operations(OPERATIONS)) {
        // What is merged, split or linked is not unrelated.
        let related = |operation: &Operation| matches!(operation, Operation::Command { verb, .. } if KIN.contains(verb));
        let operations: Vec<_> = operations.into_iter().filter(|(_, operation)| !related(operation)).collect();
        let life = Life::live(&operations);
        let Some(chosen) = life.engine.incidents().next() else { return Ok(()) };
        let (key, id) = (chosen.key().to_owned(), chosen.id().clone());
        // What another incident hides by the policy's own word is related to it.
        let hidden = |engine: &Engine| engine.incidents().any(|incident| incident.key() == key && incident.inhibited_by().is_some());
        if life.calls.iter().map(|call| &call.before).chain([&life.engine]).any(hidden) {
            return Ok(());
        }
        let mut lone = Engine::new(Arc::clone(&POLICY));
        let mut alone = Vec::new();
        let mut now: Option<Timestamp> = None;
        for (position, call) in life.calls.iter().enumerate() {
            // The engine's time is shared, so the instants stay; only other incidents' inputs go.
            if call.result.is_ok() {
                now = Some(now.map_or(call.entry.at, |now| now.max(call.entry.at)));
            }
            let concerns = match &call.entry.input {
                Input::Alert(_) | Input::Detect { .. } => {
                    let after = life.calls.get(position + 1).map_or(&life.engine, |next| &next.before);
                    let own = |engine: &Engine| engine.incidents().filter(|incident| incident.key() == key).map(|incident| (incident.id().clone(), incident.alerts().count(), incident.firing(), incident.state())).collect::<Vec<_>>();
                    own(&call.before) != own(after) || touches(&call.result, &key, after)
                }
                Input::Report { effect, .. } => call.before.incidents().any(|incident| {
                    incident.key() == key && incident.pending().any(|pending| pending.id == *effect)
                }),
                Input::Tick
                | Input::Absence { .. }
                | Input::EndAbsence { .. }
                | Input::Override { .. }
                | Input::CancelOverride { .. }
                | Input::Silence { .. }
                | Input::EndSilence { .. } => true,
                command => command.incident().and_then(|id| call.before.incident(id)).is_some_and(|incident| incident.key() == key),
            };
            if concerns && let (Some(now), Ok(_)) = (now, &call.result) {
                alone.extend(lone.apply(now, call.entry.input.clone()).expect("it was accepted before").effects);
            }
        }
        // What is due at the last instant itself may still wait for a tick.
        let mut together = life.effects();
        if let Some(now) = now {
            alone.extend(lone.advance(now).expect("in range").effects);
            together.extend(life.engine.clone().advance(now).expect("in range").effects);
        }
        let of = |effects: Vec<Effect>| effects.into_iter().filter(|effect| effect.incident.as_ref() == Some(&id)).collect::<Vec<_>>();
        prop_assert_eq!(bytes(&of(alone)), bytes(&of(together)));
    }
}

proptest! {
    #![proptest_config(lives(500))]

    #[test]
    fn a_reload_leaves_no_incident_without_a_timer_and_nothing_half_done(
        operations in operations(OPERATIONS),
        cut in any::<prop::sample::Index>(),
        which in 0..RELOADS.len(),
        later in 0..7_200_000_i64,
    ) {
        let life = Life::live(&operations);
        let mut engine = life.calls.get(cut.index(life.calls.len() + 1)).map_or(&life.engine, |call| &call.before).clone();
        let at = engine.now().unwrap_or_else(kentongan_tests::driver::start) + TimeDelta::milliseconds(later);
        let (policy, severities) = &RELOADS[which];
        let known: BTreeSet<&str> = policy.severities().collect();
        let gone = engine.incidents().any(|incident| !known.contains(incident.severity()) && !severities.contains_key(incident.severity()));
        let before = engine.snapshot().to_json();
        let result = engine.reload(at, Arc::clone(policy), severities);
        prop_assert_eq!(result.is_err(), gone, "only a severity that is gone is refused: {:?}", result);
        prop_assert_eq!(engine.audit(), Vec::<String>::new());
        if gone {
            prop_assert_eq!(engine.snapshot().to_json(), before, "a refused reload changes nothing");
            return Ok(());
        }
        prop_assert!(engine.wakeup().is_none_or(|wakeup| wakeup > at), "what is due at the reload is done");
        let snapshot = Snapshot::from_json(&engine.snapshot().to_json()).expect("a snapshot reads back");
        let mut restored = Engine::restore(Arc::clone(policy), snapshot).expect("under the policy that is in force");
        for hours in [1, 3, 20] {
            let at = at + TimeDelta::hours(hours);
            let (kept, again) = (engine.advance(at).expect("in range"), restored.advance(at).expect("in range"));
            prop_assert_eq!(bytes(&kept.effects), bytes(&again.effects));
            prop_assert_eq!(engine.audit(), Vec::<String>::new());
        }
        let ids: Vec<String> = life.effects().iter().map(|effect| effect.id.to_string()).collect();
        prop_assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    }

    #[test]
    fn a_reload_of_the_same_policy_changes_nothing(operations in operations(OPERATIONS), later in -3_600_000..7_200_000_i64) {
        let life = Life::live(&operations);
        let mut engine = life.engine.clone();
        let at = engine.now().unwrap_or_else(kentongan_tests::driver::start) + TimeDelta::milliseconds(later);
        let step = engine.reload(at, Arc::clone(&POLICY), &BTreeMap::new()).expect("every severity is there");
        prop_assert!(step.effects.is_empty() && step.decisions.len() == 1);
        prop_assert_eq!(engine.snapshot().to_json(), life.engine.snapshot().to_json());
        prop_assert_eq!(engine.wakeup(), life.engine.wakeup());
    }

    #[test]
    fn a_reload_that_only_says_it_otherwise_does_what_a_tick_does(operations in operations(OPERATIONS), later in 0..7_200_000_i64) {
        let life = Life::live(&operations);
        let (mut engine, mut ticked) = (life.engine.clone(), life.engine.clone());
        let at = engine.now().unwrap_or_else(kentongan_tests::driver::start) + TimeDelta::milliseconds(later);
        let step = engine.reload(at, edited(&[("definition: The gate is shut", "definition: Nobody gets in")]), &BTreeMap::new());
        let tick = ticked.advance(at).expect("in range");
        let step = step.expect("every severity is there");
        prop_assert_eq!(bytes(&step.effects), bytes(&tick.effects));
        prop_assert_eq!(step.wakeup, tick.wakeup);
    }
}

/// The policy of the laws with texts replaced.
fn edited(edits: &[(&str, &str)]) -> Arc<Policy> {
    let mut text = include_str!("../policies/laws.yaml").to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "the policy has no `{from}`");
        text = text.replace(from, to);
    }
    Arc::new(Policy::load("laws.yaml", &text, |_| None).unwrap_or_else(|error| panic!("{error}")))
}

/// Another policy, and what takes the place of severities that it does not have.
type Reload = (Arc<Policy>, BTreeMap<String, String>);

/// Policies to move to, with the severities that have another name in them: other targets, calendars, levels and paths;
/// people, roles and hand-offs gone; severities renamed, and gone.
static RELOADS: LazyLock<Vec<Reload>> = LazyLock::new(|| {
    let renamed =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
    vec![
        (
            edited(&[
                ("acknowledge: 5m, respond: 15m, resolve: 4h", "acknowledge: 1m, resolve: 3h business(office)"),
                ("update_every: 30m", "update_every: 5m"),
            ]),
            BTreeMap::new(),
        ),
        (
            edited(&[
                ("holidays: [2026-11-03, 12-25]", "holidays: [2026-10-31, 2026-11-02, 2026-11-04]"),
                ("daily: 22:00-06:00", "daily: 20:00-23:00"),
            ]),
            BTreeMap::new(),
        ),
        (
            edited(&[
                ("      - { id: empty, notify: [on-call.vacant, ghosts], after: 5m }\n", ""),
                ("id: boss, notify: dewi, by: email,", "id: boss, notify: [cita, dewi], by: email, after: 20m,"),
                ("page_ceiling: 7m", "page_ceiling: 2m"),
            ]),
            BTreeMap::new(),
        ),
        (
            edited(&[
                ("escalation: long", "escalation: short"),
                ("repeat: { every: 40m, times: 3 }", "repeat: { every: 4m }"),
            ]),
            BTreeMap::new(),
        ),
        (
            edited(&[
                ("vacant: []", "vacant: [budi]"),
                ("members: [nobody]", "members: [nobody, dewi]"),
                ("  roles: [turns, primary]", "  roles: [secondary]"),
                ("[ { id: issues, text: Go through what is open }, { id: boards", "[ { id: boards"),
            ]),
            BTreeMap::new(),
        ),
        (
            edited(&[
                ("on: [open, clear, resolve], during: outside hours(night)", "on: [open]"),
                ("    during: business hours(office)\n    raise_at_opening: high\n", ""),
                ("group_by: [service, labels.site]", "group_by: [labels.site]"),
            ]),
            BTreeMap::new(),
        ),
        (
            edited(&[
                ("\n  critical:", "\n  worst:"),
                ("severity: critical", "severity: worst"),
                ("[critical, high]", "[worst, high]"),
                ("[critical]", "[worst]"),
                ("worsening: critical", "worsening: worst"),
                (r#"severity == "critical""#, r#"severity == "worst""#),
            ]),
            renamed(&[("critical", "worst")]),
        ),
        (
            edited(&[
                ("\n  critical:", "\n  worst:"),
                ("severity: critical", "severity: worst"),
                ("[critical, high]", "[worst, high]"),
                ("[critical]", "[worst]"),
                ("worsening: critical", "worsening: worst"),
                (r#"severity == "critical""#, r#"severity == "worst""#),
            ]),
            BTreeMap::new(),
        ),
        (Arc::clone(&POLICY), renamed(&[("critical", "low"), ("note", "critical")])),
    ]
});

/// The incident or hand-off of an effect, by its name.
fn of(effect: &Effect) -> &str {
    effect.id.as_str().rsplit_once('/').expect("an id has a number").0
}

/// Whether an alert's step speaks of an incident of that key.
fn touches(result: &Result<kentongan::Step, kentongan::Rejected>, key: &str, after: &Engine) -> bool {
    result.as_ref().is_ok_and(|step| {
        step.decisions.iter().any(|decision| {
            let joined = matches!(
                decision.verdict,
                Verdict::Repeated { .. }
                    | Verdict::Joined { .. }
                    | Verdict::Classified(_)
                    | Verdict::UnknownAlert { .. }
            );
            joined
                && decision
                    .incident
                    .as_ref()
                    .and_then(|id| after.incident(id))
                    .is_some_and(|incident| incident.key() == key)
        })
    })
}

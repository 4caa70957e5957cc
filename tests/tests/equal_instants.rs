//! A wake-up at the very instant of something else: what a host hands in first comes first.

use std::sync::Arc;

use chrono::TimeDelta;
use kentongan::{Action, Alert, Engine, Input, Policy, Step, Timestamp, Verdict};

const POLICY: &str = r"
policy: shop
people: { ana: { contacts: { pager: ana-1 } } }
on_call: { primary: [ana] }
severities: { high: { definition: all, targets: { acknowledge: 5m, respond: 20m }, escalation: path } }
classify: [ { default: high } ]
escalation: { path: [ { notify: on-call.primary }, { notify: ana, after: 5m } ] }
last_resort: [ { pager: ana } ]
";

/// An engine with one incident that somebody has taken, unless nobody has.
fn opened(taken: bool) -> (Engine, Timestamp) {
    let mut engine = Engine::new(Arc::new(Policy::from_yaml(POLICY).expect("it loads")));
    let start: Timestamp = "2026-11-23T09:00:00Z".parse().expect("an instant");
    let _ = engine.apply(start, Input::Alert(Alert::firing("a1", "shop"))).expect("it is taken");
    if taken {
        let input = Input::Acknowledge { incident: only(&engine), by: "ana".to_owned(), note: String::new() };
        let _ = engine.apply(start + TimeDelta::minutes(1), input).expect("it is taken");
    }
    (engine, start)
}

fn only(engine: &Engine) -> kentongan::IncidentId {
    engine.incidents().next().expect("there is one").id().clone()
}

fn breaches(step: &Step) -> usize {
    step.effects.iter().filter(|effect| matches!(effect.action, Action::Breach { .. })).count()
}

fn pages(step: &Step) -> usize {
    step.effects.iter().filter(|effect| matches!(effect.action, Action::Notify(_))).count()
}

#[test]
fn a_tick_at_a_deadline_does_what_is_due_and_what_is_handed_in_after_it_comes_after_it() {
    let (mut engine, start) = opened(true);
    let deadline = start + TimeDelta::minutes(20);
    let pause = |engine: &Engine| Input::Pause {
        incident: only(engine),
        by: "ana".to_owned(),
        until: Some(deadline + TimeDelta::minutes(10)),
        reason: "the vendor looks at it".to_owned(),
    };
    assert_eq!(breaches(&engine.advance(deadline).expect("in range")), 1, "a wake-up does all that is due at it");
    let input = pause(&engine);
    let paused = engine.apply(deadline, input).expect("it is taken");
    assert_eq!(breaches(&paused), 0, "it is broken once");
    assert_eq!(breaches(&engine.advance(deadline + TimeDelta::hours(1)).expect("in range")), 0);

    // The other way round the pause comes first, and the clock is broken when it goes on.
    let (mut engine, _) = opened(true);
    let input = pause(&engine);
    let before = engine.apply(deadline, input).expect("it is taken");
    assert_eq!(breaches(&before), 0);
    assert_eq!(breaches(&engine.advance(deadline).expect("in range")), 0, "a paused clock does not break");
    assert_eq!(breaches(&engine.advance(deadline + TimeDelta::minutes(10)).expect("in range")), 1);
}

#[test]
fn who_takes_it_in_the_instant_of_a_wake_up_is_late_either_way_and_stops_the_climb_that_has_not_come() {
    for tick_first in [true, false] {
        let (mut engine, start) = opened(false);
        let deadline = start + TimeDelta::minutes(5);
        let (mut broken, mut paged) = (0, 0);
        if tick_first {
            let step = engine.advance(deadline).expect("in range");
            (broken, paged) = (breaches(&step), pages(&step));
        }
        let input = Input::Acknowledge { incident: only(&engine), by: "ana".to_owned(), note: String::new() };
        let step = engine.apply(deadline, input).expect("it is taken");
        let late = step.decisions.iter().filter(|decision| matches!(decision.verdict, Verdict::ClockLate { .. }));
        assert_eq!(late.count(), 1, "at the deadline is late");
        broken += breaches(&step);
        paged += pages(&step);
        assert_eq!(broken, 1, "once, whoever comes first: {tick_first}");
        assert_eq!(
            paged,
            usize::from(tick_first),
            "the level of that instant is told only where its wake-up came first"
        );
        assert_eq!(breaches(&engine.advance(deadline).expect("in range")), 0);
    }
}

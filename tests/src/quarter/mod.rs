//! A realistic quarter under the policy of KREKI, from a seed: alerts by day and by night, and people who answer late,
//! forget updates, close too early, take the wrong severity, and write their post-mortems in time, late or not at all.
//! What comes out is a journal.

mod aftermath;
mod dice;
mod response;
mod troubles;
mod turns;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Datelike, FixedOffset, NaiveTime, TimeDelta, Timelike, Weekday};
use kentongan::report::Chronicle;
use kentongan::{
    Action, Alert, AlertStatus, Effect, Engine, Entry, Event, IncidentId, Input, Outcome, Policy, State, Step,
    Timestamp, Verdict,
};

use dice::{Dice, seconds};
use response::Plan;
use troubles::{TROUBLES, Trouble};

/// A quarter as it went.
#[derive(Debug, Clone)]
pub struct Lived {
    /// What was handed in and taken, in order.
    pub entries: Vec<Entry>,
    /// The account of it.
    pub chronicle: Chronicle,
}

struct World {
    engine: Engine,
    chronicle: Chronicle,
    entries: Vec<Entry>,
    plans: BTreeMap<(Timestamp, u64), Plan>,
    planned: u64,
    dice: Dice,
    /// Which trouble an incident is.
    troubles: BTreeMap<IncidentId, &'static Trouble>,
    /// The channels that were opened: Slack gives a name once.
    channels: BTreeSet<String>,
}

/// The fourth quarter of 2026, in Jakarta, and the days after it in which what is left is finished.
///
/// # Panics
///
/// When the policy of KREKI does not load, or the engine does not get ahead of its own wake-up.
#[must_use]
pub fn live(seed: u64, failures: u64) -> Lived {
    let begins: Timestamp = "2026-09-30T17:00:00Z".parse().expect("an instant");
    let ends: Timestamp = "2027-01-08T02:00:00Z".parse().expect("an instant");
    let mut world = World {
        engine: Engine::new(kreki()),
        chronicle: Chronicle::new(),
        entries: Vec::new(),
        plans: BTreeMap::new(),
        planned: 0,
        dice: Dice::new(seed),
        troubles: BTreeMap::new(),
        channels: BTreeSet::new(),
    };
    world.apply(begins, Input::Tick);
    world.plan_absences();
    world.plan_turns();
    for _ in 0..failures {
        let trouble = troubles::by_weight(world.dice.below(troubles::weights()));
        let at = world.some_time(begins);
        world.plan(at, Plan::Fail(trouble));
    }
    world.run(ends);
    Lived { entries: world.entries, chronicle: world.chronicle }
}

/// The policy of KREKI.
///
/// # Panics
///
/// When it does not load.
#[must_use]
pub fn kreki() -> Arc<Policy> {
    Arc::new(kentongan_lab::shipped("kreki").expect("it is shipped").load().expect("it loads"))
}

/// The account of a journal under a policy.
#[must_use]
pub fn chronicle(policy: &Arc<Policy>, entries: &[Entry]) -> Chronicle {
    let mut engine = Engine::new(Arc::clone(policy));
    let mut chronicle = Chronicle::new();
    for entry in entries {
        if let Ok(step) = engine.apply(entry.at, entry.input.clone()) {
            chronicle.take(entry.at, &entry.input, &step, &engine);
        }
    }
    chronicle
}

/// The engine as a journal leaves it at an instant.
///
/// # Panics
///
/// When the instant lies before the last entry that is not after it.
#[must_use]
pub fn engine_at(policy: &Arc<Policy>, entries: &[Entry], at: Timestamp) -> Engine {
    let mut engine = Engine::new(Arc::clone(policy));
    for entry in entries.iter().take_while(|entry| entry.at <= at) {
        drop(engine.apply(entry.at, entry.input.clone()));
    }
    drop(engine.advance(at).expect("time goes on"));
    engine
}

/// What a clock in Jakarta shows.
fn local(at: Timestamp) -> DateTime<FixedOffset> {
    at.with_timezone(&FixedOffset::east_opt(7 * 3_600).expect("seven hours are less than a day"))
}

/// Whether people sleep.
fn is_night(at: Timestamp) -> bool {
    !(7..22).contains(&local(at).hour())
}

fn is_weekend(at: Timestamp) -> bool {
    matches!(local(at).weekday(), Weekday::Sat | Weekday::Sun)
}

/// The same instant, or the next morning at which the office opens. It is closed at Christmas and at New Year.
fn office(at: Timestamp) -> Timestamp {
    let mut now = local(at);
    if now.hour() >= 17 {
        now = morning(now + TimeDelta::days(1));
    } else if now.hour() < 9 {
        now = morning(now);
    }
    let closed = |now: DateTime<FixedOffset>| {
        let holiday = matches!((now.month(), now.day()), (12, 25) | (1, 1));
        holiday || is_weekend(now.to_utc())
    };
    while closed(now) {
        now = morning(now + TimeDelta::days(1));
    }
    now.to_utc()
}

fn morning(day: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
    day.with_time(NaiveTime::from_hms_opt(9, 0, 0).expect("nine o'clock")).single().expect("it is no zone with gaps")
}

impl World {
    fn plan(&mut self, at: Timestamp, plan: Plan) {
        self.planned += 1;
        self.plans.insert((at, self.planned), plan);
    }

    fn plan_absences(&mut self) {
        let at = |text: &str| -> Timestamp { text.parse().expect(text) };
        let away = |id: &str, person: &str, from: &str, to: &str, reason: &str| Input::Absence {
            id: id.to_owned(),
            person: person.to_owned(),
            from: Some(at(from)),
            to: at(to),
            by: person.to_owned(),
            reason: reason.to_owned(),
        };
        let leave = away("leave", "budi", "2026-11-16T01:00:00Z", "2026-11-20T10:00:00Z", "Leave");
        self.plan(at("2026-11-02T03:00:00Z"), Plan::Do(leave));
        let christmas = away("christmas", "sari", "2026-12-24T10:00:00Z", "2026-12-28T01:00:00Z", "Christmas");
        self.plan(at("2026-12-01T04:00:00Z"), Plan::Do(christmas));
        let cover = Input::Override {
            id: "cover".to_owned(),
            on: "secondary".to_owned(),
            person: "agus".to_owned(),
            replaces: None,
            from: Some(at("2026-11-16T01:00:00Z")),
            to: at("2026-11-20T10:00:00Z"),
            by: "agus".to_owned(),
            reason: "Covers while Budi is away".to_owned(),
        };
        self.plan(at("2026-11-03T03:00:00Z"), Plan::Do(cover));
    }

    /// More fails by day than by night, since that is when people use and change things; and most in the second week
    /// of November, when new volunteers are sought.
    fn some_time(&mut self, begins: Timestamp) -> Timestamp {
        loop {
            let at = begins + seconds(self.dice.below(92 * 86_400));
            let campaign = local(at).month() == 11 && (9..16).contains(&local(at).day());
            let likely = match (is_night(at), is_weekend(at)) {
                (true, _) => 28,
                (false, true) => 40,
                (false, false) => 70,
            };
            if self.dice.chance(if campaign { likely + 30 } else { likely }) {
                return at;
            }
        }
    }

    fn run(&mut self, ends: Timestamp) {
        loop {
            let planned = self.plans.first_key_value().map(|((at, _), _)| *at);
            let wakeup = self.engine.wakeup();
            let Some(at) = planned.into_iter().chain(wakeup).min().filter(|at| *at < ends) else { break };
            if wakeup == Some(at) {
                self.apply(at, Input::Tick);
                assert!(self.engine.wakeup().is_none_or(|next| next > at), "a call at the wake-up gets ahead of it");
            } else if let Some(((at, _), plan)) = self.plans.pop_first() {
                self.perform(at, plan);
            }
        }
        self.apply(ends, Input::Tick);
    }

    /// What is refused leaves nothing in a journal: somebody was too late, or forgot something.
    fn apply(&mut self, at: Timestamp, input: Input) {
        let Ok(step) = self.engine.apply(at, input.clone()) else { return };
        self.chronicle.take(at, &input, &step, &self.engine);
        self.entries.push(Entry { at, input });
        self.react(at, &step);
    }

    /// The host performs what it is asked for, and people begin to do something about it.
    fn react(&mut self, at: Timestamp, step: &Step) {
        for effect in &step.effects {
            if effect.wants_report() {
                self.report(at, effect);
            }
            match (&effect.action, &effect.incident) {
                (Action::PostmortemRequired { .. }, Some(incident)) => self.plan_postmortem(at, &incident.clone()),
                (Action::Handoff { handoff, to, .. }, _) => {
                    let by = to.first().cloned().unwrap_or_default();
                    let after = self.dice.around(100);
                    let confirm = Input::ConfirmHandoff { handoff: handoff.clone(), by };
                    self.plan(at + after, Plan::Do(confirm));
                }
                _ => {}
            }
        }
        for decision in &step.decisions {
            let called = match decision.verdict {
                Verdict::Opened { .. } => true,
                Verdict::Transition { event, to, .. } => event == Event::Fire && to == State::Open,
                _ => false,
            };
            if let Some(incident) = decision.incident.as_ref().filter(|_| called) {
                self.hear(at, incident);
            }
        }
    }

    fn report(&mut self, at: Timestamp, effect: &Effect) {
        let pager = matches!(&effect.action, Action::Notify(it) if it.channel == "pager");
        let (outcome, detail) = if pager && self.dice.chance(3) {
            (Outcome::Failed, "the gateway timed out")
        } else {
            (Outcome::Delivered, "")
        };
        let after = seconds(self.dice.between(1, 20));
        let opened_as = self.free_name(effect);
        let report = Input::Report { effect: effect.id.clone(), outcome, detail: detail.to_owned(), opened_as };
        self.plan(at + after, Plan::Do(report));
    }

    /// The name that a channel gets where the one that is asked for was given before.
    fn free_name(&mut self, effect: &Effect) -> Option<String> {
        let Action::OpenChannel { name, .. } = &effect.action else { return None };
        if self.channels.insert(name.clone()) {
            return None;
        }
        (2..=u32::MAX).map(|number| format!("{name}-{number}")).find(|name| self.channels.insert(name.clone()))
    }

    /// Something fails, and monitoring or people say so.
    fn fail(&mut self, at: Timestamp, trouble: &'static Trouble) {
        let input = match trouble.source {
            None => Input::Alert(alert(trouble, AlertStatus::Firing)),
            Some(source) => Input::Detect {
                drill: false,
                id: None,
                source: source.to_owned(),
                by: if source == "hotline" { "hotline" } else { "a volunteer" }.to_owned(),
                service: Some(trouble.service.to_owned()),
                title: trouble.summary.to_owned(),
                text: trouble.seen.to_owned(),
                labels: [("impact".to_owned(), trouble.impact.to_owned())].into(),
                values: BTreeMap::new(),
            },
        };
        self.apply(at, input);
        // Some are over before anybody has looked.
        if trouble.source.is_none() && self.dice.chance(6) {
            let after = self.dice.minutes(2, 6);
            self.plan(at + after, Plan::Do(Input::Alert(alert(trouble, AlertStatus::Resolved))));
        }
    }

    fn trouble(&self, incident: &IncidentId) -> &'static Trouble {
        let known = self.engine.incident(incident);
        let of = |trouble: &&Trouble| {
            known.is_some_and(|it| it.service() == Some(trouble.service) && it.title() == trouble.summary)
        };
        let found = self.troubles.get(incident).copied().or_else(|| TROUBLES.iter().find(of));
        found.expect("every incident is one of these")
    }
}

/// What monitoring says of a trouble.
fn alert(trouble: &Trouble, status: AlertStatus) -> Alert {
    let mut alert = Alert::firing(format!("{}/{}", trouble.service, trouble.name), trouble.service);
    alert.status = status;
    trouble.name.clone_into(&mut alert.name);
    trouble.summary.clone_into(&mut alert.summary);
    "alertmanager".clone_into(&mut alert.source);
    if !trouble.impact.is_empty() {
        alert.labels.insert("impact".to_owned(), trouble.impact.to_owned());
    }
    alert.values.extend(trouble.value.map(|(name, value)| (name.to_owned(), value)));
    alert
}

//! Random lives: operations that name incidents and effects by position, turned into concrete inputs against a live
//! engine. What comes out is a journal.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use chrono::TimeDelta;
use kentongan::{
    Alert, AlertStatus, Effect, EffectId, Engine, Entry, Impact, Incident, IncidentId, Input, Matchers, Outcome,
    Policy, PublicStatus, Rejected, Scope, Step, Timestamp, Urgency,
};
use proptest::prelude::*;

/// The policy of the laws, compiled once.
pub static POLICY: LazyLock<Arc<Policy>> = LazyLock::new(|| {
    let text = include_str!("../policies/laws.yaml");
    Arc::new(Policy::load("laws.yaml", text, |_| None).unwrap_or_else(|error| panic!("{error}")))
});

/// How an operation moves time.
#[derive(Debug, Clone, Copy)]
pub enum Pause {
    /// By this many milliseconds, backwards too.
    Millis(i64),
    /// To the engine's next wake-up, and this many milliseconds past it.
    Wakeup(i64),
}

/// An operation that names what it is about by position.
#[derive(Debug, Clone)]
pub enum Operation {
    /// An alert.
    Alert {
        /// One of few keys, so that alerts meet.
        key: u8,
        /// Which service, if any.
        service: u8,
        /// Which labels and values.
        flavour: u8,
        /// Whether it is resolved.
        resolved: bool,
    },
    /// A command on an incident.
    Command {
        /// Which command.
        verb: u8,
        /// Which incident, by position; past the end is an unknown one.
        incident: usize,
        /// Which name it carries.
        name: u8,
    },
    /// A report on an effect that is pending.
    Report {
        /// Which, by position from the newest; past the end is an unknown one.
        effect: usize,
        /// How it went.
        failed: bool,
    },
    /// Time passes.
    Tick,
}

/// Any operation after any pause.
pub fn operations(most: usize) -> impl Strategy<Value = Vec<(Pause, Operation)>> {
    let pause = prop_oneof![
        4 => Just(Pause::Millis(0)),
        2 => Just(Pause::Millis(1)),
        4 => (0..600_000_i64).prop_map(Pause::Millis),
        2 => (0..14_400_000_i64).prop_map(Pause::Millis),
        1 => (-3_600_000..0_i64).prop_map(Pause::Millis),
        6 => (-1..2_i64).prop_map(Pause::Wakeup),
    ];
    let operation = prop_oneof![
        5 => (0..4_u8, 0..4_u8, 0..9_u8, prop::bool::weighted(0.3))
            .prop_map(|(key, service, flavour, resolved)| Operation::Alert { key, service, flavour, resolved }),
        6 => (0..27_u8, 0..5_usize, 0..6_u8).prop_map(|(verb, incident, name)| Operation::Command { verb, incident, name }),
        6 => (27..34_u8, 0..5_usize, 0..6_u8).prop_map(|(verb, incident, name)| Operation::Command { verb, incident, name }),
        4 => (KIN, 0..5_usize, 0..6_u8).prop_map(|(verb, incident, name)| Operation::Command { verb, incident, name }),
        6 => (0..30_usize, any::<bool>()).prop_map(|(effect, failed)| Operation::Report { effect, failed }),
        4 => Just(Operation::Tick),
    ];
    prop::collection::vec((pause, operation), 1..most)
}

/// Somebody works on it.
pub const RESPOND: u8 = 2;
/// It is over.
pub const RESOLVE: u8 = 11;
/// Somebody has taken it.
pub const ACKNOWLEDGE: u8 = 0;
const SNOOZE: u8 = 17;

/// Lives that begin with an incident and a command on it, so that most of what happens is what rarely comes after that:
/// what is learnt, and what is put off.
pub fn afterwards(verb: u8, most: usize) -> impl Strategy<Value = Vec<(Pause, Operation)>> {
    let pause = prop_oneof![
        4 => Just(Pause::Millis(0)),
        3 => (0..14_400_000_i64).prop_map(Pause::Millis),
        1 => (0..172_800_000_i64).prop_map(Pause::Millis),
        3 => (-1..2_i64).prop_map(Pause::Wakeup),
    ];
    let command = |verb, name| Operation::Command { verb, incident: 0, name };
    let operation = prop_oneof![
        16 => (27..33_u8, 0..6_u8).prop_map(move |(verb, name)| command(verb, name)),
        2 => (0..6_u8).prop_map(move |name| command(SNOOZE, name)),
        1 => (0..4_u8).prop_map(|key| Operation::Alert { key, service: 0, flavour: 0, resolved: false }),
        3 => Just(Operation::Tick),
    ];
    (0..8_u8, prop::collection::vec((pause, operation), 1..most)).prop_map(move |(flavour, rest)| {
        let opened = Operation::Alert { key: 0, service: 0, flavour, resolved: false };
        let begun = [opened, command(verb, 1)].map(|operation| (Pause::Millis(0), operation));
        begun.into_iter().chain(rest).collect()
    })
}

/// Lives of a few incidents of several alerts each, which somebody takes, and which are merged, split and linked.
pub fn among_kin(most: usize) -> impl Strategy<Value = Vec<(Pause, Operation)>> {
    let pause = prop_oneof![
        4 => Just(Pause::Millis(0)),
        3 => (0..600_000_i64).prop_map(Pause::Millis),
        1 => (-1..2_i64).prop_map(Pause::Wakeup),
    ];
    let command = |verb, incident, name| Operation::Command { verb, incident, name };
    let operation = prop_oneof![
        6 => (0..6_u8, 1..3_u8, 3..8_u8)
            .prop_map(|(key, service, flavour)| Operation::Alert { key, service, flavour, resolved: false }),
        4 => (0..3_u8, 0..3_usize, 0..3_u8).prop_map(move |(verb, incident, name)| command(verb, incident, name)),
        8 => (KIN, 0..3_usize, 0..4_u8).prop_map(move |(verb, incident, name)| command(verb, incident, name)),
    ];
    prop::collection::vec((pause, operation), 1..most)
}

/// One call as it went.
#[derive(Debug, Clone)]
pub struct Call {
    /// What was handed in.
    pub entry: Entry,
    /// What came of it.
    pub result: Result<Step, Rejected>,
    /// The engine before it.
    pub before: Engine,
}

/// A life as it went.
#[derive(Debug, Clone)]
pub struct Life {
    /// Each call.
    pub calls: Vec<Call>,
    /// The engine at the end.
    pub engine: Engine,
}

impl Life {
    /// Lives through operations from a fixed instant on.
    #[must_use]
    pub fn live(operations: &[(Pause, Operation)]) -> Self {
        let mut engine = Engine::new(Arc::clone(&POLICY));
        let mut clock: Timestamp = start();
        let mut calls = Vec::with_capacity(operations.len());
        for (pause, operation) in operations {
            clock = match pause {
                Pause::Millis(millis) => clock + TimeDelta::milliseconds(*millis),
                Pause::Wakeup(past) => engine.wakeup().unwrap_or(clock) + TimeDelta::milliseconds(*past),
            };
            let entry = Entry { at: clock, input: input(&engine, operation) };
            let before = engine.clone();
            let result = engine.apply(entry.at, entry.input.clone());
            calls.push(Call { entry, result, before });
        }
        Self { calls, engine }
    }

    /// Every effect, in order.
    #[must_use]
    pub fn effects(&self) -> Vec<Effect> {
        self.calls.iter().filter_map(|call| call.result.as_ref().ok()).flat_map(|step| step.effects.clone()).collect()
    }

    /// What was handed in, in order.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.calls.iter().map(|call| call.entry.clone()).collect()
    }
}

/// When every life begins.
#[must_use]
pub fn start() -> Timestamp {
    "2026-10-31T22:00:00Z".parse().unwrap_or_default()
}

fn input(engine: &Engine, operation: &Operation) -> Input {
    match operation {
        Operation::Alert { key, service, flavour, resolved } => {
            Input::Alert(alert(*key, *service, *flavour, *resolved))
        }
        Operation::Command { verb, incident, name } => command(engine, *verb, *incident, *name),
        Operation::Report { effect, failed } => {
            let mut pending: Vec<&Effect> = engine.pending().collect();
            pending.sort_by_key(|effect| effect.at);
            let known = pending.iter().rev().nth(*effect).map(|effect| effect.id.clone());
            let effect = known.unwrap_or_else(|| EffectId::from("nowhere-20260101-aaaaaaaa/1"));
            let (outcome, detail) =
                if *failed { (Outcome::Failed, "no route\r\nto host") } else { (Outcome::Delivered, "") };
            Input::Report { effect, outcome, detail: detail.to_owned(), opened_as: None }
        }
        Operation::Tick => Input::Tick,
    }
}

fn alert(key: u8, service: u8, flavour: u8, resolved: bool) -> Alert {
    let mut alert = Alert { key: format!("k{key}"), ..Alert::default() };
    alert.status = if resolved { AlertStatus::Resolved } else { AlertStatus::Firing };
    alert.service = [None, Some("gate"), Some("shop"), Some("unheard-of")]
        .into_iter()
        .nth(usize::from(service))
        .flatten()
        .map(str::to_owned);
    let labels: &[(&str, &str)] = match flavour {
        0 => &[],
        1 => &[("boom", "yes")],
        2 => &[("kind", "note")],
        3 => &[("quiet", "yes"), ("site", "a")],
        4 => &[("site", "b")],
        8 => &[("drill", "yes")],
        _ => &[("site", "a")],
    };
    INTERNAL_SUMMARY.clone_into(&mut alert.summary);
    alert.labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    alert.labels.insert("host".to_owned(), INTERNAL_HOST.to_owned());
    if flavour >= 5 {
        alert.values.insert("down".to_owned(), f64::from(flavour - 5));
    }
    alert
}

fn command(engine: &Engine, verb: u8, incident: usize, name: u8) -> Input {
    // What is done to an incident finds one that is open, and what is learnt one that is over, where there is one.
    let learns = (20..=25).contains(&verb);
    let mut known: Vec<&Incident> = engine.incidents().collect();
    known.sort_by_key(|incident| incident.state().is_resolved() != learns);
    let known = known.get(incident).map(|incident| incident.id().clone());
    let incident = known.unwrap_or_else(|| IncidentId::from("nowhere-20260101-aaaaaaaa"));
    let by = ["ana", "budi", "dewi", "a stranger", "", "nobody"]
        .get(usize::from(name))
        .copied()
        .unwrap_or_default()
        .to_owned();
    let severity =
        ["critical", "high", "low", "note", "worst", "critical"].get(usize::from(name)).copied().unwrap_or_default();
    let level =
        [None, Some("second"), Some("1"), Some("99"), Some("empty"), None].into_iter().nth(usize::from(name)).flatten();
    match verb {
        0 | 1 => Input::Acknowledge { incident, by, note: String::new() },
        2 => Input::Respond { incident, by, note: String::new() },
        3 => {
            // Some leave out what must be said, some name what there is not.
            let parts = ["status", "next", "status", "unheard-of", "status", "status"];
            let part = parts.get(usize::from(name)).copied().unwrap_or_default();
            let parts = BTreeMap::from([(part.to_owned(), INTERNAL_UPDATE.to_owned())]);
            Input::Update { incident, by, text: String::new(), parts }
        }
        4 => public(incident, by, name),
        5 => Input::Declare { incident, by },
        6 => Input::Escalate { incident, by: "ana".to_owned(), level: level.map(str::to_owned), reason: String::new() },
        7 => {
            Input::SetSeverity { incident, by: "ana".to_owned(), severity: severity.to_owned(), reason: String::new() }
        }
        8 => {
            let hours =
                [None, Some(1), Some(5), Some(23), Some(-1), Some(900)].get(usize::from(name)).copied().flatten();
            let until = hours.zip(engine.now()).map(|(hours, now)| now + TimeDelta::hours(hours));
            Input::Pause { incident, by: "ana".to_owned(), until, reason: "the vendor".to_owned() }
        }
        9 => Input::Resume { incident, by },
        10 => Input::Assess {
            incident,
            by,
            impact: Impact {
                significant: Some(name.is_multiple_of(2)),
                users_affected: Some(u64::from(name)),
                scope: [None, Some(Scope::Few), Some(Scope::All)].get(usize::from(name)).copied().flatten(),
                urgency: [Some(Urgency::Worsening), Some(Urgency::Stable)].get(usize::from(name)).copied().flatten(),
                ..Impact::default()
            },
        },
        11 | 12 => {
            let override_reason = (name != 0).then(|| "a drill".to_owned());
            Input::Resolve { incident, by, note: String::new(), override_reason }
        }
        20..=26 => life(verb, incident, by, name),
        17..=19 => quiet(engine, verb, incident, name),
        27..=32 => crate::learning::command(engine, verb - 27, incident, name),
        33 => {
            let reason = if name == 1 { " " } else { "a cable was pulled" };
            Input::FalseAlarm { incident, by, reason: reason.to_owned() }
        }
        34..=37 => kin(engine, verb, incident, by, name),
        _ => on_call(engine, verb, name),
    }
}

/// The verbs by which incidents stand to each other.
pub const KIN: std::ops::Range<u8> = 34..38;

/// What is merged, split, linked and unlinked; some with what is over, unknown, or itself.
fn kin(engine: &Engine, verb: u8, incident: IncidentId, by: String, name: u8) -> Input {
    let mut others: Vec<&Incident> = engine.incidents().collect();
    others.sort_by_key(|other| (other.state().is_resolved(), *other.id() == incident));
    let other = others.get(usize::from(name)).map_or_else(|| IncidentId::from("nowhere"), |other| other.id().clone());
    match verb {
        34 => Input::Merge { incident, into: other, by, reason: "the same cable".to_owned() },
        35 => {
            let known = engine.incident(&incident).into_iter().flat_map(Incident::alerts);
            let alerts = known.take(usize::from(name)).map(|(alert, _)| alert.to_owned()).collect();
            let title = (name == 1).then(|| "another cable".to_owned());
            Input::Split { incident, alerts, title, by, reason: String::new() }
        }
        36 => Input::Link { incident, parent: other, by },
        _ => Input::Unlink { incident, by },
    }
}

/// What only those inside may read, and the laws look for in what the public does.
pub const INTERNAL_UPDATE: &str = "the pool of db-7 is exhausted";
/// What an alert says at length.
pub const INTERNAL_SUMMARY: &str = "connection pool of db-7 exhausted";
/// What an alert says of the machine.
pub const INTERNAL_HOST: &str = "db-7.example.internal";

/// What the public is told; some of it is not for them, and some goes back without a reason.
fn public(incident: IncidentId, by: String, name: u8) -> Input {
    let text = [
        "we found it".to_owned(),
        format!("It is so: {INTERNAL_UPDATE}."),
        format!("{INTERNAL_SUMMARY}!"),
        format!("We are looking at {INTERNAL_HOST}"),
        "Write to ana@example.org".to_owned(),
        "Ana Example is looking at it".to_owned(),
    ];
    let statuses = [PublicStatus::Identified, PublicStatus::Investigating, PublicStatus::Monitoring];
    let status = statuses.get(usize::from(name % 3)).copied().unwrap_or(PublicStatus::Resolved);
    let text = text.get(usize::from(name)).cloned().unwrap_or_default();
    // The same words in every field, so that each is looked at.
    let issue = by.starts_with('b').then(|| text.clone());
    let impact = by.starts_with('d').then(|| text.clone());
    let text = if issue.is_some() || impact.is_some() { "we found it".to_owned() } else { text };
    let reason = (name == 0).then(|| "we were wrong".to_owned());
    Input::PublicUpdate { incident, by, status, text, issue, impact, reason, override_reason: None }
}

/// What is reported, verified, checked, and who takes which role: by few names, so that they meet.
fn life(verb: u8, incident: IncidentId, by: String, name: u8) -> Input {
    let one_of = |names: [&str; 6]| names.get(usize::from(name)).copied().unwrap_or_default().to_owned();
    let item = one_of(["restored", "quiet", "restored", "unheard-of", "told", "quiet"]);
    let role = one_of(["lead", "scribe", "scribe", "lead", "unheard-of", "scribe"]);
    match verb {
        20 => Input::Verify { incident, by, note: String::new() },
        21 | 22 => Input::CheckItem { incident, item, by },
        23 => Input::UncheckItem { incident, item, by },
        24 => Input::AssignRole { incident, role, person: one_of(["ana", "budi", "cita", "nobody", "ana", "who"]), by },
        25 => Input::VacateRole { incident, role, by },
        _ => Input::Detect {
            id: None,
            source: one_of(["hotline", "email", "hotline", "monitoring", "rumour", "hotline"]),
            by,
            service: (name < 3).then(|| "gate".to_owned()),
            title: INTERNAL_SUMMARY.to_owned(),
            text: String::new(),
            labels: BTreeMap::from([("host".to_owned(), INTERNAL_HOST.to_owned())]),
            values: BTreeMap::from([("down".to_owned(), f64::from(name))]),
            drill: name == 5,
        },
    }
}

/// What is put off, and what nobody is told of: by few names, so that they meet.
fn quiet(engine: &Engine, verb: u8, incident: IncidentId, name: u8) -> Input {
    let now = engine.now().unwrap_or_else(start);
    let id = ["a", "b", "a", "b", "a", "never given"].get(usize::from(name)).copied().unwrap_or_default().to_owned();
    let by = "ana".to_owned();
    let hours = [1, 3, 23, -1, 900, 2].get(usize::from(name)).copied().unwrap_or_default();
    let to = now + TimeDelta::hours(hours);
    match verb {
        17 => Input::Snooze { incident, by, until: to, reason: String::new() },
        18 => {
            let labels = |value: &str| BTreeMap::from([("site".to_owned(), value.to_owned())]);
            let matchers = match name {
                0 => Matchers { service: Some("gate".to_owned()), ..Matchers::default() },
                1 => Matchers { service: Some("shop".to_owned()), ..Matchers::default() },
                2 => Matchers { key: Some("k0".to_owned()), ..Matchers::default() },
                5 => Matchers { labels: labels(""), ..Matchers::default() },
                _ => Matchers { labels: labels("a"), ..Matchers::default() },
            };
            let from = name.is_multiple_of(2).then(|| now + TimeDelta::minutes(i64::from(name)));
            Input::Silence { id, matchers, by, reason: "planned work".to_owned(), from, to }
        }
        _ => Input::EndSilence { id, by },
    }
}

/// Who takes over, who is away, and what is handed over: by few names, so that they meet.
fn on_call(engine: &Engine, verb: u8, name: u8) -> Input {
    let one_of = |names: [&str; 6]| names.get(usize::from(name)).copied().unwrap_or_default().to_owned();
    let person = one_of(["ana", "budi", "cita", "dewi", "ana", "a stranger"]);
    let id = one_of(["a", "b", "c", "a", "b", "never given"]);
    let by = "ana".to_owned();
    let now = engine.now().unwrap_or_else(start);
    let from = name.is_multiple_of(2).then(|| now + TimeDelta::minutes(i64::from(name) * 30));
    let to = now + TimeDelta::hours([4, 1, 30, 5, 0, 9_000].get(usize::from(name)).copied().unwrap_or_default());
    match verb {
        13 => Input::Absence { id, person, from, to, by, reason: String::new() },
        14 => {
            let on = one_of(["primary", "turns", "secondary", "turns", "after", "nothing"]);
            let replaces = (name == 3).then(|| "budi".to_owned());
            Input::Override { id, on, person, replaces, from, to, by, reason: String::new() }
        }
        15 if name < 3 => Input::EndAbsence { id, by },
        15 => Input::CancelOverride { id, by },
        _ => {
            let handoff =
                engine.handoffs().nth(usize::from(name / 3)).map_or("handoff-nothing-1", |handoff| handoff.id());
            let handoff = handoff.to_owned();
            match name % 3 {
                0 => Input::ConfirmHandoff { handoff, by },
                1 => Input::TickHandoff { handoff, point: "issues".to_owned(), by },
                _ => Input::TickHandoff { handoff, point: "unheard-of".to_owned(), by },
            }
        }
    }
}

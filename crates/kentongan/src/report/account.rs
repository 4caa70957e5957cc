//! What a journal says of one incident: folded over its inputs and what they came to, without a clock.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::calls::{Call, Calls};
use super::course::Course;
use super::documents::DocumentError;
use super::told::Told;
use super::words::{self, because};
use crate::alert::Alert;
use crate::clock::ClockKind;
use crate::decision::{Decision, Verdict};
use crate::effect::{Action, Effect, Purpose, Trigger};
use crate::engine::{Engine, Step};
use crate::incident::{Deed, Event, Incident, IncidentId, State};
use crate::input::Input;
use crate::policy::Policy;
use crate::policy::document::Target;
use crate::time::{Duration, Timestamp};

/// How the line begins that names who is paged.
const PAGED: &str = "Paged: ";
/// How it begins where they were paged before, and nobody has answered since.
const PAGED_AGAIN: &str = "Paged again, still unanswered: ";
/// How the line begins that names who says that it is over.
const RESOLVED_BY: &str = "Resolved by ";
/// How the line begins that names who has taken it.
const ACKNOWLEDGED_BY: &str = "Acknowledged by ";
/// How the line begins that names who began to work on it.
const RESPONDED_BY: &str = "Responded to by ";

/// One incident as a journal tells of it.
#[derive(Debug, Clone)]
pub struct Account {
    id: IncidentId,
    /// The incident as it was when the journal last spoke of it.
    pub incident: Option<Incident>,
    /// When it was open, with its severity, in order.
    pub stretches: Vec<Stretch>,
    /// What was promised, clock by clock, in the order of starting.
    pub promises: Vec<Promise>,
    /// When monitoring saw no problem although it was open, in order.
    pub unseen: Vec<Unseen>,
    /// Who was the first to take it or to work on it, and when.
    pub first_answer: Option<Deed>,
    /// How often it opened again.
    pub reopened: usize,
    /// When the journal forgot it, since the policy's retention was over; none while it is remembered.
    pub forgotten: Option<Timestamp>,
    /// What happened while it was open, in order.
    pub events: Vec<(Timestamp, String)>,
    /// The same as data, for whoever draws it.
    pub course: Course,
    calls: Calls,
}

/// A time during which the incident was open with one severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stretch {
    /// The severity.
    pub severity: String,
    /// Its beginning.
    pub from: Timestamp,
    /// Its end; none while it lasts.
    pub to: Option<Timestamp>,
}

/// A promise, and how it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Promise {
    /// Which clock.
    pub clock: ClockKind,
    /// What was promised.
    pub target: Option<Target>,
    /// When it ran out.
    pub deadline: Option<Timestamp>,
    /// The time on it when what it waited for happened.
    pub took: Option<Duration>,
    /// Whether it was missed.
    pub missed: bool,
    /// Whether it stopped to matter before that.
    pub given_up: bool,
}

/// A time during which an incident was open and none of its alerts fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end; none while it lasts.
    pub to: Option<Timestamp>,
}

impl Account {
    /// An account of which nothing is told yet.
    #[must_use]
    pub fn new(id: IncidentId) -> Self {
        Self {
            id,
            incident: None,
            stretches: Vec::new(),
            promises: Vec::new(),
            unseen: Vec::new(),
            first_answer: None,
            reopened: 0,
            forgotten: None,
            events: Vec::new(),
            course: Course::default(),
            calls: Calls::default(),
        }
    }

    /// How long it was open in all, up to an instant where it still is.
    #[must_use]
    pub fn open_for(&self, now: Timestamp) -> Duration {
        let lengths = self.stretches.iter().map(|it| Duration::between(it.from, it.to.unwrap_or(now)).as_millis());
        Duration::from_millis(lengths.sum())
    }

    /// How long of that monitoring saw the problem; none where it never said that it no longer does.
    #[must_use]
    pub fn seen_for(&self, now: Timestamp) -> Option<Duration> {
        let lengths = self.unseen.iter().map(|it| Duration::between(it.from, it.to.unwrap_or(now)).as_millis());
        let unseen: i64 = lengths.sum();
        (!self.unseen.is_empty()).then(|| Duration::from_millis(self.open_for(now).as_millis().saturating_sub(unseen)))
    }

    /// Who was called, page by page, and until when, in order.
    #[must_use]
    pub fn calls(&self) -> &[Call] {
        self.calls.all()
    }

    /// Why there is no document of it as it stands; none while it is remembered, and has one.
    #[must_use]
    pub fn why_gone(&self, policy: &Policy) -> Option<DocumentError> {
        let minute = |at| words::minute(policy.zone(), at);
        let over = self.incident.as_ref()?.resolved()?.at;
        let (id, over, forgotten) = (self.id.to_string(), minute(over), minute(self.forgotten?));
        Some(DocumentError::Forgotten { id, over, forgotten })
    }

    /// Takes in one call of the engine: the input, what it came to, and the engine after it.
    pub fn take(&mut self, at: Timestamp, input: &Input, step: &Step, engine: &Engine) {
        if let Some(told) = Told::by_incident(step).remove(&self.id) {
            self.take_told(at, input, &told, engine);
        } else if input.incident() == Some(&self.id) {
            self.take_told(at, input, &Told::default(), engine);
        }
    }

    /// Takes in what one call that speaks of it says of it.
    pub(super) fn take_told(&mut self, at: Timestamp, input: &Input, told: &Told<'_>, engine: &Engine) {
        let now = engine.now().unwrap_or(at);
        let before = self.events.len();
        self.follow(told, engine, &BTreeMap::new(), Some(input));
        if input.incident() == Some(&self.id) {
            self.said(before, now, input, engine.policy());
        }
        self.course.take(&self.id, now, Some(input), told, (engine.incident(&self.id), engine.policy()));
    }

    /// Takes in a reload of the policy: what it says of the incident, the engine after it, and the severities that have
    /// another name since then, `old → new`.
    pub(super) fn take_reload(&mut self, told: &Told<'_>, engine: &Engine, severities: &BTreeMap<String, String>) {
        self.follow(told, engine, severities, None);
        let Some(now) = engine.now() else { return };
        if self.is_open() {
            self.event(now, "Another policy is in force".to_owned());
        }
        self.course.take(&self.id, now, None, told, (engine.incident(&self.id), engine.policy()));
    }

    fn follow(
        &mut self,
        told: &Told<'_>,
        engine: &Engine,
        severities: &BTreeMap<String, String>,
        input: Option<&Input>,
    ) {
        if let Some(incident) = engine.incident(&self.id) {
            self.incident = Some(incident.clone());
        }
        for decision in &told.before {
            self.decided(decision, engine.policy(), input);
        }
        self.rename(severities);
        for decision in &told.after {
            self.decided(decision, engine.policy(), input);
        }
        for effect in &told.effects {
            self.asked(effect, engine.policy());
        }
    }

    /// What was under the old name of a severity is under the new one.
    fn rename(&mut self, severities: &BTreeMap<String, String>) {
        for stretch in &mut self.stretches {
            if let Some(name) = severities.get(&stretch.severity) {
                stretch.severity.clone_from(name);
            }
        }
    }

    fn decided(&mut self, decision: &Decision, policy: &Policy, input: Option<&Input>) {
        let at = decision.at;
        let named = |id: &str| words::named(policy, id);
        match &decision.verdict {
            Verdict::Opened { severity, .. } => {
                self.open(at, severity);
                let opened = self.incident.as_ref().map(|incident| words::opened(policy, incident));
                self.event(at, format!("Opened as {severity}{}", opened.unwrap_or_default()));
            }
            Verdict::TookIn { merged, since, by, reason } => {
                self.event(at, because(&format!("{merged} goes on as this, says {}", named(by)), reason));
                self.began_earlier(*since);
            }
            Verdict::SplitOff { into, by, reason, .. } => {
                self.event(at, because(&format!("A part of it goes on as {into}, says {}", named(by)), reason));
            }
            Verdict::SplitFrom { from, reason, .. } => {
                self.event(at, because(&format!("It was a part of {from} until now"), reason));
            }
            Verdict::Merged { into, by, reason } => {
                self.event(at, because(&format!("It goes on as {into}, says {}", named(by)), reason));
            }
            Verdict::FalseAlarm { by, reason } => {
                self.event(at, because(&format!("A false alarm, says {}", named(by)), reason));
            }
            Verdict::Linked { parent, .. } => self.event(at, format!("It is a part of {parent}")),
            Verdict::Unlinked { parent, .. } => self.event(at, format!("It is no part of {parent} any more")),
            Verdict::Drill { .. } => self.event(at, "This is a drill".to_owned()),
            Verdict::SeverityChanged { from, to, by, reason } => {
                // One that only has another name now is under it already.
                if self.stretches.last().is_some_and(|stretch| stretch.to.is_none() && stretch.severity != *to) {
                    self.close(at);
                    self.open(at, to);
                }
                self.event(at, because(&format!("{from} becomes {to} ({})", named(by)), reason));
            }
            Verdict::Transition { event, to, by, .. } => self.moved(at, *event, *to, by, policy),
            Verdict::Joined { firing, .. } => self.joined(at, *firing, input),
            Verdict::AlertResolved { firing: 0, .. } => {
                self.event(at, "Monitoring no longer sees the problem".to_owned());
                self.unseen.push(Unseen { from: at, to: None });
            }
            Verdict::Declared { by } => self.event(at, format!("Declared by {}", named(by))),
            Verdict::Paused { by, until, reason, .. } => {
                let until = words::minute(policy.zone(), *until);
                self.event(at, because(&format!("{} lets the clocks stand still until {until}", named(by)), reason));
            }
            Verdict::Resumed { by, .. } => self.event(at, format!("The clocks go on ({})", named(by))),
            Verdict::Snoozed { by, until, reason } => {
                let until = words::minute(policy.zone(), *until);
                self.event(at, because(&format!("Put off by {} until {until}", named(by)), reason));
            }
            Verdict::SnoozeEnded { by } => self.event(at, format!("No longer put off ({})", named(by))),
            Verdict::Verified { by, note } if note.is_empty() => self.event(at, format!("Verified by {}", named(by))),
            Verdict::Verified { by, note } => self.event(at, format!("Verified by {}: {note}", named(by))),
            Verdict::RoleAssigned { role, person, .. } => {
                self.event(at, format!("{} is {}", named(person), words::role(policy, role)));
            }
            Verdict::RoleVacated { role, .. } => {
                self.event(at, format!("Nobody is {} any longer", words::role(policy, role)));
            }
            Verdict::RoleMoved { role, to, .. } => self.event(at, words::role_moved(policy, role, to)),
            Verdict::ChannelOpenedAs { name, .. } => self.event(at, format!("The channel has another name: {name}")),
            Verdict::ClosingOverridden { by, reason, open, children } => {
                let without = words::not_done(policy, open, children);
                self.event(at, format!("Closed by {} {without}: {reason}", named(by)));
            }
            Verdict::Forgotten => self.forgotten = Some(at),
            Verdict::ClockStarted { clock, deadline } => self.promised(*clock, *deadline),
            Verdict::ClockRetargeted { clock, deadline } => {
                let target = self.target(*clock);
                if let Some(promise) = self.promise(*clock) {
                    (promise.target, promise.deadline) = (target, *deadline);
                }
            }
            Verdict::ClockMet { clock, elapsed, .. } => {
                if let Some(promise) = self.promise(*clock) {
                    promise.took = Some(*elapsed);
                }
            }
            Verdict::ClockLate { clock, elapsed, .. } => {
                if let Some(promise) = self.promise(*clock) {
                    (promise.took, promise.missed) = (Some(*elapsed), true);
                }
            }
            Verdict::ClockCancelled { clock } => {
                if let Some(promise) = self.promise(*clock) {
                    promise.given_up = true;
                }
            }
            Verdict::Delivered { effect } => self.calls.reported(effect, true),
            Verdict::DeliveryFailed { effect, .. } => self.calls.reported(effect, false),
            _ => {}
        }
    }

    /// A clock starts. The time to resolve goes on where it stood when an incident opens again: what came to an end in
    /// between was none.
    fn promised(&mut self, clock: ClockKind, deadline: Option<Timestamp>) {
        let target = self.target(clock);
        let (took, given_up) = (None, false);
        match self.promise(clock).filter(|_| clock == ClockKind::Resolve) {
            Some(promise) => {
                (promise.target, promise.deadline, promise.took, promise.given_up) = (target, deadline, took, given_up);
            }
            None => self.promises.push(Promise { clock, target, deadline, took, missed: false, given_up }),
        }
    }

    fn moved(&mut self, at: Timestamp, event: Event, to: State, by: &str, policy: &Policy) {
        match (event, to) {
            (_, State::Resolved) => {
                // What ends it unsolved has a verdict of its own, which says why.
                if !matches!(event, Event::FalseAlarm | Event::Merge) {
                    self.event(at, format!("{RESOLVED_BY}{}", words::named(policy, by)));
                }
                self.close(at);
                self.seen(at);
                self.calls.end(at, None);
            }
            (Event::Fire, State::Open) => {
                let severity = self.incident.as_ref().map(Incident::severity).unwrap_or_default().to_owned();
                self.open(at, &severity);
                self.reopened += 1;
                self.event(at, "Opened again".to_owned());
            }
            (Event::Acknowledge, _) => self.answered(at, by, ACKNOWLEDGED_BY, policy),
            (Event::Respond, _) => self.answered(at, by, RESPONDED_BY, policy),
            (Event::AcknowledgementExpire, _) => self.event(at, "The acknowledgement has gone stale".to_owned()),
            _ => {}
        }
    }

    fn answered(&mut self, at: Timestamp, by: &str, what: &str, policy: &Policy) {
        self.event(at, format!("{what}{}", words::named(policy, by)));
        self.first_answer.get_or_insert_with(|| Deed { by: by.to_owned(), at });
        self.calls.end(at, Some(by));
    }

    /// Another alert of it fires: which, as far as the call says so.
    fn joined(&mut self, at: Timestamp, firing: usize, input: Option<&Input>) {
        let which = match (input, &self.incident) {
            (Some(Input::Alert(alert)), Some(incident)) => words::joining(incident, alert),
            (Some(Input::Detect { title, .. }), Some(incident)) => {
                words::joining(incident, &Alert { summary: title.clone(), ..Alert::default() })
            }
            _ => String::new(),
        };
        let again = self.unseen.last().is_some_and(|unseen| unseen.to.is_none());
        let what = if again { "Monitoring sees the problem again" } else { "Another alert joins" };
        let firing = if firing == 1 { "one fires now".to_owned() } else { format!("{firing} fire now") };
        self.event(at, format!("{}; {firing}", because(what, &which)));
        self.seen(at);
    }

    fn asked(&mut self, effect: &Effect, policy: &Policy) {
        let at = effect.at;
        match &effect.action {
            Action::Notify(message) if message.purpose == Purpose::Page => {
                let (to, channel) = (&message.to, &message.channel);
                let again = self.calls.page(&effect.id, to, channel, at);
                let whom = format!("{} ({channel})", words::named(policy, to));
                self.paged(at, if again { PAGED_AGAIN } else { PAGED }, &whom);
            }
            Action::Breach { clock, target, deadline } => {
                // In the same call the next one may have begun already: it is the one that ran out then.
                let ran_out = |promise: &&mut Promise| promise.clock == *clock && promise.deadline == Some(*deadline);
                if let Some(promise) = self.promises.iter_mut().rev().find(ran_out) {
                    promise.missed = true;
                }
                self.event(at, format!("Missed: {} within {}", words::promised(*clock), target.in_words()));
            }
            Action::NoResponder { reason } => self.event(at, format!("Nobody could be told: {reason}")),
            Action::OpenChannel { name, .. } => self.event(at, format!("The channel {name} is opened")),
            // What a person tells the public is told with their words.
            Action::StatusPage { status, .. } if effect.cause.trigger != Trigger::PublicUpdate => {
                self.event(at, format!("The public is told: {status}"));
            }
            _ => {}
        }
    }

    /// Who is paged at one instant stands in one line.
    fn paged(&mut self, at: Timestamp, how: &str, whom: &str) {
        match self.events.iter_mut().rev().find(|(then, text)| *then == at && text.starts_with(how)) {
            Some((_, text)) => text.extend([", ", whom]),
            None => self.event(at, format!("{how}{whom}")),
        }
    }

    fn said(&mut self, since: usize, at: Timestamp, input: &Input, policy: &Policy) {
        let deed = match input {
            Input::Acknowledge { note, .. } => Some((ACKNOWLEDGED_BY, note)),
            Input::Respond { note, .. } => Some((RESPONDED_BY, note)),
            Input::Resolve { note, .. } => Some((RESOLVED_BY, note)),
            _ => None,
        };
        if let Some((deed, note)) = deed {
            // The note belongs to the deed, which was told before, in this very call.
            let told = |(then, text): &&mut (Timestamp, String)| *then == at && text.starts_with(deed);
            let line = self.events.iter_mut().skip(since).rev().find(told);
            if let Some((_, text)) = line.filter(|_| !note.is_empty()) {
                text.extend([": ", note]);
            }
        } else if let Some(text) = words::said(policy, input) {
            let told = self.events.len();
            // What those concerned are told after the end belongs to it, too.
            if matches!(input, Input::Update { .. } | Input::PublicUpdate { .. }) {
                self.events.push((at, text));
            } else {
                self.event(at, text);
            }
            // Whoever escalates, or finds something out, is told of before what came of it.
            let causes = matches!(input, Input::Escalate { .. } | Input::Assess { .. });
            if causes && self.events.len() > told {
                let first = self.events.iter().skip(since).take_while(|(then, _)| *then < at).count();
                self.events.get_mut(since + first..).into_iter().for_each(|events| events.rotate_right(1));
            }
        }
    }

    fn target(&self, clock: ClockKind) -> Option<Target> {
        Some(self.incident.as_ref()?.clock(clock)?.target.clone())
    }

    /// The latest promise of that clock.
    fn promise(&mut self, clock: ClockKind) -> Option<&mut Promise> {
        self.promises.iter_mut().rev().find(|promise| promise.clock == clock)
    }

    /// What was merged into it began before it: its present life begins there, too.
    fn began_earlier(&mut self, since: Timestamp) {
        let life = self.stretches.iter().rev().zip(self.stretches.iter().rev().skip(1));
        let joined = life.take_while(|(later, earlier)| earlier.to == Some(later.from)).count();
        let first = self.stretches.len().saturating_sub(joined + 1);
        let before = first.checked_sub(1).and_then(|before| self.stretches.get(before)?.to);
        if let Some(stretch) = self.stretches.get_mut(first) {
            // What began later than this one lengthens nothing.
            stretch.from = stretch.from.min(before.map_or(since, |before| before.max(since)));
        }
    }

    fn is_open(&self) -> bool {
        self.stretches.last().is_some_and(|stretch| stretch.to.is_none())
    }

    fn open(&mut self, at: Timestamp, severity: &str) {
        self.stretches.push(Stretch { severity: severity.to_owned(), from: at, to: None });
    }

    /// Monitoring sees the problem again, or there is none any more.
    fn seen(&mut self, at: Timestamp) {
        if let Some(unseen) = self.unseen.last_mut().filter(|unseen| unseen.to.is_none()) {
            unseen.to = Some(at);
        }
    }

    fn close(&mut self, at: Timestamp) {
        if let Some(stretch) = self.stretches.last_mut().filter(|stretch| stretch.to.is_none()) {
            stretch.to = Some(at);
        }
    }

    /// Notes what happened while it was open. What came of it afterwards is another story.
    fn event(&mut self, at: Timestamp, text: String) {
        if self.stretches.iter().any(|it| it.from <= at && it.to.is_none_or(|to| at <= to)) {
            self.events.push((at, text));
        }
    }
}

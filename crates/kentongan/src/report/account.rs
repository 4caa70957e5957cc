//! What a journal says of one incident: folded over its inputs and what they came to, without a clock.

use std::collections::BTreeMap;

use super::course::Course;
use crate::clock::ClockKind;
use crate::decision::{Decision, Verdict};
use crate::effect::{Action, Effect, EffectId, Purpose};
use crate::engine::{Engine, Step};
use crate::incident::{Deed, Event, Incident, IncidentId, State};
use crate::input::Input;
use crate::policy::document::Target;
use crate::time::{Duration, Timestamp};

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
    /// Who was paged, each person and channel once, in the order of the first page.
    pub pages: Vec<Page>,
    /// Every page by itself, in order.
    pub paged: Vec<Paged>,
    /// Who was called, and until when, in order.
    pub calls: Vec<Call>,
    /// Who was the first to take it or to work on it, and when.
    pub first_answer: Option<Deed>,
    /// How often it opened again.
    pub reopened: usize,
    /// What happened while it was open, in order.
    pub events: Vec<(Timestamp, String)>,
    /// The same as data, for whoever draws it.
    pub course: Course,
    /// The page that each effect belongs to, until its outcome is known.
    awaited: BTreeMap<EffectId, usize>,
}

/// A time during which the incident was open with one severity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The severity.
    pub severity: String,
    /// Its beginning.
    pub from: Timestamp,
    /// Its end; none while it lasts.
    pub to: Option<Timestamp>,
}

/// A promise, and how it went.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// Pages to one person on one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Who.
    pub to: String,
    /// On which channel.
    pub channel: String,
    /// When first.
    pub first: Timestamp,
    /// How often.
    pub times: usize,
    /// How often it arrived.
    pub delivered: usize,
    /// How often it did not.
    pub failed: usize,
    /// When they answered, by taking the incident or by working on it.
    pub answered: Option<Timestamp>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paged {
    /// To whom.
    pub to: String,
    /// On which channel.
    pub channel: String,
    /// When.
    pub at: Timestamp,
}

/// A time during which somebody was called: from the first page until anybody answered, or it was over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Who.
    pub who: String,
    /// From when on.
    pub from: Timestamp,
    /// Until when; none while nobody answers.
    pub until: Option<Timestamp>,
    /// Whether it was they who answered.
    pub answered: bool,
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
            pages: Vec::new(),
            paged: Vec::new(),
            calls: Vec::new(),
            first_answer: None,
            reopened: 0,
            events: Vec::new(),
            course: Course::default(),
            awaited: BTreeMap::new(),
        }
    }

    /// How long it was open in all, up to an instant where it still is.
    #[must_use]
    pub fn open_for(&self, now: Timestamp) -> Duration {
        let lengths = self.stretches.iter().map(|it| Duration::between(it.from, it.to.unwrap_or(now)).as_millis());
        Duration::from_millis(lengths.sum())
    }

    /// Takes in one call of the engine: the input, what it came to, and the engine after it.
    pub fn take(&mut self, at: Timestamp, input: &Input, step: &Step, engine: &Engine) {
        let id = self.id.clone();
        let of_this = |incident: &Option<IncidentId>| incident.as_ref() == Some(&id);
        let told = step.decisions.iter().any(|decision| of_this(&decision.incident))
            || step.effects.iter().any(|effect| of_this(&effect.incident))
            || input.incident() == Some(&id);
        if !told {
            return;
        }
        if let Some(incident) = engine.incident(&id) {
            self.incident = Some(incident.clone());
        }
        for decision in step.decisions.iter().filter(|decision| of_this(&decision.incident)) {
            self.decided(decision);
        }
        for effect in step.effects.iter().filter(|effect| of_this(&effect.incident)) {
            self.asked(effect);
        }
        if input.incident() == Some(&id) {
            self.said(engine.now().unwrap_or(at), input);
        }
        self.course.take(&id, engine.now().unwrap_or(at), input, step, engine.incident(&id));
    }

    fn decided(&mut self, decision: &Decision) {
        let at = decision.at;
        match &decision.verdict {
            Verdict::Opened { severity, .. } => {
                self.open(at, severity);
                let title = self.incident.as_ref().map(Incident::title).unwrap_or_default().to_owned();
                self.event(at, format!("Opened as {severity}: {title}"));
            }
            Verdict::SeverityChanged { from, to, by } => {
                if self.is_open() {
                    self.close(at);
                    self.open(at, to);
                }
                self.event(at, format!("{from} becomes {to} ({by})"));
            }
            Verdict::Transition { event, to, by, .. } => self.moved(at, *event, *to, by),
            Verdict::Joined { firing, .. } => self.event(at, format!("Another alert joins; {firing} fire now")),
            Verdict::Declared { by } => self.event(at, format!("Declared by {by}")),
            Verdict::Paused { by, .. } => self.event(at, format!("{by} lets the clocks stand still")),
            Verdict::Resumed { by, .. } => self.event(at, format!("The clocks go on ({by})")),
            Verdict::Snoozed { by, .. } => self.event(at, format!("Put off by {by}")),
            Verdict::SnoozeEnded { by } => self.event(at, format!("No longer put off ({by})")),
            Verdict::Detected { source, by } => self.event(at, format!("Reported by {by}, {source}")),
            Verdict::Verified { by, note } if note.is_empty() => self.event(at, format!("Verified by {by}")),
            Verdict::Verified { by, note } => self.event(at, format!("Verified by {by}: {note}")),
            Verdict::RoleAssigned { role, person, .. } => self.event(at, format!("{person} is {role}")),
            Verdict::RoleVacated { role, .. } => self.event(at, format!("Nobody is {role} any longer")),
            Verdict::ClosingOverridden { by, reason, .. } => {
                self.event(at, format!("Closed by {by} with open points: {reason}"));
            }
            Verdict::ClockStarted { clock, deadline } => {
                let target = self.target(*clock);
                let (took, missed, given_up) = (None, false, false);
                self.promises.push(Promise { clock: *clock, target, deadline: *deadline, took, missed, given_up });
            }
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
            Verdict::Delivered { effect } => {
                if let Some(page) = self.awaited.remove(effect).and_then(|index| self.pages.get_mut(index)) {
                    page.delivered += 1;
                }
            }
            Verdict::DeliveryFailed { effect, .. } => {
                if let Some(page) = self.awaited.remove(effect).and_then(|index| self.pages.get_mut(index)) {
                    page.failed += 1;
                }
            }
            _ => {}
        }
    }

    fn moved(&mut self, at: Timestamp, event: Event, to: State, by: &str) {
        match (event, to) {
            (_, State::Resolved) => {
                self.event(at, format!("Resolved by {by}"));
                self.close(at);
                self.called_until(at, "");
            }
            (Event::Fire, State::Open) => {
                let severity = self.incident.as_ref().map(Incident::severity).unwrap_or_default().to_owned();
                self.open(at, &severity);
                self.reopened += 1;
                self.event(at, "Opened again".to_owned());
            }
            (Event::Acknowledge, _) => self.answered(at, by, "Acknowledged by"),
            (Event::Respond, _) => self.answered(at, by, "Responded to by"),
            (Event::AcknowledgementExpire, _) => self.event(at, "The acknowledgement has gone stale".to_owned()),
            _ => {}
        }
    }

    fn answered(&mut self, at: Timestamp, by: &str, what: &str) {
        self.event(at, format!("{what} {by}"));
        self.first_answer.get_or_insert_with(|| Deed { by: by.to_owned(), at });
        self.called_until(at, by);
        for page in self.pages.iter_mut().filter(|page| page.to == by && page.answered.is_none()) {
            page.answered = Some(at);
        }
    }

    fn asked(&mut self, effect: &Effect) {
        let at = effect.at;
        match &effect.action {
            Action::Notify(message) if message.purpose == Purpose::Page => {
                let same = |page: &Page| page.to == message.to && page.channel == message.channel;
                let index = self.pages.iter().position(same).unwrap_or_else(|| {
                    let (to, channel) = (message.to.clone(), message.channel.clone());
                    let (times, delivered, failed, answered) = (0, 0, 0, None);
                    self.pages.push(Page { to, channel, first: at, times, delivered, failed, answered });
                    self.pages.len() - 1
                });
                if let Some(page) = self.pages.get_mut(index) {
                    page.times += 1;
                    let (to, channel) = (page.to.clone(), page.channel.clone());
                    if page.times == 1 {
                        self.event(at, format!("{to} is paged by {channel}"));
                    }
                }
                self.awaited.insert(effect.id.clone(), index);
                let (to, channel) = (message.to.clone(), message.channel.clone());
                if !self.calls.iter().any(|call| call.who == to && call.until.is_none()) {
                    self.calls.push(Call { who: to.clone(), from: at, until: None, answered: false });
                }
                self.paged.push(Paged { to, channel, at });
            }
            Action::Breach { clock, target, .. } => {
                if let Some(promise) = self.promise(*clock) {
                    promise.missed = true;
                }
                self.event(at, format!("Missed: {} within {}", promised(*clock), target.in_words()));
            }
            Action::NoResponder { reason } => self.event(at, format!("Nobody could be told: {reason}")),
            Action::OpenChannel { name, .. } => self.event(at, format!("The channel {name} is opened")),
            Action::StatusPage { status, .. } => self.event(at, format!("The public is told: {status}")),
            _ => {}
        }
    }

    fn said(&mut self, at: Timestamp, input: &Input) {
        let (by, what) = match input {
            Input::Update { by, text, parts, .. } => {
                let parts = parts.values().map(String::as_str);
                let said: Vec<&str> = parts.chain([text.as_str()]).filter(|text| !text.is_empty()).collect();
                (by, format!("update: {}", said.join(" / ")))
            }
            Input::PublicUpdate { by, status, text, .. } => (by, format!("tells the public ({status}): {text}")),
            Input::Escalate { by, reason, .. } if reason.is_empty() => (by, "escalates by hand".to_owned()),
            Input::Escalate { by, reason, .. } => (by, format!("escalates by hand: {reason}")),
            Input::Assess { by, impact, .. } => match &impact.description {
                Some(description) => (by, format!("finds: {description}")),
                None => return,
            },
            Input::Resolve { by, note, .. } if !note.is_empty() => {
                // It stands before the end, since that is the last thing that counts as of the incident's life.
                self.events.push((at, format!("{by}: {note}")));
                return;
            }
            _ => return,
        };
        self.event(at, format!("{by}: {what}"));
    }

    /// Nobody is called any longer, since somebody answered or it is over.
    fn called_until(&mut self, at: Timestamp, by: &str) {
        for call in self.calls.iter_mut().filter(|call| call.until.is_none()) {
            (call.until, call.answered) = (Some(at), call.who == by);
        }
    }

    fn target(&self, clock: ClockKind) -> Option<Target> {
        Some(self.incident.as_ref()?.clock(clock)?.target.clone())
    }

    /// The latest promise of that clock.
    fn promise(&mut self, clock: ClockKind) -> Option<&mut Promise> {
        self.promises.iter_mut().rev().find(|promise| promise.clock == clock)
    }

    fn is_open(&self) -> bool {
        self.stretches.last().is_some_and(|stretch| stretch.to.is_none())
    }

    fn open(&mut self, at: Timestamp, severity: &str) {
        self.stretches.push(Stretch { severity: severity.to_owned(), from: at, to: None });
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

/// What a clock promises, as people say it.
pub(super) const fn promised(clock: ClockKind) -> &'static str {
    match clock {
        ClockKind::Acknowledge => "to acknowledge",
        ClockKind::Respond => "to respond",
        ClockKind::Resolve => "to resolve",
        ClockKind::Update => "a status update",
        ClockKind::Public => "to tell the public",
        ClockKind::Handoff => "to hand over",
        ClockKind::Postmortem => "to publish the post-mortem",
        ClockKind::Review => "to review the post-mortem",
        ClockKind::Meeting => "to plan the meeting",
    }
}

//! What a journal says of one incident: folded over its inputs and what they came to, without a clock.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::course::Course;
use super::documents::DocumentError;
use super::words::{self, because};
use crate::clock::ClockKind;
use crate::decision::{Decision, Verdict};
use crate::effect::{Action, Effect, EffectId, Purpose, Trigger};
use crate::engine::{Engine, Step};
use crate::incident::{Deed, Event, Incident, IncidentId, State};
use crate::input::Input;
use crate::policy::Policy;
use crate::policy::document::Target;
use crate::time::{Duration, Timestamp};

/// How the line begins that names who is paged.
const PAGED: &str = "Paged: ";
/// How the line begins that names who says that it is over.
const RESOLVED_BY: &str = "Resolved by ";

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
    /// When the journal forgot it, since the policy's retention was over; none while it is remembered.
    pub forgotten: Option<Timestamp>,
    /// What happened while it was open, in order.
    pub events: Vec<(Timestamp, String)>,
    /// The same as data, for whoever draws it.
    pub course: Course,
    /// The page that each effect belongs to, until its outcome is known.
    awaited: BTreeMap<EffectId, usize>,
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

/// Pages to one person on one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
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
            forgotten: None,
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
        let named = input.incident() == Some(&self.id);
        if !named && !self.is_told_of(step) {
            return;
        }
        let now = engine.now().unwrap_or(at);
        let before = self.events.len();
        self.follow(step, engine, &BTreeMap::new());
        if named {
            self.said(before, now, input, engine.policy());
        }
        self.course.take(&self.id, now, Some(input), step, (engine.incident(&self.id), engine.policy()));
    }

    /// Takes in a reload of the policy: what it came to, the engine after it, and the severities that have another name
    /// since then, `old → new`.
    pub fn take_reload(&mut self, step: &Step, engine: &Engine, severities: &BTreeMap<String, String>) {
        self.follow(step, engine, severities);
        let Some(now) = engine.now() else { return };
        if self.is_open() {
            self.event(now, "Another policy is in force".to_owned());
        }
        self.course.take(&self.id, now, None, step, (engine.incident(&self.id), engine.policy()));
    }

    fn is_told_of(&self, step: &Step) -> bool {
        let of_this = |incident: &Option<IncidentId>| incident.as_ref() == Some(&self.id);
        step.decisions.iter().any(|decision| of_this(&decision.incident))
            || step.effects.iter().any(|effect| of_this(&effect.incident))
    }

    fn follow(&mut self, step: &Step, engine: &Engine, severities: &BTreeMap<String, String>) {
        let id = self.id.clone();
        let of_this = |incident: &Option<IncidentId>| incident.as_ref() == Some(&id);
        if let Some(incident) = engine.incident(&id) {
            self.incident = Some(incident.clone());
        }
        for decision in &step.decisions {
            // What comes before it in the same call was decided under the policy before.
            if let Verdict::PolicyChanged { .. } = decision.verdict {
                self.rename(severities);
            } else if of_this(&decision.incident) {
                self.decided(decision, engine.policy());
            }
        }
        for effect in step.effects.iter().filter(|effect| of_this(&effect.incident)) {
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

    fn decided(&mut self, decision: &Decision, policy: &Policy) {
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
            Verdict::Joined { firing: 1, .. } => self.event(at, "Another alert joins; one fires now".to_owned()),
            Verdict::Joined { firing, .. } => self.event(at, format!("Another alert joins; {firing} fire now")),
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
                self.called_until(at, "");
            }
            (Event::Fire, State::Open) => {
                let severity = self.incident.as_ref().map(Incident::severity).unwrap_or_default().to_owned();
                self.open(at, &severity);
                self.reopened += 1;
                self.event(at, "Opened again".to_owned());
            }
            (Event::Acknowledge, _) => self.answered(at, by, "Acknowledged by", policy),
            (Event::Respond, _) => self.answered(at, by, "Responded to by", policy),
            (Event::AcknowledgementExpire, _) => self.event(at, "The acknowledgement has gone stale".to_owned()),
            _ => {}
        }
    }

    fn answered(&mut self, at: Timestamp, by: &str, what: &str, policy: &Policy) {
        self.event(at, format!("{what} {}", words::named(policy, by)));
        self.first_answer.get_or_insert_with(|| Deed { by: by.to_owned(), at });
        self.called_until(at, by);
        for page in self.pages.iter_mut().filter(|page| page.to == by && page.answered.is_none()) {
            page.answered = Some(at);
        }
    }

    fn asked(&mut self, effect: &Effect, policy: &Policy) {
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
                        self.first_page(at, &format!("{} ({channel})", words::named(policy, &to)));
                    }
                }
                self.awaited.insert(effect.id.clone(), index);
                let (to, channel) = (message.to.clone(), message.channel.clone());
                if !self.calls.iter().any(|call| call.who == to && call.until.is_none()) {
                    self.calls.push(Call { who: to.clone(), from: at, until: None, answered: false });
                }
                self.paged.push(Paged { to, channel, at });
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

    /// Who is paged for the first time at one instant stands in one line.
    fn first_page(&mut self, at: Timestamp, whom: &str) {
        match self.events.iter_mut().rev().find(|(then, text)| *then == at && text.starts_with(PAGED)) {
            Some((_, text)) => text.extend([", ", whom]),
            None => self.event(at, format!("{PAGED}{whom}")),
        }
    }

    fn said(&mut self, since: usize, at: Timestamp, input: &Input, policy: &Policy) {
        if let Input::Resolve { note, .. } = input {
            // The last word belongs to the end, which was told before.
            let ended = self.events.iter_mut().rev().find(|(then, text)| *then == at && text.starts_with(RESOLVED_BY));
            if let Some((_, text)) = ended.filter(|_| !note.is_empty()) {
                text.extend([": ", note]);
            }
        } else if let Some(text) = words::said(policy, input) {
            let told = self.events.len();
            self.event(at, text);
            // Whoever escalates is told of before those whom that reached.
            if matches!(input, Input::Escalate { .. }) && self.events.len() > told {
                let first = self.events.iter().skip(since).take_while(|(then, _)| *then < at).count();
                self.events.get_mut(since + first..).into_iter().for_each(|events| events.rotate_right(1));
            }
        }
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

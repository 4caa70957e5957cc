//! What happened to an incident, as data with instants: its states, its clocks and what people did, to be drawn.

use super::told::Told;
use super::words::{self, because};
use crate::clock::ClockKind;
use crate::decision::{Decision, Verdict};
use crate::effect::{Action, Effect, Purpose, Trigger};
use crate::incident::{Event, Incident, IncidentId, State};
use crate::input::Input;
use crate::policy::Policy;
use crate::policy::document::Target;
use crate::time::Timestamp;

/// The course of one incident. The clocks on its post-mortem are no part of it: they run for weeks after it.
#[derive(Debug, Clone, Default)]
pub struct Course {
    /// The states it came into, and when.
    pub states: Vec<(Timestamp, State)>,
    /// Its clocks, each start by itself, in the order of starting.
    pub runs: Vec<ClockRun>,
    /// When clocks stood still.
    pub standstills: Vec<Standstill>,
    /// What happened at one instant, in the order in which the journal tells it.
    pub marks: Vec<Mark>,
}

/// One run of a clock, from its start until it stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockRun {
    /// Which clock.
    pub clock: ClockKind,
    /// What was promised.
    pub target: Option<Target>,
    /// When it started.
    pub from: Timestamp,
    /// When it ran out, or would; none for best effort.
    pub deadline: Option<Timestamp>,
    /// When it stopped; none while it runs.
    pub until: Option<Timestamp>,
    /// How it ended.
    pub end: RunEnd,
}

/// How a run of a clock ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunEnd {
    /// It runs, or gave way to the next run.
    Open,
    /// The promise was kept.
    Met,
    /// It was missed, whether or not it was made good later.
    Missed,
    /// It no longer mattered.
    GivenUp,
}

/// A time during which clocks stood still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standstill {
    /// Which.
    pub clocks: Vec<ClockKind>,
    /// From when on.
    pub from: Timestamp,
    /// Until when; none while they stand.
    pub to: Option<Timestamp>,
}

/// Something that happened at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: MarkKind,
    /// Who did it, or whom it reached; empty where it is nobody.
    pub who: String,
    /// The particulars.
    pub text: String,
}

/// What happened at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// Somebody was paged.
    Page,
    /// Somebody took it.
    Acknowledged,
    /// Somebody began to work on it.
    Responded,
    /// Somebody escalated by hand.
    Escalated,
    /// It was over.
    Resolved,
    /// It opened again.
    Reopened,
    /// An escalation level was told.
    Level,
    /// Nobody could be found to tell.
    Nobody,
    /// Those inside were told how it stands.
    Update,
    /// The public was told.
    PublicUpdate,
    /// A promise was missed.
    Breach,
    /// Another severity was set, or found.
    Severity,
    /// Somebody let its clocks stand still.
    Paused,
    /// Somebody put it off.
    Snoozed,
    /// It ended, since it was none.
    FalseAlarm,
    /// It ended as a duplicate, and goes on as another.
    Merged,
    /// Another goes on as this.
    TookIn,
    /// A part of it goes on as another, or it was a part of another until then.
    Split,
}

impl Course {
    /// Takes in what one call of the engine says of the incident, the input unless it was a reload, and the incident and
    /// the policy after it, the one if it is remembered.
    pub(super) fn take(
        &mut self,
        id: &IncidentId,
        at: Timestamp,
        input: Option<&Input>,
        told: &Told<'_>,
        (incident, policy): (Option<&Incident>, &Policy),
    ) {
        for decision in told.decisions() {
            self.decided(decision, incident, policy);
        }
        for effect in &told.effects {
            self.asked(effect, incident);
        }
        if let Some(input) = input.filter(|input| input.incident() == Some(id)) {
            self.said(at, input, policy);
        }
        // A pause and another severity move deadlines; what the clock says at the end of the call holds.
        for run in &mut self.runs {
            let clock = incident.and_then(|incident| incident.clock(run.clock));
            if let Some(clock) = clock.filter(|clock| run.until.is_none() && clock.is_running()) {
                run.deadline = clock.deadline;
            }
        }
    }

    fn decided(&mut self, decision: &Decision, incident: Option<&Incident>, policy: &Policy) {
        let at = decision.at;
        match &decision.verdict {
            Verdict::Opened { .. } => self.states.push((at, State::Open)),
            Verdict::Transition { event, from, to, by } => {
                self.moved(at, *event, (*from, *to), by);
            }
            Verdict::LevelNotified { level, to } => {
                self.mark(at, MarkKind::Level, "", format!("{level}: {}", words::all_named(policy, to).join(", ")));
            }
            Verdict::SeverityChanged { from, to, by, reason } => {
                self.mark(at, MarkKind::Severity, by, because(&format!("{from} becomes {to}"), reason));
            }
            Verdict::Snoozed { by, reason, .. } => self.mark(at, MarkKind::Snoozed, by, because("", reason)),
            Verdict::FalseAlarm { by, reason } => self.mark(at, MarkKind::FalseAlarm, by, because("", reason)),
            Verdict::Merged { into, by, reason } => {
                self.mark(at, MarkKind::Merged, by, because(into.as_str(), reason));
            }
            Verdict::TookIn { merged, by, reason, .. } => {
                self.mark(at, MarkKind::TookIn, by, because(merged.as_str(), reason));
            }
            Verdict::SplitOff { into, by, reason, .. } => {
                self.mark(at, MarkKind::Split, by, because(&format!("goes on as {into}"), reason));
            }
            Verdict::SplitFrom { from, reason, .. } => {
                self.mark(at, MarkKind::Split, "", because(&format!("out of {from}"), reason));
            }
            Verdict::Paused { clocks, by, reason, .. } => {
                self.mark(at, MarkKind::Paused, by, because("", reason));
                self.standstills.push(Standstill { clocks: clocks.clone(), from: at, to: None });
            }
            Verdict::Resumed { .. } => self.go_on(at),
            Verdict::ClockStarted { clock, deadline } if !ClockKind::OF_POSTMORTEM.contains(clock) => {
                self.stop(*clock, at, RunEnd::Open);
                let target = incident.and_then(|incident| incident.clock(*clock)).map(|clock| clock.target.clone());
                let (until, end) = (None, RunEnd::Open);
                self.runs.push(ClockRun { clock: *clock, target, from: at, deadline: *deadline, until, end });
            }
            Verdict::ClockRetargeted { clock, deadline } => {
                let target = incident.and_then(|incident| incident.clock(*clock)).map(|clock| clock.target.clone());
                if let Some(run) = self.run(*clock) {
                    (run.target, run.deadline) = (target, *deadline);
                }
            }
            Verdict::ClockMet { clock, .. } => self.stop(*clock, at, RunEnd::Met),
            Verdict::ClockLate { clock, .. } => self.stop(*clock, at, RunEnd::Missed),
            Verdict::ClockCancelled { clock } => self.stop(*clock, at, RunEnd::GivenUp),
            _ => {}
        }
    }

    fn moved(&mut self, at: Timestamp, event: Event, (from, to): (State, State), by: &str) {
        if from != to {
            self.states.push((at, to));
        }
        match (event, to) {
            (_, State::Resolved) if from != to => {
                self.go_on(at);
                // What ends it unsolved has a verdict of its own, which says why.
                if !matches!(event, Event::FalseAlarm | Event::Merge) {
                    self.mark(at, MarkKind::Resolved, by, String::new());
                }
            }
            (Event::Fire, State::Open) if from == State::Resolved => {
                self.mark(at, MarkKind::Reopened, "", String::new());
            }
            (Event::Acknowledge, _) => self.mark(at, MarkKind::Acknowledged, by, String::new()),
            (Event::Respond, _) => self.mark(at, MarkKind::Responded, by, String::new()),
            _ => {}
        }
    }

    fn asked(&mut self, effect: &Effect, incident: Option<&Incident>) {
        let at = effect.at;
        match &effect.action {
            Action::Notify(message) if message.purpose == Purpose::Page => {
                self.mark(at, MarkKind::Page, &message.to, message.channel.clone());
            }
            Action::Breach { clock, target, deadline } => {
                if let Some(run) = self.missed(*clock, *deadline) {
                    run.end = RunEnd::Missed;
                }
                self.mark(at, MarkKind::Breach, "", format!("to {clock} within {}", target.in_words()));
            }
            Action::NoResponder { reason } => self.mark(at, MarkKind::Nobody, "", reason.clone()),
            // What somebody wrote for the public is told by their input.
            Action::StatusPage { status, .. } if effect.cause.trigger != Trigger::PublicUpdate => {
                // The effect has the whole page, in Markdown; what was said is the post.
                let posts = incident.into_iter().flat_map(|incident| incident.public_page().posts.iter().rev());
                let mut posts = posts.filter(|post| post.at == at && post.status == *status);
                let said = posts.next().map(|post| format!("{status}: {}", post.text));
                self.mark(at, MarkKind::PublicUpdate, "", said.unwrap_or_else(|| status.to_string()));
            }
            _ => {}
        }
    }

    fn said(&mut self, at: Timestamp, input: &Input, policy: &Policy) {
        match input {
            Input::Update { by, text, parts, .. } => {
                self.mark(at, MarkKind::Update, by, words::update(policy, parts, text));
            }
            Input::PublicUpdate { by, status, text, .. } => {
                self.mark(at, MarkKind::PublicUpdate, by, format!("{status}: {text}"));
            }
            Input::Escalate { by, reason, .. } => self.mark(at, MarkKind::Escalated, by, reason.clone()),
            Input::Acknowledge { by, note, .. } => self.noted(at, MarkKind::Acknowledged, by, note),
            Input::Respond { by, note, .. } => self.noted(at, MarkKind::Responded, by, note),
            _ => {}
        }
    }

    /// What somebody said with what they did in the same call.
    fn noted(&mut self, at: Timestamp, kind: MarkKind, who: &str, note: &str) {
        let done = |mark: &&mut Mark| mark.at == at && mark.kind == kind && mark.who == who;
        if let Some(mark) = self.marks.iter_mut().rev().find(done) {
            note.clone_into(&mut mark.text);
        }
    }

    fn mark(&mut self, at: Timestamp, kind: MarkKind, who: &str, text: String) {
        self.marks.push(Mark { at, kind, who: who.to_owned(), text });
    }

    /// The latest run of a clock, while it runs.
    fn run(&mut self, clock: ClockKind) -> Option<&mut ClockRun> {
        self.runs.iter_mut().rev().find(|run| run.clock == clock).filter(|run| run.until.is_none())
    }

    /// The run that a breach is of: a clock that starts again where it is missed has begun its next one already.
    fn missed(&mut self, clock: ClockKind, deadline: Timestamp) -> Option<&mut ClockRun> {
        let same = |run: &&mut ClockRun| run.clock == clock && run.deadline == Some(deadline);
        let index = self.runs.iter_mut().rev().find(same).map(|run| run.from);
        match index {
            Some(from) => self.runs.iter_mut().rev().find(|run| run.clock == clock && run.from == from),
            None => self.run(clock),
        }
    }

    fn stop(&mut self, clock: ClockKind, at: Timestamp, end: RunEnd) {
        if let Some(run) = self.run(clock) {
            run.until = Some(at);
            if run.end == RunEnd::Open {
                run.end = end;
            }
        }
    }

    fn go_on(&mut self, at: Timestamp) {
        for standstill in self.standstills.iter_mut().filter(|standstill| standstill.to.is_none()) {
            standstill.to = Some(at);
        }
    }
}

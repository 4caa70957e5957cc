//! What people do: each command is checked before anything is touched, then done.

use super::Engine;
use super::postmortem_checks::{check_postmortem, check_postmortem_texts};
use super::snooze::check_snooze;
use super::tell::{Part, Words};
use super::work::{Output, Work};
use crate::clock::{Clock, ClockKind};
use crate::decision::Verdict;
use crate::effect::Trigger;
use crate::error::{Refusal, Rejected};
use crate::incident::{Deed, Event, Incident, Transition, transition};
use crate::input::Input;
use crate::limits;
use crate::policy::Policy;
use crate::policy::document::{Declare, MessageKind, Occasion, PublicNotice};
use crate::time::Timestamp;

impl Engine {
    /// Finds the first refusal that applies to a command, in the documented order.
    pub(super) fn check_command(&self, at: Timestamp, input: &Input) -> Result<(), Rejected> {
        check_texts(input)?;
        let Some(id) = input.incident() else {
            return Ok(());
        };
        let Some(incident) = self.incidents.get(id) else {
            return Err(Refusal::UnknownIncident { incident: id.to_string() }.into());
        };
        check_names(&self.policy, incident, input)?;
        if let Some(event) = event(input)
            && transition(incident.state, event) == Transition::Refuse
        {
            return Err(Refusal::AlreadyResolved { incident: id.to_string() }.into());
        }
        if let Input::Pause { until, .. } = input {
            check_pause(&self.policy, incident, self.now.map_or(at, |now| now.max(at)), *until)?;
        }
        if let Input::Snooze { until, .. } = input {
            check_snooze(&self.policy, self.now.map_or(at, |now| now.max(at)), *until)?;
        }
        check_postmortem(&self.policy, incident, self.now.map_or(at, |now| now.max(at)), input)?;
        if let Input::PublicUpdate { .. } = input {
            let severity = self.policy.severity(&incident.severity);
            if severity.is_some_and(|severity| severity.document.public.notice == PublicNotice::Never) {
                return Err(Refusal::NotPublic { severity: incident.severity.clone() }.into());
            }
            if self.policy.declaration().is_none_or(|declaration| declaration.status_page.is_none()) {
                return Err(Refusal::NoStatusPage.into());
            }
        }
        Ok(())
    }

    pub(super) fn take_command(&mut self, now: Timestamp, command: Input, output: &mut Output) {
        let Some(id) = command.incident().cloned() else {
            return;
        };
        self.work(&id, now, output, |work| {
            match command {
                Input::Acknowledge { by, .. } => work.acknowledge(&by),
                Input::Respond { by, .. } => work.respond(&by),
                Input::Assess { by, impact, .. } => work.assess(&by, impact),
                Input::Update { by, text, .. } => work.update(&by, &text),
                Input::PublicUpdate { by, status, text, .. } => work.public_update(&by, status, &text),
                Input::Declare { by, .. } => {
                    if work.transit(Event::Declare, &by) {
                        work.incident.active_at = now;
                        work.declare(&by);
                    }
                }
                Input::Escalate { by, level, .. } => {
                    if work.transit(Event::Escalate, &by) {
                        work.incident.active_at = now;
                        // What a person asks for is never kept quiet.
                        work.wake(&by);
                        work.lift();
                        work.escalate_by_hand(level.as_deref());
                    }
                }
                Input::SetSeverity { by, severity, .. } => {
                    if work.transit(Event::SetSeverity, &by) {
                        work.change_severity(&severity, &by);
                    }
                }
                Input::Pause { by, until, reason, .. } => work.pause(&by, until, reason),
                Input::Resume { by, .. } => {
                    if work.transit(Event::Resume, &by) {
                        work.incident.active_at = now;
                        work.resume(&by);
                    }
                }
                Input::Snooze { by, until, reason, .. } => work.snooze(&by, until, reason),
                Input::Resolve { by, note, .. } => work.resolve(&by, &note),
                command @ (Input::RequirePostmortem { .. }
                | Input::WaivePostmortem { .. }
                | Input::WritePostmortem { .. }
                | Input::PlanMeeting { .. }
                | Input::SubmitPostmortem { .. }
                | Input::ReviewPostmortem { .. }
                | Input::PublishPostmortem { .. }) => work.take_postmortem(command),
                command @ (Input::AddAction { .. }
                | Input::ChangeAction { .. }
                | Input::FinishAction { .. }
                | Input::DropAction { .. }) => work.take_action(command),
                Input::Alert(_)
                | Input::Override { .. }
                | Input::CancelOverride { .. }
                | Input::Absence { .. }
                | Input::EndAbsence { .. }
                | Input::Silence { .. }
                | Input::EndSilence { .. }
                | Input::TickHandoff { .. }
                | Input::ConfirmHandoff { .. }
                | Input::Report { .. }
                | Input::Tick => {}
            }
            work.reconsider();
        });
    }
}

/// The event that a command is to the state machine.
fn event(input: &Input) -> Option<Event> {
    match input {
        Input::Acknowledge { .. } => Some(Event::Acknowledge),
        Input::Respond { .. } => Some(Event::Respond),
        Input::Assess { .. } => Some(Event::Assess),
        Input::Update { .. } => Some(Event::Update),
        Input::PublicUpdate { .. } => Some(Event::PublicUpdate),
        Input::Declare { .. } => Some(Event::Declare),
        Input::Escalate { .. } => Some(Event::Escalate),
        Input::SetSeverity { .. } => Some(Event::SetSeverity),
        Input::Pause { .. } => Some(Event::Pause),
        Input::Resume { .. } => Some(Event::Resume),
        Input::Snooze { .. } => Some(Event::Snooze),
        Input::Resolve { .. } => Some(Event::Resolve),
        // What is learnt has a table of its own, whatever the incident's state.
        Input::RequirePostmortem { .. }
        | Input::WaivePostmortem { .. }
        | Input::WritePostmortem { .. }
        | Input::PlanMeeting { .. }
        | Input::SubmitPostmortem { .. }
        | Input::ReviewPostmortem { .. }
        | Input::PublishPostmortem { .. }
        | Input::AddAction { .. }
        | Input::ChangeAction { .. }
        | Input::FinishAction { .. }
        | Input::DropAction { .. }
        | Input::Alert(_)
        | Input::Override { .. }
        | Input::CancelOverride { .. }
        | Input::Absence { .. }
        | Input::EndAbsence { .. }
        | Input::Silence { .. }
        | Input::EndSilence { .. }
        | Input::TickHandoff { .. }
        | Input::ConfirmHandoff { .. }
        | Input::Report { .. }
        | Input::Tick => None,
    }
}

fn check_texts(input: &Input) -> Result<(), Rejected> {
    let (by, field, text): (&str, &'static str, &str) = match input {
        Input::Acknowledge { by, .. }
        | Input::Respond { by, .. }
        | Input::Declare { by, .. }
        | Input::SubmitPostmortem { by, .. }
        | Input::Resume { by, .. } => (by, "text", ""),
        Input::Assess { by, impact, .. } => (by, "description", impact.description.as_deref().unwrap_or_default()),
        Input::Update { by, text, .. } | Input::PublicUpdate { by, text, .. } => (by, "text", text),
        Input::Escalate { by, reason, .. }
        | Input::SetSeverity { by, reason, .. }
        | Input::Pause { by, reason, .. }
        | Input::Snooze { by, reason, .. } => (by, "reason", reason),
        Input::Resolve { by, note, .. } | Input::ReviewPostmortem { by, note, .. } => (by, "note", note),
        Input::Override { id, by, reason, .. }
        | Input::Silence { id, by, reason, .. }
        | Input::Absence { id, by, reason, .. } => {
            bounded("id", id, limits::KEY_BYTES_MAX)?;
            (by, "reason", reason)
        }
        Input::TickHandoff { handoff, by, point } => {
            bounded("handoff", handoff, limits::KEY_BYTES_MAX)?;
            bounded("point", point, limits::KEY_BYTES_MAX)?;
            (by, "text", "")
        }
        Input::ConfirmHandoff { handoff, by } => {
            bounded("handoff", handoff, limits::KEY_BYTES_MAX)?;
            (by, "text", "")
        }
        Input::CancelOverride { id, by } | Input::EndSilence { id, by } | Input::EndAbsence { id, by } => {
            bounded("id", id, limits::KEY_BYTES_MAX)?;
            (by, "text", "")
        }
        Input::Report { effect, detail, .. } => {
            bounded("effect", effect.as_str(), limits::KEY_BYTES_MAX)?;
            return bounded("detail", detail, limits::TEXT_BYTES_MAX);
        }
        Input::RequirePostmortem { by, reason, .. } | Input::WaivePostmortem { by, reason, .. } => {
            (by, "reason", reason)
        }
        Input::PublishPostmortem { by, link, .. } => (by, "link", link.as_deref().unwrap_or_default()),
        Input::WritePostmortem { by, .. } | Input::PlanMeeting { by, .. } => {
            check_postmortem_texts(input)?;
            (by, "text", "")
        }
        Input::AddAction { action, by, text, .. } => {
            bounded("action", action, limits::KEY_BYTES_MAX)?;
            (by, "text", text)
        }
        Input::ChangeAction { action, by, text, .. } => {
            bounded("action", action, limits::KEY_BYTES_MAX)?;
            (by, "text", text.as_deref().unwrap_or_default())
        }
        Input::FinishAction { action, by, .. } => {
            bounded("action", action, limits::KEY_BYTES_MAX)?;
            (by, "text", "")
        }
        Input::DropAction { action, by, reason, .. } => {
            bounded("action", action, limits::KEY_BYTES_MAX)?;
            (by, "reason", reason)
        }
        Input::Alert(_) | Input::Tick => return Ok(()),
    };
    if by.trim().is_empty() {
        return Err(Refusal::MissingActor.into());
    }
    bounded("by", by, limits::KEY_BYTES_MAX)?;
    bounded(field, text, limits::TEXT_BYTES_MAX)
}

pub(super) fn bounded(field: &'static str, text: &str, bytes_max: usize) -> Result<(), Rejected> {
    if text.len() <= bytes_max {
        return Ok(());
    }
    Err(Refusal::TextTooLong { field, bytes: text.len(), bytes_max }.into())
}

/// A pause ends, within the time that the policy allows.
fn check_pause(policy: &Policy, incident: &Incident, at: Timestamp, until: Option<Timestamp>) -> Result<(), Rejected> {
    let at_most = policy.pausing().at_most;
    if let Some(until) = until {
        if until <= at {
            return Err(Refusal::PauseOver { until }.into());
        }
        if until > at_most.after(at) {
            return Err(Refusal::PauseTooLong { until, at_most }.into());
        }
    }
    if incident.clocks.values().any(|clock| clock.pauses.len() >= limits::PAUSES_MAX) {
        return Err(Refusal::TooManyPauses { pauses_max: limits::PAUSES_MAX }.into());
    }
    Ok(())
}

fn check_names(policy: &Policy, incident: &Incident, input: &Input) -> Result<(), Rejected> {
    match input {
        Input::SetSeverity { severity, .. } if policy.severity(severity).is_none() => {
            let known = policy.severities().map(str::to_owned).collect();
            Err(Refusal::UnknownSeverity { severity: severity.clone(), known }.into())
        }
        Input::Escalate { level: Some(level), .. } => {
            let path = incident.climb.path.as_deref().and_then(|name| policy.path(name));
            if path.is_some_and(|path| path.position(level).is_some()) {
                return Ok(());
            }
            let known = path.map(|path| path.levels.iter().map(|level| level.id.clone()).collect()).unwrap_or_default();
            Err(Refusal::UnknownLevel { level: level.clone(), known }.into())
        }
        _ => Ok(()),
    }
}

impl Work<'_> {
    fn acknowledge(&mut self, by: &str) {
        if !self.transit(Event::Acknowledge, by) {
            return;
        }
        self.wake(by);
        self.incident.acknowledged = Some(Deed { by: by.to_owned(), at: self.at });
        self.incident.active_at = self.at;
        self.finish_clock(ClockKind::Acknowledge);
        let words = Words { by, ..Words::default() };
        self.routes(Occasion::Acknowledge, Part::All, MessageKind::Acknowledge, Trigger::Acknowledged, words);
    }

    /// Whoever responds has taken it, too.
    fn respond(&mut self, by: &str) {
        if !self.transit(Event::Respond, by) {
            return;
        }
        self.wake(by);
        let deed = Deed { by: by.to_owned(), at: self.at };
        self.incident.responded = Some(deed.clone());
        self.incident.acknowledged.get_or_insert(deed);
        self.incident.active_at = self.at;
        self.finish_clock(ClockKind::Acknowledge);
        self.finish_clock(ClockKind::Respond);
        let words = Words { by, ..Words::default() };
        self.routes(Occasion::Respond, Part::All, MessageKind::Respond, Trigger::Responded, words);
    }

    /// A status update: those inside hear it, and the time to the next one starts.
    fn update(&mut self, by: &str, text: &str) {
        if !self.transit(Event::Update, by) {
            return;
        }
        self.incident.active_at = self.at;
        let words = Words { by, text, ..Words::default() };
        self.routes(Occasion::Update, Part::All, MessageKind::Update, Trigger::Update, words);
        if self.incident.clocks.get(&ClockKind::Update).is_some_and(Clock::is_running) {
            self.finish_clock(ClockKind::Update);
            self.restart_update_clock(self.at);
        }
    }

    pub(super) fn resolve(&mut self, by: &str, note: &str) {
        if !self.transit(Event::Resolve, by) {
            return;
        }
        self.incident.resolved = Some(Deed { by: by.to_owned(), at: self.at });
        self.incident.active_at = self.at;
        self.finish_clock(ClockKind::Resolve);
        for kind in [ClockKind::Acknowledge, ClockKind::Respond, ClockKind::Update, ClockKind::Public] {
            self.cancel_clock(kind);
        }
        self.incident.paused = None;
        self.wake(by);
        let words = Words { by, text: note, ..Words::default() };
        self.routes(Occasion::Resolve, Part::All, MessageKind::Resolve, Trigger::Resolved, words);
        self.die_untold();
        self.ask_for_postmortem(Trigger::Resolved);
    }

    /// Sets another severity: clocks get its targets from their original start; raising tells its people at once,
    /// lowering tells nobody anew and takes nothing back.
    pub(super) fn change_severity(&mut self, to: &str, by: &str) {
        let from = self.incident.severity.clone();
        let (Some(old), Some(new)) = (self.policy.severity(&from), self.policy.severity(to)) else {
            return;
        };
        if old.index == new.index {
            let reason = format!("it is `{to}` already");
            self.decide(Verdict::Ignored { event: Event::SetSeverity, state: self.incident.state, reason });
            return;
        }
        to.clone_into(&mut self.incident.severity);
        self.incident.active_at = self.at;
        self.decide(Verdict::SeverityChanged { from, to: to.to_owned(), by: by.to_owned() });
        self.retarget();
        let unheard = self.give_up_held();
        if new.index > old.index {
            self.climb_after_lowering();
            if unheard {
                self.routes(Occasion::Open, Part::All, MessageKind::Open, Trigger::Lowered, Words::default());
            }
            return;
        }
        self.wake(by);
        self.unmute_raised();
        if self.incident.muted.is_some() {
            self.decide(Verdict::Untold { trigger: Trigger::Raised });
            return;
        }
        let told = self.routes(Occasion::Open, Part::Outside, MessageKind::Open, Trigger::Raised, Words::default()) > 0;
        if new.document.declare == Declare::AtOnce && self.incident.declared.is_none() {
            self.declare(by);
        }
        self.tell_public(Trigger::Raised);
        self.routes(Occasion::Open, Part::Inside, MessageKind::Open, Trigger::Raised, Words::default());
        self.climb_anew(self.incident.since, Trigger::Raised, told);
        self.incident.climb.contacted_at = self.at;
    }
}

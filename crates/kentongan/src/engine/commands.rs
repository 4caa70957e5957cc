//! What people do: each command is checked before anything is touched, then done.

use super::Engine;
use super::closing::{check_false_alarm, check_item, check_resolve};
use super::detection::check_report;
use super::postmortem_checks::{check_postmortem, check_postmortem_texts};
use super::public::{PublicCheck, PublicWords, check_public};
use super::roles::{check_holder, check_role};
use super::snooze::check_snooze;
use super::splitting::check_split;
use super::tell::{Part, Words};
use super::updates::{check_complete, check_parts};
use super::work::{Output, Work};
use crate::clock::ClockKind;
use crate::decision::Verdict;
use crate::effect::Trigger;
use crate::error::{Refusal, Rejected};
use crate::incident::{Deed, Event, Incident, SaidAs, Transition, transition};
use crate::input::Input;
use crate::limits;
use crate::policy::Policy;
use crate::policy::document::{Declare, MessageKind, Occasion};
use crate::text::says_nothing;
use crate::time::Timestamp;

impl Engine {
    /// Finds the first refusal that applies to a command, in the documented order.
    pub(super) fn check_command(&self, at: Timestamp, input: &Input) -> Result<(), Rejected> {
        check_texts(input)?;
        check_report(&self.policy, input)?;
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
        check_postmortem(&self.policy, &self.changes, incident, self.now.map_or(at, |now| now.max(at)), input)?;
        match input {
            Input::PublicUpdate { status, text, issue, impact, reason, override_reason, .. } => {
                let texts = [("text", Some(text.as_str())), ("issue", issue.as_deref()), ("impact", impact.as_deref())];
                let (reason, override_reason) = (reason.as_deref(), override_reason.as_deref());
                let said = PublicCheck { status: *status, texts, reason, override_reason };
                check_public(&self.policy, incident, &said)
            }
            Input::Update { text, parts, .. } => check_complete(&self.policy, incident, text, parts),
            Input::Resolve { note, override_reason, .. } => {
                self.check_children(incident, override_reason.as_deref())?;
                check_resolve(&self.policy, incident, note, override_reason.as_deref())
            }
            Input::FalseAlarm { reason, .. } => {
                check_false_alarm(incident, reason)?;
                self.check_children(incident, None)
            }
            Input::Merge { into, .. } => self.check_merge(incident, into),
            Input::Split { alerts, .. } => check_split(incident, alerts),
            Input::Link { parent, .. } => self.check_link(incident, parent),
            Input::AssignRole { person, .. } => check_holder(&self.policy, person),
            _ => Ok(()),
        }
    }

    pub(super) fn take_command(&mut self, now: Timestamp, command: Input, output: &mut Output) {
        let Some(id) = command.incident().cloned() else {
            return;
        };
        let children = self.incidents.get(&id).map(|incident| self.open_children(incident)).unwrap_or_default();
        self.work(&id, now, output, |work| {
            match command {
                Input::Verify { by, note, .. } => work.verify(&by, note),
                Input::Acknowledge { by, note, .. } => work.acknowledge(&by, &note),
                Input::Respond { by, note, .. } => work.respond(&by, &note),
                Input::Assess { by, impact, .. } => work.assess(&by, impact),
                Input::Update { by, text, parts, .. } => work.update(&by, text, parts),
                Input::PublicUpdate { by, status, text, issue, impact, reason, override_reason, .. } => {
                    let said = PublicWords { issue, impact, reason, override_reason };
                    work.public_update(&by, status, &text, said);
                }
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
                Input::SetSeverity { by, severity, reason, .. } => {
                    if work.transit(Event::SetSeverity, &by) {
                        work.change_severity(&severity, &by, &reason);
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
                Input::CheckItem { by, item, .. } => work.check_item(&by, &item),
                Input::UncheckItem { by, item, .. } => work.uncheck_item(&by, &item),
                Input::AssignRole { by, role, person, .. } => work.assign_role(&by, &role, &person),
                Input::VacateRole { by, role, .. } => work.vacate_role(&by, &role),
                Input::Resolve { by, note, override_reason, .. } => {
                    work.close(&by, &note, override_reason.as_deref(), children);
                }
                Input::FalseAlarm { by, reason, .. } => work.false_alarm(&by, reason),
                Input::Alert(_)
                | Input::Detect { .. }
                | Input::Merge { .. }
                | Input::Split { .. }
                | Input::Link { .. }
                | Input::Unlink { .. }
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
        Input::Verify { .. } => Some(Event::Verify),
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
        Input::CheckItem { .. } => Some(Event::CheckItem),
        Input::UncheckItem { .. } => Some(Event::UncheckItem),
        Input::AssignRole { .. } => Some(Event::AssignRole),
        Input::VacateRole { .. } => Some(Event::VacateRole),
        Input::Resolve { .. } => Some(Event::Resolve),
        Input::FalseAlarm { .. } => Some(Event::FalseAlarm),
        Input::Merge { .. } => Some(Event::Merge),
        Input::Split { .. } => Some(Event::Split),
        Input::Link { .. } => Some(Event::Link),
        Input::Unlink { .. } => Some(Event::Unlink),
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
        | Input::Detect { .. }
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

#[expect(clippy::too_many_lines, reason = "one arm for each command, in one place")]
fn check_texts(input: &Input) -> Result<(), Rejected> {
    let (by, field, text): (&str, &'static str, &str) = match input {
        Input::Declare { by, .. }
        | Input::SubmitPostmortem { by, .. }
        | Input::Resume { by, .. }
        | Input::Link { by, .. }
        | Input::Unlink { by, .. }
        // What is too long in a report is cut, as in an alert: behind it stands somebody who needs help.
        | Input::Detect { by, .. } => (by, "text", ""),
        Input::Assess { by, impact, .. } => {
            bounded("functionality", impact.functionality.as_deref().unwrap_or_default(), limits::TEXT_BYTES_MAX)?;
            (by, "description", impact.description.as_deref().unwrap_or_default())
        }
        Input::Acknowledge { by, note, .. }
        | Input::Respond { by, note, .. }
        | Input::Verify { by, note, .. }
        | Input::ReviewPostmortem { by, note, .. } => (by, "note", note),
        Input::Update { by, text, parts, .. } => {
            for (part, said) in parts {
                bounded("parts", part, limits::KEY_BYTES_MAX)?;
                bounded("parts", said, limits::TEXT_BYTES_MAX)?;
            }
            (by, "text", text)
        }
        Input::PublicUpdate { by, text, issue, impact, reason, override_reason, .. } => {
            let others =
                [("issue", issue), ("impact", impact), ("reason", reason), ("override_reason", override_reason)];
            for (field, said) in others {
                bounded(field, said.as_deref().unwrap_or_default(), limits::TEXT_BYTES_MAX)?;
            }
            (by, "text", text)
        }
        Input::CheckItem { by, item, .. } | Input::UncheckItem { by, item, .. } => {
            bounded("item", item, limits::KEY_BYTES_MAX)?;
            (by, "text", "")
        }
        Input::AssignRole { by, role, person, .. } => {
            bounded("person", person, limits::KEY_BYTES_MAX)?;
            (by, "role", role)
        }
        Input::VacateRole { by, role, .. } => (by, "role", role),
        Input::Escalate { by, reason, .. }
        | Input::SetSeverity { by, reason, .. }
        | Input::Pause { by, reason, .. }
        | Input::Snooze { by, reason, .. }
        | Input::Merge { by, reason, .. }
        | Input::FalseAlarm { by, reason, .. } => (by, "reason", reason),
        Input::Split { by, title, reason, alerts, .. } => {
            bounded("title", title.as_deref().unwrap_or_default(), limits::TEXT_BYTES_MAX)?;
            for alert in alerts {
                bounded("alerts", alert, limits::KEY_BYTES_MAX)?;
            }
            (by, "reason", reason)
        }
        Input::Resolve { by, note, override_reason, .. } => {
            bounded("override_reason", override_reason.as_deref().unwrap_or_default(), limits::TEXT_BYTES_MAX)?;
            (by, "note", note)
        }
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
        Input::Report { effect, detail, opened_as, .. } => {
            bounded("effect", effect.as_str(), limits::KEY_BYTES_MAX)?;
            bounded("opened_as", opened_as.as_deref().unwrap_or_default(), limits::KEY_BYTES_MAX)?;
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
    if says_nothing(by) {
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
        Input::CheckItem { item, .. } | Input::UncheckItem { item, .. } => check_item(policy, incident, item),
        Input::Update { parts, .. } => check_parts(policy, parts),
        Input::AssignRole { role, .. } | Input::VacateRole { role, .. } => check_role(policy, role),
        _ => Ok(()),
    }
}

impl Work<'_> {
    fn acknowledge(&mut self, by: &str, note: &str) {
        if !self.transit(Event::Acknowledge, by) {
            return;
        }
        self.wake(by);
        self.incident.acknowledged = Some(Deed { by: by.to_owned(), at: self.at });
        self.incident.active_at = self.at;
        self.finish_clock(ClockKind::Acknowledge);
        self.incident.said_inside.add(SaidAs::Answer, note);
        let words = Words { by, text: note, ..Words::default() };
        self.routes(Occasion::Acknowledge, Part::All, MessageKind::Acknowledge, Trigger::Acknowledged, words);
    }

    /// Whoever responds has taken it, too.
    fn respond(&mut self, by: &str, note: &str) {
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
        self.incident.said_inside.add(SaidAs::Answer, note);
        let words = Words { by, text: note, ..Words::default() };
        self.routes(Occasion::Respond, Part::All, MessageKind::Respond, Trigger::Responded, words);
    }

    /// Sets another severity: clocks get its targets from their original start; raising tells its people at once,
    /// lowering tells nobody anew and takes nothing back.
    pub(super) fn change_severity(&mut self, to: &str, by: &str, reason: &str) {
        self.change_severity_for(to, by, reason, Trigger::Raised);
    }

    /// The same, where what raises it is `trigger`.
    pub(super) fn change_severity_for(&mut self, to: &str, by: &str, reason: &str, trigger: Trigger) {
        let from = self.incident.severity.clone();
        let (Some(old), Some(new)) = (self.policy.severity(&from), self.policy.severity(to)) else {
            return;
        };
        if old.index == new.index {
            let reason = format!("it is `{to}` already");
            self.decide(Verdict::Ignored { event: Event::SetSeverity, state: self.incident.state, reason });
            return;
        }
        self.incident.take_severity(self.policy, to);
        self.incident.active_at = self.at;
        let reason = reason.to_owned();
        self.decide(Verdict::SeverityChanged { from, to: to.to_owned(), by: by.to_owned(), reason });
        self.retarget();
        self.review_roles();
        let unheard = self.give_up_held("the severity has changed");
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
            self.decide(Verdict::Untold { trigger });
            return;
        }
        let told = self.routes(Occasion::Open, Part::Outside, MessageKind::Open, trigger, Words::default()) > 0;
        if new.document.declare == Declare::AtOnce && self.incident.declared.is_none() {
            self.declare(by);
        }
        self.tell_public(trigger);
        self.routes(Occasion::Open, Part::Inside, MessageKind::Open, trigger, Words::default());
        self.climb_anew(self.incident.since, trigger, told);
        self.incident.climb.contacted_at = self.at;
    }
}

//! The workbench for one incident at one instant: effects get their ids, conditions their answers, and everything
//! that is done or left leaves a trace.

use std::collections::BTreeMap;

use super::tell::{Message, Part, Words};
use crate::decision::{Decision, Verdict};
use crate::effect::{Action, Cause, Effect, EffectId, Purpose, Trigger};
use crate::incident::{Event, Incident, IncidentId, Transition, transition};
use crate::inhibition::Inhibitors;
use crate::oncall::Changes;
use crate::outbox::Pending;
use crate::policy::document::MessageKind;
use crate::policy::{Policy, Severity};
use crate::routing::{Way, shorten};
use crate::rules::{Condition, Elapsed, Facts, IncidentFacts, View};
use crate::silence::Silences;
use crate::time::Timestamp;

/// What a call gives back, while it is being put together.
#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) effects: Vec<Effect>,
    decisions: Vec<Decision>,
    /// The incident that was worked on last.
    pub(super) touched: Option<IncidentId>,
    /// The alarms of this call by incident and address, so that two entries do not ring the same pager at once.
    pub(super) alarms: BTreeMap<(IncidentId, Way), (Timestamp, usize)>,
}

impl Output {
    pub(super) fn decide(&mut self, at: Timestamp, incident: Option<&IncidentId>, verdict: Verdict) {
        self.decisions.push(Decision { at, incident: incident.cloned(), verdict });
    }

    pub(super) fn is_silent(&self) -> bool {
        self.effects.is_empty() && self.decisions.is_empty()
    }

    pub(super) fn finish(self) -> (Vec<Effect>, Vec<Decision>) {
        (self.effects, self.decisions)
    }
}

/// One incident at one instant.
pub(super) struct Work<'a> {
    pub(super) policy: &'a Policy,
    pub(super) changes: &'a Changes,
    pub(super) silences: &'a Silences,
    pub(super) inhibitors: &'a Inhibitors,
    pub(super) incident: &'a mut Incident,
    pub(super) at: Timestamp,
    pub(super) output: &'a mut Output,
}

impl<'a> Work<'a> {
    pub(super) fn decide(&mut self, verdict: Verdict) {
        self.output.decide(self.at, Some(&self.incident.id), verdict);
    }

    pub(super) fn severity(&self) -> Option<&'a Severity> {
        self.policy.severity(&self.incident.severity)
    }

    /// Puts an event to the state machine. `true` where it counts.
    pub(super) fn transit(&mut self, event: Event, by: &str) -> bool {
        let from = self.incident.state;
        match transition(from, event) {
            Transition::To(to) => {
                self.incident.state = to;
                self.decide(Verdict::Transition { event, from, to, by: by.to_owned() });
                true
            }
            Transition::Stay => true,
            Transition::Ignore(reason) => {
                self.decide(Verdict::Ignored { event, state: from, reason: reason.to_owned() });
                false
            }
            Transition::Refuse => {
                // Commands are checked before anything is touched; what comes here has no person to refuse.
                self.decide(Verdict::Ignored { event, state: from, reason: "it cannot be in this state".to_owned() });
                false
            }
        }
    }

    /// An event that counts and changes nothing.
    pub(super) fn ignore(&mut self, event: Event, reason: &str) {
        self.decide(Verdict::Ignored { event, state: self.incident.state, reason: reason.to_owned() });
    }

    /// Gives an action its id and hands it to the host.
    pub(super) fn emit(&mut self, trigger: Trigger, entry: &str, action: Action) -> Effect {
        let number = self.incident.next_effect;
        self.incident.next_effect += 1;
        let effect = Effect {
            id: EffectId::of(self.incident.id.as_str(), number),
            at: self.at,
            incident: Some(self.incident.id.clone()),
            severity: Some(self.incident.severity.clone()),
            cause: Cause { trigger, entry: entry.to_owned() },
            action,
        };
        self.output.effects.push(effect.clone());
        if effect.wants_report() {
            self.incident.outbox.insert(number, Pending::of(effect.clone()));
        }
        effect
    }

    /// Asks a condition of the policy. One that fails counts as true, since more is then done, not less. The instant
    /// is when time alone may change the answer.
    pub(super) fn holds(&mut self, condition: Option<&Condition>, entry: &str) -> (bool, Option<Timestamp>) {
        self.ask(condition, entry, true)
    }

    /// Asks a condition of the policy, whose answer where it fails is the one by which more is done.
    pub(super) fn ask(
        &mut self,
        condition: Option<&Condition>,
        entry: &str,
        in_doubt: bool,
    ) -> (bool, Option<Timestamp>) {
        let Some(condition) = condition else {
            return (true, None);
        };
        let on_call = self.on_call(condition.roles());
        let incident = &*self.incident;
        let service = incident.alert.service.as_deref().and_then(|service| self.policy.service(service));
        let of_incident = IncidentFacts {
            id: incident.id.as_str(),
            title: &incident.title,
            state: incident.state.as_str(),
            acknowledged: incident.state.is_acknowledged(),
            responded: incident.responded.is_some(),
            declared: incident.declared.is_some(),
            verified: incident.is_verified(),
            drill: incident.drill,
            firing: incident.firing(),
            severity: &incident.severity,
            worst: &incident.worst,
            impact: &incident.impact,
            duration: self.duration(),
            on_call: &on_call,
        };
        let elapsed = Elapsed::of(incident.elapsed(self.at));
        let mut facts = Facts::of(View::of_incident(&incident.alert, service, &of_incident, &elapsed));
        match self.policy.sandbox().ask(condition, &mut facts) {
            Ok(answer) => {
                let handed_over = self.handed_over(condition.roles());
                (answer, elapsed.changes_at(incident.since).into_iter().chain(handed_over).min())
            }
            Err(error) => {
                self.fault(entry, &error);
                (in_doubt, None)
            }
        }
    }

    /// Who is on call in some roles, the first of them where there are several.
    fn on_call(&self, roles: &[String]) -> BTreeMap<String, String> {
        let duty = |role: &String| self.policy.roster().duty(role, false, self.at, self.changes);
        let first = |role: &String| Some((role.clone(), duty(role).on_call.people().first()?.clone()));
        roles.iter().filter_map(first).collect()
    }

    /// When somebody else is on call in one of some roles.
    fn handed_over(&self, roles: &[String]) -> Option<Timestamp> {
        roles.iter().filter_map(|role| self.policy.roster().next_change(role, self.at, self.changes)).min()
    }

    /// The policy itself failed: the host learns of it, and those who can mend it; once for an incident and entry.
    pub(super) fn fault(&mut self, entry: &str, error: &str) {
        if !self.incident.faults.insert(entry.to_owned()) {
            return;
        }
        let error = shorten(error, 500);
        self.emit(Trigger::PolicyFault, entry, Action::PolicyFault { entry: entry.to_owned(), error: error.clone() });
        let reason = format!("`{entry}`: {error}");
        for route in self.policy.fault_routes() {
            let words = Words { reason: &reason, ..Words::default() };
            self.route(
                route,
                Part::All,
                &Message {
                    kind: MessageKind::PolicyFault,
                    purpose: Purpose::Inform,
                    level: None,
                    trigger: Trigger::PolicyFault,
                    entry: &route.entry,
                    words,
                },
            );
        }
    }
}

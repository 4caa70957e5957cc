//! Roles in an incident: somebody takes one, hands it over, or gives it up; one that must be held and is not is told of
//! until it is.

use super::alerts::POLICY;
use super::tell::{Message, Part, Words};
use super::work::Work;
use crate::decision::Verdict;
use crate::effect::{Action, Purpose, Trigger};
use crate::error::{Refusal, Rejected};
use crate::incident::{Event, RoleHolder, RoleState};
use crate::policy::Policy;
use crate::policy::document::MessageKind;
use crate::routing::contacts_of_people;
use crate::time::{Duration, Timestamp};

/// The role is one of the policy.
pub(super) fn check_role(policy: &Policy, role: &str) -> Result<(), Rejected> {
    if policy.role(role).is_some() {
        return Ok(());
    }
    let known = policy.role_names().map(str::to_owned).collect();
    Err(Refusal::UnknownRole { role: role.to_owned(), known }.into())
}

/// Whoever takes a role is somebody the policy can reach.
pub(super) fn check_holder(policy: &Policy, person: &str) -> Result<(), Rejected> {
    if policy.person(person).is_some() {
        return Ok(());
    }
    let known = policy.document().people.keys().cloned().collect();
    Err(Refusal::UnknownPerson { person: person.to_owned(), known }.into())
}

impl Work<'_> {
    /// Gives a role to somebody. They and whoever held it hear of it.
    pub(super) fn assign_role(&mut self, by: &str, role: &str, person: &str) {
        if !self.transit(Event::AssignRole, by) {
            return;
        }
        self.incident.active_at = self.at;
        let state = self.incident.roles.entry(role.to_owned()).or_default();
        if state.holder.as_ref().is_some_and(|holder| holder.person == person) {
            self.ignore(Event::AssignRole, "they hold it already");
            return;
        }
        let holder = RoleHolder { person: person.to_owned(), by: by.to_owned(), at: self.at };
        let from = state.holder.replace(holder).map(|holder| holder.person);
        state.vacated = false;
        self.decide(Verdict::RoleAssigned {
            role: role.to_owned(),
            person: person.to_owned(),
            from: from.clone(),
            by: by.to_owned(),
        });
        self.review_roles(Trigger::RoleAssigned);
        let entry = format!("roles.{role}");
        let channel = self.severity().map(|severity| severity.document.escalate_by.clone()).unwrap_or_default();
        let people = [Some(person.to_owned()), from.clone()].into_iter().flatten().collect::<Vec<_>>();
        let name = self.role_name(role);
        let words =
            Words { by, role: &name, to: person, from: from.as_deref().unwrap_or_default(), ..Words::default() };
        for contact in contacts_of_people(self.policy, people.iter(), &channel) {
            let message = Message {
                kind: MessageKind::RoleAssigned,
                purpose: Purpose::Inform,
                level: None,
                trigger: Trigger::RoleAssigned,
                entry: &entry,
                words,
            };
            self.send(contact, &message);
        }
    }

    /// A role is given up. Whom the policy names does not stand for it: somebody has to be found.
    pub(super) fn vacate_role(&mut self, by: &str, role: &str) {
        if !self.transit(Event::VacateRole, by) {
            return;
        }
        self.incident.active_at = self.at;
        if self.incident.is_vacant(self.policy, role) {
            self.ignore(Event::VacateRole, "nobody holds it");
            return;
        }
        let state = self.incident.roles.entry(role.to_owned()).or_default();
        state.vacated = true;
        let person = state.holder.take().map(|holder| holder.person);
        self.decide(Verdict::RoleVacated { role: role.to_owned(), person, by: by.to_owned() });
        self.review_roles(Trigger::RoleVacant);
    }

    /// Looks which roles must be held and are not. What has just become vacant by hand is told of at once; what was
    /// vacant from the beginning, when its time is up.
    pub(super) fn review_roles(&mut self, trigger: Trigger) {
        let policy = self.policy;
        for role in policy.role_names() {
            let Some(document) = policy.role(role).map(|role| &role.document) else { continue };
            let required = document.required_for.contains(&self.incident.severity);
            if required && self.incident.is_vacant(policy, role) {
                let grace = document.within.filter(|_| trigger != Trigger::RoleVacant).unwrap_or(Duration::ZERO);
                let at = self.at;
                let state = self.incident.roles.entry(role.to_owned()).or_default();
                state.vacant_since.get_or_insert(at);
                state.due.get_or_insert(grace.after(at));
            } else if let Some(state) = self.incident.roles.get_mut(role) {
                (state.vacant_since, state.due) = (None, None);
            }
        }
        self.incident.roles.retain(|_, state| *state != RoleState::default());
    }

    /// The time is up: those whom the policy names hear which roles are vacant, and are reminded until somebody holds them.
    pub(super) fn tell_vacancies(&mut self) {
        let policy = self.policy;
        for role in policy.role_names() {
            let Some(compiled) = policy.role(role) else { continue };
            let at = self.at;
            let due = self.incident.roles.get_mut(role).filter(|state| state.due.is_some_and(|due| due <= at));
            let Some(state) = due else { continue };
            state.due = Some(compiled.document.remind_every.after(at));
            let since = state.vacant_since.unwrap_or(at);
            self.tell_vacancy(role, since);
        }
    }

    /// How often the vacancy that is due is told of.
    pub(super) fn vacancy_reminder(&self) -> Option<Duration> {
        let at = self.at;
        let mut due = self.incident.roles.iter().filter(|(_, state)| state.due.is_some_and(|due| due <= at));
        due.find_map(|(role, _)| self.policy.role(role)).map(|role| role.document.remind_every)
    }

    fn tell_vacancy(&mut self, role: &str, since: Timestamp) {
        let policy = self.policy;
        let entry = format!("roles.{role}.required_for");
        self.emit(Trigger::RoleVacant, &entry, Action::RoleVacant { role: role.to_owned(), since });
        let name = self.role_name(role);
        let from = policy.zone().format(since, "%Y-%m-%d %H:%M:%S %Z");
        let words = Words { by: POLICY, role: &name, from: &from, ..Words::default() };
        let (kind, trigger, mut told) = (MessageKind::RoleVacant, Trigger::RoleVacant, 0);
        for route in policy.role(role).map_or(&[][..], |role| &role.notify) {
            if !self.holds(route.when.as_ref(), &route.entry).0 {
                self.decide(Verdict::RouteClosed { entry: route.entry.clone() });
                continue;
            }
            let message = Message { kind, purpose: Purpose::Remind, level: None, trigger, entry: &route.entry, words };
            told += self.route(route, Part::All, &message);
        }
        if told == 0 {
            self.remind(kind, trigger, &entry, words);
        }
    }

    /// What people call a role.
    fn role_name(&self, role: &str) -> String {
        let named = self.policy.role(role).and_then(|role| role.document.name.clone());
        named.unwrap_or_else(|| role.to_owned())
    }
}

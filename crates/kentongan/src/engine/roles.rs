//! Roles in an incident: somebody takes one, hands it over, or gives it up; one that must be held and is not is told of
//! until it is. Who holds one changes by itself, too: with a turn on call, and as people go away and come back.

use super::alerts::POLICY;
use super::tell::{Message, Part, Words};
use super::work::Work;
use crate::decision::Verdict;
use crate::effect::{Action, Purpose, Trigger};
use crate::error::{Refusal, Rejected};
use crate::incident::{Event, RoleHolder, RoleState, RoleWatch};
use crate::policy::Policy;
use crate::policy::document::MessageKind;
use crate::routing::{contacts_of_people, holders, holders_may_change};
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
        // Both hear of it below.
        self.incident.role_watch.holders.remove(role);
        self.decide(Verdict::RoleAssigned {
            role: role.to_owned(),
            person: person.to_owned(),
            from: from.clone(),
            by: by.to_owned(),
        });
        self.review_roles();
        let from: Vec<String> = from.into_iter().collect();
        self.tell_holders(role, by, &from, &[person.to_owned()]);
    }

    /// A role is given up. Whom the policy names does not stand for it: somebody has to be found.
    pub(super) fn vacate_role(&mut self, by: &str, role: &str) {
        if !self.transit(Event::VacateRole, by) {
            return;
        }
        self.incident.active_at = self.at;
        if self.incident.is_given_up(self.policy, role) {
            self.ignore(Event::VacateRole, "nobody holds it");
            return;
        }
        let state = self.incident.roles.entry(role.to_owned()).or_default();
        state.vacated = true;
        let person = state.holder.take().map(|holder| holder.person);
        self.decide(Verdict::RoleVacated { role: role.to_owned(), person, by: by.to_owned() });
        self.review_roles();
    }

    /// Looks who holds the roles that somebody must hold, or all of an incident that was declared, and says which have
    /// gone to somebody else by themselves. What has just become vacant is told of at once; what was vacant from the
    /// beginning, when its time is up.
    pub(super) fn review_roles(&mut self) {
        let (policy, changes, at) = (self.policy, self.changes, self.at);
        let quiet = self.incident.quiet_until().is_some();
        let mut watch = RoleWatch::default();
        let mut moved: Vec<(&str, Vec<String>, Vec<String>)> = Vec::new();
        for role in policy.role_names() {
            let Some(document) = policy.role(role).map(|role| &role.document) else { continue };
            let required = document.required_for.contains(&self.incident.severity);
            if !required && self.incident.declared.is_none() {
                self.end_vacancy(role);
                continue;
            }
            let before = self.incident.role_watch.holders.remove(role);
            let holders = holders(policy, changes, self.incident, role, at);
            if required && holders.is_empty() {
                let held = before.as_ref().is_some_and(|before| !before.is_empty());
                let grace = document.within.filter(|_| !held).unwrap_or(Duration::ZERO);
                let state = self.incident.roles.entry(role.to_owned()).or_default();
                state.vacant_since.get_or_insert(at);
                state.due.get_or_insert(grace.after(at));
            } else {
                self.end_vacancy(role);
            }
            let next = holders_may_change(policy, changes, self.incident, role, at);
            watch.look_at = watch.look_at.into_iter().chain(next).min();
            match before.filter(|before| *before != holders) {
                // Nobody is told now, so it is looked at again when that ends.
                Some(before) if quiet => {
                    watch.look_at = Some(at);
                    watch.holders.insert(role.to_owned(), before);
                }
                before => {
                    moved.extend(before.map(|before| (role, before, holders.clone())));
                    watch.holders.insert(role.to_owned(), holders);
                }
            }
        }
        self.incident.role_watch = watch;
        self.incident.roles.retain(|_, state| *state != RoleState::default());
        for (role, from, to) in moved {
            self.tell_move(role, &from, &to);
        }
    }

    fn end_vacancy(&mut self, role: &str) {
        if let Some(state) = self.incident.roles.get_mut(role) {
            (state.vacant_since, state.due) = (None, None);
        }
    }

    /// A role has gone to somebody else by itself. Those who have it and those who had it hear of it; that nobody has it
    /// any more is told as what it is, a vacancy.
    fn tell_move(&mut self, role: &str, from: &[String], to: &[String]) {
        self.decide(Verdict::RoleMoved { role: role.to_owned(), from: from.to_vec(), to: to.to_vec() });
        let given_up = self.incident.roles.get(role).is_some_and(|state| state.vacated);
        if to.is_empty() || given_up {
            return;
        }
        self.tell_holders(role, "", from, to);
    }

    /// Tells whoever holds a role now, and whoever held it before.
    fn tell_holders(&mut self, role: &str, by: &str, from: &[String], to: &[String]) {
        let entry = format!("roles.{role}");
        let channel = self.severity().map(|severity| severity.document.escalate_by.clone()).unwrap_or_default();
        let (name, before, now) = (self.role_name(role), from.join(", "), to.join(", "));
        let words = Words { by, role: &name, to: &now, from: &before, ..Words::default() };
        let people = to.iter().chain(from.iter().filter(|person| !to.contains(person)));
        for contact in contacts_of_people(self.policy, people, &channel) {
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

    /// The host was away for so long that roles have gone from one to the next many times: all but the last time are
    /// counted.
    pub(super) fn skip_moves(&mut self, until: Timestamp) {
        let mut skipped: u64 = 0;
        let roles: Vec<String> = self.incident.role_watch.holders.keys().cloned().collect();
        let next = |work: &Self, at| {
            let of_each = |role: &String| holders_may_change(work.policy, work.changes, work.incident, role, at);
            roles.iter().filter_map(of_each).min().filter(|next| *next < until)
        };
        while let Some(at) = next(self, self.at) {
            let held = |role: &String, at| holders(self.policy, self.changes, self.incident, role, at);
            let moved = roles.iter().any(|role| held(role, self.at) != held(role, at));
            skipped = skipped.saturating_add(u64::from(moved));
            self.at = at;
        }
        if skipped > 0 {
            let trigger = Trigger::RoleAssigned;
            self.emit(trigger, "", Action::Coalesced { trigger, skipped });
        }
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

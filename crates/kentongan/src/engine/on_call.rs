//! Who is on call as the engine knows it: the policy's schedules, and who takes over and who is away by what it was
//! told.

use std::collections::BTreeSet;

use super::Engine;
use super::work::{Output, Work};
use crate::decision::Verdict;
use crate::error::{Refusal, Rejected};
use crate::incident::{Incident, IncidentId};
use crate::input::Input;
use crate::limits;
use crate::oncall::{Change, ChangeKind, Coverage, Duty, OnCall, Schedule, Shift};
use crate::routing::{Recipient, holders};
use crate::time::{Duration, Timestamp, in_millis};

impl Engine {
    /// Who is on call in a role at an instant, whom the engine would page then. A role that there is not is a gap that
    /// says so.
    #[must_use]
    pub fn who(&self, role: &str, at: Timestamp) -> OnCall {
        self.duty(role, at).on_call
    }

    /// Who is on call in a role at an instant, by which layer, and who was passed over.
    #[must_use]
    pub fn duty(&self, role: &str, at: Timestamp) -> Duty {
        self.policy.roster().duty(role, false, at, &self.changes)
    }

    /// Who is next in line behind whoever is on call in a role.
    #[must_use]
    pub fn next_in_line(&self, role: &str, at: Timestamp) -> OnCall {
        self.policy.roster().duty(role, true, at, &self.changes).on_call
    }

    /// The next instant at which [`Engine::who`] answers otherwise.
    #[must_use]
    pub fn next_change(&self, role: &str, after: Timestamp) -> Option<Timestamp> {
        self.policy.roster().next_change(role, after, &self.changes)
    }

    /// The shifts of a role between two instants, gaps included.
    #[must_use]
    pub fn shifts(&self, role: &str, from: Timestamp, to: Timestamp) -> Vec<Shift> {
        self.policy.roster().shifts(role, from, to, &self.changes)
    }

    /// The stretches of time between two instants in which somebody looks over the shoulder of those on call in a role.
    #[must_use]
    pub fn shadow_shifts(&self, role: &str, from: Timestamp, to: Timestamp) -> Vec<Shift> {
        self.policy.roster().shadow_shifts(role, from, to)
    }

    /// Who is on call in a role between two instants.
    #[must_use]
    pub fn coverage(&self, role: &str, from: Timestamp, to: Timestamp) -> Coverage {
        self.policy.roster().coverage(role, from, to, &self.changes)
    }

    /// Who holds a role of an incident now: whoever was named, else whom the policy names; nobody where it
    /// was given up, or where whoever would hold it is away.
    #[must_use]
    pub fn role_holders(&self, incident: &Incident, role: &str) -> Vec<String> {
        let Some(now) = self.now else { return Vec::new() };
        holders(&self.policy, &self.changes, incident, role, now)
    }

    /// Finds the first refusal that applies to an override or an absence, in the documented order.
    pub(super) fn check_change(&self, at: Timestamp, input: &Input) -> Result<(), Rejected> {
        let now = self.now.map_or(in_millis(at), |last| last.max(in_millis(at)));
        match input {
            Input::Override { id, on, person, replaces, from, to, .. } => {
                self.check_person(person)?;
                if let Some(replaced) = replaces {
                    self.check_person(replaced)?;
                    if replaced == person {
                        return Err(Refusal::TakesOverFromThemself { person: person.clone() }.into());
                    }
                }
                let known: Vec<String> =
                    self.policy.on_call_roles().chain(self.policy.schedule_names()).map(str::to_owned).collect();
                if !known.contains(on) {
                    return Err(Refusal::UnknownOnCall { on: on.clone(), known }.into());
                }
                if let Some(replaced) = replaces {
                    self.check_turns(replaced, on)?;
                }
                self.check_interval(id, now, from.unwrap_or(now), *to)
            }
            Input::Absence { id, person, from, to, .. } => {
                self.check_person(person)?;
                self.check_interval(id, now, from.unwrap_or(now), *to)
            }
            Input::CancelOverride { id, .. } => self.check_id(id, now, |kind| *kind != ChangeKind::Absence),
            Input::EndAbsence { id, .. } => self.check_id(id, now, |kind| *kind == ChangeKind::Absence),
            _ => Ok(()),
        }
    }

    fn check_person(&self, person: &str) -> Result<(), Rejected> {
        if self.policy.person(person).is_some() {
            return Ok(());
        }
        let known = self.policy.document().people.keys().cloned().collect();
        Err(Refusal::UnknownPerson { person: person.to_owned(), known }.into())
    }

    /// Nobody can be replaced who has no turn there, neither by the policy nor by taking over.
    fn check_turns(&self, person: &str, on: &str) -> Result<(), Rejected> {
        let schedule = self.policy.roster().posts.get(on).map(|post| &*post.schedule).or(self.policy.schedule(on));
        let takes_over = |change: &Change| change.kind != ChangeKind::Absence && change.person == person;
        if self.changes.all().values().any(takes_over) {
            return Ok(());
        }
        let known: BTreeSet<&str> = schedule.into_iter().flat_map(Schedule::people).collect();
        if known.contains(person) {
            return Ok(());
        }
        let known = known.into_iter().map(str::to_owned).collect();
        Err(Refusal::NoTurns { person: person.to_owned(), on: on.to_owned(), known }.into())
    }

    fn check_interval(&self, id: &str, now: Timestamp, from: Timestamp, to: Timestamp) -> Result<(), Rejected> {
        check_length(now, from, to)?;
        if self.changes.all().get(id).is_some_and(|change| change.to > now) {
            return Err(Refusal::DuplicateId { id: id.to_owned() }.into());
        }
        let most = limits::CHANGES_MAX;
        if self.changes.all().len() >= most && self.changes.live(now) >= most {
            return Err(Refusal::TooMany { most }.into());
        }
        Ok(())
    }

    fn check_id(&self, id: &str, now: Timestamp, is: impl Fn(&ChangeKind) -> bool) -> Result<(), Rejected> {
        if self.changes.all().get(id).is_some_and(|change| change.to > now && is(&change.kind)) {
            return Ok(());
        }
        Err(Refusal::UnknownId { id: id.to_owned() }.into())
    }

    /// Notes who takes over, who is away, and who no longer does or is.
    pub(super) fn take_change(&mut self, now: Timestamp, input: Input, output: &mut Output) {
        match input {
            Input::Override { id, on, person, replaces, from, to, by, reason } => {
                let kind = ChangeKind::Override { on: on.clone(), replaces };
                let span = (from.unwrap_or(now).max(now), to);
                self.changes.remove(&id);
                let before = self.policy.roster().sketch(span.0, span.1, &self.changes);
                let (from, to) = self.keep_change(now, &id, person.clone(), kind, (from, to), by.clone(), reason);
                let after = self.policy.roster().sketch(span.0, span.1, &self.changes);
                let changes_nothing = before.is_some() && before == after;
                output.decide(now, None, Verdict::OverrideSet { id, on, person, from, to, by, changes_nothing });
            }
            Input::Absence { id, person, from, to, by, reason } => {
                let kind = ChangeKind::Absence;
                let (from, to) = self.keep_change(now, &id, person.clone(), kind, (from, to), by.clone(), reason);
                output.decide(now, None, Verdict::AbsenceSet { id, person, from, to, by });
            }
            Input::CancelOverride { id, by } => {
                self.changes.remove(&id);
                output.decide(now, None, Verdict::OverrideCancelled { id, by });
            }
            Input::EndAbsence { id, by } => {
                if let Some(Change { person, .. }) = self.changes.remove(&id) {
                    output.decide(now, None, Verdict::AbsenceEnded { id, person, by });
                }
            }
            _ => {}
        }
        self.refresh_watches(now, output);
        self.reconsider_all(now, output);
    }

    /// Asks the conditions of open incidents again, which may read who is on call, and who holds their roles. They are
    /// not touched otherwise:
    /// what is due on them at this very instant has its own call.
    fn reconsider_all(&mut self, now: Timestamp, output: &mut Output) {
        let open = self.incidents.values().filter(|incident| !incident.state.is_resolved());
        let ids: Vec<IncidentId> = open.map(|incident| incident.id.clone()).collect();
        for id in ids {
            self.work(&id, now, output, |work| {
                work.review_roles();
                work.reconsider();
            });
        }
        output.touched = None;
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of two inputs that differ in one")]
    fn keep_change(
        &mut self,
        now: Timestamp,
        id: &str,
        person: String,
        kind: ChangeKind,
        (from, to): (Option<Timestamp>, Timestamp),
        by: String,
        reason: String,
    ) -> (Timestamp, Timestamp) {
        let (from, to) = (in_millis(from.unwrap_or(now)), in_millis(to));
        // One of that name that is over makes room; all that are over do, before there are too many.
        self.changes.remove(id);
        if self.changes.all().len() >= limits::CHANGES_MAX {
            self.changes.forget(now);
        }
        let order = self.changes.next_order();
        self.changes.insert(id.to_owned(), Change { order, from, to, person, kind, by, reason });
        (from, to)
    }
}

/// What holds for a while begins before it ends, is not over, and is no longer than the engine takes.
pub(super) fn check_length(now: Timestamp, from: Timestamp, to: Timestamp) -> Result<(), Rejected> {
    for at in [from, to] {
        if !limits::YEARS.contains(&chrono::Datelike::year(&at)) {
            return Err(Refusal::TimeOutOfRange { at }.into());
        }
    }
    let (from, to) = (in_millis(from), in_millis(to));
    if to <= from {
        return Err(Refusal::EndBeforeStart { from, to }.into());
    }
    if to <= now {
        return Err(Refusal::InThePast { to }.into());
    }
    let longest = Duration::from_millis(limits::CHANGE_MILLIS_MAX);
    if Duration::between(from, to) > longest {
        return Err(Refusal::TooLong { longest }.into());
    }
    Ok(())
}

impl Work<'_> {
    /// Says whose turn on call was passed over for whoever is told now.
    pub(super) fn note_passed_over(&mut self, recipient: &Recipient) {
        let roles: Vec<&str> = match recipient {
            Recipient::OnCall(role) => vec![role],
            Recipient::OnCallAll => self.policy.on_call_roles().collect(),
            Recipient::NextOnCall(_)
            | Recipient::Role(_)
            | Recipient::Person(_)
            | Recipient::Team(_)
            | Recipient::Responders
            | Recipient::ServiceOwner
            | Recipient::IncidentChannel
            | Recipient::Address(_) => return,
        };
        for role in roles {
            let duty = self.policy.roster().duty(role, false, self.at, self.changes);
            for passed in duty.passed_over {
                let role = role.to_owned();
                self.decide(Verdict::PassedOver { role, person: passed.person, reason: passed.reason });
            }
        }
    }
}

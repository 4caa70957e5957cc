//! One hand-off at one instant: who is told what, what is ticked off, and what becomes of a message that fails.

use std::collections::BTreeSet;

use super::work::Output;
use crate::clock::ClockKind;
use crate::decision::Verdict;
use crate::effect::{Action, Cause, Effect, EffectId, Notification, OngoingIncident, Purpose, Trigger};
use crate::incident::Deed;
use crate::input::Outcome;
use crate::oncall::{Changes, Handoff};
use crate::outbox::Pending;
use crate::policy::Policy;
use crate::policy::document::{HandoffDocument, MessageKind, Target};
use crate::report::words::all_named;
use crate::routing::{Contact, MessageFacts, Route, Way, contacts_of_people, contacts_of_route, one_line};
use crate::time::{Duration, Timestamp};

/// One hand-off at one instant.
pub(super) struct HandoffDesk<'a> {
    pub(super) policy: &'a Policy,
    pub(super) changes: &'a Changes,
    pub(super) document: &'a HandoffDocument,
    pub(super) handoff: &'a mut Handoff,
    pub(super) at: Timestamp,
    pub(super) output: &'a mut Output,
}

impl<'a> HandoffDesk<'a> {
    pub(super) fn begin(&mut self, ongoing: Vec<OngoingIncident>) {
        let listed: Vec<String> = ongoing
            .iter()
            .map(|ongoing| {
                let drill = if ongoing.drill { "a drill, " } else { "" };
                let state = ongoing.state.as_str();
                format!("{} {} ({drill}{state}): {}", ongoing.severity, ongoing.incident, ongoing.title)
            })
            .collect();
        let action = Action::Handoff {
            handoff: self.handoff.id.clone(),
            role: self.handoff.role.clone(),
            from: self.handoff.from.clone(),
            to: self.handoff.to.clone(),
            points: self.document.points.clone(),
            ongoing,
        };
        self.emit(Trigger::Handoff, action);
        let found = self.everybody();
        self.send(found, MessageKind::Handoff, Purpose::Inform, Trigger::Handoff, &listed.join("\n"));
    }

    fn of_both(&self) -> Vec<Contact> {
        let both: BTreeSet<&String> = self.handoff.to.iter().chain(&self.handoff.from).collect();
        contacts_of_people(self.policy, both.into_iter(), &self.document.by)
    }

    /// Those who come on, those who go off, and whoever else is to know; each address once.
    fn everybody(&mut self) -> Vec<Contact> {
        let mut found = self.of_both();
        let policy: &'a Policy = self.policy;
        for route in policy.handoff_routes() {
            for contact in self.of_route(route) {
                if found.iter().all(|other| other.first != contact.first) {
                    found.push(contact);
                }
            }
        }
        found
    }

    fn of_route(&mut self, route: &Route) -> Vec<Contact> {
        let mut found = Vec::new();
        for contacts in contacts_of_route(self.policy, self.changes, route, self.at) {
            match contacts {
                Ok(contacts) => found.extend(contacts),
                Err(reason) => {
                    let entry = route.entry.clone();
                    self.output.decide(self.at, None, Verdict::RouteEmpty { entry, reason });
                }
            }
        }
        found
    }

    fn emit(&mut self, trigger: Trigger, action: Action) -> u64 {
        let number = self.handoff.next_effect;
        self.handoff.next_effect += 1;
        let effect = Effect {
            id: EffectId::of(&self.handoff.id, number),
            at: self.at,
            incident: None,
            severity: None,
            cause: Cause { trigger, entry: "handoff".to_owned() },
            action,
        };
        self.output.effects.push(effect.clone());
        if effect.wants_report() {
            self.handoff.outbox.insert(number, Pending::of(effect));
        }
        number
    }

    fn send(&mut self, contacts: Vec<Contact>, kind: MessageKind, purpose: Purpose, trigger: Trigger, text: &str) {
        let open: Vec<&str> = self
            .document
            .points
            .iter()
            .filter(|point| !self.handoff.ticked.contains_key(&point.id))
            .map(|point| point.text.as_str())
            .collect();
        let names = |ids: &[String]| all_named(self.policy, ids).join(", ");
        let (from, to) = (names(&self.handoff.from), names(&self.handoff.to));
        let deadline = self.handoff.deadline(self.document);
        let facts = MessageFacts {
            role: &self.handoff.role,
            from,
            to,
            points: open,
            text,
            next: String::new(),
            deadline: deadline.map(|at| self.policy.zone().format(at, "%Y-%m-%d %H:%M:%S %Z")).unwrap_or_default(),
            date: self.policy.zone().format(self.handoff.at, "%Y-%m-%d"),
            opened: self.policy.zone().format(self.handoff.at, "%Y-%m-%d %H:%M:%S %Z"),
            ..MessageFacts::default()
        };
        let rendered = self.policy.messages().render(kind, &facts);
        if let Some(error) = rendered.fault {
            let entry = format!("messages.{kind:?}").to_lowercase();
            self.output.decide(self.at, None, Verdict::MessageFallback { entry, error });
        }
        for Contact { to, person, first, others } in contacts {
            // A newer message takes the place of one that has not been reported.
            self.handoff.outbox.retain(|_, pending| {
                !matches!(&pending.effect.action, Action::Notify(notification)
                if notification.channel == first.channel && notification.address == first.address)
            });
            let notification = Notification {
                purpose,
                channel: first.channel,
                to,
                address: first.address,
                subject: rendered.subject.clone(),
                text: rendered.text.clone(),
                level: None,
            };
            let number = self.emit(trigger, Action::Notify(notification));
            if let Some(pending) = self.handoff.outbox.get_mut(&number) {
                pending.person = person;
                pending.others = others;
                pending.message = Some(kind);
            }
        }
    }

    pub(super) fn remind(&mut self) {
        self.handoff.reminded_at = self.at;
        let mut found = self.of_both();
        self.leave_in_peace(&mut found);
        self.send(found, MessageKind::HandoffDue, Purpose::Remind, Trigger::HandoffDue, "");
    }

    /// The host was away for so long that reminders have come round many times: all but the last are counted.
    pub(super) fn catch_up(&mut self, until: Timestamp) {
        let Some(every) = self.document.remind_every.filter(|every| !every.is_zero()) else { return };
        let next_change = self.policy.roster().next_change(&self.handoff.role, self.handoff.at, self.changes);
        let end = next_change.map_or(until, |change| until.min(change - chrono::TimeDelta::milliseconds(1)));
        let skipped = Duration::between(self.at, end).as_millis() / every.as_millis();
        let Some(skipped_count) = u64::try_from(skipped).ok().filter(|skipped| *skipped > 0) else { return };
        self.at = Duration::from_millis(skipped.saturating_mul(every.as_millis())).after(self.at);
        self.count_skipped(Trigger::HandoffDue, skipped_count);
    }

    /// Says how often something came round that was counted instead of done.
    pub(super) fn count_skipped(&mut self, trigger: Trigger, skipped: u64) {
        if skipped > 0 {
            self.emit(trigger, Action::Coalesced { trigger, skipped });
        }
    }

    /// Not every point was ticked off in time.
    pub(super) fn run_out(&mut self) {
        let Some(target) = self.document.within else { return };
        let deadline = target.after(self.handoff.at);
        self.handoff.breached_at = Some(self.at);
        self.emit(
            Trigger::Breach,
            Action::Breach { clock: ClockKind::Handoff, target: Target::Within(target), deadline },
        );
        // That reminds them, too; never back from what a long absence has jumped over.
        self.handoff.reminded_at = self.handoff.reminded_at.max(self.at);
        let mut found = self.everybody();
        self.leave_in_peace(&mut found);
        self.send(found, MessageKind::HandoffDue, Purpose::Remind, Trigger::Breach, "");
    }

    /// Whoever is away or has left is told of a hand-off once, when it begins, and not reminded of it.
    fn leave_in_peace(&self, found: &mut Vec<Contact>) {
        let roster = self.policy.roster();
        found.retain(|contact| {
            contact.person.as_ref().is_none_or(|person| !roster.is_missing(person, self.at, self.changes))
        });
    }

    pub(super) fn tick(&mut self, point: &str, by: &str) {
        let handoff = self.handoff.id.clone();
        if self.handoff.ticked.contains_key(point) {
            let (point, by) = (point.to_owned(), by.to_owned());
            self.output.decide(self.at, None, Verdict::HandoffTickedBefore { handoff, point, by });
            return;
        }
        let deadline = self.handoff.deadline(self.document);
        if self.handoff.breached_at.is_none() && deadline.is_some_and(|deadline| deadline <= self.at) {
            self.run_out();
        }
        self.handoff.ticked.insert(point.to_owned(), Deed { by: by.to_owned(), at: self.at });
        let (point, by) = (point.to_owned(), by.to_owned());
        self.output.decide(self.at, None, Verdict::HandoffTicked { handoff, point, by: by.clone() });
        self.confirm_if_ticked(&by);
    }

    /// It is confirmed once every point is ticked off; also where the last one that was not is no point any more.
    pub(super) fn confirm_if_ticked(&mut self, by: &str) {
        let all = self.document.points.iter().all(|point| self.handoff.ticked.contains_key(&point.id));
        if self.handoff.confirmed_at.is_some() || !all {
            return;
        }
        self.handoff.confirmed_at = Some(self.at);
        let elapsed = Duration::between(self.handoff.at, self.at);
        let (handoff, by) = (self.handoff.id.clone(), by.to_owned());
        self.output.decide(self.at, None, Verdict::HandoffConfirmed { handoff, by, elapsed });
    }

    pub(super) fn report(&mut self, effect: &EffectId, outcome: Outcome, detail: &str) {
        let number =
            self.handoff.outbox.iter().find(|(_, pending)| pending.effect.id == *effect).map(|(number, _)| *number);
        let Some(mut pending) = number.and_then(|number| self.handoff.outbox.remove(&number)) else {
            return;
        };
        let effect = effect.clone();
        if outcome == Outcome::Delivered {
            self.output.decide(self.at, None, Verdict::Delivered { effect });
            return;
        }
        let Action::Notify(mut notification) = pending.effect.action.clone() else { return };
        let mut decide = |next: String| {
            let detail = detail.to_owned();
            self.output.decide(self.at, None, Verdict::DeliveryFailed { effect: effect.clone(), detail, next });
        };
        if self.handoff.confirmed_at.is_some() {
            decide(format!("`{}` need not hear it any more", notification.to));
            return;
        }
        if !pending.others.is_empty() {
            let Way { channel, address } = pending.others.remove(0);
            decide(format!("`{}` is tried on `{channel}`", notification.to));
            notification.channel = channel;
            notification.address = address;
            let number = self.emit(Trigger::DeliveryFailed, Action::Notify(notification));
            if let Some(slot) = self.handoff.outbox.get_mut(&number) {
                slot.person = pending.person;
                slot.others = pending.others;
                slot.message = pending.message;
            }
            return;
        }
        decide(format!("`{}` cannot be reached on any further way", notification.to));
        // Nothing stands behind the last resort.
        if pending.message == Some(MessageKind::ByHand) {
            return;
        }
        let mut found = Vec::new();
        let policy: &'a Policy = self.policy;
        for route in policy.last_resort() {
            found.extend(self.of_route(route).into_iter().filter(|contact| contact.to != notification.to));
        }
        for contact in found {
            let reason = format!("tell {}, who could not be reached ({detail})", notification.to);
            let message = Notification {
                purpose: Purpose::DoByHand,
                channel: contact.first.channel,
                to: contact.to,
                address: contact.first.address,
                subject: one_line(&format!("{}: do by hand: {reason}", notification.subject)),
                text: notification.text.clone(),
                level: None,
            };
            let number = self.emit(Trigger::DeliveryFailed, Action::Notify(message));
            if let Some(slot) = self.handoff.outbox.get_mut(&number) {
                slot.person = contact.person;
                slot.others = contact.others;
                slot.message = Some(MessageKind::ByHand);
            }
        }
    }
}

//! Handing over: at each change of who is on call in a watched role, those who go off and those who come on are told
//! what to go through, and reminded until all of it is ticked off.

use std::collections::{BTreeMap, BTreeSet};

use super::Engine;
use super::work::Output;
use crate::clock::ClockKind;
use crate::decision::Verdict;
use crate::effect::{Action, Cause, Effect, EffectId, Notification, OngoingIncident, Purpose, Trigger};
use crate::error::{Refusal, Rejected};
use crate::incident::{Deed, slug};
use crate::input::{Input, Outcome};
use crate::limits;
use crate::oncall::{Changes, Handoff, HandoffTimer, Watch};
use crate::outbox::Pending;
use crate::policy::Policy;
use crate::policy::document::{HandoffDocument, MessageKind, Target};
use crate::routing::{Contact, MessageFacts, Route, Way, contacts_of_people, contacts_of_route, shorten};
use crate::time::{Duration, Timestamp};

impl Engine {
    /// The latest hand-off of each role that the policy hands over.
    pub fn handoffs(&self) -> impl Iterator<Item = &Handoff> {
        self.watches.values().filter_map(|watch| watch.latest.as_ref())
    }

    /// Begins to watch the roles that are handed over. What changed before the engine's first instant is nobody's
    /// hand-off.
    pub(super) fn begin_watches(&mut self, now: Timestamp) {
        let Some(handoff) = self.policy.handoff() else { return };
        for role in &handoff.roles {
            if !self.watches.contains_key(role) {
                let holders = self.who(role, now).people().to_vec();
                let change_at = self.next_change(role, now);
                self.watches.insert(role.clone(), Watch { holders, change_at, count: 0, latest: None });
            }
        }
    }

    /// Looks again who is on call, after somebody has handed in that this changes.
    pub(super) fn refresh_watches(&mut self, now: Timestamp, output: &mut Output) {
        let roles: Vec<String> = self.watches.keys().cloned().collect();
        for role in roles {
            let change_at = match self.who(&role, now).people() {
                people if self.watches.get(&role).is_some_and(|watch| watch.holders == people) => {
                    self.next_change(&role, now)
                }
                _ => Some(now),
            };
            if let Some(watch) = self.watches.get_mut(&role) {
                watch.change_at = change_at;
            }
        }
        self.run_handoffs(now, output);
    }

    /// The next thing due on a watched role.
    pub(super) fn next_handoff(&self) -> Option<(Timestamp, &str, HandoffTimer)> {
        let handoff = self.policy.handoff()?;
        let next = self.watches.iter().filter_map(|(role, watch)| {
            watch.next_timer(handoff).map(|(at, timer)| (self.overdue(at), timer, role.as_str()))
        });
        next.min().map(|(at, timer, role)| (at, role, timer))
    }

    /// Does what is due on watched roles up to and at an instant.
    fn run_handoffs(&mut self, until: Timestamp, output: &mut Output) {
        let mut fired = BTreeMap::new();
        while let Some((at, role, timer)) = self.next_handoff().filter(|(at, ..)| *at <= until) {
            let role = role.to_owned();
            self.fire_handoff(at, &role, timer, until, &mut fired, output);
        }
    }

    /// Does one thing that is due on a watched role.
    pub(super) fn fire_handoff(
        &mut self,
        at: Timestamp,
        role: &str,
        timer: HandoffTimer,
        until: Timestamp,
        fired: &mut BTreeMap<String, usize>,
        output: &mut Output,
    ) {
        self.now = Some(at);
        let count = fired.entry(role.to_owned()).or_default();
        *count += 1;
        let behind = *count > limits::CATCH_UP_TIMERS_MAX;
        match timer {
            HandoffTimer::Change => self.hand_over(at, role, output),
            HandoffTimer::Breach => self.desk(at, role, output, |desk| desk.run_out()),
            HandoffTimer::Remind => self.desk(at, role, output, |desk| {
                if behind {
                    desk.catch_up(until);
                }
                desk.remind();
            }),
        }
    }

    fn hand_over(&mut self, at: Timestamp, role: &str, output: &mut Output) {
        let to = self.who(role, at).people().to_vec();
        let change_at = self.next_change(role, at);
        let date = self.policy.zone().format(at, "%Y%m%d");
        let Some(watch) = self.watches.get_mut(role) else { return };
        watch.change_at = change_at;
        if watch.holders == to {
            return;
        }
        let from = std::mem::replace(&mut watch.holders, to.clone());
        watch.count += 1;
        let id = format!("handoff-{}-{date}-{}", slug(role), watch.count);
        let handoff = Handoff {
            id: id.clone(),
            role: role.to_owned(),
            at,
            from,
            to,
            ticked: BTreeMap::new(),
            confirmed_at: None,
            breached_at: None,
            reminded_at: at,
            next_effect: 1,
            outbox: BTreeMap::new(),
        };
        if let Some(before) = watch.latest.replace(handoff)
            && before.confirmed_at.is_none()
        {
            output.decide(at, None, Verdict::HandoffSuperseded { handoff: before.id, by: id });
        }
        let ongoing: Vec<OngoingIncident> = self
            .incidents
            .values()
            .filter(|incident| !incident.state().is_resolved())
            .map(|incident| OngoingIncident {
                incident: incident.id().clone(),
                title: incident.title().to_owned(),
                severity: incident.severity().to_owned(),
                state: incident.state(),
            })
            .collect();
        self.desk(at, role, output, |desk| desk.begin(ongoing));
    }

    fn desk(&mut self, at: Timestamp, role: &str, output: &mut Output, job: impl FnOnce(&mut HandoffDesk<'_>)) {
        let Some(document) = self.policy.handoff() else { return };
        let Some(handoff) = self.watches.get_mut(role).and_then(|watch| watch.latest.as_mut()) else { return };
        job(&mut HandoffDesk { policy: &self.policy, changes: &self.changes, document, handoff, at, output });
    }

    /// The role whose latest hand-off has a name.
    fn role_of(&self, id: &str) -> Option<&str> {
        let found = self.watches.iter().find(|(_, watch)| watch.latest.as_ref().is_some_and(|latest| latest.id == id));
        found.map(|(role, _)| role.as_str())
    }

    pub(super) fn check_handoff(&self, input: &Input) -> Result<(), Rejected> {
        let (Input::TickHandoff { handoff, .. } | Input::ConfirmHandoff { handoff, .. }) = input else {
            return Ok(());
        };
        if self.role_of(handoff).is_none() {
            return Err(Refusal::UnknownHandoff { handoff: handoff.clone() }.into());
        }
        if let Input::TickHandoff { point, .. } = input {
            let known: Vec<String> = self
                .policy
                .handoff()
                .into_iter()
                .flat_map(|handoff| &handoff.points)
                .map(|point| point.id.clone())
                .collect();
            if !known.contains(point) {
                return Err(Refusal::UnknownPoint { point: point.clone(), known }.into());
            }
        }
        Ok(())
    }

    pub(super) fn take_handoff(&mut self, now: Timestamp, input: Input, output: &mut Output) {
        let (Input::TickHandoff { handoff, .. } | Input::ConfirmHandoff { handoff, .. }) = &input else {
            return;
        };
        let Some(role) = self.role_of(handoff).map(str::to_owned) else { return };
        self.desk(now, &role, output, |desk| match input {
            Input::TickHandoff { point, by, .. } => desk.tick(&point, &by),
            Input::ConfirmHandoff { by, .. } => {
                let document = desk.document;
                for point in &document.points {
                    desk.tick(&point.id, &by);
                }
            }
            _ => {}
        });
        self.run_handoffs(now, output);
    }

    /// What a host reports of a message of a hand-off. `false` where none awaits it.
    pub(super) fn report_handoff(
        &mut self,
        now: Timestamp,
        effect: &EffectId,
        outcome: Outcome,
        detail: &str,
        output: &mut Output,
    ) -> bool {
        let Some(role) = self.role_of(effect.subject()).map(str::to_owned) else {
            return false;
        };
        let latest = self.watches.get(&role).and_then(|watch| watch.latest.as_ref());
        let awaited = latest.is_some_and(|latest| latest.outbox.values().any(|pending| pending.effect.id == *effect));
        if awaited {
            self.desk(now, &role, output, |desk| desk.report(effect, outcome, &shorten(detail, 500)));
        }
        awaited
    }
}

/// One hand-off at one instant.
struct HandoffDesk<'a> {
    policy: &'a Policy,
    changes: &'a Changes,
    document: &'a HandoffDocument,
    handoff: &'a mut Handoff,
    at: Timestamp,
    output: &'a mut Output,
}

impl<'a> HandoffDesk<'a> {
    fn begin(&mut self, ongoing: Vec<OngoingIncident>) {
        let action = Action::Handoff {
            handoff: self.handoff.id.clone(),
            role: self.handoff.role.clone(),
            from: self.handoff.from.clone(),
            to: self.handoff.to.clone(),
            points: self.document.points.clone(),
            ongoing: ongoing.clone(),
        };
        self.emit(Trigger::Handoff, action);
        let listed: Vec<String> = ongoing
            .iter()
            .map(|ongoing| {
                format!("{} {} ({}): {}", ongoing.severity, ongoing.incident, ongoing.state.as_str(), ongoing.title)
            })
            .collect();
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
        let (from, to) = (self.handoff.from.join(", "), self.handoff.to.join(", "));
        let deadline = self.document.within.map(|within| within.after(self.handoff.at));
        let facts = MessageFacts {
            role: &self.handoff.role,
            from: &from,
            to: &to,
            points: open,
            text,
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

    fn remind(&mut self) {
        self.handoff.reminded_at = self.at;
        let found = self.of_both();
        self.send(found, MessageKind::HandoffDue, Purpose::Remind, Trigger::HandoffDue, "");
    }

    /// The host was away for so long that reminders have come round many times: all but the last are counted.
    fn catch_up(&mut self, until: Timestamp) {
        let Some(every) = self.document.remind_every.filter(|every| !every.is_zero()) else { return };
        let next_change = self.policy.roster().next_change(&self.handoff.role, self.handoff.at, self.changes);
        let end = next_change.map_or(until, |change| until.min(change - chrono::TimeDelta::milliseconds(1)));
        let skipped = Duration::between(self.at, end).as_millis() / every.as_millis();
        let Some(skipped_count) = u64::try_from(skipped).ok().filter(|skipped| *skipped > 0) else { return };
        self.at = Duration::from_millis(skipped.saturating_mul(every.as_millis())).after(self.at);
        let trigger = Trigger::HandoffDue;
        self.emit(trigger, Action::Coalesced { trigger, skipped: skipped_count });
    }

    /// Not every point was ticked off in time.
    fn run_out(&mut self) {
        let Some(target) = self.document.within else { return };
        let deadline = target.after(self.handoff.at);
        self.handoff.breached_at = Some(self.at);
        self.emit(
            Trigger::Breach,
            Action::Breach { clock: ClockKind::Handoff, target: Target::Within(target), deadline },
        );
        let found = self.everybody();
        self.send(found, MessageKind::HandoffDue, Purpose::Remind, Trigger::Breach, "");
    }

    fn tick(&mut self, point: &str, by: &str) {
        let handoff = self.handoff.id.clone();
        if self.handoff.ticked.contains_key(point) {
            let (point, by) = (point.to_owned(), by.to_owned());
            self.output.decide(self.at, None, Verdict::HandoffTickedBefore { handoff, point, by });
            return;
        }
        let deadline = self.document.within.map(|within| within.after(self.handoff.at));
        if self.handoff.breached_at.is_none() && deadline.is_some_and(|deadline| deadline <= self.at) {
            self.run_out();
        }
        self.handoff.ticked.insert(point.to_owned(), Deed { by: by.to_owned(), at: self.at });
        let (point, by) = (point.to_owned(), by.to_owned());
        self.output.decide(self.at, None, Verdict::HandoffTicked { handoff: handoff.clone(), point, by: by.clone() });
        if self.document.points.iter().all(|point| self.handoff.ticked.contains_key(&point.id)) {
            self.handoff.confirmed_at = Some(self.at);
            let elapsed = Duration::between(self.handoff.at, self.at);
            self.output.decide(self.at, None, Verdict::HandoffConfirmed { handoff, by, elapsed });
        }
    }

    fn report(&mut self, effect: &EffectId, outcome: Outcome, detail: &str) {
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
                subject: crate::routing::one_line(&format!("{}: do by hand: {reason}", notification.subject)),
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

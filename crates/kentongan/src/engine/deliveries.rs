//! What the host reports of its deliveries: a failure goes on to the next way or the next person in the same step.
//! Late, doubled, unknown and reordered reports are harmless.

use super::Engine;
use super::tell::{Message, Words};
use super::work::{Output, Work};
use crate::clock::ClockKind;
use crate::decision::Verdict;
use crate::effect::{Action, EffectId, Purpose, Trigger};
use crate::incident::IncidentId;
use crate::input::Outcome;
use crate::outbox::Pending;
use crate::policy::document::MessageKind;
use crate::routing::shorten;
use crate::time::Timestamp;

impl Engine {
    pub(super) fn take_report(
        &mut self,
        now: Timestamp,
        effect: &EffectId,
        outcome: Outcome,
        detail: &str,
        output: &mut Output,
    ) {
        let id = IncidentId::from(effect.incident());
        let awaited = self.incidents.get_mut(&id).is_some_and(|incident| incident.pending_mut(effect).is_some());
        if !awaited {
            output.decide(now, None, Verdict::UnexpectedReport { effect: effect.clone() });
            return;
        }
        self.work(&id, now, output, |work| work.report(effect, outcome, detail));
    }
}

impl Work<'_> {
    fn report(&mut self, effect: &EffectId, outcome: Outcome, detail: &str) {
        let Some((number, _)) = self.incident.pending_mut(effect) else {
            return;
        };
        let Some(pending) = self.incident.outbox.remove(&number) else {
            return;
        };
        match outcome {
            Outcome::Delivered => self.delivered(&pending),
            Outcome::Failed => self.failed(pending, &shorten(detail, 500)),
        }
    }

    fn delivered(&mut self, pending: &Pending) {
        self.decide(Verdict::Delivered { effect: pending.effect.id.clone() });
        if let Some(level) = pending.level {
            self.incident.climb.reached.insert(level);
        }
        if let Action::StatusPage { .. } = pending.effect.action {
            self.finish_clock(ClockKind::Public);
        }
    }

    fn failed(&mut self, mut pending: Pending, detail: &str) {
        let effect = pending.effect.id.clone();
        let fail = |next: String| Verdict::DeliveryFailed { effect: effect.clone(), detail: detail.to_owned(), next };
        let entry = pending.effect.cause.entry.clone();
        match pending.effect.action.clone() {
            Action::Notify(mut notification) if !pending.others.is_empty() => {
                let way = pending.others.remove(0);
                self.decide(fail(format!("`{}` is tried on `{}`", notification.to, way.channel)));
                notification.channel = way.channel;
                notification.address = way.address;
                let number = self.incident.next_effect;
                self.emit(Trigger::DeliveryFailed, &entry, Action::Notify(notification));
                if let Some(slot) = self.incident.outbox.get_mut(&number) {
                    slot.person = pending.person;
                    slot.level = pending.level;
                    slot.others = pending.others;
                    slot.message = pending.message;
                }
            }
            Action::Notify(notification) => {
                self.decide(fail(format!("`{}` cannot be reached on any further way", notification.to)));
                self.unreachable(&pending, &notification.to, &notification.channel, detail);
            }
            Action::OpenChannel { channel, name, text } => {
                self.decide(fail("a person is asked to do it by hand".to_owned()));
                self.by_hand(Trigger::DeliveryFailed, &entry, &format!("open {name} on {channel} ({detail})"), &text);
            }
            Action::StatusPage { page, text, .. } => {
                self.decide(fail("a person is asked to do it by hand".to_owned()));
                self.by_hand(Trigger::DeliveryFailed, &entry, &format!("post on {page} ({detail})"), &text);
            }
            Action::Warning { .. }
            | Action::Breach { .. }
            | Action::NoResponder { .. }
            | Action::PolicyFault { .. }
            | Action::Coalesced { .. } => {}
        }
    }

    /// Every way to somebody has failed: somebody else must hear of it.
    fn unreachable(&mut self, pending: &Pending, to: &str, channel: &str, detail: &str) {
        if self.incident.state.is_resolved() {
            return;
        }
        if let Some(level) = pending.level {
            let others_left = self.incident.outbox.values().any(|other| other.level == Some(level));
            if !others_left && !self.incident.climb.reached.contains(&level) {
                self.level_unreachable(level);
            }
            return;
        }
        match pending.message {
            // Nothing stands behind the last resort, and a request to do something by hand is not made twice.
            Some(MessageKind::NoResponder | MessageKind::ByHand) => {}
            Some(MessageKind::Open | MessageKind::Page)
                if self.incident.climb.path.is_none() && !self.anybody_reached() =>
            {
                self.no_responder(&format!("`{to}` could not be reached: {detail}"));
            }
            _ => {
                let Action::Notify(notification) = &pending.effect.action else {
                    return;
                };
                let entry = pending.effect.cause.entry.clone();
                self.tell_others(
                    &entry,
                    to,
                    &format!("tell {to}, who could not be reached on {channel} ({detail})"),
                    &notification.text,
                );
            }
        }
    }

    /// Asks those at work, but not the one who cannot be reached, to pass a message on.
    fn tell_others(&mut self, entry: &str, to: &str, reason: &str, text: &str) {
        let Some(severity) = self.severity() else {
            return;
        };
        let channel = severity.document.escalate_by.clone();
        let recipient = crate::routing::Recipient::Responders;
        let found =
            crate::routing::contacts(self.policy, self.incident, &recipient, &channel, self.at).unwrap_or_default();
        let others: Vec<_> = found.into_iter().filter(|contact| contact.to != to).collect();
        if others.is_empty() {
            let reason = format!("`{to}` could not be reached, and there is nobody else to ask");
            self.decide(Verdict::RouteEmpty { entry: entry.to_owned(), reason });
        }
        for contact in others {
            let words = Words { text, reason, ..Words::default() };
            self.send(
                contact,
                &Message {
                    kind: MessageKind::ByHand,
                    purpose: Purpose::DoByHand,
                    level: None,
                    trigger: Trigger::DeliveryFailed,
                    entry,
                    words,
                },
            );
        }
    }

    /// Whether anybody was told of the incident, or may still be.
    fn anybody_reached(&self) -> bool {
        !self.incident.climb.reached.is_empty()
            || self
                .incident
                .outbox
                .values()
                .any(|pending| matches!(pending.message, Some(MessageKind::Open | MessageKind::Page)))
    }
}

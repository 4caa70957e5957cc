//! What the host reports of its deliveries: a failure goes on to the next way or the next person in the same step.
//! Late, doubled, unknown and reordered reports are harmless.

use super::Engine;
use super::work::{Output, Work};
use crate::clock::ClockKind;
use crate::decision::Verdict;
use crate::effect::{Action, EffectId, Trigger};
use crate::escalation::Standing;
use crate::incident::{IncidentId, PublicTold};
use crate::input::Outcome;
use crate::outbox::Pending;
use crate::policy::document::MessageKind;
use crate::routing::{Way, one_line, shorten};
use crate::text::says_nothing;
use crate::time::Timestamp;

impl Engine {
    pub(super) fn take_report(
        &mut self,
        now: Timestamp,
        effect: &EffectId,
        outcome: Outcome,
        detail: &str,
        opened_as: Option<&str>,
        output: &mut Output,
    ) {
        let id = IncidentId::from(effect.subject());
        let awaited = self.incidents.get_mut(&id).is_some_and(|incident| incident.pending_mut(effect).is_some());
        if !awaited && self.report_handoff(now, effect, outcome, detail, output) {
            return;
        }
        if !awaited {
            output.decide(now, None, Verdict::UnexpectedReport { effect: effect.clone() });
            return;
        }
        self.work(&id, now, output, |work| work.report(effect, outcome, detail, opened_as));
    }
}

impl Work<'_> {
    fn report(&mut self, effect: &EffectId, outcome: Outcome, detail: &str, opened_as: Option<&str>) {
        let Some((number, _)) = self.incident.pending_mut(effect) else {
            return;
        };
        let Some(pending) = self.incident.outbox.remove(&number) else {
            return;
        };
        match outcome {
            Outcome::Delivered => self.delivered(&pending, opened_as),
            Outcome::Failed => self.failed(pending, &shorten(detail, 500)),
        }
    }

    fn delivered(&mut self, pending: &Pending, opened_as: Option<&str>) {
        self.decide(Verdict::Delivered { effect: pending.effect.id.clone() });
        self.incident.climb.reached.extend(&pending.levels);
        if matches!(pending.message, Some(MessageKind::Open | MessageKind::Page)) {
            self.incident.heard = true;
        }
        if let Action::Notify(notification) = &pending.effect.action {
            let way = Way { channel: notification.channel.clone(), address: notification.address.clone() };
            self.incident.unreachable.remove(&way);
        }
        if let Action::StatusPage { .. } = pending.effect.action {
            self.incident.public = PublicTold::Told;
            self.finish_clock(ClockKind::Public);
        }
        if let (Action::OpenChannel { channel, name, .. }, Some(opened_as)) = (&pending.effect.action, opened_as) {
            self.channel_opened_as(channel, name, &one_line(opened_as));
        }
    }

    /// The name was taken, by another incident of the day maybe: what is told from now on goes where the channel is.
    fn channel_opened_as(&mut self, channel: &str, asked: &str, name: &str) {
        let asked_for = Way { channel: channel.to_owned(), address: asked.to_owned() };
        if says_nothing(name) || name == asked || self.incident.channel.as_ref() != Some(&asked_for) {
            return;
        }
        self.incident.channel = Some(Way { channel: channel.to_owned(), address: name.to_owned() });
        self.decide(Verdict::ChannelOpenedAs { asked: asked.to_owned(), name: name.to_owned() });
    }

    fn failed(&mut self, mut pending: Pending, detail: &str) {
        let effect = pending.effect.id.clone();
        let fail = |next: String| Verdict::DeliveryFailed { effect: effect.clone(), detail: detail.to_owned(), next };
        let entry = pending.effect.cause.entry.clone();
        match pending.effect.action.clone() {
            Action::Notify(notification) if self.is_moot(&pending) => {
                self.decide(fail(format!("`{}` need not hear it any more", notification.to)));
            }
            Action::Notify(mut notification) if !pending.others.is_empty() => {
                let way = pending.others.remove(0);
                self.decide(fail(format!("`{}` is tried on `{}`", notification.to, way.channel)));
                notification.channel.clone_from(&way.channel);
                notification.address.clone_from(&way.address);
                if let Some(kind) = pending.message {
                    let levels = self.supersede(kind, pending.clock, &way);
                    pending.levels.extend(levels);
                }
                let number = self.incident.next_effect;
                self.emit(Trigger::DeliveryFailed, &entry, Action::Notify(notification));
                if let Some(slot) = self.incident.outbox.get_mut(&number) {
                    slot.person = pending.person;
                    slot.levels = pending.levels;
                    slot.others = pending.others;
                    slot.message = pending.message;
                    slot.clock = pending.clock;
                }
            }
            Action::Notify(notification) => {
                self.decide(fail(format!("`{}` cannot be reached on any further way", notification.to)));
                self.unreachable(&pending, &notification.to, &notification.channel, detail);
            }
            Action::OpenChannel { channel, name, text } => {
                self.decide(fail("a person is asked to do it by hand".to_owned()));
                self.by_hand(
                    Trigger::DeliveryFailed,
                    &entry,
                    &format!("open {name} on {channel} ({detail})"),
                    &text,
                    None,
                );
            }
            Action::StatusPage { page, text, .. } => {
                self.decide(fail("a person is asked to do it by hand".to_owned()));
                self.by_hand(Trigger::DeliveryFailed, &entry, &format!("post on {page} ({detail})"), &text, None);
            }
            Action::Warning { .. }
            | Action::Breach { .. }
            | Action::NoResponder { .. }
            | Action::PolicyFault { .. }
            | Action::Handoff { .. }
            | Action::PostmortemRequired { .. }
            | Action::PostmortemPublished { .. }
            | Action::RoleVacant { .. }
            | Action::Coalesced { .. } => {}
        }
    }

    /// Whether a message asks for what has happened meanwhile: nobody is woken for it by another way.
    fn is_moot(&self, pending: &Pending) -> bool {
        let asks = matches!(
            pending.message,
            Some(
                MessageKind::Page
                    | MessageKind::Open
                    | MessageKind::NoResponder
                    | MessageKind::UpdateDue
                    | MessageKind::StillOpen
                    | MessageKind::Clear
            )
        );
        let settled = |index: &usize| {
            let level = self.path().and_then(|path| path.levels.get(*index));
            level.is_none_or(|level| level.unless.holds(self.incident.state))
        };
        let settled = !pending.levels.is_empty() && pending.levels.iter().all(settled);
        asks && (self.incident.state.is_resolved() || self.incident.snoozed.is_some() || settled)
    }

    /// Every way to somebody has failed: somebody else must hear of it.
    fn unreachable(&mut self, pending: &Pending, to: &str, channel: &str, detail: &str) {
        for level in &pending.levels {
            let others_left = self.incident.outbox.values().any(|other| other.levels.contains(level));
            let told = matches!(self.incident.climb.standing(*level), Some(Standing::Told { .. }));
            if told && !others_left && !self.incident.climb.reached.contains(level) {
                self.level_unreachable(*level);
            }
        }
        if !pending.levels.is_empty() {
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
                // Asked once, not for every message that does not get through: that would be a storm of its own.
                let way = Way { channel: channel.to_owned(), address: notification.address.clone() };
                if !self.incident.unreachable.insert(way) {
                    return;
                }
                let entry = pending.effect.cause.entry.clone();
                let reason = format!("tell {to}, who could not be reached on {channel} ({detail})");
                self.by_hand(Trigger::DeliveryFailed, &entry, &reason, &notification.text, Some(to));
            }
        }
    }

    /// Whether anybody was told of the incident, or may still be.
    fn anybody_reached(&self) -> bool {
        self.incident.heard
            || self
                .incident
                .outbox
                .values()
                .any(|pending| matches!(pending.message, Some(MessageKind::Open | MessageKind::Page)))
    }
}

//! Snoozes: somebody puts an incident off. The climb rests, clocks run on, and at the end it pages whoever is on call.

use super::alerts::POLICY;
use super::work::Work;
use crate::decision::Verdict;
use crate::effect::Trigger;
use crate::error::{Refusal, Rejected};
use crate::incident::{Event, Snoozed};
use crate::policy::Policy;
use crate::time::Timestamp;

/// A snooze ends, within the time that the policy allows.
pub(super) fn check_snooze(policy: &Policy, at: Timestamp, until: Timestamp) -> Result<(), Rejected> {
    let at_most = policy.snoozing().at_most;
    if until <= at {
        return Err(Refusal::SnoozeOver { until }.into());
    }
    if until > at_most.after(at) {
        return Err(Refusal::SnoozeTooLong { until, at_most }.into());
    }
    Ok(())
}

impl Work<'_> {
    /// Puts the incident off. A second snooze takes the place of the first.
    pub(super) fn snooze(&mut self, by: &str, until: Timestamp, reason: String) {
        if !self.transit(Event::Snooze, by) {
            return;
        }
        self.incident.active_at = self.at;
        let until = crate::time::in_millis(until);
        self.incident.snoozed = Some(Snoozed { by: by.to_owned(), at: self.at, until, reason: reason.clone() });
        self.decide(Verdict::Snoozed { by: by.to_owned(), until, reason });
    }

    /// Something has made the snooze pointless: somebody takes it, escalates it, or it has become worse.
    pub(super) fn wake(&mut self, by: &str) {
        if self.incident.snoozed.take().is_some() {
            self.decide(Verdict::SnoozeEnded { by: by.to_owned() });
        }
    }

    /// The time is up: whoever had taken it has not finished it, and whoever is on call now is paged.
    pub(super) fn snooze_ends(&mut self) {
        self.wake(POLICY);
        if !self.transit(Event::SnoozeEnd, POLICY) {
            return;
        }
        self.incident.acknowledged = None;
        self.incident.responded = None;
        self.incident.active_at = self.at;
        self.give_up_held("the snooze is over, and it is told as it stands");
        if self.incident.muted.is_some() {
            return;
        }
        let told = self.raise_alarm(Trigger::SnoozeEnded);
        self.climb_anew(self.at, Trigger::SnoozeEnded, told);
    }
}

//! Pauses: while an incident waits for somebody else, the clocks that the policy names stand still.

use super::tell::Words;
use super::work::Work;
use crate::clock::ClockKind;
use crate::decision::Verdict;
use crate::effect::Trigger;
use crate::incident::{Event, Paused};
use crate::policy::document::MessageKind;
use crate::time::Timestamp;

impl Work<'_> {
    /// Lets the clocks stand still, until somebody lets them go on or the time is up.
    pub(super) fn pause(&mut self, by: &str, until: Option<Timestamp>, reason: String) {
        if !self.transit(Event::Pause, by) {
            return;
        }
        self.incident.active_at = self.at;
        if self.incident.paused.is_some() {
            let reason = "its clocks stand still already".to_owned();
            self.decide(Verdict::Ignored { event: Event::Pause, state: self.incident.state, reason });
            return;
        }
        let pausing = self.policy.pausing();
        let until = until.unwrap_or_else(|| pausing.at_most.after(self.at));
        let at = self.at;
        let clocks = self.incident.clocks.iter_mut().filter(|(kind, _)| pausing.clocks.contains(kind));
        let clocks: Vec<ClockKind> = clocks.filter_map(|(kind, clock)| clock.pause(at).then_some(*kind)).collect();
        self.incident.paused = Some(Paused { by: by.to_owned(), at, until, reason: reason.clone() });
        self.decide(Verdict::Paused { by: by.to_owned(), until, clocks, reason });
    }

    /// Lets the clocks go on.
    pub(super) fn resume(&mut self, by: &str) {
        if self.incident.paused.take().is_none() {
            let reason = "its clocks do not stand still".to_owned();
            self.decide(Verdict::Ignored { event: Event::Resume, state: self.incident.state, reason });
            return;
        }
        let (at, policy) = (self.at, self.policy);
        let clocks = self.incident.clocks.iter_mut();
        let clocks: Vec<ClockKind> =
            clocks.filter_map(|(kind, clock)| clock.resume(at, policy).then_some(*kind)).collect();
        self.decide(Verdict::Resumed { by: by.to_owned(), clocks: clocks.clone() });
        for kind in clocks {
            self.doubt_end(kind);
        }
    }

    /// The time is up: those at work hear that their promises count again.
    pub(super) fn pause_ends(&mut self) {
        let reason = self.incident.paused.as_ref().map(|paused| paused.reason.clone()).unwrap_or_default();
        self.resume("policy");
        let words = Words { reason: &reason, ..Words::default() };
        self.remind(MessageKind::PauseEnded, Trigger::PauseEnded, "pausing.at_most", words);
    }
}

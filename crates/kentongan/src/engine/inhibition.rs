//! What hides others has changed: what it may hide no longer is told, unless something else hides it.

use super::Engine;
use super::work::{Output, Work};
use crate::alert::Alert;
use crate::incident::{IncidentId, Mute, Muted};
use crate::inhibition::Inhibitors;
use crate::time::Timestamp;

impl Engine {
    /// Looks again at what an incident hid. It is not touched otherwise: what is due on it has its own call.
    pub(super) fn review_hidden(&mut self, hidden: Vec<IncidentId>, at: Timestamp, output: &mut Output) {
        if hidden.is_empty() {
            return;
        }
        let touched = output.touched.take();
        for id in hidden {
            self.work(&id, at, output, |work| {
                work.review_inhibition();
            });
        }
        output.touched = touched;
    }

    /// Reads off the incidents anew what hides others: another policy is in force.
    pub(super) fn renew_inhibitors(&mut self) {
        self.inhibitors = Inhibitors::default();
        for (id, incident) in &self.incidents {
            self.inhibitors.enter(&self.policy, id, Some(incident));
        }
    }
}

impl Work<'_> {
    /// What hides an alert of this incident now.
    pub(super) fn inhibited(&self, alert: &Alert) -> Option<Muted> {
        self.inhibitors.over(self.policy, self.severity()?, self.incident, alert, self.at)
    }

    /// What hid it has changed.
    fn review_inhibition(&mut self) {
        // What ends at this very instant ends by its timer.
        let muted = self.incident.muted.as_ref().filter(|muted| muted.until > self.at);
        if muted.is_some_and(|muted| matches!(muted.by, Mute::Inhibition { .. })) && !self.still_inhibited() {
            self.mute_ends();
        }
    }

    /// Whether what hides it goes on doing so.
    pub(super) fn still_inhibited(&self) -> bool {
        self.severity().is_some_and(|severity| self.inhibitors.still(self.policy, severity, self.incident))
    }
}

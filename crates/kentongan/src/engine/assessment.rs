//! What people find out of an incident's impact.

use super::work::Work;
use crate::decision::Verdict;
use crate::effect::Trigger;
use crate::incident::{Event, Impact};
use crate::time::Duration;

impl Work<'_> {
    /// Conditions that read the impact are asked again. What is found out after the end can still ask for a post-mortem.
    pub(super) fn assess(&mut self, by: &str, impact: Impact) {
        if !self.transit(Event::Assess, by) {
            return;
        }
        self.incident.active_at = self.at;
        self.decide(Verdict::Assessed { by: by.to_owned(), impact: impact.clone() });
        self.incident.impact.learn(impact);
        if self.incident.state.is_resolved() {
            self.ask_for_postmortem(Trigger::Assessed);
        }
    }

    /// How long the incident has lasted, or did last in its present life.
    pub(super) fn duration(&self) -> Duration {
        let end = self.incident.resolved.as_ref().map_or(self.at, |resolved| resolved.at);
        self.incident.elapsed(end)
    }
}

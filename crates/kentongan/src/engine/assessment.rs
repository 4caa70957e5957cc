//! What people find out of an incident's impact, and whether it needs a post-mortem once it is over.

use super::tell::{Message, Part, Words};
use super::work::Work;
use crate::decision::Verdict;
use crate::effect::{Action, Purpose, Trigger};
use crate::incident::{Event, Impact};
use crate::policy::document::MessageKind;
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

    /// Asks for a post-mortem, once for an incident, where a rule of the policy says so. A rule that fails says so.
    pub(super) fn ask_for_postmortem(&mut self, trigger: Trigger) {
        let Some(postmortem) = self.policy.postmortem() else {
            return;
        };
        if self.incident.postmortem_required {
            return;
        }
        let Some(rule) = postmortem.rules.iter().find(|rule| self.holds(Some(&rule.condition), &rule.entry).0) else {
            self.decide(Verdict::PostmortemNotRequired);
            return;
        };
        self.incident.postmortem_required = true;
        let duration = self.duration();
        self.emit(trigger, &rule.entry, Action::PostmortemRequired { rule: rule.when.clone(), duration });
        let words = Words { reason: &rule.when, ..Words::default() };
        let mut told = 0;
        for route in &postmortem.notify {
            if !self.holds(route.when.as_ref(), &route.entry).0 {
                self.decide(Verdict::RouteClosed { entry: route.entry.clone() });
                continue;
            }
            let (kind, purpose) = (MessageKind::Postmortem, Purpose::Inform);
            let message = Message { kind, purpose, level: None, trigger, entry: &route.entry, words };
            told += self.route(route, Part::All, &message);
        }
        if told == 0 {
            self.remind(MessageKind::Postmortem, trigger, &rule.entry, words);
        }
    }

    /// How long the incident has lasted, or did last in its present life.
    pub(super) fn duration(&self) -> Duration {
        let end = self.incident.resolved.as_ref().map_or(self.at, |resolved| resolved.at);
        self.incident.elapsed(end)
    }
}

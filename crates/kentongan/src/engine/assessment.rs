//! What people find out of an incident's impact, and whether it needs a post-mortem once it is over.

use super::tell::{Message, Part, Words};
use super::work::Work;
use crate::decision::Verdict;
use crate::effect::{Action, Purpose, Trigger};
use crate::incident::{Event, Impact};
use crate::policy::document::{MessageKind, WhenUnsure};
use crate::time::Duration;

impl Work<'_> {
    /// Conditions that read the impact are asked again. What is found out after the end can still ask for a post-mortem.
    pub(super) fn assess(&mut self, by: &str, impact: Impact) {
        if !self.transit(Event::Assess, by) {
            return;
        }
        self.incident.active_at = self.at;
        self.decide(Verdict::Assessed { by: by.to_owned(), impact: impact.clone() });
        let before = self.incident.impact.clone();
        self.incident.impact.learn(impact);
        if self.incident.state.is_resolved() {
            self.ask_for_postmortem(Trigger::Assessed);
        } else if before != self.incident.impact {
            // What is no news does not undo what a person has set.
            self.triage(by);
        }
    }

    /// Asks the rules of triage and the matrix, and raises the severity where what counts is worse than it is.
    fn triage(&mut self, by: &str) {
        let policy = self.policy;
        let mut found: Vec<(String, String, String)> = Vec::new();
        for rule in policy.triage_rules() {
            if self.holds(Some(&rule.condition), &format!("{}.when", rule.entry)).0 {
                found.push((rule.entry.clone(), rule.severity.clone(), rule.because.clone()));
            }
        }
        let triage = &policy.document().triage;
        if let (Some(scope), Some(urgency)) = (self.incident.impact.scope, self.incident.impact.urgency)
            && let Some(severity) = triage.matrix.get(&scope).and_then(|row| row.get(&urgency))
        {
            let (scope, urgency) = (scope.as_str(), urgency.as_str());
            let entry = format!("triage.matrix.{scope}.{urgency}");
            found.push((entry, severity.clone(), format!("scope {scope}, urgency {urgency}")));
        }
        let rank = |name: &str| policy.severity(name).map(|severity| severity.index);
        let counts = match triage.when_unsure {
            WhenUnsure::Higher => found.into_iter().min_by_key(|(_, severity, _)| rank(severity)),
            WhenUnsure::First => found.into_iter().next(),
        };
        let Some((entry, severity, because)) = counts else { return };
        self.decide(Verdict::Triaged { entry, severity: severity.clone(), because: because.clone() });
        if rank(&severity) < rank(&self.incident.severity) {
            self.incident.because = because;
            self.change_severity(&severity, by);
        } else if severity != self.incident.severity {
            let kept = self.incident.severity.clone();
            self.decide(Verdict::SeverityKept { severity: kept, classified: severity });
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

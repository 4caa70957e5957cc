//! What people find out of an incident's impact.

use super::work::Work;
use crate::decision::Verdict;
use crate::effect::Trigger;
use crate::incident::{Event, Impact, SaidAs};
use crate::policy::document::WhenUnsure;
use crate::time::Duration;

impl Work<'_> {
    /// Conditions that read the impact are asked again. What is found out after the end can still ask for a post-mortem.
    pub(super) fn assess(&mut self, by: &str, impact: Impact) {
        if !self.transit(Event::Assess, by) {
            return;
        }
        self.incident.active_at = self.at;
        self.decide(Verdict::Assessed { by: by.to_owned(), impact: impact.clone() });
        self.incident.said_inside.add(SaidAs::Assessment, impact.description.as_deref().unwrap_or_default());
        let before = self.incident.impact.clone();
        self.incident.impact.learn(impact);
        if self.incident.state.is_resolved() {
            // From what was none, or goes on as another, there is nothing to learn, unless a person asks for it.
            if !self.incident.is_false_alarm() && self.incident.kin.merged_into.is_none() {
                self.ask_for_postmortem(Trigger::Assessed);
            }
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
            self.incident.because.clone_from(&because);
            self.change_severity(&severity, by, &because);
        } else if severity != self.incident.severity {
            let kept = self.incident.severity.clone();
            self.decide(Verdict::SeverityKept { severity: kept, classified: severity });
        }
    }

    /// How long the incident has lasted, or did last in its present life.
    pub(super) fn duration(&self) -> Duration {
        let end = self.incident.resolved.as_ref().map_or(self.at, |resolved| resolved.at);
        self.incident.elapsed(end)
    }
}

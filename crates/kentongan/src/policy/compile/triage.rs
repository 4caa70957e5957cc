//! The rules and the matrix by which an assessment raises the severity, and what is a drill.

use super::{Compiler, root};
use crate::policy::TriageRule;
use crate::rules::{Condition, Sight};

impl Compiler<'_> {
    /// The condition for what is a drill.
    pub(super) fn drills(&mut self) -> Option<Condition> {
        let when = self.document.drills.when.as_deref()?;
        self.condition(when, Sight::Alert, &root("drills").key("when"))
    }

    pub(super) fn triage(&mut self) -> Vec<TriageRule> {
        let document = self.document;
        let path = root("triage");
        let mut rules = Vec::new();
        for (index, rule) in document.triage.rules.iter().enumerate() {
            let at = path.key("rules").index(index);
            let severity = self.severity_index(&rule.severity, &at.key("severity"));
            let condition = self.condition(&rule.when, Sight::Incident, &at.key("when"));
            if let (Some(_), Some(condition)) = (severity, condition) {
                let named = rule.because.clone().or_else(|| rule.id.clone());
                let because = named.unwrap_or_else(|| rule.when.clone());
                let (severity, entry) = (rule.severity.clone(), at.to_string());
                rules.push(TriageRule { condition, severity, because, entry });
            }
        }
        for (scope, row) in &document.triage.matrix {
            for (urgency, severity) in row {
                let _ = self.severity_index(severity, &path.key("matrix").key(scope.as_str()).key(urgency.as_str()));
            }
        }
        rules
    }
}

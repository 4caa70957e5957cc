//! Drills: the whole procedure runs, and everybody who is told is told that it is one. The public is not, and a drill
//! never meets what is real: a real alert that looks like a drill's opens an incident of its own.

use super::Engine;
use super::alerts::incident_key;
use super::work::Work;
use crate::alert::Alert;
use crate::error::{Refusal, Rejected};
use crate::incident::Incident;
use crate::policy::document::MessageKind;
use crate::routing::{MessageFacts, Rendered, one_line};

/// What stands before the key of a drill, so that what is real has another.
const KEY: &str = "drill: ";

/// What stands before the heading of every message of a drill.
const HEADING: &str = "DRILL: ";

/// The first line of every message of a drill.
const LINE: &str = "This is a drill. Nothing is wrong.";

/// The key by which an alert is told from others.
pub(super) fn group_key(group_by: &[String], alert: &Alert, drill: bool) -> String {
    let key = incident_key(group_by, alert);
    if drill { format!("{KEY}{key}") } else { key }
}

/// The public is not told of a drill.
pub(super) fn check_not_drill(incident: &Incident) -> Result<(), Rejected> {
    if incident.drill { Err(Refusal::DrillNotPublic { incident: incident.id.to_string() }.into()) } else { Ok(()) }
}

/// What makes an alert a drill, and what is wrong with the policy's condition for it.
#[derive(Debug, Default)]
pub(super) struct Drill {
    /// Who, or which entry, says that it is one; none where it is none.
    pub(super) because: Option<String>,
    pub(super) fault: Option<String>,
}

impl Engine {
    /// Whether an alert is a drill: somebody says so, or the policy. In doubt it is real.
    pub(super) fn drill(&self, alert: &Alert, asked_by: Option<String>) -> Drill {
        if asked_by.is_some() {
            return Drill { because: asked_by, fault: None };
        }
        match self.policy.is_drill(alert) {
            Ok(drill) => Drill { because: drill.then(|| ENTRY.to_owned()), fault: None },
            Err(error) => Drill { because: None, fault: Some(error) },
        }
    }
}

/// The policy's entry for what is a drill.
pub(super) const ENTRY: &str = "drills.when";

impl Work<'_> {
    /// Renders a message for those inside, and marks it where it is of a drill: also the policy's own, in every language.
    pub(super) fn render(&self, kind: MessageKind, facts: &MessageFacts<'_>) -> Rendered {
        let rendered = self.policy.messages().render(kind, facts);
        if !self.incident.drill {
            return rendered;
        }
        let subject = one_line(&format!("{HEADING}{}", rendered.subject));
        Rendered { subject, text: mark(&rendered.text), ..rendered }
    }
}

fn mark(text: &str) -> String {
    crate::routing::shorten(&format!("{LINE}\n{text}"), crate::limits::BODY_CHARACTERS_MAX)
}

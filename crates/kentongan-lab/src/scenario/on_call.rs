//! What a scenario says of those on call: who takes over, who is away, and who must be on call then.

use kentongan::Input;
use schemars::JsonSchema;
use serde::Deserialize;

use super::pattern::{Pattern, Reader, Test, Window};
use super::{Expectation, Subject};
use crate::moment::Moment;

/// Who is on call in a role, after everything that happens at an instant.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OnCallPattern {
    /// When; at the end of the run otherwise.
    #[serde(default)]
    pub at: Option<Moment>,
    /// In which role.
    pub role: String,
    /// Exactly these people, the first choice first; `[]` is nobody.
    pub people: Vec<String>,
    /// Why it must be so.
    #[serde(default)]
    pub why: Option<String>,
}

/// Somebody takes over on call for a while.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OverrideInputDocument {
    /// What it is called when it is cancelled.
    pub id: String,
    /// Of which role or schedule.
    pub on: String,
    /// Who takes over.
    pub person: String,
    /// In whose place; in everybody's otherwise.
    #[serde(default)]
    pub replaces: Option<String>,
    /// From when on; from then on otherwise.
    #[serde(default)]
    pub from: Option<Moment>,
    /// Up to when.
    pub to: Moment,
    /// Who says so.
    pub by: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Somebody is away for a while.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceDocument {
    /// What it is called when it is ended.
    pub id: String,
    /// Who.
    pub person: String,
    /// From when on; from then on otherwise.
    #[serde(default)]
    pub from: Option<Moment>,
    /// Up to when.
    pub to: Moment,
    /// Who says so.
    pub by: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// An override or an absence ends before its time.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndDocument {
    /// Which.
    pub id: String,
    /// Who says so.
    pub by: String,
}

/// Somebody has gone through one point of a hand-off.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TickHandoffDocument {
    /// Which hand-off, by its id.
    pub handoff: String,
    /// Which point.
    pub point: String,
    /// Who.
    pub by: String,
}

/// Somebody has gone through all that is left of a hand-off.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmHandoffDocument {
    /// Which hand-off, by its id.
    pub handoff: String,
    /// Who.
    pub by: String,
}

impl OnCallPattern {
    /// As something that must be.
    pub(super) fn expectation(self, path: &str, reader: &mut Reader<'_, '_>) -> Expectation {
        let inside = format!("{path}.on_call");
        reader.name(&format!("{inside}.role"), "role", &self.role);
        for (index, person) in self.people.iter().enumerate() {
            reader.name(&format!("{inside}.people[{index}]"), "person", person);
        }
        let at = self.at.map(|at| reader.any_moment(&format!("{inside}.at"), &at));
        Expectation {
            of: Subject::OnCall(self.role),
            window: at.flatten().map_or(Window::Between(None, None), Window::At),
            incident: None,
            pattern: Pattern { fields: vec![("people".to_owned(), Test::Equals(self.people.into()))] },
            why: self.why,
            place: reader.findings.place(path),
        }
    }
}

impl OverrideInputDocument {
    /// As an input to the engine; none where a moment is none, which is reported.
    pub(super) fn input(self, path: &str, reader: &mut Reader<'_, '_>) -> Option<Input> {
        let from = self.from.map(|from| reader.any_moment(&format!("{path}.from"), &from));
        let to = reader.any_moment(&format!("{path}.to"), &self.to)?;
        let Self { id, on, person, replaces, by, reason, .. } = self;
        Some(Input::Override { id, on, person, replaces, from: from.flatten(), to, by, reason })
    }
}

impl AbsenceDocument {
    /// As an input to the engine; none where a moment is none, which is reported.
    pub(super) fn input(self, path: &str, reader: &mut Reader<'_, '_>) -> Option<Input> {
        let from = self.from.map(|from| reader.any_moment(&format!("{path}.from"), &from));
        let to = reader.any_moment(&format!("{path}.to"), &self.to)?;
        let Self { id, person, by, reason, .. } = self;
        Some(Input::Absence { id, person, from: from.flatten(), to, by, reason })
    }
}

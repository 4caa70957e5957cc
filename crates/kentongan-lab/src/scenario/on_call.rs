//! What a scenario says of those on call: who takes over, who is away.

use kentongan::Input;
use schemars::JsonSchema;
use serde::Deserialize;

use super::pattern::Reader;
use crate::moment::Moment;

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

//! What a scenario says of keeping quiet: snoozes and silences.

use kentongan::{Input, Matchers};
use schemars::JsonSchema;
use serde::Deserialize;

use super::document::Name;
use super::pattern::Reader;
use crate::moment::Moment;

/// Somebody puts an incident off.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SnoozeDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// When it pages whoever is on call then.
    pub until: Moment,
    /// Why it can wait.
    #[serde(default)]
    pub reason: String,
}

/// Nobody is told of what opens and matches, for a while.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SilenceDocument {
    /// What it is called when it is ended.
    pub id: String,
    /// What is meant.
    pub matchers: Matchers,
    /// Whose it is.
    pub by: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// From when on; from then on otherwise.
    #[serde(default)]
    pub from: Option<Moment>,
    /// Up to when.
    pub to: Moment,
}

impl SilenceDocument {
    /// As an input to the engine; none where a moment is none, which is reported.
    pub(super) fn input(self, path: &str, reader: &mut Reader<'_, '_>) -> Option<Input> {
        let from = self.from.map(|from| reader.any_moment(&format!("{path}.from"), &from));
        let to = reader.any_moment(&format!("{path}.to"), &self.to)?;
        let Self { id, matchers, by, reason, .. } = self;
        Some(Input::Silence { id, matchers, by, reason, from: from.flatten(), to })
    }
}

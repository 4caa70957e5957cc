//! What is gone through before an incident is closed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What must be so before an incident is closed.
///
/// While a point is open, `resolve` is refused unless it gives an `override_reason`, and an incident that monitoring no
/// longer sees stays open, whatever its severity's `when_cleared` says. What opens again opens the points again.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosingDocument {
    /// The points that are gone through.
    #[serde(default)]
    pub checklist: Vec<ChecklistItemDocument>,
    /// Whether `resolve` must come with a `note`, which everybody is told: the final update.
    #[serde(default)]
    pub final_update: bool,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
}

/// A point that is gone through before an incident is closed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItemDocument {
    /// What it is called when it is checked.
    pub id: String,
    /// What is to be so.
    pub text: String,
    /// The severities that it is for; all of them otherwise.
    #[serde(default, rename = "for")]
    pub severities: Vec<String>,
}

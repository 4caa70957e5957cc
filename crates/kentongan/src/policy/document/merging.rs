//! What becomes of an incident that another is merged into.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What becomes of an incident that another is merged into.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MergingDocument {
    /// Which of the two severities it has from then on.
    #[serde(default)]
    pub severity: MergedSeverity,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
}

/// Which of two severities counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MergedSeverity {
    /// The worse one.
    #[default]
    Worse,
    /// That of the incident which goes on, unless the other has the worst that there is.
    Target,
}

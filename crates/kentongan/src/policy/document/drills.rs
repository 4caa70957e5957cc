//! Which alerts are drills.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which alerts are drills, beside the reports that say so themselves.
///
/// A drill runs the whole procedure. Every message that somebody inside reads says that it is one; the public is told
/// nothing, nobody asks for a post-mortem unless a person does, and reports count it apart.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DrillsDocument {
    /// The condition, in rhai, over `alert` and `service`: `alert.labels.drill == "yes"`. An alert of which it fails is
    /// real. What an alert does not have is unequal to everything, so ask with `==`.
    #[serde(default)]
    pub when: Option<String>,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
}

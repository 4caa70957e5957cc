//! Post-mortems: which incidents need one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RouteDocument;

/// Which incidents need a post-mortem, and who hears of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostmortemDocument {
    /// The conditions, in rhai, asked when an incident is resolved; one that holds is enough.
    pub required_when: Vec<String>,
    /// Who is told that one is required; whoever worked on the incident otherwise.
    #[serde(default)]
    pub notify: Vec<RouteDocument>,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
}

//! Where incidents are reported from, and what triage does to their severity.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::WhenUnsure;
use crate::incident::{Scope, Urgency};

/// Where problems are reported from: monitoring, a hotline, email. Conditions read it as `alert.source`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceDocument {
    /// What people call it.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether what it reports has to be verified. Until somebody does, or another source reports the same,
    /// `incident.verified` is false.
    #[serde(default)]
    pub verify: bool,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
}

/// What an assessment does to the severity. It only ever raises it: a person lowers it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TriageDocument {
    /// The rules, in order.
    #[serde(default)]
    pub rules: Vec<TriageRuleDocument>,
    /// The severity by scope and urgency, `matrix: { all: { worsening: SEV-1 } }`; a cell may be left out.
    #[serde(default)]
    pub matrix: IndexMap<Scope, IndexMap<Urgency, String>>,
    /// What counts where several of them give a severity.
    #[serde(default)]
    pub when_unsure: WhenUnsure,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
}

/// A rule of triage.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TriageRuleDocument {
    /// What the rule is called.
    #[serde(default)]
    pub id: Option<String>,
    /// A condition, in rhai, asked when somebody assesses the incident. One that fails counts.
    pub when: String,
    /// The severity that the incident gets, if it is worse than the one it has.
    pub severity: String,
    /// Why, in words for people.
    #[serde(default)]
    pub because: Option<String>,
}

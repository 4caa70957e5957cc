//! The rules that give an alert its severity.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which of several matching rules counts, where rules go on after a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WhenUnsure {
    /// The one with the worst severity.
    #[default]
    Higher,
    /// The first.
    First,
}

/// A rule of classification, or the default that stands at the end.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleDocument {
    /// What the rule is called.
    #[serde(default)]
    pub id: Option<String>,
    /// The condition, in rhai, over `alert` and `service`.
    #[serde(default)]
    pub when: Option<String>,
    /// The severity it gives.
    #[serde(default)]
    pub severity: Option<String>,
    /// Why, for people.
    #[serde(default)]
    pub because: Option<String>,
    /// Whether the rules after it are tried too.
    #[serde(default, rename = "continue")]
    pub goes_on: bool,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// The severity of an alert that no rule matches. Stands alone, as the last entry.
    #[serde(default)]
    pub default: Option<String>,
}

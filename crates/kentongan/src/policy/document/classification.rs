//! The rules that give an alert its severity, one by one or as a table.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Fact;

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

/// A rule of classification, a table of them, or the default that stands at the end.
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
    /// Many rules as a table. Has an `id` and a `source` beside it, and nothing else.
    #[serde(default)]
    pub table: Option<TableDocument>,
    /// The severity of an alert that no rule matches. Stands alone, as the last entry.
    #[serde(default)]
    pub default: Option<String>,
}

/// A decision table: each row is a rule, each column a fact that it tests.
///
/// Rows stand here, or in a CSV file beside the policy whose first line names the columns. The columns `severity`,
/// `because` and `id` are what a row gives; every other one is an expression over `alert` and `service`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableDocument {
    /// Which of several matching rows counts.
    #[serde(default)]
    pub hit: HitPolicy,
    /// The CSV file.
    #[serde(default)]
    pub file: Option<String>,
    /// The rows: what each column must be. A column that a row leaves out may be anything.
    #[serde(default)]
    pub rows: Option<Vec<IndexMap<String, Fact>>>,
}

/// Which of several matching rows of a table counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HitPolicy {
    /// The first.
    #[default]
    First,
    /// The rules after it are tried too, and `when_unsure` decides.
    Collect,
}

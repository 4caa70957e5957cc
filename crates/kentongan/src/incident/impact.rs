//! What an incident does to people, as those who triage it find out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What somebody has found of an incident's impact. What is left out stays as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Impact {
    /// How many users are affected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users_affected: Option<u64>,
    /// Whether the impact on them is significant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub significant: Option<bool>,
    /// Whether it is getting worse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub getting_worse: Option<bool>,
    /// What users see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Impact {
    pub(crate) fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// Takes over what a later assessment says.
    pub(crate) fn learn(&mut self, later: Self) {
        self.users_affected = later.users_affected.or(self.users_affected);
        self.significant = later.significant.or(self.significant);
        self.getting_worse = later.getting_worse.or(self.getting_worse);
        self.description = later.description.or_else(|| self.description.take());
    }
}

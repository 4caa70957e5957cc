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
    /// How many of those who use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// What no longer works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub functionality: Option<String>,
    /// Where it is going.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
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

/// How many of those who use a service notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// A few.
    Few,
    /// Many.
    Many,
    /// All, or nearly.
    All,
}

/// Where an incident is going.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// It is getting worse.
    Worsening,
    /// It stays as it is.
    Stable,
    /// It is getting better.
    Improving,
}

impl Scope {
    /// The scope as policies and journals write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Few => "few",
            Self::Many => "many",
            Self::All => "all",
        }
    }
}

impl Urgency {
    /// The urgency as policies and journals write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Worsening => "worsening",
            Self::Stable => "stable",
            Self::Improving => "improving",
        }
    }
}

impl Impact {
    pub(crate) fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// Takes over what a later assessment says.
    pub(crate) fn learn(&mut self, later: Self) {
        self.users_affected = later.users_affected.or(self.users_affected);
        self.significant = later.significant.or(self.significant);
        let worse = later.urgency.map(|urgency| urgency == Urgency::Worsening);
        // Where it is going is one thing, whichever of the two says it; what is no longer getting worse stays as it is.
        let going = match later.getting_worse {
            Some(true) => Some(Urgency::Worsening),
            Some(false) if self.urgency == Some(Urgency::Worsening) => Some(Urgency::Stable),
            Some(false) | None => None,
        };
        self.getting_worse = later.getting_worse.or(worse).or(self.getting_worse);
        self.scope = later.scope.or(self.scope);
        self.functionality = later.functionality.or_else(|| self.functionality.take());
        self.urgency = later.urgency.or(going).or(self.urgency);
        self.description = later.description.or_else(|| self.description.take());
    }
}

//! What a scenario says of how incidents stand to each other.

use std::collections::BTreeSet;

use kentongan::{IncidentId, Input};
use schemars::JsonSchema;
use serde::Deserialize;

use super::document::Name;

/// Two incidents are one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeDocument {
    /// Which incident ends; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Which one goes on.
    pub into: Name,
    /// Who says so.
    pub by: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Some alerts of an incident are something else.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// The keys of the alerts.
    pub alerts: BTreeSet<String>,
    /// What the new incident is called.
    #[serde(default)]
    pub title: Option<String>,
    /// Who says so.
    pub by: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// An incident is a part of another.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// What it is a part of.
    pub parent: Name,
    /// Who says so.
    pub by: String,
}

impl MergeDocument {
    pub(super) fn input(self) -> (Option<Name>, Input) {
        let (incident, into) = (IncidentId::from(""), IncidentId::from(self.into.0.as_str()));
        (self.incident, Input::Merge { incident, into, by: self.by, reason: self.reason })
    }
}

impl SplitDocument {
    pub(super) fn input(self) -> (Option<Name>, Input) {
        let Self { incident, alerts, title, by, reason } = self;
        (incident, Input::Split { incident: IncidentId::from(""), alerts, title, by, reason })
    }
}

impl LinkDocument {
    pub(super) fn input(self) -> (Option<Name>, Input) {
        let (incident, parent) = (IncidentId::from(""), IncidentId::from(self.parent.0.as_str()));
        (self.incident, Input::Link { incident, parent, by: self.by })
    }
}

//! What a scenario says of the life of an incident: reports, verification, roles, the checklist.

use std::collections::BTreeMap;

use kentongan::{IncidentId, Input};
use schemars::JsonSchema;
use serde::Deserialize;

use super::document::Name;

/// A report through a source of the policy.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DetectDocument {
    /// What tells it from other reports.
    #[serde(default)]
    pub id: Option<String>,
    /// The source.
    pub source: String,
    /// Who reports it.
    pub by: String,
    /// The service it is about.
    #[serde(default)]
    pub service: Option<String>,
    /// One line for people.
    pub title: String,
    /// More for people.
    #[serde(default)]
    pub text: String,
    /// What identifies it.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What was measured.
    #[serde(default)]
    pub values: BTreeMap<String, f64>,
    /// Whether it is a drill.
    #[serde(default)]
    pub drill: bool,
}

/// What somebody does with an incident, and what they say with it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotedDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// What they say with it.
    #[serde(default)]
    pub note: String,
}

/// Points of the closing checklist, checked or opened again one after the other.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemsDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// The points.
    #[schemars(length(min = 1))]
    pub items: Vec<String>,
}

/// Somebody takes a role.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignRoleDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Which role.
    pub role: String,
    /// Who holds it from then on.
    pub person: String,
    /// Who says so.
    pub by: String,
}

/// Somebody gives a role up.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VacateRoleDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Which role.
    pub role: String,
    /// Who says so.
    pub by: String,
}

impl DetectDocument {
    pub(super) fn input(self) -> Input {
        let Self { id, source, by, service, title, text, labels, values, drill } = self;
        Input::Detect { id, source, by, service, title, text, labels, values, drill }
    }
}

impl ItemsDocument {
    /// One input for each point.
    pub(super) fn inputs(&self, command: fn(IncidentId, String, String) -> Input) -> Vec<Input> {
        let each = |item: &String| command(IncidentId::from(""), item.clone(), self.by.clone());
        self.items.iter().map(each).collect()
    }
}

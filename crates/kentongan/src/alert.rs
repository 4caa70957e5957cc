//! An alert: one thing a monitoring system, or a person, says is wrong. Edges turn vendor payloads into it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Whether the thing an alert speaks of is still wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertStatus {
    /// It is wrong now.
    #[default]
    Firing,
    /// It was wrong, and the sender says it no longer is.
    Resolved,
}

/// One alert, in the shape the engine and every condition see.
///
/// `key` tells one alert from another across repeats: firing again with the same key is the same alert. Everything
/// else is what conditions read: `alert.labels.env`, `alert.values.error_rate`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// What tells this alert from others; repeats carry the same key. Made of its texts where it is missing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// Firing or resolved.
    #[serde(default)]
    pub status: AlertStatus,
    /// Who sent it: `alertmanager`, `hotline`, …
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The service it is about, as the policy's catalogue names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The name of the alerting rule.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// One line for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// More for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What identifies it, as text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// What describes it, as text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// What was measured; always finite.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, f64>,
    /// When the sender saw it begin. For people: clocks start when the engine hears of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// When the sender saw it end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// Where a person can look: a graph, a runbook.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<String, String>,
}

impl Alert {
    /// A firing alert for a service.
    #[must_use]
    pub fn firing(key: impl Into<String>, service: impl Into<String>) -> Self {
        Self { key: key.into(), service: Some(service.into()), ..Self::default() }
    }

    /// The same alert, resolved.
    #[must_use]
    pub fn resolved(&self) -> Self {
        Self { status: AlertStatus::Resolved, ..self.clone() }
    }

    /// What to call it in one line: its summary, else its name, else its key.
    #[must_use]
    pub fn title(&self) -> &str {
        [&self.summary, &self.name, &self.key].into_iter().find(|text| !text.is_empty()).map_or("alert", String::as_str)
    }
}

//! What may keep people from being told, and for how long.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Duration;

/// How long an incident can be put off. Clocks run on meanwhile; at the end it is open, unacknowledged, and pages whoever
/// is on call then.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SnoozingDocument {
    /// The longest that a snooze may be.
    #[serde(default = "one_day")]
    pub at_most: Duration,
}

impl Default for SnoozingDocument {
    fn default() -> Self {
        Self { at_most: one_day() }
    }
}

fn one_day() -> Duration {
    Duration::from_hours(24)
}

/// What silences may hide.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SilencingDocument {
    /// The severities that a silence hides although they are the worst: without its name here, the worst severity
    /// always tells people. All others can be hidden.
    #[serde(default)]
    pub may_hide: Vec<String>,
}

/// Whether the first alarm waits for more alerts to join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Paging {
    /// Never; so it is for the worst severity, whatever the policy says.
    AtOnce,
    /// For the policy's `group_wait`.
    #[default]
    AfterGroupWait,
}

//! What may keep people from being told, and for how long.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::silence::Matchers;
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

/// While one thing is broken, nobody is told of what follows from it.
///
/// ```yaml
/// inhibitions:
///   - id: link-down
///     source: { labels: { check: link } }
///     target: { labels: { check: reachability } }
///     equal: [site]
///     at_most: 4h
///     owner: platform
///     reason: What lies behind a broken link cannot be reached
/// ```
///
/// An incident that `target` means is hidden when it opens while another one is open that `source` means and of which an
/// alert fires, or when such a one has come before the wait for its group is over. It opens and its clocks run. When what
/// hides it is over, or after `at_most`, what still is open is told to whoever is on call then. What people have been
/// told of is never hidden after that, and what is hidden hides nothing itself.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InhibitionDocument {
    /// What it is called in the record.
    pub id: String,
    /// What hides others.
    pub source: Matchers,
    /// What is hidden.
    pub target: Matchers,
    /// The labels that both must have, with equal values. One that is missing is equal to nothing.
    #[serde(default)]
    pub equal: Vec<String>,
    /// The longest that an incident is hidden, from its opening on.
    pub at_most: Duration,
    /// Who answers for it: a person or a team.
    pub owner: String,
    /// Why nobody needs to be told.
    pub reason: String,
    /// The worst severity is hidden only where it is named here.
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

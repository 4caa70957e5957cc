//! Services, people, teams, channels and roles: what there is, and whom.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Moment, RouteDocument};
use crate::time::Duration;

/// A service that alerts can be about.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceDocument {
    /// What people call it.
    #[serde(default)]
    pub name: Option<String>,
    /// How much depends on it: `emergency-core`, `tier-2`.
    #[serde(default)]
    pub tier: Option<String>,
    /// The team or person it belongs to.
    #[serde(default)]
    pub owner: Option<String>,
    /// What the public calls it. Only this name appears in public texts.
    #[serde(default)]
    pub public_name: Option<String>,
    /// More facts for conditions, read as `service.facts.<name>`.
    #[serde(default)]
    pub facts: IndexMap<String, Fact>,
}

/// A fact of a service: text, a number or a truth value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Fact {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
}

/// A person.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonDocument {
    /// What people call them.
    #[serde(default)]
    pub name: Option<String>,
    /// Where each channel reaches them, the preferred one first: `sms: "+62…"`.
    #[serde(default)]
    pub contacts: IndexMap<String, String>,
    /// From when on they are no longer with us: their turns on call are passed over from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Moment>,
}

/// A team: its members, and addresses that reach all of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamDocument {
    /// What people call it.
    #[serde(default)]
    pub name: Option<String>,
    /// Who is in it.
    #[serde(default)]
    pub members: Vec<String>,
    /// Shared addresses; a channel without one reaches each member instead.
    #[serde(default)]
    pub contacts: IndexMap<String, String>,
}

/// A channel, and what stands in for it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelDocument {
    /// What it is.
    #[serde(default)]
    pub description: Option<String>,
    /// The channels to try, in order, when a delivery on this one fails.
    #[serde(default)]
    pub fallback: Vec<String>,
}

fn quarter_of_an_hour() -> Duration {
    Duration::from_minutes(15)
}

/// A role that somebody takes in an incident.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleDocument {
    /// What people call it.
    #[serde(default)]
    pub name: Option<String>,
    /// What whoever holds it does.
    #[serde(default)]
    pub duty: Option<String>,
    /// Who holds it until somebody else is named or it is given up; without it, nobody does until somebody is named.
    #[serde(default)]
    pub held_by: Option<String>,
    /// The severities in which somebody must hold it.
    #[serde(default)]
    pub required_for: Vec<String>,
    /// How long after the opening it may be vacant; not at all otherwise.
    #[serde(default)]
    pub within: Option<Duration>,
    /// How often those told are reminded that it is vacant, until somebody holds it.
    #[serde(default = "quarter_of_an_hour")]
    pub remind_every: Duration,
    /// Who is told that it is vacant; whoever works on the incident otherwise.
    #[serde(default)]
    pub notify: Vec<RouteDocument>,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
}

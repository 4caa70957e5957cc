//! Handing over: what whoever goes off call and whoever comes on go through together.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RouteDocument;
use crate::time::Duration;

/// The hand-off at each change of who is on call.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoffDocument {
    /// The on-call roles that are handed over.
    pub roles: Vec<String>,
    /// What is gone through, point by point. Each is ticked off by a person.
    pub points: Vec<PointDocument>,
    /// The channel on which those who come on and those who go off are told.
    #[serde(default = "email")]
    pub by: String,
    /// Who else is told.
    #[serde(default)]
    pub notify: Vec<RouteDocument>,
    /// How often they are reminded until every point is ticked off; never, without it.
    #[serde(default)]
    pub remind_every: Option<Duration>,
    /// The promise: strictly within this time every point is ticked off.
    #[serde(default)]
    pub within: Option<Duration>,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
}

fn email() -> String {
    "email".to_owned()
}

/// A point of a hand-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PointDocument {
    /// What it is called when it is ticked off.
    pub id: String,
    /// What is to be done.
    pub text: String,
}

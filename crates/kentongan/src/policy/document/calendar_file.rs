//! Calendars of others that a policy names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A calendar beside the policy, in the form of RFC 5545. Whoever loads the policy reads it and puts its days in its place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarFileDocument {
    /// Its file, `holidays.ics`; the path is relative to the policy.
    pub ics: String,
}

//! The journal as the engine sees it: what was handed in, and when. Where it is kept is the host's affair.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::input::Input;
use crate::time::Timestamp;

/// One input at its instant. Folding a journal's entries over a new engine gives the same state and effects again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// When it was handed in.
    pub at: Timestamp,
    /// What was handed in.
    pub input: Input,
}

/// A reload of the policy as a journal records it. It is no input, since a policy is more than a line holds: the policies
/// stand here by their digests, and whoever replays has them. See [`crate::Engine::reload`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reload {
    /// The digest of the policy before it.
    pub from: String,
    /// The digest of the policy after it.
    pub to: String,
    /// The severities that have another name after it, old to new.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub severities: BTreeMap<String, String>,
}

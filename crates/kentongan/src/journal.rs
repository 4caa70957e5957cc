//! The journal as the engine sees it: what was handed in, and when. Where it is kept is the host's affair.

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

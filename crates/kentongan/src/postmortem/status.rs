//! How far a post-mortem is.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far a post-mortem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PostmortemStatus {
    /// It is being written.
    Draft,
    /// It is handed to others to look at.
    InReview,
    /// Others have looked at it and agree.
    Reviewed,
    /// Everybody can read it.
    Published,
    /// A person has said that none is needed after all.
    Waived,
}

impl PostmortemStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [Self::Draft, Self::InReview, Self::Reviewed, Self::Published, Self::Waived];

    /// Whether nobody is to write it any more.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Published | Self::Waived)
    }

    /// The status as policies and journals write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Reviewed => "reviewed",
            Self::Published => "published",
            Self::Waived => "waived",
        }
    }
}

impl fmt::Display for PostmortemStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

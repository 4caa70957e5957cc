//! What the public and those inside have been told of an incident.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::effect::PublicStatus;
use crate::limits;
use crate::time::Timestamp;

/// A status update, as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusUpdate {
    /// When.
    pub at: Timestamp,
    /// Who gave it.
    pub by: String,
    /// What it says beside its parts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What it says, part by part.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<String, String>,
}

/// The public page of an incident: all that the public has been told of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicPage {
    /// What the issue is called in the heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// What the public notices of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// How far the work is; nothing has been said in its present life otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<PublicStatus>,
    /// What was posted, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<PublicPost>,
}

/// One post on the public page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicPost {
    /// When.
    pub at: Timestamp,
    /// How far the work was.
    pub status: PublicStatus,
    /// What it said.
    pub text: String,
}

impl PublicPage {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds a post. The oldest go where there are too many.
    pub(crate) fn post(&mut self, at: Timestamp, status: PublicStatus, text: String) {
        self.status = Some(status);
        self.posts.push(PublicPost { at, status, text });
        let excess = self.posts.len().saturating_sub(limits::PUBLIC_POSTS_MAX);
        self.posts.drain(..excess);
    }
}

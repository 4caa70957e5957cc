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
    /// Whether nobody has said that, and the policy has: what it says holds for the severity as it stands.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub impact_assumed: bool,
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
    /// Whether the policy had it posted, and nobody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
}

impl PublicPage {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What was said before it was over holds no longer, but for what somebody has said of the impact.
    pub(crate) fn reopen(&mut self) {
        self.status = None;
        if std::mem::take(&mut self.impact_assumed) {
            self.impact = None;
        }
    }

    /// Takes back the words in which the policy had it posted that it is over, since somebody says it in their own. Gives
    /// the instant since which the public reads that it is.
    pub(crate) fn give_way(&mut self) -> Option<Timestamp> {
        let resolved = |post: &mut PublicPost| post.automatic && post.status == PublicStatus::Resolved;
        self.posts.pop_if(resolved).map(|post| post.at)
    }

    /// Adds a post. The oldest go where there are too many.
    pub(crate) fn post(&mut self, post: PublicPost) {
        self.status = Some(post.status);
        self.posts.push(post);
        let excess = self.posts.len().saturating_sub(limits::PUBLIC_POSTS_MAX);
        self.posts.drain(..excess);
    }
}

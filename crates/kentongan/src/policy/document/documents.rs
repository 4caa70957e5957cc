//! The documents that are written of incidents, and templates of the policy's own for them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A document that is written of incidents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// The topic of an incident's channel, as things stand: one line, for Slack.
    Topic,
    /// The latest status update of an incident, and how things stand. For those inside.
    StatusUpdate,
    /// What the public reads of an incident. Sees only what the public may know.
    PublicUpdate,
    /// What whoever comes on call is handed over.
    Handoff,
    /// The post-mortem of an incident.
    Postmortem,
    /// The report on a month.
    Monthly,
    /// The review of a quarter.
    Quarterly,
}

impl DocumentKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Topic,
        Self::StatusUpdate,
        Self::PublicUpdate,
        Self::Handoff,
        Self::Postmortem,
        Self::Monthly,
        Self::Quarterly,
    ];

    /// As a policy writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::StatusUpdate => "status-update",
            Self::PublicUpdate => "public-update",
            Self::Handoff => "handoff",
            Self::Postmortem => "postmortem",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
        }
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The template of a document, in the policy or in a file beside it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateDocument {
    /// The template itself.
    #[serde(default)]
    pub text: Option<String>,
    /// The file that has it.
    #[serde(default)]
    pub file: Option<String>,
}

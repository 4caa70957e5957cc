//! What declaring an incident does.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What declaring an incident does.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclarationDocument {
    /// The channel to open for the incident.
    #[serde(default)]
    pub open_channel: Option<OpenChannelDocument>,
    /// The public status page to post on.
    #[serde(default)]
    pub status_page: Option<String>,
    /// Whether that page says that an incident is resolved as soon as it is, where the public has read of it and nobody
    /// has said so: in the words of `public-resolved`.
    #[serde(default)]
    pub post_resolved: bool,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
}

/// A channel that is opened for one incident.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenChannelDocument {
    /// On which medium: `slack`.
    pub on: String,
    /// Its name, as a template: `#incident-{{ service }}-{{ date }}`.
    pub name: String,
}

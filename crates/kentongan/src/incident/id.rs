//! What an incident is called.

use std::fmt;

use chrono::Datelike;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::calendar::Zone;
use crate::time::Timestamp;

/// Names one incident: its service, the local date and a digest, `panic-button-20261124-k3f9q2`.
///
/// It depends on nothing but the incident's own key and the instant it opened, so it is the same on every replay
/// and whatever else happens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct IncidentId(String);

impl IncidentId {
    pub(crate) fn new(key: &str, service: Option<&str>, at: Timestamp, zone: &Zone) -> Self {
        const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let digest = Sha256::new()
            .chain_update(key)
            .chain_update([0])
            .chain_update(at.timestamp_millis().to_be_bytes())
            .finalize();
        let tail: String = digest
            .iter()
            .take(8)
            .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
            .map(|c| char::from(*c))
            .collect();
        let date = zone.format(at, "%Y%m%d");
        let date = if date.is_empty() { format!("{}", at.year()) } else { date };
        Self(format!("{}-{date}-{tail}", slug(service.unwrap_or("incident"))))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for IncidentId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Lower-case letters, digits and single hyphens: what every channel accepts in a name.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars().flat_map(char::to_lowercase).take(40) {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "incident".to_owned() } else { slug.to_owned() }
}

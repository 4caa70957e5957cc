//! A snapshot: the whole state of an engine as data. Restoring it at any cut is not noticed by what comes after.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::time_zone_data_version;
use crate::error::RestoreError;
use crate::incident::{Incident, IncidentId};
use crate::oncall::{Change, Watch};
use crate::policy::Policy;
use crate::silence::Silences;
use crate::time::Timestamp;

/// The newest format that this engine writes and reads.
///
/// 2 knows who takes over on call, who is away, and hand-offs; one of format 1 has none of these.
/// 3 knows snoozes, silences, inhibitions and what waits for its group.
/// 4 knows false alarms, drills, and what was merged, split or linked.
pub const SNAPSHOT_FORMAT: u32 = 4;

/// The state of an engine. Its JSON is canonical: the same state gives the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    format: u32,
    engine: String,
    time_zone_data: String,
    policy: String,
    pub(crate) at: Option<Timestamp>,
    pub(crate) keys: BTreeMap<String, IncidentId>,
    pub(crate) incidents: Vec<Incident>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) changes: BTreeMap<String, Change>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) watches: BTreeMap<String, Watch>,
    #[serde(default, skip_serializing_if = "Silences::is_empty")]
    pub(crate) silences: Silences,
}

impl Snapshot {
    pub(crate) fn new(
        policy: &Policy,
        at: Option<Timestamp>,
        keys: BTreeMap<String, IncidentId>,
        incidents: Vec<Incident>,
    ) -> Self {
        Self {
            format: SNAPSHOT_FORMAT,
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            time_zone_data: time_zone_data_version().to_owned(),
            policy: policy.digest().to_owned(),
            at,
            keys,
            incidents,
            changes: BTreeMap::new(),
            watches: BTreeMap::new(),
            silences: Silences::default(),
        }
    }

    /// With who takes over on call and who is away, and the hand-offs.
    pub(crate) fn with_on_call(self, changes: BTreeMap<String, Change>, watches: BTreeMap<String, Watch>) -> Self {
        Self { changes, watches, ..self }
    }

    /// With the silences.
    pub(crate) fn with_silences(self, silences: Silences) -> Self {
        Self { silences, ..self }
    }

    /// The digest of the policy it was taken under.
    #[must_use]
    pub fn policy(&self) -> &str {
        &self.policy
    }

    /// The version of the engine that wrote it.
    #[must_use]
    pub fn engine(&self) -> &str {
        &self.engine
    }

    /// The version of the time zone data that engine carried.
    #[must_use]
    pub fn time_zone_data(&self) -> &str {
        &self.time_zone_data
    }

    /// The snapshot as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Text keys and plain data only: there is nothing in it that JSON cannot hold.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a snapshot back.
    ///
    /// # Errors
    ///
    /// When it is not a snapshot, damaged, or written by a newer engine.
    pub fn from_json(text: &str) -> Result<Self, RestoreError> {
        #[derive(Deserialize)]
        struct Header {
            format: u32,
        }
        let unreadable = |error: serde_json::Error| RestoreError::Unreadable { reason: error.to_string() };
        let Header { format } = serde_json::from_str(text).map_err(unreadable)?;
        if format > SNAPSHOT_FORMAT {
            return Err(RestoreError::TooNew { found: format, supported: SNAPSHOT_FORMAT });
        }
        serde_json::from_str(text).map_err(unreadable)
    }

    pub(crate) fn check(&self, policy: &Policy) -> Result<(), RestoreError> {
        if self.format > SNAPSHOT_FORMAT {
            return Err(RestoreError::TooNew { found: self.format, supported: SNAPSHOT_FORMAT });
        }
        if self.policy != policy.digest() {
            return Err(RestoreError::OtherPolicy { found: self.policy.clone(), expected: policy.digest().to_owned() });
        }
        Ok(())
    }
}

//! Where an incident stands to others: what it was merged into or split from, what it is a part of, and which alerts
//! find it beside those of its own key.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Incident, IncidentId};

/// Where an incident stands to others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Kin {
    /// What it goes on as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) merged_into: Option<IncidentId>,
    /// What it was a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) split_from: Option<IncidentId>,
    /// What it is linked to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<IncidentId>,
    /// What is linked to it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) children: BTreeSet<IncidentId>,
    /// The keys of what was merged into it, whose alerts find it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) keys: BTreeSet<String>,
    /// The alerts that find it whatever their group.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) alerts: BTreeSet<String>,
}

impl Kin {
    pub(crate) fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Incident {
    /// What it was merged into, and goes on as.
    #[must_use]
    pub fn merged_into(&self) -> Option<&IncidentId> {
        self.kin.merged_into.as_ref()
    }

    /// What it was split from.
    #[must_use]
    pub fn split_from(&self) -> Option<&IncidentId> {
        self.kin.split_from.as_ref()
    }

    /// What it is a part of.
    #[must_use]
    pub fn parent(&self) -> Option<&IncidentId> {
        self.kin.parent.as_ref()
    }

    /// What is a part of it, by id.
    pub fn children(&self) -> impl Iterator<Item = &IncidentId> {
        self.kin.children.iter()
    }
}

//! Who holds which role in an incident, and since when nobody does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Incident;
use crate::policy::Policy;
use crate::time::Timestamp;

/// A role of an incident, where it is not simply as the policy has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleState {
    /// Who was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<RoleHolder>,
    /// Whether it was given up, so that whom the policy names does not stand for it either.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vacated: bool,
    /// Since when it is vacant although somebody must hold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vacant_since: Option<Timestamp>,
    /// When people are told next that it is vacant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) due: Option<Timestamp>,
}

/// Who holds a role, and who said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleHolder {
    /// Who holds it.
    pub person: String,
    /// Who said so.
    pub by: String,
    /// Since when.
    pub at: Timestamp,
}

/// Who held the roles of an incident when that was last looked at, and when it is looked at again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RoleWatch {
    /// By role: those that somebody must hold, and all of an incident that was declared.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) holders: BTreeMap<String, Vec<String>>,
    /// When somebody else may hold one of them next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) look_at: Option<Timestamp>,
}

impl RoleWatch {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Incident {
    /// Whoever was named for a role, not whom the policy names.
    #[must_use]
    pub fn role(&self, role: &str) -> Option<&RoleHolder> {
        self.roles.get(role)?.holder.as_ref()
    }

    /// Its roles by name, where they are not simply as the policy has them.
    pub fn roles(&self) -> impl Iterator<Item = (&str, &RoleState)> {
        self.roles.iter().map(|(role, state)| (role.as_str(), state))
    }

    /// Whether there is nobody to hold a role, by name or as the policy has it, whether they are there or not.
    pub(crate) fn is_given_up(&self, policy: &Policy, role: &str) -> bool {
        let state = self.roles.get(role);
        let named = state.is_some_and(|state| state.holder.is_some());
        let vacated = state.is_some_and(|state| state.vacated);
        !named && (vacated || policy.role_holder(role).is_none())
    }

    /// When people are told next that a role is vacant. What is no role of the policy is not due.
    pub(super) fn vacancy_due(&self, policy: &Policy) -> Option<Timestamp> {
        let known = self.roles.iter().filter(|(role, _)| policy.role(role).is_some());
        known.filter_map(|(_, state)| state.due).min()
    }
}

//! Silences: for a while, nobody is told of what opens and matches. Each has an owner, a reason and a finite end.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::alert::Alert;
use crate::policy::{Policy, Severity};
use crate::time::Timestamp;

/// What an alert must be to be meant: all that is named here, to the letter.
///
/// A missing label is not equal to an empty one: `labels: { site: "" }` means alerts that have the label and leave it
/// empty. At least one value must not be empty, since everything would be meant otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Matchers {
    /// The service it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Its own key, or what its incident is grouped by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Its labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
}

impl Matchers {
    /// Whether an alert is meant, whose incident is grouped by `key`.
    pub(crate) fn mean(&self, alert: &Alert, key: &str) -> bool {
        self.service.as_deref().is_none_or(|service| alert.service.as_deref() == Some(service))
            && self.key.as_deref().is_none_or(|own| own == key || own == alert.key)
            && self.labels.iter().all(|(name, value)| alert.labels.get(name) == Some(value))
    }

    /// Whether nothing is named that is not empty.
    pub(crate) fn are_empty(&self) -> bool {
        self.texts().all(|(_, text)| text.is_empty())
    }

    /// Every value, by what it is compared with.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let service = self.service.as_deref().map(|service| ("service", service));
        let key = self.key.as_deref().map(|key| ("key", key));
        let labels = self.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        service.into_iter().chain(key).chain(labels)
    }
}

/// A silence, as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Silence {
    pub(crate) matchers: Matchers,
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
    pub(crate) by: String,
    pub(crate) reason: String,
}

/// The silences in force or ahead, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Silences(BTreeMap<String, Silence>);

impl Silences {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The silence under which nobody is told of an alert at an instant, the one that ends last; never of the worst
    /// severity, unless the policy names it.
    pub(crate) fn over(
        &self,
        policy: &Policy,
        severity: &Severity,
        alert: &Alert,
        key: &str,
        at: Timestamp,
    ) -> Option<(&str, Timestamp)> {
        if severity.is_worst() && !policy.silencing().may_hide.contains(&severity.name) {
            return None;
        }
        let over = |silence: &Silence| silence.from <= at && at < silence.to && silence.matchers.mean(alert, key);
        let over = self.0.iter().filter(|(_, silence)| over(silence));
        over.max_by_key(|(_, silence)| silence.to).map(|(id, silence)| (id.as_str(), silence.to))
    }

    /// Whether one of that name is in force or ahead.
    pub(crate) fn has(&self, id: &str, now: Timestamp) -> bool {
        self.0.get(id).is_some_and(|silence| silence.to > now)
    }

    /// Those in force or ahead, by name.
    pub(crate) fn in_force_or_ahead(&self, now: Timestamp) -> impl Iterator<Item = (&str, &Silence)> {
        self.0.iter().filter(move |(_, silence)| silence.to > now).map(|(id, silence)| (id.as_str(), silence))
    }

    /// How many are in force or ahead.
    pub(crate) fn live(&self, now: Timestamp) -> usize {
        self.0.values().filter(|silence| silence.to > now).count()
    }

    pub(crate) fn insert(&mut self, now: Timestamp, id: String, silence: Silence) {
        self.0.retain(|_, earlier| earlier.to > now);
        self.0.insert(id, silence);
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.0.remove(id);
    }
}

//! What was handed in at run time: who takes over where, and who is away.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::intervals::Intervals;
use super::overrides::TakesOver;
use super::takeovers::Takeovers;
use crate::time::Timestamp;

/// An override or an absence, as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Change {
    /// Of several at one time, a later one is applied after an earlier one.
    pub(crate) order: u64,
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
    pub(crate) person: String,
    #[serde(flatten)]
    pub(crate) kind: ChangeKind,
    pub(crate) by: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) reason: String,
}

/// What kind of change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum ChangeKind {
    /// The person takes over.
    Override {
        on: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<String>,
    },
    /// The person is away.
    Absence,
}

/// All changes by name, and found by whom and what they are about.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Changes {
    all: BTreeMap<String, Change>,
    /// By role or schedule.
    overrides: BTreeMap<String, Takeovers>,
    /// By person; each with its order.
    absences: BTreeMap<String, Intervals<u64>>,
}

impl Changes {
    pub(crate) fn of(all: BTreeMap<String, Change>) -> Self {
        let mut overrides: BTreeMap<String, Vec<(i64, i64, TakesOver)>> = BTreeMap::new();
        let mut absences: BTreeMap<String, Vec<(i64, i64, u64)>> = BTreeMap::new();
        for change in all.values() {
            let (from, to) = change.interval();
            match &change.kind {
                ChangeKind::Override { on, .. } => {
                    overrides.entry(on.clone()).or_default().extend(change.takes_over().map(|over| (from, to, over)));
                }
                ChangeKind::Absence => {
                    absences.entry(change.person.clone()).or_default().push((from, to, change.order));
                }
            }
        }
        Self {
            overrides: overrides.into_iter().map(|(on, entries)| (on, entries.into_iter().collect())).collect(),
            absences: absences.into_iter().map(|(person, entries)| (person, entries.into_iter().collect())).collect(),
            all,
        }
    }

    pub(crate) fn all(&self) -> &BTreeMap<String, Change> {
        &self.all
    }

    /// How many are in force or ahead.
    pub(crate) fn live(&self, now: Timestamp) -> usize {
        self.all.values().filter(|change| change.to > now).count()
    }

    /// The place of the next one in the order in which they were handed in.
    pub(crate) fn next_order(&self) -> u64 {
        self.all.values().map(|change| change.order + 1).max().unwrap_or(0)
    }

    pub(crate) fn insert(&mut self, id: String, change: Change) {
        let (from, to) = change.interval();
        match change.takes_over() {
            Some(over) => {
                if let ChangeKind::Override { on, .. } = &change.kind {
                    self.overrides.entry(on.clone()).or_default().insert(from, to, over);
                }
            }
            None => self.absences.entry(change.person.clone()).or_default().insert(from, to, change.order),
        }
        self.all.insert(id, change);
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<Change> {
        let change = self.all.remove(id)?;
        match &change.kind {
            ChangeKind::Override { on, .. } => {
                let on_it = self
                    .all
                    .values()
                    .filter(|change| matches!(&change.kind, ChangeKind::Override { on: other, .. } if other == on));
                let left = on_it.filter_map(|change| {
                    let (from, to) = change.interval();
                    Some((from, to, change.takes_over()?))
                });
                let left: Takeovers = left.collect();
                self.overrides.insert(on.clone(), left);
            }
            ChangeKind::Absence => {
                if let Some(absences) = self.absences.get_mut(&change.person) {
                    absences.retain(|absence| absence.about != change.order);
                }
            }
        }
        Some(change)
    }

    /// Forgets what is over.
    pub(crate) fn forget(&mut self, now: Timestamp) {
        if self.live(now) < self.all.len() {
            let all = std::mem::take(&mut self.all);
            *self = Self::of(all.into_iter().filter(|(_, change)| change.to > now).collect());
        }
    }

    /// Who takes over on a role or schedule at an instant, and up to when that holds.
    pub(super) fn over<'a>(&'a self, target: &str, at: i64, found: &mut Vec<&'a TakesOver>) -> i64 {
        self.overrides.get(target).map_or(i64::MAX, |overrides| overrides.at(at, found))
    }

    /// Up to when a person is away, if they are, and up to when that answer holds.
    pub(super) fn away(&self, person: &str, at: i64) -> (Option<i64>, i64) {
        let Some(absences) = self.absences.get(person) else {
            return (None, i64::MAX);
        };
        let mut found = Vec::new();
        let edge = absences.at(at, &mut found);
        (found.iter().map(|absence| absence.to).max(), edge)
    }
}

impl Change {
    fn interval(&self) -> (i64, i64) {
        (self.from.timestamp_millis(), self.to.timestamp_millis())
    }

    fn takes_over(&self) -> Option<TakesOver> {
        match &self.kind {
            ChangeKind::Override { replaces, .. } => {
                Some(TakesOver { order: self.order, person: self.person.clone(), replaces: replaces.clone() })
            }
            ChangeKind::Absence => None,
        }
    }
}

//! One incident moves to another policy: its clocks are told their new targets, its climb finds its place, and what is
//! held waits for the new hours.

use std::collections::{BTreeMap, BTreeSet};

use super::alerts::POLICY;
use super::tell::{Part, Words};
use super::windows::Admission;
use super::work::Work;
use crate::decision::Verdict;
use crate::effect::Trigger;
use crate::escalation::{Level, Path, Standing};
use crate::incident::Held;
use crate::policy::document::{MessageKind, Occasion};
use crate::policy::{Policy, Severity};
use crate::routing::{Contact, Route, contacts};
use crate::time::Duration;

impl Work<'_> {
    /// Moves from an old policy to the one at hand. `severities` are those that have another name now.
    pub(super) fn migrate(&mut self, old: &Policy, severities: &BTreeMap<String, String>) {
        let was = old.severity(&self.incident.severity);
        self.rename_severity(severities);
        // What fails under the new policy is told anew.
        self.incident.faults.clear();
        self.migrate_climb(old, was);
        self.migrate_postmortem(old);
        if self.incident.state.is_resolved() {
            return;
        }
        let (at, policy, severity) = (self.at, self.policy, self.severity());
        for (kind, clock) in &mut self.incident.clocks {
            if let Some(target) = severity.and_then(|severity| severity.target(*kind, Duration::ZERO)) {
                clock.carry(old, policy, &target, at);
            }
        }
        self.retarget();
        self.review_roles();
        self.migrate_held(was);
        self.unmute_migrated();
        self.reconsider();
    }

    fn rename_severity(&mut self, severities: &BTreeMap<String, String>) {
        let from = self.incident.severity.clone();
        if let Some(to) = severities.get(&from).filter(|to| **to != from) {
            self.incident.severity.clone_from(to);
            self.decide(Verdict::SeverityChanged {
                from,
                to: to.clone(),
                by: POLICY.to_owned(),
                reason: String::new(),
            });
        }
        // What monitoring asked for is gone: only what is worse than the incident is news then.
        let known = |name: &String| {
            let now = severities.get(name).unwrap_or(name);
            if self.policy.severity(now).is_some() { now.clone() } else { self.incident.severity.clone() }
        };
        (self.incident.classified, self.incident.worst) =
            (known(&self.incident.classified), known(&self.incident.worst));
    }

    /// Finds the place of the climb on the path that the severity names now.
    fn migrate_climb(&mut self, old: &Policy, was: Option<&Severity>) {
        let name = self.severity().and_then(|severity| severity.document.escalation.clone());
        if name != self.incident.climb.path {
            self.start_climb(self.incident.since);
            return;
        }
        let paths = name.as_deref().and_then(|name| Some((old.path(name)?, self.policy.path(name)?)));
        let Some((before, after)) = paths else { return };
        let places = places(before, after);
        let levels = after.levels.iter().zip(&places).map(|(level, place)| {
            let (index, standing) = (*place).and_then(|index| Some((index, self.incident.climb.levels.get(index)?)))?;
            let before = before.levels.get(index)?;
            let again = match standing {
                Standing::Skipped { empty: true } => {
                    self.reach(old, was, before) != self.reach(self.policy, self.severity(), level)
                }
                Standing::Skipped { empty: false } => before.unless != level.unless,
                Standing::Ahead | Standing::Waiting { .. } | Standing::Told { .. } | Standing::Held { .. } => false,
            };
            Some(standing.clone()).filter(|_| !again)
        });
        let levels: Vec<Standing> = levels.map(|standing| standing.unwrap_or(Standing::Ahead)).collect();
        let moved = |old: &BTreeSet<usize>| -> BTreeSet<usize> {
            let stays = |place: &Option<usize>| place.is_some_and(|place| old.contains(&place));
            places.iter().enumerate().filter(|(_, place)| stays(place)).map(|(index, _)| index).collect()
        };
        let climb = &mut self.incident.climb;
        climb.reached = moved(&climb.reached);
        climb.levels = levels;
        for pending in self.incident.outbox.values_mut() {
            pending.levels = moved(&pending.levels);
        }
    }

    /// Everybody whom a level would reach at this instant, with every way to them.
    fn reach(&self, policy: &Policy, severity: Option<&Severity>, level: &Level) -> Vec<Contact> {
        let by = severity.map_or("", |severity| severity.document.escalate_by.as_str());
        let channel = level.by.as_deref().unwrap_or(by);
        let found = |recipient| contacts(policy, self.changes, Some(&*self.incident), recipient, channel, self.at);
        level.to.iter().filter_map(|recipient| found(recipient).ok()).flatten().collect()
    }

    /// What is held waits for the hours of the route that leads the same way now. Where there is none, whoever has yet
    /// to hear of the incident hears of it by the routes that there are.
    fn migrate_held(&mut self, was: Option<&Severity>) {
        let mut unheard = false;
        for mut held in std::mem::take(&mut self.incident.held) {
            let before = was.and_then(|was| was.routes.iter().find(|route| route.entry == held.entry));
            let same = |route: &&Route| before.is_some_and(|old| old.channel == route.channel && old.to == route.to);
            let Some(route) = self.severity().and_then(|severity| severity.routes.iter().find(same)) else {
                self.drop_message(&held.entry, "the policy has no such route any more");
                unheard |= held.is_alarm();
                continue;
            };
            held.entry.clone_from(&route.entry);
            let until = match self.admit(route.window.as_ref(), held.is_alarm()) {
                Admission::Later(until) => until,
                Admission::Now | Admission::By(_) => self.at,
                Admission::Never => {
                    self.drop_message(&held.entry, "it is outside its hours");
                    continue;
                }
            };
            if until != held.until {
                self.decide(Verdict::Held { entry: held.entry.clone(), until });
            }
            self.incident.held.push(Held { until, ..held });
        }
        if unheard {
            let words = Words::default();
            self.routes(Occasion::Open, Part::All, MessageKind::Open, Trigger::PolicyChanged, words);
        }
    }
}

/// Where each level of a path stood on the path before: the level that told the same, of the same name where several
/// did. Who has not been told has no place.
fn places(before: &Path, after: &Path) -> Vec<Option<usize>> {
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut places: Vec<Option<usize>> = vec![None; after.levels.len()];
    for named in [true, false] {
        for (place, level) in places.iter_mut().zip(&after.levels).filter(|(place, _)| place.is_none()) {
            let same = |(index, earlier): &(usize, &Level)| {
                !taken.contains(index) && earlier.to == level.to && (!named || earlier.id == level.id)
            };
            *place = before.levels.iter().enumerate().find(same).map(|(index, _)| index);
            taken.extend(*place);
        }
    }
    places
}

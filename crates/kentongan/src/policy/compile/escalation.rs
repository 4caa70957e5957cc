//! Escalation paths, their levels, and the last resort.

use super::{Compiler, root};
use std::collections::BTreeMap;

use crate::escalation::{Level, Path as EscalationPath};
use crate::limits;
use crate::routing::{Recipient, Route};
use crate::rules::Sight;
use crate::source::Path;
use crate::time::Duration;

use crate::policy::document::{After, LevelDocument, PathDocument, RepeatDocument};

impl Compiler<'_> {
    /// The lengths of time that must not be too short.
    pub(super) fn bounds(&mut self) {
        let document = self.document;
        self.not_too_short(document.remind_open_every, &root("remind_open_every"));
        self.quiet();
        self.fractions(&document.warn_at, &root("warn_at"));
        for (name, severity) in &document.severities {
            let path = root("severities").key(name);
            if let Some(ceiling) = severity.page_ceiling {
                self.not_too_short(ceiling, &path.key("page_ceiling"));
            }
            if let Some(every) = &severity.update_every {
                self.cadence(every, &path.key("update_every"));
            }
        }
    }

    pub(super) fn not_too_short(&mut self, length: Duration, path: &Path) {
        let least = Duration::from_millis(limits::REPEAT_MILLIS_MIN);
        if length < least {
            self.error(
                "too_often",
                format!("{length} is too short a time between repeats"),
                format!("use at least {least}"),
                path,
            );
        }
    }

    pub(super) fn repeat(&mut self, repeat: Option<RepeatDocument>, path: &Path) {
        let Some(repeat) = repeat else { return };
        self.not_too_short(repeat.every, &path.key("repeat").key("every"));
        if repeat.times == Some(0) {
            self.error(
                "invalid_value",
                "a repeat of no times does nothing",
                "remove the `repeat`",
                &path.key("repeat").key("times"),
            );
        }
    }

    pub(super) fn paths(&mut self) -> BTreeMap<String, EscalationPath> {
        let document = self.document;
        let mut paths = BTreeMap::new();
        for (name, path_document) in &document.escalation {
            let path = root("escalation").key(name);
            let used = document.severities.values().any(|severity| severity.escalation.as_ref() == Some(name));
            if !used {
                self.warn(
                    "unused_escalation",
                    format!("no severity uses the path `{name}`"),
                    "name it in a severity's `escalation`, or remove it",
                    &path,
                );
            }
            if let Some(compiled) = self.path(path_document, &path) {
                paths.insert(name.clone(), compiled);
            }
        }
        paths
    }

    pub(super) fn path(&mut self, document: &PathDocument, path: &Path) -> Option<EscalationPath> {
        let list = if self.exists(&path.key("levels")) { path.key("levels") } else { path.clone() };
        self.repeat(document.repeat, path);
        if let Some(expires) = document.acknowledge_expires {
            self.not_too_short(expires, &path.key("acknowledge_expires"));
        }
        if document.levels.is_empty() {
            if !self.had_entries(&list) {
                self.error("empty_path", "the path has no level", "add at least one", &list);
            }
            return None;
        }
        let mut levels: Vec<Level> = Vec::new();
        for (index, level) in document.levels.iter().enumerate() {
            let at = list.index(index);
            let compiled = self.level(level, index, &at);
            if levels.iter().any(|earlier| earlier.id == compiled.id) {
                self.error(
                    "duplicate_name",
                    format!("two levels are called `{}`", compiled.id),
                    "rename one of them",
                    &at,
                );
            }
            // A level with a condition of its own comes when that holds, so its place says nothing about its time.
            let by_time = |level: &Level| level.when.is_none();
            if level.when.is_none()
                && let Some(earlier) =
                    levels.iter().find(|earlier| by_time(earlier) && is_later(&earlier.after, &compiled.after))
            {
                let message =
                    format!("the level comes {} after opening, before level `{}` above it", compiled.after, earlier.id);
                self.warn("level_order", message, "order the levels by `after`", &at);
            }
            levels.push(compiled);
        }
        Some(EscalationPath { levels, repeat: document.repeat, acknowledge_expires: document.acknowledge_expires })
    }

    pub(super) fn level(&mut self, level: &LevelDocument, index: usize, path: &Path) -> Level {
        let to = self.recipients(&level.notify, &path.key("notify"));
        if let After::Target(target) = &level.after {
            self.target(Some(target), &path.key("after"));
        }
        if let Some(by) = &level.by {
            self.channel(by, &path.key("by"));
        }
        self.repeat(level.repeat, path);
        let when = level.when.as_deref().and_then(|when| self.condition(when, Sight::Incident, &path.key("when")));
        Level {
            id: level.id.clone().unwrap_or_else(|| (index + 1).to_string()),
            to,
            by: level.by.clone(),
            after: level.after.clone(),
            unless: level.unless,
            when,
            window: self.window(level.during.as_ref(), level.otherwise.as_ref(), path),
            repeat: level.repeat,
            entry: path.to_string(),
        }
    }

    pub(super) fn last_resort(&mut self) -> Vec<Route> {
        let document = self.document;
        let path = root("last_resort");
        if document.last_resort.is_empty() && self.exists(&path) && !self.had_entries(&path) {
            self.error(
                "empty_last_resort",
                "there is nobody to tell when there is nobody to tell",
                "name at least one person or address",
                &path,
            );
        }
        let mut routes = Vec::new();
        for (index, route) in document.last_resort.iter().enumerate() {
            let at = path.index(index);
            self.at_all_hours("last_resort", route, &at);
            let compiled = self.route(route, &at);
            if route.when.is_some() {
                self.error("weak_last_resort", "the last resort has no condition", "remove `when`", &at.key("when"));
            }
            let reachable = |name: &String| document.people.get(name).is_some_and(|person| !person.contacts.is_empty());
            for recipient in &compiled.to {
                let firm = match recipient {
                    Recipient::Person(name) => {
                        document.people.get(name).is_some_and(|person| !person.contacts.is_empty())
                    }
                    Recipient::Team(name) => document
                        .teams
                        .get(name)
                        .is_some_and(|team| !team.contacts.is_empty() || team.members.iter().any(reachable)),
                    Recipient::Address(_) => true,
                    Recipient::OnCall(_)
                    | Recipient::OnCallAll
                    | Recipient::NextOnCall(_)
                    | Recipient::Role(_)
                    | Recipient::Responders
                    | Recipient::ServiceOwner
                    | Recipient::IncidentChannel => false,
                };
                if !firm {
                    let message = format!("`{recipient}` may be nobody just when the last resort is needed");
                    self.error(
                        "weak_last_resort",
                        message,
                        "name a person with contacts, or an address",
                        &at.key(&route.channel),
                    );
                }
            }
            routes.push(compiled);
        }
        routes
    }
}

/// Whether a level comes later than another; of two kinds of time nobody knows before an incident opens.
fn is_later(one: &After, other: &After) -> bool {
    matches!((one, other), (After::Wall(one), After::Wall(other)) if one > other)
}

//! The facts that the conditions of one sight read, each in a slot of its own.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::table::{Entries, Meaning, Read, Root, Values, of_service};
use super::{FactValue, Sight, View};
use crate::alert::{Alert, AlertStatus};
use crate::policy::document::{OnCallDocument, ServiceDocument};
use crate::rules::value::Kinds;
use crate::source::{did_you_mean, nearest};

/// Where a native condition finds a fact: its place in the [`Catalogue`] of its sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Slot {
    pub(in crate::rules) origin: Origin,
    pub(in crate::rules) place: u32,
}

/// Whether a fact is the alert's own, or found elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::rules) enum Origin {
    Alert,
    Elsewhere,
}

/// One fact that some condition reads.
#[derive(Debug, Clone)]
pub(in crate::rules) struct Fact {
    /// The path as written, `alert.labels.env`.
    pub(in crate::rules) name: String,
    pub(super) read: Read,
    /// The name in a map whose names are the user's.
    pub(super) entry: String,
    pub(in crate::rules) kinds: Kinds,
    pub(in crate::rules) values: Values,
}

/// The facts that the conditions of one sight read, each once.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(in crate::rules) sight: Sight,
    pub(in crate::rules) alert: Vec<Fact>,
    pub(in crate::rules) elsewhere: Vec<Fact>,
    slots: BTreeMap<String, Slot>,
    /// The kinds of the services' own facts.
    service_facts: BTreeMap<String, Kinds>,
    /// The on-call roles that there are.
    roles: Vec<String>,
}

impl Catalogue {
    pub(in crate::rules) fn new(
        sight: Sight,
        services: &IndexMap<String, ServiceDocument>,
        on_call: &IndexMap<String, OnCallDocument>,
    ) -> Self {
        let mut service_facts: BTreeMap<String, Kinds> = BTreeMap::new();
        for (name, fact) in services.values().flat_map(|service| &service.facts) {
            let kinds = service_facts.entry(name.clone()).or_default();
            *kinds = kinds.or(of_service(fact).kind());
        }
        let roles = on_call.keys().cloned().collect();
        Self { sight, alert: Vec::new(), elsewhere: Vec::new(), slots: BTreeMap::new(), service_facts, roles }
    }

    /// What is wrong with a path, if the facts can never have it: the part at fault and the remedy.
    ///
    /// `getters` are what can be read of a value as if it were a part of it.
    pub(in crate::rules) fn objection(&self, path: &[String], getters: &BTreeSet<String>) -> Option<(String, String)> {
        if let ("on_call", Some(role)) = (path.first()?.as_str(), path.get(1))
            && self.sight.root("on_call").is_some()
            && !self.roles.contains(role)
        {
            return Some(Self::unknown("on_call", role, self.roles.iter().map(String::as_str)));
        }
        if let Meaning::Fact { steps, .. } = self.sight.meaning(path)
            && let (Some(whole), Some(part)) = (path.get(..steps), path.get(steps))
            && !getters.contains(part)
        {
            let mut help = format!("`{}` has no parts", whole.join("."));
            if let [root, map @ ("labels" | "annotations" | "values" | "facts"), name] =
                whole.iter().map(String::as_str).collect::<Vec<_>>().as_slice()
            {
                help = format!("{help}; a name with a dot is read as `{root}.{map}[\"{name}.{part}\"]`");
            }
            return Some((format!("{}.{part}", whole.join(".")), help));
        }
        self.sight.objection(path)
    }

    /// Of a fact of services that none of them has: its name, and which there are.
    pub(in crate::rules) fn of_no_service<'f>(&'f self, fact: &'f Fact) -> Option<(&'f str, Vec<&'f str>)> {
        let of_services = fact.name.starts_with("service.facts.") && !self.service_facts.contains_key(&fact.entry);
        of_services.then(|| (fact.entry.as_str(), self.service_facts.keys().map(String::as_str).collect()))
    }

    /// The objection to a name that a map can never have.
    fn unknown<'n>(map: &str, name: &str, names: impl Iterator<Item = &'n str> + Clone) -> (String, String) {
        let help = match nearest(name, names.clone()) {
            Some(near) => format!("did you mean `{map}.{near}`?"),
            None => did_you_mean(name, names),
        };
        (format!("{map}.{name}"), help)
    }

    /// The on-call roles that a path reads.
    pub(in crate::rules) fn roles_of<'p>(&'p self, path: &'p [String]) -> &'p [String] {
        match path {
            [root, role @ ..] if root == "on_call" && self.sight.root(root).is_some() => {
                role.get(..1).unwrap_or(&self.roles)
            }
            _ => &[],
        }
    }

    /// The slot of a fact and the kinds of value it can have. The path is one that means a fact.
    pub(in crate::rules) fn slot(&mut self, path: &[String]) -> Option<(Slot, Kinds)> {
        let Meaning::Fact { steps, mut kinds } = self.sight.meaning(path) else {
            return None;
        };
        let path = path.get(..steps)?;
        let (root, rest) = path.split_first()?;
        let (field, entry) = match self.sight.root(root)? {
            Root::One(field) => (field, rest.first()),
            Root::Map(_, fields) => {
                let name = rest.first().map(String::as_str);
                (fields.iter().find(|field| Some(field.name) == name)?, rest.get(1))
            }
        };
        let entry = entry.cloned().unwrap_or_default();
        if root == "service" && !entry.is_empty() {
            kinds = self.service_facts.get(&entry).copied().unwrap_or_default().or(Kinds::UNIT);
        }
        // A label may have a dot in its name, and then one text can stand for two paths.
        let key = path.join("\u{0}");
        if let Some(slot) = self.slots.get(&key) {
            return Some((*slot, kinds));
        }
        let (origin, list) = match root.as_str() {
            "alert" => (Origin::Alert, &mut self.alert),
            _ => (Origin::Elsewhere, &mut self.elsewhere),
        };
        let slot = Slot { origin, place: u32::try_from(list.len()).ok()? };
        list.push(Fact { name: path.join("."), read: field.read, entry, kinds, values: field.values });
        self.slots.insert(key, slot);
        Some((slot, kinds))
    }

    pub(in crate::rules) fn fact(&self, slot: Slot) -> Option<&Fact> {
        let place = usize::try_from(slot.place).ok()?;
        match slot.origin {
            Origin::Alert => self.alert.get(place),
            Origin::Elsewhere => self.elsewhere.get(place),
        }
    }
}

impl Fact {
    /// Reads it. `elapsed` is no fact of this kind.
    pub(in crate::rules) fn read<'a>(&self, view: &View<'a>) -> FactValue<'a> {
        match self.read {
            Read::One(read) => read(view),
            Read::Entries(read) => read(view).find(&self.entry),
            Read::Elapsed => FactValue::Absent,
        }
    }

    /// Gives an alert this fact, one of its own.
    pub(in crate::rules) fn put(&self, value: FactValue<'_>, alert: &mut Alert) {
        let entry = || self.entry.clone();
        match (self.name.as_str(), value) {
            ("alert.key", FactValue::Text(text)) => text.clone_into(&mut alert.key),
            ("alert.status", FactValue::Text("resolved")) => alert.status = AlertStatus::Resolved,
            ("alert.source", FactValue::Text(text)) => text.clone_into(&mut alert.source),
            ("alert.service", FactValue::Text(text)) => alert.service = Some(text.to_owned()),
            ("alert.name", FactValue::Text(text)) => text.clone_into(&mut alert.name),
            ("alert.summary", FactValue::Text(text)) => text.clone_into(&mut alert.summary),
            ("alert.description", FactValue::Text(text)) => text.clone_into(&mut alert.description),
            ("alert.starts_at", FactValue::Integer(millis)) => {
                alert.starts_at = chrono::DateTime::from_timestamp_millis(millis);
            }
            (name, FactValue::Text(text)) if name.starts_with("alert.labels.") => {
                alert.labels.insert(entry(), text.to_owned());
            }
            (name, FactValue::Text(text)) if name.starts_with("alert.annotations.") => {
                alert.annotations.insert(entry(), text.to_owned());
            }
            (_, FactValue::Float(number)) => drop(alert.values.insert(entry(), number)),
            _ => {}
        }
    }
}

/// How the facts of an alert are read all at once: those that stand alone one by one, and those of a map together.
#[derive(Debug)]
pub(in crate::rules) struct Plan {
    alone: Box<[(usize, Fact)]>,
    maps: Box<[Together]>,
}

/// The entries that are read of one map: in the order of their names, each with its place among all facts.
#[derive(Debug)]
struct Together {
    read: for<'a> fn(&View<'a>) -> Entries<'a>,
    names: Vec<(Box<str>, usize)>,
}

impl Plan {
    pub(in crate::rules) fn of(facts: &[Fact]) -> Self {
        let mut alone = Vec::new();
        let mut maps: BTreeMap<&str, Together> = BTreeMap::new();
        for (place, fact) in facts.iter().enumerate() {
            match (fact.read, fact.name.strip_suffix(fact.entry.as_str())) {
                (Read::Entries(read), Some(map)) => {
                    let together = maps.entry(map).or_insert_with(|| Together { read, names: Vec::new() });
                    together.names.push((fact.entry.as_str().into(), place));
                }
                _ => alone.push((place, fact.clone())),
            }
        }
        let mut maps: Box<[Together]> = maps.into_values().collect();
        maps.iter_mut().for_each(|together| together.names.sort_unstable());
        Self { alone: alone.into(), maps }
    }

    /// Reads them into a row that has a place for each, where all are absent.
    pub(in crate::rules) fn read<'a>(&self, view: &View<'a>, row: &mut [FactValue<'a>]) {
        for (place, fact) in &self.alone {
            if let Some(there) = row.get_mut(*place) {
                *there = fact.read(view);
            }
        }
        for together in &self.maps {
            (together.read)(view).find_each(&together.names, row);
        }
    }
}

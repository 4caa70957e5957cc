//! Schedules and on-call roles: names that stand for nobody, times that cannot be, roles that go round in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Compiler, root};
use crate::calendar::{WallClock, Zone};
use crate::oncall::{Departures, Post, Refused, Roster, Schedule, Step, Surroundings};
use crate::policy::document::{Moment, OnCallDocument, OneOrMany, ScheduleDocument, ScheduleSource};
use crate::source::{Path, did_you_mean};

impl Compiler<'_> {
    /// The schedules and the roles that take their people from them.
    pub(super) fn on_call(&mut self, zone: Option<&Zone>) -> (BTreeMap<String, Arc<Schedule>>, Roster) {
        let document = self.document;
        let utc = Zone::named("UTC");
        let Some(zone) = zone.or(utc.as_ref()) else {
            return (BTreeMap::new(), Roster::default());
        };
        let mut walls = Walls { zones: BTreeMap::from([(zone.name().to_owned(), zone.wall())]) };
        let departures = Arc::new(self.departures(&zone.wall()));
        let mut schedules = BTreeMap::new();
        for (name, schedule) in &document.schedules {
            let path = root("schedules").key(name);
            let compiled = self.schedule(name, schedule, zone, &mut walls, &departures, &path);
            schedules.insert(name.clone(), Arc::new(compiled));
            let used =
                |role: &OnCallDocument| matches!(&role.schedule, Some(ScheduleSource::Named(used)) if used == name);
            if !document.on_call.values().any(used) {
                self.warn(
                    "unused_schedule",
                    format!("no on-call role uses the schedule `{name}`"),
                    format!("use it: `on_call: {{ primary: {{ schedule: {name} }} }}`, or remove it"),
                    &path,
                );
            }
        }
        let mut roster = Roster::default();
        for (role, on_call) in &document.on_call {
            let path = root("on_call").key(role);
            if role == "all" {
                self.error("reserved_name", "`all` already stands for every on-call role", "rename the role", &path);
            }
            if role.rsplit_once('.').is_some_and(|(_, last)| last == "next") {
                let message = "`….next` already stands for who is next in line";
                self.error("reserved_name", message, "rename the role", &path);
            }
            if let Some(covered) = &on_call.covers {
                self.on_call_role(covered, role, &path.key("covers"));
            }
            let sources = [on_call.people.is_some(), on_call.schedule.is_some(), on_call.next_of.is_some()];
            if sources.iter().filter(|given| **given).count() != 1 {
                let message = format!("`{role}` takes its people from one place: `people`, `schedule` or `next_of`");
                self.error("invalid_value", message, "leave exactly one of them", &path);
                continue;
            }
            if let Some((schedule, places)) = self.places(role, zone, &mut walls, &departures, &schedules) {
                let (covers, round_robin) = (on_call.covers.clone(), on_call.round_robin);
                roster.posts.insert(role.clone(), Post { schedule, places, covers, round_robin });
            }
        }
        (schedules, roster)
    }

    /// The schedule behind a role, and the roles that share its line, from its head to this one.
    fn places(
        &mut self,
        role: &str,
        zone: &Zone,
        walls: &mut Walls,
        departures: &Arc<Departures>,
        schedules: &BTreeMap<String, Arc<Schedule>>,
    ) -> Option<(Arc<Schedule>, Vec<String>)> {
        let document = self.document;
        let path = root("on_call").key(role);
        let mut places = vec![role.to_owned()];
        let mut head = role;
        while let Some(before) = &document.on_call.get(head)?.next_of {
            if places.contains(before) {
                let message = format!("`{role}` is, by way of `next_of`, next of itself");
                self.error("circular_on_call", message, "let one role take its people from a schedule", &path);
                return None;
            }
            if head == role && !self.on_call_role(before, role, &path.key("next_of")) {
                return None;
            }
            places.push(before.clone());
            head = before;
        }
        places.reverse();
        let own = head == role;
        let of_head = document.on_call.get(head)?;
        let path = root("on_call").key(head);
        let schedule = match (&of_head.people, &of_head.schedule) {
            (Some(people), _) => {
                if own {
                    self.fixed(role, people, &path);
                }
                Arc::new(Schedule::fixed(head, zone, walls.wall(zone), people, Arc::clone(departures)))
            }
            (None, Some(ScheduleSource::Named(name))) => {
                let schedule = schedules.get(name);
                if own && schedule.is_none() && !self.exists(&root("schedules").key(name)) {
                    let help = did_you_mean(name, document.schedules.keys().map(String::as_str));
                    let message = format!("unknown schedule `{name}`");
                    self.error("unknown_schedule", message, help, &path.key("schedule"));
                }
                Arc::clone(schedule?)
            }
            (None, Some(ScheduleSource::Inline(schedule))) if own => {
                let path = path.key("schedule");
                Arc::new(self.schedule(head, schedule, zone, walls, departures, &path))
            }
            (None, Some(ScheduleSource::Inline(schedule))) => {
                // What is wrong with it has been told where it stands.
                let zone = schedule.timezone.as_deref().and_then(Zone::named).unwrap_or_else(|| zone.clone());
                let wall = walls.wall(&zone);
                let people = |name: &str| self.people_of(name);
                let departures = Arc::clone(departures);
                let around = Surroundings { zone: &zone, wall, departures, people: &people };
                Arc::new(Schedule::compile(head, schedule, &around).0)
            }
            (None, None) => return None,
        };
        Some((schedule, places))
    }

    /// Whether there is such a role beside this one; otherwise that is reported.
    fn on_call_role(&mut self, named: &str, role: &str, path: &Path) -> bool {
        if named == role {
            self.error("circular_on_call", format!("`{role}` refers to itself"), "name another role", path);
            return false;
        }
        let known = self.exists(&root("on_call").key(named));
        if !known {
            let help = did_you_mean(named, self.document.on_call.keys().map(String::as_str));
            self.error("unknown_on_call", format!("unknown on-call role `{named}`"), help, path);
        }
        known
    }

    /// A list of people, the first choice first.
    fn fixed(&mut self, role: &str, people: &[String], path: &Path) {
        let list = if self.exists(&path.key("people")) { path.key("people") } else { path.clone() };
        let mut seen = BTreeSet::new();
        for (index, name) in people.iter().enumerate() {
            self.person(name, &list.index(index));
            if !seen.insert(name) {
                let message = format!("`{name}` is listed twice");
                self.error("duplicate_name", message, "remove one of them", &list.index(index));
            }
        }
        if people.is_empty() {
            self.warn(
                "empty_on_call",
                format!("nobody is on call as `{role}`; its levels are passed over"),
                "name at least one person",
                path,
            );
        }
    }

    fn schedule(
        &mut self,
        name: &str,
        document: &ScheduleDocument,
        zone: &Zone,
        walls: &mut Walls,
        departures: &Arc<Departures>,
        path: &Path,
    ) -> Schedule {
        let own = document.timezone.as_deref().and_then(|name| self.zone(name, &path.key("timezone")));
        let zone = own.as_ref().unwrap_or(zone);
        self.names(document, path);
        if let Some(file) = &document.ics {
            let message = format!("the calendar `{file}` was not read, so nobody knows who is on call by it");
            let help = "load the policy with `kentongan_ingest::load_policy`, which reads the files it names";
            self.error("unread_calendar", message, help, &path.key("ics"));
        } else if document.layers.is_empty() && !self.had_entries(&path.key("layers")) {
            let message = format!("the schedule `{name}` has no layers, so nobody is ever on call by it");
            self.error("empty_schedule", message, "add a layer with a `rotation` or `shifts`", path);
        }
        let people = |name: &str| self.people_of(name);
        let departures = Arc::clone(departures);
        let around = Surroundings { zone, wall: walls.wall(zone), departures, people: &people };
        let (schedule, refused) = Schedule::compile(name, document, &around);
        for Refused { path: steps, code, message, help, warning } in refused {
            let place = |steps: &[Step]| {
                steps.iter().fold(path.clone(), |path, step| match step {
                    Step::Key(key) => path.key(*key),
                    Step::Index(index) => path.index(*index),
                })
            };
            let path = place(&steps);
            // What is there and could not be read is told where it stands.
            let shifts = || steps.split_last().map(|(_, layer)| place(layer).key("shifts"));
            let unread = match code {
                "empty_rotation" | "empty_turn" => self.had_entries(&path),
                "empty_layer" => self.exists(&path) || shifts().is_some_and(|shifts| self.had_entries(&shifts)),
                _ => false,
            };
            if unread {
                continue;
            }
            if warning { self.warn(code, message, help, &path) } else { self.error(code, message, help, &path) }
        }
        schedule
    }

    /// Every name in a schedule is that of a person, or of a team where several can be on call.
    fn names(&mut self, document: &ScheduleDocument, path: &Path) {
        for (index, layer) in document.layers.iter().enumerate() {
            let path = path.key("layers").index(index);
            for (index, people) in layer.rotation.iter().flat_map(|rotation| &rotation.people).enumerate() {
                self.members(people, &path.key("rotation").key("people").index(index));
            }
            for (index, shift) in layer.shifts.iter().enumerate() {
                self.members(&shift.people, &path.key("shifts").index(index).key("people"));
            }
        }
        for (index, off) in document.holidays_off.iter().enumerate() {
            self.members(&off.people, &path.key("holidays_off").index(index).key("people"));
        }
        for (index, swap) in document.swaps.iter().enumerate() {
            for (place, person) in swap.between.iter().enumerate() {
                self.person(person, &path.key("swaps").index(index).key("between").index(place));
            }
        }
        for (index, over) in document.overrides.iter().enumerate() {
            let path = path.key("overrides").index(index);
            self.person(&over.person, &path.key("person"));
            if let Some(replaced) = &over.replaces {
                self.person(replaced, &path.key("replaces"));
            }
        }
    }

    pub(super) fn members(&mut self, names: &OneOrMany, path: &Path) {
        for (index, name) in names.as_slice().iter().enumerate() {
            let path = if let OneOrMany::Many(_) = names { path.index(index) } else { path.clone() };
            if !self.exists(&root("people").key(name)) && !self.exists(&root("teams").key(name)) {
                let document = self.document;
                let known = document.people.keys().chain(document.teams.keys()).map(String::as_str);
                let help = did_you_mean(name, known);
                self.error("unknown_person", format!("unknown person or team `{name}`"), help, &path);
            }
        }
    }

    fn people_of(&self, name: &str) -> Vec<String> {
        match self.document.teams.get(name) {
            Some(team) => team.members.clone(),
            None => vec![name.to_owned()],
        }
    }

    /// Who has left, and from which instant on.
    fn departures(&self, wall: &WallClock) -> Departures {
        let left = self.document.people.iter().filter_map(|(name, person)| Some((name, person.left?)));
        left.map(|(name, left)| {
            let at = match left {
                Moment::Local(local) => wall.first(local.and_utc().timestamp_millis()),
                Moment::Instant(at) => at.timestamp_millis(),
            };
            (name.clone(), at)
        })
        .collect()
    }
}

/// The wall clock of each zone, read once.
struct Walls {
    zones: BTreeMap<String, WallClock>,
}

impl Walls {
    fn wall(&mut self, zone: &Zone) -> WallClock {
        let entry = self.zones.entry(zone.name().to_owned());
        entry.or_insert_with(|| zone.wall()).clone()
    }
}

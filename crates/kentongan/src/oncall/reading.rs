//! From the document of a schedule to the schedule, with everything in it that cannot be.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::layer::{Layer, Turn, Turns};
use super::overrides::{HolidaysOff, Swap, TakesOver};
use super::restriction::Restriction;
use super::rotation::Rotation;
use super::schedule::{Departures, Schedule};
use crate::calendar::{WallClock, Zone};
use crate::policy::document::{LayerDocument, Moment, OneOrMany, RotationDocument, ScheduleDocument};

/// What of a document makes no schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Where in the document of the schedule.
    pub(crate) path: Vec<Step>,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: &'static str,
    /// Whether the schedule can be used all the same.
    pub(crate) warning: bool,
}

/// A step on the way to a part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Key(&'static str),
    Index(usize),
}

/// What surrounds a schedule.
pub(crate) struct Surroundings<'a> {
    pub(crate) zone: &'a Zone,
    pub(crate) wall: WallClock,
    pub(crate) departures: Arc<Departures>,
    /// The people behind a name: the members of a team, or the person.
    pub(crate) people: &'a dyn Fn(&str) -> Vec<String>,
}

impl Schedule {
    /// What a document says, and everything in it that cannot be.
    pub(crate) fn compile(name: &str, document: &ScheduleDocument, around: &Surroundings<'_>) -> (Self, Vec<Refused>) {
        let mut reading = Reading { around, refused: Vec::new() };
        let mut layers = Vec::new();
        let mut shadows = Vec::new();
        for (index, layer) in document.layers.iter().enumerate() {
            if let Some(compiled) = reading.layer(layer, index) {
                if layer.shadow { &mut shadows } else { &mut layers }.push(compiled);
            }
        }
        reading.overlapping(document, &layers);
        if layers.is_empty() && !shadows.is_empty() {
            reading.refused.push(Refused {
                path: vec![Step::Key("layers")],
                code: "only_shadows",
                message: format!("every layer of the schedule `{name}` only looks on, so nobody is ever on call by it"),
                help: "add a layer without `shadow`",
                warning: true,
            });
        }
        let holidays = &document.holidays_off;
        let holidays: Vec<HolidaysOff> =
            holidays.iter().map(|off| HolidaysOff::new(&off.days, reading.turn(&off.people))).collect();
        for (index, _) in document.holidays_off.iter().enumerate().filter(|(_, off)| off.people.as_slice().is_empty()) {
            let path = vec![Step::Key("holidays_off"), Step::Index(index), Step::Key("people")];
            reading.refused.push(empty(path, "nobody stands in on these days off"));
        }
        let mut swaps = Vec::new();
        for (index, swap) in document.swaps.iter().enumerate() {
            let path = [Step::Key("swaps"), Step::Index(index)];
            let interval = reading.interval(Some(swap.from), Some(swap.to), "to", &path);
            match swap.between.as_slice() {
                [one, other] if one != other => {
                    let swap = Swap { order: order(index), between: (one.clone(), other.clone()) };
                    swaps.extend(interval.map(|(from, to)| (from, to, swap)));
                }
                _ => reading.refuse(
                    &path,
                    "between",
                    "invalid_value",
                    "a swap is between two people".to_owned(),
                    "name two different people",
                ),
            }
        }
        let mut overrides = Vec::new();
        for (index, over) in document.overrides.iter().enumerate() {
            let path = [Step::Key("overrides"), Step::Index(index)];
            let takes_over =
                TakesOver { order: order(index), person: over.person.clone(), replaces: over.replaces.clone() };
            let interval = reading.interval(Some(over.from), Some(over.to), "to", &path);
            overrides.extend(interval.map(|(from, to)| (from, to, takes_over)));
        }
        reading.idle(document, &layers, &holidays);
        let schedule = Self {
            name: name.to_owned(),
            zone: around.zone.clone(),
            wall: around.wall.clone(),
            layers,
            shadows,
            holidays,
            swaps: swaps.into_iter().collect(),
            overrides: overrides.into_iter().collect(),
            departures: Arc::clone(&around.departures),
        };
        (schedule, reading.refused)
    }
}

fn order(index: usize) -> u64 {
    u64::try_from(index).unwrap_or(u64::MAX)
}

/// A list of people without anybody.
fn empty(path: Vec<Step>, message: &str) -> Refused {
    Refused { path, code: "empty_turn", message: message.to_owned(), help: "name at least one person", warning: false }
}

struct Reading<'a> {
    around: &'a Surroundings<'a>,
    refused: Vec<Refused>,
}

impl Reading<'_> {
    fn refuse(&mut self, path: &[Step], key: &'static str, code: &'static str, message: String, help: &'static str) {
        let path = path.iter().copied().chain([Step::Key(key)]).collect();
        self.refused.push(Refused { path, code, message, help, warning: false });
    }

    fn layer(&mut self, document: &LayerDocument, index: usize) -> Option<Layer> {
        let path = [Step::Key("layers"), Step::Index(index)];
        let (from, until) = self.interval(document.from, document.until, "until", &path)?;
        let (turns, people) = match (&document.rotation, document.shifts.as_slice()) {
            (Some(rotation), []) => self.rotation(rotation, &path)?,
            (None, [_, ..]) => self.list(document, &path),
            (Some(_), [_, ..]) => {
                let message = "a layer has a rotation or shifts, not both".to_owned();
                self.refuse(&path, "shifts", "invalid_value", message, "make the shifts a layer of their own");
                return None;
            }
            (None, []) => {
                let message = "the layer has neither a rotation nor shifts, so nobody is on call by it".to_owned();
                self.refuse(&path, "rotation", "empty_layer", message, "add a `rotation` or `shifts`");
                return None;
            }
        };
        let name = document.name.clone().unwrap_or_else(|| format!("layer {}", index + 1));
        Some(Layer { name, turns, restriction: Restriction::new(&document.restrict), from, until, people })
    }

    fn rotation(&mut self, document: &RotationDocument, path: &[Step]) -> Option<(Turns, Vec<Turn>)> {
        let path: Vec<Step> = path.iter().copied().chain([Step::Key("rotation")]).collect();
        let people: Vec<Turn> = document.people.iter().map(|people| self.turn(people)).collect();
        if people.iter().all(Vec::is_empty) {
            let message = "nobody takes turns in this rotation".to_owned();
            self.refuse(&path, "people", "empty_rotation", message, "name at least one person");
            return None;
        }
        for (index, _) in document.people.iter().enumerate().filter(|(_, people)| people.as_slice().is_empty()) {
            let refused = path.iter().copied().chain([Step::Key("people"), Step::Index(index)]).collect();
            self.refused.push(empty(refused, "nobody is named for this turn, so nobody would be on call in it"));
        }
        let start = match document.start {
            Moment::Local(local) => local,
            Moment::Instant(at) => {
                let reading = self.around.wall.reading(at.timestamp_millis());
                chrono::DateTime::from_timestamp_millis(reading)?.naive_utc()
            }
        };
        let Some(rotation) = Rotation::new(document.every, document.handoff, start) else {
            let message = format!("turns of {} are not handed over on such a day", document.every);
            let help = "name a day of the week for weeks, days and hours, and a day of the month for months";
            self.refuse(&path, "handoff", "invalid_value", message, help);
            return None;
        };
        // Those who would hand over to themselves never do.
        let alike = people.first().is_some_and(|first| people.iter().all(|turn| turn == first));
        let people = if alike { people.into_iter().take(1).collect() } else { people };
        Some((Turns::Rotation(rotation), people))
    }

    fn list(&mut self, document: &LayerDocument, path: &[Step]) -> (Turns, Vec<Turn>) {
        let mut shifts = Vec::new();
        for (index, shift) in document.shifts.iter().enumerate() {
            let path: Vec<Step> = path.iter().copied().chain([Step::Key("shifts"), Step::Index(index)]).collect();
            if let Some((from, to)) = self.interval(Some(shift.from), Some(shift.to), "to", &path) {
                shifts.push((from, to, self.turn(&shift.people)));
            }
        }
        // By their beginnings, so that the one that began last counts, and the next one in line is the next in time.
        shifts.sort_by_key(|(from, ..)| *from);
        let people = shifts.iter().map(|(.., people)| people.clone()).collect();
        let listed = shifts.iter().enumerate().map(|(index, (from, to, _))| (*from, *to, index));
        (Turns::Listed(listed.collect()), people)
    }

    /// The people of one turn, each once.
    fn turn(&self, names: &OneOrMany) -> Turn {
        let mut turn: Turn = Vec::new();
        for person in names.as_slice().iter().flat_map(|name| (self.around.people)(name)) {
            if !turn.contains(&person) {
                turn.push(person);
            }
        }
        turn
    }

    /// The instants of an interval that is open where nothing is said. In an hour that comes twice it begins at the
    /// first and ends at the last.
    fn interval(
        &mut self,
        from: Option<Moment>,
        to: Option<Moment>,
        end: &'static str,
        path: &[Step],
    ) -> Option<(i64, i64)> {
        let wall = &self.around.wall;
        let begin = from.map_or(i64::MIN, |from| match from {
            Moment::Local(local) => wall.first(local.and_utc().timestamp_millis()),
            Moment::Instant(at) => at.timestamp_millis(),
        });
        let until = to.map_or(i64::MAX, |to| match to {
            Moment::Local(local) => wall.last(local.and_utc().timestamp_millis()),
            Moment::Instant(at) => at.timestamp_millis(),
        });
        if begin < until {
            return Some((begin, until));
        }
        let (from, to) = (from?, to?);
        if let (Moment::Local(first), Moment::Local(last)) = (from, to)
            && first < last
        {
            let message = format!("the clocks are put forward over all the time from `{from}` to `{to}`");
            let help = "choose times that the clocks of the schedule's zone show on that day";
            self.refuse(path, end, "skipped_time", message, help);
            return None;
        }
        let message = format!("`{to}` is not after `{from}`");
        self.refuse(path, end, "end_before_start", message, "let it end after it begins");
        None
    }

    /// Swaps and overrides that can do nothing, since whom they name never has a turn. Where a layer cannot be read nobody
    /// knows who has one.
    fn idle(&mut self, document: &ScheduleDocument, layers: &[Layer], holidays: &[HolidaysOff]) {
        if layers.is_empty() || self.refused.iter().any(|refused| !refused.warning) {
            return;
        }
        let turns: BTreeSet<&str> =
            layers.iter().flat_map(|layer| layer.people.iter().flatten()).map(String::as_str).collect();
        for (index, swap) in document.swaps.iter().enumerate() {
            if swap.between.iter().all(|person| !turns.contains(person.as_str())) {
                let message = format!("the swap does nothing: neither `{}` has a turn", swap.between.join("` nor `"));
                let help = "name somebody of the rotation or the shifts, or remove the swap";
                self.idles(
                    "idle_swap",
                    message,
                    help,
                    vec![Step::Key("swaps"), Step::Index(index), Step::Key("between")],
                );
            }
        }
        let mut there = turns;
        there.extend(holidays.iter().flat_map(|off| off.people.iter().map(String::as_str)));
        there.extend(document.overrides.iter().map(|over| over.person.as_str()));
        for (index, over) in document.overrides.iter().enumerate() {
            let Some(replaced) = &over.replaces else { continue };
            let path = vec![Step::Key("overrides"), Step::Index(index), Step::Key("replaces")];
            if *replaced == over.person {
                let message = format!("the override does nothing: `{replaced}` replaces `{replaced}`");
                self.idles("idle_override", message, "name another person, or remove `replaces`", path);
            } else if !there.contains(replaced.as_str()) {
                let message =
                    format!("the override does nothing: `{replaced}` has no turn that `{}` could take", over.person);
                let help = "name somebody of the rotation or the shifts, or remove `replaces` to take over from all";
                self.idles("idle_override", message, help, path);
            }
        }
    }

    fn idles(&mut self, code: &'static str, message: String, help: &'static str, path: Vec<Step>) {
        self.refused.push(Refused { path, code, message, help, warning: true });
    }

    /// Two layers of one name follow each other; where both count, the author likely forgot to end the first.
    fn overlapping(&mut self, document: &ScheduleDocument, layers: &[Layer]) {
        for (index, layer) in document.layers.iter().enumerate() {
            let Some(name) = &layer.name else { continue };
            let mut same = layers.iter().filter(|other| other.name == *name);
            let earlier = document.layers.iter().take(index).filter(|other| other.name.as_ref() == Some(name)).count();
            let before: Vec<&Layer> = same.by_ref().take(earlier).collect();
            let Some(this) = same.next() else { continue };
            if before.iter().any(|before| before.from < this.until && this.from < before.until) {
                self.refused.push(Refused {
                    path: vec![Step::Key("layers"), Step::Index(index)],
                    code: "overlapping_layers",
                    message: format!("two layers named `{name}` count at the same time; the later one wins"),
                    help: "end the first with `until` where the second begins, or give it another name",
                    warning: true,
                });
            }
        }
    }
}

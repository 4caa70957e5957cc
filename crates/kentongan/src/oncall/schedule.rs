//! A schedule, compiled: who is in line at an instant, and when that next changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::changes::Changes;
use super::intervals::Intervals;
use super::layer::{Idle, Layer, Line, Turns};
use super::overrides::{HolidaysOff, Swap};
use super::restriction::Restriction;
use super::shift::{next_change, tile};
use super::takeovers::Takeovers;
use super::{Coverage, OnCall, Shift};
use crate::calendar::{WallClock, Zone};
use crate::time::Timestamp;

/// Who has left, and from which instant on.
pub(crate) type Departures = BTreeMap<String, i64>;

/// Who is on call over time.
#[derive(Debug, Clone)]
pub struct Schedule {
    pub(super) name: String,
    pub(super) zone: Zone,
    pub(super) wall: WallClock,
    pub(super) layers: Vec<Layer>,
    pub(super) shadows: Vec<Layer>,
    pub(super) holidays: Vec<HolidaysOff>,
    pub(super) swaps: Intervals<Swap>,
    pub(super) overrides: Takeovers,
    pub(super) departures: Arc<Departures>,
}

impl Schedule {
    /// The same people at all times.
    pub(crate) fn fixed(
        name: &str,
        zone: &Zone,
        wall: WallClock,
        people: &[String],
        departures: Arc<Departures>,
    ) -> Self {
        let layers = vec![Layer {
            name: name.to_owned(),
            turns: Turns::Always,
            restriction: Restriction::default(),
            from: i64::MIN,
            until: i64::MAX,
            people: vec![people.to_vec()],
        }];
        Self {
            name: name.to_owned(),
            zone: zone.clone(),
            wall,
            layers,
            shadows: Vec::new(),
            holidays: Vec::new(),
            swaps: Intervals::default(),
            overrides: Takeovers::default(),
            departures,
        }
    }

    /// Its name in the policy; that of the role where it stands there.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Everybody who has a turn by it, stands in, swaps or takes over, some more than once.
    pub(crate) fn people(&self) -> impl Iterator<Item = &str> {
        let turns = self.layers.iter().flat_map(|layer| layer.people.iter().flatten());
        let stand_ins = self.holidays.iter().flat_map(|off| &off.people);
        let swaps = self.swaps.all().flat_map(|swap| [&swap.between.0, &swap.between.1]);
        turns.chain(stand_ins).chain(swaps).map(String::as_str).chain(self.overrides.people())
    }

    /// The zone of its people.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Who is on call at an instant, as the policy has it.
    #[must_use]
    pub fn who(&self, at: Timestamp) -> OnCall {
        self.look(at.timestamp_millis()).0
    }

    /// Who only looks over the shoulder of those on call at an instant.
    #[must_use]
    pub fn shadows(&self, at: Timestamp) -> Vec<String> {
        self.look_at_shadows(at.timestamp_millis()).0.people().to_vec()
    }

    /// The stretches of time between two instants in which somebody looks over the shoulder of those on call.
    #[must_use]
    pub fn shadow_shifts(&self, from: Timestamp, to: Timestamp) -> Vec<Shift> {
        if self.shadows.is_empty() {
            return Vec::new();
        }
        let shifts = tile(&|at| self.look_at_shadows(at), from, to);
        shifts.into_iter().filter(|shift| !shift.on_call.people().is_empty()).collect()
    }

    /// Who looks over their shoulder at an instant, and up to when that holds.
    fn look_at_shadows(&self, at: i64) -> (OnCall, i64) {
        let (mut people, mut until): (Vec<String>, i64) = (Vec::new(), i64::MAX);
        for layer in &self.shadows {
            let (line, edge) = layer.look(&self.wall, at);
            until = until.min(edge);
            for person in line.ok().and_then(|line| line.turn(0)).into_iter().flatten() {
                if !people.contains(person) {
                    people.push(person.clone());
                }
            }
        }
        if people.is_empty() {
            return (OnCall::Gap { reason: "nobody looks over their shoulder".to_owned() }, until);
        }
        (OnCall::People(people), until)
    }

    /// The next instant at which [`Schedule::who`] answers otherwise; `None` where it never does, as far as
    /// [`limits::ON_CALL_EDGES_MAX`](crate::limits::ON_CALL_EDGES_MAX) edges of the schedule tell.
    #[must_use]
    pub fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        next_change(&|at| self.look(at), after)
    }

    /// The shifts between two instants, gaps included; they tile the time between.
    #[must_use]
    pub fn shifts(&self, from: Timestamp, to: Timestamp) -> Vec<Shift> {
        tile(&|at| self.look(at), from, to)
    }

    /// Who is on call between two instants, and what that comes to.
    #[must_use]
    pub fn coverage(&self, from: Timestamp, to: Timestamp) -> Coverage {
        Coverage { shifts: self.shifts(from, to) }
    }

    fn look(&self, at: i64) -> (OnCall, i64) {
        let duty = self.fill(&[self.name.as_str()], at, &Changes::default(), &[]);
        (duty.on_call, duty.edge)
    }

    /// The line at an instant, and up to when it holds; no line where no layer has anybody.
    pub(super) fn line(&self, at: i64) -> (Option<(Line<'_>, &Layer)>, i64) {
        let mut until = i64::MAX;
        for layer in self.layers.iter().rev() {
            let (line, edge) = layer.look(&self.wall, at);
            until = until.min(edge);
            if let Ok(line) = line {
                return (Some((line, layer)), until);
            }
        }
        (None, until)
    }

    /// Why no layer has anybody.
    pub(super) fn gap(&self, at: i64) -> String {
        let idle = |layer: &Layer| {
            let name = &layer.name;
            layer.look(&self.wall, at).0.err().map(|idle| match idle {
                Idle::Ahead => format!("`{name}` has not begun"),
                Idle::Over => format!("`{name}` is over"),
                Idle::OutsideHours => format!("it is outside the hours of `{name}`"),
                Idle::BetweenShifts => format!("`{name}` has no shift now"),
            })
        };
        let reasons: Vec<String> = self.layers.iter().filter_map(idle).collect();
        if reasons.is_empty() { "the schedule has no layers".to_owned() } else { reasons.join("; ") }
    }
}

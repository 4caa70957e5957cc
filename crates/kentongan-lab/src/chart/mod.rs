//! Who is on call over a stretch of time, to look at: a table, bars on a terminal, a picture, and what it comes to for
//! each person.
//!
//! ```
//! use kentongan::calendar::Zone;
//! use kentongan::oncall::{OnCall, Shift};
//! use kentongan_lab::chart::{Chart, Role};
//!
//! let zone = Zone::named("Europe/Rome").ok_or("a zone")?;
//! let from = zone.instant("2026-03-23T00:00").ok_or("an instant")?;
//! let to = zone.instant("2026-04-06T00:00").ok_or("an instant")?;
//! let shifts = vec![Shift { from, to, on_call: OnCall::People(vec!["ana".to_owned()]) }];
//! let roles = vec![Role { name: "primary".to_owned(), shifts, shadow: false }];
//! let chart = Chart { title: "shop".to_owned(), zone, from, to, now: None, roles };
//!
//! let bars: Vec<String> = chart.bars(80).iter().map(ToString::to_string).collect();
//! assert!(bars.iter().any(|line| line.starts_with("primary  ana  ████")));
//! assert_eq!(chart.totals()[0].nights, 14);
//! assert!(chart.svg().starts_with("<svg "));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bars;
mod days;
mod picture;
mod table;
mod totals;

use kentongan::calendar::Zone;
use kentongan::oncall::{OnCall, Shift};
use kentongan::{Engine, Timestamp};

pub use totals::Total;

/// One on-call role.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Its shifts, in order.
    pub shifts: Vec<Shift>,
    /// Whether it is those who only look over the shoulder of the people on call, who are called by nobody.
    pub shadow: bool,
}

/// Who is on call between two instants.
#[derive(Debug, Clone)]
pub struct Chart {
    /// What stands over it.
    pub title: String,
    /// The zone whose days it shows.
    pub zone: Zone,
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends.
    pub to: Timestamp,
    /// The instant that is marked.
    pub now: Option<Timestamp>,
    /// Its roles, in the order in which they are shown.
    pub roles: Vec<Role>,
}

impl Role {
    /// A role as an engine knows it, and behind it those who look over the shoulder of its people, where there are any.
    #[must_use]
    pub fn of(engine: &Engine, role: &str, from: Timestamp, to: Timestamp) -> Vec<Self> {
        let mut roles = vec![Self { name: role.to_owned(), shifts: engine.shifts(role, from, to), shadow: false }];
        let shifts = engine.shadow_shifts(role, from, to);
        if !shifts.is_empty() {
            roles.push(Self { name: role.to_owned(), shifts, shadow: true });
        }
        roles
    }

    /// What it is called on the chart.
    fn label(&self) -> String {
        if self.shadow { format!("{}, shadow", self.name) } else { self.name.clone() }
    }
}

impl Chart {
    /// Whether there is a time at which nobody is on call in one of the roles.
    #[must_use]
    pub fn has_gaps(&self) -> bool {
        self.roles.iter().flat_map(|role| &role.shifts).any(is_gap)
    }

    /// Everybody on it, in the order of their ids: the number of each is that of their colour.
    fn people(&self) -> Vec<&str> {
        let shifts = self.roles.iter().flat_map(|role| &role.shifts);
        let mut people: Vec<&str> = shifts.flat_map(people).collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    /// From when to when it shows, in words.
    fn span(&self) -> String {
        let day = |at: Timestamp| self.zone.format(at, "%a %-d %b %Y %H:%M");
        format!("{} to {}, {}", day(self.from), day(self.to), self.zone.name())
    }
}

fn is_gap(shift: &Shift) -> bool {
    matches!(shift.on_call, OnCall::Gap { .. })
}

fn people(shift: &Shift) -> impl Iterator<Item = &str> {
    shift.on_call.people().iter().map(String::as_str)
}

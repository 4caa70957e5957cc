//! Down the line at an instant: who takes over, who is passed over, who is left.

use super::OnCall;
use super::changes::Changes;
use super::intervals::Interval;
use super::layer::Turn;
use super::overrides::{Swap, TakesOver};
use super::roster::{Duty, PassedOver};
use super::schedule::Schedule;
use super::shift::instant;

impl Schedule {
    /// Goes down the line to the last of some places, each named by its role. `taken` are on call elsewhere.
    pub(super) fn fill(&self, places: &[&str], at: i64, changes: &Changes, taken: &[String]) -> Duty {
        let (line, until) = self.line(at);
        let mut walk =
            Walk { schedule: self, changes, at, until, swaps: Vec::new(), passed: Vec::new(), taken: taken.to_vec() };
        walk.until = walk.until.min(self.swaps.at(at, &mut walk.swaps));
        walk.swaps.sort_by_key(|swap| swap.about.order);
        let current = line.and_then(|(line, _)| line.turn(0));
        let front = walk.front(current, places.first().copied().unwrap_or_default());
        // Where none of those who take over is there, the turn stays with whose it is.
        let front = front.map(|front| walk.present(front.iter().map(String::as_str))).filter(|front| !front.is_empty());
        // Whoever takes over stands first, and those they take over from last.
        let behind = usize::from(front.is_some());
        let length = line.map_or(0, |(line, _)| line.length());
        let turn = |position: usize| {
            let (line, _) = line.filter(|_| position < length)?;
            line.turn((position + behind) % length)
        };
        let mut position = 0;
        let mut chosen: Vec<String> = Vec::new();
        for (place, role) in places.iter().enumerate() {
            walk.taken.append(&mut chosen);
            if let Some(front) = front.as_ref().filter(|_| place == 0) {
                chosen.clone_from(front);
            }
            let before = position;
            while chosen.is_empty()
                && let Some(turn) = turn(position)
            {
                position += 1;
                let people: Vec<&str> = turn.iter().map(|name| walk.swapped(name)).collect();
                chosen = walk.present(people.into_iter());
            }
            if place > 0
                && let Some((over, whole)) = walk.taken_over(role, &chosen)
            {
                let over = walk.present(over.iter().map(String::as_str));
                if !over.is_empty() {
                    chosen = over;
                    // Whoever stood here stays in line.
                    position = if whole { before } else { position };
                }
            }
        }
        let Walk { passed, until, .. } = walk;
        let all_away = chosen.is_empty() && !passed.is_empty();
        let on_call = if !chosen.is_empty() {
            OnCall::People(chosen)
        } else if all_away {
            let reasons: Vec<String> =
                passed.iter().map(|passed| format!("`{}` {}", passed.person, passed.reason)).collect();
            OnCall::Gap { reason: reasons.join(", ") }
        } else if line.is_none() {
            OnCall::Gap { reason: self.gap(at) }
        } else if current.is_some_and(Vec::is_empty) {
            OnCall::Gap { reason: "the list is empty".to_owned() }
        } else {
            OnCall::Gap { reason: "nobody else is in line".to_owned() }
        };
        let layer = line.map(|(_, layer)| layer.name.clone());
        Duty { on_call, layer, passed_over: passed, until: instant(until), edge: until, all_away }
    }
}

/// What is seen on the way, and up to when all of it holds.
struct Walk<'a> {
    schedule: &'a Schedule,
    changes: &'a Changes,
    at: i64,
    until: i64,
    swaps: Vec<&'a Interval<Swap>>,
    passed: Vec<PassedOver>,
    taken: Vec<String>,
}

impl<'a> Walk<'a> {
    /// Who takes over the turn it is: those who stand in on a day off, then each who takes over, in order.
    fn front(&mut self, current: Option<&'a Turn>, role: &str) -> Option<Vec<String>> {
        let mut stand_in: Option<&Turn> = None;
        for off in &self.schedule.holidays {
            let (today, until) = off.look(&self.schedule.wall, self.at);
            self.until = self.until.min(until);
            if today && current.is_some() {
                stand_in = Some(&off.people);
            }
        }
        let mut found: Vec<&TakesOver> = Vec::new();
        self.until = self.until.min(self.schedule.overrides.at(self.at, &mut found));
        let mut handed_in: Vec<&TakesOver> = Vec::new();
        self.until = self.until.min(self.changes.over(&self.schedule.name, self.at, &mut handed_in));
        if role != self.schedule.name {
            self.until = self.until.min(self.changes.over(role, self.at, &mut handed_in));
        }
        handed_in.sort_by_key(|over| over.order);
        found.append(&mut handed_in);
        if found.is_empty() {
            return stand_in.cloned();
        }
        let turn = stand_in.cloned().unwrap_or_else(|| {
            let names = current.map(Vec::as_slice).unwrap_or_default();
            names.iter().map(|name| self.swapped(name).to_owned()).collect()
        });
        replaced(turn, &found).or_else(|| stand_in.cloned())
    }

    /// Who takes over a further place, and whether all of it.
    fn taken_over(&mut self, role: &str, natural: &[String]) -> Option<(Vec<String>, bool)> {
        let mut found: Vec<&TakesOver> = Vec::new();
        self.until = self.until.min(self.changes.over(role, self.at, &mut found));
        let whole = found.iter().any(|over| over.replaces.is_none());
        replaced(natural.to_vec(), &found).map(|people| (people, whole))
    }

    /// Who takes a person's turns now.
    fn swapped(&self, name: &'a str) -> &'a str {
        self.swaps.iter().fold(name, |name, swap| {
            let (one, other) = &swap.about.between;
            if name == one {
                other
            } else if name == other {
                one
            } else {
                name
            }
        })
    }

    /// Those of a turn who are there and not on call elsewhere.
    fn present<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> Vec<String> {
        let mut present: Vec<String> = Vec::new();
        for name in names {
            if self.taken.iter().any(|taken| taken == name) || present.iter().any(|other| other == name) {
                continue;
            }
            match self.missing(name) {
                None => present.push(name.to_owned()),
                Some(reason) if self.passed.iter().all(|passed| passed.person != name) => {
                    self.passed.push(PassedOver { person: name.to_owned(), reason });
                }
                Some(_) => {}
            }
        }
        present
    }

    /// Why a person is not there, if they are not.
    fn missing(&mut self, name: &str) -> Option<String> {
        if let Some(left) = self.schedule.departures.get(name) {
            if self.at >= *left {
                return Some("has left".to_owned());
            }
            self.until = self.until.min(*left);
        }
        let (away, until) = self.changes.away(name, self.at);
        self.until = self.until.min(until);
        away.map(|until| {
            let until = instant(until).map(|until| self.schedule.zone.format(until, "%Y-%m-%d %H:%M"));
            format!("is away until {}", until.unwrap_or_default())
        })
    }
}

/// A turn after each who takes over; `None` where nobody does.
fn replaced(mut turn: Vec<String>, overrides: &[&TakesOver]) -> Option<Vec<String>> {
    let mut changed = false;
    for TakesOver { person, replaces, .. } in overrides {
        match replaces {
            None => turn = vec![person.clone()],
            Some(replaced) => match turn.iter_mut().find(|name| *name == replaced) {
                Some(name) => name.clone_from(person),
                None => continue,
            },
        }
        changed = true;
    }
    changed.then_some(turn)
}

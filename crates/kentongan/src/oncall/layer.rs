//! A layer of a schedule: whose turn it is, and who comes after them.

use super::intervals::Intervals;
use super::restriction::Restriction;
use super::rotation::Rotation;
use crate::calendar::WallClock;

/// The people of one turn.
pub(super) type Turn = Vec<String>;

#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) turns: Turns,
    pub(super) restriction: Restriction,
    /// The instants from and up to which it counts.
    pub(super) from: i64,
    pub(super) until: i64,
    /// Who takes turns, in order.
    pub(super) people: Vec<Turn>,
}

#[derive(Debug, Clone)]
pub(super) enum Turns {
    /// The first turn for ever.
    Always,
    /// One after the other, round and round.
    Rotation(Rotation),
    /// Each at its own time; the number is that of its people.
    Listed(Intervals<usize>),
}

/// Why a layer has nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Idle {
    /// Its time has not come.
    Ahead,
    /// Its time is over.
    Over,
    /// It does not count in these hours of the week.
    OutsideHours,
    /// No shift of its list is now.
    BetweenShifts,
}

/// The people in line on a layer: the turn it is, then who comes after, each turn once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    turns: &'a [Turn],
    at: usize,
}

impl<'a> Line<'a> {
    /// The turn so many places behind the present one.
    pub(super) fn turn(self, behind: usize) -> Option<&'a Turn> {
        if behind >= self.turns.len() {
            return None;
        }
        self.turns.get((self.at + behind) % self.turns.len())
    }

    /// How many turns stand in it.
    pub(super) fn length(self) -> usize {
        self.turns.len()
    }
}

impl Layer {
    /// Whose turn it is at an instant, or why nobody's, and up to when that holds at least.
    pub(super) fn look(&self, wall: &WallClock, at: i64) -> (Result<Line<'_>, Idle>, i64) {
        if at < self.from {
            return (Err(Idle::Ahead), self.from);
        }
        if at >= self.until {
            return (Err(Idle::Over), i64::MAX);
        }
        let (open, edge) = self.restriction.look(wall, at);
        let edge = edge.min(self.until);
        if !open {
            return (Err(Idle::OutsideHours), edge);
        }
        let (turn, until) = self.turn(wall, at);
        let line = turn.map(|at| Line { turns: &self.people, at });
        (line, edge.min(until))
    }

    fn turn(&self, wall: &WallClock, at: i64) -> (Result<usize, Idle>, i64) {
        match &self.turns {
            Turns::Always => (Ok(0), i64::MAX),
            Turns::Rotation(rotation) => {
                let turn = rotation.turn(wall.reached(at));
                if turn < 0 {
                    return (Err(Idle::Ahead), wall.first(rotation.begins(0)));
                }
                let people = i64::try_from(self.people.len()).unwrap_or(i64::MAX).max(1);
                let position = usize::try_from(turn.rem_euclid(people)).unwrap_or(0);
                // Nobody hands over to themselves.
                let until = if people == 1 { i64::MAX } else { wall.first(rotation.begins(turn + 1)) };
                (Ok(position), until)
            }
            Turns::Listed(shifts) => {
                let mut found = Vec::new();
                let until = shifts.at(at, &mut found);
                (found.last().map(|shift| shift.about).ok_or(Idle::BetweenShifts), until)
            }
        }
    }
}

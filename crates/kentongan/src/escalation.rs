//! Escalation: a path of levels, and how far an incident has climbed it. This module computes what comes next; the
//! engine does it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::incident::State;
use crate::policy::Policy;
use crate::policy::document::{After, RepeatDocument, Unless};
use crate::routing::{Recipient, Window};
use crate::rules::Condition;
use crate::time::{Duration, Timestamp};

/// A compiled escalation path.
#[derive(Debug)]
pub(crate) struct Path {
    pub(crate) levels: Vec<Level>,
    pub(crate) repeat: Option<RepeatDocument>,
    pub(crate) acknowledge_expires: Option<Duration>,
}

/// A compiled level.
#[derive(Debug)]
pub(crate) struct Level {
    pub(crate) id: String,
    pub(crate) to: Vec<Recipient>,
    pub(crate) by: Option<String>,
    pub(crate) after: After,
    pub(crate) unless: Unless,
    pub(crate) when: Option<Condition>,
    pub(crate) window: Option<Window>,
    pub(crate) repeat: Option<RepeatDocument>,
    /// Where the policy says so, as a path.
    pub(crate) entry: String,
}

impl Path {
    /// The level of that id, or of that number, counted from 1.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.levels.iter().position(|level| level.id == name).or_else(|| {
            let number: usize = name.parse().ok()?;
            number.checked_sub(1).filter(|index| *index < self.levels.len())
        })
    }
}

impl Unless {
    /// Whether a level with this clause is unnecessary in a state.
    pub(crate) fn holds(self, state: State) -> bool {
        match (self, state) {
            (_, State::Resolved) | (Self::Responded, State::Responding) => true,
            (Self::Acknowledged, state) => state.is_acknowledged(),
            (Self::Responded, State::Open | State::Acknowledged) | (Self::Resolved, _) => false,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Responded => "responded",
            Self::Resolved => "resolved",
        }
    }
}

/// How far an incident has climbed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Climb {
    /// The path, by name; none where the severity has none.
    pub(crate) path: Option<String>,
    /// What `after` counts from.
    pub(crate) started_at: Timestamp,
    /// How often the path has started again.
    pub(crate) rounds: u32,
    /// One entry a level.
    pub(crate) levels: Vec<Standing>,
    /// When anybody was last paged, or nobody could be.
    pub(crate) contacted_at: Timestamp,
    /// The levels of which a page is known to have arrived.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) reached: BTreeSet<usize>,
    /// When a level last came to a decision, which a repeat of the path counts from.
    pub(crate) settled_at: Timestamp,
}

/// How one level stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub(crate) enum Standing {
    /// Its time has not come.
    Ahead,
    /// Its time has come, its condition does not hold; time alone may change that then.
    Waiting {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// It has been told.
    Told {
        at: Timestamp,
        /// How often it was told again.
        repeats: u32,
        /// Whether a person asked for it: then its condition is not asked again.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_hand: bool,
    },
    /// Its time has come outside its hours, and it is told when they open.
    Held {
        until: Timestamp,
        /// How often it was told again before.
        #[serde(default)]
        repeats: u32,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_hand: bool,
    },
    /// It was passed over; `empty` where it had nobody, which a later page asks again.
    Skipped { empty: bool },
}

/// What comes next on a climb, in the order in which equal instants are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rung {
    /// A level's time has come, or its condition is to be asked again.
    Level(usize),
    /// A level is told again.
    Repeat(usize),
    /// The path starts again.
    PathRepeat,
    /// It has been quiet for too long.
    Ceiling,
}

impl Climb {
    /// At the foot of a path.
    pub(crate) fn start(path: Option<(&str, &Path)>, started_at: Timestamp, at: Timestamp) -> Self {
        let levels = path.map_or(0, |(_, path)| path.levels.len());
        Self {
            path: path.map(|(name, _)| name.to_owned()),
            started_at,
            rounds: 0,
            levels: vec![Standing::Ahead; levels],
            contacted_at: at,
            reached: BTreeSet::new(),
            settled_at: at,
        }
    }

    /// The next thing due, if anything is.
    pub(crate) fn next(
        &self,
        policy: &Policy,
        path: Option<&Path>,
        state: State,
        ceiling: Option<Timestamp>,
    ) -> Option<(Timestamp, Rung)> {
        if state.is_resolved() {
            return None;
        }
        let open = matches!(state, State::Open);
        let mut next: Option<(Timestamp, Rung)> = ceiling.filter(|_| open).map(|due| (due, Rung::Ceiling));
        let mut sooner = |candidate: (Timestamp, Rung)| {
            if next.is_none_or(|best| candidate < best) {
                next = Some(candidate);
            }
        };
        let Some(path) = path else { return next };
        for (index, (level, standing)) in path.levels.iter().zip(&self.levels).enumerate() {
            match standing {
                Standing::Ahead => sooner((level.after.due(self.started_at, policy), Rung::Level(index))),
                Standing::Waiting { until: Some(until) } | Standing::Held { until, .. } => {
                    sooner((*until, Rung::Level(index)));
                }
                Standing::Told { at, repeats, .. } => {
                    if let Some(repeat) = level.repeat
                        && open
                        && repeat.times.is_none_or(|times| *repeats < times)
                    {
                        sooner((repeat.every.after(*at), Rung::Repeat(index)));
                    }
                }
                Standing::Waiting { until: None } | Standing::Skipped { .. } => {}
            }
        }
        if let Some(repeat) = path.repeat
            && open
            && !self.levels.iter().any(|standing| matches!(standing, Standing::Ahead | Standing::Held { .. }))
            && repeat.times.is_none_or(|times| self.rounds < times)
        {
            sooner((repeat.every.after(self.settled_at), Rung::PathRepeat));
        }
        next
    }

    /// The levels whose condition does not hold yet, or whose hours have not come.
    pub(crate) fn waiting(&self) -> Vec<usize> {
        let is_waiting = |standing: &Standing| matches!(standing, Standing::Waiting { .. } | Standing::Held { .. });
        self.levels.iter().enumerate().filter(|(_, standing)| is_waiting(standing)).map(|(index, _)| index).collect()
    }

    /// Whether anybody on the path has been told, or will be when their hours open.
    pub(crate) fn anybody_told(&self) -> bool {
        self.levels.iter().any(|standing| matches!(standing, Standing::Told { .. } | Standing::Held { .. }))
    }

    /// When the first level that is held is told.
    pub(crate) fn held_until(&self) -> Option<Timestamp> {
        let held = self.levels.iter().filter_map(|standing| match standing {
            Standing::Held { until, .. } => Some(*until),
            Standing::Ahead | Standing::Waiting { .. } | Standing::Told { .. } | Standing::Skipped { .. } => None,
        });
        held.min()
    }

    pub(crate) fn set(&mut self, level: usize, standing: Standing, at: Timestamp) {
        if let Some(slot) = self.levels.get_mut(level) {
            *slot = standing;
            self.settled_at = at;
        }
    }

    pub(crate) fn standing(&self, level: usize) -> Option<&Standing> {
        self.levels.get(level)
    }
}

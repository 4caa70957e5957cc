//! Clocks on promises: each starts once, warns at fractions of its target, and is met, late or breached exactly once.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::document::Target;
use crate::time::{Duration, Timestamp};

/// What a clock measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// From opening until somebody takes the incident.
    Acknowledge,
    /// From opening until somebody works on it.
    Respond,
    /// From opening until it is over.
    Resolve,
    /// From one status update until the next.
    Update,
    /// From opening until the public has been told.
    Public,
    /// From a hand-off until every point of it is ticked off.
    Handoff,
}

impl ClockKind {
    /// The clock as policies and journals write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Respond => "respond",
            Self::Resolve => "resolve",
            Self::Update => "update",
            Self::Public => "public",
            Self::Handoff => "handoff",
        }
    }
}

impl fmt::Display for ClockKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One running or stopped clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// What is promised.
    pub target: Target,
    /// When it started.
    pub started_at: Timestamp,
    /// The fractions, in per cent, up to which it has warned or the moment to warn has passed.
    pub warned: u8,
    /// When its target was missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breached_at: Option<Timestamp>,
    /// When and how it stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
}

/// How a clock stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// What it waited for happened then.
    Done(Timestamp),
    /// It no longer matters since then.
    Cancelled(Timestamp),
}

/// What comes next on a running clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// It warns at this fraction, in per cent.
    Warning(u8),
    /// It is breached.
    Breach,
}

/// What stopping a clock came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finish {
    /// Strictly before its deadline, or without one.
    InTime(Duration),
    /// At the deadline or after it; `breach` where this very moment is the breach.
    Late { elapsed: Duration, breach: bool },
    /// It had stopped before.
    NotRunning,
}

impl Clock {
    pub(crate) fn start(target: Target, at: Timestamp) -> Self {
        Self { target, started_at: at, warned: 0, breached_at: None, stopped: None }
    }

    /// When the target runs out; best effort never does.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        match self.target {
            Target::Within(length) => Some(length.after(self.started_at)),
            Target::BestEffort => None,
        }
    }

    /// Whether it still counts.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.stopped.is_none()
    }

    /// The next thing due on it: a warning that is still ahead of the breach, or the breach.
    pub(crate) fn next(&self, warn_at: &[u8]) -> Option<(Timestamp, Mark)> {
        if !self.is_running() || self.breached_at.is_some() {
            return None;
        }
        let Target::Within(length) = self.target else {
            return None;
        };
        let warning = warn_at.iter().copied().filter(|percent| *percent > self.warned).min();
        Some(match warning {
            Some(percent) => (length.percent(percent).after(self.started_at), Mark::Warning(percent)),
            None => (length.after(self.started_at), Mark::Breach),
        })
    }

    /// Stops it because what it waited for has happened. Exactly at the deadline is late.
    pub(crate) fn finish(&mut self, at: Timestamp) -> Finish {
        if !self.is_running() {
            return Finish::NotRunning;
        }
        let elapsed = Duration::between(self.started_at, at);
        self.stopped = Some(Stopped::Done(at));
        let deadline = self.deadline().filter(|deadline| at >= *deadline);
        if self.breached_at.is_none() && deadline.is_none() {
            return Finish::InTime(elapsed);
        }
        let breach = self.breached_at.is_none();
        self.breached_at = self.breached_at.or(deadline);
        Finish::Late { elapsed, breach }
    }

    /// Stops it because it no longer matters.
    pub(crate) fn cancel(&mut self, at: Timestamp) -> bool {
        let running = self.is_running();
        if running {
            self.stopped = Some(Stopped::Cancelled(at));
        }
        running
    }

    /// Gives it another target from its original start. Warnings whose moment has passed are not made up for, and
    /// what was breached stays breached.
    pub(crate) fn retarget(&mut self, target: Target, at: Timestamp, warn_at: &[u8]) {
        self.target = target;
        if let Target::Within(length) = target {
            let passed = |percent: &u8| length.percent(*percent).after(self.started_at) <= at;
            self.warned = warn_at.iter().copied().filter(passed).max().unwrap_or(0).max(self.warned);
        }
    }
}

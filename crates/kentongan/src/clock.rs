//! Clocks on promises: each starts once, warns at fractions of its target, and is met, late or breached exactly once.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::limits;
use crate::policy::Policy;
use crate::policy::document::Target;
use crate::time::{Duration, Timestamp};

/// What a clock measures, and what moves it.
///
/// | clock | starts | is met | starts again | is cancelled |
/// |---|---|---|---|---|
/// | `acknowledge` | when the incident opens | by an acknowledgement or a response | when it opens again | when it is resolved |
/// | `respond` | when the incident opens | by a response | when it opens again | when it is resolved |
/// | `resolve` | when the incident opens | when it is resolved | when it opens again, the time used kept | |
/// | `update` | when the incident opens | by a status update | at each update, and when it is missed | when it is resolved |
/// | `public` | when the incident opens | by the first public notice | when it opens again | when it is resolved |
/// | `postmortem` | when it is over and needs a post-mortem | by its publication | when it is over again | when it is waived, or the incident opens again |
/// | `meeting` | with `postmortem` | when a meeting is planned | when it is over again | when it is waived or published, or the incident opens again |
/// | `review` | when the post-mortem is handed in | when others have looked at it | when it is handed in again | when it is waived, or the incident opens again |
///
/// Those that the policy's `pausing` names stop while the incident is paused. Another severity gives all of them its
/// own targets, from their original start and with the time that they stood still.
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
    /// From the end of an incident that needs a post-mortem until that is published.
    Postmortem,
    /// From handing a post-mortem in until others have looked at it.
    Review,
    /// From the end of an incident that needs a post-mortem until a meeting is planned.
    Meeting,
}

impl ClockKind {
    /// The clocks on a post-mortem, which run while the incident is over and never stand still.
    pub(crate) const OF_POSTMORTEM: [Self; 3] = [Self::Postmortem, Self::Review, Self::Meeting];

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
            Self::Postmortem => "postmortem",
            Self::Review => "review",
            Self::Meeting => "meeting",
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
    /// When its target runs out, the time that it stood still included; best effort never does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// The fractions, in per cent, up to which it has warned or the moment to warn has passed.
    pub warned: u8,
    /// When its target was missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breached_at: Option<Timestamp>,
    /// Since when it stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_at: Option<Timestamp>,
    /// When it stood still before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// What it had used of a calendar when the calendar was changed. Working time counts from there on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) carried: Option<Carried>,
    /// When and how it stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
}

/// A time during which a clock stood still, as a half-open interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub to: Timestamp,
}

/// The working time on a clock at an instant, by a calendar that has been changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Carried {
    at: Timestamp,
    elapsed: Duration,
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

/// The kind of time that a target is counted in.
#[derive(Debug, Clone, Copy)]
enum Counted<'a> {
    Wall,
    Business(&'a Calendar),
}

impl Counted<'_> {
    fn after(self, at: Timestamp, length: Duration) -> Timestamp {
        match self {
            Self::Wall => length.after(at),
            Self::Business(calendar) => calendar.add(at, length),
        }
    }

    fn between(self, from: Timestamp, to: Timestamp) -> Duration {
        match self {
            Self::Wall => Duration::between(from, to),
            Self::Business(calendar) => calendar.elapsed(from, to),
        }
    }
}

impl Clock {
    pub(crate) fn start(target: Target, at: Timestamp, policy: &Policy) -> Self {
        let mut clock = Self {
            target,
            started_at: at,
            deadline: None,
            warned: 0,
            breached_at: None,
            paused_at: None,
            pauses: Vec::new(),
            carried: None,
            stopped: None,
        };
        clock.set_deadline(policy);
        clock
    }

    /// Whether it still counts, also while it stands still.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.stopped.is_none()
    }

    /// Why nothing ends its promise, though it is one that ends: no release comes any more, or its calendar never opens again.
    pub(crate) fn endless(&self) -> Option<&'static str> {
        let ends = self.deadline.is_some_and(|at| limits::YEARS.contains(&chrono::Datelike::year(&at)));
        match &self.target {
            _ if ends || !self.is_running() => None,
            Target::NextRelease => Some("no release is planned after it starts; add one to `releases`"),
            Target::Business { .. } | Target::NextBusinessDay { .. } | Target::BusinessDays { .. } => {
                Some("its calendar does not open again in time; give the calendar hours")
            }
            Target::Within(_) | Target::By(_) | Target::BestEffort => None,
        }
    }

    /// The time on it at an instant, on the wall clock, without the time that it stood still.
    #[must_use]
    pub fn elapsed(&self, at: Timestamp) -> Duration {
        self.counted(Counted::Wall, at)
    }

    /// The time on it at an instant inside a calendar, without the time that it stood still.
    #[must_use]
    pub fn business_elapsed(&self, at: Timestamp, calendar: &Calendar) -> Duration {
        self.counted(Counted::Business(calendar), at)
    }

    fn counted(&self, time: Counted<'_>, at: Timestamp) -> Duration {
        let at = match self.stopped {
            Some(Stopped::Done(stopped) | Stopped::Cancelled(stopped)) => at.min(stopped),
            None => at,
        };
        let at = self.paused_at.map_or(at, |paused| at.min(paused));
        let (from, before) = self.counts_from(time);
        let pauses = self.pauses.iter().filter(|pause| pause.from >= from);
        let still: i64 = pauses.map(|pause| time.between(pause.from.min(at), pause.to.min(at)).as_millis()).sum();
        Duration::from_millis(before.as_millis() + time.between(from, at).as_millis() - still)
    }

    /// From where on its time is counted, and what was on it there.
    fn counts_from(&self, time: Counted<'_>) -> (Timestamp, Duration) {
        match (time, self.carried) {
            (Counted::Business(_), Some(carried)) => (carried.at, carried.elapsed),
            (Counted::Business(_), None) | (Counted::Wall, _) => (self.started_at, Duration::ZERO),
        }
    }

    /// When so much time is on it. What was on it before its calendar was changed was there at the change.
    fn reaches(&self, time: Counted<'_>, length: Duration) -> Timestamp {
        let (from, before) = self.counts_from(time);
        let left = Duration::from_millis(length.as_millis() - before.as_millis());
        self.moved(time, from, time.after(from, left))
    }

    /// Keeps the working time on it where the calendar of the target that it is about to get would count it otherwise.
    pub(crate) fn carry(&mut self, old: &Policy, new: &Policy, target: &Target, at: Timestamp) {
        let (Some(old), Some(new)) = (old.calendar_of(&self.target), new.calendar_of(target)) else {
            return;
        };
        let shown = self.paused_at.unwrap_or(at);
        let elapsed = self.business_elapsed(shown, old);
        if self.is_running() && elapsed != self.business_elapsed(shown, new) {
            self.carried = Some(Carried { at: shown, elapsed });
        }
    }

    /// The kind of time its target is counted in.
    fn time<'a>(&self, policy: &'a Policy) -> Counted<'a> {
        match &self.target {
            Target::Business { calendar, .. }
            | Target::NextBusinessDay { calendar, .. }
            | Target::BusinessDays { calendar, .. } => {
                policy.calendar_or_only(calendar.as_deref()).map_or(Counted::Wall, Counted::Business)
            }
            Target::Within(_) | Target::NextRelease | Target::By(_) | Target::BestEffort => Counted::Wall,
        }
    }

    /// When a target that is a business day would run out had the clock never stood still.
    fn business_day_ends(&self, policy: &Policy) -> Option<Timestamp> {
        let of = |calendar: &Option<String>| policy.calendar_or_only(calendar.as_deref());
        Some(match &self.target {
            Target::NextBusinessDay { minutes: Some(minutes), calendar } => {
                of(calendar)?.on_next_business_day(self.started_at, *minutes)
            }
            Target::NextBusinessDay { minutes: None, calendar } => {
                of(calendar)?.close_of_next_business_day(self.started_at)
            }
            Target::BusinessDays { days, calendar } => of(calendar)?.close_of_business_day(self.started_at, *days),
            Target::Within(_) | Target::Business { .. } | Target::NextRelease | Target::By(_) | Target::BestEffort => {
                return None;
            }
        })
    }

    /// An instant of a clock that has not stood still since another one, moved by the times that it did: what was left when a pause
    /// began is left when it ends.
    fn moved(&self, time: Counted<'_>, from: Timestamp, at: Timestamp) -> Timestamp {
        self.pauses.iter().filter(|pause| pause.from >= from).fold(at, |at, pause| {
            if pause.from <= at { time.after(pause.to, time.between(pause.from, at)) } else { at }
        })
    }

    /// Computes the deadline anew. Releases happen whether the clock stands still or not: it gets as many more as it
    /// slept through. A date stays what it is.
    pub(crate) fn set_deadline(&mut self, policy: &Policy) {
        self.deadline = match &self.target {
            Target::By(at) => Some(*at),
            Target::NextRelease => policy.releases().and_then(|releases| {
                let slept = self.pauses.iter().map(|pause| releases.between(pause.from, pause.to)).sum();
                releases.nth(self.started_at, slept)
            }),
            Target::Within(length) | Target::Business { length, .. } => Some(self.reaches(self.time(policy), *length)),
            Target::NextBusinessDay { .. } | Target::BusinessDays { .. } => {
                self.business_day_ends(policy).map(|at| self.moved(self.time(policy), self.started_at, at))
            }
            Target::BestEffort => None,
        };
    }

    /// When so much of the target, in per cent, has passed.
    fn fraction(&self, percent: u8, policy: &Policy) -> Option<Timestamp> {
        let deadline = self.deadline?;
        let (time, whole) = match &self.target {
            Target::Within(length) | Target::Business { length, .. } => {
                return Some(self.reaches(self.time(policy), length.percent(percent)).min(deadline));
            }
            Target::NextBusinessDay { .. } | Target::BusinessDays { .. } => {
                let (time, end) = (self.time(policy), self.business_day_ends(policy)?);
                let whole = time.between(self.started_at, end);
                // A time before the opening leaves no business time to take a part of.
                if whole.is_zero() { (Counted::Wall, Duration::between(self.started_at, end)) } else { (time, whole) }
            }
            Target::NextRelease | Target::By(_) => {
                let part = Duration::between(self.started_at, deadline).percent(percent);
                return Some(part.after(self.started_at));
            }
            Target::BestEffort => return None,
        };
        let passed = time.after(self.started_at, whole.percent(percent));
        Some(self.moved(time, self.started_at, passed).min(deadline))
    }

    /// The next thing due on it: a warning that is still ahead of the breach, or the breach.
    pub(crate) fn next(&self, warn_at: &[u8], policy: &Policy) -> Option<(Timestamp, Mark)> {
        if !self.is_running() || self.breached_at.is_some() || self.paused_at.is_some() {
            return None;
        }
        let deadline = self.deadline?;
        let warning = warn_at.iter().copied().filter(|percent| *percent > self.warned).min();
        Some(match warning {
            Some(percent) => (self.fraction(percent, policy)?, Mark::Warning(percent)),
            None => (deadline, Mark::Breach),
        })
    }

    /// Stops it because what it waited for has happened. Exactly at the deadline is late; while it stands still, it
    /// shows the time at which that began.
    pub(crate) fn finish(&mut self, at: Timestamp) -> Finish {
        if !self.is_running() {
            return Finish::NotRunning;
        }
        let elapsed = self.elapsed(at);
        self.stopped = Some(Stopped::Done(at));
        let shown = self.paused_at.unwrap_or(at);
        let deadline = self.deadline.filter(|deadline| shown >= *deadline);
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

    /// Lets it stand still.
    pub(crate) fn pause(&mut self, at: Timestamp) -> bool {
        let pauses = self.is_running() && self.paused_at.is_none();
        if pauses {
            self.paused_at = Some(at);
        }
        pauses
    }

    /// Lets it go on. Its deadline moves by the time that it stood still, in its own kind of time.
    pub(crate) fn resume(&mut self, at: Timestamp, policy: &Policy) -> bool {
        let Some(from) = self.paused_at.take() else {
            return false;
        };
        if at > from {
            self.pauses.push(Pause { from, to: at });
            self.set_deadline(policy);
        }
        self.is_running()
    }

    /// Lets its time count from an earlier instant. The caller gives it its deadline by [`Clock::retarget`].
    pub(crate) fn start_earlier(&mut self, at: Timestamp) {
        self.started_at = self.started_at.min(at);
    }

    /// Gives it another target from its original start. Warnings whose moment has passed are not made up for, and
    /// what was breached stays breached.
    pub(crate) fn retarget(&mut self, target: Target, at: Timestamp, policy: &Policy) {
        self.target = target;
        self.set_deadline(policy);
        let shown = self.paused_at.unwrap_or(at);
        let passed = |percent: &u8| self.fraction(*percent, policy).is_some_and(|passed| passed <= shown);
        let warned = policy.warn_at().iter().chain(policy.update_warn_at()).copied().filter(passed).max().unwrap_or(0);
        self.warned = self.warned.max(warned);
    }
}

//! What many incidents come to, in figures.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::clock::ClockKind;
use crate::incident::{Incident, IncidentId};
use crate::policy::Policy;
use crate::policy::document::{Statistic, Target};
use crate::report::account::Account;
use crate::report::postmortem::worst;
use crate::time::{Duration, Timestamp};

/// One incident that is counted.
#[derive(Debug, Clone)]
pub(super) struct Case<'a> {
    pub(super) account: &'a Account,
    pub(super) incident: &'a Incident,
    /// The worst that it had, under which it is counted.
    pub(super) severity: String,
    pub(super) opened: Timestamp,
}

impl<'a> Case<'a> {
    /// The incident that an account is of.
    pub(super) fn of(policy: &Policy, account: &'a Account) -> Option<Self> {
        let incident = account.incident.as_ref()?;
        let severity = worst(policy, account).unwrap_or_else(|| incident.severity().to_owned());
        Some(Self { account, incident, severity, opened: incident.opened_at() })
    }

    /// Whether it counts as an incident. What does not is left out of all figures but [`LeftOut`].
    pub(super) fn counts(&self) -> bool {
        let merged = self.incident.merged_into().is_some();
        !self.incident.is_drill() && !self.incident.is_false_alarm() && !merged
    }

    /// Whether people were called for it in earnest: they were for a false alarm, too.
    pub(super) fn is_real(&self) -> bool {
        !self.incident.is_drill()
    }

    pub(super) fn id(&self) -> IncidentId {
        self.incident.id().clone()
    }

    /// The time from opening until somebody took it or worked on it.
    pub(super) fn acknowledged_after(&self) -> Option<Duration> {
        Some(Duration::between(self.opened, self.account.first_answer.as_ref()?.at))
    }

    /// The time that it was open, once it is over. The time before it opened again is not in it.
    pub(super) fn resolved_after(&self) -> Option<Duration> {
        let over = self.incident.resolved()?;
        self.incident.state().is_resolved().then(|| self.account.open_for(over.at))
    }
}

/// Many lengths of time. Percentiles are by nearest rank, as [`Statistic`] says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Times {
    /// How many.
    pub count: usize,
    /// Their mean, rounded down to a millisecond.
    pub mean: Option<Duration>,
    /// Their 50th percentile.
    pub median: Option<Duration>,
    /// Their 90th percentile.
    pub p90: Option<Duration>,
    /// Their 95th percentile.
    pub p95: Option<Duration>,
}

impl Times {
    /// Of so many lengths, in any order.
    #[must_use]
    pub fn of(lengths: impl IntoIterator<Item = Duration>) -> Self {
        let mut sorted: Vec<Duration> = lengths.into_iter().collect();
        sorted.sort_unstable();
        let nearest = |percent: usize| {
            let rank = (sorted.len() * percent).div_ceil(100);
            sorted.get(rank.checked_sub(1)?).copied()
        };
        let sum: i128 = sorted.iter().map(|length| i128::from(length.as_millis())).sum();
        let mean = i128::try_from(sorted.len()).ok().and_then(|count| sum.checked_div(count));
        Self {
            count: sorted.len(),
            mean: mean.and_then(|mean| i64::try_from(mean).ok()).map(Duration::from_millis),
            median: nearest(50),
            p90: nearest(90),
            p95: nearest(95),
        }
    }

    /// One figure of them.
    #[must_use]
    pub fn statistic(&self, statistic: Statistic) -> Option<Duration> {
        match statistic {
            Statistic::Mean => self.mean,
            Statistic::Median => self.median,
            Statistic::P90 => self.p90,
            Statistic::P95 => self.p95,
        }
    }
}

/// How promises of one kind went. What promises no time, best effort, is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Kept {
    /// How many were made.
    pub promised: usize,
    /// How many were kept.
    pub kept: usize,
    /// How many were missed.
    pub missed: usize,
    /// How many stopped to matter before their time was up.
    pub given_up: usize,
    /// How many run.
    pub running: usize,
}

impl Kept {
    /// Adds how others went.
    pub(super) fn add(&mut self, other: Self) {
        self.promised += other.promised;
        self.kept += other.kept;
        self.missed += other.missed;
        self.given_up += other.given_up;
        self.running += other.running;
    }
}

/// Incidents that no other figure counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftOut {
    /// How many were drills.
    pub drills: usize,
    /// How many were false alarms. What they asked of people counts.
    pub false_alarms: usize,
    /// How many were merged into another, which is counted. What they asked of people counts.
    pub merged: usize,
}

impl LeftOut {
    pub(super) fn of(cases: &[&Case<'_>]) -> Self {
        let count = |keep: fn(&Incident) -> bool| cases.iter().filter(|case| keep(case.incident)).count();
        Self {
            drills: count(Incident::is_drill),
            false_alarms: count(|incident| incident.is_false_alarm() && !incident.is_drill()),
            merged: count(|incident| incident.merged_into().is_some() && !incident.is_drill()),
        }
    }
}

/// The post-mortems of the incidents that need one. One that was waived is not needed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Postmortems {
    /// How many were asked for.
    pub required: usize,
    /// How many of them are published.
    pub completed: usize,
    /// How many of those were published after their time was up.
    pub late: usize,
    /// The incidents whose post-mortem is not published.
    pub missing: Vec<IncidentId>,
    /// Those of them whose time is up.
    pub overdue: Vec<IncidentId>,
    /// The incidents whose post-mortem was asked for and waived, for a reason that it has.
    pub waived: Vec<IncidentId>,
}

/// What many incidents come to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Figures {
    /// How many there are.
    pub total: usize,
    /// Those that are not over. They do not count in the time to resolve.
    pub open: Vec<IncidentId>,
    /// How many are over and nobody had taken them. They do not count in the time to acknowledge.
    pub unanswered: usize,
    /// Those that are not over and nobody has taken yet. Neither do they.
    pub waiting: Vec<IncidentId>,
    /// How many opened again after they were over.
    pub reopened: usize,
    /// The time from opening until somebody took the incident or worked on it: MTTA and its kin.
    pub acknowledge: Times,
    /// The time that the incident was open: MTTR and its kin.
    pub resolve: Times,
    /// Their post-mortems.
    pub postmortems: Postmortems,
    /// Their promises, by clock.
    pub clocks: BTreeMap<ClockKind, Kept>,
}

impl Figures {
    pub(super) fn of(cases: &[&Case<'_>], as_of: Timestamp) -> Self {
        let ids =
            |keep: &dyn Fn(&Case<'_>) -> bool| cases.iter().filter(|case| keep(case)).map(|case| case.id()).collect();
        let over = |case: &Case<'_>| case.incident.state().is_resolved();
        let mut clocks: BTreeMap<ClockKind, Kept> = BTreeMap::new();
        for (kind, kept) in cases.iter().flat_map(|case| promises(case)) {
            clocks.entry(kind).or_default().add(kept);
        }
        Self {
            total: cases.len(),
            open: ids(&|case| !over(case)),
            unanswered: cases.iter().filter(|case| over(case) && case.account.first_answer.is_none()).count(),
            waiting: ids(&|case| !over(case) && case.account.first_answer.is_none()),
            reopened: cases.iter().filter(|case| case.account.reopened > 0).count(),
            acknowledge: Times::of(cases.iter().filter_map(|case| case.acknowledged_after())),
            resolve: Times::of(cases.iter().filter_map(|case| case.resolved_after())),
            postmortems: Postmortems::of(cases, as_of),
            clocks,
        }
    }

    /// All its promises together.
    #[must_use]
    pub fn promises(&self) -> Kept {
        let mut all = Kept::default();
        self.clocks.values().for_each(|kept| all.add(*kept));
        all
    }
}

impl Postmortems {
    fn of(cases: &[&Case<'_>], as_of: Timestamp) -> Self {
        let mut all = Self::default();
        for case in cases {
            let Some(postmortem) = case.incident.postmortem() else { continue };
            if postmortem.waived.is_some() {
                all.waived.push(case.id());
                continue;
            }
            all.required += 1;
            // It is due strictly before that instant.
            let late = |at: Timestamp| postmortem.due.is_some_and(|due| at >= due);
            if let Some(published) = &postmortem.published {
                all.completed += 1;
                all.late += usize::from(late(published.at));
            } else {
                all.missing.push(case.id());
                all.overdue.extend(late(as_of).then(|| case.id()));
            }
        }
        all
    }
}

/// The promises of one incident, one by one.
pub(super) fn promises<'a>(case: &'a Case<'_>) -> impl Iterator<Item = (ClockKind, Kept)> + 'a {
    let timed = case.account.promises.iter().filter(|promise| promise.target.as_ref() != Some(&Target::BestEffort));
    timed.map(|promise| {
        let kept = usize::from(promise.took.is_some() && !promise.missed);
        let missed = usize::from(promise.missed);
        let given_up = usize::from(promise.given_up && kept + missed == 0);
        let running = 1 - kept - missed - given_up;
        (promise.clock, Kept { promised: 1, kept, missed, given_up, running })
    })
}

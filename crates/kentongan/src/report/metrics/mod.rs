//! Metrics: what the incidents of a month or a quarter come to, from a journal and nothing else.
//!
//! An incident belongs to the month in which it opened, in the policy's zone, and counts under the worst severity that
//! it had. What is said of it is what the journal knows at its end: a later journal may know more.

mod behind;
mod figures;
mod load;
mod period;
mod review;
mod target;

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

pub use figures::{Figures, Kept, LeftOut, Postmortems, Times};
pub use load::{ChannelLoad, PersonLoad};
pub use period::{InvalidPeriod, Month, Quarter};
pub use review::{
    Areas, CommonCause, LateAnswers, LateBy, LateGroup, MissedPromises, MonthFigures, NoisyService, OpenAction,
    OpenPostmortem, QuarterlyReview, Recurring, ReviewedIncident, Sameness, WaivedPostmortem,
};
pub use target::{Measure, Measured};

use super::chronicle::Chronicle;
use super::documents::DocumentError;
use crate::incident::IncidentId;
use crate::policy::Policy;
use crate::policy::document::MetricsDocument;
use crate::postmortem::PostmortemStatus;
use crate::time::{Duration, Timestamp};
use figures::Case;

/// What the incidents that opened in a time come to.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Metrics {
    /// The beginning of the time.
    pub from: Timestamp,
    /// Its end, which is not in it.
    pub to: Timestamp,
    /// All of them together.
    #[serde(flatten)]
    pub all: Figures,
    /// By the worst severity that they had, the worst first: those of the policy, then those that it no longer has.
    pub severities: Vec<SeverityFigures>,
    /// By service, the one with the most first.
    pub services: Vec<ServiceFigures>,
    /// What opened in that time and is counted in none of these.
    pub left_out: LeftOut,
    /// What was asked of people in that time, also by false alarms.
    pub people: Vec<PersonLoad>,
    /// How on-call roles were handed over in that time.
    pub handoffs: Handoffs,
}

/// What the incidents of one severity come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeverityFigures {
    /// The severity.
    pub severity: String,
    /// What they come to.
    #[serde(flatten)]
    pub figures: Figures,
}

/// What the incidents of one service come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ServiceFigures {
    /// The service; none for incidents that name none.
    pub service: Option<String>,
    /// How many there are.
    pub total: usize,
    /// How many of each severity.
    pub severities: BTreeMap<String, usize>,
    /// The time until somebody took them.
    pub acknowledge: Times,
    /// The time that they were open.
    pub resolve: Times,
}

/// How on-call roles were handed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Handoffs {
    /// How often.
    pub total: usize,
    /// How often every point was ticked off.
    pub confirmed: usize,
    /// How often not all points were gone through in time.
    pub missed: usize,
}

/// A month beside the month before and what it was to be.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MonthlyReport {
    /// The policy's name.
    pub policy: String,
    /// The month.
    pub month: Month,
    /// The zone on whose calendar it is one.
    pub zone: String,
    /// The end of the journal, at which all of this is known.
    pub as_of: Timestamp,
    /// Whether the journal tells of the whole month.
    pub complete: bool,
    /// Each target, and whether it was met.
    pub targets: Vec<Measured>,
    /// What the month came to.
    pub metrics: Metrics,
    /// What the month before came to; none where the journal tells nothing of it.
    pub before: Option<Metrics>,
    /// The worst severity of the policy.
    pub worst_severity: String,
    /// The month's incidents of that severity, one by one.
    pub worst: Vec<Worst>,
}

/// An incident of the worst severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Worst {
    /// Which.
    pub incident: IncidentId,
    /// What it is called.
    pub title: String,
    /// When it opened.
    pub opened: Timestamp,
    /// The time until somebody took it; none where nobody did.
    pub acknowledged_after: Option<Duration>,
    /// The time that it was open; none while it is.
    pub resolved_after: Option<Duration>,
    /// How often it opened again.
    pub reopened: usize,
    /// How far its post-mortem is; none where none was asked for.
    pub postmortem: Option<PostmortemStatus>,
}

impl MonthlyReport {
    /// That of a month, from the account of a journal. A month in which nothing happened has a report as well.
    ///
    /// # Errors
    ///
    /// When the journal tells nothing of the month.
    pub fn of(policy: &Policy, chronicle: &Chronicle, month: Month) -> Result<Self, DocumentError> {
        let zone = policy.zone();
        let bounds = |month: Month| (month.begins(zone), month.after().begins(zone));
        let (began, as_of) = told_of(policy, chronicle, bounds(month), &month.to_string())?;
        let cases = cases(policy, chronicle);
        let worst_severity = policy.severities().next().unwrap_or_default().to_owned();
        let metrics = Metrics::of(policy, chronicle, &cases, bounds(month));
        let earlier = bounds(month.before());
        let before = (began < earlier.1).then(|| Metrics::of(policy, chronicle, &cases, earlier));
        Ok(Self {
            policy: policy.name().to_owned(),
            month,
            zone: zone.name().to_owned(),
            as_of,
            complete: began <= metrics.from && metrics.to <= as_of,
            targets: target::measured(&metrics_at(policy, chronicle, metrics.to), &metrics, before.as_ref()),
            metrics,
            before,
            worst: worst_of(&cases, bounds(month), &worst_severity),
            worst_severity,
        })
    }
}

fn worst_of(cases: &[Case<'_>], (from, to): (Timestamp, Timestamp), severity: &str) -> Vec<Worst> {
    let meant = cases.iter().filter(|case| case.counts() && case.severity == severity);
    let meant = meant.filter(|case| from <= case.opened && case.opened < to);
    let of = |case: &Case<'_>| Worst {
        incident: case.id(),
        title: case.incident.title().to_owned(),
        opened: case.opened,
        acknowledged_after: case.acknowledged_after(),
        resolved_after: case.resolved_after(),
        reopened: case.account.reopened,
        postmortem: case.incident.postmortem().map(|postmortem| postmortem.status),
    };
    meant.map(of).collect()
}

/// What is said of metrics by the policy that was in force when a time ended: what was promised for it.
fn metrics_at(policy: &Policy, chronicle: &Chronicle, ended: Timestamp) -> MetricsDocument {
    let last = ended.checked_sub_signed(chrono::TimeDelta::milliseconds(1)).unwrap_or(ended);
    chronicle.policy_at(last).map_or(policy, Arc::as_ref).metrics()
}

/// The first and the last instant of a journal that tells something of a time.
fn told_of(
    policy: &Policy,
    chronicle: &Chronicle,
    (from, to): (Timestamp, Timestamp),
    period: &str,
) -> Result<(Timestamp, Timestamp), DocumentError> {
    let Some((began, ended)) = chronicle.began().zip(chronicle.ended()) else {
        return Err(DocumentError::EmptyJournal);
    };
    if ended < from || to <= began {
        let day = |at| policy.zone().format(at, "%Y-%m-%d");
        return Err(DocumentError::OutsideJournal { period: period.to_owned(), began: day(began), ended: day(ended) });
    }
    Ok((began, ended))
}

/// Every incident, in the order in which they opened.
fn cases<'a>(policy: &Policy, chronicle: &'a Chronicle) -> Vec<Case<'a>> {
    let mut cases: Vec<Case<'a>> = chronicle.accounts().filter_map(|(_, account)| Case::of(policy, account)).collect();
    cases.sort_by(|a, b| (a.opened, a.incident.id()).cmp(&(b.opened, b.incident.id())));
    cases
}

impl Metrics {
    fn of(policy: &Policy, chronicle: &Chronicle, cases: &[Case<'_>], (from, to): (Timestamp, Timestamp)) -> Self {
        let within = |at: Timestamp| from <= at && at < to;
        let (began, as_of) = (chronicle.began().unwrap_or(from), chronicle.ended().unwrap_or(from));
        let opened: Vec<&Case<'_>> = cases.iter().filter(|case| within(case.opened)).collect();
        let left_out = LeftOut::of(&opened);
        let opened: Vec<&Case<'_>> = opened.into_iter().filter(|case| case.counts()).collect();
        let mut handoffs = Handoffs::default();
        for (_, over) in chronicle.handoffs().filter(|(_, over)| within(over.at)) {
            handoffs.total += 1;
            handoffs.confirmed += usize::from(over.confirmed);
            handoffs.missed += usize::from(over.missed);
        }
        let told = Duration::between(from.max(began), to.min(as_of));
        Self {
            from,
            to,
            all: Figures::of(&opened, as_of),
            severities: severities(policy, &opened, as_of),
            services: services(&opened, as_of),
            left_out,
            people: load::people(cases, policy.zone(), policy.metrics().sleep_hours, (from, to), told),
            handoffs,
        }
    }
}

fn severities(policy: &Policy, opened: &[&Case<'_>], as_of: Timestamp) -> Vec<SeverityFigures> {
    let mut names: Vec<String> = policy.severities().map(str::to_owned).collect();
    for case in opened {
        if !names.contains(&case.severity) {
            names.push(case.severity.clone());
        }
    }
    let of = |severity: String| {
        let cases: Vec<&Case<'_>> = opened.iter().copied().filter(|case| case.severity == severity).collect();
        SeverityFigures { severity, figures: Figures::of(&cases, as_of) }
    };
    names.into_iter().map(of).collect()
}

fn services(opened: &[&Case<'_>], as_of: Timestamp) -> Vec<ServiceFigures> {
    let mut by_service: BTreeMap<Option<&str>, Vec<&Case<'_>>> = BTreeMap::new();
    for case in opened {
        by_service.entry(case.incident.service()).or_default().push(case);
    }
    let of = |(service, cases): (Option<&str>, Vec<&Case<'_>>)| {
        let mut severities = BTreeMap::new();
        for case in &cases {
            *severities.entry(case.severity.clone()).or_insert(0) += 1;
        }
        let Figures { total, acknowledge, resolve, .. } = Figures::of(&cases, as_of);
        ServiceFigures { service: service.map(str::to_owned), total, severities, acknowledge, resolve }
    };
    let mut services: Vec<ServiceFigures> = by_service.into_iter().map(of).collect();
    services.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.service.cmp(&b.service)));
    services
}

/// The names of incidents.
fn ids<'a, 'b: 'a>(cases: impl IntoIterator<Item = &'a Case<'b>>) -> Vec<IncidentId> {
    cases.into_iter().map(Case::id).collect()
}

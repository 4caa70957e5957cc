//! The documents of a month and of a quarter: the figures of `metrics` in the table that the field knows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::markdown::inline;
use super::metrics::{
    Areas, CommonCause, Kept, Measure, Measured, Metrics, MonthFigures, MonthlyReport, QuarterlyReview, Recurring,
    Worst,
};
use super::template::{self, DocumentError, short};
use super::words;
use crate::calendar::Zone;
use crate::clock::ClockKind;
use crate::incident::IncidentId;
use crate::policy::Policy;
use crate::policy::document::{MetricName, Statistic};
use crate::time::{Duration, Timestamp};

const MONTHLY: &str = include_str!("monthly.md.jinja");
const QUARTERLY: &str = include_str!("quarterly.md.jinja");

#[derive(Serialize)]
struct MonthlyFacts<'a> {
    month: String,
    policy: String,
    zone: &'a str,
    first_day: String,
    last_day: String,
    as_of: String,
    complete: bool,
    sleep_hours: String,
    targets: Vec<Row>,
    metrics: &'a Metrics,
    promises: Vec<PromiseRow>,
    worst_severity: String,
    worst: Vec<WorstRow>,
    /// People and teams by their names.
    who: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct PromiseRow {
    promise: &'static str,
    kept: Kept,
}

#[derive(Serialize)]
struct WorstRow {
    incident: String,
    title: String,
    opened: String,
    acknowledged: String,
    resolved: String,
    reopened: usize,
    postmortem: String,
}

#[derive(Serialize)]
struct Row {
    name: String,
    target: String,
    current: String,
    before: String,
    met: &'static str,
}

#[derive(Serialize)]
struct QuarterlyFacts<'a> {
    quarter: String,
    policy: String,
    zone: &'a str,
    first_day: String,
    last_day: String,
    as_of: String,
    complete: bool,
    least: u32,
    names: Vec<String>,
    targets: Vec<MonthsRow>,
    metrics: &'a Metrics,
    recurring: &'a [Recurring],
    causes: &'a [CommonCause],
    without_cause: &'a [IncidentId],
    areas: &'a Areas,
    missed: Vec<MissedRow<'a>>,
    open_postmortems: Vec<PostmortemRow>,
    /// People and teams by their names.
    who: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct MissedRow<'a> {
    severity: &'a str,
    promise: &'static str,
    kept: Kept,
    incidents: &'a [IncidentId],
}

#[derive(Serialize)]
struct MonthsRow {
    name: String,
    target: String,
    months: Vec<String>,
}

#[derive(Serialize)]
struct PostmortemRow {
    incident: String,
    title: String,
    severity: String,
    status: String,
    owner: String,
    due: String,
}

impl MonthlyReport {
    /// The report in Markdown, in the words of the policy that it was made under.
    ///
    /// # Errors
    ///
    /// Never for the template that comes with the library.
    pub fn markdown(&self, policy: &Policy) -> Result<String, DocumentError> {
        let zone = policy.zone();
        let (first_day, last_day) = days(zone, self.metrics.from, self.metrics.to);
        let row = |it: &Measured| Row {
            name: name(it),
            target: target(it),
            current: measure(it.current),
            before: if self.before.is_some() { measure(it.before) } else { "-".to_owned() },
            met: it.met.map_or("-", |met| if met { "yes" } else { "no" }),
        };
        template::render(
            MONTHLY,
            &MonthlyFacts {
                month: self.month.to_string(),
                policy: inline(&self.policy),
                zone: &self.zone,
                first_day,
                last_day,
                as_of: minute(zone, self.as_of),
                complete: self.complete,
                sleep_hours: policy.metrics().sleep_hours.to_string().replace('-', " and "),
                targets: self.targets.iter().map(row).collect(),
                metrics: &self.metrics,
                promises: promises(&self.metrics),
                worst_severity: inline(&self.worst_severity),
                worst: self.worst.iter().map(|it| worst(zone, it)).collect(),
                who: who(policy, self.metrics.people.iter().map(|load| load.person.as_str())),
            },
        )
    }
}

fn worst(zone: &Zone, it: &Worst) -> WorstRow {
    WorstRow {
        incident: it.incident.to_string(),
        title: inline(&it.title),
        opened: minute(zone, it.opened),
        acknowledged: it.acknowledged_after.map_or_else(|| "nobody did".to_owned(), short),
        resolved: it.resolved_after.map_or_else(|| "not yet".to_owned(), short),
        reopened: it.reopened,
        postmortem: it.postmortem.map_or_else(|| "-".to_owned(), |status| status.as_str().replace('_', " ")),
    }
}

/// How promises went, in the order of an incident's life.
fn promises(metrics: &Metrics) -> Vec<PromiseRow> {
    let mut clocks: Vec<(ClockKind, Kept)> = metrics.all.clocks.iter().map(|(clock, kept)| (*clock, *kept)).collect();
    clocks.sort_by_key(|(clock, _)| words::order(*clock));
    clocks.into_iter().map(|(clock, kept)| PromiseRow { promise: words::promised(clock), kept }).collect()
}

/// People and teams by their names, as they stand in a document.
fn who<'a>(policy: &Policy, ids: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    ids.map(|id| (id.to_owned(), inline(&words::named(policy, id)))).collect()
}

impl QuarterlyReview {
    /// The review in Markdown, in the words of the policy that it was made under.
    ///
    /// # Errors
    ///
    /// Never for the template that comes with the library.
    pub fn markdown(&self, policy: &Policy) -> Result<String, DocumentError> {
        let zone = policy.zone();
        let (first_day, last_day) = days(zone, self.metrics.from, self.metrics.to);
        let targets = targets(&self.months);
        let postmortems = self.areas.postmortems.iter().map(|it| PostmortemRow {
            incident: it.incident.to_string(),
            title: inline(&it.title),
            severity: inline(&it.severity),
            status: it.status.as_str().replace('_', " "),
            owner: it.owner.as_ref().map_or_else(|| "nobody".to_owned(), |owner| inline(&words::named(policy, owner))),
            due: match it.due {
                None => "-".to_owned(),
                Some(due) if it.overdue => format!("{} **overdue**", minute(zone, due)),
                Some(due) => minute(zone, due),
            },
        });
        let missed = self.areas.promises.iter().map(|it| MissedRow {
            severity: &it.severity,
            promise: words::promised(it.clock),
            kept: it.kept,
            incidents: &it.incidents,
        });
        let people = self.metrics.people.iter().map(|load| load.person.as_str());
        let answered = self.areas.answers.iter().map(|late| late.person.as_str());
        let owners = self.areas.actions.iter().filter_map(|action| action.owner.as_deref());
        template::render(
            QUARTERLY,
            &QuarterlyFacts {
                quarter: self.quarter.to_string(),
                policy: inline(&self.policy),
                zone: &self.zone,
                first_day,
                last_day,
                as_of: minute(zone, self.as_of),
                complete: self.complete,
                least: policy.metrics().recurring,
                names: self.months.iter().map(|month| month.month.to_string()).collect(),
                targets,
                metrics: &self.metrics,
                recurring: &self.recurring,
                causes: &self.causes,
                without_cause: &self.without_cause,
                areas: &self.areas,
                missed: missed.collect(),
                who: who(policy, people.chain(answered).chain(owners)),
                open_postmortems: postmortems.collect(),
            },
        )
    }
}

/// What each month was to be, and was: a row for each target that any of them had, as the last one orders them. Where a
/// target is not the same in all, it stands with each figure.
fn targets(months: &[MonthFigures]) -> Vec<MonthsRow> {
    let same =
        |a: &Measured, b: &Measured| (a.metric, &a.severity, a.statistic) == (b.metric, &b.severity, b.statistic);
    let mut rows: Vec<&Measured> = Vec::new();
    for it in months.iter().rev().flat_map(|month| &month.targets) {
        if !rows.iter().any(|row| same(row, it)) {
            rows.push(it);
        }
    }
    let row = |it: &Measured| {
        let of_months: Vec<Option<&Measured>> =
            months.iter().map(|month| month.targets.iter().find(|other| same(other, it))).collect();
        let one = of_months.iter().all(|other| other.is_some_and(|other| other.target == it.target));
        let cell = |other: Option<&Measured>| match other {
            None => "-".to_owned(),
            Some(other) if one => marked(other),
            Some(other) => format!("{}, to be {}", marked(other), target(other)),
        };
        let target = if one { target(it) } else { "changed".to_owned() };
        MonthsRow { name: name(it), target, months: of_months.into_iter().map(cell).collect() }
    };
    rows.into_iter().map(row).collect()
}

/// The metric as the field names it.
fn name(it: &Measured) -> String {
    let figure = match it.statistic {
        Statistic::Mean => "Mean",
        Statistic::Median => "Median",
        Statistic::P90 => "90th Percentile of",
        Statistic::P95 => "95th Percentile of",
    };
    match (it.metric, &it.severity) {
        (MetricName::Total, None) => "Total Incidents".to_owned(),
        (MetricName::Total, Some(severity)) => format!("{} Incidents", inline(severity)),
        (MetricName::Mtta, _) => format!("{figure} Time To Acknowledge (MTTA)").replace("(MTTA)", mark(it, "(MTTA)")),
        (MetricName::Mttr, _) => format!("{figure} Time To Resolve (MTTR)").replace("(MTTR)", mark(it, "(MTTR)")),
        (MetricName::PostmortemsCompleted, _) => "Post-Mortems Completed".to_owned(),
        (MetricName::PromisesKept, _) => "Promises Kept".to_owned(),
        (MetricName::UpdatesInTime, _) => "Status Updates in Time".to_owned(),
    }
    .trim_end()
    .to_owned()
}

/// Only a mean goes by the name that speaks of a mean.
fn mark<'a>(it: &Measured, mark: &'a str) -> &'a str {
    if it.statistic == Statistic::Mean { mark } else { "" }
}

/// The target, with the severity that it is of, where its name does not say so already.
fn target(it: &Measured) -> String {
    // A sign that a space follows opens no tag.
    let target = it.target.as_deref().unwrap_or("-").to_owned();
    match (&it.severity, it.metric) {
        (Some(severity), metric) if metric != MetricName::Total => format!("{target} ({})", inline(severity)),
        _ => target,
    }
}

fn measure(measure: Option<Measure>) -> String {
    match measure {
        None => "nothing to measure".to_owned(),
        Some(Measure::Count(count)) => count.to_string(),
        Some(Measure::Time(length)) => short(length),
        Some(Measure::Share { good, of }) => {
            format!("{} ({good} of {of})", template::percent(good, of))
        }
    }
}

/// What missed its target stands out.
fn marked(it: &Measured) -> String {
    let text = measure(it.current);
    if it.met == Some(false) { format!("**{text}**") } else { text }
}

/// The first and the last day of a time.
fn days(zone: &Zone, from: Timestamp, to: Timestamp) -> (String, String) {
    let day = |at| zone.format(at, "%Y-%m-%d");
    let last = to.checked_sub_signed(chrono::TimeDelta::milliseconds(Duration::from_minutes(1).as_millis()));
    (day(from), day(last.unwrap_or(to)))
}

fn minute(zone: &Zone, at: Timestamp) -> String {
    zone.format(at, "%Y-%m-%d %H:%M %Z")
}

//! The documents of a month and of a quarter: the figures of `metrics` in the table that the field knows.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::documents::{Document, DocumentError, Templates};
use super::findings::{Finding, findings};
use super::markdown::{Markdown, inline};
use super::metrics::{
    Areas, CommonCause, Kept, Measure, Measured, Metrics, MonthFigures, MonthlyReport, QuarterlyReview, Recurring,
    WaivedPostmortem, Worst,
};
use super::template::{self, short};
use super::words::{self, minute};
use crate::calendar::Zone;
use crate::clock::ClockKind;
use crate::incident::IncidentId;
use crate::policy::Policy;
use crate::policy::document::{DocumentKind, MetricName, Statistic};
use crate::time::{Duration, Timestamp};

#[derive(Serialize, JsonSchema)]
pub(super) struct MonthlyFacts<'a> {
    month: String,
    policy: Markdown,
    zone: &'a str,
    first_day: String,
    last_day: String,
    as_of: String,
    complete: bool,
    sleep_hours: String,
    targets: Vec<Row>,
    metrics: &'a Metrics,
    promises: Vec<PromiseRow>,
    worst_severity: Markdown,
    worst: Vec<WorstRow>,
    /// People and teams by their names.
    who: BTreeMap<String, Markdown>,
}

#[derive(Serialize, JsonSchema)]
struct PromiseRow {
    promise: &'static str,
    kept: Kept,
}

#[derive(Serialize, JsonSchema)]
struct WorstRow {
    incident: String,
    title: Markdown,
    opened: String,
    acknowledged: String,
    resolved: String,
    reopened: usize,
    postmortem: Markdown,
}

#[derive(Serialize, JsonSchema)]
struct Row {
    name: Markdown,
    target: Markdown,
    current: Markdown,
    before: Markdown,
    met: Markdown,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct QuarterlyFacts<'a> {
    quarter: String,
    policy: Markdown,
    zone: &'a str,
    first_day: String,
    last_day: String,
    as_of: String,
    complete: bool,
    least: u32,
    names: Vec<String>,
    /// The months that the record tells nothing of.
    untold: Vec<String>,
    targets: Vec<MonthsRow>,
    metrics: &'a Metrics,
    recurring: &'a [Recurring],
    causes: &'a [CommonCause],
    without_cause: &'a [IncidentId],
    areas: &'a Areas,
    missed: Vec<MissedRow<'a>>,
    /// Each finding by its mark, with the worst of the incidents behind it.
    findings: Vec<Finding>,
    late: Vec<LateRow<'a>>,
    waived: Vec<WaivedRow>,
    open_postmortems: Vec<PostmortemRow>,
    /// People and teams by their names.
    who: BTreeMap<String, Markdown>,
}

#[derive(Serialize, JsonSchema)]
struct MissedRow<'a> {
    severity: &'a str,
    promise: &'static str,
    kept: Kept,
    incidents: &'a [IncidentId],
}

#[derive(Serialize, JsonSchema)]
struct LateRow<'a> {
    by: &'static str,
    of: Markdown,
    answered: usize,
    incidents: &'a [IncidentId],
}

/// How many were waived of a severity.
#[derive(Serialize, JsonSchema)]
struct WaivedOf {
    severity: Markdown,
    count: usize,
}

/// Post-mortems that one person waived for one reason.
#[derive(Serialize, JsonSchema)]
struct WaivedRow {
    by: Markdown,
    reason: Markdown,
    count: usize,
    /// How many there are of each severity, the worst first.
    severities: Vec<WaivedOf>,
    /// Of the first to open, its name.
    incident: String,
    title: Markdown,
}

#[derive(Serialize, JsonSchema)]
struct MonthsRow {
    name: Markdown,
    target: Markdown,
    months: Vec<Markdown>,
}

#[derive(Serialize, JsonSchema)]
struct PostmortemRow {
    incident: String,
    title: Markdown,
    severity: Markdown,
    status: String,
    owner: Markdown,
    due: Markdown,
}

impl MonthlyReport {
    /// The report in Markdown, in the words of the policy that it was made under.
    ///
    /// # Errors
    ///
    /// Never with the templates that come with the library.
    pub fn markdown(&self, policy: &Policy) -> Result<Document, DocumentError> {
        self.markdown_by(policy.templates(), policy)
    }

    /// The same by other templates than those of that policy.
    ///
    /// # Errors
    ///
    /// Never with the templates that come with the library.
    pub fn markdown_by(&self, templates: Templates<'_>, policy: &Policy) -> Result<Document, DocumentError> {
        let zone = policy.zone();
        let (first_day, last_day) = days(zone, self.metrics.from, self.metrics.to);
        let row = |it: &Measured| Row {
            name: name(it),
            target: target(it),
            current: measure(it.current),
            before: if self.before.is_some() { measure(it.before) } else { Markdown::written("-") },
            met: Markdown::written(it.met.map_or("-", |met| if met { "yes" } else { "no" })),
        };
        templates.write(
            DocumentKind::Monthly,
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
        postmortem: Markdown::written(it.postmortem.map_or("-", |status| status.as_str()).replace('_', " ")),
    }
}

/// How promises went, in the order of an incident's life.
fn promises(metrics: &Metrics) -> Vec<PromiseRow> {
    let mut clocks: Vec<(ClockKind, Kept)> = metrics.all.clocks.iter().map(|(clock, kept)| (*clock, *kept)).collect();
    clocks.sort_by_key(|(clock, _)| words::order(*clock));
    clocks.into_iter().map(|(clock, kept)| PromiseRow { promise: words::promised(clock), kept }).collect()
}

/// People and teams by their names, as they stand in a document.
fn who<'a>(policy: &Policy, ids: impl Iterator<Item = &'a str>) -> BTreeMap<String, Markdown> {
    ids.map(|id| (id.to_owned(), inline(&words::named(policy, id)))).collect()
}

impl QuarterlyReview {
    /// The review in Markdown, in the words of the policy that it was made under.
    ///
    /// # Errors
    ///
    /// Never with the templates that come with the library.
    pub fn markdown(&self, policy: &Policy) -> Result<Document, DocumentError> {
        self.markdown_by(policy.templates(), policy)
    }

    /// The same by other templates than those of that policy.
    ///
    /// # Errors
    ///
    /// Never with the templates that come with the library.
    pub fn markdown_by(&self, templates: Templates<'_>, policy: &Policy) -> Result<Document, DocumentError> {
        let zone = policy.zone();
        let (first_day, last_day) = days(zone, self.metrics.from, self.metrics.to);
        let targets = targets(&self.months);
        let postmortems = self.areas.postmortems.iter().map(|it| PostmortemRow {
            incident: it.incident.to_string(),
            title: inline(&it.title),
            severity: inline(&it.severity),
            status: it.status.as_str().replace('_', " "),
            owner: it
                .owner
                .as_ref()
                .map_or_else(|| Markdown::written("nobody"), |owner| inline(&words::named(policy, owner))),
            due: match it.due {
                None => Markdown::written("-"),
                Some(due) if it.overdue => Markdown::written(format!("{} **overdue**", minute(zone, due))),
                Some(due) => Markdown::written(minute(zone, due)),
            },
        });
        let missed = self.areas.promises.iter().map(|it| MissedRow {
            severity: &it.severity,
            promise: words::promised(it.clock),
            kept: it.kept,
            incidents: &it.incidents,
        });
        let late = self.areas.late.iter().map(|it| LateRow {
            by: words::behind(it.by),
            of: inline(&it.of),
            answered: it.answered,
            incidents: &it.incidents,
        });
        let people = self.metrics.people.iter().map(|load| load.person.as_str());
        let owners = self.areas.actions.iter().filter_map(|action| action.owner.as_deref());
        templates.write(
            DocumentKind::Quarterly,
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
                untold: self.months.iter().filter(|month| !month.told).map(|month| month.month.to_string()).collect(),
                targets,
                metrics: &self.metrics,
                recurring: &self.recurring,
                causes: &self.causes,
                without_cause: &self.without_cause,
                areas: &self.areas,
                missed: missed.collect(),
                findings: findings(policy, self),
                late: late.collect(),
                waived: waived_rows(policy, &self.areas.waived),
                who: who(policy, people.chain(owners)),
                open_postmortems: postmortems.collect(),
            },
        )
    }
}

/// A row for everybody who waived post-mortems, and each of their reasons; what is told most often first.
fn waived_rows(policy: &Policy, waived: &[WaivedPostmortem]) -> Vec<WaivedRow> {
    let mut groups: BTreeMap<(&str, &str), Vec<&WaivedPostmortem>> = BTreeMap::new();
    for it in waived {
        groups.entry((&it.by, &it.reason)).or_default().push(it);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, group)| Reverse(group.len()));
    let rows = groups.into_iter().filter_map(|((by, reason), group)| {
        let first = group.first()?;
        let of = |severity: &str| group.iter().filter(|it| it.severity == severity).count();
        let severities =
            policy.severities().map(|severity| WaivedOf { severity: inline(severity), count: of(severity) });
        Some(WaivedRow {
            by: inline(&words::named(policy, by)),
            reason: inline(reason),
            count: group.len(),
            severities: severities.filter(|it| it.count > 0).collect(),
            incident: first.incident.to_string(),
            title: inline(&first.title),
        })
    });
    rows.collect()
}

/// What each month was to be, and was: a row for each target that any of them had, as the last one orders them. Where a
/// target is not the same in all, it stands with each figure.
fn targets(months: &[MonthFigures]) -> Vec<MonthsRow> {
    let same =
        |a: &Measured, b: &Measured| (a.metric, &a.severity, a.statistic) == (b.metric, &b.severity, b.statistic);
    let mut rows: Vec<&Measured> = Vec::new();
    for it in months.iter().rev().filter(|month| month.told).flat_map(|month| &month.targets) {
        if !rows.iter().any(|row| same(row, it)) {
            rows.push(it);
        }
    }
    let row = |it: &Measured| {
        let of_months: Vec<(bool, Option<&Measured>)> =
            months.iter().map(|month| (month.told, month.targets.iter().find(|other| same(other, it)))).collect();
        let mut told = of_months.iter().filter(|(told, _)| *told);
        let one = told.all(|(_, other)| other.is_some_and(|other| other.target == it.target));
        let cell = |(told, other): (bool, Option<&Measured>)| match other {
            _ if !told => Markdown::written("no record"),
            None => Markdown::written("-"),
            Some(other) if one => marked(other),
            Some(other) => Markdown::written(format!("{}, to be {}", marked(other), target(other))),
        };
        let target = if one { target(it) } else { Markdown::written("changed") };
        MonthsRow { name: name(it), target, months: of_months.into_iter().map(cell).collect() }
    };
    rows.into_iter().map(row).collect()
}

/// The metric as the field names it.
fn name(it: &Measured) -> Markdown {
    Markdown::written(name_of(it))
}

fn name_of(it: &Measured) -> String {
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
fn target(it: &Measured) -> Markdown {
    // A sign that a space follows opens no tag.
    let target = it.target.as_deref().unwrap_or("-").to_owned();
    Markdown::written(match (&it.severity, it.metric) {
        (Some(severity), metric) if metric != MetricName::Total => format!("{target} ({})", inline(severity)),
        _ => target,
    })
}

fn measure(measure: Option<Measure>) -> Markdown {
    Markdown::written(match measure {
        None => "nothing to measure".to_owned(),
        Some(Measure::Count(count)) => count.to_string(),
        Some(Measure::Time(length)) => short(length),
        Some(Measure::Share { good, of }) => {
            format!("{} ({good} of {of})", template::percent(good, of))
        }
    })
}

/// What missed its target stands out.
fn marked(it: &Measured) -> Markdown {
    let text = measure(it.current);
    Markdown::written(if it.met == Some(false) { format!("**{text}**") } else { text.to_string() })
}

/// The first and the last day of a time.
fn days(zone: &Zone, from: Timestamp, to: Timestamp) -> (String, String) {
    let day = |at| zone.format(at, "%Y-%m-%d");
    let last = to.checked_sub_signed(chrono::TimeDelta::milliseconds(Duration::from_minutes(1).as_millis()));
    (day(from), day(last.unwrap_or(to)))
}

//! The documents of a month and of a quarter: the figures of `metrics` in the table that the field knows.

use schemars::JsonSchema;
use serde::Serialize;

use super::documents::{Document, DocumentError};
use super::markdown::{Markdown, inline};
use super::metrics::{Measure, Measured, MonthlyReport, QuarterlyReview};
use super::template::short;
use crate::calendar::Zone;
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
    metrics: &'a super::metrics::Metrics,
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
    targets: Vec<MonthsRow>,
    metrics: &'a super::metrics::Metrics,
    recurring: &'a [super::metrics::Recurring],
    causes: &'a [super::metrics::CommonCause],
    without_cause: &'a [crate::incident::IncidentId],
    areas: &'a super::metrics::Areas,
    open_postmortems: Vec<PostmortemRow>,
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
    status: String,
    owner: String,
    due: Markdown,
}

impl MonthlyReport {
    /// The report in Markdown, in the words of the policy that it was made under.
    ///
    /// # Errors
    ///
    /// Never with the templates that come with the library.
    pub fn markdown(&self, policy: &Policy) -> Result<Document, DocumentError> {
        let zone = policy.zone();
        let (first_day, last_day) = days(zone, self.metrics.from, self.metrics.to);
        let row = |it: &Measured| Row {
            name: name(it),
            target: target(it),
            current: measure(it.current),
            before: if self.before.is_some() { measure(it.before) } else { Markdown::written("-") },
            met: Markdown::written(it.met.map_or("-", |met| if met { "yes" } else { "no" })),
        };
        policy.documents().write(
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
            },
        )
    }
}

impl QuarterlyReview {
    /// The review in Markdown, in the words of the policy that it was made under.
    ///
    /// # Errors
    ///
    /// Never with the templates that come with the library.
    pub fn markdown(&self, policy: &Policy) -> Result<Document, DocumentError> {
        let zone = policy.zone();
        let (first_day, last_day) = days(zone, self.metrics.from, self.metrics.to);
        // Every month has the targets of the one policy, in its order.
        let rows = self.months.first().map_or(&[][..], |month| &month.targets).iter().enumerate();
        let targets = rows.map(|(index, of_first)| {
            let cell = |month: &super::metrics::MonthFigures| month.targets.get(index).map(marked).unwrap_or_default();
            let months = self.months.iter().map(cell).collect();
            MonthsRow { name: name(of_first), target: target(of_first), months }
        });
        let postmortems = self.areas.postmortems.iter().map(|it| PostmortemRow {
            incident: it.incident.to_string(),
            status: it.status.as_str().replace('_', " "),
            owner: it.owner.clone().unwrap_or_else(|| "nobody".to_owned()),
            due: match it.due {
                None => Markdown::written("-"),
                Some(due) if it.overdue => Markdown::written(format!("{} **overdue**", minute(zone, due))),
                Some(due) => Markdown::written(minute(zone, due)),
            },
        });
        policy.documents().write(
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
                targets: targets.collect(),
                metrics: &self.metrics,
                recurring: &self.recurring,
                causes: &self.causes,
                without_cause: &self.without_cause,
                areas: &self.areas,
                open_postmortems: postmortems.collect(),
            },
        )
    }
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
    let target = it.target.as_deref().map_or_else(|| "-".to_owned(), |target| target.replace('<', "&lt;"));
    Markdown::written(match (&it.severity, it.metric) {
        (Some(severity), metric) if metric != MetricName::Total => format!("{target} ({})", inline(severity)),
        _ => target,
    })
}

fn measure(measure: Option<Measure>) -> Markdown {
    Markdown::written(match measure {
        None => "none".to_owned(),
        Some(Measure::Count(count)) => count.to_string(),
        Some(Measure::Time(length)) => short(length),
        Some(Measure::Share { good, of }) => {
            format!("{}% ({good} of {of})", (good * 100).checked_div(of).unwrap_or_default())
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

fn minute(zone: &Zone, at: Timestamp) -> String {
    zone.format(at, "%Y-%m-%d %H:%M %Z")
}

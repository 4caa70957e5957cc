//! The documents of a month and of a quarter: the figures of `metrics` in the table that the field knows.

use serde::Serialize;

use super::markdown::inline;
use super::metrics::{Measure, Measured, MonthlyReport, QuarterlyReview};
use super::template::{self, DocumentError, short};
use crate::calendar::Zone;
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
    metrics: &'a super::metrics::Metrics,
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
    metrics: &'a super::metrics::Metrics,
    recurring: &'a [super::metrics::Recurring],
    causes: &'a [super::metrics::CommonCause],
    without_cause: &'a [crate::incident::IncidentId],
    areas: &'a super::metrics::Areas,
    open_postmortems: Vec<PostmortemRow>,
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
            },
        )
    }
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
                None => "-".to_owned(),
                Some(due) if it.overdue => format!("{} **overdue**", minute(zone, due)),
                Some(due) => minute(zone, due),
            },
        });
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
    let target = it.target.as_deref().map_or_else(|| "-".to_owned(), |target| target.replace('<', "&lt;"));
    match (&it.severity, it.metric) {
        (Some(severity), metric) if metric != MetricName::Total => format!("{target} ({})", inline(severity)),
        _ => target,
    }
}

fn measure(measure: Option<Measure>) -> String {
    match measure {
        None => "none".to_owned(),
        Some(Measure::Count(count)) => count.to_string(),
        Some(Measure::Time(length)) => short(length),
        Some(Measure::Share { good, of }) => {
            format!("{}% ({good} of {of})", (good * 100).checked_div(of).unwrap_or_default())
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

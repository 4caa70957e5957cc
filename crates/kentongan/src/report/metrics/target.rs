//! Metrics beside what they are to be.

use schemars::JsonSchema;
use serde::Serialize;

use super::figures::{Figures, Kept};
use super::{Metrics, SeverityFigures};
use crate::clock::ClockKind;
use crate::policy::document::{Figure, MetricName, MetricTargetDocument, MetricsDocument, Statistic};
use crate::time::Duration;

/// What a metric came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// So many.
    Count(usize),
    /// So long.
    Time(Duration),
    /// So many of so many.
    Share {
        /// How many.
        good: usize,
        /// Of how many; never none.
        of: usize,
    },
}

/// One metric, what it was to be and what it came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Measured {
    /// Which.
    pub metric: MetricName,
    /// Only of incidents of this severity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Which figure of a length of time.
    pub statistic: Statistic,
    /// What it was to be, `< 5m`; none where the policy has no target.
    pub target: Option<String>,
    /// What it came to; none where there was nothing to measure.
    pub current: Option<Measure>,
    /// What it came to in the month before; none where there was nothing to measure.
    pub before: Option<Measure>,
    /// Whether that is as it was to be.
    pub met: Option<bool>,
    /// The section of the procedure that the target comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Every target of a policy; where it has none, what the field looks at first.
pub(super) fn measured(document: &MetricsDocument, metrics: &Metrics, before: Option<&Metrics>) -> Vec<Measured> {
    const USUAL: [MetricName; 4] =
        [MetricName::Total, MetricName::Mtta, MetricName::Mttr, MetricName::PostmortemsCompleted];
    let of = |metric, severity: Option<&String>, statistic, target: Option<&MetricTargetDocument>| {
        let measure = |metrics: &Metrics| measure(metrics, metric, severity, statistic);
        let (current, bound) = (measure(metrics), target.and_then(bound));
        Measured {
            metric,
            severity: severity.cloned(),
            statistic,
            target: bound.map(|(sign, figure)| written(sign, figure)),
            current,
            before: before.and_then(measure),
            met: current.zip(bound).and_then(|(current, (sign, figure))| met(current, sign, figure)),
            source: target.and_then(|target| target.source.clone()).or_else(|| document.source.clone()),
        }
    };
    if document.targets.is_empty() {
        return USUAL.into_iter().map(|metric| of(metric, None, Statistic::Mean, None)).collect();
    }
    let targets = document.targets.iter();
    let target =
        |it: &MetricTargetDocument| of(it.metric, it.severity.as_ref(), it.statistic.unwrap_or_default(), Some(it));
    targets.map(target).collect()
}

/// On which side of a figure a metric is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Below,
    AtMost,
    AtLeast,
}

fn bound(target: &MetricTargetDocument) -> Option<(Sign, Figure)> {
    let below = target.below.map(|figure| (Sign::Below, figure));
    let at_most = || target.at_most.map(|figure| (Sign::AtMost, figure));
    below.or_else(at_most).or_else(|| target.at_least.map(|figure| (Sign::AtLeast, figure)))
}

/// The target as people write it: `0` and `100%` leave no other side.
fn written(sign: Sign, figure: Figure) -> String {
    match (sign, figure) {
        (Sign::AtMost, Figure::Count(0)) | (Sign::AtLeast, Figure::Percent(100)) => figure.to_string(),
        (Sign::Below, _) => format!("< {figure}"),
        (Sign::AtMost, _) => format!("≤ {figure}"),
        (Sign::AtLeast, _) => format!("≥ {figure}"),
    }
}

fn measure(metrics: &Metrics, metric: MetricName, severity: Option<&String>, statistic: Statistic) -> Option<Measure> {
    let nothing = Figures::default();
    let figures: &Figures = match severity {
        None => &metrics.all,
        Some(severity) => {
            let of = |it: &&SeverityFigures| it.severity == *severity;
            metrics.severities.iter().find(of).map_or(&nothing, |it| &it.figures)
        }
    };
    let share = |good, of: usize| (of > 0).then_some(Measure::Share { good, of });
    // What still runs or stopped to matter was neither kept nor missed.
    let kept = |it: Kept| share(it.kept, it.kept + it.missed);
    match metric {
        MetricName::Total => Some(Measure::Count(figures.total)),
        MetricName::Mtta => figures.acknowledge.statistic(statistic).map(Measure::Time),
        MetricName::Mttr => figures.resolve.statistic(statistic).map(Measure::Time),
        MetricName::PostmortemsCompleted => share(figures.postmortems.completed, figures.postmortems.required),
        MetricName::PromisesKept => kept(figures.promises()),
        MetricName::UpdatesInTime => kept(figures.clocks.get(&ClockKind::Update).copied().unwrap_or_default()),
    }
}

/// Whether a measure is on its side of a figure; none where the two cannot be compared, which the policy refuses.
fn met(measure: Measure, sign: Sign, figure: Figure) -> Option<bool> {
    let order = match (measure, figure) {
        (Measure::Count(count), Figure::Count(bound)) => count.cmp(&usize::try_from(bound).ok()?),
        (Measure::Time(length), Figure::Time(bound)) => length.cmp(&bound),
        (Measure::Share { good, of }, Figure::Percent(percent)) => (good * 100).cmp(&(of * usize::from(percent))),
        _ => return None,
    };
    Some(match sign {
        Sign::Below => order.is_lt(),
        Sign::AtMost => order.is_le(),
        Sign::AtLeast => order.is_ge(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_missed_at_its_very_bound_or_not() {
        let minutes = |minutes| Measure::Time(Duration::from_minutes(minutes));
        let five = Figure::Time(Duration::from_minutes(5));
        assert_eq!(met(minutes(5), Sign::Below, five), Some(false));
        assert_eq!(met(minutes(5), Sign::AtMost, five), Some(true));
        assert_eq!(met(minutes(4), Sign::Below, five), Some(true));
        assert_eq!(met(Measure::Count(0), Sign::AtMost, Figure::Count(0)), Some(true));
        assert_eq!(met(Measure::Count(1), Sign::AtMost, Figure::Count(0)), Some(false));
        assert_eq!(met(Measure::Share { good: 199, of: 200 }, Sign::AtLeast, Figure::Percent(100)), Some(false));
        assert_eq!(met(Measure::Share { good: 199, of: 200 }, Sign::AtLeast, Figure::Percent(99)), Some(true));
        assert_eq!(met(Measure::Count(1), Sign::Below, five), None);
    }
}

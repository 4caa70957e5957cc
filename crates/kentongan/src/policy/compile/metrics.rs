//! Metrics: targets that can be compared with what they are about.

use std::collections::BTreeSet;

use super::{Compiler, root};
use crate::policy::document::{Figure, MetricName, MetricTargetDocument};
use crate::source::Path;
use crate::time::Duration;

impl Compiler<'_> {
    pub(super) fn metrics(&mut self) {
        let Some(document) = self.document.metrics.as_ref() else {
            return;
        };
        let path = root("metrics");
        if document.recurring < 2 {
            let message = format!("what recurs happens more than once, and `{}` is less", document.recurring);
            self.error("invalid_value", message, "use 2 or more, or remove it", &path.key("recurring"));
        }
        let mut seen = BTreeSet::new();
        for (index, target) in document.targets.iter().enumerate() {
            let at = path.key("targets").index(index);
            self.metric_target(target, &at);
            let statistic = target.statistic.unwrap_or_default();
            if !seen.insert((target.metric, target.severity.as_deref(), statistic)) {
                let message = format!("`{}` has such a target already", target.metric.as_str());
                self.error("duplicate_target", message, "remove one of them", &at);
            }
        }
    }

    fn metric_target(&mut self, target: &MetricTargetDocument, path: &Path) {
        if let Some(severity) = &target.severity {
            self.severity_index(severity, &path.key("severity"));
        }
        let is_time = matches!(target.metric, MetricName::Mtta | MetricName::Mttr);
        if target.statistic.is_some() && !is_time {
            let message = format!("`{}` is one figure and has no statistic", target.metric.as_str());
            self.error("invalid_value", message, "remove it", &path.key("statistic"));
        }
        let bounds = [("below", target.below), ("at_most", target.at_most), ("at_least", target.at_least)];
        let given: Vec<(&str, Figure)> = bounds.into_iter().filter_map(|(key, it)| Some((key, it?))).collect();
        match given.as_slice() {
            [] if bounds.iter().any(|(key, _)| self.exists(&path.key(*key))) => {}
            [] => {
                let help = "add `below`, `at_most` or `at_least`";
                self.error("target_without_bound", "the target says nothing of how good it is to be", help, path);
            }
            [(key, figure)] => self.metric_bound(target.metric, key, *figure, &path.key(*key)),
            [_, (key, _), ..] => {
                let help = "keep one of `below`, `at_most` and `at_least`";
                self.error("several_bounds", "a target has one bound", help, &path.key(*key));
            }
        }
    }

    fn metric_bound(&mut self, metric: MetricName, key: &str, figure: Figure, path: &Path) {
        let (right, help) = match metric {
            MetricName::Total => (matches!(figure, Figure::Count(_)), "write a number, such as `10`"),
            MetricName::Mtta | MetricName::Mttr => {
                (matches!(figure, Figure::Time(_)), "write a length of time, such as `5m`")
            }
            MetricName::PostmortemsCompleted | MetricName::PromisesKept | MetricName::UpdatesInTime => {
                (matches!(figure, Figure::Percent(_)), "write a percentage, such as `100%`")
            }
        };
        if !right {
            let message = format!("`{}` cannot be compared with `{figure}`", metric.as_str());
            self.error("wrong_unit", message, help, path);
            return;
        }
        let nothing = matches!(figure, Figure::Count(0) | Figure::Percent(0)) || figure == Figure::Time(Duration::ZERO);
        if key == "below" && nothing {
            self.error("never_met", format!("nothing is below `{figure}`"), "use `at_most`, or more", path);
        }
    }
}

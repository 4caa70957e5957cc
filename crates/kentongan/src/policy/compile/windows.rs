//! Windows: the hours in which people are told. The worst severity has none, and neither has the last resort.

use super::Compiler;
use crate::policy::SeverityIndex;
use crate::policy::document::{During, Occasion, Otherwise, RouteDocument, SeverityDocument};
use crate::routing::Window;
use crate::source::Path;

impl Compiler<'_> {
    pub(super) fn window(
        &mut self,
        during: Option<&During>,
        otherwise: Option<&Otherwise>,
        path: &Path,
    ) -> Option<Window> {
        if let Some(Otherwise::By(channel)) = otherwise {
            self.channel(channel, &path.key("otherwise"));
        }
        let Some(during) = during else {
            if otherwise.is_some() && !self.exists(&path.key("during")) {
                self.error(
                    "missing_hours",
                    "`otherwise` says what is done outside of hours that are not given",
                    "add `during:`, such as `during: business hours`",
                    &path.key("otherwise"),
                );
            }
            return None;
        };
        let calendar = self.named_calendar(during.calendar.as_deref(), &path.key("during"))?;
        Some(Window { calendar, inside: during.inside, otherwise: otherwise.cloned().unwrap_or_default() })
    }

    /// The worst severity is told at all hours, and rises no further.
    pub(super) fn severity_windows(&mut self, position: usize, severity: &SeverityDocument, path: &Path) {
        let worst = position == 0;
        let help = "remove `during`";
        if worst && severity.during.is_some() {
            let message = "the worst severity is never held";
            self.error("worst_severity_held", message, help, &path.key("during"));
        }
        for (index, route) in severity.notify.iter().enumerate() {
            if worst && route.during.is_some() && route.on.contains(&Occasion::Open) {
                let place = path.key("notify").index(index).key("during");
                let message = "an alarm of the worst severity is never held";
                self.error("worst_severity_held", message, format!("{help}, or `open` from its occasions"), &place);
            }
        }
        let Some(to) = &severity.raise_at_opening else { return };
        let place = path.key("raise_at_opening");
        if self.severity_index(to, &place).is_some_and(|to| to >= SeverityIndex(position)) {
            let message = format!("`{to}` is no worse");
            self.error("no_raise", message, "name a severity that stands further up", &place);
        }
        if severity.during.is_none() && !self.exists(&path.key("during")) {
            let message = "the severity has no hours that could open";
            self.error("missing_hours", message, "add `during:`, such as `during: business hours`", &place);
        }
    }

    /// Refuses the hours and the throttle of a route that must be there at any time, or is no severity's.
    pub(super) fn at_all_hours(&mut self, section: &str, route: &RouteDocument, path: &Path) {
        if route.during.is_some() {
            let message = format!("`{section}` has no hours");
            self.error("needed_at_all_hours", message, "remove `during`", &path.key("during"));
        }
        if route.throttle.is_some() {
            let message = format!("`{section}` is never throttled");
            self.error("needed_at_all_hours", message, "remove `throttle`", &path.key("throttle"));
        }
    }
}

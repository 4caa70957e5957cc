//! What is asked of those who work on an incident: what a status update says and how often it comes, and what is gone
//! through before the end.

use std::collections::BTreeSet;

use super::{Compiler, root};
use crate::policy::document::CadenceDocument;
use crate::source::Path;
use crate::text::says_nothing;
use crate::time::Duration;

impl Compiler<'_> {
    pub(super) fn life(&mut self) {
        let document = self.document;
        let closing = root("closing").key("checklist");
        let items = document.closing.checklist.iter().map(|item| (&item.id, &item.text));
        self.listed(items, &closing, "point");
        for (index, item) in document.closing.checklist.iter().enumerate() {
            for (position, severity) in item.severities.iter().enumerate() {
                let _ = self.severity_index(severity, &closing.index(index).key("for").index(position));
            }
        }
        let updates = root("updates");
        let parts = document.updates.parts.iter().map(|part| (&part.id, &part.text));
        self.listed(parts, &updates.key("parts"), "part");
        self.fractions(&document.updates.warn_at, &updates.key("warn_at"));
    }

    /// Each has a name of its own, and something to say.
    fn listed<'d>(&mut self, entries: impl Iterator<Item = (&'d String, &'d String)>, path: &Path, what: &str) {
        let mut seen = BTreeSet::new();
        for (index, (id, text)) in entries.enumerate() {
            if says_nothing(id) || says_nothing(text) {
                let message = format!("the {what} says nothing");
                self.error("invalid_value", message, "give it an `id` and a `text`", &path.index(index));
            } else if !seen.insert(id) {
                let message = format!("two {what}s are called `{id}`");
                self.error("duplicate_name", message, "give each a name of its own", &path.index(index).key("id"));
            }
        }
    }

    /// Fractions at which a clock can warn.
    pub(super) fn fractions(&mut self, percents: &[u8], path: &Path) {
        for (index, percent) in percents.iter().enumerate() {
            if !(1..=99).contains(percent) {
                let message = format!("{percent} % is not a fraction at which to warn");
                self.error("invalid_value", message, "use 1 to 99", &path.index(index));
            }
        }
    }

    /// A cadence holds from the beginning on, and each step begins after the one before it.
    pub(super) fn cadence(&mut self, cadence: &CadenceDocument, path: &Path) {
        if cadence.steps.is_empty() && !self.had_entries(path) {
            self.error("empty_cadence", "the cadence has no steps", "write `15m`, or `[ { every: 15m } ]`", path);
        }
        let stepped = self.exists(&path.index(0));
        let mut before: Option<Duration> = None;
        for (index, step) in cadence.steps.iter().enumerate() {
            let place = if stepped { path.index(index) } else { path.clone() };
            let every = if stepped { place.key("every") } else { place.clone() };
            self.not_too_short(step.every, &every);
            match before {
                None if !step.after.is_zero() => {
                    let message = "the first step of a cadence begins with the incident";
                    self.error("cadence_order", message, "remove its `after`", &place.key("after"));
                }
                Some(before) if step.after <= before => {
                    let message = format!("the step begins after {}, which is not after the one before it", step.after);
                    self.error("cadence_order", message, "order the steps by `after`", &place);
                }
                _ => {}
            }
            before = Some(step.after);
        }
    }
}

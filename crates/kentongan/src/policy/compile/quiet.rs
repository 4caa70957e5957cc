//! What keeps people from being told: it has an end, and it says of what it is meant to be.

use std::collections::BTreeSet;

use super::{Compiler, root};
use crate::limits;
use crate::policy::document::{InhibitionDocument, OneOrMany};
use crate::silence::Matchers;
use crate::source::Path;
use crate::text::says_nothing;
use crate::time::Duration;

impl Compiler<'_> {
    /// What keeps people from being told has an end, and names severities that there are.
    pub(super) fn quiet(&mut self) {
        let document = self.document;
        let longest = Duration::from_millis(limits::GROUP_WAIT_MILLIS_MAX);
        if let Some(wait) = document.group_wait.filter(|wait| wait.is_zero() || *wait > longest) {
            let help = format!("use less than {longest}, such as `30s`, or remove it");
            self.error(
                "invalid_value",
                format!("an alarm cannot wait {wait} for its group"),
                help,
                &root("group_wait"),
            );
        }
        if document.snoozing.at_most.is_zero() {
            let place = root("snoozing").key("at_most");
            self.error("invalid_value", "a snooze of no time puts nothing off", "use a length such as `4h`", &place);
        }
        for (index, name) in document.silencing.may_hide.iter().enumerate() {
            let _ = self.severity_index(name, &root("silencing").key("may_hide").index(index));
        }
        self.inhibitions();
    }

    fn inhibitions(&mut self) {
        let document = self.document;
        let list = root("inhibitions");
        if document.inhibitions.len() > limits::INHIBITIONS_MAX {
            let message = format!("{} inhibitions are more than the engine looks at", document.inhibitions.len());
            let help = format!("use {} at the most; `equal` and labels make one do for many", limits::INHIBITIONS_MAX);
            self.error("too_many", message, help, &list);
        }
        let mut seen = BTreeSet::new();
        for (index, inhibition) in document.inhibitions.iter().enumerate() {
            let path = list.index(index);
            if !seen.insert(&inhibition.id) {
                let message = format!("another inhibition is called `{}`", inhibition.id);
                self.error("duplicate_id", message, "give it a name of its own", &path.key("id"));
            }
            self.inhibition(inhibition, &path);
        }
    }

    fn inhibition(&mut self, inhibition: &InhibitionDocument, path: &Path) {
        self.matchers(&inhibition.source, "hides", &path.key("source"));
        self.matchers(&inhibition.target, "is hidden", &path.key("target"));
        let longest = Duration::from_millis(limits::CHANGE_MILLIS_MAX);
        let at_most = inhibition.at_most;
        if at_most.is_zero() || at_most > longest {
            let message = format!("an incident cannot be hidden for {at_most}");
            let help = format!("use a length such as `4h`, and {longest} at the most");
            self.error("invalid_value", message, help, &path.key("at_most"));
        }
        if says_nothing(&inhibition.reason) {
            let message = "an inhibition says why nobody needs to be told";
            self.error("missing_reason", message, "give a reason, for whoever asks later", &path.key("reason"));
        }
        self.members(&OneOrMany::One(inhibition.owner.clone()), &path.key("owner"));
        for (index, label) in inhibition.equal.iter().enumerate() {
            if label.is_empty() {
                let at = path.key("equal").index(index);
                self.error("empty_name", "a label has a name", "name a label, such as `site`", &at);
            }
        }
        for (index, name) in inhibition.may_hide.iter().enumerate() {
            let _ = self.severity_index(name, &path.key("may_hide").index(index));
        }
    }

    /// What names nothing means everything, and would keep people from being told of everything.
    fn matchers(&mut self, matchers: &Matchers, does: &str, path: &Path) {
        if matchers.are_empty() {
            let message = format!("without a value that is not empty, every incident {does}");
            let help = "name a `service`, a `key` or `labels`, with at least one value that is not empty";
            self.error("empty_matcher", message, help, path);
        }
    }
}

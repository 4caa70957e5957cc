//! The rules that say which incidents need a post-mortem.

use super::{Compiler, root};
use crate::policy::{Postmortem, PostmortemRule};
use crate::rules::Sight;

impl Compiler<'_> {
    pub(super) fn postmortem(&mut self) -> Option<Postmortem> {
        let document = self.document.postmortem.as_ref()?;
        let path = root("postmortem");
        let list = path.key("required_when");
        if document.required_when.is_empty() && !self.had_entries(&list) {
            let help = "name at least one condition, or remove `postmortem`";
            self.error("empty_postmortem", "no incident ever needs a post-mortem", help, &list);
        }
        let mut rules = Vec::new();
        for (index, when) in document.required_when.iter().enumerate() {
            let at = list.index(index);
            if let Some(condition) = self.condition(when, Sight::Resolved, &at) {
                rules.push(PostmortemRule { condition, when: when.clone(), entry: at.to_string() });
            }
        }
        let mut notify = Vec::new();
        for (index, route) in document.notify.iter().enumerate() {
            let at = path.key("notify").index(index);
            self.at_all_hours("postmortem.notify", route, &at);
            notify.push(self.route(route, &at));
        }
        Some(Postmortem { rules, notify })
    }
}

//! What post-mortems ask for: added, changed, done or given up, and told to those who are to do it.

use std::collections::BTreeMap;

use super::tell::Words;
use super::work::Work;
use crate::decision::Verdict;
use crate::effect::{Purpose, Trigger};
use crate::incident::Deed;
use crate::input::Input;
use crate::policy::Policy;
use crate::policy::document::MessageKind;
use crate::postmortem::{ActionItem, Dropped, PostmortemEvent, PostmortemStatus};
use crate::report::words::named;

impl Work<'_> {
    /// Does what a person says of something that a post-mortem asks for.
    pub(super) fn take_action(&mut self, command: Input) {
        let before = self.incident.postmortem.as_ref().map(|postmortem| postmortem.status);
        let event = match &command {
            Input::AddAction { .. } | Input::ChangeAction { text: Some(_), .. } => PostmortemEvent::Write,
            _ => PostmortemEvent::FollowUp,
        };
        let by = match &command {
            Input::AddAction { by, .. }
            | Input::ChangeAction { by, .. }
            | Input::FinishAction { by, .. }
            | Input::DropAction { by, .. } => by.clone(),
            _ => return,
        };
        if !self.move_postmortem(event, &by) {
            return;
        }
        match command {
            Input::AddAction { action, text, owner, due, .. } => {
                let item = ActionItem { id: action.clone(), text, owner, due, done: None, dropped: None };
                if let Some(postmortem) = &mut self.incident.postmortem {
                    postmortem.actions.push(item);
                }
                self.decide(Verdict::ActionAdded { action, by: by.clone() });
            }
            Input::ChangeAction { action, text, owner, due, .. } => {
                let assigned = self.change_action(&action, text, owner, due);
                self.decide(Verdict::ActionChanged { action: action.clone(), by: by.clone() });
                if assigned && before == Some(PostmortemStatus::Published) {
                    self.assign(&by, |item| item.id == action);
                }
            }
            Input::FinishAction { action, by, .. } => {
                let done = Deed { by: by.clone(), at: self.at };
                if let Some(item) = self.action_mut(&action) {
                    item.done = Some(done);
                }
                self.decide(Verdict::ActionFinished { action, by });
            }
            Input::DropAction { action, by, reason, .. } => {
                let dropped = Dropped { by: by.clone(), at: self.at, reason };
                if let Some(item) = self.action_mut(&action) {
                    item.dropped = Some(dropped);
                }
                self.decide(Verdict::ActionDropped { action, by });
            }
            _ => {}
        }
        self.review_again(before, &by);
    }

    /// Whether it is somebody else's now.
    fn change_action(
        &mut self,
        action: &str,
        text: Option<String>,
        owner: Option<String>,
        due: Option<chrono::NaiveDate>,
    ) -> bool {
        let Some(item) = self.action_mut(action) else {
            return false;
        };
        if let Some(text) = text {
            item.text = text;
        }
        item.due = due.or(item.due);
        let assigned = owner.is_some() && item.owner != owner;
        item.owner = owner.or(item.owner.take());
        assigned
    }

    fn action_mut(&mut self, action: &str) -> Option<&mut ActionItem> {
        self.incident.postmortem.as_mut()?.actions.iter_mut().find(|item| item.id == action)
    }

    /// Tells everybody who is to do something what that is.
    pub(super) fn assign_actions(&mut self, by: &str) {
        self.assign(by, |_| true);
    }

    fn assign(&mut self, by: &str, concerned: impl Fn(&ActionItem) -> bool) {
        let lines = self.lines_by_owner(concerned);
        for (owner, points) in lines {
            let words = Words { by, points: &points, ..Words::default() };
            let names: Vec<String> = owner.into_iter().collect();
            let (kind, trigger) = (MessageKind::ActionAssigned, Trigger::ActionAssigned);
            self.tell_by_name(&names, kind, Purpose::Inform, trigger, "", words);
        }
    }

    /// What is still to be done, line by line, by whoever is to do it.
    pub(super) fn lines_by_owner(
        &self,
        concerned: impl Fn(&ActionItem) -> bool,
    ) -> BTreeMap<Option<String>, Vec<String>> {
        let mut lines: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
        let open = self.incident.postmortem.iter().flat_map(|postmortem| postmortem.open_actions());
        for item in open.filter(|item| concerned(item)) {
            lines.entry(item.owner.clone()).or_default().push(line(self.policy, item));
        }
        lines
    }

    /// What is still to be done, line by line.
    pub(super) fn open_action_lines(&self) -> Vec<String> {
        let open = self.incident.postmortem.iter().flat_map(|postmortem| postmortem.open_actions());
        open.map(|item| line(self.policy, item)).collect()
    }
}

/// One thing to be done, on one line.
fn line(policy: &Policy, item: &ActionItem) -> String {
    let owner = item.owner.as_deref().map_or_else(|| "nobody yet".to_owned(), |owner| named(policy, owner));
    let due = item.due.map(|due| format!(", by {due}")).unwrap_or_default();
    format!("{}: {} ({owner}{due})", item.id, item.text)
}

//! Closing: the checklist is gone through, and an incident ends with its last word.

use std::collections::BTreeMap;

use super::tell::{Part, Words};
use super::work::Work;
use crate::clock::ClockKind;
use crate::decision::Verdict;
use crate::effect::Trigger;
use crate::error::{Refusal, Rejected};
use crate::incident::{Deed, Event, Incident, IncidentId};
use crate::policy::Policy;
use crate::policy::document::{ChecklistItemDocument, MessageKind, Occasion};
use crate::text::says_nothing;

/// The points that stand between an incident and its end.
pub(super) fn open_items<'p>(policy: &'p Policy, incident: &Incident) -> Vec<&'p ChecklistItemDocument> {
    policy.checklist(&incident.severity).filter(|item| !incident.checklist.contains_key(&item.id)).collect()
}

/// Whether all that stands between an incident and its end has been gone through. Where there is no checklist, nobody
/// knows before the end.
pub(super) fn is_closing(policy: &Policy, incident: &Incident) -> bool {
    policy.checklist(&incident.severity).next().is_some() && open_items(policy, incident).is_empty()
}

/// The point is one of the incident's severity.
pub(super) fn check_item(policy: &Policy, incident: &Incident, item: &str) -> Result<(), Rejected> {
    if policy.checklist(&incident.severity).any(|known| known.id == item) {
        return Ok(());
    }
    let known = policy.checklist(&incident.severity).map(|known| known.id.clone()).collect();
    Err(Refusal::UnknownItem { item: item.to_owned(), known }.into())
}

/// Nothing is open and the last word is said, or somebody says why it ends anyhow.
pub(super) fn check_resolve(
    policy: &Policy,
    incident: &Incident,
    note: &str,
    reason: Option<&str>,
) -> Result<(), Rejected> {
    if incident.state.is_resolved() || overrides(reason).is_some() {
        return Ok(());
    }
    let open: Vec<String> =
        open_items(policy, incident).iter().map(|item| format!("`{}` ({})", item.id, item.text)).collect();
    if !open.is_empty() {
        return Err(Refusal::ChecklistOpen { open }.into());
    }
    if policy.asks_for_final_update() && says_nothing(note) {
        return Err(Refusal::FinalUpdateMissing.into());
    }
    Ok(())
}

/// A false alarm says how one knows, and undoes nothing that was real before it.
pub(super) fn check_false_alarm(incident: &Incident, reason: &str) -> Result<(), Rejected> {
    if says_nothing(reason) {
        return Err(Refusal::MissingReason { field: "reason" }.into());
    }
    if incident.real_before {
        return Err(Refusal::RealBefore { incident: incident.id().to_string() }.into());
    }
    Ok(())
}

/// A reason that says something.
fn overrides(reason: Option<&str>) -> Option<&str> {
    reason.map(str::trim).filter(|reason| !says_nothing(reason))
}

impl Work<'_> {
    /// The points that are open, by id.
    pub(super) fn open_items(&self) -> Vec<String> {
        open_items(self.policy, self.incident).iter().map(|item| item.id.clone()).collect()
    }

    pub(super) fn check_item(&mut self, by: &str, item: &str) {
        if !self.transit(Event::CheckItem, by) {
            return;
        }
        self.incident.active_at = self.at;
        if self.incident.checklist.contains_key(item) {
            self.ignore(Event::CheckItem, "it is checked already");
            return;
        }
        let deed = Deed { by: by.to_owned(), at: self.at };
        self.incident.checklist.insert(item.to_owned(), deed);
        let open = self.open_items();
        self.decide(Verdict::ItemChecked { item: item.to_owned(), by: by.to_owned(), open });
    }

    pub(super) fn uncheck_item(&mut self, by: &str, item: &str) {
        if !self.transit(Event::UncheckItem, by) {
            return;
        }
        self.incident.active_at = self.at;
        if self.incident.checklist.remove(item).is_none() {
            self.ignore(Event::UncheckItem, "it is open already");
            return;
        }
        let open = self.open_items();
        self.decide(Verdict::ItemUnchecked { item: item.to_owned(), by: by.to_owned(), open });
    }

    /// Ends the incident, and says so if that is against the checklist.
    pub(super) fn close(&mut self, by: &str, note: &str, reason: Option<&str>, children: Vec<IncidentId>) {
        let open = self.open_items();
        let untold = self.policy.asks_for_final_update() && says_nothing(note);
        if let Some(reason) = overrides(reason).filter(|_| !self.incident.state.is_resolved())
            && (untold || !open.is_empty() || !children.is_empty())
        {
            self.decide(Verdict::ClosingOverridden { by: by.to_owned(), reason: reason.to_owned(), open, children });
        }
        self.resolve(by, note);
    }

    pub(super) fn resolve(&mut self, by: &str, note: &str) {
        if !self.transit(Event::Resolve, by) {
            return;
        }
        self.incident.resolved = Some(Deed { by: by.to_owned(), at: self.at });
        self.incident.closing_note = Some(note.to_owned()).filter(|note| !says_nothing(note));
        self.incident.active_at = self.at;
        self.finish_clock(ClockKind::Resolve);
        for kind in [ClockKind::Acknowledge, ClockKind::Respond, ClockKind::Update, ClockKind::Public] {
            self.cancel_clock(kind);
        }
        self.incident.paused = None;
        self.wake(by);
        let words = Words { by, text: note, ..Words::default() };
        self.routes(Occasion::Resolve, Part::All, MessageKind::Resolve, Trigger::Resolved, words);
        self.post_resolved();
        self.die_untold();
        self.ask_for_postmortem(Trigger::Resolved);
    }

    /// It was none: nothing is left to go through, to promise or to learn, and whoever was told of it is told so.
    pub(super) fn false_alarm(&mut self, by: &str, reason: String) {
        if !self.end_unsolved(Event::FalseAlarm, by) {
            return;
        }
        self.incident.false_alarm = Some(reason.clone());
        self.decide(Verdict::FalseAlarm { by: by.to_owned(), reason: reason.clone() });
        let words = Words { by, reason: &reason, ..Words::default() };
        self.routes(Occasion::Resolve, Part::All, MessageKind::FalseAlarm, Trigger::FalseAlarm, words);
        self.die_untold();
        self.close_page(MessageKind::PublicFalseAlarm, Trigger::FalseAlarm);
        if self.incident.postmortem_required() {
            self.waive_postmortem(by, reason);
        }
    }

    /// It is over without having been solved: what it promised matters no longer.
    pub(super) fn end_unsolved(&mut self, event: Event, by: &str) -> bool {
        if !self.transit(event, by) {
            return false;
        }
        self.incident.resolved = Some(Deed { by: by.to_owned(), at: self.at });
        self.incident.active_at = self.at;
        for kind in
            [ClockKind::Acknowledge, ClockKind::Respond, ClockKind::Resolve, ClockKind::Update, ClockKind::Public]
        {
            self.cancel_clock(kind);
        }
        self.incident.paused = None;
        self.wake(by);
        true
    }

    /// What opens again has everything to be gone through again.
    pub(super) fn open_checklist(&mut self) {
        self.incident.checklist = BTreeMap::new();
    }
}

//! Status updates: those inside hear what the policy asks for, and when the next one comes.

use std::collections::BTreeMap;

use super::tell::{Part, Words};
use super::work::Work;
use crate::clock::{Clock, ClockKind};
use crate::effect::Trigger;
use crate::error::{Refusal, Rejected};
use crate::incident::{Event, Incident, StatusUpdate};
use crate::policy::Policy;
use crate::policy::document::{MessageKind, Occasion, Target};
use crate::text::says_nothing;
use crate::time::Timestamp;

/// The parts are those of the policy.
pub(super) fn check_parts(policy: &Policy, parts: &BTreeMap<String, String>) -> Result<(), Rejected> {
    let known = policy.update_parts();
    let Some(part) = parts.keys().find(|part| known.iter().all(|known| known.id != **part)) else {
        return Ok(());
    };
    let known = known.iter().map(|known| known.id.clone()).collect();
    Err(Refusal::UnknownPart { part: part.clone(), known }.into())
}

/// An update of an open incident has the parts that the policy asks for. A last word after the end needs none, but each
/// says something.
pub(super) fn check_complete(
    policy: &Policy,
    incident: &Incident,
    text: &str,
    parts: &BTreeMap<String, String>,
) -> Result<(), Rejected> {
    let said = parts.values().map(String::as_str).chain([text]);
    let silent = said.into_iter().all(says_nothing);
    let lacks = |id: &str| parts.get(id).is_none_or(|text| says_nothing(text));
    let open = !incident.state.is_resolved();
    let missing = policy.update_parts().iter().filter(|part| open && part.required && lacks(&part.id));
    let missing: Vec<String> = missing.map(|part| format!("`{}` ({})", part.id, part.text)).collect();
    if !missing.is_empty() {
        return Err(Refusal::UpdateIncomplete { missing }.into());
    }
    if silent { Err(Refusal::EmptyText { field: "text" }.into()) } else { Ok(()) }
}

impl Work<'_> {
    /// A status update: those inside hear it, and the time to the next one starts.
    pub(super) fn update(&mut self, by: &str, text: String, parts: BTreeMap<String, String>) {
        if !self.transit(Event::Update, by) {
            return;
        }
        self.incident.active_at = self.at;
        let body = self.update_body(&text, &parts);
        let words = Words { by, text: &body, next: self.next_update(), ..Words::default() };
        self.routes(Occasion::Update, Part::All, MessageKind::Update, Trigger::Update, words);
        if self.incident.clocks.get(&ClockKind::Update).is_some_and(Clock::is_running) {
            self.finish_clock(ClockKind::Update);
            self.restart_update_clock(self.at);
        }
        let last = StatusUpdate { at: self.at, by: by.to_owned(), text, parts };
        if let Some(before) = self.incident.status_update.replace(last) {
            self.incident.said_inside.add_update(&before);
        }
    }

    /// The parts in the policy's order, then what is said beside them.
    fn update_body(&self, text: &str, parts: &BTreeMap<String, String>) -> String {
        let said = self.policy.update_parts().iter().filter_map(|part| Some((part, parts.get(&part.id)?.trim())));
        let lines = said.filter(|(_, said)| !says_nothing(said)).map(|(part, said)| format!("{}: {said}", part.text));
        lines.chain(Some(text.to_owned()).filter(|text| !says_nothing(text))).collect::<Vec<_>>().join("\n")
    }

    /// When the next status update is due, if one is given or missed now; none while its clock stands still.
    pub(super) fn next_update(&self) -> Option<Timestamp> {
        let clock = self.incident.clocks.get(&ClockKind::Update)?;
        if !clock.is_running() || clock.paused_at.is_some() {
            return None;
        }
        match self.severity()?.target(ClockKind::Update, self.incident.elapsed(self.at))? {
            Target::Within(every) => Some(every.after(self.at)),
            _ => None,
        }
    }

    /// When the next status update is due, as its clock stands.
    pub(super) fn update_deadline(&self) -> Option<Timestamp> {
        let clock = self.incident.clocks.get(&ClockKind::Update)?;
        clock.deadline.filter(|_| clock.is_running() && clock.paused_at.is_none())
    }

    /// What an update says, as people call it.
    pub(super) fn update_points(&self) -> Vec<&str> {
        self.policy.update_parts().iter().map(|part| part.text.as_str()).collect()
    }

    pub(super) fn restart_update_clock(&mut self, at: Timestamp) {
        let elapsed = self.incident.elapsed(at);
        if let Some(target) = self.severity().and_then(|severity| severity.target(ClockKind::Update, elapsed)) {
            self.start_clock(ClockKind::Update, Clock::start(target, at, self.policy));
        }
    }
}

//! What the public is told: a page in words that know nothing internal, with what was said before.

use std::collections::BTreeSet;

use super::closing::{is_closing, open_items};
use super::drills::check_not_drill;
use super::inside::inside;
use super::work::Work;
use crate::clock::{Clock, ClockKind};
use crate::decision::Verdict;
use crate::effect::{Action, PublicStatus, Trigger};
use crate::error::{Refusal, Rejected};
use crate::incident::{Event, Incident, PublicTold};
use crate::limits;
use crate::policy::Policy;
use crate::policy::document::{MessageKind, PublicNotice};
use crate::routing::{PublicFacts, Rendered, one_line, shorten};
use crate::text::says_nothing;
use crate::time::Duration;

impl Work<'_> {
    /// Tells the public, once, where the severity says so: at once when it says immediately, and with the declaration
    /// when it gives some time.
    pub(super) fn tell_public(&mut self, trigger: Trigger) {
        let due = match self.severity().map(|severity| severity.document.public.notice) {
            Some(PublicNotice::Immediately) => true,
            Some(PublicNotice::Within(_)) => self.incident.declared.is_some(),
            Some(PublicNotice::AsNeeded | PublicNotice::Never) | None => false,
        };
        let hidden = self.incident.muted.is_some();
        if due && !hidden && self.incident.public == PublicTold::Nothing && self.public_is_concerned() {
            self.first_notice(trigger);
        }
    }

    /// Whether the severity's condition for telling the public holds, as far as it has one.
    pub(super) fn public_is_concerned(&mut self) -> bool {
        self.incident.public_asked_at = None;
        // A drill concerns nobody outside.
        if self.incident.drill {
            return false;
        }
        let Some((severity, condition)) = self.severity().and_then(|s| Some((s, s.public_when.as_ref()?))) else {
            return true;
        };
        let entry = format!("severities.{}.public.when", severity.name);
        let (holds, until) = self.holds(Some(condition), &entry);
        self.incident.public_asked_at = until.filter(|_| !holds);
        holds
    }

    /// Asks the condition for telling the public again: once it holds, the time begins.
    pub(super) fn reconsider_public(&mut self) {
        self.incident.public_asked_at = None;
        let waits = self.severity().is_some_and(|severity| severity.public_when.is_some());
        let begun = self.incident.clocks.get(&ClockKind::Public).is_some_and(Clock::is_running);
        let quiet = self.incident.public == PublicTold::Nothing;
        if !waits || begun || !quiet || self.incident.state.is_resolved() || !self.public_is_concerned() {
            return;
        }
        if let Some(target) = self.severity().and_then(|severity| severity.target(ClockKind::Public, Duration::ZERO)) {
            self.revive(ClockKind::Public);
            match self.incident.clocks.get_mut(&ClockKind::Public) {
                Some(clock) => clock.retarget(target, self.at, self.policy),
                None => self.start_clock(ClockKind::Public, Clock::start(target, self.at, self.policy)),
            }
        }
        self.tell_public(Trigger::PublicConcerned);
    }

    /// The first post on the status page, in words that know nothing internal.
    fn first_notice(&mut self, trigger: Trigger) {
        let status = PublicStatus::Investigating;
        let rendered = self.render_public(MessageKind::PublicNotice, status, "");
        self.post(trigger, status, &rendered.text, Some(rendered.subject));
    }

    /// The last post on the status page of what is over, where the policy has it posted, the public has read that it is
    /// not, and nobody has told them otherwise.
    pub(super) fn post_resolved(&mut self) {
        if self.policy.declaration().is_some_and(|declaration| declaration.post_resolved) {
            self.close_page(MessageKind::PublicResolved, Trigger::Resolved);
        }
    }

    /// Tells the public for the last time why nothing more follows here, where it was told that there is something.
    pub(super) fn close_page(&mut self, kind: MessageKind, trigger: Trigger) {
        let status = PublicStatus::Resolved;
        if self.incident.public_page.status.is_none_or(|told| told == status) {
            return;
        }
        let rendered = self.render_public(kind, status, "");
        self.post(trigger, status, &rendered.text, Some(rendered.subject));
    }

    /// Posts on the status page: the whole page, with what was said before.
    fn post(&mut self, trigger: Trigger, status: PublicStatus, text: &str, subject: Option<String>) {
        let Some(page) = self.policy.declaration().and_then(|declaration| declaration.status_page.clone()) else {
            return;
        };
        let rendered = self.render_public(MessageKind::PublicUpdate, status, text);
        let action =
            Action::StatusPage { page, subject: subject.unwrap_or(rendered.subject), status, text: rendered.text };
        if self.incident.public == PublicTold::Nothing {
            self.incident.public = PublicTold::Posted;
        }
        self.incident.public_page.post(self.at, status, text.to_owned());
        self.emit(trigger, "declaration.status_page", action);
    }

    /// A message for the public. The facts are all that it can know.
    fn render_public(&mut self, kind: MessageKind, status: PublicStatus, text: &str) -> Rendered {
        let incident = &*self.incident;
        let facts = PublicFacts::of(self.policy, incident, (status, text), &incident.public_page.posts);
        let rendered = self.policy.messages().render_public(kind, &facts);
        if let Some(error) = &rendered.fault {
            let entry = match kind {
                MessageKind::PublicNotice => "messages.public-notice",
                MessageKind::PublicResolved => "messages.public-resolved",
                MessageKind::PublicFalseAlarm => "messages.public-false-alarm",
                MessageKind::PublicMerge => "messages.public-merge",
                _ => "messages.public-update",
            };
            self.decide(Verdict::MessageFallback { entry: entry.to_owned(), error: error.clone() });
        }
        rendered
    }

    pub(super) fn public_update(&mut self, by: &str, status: PublicStatus, text: &str, said: PublicWords) {
        if !self.transit(Event::PublicUpdate, by) {
            return;
        }
        self.incident.active_at = self.at;
        let texts = [Some(text), said.issue.as_deref(), said.impact.as_deref()];
        let (mut names, mut words) = (BTreeSet::new(), BTreeSet::new());
        for found in texts.into_iter().flatten().map(|text| inside(self.policy, self.incident, text)) {
            names.extend(found.names);
            words.extend(found.details.into_iter().map(|detail| detail.words).chain(found.mixed));
        }
        if let Some(reason) = said.override_reason {
            if !names.is_empty() {
                let (names, by, reason) = (names.into_iter().collect(), by.to_owned(), reason.clone());
                self.decide(Verdict::PublicNamesOverridden { names, by, reason });
            }
            if !words.is_empty() {
                let words = words.into_iter().collect();
                self.decide(Verdict::PublicWordsOverridden { words, by: by.to_owned(), reason });
            }
        }
        let page = &mut self.incident.public_page;
        page.issue = said.issue.map(|issue| one_line(&issue)).or_else(|| page.issue.take());
        page.impact = said.impact.or_else(|| page.impact.take());
        if let Some(from) = page.status.filter(|from| status < *from) {
            let (by, reason) = (by.to_owned(), said.reason.unwrap_or_default());
            self.decide(Verdict::PublicStatusBack { from, to: status, by, reason });
        }
        self.post(Trigger::PublicUpdate, status, &shorten(text, limits::BODY_CHARACTERS_MAX / 4), None);
    }
}

/// What a public update says beside its text.
pub(super) struct PublicWords {
    pub(super) issue: Option<String>,
    pub(super) impact: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) override_reason: Option<String>,
}

/// What the public would be told.
pub(super) struct PublicCheck<'a> {
    pub(super) status: PublicStatus,
    pub(super) texts: [(&'static str, Option<&'a str>); 3],
    pub(super) reason: Option<&'a str>,
    pub(super) override_reason: Option<&'a str>,
}

/// The severity has a public, there is a page, and nothing internal is in the words; the public is told that it is over
/// when it is, and a status goes back only for a reason.
pub(super) fn check_public(policy: &Policy, incident: &Incident, said: &PublicCheck<'_>) -> Result<(), Rejected> {
    check_not_drill(incident)?;
    let severity = policy.severity(&incident.severity);
    if severity.is_some_and(|severity| severity.document.public.notice == PublicNotice::Never) {
        return Err(Refusal::NotPublic { severity: incident.severity.clone() }.into());
    }
    if policy.declaration().is_none_or(|declaration| declaration.status_page.is_none()) {
        return Err(Refusal::NoStatusPage.into());
    }
    for (field, text) in said.texts {
        let Some(text) = text else { continue };
        if says_nothing(text) {
            return Err(Refusal::EmptyText { field }.into());
        }
        let found = inside(policy, incident, text);
        if let Some(words) = found.surely {
            return Err(Refusal::InternalInPublic { field, found: vec![words], surely: true }.into());
        }
        if !said.override_reason.is_none_or(says_nothing) {
            continue;
        }
        if !found.details.is_empty() {
            return Err(Refusal::InternalInPublic { field, found: found.details, surely: false }.into());
        }
        if !found.names.is_empty() {
            return Err(Refusal::NameInPublic { field, names: found.names.into_iter().collect() }.into());
        }
        if !found.mixed.is_empty() {
            return Err(Refusal::MixedLettersInPublic { field, words: found.mixed.into_iter().collect() }.into());
        }
    }
    check_status(policy, incident, said)
}

/// What the public reads of the work is so, and goes forward, or back for a reason.
fn check_status(policy: &Policy, incident: &Incident, said: &PublicCheck<'_>) -> Result<(), Rejected> {
    let (told, status) = (incident.public_page.status, said.status);
    let over = incident.state.is_resolved();
    if status == PublicStatus::Resolved && !over && !is_closing(policy, incident) {
        let open = open_items(policy, incident).iter().map(|item| item.id.clone()).collect();
        return Err(Refusal::PublicStillOpen { incident: incident.id.to_string(), open }.into());
    }
    let Some(from) = told.filter(|told| status < *told) else {
        return Ok(());
    };
    if over && from == PublicStatus::Resolved {
        return Err(Refusal::PublicOver { to: status }.into());
    }
    if said.reason.is_none_or(says_nothing) {
        return Err(Refusal::PublicStatusBack { from, to: status }.into());
    }
    Ok(())
}

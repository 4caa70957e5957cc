//! What the public is told: a page in words that know nothing internal, with what was said before.

use super::drills::check_not_drill;
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
}

/// The severity has a public, there is a page, and nothing internal is in the words; a status goes back only for a reason.
pub(super) fn check_public(
    policy: &Policy,
    incident: &Incident,
    status: PublicStatus,
    texts: &[(&'static str, &str)],
    reason: Option<&str>,
) -> Result<(), Rejected> {
    check_not_drill(incident)?;
    let severity = policy.severity(&incident.severity);
    if severity.is_some_and(|severity| severity.document.public.notice == PublicNotice::Never) {
        return Err(Refusal::NotPublic { severity: incident.severity.clone() }.into());
    }
    if policy.declaration().is_none_or(|declaration| declaration.status_page.is_none()) {
        return Err(Refusal::NoStatusPage.into());
    }
    for (field, text) in texts {
        if *field == "text" && text.trim().is_empty() {
            return Err(Refusal::EmptyText { field }.into());
        }
        if let Some(what) = internal(policy, incident, text) {
            return Err(Refusal::InternalInPublic { field, what }.into());
        }
    }
    if let Some(from) = incident.public_page.status
        && status < from
        && reason.is_none_or(|reason| reason.trim().is_empty())
    {
        return Err(Refusal::PublicStatusBack { from, to: status }.into());
    }
    Ok(())
}

/// What of a text is not for the public: who works on it and where they are reached, what those inside wrote word for
/// word, and what looks like the name of a machine, a version or an address in the alert.
fn internal(policy: &Policy, incident: &Incident, text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let has = |part: &str| !part.trim().is_empty() && text.contains(&part.trim().to_lowercase());
    let document = policy.document();
    let of_people = document.people.values().flat_map(|person| person.contacts.values());
    if of_people.chain(document.teams.values().flat_map(|team| team.contacts.values())).any(|address| has(address)) {
        return Some("an address of somebody who works on incidents");
    }
    if document.people.values().filter_map(|person| person.name.as_deref()).any(has) {
        return Some("the name of somebody who works on incidents");
    }
    if has(incident.id.as_str()) || incident.channel().is_some_and(has) {
        return Some("the incident's own name");
    }
    let alert = &incident.alert;
    let update = incident.status_update.iter();
    let written = update.flat_map(|update| update.parts.values().chain([&update.text]));
    let described = alert.annotations.values().chain([&alert.summary, &alert.description]);
    let long = |words: &String| words.trim().len() >= limits::INTERNAL_TEXT_BYTES_MIN;
    if written.chain(described).filter(|words| long(words)).any(|words| has(words)) {
        return Some("words that were written for those inside");
    }
    let technical = |value: &&String| {
        value.trim().len() >= limits::INTERNAL_WORD_BYTES_MIN
            && value.contains(|c: char| c.is_ascii_digit() || matches!(c, '/' | ':' | '@' | '_'))
    };
    let values = alert.labels.values().chain(alert.links.values());
    values.filter(technical).any(|value| has(value)).then_some("a detail of the alert")
}

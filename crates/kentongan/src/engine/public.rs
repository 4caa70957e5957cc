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
use crate::incident::{Event, Incident, PublicPost, PublicTold};
use crate::limits;
use crate::policy::Policy;
use crate::policy::document::{MessageKind, PublicNotice, PublicPart};
use crate::routing::{NO_IMPACT, PublicFacts, Rendered, one_line, shorten};
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
        self.assume_impact();
        let rendered = self.render_public(MessageKind::PublicNotice, status, "");
        self.post(trigger, status, &rendered.text, Some(rendered.subject));
    }

    /// What the public has read of as a part of this one goes on here, so that it reads of it here, too.
    pub(super) fn go_on_in_public(&mut self) {
        let notice = self.severity().map(|severity| severity.document.public.notice);
        let told = self.incident.public != PublicTold::Nothing || self.incident.public_page.status.is_some();
        if !told && !self.incident.drill && notice.is_some_and(|notice| notice != PublicNotice::Never) {
            self.first_notice(Trigger::Merged);
        }
    }

    /// Where nobody has said what the public notices of it, the policy does, for the severity as it stands. What is over
    /// keeps what was said of it.
    fn assume_impact(&mut self) {
        let incident = &*self.incident;
        let page = incident.public_page();
        let holds = !page.impact_assumed || incident.state.is_resolved();
        let asked = self.severity().filter(|severity| severity.document.public.impact.is_some());
        let Some(severity) = asked.filter(|_| page.impact.is_none() || !holds) else {
            return;
        };
        let facts = PublicFacts::of(self.policy, incident, (PublicStatus::Investigating, ""), &page.posts);
        let said = self.policy.messages().impact(&severity.name, &facts);
        drop(facts);
        match said {
            Ok(impact) => {
                self.incident.public_page.impact = Some(impact);
                self.incident.public_page.impact_assumed = true;
            }
            Err(error) => {
                let entry = format!("severities.{}.public.impact", severity.name);
                self.decide(Verdict::MessageFallback { entry, error });
            }
        }
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
        self.assume_impact();
        if kind == MessageKind::PublicFalseAlarm {
            let page = &mut self.incident.public_page;
            (page.impact, page.impact_assumed) = (Some(NO_IMPACT.to_owned()), true);
        }
        let rendered = self.render_public(kind, status, "");
        self.post(trigger, status, &rendered.text, Some(rendered.subject));
    }

    /// Posts on the status page: the whole page, with what was said before. What the policy posts has a subject. That it
    /// is over stands there once: what somebody says of it takes the place of the policy's words, and keeps their time.
    fn post(&mut self, trigger: Trigger, status: PublicStatus, text: &str, subject: Option<String>) {
        let Some(page) = self.policy.declaration().and_then(|declaration| declaration.status_page.clone()) else {
            return;
        };
        let automatic = subject.is_some();
        let over = (status == PublicStatus::Resolved && !automatic).then(|| self.incident.public_page.give_way());
        let at = over.flatten().unwrap_or(self.at);
        let rendered = self.render_public(MessageKind::PublicUpdate, status, text);
        let action =
            Action::StatusPage { page, subject: subject.unwrap_or(rendered.subject), status, text: rendered.text };
        if self.incident.public == PublicTold::Nothing {
            self.incident.public = PublicTold::Posted;
        }
        self.incident.public_page.post(PublicPost { at, status, text: text.to_owned(), automatic });
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
        if let Some(impact) = said.impact {
            (page.impact, page.impact_assumed) = (Some(impact), false);
        }
        if let Some(from) = page.status.filter(|from| status < *from) {
            let (by, reason) = (by.to_owned(), said.reason.unwrap_or_default());
            self.decide(Verdict::PublicStatusBack { from, to: status, by, reason });
        }
        self.assume_impact();
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
/// when it is, a status goes back only for a reason, and the page says all that it must.
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
    check_status(policy, incident, said)?;
    check_parts(policy, incident, said)
}

/// The page says all that the policy asks for, by this update or by what was said before.
fn check_parts(policy: &Policy, incident: &Incident, said: &PublicCheck<'_>) -> Result<(), Rejected> {
    let page = &incident.public_page;
    let says = |part: &PublicPart| said.texts.iter().any(|(field, text)| *field == part.as_str() && text.is_some());
    let known = |part: &PublicPart| match part {
        PublicPart::Issue => page.issue.is_some(),
        PublicPart::Impact => {
            // What the policy said for another severity need not be so for this one.
            let holds = !page.impact_assumed || incident.state.is_resolved();
            let severity = policy.severity(&incident.severity);
            (page.impact.is_some() && holds) || severity.is_some_and(|it| it.document.public.impact.is_some())
        }
    };
    let missing = policy.public_parts().iter().filter(|part| !says(part) && !known(part));
    let missing: Vec<&'static str> = missing.map(|part| part.as_str()).collect();
    if missing.is_empty() { Ok(()) } else { Err(Refusal::PublicUpdateIncomplete { missing }.into()) }
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

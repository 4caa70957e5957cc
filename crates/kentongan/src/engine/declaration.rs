//! Declaring an incident: its channel is opened, and the public told in words that know nothing internal.

use super::tell::Words;
use super::work::Work;
use crate::clock::{Clock, ClockKind};
use crate::decision::Verdict;
use crate::effect::{Action, PublicStatus, Trigger};
use crate::incident::{Event, PublicTold, slug};
use crate::limits;
use crate::policy::document::{MessageKind, PublicNotice};
use crate::routing::{MessageFacts, PublicFacts, Way, one_line, shorten};

impl Work<'_> {
    /// Declares the incident: its channel is opened, and the public told where the severity says so.
    pub(super) fn declare(&mut self, by: &str) {
        if self.incident.declared.is_some() {
            self.decide(Verdict::AlreadyDeclared);
            return;
        }
        self.incident.declared = Some(crate::incident::Deed { by: by.to_owned(), at: self.at });
        self.decide(Verdict::Declared { by: by.to_owned() });
        let Some(declaration) = self.policy.declaration() else {
            return;
        };
        if let Some(open) = &declaration.open_channel {
            let messages = self.policy.messages();
            let facts = self.facts(&Words::default());
            let service = slug(facts.service);
            let name = messages.line(crate::policy::CHANNEL_TEMPLATE, &MessageFacts { service: &service, ..facts });
            let name = name.unwrap_or_else(|| format!("#incident-{}", self.incident.id));
            let topic = messages.render(MessageKind::Topic, &self.facts(&Words::default()));
            self.incident.channel = Some(Way { channel: open.on.clone(), address: name.clone() });
            let action = Action::OpenChannel { channel: open.on.clone(), name, text: one_line(&topic.text) };
            self.emit(Trigger::Declared, "declaration.open_channel", action);
        }
        self.tell_public(Trigger::Declared);
    }

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
        if let Some(target) = self.severity().and_then(|severity| severity.target(ClockKind::Public)) {
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
        let Some(page) = self.policy.declaration().and_then(|declaration| declaration.status_page.clone()) else {
            return;
        };
        let status = PublicStatus::Investigating;
        let service = self.public_service();
        let started = self.policy.zone().format(self.incident.opened_at, "%Y-%m-%d %H:%M %Z");
        let rendered = self.policy.messages().render_public(&PublicFacts {
            service: &service,
            status: status.to_string(),
            started,
        });
        if let Some(error) = rendered.fault {
            self.decide(Verdict::MessageFallback { entry: "messages.public-notice".to_owned(), error });
        }
        self.incident.public = PublicTold::Posted;
        let action = Action::StatusPage { page, subject: rendered.subject, status, text: rendered.text };
        self.emit(trigger, "declaration.status_page", action);
    }

    /// What the public calls the service. An alert's own words never stand in for it.
    fn public_service(&self) -> String {
        let service = self.incident.service().and_then(|service| self.policy.service(service));
        let name =
            service.and_then(|service| service.document.public_name.clone().or_else(|| service.document.name.clone()));
        name.unwrap_or_else(|| "one of our services".to_owned())
    }

    pub(super) fn public_update(&mut self, by: &str, status: PublicStatus, text: &str) {
        if !self.transit(Event::PublicUpdate, by) {
            return;
        }
        let Some(page) = self.policy.declaration().and_then(|declaration| declaration.status_page.clone()) else {
            return;
        };
        self.incident.active_at = self.at;
        if self.incident.public == PublicTold::Nothing {
            self.incident.public = PublicTold::Posted;
        }
        let subject = one_line(&format!("{} - {status}", self.public_service()));
        let text = shorten(text, limits::BODY_CHARACTERS_MAX);
        self.emit(Trigger::PublicUpdate, "declaration.status_page", Action::StatusPage { page, subject, status, text });
    }
}

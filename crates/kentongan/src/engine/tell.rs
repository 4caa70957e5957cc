//! Telling people: routes and messages become notifications, each to one address, none twice at one instant.

use super::work::Work;
use std::collections::BTreeSet;

use crate::clock::ClockKind;
use crate::decision::Verdict;
use crate::effect::{Action, EffectId, Notification, Purpose, Trigger};
use crate::policy::document::{MessageKind, Occasion};
use crate::report::words::{named, to_do, unkept};
use crate::routing::{Contact, MessageFacts, Recipient, Route, Way, contacts};
use crate::time::{Duration, Timestamp};

/// What a message says beyond the incident's own facts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Words<'a> {
    pub(super) by: &'a str,
    pub(super) text: &'a str,
    pub(super) reason: &'a str,
    pub(super) clock: Option<ClockKind>,
    pub(super) percent: u8,
    pub(super) target: &'a str,
    pub(super) deadline: Option<Timestamp>,
    pub(super) points: &'a [String],
    /// When the next status update comes.
    pub(super) next: Option<Timestamp>,
    pub(super) role: &'a str,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
}

/// One message to one contact.
pub(super) struct Message<'a> {
    pub(super) kind: MessageKind,
    pub(super) purpose: Purpose,
    pub(super) level: Option<(usize, &'a str)>,
    pub(super) trigger: Trigger,
    pub(super) entry: &'a str,
    pub(super) words: Words<'a>,
}

/// Which recipients of a route are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    All,
    /// All but the incident's own channel, which may not be open yet.
    Outside,
    /// The incident's own channel.
    Inside,
}

impl Work<'_> {
    /// Tells everybody whom the severity's routes name for an occasion; how many were told.
    pub(super) fn routes(
        &mut self,
        occasion: Occasion,
        part: Part,
        kind: MessageKind,
        trigger: Trigger,
        words: Words<'_>,
    ) -> usize {
        let snoozed = occasion == Occasion::Open && self.incident.snoozed.is_some();
        if self.incident.muted.is_some() || snoozed {
            self.decide(Verdict::Untold { trigger });
            return 0;
        }
        let Some(severity) = self.severity() else {
            return 0;
        };
        let mut told = 0;
        for route in severity.routes.iter().filter(|route| route.on.contains(&occasion)) {
            if !route.to.iter().any(|recipient| part.has(recipient)) {
                continue;
            }
            if !self.holds(route.when.as_ref(), &route.entry).0 {
                self.decide(Verdict::RouteClosed { entry: route.entry.clone() });
                continue;
            }
            let purpose = match occasion {
                Occasion::Open if route.pages(&severity.document.escalate_by) => Purpose::Page,
                Occasion::UpdateDue => Purpose::Remind,
                Occasion::Open
                | Occasion::Acknowledge
                | Occasion::Respond
                | Occasion::Warning
                | Occasion::Breach
                | Occasion::Update
                | Occasion::Clear
                | Occasion::Resolve => Purpose::Inform,
            };
            told += self.route_in_hours(
                route,
                part,
                &Message { kind, purpose, level: None, trigger, entry: &route.entry, words },
            );
        }
        told
    }

    /// Tells everybody whom one route names; how many were told.
    pub(super) fn route(&mut self, route: &Route, part: Part, message: &Message<'_>) -> usize {
        self.route_by(&route.channel, route, part, message)
    }

    /// Tells them on a channel that need not be the route's own.
    pub(super) fn route_by(&mut self, channel: &str, route: &Route, part: Part, message: &Message<'_>) -> usize {
        let mut told = 0;
        for recipient in route.to.iter().filter(|recipient| part.has(recipient)) {
            self.note_passed_over(recipient);
            match contacts(self.policy, self.changes, Some(&*self.incident), recipient, channel, self.at) {
                Ok(found) => {
                    told += found.len();
                    for contact in found {
                        self.send(contact, message);
                    }
                }
                Err(reason) => self.decide(Verdict::RouteEmpty { entry: route.entry.clone(), reason }),
            }
        }
        if told > 0 && route.throttle.is_some() {
            self.incident.routes_told.insert(route.entry.clone(), self.at);
        }
        told
    }

    /// Sends one message to one contact by the first way there is. An alarm that the address already gets at this
    /// instant is not sent twice: the earlier one takes over what the later was for.
    pub(super) fn send(&mut self, contact: Contact, message: &Message<'_>) {
        let Contact { to, person, first, others } = contact;
        if message.trigger == Trigger::Merged
            && message.purpose == Purpose::Page
            && let Some(person) = person.as_ref().filter(|person| self.incident.workers().contains(person))
        {
            // They have it already; that it is worse they see.
            self.decide(Verdict::Spared { entry: message.entry.to_owned(), person: person.clone() });
            return;
        }
        let alarm = matches!(message.kind, MessageKind::Page | MessageKind::Open);
        let key = (self.incident.id.clone(), first.clone());
        if message.purpose == Purpose::Page
            && let Some(person) = &person
        {
            self.incident.told.insert(person.clone());
        }
        if alarm
            && let Some((at, position)) = self.output.alarms.get(&key).copied()
            && at == self.at
            && let Some(into) = self.merge(position, message, person.as_deref(), &others)
        {
            self.decide(Verdict::MergedNotification { entry: message.entry.to_owned(), into });
            return;
        }
        let rendered = self.render(message.kind, &self.facts(&message.words));
        if let Some(error) = rendered.fault {
            let kind = format!("messages.{:?}", message.kind).to_lowercase();
            self.decide(Verdict::MessageFallback { entry: kind, error });
        }
        let notification = Notification {
            purpose: message.purpose,
            channel: first.channel.clone(),
            to,
            address: first.address.clone(),
            subject: rendered.subject,
            text: rendered.text,
            level: message.level.map(|(_, id)| id.to_owned()),
        };
        let clock = message.words.clock.filter(|_| message.kind == MessageKind::Warning);
        let mut levels = self.supersede(message.kind, clock, &first);
        levels.extend(message.level.map(|(level, _)| level));
        let number = self.incident.next_effect;
        self.emit(message.trigger, message.entry, Action::Notify(notification));
        if let Some(pending) = self.incident.outbox.get_mut(&number) {
            pending.person = person;
            pending.levels = levels;
            pending.others = others;
            pending.message = Some(message.kind);
            pending.clock = clock;
        }
        if alarm {
            self.output.alarms.insert(key, (self.at, self.output.effects.len() - 1));
        }
        if message.purpose == Purpose::Page {
            self.incident.climb.contacted_at = self.at;
        }
    }

    fn merge(
        &mut self,
        position: usize,
        message: &Message<'_>,
        person: Option<&str>,
        others: &[Way],
    ) -> Option<EffectId> {
        let effect = self.output.effects.get_mut(position)?;
        let Action::Notify(notification) = &mut effect.action else {
            return None;
        };
        if message.purpose == Purpose::Page {
            notification.purpose = Purpose::Page;
            self.incident.climb.contacted_at = self.at;
        }
        if let Some((_, id)) = message.level
            && notification.level.is_none()
        {
            notification.level = Some(id.to_owned());
        }
        let (id, notification) = (effect.id.clone(), notification.clone());
        if let Some((_, pending)) = self.incident.pending_mut(&id) {
            pending.levels.extend(message.level.map(|(level, _)| level));
            pending.person = pending.person.take().or_else(|| person.map(str::to_owned));
            for way in others {
                if !pending.others.contains(way) {
                    pending.others.push(way.clone());
                }
            }
            pending.message = Some(message.kind);
            pending.effect.action = Action::Notify(notification);
        }
        Some(id)
    }

    /// A repeat takes the place of what it repeats: one live page for a level, person and channel. Other messages
    /// each say something of their own, and each is awaited.
    ///
    /// What waited for the one replaced waits for the new one: these levels are given back.
    pub(super) fn supersede(&mut self, kind: MessageKind, clock: Option<ClockKind>, way: &Way) -> BTreeSet<usize> {
        let repeats = matches!(
            kind,
            MessageKind::Page
                | MessageKind::Open
                | MessageKind::NoResponder
                | MessageKind::UpdateDue
                | MessageKind::StillOpen
                | MessageKind::RoleVacant
                | MessageKind::Clear
                | MessageKind::PostmortemDue
                | MessageKind::PostmortemReview
                | MessageKind::PostmortemMeeting
                | MessageKind::ActionOverdue
        );
        // The clock of updates alone comes round, and its warnings with it.
        let repeats = repeats || (kind == MessageKind::Warning && clock == Some(ClockKind::Update));
        let mut levels = BTreeSet::new();
        if !repeats {
            return levels;
        }
        let alarm = |kind: MessageKind| matches!(kind, MessageKind::Page | MessageKind::Open);
        self.incident.outbox.retain(|_, pending| {
            let Action::Notify(notification) = &mut pending.effect.action else {
                return true;
            };
            let like = |other| (other == kind && pending.clock == clock) || (alarm(other) && alarm(kind));
            let alike = pending.message.is_some_and(like);
            let same = alike && notification.channel == way.channel && notification.address == way.address;
            if same {
                levels.append(&mut pending.levels);
            }
            !same
        });
        levels
    }

    /// The facts a message can name.
    pub(super) fn facts<'w>(&'w self, words: &Words<'w>) -> MessageFacts<'w> {
        let incident = &*self.incident;
        let severity = self.severity();
        let zone = self.policy.zone();
        let service = incident.service().unwrap_or("unknown service");
        let catalogued = self.policy.service(service).and_then(|service| service.document.name.as_deref());
        let local = |at: Timestamp| zone.format(at, "%Y-%m-%d %H:%M:%S %Z");
        let acknowledge =
            incident.clock(ClockKind::Acknowledge).filter(|clock| clock.is_running() && clock.breached_at.is_none());
        MessageFacts {
            incident: incident.id.as_str(),
            title: &incident.title,
            description: &incident.alert.description,
            service,
            service_name: catalogued.unwrap_or(service),
            severity: &incident.severity,
            severity_name: severity.and_then(|severity| severity.document.name.as_deref()).unwrap_or_default(),
            state: incident.state.as_str(),
            because: &incident.because,
            date: zone.format(incident.opened_at, "%Y-%m-%d"),
            opened: local(incident.opened_at),
            elapsed: Duration::from_millis(incident.elapsed(self.at).as_millis() / 1_000 * 1_000).to_string(),
            labels: incident.alert.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            links: incident.alert.links.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            by: named(self.policy, words.by),
            by_id: words.by,
            text: words.text,
            reason: words.reason,
            clock: words.clock.map_or("", ClockKind::as_str),
            promise: words.clock.map_or("", to_do),
            unkept: words.clock.map(|clock| unkept(clock, incident.id.as_str())).unwrap_or_default(),
            percent: words.percent,
            target: words.target.to_owned(),
            deadline: words
                .deadline
                .or_else(|| acknowledge.and_then(|clock| clock.deadline))
                .map(local)
                .unwrap_or_default(),
            next: words.next.map(local).unwrap_or_default(),
            role: words.role,
            from: named(self.policy, words.from),
            to: named(self.policy, words.to),
            points: if words.clock == Some(ClockKind::Update) {
                self.update_points()
            } else {
                words.points.iter().map(String::as_str).collect()
            },
        }
    }

    /// Nobody could be found: the last resort is told, and the host learns that it came to that.
    pub(super) fn no_responder(&mut self, reason: &str) {
        if self.incident.quiet_until().is_some() {
            self.decide(Verdict::Untold { trigger: Trigger::NoResponder });
            return;
        }
        self.emit(Trigger::NoResponder, "last_resort", Action::NoResponder { reason: reason.to_owned() });
        for route in self.policy.last_resort() {
            let words = Words { reason, ..Words::default() };
            self.route(
                route,
                Part::All,
                &Message {
                    kind: MessageKind::NoResponder,
                    purpose: Purpose::Page,
                    level: None,
                    trigger: Trigger::NoResponder,
                    entry: &route.entry,
                    words,
                },
            );
        }
        self.incident.climb.contacted_at = self.at;
    }

    /// Asks somebody to do what the engine could not: those at work or told; else those whom the severity tells
    /// besides; else the last resort. Never the one who cannot be reached.
    pub(super) fn by_hand(&mut self, trigger: Trigger, entry: &str, reason: &str, text: &str, except: Option<&str>) {
        let Some(severity) = self.severity() else {
            return;
        };
        let find = |recipients: &[Recipient], channel: &str| -> Vec<Contact> {
            let found = recipients
                .iter()
                .filter_map(|to| contacts(self.policy, self.changes, Some(&*self.incident), to, channel, self.at).ok());
            found.flatten().filter(|contact| Some(contact.to.as_str()) != except).collect()
        };
        let of_routes = |routes: &mut dyn Iterator<Item = &Route>| -> Vec<Contact> {
            routes.flat_map(|route| find(&route.to, &route.channel)).collect()
        };
        let mut found = find(&[Recipient::Responders], &severity.document.escalate_by);
        if found.is_empty() {
            found = of_routes(&mut severity.routes.iter().filter(|route| route.on.contains(&Occasion::Open)));
        }
        if found.is_empty() {
            found = of_routes(&mut self.policy.last_resort().iter());
        }
        if found.is_empty() {
            let reason = "there is nobody else to ask".to_owned();
            self.decide(Verdict::RouteEmpty { entry: entry.to_owned(), reason });
        }
        for contact in found {
            let words = Words { text, reason, ..Words::default() };
            let (kind, purpose) = (MessageKind::ByHand, Purpose::DoByHand);
            self.send(contact, &Message { kind, purpose, level: None, trigger, entry, words });
        }
    }

    /// Reminds those at work; where there are none, whoever the routes told when it opened.
    pub(super) fn remind(&mut self, kind: MessageKind, trigger: Trigger, entry: &str, words: Words<'_>) {
        if self.incident.muted.is_some() {
            self.decide(Verdict::Untold { trigger });
            return;
        }
        let Some(severity) = self.severity() else {
            return;
        };
        let message = |entry| Message { kind, purpose: Purpose::Remind, level: None, trigger, entry, words };
        let channel = severity.document.escalate_by.clone();
        if let Ok(found) =
            contacts(self.policy, self.changes, Some(&*self.incident), &Recipient::Responders, &channel, self.at)
        {
            for contact in found {
                self.send(contact, &message(entry));
            }
            return;
        }
        let mut told = 0;
        for route in severity.routes.iter().filter(|route| route.on.contains(&Occasion::Open)) {
            told += self.route_in_hours(route, Part::All, &message(&route.entry));
        }
        if told == 0 {
            self.no_responder("there is nobody to remind of it");
        }
    }
}

impl Part {
    fn has(self, recipient: &Recipient) -> bool {
        match self {
            Self::All => true,
            Self::Outside => *recipient != Recipient::IncidentChannel,
            Self::Inside => *recipient == Recipient::IncidentChannel,
        }
    }
}

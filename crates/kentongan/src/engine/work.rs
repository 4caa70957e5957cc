//! The workbench for one incident at one instant: effects get their ids, messages their words, and everything that
//! is done or left leaves a trace.

use std::collections::BTreeMap;

use crate::clock::{Clock, ClockKind, Finish};
use crate::decision::{Decision, Verdict};
use crate::effect::{
    Action, Cause, Effect, EffectId, Notification, PublicStatus, Purpose, Trigger,
};
use crate::incident::{Event, Incident, IncidentId, Transition, slug, transition};
use crate::outbox::Pending;
use crate::policy::document::{MessageKind, Occasion, PublicNotice};
use crate::policy::{Policy, Severity};
use crate::routing::{
    Contact, MessageFacts, PublicFacts, Recipient, Route, Way, contacts, one_line, shorten,
};
use crate::rules::{Condition, Facts, IncidentFacts};
use crate::time::{Duration, Timestamp};

/// What a call gives back, while it is being put together.
#[derive(Debug, Default)]
pub(super) struct Output {
    effects: Vec<Effect>,
    decisions: Vec<Decision>,
    /// The incident that was worked on last.
    pub(super) touched: Option<IncidentId>,
    /// The alarms of this call by incident and address, so that two entries do not ring the same pager at once.
    alarms: BTreeMap<(IncidentId, Way), (Timestamp, usize)>,
}

impl Output {
    pub(super) fn decide(
        &mut self,
        at: Timestamp,
        incident: Option<&IncidentId>,
        verdict: Verdict,
    ) {
        self.decisions.push(Decision {
            at,
            incident: incident.cloned(),
            verdict,
        });
    }

    pub(super) fn is_silent(&self) -> bool {
        self.effects.is_empty() && self.decisions.is_empty()
    }

    pub(super) fn finish(self) -> (Vec<Effect>, Vec<Decision>) {
        (self.effects, self.decisions)
    }
}

/// One incident at one instant.
pub(super) struct Work<'a> {
    pub(super) policy: &'a Policy,
    pub(super) incident: &'a mut Incident,
    pub(super) at: Timestamp,
    pub(super) output: &'a mut Output,
}

/// What a message says beyond the incident's own facts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Words<'a> {
    pub(super) by: &'a str,
    pub(super) text: &'a str,
    pub(super) reason: &'a str,
    pub(super) clock: Option<ClockKind>,
    pub(super) percent: u8,
    pub(super) target: Option<Duration>,
    pub(super) deadline: Option<Timestamp>,
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

impl<'a> Work<'a> {
    pub(super) fn decide(&mut self, verdict: Verdict) {
        self.output
            .decide(self.at, Some(&self.incident.id), verdict);
    }

    pub(super) fn severity(&self) -> Option<&'a Severity> {
        self.policy.severity(&self.incident.severity)
    }

    /// Puts an event to the state machine. `true` where it counts.
    pub(super) fn transit(&mut self, event: Event, by: &str) -> bool {
        let from = self.incident.state;
        match transition(from, event) {
            Transition::To(to) => {
                self.incident.state = to;
                self.decide(Verdict::Transition {
                    event,
                    from,
                    to,
                    by: by.to_owned(),
                });
                true
            }
            Transition::Stay => true,
            Transition::Ignore(reason) => {
                self.decide(Verdict::Ignored {
                    event,
                    state: from,
                    reason: reason.to_owned(),
                });
                false
            }
            Transition::Refuse => {
                // Commands are checked before anything is touched; what comes here has no person to refuse.
                self.decide(Verdict::Ignored {
                    event,
                    state: from,
                    reason: "it cannot be in this state".to_owned(),
                });
                false
            }
        }
    }

    /// Gives an action its id and hands it to the host.
    pub(super) fn emit(&mut self, trigger: Trigger, entry: &str, action: Action) -> Effect {
        let number = self.incident.next_effect;
        self.incident.next_effect += 1;
        let effect = Effect {
            id: EffectId::new(&self.incident.id, number),
            at: self.at,
            incident: self.incident.id.clone(),
            severity: self.incident.severity.clone(),
            cause: Cause {
                trigger,
                entry: entry.to_owned(),
            },
            action,
        };
        self.output.effects.push(effect.clone());
        if effect.wants_report() {
            let pending = Pending {
                effect: effect.clone(),
                person: None,
                level: None,
                others: Vec::new(),
                message: None,
            };
            self.incident.outbox.insert(number, pending);
        }
        effect
    }

    /// Asks a condition of the policy. One that fails counts as true, since more is then done, not less. The instant
    /// is when time alone may change the answer.
    pub(super) fn holds(
        &mut self,
        condition: Option<&Condition>,
        entry: &str,
    ) -> (bool, Option<Timestamp>) {
        let Some(condition) = condition else {
            return (true, None);
        };
        let incident = &*self.incident;
        let service = incident
            .alert
            .service
            .as_deref()
            .and_then(|service| self.policy.service(service));
        let mut facts = Facts::of_incident(
            &incident.alert,
            service,
            &IncidentFacts {
                id: incident.id.as_str(),
                title: &incident.title,
                state: incident.state.as_str(),
                acknowledged: incident.state.is_acknowledged(),
                responded: incident.responded.is_some(),
                declared: incident.declared.is_some(),
                firing: incident.firing(),
                severity: &incident.severity,
                elapsed: incident.elapsed(self.at),
            },
        );
        match self.policy.sandbox().ask(condition, &mut facts) {
            Ok(answer) => (answer, facts.changes_at(incident.opened_at)),
            Err(error) => {
                self.fault(entry, &error);
                (true, None)
            }
        }
    }

    /// The policy itself failed: the host learns of it, and those who can mend it.
    pub(super) fn fault(&mut self, entry: &str, error: &str) {
        let error = shorten(error, 500);
        self.emit(
            Trigger::PolicyFault,
            entry,
            Action::PolicyFault {
                entry: entry.to_owned(),
                error: error.clone(),
            },
        );
        let reason = format!("`{entry}`: {error}");
        for route in self.policy.on_fault() {
            let words = Words {
                reason: &reason,
                ..Words::default()
            };
            self.route(
                route,
                Part::All,
                &Message {
                    kind: MessageKind::PolicyFault,
                    purpose: Purpose::Inform,
                    level: None,
                    trigger: Trigger::PolicyFault,
                    entry: &route.entry,
                    words,
                },
            );
        }
    }

    /// Tells everybody whom the severity's routes name for an occasion; how many were told.
    pub(super) fn routes(
        &mut self,
        occasion: Occasion,
        part: Part,
        kind: MessageKind,
        trigger: Trigger,
        words: Words<'_>,
    ) -> usize {
        let Some(severity) = self.severity() else {
            return 0;
        };
        let mut told = 0;
        for route in severity
            .routes
            .iter()
            .filter(|route| route.on.contains(&occasion))
        {
            if !self.concerns(route, part) {
                continue;
            }
            if !self.holds(route.when.as_ref(), &route.entry).0 {
                self.decide(Verdict::RouteClosed {
                    entry: route.entry.clone(),
                });
                continue;
            }
            let purpose = match occasion {
                Occasion::Open if route.channel == severity.document.escalate_by => Purpose::Page,
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
            told += self.route(
                route,
                part,
                &Message {
                    kind,
                    purpose,
                    level: None,
                    trigger,
                    entry: &route.entry,
                    words,
                },
            );
        }
        told
    }

    fn concerns(&self, route: &Route, part: Part) -> bool {
        route.to.iter().any(|recipient| part.has(recipient))
    }

    /// Tells everybody whom one route names; how many were told.
    pub(super) fn route(&mut self, route: &Route, part: Part, message: &Message<'_>) -> usize {
        let mut told = 0;
        for recipient in route.to.iter().filter(|recipient| part.has(recipient)) {
            match contacts(
                self.policy,
                self.incident,
                recipient,
                &route.channel,
                self.at,
            ) {
                Ok(found) => {
                    told += found.len();
                    for contact in found {
                        self.send(contact, message);
                    }
                }
                Err(reason) => self.decide(Verdict::RouteEmpty {
                    entry: route.entry.clone(),
                    reason,
                }),
            }
        }
        told
    }

    /// Sends one message to one contact by the first way there is. An alarm that the address already gets at this
    /// instant is not sent twice: the earlier one takes over what the later was for.
    pub(super) fn send(&mut self, contact: Contact, message: &Message<'_>) {
        let Contact {
            to,
            person,
            first,
            others,
        } = contact;
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
            && let Some(into) = self.merge(position, message)
        {
            self.decide(Verdict::MergedNotification {
                entry: message.entry.to_owned(),
                into,
            });
            return;
        }
        let rendered = self
            .policy
            .messages()
            .render(message.kind, &self.facts(&message.words));
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
        self.supersede(message, &first);
        let number = self.incident.next_effect;
        self.emit(message.trigger, message.entry, Action::Notify(notification));
        if let Some(pending) = self.incident.outbox.get_mut(&number) {
            pending.person = person;
            pending.level = message.level.map(|(level, _)| level);
            pending.others = others;
            pending.message = Some(message.kind);
        }
        if alarm {
            self.output
                .alarms
                .insert(key, (self.at, self.output.effects.len() - 1));
        }
        if message.purpose == Purpose::Page {
            self.incident.climb.contacted_at = self.at;
        }
    }

    fn merge(&mut self, position: usize, message: &Message<'_>) -> Option<EffectId> {
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
            pending.level = pending.level.or(message.level.map(|(level, _)| level));
            pending.message = Some(message.kind);
            pending.effect.action = Action::Notify(notification);
        }
        Some(id)
    }

    /// A repeat takes the place of the message it repeats: one live page for a level, person and channel.
    fn supersede(&mut self, message: &Message<'_>, way: &Way) {
        let level = message.level.map(|(level, _)| level);
        self.incident.outbox.retain(|_, pending| {
            let Action::Notify(notification) = &pending.effect.action else {
                return true;
            };
            let same = pending.message == Some(message.kind)
                && pending.level == level
                && notification.channel == way.channel
                && notification.address == way.address;
            !same
        });
    }

    /// The facts a message can name.
    pub(super) fn facts<'w>(&'w self, words: &Words<'w>) -> MessageFacts<'w> {
        let incident = &*self.incident;
        let severity = self.severity();
        let zone = self.policy.zone();
        let service = incident.service().unwrap_or("unknown service");
        let catalogued = self
            .policy
            .service(service)
            .and_then(|service| service.document.name.as_deref());
        let local = |at: Timestamp| zone.format(at, "%Y-%m-%d %H:%M:%S %Z");
        let acknowledge = incident
            .clock(ClockKind::Acknowledge)
            .filter(|clock| clock.is_running() && clock.breached_at.is_none());
        MessageFacts {
            incident: incident.id.as_str(),
            title: &incident.title,
            description: &incident.alert.description,
            service,
            service_name: catalogued.unwrap_or(service),
            severity: &incident.severity,
            severity_name: severity
                .and_then(|severity| severity.document.name.as_deref())
                .unwrap_or_default(),
            state: incident.state.as_str(),
            because: &incident.because,
            date: zone.format(incident.opened_at, "%Y-%m-%d"),
            opened: local(incident.opened_at),
            elapsed: Duration::from_millis(incident.elapsed(self.at).as_millis() / 1_000 * 1_000)
                .to_string(),
            labels: incident
                .alert
                .labels
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect(),
            links: incident
                .alert
                .links
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect(),
            by: words.by,
            text: words.text,
            reason: words.reason,
            clock: words.clock.map_or("", ClockKind::as_str),
            percent: words.percent,
            target: words
                .target
                .map(|target| target.to_string())
                .unwrap_or_default(),
            deadline: words
                .deadline
                .or_else(|| acknowledge.and_then(Clock::deadline))
                .map(local)
                .unwrap_or_default(),
        }
    }

    /// Nobody could be found: the last resort is told, and the host learns that it came to that.
    pub(super) fn no_responder(&mut self, reason: &str) {
        self.emit(
            Trigger::NoResponder,
            "last_resort",
            Action::NoResponder {
                reason: reason.to_owned(),
            },
        );
        for route in self.policy.last_resort() {
            let words = Words {
                reason,
                ..Words::default()
            };
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

    /// Asks whoever is at hand to do what the engine could not.
    pub(super) fn by_hand(&mut self, trigger: Trigger, entry: &str, reason: &str, text: &str) {
        let Some(severity) = self.severity() else {
            return;
        };
        let channel = severity.document.escalate_by.clone();
        match contacts(
            self.policy,
            self.incident,
            &Recipient::Responders,
            &channel,
            self.at,
        ) {
            Ok(found) => {
                for contact in found {
                    let words = Words {
                        reason,
                        text,
                        ..Words::default()
                    };
                    self.send(
                        contact,
                        &Message {
                            kind: MessageKind::ByHand,
                            purpose: Purpose::DoByHand,
                            level: None,
                            trigger,
                            entry,
                            words,
                        },
                    );
                }
            }
            Err(reason) => self.decide(Verdict::RouteEmpty {
                entry: entry.to_owned(),
                reason,
            }),
        }
    }

    /// Declares the incident: its channel is opened, and the public told where the severity says so.
    pub(super) fn declare(&mut self, by: &str) {
        if self.incident.declared.is_some() {
            self.decide(Verdict::AlreadyDeclared);
            return;
        }
        self.incident.declared = Some(crate::incident::Deed {
            by: by.to_owned(),
            at: self.at,
        });
        self.decide(Verdict::Declared { by: by.to_owned() });
        let Some(declaration) = self.policy.declaration() else {
            return;
        };
        if let Some(open) = &declaration.open_channel {
            let messages = self.policy.messages();
            let facts = self.facts(&Words::default());
            let service = slug(facts.service);
            let name = messages.line(
                crate::policy::CHANNEL_TEMPLATE,
                &MessageFacts {
                    service: &service,
                    ..facts
                },
            );
            let name = name.unwrap_or_else(|| format!("#incident-{}", self.incident.id));
            let topic = messages.render(MessageKind::Topic, &self.facts(&Words::default()));
            self.incident.channel = Some(Way {
                channel: open.on.clone(),
                address: name.clone(),
            });
            let action = Action::OpenChannel {
                channel: open.on.clone(),
                name,
                text: one_line(&topic.text),
            };
            self.emit(Trigger::Declared, "declaration.open_channel", action);
        }
        let tells = self.severity().map(|severity| severity.document.public);
        if matches!(
            tells,
            Some(PublicNotice::Immediately | PublicNotice::Within(_))
        ) {
            self.first_notice(Trigger::Declared);
        }
    }

    /// The first post on the status page, in words that know nothing internal.
    pub(super) fn first_notice(&mut self, trigger: Trigger) {
        let Some(page) = self
            .policy
            .declaration()
            .and_then(|declaration| declaration.status_page.clone())
        else {
            return;
        };
        let status = PublicStatus::Investigating;
        let service = self.public_service();
        let started = self
            .policy
            .zone()
            .format(self.incident.opened_at, "%Y-%m-%d %H:%M %Z");
        let rendered = self.policy.messages().render_public(&PublicFacts {
            service: &service,
            status: status.to_string(),
            started,
        });
        if let Some(error) = rendered.fault {
            self.decide(Verdict::MessageFallback {
                entry: "messages.public-notice".to_owned(),
                error,
            });
        }
        let action = Action::StatusPage {
            page,
            subject: rendered.subject,
            status,
            text: rendered.text,
        };
        self.emit(trigger, "declaration.status_page", action);
    }

    /// What the public calls the service. An alert's own words never stand in for it.
    pub(super) fn public_service(&self) -> String {
        let service = self
            .incident
            .service()
            .and_then(|service| self.policy.service(service));
        let name = service.and_then(|service| {
            service
                .document
                .public_name
                .clone()
                .or_else(|| service.document.name.clone())
        });
        name.unwrap_or_else(|| "one of our services".to_owned())
    }

    pub(super) fn start_clock(&mut self, kind: ClockKind, clock: Clock) {
        let deadline = clock.deadline();
        self.incident.clocks.insert(kind, clock);
        self.decide(Verdict::ClockStarted {
            clock: kind,
            deadline,
        });
    }

    /// Stops a clock because what it waited for has happened.
    pub(super) fn finish_clock(&mut self, kind: ClockKind) {
        let Some(clock) = self.incident.clocks.get_mut(&kind) else {
            return;
        };
        match clock.finish(self.at) {
            Finish::InTime(elapsed) => self.decide(Verdict::ClockMet {
                clock: kind,
                elapsed,
            }),
            Finish::Late { elapsed, breach } => {
                if breach {
                    self.breach(kind);
                }
                self.decide(Verdict::ClockLate {
                    clock: kind,
                    elapsed,
                });
            }
            Finish::NotRunning => {}
        }
    }

    pub(super) fn cancel_clock(&mut self, kind: ClockKind) {
        let at = self.at;
        if self
            .incident
            .clocks
            .get_mut(&kind)
            .is_some_and(|clock| clock.cancel(at))
        {
            self.decide(Verdict::ClockCancelled { clock: kind });
        }
    }

    /// Says that a clock has missed its target. The caller sees to it that this happens once a target.
    pub(super) fn breach(&mut self, kind: ClockKind) {
        let Some((target, deadline)) =
            self.incident
                .clocks
                .get(&kind)
                .and_then(|clock| match clock.target {
                    crate::policy::document::Target::Within(target) => {
                        Some((target, target.after(clock.started_at)))
                    }
                    crate::policy::document::Target::BestEffort => None,
                })
        else {
            return;
        };
        let words = Words {
            clock: Some(kind),
            target: Some(target),
            deadline: Some(deadline),
            ..Words::default()
        };
        let entry = self.target_entry(kind);
        if kind == ClockKind::Update {
            self.emit(
                Trigger::UpdateDue,
                &entry,
                Action::Breach {
                    clock: kind,
                    target,
                    deadline,
                },
            );
            let told = self.routes(
                Occasion::UpdateDue,
                Part::All,
                MessageKind::UpdateDue,
                Trigger::UpdateDue,
                words,
            );
            if told == 0 {
                self.remind(MessageKind::UpdateDue, Trigger::UpdateDue, &entry, words);
            }
            return;
        }
        self.emit(
            Trigger::Breach,
            &entry,
            Action::Breach {
                clock: kind,
                target,
                deadline,
            },
        );
        self.routes(
            Occasion::Breach,
            Part::All,
            MessageKind::Breach,
            Trigger::Breach,
            words,
        );
    }

    /// The policy's entry behind a clock.
    pub(super) fn target_entry(&self, kind: ClockKind) -> String {
        let severity = &self.incident.severity;
        match kind {
            ClockKind::Acknowledge | ClockKind::Respond | ClockKind::Resolve => {
                format!("severities.{severity}.targets.{kind}")
            }
            ClockKind::Update => format!("severities.{severity}.update_every"),
            ClockKind::Public => format!("severities.{severity}.public"),
        }
    }

    /// Reminds those at work; where there are none, whoever the routes told when it opened.
    pub(super) fn remind(
        &mut self,
        kind: MessageKind,
        trigger: Trigger,
        entry: &str,
        words: Words<'_>,
    ) {
        let Some(severity) = self.severity() else {
            return;
        };
        let channel = severity.document.escalate_by.clone();
        match contacts(
            self.policy,
            self.incident,
            &Recipient::Responders,
            &channel,
            self.at,
        ) {
            Ok(found) => {
                for contact in found {
                    self.send(
                        contact,
                        &Message {
                            kind,
                            purpose: Purpose::Remind,
                            level: None,
                            trigger,
                            entry,
                            words,
                        },
                    );
                }
            }
            Err(_) => {
                for route in severity
                    .routes
                    .iter()
                    .filter(|route| route.on.contains(&Occasion::Open))
                {
                    self.route(
                        route,
                        Part::All,
                        &Message {
                            kind,
                            purpose: Purpose::Remind,
                            level: None,
                            trigger,
                            entry: &route.entry,
                            words,
                        },
                    );
                }
            }
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

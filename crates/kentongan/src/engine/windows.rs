//! Windows: what is not told outside its hours is held, dropped or told another way, and what was held goes out when
//! the hours open, if it still matters. The worst severity is never held.

use super::tell::{Message, Part, Words};
use super::work::Work;
use crate::decision::Verdict;
use crate::effect::{Purpose, Trigger};
use crate::escalation::Standing;
use crate::incident::Held;
use crate::policy::document::{MessageKind, Otherwise};
use crate::routing::{Route, Window};
use crate::time::Timestamp;

/// What becomes of a message by its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission<'a> {
    /// It goes out.
    Now,
    /// It goes out on this channel.
    By(&'a str),
    /// It goes out then.
    Later(Timestamp),
    /// It does not go out.
    Never,
}

impl<'a> Work<'a> {
    /// Whether a message may go out now: by the window of its route or level, else by that of the severity. An alarm
    /// of the worst severity has none.
    pub(super) fn admit(&self, own: Option<&'a Window>, alarm: bool) -> Admission<'a> {
        let severity = self.severity();
        let worst = severity.is_some_and(super::super::policy::Severity::is_worst);
        let of_severity = || severity.and_then(|severity| severity.window.as_ref());
        let Some(window) = own.or_else(of_severity).filter(|_| !(worst && alarm)) else {
            return Admission::Now;
        };
        let opens = window.opens(self.policy, self.at);
        match &window.otherwise {
            _ if opens <= self.at => Admission::Now,
            Otherwise::Hold => Admission::Later(opens),
            Otherwise::Drop => Admission::Never,
            Otherwise::By(channel) => Admission::By(channel),
        }
    }

    /// Tells those whom a route names, as its window allows; how many. What is held counts, since they will be told,
    /// and so does what the policy has dropped: nobody is missing.
    pub(super) fn route_in_hours(&mut self, route: &'a Route, part: Part, message: &Message<'_>) -> usize {
        if self.is_throttled(route, message.kind) {
            return 1;
        }
        let admission = match message.trigger {
            // What a person asks for has no hours.
            Trigger::ManualEscalation => Admission::Now,
            _ => self.admit(route.window.as_ref(), message.kind == MessageKind::Open),
        };
        match admission {
            Admission::Now => self.route(route, part, message),
            Admission::By(channel) => self.route_by(channel, route, part, message),
            Admission::Later(until) => {
                self.hold(until, message);
                1
            }
            Admission::Never => {
                self.drop_message(message.entry, "it is outside its hours");
                1
            }
        }
    }

    /// Whether the route's throttle keeps a message from it. The alarm, the end of the incident and its post-mortem
    /// always get through: whoever heard nothing between them has missed nothing that still matters.
    fn is_throttled(&mut self, route: &Route, kind: MessageKind) -> bool {
        if matches!(
            kind,
            MessageKind::Open
                | MessageKind::Resolve
                | MessageKind::FalseAlarm
                | MessageKind::Merge
                | MessageKind::Postmortem
        ) {
            return false;
        }
        let last = self.incident.routes_told.get(&route.entry);
        let Some((throttle, until)) = route.throttle.as_ref().zip(last).map(|(t, last)| (t, t.every.after(*last)))
        else {
            return false;
        };
        let entry = format!("{}.throttle.when", route.entry);
        // Where the condition fails, people are told.
        if until <= self.at || !self.ask(throttle.when.as_ref(), &entry, false).0 {
            return false;
        }
        self.decide(Verdict::Throttled { entry: route.entry.clone(), until });
        true
    }

    /// Keeps one message a route and kind. While the alarm itself is held nothing else is: it will tell how things
    /// stand, and of what is over by then nobody needs to hear.
    fn hold(&mut self, until: Timestamp, message: &Message<'_>) {
        // When the next update comes, and what it goes on as, is told as it stands when the message goes out; nothing that
        // names who takes over, or points, is ever held.
        let Words { by, text, reason, clock, percent, target, deadline, next: _, role, from, to: _, points: _ } =
            message.words;
        let held = Held {
            entry: message.entry.to_owned(),
            since: self.at,
            until,
            message: message.kind,
            purpose: message.purpose,
            by: by.to_owned(),
            text: text.to_owned(),
            reason: reason.to_owned(),
            clock,
            percent,
            target: target.to_owned(),
            deadline,
            role: role.to_owned(),
            from: from.to_owned(),
        };
        let earlier = self.incident.held.iter().position(|other| other.entry == held.entry && other.is_alarm());
        let swallowed = !held.is_alarm() && held.message != MessageKind::Postmortem;
        if let Some(earlier) = earlier.filter(|_| swallowed) {
            if held.outlives_the_incident() {
                self.incident.held.remove(earlier);
                self.drop_message(message.entry, "it was over before its hours opened");
            } else {
                self.drop_message(message.entry, "what is held for it will tell how things stand");
            }
            return;
        }
        let same = |other: &Held| other.entry == held.entry && (held.is_alarm() || other.message == held.message);
        let since = self.incident.held.iter().find(|other| same(other) && other.message == held.message);
        let since = since.map_or(self.at, |earlier| earlier.since);
        self.incident.held.retain(|other| !same(other));
        self.decide(Verdict::Held { entry: held.entry.clone(), until });
        self.incident.held.push(Held { since, ..held });
    }

    pub(super) fn drop_message(&mut self, entry: &str, reason: &str) {
        self.decide(Verdict::Dropped { entry: entry.to_owned(), reason: reason.to_owned() });
    }

    /// Lets a level wait for its hours.
    pub(super) fn hold_level(&mut self, index: usize, entry: &str, until: Timestamp) {
        let (repeats, by_hand) = match self.incident.climb.standing(index) {
            Some(Standing::Held { until: before, .. }) if *before == until => return,
            Some(Standing::Told { repeats, by_hand, .. } | Standing::Held { repeats, by_hand, .. }) => {
                (*repeats, *by_hand)
            }
            _ => (0, false),
        };
        self.decide(Verdict::Held { entry: entry.to_owned(), until });
        self.incident.climb.set(index, Standing::Held { until, repeats, by_hand }, self.at);
    }

    /// Leaves a level untold outside its hours. One that repeats may find them open next time.
    pub(super) fn drop_level(&mut self, index: usize, entry: &str) {
        self.drop_message(entry, "it is outside its hours");
        let standing = match self.incident.climb.standing(index) {
            Some(Standing::Told { repeats, by_hand, .. }) => {
                Standing::Told { at: self.at, repeats: *repeats, by_hand: *by_hand }
            }
            _ => Standing::Skipped { empty: false },
        };
        self.incident.climb.set(index, standing, self.at);
    }

    /// The hours of what was held have come: it goes out if it still matters.
    pub(super) fn release(&mut self) {
        let at = self.at;
        let held = std::mem::take(&mut self.incident.held);
        let (due, rest): (Vec<Held>, Vec<Held>) = held.into_iter().partition(|held| held.until <= at);
        self.incident.held = rest;
        let (mut alarms, mut told) = (0, 0);
        for held in due {
            let routes = self.severity().into_iter().flat_map(|severity| &severity.routes);
            let Some(route) = routes.into_iter().find(|route| route.entry == held.entry) else {
                self.drop_message(&held.entry, "the severity has no such route");
                continue;
            };
            if self.incident.state.is_resolved() && !held.outlives_the_incident() {
                self.drop_message(&held.entry, "it is over");
                continue;
            }
            if self.incident.state.is_acknowledged() && held.purpose == Purpose::Page {
                self.drop_message(&held.entry, "somebody has taken it");
                continue;
            }
            if !self.holds(route.when.as_ref(), &route.entry).0 {
                self.decide(Verdict::RouteClosed { entry: held.entry });
                continue;
            }
            self.decide(Verdict::Released { entry: held.entry.clone(), since: held.since });
            let next =
                matches!(held.message, MessageKind::Update | MessageKind::UpdateDue).then(|| self.update_deadline());
            let next = next.flatten();
            let merged_into = self.incident.kin.merged_into.as_ref().filter(|_| held.message == MessageKind::Merge);
            let merged_into = merged_into.map(ToString::to_string).unwrap_or_default();
            let words = Words {
                by: &held.by,
                text: &held.text,
                reason: &held.reason,
                clock: held.clock,
                percent: held.percent,
                target: &held.target,
                deadline: held.deadline,
                points: &[],
                next,
                role: &held.role,
                from: &held.from,
                to: &merged_into,
            };
            let (kind, purpose, entry) = (held.message, held.purpose, held.entry.as_str());
            let reached = self.route(
                route,
                Part::All,
                &Message { kind, purpose, level: None, trigger: Trigger::HoursOpen, entry, words },
            );
            if held.is_alarm() {
                (alarms, told) = (alarms + 1, told + reached);
            }
        }
        if alarms > 0 && told == 0 && self.path().is_none() {
            self.no_responder("the severity's routes lead to nobody, and it has no escalation path");
        }
    }

    /// It is told anew, by the routes of another severity or since it opens again, and nothing held goes out. Whether
    /// somebody had yet to hear of the incident.
    pub(super) fn give_up_held(&mut self, reason: &str) -> bool {
        let held = std::mem::take(&mut self.incident.held);
        for held in &held {
            self.drop_message(&held.entry, reason);
        }
        held.iter().any(Held::is_alarm)
    }

    /// The hours have opened, and nobody has taken it.
    pub(super) fn raise_at_opening(&mut self) {
        let to = self.severity().and_then(|severity| severity.document.raise_at_opening.as_deref());
        if let Some(to) = to {
            self.change_severity(to, super::alerts::POLICY, "nobody has taken it by the opening of its hours");
        }
    }
}

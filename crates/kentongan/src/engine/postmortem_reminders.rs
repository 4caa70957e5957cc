//! Who is told of a post-mortem: its owner, those who look at it, those who are to do something.

use std::collections::BTreeSet;

use super::tell::{Message, Part, Words};
use super::work::Work;
use crate::clock::ClockKind;
use crate::decision::Verdict;
use crate::effect::{Purpose, Trigger};
use crate::policy::document::MessageKind;
use crate::postmortem::{PostmortemPart, PostmortemTimer};
use crate::routing::{Recipient, contacts};
use crate::time::Timestamp;

impl Work<'_> {
    /// Somebody is to be reminded.
    pub(super) fn remind_of_postmortem(&mut self, timer: PostmortemTimer) {
        match timer {
            PostmortemTimer::Remind => {
                self.incident.postmortem_told.reminded = Some(self.at);
                self.remind_owner("is to be published", Trigger::PostmortemDue, "postmortem.remind_every");
            }
            PostmortemTimer::Chase => {
                self.incident.postmortem_told.chased = Some(self.at);
                self.chase();
            }
            PostmortemTimer::FollowUp => {
                self.incident.postmortem_told.followed_up = Some(self.at);
                let points = self.open_action_lines();
                let words = Words { points: &points, ..Words::default() };
                let (kind, trigger) = (MessageKind::FollowUpDue, Trigger::FollowUpDue);
                self.tell_owner(kind, Purpose::Remind, trigger, "postmortem.follow_up", words);
            }
        }
    }

    /// Everybody who owns something that is overdue hears what; what nobody owns, the owner of the post-mortem hears.
    fn chase(&mut self) {
        let (at, zone) = (self.at, self.policy.zone());
        let overdue: Vec<String> = self
            .incident
            .postmortem
            .iter()
            .flat_map(|postmortem| postmortem.overdue(at, zone))
            .map(|item| item.id.clone())
            .collect();
        let (kind, purpose, trigger) = (MessageKind::ActionOverdue, Purpose::Remind, Trigger::ActionOverdue);
        let entry = "postmortem.chase_every";
        for (owner, points) in self.lines_by_owner(|item| overdue.contains(&item.id)) {
            let words = Words { points: &points, ..Words::default() };
            let owner: Vec<String> = owner.into_iter().collect();
            if self.tell_by_name(&owner, kind, purpose, trigger, entry, words) == 0 {
                self.tell_owner(kind, purpose, trigger, entry, words);
            }
        }
    }

    /// A promise about the post-mortem comes near.
    pub(super) fn postmortem_nears(&mut self, kind: ClockKind, percent: u8, deadline: Timestamp) {
        let reason = match kind {
            ClockKind::Meeting => format!("has no meeting yet, {percent} % of the time to plan one is gone"),
            ClockKind::Review => format!("is to be reviewed, {percent} % of the time for it is gone"),
            _ => format!("is to be published, {percent} % of the time for it is gone"),
        };
        self.tell_of_promise(kind, Trigger::Warning, &reason, percent, deadline);
    }

    /// A promise about the post-mortem is missed: those who heard that one is required hear it, too.
    pub(super) fn postmortem_late(&mut self, kind: ClockKind, promised: &str, deadline: Timestamp) {
        let reason = match kind {
            ClockKind::Meeting => format!("has no meeting, which was to be planned within {promised}"),
            ClockKind::Review => format!("is not reviewed, as it was to be within {promised}"),
            _ => format!("is not published, as it was to be within {promised}"),
        };
        self.tell_of_promise(kind, Trigger::Breach, &reason, 100, deadline);
        let status = self.postmortem_status();
        let words = Words { text: &status, reason: &reason, deadline: Some(deadline), ..Words::default() };
        self.tell_postmortem_routes(MessageKind::PostmortemDue, Trigger::Breach, words);
    }

    fn tell_of_promise(&mut self, kind: ClockKind, trigger: Trigger, reason: &str, percent: u8, deadline: Timestamp) {
        let entry = self.target_entry(kind);
        let (status, points) = (self.postmortem_status(), self.missing_parts());
        let (clock, deadline) = (Some(kind), Some(deadline));
        let words = Words { text: &status, reason, clock, percent, deadline, points: &points, ..Words::default() };
        if kind == ClockKind::Review {
            let by = self.incident.postmortem.as_ref().and_then(|postmortem| postmortem.owner.clone());
            let by = by.unwrap_or_else(|| super::alerts::POLICY.to_owned());
            let words = Words { by: &by, text: "", ..words };
            self.tell_reviewers(Purpose::Remind, trigger, &entry, words);
            return;
        }
        self.tell_owner(MessageKind::PostmortemDue, Purpose::Remind, trigger, &entry, words);
    }

    /// Reminds its owner of what is not filled yet.
    pub(super) fn remind_owner(&mut self, reason: &str, trigger: Trigger, entry: &str) {
        let (status, points) = (self.postmortem_status(), self.missing_parts());
        let deadline = self.incident.postmortem.as_ref().and_then(|postmortem| postmortem.due);
        let words = Words { text: &status, reason, deadline, points: &points, ..Words::default() };
        self.tell_owner(MessageKind::PostmortemDue, Purpose::Remind, trigger, entry, words);
    }

    fn postmortem_status(&self) -> String {
        let status = self.incident.postmortem.as_ref().map(|postmortem| postmortem.status.as_str());
        status.unwrap_or_default().replace('_', " ")
    }

    /// What has to be filled before it can be published, and is not.
    fn missing_parts(&self) -> Vec<String> {
        let (Some(postmortem), Some(document)) = (&self.incident.postmortem, &self.policy.document().postmortem) else {
            return Vec::new();
        };
        // Where it can be read is known once it is published.
        let missing = document.require.iter().filter(|part| **part != PostmortemPart::Link && !postmortem.has(**part));
        let missing = missing.map(|part| part.as_str().replace('_', " "));
        let unowned = postmortem.open_actions().filter(|action| action.owner.is_none());
        missing.chain(unowned.map(|action| format!("the owner of {}", action.id))).collect()
    }

    /// Tells its owner; where that is nobody who can be told, those who worked on the incident, or those whom the policy
    /// tells of post-mortems.
    pub(super) fn tell_owner(
        &mut self,
        kind: MessageKind,
        purpose: Purpose,
        trigger: Trigger,
        entry: &str,
        words: Words<'_>,
    ) {
        let owner: Vec<String> = self.incident.postmortem.iter().filter_map(|it| it.owner.clone()).collect();
        let message = Message { kind, purpose, level: None, trigger, entry, words };
        if self.tell_by_name(&owner, kind, purpose, trigger, entry, words) > 0
            || self.tell_recipients(&[Recipient::Responders], &BTreeSet::new(), &message) > 0
            || self.tell_postmortem_routes(kind, trigger, words) > 0
        {
            return;
        }
        let reason = "there is nobody to tell of the post-mortem".to_owned();
        self.decide(Verdict::RouteEmpty { entry: entry.to_owned(), reason });
    }

    /// Tells those who look at it; its owner, where there is nobody.
    pub(super) fn tell_reviewers(&mut self, purpose: Purpose, trigger: Trigger, entry: &str, words: Words<'_>) {
        let reviewers = self.policy.postmortem().map_or(&[][..], |policy| &policy.reviewers);
        let kind = MessageKind::PostmortemReview;
        let authors =
            self.incident.postmortem.as_ref().map(|postmortem| postmortem.authors.clone()).unwrap_or_default();
        // Whoever has written it would be refused.
        if self.tell_recipients(reviewers, &authors, &Message { kind, purpose, level: None, trigger, entry, words })
            == 0
        {
            self.tell_owner(kind, purpose, trigger, entry, words);
        }
    }

    /// Tells those whom the policy tells of post-mortems; how many were told.
    pub(super) fn tell_postmortem_routes(&mut self, kind: MessageKind, trigger: Trigger, words: Words<'_>) -> usize {
        let mut told = 0;
        for route in self.policy.postmortem().map_or(&[][..], |policy| &policy.notify) {
            if !self.holds(route.when.as_ref(), &route.entry).0 {
                self.decide(Verdict::RouteClosed { entry: route.entry.clone() });
                continue;
            }
            let purpose = Purpose::Inform;
            let message = Message { kind, purpose, level: None, trigger, entry: &route.entry, words };
            told += self.route(route, Part::All, &message);
        }
        told
    }

    /// Tells people and teams by their names; how many were told.
    pub(super) fn tell_by_name(
        &mut self,
        names: &[String],
        kind: MessageKind,
        purpose: Purpose,
        trigger: Trigger,
        entry: &str,
        words: Words<'_>,
    ) -> usize {
        let recipient = |name: &String| {
            if self.policy.person(name).is_some() {
                Recipient::Person(name.clone())
            } else {
                Recipient::Team(name.clone())
            }
        };
        let recipients: Vec<Recipient> = names.iter().map(recipient).collect();
        let message = Message { kind, purpose, level: None, trigger, entry, words };
        self.tell_recipients(&recipients, &BTreeSet::new(), &message)
    }

    /// Tells each of those whom recipients stand for once, but for some; how many were told. Whoever is meant in several
    /// ways, as one at work and as one of a team, hears it once.
    fn tell_recipients(&mut self, recipients: &[Recipient], except: &BTreeSet<String>, message: &Message<'_>) -> usize {
        let channel = self.postmortem_channel();
        let mut told_before = BTreeSet::new();
        let mut told = 0;
        for recipient in recipients {
            match contacts(self.policy, self.changes, Some(&*self.incident), recipient, channel, self.at) {
                Ok(found) => {
                    let meant = found.into_iter().filter(|it| it.person.as_ref().is_none_or(|it| !except.contains(it)));
                    for contact in meant {
                        told += 1;
                        if told_before.insert(contact.first.clone()) {
                            self.send(contact, message);
                        }
                    }
                }
                Err(reason) => self.decide(Verdict::RouteEmpty { entry: message.entry.to_owned(), reason }),
            }
        }
        told
    }
}

impl<'a> Work<'a> {
    /// The channel on which people hear of post-mortems.
    pub(super) fn postmortem_channel(&self) -> &'a str {
        self.policy.document().postmortem.as_ref().map_or("email", |document| document.by.as_str())
    }
}

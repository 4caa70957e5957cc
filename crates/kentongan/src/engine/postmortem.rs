//! Post-mortems: one is asked for, its time begins with the end of the incident, it is written, looked at and published.

use super::alerts::{MONITORING, POLICY};
use super::tell::{Message, Part, Words};
use super::work::Work;
use crate::clock::{Clock, ClockKind, Stopped};
use crate::decision::Verdict;
use crate::effect::{Action, Purpose, Trigger};
use crate::incident::Deed;
use crate::input::Input;
use crate::policy::Policy;
use crate::policy::document::MessageKind;
use crate::postmortem::{
    Dropped, Meeting, Postmortem, PostmortemEvent, PostmortemPart, PostmortemStatus, PostmortemTransition, date_of,
    transition,
};
use crate::routing::names;
use crate::text::says_nothing;
use crate::time::in_millis;

impl Work<'_> {
    /// Asks for a post-mortem, once for an incident, where a rule of the policy says so. A rule that fails says so.
    /// What was asked for before begins anew with the incident's end.
    pub(super) fn ask_for_postmortem(&mut self, trigger: Trigger) {
        if self.incident.postmortem.is_some() {
            self.begin_postmortem();
            return;
        }
        let Some(postmortem) = self.policy.postmortem() else {
            return;
        };
        // Of a drill a person may ask for one.
        if self.incident.drill {
            self.decide(Verdict::PostmortemNotRequired);
            return;
        }
        let Some(rule) = postmortem.rules.iter().find(|rule| self.holds(Some(&rule.condition), &rule.entry).0) else {
            self.decide(Verdict::PostmortemNotRequired);
            return;
        };
        self.incident.postmortem = Some(Box::new(Postmortem::draft(&rule.when, POLICY, self.at)));
        self.postmortem_asked_for(trigger, &rule.when, &rule.entry);
    }

    /// Names its owner, lets its time begin, and tells those concerned.
    fn postmortem_asked_for(&mut self, trigger: Trigger, reason: &str, entry: &str) {
        let policy = self.policy.postmortem();
        let owner = policy.and_then(|policy| policy.owner.as_ref()).and_then(|owner| {
            let channel = self.postmortem_channel();
            names(self.policy, self.changes, self.incident, owner, channel, self.at).into_iter().next()
        });
        if let Some(postmortem) = &mut self.incident.postmortem {
            postmortem.owner = postmortem.owner.take().or_else(|| owner.clone());
        }
        let duration = self.duration();
        self.emit(trigger, entry, Action::PostmortemRequired { rule: reason.to_owned(), duration });
        self.begin_postmortem();
        let deadline = self.incident.postmortem.as_ref().and_then(|postmortem| postmortem.due);
        let words = Words { reason, deadline, ..Words::default() };
        let mut told = self.tell_postmortem_routes(MessageKind::Postmortem, trigger, words);
        let owner: Vec<String> = self.incident.postmortem.iter().filter_map(|it| it.owner.clone()).collect();
        told += self.tell_by_name(&owner, MessageKind::Postmortem, Purpose::Inform, trigger, "postmortem.owner", words);
        if told == 0 {
            self.remind(MessageKind::Postmortem, trigger, entry, words);
        }
    }

    /// Lets the time of a post-mortem begin, where the incident is over and it has not begun.
    fn begin_postmortem(&mut self) {
        let Some(postmortem) = &self.incident.postmortem else {
            return;
        };
        let begun = self.incident.postmortem_told.reminded.is_some();
        if begun || self.incident.resolved.is_none() || postmortem.status.is_over() {
            return;
        }
        let planned = postmortem.meeting.is_some();
        self.incident.postmortem_told.reminded = Some(self.at);
        for kind in [ClockKind::Postmortem, ClockKind::Meeting] {
            if kind == ClockKind::Meeting && planned {
                continue;
            }
            if let Some(target) = self.policy.postmortem_target(kind) {
                self.start_clock(kind, Clock::start(target, self.at, self.policy));
            }
        }
        self.note_postmortem_due();
    }

    /// The deadline of its clock is when it is due.
    fn note_postmortem_due(&mut self) {
        let clock = self.incident.clocks.get(&ClockKind::Postmortem);
        let due = clock.filter(|clock| clock.is_running()).and_then(|clock| clock.deadline);
        if let Some(postmortem) = &mut self.incident.postmortem {
            postmortem.due = due;
        }
    }

    /// The incident opens again: what is written of it stays, and its time begins anew when it is over.
    pub(super) fn rest_postmortem(&mut self) {
        if self.incident.postmortem.is_none() {
            return;
        }
        self.move_postmortem(PostmortemEvent::IncidentReopen, MONITORING);
        self.give_up_postmortem_clocks();
        self.incident.postmortem_told.followed_up = None;
    }

    fn give_up_postmortem_clocks(&mut self) {
        for kind in ClockKind::OF_POSTMORTEM {
            self.cancel_clock(kind);
        }
        self.incident.postmortem_told.reminded = None;
        self.note_postmortem_due();
    }

    /// Puts an event to the table of its life. `true` where it counts.
    pub(super) fn move_postmortem(&mut self, event: PostmortemEvent, by: &str) -> bool {
        let Some(postmortem) = &mut self.incident.postmortem else {
            return false;
        };
        let from = postmortem.status;
        match transition(from, event) {
            PostmortemTransition::To(to) => {
                postmortem.status = to;
                if to != PostmortemStatus::Published {
                    postmortem.published = None;
                }
                if to != PostmortemStatus::Waived {
                    postmortem.waived = None;
                }
                self.decide(Verdict::PostmortemMoved { event, was: from, status: to, by: by.to_owned() });
                true
            }
            PostmortemTransition::Stay => true,
            PostmortemTransition::Ignore(reason) => {
                self.decide(Verdict::PostmortemIgnored { event, status: from, reason: reason.to_owned() });
                false
            }
            PostmortemTransition::Refuse => {
                // Commands are checked before anything is touched.
                let reason = "it cannot be in this status".to_owned();
                self.decide(Verdict::PostmortemIgnored { event, status: from, reason });
                false
            }
        }
    }

    /// Does what a person says of a post-mortem.
    pub(super) fn take_postmortem(&mut self, command: Input) {
        match command {
            Input::RequirePostmortem { by, reason, .. } => self.require_postmortem(&by, &reason),
            Input::WaivePostmortem { by, reason, .. } => self.waive_postmortem(&by, reason),
            Input::PlanMeeting { by, at, attendees, agenda, .. } => {
                self.plan_meeting(&by, Meeting { at: in_millis(at), attendees, agenda });
            }
            Input::SubmitPostmortem { by, .. } => {
                if self.move_postmortem(PostmortemEvent::Submit, &by) {
                    if let Some(postmortem) = &mut self.incident.postmortem {
                        postmortem.authors.insert(by.clone());
                    }
                    self.ask_for_review(&by);
                }
            }
            Input::ReviewPostmortem { by, approved, note, .. } => self.review_postmortem(&by, approved, &note),
            Input::PublishPostmortem { by, link, .. } => self.publish_postmortem(&by, link),
            written => self.write_postmortem(written),
        }
    }

    pub(super) fn require_postmortem(&mut self, by: &str, reason: &str) {
        if self.incident.postmortem.is_none() {
            self.incident.postmortem = Some(Box::new(Postmortem::draft(reason, by, self.at)));
        } else if !self.move_postmortem(PostmortemEvent::Require, by) {
            return;
        } else if let Some(postmortem) = &mut self.incident.postmortem {
            reason.clone_into(&mut postmortem.rule);
            postmortem.required = Deed { by: by.to_owned(), at: self.at };
        }
        self.postmortem_asked_for(Trigger::PostmortemRequired, reason, "");
    }

    pub(super) fn waive_postmortem(&mut self, by: &str, reason: String) {
        if !self.move_postmortem(PostmortemEvent::Waive, by) {
            return;
        }
        if let Some(postmortem) = &mut self.incident.postmortem {
            postmortem.waived = Some(Dropped { by: by.to_owned(), at: self.at, reason });
        }
        self.give_up_postmortem_clocks();
    }

    fn write_postmortem(&mut self, written: Input) {
        let parts = written_parts(&written);
        let Input::WritePostmortem {
            by,
            title,
            summary,
            impact,
            whys,
            root_cause,
            cause,
            lessons,
            follow_up,
            owner,
            ..
        } = written
        else {
            return;
        };
        let before = self.incident.postmortem.as_ref().map(|postmortem| postmortem.status);
        let event = if parts.is_empty() { PostmortemEvent::FollowUp } else { PostmortemEvent::Write };
        if !self.move_postmortem(event, &by) {
            return;
        }
        let Some(postmortem) = &mut self.incident.postmortem else {
            return;
        };
        if parts.iter().any(|part| *part != PostmortemPart::FollowUp) {
            postmortem.authors.insert(by.clone());
        }
        postmortem.title = title.or(postmortem.title.take()).filter(|title| !says_nothing(title));
        postmortem.cause = cause.or(postmortem.cause.take()).filter(|cause| !says_nothing(cause));
        postmortem.follow_up = follow_up.or(postmortem.follow_up);
        take(&mut postmortem.summary, summary);
        take(&mut postmortem.root_cause, root_cause);
        take(&mut postmortem.whys, whys);
        if let Some(impact) = impact {
            for (old, new) in [
                (&mut postmortem.impact.users, impact.users),
                (&mut postmortem.impact.services, impact.services),
                (&mut postmortem.impact.business, impact.business),
            ] {
                take(old, Some(new).filter(|new| !new.is_empty()));
            }
        }
        if let Some(lessons) = lessons {
            for (old, new) in [
                (&mut postmortem.lessons.went_well, lessons.went_well),
                (&mut postmortem.lessons.to_improve, lessons.to_improve),
                (&mut postmortem.lessons.to_change, lessons.to_change),
            ] {
                take(old, Some(new).filter(|new| !new.is_empty()));
            }
        }
        let new_owner = owner.filter(|owner| postmortem.owner.as_ref() != Some(owner));
        if let Some(owner) = &new_owner {
            postmortem.owner = Some(owner.clone());
        }
        self.decide(Verdict::PostmortemWritten { by: by.clone(), parts });
        if let Some(owner) = new_owner {
            self.decide(Verdict::PostmortemOwned { owner, by: by.clone() });
            self.remind_owner("is yours", Trigger::PostmortemDue, "");
        }
        self.review_again(before, &by);
    }

    /// What others had agreed to has changed: they are asked to look again.
    pub(super) fn review_again(&mut self, before: Option<PostmortemStatus>, by: &str) {
        let now = self.incident.postmortem.as_ref().map(|postmortem| postmortem.status);
        if before == Some(PostmortemStatus::Reviewed) && now == Some(PostmortemStatus::InReview) {
            self.ask_for_review(by);
        }
    }

    fn plan_meeting(&mut self, by: &str, mut meeting: Meeting) {
        if !self.move_postmortem(PostmortemEvent::Meet, by) {
            return;
        }
        if let Some(policy) = self.policy.postmortem().and_then(|policy| policy.meeting.as_ref()) {
            if meeting.agenda.is_empty() {
                meeting.agenda.clone_from(&policy.agenda);
            }
            if meeting.attendees.is_empty() {
                let channel = self.postmortem_channel();
                let find = |it| names(self.policy, self.changes, self.incident, it, channel, self.at);
                meeting.attendees = policy.attendees.iter().flat_map(find).collect();
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        meeting.attendees.retain(|name| seen.insert(name.clone()));
        let (at, attendees) = (meeting.at, meeting.attendees.clone());
        self.decide(Verdict::MeetingPlanned { by: by.to_owned(), meeting: at, attendees: attendees.clone() });
        self.finish_clock(ClockKind::Meeting);
        let words = Words { by, deadline: Some(at), points: &meeting.agenda, ..Words::default() };
        let (kind, trigger) = (MessageKind::PostmortemMeeting, Trigger::MeetingPlanned);
        self.tell_by_name(&attendees, kind, Purpose::Inform, trigger, "postmortem.meeting.attendees", words);
        if let Some(postmortem) = &mut self.incident.postmortem {
            postmortem.meeting = Some(meeting);
        }
    }

    /// Reviewers are told, and their time begins.
    fn ask_for_review(&mut self, by: &str) {
        if let Some(target) = self.policy.postmortem_target(ClockKind::Review) {
            self.start_clock(ClockKind::Review, Clock::start(target, self.at, self.policy));
        }
        let deadline = self.incident.clocks.get(&ClockKind::Review).and_then(|clock| clock.deadline);
        let words = Words { by, reason: "is to be reviewed", deadline, ..Words::default() };
        self.tell_reviewers(Purpose::Inform, Trigger::PostmortemSubmitted, "postmortem.reviewers", words);
    }

    fn review_postmortem(&mut self, by: &str, approved: bool, note: &str) {
        let event = if approved { PostmortemEvent::Approve } else { PostmortemEvent::SendBack };
        if !self.move_postmortem(event, by) {
            return;
        }
        self.finish_clock(ClockKind::Review);
        if !approved {
            // Its time may be over; somebody is to put it right all the same.
            self.incident.postmortem_told.reminded = Some(self.at);
            self.incident.postmortem_told.followed_up = None;
        }
        let reason = if approved { "was agreed to" } else { "was sent back" };
        let words = Words { by, text: note, reason, ..Words::default() };
        let (kind, trigger) = (MessageKind::PostmortemReview, Trigger::PostmortemReviewed);
        self.tell_owner(kind, Purpose::Inform, trigger, "postmortem.owner", words);
    }

    fn publish_postmortem(&mut self, by: &str, link: Option<String>) {
        if !self.move_postmortem(PostmortemEvent::Publish, by) {
            return;
        }
        let (at, zone) = (self.at, self.policy.zone());
        let later = self.policy.document().postmortem.as_ref().and_then(|document| document.follow_up.clone());
        let later = later.and_then(|later| Clock::start(later, at, self.policy).deadline);
        let Some(postmortem) = &mut self.incident.postmortem else {
            return;
        };
        postmortem.published = Some(Deed { by: by.to_owned(), at });
        let link = link.map(|link| link.trim().to_owned()).filter(|link| !says_nothing(link));
        postmortem.link = link.or(postmortem.link.take());
        postmortem.follow_up = postmortem.follow_up.or_else(|| later.and_then(|later| date_of(later, zone)));
        let (link, summary) = (postmortem.link.clone(), postmortem.summary.clone());
        self.finish_clock(ClockKind::Postmortem);
        for kind in [ClockKind::Review, ClockKind::Meeting] {
            self.cancel_clock(kind);
        }
        self.incident.postmortem_told.reminded = Some(at);
        let trigger = Trigger::PostmortemPublished;
        self.emit(trigger, "", Action::PostmortemPublished { by: by.to_owned(), link: link.clone() });
        let points = self.open_action_lines();
        let reason = link.as_deref().unwrap_or_default();
        let words = Words { by, reason, text: &summary, points: &points, ..Words::default() };
        for route in self.policy.postmortem().map_or(&[][..], |policy| &policy.publish_to) {
            if !self.holds(route.when.as_ref(), &route.entry).0 {
                self.decide(Verdict::RouteClosed { entry: route.entry.clone() });
                continue;
            }
            let (kind, purpose) = (MessageKind::PostmortemPublished, Purpose::Inform);
            let message = Message { kind, purpose, level: None, trigger, entry: &route.entry, words };
            self.route(route, Part::All, &message);
        }
        self.assign_actions(by);
    }

    /// What is promised of a post-mortem under another policy. It goes on, also where that asks for none.
    pub(super) fn migrate_postmortem(&mut self, old: &Policy) {
        let Some(postmortem) = &self.incident.postmortem else {
            return;
        };
        let (over, planned, required) =
            (postmortem.status.is_over(), postmortem.meeting.is_some(), postmortem.required.at);
        let ended = self.incident.resolved.as_ref().map(|resolved| resolved.at.max(required));
        for kind in ClockKind::OF_POSTMORTEM {
            let target = self.policy.postmortem_target(kind);
            let running = self.incident.clocks.get(&kind).is_some_and(Clock::is_running);
            match (target, running) {
                (Some(target), true) => {
                    let (at, policy) = (self.at, self.policy);
                    if let Some(clock) = self.incident.clocks.get_mut(&kind) {
                        let before = (clock.target.clone(), clock.deadline);
                        clock.carry(old, policy, &target, at);
                        clock.retarget(target, at, policy);
                        let deadline = clock.deadline;
                        if before != (clock.target.clone(), deadline) {
                            self.decide(Verdict::ClockRetargeted { clock: kind, deadline });
                        }
                    }
                }
                (Some(target), false) => {
                    // What nobody promised before counts from the end of the incident; a review from its next handing in.
                    let wanted = match kind {
                        ClockKind::Meeting => !planned,
                        _ => kind == ClockKind::Postmortem,
                    };
                    let promised = old.postmortem_target(kind).is_some();
                    let given_up = |clock: &Clock| matches!(clock.stopped, Some(Stopped::Cancelled(_)));
                    let done = self.incident.clocks.get(&kind).is_some_and(|clock| !given_up(clock));
                    if let Some(ended) = ended.filter(|_| wanted && !over && !promised && !done) {
                        let mut clock = Clock::start(target.clone(), ended, self.policy);
                        clock.retarget(target, self.at, self.policy);
                        self.start_clock(kind, clock);
                    }
                }
                (None, _) => self.cancel_clock(kind),
            }
        }
        if !over {
            self.note_postmortem_due();
        }
    }
}

/// The parts that a command writes.
pub(super) fn written_parts(command: &Input) -> Vec<PostmortemPart> {
    let Input::WritePostmortem { title, summary, impact, whys, root_cause, cause, lessons, follow_up, .. } = command
    else {
        return Vec::new();
    };
    let parts = [
        (title.is_some(), PostmortemPart::Title),
        (summary.is_some(), PostmortemPart::Summary),
        (impact.is_some(), PostmortemPart::Impact),
        (whys.is_some(), PostmortemPart::Whys),
        (root_cause.is_some(), PostmortemPart::RootCause),
        (cause.is_some(), PostmortemPart::Cause),
        (lessons.is_some(), PostmortemPart::Lessons),
        (follow_up.is_some(), PostmortemPart::FollowUp),
    ];
    parts.into_iter().filter_map(|(written, part)| written.then_some(part)).collect()
}

fn take<T>(old: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *old = new;
    }
}

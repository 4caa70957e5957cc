//! Post-mortems: the rules that ask for one, promises that can be kept, and people that there are.

use super::{Compiler, root};
use crate::clock::ClockKind;
use crate::policy::document::{OneOrMany, PostmortemDocument, RouteDocument, Target};
use crate::policy::{Postmortem, PostmortemMeeting, PostmortemRule, PostmortemTimes};
use crate::routing::{Recipient, Route};
use crate::rules::Sight;
use crate::source::Path;

impl Compiler<'_> {
    pub(super) fn postmortem(&mut self) -> Option<Postmortem> {
        self.pausable_clocks();
        let document = self.document.postmortem.as_ref()?;
        let path = root("postmortem");
        let list = path.key("required_when");
        if document.required_when.is_empty() && !self.had_entries(&list) {
            let help = "name at least one condition, or remove `postmortem`";
            self.error("empty_postmortem", "no incident ever needs a post-mortem", help, &list);
        }
        let mut rules = Vec::new();
        for (index, when) in document.required_when.iter().enumerate() {
            let at = list.index(index);
            if let Some(condition) = self.condition(when, Sight::Resolved, &at) {
                rules.push(PostmortemRule { condition, when: when.clone(), entry: at.to_string() });
            }
        }
        let notify = self.postmortem_routes("postmortem.notify", &document.notify, &path.key("notify"));
        let publish_to = self.postmortem_routes("postmortem.publish_to", &document.publish_to, &path.key("publish_to"));
        self.channel(&document.by, &path.key("by"));
        let mut one = |name: &Option<String>, path: &Path| {
            let name = OneOrMany::One(name.clone()?);
            self.recipients(&name, path).pop()
        };
        let owner = one(&document.owner, &path.key("owner"));
        if let Some(Recipient::Address(_) | Recipient::IncidentChannel) = owner {
            let help = "name a person, a team, a role or `responders`";
            self.error("invalid_value", "an address does not see to anything", help, &path.key("owner"));
        }
        let reviewers = match &document.reviewers {
            Some(names) => self.recipients(names, &path.key("reviewers")),
            None => Vec::new(),
        };
        let waived_by = document.waived_by.as_ref().map(|names| {
            let path = path.key("waived_by");
            let recipients = self.recipients(names, &path);
            if recipients.iter().any(|it| matches!(it, Recipient::Address(_) | Recipient::IncidentChannel)) {
                let help = "name people, teams or roles";
                self.error("invalid_value", "an address decides nothing", help, &path);
            }
            recipients
        });
        self.postmortem_targets(document, &path);
        let meeting = document.meeting.as_ref().map(|meeting| {
            let path = path.key("meeting");
            self.target(meeting.within.as_ref(), &path.key("within"));
            let names = OneOrMany::Many(meeting.attendees.clone());
            let attendees =
                if meeting.attendees.is_empty() { Vec::new() } else { self.recipients(&names, &path.key("attendees")) };
            PostmortemMeeting { within: meeting.within.clone(), attendees, agenda: meeting.agenda.clone() }
        });
        let times = PostmortemTimes { remind_every: document.remind_every, chase_every: document.chase_every };
        Some(Postmortem { rules, notify, owner, reviewers, waived_by, meeting, publish_to, times })
    }

    fn postmortem_routes(&mut self, name: &'static str, routes: &[RouteDocument], path: &Path) -> Vec<Route> {
        let mut compiled = Vec::new();
        for (index, route) in routes.iter().enumerate() {
            let at = path.index(index);
            self.at_all_hours(name, route, &at);
            compiled.push(self.route(route, &at));
        }
        compiled
    }

    fn postmortem_targets(&mut self, document: &PostmortemDocument, path: &Path) {
        self.target(document.due.as_ref(), &path.key("due"));
        self.target(document.review_within.as_ref(), &path.key("review_within"));
        if document.review_within.is_some() && document.reviewers.is_none() {
            let help = "add `reviewers:`, such as a team";
            self.error(
                "nobody_reviews",
                "a review is promised, and nobody is asked for one",
                help,
                &path.key("review_within"),
            );
        }
        self.target(document.follow_up.as_ref(), &path.key("follow_up"));
        if let Some(Target::Within(follow_up)) = &document.follow_up
            && *follow_up >= document.keep_at_most
        {
            let message = format!(
                "the follow-up comes after {follow_up}, and the incident is kept for {} at the most",
                document.keep_at_most
            );
            self.error(
                "forgotten_too_early",
                message,
                "lengthen `keep_at_most`, or shorten `follow_up`",
                &path.key("follow_up"),
            );
        }
        for (every, key) in [(document.remind_every, "remind_every"), (document.chase_every, "chase_every")] {
            if let Some(every) = every {
                self.not_too_short(every, &path.key(key));
            }
        }
    }

    /// A pause stops promises of an open incident; those of its post-mortem begin when it is over.
    fn pausable_clocks(&mut self) {
        let path = root("pausing").key("clocks");
        for (index, clock) in self.document.pausing.clocks.iter().enumerate() {
            if ClockKind::OF_POSTMORTEM.contains(clock) {
                let message = format!("the clock `{clock}` never stands still: it runs when the incident is over");
                self.error("never_paused", message, "remove it", &path.index(index));
            }
        }
    }
}

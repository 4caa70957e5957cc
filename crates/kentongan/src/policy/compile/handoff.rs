//! The hand-off: roles that there are, points with names of their own, and times that are not too short.

use std::collections::BTreeSet;

use super::{Compiler, root};
use crate::routing::{Recipient, Route};
use crate::source::did_you_mean;

impl Compiler<'_> {
    /// Checks the hand-off; the routes of those who are told besides.
    pub(super) fn handoff(&mut self) -> Vec<Route> {
        let document = self.document;
        let Some(handoff) = &document.handoff else {
            return Vec::new();
        };
        let path = root("handoff");
        for (index, role) in handoff.roles.iter().enumerate() {
            if !self.exists(&root("on_call").key(role)) {
                let help = did_you_mean(role, document.on_call.keys().map(String::as_str));
                let message = format!("unknown on-call role `{role}`");
                self.error("unknown_on_call", message, help, &path.key("roles").index(index));
            }
        }
        if handoff.roles.is_empty() && !self.had_entries(&path.key("roles")) {
            let help = "name an on-call role, such as `primary`";
            self.error("empty_handoff", "the hand-off is of no role", help, &path.key("roles"));
        }
        let mut seen = BTreeSet::new();
        for (index, point) in handoff.points.iter().enumerate() {
            if !seen.insert(&point.id) {
                let message = format!("two points are called `{}`", point.id);
                let at = path.key("points").index(index).key("id");
                self.error("duplicate_name", message, "give each a name of its own", &at);
            }
        }
        if handoff.points.is_empty() && !self.had_entries(&path.key("points")) {
            let message = "the hand-off has no points, so nobody can confirm it";
            self.error("empty_handoff", message, "add at least one point", &path.key("points"));
        }
        self.channel(&handoff.by, &path.key("by"));
        if let Some(every) = handoff.remind_every {
            self.not_too_short(every, &path.key("remind_every"));
        }
        if let Some(within) = handoff.within {
            self.not_too_short(within, &path.key("within"));
        }
        let mut routes = Vec::new();
        for (index, route) in handoff.notify.iter().enumerate() {
            let path = path.key("notify").index(index);
            let route = self.route(route, &path);
            let of_incident = |to: &Recipient| {
                matches!(to, Recipient::Responders | Recipient::ServiceOwner | Recipient::IncidentChannel)
            };
            if route.when.is_some() || route.throttle.is_some() || route.to.iter().any(of_incident) {
                let message = "a hand-off belongs to no incident";
                let help = "name people, teams, on-call roles or addresses, without a condition or a throttle";
                self.error("invalid_value", message, help, &path);
            }
            routes.push(route);
        }
        routes
    }
}

//! Severities and their routes: what is promised, and who is told of what.

use super::{Compiler, root};

use crate::routing::{Recipient, Route, Throttle};
use crate::rules::Sight;
use crate::source::{Node, Path, did_you_mean};

use crate::policy::document::{
    DeclarationDocument, Declare, Occasion, OneOrMany, PublicNotice, PublicPart, RouteDocument, SeverityDocument,
    Target, ThrottleDocument,
};
use crate::policy::names::{self};
use crate::policy::{PAGE_CEILING_DEFAULT, Severity, SeverityIndex};
use crate::text::says_nothing;

impl Compiler<'_> {
    pub(super) fn recipients(&mut self, names: &OneOrMany, path: &Path) -> Vec<Recipient> {
        let list = names.as_slice();
        if list.is_empty() && !self.had_entries(path) {
            self.error("empty_level", "nobody is named", "name a person, a team, an on-call role or an address", path);
        }
        let mut recipients = Vec::new();
        for (index, name) in list.iter().enumerate() {
            let path = if matches!(names, OneOrMany::One(_)) { path.clone() } else { path.index(index) };
            match names::recipient(self.document, name) {
                Ok(recipient) if recipients.contains(&recipient) => {
                    self.error("duplicate_name", format!("`{name}` is named twice"), "remove one of them", &path);
                }
                Ok(recipient) => recipients.push(recipient),
                Err(unresolved) => {
                    let entry = |section: &str, name: &str| self.exists(&root(section).key(name));
                    let broken_elsewhere = entry("people", name)
                        || entry("teams", name)
                        || name.strip_prefix("on-call.").is_some_and(|role| entry("on_call", role))
                        || name.strip_prefix("role.").is_some_and(|role| entry("roles", role));
                    if !broken_elsewhere {
                        self.unresolved(unresolved, &path);
                    }
                }
            }
        }
        recipients
    }

    pub(super) fn route(&mut self, route: &RouteDocument, path: &Path) -> Route {
        self.channel(&route.channel, path);
        let to = self.recipients(&route.to, &path.key(&route.channel));
        if to.contains(&Recipient::IncidentChannel)
            && self.document.declaration.as_ref().is_none_or(|d| d.open_channel.is_none())
        {
            self.error(
                "missing_declaration",
                "no channel is opened for incidents",
                "add `declaration: { open_channel: … }`",
                path,
            );
        }
        if route.on.is_empty() && !self.had_entries(&path.key("on")) {
            self.error(
                "invalid_value",
                "a route on no occasion is never used",
                "name an occasion, or remove `on`",
                &path.key("on"),
            );
        }
        let when = route.when.as_deref().and_then(|when| self.condition(when, Sight::Incident, &path.key("when")));
        let window = self.window(route.during.as_ref(), route.otherwise.as_ref(), path);
        let throttle =
            route.throttle.as_ref().map(|throttle| self.throttle(throttle, &route.on, &path.key("throttle")));
        Route {
            channel: route.channel.clone(),
            to,
            on: route.on.clone(),
            when,
            window,
            throttle,
            entry: path.to_string(),
        }
    }

    fn throttle(&mut self, throttle: &ThrottleDocument, on: &[Occasion], path: &Path) -> Throttle {
        let every = path.key("every");
        self.not_too_short(throttle.every, if self.exists(&every) { &every } else { path });
        if on.iter().all(|occasion| matches!(occasion, Occasion::Open | Occasion::Resolve)) {
            self.error(
                "nothing_throttled",
                "neither an alarm nor the end of an incident is ever throttled, and the route has no other occasion",
                "remove `throttle`, or add occasions such as `on: [open, update, breach]`",
                path,
            );
        }
        let when = throttle.when.as_deref().and_then(|when| self.condition(when, Sight::Incident, &path.key("when")));
        Throttle { every: throttle.every, when }
    }

    pub(super) fn severities(&mut self) -> Vec<Severity> {
        let document = self.document;
        let section = root("severities");
        let written = self.tree.node(&section);
        if document.severities.is_empty() && written.is_some_and(Node::is_empty_mapping) {
            self.error(
                "empty_severities",
                "the policy has no severity",
                "define at least one under `severities:`",
                &section,
            );
        }
        let mut severities = Vec::new();
        for (position, (name, severity)) in document.severities.iter().enumerate() {
            let path = root("severities").key(name);
            self.severity(name, severity, &path);
            let notify = path.key("notify");
            let routes = severity
                .notify
                .iter()
                .enumerate()
                .map(|(index, route)| self.route(route, &notify.index(index)))
                .collect();
            self.severity_windows(position, severity, &path);
            let worst = position == 0;
            let when = path.key("public").key("when");
            let public_when = severity.public.when.as_deref();
            let public_when = public_when.and_then(|source| self.condition(source, Sight::Incident, &when));
            severities.push(Severity {
                name: name.clone(),
                index: SeverityIndex(position),
                document: severity.clone(),
                routes,
                public_when,
                window: self.window(severity.during.as_ref(), severity.otherwise.as_ref(), &path),
                page_ceiling: severity.page_ceiling.or(worst.then_some(PAGE_CEILING_DEFAULT)),
            });
        }
        severities
    }

    pub(super) fn severity(&mut self, name: &str, severity: &SeverityDocument, path: &Path) {
        let document = self.document;
        self.channel(&severity.escalate_by, &path.key("escalate_by"));
        if let Some(escalation) = &severity.escalation
            && !self.exists(&root("escalation").key(escalation))
        {
            let help = did_you_mean(escalation, document.escalation.keys().map(String::as_str));
            self.error(
                "unknown_escalation",
                format!("unknown escalation path `{escalation}`"),
                help,
                &path.key("escalation"),
            );
        }
        let tells = severity.notify.iter().any(|route| route.on.contains(&Occasion::Open));
        let unread = severity.notify.is_empty() && self.had_entries(&path.key("notify"));
        if !tells && !unread && severity.escalation.is_none() {
            self.error(
                "silent_severity",
                format!("nobody is told of a `{name}` incident"),
                "add `notify:` or `escalation:`",
                path,
            );
        }
        if severity.declare == Declare::AtOnce && document.declaration.is_none() {
            self.error(
                "missing_declaration",
                "declaring is not defined",
                "add a `declaration:` to the policy",
                &path.key("declare"),
            );
        }
        let page =
            document.declaration.as_ref().is_some_and(|DeclarationDocument { status_page, .. }| status_page.is_some());
        if severity.public.notice.is_the_engine_s() && !page {
            self.error(
                "missing_status_page",
                "there is no status page to tell the public on",
                "add `declaration: { status_page: … }`",
                &path.key("public"),
            );
        }
        if severity.public.when.is_some() && !severity.public.notice.is_the_engine_s() {
            self.error(
                "unused_condition",
                format!("`{}` leaves nothing to a condition", severity.public.notice),
                "write `immediately` or `within 30m`, or remove `when`",
                &path.key("public").key("when"),
            );
        }
        self.public_impact(name, severity, path);
        let targets = &severity.targets;
        let place = path.key("targets");
        self.target(targets.acknowledge.as_ref(), &place.key("acknowledge"));
        self.target(targets.respond.as_ref(), &place.key("respond"));
        self.target(targets.resolve.as_ref(), &place.key("resolve"));
        let pairs =
            [("acknowledge", &targets.acknowledge, &targets.respond), ("respond", &targets.respond, &targets.resolve)];
        for (earlier, first, then) in pairs {
            if let (Some(Target::Within(first)), Some(Target::Within(then))) = (first, then)
                && first > then
            {
                let message =
                    format!("the target to {earlier} is {first}, longer than the {then} of what comes after it");
                self.warn(
                    "target_order",
                    message,
                    "swap them, or lengthen the later one",
                    &path.key("targets").key(earlier),
                );
            }
        }
    }

    /// Where a page must say what the public notices, the severities whose page the engine begins say it.
    fn public_impact(&mut self, name: &str, severity: &SeverityDocument, path: &Path) {
        let (public, place) = (&severity.public, path.key("public"));
        let asked = self.document.updates.public.require.contains(&PublicPart::Impact);
        match &public.impact {
            None if asked && public.notice.is_the_engine_s() => self.error(
                "missing_public_impact",
                format!("the public would be told of a `{name}` incident without its impact, which `updates.public` asks for"),
                "write `public: { notice: …, impact: … }`, with what the public notices, such as `Outage of {{ service }}`",
                &place,
            ),
            Some(_) if public.notice == PublicNotice::Never => self.error(
                "unused_impact",
                format!("the public never reads of a `{name}` incident"),
                "remove `impact`",
                &place.key("impact"),
            ),
            Some(impact) if says_nothing(impact) => self.error(
                "invalid_value",
                "the impact says nothing",
                "say what the public notices, or remove `impact`",
                &place.key("impact"),
            ),
            _ => {}
        }
    }

    pub(super) fn severity_index(&mut self, name: &str, path: &Path) -> Option<SeverityIndex> {
        let index = self.document.severities.get_index_of(name).map(SeverityIndex);
        if index.is_none()
            && (!self.document.severities.is_empty()
                || self.tree.node(&root("severities")).is_some_and(Node::is_empty_mapping))
            && !self.exists(&root("severities").key(name))
        {
            let help = did_you_mean(name, self.document.severities.keys().map(String::as_str));
            self.error("unknown_severity", format!("unknown severity `{name}`"), help, path);
        }
        index
    }
}

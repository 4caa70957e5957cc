//! From the document to the policy: names resolved, conditions and messages compiled, and everything that cannot be
//! right reported. Nothing is half loaded: one error, and there is no policy.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Zone;
use crate::escalation::{Level, Path as EscalationPath};
use crate::limits;
use crate::oncall::Schedule;
use crate::routing::{Messages, Recipient, Route};
use crate::rules::{Condition, Rule, Rules, Sandbox, ScriptError, Sight};
use crate::source::{Diagnostics, Level as Gravity, Node, Path, Tree, did_you_mean};
use crate::time::Duration;

use super::document::{
    DeclarationDocument, Declare, Document, LevelDocument, OneOrMany, PathDocument, PublicNotice,
    RepeatDocument, RouteDocument, SeverityDocument, Target,
};
use super::names::{self, Unresolved};
use super::{PAGE_CEILING_DEFAULT, Policy, Service, Severity, SeverityIndex};

/// The name of the template that makes the channel's name.
pub(crate) const CHANNEL_TEMPLATE: &str = "declaration.open_channel.name";

pub(super) fn compile(
    tree: &Tree,
    decoded: &Tree,
    document: Document,
    read: &dyn Fn(&str) -> Option<String>,
    diagnostics: &mut Diagnostics,
) -> Option<Policy> {
    let mut compiler = Compiler {
        tree,
        decoded,
        document: &document,
        diagnostics,
        sandbox: Sandbox::new(),
    };
    let script = compiler.script(read);
    let zone = compiler.zone();
    compiler.people();
    compiler.services();
    compiler.bounds();
    let roles = compiler.roles();
    let severities = compiler.severities();
    let rules = compiler.rules();
    let paths = compiler.paths();
    let last_resort = compiler.last_resort();
    let faults = root("on_fault");
    let on_fault = document
        .on_fault
        .iter()
        .enumerate()
        .map(|(index, route)| compiler.route(route, &faults.index(index)))
        .collect();
    let messages = compiler.messages();
    let sandbox = compiler.sandbox;
    let schedules = document
        .on_call
        .iter()
        .map(|(role, people)| (role.clone(), Schedule::fixed(people.clone())))
        .collect();
    let services = document
        .services
        .iter()
        .map(|(name, service)| {
            (
                name.clone(),
                Service {
                    document: service.clone(),
                },
            )
        })
        .collect();
    Some(Policy {
        digest: super::digest(tree, &script),
        zone: zone?,
        rules: rules?,
        sandbox,
        severities,
        services,
        schedules,
        roles,
        paths,
        last_resort,
        on_fault,
        messages,
        warnings: Diagnostics::default(),
        document,
    })
}

struct Compiler<'a> {
    /// The document as written.
    tree: &'a Tree,
    /// What of it could be decoded. Paths lead through this one, since the document's lists are as long as its lists.
    decoded: &'a Tree,
    document: &'a Document,
    diagnostics: &'a mut Diagnostics,
    sandbox: Sandbox,
}

fn root(name: &str) -> Path {
    Path::default().key(name)
}

impl Compiler<'_> {
    fn report(
        &mut self,
        gravity: Gravity,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
        path: &Path,
    ) {
        let path = self.decoded.written(path, self.tree);
        let span = self.tree.span(&path);
        self.diagnostics.push(self.tree.diagnostic(
            gravity,
            code,
            message.into(),
            help.into(),
            &path,
            &span,
        ));
    }

    fn error(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
        path: &Path,
    ) {
        self.report(Gravity::Error, code, message, Some(help.into()), path);
    }

    fn warn(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
        path: &Path,
    ) {
        self.report(Gravity::Warning, code, message, Some(help.into()), path);
    }

    fn unresolved(&mut self, unresolved: Unresolved, path: &Path) {
        self.error(unresolved.code, unresolved.message, unresolved.help, path);
    }

    /// Whether the document has such an entry, even one that could not be decoded: that error is reported already.
    fn exists(&self, path: &Path) -> bool {
        let path = self.decoded.written(path, self.tree);
        self.tree.node(&path).is_some()
    }

    /// Whether a list that came out empty had entries, which could not be decoded.
    fn had_entries(&self, list: &Path) -> bool {
        let list = self.decoded.written(list, self.tree);
        self.tree.node(&list.index(0)).is_some()
    }

    fn script(&mut self, read: &dyn Fn(&str) -> Option<String>) -> String {
        let Some(file) = &self.document.script else {
            return String::new();
        };
        let path = root("script");
        let Some(text) = read(file) else {
            self.error(
                "missing_script",
                format!("the script `{file}` cannot be read"),
                "put it beside the policy, or remove the entry",
                &path,
            );
            return String::new();
        };
        if let Err(error) = self.sandbox.define(&text) {
            let message = format!(
                "`{file}`, line {}, column {}: {}",
                error.line, error.column, error.message
            );
            self.report(Gravity::Error, "invalid_script", message, error.help, &path);
        }
        text
    }

    fn zone(&mut self) -> Option<Zone> {
        let zone = Zone::named(&self.document.timezone);
        if zone.is_none() {
            let names = Zone::names();
            let near =
                crate::source::nearest(&self.document.timezone, names.iter().map(String::as_str));
            let help = near.map_or_else(
                || "use a name of the IANA database, such as `Asia/Jakarta`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.error(
                "unknown_timezone",
                format!("unknown time zone `{}`", self.document.timezone),
                help,
                &root("timezone"),
            );
        }
        zone
    }

    fn person(&mut self, name: &str, path: &Path) {
        if !self.exists(&root("people").key(name)) {
            let help = did_you_mean(name, self.document.people.keys().map(String::as_str));
            self.error(
                "unknown_person",
                format!("unknown person `{name}`"),
                help,
                path,
            );
        }
    }

    fn people(&mut self) {
        let document = self.document;
        for (name, person) in &document.people {
            let path = root("people").key(name);
            self.contacts(&person.contacts, &path.key("contacts"));
            if document.teams.contains_key(name) {
                self.error(
                    "duplicate_name",
                    format!("`{name}` is a person and a team"),
                    "rename one of them",
                    &path,
                );
            }
            if person.contacts.is_empty() {
                self.warn(
                    "unreachable_person",
                    format!("`{name}` has no contacts, so nothing can reach them"),
                    "add `contacts:`",
                    &path,
                );
            }
        }
        for (name, team) in &document.teams {
            let path = root("teams").key(name);
            self.contacts(&team.contacts, &path.key("contacts"));
            for (index, member) in team.members.iter().enumerate() {
                self.person(member, &path.key("members").index(index));
            }
            if team.contacts.is_empty() && team.members.is_empty() {
                self.warn(
                    "empty_team",
                    format!("the team `{name}` has neither members nor contacts"),
                    "add `members:` or `contacts:`",
                    &path,
                );
            }
        }
        for (role, people) in &document.on_call {
            let path = root("on_call").key(role);
            if role == "all" {
                self.error(
                    "reserved_name",
                    "`all` already stands for every on-call role",
                    "rename the role",
                    &path,
                );
            }
            let mut seen = BTreeSet::new();
            for (index, name) in people.iter().enumerate() {
                self.person(name, &path.index(index));
                if !seen.insert(name) {
                    self.error(
                        "duplicate_name",
                        format!("`{name}` is listed twice"),
                        "remove one of them",
                        &path.index(index),
                    );
                }
            }
            if people.is_empty() {
                self.warn(
                    "empty_on_call",
                    format!("nobody is on call as `{role}`; its levels are passed over"),
                    "name at least one person",
                    &path,
                );
            }
        }
        for (name, channel) in &document.channels {
            for (index, fallback) in channel.fallback.iter().enumerate() {
                self.channel(
                    fallback,
                    &root("channels").key(name).key("fallback").index(index),
                );
            }
        }
    }

    fn contacts<'c>(
        &mut self,
        contacts: impl IntoIterator<Item = (&'c String, &'c String)>,
        path: &Path,
    ) {
        for (channel, address) in contacts {
            self.channel(channel, &path.key(channel));
            if address.trim().is_empty() || address.chars().any(char::is_control) {
                let message = format!("`{}` is not an address", address.escape_debug());
                self.error(
                    "invalid_address",
                    message,
                    "write it on one line, without control characters",
                    &path.key(channel),
                );
            }
        }
    }

    fn channel(&mut self, name: &str, path: &Path) {
        if let Err(unresolved) = names::channel(self.document, name)
            && !self.exists(&root("channels").key(name))
        {
            self.unresolved(unresolved, path);
        }
    }

    fn services(&mut self) {
        let document = self.document;
        for (name, service) in &document.services {
            let Some(owner) = &service.owner else {
                continue;
            };
            if !self.exists(&root("people").key(owner)) && !self.exists(&root("teams").key(owner)) {
                let help = did_you_mean(
                    owner,
                    document
                        .teams
                        .keys()
                        .chain(document.people.keys())
                        .map(String::as_str),
                );
                let path = root("services").key(name).key("owner");
                self.error(
                    "unknown_owner",
                    format!("unknown owner `{owner}`"),
                    help,
                    &path,
                );
            }
        }
        for (index, field) in document.group_by.iter().enumerate() {
            let fields = ["service", "name", "source", "key"];
            let label = field
                .strip_prefix("labels.")
                .is_some_and(|label| !label.is_empty());
            if !fields.contains(&field.as_str()) && !label {
                let help = match crate::source::nearest(field, fields) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "use `service`, `name`, `source`, `key` or `labels.<label>`".to_owned(),
                };
                self.error(
                    "unknown_field",
                    format!("alerts cannot be grouped by `{field}`"),
                    help,
                    &root("group_by").index(index),
                );
            }
        }
    }

    /// The lengths of time that must not be too short.
    fn bounds(&mut self) {
        let document = self.document;
        self.not_too_short(document.remind_open_every, &root("remind_open_every"));
        for (index, percent) in document.warn_at.iter().enumerate() {
            if !(1..=99).contains(percent) {
                self.error(
                    "invalid_value",
                    format!("{percent} % is not a fraction at which to warn"),
                    "use 1 to 99",
                    &root("warn_at").index(index),
                );
            }
        }
        for (name, severity) in &document.severities {
            let path = root("severities").key(name);
            if let Some(ceiling) = severity.page_ceiling {
                self.not_too_short(ceiling, &path.key("page_ceiling"));
            }
            if let Some(every) = severity.update_every {
                self.not_too_short(every, &path.key("update_every"));
            }
        }
    }

    fn not_too_short(&mut self, length: Duration, path: &Path) {
        let least = Duration::from_millis(limits::REPEAT_MILLIS_MIN);
        if length < least {
            self.error(
                "too_often",
                format!("{length} is too short a time between repeats"),
                format!("use at least {least}"),
                path,
            );
        }
    }

    fn repeat(&mut self, repeat: Option<RepeatDocument>, path: &Path) {
        let Some(repeat) = repeat else { return };
        self.not_too_short(repeat.every, &path.key("repeat").key("every"));
        if repeat.times == Some(0) {
            self.error(
                "invalid_value",
                "a repeat of no times does nothing",
                "remove the `repeat`",
                &path.key("repeat").key("times"),
            );
        }
    }

    fn recipients(&mut self, names: &OneOrMany, path: &Path) -> Vec<Recipient> {
        let list = names.as_slice();
        if list.is_empty() && !self.had_entries(path) {
            self.error(
                "empty_level",
                "nobody is named",
                "name a person, a team, an on-call role or an address",
                path,
            );
        }
        let mut recipients = Vec::new();
        for (index, name) in list.iter().enumerate() {
            let path = if matches!(names, OneOrMany::One(_)) {
                path.clone()
            } else {
                path.index(index)
            };
            match names::recipient(self.document, name) {
                Ok(recipient) if recipients.contains(&recipient) => {
                    self.error(
                        "duplicate_name",
                        format!("`{name}` is named twice"),
                        "remove one of them",
                        &path,
                    );
                }
                Ok(recipient) => recipients.push(recipient),
                Err(unresolved) => {
                    let entry = |section: &str, name: &str| self.exists(&root(section).key(name));
                    let broken_elsewhere = entry("people", name)
                        || entry("teams", name)
                        || name
                            .strip_prefix("on-call.")
                            .is_some_and(|role| entry("on_call", role))
                        || name
                            .strip_prefix("role.")
                            .is_some_and(|role| entry("roles", role));
                    if !broken_elsewhere {
                        self.unresolved(unresolved, &path);
                    }
                }
            }
        }
        recipients
    }

    fn roles(&mut self) -> BTreeMap<String, Recipient> {
        let mut roles = BTreeMap::new();
        let document = self.document;
        for (name, role) in &document.roles {
            let path = root("roles").key(name).key("held_by");
            let held_by = OneOrMany::One(role.held_by.clone());
            match self.recipients(&held_by, &path).pop() {
                Some(Recipient::Role(_) | Recipient::Responders | Recipient::IncidentChannel) => {
                    self.error(
                        "invalid_value",
                        "a role is held by people",
                        "name a person, a team or an on-call role",
                        &path,
                    );
                }
                Some(recipient) => drop(roles.insert(name.clone(), recipient)),
                None => {}
            }
        }
        roles
    }

    fn condition(&mut self, source: &str, sight: Sight, path: &Path) -> Option<Condition> {
        match self.sandbox.compile(source, sight) {
            Ok(condition) => Some(condition),
            Err(error) => {
                self.script_error(source, &error, path);
                None
            }
        }
    }

    /// Places an error inside a condition on the very character, also where YAML folds the condition over lines.
    fn script_error(&mut self, source: &str, error: &ScriptError, path: &Path) {
        let path = self.decoded.written(path, self.tree);
        let mut span = self.tree.span(&path);
        let mut message = error.message.clone();
        let exact = span
            .range
            .clone()
            .zip(self.tree.text())
            .and_then(|(range, text)| {
                let raw = text.get(range.clone())?;
                let at = range.start + offset_in(raw, source, error.line, error.column)?;
                Some((at, text.get(..at)?))
            });
        match exact {
            Some((at, before)) => {
                let line = before.rsplit('\n').next().unwrap_or_default();
                span.line = before.matches('\n').count() + 1;
                span.column = line.chars().count() + 1;
                span.range = span.range.map(|range| at..(at + 1).min(range.end).max(at));
            }
            None if self.tree.text().is_some() || source.contains('\n') => {
                message = format!(
                    "{message} (line {}, column {} of the condition)",
                    error.line, error.column
                );
            }
            None => message = format!("{message} (column {} of the condition)", error.column),
        }
        self.diagnostics.push(self.tree.diagnostic(
            Gravity::Error,
            error.code,
            message,
            error.help.clone(),
            &path,
            &span,
        ));
    }

    fn route(&mut self, route: &RouteDocument, path: &Path) -> Route {
        self.channel(&route.channel, path);
        let to = self.recipients(&route.to, &path.key(&route.channel));
        if to.contains(&Recipient::IncidentChannel)
            && self
                .document
                .declaration
                .as_ref()
                .is_none_or(|d| d.open_channel.is_none())
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
        let when = route
            .when
            .as_deref()
            .and_then(|when| self.condition(when, Sight::Incident, &path.key("when")));
        Route {
            channel: route.channel.clone(),
            to,
            on: route.on.clone(),
            when,
            entry: path.to_string(),
        }
    }

    fn severities(&mut self) -> Vec<Severity> {
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
            let worst = position == 0;
            severities.push(Severity {
                name: name.clone(),
                index: SeverityIndex(position),
                document: severity.clone(),
                routes,
                page_ceiling: severity
                    .page_ceiling
                    .or(worst.then_some(PAGE_CEILING_DEFAULT)),
            });
        }
        severities
    }

    fn severity(&mut self, name: &str, severity: &SeverityDocument, path: &Path) {
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
        if severity.notify.is_empty()
            && severity.escalation.is_none()
            && !self.exists(&path.key("notify"))
        {
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
        let page = document
            .declaration
            .as_ref()
            .is_some_and(|DeclarationDocument { status_page, .. }| status_page.is_some());
        if matches!(
            severity.public,
            PublicNotice::Immediately | PublicNotice::Within(_)
        ) && !page
        {
            self.error(
                "missing_status_page",
                "there is no status page to tell the public on",
                "add `declaration: { status_page: … }`",
                &path.key("public"),
            );
        }
        let targets = &severity.targets;
        let pairs = [
            ("acknowledge", targets.acknowledge, targets.respond),
            ("respond", targets.respond, targets.resolve),
        ];
        for (earlier, first, then) in pairs {
            if let (Some(Target::Within(first)), Some(Target::Within(then))) = (first, then)
                && first > then
            {
                let message = format!(
                    "the target to {earlier} is {first}, longer than the {then} of what comes after it"
                );
                self.warn(
                    "target_order",
                    message,
                    "swap them, or lengthen the later one",
                    &path.key("targets").key(earlier),
                );
            }
        }
    }

    fn severity_index(&mut self, name: &str, path: &Path) -> Option<SeverityIndex> {
        let index = self
            .document
            .severities
            .get_index_of(name)
            .map(SeverityIndex);
        if index.is_none()
            && (!self.document.severities.is_empty()
                || self
                    .tree
                    .node(&root("severities"))
                    .is_some_and(Node::is_empty_mapping))
            && !self.exists(&root("severities").key(name))
        {
            let help = did_you_mean(name, self.document.severities.keys().map(String::as_str));
            self.error(
                "unknown_severity",
                format!("unknown severity `{name}`"),
                help,
                path,
            );
        }
        index
    }

    fn rules(&mut self) -> Option<Rules> {
        let document = self.document;
        let mut list: Vec<Rule> = Vec::new();
        let mut ids = BTreeSet::new();
        let mut default = None;
        for (index, rule) in document.classify.iter().enumerate() {
            let path = root("classify").index(index);
            if rule.default.is_none() && self.exists(&path.key("default")) {
                continue;
            }
            if let Some(name) = &rule.default {
                let last = index + 1 == document.classify.len();
                if !last {
                    self.error(
                        "misplaced_default",
                        "what stands after the default is never tried",
                        "move `default` to the end",
                        &path,
                    );
                }
                if rule.when.is_some() || rule.severity.is_some() {
                    self.error(
                        "misplaced_default",
                        "a default has no condition of its own",
                        "make it an entry of its own",
                        &path,
                    );
                }
                default = self.severity_index(name, &path.key("default"));
                continue;
            }
            let id = rule
                .id
                .clone()
                .unwrap_or_else(|| format!("rule-{}", index + 1));
            if !ids.insert(id.clone()) {
                self.error(
                    "duplicate_name",
                    format!("two rules are called `{id}`"),
                    "rename one of them",
                    &path,
                );
            }
            let (Some(when), Some(severity)) = (&rule.when, &rule.severity) else {
                for (field, missing) in [
                    ("when", rule.when.is_none()),
                    ("severity", rule.severity.is_none()),
                ] {
                    if missing && !self.exists(&path.key(field)) {
                        self.error(
                            "missing_field",
                            format!("the rule has no `{field}`"),
                            format!("add `{field}:`"),
                            &path,
                        );
                    }
                }
                continue;
            };
            let severity = self.severity_index(severity, &path.key("severity"));
            let condition = self.condition(when, Sight::Alert, &path.key("when"));
            if let (Some(severity), Some(condition)) = (severity, condition) {
                list.push(Rule {
                    id,
                    entry: path.to_string(),
                    condition,
                    severity,
                    because: rule.because.clone(),
                    goes_on: rule.goes_on,
                });
            }
        }
        let written = self.tree.node(&root("classify"));
        if !document.classify.iter().any(|rule| rule.default.is_some())
            && written.is_some_and(|classify| classify.no_entry_has("default"))
        {
            self.error(
                "missing_default",
                "an alert that no rule matches has no severity",
                "end `classify` with `- default: <severity>`",
                &root("classify"),
            );
        }
        default.map(|default| Rules {
            list,
            default,
            when_unsure: document.when_unsure,
        })
    }

    fn paths(&mut self) -> BTreeMap<String, EscalationPath> {
        let document = self.document;
        let mut paths = BTreeMap::new();
        for (name, path_document) in &document.escalation {
            let path = root("escalation").key(name);
            let used = document
                .severities
                .values()
                .any(|severity| severity.escalation.as_ref() == Some(name));
            if !used {
                self.warn(
                    "unused_escalation",
                    format!("no severity uses the path `{name}`"),
                    "name it in a severity's `escalation`, or remove it",
                    &path,
                );
            }
            if let Some(compiled) = self.path(path_document, &path) {
                paths.insert(name.clone(), compiled);
            }
        }
        paths
    }

    fn path(&mut self, document: &PathDocument, path: &Path) -> Option<EscalationPath> {
        let list = if self.exists(&path.key("levels")) {
            path.key("levels")
        } else {
            path.clone()
        };
        self.repeat(document.repeat, path);
        if let Some(expires) = document.acknowledge_expires {
            self.not_too_short(expires, &path.key("acknowledge_expires"));
        }
        if document.levels.is_empty() {
            if !self.had_entries(&list) {
                self.error(
                    "empty_path",
                    "the path has no level",
                    "add at least one",
                    &list,
                );
            }
            return None;
        }
        let mut levels: Vec<Level> = Vec::new();
        for (index, level) in document.levels.iter().enumerate() {
            let at = list.index(index);
            let compiled = self.level(level, index, &at);
            if levels.iter().any(|earlier| earlier.id == compiled.id) {
                self.error(
                    "duplicate_name",
                    format!("two levels are called `{}`", compiled.id),
                    "rename one of them",
                    &at,
                );
            }
            // A level with a condition of its own comes when that holds, so its place says nothing about its time.
            let by_time = |level: &Level| level.when.is_none();
            if level.when.is_none()
                && let Some(earlier) = levels
                    .iter()
                    .find(|earlier| by_time(earlier) && earlier.after > compiled.after)
            {
                let message = format!(
                    "the level comes {} after opening, before level `{}` above it",
                    compiled.after, earlier.id
                );
                self.warn("level_order", message, "order the levels by `after`", &at);
            }
            levels.push(compiled);
        }
        Some(EscalationPath {
            levels,
            repeat: document.repeat,
            acknowledge_expires: document.acknowledge_expires,
        })
    }

    fn level(&mut self, level: &LevelDocument, index: usize, path: &Path) -> Level {
        let to = self.recipients(&level.notify, &path.key("notify"));
        if let Some(by) = &level.by {
            self.channel(by, &path.key("by"));
        }
        self.repeat(level.repeat, path);
        let when = level
            .when
            .as_deref()
            .and_then(|when| self.condition(when, Sight::Incident, &path.key("when")));
        Level {
            id: level.id.clone().unwrap_or_else(|| (index + 1).to_string()),
            to,
            by: level.by.clone(),
            after: level.after,
            unless: level.unless,
            when,
            repeat: level.repeat,
            entry: path.to_string(),
        }
    }

    fn last_resort(&mut self) -> Vec<Route> {
        let document = self.document;
        let path = root("last_resort");
        if document.last_resort.is_empty() && self.exists(&path) && !self.had_entries(&path) {
            self.error(
                "empty_last_resort",
                "there is nobody to tell when there is nobody to tell",
                "name at least one person or address",
                &path,
            );
        }
        let mut routes = Vec::new();
        for (index, route) in document.last_resort.iter().enumerate() {
            let at = path.index(index);
            let compiled = self.route(route, &at);
            if route.when.is_some() {
                self.error(
                    "weak_last_resort",
                    "the last resort has no condition",
                    "remove `when`",
                    &at.key("when"),
                );
            }
            for recipient in &compiled.to {
                let firm = match recipient {
                    Recipient::Person(name) => document
                        .people
                        .get(name)
                        .is_some_and(|person| !person.contacts.is_empty()),
                    Recipient::Team(name) => document
                        .teams
                        .get(name)
                        .is_some_and(|team| !team.contacts.is_empty() || !team.members.is_empty()),
                    Recipient::Address(_) => true,
                    Recipient::OnCall(_)
                    | Recipient::OnCallAll
                    | Recipient::Role(_)
                    | Recipient::Responders
                    | Recipient::IncidentChannel => false,
                };
                if !firm {
                    let message =
                        format!("`{recipient}` may be nobody just when the last resort is needed");
                    self.error(
                        "weak_last_resort",
                        message,
                        "name a person with contacts, or an address",
                        &at.key(&route.channel),
                    );
                }
            }
            routes.push(compiled);
        }
        routes
    }

    fn messages(&mut self) -> Messages {
        let mut messages = Messages::new();
        let document = self.document;
        for (kind, message) in &document.messages {
            if let Err((part, error)) = messages.replace(*kind, message) {
                let key = serde_json::to_value(kind)
                    .ok()
                    .and_then(|kind| kind.as_str().map(str::to_owned))
                    .unwrap_or_default();
                let text = format!("{} (line {} of the template)", error.message, error.line);
                self.error(
                    "invalid_template",
                    text,
                    error
                        .help
                        .unwrap_or_else(|| "see the fields a message can name".to_owned()),
                    &root("messages").key(key).key(part),
                );
            }
        }
        if let Some(open) = document
            .declaration
            .as_ref()
            .and_then(|declaration| declaration.open_channel.as_ref())
        {
            let path = root("declaration").key("open_channel");
            self.channel(&open.on, &path.key("on"));
            if let Err(error) = messages.define(CHANNEL_TEMPLATE, &open.name) {
                self.error(
                    "invalid_template",
                    error.message,
                    error.help.unwrap_or_else(|| {
                        "use fields such as `{{ service }}` and `{{ date }}`".to_owned()
                    }),
                    &path.key("name"),
                );
            }
        }
        messages
    }
}

/// Where a place in a condition stands in the YAML it was written as.
///
/// YAML changes the white space of a text that goes over lines, and nothing else: the same count of other characters
/// leads to the same place. `None` where the text was written with escapes.
fn offset_in(raw: &str, source: &str, line: usize, column: usize) -> Option<usize> {
    let quoted = raw.starts_with(['"', '\'']);
    let inner = if quoted {
        raw.get(1..raw.len().checked_sub(1)?)?
    } else {
        raw
    };
    let visible = |text: &str| {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .collect::<Vec<_>>()
    };
    if visible(inner) != visible(source) {
        return None;
    }
    let lines: Vec<&str> = source.split('\n').collect();
    let above: usize = lines
        .iter()
        .take(line.saturating_sub(1))
        .map(|line| visible(line).len())
        .sum();
    let inside = lines
        .get(line.saturating_sub(1))
        .copied()
        .unwrap_or_default();
    let left: String = inside.chars().take(column.saturating_sub(1)).collect();
    let count = above + visible(&left).len();
    // Past the last character is where something is missing.
    let at = inner
        .char_indices()
        .filter(|(_, c)| !c.is_whitespace())
        .nth(count)
        .map_or_else(|| inner.trim_end().len(), |(at, _)| at);
    Some(at + usize::from(quoted))
}

//! People, teams, on-call roles, roles and services: whom a policy can name, and whether they can be reached.

use super::{Compiler, root};
use std::collections::BTreeMap;

use crate::policy::Role;
use crate::routing::Recipient;
use crate::source::{Path, did_you_mean};

use crate::policy::document::OneOrMany;
use crate::policy::names::{self};

impl Compiler<'_> {
    pub(super) fn person(&mut self, name: &str, path: &Path) {
        if !self.exists(&root("people").key(name)) {
            let help = did_you_mean(name, self.document.people.keys().map(String::as_str));
            self.error("unknown_person", format!("unknown person `{name}`"), help, path);
        }
    }

    pub(super) fn people(&mut self) {
        let document = self.document;
        for (name, person) in &document.people {
            let path = root("people").key(name);
            self.contacts(&person.contacts, &path.key("contacts"));
            if document.teams.contains_key(name) {
                self.error("duplicate_name", format!("`{name}` is a person and a team"), "rename one of them", &path);
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
        for (name, channel) in &document.channels {
            for (index, fallback) in channel.fallback.iter().enumerate() {
                self.channel(fallback, &root("channels").key(name).key("fallback").index(index));
            }
        }
    }

    pub(super) fn contacts<'c>(&mut self, contacts: impl IntoIterator<Item = (&'c String, &'c String)>, path: &Path) {
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

    pub(super) fn channel(&mut self, name: &str, path: &Path) {
        if let Err(unresolved) = names::channel(self.document, name)
            && !self.exists(&root("channels").key(name))
        {
            self.unresolved(unresolved, path);
        }
    }

    pub(super) fn services(&mut self) {
        let document = self.document;
        for (name, service) in &document.services {
            let Some(owner) = &service.owner else {
                continue;
            };
            if !self.exists(&root("people").key(owner)) && !self.exists(&root("teams").key(owner)) {
                let help = did_you_mean(owner, document.teams.keys().chain(document.people.keys()).map(String::as_str));
                let path = root("services").key(name).key("owner");
                self.error("unknown_owner", format!("unknown owner `{owner}`"), help, &path);
            }
        }
        for (index, field) in document.group_by.iter().enumerate() {
            let fields = ["service", "name", "source", "key"];
            let label = field.strip_prefix("labels.").is_some_and(|label| !label.is_empty());
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

    pub(super) fn roles(&mut self) -> BTreeMap<String, Role> {
        let mut roles = BTreeMap::new();
        let document = self.document;
        for (name, role) in &document.roles {
            let path = root("roles").key(name);
            let held_by = role.held_by.clone().and_then(|held_by| {
                let path = path.key("held_by");
                let recipient = self.recipients(&OneOrMany::One(held_by), &path).pop()?;
                if matches!(
                    recipient,
                    Recipient::Role(_) | Recipient::Responders | Recipient::ServiceOwner | Recipient::IncidentChannel
                ) {
                    let help = "name a person, a team or an on-call role";
                    self.error("invalid_value", "a role is held by people", help, &path);
                    return None;
                }
                Some(recipient)
            });
            for (index, severity) in role.required_for.iter().enumerate() {
                let _ = self.severity_index(severity, &path.key("required_for").index(index));
            }
            self.not_too_short(role.remind_every, &path.key("remind_every"));
            for key in ["within", "remind_every", "notify"] {
                if role.required_for.is_empty()
                    && self.exists(&path.key(key))
                    && !self.had_entries(&path.key("required_for"))
                {
                    let message = format!("`{key}` is for a role that somebody must hold");
                    let help = "add `required_for: [ … ]` with the severities, or remove it";
                    self.error("role_not_required", message, help, &path.key(key));
                }
            }
            let mut notify = Vec::new();
            for (index, route) in role.notify.iter().enumerate() {
                let path = path.key("notify").index(index);
                self.at_all_hours("roles.notify", route, &path);
                notify.push(self.route(route, &path));
            }
            roles.insert(name.clone(), Role { held_by, document: role.clone(), notify });
        }
        roles
    }
}

//! The names a policy defines, and what a name that is used stands for.

use crate::routing::Recipient;
use crate::source::{did_you_mean, nearest};

use super::BUILT_IN_CHANNELS;
use super::document::Document;

/// Why a name does not stand for anything, and what to do.
pub(super) struct Unresolved {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: String,
}

/// What the name of a recipient stands for.
///
/// Names are people and teams; `on-call.<role>`, `role.<role>`, `responders`, `service.owner` and `incident.channel` are resolved when
/// they are used; what looks like an address (`#incidents`, `a@b.org`, `+62…`, `org/repository`, `https://…`) is one.
pub(super) fn recipient(document: &Document, name: &str) -> Result<Recipient, Unresolved> {
    let unresolved = |code, message: String, help: String| Err(Unresolved { code, message, help });
    if name.chars().any(char::is_control) {
        return unresolved(
            "invalid_address",
            format!("`{}` has a control character in it", name.escape_debug()),
            "remove it".to_owned(),
        );
    }
    match name {
        "" => {
            return unresolved(
                "unknown_recipient",
                "a recipient is empty".to_owned(),
                "name a person, a team or an address".to_owned(),
            );
        }
        "on-call.all" => return Ok(Recipient::OnCallAll),
        "responders" => return Ok(Recipient::Responders),
        "service.owner" => return Ok(Recipient::ServiceOwner),
        "incident.channel" => return Ok(Recipient::IncidentChannel),
        _ => {}
    }
    if let Some(role) = name.strip_prefix("on-call.") {
        if document.on_call.contains_key(role) {
            return Ok(Recipient::OnCall(role.to_owned()));
        }
        if let Some(role) = role.strip_suffix(".next").filter(|role| document.on_call.contains_key(*role)) {
            return Ok(Recipient::NextOnCall(role.to_owned()));
        }
        let known = document.on_call.keys().map(String::as_str);
        return unresolved(
            "unknown_on_call",
            format!("unknown on-call role `{role}`"),
            did_you_mean(role, known.chain(["all"])),
        );
    }
    if let Some(role) = name.strip_prefix("role.") {
        if document.roles.contains_key(role) {
            return Ok(Recipient::Role(role.to_owned()));
        }
        return unresolved(
            "unknown_role",
            format!("unknown role `{role}`"),
            did_you_mean(role, document.roles.keys().map(String::as_str)),
        );
    }
    if document.people.contains_key(name) {
        return Ok(Recipient::Person(name.to_owned()));
    }
    if document.teams.contains_key(name) {
        return Ok(Recipient::Team(name.to_owned()));
    }
    if name.starts_with(['#', '+']) || name.contains(['@', '/', ':']) {
        return Ok(Recipient::Address(name.to_owned()));
    }
    let known: Vec<&str> = document
        .people
        .keys()
        .chain(document.teams.keys())
        .map(String::as_str)
        .chain(["on-call.all", "responders"])
        .collect();
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("{}; an address has a `#`, `@`, `+`, `/` or `:`", did_you_mean(name, known.iter().copied())),
    };
    unresolved("unknown_recipient", format!("unknown recipient `{name}`"), help)
}

/// Whether the policy knows a channel; otherwise what to do.
pub(super) fn channel(document: &Document, name: &str) -> Result<(), Unresolved> {
    if BUILT_IN_CHANNELS.contains(&name) || document.channels.contains_key(name) {
        return Ok(());
    }
    let known: Vec<&str> = BUILT_IN_CHANNELS.into_iter().chain(document.channels.keys().map(String::as_str)).collect();
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("declare it: `channels: {{ {name}: {{}} }}`"),
    };
    Err(Unresolved { code: "unknown_channel", message: format!("unknown channel `{name}`"), help })
}

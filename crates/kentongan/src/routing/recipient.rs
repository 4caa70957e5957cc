//! Recipients: people, teams, on-call roles, roles in the incident, or plain addresses, turned into ways to reach them.

use std::fmt;

use crate::incident::Incident;
use crate::oncall::{Changes, OnCall};
use crate::policy::Policy;
use crate::time::Timestamp;

/// Whom a route or a level names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Recipient {
    /// Whoever is on call in a role.
    OnCall(String),
    /// Whoever is next in line behind them.
    NextOnCall(String),
    /// Everybody on call, in any role.
    OnCallAll,
    /// Whoever holds a role in the incident.
    Role(String),
    /// A person.
    Person(String),
    /// A team.
    Team(String),
    /// Whoever works on the incident; before that, whoever was told of it.
    Responders,
    /// Whoever owns the incident's service.
    ServiceOwner,
    /// The channel opened for the incident.
    IncidentChannel,
    /// An address, as it stands.
    Address(String),
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnCall(role) => write!(f, "on-call.{role}"),
            Self::NextOnCall(role) => write!(f, "on-call.{role}.next"),
            Self::OnCallAll => f.write_str("on-call.all"),
            Self::Role(role) => write!(f, "role.{role}"),
            Self::Person(name) | Self::Team(name) | Self::Address(name) => f.write_str(name),
            Self::Responders => f.write_str("responders"),
            Self::ServiceOwner => f.write_str("service.owner"),
            Self::IncidentChannel => f.write_str("incident.channel"),
        }
    }
}

/// One way to reach somebody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub(crate) struct Way {
    pub(crate) channel: String,
    pub(crate) address: String,
}

/// Somebody to tell, with every way to reach them, the preferred one first. Never without a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contact {
    pub(crate) to: String,
    pub(crate) person: Option<String>,
    pub(crate) first: Way,
    pub(crate) others: Vec<Way>,
}

/// Everybody a recipient stands for at an instant, each once, or why there is nobody.
pub(crate) fn contacts(
    policy: &Policy,
    changes: &Changes,
    incident: Option<&Incident>,
    recipient: &Recipient,
    channel: &str,
    at: Timestamp,
) -> Result<Vec<Contact>, String> {
    let people = |people: Vec<String>| {
        let found: Vec<Contact> = people.iter().filter_map(|person| of_person(policy, person, channel)).collect();
        if found.is_empty() { Err(format!("nobody of `{}` can be reached", people.join("`, `"))) } else { Ok(found) }
    };
    match recipient {
        Recipient::Person(name) => people(vec![name.clone()]),
        Recipient::OnCall(role) | Recipient::NextOnCall(role) => {
            let next = matches!(recipient, Recipient::NextOnCall(_));
            match policy.roster().duty(role, next, at, changes).on_call {
                OnCall::People(list) => people(in_turn(policy, incident, role, list)),
                OnCall::Gap { reason } if next => Err(format!("nobody is next in line as `{role}`: {reason}")),
                OnCall::Gap { reason } => Err(format!("nobody is on call as `{role}`: {reason}")),
            }
        }
        Recipient::OnCallAll => {
            let mut everybody: Vec<String> = Vec::new();
            for role in policy.on_call_roles() {
                if let OnCall::People(list) = policy.roster().duty(role, false, at, changes).on_call {
                    everybody.extend(list.into_iter().filter(|person| !everybody.contains(person)).collect::<Vec<_>>());
                }
            }
            if everybody.is_empty() { Err("nobody is on call".to_owned()) } else { people(everybody) }
        }
        // Whoever was named; whom the policy names otherwise, also where the role was given up: better they than nobody.
        Recipient::Role(role) => match incident.and_then(|incident| incident.role(role)) {
            Some(holder) if of_person(policy, &holder.person, channel).is_some() => people(vec![holder.person.clone()]),
            _ => of_role(policy, changes, incident, role, channel, at),
        },
        Recipient::Team(name) => of_team(policy, name, channel),
        Recipient::Responders => {
            let Some(incident) = incident else {
                return Err("there is no incident to work on".to_owned());
            };
            let working = incident.workers();
            let known: Vec<String> = if working.is_empty() { incident.told.iter().cloned().collect() } else { working };
            let reachable: Vec<String> = known.into_iter().filter(|person| policy.person(person).is_some()).collect();
            if reachable.is_empty() {
                return Err("nobody works on the incident or was told of it".to_owned());
            }
            people(reachable)
        }
        Recipient::ServiceOwner => {
            let service = incident.and_then(Incident::service).unwrap_or_default();
            let Some(owner) = policy.service(service).and_then(|service| service.document.owner.as_deref()) else {
                return Err(format!("the catalogue names no owner of `{service}`"));
            };
            if policy.person(owner).is_some() {
                people(vec![owner.to_owned()])
            } else {
                of_team(policy, owner, channel)
            }
        }
        Recipient::IncidentChannel => match incident.and_then(|incident| incident.channel.as_ref()) {
            Some(way) if way.channel == channel => Ok(vec![of_address(&way.address, channel)]),
            Some(way) => Err(format!("the incident's channel is on `{}`, not on `{channel}`", way.channel)),
            None => Err("no channel was opened for the incident".to_owned()),
        },
        Recipient::Address(address) => Ok(vec![of_address(address, channel)]),
    }
}

/// The names of those a recipient stands for: people where it is people, a team by its own name.
pub(crate) fn names(
    policy: &Policy,
    changes: &Changes,
    incident: &Incident,
    recipient: &Recipient,
    channel: &str,
    at: Timestamp,
) -> Vec<String> {
    match recipient {
        Recipient::Person(name) | Recipient::Team(name) => vec![name.clone()],
        Recipient::ServiceOwner => {
            let service = incident.service().and_then(|service| policy.service(service));
            service.and_then(|service| service.document.owner.clone()).into_iter().collect()
        }
        Recipient::Role(role) => match (incident.role(role), policy.role_holder(role)) {
            (Some(holder), _) => vec![holder.person.clone()],
            (None, Some(holder)) if !matches!(holder, Recipient::Role(_)) => {
                names(policy, changes, incident, holder, channel, at)
            }
            _ => Vec::new(),
        },
        Recipient::OnCall(_) | Recipient::NextOnCall(_) | Recipient::OnCallAll | Recipient::Responders => {
            let found = contacts(policy, changes, Some(incident), recipient, channel, at).unwrap_or_default();
            found.into_iter().map(|contact| contact.to).collect()
        }
        Recipient::IncidentChannel | Recipient::Address(_) => Vec::new(),
    }
}

/// Whom the policy names for a role: a person, a team or whoever is on call, never another role.
fn of_role(
    policy: &Policy,
    changes: &Changes,
    incident: Option<&Incident>,
    role: &str,
    channel: &str,
    at: Timestamp,
) -> Result<Vec<Contact>, String> {
    match policy.role_holder(role) {
        Some(holder) if !matches!(holder, Recipient::Role(_)) => {
            contacts(policy, changes, incident, holder, channel, at)
        }
        _ => Err(format!("nobody holds the role `{role}`")),
    }
}

/// Each of some people by the first way there is, those who cannot be reached aside.
pub(crate) fn contacts_of_people<'p>(
    policy: &Policy,
    people: impl Iterator<Item = &'p String>,
    channel: &str,
) -> Vec<Contact> {
    people.filter_map(|person| of_person(policy, person, channel)).collect()
}

/// Whom a route names where there is no incident, recipient by recipient.
pub(crate) fn contacts_of_route(
    policy: &Policy,
    changes: &Changes,
    route: &super::Route,
    at: Timestamp,
) -> Vec<Result<Vec<Contact>, String>> {
    route.to.iter().map(|to| contacts(policy, changes, None, to, &route.channel, at)).collect()
}

/// One of several where the role goes round: another for each incident, and for each round of its path. It depends on
/// the incident alone, so that no incident changes whom another wakes.
fn in_turn(policy: &Policy, incident: Option<&Incident>, role: &str, people: Vec<String>) -> Vec<String> {
    let Some(incident) = incident else {
        return people;
    };
    if !policy.roster().posts.get(role).is_some_and(|post| post.round_robin) || people.len() < 2 {
        return people;
    }
    let turn = crate::digest::number(incident.id.as_str()).wrapping_add(u64::from(incident.climb.rounds));
    let position = usize::try_from(turn % u64::try_from(people.len()).unwrap_or(1)).unwrap_or(0);
    people.into_iter().skip(position).take(1).collect()
}

fn of_address(address: &str, channel: &str) -> Contact {
    let first = Way { channel: channel.to_owned(), address: address.to_owned() };
    Contact { to: address.to_owned(), person: None, first, others: Vec::new() }
}

/// The channel asked for, then what stands in for it, then whatever else reaches the person.
fn of_person(policy: &Policy, name: &str, channel: &str) -> Option<Contact> {
    let person = policy.person(name)?;
    let preferred = std::iter::once(channel).chain(policy.fallback(channel).iter().map(String::as_str));
    let rest = person.contacts.keys().map(String::as_str);
    let mut ways: Vec<Way> = Vec::new();
    for channel in preferred.chain(rest) {
        if let Some(address) = person.contacts.get(channel)
            && !ways.iter().any(|way| way.channel == channel)
        {
            ways.push(Way { channel: channel.to_owned(), address: address.clone() });
        }
    }
    let mut ways = ways.into_iter();
    let first = ways.next()?;
    Some(Contact { to: name.to_owned(), person: Some(name.to_owned()), first, others: ways.collect() })
}

/// The team's own address on the channel; else each member; else the team's address on a channel that stands in.
fn of_team(policy: &Policy, name: &str, channel: &str) -> Result<Vec<Contact>, String> {
    let Some(team) = policy.team(name) else {
        return Err(format!("there is no team `{name}`"));
    };
    let way = |channel: &str| {
        team.contacts.get(channel).map(|address| Way { channel: channel.to_owned(), address: address.clone() })
    };
    let mut others: Vec<Way> = policy.fallback(channel).iter().filter_map(|channel| way(channel)).collect();
    let shared = |first: Way, others: Vec<Way>| Contact { to: name.to_owned(), person: None, first, others };
    if let Some(first) = way(channel) {
        return Ok(vec![shared(first, others)]);
    }
    let members: Vec<Contact> = team.members.iter().filter_map(|member| of_person(policy, member, channel)).collect();
    if !members.is_empty() {
        return Ok(members);
    }
    if others.is_empty() {
        return Err(format!("nobody of the team `{name}` can be reached"));
    }
    let first = others.remove(0);
    Ok(vec![shared(first, others)])
}

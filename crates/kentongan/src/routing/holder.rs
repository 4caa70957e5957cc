//! Who holds a role of an incident at an instant, and when that may change by itself: turns on call go round, and people
//! go away and come back.

use super::recipient::{Recipient, names};
use crate::incident::Incident;
use crate::oncall::Changes;
use crate::policy::Policy;
use crate::time::Timestamp;

/// Who holds a role: whoever was named, else whom the policy names. Nobody where it was given up, and where whoever would
/// hold it is away, unless they were named while they were: somebody knew better than the calendar then.
pub(crate) fn holders(
    policy: &Policy,
    changes: &Changes,
    incident: &Incident,
    role: &str,
    at: Timestamp,
) -> Vec<String> {
    let roster = policy.roster();
    if let Some(holder) = incident.role(role) {
        let gone = roster.has_gone_since(&holder.person, holder.at, at, changes);
        return if gone { Vec::new() } else { vec![holder.person.clone()] };
    }
    let Some(recipient) = policy.role_holder(role).filter(|_| !incident.is_given_up(policy, role)) else {
        return Vec::new();
    };
    let there = |person: &String| !roster.is_missing(person, at, changes);
    match recipient {
        Recipient::Person(person) if !there(person) => Vec::new(),
        Recipient::Team(name) => {
            let members = policy.team(name).map(|team| &team.members[..]).unwrap_or_default();
            // One without members is an address that somebody reads.
            if members.is_empty() || members.iter().any(there) { vec![name.clone()] } else { Vec::new() }
        }
        Recipient::Address(address) => vec![address.clone()],
        recipient => {
            let severity = policy.severity(incident.severity());
            let channel = severity.map(|severity| severity.document.escalate_by.clone()).unwrap_or_default();
            names(policy, changes, incident, recipient, &channel, at)
        }
    }
}

/// When somebody else may hold a role by itself next, at a cost that is bounded: whoever waits for it looks again then.
pub(crate) fn holders_may_change(
    policy: &Policy,
    changes: &Changes,
    incident: &Incident,
    role: &str,
    after: Timestamp,
) -> Option<Timestamp> {
    let roster = policy.roster();
    let person = |person: &String| roster.may_go_or_come(person, after, changes);
    if let Some(holder) = incident.role(role) {
        return person(&holder.person);
    }
    if incident.is_given_up(policy, role) {
        return None;
    }
    match policy.role_holder(role)? {
        Recipient::Person(name) => person(name),
        Recipient::Team(name) => policy.team(name)?.members.iter().filter_map(person).min(),
        Recipient::OnCall(role) => roster.may_change(role, false, after, changes),
        Recipient::NextOnCall(role) => roster.may_change(role, true, after, changes),
        Recipient::OnCallAll => {
            policy.on_call_roles().filter_map(|role| roster.may_change(role, false, after, changes)).min()
        }
        Recipient::Role(_)
        | Recipient::Responders
        | Recipient::ServiceOwner
        | Recipient::IncidentChannel
        | Recipient::Address(_) => None,
    }
}

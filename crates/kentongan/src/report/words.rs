//! How documents speak of people, roles, promises and what was said.

use std::collections::BTreeMap;

use super::metrics::LateBy;
use crate::alert::Alert;
use crate::calendar::Zone;
use crate::clock::ClockKind;
use crate::engine::POLICY;
use crate::incident::{Impact, Incident, IncidentId, Urgency};
use crate::input::Input;
use crate::policy::Policy;
use crate::time::Timestamp;

/// Somebody by the name that the policy gives them, or by the one that they are known by: whatever shows people to people
/// calls them so.
#[must_use]
pub fn named(policy: &Policy, id: &str) -> String {
    if id == POLICY {
        return "the policy".to_owned();
    }
    let person = policy.person(id).and_then(|person| person.name.as_deref());
    let team = || policy.team(id).and_then(|team| team.name.as_deref());
    person.or_else(team).unwrap_or(id).to_owned()
}

/// Each of them by their names.
pub(crate) fn all_named(policy: &Policy, ids: &[String]) -> Vec<String> {
    ids.iter().map(|id| named(policy, id)).collect()
}

/// What somebody did, with the reason that they gave for it, if any.
pub(super) fn because(what: &str, reason: &str) -> String {
    match (what, reason.trim()) {
        (what, "") => what.to_owned(),
        ("", reason) => reason.to_owned(),
        (what, reason) => format!("{what}: {reason}"),
    }
}

/// What ended an incident other than that it was solved; nothing where that, or nothing, has.
pub(super) fn end(incident: &Incident) -> String {
    match incident.merged_into() {
        Some(into) => format!("merged into {into}"),
        None if incident.is_false_alarm() => "false alarm".to_owned(),
        None => String::new(),
    }
}

/// A role of incidents by its name.
pub(super) fn role(policy: &Policy, role: &str) -> String {
    let document = policy.document().roles.get(role);
    document.and_then(|document| document.name.as_deref()).unwrap_or(role).to_owned()
}

/// By what late answers are the same, as people say it.
pub(super) const fn behind(by: LateBy) -> &'static str {
    match by {
        LateBy::Hours => "hour",
        LateBy::Channel => "channel",
        LateBy::Load => "load",
    }
}

/// Who has a role since it has gone from one to the next by itself.
pub(super) fn role_moved(policy: &Policy, id: &str, to: &[String]) -> String {
    match to {
        [] => format!("Nobody is {} for now", role(policy, id)),
        [one] => format!("{} is {} now", named(policy, one), role(policy, id)),
        several => format!("{} are {} now", all_named(policy, several).join(", "), role(policy, id)),
    }
}

/// What was left undone when an incident was closed over it: points of the checklist, parts of it, or the last word.
pub(super) fn not_done(policy: &Policy, points: &[String], children: &[IncidentId]) -> String {
    let text = |id: &String| {
        let point = policy.document().closing.checklist.iter().find(|point| point.id == *id);
        format!("\u{201c}{}\u{201d}", point.map_or(id, |point| &point.text))
    };
    let points = points.iter().map(text).collect::<Vec<_>>().join(", ");
    let parts = children.iter().map(IncidentId::to_string).collect::<Vec<_>>().join(", ");
    match (points.is_empty(), parts.is_empty()) {
        (true, true) => "without a last word".to_owned(),
        (false, true) => format!("without {points}"),
        (true, false) => format!("while {parts} is open"),
        (false, false) => format!("without {points}, while {parts} is open"),
    }
}

/// What a clock promises, as people say it.
pub(super) const fn promised(clock: ClockKind) -> &'static str {
    match clock {
        ClockKind::Acknowledge => "to acknowledge",
        ClockKind::Respond => "to respond",
        ClockKind::Resolve => "to resolve",
        ClockKind::Update => "a status update",
        ClockKind::Public => "to tell the public",
        ClockKind::Handoff => "to hand over",
        ClockKind::Postmortem => "to publish the post-mortem",
        ClockKind::Review => "to review the post-mortem",
        ClockKind::Meeting => "to plan the meeting",
    }
}

/// What a clock asks somebody to do, after "the time".
pub(crate) const fn to_do(clock: ClockKind) -> &'static str {
    match clock {
        ClockKind::Update => "to give a status update",
        other => promised(other),
    }
}

/// What is so of an incident while what its clock waits for has not happened.
pub(crate) fn unkept(clock: ClockKind, incident: &str) -> String {
    match clock {
        ClockKind::Acknowledge => format!("Nobody has acknowledged {incident}"),
        ClockKind::Respond => format!("Nobody has responded to {incident}"),
        ClockKind::Resolve => format!("{incident} has not been resolved"),
        ClockKind::Update => format!("Nobody has given a status update on {incident}"),
        ClockKind::Public => format!("The public has not been told of {incident}"),
        ClockKind::Handoff => format!("The hand-off {incident} has not been confirmed"),
        ClockKind::Postmortem => format!("The post-mortem of {incident} has not been published"),
        ClockKind::Review => format!("The post-mortem of {incident} has not been reviewed"),
        ClockKind::Meeting => format!("The meeting about {incident} has not been planned"),
    }
}

/// Where a promise stands in the life of an incident: documents list promises in this order.
pub(super) const fn order(clock: ClockKind) -> usize {
    match clock {
        ClockKind::Acknowledge => 0,
        ClockKind::Respond => 1,
        ClockKind::Update => 2,
        ClockKind::Public => 3,
        ClockKind::Resolve => 4,
        ClockKind::Meeting => 5,
        ClockKind::Review => 6,
        ClockKind::Postmortem => 7,
        ClockKind::Handoff => 8,
    }
}

/// What an incident opened with: where it was noticed, and what it is.
pub(super) fn opened(policy: &Policy, incident: &Incident) -> String {
    let source = policy.document().sources.get(&incident.alert.source);
    let source = source.and_then(|source| source.name.as_deref()).map(|name| format!(" ({name})")).unwrap_or_default();
    format!("{source}: {}", incident.title())
}

/// What somebody said of an incident, where it belongs into its story.
pub(super) fn said(policy: &Policy, input: &Input) -> Option<String> {
    Some(match input {
        Input::Update { by, text, parts, .. } => {
            format!("Update by {}. {}", named(policy, by), update(policy, parts, text))
        }
        Input::PublicUpdate { by, status, text, .. } => {
            format!("{} tells the public ({status}): {text}", named(policy, by))
        }
        Input::Escalate { by, reason, .. } if reason.is_empty() => format!("{} escalates", named(policy, by)),
        Input::Escalate { by, reason, .. } => format!("{} escalates: {reason}", named(policy, by)),
        Input::Assess { by, impact, .. } => format!("{} finds: {}", named(policy, by), found(impact)?),
        _ => return None,
    })
}

/// What tells an alert that joins an incident from those that are there: its words, else the labels that differ.
pub(super) fn joining(incident: &Incident, alert: &Alert) -> String {
    if !alert.summary.is_empty() && alert.summary != incident.title() {
        return alert.summary.clone();
    }
    let known = &incident.alert.labels;
    let other = alert.labels.iter().filter(|(name, value)| known.get(*name) != Some(*value));
    other.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}

/// What a status update says, in the policy's order and by its names; what it does not know any more comes last.
pub(super) fn update(policy: &Policy, parts: &BTreeMap<String, String>, text: &str) -> String {
    let known = policy.update_parts().iter().map(|part| (part.id.as_str(), part.text.as_str()));
    let other = parts.keys().filter(|id| policy.update_parts().iter().all(|part| part.id != **id));
    let names = known.chain(other.map(|id| (id.as_str(), id.as_str())));
    let said = names.filter_map(|(id, name)| Some((name, parts.get(id)?.trim())));
    let said = said.filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name}: {text}"));
    let said: Vec<String> = said.chain(Some(text.to_owned()).filter(|text| !text.is_empty())).collect();
    said.join(". ")
}

/// What triage has found; none where it says nothing.
fn found(impact: &Impact) -> Option<String> {
    let users = impact.users_affected.map(|count| match count {
        1 => "1 user".to_owned(),
        count => format!("{count} users"),
    });
    // Of whom, has to be said where no number does.
    let of = if users.is_some() { "of them" } else { "users" };
    let scope = impact.scope.map(|scope| format!("{} {of}", scope.as_str()));
    let significant = impact.significant.map(|it| if it { "significant" } else { "not significant" });
    let worse = impact.getting_worse.map(|it| if it { "getting worse" } else { "not getting worse" });
    let urgency = impact.urgency.map(|urgency| match urgency {
        Urgency::Worsening => "getting worse",
        Urgency::Stable => "stable",
        Urgency::Improving => "getting better",
    });
    let facts = [users.as_deref(), scope.as_deref(), significant, urgency.or(worse)];
    let facts: Vec<&str> = facts.into_iter().flatten().collect();
    let texts = [&impact.description, &impact.functionality];
    let texts: Vec<&str> = texts.into_iter().flatten().map(String::as_str).filter(|text| !text.is_empty()).collect();
    match (texts.is_empty(), facts.is_empty()) {
        (true, true) => None,
        (true, false) => Some(facts.join(", ")),
        (false, true) => Some(texts.join("; ")),
        (false, false) => Some(format!("{} ({})", texts.join("; "), facts.join(", "))),
    }
}

/// An instant to the minute, on the clocks of a zone.
pub(super) fn minute(zone: &Zone, at: Timestamp) -> String {
    zone.format(at, "%Y-%m-%d %H:%M %Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_undone_is_named() {
        let policy = Policy::from_yaml(
            "policy: shop\n\
             people: { ana: { contacts: { pager: a } } }\n\
             on_call: { primary: [ana] }\n\
             severities: { high: { definition: all, notify: [ { pager: ana } ] } }\n\
             classify: [ { default: high } ]\n\
             closing: { checklist: [ { id: quiet, text: No ongoing errors }, { id: told, text: Stakeholders notified } ] }\n\
             last_resort: [ { pager: ana } ]\n",
        )
        .expect("it is a policy");
        let points = ["quiet".to_owned(), "told".to_owned()];
        let parts = [IncidentId::from("shop-1")];
        assert_eq!(not_done(&policy, &points, &[]), "without “No ongoing errors”, “Stakeholders notified”");
        assert_eq!(not_done(&policy, &[], &parts), "while shop-1 is open");
        assert_eq!(not_done(&policy, &points[..1], &parts), "without “No ongoing errors”, while shop-1 is open");
        assert_eq!(not_done(&policy, &[], &[]), "without a last word");
    }
}

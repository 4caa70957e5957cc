//! Who is on call by a policy, in brief: its roles, its schedules, what is handed over, and who has left.

use std::fmt::Write as _;

use kentongan::policy::document::{
    Document, LayerDocument, OnCallDocument, OneOrMany, ScheduleDocument, ScheduleSource,
};

use crate::summary::counted;

/// The on-call part of a policy, a line each.
pub(crate) fn lines(document: &Document) -> Vec<String> {
    let roles = document.on_call.iter().map(|(name, role)| format!("{name}: {}", self::role(role, document)));
    let schedules = document
        .schedules
        .iter()
        .map(|(name, schedule)| format!("schedule {name}: {}", self::schedule(schedule, document)));
    roles.chain(schedules).chain(handoff(document)).chain(departed(document)).collect()
}

fn role(role: &OnCallDocument, document: &Document) -> String {
    let mut line = match (&role.people, &role.schedule, &role.next_of) {
        (Some(people), ..) => people.join(", "),
        (None, Some(ScheduleSource::Named(name)), _) => format!("schedule {name}"),
        (None, Some(ScheduleSource::Inline(schedule)), _) => self::schedule(schedule, document),
        (None, None, Some(before)) => format!("next in line after {before}"),
        (None, None, None) => "nobody".to_owned(),
    };
    if let Some(covered) = &role.covers {
        let _ = write!(line, "; covers {covered}");
    }
    if role.round_robin {
        line += "; one of them for each incident, spread evenly";
    }
    line
}

fn schedule(schedule: &ScheduleDocument, document: &Document) -> String {
    let zone = schedule.timezone.as_deref().unwrap_or(&document.timezone);
    let (shadows, layers): (Vec<&LayerDocument>, Vec<&LayerDocument>) =
        schedule.layers.iter().partition(|layer| layer.shadow);
    let mut parts: Vec<String> = layers.into_iter().map(layer).collect();
    parts.extend(shadows.into_iter().map(|shadow| format!("shadow {}", layer(shadow))));
    for (count, noun) in [
        (schedule.overrides.len(), "override"),
        (schedule.swaps.len(), "swap"),
        (schedule.holidays_off.len(), "list of days off"),
    ] {
        match (count, noun) {
            (0, _) => {}
            (1, "list of days off") => parts.push("days off".to_owned()),
            (count, "list of days off") => parts.push(format!("{count} lists of days off")),
            (count, noun) => parts.push(counted(count, noun)),
        }
    }
    format!("{}, in {zone}", parts.join("; "))
}

fn layer(layer: &LayerDocument) -> String {
    let names = |people: &OneOrMany| people.as_slice().join(" and ");
    let mut text = match &layer.rotation {
        Some(rotation) => {
            let people: Vec<String> = rotation.people.iter().map(names).collect();
            let handoff = rotation.handoff.map(|handoff| format!(" at {handoff}")).unwrap_or_default();
            format!("every {}{handoff} {}", rotation.every, people.join(", "))
        }
        None => counted(layer.shifts.len(), "shift"),
    };
    if !layer.restrict.is_empty() {
        let hours: Vec<String> = layer.restrict.iter().map(ToString::to_string).collect();
        let _ = write!(text, ", in {}", hours.join(" and "));
    }
    match (&layer.from, &layer.until) {
        (None, None) => {}
        (Some(from), None) => drop(write!(text, ", from {from}")),
        (None, Some(until)) => drop(write!(text, ", until {until}")),
        (Some(from), Some(until)) => drop(write!(text, ", from {from} until {until}")),
    }
    text
}

fn handoff(document: &Document) -> Option<String> {
    let handoff = document.handoff.as_ref()?;
    let within = handoff.within.map(|within| format!(", within {within}")).unwrap_or_default();
    let remind = handoff.remind_every.map(|every| format!(", reminded every {every}")).unwrap_or_default();
    Some(format!(
        "hand-off of {} with {}{within}{remind}",
        handoff.roles.join(", "),
        counted(handoff.points.len(), "point")
    ))
}

/// Who leaves, and is named where people take turns or take over all the same.
fn departed(document: &Document) -> Vec<String> {
    let inline = document.on_call.iter().filter_map(|(name, role)| match &role.schedule {
        Some(ScheduleSource::Inline(schedule)) => Some((format!("on_call.{name}.schedule"), &**schedule)),
        _ => None,
    });
    let named = document.schedules.iter().map(|(name, schedule)| (format!("schedules.{name}"), schedule));
    let schedules: Vec<(String, &ScheduleDocument)> = named.chain(inline).collect();
    let left = document.people.iter().filter_map(|(name, person)| Some((name, person.left?)));
    left.filter_map(|(person, left)| {
        let places: Vec<String> = schedules
            .iter()
            .filter(|(_, schedule)| names(schedule, document).any(|name| name == person))
            .map(|(place, _)| place.clone())
            .chain(
                document
                    .on_call
                    .iter()
                    .filter(|(_, role)| role.people.as_ref().is_some_and(|people| people.contains(person)))
                    .map(|(name, _)| format!("on_call.{name}")),
            )
            .collect();
        (!places.is_empty()).then(|| format!("{person} leaves on {left}, and is still named in {}", places.join(", ")))
    })
    .collect()
}

/// Everybody whom a schedule names, the members of teams included.
fn names<'d>(schedule: &'d ScheduleDocument, document: &'d Document) -> impl Iterator<Item = &'d str> {
    let turns = schedule.layers.iter().flat_map(|layer| {
        let rotation = layer.rotation.iter().flat_map(|rotation| &rotation.people);
        rotation.chain(layer.shifts.iter().map(|shift| &shift.people))
    });
    let turns = turns.chain(schedule.holidays_off.iter().map(|off| &off.people)).flat_map(OneOrMany::as_slice);
    let swaps = schedule.swaps.iter().flat_map(|swap| &swap.between);
    let overrides = schedule.overrides.iter().map(|over| &over.person);
    turns
        .chain(swaps)
        .chain(overrides)
        .flat_map(|name| match document.teams.get(name) {
            Some(team) => team.members.as_slice(),
            None => std::slice::from_ref(name),
        })
        .map(String::as_str)
}

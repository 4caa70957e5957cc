//! An incident as JavaScript sees it: what is public of its state.

use std::collections::BTreeMap;

use kentongan::postmortem::PostmortemStatus;
use kentongan::{AlertStatus, Clock, ClockKind, Deed, Engine, Incident, IncidentId, PublicStatus, State, Timestamp};
use serde::Serialize;

/// What is public of an incident.
#[derive(Serialize)]
pub(crate) struct IncidentView<'a> {
    id: &'a str,
    key: &'a str,
    title: &'a str,
    service: Option<&'a str>,
    severity: &'a str,
    state: State,
    opened_at: Timestamp,
    acknowledged: Option<&'a Deed>,
    responded: Option<&'a Deed>,
    declared: Option<&'a Deed>,
    resolved: Option<&'a Deed>,
    final_update: Option<&'a str>,
    drill: bool,
    false_alarm: bool,
    merged_into: Option<&'a IncidentId>,
    split_from: Option<&'a IncidentId>,
    parent: Option<&'a IncidentId>,
    children: Vec<&'a IncidentId>,
    paused: Option<&'a kentongan::incident::Paused>,
    quiet_until: Option<Timestamp>,
    verified: bool,
    checked: Vec<&'a str>,
    roles: BTreeMap<&'a str, &'a str>,
    public_status: Option<PublicStatus>,
    postmortem: Option<PostmortemStatus>,
    postmortem_owner: Option<&'a str>,
    open_actions: usize,
    firing: usize,
    alerts: BTreeMap<&'a str, AlertStatus>,
    pending: usize,
    channel: Option<&'a str>,
    told: Vec<&'a str>,
    clocks: BTreeMap<ClockKind, &'a Clock>,
}

impl<'a> IncidentView<'a> {
    pub(crate) fn of(incident: &'a Incident) -> Self {
        let kinds = [
            ClockKind::Acknowledge,
            ClockKind::Respond,
            ClockKind::Resolve,
            ClockKind::Update,
            ClockKind::Public,
            ClockKind::Postmortem,
            ClockKind::Review,
            ClockKind::Meeting,
        ];
        Self {
            id: incident.id().as_str(),
            key: incident.key(),
            title: incident.title(),
            service: incident.service(),
            severity: incident.severity(),
            state: incident.state(),
            opened_at: incident.opened_at(),
            acknowledged: incident.acknowledged(),
            responded: incident.responded(),
            declared: incident.declared(),
            resolved: incident.resolved(),
            final_update: incident.final_update(),
            drill: incident.is_drill(),
            false_alarm: incident.is_false_alarm(),
            merged_into: incident.merged_into(),
            split_from: incident.split_from(),
            parent: incident.parent(),
            children: incident.children().collect(),
            paused: incident.paused(),
            quiet_until: incident.quiet_until(),
            verified: incident.is_verified(),
            checked: incident.checked().map(|(item, _)| item).collect(),
            roles: incident
                .roles()
                .filter_map(|(role, state)| Some((role, state.holder.as_ref()?.person.as_str())))
                .collect(),
            public_status: incident.public_page().status,
            postmortem: incident.postmortem().map(|postmortem| postmortem.status),
            postmortem_owner: incident.postmortem().and_then(|postmortem| postmortem.owner.as_deref()),
            open_actions: incident.postmortem().map_or(0, |postmortem| postmortem.open_actions().count()),
            firing: incident.firing(),
            alerts: incident.alerts().collect(),
            pending: incident.pending().count(),
            channel: incident.channel(),
            told: incident.told().collect(),
            clocks: kinds.into_iter().filter_map(|kind| Some((kind, incident.clock(kind)?))).collect(),
        }
    }
}

/// The incidents after one, by id, at most so many.
pub(crate) fn page<'a>(engine: &'a Engine, after: Option<&IncidentId>, limit: u32) -> Vec<IncidentView<'a>> {
    let limit = limit as usize;
    match after {
        Some(after) => engine.incidents_after(after).take(limit).map(IncidentView::of).collect(),
        None => engine.incidents().take(limit).map(IncidentView::of).collect(),
    }
}

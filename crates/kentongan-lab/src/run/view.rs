//! An incident as scenarios and readers see it: what is public of its state, flat.

use std::collections::BTreeMap;

use kentongan::postmortem::PostmortemStatus;
use kentongan::{ClockKind, Deed, Engine, Incident, IncidentId, PublicStatus, State, Stopped, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::runner::Opened;

/// An incident at an instant.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct IncidentView {
    /// Its place in the order of opening: `#1`.
    pub number: String,
    /// Its id.
    pub id: String,
    /// What it is grouped by.
    pub key: String,
    /// One line for people.
    pub title: String,
    /// The service it is about.
    pub service: Option<String>,
    /// Its severity.
    pub severity: String,
    /// Where it is in its life.
    pub state: State,
    /// When it opened.
    pub opened_at: Timestamp,
    /// Who took it.
    pub acknowledged_by: Option<String>,
    /// Who began to work on it.
    pub responded_by: Option<String>,
    /// Who declared it.
    pub declared_by: Option<String>,
    /// Who resolved it.
    pub resolved_by: Option<String>,
    /// The last word of whoever ended it: the final update, or how they know that it was a false alarm.
    pub final_update: Option<String>,
    /// Whether it is a drill.
    pub drill: bool,
    /// Whether it ended as a false alarm.
    pub false_alarm: bool,
    /// What it was merged into.
    pub merged_into: Option<String>,
    /// What it was split from.
    pub split_from: Option<String>,
    /// What it is a part of.
    pub parent: Option<String>,
    /// What is a part of it.
    pub children: Vec<String>,
    /// Until when it is snoozed, or people are kept from being told of it.
    pub quiet_until: Option<Timestamp>,
    /// Whether it is known to be one: verified, or from a source that needs no verifying.
    pub verified: bool,
    /// The points of the closing checklist that are checked.
    pub checked: Vec<String>,
    /// Who was named for which role.
    pub roles: BTreeMap<String, String>,
    /// How far the work is, as the public was told.
    pub public_status: Option<PublicStatus>,
    /// How many of its alerts fire.
    pub firing: usize,
    /// How many of its effects await their report.
    pub pending: usize,
    /// The channel that was opened for it.
    pub channel: Option<String>,
    /// Everybody who was paged for it.
    pub told: Vec<String>,
    /// How far its post-mortem is, if one was asked for.
    pub postmortem: Option<PostmortemStatus>,
    /// Who sees to that.
    pub postmortem_owner: Option<String>,
    /// How much of what that asks for is still to be done.
    pub open_actions: usize,
    /// Its clocks.
    pub clocks: BTreeMap<ClockKind, ClockView>,
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockView {
    /// It runs, and its target can be met.
    Running,
    /// It runs, and its target was missed.
    Breached,
    /// It stands still.
    Paused,
    /// It was stopped in time.
    Met,
    /// It was stopped too late.
    Late,
    /// It no longer matters.
    Cancelled,
}

impl IncidentView {
    pub(crate) fn of(number: usize, incident: &Incident, place: &dyn Fn(&IncidentId) -> String) -> Self {
        let by = |deed: Option<&Deed>| deed.map(|deed| deed.by.clone());
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
        let clocks = kinds.into_iter().filter_map(|kind| {
            let clock = incident.clock(kind)?;
            let missed = clock.breached_at.is_some();
            let view = match (clock.stopped, missed) {
                (None, _) if clock.paused_at.is_some() => ClockView::Paused,
                (None, false) => ClockView::Running,
                (None, true) => ClockView::Breached,
                (Some(Stopped::Done(_)), false) => ClockView::Met,
                (Some(Stopped::Done(_)), true) => ClockView::Late,
                (Some(Stopped::Cancelled(_)), _) => ClockView::Cancelled,
            };
            Some((kind, view))
        });
        Self {
            number: format!("#{number}"),
            id: incident.id().to_string(),
            key: incident.key().to_owned(),
            title: incident.title().to_owned(),
            service: incident.service().map(str::to_owned),
            severity: incident.severity().to_owned(),
            state: incident.state(),
            opened_at: incident.opened_at(),
            acknowledged_by: by(incident.acknowledged()),
            responded_by: by(incident.responded()),
            declared_by: by(incident.declared()),
            resolved_by: by(incident.resolved()),
            final_update: incident.final_update().map(str::to_owned),
            drill: incident.is_drill(),
            false_alarm: incident.is_false_alarm(),
            merged_into: incident.merged_into().map(place),
            split_from: incident.split_from().map(place),
            parent: incident.parent().map(place),
            children: incident.children().map(place).collect(),
            quiet_until: incident.quiet_until(),
            verified: incident.is_verified(),
            checked: incident.checked().map(|(item, _)| item.to_owned()).collect(),
            roles: incident
                .roles()
                .filter_map(|(role, state)| Some((role.to_owned(), state.holder.as_ref()?.person.clone())))
                .collect(),
            public_status: incident.public_page().status,
            firing: incident.firing(),
            pending: incident.pending().count(),
            channel: incident.channel().map(str::to_owned),
            told: incident.told().map(str::to_owned).collect(),
            postmortem: incident.postmortem().map(|postmortem| postmortem.status),
            postmortem_owner: incident.postmortem().and_then(|postmortem| postmortem.owner.clone()),
            open_actions: incident.postmortem().map_or(0, |postmortem| postmortem.open_actions().count()),
            clocks: clocks.collect(),
        }
    }

    /// Every incident that an engine remembers, in the order of opening, for a host that shows them.
    #[must_use]
    pub fn list(engine: &Engine) -> Vec<Self> {
        let mut incidents: Vec<&Incident> = engine.incidents().collect();
        incidents.sort_by_key(|incident| incident.opened_at());
        // Places move as incidents are forgotten; what a host hands in are ids.
        let named = IncidentId::to_string;
        incidents.iter().enumerate().map(|(index, incident)| Self::of(index + 1, incident, &named)).collect()
    }

    /// One incident that an engine remembers, as [`IncidentView::list`] shows it.
    #[must_use]
    pub fn find(engine: &Engine, id: &IncidentId) -> Option<Self> {
        let incident = engine.incident(id)?;
        // The engine keeps them in the order of their ids, which decides between those of one instant.
        let order = |incident: &Incident| (incident.opened_at(), incident.id().clone());
        let number = engine.incidents().filter(|other| order(other) <= order(incident)).count();
        Some(Self::of(number, incident, &IncidentId::to_string))
    }

    /// Every incident of a run that the engine remembers, in the order of opening.
    pub(super) fn all(engine: &Engine, opened: &[Opened]) -> Vec<Self> {
        let places = opened.iter().enumerate().map(|(index, opened)| (&opened.id, index + 1)).collect();
        let place = |id: &IncidentId| placed(&places, id);
        let known = opened.iter().enumerate();
        known
            .filter_map(|(index, opened)| {
                engine.incident(&opened.id).map(|incident| Self::of(index + 1, incident, &place))
            })
            .collect()
    }
}

/// The place of an incident in the order of opening, `#1`; its id where it is not among them.
fn placed(places: &BTreeMap<&IncidentId, usize>, id: &IncidentId) -> String {
    places.get(id).map_or_else(|| id.to_string(), |number| format!("#{number}"))
}

//! One incident as things stand: the topic of its channel, and its status update.

use schemars::JsonSchema;
use serde::Serialize;

use super::documents::{Document, DocumentError, Templates};
use super::template::short;
use super::words::{self, minute};
use crate::clock::ClockKind;
use crate::engine::Engine;
use crate::incident::{Impact, Incident, IncidentId, State};
use crate::policy::document::DocumentKind;
use crate::text::says_nothing;
use crate::time::{Duration, Timestamp};

/// What the documents of one incident can name.
#[derive(Serialize, JsonSchema)]
pub(super) struct IncidentFacts {
    incident: String,
    title: String,
    severity: String,
    severity_name: String,
    service: String,
    service_name: String,
    state: String,
    /// When it came into that state.
    state_since: String,
    channel: String,
    firing: usize,
    opened: String,
    elapsed: String,
    now: String,
    resolved: String,
    resolved_by: String,
    /// The last word of whoever ended it.
    final_update: String,
    /// Who works on it or has taken it.
    working: Vec<String>,
    roles: Vec<RoleFacts>,
    impact: ImpactFacts,
    /// The latest status update; its `at` is empty where there was none.
    update: UpdateFacts,
    next_update: String,
    late_update: bool,
    /// What was promised and not kept, in the words of clocks.
    missed: Vec<String>,
    waits_for: String,
    waits_until: String,
    quiet_until: String,
    public_status: String,
    /// Whether it is a drill.
    drill: bool,
    /// What ended it other than that it was solved: `false alarm`, or what it was merged into; empty otherwise.
    end: String,
}

#[derive(Serialize, JsonSchema)]
struct RoleFacts {
    role: String,
    name: String,
    /// Nobody, where the role is vacant.
    people: Vec<String>,
}

#[derive(Default, Serialize, JsonSchema)]
struct ImpactFacts {
    description: String,
    functionality: String,
    users_affected: String,
    scope: String,
    urgency: String,
}

#[derive(Default, Serialize, JsonSchema)]
struct UpdateFacts {
    at: String,
    by: String,
    text: String,
    parts: Vec<PartFacts>,
    /// Whether it was given after the incident was over.
    after_end: bool,
}

#[derive(Serialize, JsonSchema)]
struct PartFacts {
    id: String,
    name: String,
    text: String,
}

/// The topic of an incident's channel, as things stand: one line, escaped for Slack.
///
/// # Errors
///
/// When the engine knows of no such incident.
pub fn topic(engine: &Engine, id: &IncidentId) -> Result<Document, DocumentError> {
    engine.policy().templates().topic(engine, id)
}

/// The latest status update of an incident, with how things stand, in Markdown. For those inside.
///
/// # Errors
///
/// When the engine knows of no such incident.
pub fn status_update(engine: &Engine, id: &IncidentId) -> Result<Document, DocumentError> {
    engine.policy().templates().status_update(engine, id)
}

impl Templates<'_> {
    /// The topic of an incident's channel, as [`topic`] writes it.
    ///
    /// # Errors
    ///
    /// When the engine knows of no such incident.
    pub fn topic(self, engine: &Engine, id: &IncidentId) -> Result<Document, DocumentError> {
        self.write(DocumentKind::Topic, &facts_of(engine, id)?)
    }

    /// The latest status update of an incident, as [`status_update`] writes it.
    ///
    /// # Errors
    ///
    /// When the engine knows of no such incident.
    pub fn status_update(self, engine: &Engine, id: &IncidentId) -> Result<Document, DocumentError> {
        self.write(DocumentKind::StatusUpdate, &facts_of(engine, id)?)
    }
}

fn facts_of(engine: &Engine, id: &IncidentId) -> Result<IncidentFacts, DocumentError> {
    let incident = engine.incident(id).ok_or_else(|| DocumentError::UnknownIncident { id: id.to_string() })?;
    Ok(IncidentFacts::of(engine, incident))
}

impl IncidentFacts {
    pub(super) fn of(engine: &Engine, incident: &Incident) -> Self {
        let policy = engine.policy();
        let zone = policy.zone();
        let now = engine.now().unwrap_or_else(|| incident.opened_at());
        let local = |at: Timestamp| minute(zone, at);
        let service = incident.service().unwrap_or_default();
        let catalogued = policy.service(service).and_then(|service| service.document.name.clone());
        let severity = policy.severity(incident.severity()).and_then(|severity| severity.document.name.clone());
        let resolved = incident.resolved();
        let next = incident.clock(ClockKind::Update).filter(|clock| clock.is_running() && clock.paused_at.is_none());
        let next = next.and_then(|clock| clock.deadline);
        Self {
            incident: incident.id().to_string(),
            title: incident.title().to_owned(),
            severity: incident.severity().to_owned(),
            severity_name: severity.unwrap_or_default(),
            service: service.to_owned(),
            service_name: catalogued.unwrap_or_else(|| service.to_owned()),
            state: incident.state().as_str().to_owned(),
            state_since: local(state_since(incident)),
            channel: incident.channel().unwrap_or_default().to_owned(),
            firing: incident.firing(),
            opened: local(incident.opened_at()),
            elapsed: short(Duration::between(incident.opened_at(), resolved.map_or(now, |deed| deed.at))),
            now: local(now),
            resolved: resolved.map(|deed| local(deed.at)).unwrap_or_default(),
            resolved_by: resolved.map(|deed| words::named(policy, &deed.by)).unwrap_or_default(),
            final_update: incident.final_update().unwrap_or_default().to_owned(),
            working: words::all_named(policy, &incident.workers()),
            roles: roles(engine, incident),
            impact: impact(incident.impact()),
            update: update(engine, incident),
            next_update: next.map(local).unwrap_or_default(),
            late_update: next.is_some_and(|deadline| deadline <= now),
            missed: missed(incident),
            waits_for: incident.paused().map(|paused| paused.reason.clone()).unwrap_or_default(),
            waits_until: incident.paused().map(|paused| local(paused.until)).unwrap_or_default(),
            quiet_until: incident.quiet_until().map(local).unwrap_or_default(),
            public_status: incident.public_page().status.map(|status| status.to_string()).unwrap_or_default(),
            drill: incident.is_drill(),
            end: words::end(incident),
        }
    }
}

/// When it came into the state that it is in: somebody took it, began to work on it or ended it; in its present life
/// otherwise.
fn state_since(incident: &Incident) -> Timestamp {
    let deed = match incident.state() {
        State::Open => None,
        State::Acknowledged => incident.acknowledged(),
        State::Responding => incident.responded(),
        State::Resolved => incident.resolved(),
    };
    deed.map_or(incident.since, |deed| deed.at)
}

/// The roles that somebody must hold in it, and those that somebody holds.
fn roles(engine: &Engine, incident: &Incident) -> Vec<RoleFacts> {
    let policy = engine.policy();
    let known = policy.role_names().filter_map(|role| Some((role, policy.role(role)?)));
    let facts = known.filter_map(|(role, compiled)| {
        let document = &compiled.document;
        let people = engine.role_holders(incident, role);
        let required = document.required_for.iter().any(|severity| severity == incident.severity());
        let name = document.name.clone().unwrap_or_else(|| role.to_owned());
        let people = words::all_named(policy, &people);
        (required || !people.is_empty()).then(|| RoleFacts { role: role.to_owned(), name, people })
    });
    facts.collect()
}

fn impact(impact: &Impact) -> ImpactFacts {
    ImpactFacts {
        description: impact.description.clone().unwrap_or_default(),
        functionality: impact.functionality.clone().unwrap_or_default(),
        users_affected: impact.users_affected.map(|users| users.to_string()).unwrap_or_default(),
        scope: impact.scope.map(|scope| scope.as_str().to_owned()).unwrap_or_default(),
        urgency: impact.urgency.map(|urgency| urgency.as_str().to_owned()).unwrap_or_default(),
    }
}

/// The latest update, its parts in the policy's order; those that the policy no longer has come last.
fn update(engine: &Engine, incident: &Incident) -> UpdateFacts {
    let Some(update) = incident.status_update() else {
        return UpdateFacts::default();
    };
    let known = engine.policy().update_parts();
    let of = |id: &str, name: &str| {
        let text = update.parts.get(id).filter(|text| !says_nothing(text))?;
        Some(PartFacts { id: id.to_owned(), name: name.to_owned(), text: text.clone() })
    };
    let asked = known.iter().filter_map(|part| of(&part.id, &part.text));
    let others = update.parts.keys().filter(|id| known.iter().all(|part| part.id != **id));
    UpdateFacts {
        at: minute(engine.policy().zone(), update.at),
        by: words::named(engine.policy(), &update.by),
        text: update.text.clone(),
        parts: asked.chain(others.filter_map(|id| of(id, id))).collect(),
        after_end: incident.resolved().is_some_and(|deed| update.at > deed.at),
    }
}

fn missed(incident: &Incident) -> Vec<String> {
    let clocks = incident.clocks.iter().filter(|(_, clock)| clock.breached_at.is_some());
    clocks.map(|(kind, _)| words::promised(*kind).to_owned()).collect()
}

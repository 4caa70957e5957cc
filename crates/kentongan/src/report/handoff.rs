//! What whoever comes on call is handed over: what is going on, what was, and what is left to do.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::Serialize;

use super::documents::{Document, DocumentError, Templates};
use super::incident::IncidentFacts;
use super::words::{self, minute};
use crate::engine::Engine;
use crate::incident::Incident;
use crate::oncall::Handoff;
use crate::policy::Policy;
use crate::policy::document::DocumentKind;
use crate::source::did_you_mean;
use crate::time::{Duration, Timestamp};

/// How many entries each list has at most; what is left out is counted.
const LISTED: usize = 100;
/// How far back the turn that ended may have begun.
const TURN_DAYS_MAX: i64 = 31;

/// What the hand-off report can name.
#[derive(Serialize, JsonSchema)]
pub(super) struct HandoffFacts {
    role: String,
    /// Nobody, where there was no hand-off yet.
    from: Vec<String>,
    to: Vec<String>,
    at: String,
    confirmed: String,
    now: String,
    zone: String,
    points: Vec<PointFacts>,
    ongoing: Vec<IncidentFacts>,
    ongoing_total: usize,
    /// Since when what is over is listed.
    since: String,
    resolved: Vec<ResolvedFacts>,
    resolved_total: usize,
    silences: Vec<SilenceFacts>,
    postmortems: Vec<PostmortemFacts>,
    postmortems_total: usize,
    actions: Vec<ActionFacts>,
    actions_total: usize,
    on_call: Vec<OnCallFacts>,
}

#[derive(Serialize, JsonSchema)]
struct PointFacts {
    id: String,
    text: String,
    done: bool,
    by: String,
    at: String,
}

#[derive(Serialize, JsonSchema)]
struct ResolvedFacts {
    incident: String,
    title: String,
    severity: String,
    resolved: String,
    by: String,
    drill: bool,
    end: String,
}

#[derive(Serialize, JsonSchema)]
struct SilenceFacts {
    silence: String,
    /// What it is over: `service gate`, `label site west`.
    over: Vec<String>,
    from: String,
    until: String,
    by: String,
    reason: String,
}

#[derive(Serialize, JsonSchema)]
struct PostmortemFacts {
    incident: String,
    title: String,
    status: String,
    owner: String,
    due: String,
    overdue: bool,
    /// How much of what it asks for is not done.
    actions: usize,
}

/// What a post-mortem asks for and nobody has done.
#[derive(Serialize, JsonSchema)]
struct ActionFacts {
    incident: String,
    text: String,
    owner: String,
    due: String,
    overdue: bool,
}

#[derive(Serialize, JsonSchema)]
struct OnCallFacts {
    role: String,
    /// Nobody, in a gap.
    people: Vec<String>,
    until: String,
    next: Vec<String>,
}

/// The hand-off report of an on-call role, in Markdown: that of its latest hand-off, or how things stand where there was
/// none yet.
///
/// # Errors
///
/// When the policy has no such role.
pub fn handoff(engine: &Engine, role: &str) -> Result<Document, DocumentError> {
    engine.policy().templates().handoff(engine, role)
}

impl Templates<'_> {
    /// The hand-off report of an on-call role, as [`handoff`] writes it.
    ///
    /// # Errors
    ///
    /// When the policy of the engine has no such role.
    pub fn handoff(self, engine: &Engine, role: &str) -> Result<Document, DocumentError> {
        let policy = engine.policy();
        if policy.on_call_roles().all(|known| known != role) {
            let known: Vec<&str> = policy.on_call_roles().collect();
            return Err(DocumentError::UnknownRole { role: role.to_owned(), help: did_you_mean(role, known) });
        }
        self.write(DocumentKind::Handoff, &facts(engine, role))
    }
}

fn facts(engine: &Engine, role: &str) -> HandoffFacts {
    let (policy, zone) = (engine.policy(), engine.policy().zone());
    let named = |ids: &[String]| words::all_named(policy, ids);
    let now = engine.now().unwrap_or_default();
    let latest = engine.handoffs().find(|handoff| handoff.role() == role);
    let at = latest.map_or(now, Handoff::at);
    let began = Duration::from_hours(24 * TURN_DAYS_MAX);
    let earliest = at.checked_sub_signed(chrono::TimeDelta::milliseconds(began.as_millis())).unwrap_or(at);
    let since = engine.shifts(role, earliest, at).last().map_or(earliest, |turn| turn.from);
    let mut open: Vec<&Incident> = engine.incidents().filter(|incident| !incident.state().is_resolved()).collect();
    let rank = |incident: &Incident| engine.policy().severities().position(|it| it == incident.severity());
    open.sort_by_key(|incident| (rank(incident), incident.opened_at()));
    let mut over: Vec<ResolvedFacts> = Vec::new();
    let mut resolved: Vec<&Incident> =
        engine.incidents().filter(|incident| incident.resolved().is_some_and(|deed| deed.at >= since)).collect();
    resolved.sort_by_key(|incident| Reverse(incident.resolved().map(|deed| deed.at)));
    over.extend(resolved.iter().take(LISTED).filter_map(|incident| of_resolved(policy, incident)));
    // What is due first stands first; then what is not due at any time.
    let mut learnt: Vec<&Incident> = engine.incidents().filter(|incident| incident.postmortem().is_some()).collect();
    learnt.sort_by_key(|incident| due(incident).map_or((true, incident.opened_at()), |due| (false, due)));
    let actions = undone(policy, &learnt, now);
    let postmortems: Vec<PostmortemFacts> =
        learnt.into_iter().filter_map(|incident| of_postmortem(policy, incident, now)).collect();
    HandoffFacts {
        role: role.to_owned(),
        from: latest.map(|handoff| named(handoff.from())).unwrap_or_default(),
        to: latest.map_or_else(|| named(engine.who(role, now).people()), |handoff| named(handoff.to())),
        at: latest.map(|handoff| minute(zone, handoff.at())).unwrap_or_default(),
        confirmed: latest.and_then(Handoff::confirmed_at).map(|at| minute(zone, at)).unwrap_or_default(),
        now: minute(zone, now),
        zone: zone.name().to_owned(),
        points: points(engine, role, latest),
        ongoing: open.iter().take(LISTED).map(|incident| IncidentFacts::of(engine, incident)).collect(),
        ongoing_total: open.len(),
        since: minute(zone, since),
        resolved: over,
        resolved_total: resolved.len(),
        silences: silences(engine, now),
        postmortems_total: postmortems.len(),
        postmortems: postmortems.into_iter().take(LISTED).collect(),
        actions_total: actions.len(),
        actions: actions.into_iter().take(LISTED).collect(),
        on_call: engine.policy().on_call_roles().map(|role| on_call(engine, role, now)).collect(),
    }
}

/// What is gone through, where the policy hands the role over.
fn points(engine: &Engine, role: &str, latest: Option<&Handoff>) -> Vec<PointFacts> {
    let zone = engine.policy().zone();
    let document = engine.policy().handoff().filter(|handoff| handoff.roles.iter().any(|it| it == role));
    let points = document.into_iter().flat_map(|document| &document.points);
    let facts = points.map(|point| {
        let deed = latest.and_then(|handoff| handoff.ticked().find(|(id, _)| *id == point.id)).map(|(_, deed)| deed);
        PointFacts {
            id: point.id.clone(),
            text: point.text.clone(),
            done: deed.is_some(),
            by: deed.map(|deed| words::named(engine.policy(), &deed.by)).unwrap_or_default(),
            at: deed.map(|deed| minute(zone, deed.at)).unwrap_or_default(),
        }
    });
    facts.collect()
}

fn of_resolved(policy: &Policy, incident: &Incident) -> Option<ResolvedFacts> {
    let deed = incident.resolved()?;
    Some(ResolvedFacts {
        incident: incident.id().to_string(),
        title: incident.title().to_owned(),
        severity: incident.severity().to_owned(),
        resolved: minute(policy.zone(), deed.at),
        by: words::named(policy, &deed.by),
        drill: incident.is_drill(),
        end: words::end(incident),
    })
}

fn silences(engine: &Engine, now: Timestamp) -> Vec<SilenceFacts> {
    let zone = engine.policy().zone();
    let live = engine.silences().in_force_or_ahead(now).take(LISTED);
    let facts = live.map(|(id, silence)| SilenceFacts {
        silence: id.to_owned(),
        over: silence.matchers.texts().map(|(what, value)| format!("{what} {value}")).collect(),
        from: minute(zone, silence.from),
        until: minute(zone, silence.to),
        by: words::named(engine.policy(), &silence.by),
        reason: silence.reason.clone(),
    });
    facts.collect()
}

/// Until when its post-mortem is to be published, while it is not.
fn due(incident: &Incident) -> Option<Timestamp> {
    incident.postmortem().filter(|postmortem| !postmortem.status.is_over())?.due
}

/// A post-mortem that is not over.
fn of_postmortem(policy: &Policy, incident: &Incident, now: Timestamp) -> Option<PostmortemFacts> {
    let postmortem = incident.postmortem().filter(|postmortem| !postmortem.status.is_over())?;
    let due = due(incident);
    Some(PostmortemFacts {
        incident: incident.id().to_string(),
        title: postmortem.title.clone().unwrap_or_else(|| incident.title().to_owned()),
        status: postmortem.status.as_str().replace('_', " "),
        owner: postmortem.owner.as_ref().map(|owner| words::named(policy, owner)).unwrap_or_default(),
        due: due.map(|due| minute(policy.zone(), due)).unwrap_or_default(),
        overdue: due.is_some_and(|due| due <= now),
        actions: postmortem.open_actions().count(),
    })
}

/// What post-mortems ask for and nobody has done, that first which is due first.
fn undone(policy: &Policy, incidents: &[&Incident], now: Timestamp) -> Vec<ActionFacts> {
    let mut actions = Vec::new();
    for incident in incidents {
        let Some(postmortem) = incident.postmortem() else { continue };
        let overdue: Vec<&str> = postmortem.overdue(now, policy.zone()).map(|action| action.id.as_str()).collect();
        for action in postmortem.open_actions() {
            let facts = ActionFacts {
                incident: incident.id().to_string(),
                text: action.text.clone(),
                owner: action.owner.as_ref().map(|owner| words::named(policy, owner)).unwrap_or_default(),
                due: action.due.map(|due| due.to_string()).unwrap_or_default(),
                overdue: overdue.contains(&action.id.as_str()),
            };
            actions.push((action.due.is_none(), action.due, facts));
        }
    }
    actions.sort_by_key(|(never, due, _)| (*never, *due));
    actions.into_iter().map(|(_, _, facts)| facts).collect()
}

fn on_call(engine: &Engine, role: &str, now: Timestamp) -> OnCallFacts {
    let change = engine.next_change(role, now);
    let named = |at| words::all_named(engine.policy(), engine.who(role, at).people());
    OnCallFacts {
        role: role.to_owned(),
        people: named(now),
        until: change.map(|at| minute(engine.policy().zone(), at)).unwrap_or_default(),
        next: change.map(named).unwrap_or_default(),
    }
}

//! What a journal tells of one incident as readers of any language see it: flat, and kept when the engine has forgotten it.

use kentongan::postmortem::Postmortem;
use kentongan::report::{Account, Call, Chronicle, Promise, Stretch};
use kentongan::{Deed, Duration, Incident, IncidentId, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use crate::run::IncidentView;

/// What a journal tells of one incident.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AccountView {
    /// The incident as it was when the journal last spoke of it.
    pub incident: IncidentView,
    /// What is learnt from it, if that was asked for.
    pub postmortem: Option<Postmortem>,
    /// How long it was open in all, up to the end of the journal where it still is.
    pub open_for: Duration,
    /// Who was the first to take it or to work on it, and when.
    pub first_answer: Option<Deed>,
    /// How often it opened again.
    pub reopened: usize,
    /// When it was open, with its severity, in order.
    pub stretches: Vec<Stretch>,
    /// What was promised, clock by clock, in the order of starting.
    pub promises: Vec<Promise>,
    /// Who was called, page by page, and until when, in order.
    pub calls: Vec<Call>,
    /// What happened, in order, as people read it.
    pub timeline: Vec<TimelineEvent>,
}

/// Something that happened to an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TimelineEvent {
    /// When.
    pub at: Timestamp,
    /// What, as people read it.
    pub text: String,
}

impl AccountView {
    /// That of an incident, by its id; `now` is when the journal ends. None where the journal tells of no such incident.
    #[must_use]
    pub fn of(chronicle: &Chronicle, id: &IncidentId, now: Timestamp) -> Option<Self> {
        let account = chronicle.account(id)?;
        let incident = account.incident.as_ref()?;
        let order = |incident: &Incident| (incident.opened_at(), incident.id().clone());
        let known = chronicle.accounts().filter_map(|(_, account)| account.incident.as_ref());
        let number = known.filter(|other| order(other) <= order(incident)).count();
        let calls = account.calls().to_vec();
        let Account { stretches, promises, first_answer, reopened, events, .. } = account.clone();
        let mut timeline: Vec<_> = events.into_iter().map(|(at, text)| TimelineEvent { at, text }).collect();
        // What was due before a call is told with it: by then the call's own may stand there.
        timeline.sort_by_key(|event| event.at);
        Some(Self {
            incident: IncidentView::of(number, incident, &IncidentId::to_string),
            postmortem: incident.postmortem().cloned(),
            open_for: account.open_for(now),
            first_answer,
            reopened,
            stretches,
            promises,
            calls,
            timeline,
        })
    }
}

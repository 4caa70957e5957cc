//! Scenarios: a policy, what happens when, and what must come of it. One format for tests, demonstrations and the
//! vectors that every language runs.

pub mod document;
mod fields;
mod happening;
mod kin;
mod life;
mod load;
mod on_call;
mod pattern;
mod postmortem;
mod quiet;
mod refusals;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::SubsecRound;
use kentongan::source::{Diagnostics, Place};
use kentongan::{Alert, IncidentId, Input, Outcome, Policy, Timestamp};
use serde_json::Value;

pub use document::Delivery;
pub(crate) use pattern::{Pattern, Test, Window, lookup};
pub(crate) use refusals::NO_SUCH_EFFECT;

use crate::run::{Opened, Run, RunError, run};

/// A scenario, read and whole: its policy compiled, its payloads read, its moments known.
#[derive(Debug, Clone)]
pub struct Scenario {
    pub(crate) name: String,
    pub(crate) why: Option<String>,
    pub(crate) policy: Arc<Policy>,
    pub(crate) start: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) delivery: Delivery,
    pub(crate) failures: Vec<FailingDelivery>,
    pub(crate) inputs: Vec<Happening>,
    pub(crate) expectations: Vec<Expectation>,
}

/// Deliveries that the simulated host reports as failed.
#[derive(Debug, Clone, Default)]
pub(crate) struct FailingDelivery {
    pub(crate) channel: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) kind: Option<String>,
    pub(crate) detail: String,
}

/// One thing that happens.
#[derive(Debug, Clone)]
pub(crate) struct Happening {
    pub(crate) at: Timestamp,
    pub(crate) what: What,
    /// The refusal that must follow.
    pub(crate) rejected: Option<String>,
    /// Where the scenario says so.
    pub(crate) place: Option<Place>,
}

/// What happens, before it is known which incident is meant.
#[derive(Debug, Clone)]
pub(crate) enum What {
    Alert(Alert),
    /// A command; its incident is filled in when it happens.
    Command(Option<Reference>, Input),
    Report(Report),
    /// Another policy takes over; `severities` have another name in it.
    Reload {
        policy: Arc<Policy>,
        severities: BTreeMap<String, String>,
    },
    Tick,
}

/// A report on the latest effect that is as described.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) effect: Option<String>,
    pub(crate) incident: Option<Reference>,
    pub(crate) channel: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) outcome: Outcome,
    pub(crate) detail: String,
    pub(crate) opened_as: Option<String>,
}

/// An incident as a scenario names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) text: String,
}

/// Something that must be.
#[derive(Debug, Clone)]
pub(crate) struct Expectation {
    pub(crate) of: Subject,
    pub(crate) window: Window,
    pub(crate) incident: Option<Reference>,
    pub(crate) pattern: Pattern,
    pub(crate) why: Option<String>,
    /// Where the scenario says so.
    pub(crate) place: Place,
}

/// What an expectation is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Effects: at least one, or exactly so many.
    Effects(Option<u64>),
    /// Decisions: at least one, or exactly so many.
    Decisions(Option<u64>),
    /// An incident.
    State,
    /// Those on call in a role.
    OnCall(String),
}

impl Reference {
    /// Whether it means an incident that was the `number`th to open.
    pub(crate) fn means(&self, number: usize, opened: &Opened) -> bool {
        let digits = self.text.strip_prefix('#').unwrap_or(&self.text);
        digits.parse() == Ok(number) || opened.service.as_ref() == Some(&self.text) || opened.id.as_str() == self.text
    }
}

impl What {
    /// The input that it is to the engine; `refer` finds the incident meant. A report has to be found first.
    pub(crate) fn input(&self, refer: impl Fn(Option<&Reference>) -> IncidentId) -> Option<Input> {
        match self {
            Self::Alert(alert) => Some(Input::Alert(alert.clone())),
            Self::Tick => Some(Input::Tick),
            Self::Report(_) | Self::Reload { .. } => None,
            Self::Command(reference, command) => {
                let mut command = command.clone();
                match &mut command {
                    Input::Verify { incident, .. }
                    | Input::Acknowledge { incident, .. }
                    | Input::Respond { incident, .. }
                    | Input::Assess { incident, .. }
                    | Input::Update { incident, .. }
                    | Input::PublicUpdate { incident, .. }
                    | Input::Declare { incident, .. }
                    | Input::Escalate { incident, .. }
                    | Input::SetSeverity { incident, .. }
                    | Input::Pause { incident, .. }
                    | Input::Snooze { incident, .. }
                    | Input::Resume { incident, .. }
                    | Input::RequirePostmortem { incident, .. }
                    | Input::WaivePostmortem { incident, .. }
                    | Input::WritePostmortem { incident, .. }
                    | Input::PlanMeeting { incident, .. }
                    | Input::SubmitPostmortem { incident, .. }
                    | Input::ReviewPostmortem { incident, .. }
                    | Input::PublishPostmortem { incident, .. }
                    | Input::AddAction { incident, .. }
                    | Input::ChangeAction { incident, .. }
                    | Input::FinishAction { incident, .. }
                    | Input::DropAction { incident, .. }
                    | Input::CheckItem { incident, .. }
                    | Input::UncheckItem { incident, .. }
                    | Input::AssignRole { incident, .. }
                    | Input::VacateRole { incident, .. }
                    | Input::FalseAlarm { incident, .. }
                    | Input::Split { incident, .. }
                    | Input::Unlink { incident, .. }
                    | Input::Resolve { incident, .. } => *incident = refer(reference.as_ref()),
                    Input::Merge { incident, into: other, .. } | Input::Link { incident, parent: other, .. } => {
                        *incident = refer(reference.as_ref());
                        *other = refer(Some(&Reference { text: other.to_string() }));
                    }
                    _ => {}
                }
                Some(command)
            }
        }
    }

    /// The service of what it may open.
    pub(crate) fn service(&self) -> Option<&str> {
        match self {
            Self::Alert(alert) => alert.service.as_deref(),
            Self::Command(_, Input::Detect { service, .. }) => service.as_deref(),
            Self::Command(..) | Self::Report(_) | Self::Reload { .. } | Self::Tick => None,
        }
    }

    pub(crate) fn report(&self) -> Option<&Report> {
        match self {
            Self::Report(report) => Some(report),
            Self::Alert(_) | Self::Command(..) | Self::Reload { .. } | Self::Tick => None,
        }
    }
}

impl Scenario {
    /// A scenario without inputs: what a policy does from one instant to another.
    #[must_use]
    pub fn new(name: impl Into<String>, policy: Arc<Policy>, start: Timestamp, until: Timestamp) -> Self {
        Self {
            name: name.into(),
            why: None,
            policy,
            // The engine keeps whole milliseconds.
            start: start.trunc_subsecs(3),
            until: until.trunc_subsecs(3),
            delivery: Delivery::Delivered,
            failures: Vec::new(),
            inputs: Vec::new(),
            expectations: Vec::new(),
        }
    }

    /// The same scenario, in which an alert arrives too.
    #[must_use]
    pub fn with_alert(mut self, at: Timestamp, alert: Alert) -> Self {
        self.inputs.push(Happening { at: at.trunc_subsecs(3), what: What::Alert(alert), rejected: None, place: None });
        self
    }

    /// Reads a scenario, YAML or JSON.
    ///
    /// `name` is what diagnostics call it. `read` gives the content of a file that it names, as the scenario writes
    /// it, or says in lower case why not. `policy` is used instead of the scenario's own.
    ///
    /// # Errors
    ///
    /// Everything wrong with it at once, with file, line and column.
    pub fn load(
        name: &str,
        text: &str,
        policy: Option<Arc<Policy>>,
        read: impl Fn(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Self, Diagnostics> {
        kentongan::source::read_checked(name, text, |document, findings| {
            load::scenario(document, policy, &read, findings)
        })
    }

    /// Runs it, and compares what came of it with what it expects.
    ///
    /// # Errors
    ///
    /// When the run takes more steps than [`crate::limits::steps_max`] allows. The error has what happened until then.
    pub fn run(&self) -> Result<Run, RunError> {
        run(self)
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why it must hold.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        self.why.as_deref()
    }

    /// The policy that it runs under.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// How many things it expects.
    #[must_use]
    pub fn expectations(&self) -> usize {
        self.expectations.len() + self.inputs.iter().filter(|input| input.rejected.is_some()).count()
    }

    /// The JSON Schema of scenario documents, for editors.
    #[must_use]
    pub fn json_schema() -> Value {
        schemars::schema_for!(document::ScenarioDocument).to_value()
    }
}

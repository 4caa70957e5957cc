//! A run: all that happened in a scenario, in order, and what of it was not as expected.

mod explain;
mod runner;
mod verdict;
mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use kentongan::{Decision, Effect, Engine, Input, Policy, Rejected, Step, Timestamp};
use serde::Serialize;

pub use explain::Failure;
pub(crate) use runner::{Opened, run};

pub use view::{ClockView, IncidentView};

/// All that happened in a scenario.
#[derive(Debug, Clone, Serialize)]
pub struct Run {
    /// The scenario's name.
    pub scenario: String,
    /// The policy it ran under.
    pub policy: PolicyIdentity,
    /// When it began.
    pub start: Timestamp,
    /// When it ended.
    pub until: Timestamp,
    /// What happened, in order: each input, what was decided, what was asked of the host.
    pub entries: Vec<RunEntry>,
    /// The incidents as they were at the end, in the order of opening.
    pub incidents: Vec<IncidentView>,
    /// What was not as expected.
    pub failures: Vec<Failure>,
    #[serde(skip)]
    pub(crate) opened: Vec<Opened>,
    /// Every policy that was in force, and those that were to be, by digest.
    #[serde(skip)]
    pub policies: BTreeMap<String, Arc<Policy>>,
}

/// Which policy a run was under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyIdentity {
    /// Its name.
    pub name: String,
    /// The digest of its content.
    pub digest: String,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunEntry {
    /// The engine was handed an input. A wake-up is a tick.
    Input {
        /// When.
        at: Timestamp,
        /// What.
        input: Input,
    },
    /// Another policy was loaded.
    Reload {
        /// When.
        at: Timestamp,
        /// The digest of the policy; [`Run::policies`] has it.
        policy: String,
        /// The severities that have another name in it.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        severities: BTreeMap<String, String>,
    },
    /// The engine refused the input before it.
    Refusal {
        /// When.
        at: Timestamp,
        /// The stable name of the refusal.
        code: String,
        /// What was wrong.
        message: String,
        /// What to do about it.
        help: String,
    },
    /// The engine decided something.
    Decision(Decision),
    /// The engine asked something of the host.
    Effect(Effect),
}

/// One call of the engine.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "nearly every call is an input, and they come one by one")]
pub enum Call {
    /// It is handed an input.
    Apply(kentongan::Entry),
    /// It is moved to another policy.
    Reload {
        /// When.
        at: Timestamp,
        /// The policy.
        policy: Arc<Policy>,
        /// The severities that have another name in it.
        severities: BTreeMap<String, String>,
    },
}

impl Call {
    /// When.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Apply(entry) => entry.at,
            Self::Reload { at, .. } => *at,
        }
    }

    /// Does it with an engine.
    ///
    /// # Errors
    ///
    /// The engine's own refusal.
    pub fn on(&self, engine: &mut Engine) -> Result<Step, Rejected> {
        match self {
            Self::Apply(entry) => engine.apply(entry.at, entry.input.clone()),
            Self::Reload { at, policy, severities } => engine.reload(*at, Arc::clone(policy), severities),
        }
    }
}

/// Why a run did not reach its end.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the run was stopped at {}, after {steps} steps", crate::moment::instant(*at))]
pub struct RunError {
    /// How far it came.
    pub at: Timestamp,
    /// How many times it asked the engine.
    pub steps: usize,
    run: Box<Run>,
}

impl RunError {
    fn new(at: Timestamp, steps: usize, mut run: Run) -> Self {
        run.until = at;
        Self { at, steps, run: Box::new(run) }
    }

    /// What happened until then, compared with no expectation.
    #[must_use]
    pub fn into_run(self) -> Run {
        *self.run
    }

    /// The stable name of this kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "too_many_steps"
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        "let it end earlier, or give the policy's repeats more time between them"
    }
}

impl Run {
    /// What a journal comes to that begins under a policy: each input at the instant at which it was handed in, and each
    /// reload at its own.
    ///
    /// # Errors
    ///
    /// Only when a single input takes more steps than [`crate::limits::STEPS_OF_ONE_MAX`].
    pub fn replay(
        name: impl Into<String>,
        policy: Arc<Policy>,
        journal: impl IntoIterator<Item = Call>,
    ) -> Result<Self, RunError> {
        runner::replay(name.into(), policy, journal)
    }

    /// Whether everything was as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }

    /// The effects, in order.
    pub fn effects(&self) -> impl Iterator<Item = &Effect> {
        self.entries.iter().filter_map(|entry| match entry {
            RunEntry::Effect(effect) => Some(effect),
            RunEntry::Input { .. } | RunEntry::Reload { .. } | RunEntry::Refusal { .. } | RunEntry::Decision(_) => None,
        })
    }

    /// What the engine was handed, in order, reloads left out: the journal of the run where there are none.
    pub fn inputs(&self) -> impl Iterator<Item = kentongan::Entry> {
        self.entries.iter().filter_map(|entry| match entry {
            RunEntry::Input { at, input } => Some(kentongan::Entry { at: *at, input: input.clone() }),
            RunEntry::Reload { .. } | RunEntry::Effect(_) | RunEntry::Refusal { .. } | RunEntry::Decision(_) => None,
        })
    }

    /// What was done with the engine, in order: inputs and reloads, to be done with another one.
    pub fn calls(&self) -> impl Iterator<Item = Call> {
        self.entries.iter().filter_map(|entry| match entry {
            RunEntry::Input { at, input } => Some(Call::Apply(kentongan::Entry { at: *at, input: input.clone() })),
            RunEntry::Reload { at, policy, severities } => {
                let policy = Arc::clone(self.policies.get(policy)?);
                Some(Call::Reload { at: *at, policy, severities: severities.clone() })
            }
            RunEntry::Effect(_) | RunEntry::Refusal { .. } | RunEntry::Decision(_) => None,
        })
    }

    /// The effects as canonical bytes, one JSON object a line: what every language must give for the same inputs.
    #[must_use]
    pub fn effects_jsonl(&self) -> String {
        self.effects().map(line).collect()
    }

    /// The number of an incident in the order of opening, `#1`, or its id if it never opened in this run.
    #[must_use]
    pub fn number(&self, incident: &kentongan::IncidentId) -> String {
        let position = self.opened.iter().position(|opened| opened.id == *incident);
        position.map_or_else(|| incident.to_string(), |index| format!("#{}", index + 1))
    }
}

/// One line of JSON. Effects hold text keys and plain data only: there is nothing that JSON cannot hold.
fn line(effect: &Effect) -> String {
    let mut line = serde_json::to_string(effect).unwrap_or_default();
    line.push('\n');
    line
}

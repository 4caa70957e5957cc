//! A run: all that happened in a scenario, in order, and what of it was not as expected.

mod explain;
mod runner;
mod verdict;
mod view;

use std::sync::Arc;

use kentongan::{Decision, Effect, Input, Policy, Timestamp};
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
    /// What a journal comes to under a policy: each input at the instant at which it was handed in.
    ///
    /// # Errors
    ///
    /// Only when a single input takes more steps than [`crate::limits::STEPS_OF_ONE_MAX`].
    pub fn replay(
        name: impl Into<String>,
        policy: Arc<Policy>,
        journal: impl IntoIterator<Item = kentongan::Entry>,
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
            RunEntry::Input { .. } | RunEntry::Refusal { .. } | RunEntry::Decision(_) => None,
        })
    }

    /// What the engine was handed, in order: the journal of the run.
    pub fn inputs(&self) -> impl Iterator<Item = kentongan::Entry> {
        self.entries.iter().filter_map(|entry| match entry {
            RunEntry::Input { at, input } => Some(kentongan::Entry { at: *at, input: input.clone() }),
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

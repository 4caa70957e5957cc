//! Scenarios: a policy, what happens when, and what must come of it, run in virtual time.

use std::sync::Arc;

use kentongan_lab::{Scenario, timeline};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::failure::{self, guarded};
use crate::policy::{PolicyCore, json};
use crate::text::Text;

/// A scenario. Import kentongan.Scenario instead.
#[pyclass(frozen, subclass, module = "kentongan._kentongan")]
pub(crate) struct ScenarioCore {
    scenario: Scenario,
}

#[pymethods]
impl ScenarioCore {
    #[new]
    fn new(
        py: Python<'_>,
        name: Text,
        text: Text,
        policy: Option<&Bound<'_, PolicyCore>>,
        read: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let beside = |name: &str| -> Result<Vec<u8>, String> {
            let found = read.call1((name,)).map_err(|error| error.value(py).to_string().to_lowercase())?;
            match found.cast::<PyBytes>() {
                Ok(bytes) => Ok(bytes.as_bytes().to_vec()),
                Err(_) => Err("there is no such file".to_owned()),
            }
        };
        guarded(|| {
            let policy = policy.map(|policy| Arc::clone(policy.get().policy()));
            match Scenario::load(&name, &text, policy, beside) {
                Ok(scenario) => Ok(Self { scenario }),
                Err(diagnostics) => Err(failure::policy(py, &diagnostics)),
            }
        })
    }

    /// What it is called.
    #[getter]
    fn name(&self) -> &str {
        self.scenario.name()
    }

    /// Why it must hold.
    #[getter]
    fn why(&self) -> Option<&str> {
        self.scenario.why()
    }

    /// How many things it expects.
    #[getter]
    fn expectations(&self) -> usize {
        self.scenario.expectations()
    }

    /// Runs it: what happened as a person reads it, in lines of a width where words allow it.
    fn told(&self, py: Python<'_>, all: bool, width: usize) -> PyResult<String> {
        guarded(|| {
            let run = py.detach(|| self.scenario.run()).map_err(|error| failure::run(&error))?;
            let lines = timeline::lines(&run, self.scenario.policy(), timeline::Options { all, width });
            Ok(lines.iter().flat_map(|line| [line.to_string(), "\n".to_owned()]).collect())
        })
    }

    /// Runs it: all that happened as JSON, the effects as canonical lines, what failed as people read it.
    fn run_json(&self, py: Python<'_>) -> PyResult<(String, String, Vec<String>)> {
        guarded(|| {
            let run = py.detach(|| self.scenario.run()).map_err(|error| failure::run(&error))?;
            let failures = run.failures.iter().map(ToString::to_string).collect();
            Ok((json(&run), run.effects_jsonl(), failures))
        })
    }
}

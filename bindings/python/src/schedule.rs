//! Turns over time: a schedule of a policy, by itself.

use std::sync::Arc;

use kentongan::Policy;
use kentongan::oncall::Schedule;
use pyo3::prelude::*;

use crate::failure::{guarded, unknown};
use crate::instant::{instant, micros};
use crate::policy::{PolicyCore, json};
use crate::text::Text;

/// A schedule of a policy. Import kentongan.Schedule instead.
#[pyclass(frozen, subclass, module = "kentongan._kentongan")]
pub(crate) struct ScheduleCore {
    policy: Arc<Policy>,
    name: String,
}

impl ScheduleCore {
    fn ask<T>(&self, ask: impl FnOnce(&Schedule) -> PyResult<T>) -> PyResult<T> {
        guarded(|| {
            let known = || self.policy.document().schedules.keys().map(String::as_str);
            ask(self.policy.schedule(&self.name).ok_or_else(|| unknown("schedule", &self.name, known()))?)
        })
    }
}

#[pymethods]
impl ScheduleCore {
    #[new]
    fn new(policy: &Bound<'_, PolicyCore>, name: Text) -> PyResult<Self> {
        let schedule = Self { policy: Arc::clone(policy.get().policy()), name: name.to_owned() };
        schedule.ask(|_| Ok(()))?;
        Ok(schedule)
    }

    /// What the policy calls it.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// The zone of its people.
    #[getter]
    fn zone(&self) -> PyResult<String> {
        self.ask(|schedule| Ok(schedule.zone().name().to_owned()))
    }

    /// Who is on call at an instant, in microseconds since 1970: as JSON.
    fn who_json(&self, at: i64) -> PyResult<String> {
        self.ask(|schedule| Ok(json(&schedule.who(instant(at)?))))
    }

    /// Who is on call between two instants, as JSON.
    fn coverage_json(&self, py: Python<'_>, start: i64, end: i64) -> PyResult<String> {
        let (start, end) = (instant(start)?, instant(end)?);
        py.detach(|| self.ask(|schedule| Ok(json(&schedule.coverage(start, end)))))
    }

    /// The next instant at which somebody else is on call, in microseconds since 1970.
    fn next_change_micros(&self, after: i64) -> PyResult<Option<i64>> {
        self.ask(|schedule| Ok(schedule.next_change(instant(after)?).map(micros)))
    }

    /// Who looks over the shoulder of those on call at an instant, in microseconds since 1970.
    fn shadows_at(&self, at: i64) -> PyResult<Vec<String>> {
        self.ask(|schedule| Ok(schedule.shadows(instant(at)?)))
    }

    /// When somebody looks over the shoulder of those on call between two instants, as JSON.
    fn shadow_shifts_json(&self, py: Python<'_>, start: i64, end: i64) -> PyResult<String> {
        let (start, end) = (instant(start)?, instant(end)?);
        py.detach(|| self.ask(|schedule| Ok(json(&schedule.shadow_shifts(start, end)))))
    }
}

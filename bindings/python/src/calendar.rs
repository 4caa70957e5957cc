//! Working time: a calendar of a policy, and arithmetic over it.

use std::sync::Arc;

use kentongan::calendar::Calendar;
use kentongan::{Duration, Policy, Timestamp};
use pyo3::prelude::*;

use crate::failure::{guarded, invalid};
use crate::instant::{instant, micros};
use crate::policy::PolicyCore;

/// A calendar of a policy. Import kentongan.Calendar instead.
#[pyclass(frozen, subclass, module = "kentongan._kentongan")]
pub(crate) struct CalendarCore {
    policy: Arc<Policy>,
    name: String,
}

impl CalendarCore {
    /// Asks the calendar about an instant.
    fn ask<T>(&self, at: i64, ask: impl FnOnce(&Calendar, Timestamp) -> T) -> PyResult<T> {
        guarded(|| {
            let calendar = self.policy.calendar(&self.name).ok_or_else(|| unknown(&self.policy, &self.name))?;
            Ok(ask(calendar, instant(at)?))
        })
    }
}

fn unknown(policy: &Policy, name: &str) -> PyErr {
    let known: Vec<&str> = policy.document().calendars.keys().map(String::as_str).collect();
    let help = match &known[..] {
        [] => "the policy has none; add it under `calendars`".to_owned(),
        known => format!("known are `{}`", known.join("`, `")),
    };
    invalid("unknown_calendar", format!("the policy has no calendar `{name}`"), &help, "")
}

#[pymethods]
impl CalendarCore {
    #[new]
    fn new(policy: &Bound<'_, PolicyCore>, name: String) -> PyResult<Self> {
        let calendar = Self { policy: Arc::clone(policy.get().policy()), name };
        calendar.ask(0, |_, _| ())?;
        Ok(calendar)
    }

    /// What the policy calls it.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// The zone of its hours.
    #[getter]
    fn zone(&self) -> PyResult<String> {
        self.ask(0, |calendar, _| calendar.zone().name().to_owned())
    }

    /// Its hours of the week, as people read them.
    #[getter]
    fn hours(&self) -> PyResult<String> {
        self.ask(0, |calendar, _| calendar.hours())
    }

    /// Whether an instant, in microseconds since 1970, is working time.
    fn is_open_at(&self, at: i64) -> PyResult<bool> {
        self.ask(at, Calendar::is_open)
    }

    /// The first instant of working time at or after another, in microseconds since 1970.
    fn next_opening_micros(&self, at: i64) -> PyResult<i64> {
        self.ask(at, |calendar, at| micros(calendar.next_opening(at)))
    }

    /// The end of the stretch of working time that the next opening lies in, in microseconds since 1970.
    fn next_closing_micros(&self, at: i64) -> PyResult<i64> {
        self.ask(at, |calendar, at| micros(calendar.next_closing(at)))
    }

    /// The instant by which so many milliseconds of working time have passed, in microseconds since 1970.
    fn add_micros(&self, at: i64, millis: i64) -> PyResult<i64> {
        self.ask(at, |calendar, at| micros(calendar.add(at, Duration::from_millis(millis))))
    }

    /// The latest instant from which so many milliseconds of working time lead to another, in microseconds since 1970.
    fn subtract_micros(&self, at: i64, millis: i64) -> PyResult<i64> {
        self.ask(at, |calendar, at| micros(calendar.subtract(at, Duration::from_millis(millis))))
    }

    /// The working time between two instants, in milliseconds.
    fn elapsed_millis(&self, start: i64, end: i64) -> PyResult<i64> {
        let end = instant(end)?;
        self.ask(start, |calendar, start| calendar.elapsed(start, end).as_millis())
    }

    /// When a later day that is worked closes, so many of them after an instant's own, in microseconds since 1970.
    fn close_of_business_day_micros(&self, at: i64, days: u32) -> PyResult<i64> {
        self.ask(at, |calendar, at| micros(calendar.close_of_business_day(at, days)))
    }
}

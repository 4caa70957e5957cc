//! Working time: a calendar of a policy, and arithmetic over it.

use std::sync::Arc;

use kentongan::calendar::Calendar;
use kentongan::{Duration, Policy, Timestamp};
use pyo3::prelude::*;

use crate::failure::{guarded, unknown};
use crate::instant::{instant, micros};
use crate::policy::PolicyCore;
use crate::text::Text;

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
            let known = || self.policy.document().calendars.keys().map(String::as_str);
            let calendar = self.policy.calendar(&self.name).ok_or_else(|| unknown("calendar", &self.name, known()))?;
            Ok(ask(calendar, instant(at)?))
        })
    }
}

#[pymethods]
impl CalendarCore {
    #[new]
    fn new(policy: &Bound<'_, PolicyCore>, name: Text) -> PyResult<Self> {
        let calendar = Self { policy: Arc::clone(policy.get().policy()), name: name.to_owned() };
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

    /// Whether it is open at any instant from another one on, in microseconds since 1970.
    fn opens_again(&self, at: i64) -> PyResult<bool> {
        self.ask(at, Calendar::opens_from)
    }

    /// The next holiday on or after the local date of an instant, in microseconds since 1970: its date and its name.
    fn next_holiday_parts(&self, at: i64) -> PyResult<Option<(String, String)>> {
        self.ask(at, |calendar, at| calendar.next_holiday(at).map(|(date, name)| (date, name.to_owned())))
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

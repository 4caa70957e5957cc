//! Working time: a calendar of a policy, and arithmetic over it. Instants and lengths are milliseconds.

use std::sync::Arc;

use kentongan::calendar::Calendar;
use kentongan::{Duration, Policy, Timestamp};
use napi_derive::napi;

use crate::policy::NativePolicy;
use crate::problem::{Problem, instant, millis, unknown};
use crate::shared::guarded;

/// A calendar of a policy.
#[napi]
pub struct NativeCalendar {
    policy: Arc<Policy>,
    name: String,
}

impl NativeCalendar {
    fn ask<T>(&self, at: f64, ask: impl FnOnce(&Calendar, Timestamp) -> T) -> napi::Result<T> {
        Ok(guarded(|| Ok(ask(self.calendar()?, instant(at)?)))?)
    }

    fn calendar(&self) -> Result<&Calendar, Problem> {
        let known = || self.policy.document().calendars.keys().map(String::as_str);
        self.policy.calendar(&self.name).ok_or_else(|| unknown("calendar", &self.name, known()))
    }
}

/// A length of time of JavaScript's, which has looked whether it is one.
fn length(millis: f64) -> Duration {
    #[expect(clippy::cast_possible_truncation, reason = "what is too large becomes the largest, which is cut")]
    let whole = millis as i64;
    Duration::from_millis(whole)
}

#[expect(clippy::cast_precision_loss, reason = "lengths are at most a hundred years, which a float holds exactly")]
fn in_millis(length: Duration) -> f64 {
    length.as_millis() as f64
}

#[napi]
impl NativeCalendar {
    /// The calendar of that name.
    #[napi(constructor)]
    pub fn new(policy: &NativePolicy, name: String) -> napi::Result<Self> {
        let calendar = Self { policy: policy.shared(), name };
        guarded(|| calendar.calendar().map(|_| ()))?;
        Ok(calendar)
    }

    /// The zone of its hours.
    #[napi]
    pub fn zone(&self) -> napi::Result<String> {
        self.ask(0.0, |calendar, _| calendar.zone().name().to_owned())
    }

    /// Its hours of the week, as people read them.
    #[napi]
    pub fn hours(&self) -> napi::Result<String> {
        self.ask(0.0, |calendar, _| calendar.hours())
    }

    /// Whether an instant is working time.
    #[napi]
    pub fn is_open(&self, at: f64) -> napi::Result<bool> {
        self.ask(at, Calendar::is_open)
    }

    /// Whether it is open at any instant from another one on.
    #[napi]
    pub fn opens_from(&self, at: f64) -> napi::Result<bool> {
        self.ask(at, Calendar::opens_from)
    }

    /// The first instant of working time at or after another.
    #[napi]
    pub fn next_opening(&self, at: f64) -> napi::Result<f64> {
        self.ask(at, |calendar, at| millis(calendar.next_opening(at)))
    }

    /// The end of the stretch of working time that the next opening lies in.
    #[napi]
    pub fn next_closing(&self, at: f64) -> napi::Result<f64> {
        self.ask(at, |calendar, at| millis(calendar.next_closing(at)))
    }

    /// The date and the name of the next holiday; nothing where there is none.
    #[napi]
    pub fn next_holiday(&self, at: f64) -> napi::Result<Vec<String>> {
        self.ask(at, |calendar, at| {
            calendar.next_holiday(at).map(|(date, name)| vec![date, name.to_owned()]).unwrap_or_default()
        })
    }

    /// The instant by which so much working time has passed.
    #[napi]
    pub fn add(&self, at: f64, time: f64) -> napi::Result<f64> {
        self.ask(at, |calendar, at| millis(calendar.add(at, length(time))))
    }

    /// The latest instant from which so much working time leads to another.
    #[napi]
    pub fn subtract(&self, at: f64, time: f64) -> napi::Result<f64> {
        self.ask(at, |calendar, at| millis(calendar.subtract(at, length(time))))
    }

    /// The working time between two instants.
    #[napi]
    pub fn elapsed(&self, from: f64, to: f64) -> napi::Result<f64> {
        let to = instant(to)?;
        self.ask(from, |calendar, from| in_millis(calendar.elapsed(from, to)))
    }

    /// When a later day that is worked closes.
    #[napi]
    pub fn close_of_business_day(&self, at: f64, days: u32) -> napi::Result<f64> {
        self.ask(at, |calendar, at| millis(calendar.close_of_business_day(at, days)))
    }
}

/// A length of time as people write it, `1h30m`, in milliseconds.
#[napi]
pub(crate) fn millis_of(text: String) -> napi::Result<f64> {
    let length = text.parse::<Duration>().map_err(|error| {
        Problem::new("invalid_duration", error, "write it like `5m`, `1h30m` or `2d`, or hand in milliseconds")
    })?;
    Ok(in_millis(length))
}

/// The version of the time zone data that the engine brings.
#[napi]
#[must_use]
pub(crate) fn time_zone_data_version() -> &'static str {
    kentongan::calendar::time_zone_data_version()
}

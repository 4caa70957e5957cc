//! Turns over time: a schedule of a policy, by itself.

use std::sync::Arc;

use kentongan::Policy;
use kentongan::oncall::Schedule;
use napi_derive::napi;

use crate::policy::NativePolicy;
use crate::problem::{Problem, instant, json, millis, unknown};
use crate::shared::guarded;

/// A schedule of a policy.
#[napi]
pub struct NativeSchedule {
    policy: Arc<Policy>,
    name: String,
}

impl NativeSchedule {
    fn ask<T>(&self, ask: impl FnOnce(&Schedule) -> Result<T, Problem>) -> napi::Result<T> {
        Ok(guarded(|| {
            let known = || self.policy.schedules().map(Schedule::name);
            ask(self.policy.schedule(&self.name).ok_or_else(|| unknown("schedule", &self.name, known()))?)
        })?)
    }
}

#[napi]
impl NativeSchedule {
    /// The schedule of that name.
    #[napi(constructor)]
    pub fn new(policy: &NativePolicy, name: String) -> napi::Result<Self> {
        let schedule = Self { policy: policy.shared(), name };
        schedule.ask(|_| Ok(()))?;
        Ok(schedule)
    }

    /// The zone of its people.
    #[napi]
    pub fn zone(&self) -> napi::Result<String> {
        self.ask(|schedule| Ok(schedule.zone().name().to_owned()))
    }

    /// Who is on call at an instant, as JSON.
    #[napi]
    pub fn who(&self, at: f64) -> napi::Result<String> {
        self.ask(|schedule| Ok(json(&schedule.who(instant(at)?))))
    }

    /// Who is on call between two instants, as JSON.
    #[napi]
    pub fn coverage(&self, from: f64, to: f64) -> napi::Result<String> {
        self.ask(|schedule| Ok(json(&schedule.coverage(instant(from)?, instant(to)?))))
    }

    /// When somebody else is on call.
    #[napi]
    pub fn next_change(&self, after: f64) -> napi::Result<Option<f64>> {
        self.ask(|schedule| Ok(schedule.next_change(instant(after)?).map(millis)))
    }

    /// Who looks over the shoulder of those on call at an instant.
    #[napi]
    pub fn shadows(&self, at: f64) -> napi::Result<Vec<String>> {
        self.ask(|schedule| Ok(schedule.shadows(instant(at)?)))
    }

    /// When somebody looks over the shoulder of those on call between two instants, as JSON.
    #[napi]
    pub fn shadow_shifts(&self, from: f64, to: f64) -> napi::Result<String> {
        self.ask(|schedule| Ok(json(&schedule.shadow_shifts(instant(from)?, instant(to)?))))
    }
}

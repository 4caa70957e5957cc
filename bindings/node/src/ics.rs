//! Calendars that other tools export, as turns and holidays of a policy.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kentongan::calendar::Zone;
use kentongan::source::did_you_mean;
use kentongan_ingest::ics::{self, File, People, Rota};
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use serde_json::json;

use crate::policy::NativePolicy;
use crate::problem::{self, Problem};
use crate::shared::guarded;

/// Who is on call by a calendar.
#[napi]
pub struct NativeRota {
    rota: Rota,
}

#[napi]
impl NativeRota {
    /// Reads a calendar for the people of a policy. `called` says whom the calendar means where it calls them otherwise.
    #[napi(factory)]
    pub fn read(
        name: String,
        calendar: Buffer,
        policy: &NativePolicy,
        called: String,
        zone: Option<String>,
        until: Option<String>,
    ) -> napi::Result<Self> {
        Ok(guarded(|| {
            let called: BTreeMap<String, Option<String>> =
                serde_json::from_str(&called).map_err(|error| Problem::unreadable("a map of people", &error))?;
            let policy = policy.shared();
            let known = &policy.document().people;
            let mut people = People::of(known);
            for (called, person) in &called {
                if let Some(person) = person.as_ref().filter(|person| !known.contains_key(*person)) {
                    let message = format!("`{called}` is to be `{person}`, who is not in the policy");
                    let help = did_you_mean(person, known.keys().map(String::as_str));
                    return Err(Problem::new("unknown_person", message, help));
                }
                people.alias(called, person.as_deref());
            }
            let zone = zone.map_or_else(|| Ok(policy.zone().clone()), |zone| named(&zone))?;
            let until = until.map(|day| self::day(&day)).transpose()?;
            let rota = ics::on_call(&File::new(&name, &calendar, &zone).until(until), &people);
            rota.map(|rota| Self { rota }).map_err(|problems| Problem::from(&problems))
        })?)
    }

    /// What it says, as JSON: rotation, shifts, until, warnings.
    #[napi]
    #[must_use]
    pub fn details(&self) -> String {
        let rotation = self.rota.rotation.as_ref().map(|rotation| {
            let (start, days) = (rotation.start.format("%Y-%m-%dT%H:%M:%S").to_string(), rotation.days);
            json!({ "zone": rotation.zone, "start": start, "days": days, "people": rotation.people })
        });
        let Rota { shifts, until, warnings, .. } = &self.rota;
        problem::json(&json!({ "rotation": rotation, "shifts": shifts, "until": until, "warnings": warnings }))
    }

    /// The layer of a schedule that it comes to, as JSON.
    #[napi]
    #[must_use]
    pub fn layer(&self, name: String, zone: String) -> String {
        problem::json(&self.rota.layer(&name, &zone))
    }

    /// The section of a policy for it, as YAML that a person pastes.
    #[napi]
    #[must_use]
    pub fn to_yaml(&self, schedule: String) -> String {
        self.rota.to_yaml(&schedule)
    }
}

/// The holidays of a calendar, as JSON: days, warnings.
#[napi]
pub(crate) fn holidays(name: String, calendar: Buffer, zone: String, until: Option<String>) -> napi::Result<String> {
    Ok(guarded(|| {
        let (zone, until) = (named(&zone)?, until.map(|day| self::day(&day)).transpose()?);
        let found = ics::holidays(&File::new(&name, &calendar, &zone).until(until));
        let found = found.map_err(|problems| Problem::from(&problems))?;
        let days = found.days.iter().map(|day| json!({ "first": day.first, "last": day.last, "name": day.name }));
        let days: Vec<_> = days.collect();
        Ok(problem::json(&json!({ "days": days, "warnings": found.warnings })))
    })?)
}

fn named(zone: &str) -> Result<Zone, Problem> {
    Zone::named(zone).ok_or_else(|| {
        let message = format!("there is no time zone `{zone}`");
        Problem::new("unknown_timezone", message, "write it as IANA does, `Asia/Jakarta`")
    })
}

fn day(text: &str) -> Result<NaiveDate, Problem> {
    let help = "write it like `2026-12-31`";
    text.parse().map_err(|_| Problem::new("invalid_value", format!("`{text}` is no day"), help))
}

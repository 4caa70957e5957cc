//! Calendars that other tools export, as turns and holidays of a policy.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kentongan::calendar::Zone;
use kentongan::source::did_you_mean;
use kentongan_ingest::ics::{self, File, People, Rota};
use pyo3::prelude::*;
use serde_json::json;

use crate::failure::{self, guarded, invalid};
use crate::policy::{self, PolicyCore};
use crate::text::Text;

/// Who is on call by a calendar. Import kentongan.ics.Rota instead.
#[pyclass(frozen, subclass, module = "kentongan._kentongan")]
pub(crate) struct RotaCore {
    rota: Rota,
}

#[pymethods]
impl RotaCore {
    /// Reads a calendar for the people of a policy. `called` says whom the calendar means where it calls them otherwise.
    #[new]
    fn new(
        py: Python<'_>,
        name: Text,
        calendar: Vec<u8>,
        policy: &Bound<'_, PolicyCore>,
        called: BTreeMap<Text, Option<Text>>,
        zone: Option<Text>,
        until: Option<Text>,
    ) -> PyResult<Self> {
        guarded(|| {
            let policy = policy.get().policy();
            let known = &policy.document().people;
            let mut people = People::of(known);
            for (called, person) in &called {
                if let Some(person) = person.as_ref().filter(|person| !known.contains_key(&***person)) {
                    let message = format!("`{called}` is to be `{person}`, who is not in the policy");
                    let help = did_you_mean(person, known.keys().map(String::as_str));
                    return Err(invalid("unknown_person", message, &help, "people"));
                }
                people.alias(called, person.as_deref());
            }
            let zone = zone.map_or_else(|| Ok(policy.zone().clone()), |zone| named(&zone))?;
            let until = until.map(|until| day(&until)).transpose()?;
            let read = || ics::on_call(&File::new(&name, &calendar, &zone).until(until), &people);
            py.detach(read).map(|rota| Self { rota }).map_err(|problems| failure::policy(py, &problems))
        })
    }

    /// What it says, as JSON: rotation, shifts, until, warnings.
    fn details_json(&self) -> String {
        let rotation = self.rota.rotation.as_ref().map(|rotation| {
            let (start, days) = (rotation.start.format("%Y-%m-%dT%H:%M:%S").to_string(), rotation.days);
            json!({ "zone": rotation.zone, "start": start, "days": days, "people": rotation.people })
        });
        let Rota { shifts, until, warnings, .. } = &self.rota;
        policy::json(&json!({ "rotation": rotation, "shifts": shifts, "until": until, "warnings": warnings }))
    }

    /// The layer of a schedule that it comes to, as JSON.
    fn layer_json(&self, name: Text, zone: Text) -> PyResult<String> {
        guarded(|| Ok(policy::json(&self.rota.layer(&name, &zone))))
    }

    /// The zone in which its schedule is best kept: where it turns, if it is a rotation.
    #[getter]
    fn zone(&self) -> Option<&str> {
        self.rota.zone()
    }

    /// The section of a policy for it, as YAML that a person pastes.
    fn to_yaml(&self, schedule: Text) -> PyResult<String> {
        guarded(|| Ok(self.rota.to_yaml(&schedule)))
    }
}

/// The holidays of a calendar, as JSON: days, warnings.
#[pyfunction]
pub(crate) fn holidays_json(
    py: Python<'_>,
    name: Text,
    calendar: Vec<u8>,
    zone: Text,
    until: Option<Text>,
) -> PyResult<String> {
    guarded(|| {
        let (zone, until) = (named(&zone)?, until.map(|until| day(&until)).transpose()?);
        let read = || ics::holidays(&File::new(&name, &calendar, &zone).until(until));
        let found = py.detach(read).map_err(|problems| failure::policy(py, &problems))?;
        let days = found.days.iter().map(|day| json!({ "first": day.first, "last": day.last, "name": day.name }));
        let days: Vec<_> = days.collect();
        Ok(policy::json(&json!({ "days": days, "warnings": found.warnings })))
    })
}

fn named(zone: &str) -> PyResult<Zone> {
    Zone::named(zone).ok_or_else(|| {
        let help = "write it as IANA does, `Asia/Jakarta`";
        invalid("unknown_timezone", format!("there is no time zone `{zone}`"), help, "zone")
    })
}

/// A day, which Python has written.
fn day(text: &str) -> PyResult<NaiveDate> {
    text.parse().map_err(|_| invalid("invalid_value", format!("`{text}` is no day"), "hand in a date", "until"))
}

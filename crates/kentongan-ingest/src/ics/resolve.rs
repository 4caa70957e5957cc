//! The calendars that a policy names, read and put in their place before the policy is compiled.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use kentongan::calendar::Zone;
use kentongan::policy::document::PersonDocument;
use kentongan::source::{Diagnostics, Path, Replacement, Tree};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{File, People, holidays, on_call};

/// The key by which a policy names a calendar.
const KEY: &str = "ics";

/// Puts what calendars say in place of where a document names them: `ics` in a schedule, in holidays, and in the days
/// off of a schedule.
///
/// What is put there is part of the policy: its digest covers it, and an edited calendar makes another policy. `read`
/// gives the bytes of a file as the policy names it.
pub(crate) fn resolve(tree: &mut Tree, read: &dyn Fn(&str) -> Option<Vec<u8>>, problems: &mut Diagnostics) {
    let document = tree.to_value();
    let zone = document.get("timezone").and_then(Value::as_str).unwrap_or("UTC").to_owned();
    let people = people(&document);
    for path in tree.mappings_with(KEY) {
        let Some(place) = Place::of(&path) else { continue };
        let Some(Value::Object(written)) = tree.value_at(&path) else { continue };
        let named = match Named::read(&written) {
            Ok(named) => named,
            Err(message) => {
                let help = "write `ics: rota.ics`, and where they are needed `until: 2027-12-31` and `people`";
                problems.push(tree.error(&path, "invalid_calendar", message, Some(help.to_owned())));
                tree.replace(&path, place.nothing());
                continue;
            }
        };
        let Some(bytes) = read(&named.file) else {
            let message = format!("the calendar `{}` cannot be read", named.file);
            let help = "its path is relative to the policy".to_owned();
            problems.push(tree.error(&path, "missing_calendar", message, Some(help)));
            tree.replace(&path, place.nothing());
            continue;
        };
        let zone = named.timezone.as_deref().or_else(|| calendar_zone(&document, &path)).unwrap_or(&zone);
        // The policy itself says what is wrong with its zones.
        let Some(zone) = Zone::named(zone) else { continue };
        let file = File::new(&named.file, &bytes, &zone).until(named.until);
        let found = match place {
            Place::Schedule => schedule(&file, &named, &people, written, zone.name()),
            Place::Holidays | Place::DaysOff => days(&file, place),
        };
        match found {
            Ok((replacement, warnings)) => {
                warnings.iter().for_each(|warning| problems.push(warning.clone()));
                tree.replace(&path, replacement);
            }
            Err(found) => {
                found.iter().for_each(|problem| problems.push(problem.clone()));
                tree.replace(&path, place.nothing());
            }
        }
    }
}

type Found = Result<(Replacement, Diagnostics), Diagnostics>;

/// Where a policy names a calendar, and what becomes of it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Schedule,
    Holidays,
    DaysOff,
}

impl Place {
    fn of(path: &Path) -> Option<Self> {
        let keys: Vec<&str> = path.keys().collect();
        match keys.as_slice() {
            ["schedules", _] | ["on_call", _, "schedule"] => Some(Self::Schedule),
            ["calendars", _, "holidays"] => Some(Self::Holidays),
            ["schedules", _, "holidays_off", "days"] | ["on_call", _, "schedule", "holidays_off", "days"] => {
                Some(Self::DaysOff)
            }
            _ => None,
        }
    }

    /// What stands where a calendar could not be read: that is told, and nothing is to be told beside it.
    fn nothing(self) -> Replacement {
        match self {
            Self::Schedule => {
                // A schedule without layers would be refused for it.
                let shift = json!({ "from": "2000-01-01T00:00:00Z", "to": "2000-01-02T00:00:00Z", "people": [] });
                Replacement::One(json!({ "layers": [ { "shifts": [shift] } ] }))
            }
            Self::Holidays | Self::DaysOff => Replacement::Entries(Vec::new()),
        }
    }
}

/// What a policy says about a calendar that it names.
#[derive(Debug, Deserialize)]
struct Named {
    #[serde(rename = "ics")]
    file: String,
    #[serde(default)]
    until: Option<chrono::NaiveDate>,
    /// The person for what the calendar calls them; nobody for what is passed over.
    #[serde(default)]
    people: BTreeMap<String, Option<String>>,
    #[serde(default)]
    timezone: Option<String>,
}

impl Named {
    fn read(written: &Map<String, Value>) -> Result<Self, String> {
        let message = |error: serde_json::Error| format!("the calendar is not named as it must be: {error}");
        serde_json::from_value(Value::Object(written.clone())).map_err(message)
    }
}

/// The schedule: what stood beside the calendar, with its layer below the others.
fn schedule(file: &File<'_>, named: &Named, people: &People, mut written: Map<String, Value>, zone: &str) -> Found {
    let mut people = people.clone();
    for (called, id) in &named.people {
        people.alias(called, id.as_deref());
    }
    let rota = on_call(file, &people)?;
    for key in [KEY, "until", "people"] {
        written.remove(key);
    }
    let zone = match (&named.timezone, rota.zone()) {
        (None, Some(own)) => {
            written.insert("timezone".to_owned(), json!(own));
            own
        }
        _ => zone,
    };
    let mut layers = vec![rota.layer(&named.file, zone)];
    if let Some(Value::Array(above)) = written.remove("layers") {
        layers.extend(above);
    }
    written.insert("layers".to_owned(), Value::Array(layers));
    Ok((Replacement::One(Value::Object(written)), rota.warnings))
}

fn days(file: &File<'_>, place: Place) -> Found {
    let found = holidays(file)?;
    let entries = found.days.iter().map(|day| if place == Place::Holidays { day.section() } else { day.days() });
    Ok((Replacement::Entries(entries.collect()), found.warnings))
}

/// The zone of the calendar or schedule around a part of the document.
fn calendar_zone<'v>(document: &'v Value, path: &Path) -> Option<&'v str> {
    let mut keys = path.keys();
    document.get(keys.next()?)?.get(keys.next()?)?.get("timezone")?.as_str()
}

/// The people of a policy. Whoever cannot be read is told of when the policy is compiled.
fn people(document: &Value) -> People {
    let entries = document.get("people").and_then(Value::as_object).into_iter().flatten();
    let readable = entries.filter_map(|(id, person)| Some((id.clone(), PersonDocument::deserialize(person).ok()?)));
    People::of(&readable.collect::<IndexMap<_, _>>())
}

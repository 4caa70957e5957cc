//! What a condition can see, as rhai values: the alert, the service and, once it is open, the incident.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rhai::{Dynamic, Map, Scope};
use serde_json::Value;

use crate::alert::{Alert, AlertStatus};
use crate::limits;
use crate::policy::Service;
use crate::policy::document::Fact;
use crate::source::did_you_mean;
use crate::time::{Duration, Timestamp};

/// What a condition is asked about, which decides the facts it may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// An alert before it has a severity: `alert`, `service`.
    Alert,
    /// An open incident: `alert`, `service`, `incident`, `severity`, `elapsed`.
    Incident,
}

const ALERT: &[&str] =
    &["key", "status", "source", "service", "name", "summary", "description", "labels", "annotations", "values"];
const SERVICE: &[&str] = &["id", "name", "tier", "owner", "known", "facts"];
const INCIDENT: &[&str] = &["id", "title", "state", "acknowledged", "responded", "declared", "firing"];
/// The facts whose own names are the user's.
const OPEN: &[&str] = &["labels", "annotations", "values", "facts"];

impl Sight {
    pub(super) fn roots(self) -> &'static [&'static str] {
        match self {
            Self::Alert => &["alert", "service"],
            Self::Incident => &["alert", "service", "incident", "severity", "elapsed"],
        }
    }

    /// What is wrong with a path, if the facts can never have it: the part at fault and the remedy.
    pub(super) fn objection(self, path: &[String]) -> Option<(String, String)> {
        let (root, rest) = path.split_first()?;
        if !self.roots().contains(&root.as_str()) {
            return None;
        }
        let fields = match root.as_str() {
            "alert" => ALERT,
            "service" => SERVICE,
            "incident" => INCIDENT,
            _ => return None,
        };
        let field = rest.first()?;
        if fields.contains(&field.as_str()) {
            return None;
        }
        let hint = OPEN.iter().find(|open| fields.contains(open) && !matches!(**open, "annotations"));
        let help = match crate::source::nearest(field, fields.iter().copied()) {
            Some(near) => format!("did you mean `{root}.{near}`?"),
            None if hint.is_some() && *root == "alert" => {
                format!("did you mean `alert.labels.{field}` or `alert.values.{field}`?")
            }
            None => did_you_mean(field, fields.iter().copied()),
        };
        Some((format!("{root}.{field}"), help))
    }
}

/// The facts of an incident beyond its alert.
pub(crate) struct IncidentFacts<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) state: &'a str,
    pub(crate) acknowledged: bool,
    pub(crate) responded: bool,
    pub(crate) declared: bool,
    pub(crate) firing: usize,
    pub(crate) severity: &'a str,
    pub(crate) elapsed: Duration,
}

/// The facts as rhai sees them, built once and read by many conditions.
pub(crate) struct Facts {
    pub(super) scope: Scope<'static>,
    next_change: Option<Arc<AtomicI64>>,
}

impl Facts {
    pub(crate) fn of_alert(alert: &Alert, service: Option<&Service>) -> Self {
        let mut scope = Scope::new();
        scope.push_constant_dynamic("alert", Dynamic::from_map(alert_map(alert)));
        scope.push_constant_dynamic("service", Dynamic::from_map(service_map(alert, service)));
        Self { scope, next_change: None }
    }

    pub(crate) fn of_incident(alert: &Alert, service: Option<&Service>, incident: &IncidentFacts<'_>) -> Self {
        let mut facts = Self::of_alert(alert, service);
        let mut map = Map::new();
        map.insert("id".into(), text(incident.id));
        map.insert("title".into(), text(incident.title));
        map.insert("state".into(), text(incident.state));
        map.insert("acknowledged".into(), incident.acknowledged.into());
        map.insert("responded".into(), incident.responded.into());
        map.insert("declared".into(), incident.declared.into());
        map.insert("firing".into(), Dynamic::from_int(i64::try_from(incident.firing).unwrap_or(i64::MAX)));
        let next_change = Arc::new(AtomicI64::new(i64::MAX));
        facts.scope.push_constant_dynamic("incident", Dynamic::from_map(map));
        facts.scope.push_constant_dynamic("severity", text(incident.severity));
        let elapsed = Elapsed { millis: incident.elapsed.as_millis(), next_change: Arc::clone(&next_change) };
        facts.scope.push_constant_dynamic("elapsed", Dynamic::from(elapsed));
        facts.next_change = Some(next_change);
        facts
    }

    /// The earliest instant at which a comparison with `elapsed` made so far would come out otherwise.
    ///
    /// Conditions are pure, so until then, and while nothing else changes, they give the same answer.
    pub(crate) fn changes_at(&self, opened_at: Timestamp) -> Option<Timestamp> {
        let millis = self.next_change.as_ref()?.load(Ordering::Relaxed);
        (millis <= limits::DURATION_MILLIS_MAX).then(|| Duration::from_millis(millis).after(opened_at))
    }

    /// The value at a path, as JSON; `None` where the facts lack it.
    pub(crate) fn value(&self, path: &[String]) -> Option<Value> {
        let (root, rest) = path.split_first()?;
        let mut value = self.scope.get(root)?.clone();
        if let Some(elapsed) = value.clone().try_cast::<Elapsed>() {
            return Some(Value::String(Duration::from_millis(elapsed.millis).to_string()));
        }
        for step in rest {
            // What follows a value that is no map is a method, not a fact.
            let Some(map) = value.read_lock::<Map>().map(|map| map.get(step.as_str()).cloned()) else {
                break;
            };
            value = map?;
        }
        if value.is_unit() {
            return None;
        }
        if value.is_map() {
            return Some(Value::String("{…}".to_owned()));
        }
        rhai::serde::from_dynamic(&value).ok()
    }
}

/// The time since an incident opened, which notes each instant at which a comparison with it would change.
///
/// Compared with lengths in milliseconds, as `hours(1)` gives them.
#[derive(Debug, Clone)]
pub(super) struct Elapsed {
    millis: i64,
    next_change: Arc<AtomicI64>,
}

impl Elapsed {
    /// Notes that a comparison with `millis` changes there, or a millisecond after.
    pub(super) fn compared_with(&self, millis: i64) -> std::cmp::Ordering {
        for change in [millis, millis.saturating_add(1)] {
            if change > self.millis {
                self.next_change.fetch_min(change, Ordering::Relaxed);
            }
        }
        self.millis.cmp(&millis)
    }
}

fn text(text: &str) -> Dynamic {
    if text.len() <= limits::SCRIPT_STRING_BYTES_MAX {
        return text.into();
    }
    let mut end = limits::SCRIPT_STRING_BYTES_MAX;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().into()
}

fn texts<'a>(entries: impl Iterator<Item = (&'a String, &'a String)>) -> Dynamic {
    Dynamic::from_map(entries.map(|(name, value)| (name.as_str().into(), text(value))).collect())
}

fn alert_map(alert: &Alert) -> Map {
    let mut map = Map::new();
    map.insert("key".into(), text(&alert.key));
    map.insert(
        "status".into(),
        text(match alert.status {
            AlertStatus::Firing => "firing",
            AlertStatus::Resolved => "resolved",
        }),
    );
    map.insert("source".into(), text(&alert.source));
    map.insert("service".into(), alert.service.as_deref().map_or(Dynamic::UNIT, text));
    map.insert("name".into(), text(&alert.name));
    map.insert("summary".into(), text(&alert.summary));
    map.insert("description".into(), text(&alert.description));
    map.insert("labels".into(), texts(alert.labels.iter()));
    map.insert("annotations".into(), texts(alert.annotations.iter()));
    let values = alert.values.iter().map(|(name, value)| (name.as_str().into(), Dynamic::from_float(*value))).collect();
    map.insert("values".into(), Dynamic::from_map(values));
    map
}

fn service_map(alert: &Alert, service: Option<&Service>) -> Map {
    let mut map = Map::new();
    map.insert("id".into(), alert.service.as_deref().map_or(Dynamic::UNIT, text));
    map.insert("known".into(), service.is_some().into());
    let Some(service) = service else {
        map.insert("facts".into(), Dynamic::from_map(Map::new()));
        return map;
    };
    let document = &service.document;
    for (name, value) in [("name", &document.name), ("tier", &document.tier), ("owner", &document.owner)] {
        map.insert(name.into(), value.as_deref().map_or(Dynamic::UNIT, text));
    }
    let facts = document.facts.iter().map(|(name, fact)| {
        let value = match fact {
            Fact::Bool(value) => Dynamic::from_bool(*value),
            Fact::Integer(value) => Dynamic::from_int(*value),
            Fact::Number(value) => Dynamic::from_float(*value),
            Fact::Text(value) => text(value),
        };
        (name.as_str().into(), value)
    });
    map.insert("facts".into(), Dynamic::from_map(facts.collect()));
    map
}

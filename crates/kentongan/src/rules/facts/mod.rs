//! What a condition can see: the alert, its service and, once it is open, the incident. One table says what there is;
//! native conditions read it by slots, and the interpreter gets it as rhai maps, built when first asked for.

mod catalogue;
mod elapsed;
mod table;

use std::collections::BTreeMap;

use rhai::{Dynamic, Map, Scope};
use serde_json::Value as Json;

use super::expression::Source;
use super::value::{Kinds, Value, bounded};
use crate::alert::Alert;
use crate::incident::Impact;
use crate::policy::Service;
use crate::time::Duration;
use catalogue::Fact;
use table::{Field, Read, Root, dynamic};

pub(super) use catalogue::{Catalogue, Origin, Plan, Slot};
pub(crate) use elapsed::Elapsed;
pub(super) use table::Meaning;
pub(crate) use table::{Names, Values};

/// A fact of one alert, as conditions see it.
///
/// Text is seen up to [`limits::SCRIPT_STRING_BYTES_MAX`](crate::limits::SCRIPT_STRING_BYTES_MAX) bytes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum FactValue<'a> {
    /// The alert does not have it.
    #[default]
    Absent,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number, such as what was measured.
    Float(f64),
    /// Text, such as a label.
    Text(&'a str),
}

impl FactValue<'_> {
    pub(super) const fn kind(&self) -> Kinds {
        match self {
            Self::Absent => Kinds::UNIT,
            Self::Bool(_) => Kinds::BOOL,
            Self::Integer(_) => Kinds::INTEGER,
            Self::Float(_) => Kinds::FLOAT,
            Self::Text(_) => Kinds::TEXT,
        }
    }

    pub(super) fn json(self) -> Option<Json> {
        Some(match self {
            Self::Absent => return None,
            Self::Bool(truth) => truth.into(),
            Self::Integer(number) => number.into(),
            Self::Float(number) => number.into(),
            Self::Text(text) => bounded(text).into(),
        })
    }
}

/// What a condition is asked about, which decides the facts it may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// An alert before it has a severity: `alert`, `service`.
    Alert,
    /// An open incident: `alert`, `service`, `incident`, `severity`, `impact`, `on_call`, `elapsed`.
    Incident,
    /// An incident that is over: `alert`, `service`, `incident`, `severity`, `impact`, `duration`.
    Resolved,
}

/// Everything there is to see at one moment.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) alert: &'a Alert,
    pub(crate) service: Option<&'a Service>,
    pub(crate) incident: Option<&'a IncidentFacts<'a>>,
    elapsed: Option<&'a Elapsed>,
}

/// The facts of an incident beyond its alert.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that conditions read by itself")]
pub(crate) struct IncidentFacts<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) state: &'a str,
    pub(crate) acknowledged: bool,
    pub(crate) responded: bool,
    pub(crate) declared: bool,
    pub(crate) verified: bool,
    pub(crate) drill: bool,
    pub(crate) firing: usize,
    pub(crate) severity: &'a str,
    pub(crate) worst: &'a str,
    pub(crate) impact: &'a Impact,
    pub(crate) duration: Duration,
    /// Who is on call, by role.
    pub(crate) on_call: &'a BTreeMap<String, String>,
}

impl<'a> View<'a> {
    pub(crate) fn of_alert(alert: &'a Alert, service: Option<&'a Service>) -> Self {
        Self { alert, service, incident: None, elapsed: None }
    }

    pub(crate) fn of_incident(
        alert: &'a Alert,
        service: Option<&'a Service>,
        incident: &'a IncidentFacts<'a>,
        elapsed: &'a Elapsed,
    ) -> Self {
        Self { alert, service, incident: Some(incident), elapsed: Some(elapsed) }
    }

    /// The facts of one sight as variables of a script.
    fn scope(&self, sight: Sight) -> Scope<'static> {
        let mut scope = Scope::new();
        for root in sight.roots() {
            let value = match root {
                Root::One(field) => self.dynamic(field),
                Root::Map(_, fields) => Dynamic::from_map(
                    fields.iter().map(|field| (field.name.into(), self.dynamic(field))).collect::<Map>(),
                ),
            };
            scope.push_constant_dynamic(root.name(), value);
        }
        scope
    }

    fn dynamic(&self, field: &Field) -> Dynamic {
        match field.read {
            Read::One(read) => dynamic(read(self)),
            Read::Entries(read) => Dynamic::from_map(read(self).as_map()),
            Read::Elapsed => self.elapsed.map_or(Dynamic::UNIT, |elapsed| Dynamic::from(elapsed.clone())),
        }
    }
}

/// The facts of one moment, read by many conditions.
pub(crate) struct Facts<'a> {
    pub(super) view: View<'a>,
    scope: Option<Scope<'static>>,
}

impl<'a> Facts<'a> {
    pub(crate) fn of(view: View<'a>) -> Self {
        Self { view, scope: None }
    }

    /// The facts as variables of a script, built once.
    pub(super) fn scope(&mut self, sight: Sight) -> &mut Scope<'static> {
        let view = self.view;
        self.scope.get_or_insert_with(|| view.scope(sight))
    }
}

/// The facts of one moment as native conditions read them: each when it is asked for.
pub(super) struct Lookup<'v, 'a> {
    pub(super) catalogue: &'v Catalogue,
    pub(super) view: View<'a>,
}

impl<'a> Source<'a> for Lookup<'_, 'a> {
    fn fact(&self, slot: Slot) -> Value<'a> {
        match self.catalogue.fact(slot) {
            Some(Fact { read: Read::Elapsed, .. }) => self.view.elapsed.map_or(Value::Unit, Value::Elapsed),
            Some(fact) => fact.read(&self.view).into(),
            None => Value::Unit,
        }
    }
}

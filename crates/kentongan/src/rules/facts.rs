//! What a condition can see: the alert, its service and, once it is open, the incident. One table says what there is;
//! native conditions read it by slots, and the interpreter gets it as rhai maps, built when first asked for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use indexmap::IndexMap;
use rhai::{Dynamic, Map, Scope};
use serde_json::Value as Json;

use super::expression::Source;
use super::value::{Kinds, Value, bounded};
use crate::alert::{Alert, AlertStatus};
use crate::incident::Impact;
use crate::limits;
use crate::policy::Service;
use crate::policy::document::Fact as ServiceFact;
use crate::source::did_you_mean;
use crate::time::{Duration, Timestamp};

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
    /// An open incident: `alert`, `service`, `incident`, `severity`, `impact`, `elapsed`.
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
pub(crate) struct IncidentFacts<'a> {
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) state: &'a str,
    pub(crate) acknowledged: bool,
    pub(crate) responded: bool,
    pub(crate) declared: bool,
    pub(crate) firing: usize,
    pub(crate) severity: &'a str,
    pub(crate) impact: &'a Impact,
    pub(crate) duration: Duration,
}

/// How a fact is read.
#[derive(Debug, Clone, Copy)]
enum Read {
    One(for<'a> fn(&View<'a>) -> FactValue<'a>),
    /// A map whose names are the user's.
    Entries(for<'a> fn(&View<'a>) -> Entries<'a>),
    /// The time since the incident opened, which notes what it is compared with.
    Elapsed,
}

/// The entries of a map of facts.
enum Entries<'a> {
    Texts(&'a BTreeMap<String, String>),
    Numbers(&'a BTreeMap<String, f64>),
    Facts(Option<&'a IndexMap<String, ServiceFact>>),
}

/// A fact or map of facts.
#[derive(Debug)]
struct Field {
    name: &'static str,
    kinds: Kinds,
    read: Read,
}

/// A name that conditions begin with: a map of fields, or a fact itself.
#[derive(Debug)]
enum Root {
    Map(&'static str, &'static [Field]),
    One(Field),
}

const fn always(name: &'static str, kinds: Kinds, read: for<'a> fn(&View<'a>) -> FactValue<'a>) -> Field {
    Field { name, kinds, read: Read::One(read) }
}

const fn sometimes(name: &'static str, kinds: Kinds, read: for<'a> fn(&View<'a>) -> FactValue<'a>) -> Field {
    always(name, kinds.or(Kinds::UNIT), read)
}

const fn entries(name: &'static str, kinds: Kinds, read: for<'a> fn(&View<'a>) -> Entries<'a>) -> Field {
    Field { name, kinds: kinds.or(Kinds::UNIT), read: Read::Entries(read) }
}

static ALERT: Root = Root::Map(
    "alert",
    &[
        always("key", Kinds::TEXT, |view| FactValue::Text(&view.alert.key)),
        always("status", Kinds::TEXT, |view| {
            FactValue::Text(match view.alert.status {
                AlertStatus::Firing => "firing",
                AlertStatus::Resolved => "resolved",
            })
        }),
        always("source", Kinds::TEXT, |view| FactValue::Text(&view.alert.source)),
        sometimes("service", Kinds::TEXT, |view| optional(view.alert.service.as_deref())),
        always("name", Kinds::TEXT, |view| FactValue::Text(&view.alert.name)),
        always("summary", Kinds::TEXT, |view| FactValue::Text(&view.alert.summary)),
        always("description", Kinds::TEXT, |view| FactValue::Text(&view.alert.description)),
        entries("labels", Kinds::TEXT, |view| Entries::Texts(&view.alert.labels)),
        entries("annotations", Kinds::TEXT, |view| Entries::Texts(&view.alert.annotations)),
        entries("values", Kinds::FLOAT, |view| Entries::Numbers(&view.alert.values)),
        sometimes("starts_at", Kinds::INTEGER, |view| {
            view.alert.starts_at.map_or(FactValue::Absent, |at| FactValue::Integer(at.timestamp_millis()))
        }),
    ],
);

static SERVICE: Root = Root::Map(
    "service",
    &[
        sometimes("id", Kinds::TEXT, |view| optional(view.alert.service.as_deref())),
        always("known", Kinds::BOOL, |view| FactValue::Bool(view.service.is_some())),
        sometimes("name", Kinds::TEXT, |view| optional(view.service.and_then(|s| s.document.name.as_deref()))),
        sometimes("tier", Kinds::TEXT, |view| optional(view.service.and_then(|s| s.document.tier.as_deref()))),
        sometimes("owner", Kinds::TEXT, |view| optional(view.service.and_then(|s| s.document.owner.as_deref()))),
        entries("facts", Kinds::BOOL.or(Kinds::INTEGER).or(Kinds::FLOAT).or(Kinds::TEXT), |view| {
            Entries::Facts(view.service.map(|service| &service.document.facts))
        }),
    ],
);

static INCIDENT: Root = Root::Map(
    "incident",
    &[
        always("id", Kinds::TEXT, |view| of(view, |incident| FactValue::Text(incident.id))),
        always("title", Kinds::TEXT, |view| of(view, |incident| FactValue::Text(incident.title))),
        always("state", Kinds::TEXT, |view| of(view, |incident| FactValue::Text(incident.state))),
        always("acknowledged", Kinds::BOOL, |view| of(view, |incident| FactValue::Bool(incident.acknowledged))),
        always("responded", Kinds::BOOL, |view| of(view, |incident| FactValue::Bool(incident.responded))),
        always("declared", Kinds::BOOL, |view| of(view, |incident| FactValue::Bool(incident.declared))),
        always("firing", Kinds::INTEGER, |view| {
            of(view, |incident| FactValue::Integer(i64::try_from(incident.firing).unwrap_or(i64::MAX)))
        }),
    ],
);

static SEVERITY: Root =
    Root::One(always("severity", Kinds::TEXT, |view| of(view, |incident| FactValue::Text(incident.severity))));

static IMPACT: Root = Root::Map(
    "impact",
    &[
        always("significant", Kinds::BOOL, |view| impact(view, |found| truth(found.significant))),
        always("getting_worse", Kinds::BOOL, |view| impact(view, |found| truth(found.getting_worse))),
        sometimes("users_affected", Kinds::INTEGER, |view| {
            impact(view, |found| {
                let count = found.users_affected.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
                count.map_or(FactValue::Absent, FactValue::Integer)
            })
        }),
        sometimes("description", Kinds::TEXT, |view| impact(view, |found| optional(found.description.as_deref()))),
    ],
);

static DURATION: Root = Root::One(always("duration", Kinds::INTEGER, |view| {
    of(view, |incident| FactValue::Integer(incident.duration.as_millis()))
}));

static ELAPSED: Root = Root::One(Field { name: "elapsed", kinds: Kinds::ELAPSED, read: Read::Elapsed });

fn optional(text: Option<&str>) -> FactValue<'_> {
    text.map_or(FactValue::Absent, FactValue::Text)
}

/// What nobody has said is not so.
fn truth<'a>(said: Option<bool>) -> FactValue<'a> {
    FactValue::Bool(said.unwrap_or(false))
}

fn impact<'a>(view: &View<'a>, read: impl Fn(&'a Impact) -> FactValue<'a>) -> FactValue<'a> {
    of(view, |incident| read(incident.impact))
}

fn of<'a>(view: &View<'a>, read: impl Fn(&'a IncidentFacts<'a>) -> FactValue<'a>) -> FactValue<'a> {
    view.incident.map_or(FactValue::Absent, read)
}

impl Sight {
    fn roots(self) -> &'static [&'static Root] {
        static OF_AN_ALERT: [&Root; 2] = [&ALERT, &SERVICE];
        static OF_AN_INCIDENT: [&Root; 6] = [&ALERT, &SERVICE, &INCIDENT, &SEVERITY, &IMPACT, &ELAPSED];
        static OF_WHAT_IS_OVER: [&Root; 6] = [&ALERT, &SERVICE, &INCIDENT, &SEVERITY, &IMPACT, &DURATION];
        match self {
            Self::Alert => &OF_AN_ALERT,
            Self::Incident => &OF_AN_INCIDENT,
            Self::Resolved => &OF_WHAT_IS_OVER,
        }
    }

    /// The names a condition may begin with.
    pub(super) fn names(self) -> impl Iterator<Item = &'static str> + Clone {
        self.roots().iter().map(|root| root.name())
    }

    fn root(self, name: &str) -> Option<&'static Root> {
        self.roots().iter().copied().find(|root| root.name() == name)
    }

    /// What is wrong with a path, if the facts can never have it: the part at fault and the remedy.
    pub(super) fn objection(self, path: &[String]) -> Option<(String, String)> {
        let (Root::Map(root, fields), field) = (self.root(path.first()?)?, path.get(1)?) else {
            return None;
        };
        if fields.iter().any(|known| known.name == *field) {
            return None;
        }
        let names = fields.iter().map(|known| known.name);
        let help = match crate::source::nearest(field, names.clone()) {
            Some(near) => format!("did you mean `{root}.{near}`?"),
            None if *root == "alert" => format!("did you mean `alert.labels.{field}` or `alert.values.{field}`?"),
            None => did_you_mean(field, names),
        };
        Some((format!("{root}.{field}"), help))
    }

    /// What stands at a path.
    pub(super) fn meaning(self, path: &[String]) -> Meaning {
        let mut steps = path.iter();
        match steps.next().and_then(|name| self.root(name)) {
            None => Meaning::Nothing,
            Some(Root::One(field)) => Meaning::Fact { steps: 1, kinds: field.kinds },
            Some(Root::Map(_, fields)) => {
                let Some(step) = steps.next() else {
                    return Meaning::Map;
                };
                match (fields.iter().find(|field| field.name == *step), steps.next()) {
                    (None, _) => Meaning::Nothing,
                    (Some(Field { read: Read::Entries(_), .. }), None) => Meaning::Map,
                    (Some(Field { read: Read::Entries(_), kinds, .. }), Some(_)) => {
                        Meaning::Fact { steps: 3, kinds: *kinds }
                    }
                    (Some(field), _) => Meaning::Fact { steps: 2, kinds: field.kinds },
                }
            }
        }
    }
}

impl Root {
    fn name(&self) -> &'static str {
        match self {
            Self::Map(name, _) => name,
            Self::One(field) => field.name,
        }
    }
}

/// What stands at a path of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Nothing,
    /// A map of facts.
    Map,
    /// A fact, at the end of the first so many steps.
    Fact {
        steps: usize,
        kinds: Kinds,
    },
}

/// Where a native condition finds a fact: its place in the [`Catalogue`] of its sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Slot {
    pub(super) origin: Origin,
    pub(super) place: u32,
}

/// Whether a fact is the alert's own, or found elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Origin {
    Alert,
    Elsewhere,
}

/// One fact that some condition reads.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    /// The path as written, `alert.labels.env`.
    pub(super) name: String,
    read: Read,
    /// The name in a map whose names are the user's.
    entry: String,
    pub(super) kinds: Kinds,
}

/// The facts that the conditions of one sight read, each once.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(super) sight: Sight,
    pub(super) alert: Vec<Fact>,
    pub(super) elsewhere: Vec<Fact>,
    slots: BTreeMap<String, Slot>,
    /// The kinds of the services' own facts.
    service_facts: BTreeMap<String, Kinds>,
}

impl Catalogue {
    pub(super) fn new(sight: Sight, services: &IndexMap<String, crate::policy::document::ServiceDocument>) -> Self {
        let mut service_facts: BTreeMap<String, Kinds> = BTreeMap::new();
        for (name, fact) in services.values().flat_map(|service| &service.facts) {
            let kinds = service_facts.entry(name.clone()).or_default();
            *kinds = kinds.or(of_service(fact).kind());
        }
        Self { sight, alert: Vec::new(), elsewhere: Vec::new(), slots: BTreeMap::new(), service_facts }
    }

    /// The slot of a fact and the kinds of value it can have. The path is one that means a fact.
    pub(super) fn slot(&mut self, path: &[String]) -> Option<(Slot, Kinds)> {
        let Meaning::Fact { steps, mut kinds } = self.sight.meaning(path) else {
            return None;
        };
        let path = path.get(..steps)?;
        let (root, rest) = path.split_first()?;
        let field = match self.sight.root(root)? {
            Root::One(field) => field,
            Root::Map(_, fields) => fields.iter().find(|field| Some(field.name) == rest.first().map(String::as_str))?,
        };
        let entry = rest.get(1).cloned().unwrap_or_default();
        if root == "service" && !entry.is_empty() {
            kinds = self.service_facts.get(&entry).copied().unwrap_or_default().or(Kinds::UNIT);
        }
        // A label may have a dot in its name, and then one text can stand for two paths.
        let key = path.join("\u{0}");
        if let Some(slot) = self.slots.get(&key) {
            return Some((*slot, kinds));
        }
        let (origin, list) = match root.as_str() {
            "alert" => (Origin::Alert, &mut self.alert),
            _ => (Origin::Elsewhere, &mut self.elsewhere),
        };
        let slot = Slot { origin, place: u32::try_from(list.len()).ok()? };
        list.push(Fact { name: path.join("."), read: field.read, entry, kinds });
        self.slots.insert(key, slot);
        Some((slot, kinds))
    }

    pub(super) fn fact(&self, slot: Slot) -> Option<&Fact> {
        let place = usize::try_from(slot.place).ok()?;
        match slot.origin {
            Origin::Alert => self.alert.get(place),
            Origin::Elsewhere => self.elsewhere.get(place),
        }
    }
}

impl Fact {
    /// Reads it. `elapsed` is no fact of this kind.
    pub(super) fn read<'a>(&self, view: &View<'a>) -> FactValue<'a> {
        match self.read {
            Read::One(read) => read(view),
            Read::Entries(read) => read(view).find(&self.entry),
            Read::Elapsed => FactValue::Absent,
        }
    }

    /// Gives an alert this fact, one of its own.
    pub(super) fn put(&self, value: FactValue<'_>, alert: &mut Alert) {
        let entry = || self.entry.clone();
        match (self.name.as_str(), value) {
            ("alert.key", FactValue::Text(text)) => text.clone_into(&mut alert.key),
            ("alert.status", FactValue::Text("resolved")) => alert.status = AlertStatus::Resolved,
            ("alert.source", FactValue::Text(text)) => text.clone_into(&mut alert.source),
            ("alert.service", FactValue::Text(text)) => alert.service = Some(text.to_owned()),
            ("alert.name", FactValue::Text(text)) => text.clone_into(&mut alert.name),
            ("alert.summary", FactValue::Text(text)) => text.clone_into(&mut alert.summary),
            ("alert.description", FactValue::Text(text)) => text.clone_into(&mut alert.description),
            ("alert.starts_at", FactValue::Integer(millis)) => {
                alert.starts_at = chrono::DateTime::from_timestamp_millis(millis);
            }
            (name, FactValue::Text(text)) if name.starts_with("alert.labels.") => {
                alert.labels.insert(entry(), text.to_owned());
            }
            (name, FactValue::Text(text)) if name.starts_with("alert.annotations.") => {
                alert.annotations.insert(entry(), text.to_owned());
            }
            (_, FactValue::Float(number)) => drop(alert.values.insert(entry(), number)),
            _ => {}
        }
    }
}

impl<'a> Entries<'a> {
    fn find(&self, name: &str) -> FactValue<'a> {
        match self {
            Self::Texts(map) => optional(map.get(name).map(String::as_str)),
            Self::Numbers(map) => map.get(name).copied().map_or(FactValue::Absent, FactValue::Float),
            Self::Facts(map) => map.and_then(|map| map.get(name)).map_or(FactValue::Absent, of_service),
        }
    }

    fn as_map(&self) -> Map {
        match self {
            Self::Texts(map) => map.iter().map(|(k, v)| (k.as_str().into(), dynamic(FactValue::Text(v)))).collect(),
            Self::Numbers(map) => map.iter().map(|(k, v)| (k.as_str().into(), Dynamic::from_float(*v))).collect(),
            Self::Facts(map) => {
                let entries = map.iter().flat_map(|map| map.iter());
                entries.map(|(k, v)| (k.as_str().into(), dynamic(of_service(v)))).collect()
            }
        }
    }
}

fn of_service(fact: &ServiceFact) -> FactValue<'_> {
    match fact {
        ServiceFact::Bool(truth) => FactValue::Bool(*truth),
        ServiceFact::Integer(number) => FactValue::Integer(*number),
        ServiceFact::Number(number) => FactValue::Float(*number),
        ServiceFact::Text(text) => FactValue::Text(text),
    }
}

fn dynamic(fact: FactValue<'_>) -> Dynamic {
    match fact {
        FactValue::Absent => Dynamic::UNIT,
        FactValue::Bool(truth) => truth.into(),
        FactValue::Integer(number) => Dynamic::from_int(number),
        FactValue::Float(number) => Dynamic::from_float(number),
        FactValue::Text(text) => bounded(text).into(),
    }
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

/// The time since an incident opened, which notes each instant at which a comparison with it would change.
///
/// Compared with lengths in milliseconds, as `hours(1)` gives them.
#[derive(Debug, Clone)]
pub(crate) struct Elapsed {
    millis: i64,
    next_change: Arc<AtomicI64>,
}

impl Elapsed {
    pub(crate) fn of(length: Duration) -> Self {
        Self { millis: length.as_millis(), next_change: Arc::new(AtomicI64::new(i64::MAX)) }
    }

    /// Notes that a comparison with `millis` changes there, or a millisecond after.
    pub(super) fn compared_with(&self, millis: i64) -> std::cmp::Ordering {
        for change in [millis, millis.saturating_add(1)] {
            if change > self.millis {
                self.next_change.fetch_min(change, Ordering::Relaxed);
            }
        }
        self.millis.cmp(&millis)
    }

    /// The earliest instant at which a comparison made so far would come out otherwise.
    ///
    /// Conditions are pure, so until then, and while nothing else changes, they give the same answer.
    pub(crate) fn changes_at(&self, opened_at: Timestamp) -> Option<Timestamp> {
        let millis = self.next_change.load(Ordering::Relaxed);
        (millis <= limits::DURATION_MILLIS_MAX).then(|| Duration::from_millis(millis).after(opened_at))
    }
}

impl PartialEq for Elapsed {
    fn eq(&self, other: &Self) -> bool {
        self.millis == other.millis
    }
}

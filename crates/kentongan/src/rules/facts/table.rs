//! The table of what there is to see: every name a condition can begin with, what stands under it, and how it is read.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use rhai::{Dynamic, Map};

use super::{FactValue, IncidentFacts, Sight, View};
use crate::alert::AlertStatus;
use crate::incident::{Impact, Scope, Urgency};
use crate::policy::document::Fact as ServiceFact;
use crate::rules::value::{Kinds, bounded, same};
use crate::source::did_you_mean;

/// How a fact is read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Read {
    One(for<'a> fn(&View<'a>) -> FactValue<'a>),
    /// A map whose names are the user's.
    Entries(for<'a> fn(&View<'a>) -> Entries<'a>),
    /// The time since the incident opened, which notes what it is compared with.
    Elapsed,
}

/// The entries of a map of facts.
pub(super) enum Entries<'a> {
    Texts(&'a BTreeMap<String, String>),
    Numbers(&'a BTreeMap<String, f64>),
    Facts(Option<&'a IndexMap<String, ServiceFact>>),
}

/// A fact or map of facts.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kinds: Kinds,
    pub(super) values: Values,
    pub(super) read: Read,
}

/// The texts that a fact can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    Any,
    /// These alone.
    Of(&'static [&'static str]),
    /// Names that the policy defines.
    Named(Names),
}

/// What a policy defines by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Names {
    Severities,
    Services,
    Tiers,
    /// People and teams.
    Owners,
    People,
}

impl Field {
    const fn of(self, values: Values) -> Self {
        Self { values, ..self }
    }
}

/// A name that conditions begin with: a map of fields, or a fact or map of facts itself.
#[derive(Debug)]
pub(super) enum Root {
    Map(&'static str, &'static [Field]),
    One(Field),
}

const fn always(name: &'static str, kinds: Kinds, read: for<'a> fn(&View<'a>) -> FactValue<'a>) -> Field {
    Field { name, kinds, values: Values::Any, read: Read::One(read) }
}

const fn sometimes(name: &'static str, kinds: Kinds, read: for<'a> fn(&View<'a>) -> FactValue<'a>) -> Field {
    always(name, kinds.or(Kinds::UNIT), read)
}

const fn entries(name: &'static str, kinds: Kinds, read: for<'a> fn(&View<'a>) -> Entries<'a>) -> Field {
    Field { name, kinds: kinds.or(Kinds::UNIT), values: Values::Any, read: Read::Entries(read) }
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
        })
        .of(Values::Of(&["firing", "resolved"])),
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
        sometimes("id", Kinds::TEXT, |view| optional(view.alert.service.as_deref())).of(Values::Named(Names::Services)),
        always("known", Kinds::BOOL, |view| FactValue::Bool(view.service.is_some())),
        sometimes("name", Kinds::TEXT, |view| optional(view.service.and_then(|s| s.document.name.as_deref()))),
        sometimes("tier", Kinds::TEXT, |view| optional(view.service.and_then(|s| s.document.tier.as_deref())))
            .of(Values::Named(Names::Tiers)),
        sometimes("owner", Kinds::TEXT, |view| optional(view.service.and_then(|s| s.document.owner.as_deref())))
            .of(Values::Named(Names::Owners)),
        entries("facts", Kinds::BOOL.or(Kinds::INTEGER).or(Kinds::FLOAT).or(Kinds::TEXT), |view| {
            Entries::Facts(view.service.map(|service| &service.document.facts))
        }),
    ],
);

static INCIDENT: Root =
    Root::Map(
        "incident",
        &[
            always("id", Kinds::TEXT, |view| of(view, |incident| FactValue::Text(incident.id))),
            always("title", Kinds::TEXT, |view| of(view, |incident| FactValue::Text(incident.title))),
            always("state", Kinds::TEXT, |view| of(view, |incident| FactValue::Text(incident.state)))
                .of(Values::Of(&["open", "acknowledged", "responding", "resolved"])),
            always("acknowledged", Kinds::BOOL, |view| of(view, |incident| FactValue::Bool(incident.acknowledged))),
            always("responded", Kinds::BOOL, |view| of(view, |incident| FactValue::Bool(incident.responded))),
            always("declared", Kinds::BOOL, |view| of(view, |incident| FactValue::Bool(incident.declared))),
            always("verified", Kinds::BOOL, |view| of(view, |incident| FactValue::Bool(incident.verified))),
            always("drill", Kinds::BOOL, |view| of(view, |incident| FactValue::Bool(incident.drill))),
            always("worst_severity", Kinds::TEXT, |view| of(view, |incident| FactValue::Text(incident.worst)))
                .of(Values::Named(Names::Severities)),
            always("firing", Kinds::INTEGER, |view| {
                of(view, |incident| FactValue::Integer(i64::try_from(incident.firing).unwrap_or(i64::MAX)))
            }),
        ],
    );

static SEVERITY: Root = Root::One(
    always("severity", Kinds::TEXT, |view| of(view, |incident| FactValue::Text(incident.severity)))
        .of(Values::Named(Names::Severities)),
);

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
        sometimes("scope", Kinds::TEXT, |view| impact(view, |found| optional(found.scope.map(Scope::as_str))))
            .of(Values::Of(&[Scope::Few.as_str(), Scope::Many.as_str(), Scope::All.as_str()])),
        sometimes("urgency", Kinds::TEXT, |view| impact(view, |found| optional(found.urgency.map(Urgency::as_str))))
            .of(Values::Of(&[Urgency::Worsening.as_str(), Urgency::Stable.as_str(), Urgency::Improving.as_str()])),
        sometimes("functionality", Kinds::TEXT, |view| impact(view, |found| optional(found.functionality.as_deref()))),
        sometimes("description", Kinds::TEXT, |view| impact(view, |found| optional(found.description.as_deref()))),
    ],
);

static DURATION: Root = Root::One(always("duration", Kinds::INTEGER, |view| {
    of(view, |incident| FactValue::Integer(incident.duration.as_millis()))
}));

/// By role; a role that nobody is on call in has no entry.
static ON_CALL: Root = Root::One(
    entries("on_call", Kinds::TEXT, |view| Entries::Texts(view.incident.map_or(&NOBODY, |incident| incident.on_call)))
        .of(Values::Named(Names::People)),
);

static NOBODY: BTreeMap<String, String> = BTreeMap::new();

static ELAPSED: Root =
    Root::One(Field { name: "elapsed", kinds: Kinds::ELAPSED, values: Values::Any, read: Read::Elapsed });

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
    pub(super) fn roots(self) -> &'static [&'static Root] {
        static OF_AN_ALERT: [&Root; 2] = [&ALERT, &SERVICE];
        static OF_AN_INCIDENT: [&Root; 7] = [&ALERT, &SERVICE, &INCIDENT, &SEVERITY, &IMPACT, &ON_CALL, &ELAPSED];
        static OF_WHAT_IS_OVER: [&Root; 6] = [&ALERT, &SERVICE, &INCIDENT, &SEVERITY, &IMPACT, &DURATION];
        match self {
            Self::Alert => &OF_AN_ALERT,
            Self::Incident => &OF_AN_INCIDENT,
            Self::Resolved => &OF_WHAT_IS_OVER,
        }
    }

    /// The names a condition may begin with.
    pub(in crate::rules) fn names(self) -> impl Iterator<Item = &'static str> + Clone {
        self.roots().iter().map(|root| root.name())
    }

    pub(super) fn root(self, name: &str) -> Option<&'static Root> {
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
    pub(in crate::rules) fn meaning(self, path: &[String]) -> Meaning {
        let mut steps = path.iter();
        match steps.next().and_then(|name| self.root(name)) {
            None => Meaning::Nothing,
            Some(Root::One(Field { read: Read::Entries(_), kinds, .. })) => match steps.next() {
                Some(_) => Meaning::Fact { steps: 2, kinds: *kinds },
                None => Meaning::Map,
            },
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
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Map(name, _) => name,
            Self::One(field) => field.name,
        }
    }
}

/// What stands at a path of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Meaning {
    Nothing,
    /// A map of facts.
    Map,
    /// A fact, at the end of the first so many steps.
    Fact {
        steps: usize,
        kinds: Kinds,
    },
}

impl<'a> Entries<'a> {
    pub(super) fn find(&self, name: &str) -> FactValue<'a> {
        match self {
            Self::Texts(map) => optional(map.get(name).map(String::as_str)),
            Self::Numbers(map) => map.get(name).copied().map_or(FactValue::Absent, FactValue::Float),
            Self::Facts(map) => map.and_then(|map| map.get(name)).map_or(FactValue::Absent, of_service),
        }
    }

    /// Finds several names, which are in order, and puts what each has at its place in a row.
    pub(super) fn find_each(&self, names: &[(Box<str>, usize)], row: &mut [FactValue<'a>]) {
        match self {
            Self::Texts(map) => walk(map, names, row, |text| FactValue::Text(text)),
            Self::Numbers(map) => walk(map, names, row, |number| FactValue::Float(*number)),
            Self::Facts(_) => {
                for (name, place) in names {
                    put(row, *place, self.find(name));
                }
            }
        }
    }

    pub(super) fn as_map(&self) -> Map {
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

/// One walk along a map finds all names, each in its turn. In a map that has much besides, each is looked up.
fn walk<'a, V>(
    map: &'a BTreeMap<String, V>,
    names: &[(Box<str>, usize)],
    row: &mut [FactValue<'a>],
    fact: impl Fn(&'a V) -> FactValue<'a>,
) {
    if map.len() > LOOK_UP_STEPS * names.len() {
        for (name, place) in names {
            put(row, *place, map.get(&**name).map_or(FactValue::Absent, &fact));
        }
        return;
    }
    let mut names = names.iter();
    let Some(mut wanted) = names.next() else {
        return;
    };
    for (key, value) in map {
        loop {
            // Mostly a map has just the names that are looked for.
            let is_wanted = same(key, &wanted.0);
            if is_wanted {
                put(row, wanted.1, fact(value));
            } else if **key < *wanted.0 {
                break;
            }
            match names.next() {
                Some(next) => wanted = next,
                None => return,
            }
            if is_wanted {
                break;
            }
        }
    }
}

fn put<'a>(row: &mut [FactValue<'a>], place: usize, fact: FactValue<'a>) {
    if let Some(there) = row.get_mut(place) {
        *there = fact;
    }
}

/// As many steps of a walk along a map cost what looking up one name does.
const LOOK_UP_STEPS: usize = 4;

pub(super) fn of_service(fact: &ServiceFact) -> FactValue<'_> {
    match fact {
        ServiceFact::Bool(truth) => FactValue::Bool(*truth),
        ServiceFact::Integer(number) => FactValue::Integer(*number),
        ServiceFact::Number(number) => FactValue::Float(*number),
        ServiceFact::Text(text) => FactValue::Text(text),
    }
}

pub(super) fn dynamic(fact: FactValue<'_>) -> Dynamic {
    match fact {
        FactValue::Absent => Dynamic::UNIT,
        FactValue::Bool(truth) => truth.into(),
        FactValue::Integer(number) => Dynamic::from_int(number),
        FactValue::Float(number) => Dynamic::from_float(number),
        FactValue::Text(text) => bounded(text).into(),
    }
}

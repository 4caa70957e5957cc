//! The facts of one alert in a row, as the classifier reads them: nothing is looked up by name while rules are tried.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::BuildHasherDefault;

use indexmap::IndexMap;
use rustc_hash::FxHasher;

use super::expression::Source;
use super::facts::{Catalogue, FactValue, Origin, Plan, Slot, View};
use super::test::Number;
use super::value::{Comparison, Kinds, Value, bounded};
use crate::alert::Alert;
use crate::policy::Service;

/// A map whose hashes are the same on every machine. Its keys are the policy's, so nobody outside can crowd them.
pub(super) type FastMap<K, V> = IndexMap<K, V, BuildHasherDefault<FxHasher>>;

/// The facts that the rules read, for one alert.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'r> {
    pub(super) alert: &'r [FactValue<'r>],
    service: &'r [Kept],
    /// Where among the alert's own facts the name of its service stands.
    name: usize,
}

/// A fact of a service, kept for all alerts that name it.
#[derive(Debug, Clone, PartialEq)]
enum Kept {
    Absent,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(Box<str>),
    /// `service.id`: what the alert calls it.
    Name,
}

/// What the rules read of each service, worked out once.
#[derive(Debug)]
pub(super) struct Surroundings {
    services: FastMap<Box<str>, Box<[Kept]>>,
    unknown: Box<[Kept]>,
    /// The place of `alert.service` in a row; `usize::MAX` where no rule needs it.
    name: usize,
    kinds: Box<[Kinds]>,
    plan: Plan,
}

impl Surroundings {
    pub(super) fn of(catalogue: &mut Catalogue, services: &BTreeMap<String, Service>) -> Self {
        let name = if catalogue.elsewhere.is_empty() {
            usize::MAX
        } else {
            let slot = catalogue.slot(&["alert".to_owned(), "service".to_owned()]);
            slot.and_then(|(slot, _)| usize::try_from(slot.place).ok()).unwrap_or(usize::MAX)
        };
        let row = |service: Option<&Service>| -> Box<[Kept]> {
            let nobody = Alert::default();
            let view = View::of_alert(&nobody, service);
            let facts = catalogue.elsewhere.iter();
            facts.map(|fact| if fact.name == "service.id" { Kept::Name } else { Kept::of(fact.read(&view)) }).collect()
        };
        Self {
            services: services.iter().map(|(name, service)| (name.as_str().into(), row(Some(service)))).collect(),
            unknown: row(None),
            name,
            kinds: catalogue.alert.iter().map(|fact| fact.kinds).collect(),
            plan: Plan::of(&catalogue.alert),
        }
    }

    /// Reads the facts of an alert's own, in the order of the catalogue.
    pub(super) fn read<'a>(&self, view: &View<'a>, facts: &mut Vec<FactValue<'a>>) {
        facts.clear();
        facts.resize(self.kinds.len(), FactValue::Absent);
        self.plan.read(view, facts);
    }

    /// The row of an alert, from its own facts in the order of the catalogue.
    pub(super) fn row<'r>(&'r self, alert: &'r [FactValue<'r>]) -> Row<'r> {
        let known = match alert.get(self.name) {
            Some(FactValue::Text(name)) => self.services.get(*name),
            _ => None,
        };
        Row { alert, service: known.unwrap_or(&self.unknown), name: self.name }
    }

    /// Whether a host gave each fact in a kind that it has.
    pub(super) fn fits(&self, alert: &[FactValue<'_>]) -> bool {
        alert.len() == self.kinds.len()
            && alert.iter().zip(&self.kinds).all(|(fact, kinds)| fact.kind().within(kinds.or(Kinds::UNIT)))
    }

    /// The facts of an alert as its rules see them: whole numbers for measurements are measurements, what is missing
    /// or of another kind is absent.
    pub(super) fn fitted<'a>(&self, alert: &[FactValue<'a>]) -> Vec<FactValue<'a>> {
        let given = alert.iter().copied().chain(std::iter::repeat(FactValue::Absent));
        let fit = |(fact, kinds): (FactValue<'a>, &Kinds)| match fact {
            FactValue::Integer(number) if kinds.meets(Kinds::FLOAT) => FactValue::Float(super::value::float(number)),
            fact if fact.kind().within(*kinds) => fact,
            _ => FactValue::Absent,
        };
        given.zip(&self.kinds).map(fit).collect()
    }
}

impl Kept {
    fn of(fact: FactValue<'_>) -> Self {
        match fact {
            FactValue::Absent => Self::Absent,
            FactValue::Bool(truth) => Self::Bool(truth),
            FactValue::Integer(number) => Self::Integer(number),
            FactValue::Float(number) => Self::Float(number),
            FactValue::Text(text) => Self::Text(bounded(text).into()),
        }
    }
}

impl<'r> Row<'r> {
    #[inline]
    pub(super) fn get(&self, slot: Slot) -> FactValue<'r> {
        let place = usize::try_from(slot.place).unwrap_or(usize::MAX);
        match slot.origin {
            Origin::Alert => self.alert.get(place).copied().unwrap_or_default(),
            Origin::Elsewhere => match self.service.get(place) {
                None | Some(Kept::Absent) => FactValue::Absent,
                Some(Kept::Bool(truth)) => FactValue::Bool(*truth),
                Some(Kept::Integer(number)) => FactValue::Integer(*number),
                Some(Kept::Float(number)) => FactValue::Float(*number),
                Some(Kept::Text(text)) => FactValue::Text(text),
                Some(Kept::Name) => self.alert.get(self.name).copied().unwrap_or_default(),
            },
        }
    }

    #[inline]
    pub(super) fn text_at(&self, slot: Slot) -> Option<&'r str> {
        match self.get(slot) {
            FactValue::Text(text) => Some(bounded(text)),
            _ => None,
        }
    }
}

impl<'r> Source<'r> for Row<'r> {
    #[inline]
    fn fact(&self, slot: Slot) -> Value<'r> {
        self.get(slot).into()
    }

    #[inline]
    fn text(&self, slot: Slot) -> Option<Cow<'r, str>> {
        self.text_at(slot).map(Cow::Borrowed)
    }

    #[inline]
    fn compares(&self, slot: Slot, comparison: Comparison, number: Number) -> bool {
        match self.get(slot) {
            FactValue::Float(fact) => comparison.of_floats(fact, number.as_float()),
            FactValue::Integer(fact) => number.compares_with(fact, comparison),
            _ => comparison == Comparison::NotEqual,
        }
    }
}

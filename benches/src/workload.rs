//! Workload W1: give an alert the severity of the first rule that matches it.
//!
//! An alert has ten labels and three numbers. A rule has two to four predicates on different fields.

use serde_json::{Map, Value, json};

/// The labels of every alert, in the order of [`Alert::labels`].
pub const LABELS: [&str; 10] =
    ["service", "env", "region", "team", "alertname", "tier", "cluster", "shard", "job", "instance"];
/// The numbers of every alert, in the order of [`Alert::numbers`].
pub const NUMBERS: [&str; 3] = ["error_rate", "latency_ratio", "users_affected"];
/// The severities that rules give, the worst first; no rule gives the last one, which is the default.
pub const SEVERITIES: [&str; 5] = ["critical", "high", "medium", "low", "none"];

/// The index of the first rule that matches; none where no rule does.
pub type Answer = Option<usize>;

/// Alerts, and the rules to decide them by.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// What is asked.
    pub alerts: Vec<Alert>,
    /// What decides, in order.
    pub rules: Vec<Rule>,
}

/// What is wrong somewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// A text for each of [`LABELS`]; an empty one is absent.
    pub labels: [String; LABELS.len()],
    /// A number for each of [`NUMBERS`].
    pub numbers: [f64; NUMBERS.len()],
}

/// All of its predicates have to hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Two to four, each on another field.
    pub predicates: Vec<Predicate>,
    /// One of [`SEVERITIES`].
    pub severity: &'static str,
}

/// A question to one field, which is named by its place in [`LABELS`] or [`NUMBERS`].
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the variants say it")]
pub enum Predicate {
    Is { label: usize, value: String },
    In { label: usize, values: Vec<String> },
    StartsWith { label: usize, prefix: String },
    AtLeast { number: usize, bound: f64 },
    Below { number: usize, bound: f64 },
}

impl Predicate {
    /// Whether it is so.
    #[must_use]
    pub fn holds(&self, alert: &Alert) -> bool {
        match self {
            Self::Is { label, value } => alert.labels[*label] == *value,
            Self::In { label, values } => values.contains(&alert.labels[*label]),
            Self::StartsWith { label, prefix } => alert.labels[*label].starts_with(prefix),
            Self::AtLeast { number, bound } => alert.numbers[*number] >= *bound,
            Self::Below { number, bound } => alert.numbers[*number] < *bound,
        }
    }

    /// The name of the field.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Is { label, .. } | Self::In { label, .. } | Self::StartsWith { label, .. } => LABELS[*label],
            Self::AtLeast { number, .. } | Self::Below { number, .. } => NUMBERS[*number],
        }
    }

    /// As the programs in other languages read it: `{"field": "tier", "op": "==", "value": "tier-1"}`.
    fn document(&self) -> Value {
        let (operator, value) = match self {
            Self::Is { value, .. } => ("==", json!(value)),
            Self::In { values, .. } => ("in", json!(values)),
            Self::StartsWith { prefix, .. } => ("prefix", json!(prefix)),
            Self::AtLeast { bound, .. } => (">=", json!(bound)),
            Self::Below { bound, .. } => ("<", json!(bound)),
        };
        json!({ "field": self.field(), "op": operator, "value": value })
    }

    /// As a condition of a policy.
    fn condition(&self) -> String {
        let field = self.field();
        match self {
            Self::Is { value, .. } => format!("alert.labels.{field} == {value:?}"),
            Self::In { values, .. } => format!("alert.labels.{field} in {values:?}"),
            Self::StartsWith { prefix, .. } => format!("alert.labels.{field}.starts_with({prefix:?})"),
            Self::AtLeast { bound, .. } => format!("alert.values.{field} >= {bound:?}"),
            Self::Below { bound, .. } => format!("alert.values.{field} < {bound:?}"),
        }
    }
}

impl Rule {
    /// Whether the rule matches.
    #[must_use]
    pub fn matches(&self, alert: &Alert) -> bool {
        self.predicates.iter().all(|predicate| predicate.holds(alert))
    }

    /// As a condition of a policy, in rhai.
    #[must_use]
    pub fn condition(&self) -> String {
        self.predicates.iter().map(Predicate::condition).collect::<Vec<_>>().join(" && ")
    }

    /// As the programs in other languages read it.
    fn document(&self) -> Value {
        let predicates: Vec<_> = self.predicates.iter().map(Predicate::document).collect();
        json!({ "predicates": predicates, "severity": self.severity })
    }
}

impl Alert {
    /// All fields in one map, as the programs in other languages read it.
    #[must_use]
    pub fn document(&self) -> Map<String, Value> {
        let labels = LABELS.iter().zip(&self.labels).map(|(name, value)| ((*name).to_owned(), json!(value)));
        let numbers = NUMBERS.iter().zip(&self.numbers).map(|(name, value)| ((*name).to_owned(), json!(value)));
        labels.chain(numbers).collect()
    }

    /// As kentongan reads it.
    #[must_use]
    pub fn input(&self, key: usize) -> Value {
        let labels = LABELS.iter().zip(&self.labels).filter(|(_, value)| !value.is_empty());
        let labels: Map<_, _> = labels.map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let values: Map<_, _> =
            NUMBERS.iter().map(|name| (*name).to_owned()).zip(self.numbers.iter().map(|value| json!(value))).collect();
        json!({ "key": key.to_string(), "labels": labels, "values": values })
    }
}

impl Workload {
    /// The rules as a policy of kentongan, in JSON. A rule's id is its index, and the default says [`SEVERITIES`]' last.
    #[must_use]
    pub fn policy(&self) -> String {
        let notify = json!([{ "email": "shop@example.org" }]);
        let severities: Map<_, _> = SEVERITIES
            .iter()
            .map(|name| ((*name).to_owned(), json!({ "definition": name, "notify": notify })))
            .collect();
        let rules = self.rules.iter().enumerate().map(
            |(index, rule)| json!({ "id": index.to_string(), "when": rule.condition(), "severity": rule.severity }),
        );
        let classify: Vec<_> = rules.chain([json!({ "default": SEVERITIES[4] })]).collect();
        let policy = json!({
            "policy": "w1",
            "severities": severities,
            "classify": classify,
            "last_resort": notify,
        });
        policy.to_string()
    }

    /// The rules as the programs in other languages read them.
    #[must_use]
    pub fn rules_document(&self) -> Value {
        self.rules.iter().map(Rule::document).collect()
    }
}

/// What every engine has to answer: rule by rule, predicate by predicate, as one would explain it.
#[must_use]
pub fn answers(workload: &Workload) -> Vec<Answer> {
    workload.alerts.iter().map(|alert| workload.rules.iter().position(|rule| rule.matches(alert))).collect()
}

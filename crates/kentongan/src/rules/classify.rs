//! Classification: ordered rules over an alert's facts, the first match wins, and the answer carries its reasons.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::condition::{Condition, Reading};
use super::facts::{Facts, Sight, View};
use super::sandbox::Sandbox;
use crate::alert::Alert;
use crate::policy::document::WhenUnsure;
use crate::policy::{Service, SeverityIndex};

/// The severity of an alert, and why it is that one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Classification {
    /// The alert's key.
    pub alert: String,
    /// The service it is about, if it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Whether the policy's catalogue has that service.
    pub service_known: bool,
    /// The severity.
    pub severity: String,
    /// The rule that gave it; none where the default stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Why, in the policy's words or the engine's.
    pub because: String,
    /// The facts that the deciding rule read, with their values. Without a rule, those that all rules read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Value>,
    /// The facts it asked for that the alert does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
    /// The rule that would have decided otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<RunnerUp>,
    /// The rules that failed before one decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

/// The next rule that matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunnerUp {
    /// The rule.
    pub rule: String,
    /// The severity it would have given.
    pub severity: String,
}

/// A rule that raised an error instead of giving an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    /// The policy's entry, as a path.
    pub entry: String,
    /// What went wrong.
    pub error: String,
}

/// A compiled rule.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) entry: String,
    pub(crate) condition: Condition,
    pub(crate) severity: SeverityIndex,
    pub(crate) because: Option<String>,
    pub(crate) goes_on: bool,
}

/// The compiled rules, in order, and what holds without a match.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) list: Vec<Rule>,
    pub(crate) default: SeverityIndex,
    pub(crate) when_unsure: WhenUnsure,
}

impl Rules {
    /// Classifies an alert. `name` gives a severity's name; a lower index is a worse severity.
    pub(crate) fn classify<'a>(
        &self,
        sandbox: &Sandbox,
        alert: &Alert,
        service: Option<&Service>,
        name: impl Fn(SeverityIndex) -> &'a str,
    ) -> Classification {
        let mut facts = Facts::of(View::of_alert(alert, service));
        let mut faults = Vec::new();
        let mut candidates: Vec<&Rule> = Vec::new();
        let mut runner_up: Option<&Rule> = None;
        let mut decided = false;
        for rule in &self.list {
            match sandbox.ask(&rule.condition, &mut facts) {
                Ok(true) if decided => {
                    runner_up = Some(rule);
                    break;
                }
                Ok(true) => {
                    candidates.push(rule);
                    decided = !rule.goes_on;
                }
                // What fails after the decision has no part in it.
                Err(error) if !decided => faults.push(Fault { entry: rule.entry.clone(), error }),
                Ok(false) | Err(_) => {}
            }
        }
        let chosen = match self.when_unsure {
            WhenUnsure::First => candidates.first(),
            // The first of the worst: `min_by_key` keeps the earliest of equals.
            WhenUnsure::Higher => candidates.iter().min_by_key(|rule| rule.severity),
        }
        .copied();
        if runner_up.is_none() {
            runner_up = candidates.iter().copied().find(|rule| chosen.is_some_and(|chosen| chosen.id != rule.id));
        }
        let matched = chosen.map(|rule| rule.severity);
        // A rule that failed may have been the one to match: then the answer is never below the default.
        let severity = match matched {
            Some(severity) if faults.is_empty() => severity,
            Some(severity) => severity.min(self.default),
            None => self.default,
        };
        let kept = matched == Some(severity);
        let because = match chosen {
            Some(rule) if kept => rule.because.clone().unwrap_or_else(|| format!("rule `{}` matches", rule.id)),
            Some(rule) => format!("rule `{}` matches, but an earlier rule failed: the default stands", rule.id),
            None if faults.is_empty() => "no rule matches: the default stands".to_owned(),
            None => "a rule failed and no other matches: the default stands".to_owned(),
        };
        let (read, absent) = self.evidence(chosen.filter(|_| kept), sandbox, &facts.view);
        Classification {
            alert: alert.key.clone(),
            service: alert.service.clone(),
            service_known: service.is_some(),
            severity: name(severity).to_owned(),
            rule: chosen.filter(|_| kept).map(|rule| rule.id.clone()),
            because,
            facts: read,
            absent,
            runner_up: runner_up
                .map(|rule| RunnerUp { rule: rule.id.clone(), severity: name(rule.severity).to_owned() }),
            faults,
        }
    }

    /// What the deciding rule read. Without one, what any rule read: that is why none matched.
    fn evidence(
        &self,
        chosen: Option<&Rule>,
        sandbox: &Sandbox,
        view: &View<'_>,
    ) -> (BTreeMap<String, Value>, Vec<String>) {
        let asked: BTreeSet<&Reading> = match chosen {
            Some(rule) => rule.condition.reads().iter().collect(),
            None => self.list.iter().flat_map(|rule| rule.condition.reads()).collect(),
        };
        let mut read = BTreeMap::new();
        let mut absent = Vec::new();
        for reading in asked {
            match reading {
                Reading::Map(path) => drop(read.insert(path.to_string(), Value::String("{…}".to_owned()))),
                Reading::Fact(slot) => {
                    let Some(fact) = sandbox.catalogue(Sight::Alert).fact(*slot) else {
                        continue;
                    };
                    match fact.read(view).json() {
                        Some(value) => drop(read.insert(fact.name.clone(), value)),
                        None => absent.push(fact.name.clone()),
                    }
                }
            }
        }
        absent.sort_unstable();
        (read, absent)
    }
}

//! Classification: ordered rules over an alert's facts, the first match wins, and the answer carries its reasons.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::condition::{Condition, Reading};
use super::facts::{Sight, View};
use super::index::{Index, Scratch};
use super::row::Surroundings;
use super::sandbox::Sandbox;
use super::walk::{Asked, Walk};
use crate::alert::Alert;
use crate::limits;
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
    /// The rules that failed before one decided. Of many the first sixteen, and then that more did.
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
    /// The policy's entry, as a path: of the rule, or `classify` for all that are told of together.
    pub entry: String,
    /// What went wrong.
    pub error: String,
}

/// The entry of what is said of rules together.
const ALL_RULES: &str = "classify";

impl Fault {
    /// That more rules failed than are told of one by one.
    fn of_the_rest() -> Self {
        let told = limits::FAULTS_TOLD_MAX;
        Self { entry: ALL_RULES.to_owned(), error: format!("more rules failed; the first {told} are told of") }
    }

    /// What failed of the entry, as a path: of a rule it is the condition.
    pub(crate) fn part(&self) -> String {
        if self.entry == ALL_RULES { self.entry.clone() } else { format!("{}.when", self.entry) }
    }
}

/// A compiled rule.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) entry: String,
    /// Its place among the entries of `classify`.
    pub(crate) position: usize,
    /// The file it stands in, the policy's own or that of its table.
    pub(crate) file: Option<Arc<str>>,
    /// The line of that file.
    pub(crate) line: Option<usize>,
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
    pub(super) index: Index,
    pub(super) surroundings: Surroundings,
    /// What any rule reads.
    reads: Vec<Reading>,
}

impl Rules {
    /// Makes rules ready: what they read of each service is worked out, and they are indexed.
    pub(crate) fn new(
        list: Vec<Rule>,
        default: SeverityIndex,
        when_unsure: WhenUnsure,
        sandbox: &mut Sandbox,
        services: &BTreeMap<String, Service>,
    ) -> Self {
        let surroundings = Surroundings::of(sandbox.catalogue_mut(Sight::Alert), services);
        let native: Vec<_> = list.iter().map(|rule| rule.condition.native()).collect();
        let index = Index::over(&native);
        let reads: BTreeSet<&Reading> = list.iter().flat_map(|rule| rule.condition.reads()).collect();
        let reads = reads.into_iter().cloned().collect();
        Self { list, default, when_unsure, index, surroundings, reads }
    }

    /// Whether some rule reads a map of the alert as a whole. What a native rule reads is known fact by fact.
    pub(crate) fn need_whole_alerts(&self) -> bool {
        self.reads.iter().any(|reading| matches!(reading, Reading::Map(_)))
    }

    /// Classifies an alert. `name` gives a severity's name; a lower index is a worse severity.
    pub(crate) fn classify<'a>(
        &self,
        sandbox: &Sandbox,
        alert: &Alert,
        service: Option<&Service>,
        name: impl Fn(SeverityIndex) -> &'a str,
    ) -> Classification {
        let view = View::of_alert(alert, service);
        let mut row = Vec::new();
        self.surroundings.read(&view, &mut row);
        let mut asked = Asked::alert(self.surroundings.row(&row), view);
        let mut scratch = Scratch::default();
        self.index.look_up(&asked.row, &mut scratch);
        let mut faults = Vec::new();
        let mut candidates: Vec<usize> = Vec::new();
        let mut runner_up: Option<usize> = None;
        let (mut walk, mut decided) = (Walk::default(), false);
        while let Some(found) = self.next(&mut walk, sandbox, &mut asked, &scratch) {
            let Some(rule) = self.list.get(found.rule) else {
                break;
            };
            match (found.matches, decided) {
                (true, true) => {
                    runner_up = Some(found.rule);
                    break;
                }
                (true, false) => {
                    candidates.push(found.rule);
                    decided = !rule.goes_on;
                    // What fails after the decision has no part in it.
                    walk.passes_faults |= decided;
                }
                (false, _) if faults.len() < limits::FAULTS_TOLD_MAX => {
                    let error = asked.words(&rule.condition, sandbox);
                    faults.push(Fault { entry: rule.entry.clone(), error });
                }
                (false, _) => {
                    faults.push(Fault::of_the_rest());
                    walk.passes_faults = true;
                }
            }
        }
        let chosen = candidates.iter().fold(None, |chosen, rule| self.better(chosen, *rule));
        if runner_up.is_none() {
            runner_up = candidates.iter().copied().find(|rule| Some(*rule) != chosen);
        }
        let (severity, kept) = self.settle(chosen, !faults.is_empty());
        let rule = |place: Option<usize>| place.and_then(|place| self.list.get(place));
        let because = match rule(chosen) {
            Some(rule) if kept => rule.because.clone().unwrap_or_else(|| format!("rule `{}` matches", rule.id)),
            Some(rule) => format!("rule `{}` matches, but an earlier rule failed: the default stands", rule.id),
            None if faults.is_empty() => "no rule matches: the default stands".to_owned(),
            None => "a rule failed and no other matches: the default stands".to_owned(),
        };
        let deciding = rule(chosen).filter(|_| kept);
        // Without a rule, what any rule read: that is why none matched.
        let reads = deciding.map_or(self.reads.as_slice(), |rule| rule.condition.reads());
        let (read, absent) = evidence(reads, sandbox, &view);
        Classification {
            alert: alert.key.clone(),
            service: alert.service.clone(),
            service_known: service.is_some(),
            severity: name(severity).to_owned(),
            rule: deciding.map(|rule| rule.id.clone()),
            because,
            facts: read,
            absent,
            runner_up: rule(runner_up)
                .map(|rule| RunnerUp { rule: rule.id.clone(), severity: name(rule.severity).to_owned() }),
            faults,
        }
    }
}

/// What was read, with its values, and what was absent.
pub(super) fn evidence(
    reads: &[Reading],
    sandbox: &Sandbox,
    view: &View<'_>,
) -> (BTreeMap<String, Value>, Vec<String>) {
    let mut read = BTreeMap::new();
    let mut absent = Vec::new();
    for reading in reads {
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

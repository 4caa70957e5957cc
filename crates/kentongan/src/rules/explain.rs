//! Why an alert has its severity, and why it has no other: every rule of the policy accounts for itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::classify::{Classification, Rules, evidence};
use super::condition::Reading;
use super::expression::Expression;
use super::facts::{Sight, View};
use super::index::Scratch;
use super::row::Row;
use super::sandbox::Sandbox;
use super::value::Value as FactOf;
use super::walk::Asked;
use super::words::Words;
use crate::alert::Alert;
use crate::policy::SeverityIndex;

/// The answer to an alert, and what every rule has to do with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// The answer.
    #[serde(flatten)]
    pub answer: Classification,
    /// Every rule, in the policy's order.
    pub rules: Vec<RuleAccount>,
}

/// What one rule says of an alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleAccount {
    /// The rule.
    pub rule: String,
    /// Where it stands in the policy, `classify[3]`.
    pub entry: String,
    /// The file it stands in, the policy's own or that of its table; none where the policy was built as data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line of that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The severity it gives where it matches.
    pub severity: String,
    /// Whether it matches, and if not, why.
    #[serde(flatten)]
    pub says: Says,
    /// Whether the index passed over it: no look at the rule itself was needed.
    pub passed_over: bool,
    /// Why it runs as a script and not in native form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<String>,
    /// What it reads, or what the part of it reads that does not hold.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Value>,
    /// What of that the alert does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
}

/// What comes of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "says", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Says {
    /// It decided.
    Decides,
    /// It matches as well, but another rule counts.
    MatchesToo,
    /// It does not match.
    No {
        /// The first part of it that does not hold; a script is one part.
        fails: String,
    },
    /// It raised an error.
    Fails {
        /// What went wrong.
        error: String,
    },
}

impl Rules {
    /// Explains an alert. `name` gives a severity's name.
    pub(crate) fn explain<'a>(
        &self,
        sandbox: &Sandbox,
        view: View<'_>,
        answer: Classification,
        name: impl Fn(SeverityIndex) -> &'a str,
    ) -> Explanation {
        let alert: &Alert = view.alert;
        let catalogue = sandbox.catalogue(Sight::Alert);
        let mut row = Vec::new();
        self.surroundings.read(&view, &mut row);
        let row = self.surroundings.row(&row);
        let mut asked = Asked::alert(row, View::of_alert(alert, view.service));
        let mut scratch = Scratch::default();
        self.index.look_up(&row, &mut scratch);
        let tried = self.index.tried(&row, &scratch);
        let mut rules = Vec::with_capacity(self.list.len());
        for (place, rule) in self.list.iter().enumerate() {
            let mut reads = None;
            let says = match self.ask(place, sandbox, &mut asked) {
                Ok(true) if answer.rule.as_deref() == Some(rule.id.as_str()) => Says::Decides,
                Ok(true) => Says::MatchesToo,
                Ok(false) => {
                    // A variable says nothing by itself: then the whole condition stands for the part.
                    let part = rule.condition.native().map(|expression| failing(expression, &row, &mut Vec::new()));
                    let part = part.filter(|part| !part.has_locals());
                    reads = part.map(reads_of);
                    let fails = part.map_or_else(
                        || rule.condition.source.to_string(),
                        |expression| Words { expression, catalogue }.to_string(),
                    );
                    Says::No { fails }
                }
                Err(_) => Says::Fails { error: asked.words(&rule.condition, sandbox) },
            };
            let (facts, absent) = evidence(reads.as_deref().unwrap_or(rule.condition.reads()), sandbox, &view);
            rules.push(RuleAccount {
                rule: rule.id.clone(),
                entry: rule.entry.clone(),
                file: rule.file.as_deref().map(str::to_owned),
                line: rule.line,
                severity: name(rule.severity).to_owned(),
                says,
                passed_over: !tried.contains(&place),
                script: rule.condition.script().map(str::to_owned),
                facts,
                absent,
            });
        }
        Explanation { answer, rules }
    }
}

/// The first part of a condition that does not hold: of a conjunction the part, also where variables come before it, of
/// anything else all of it.
fn failing<'e: 'v, 'v>(expression: &'e Expression, row: &'v Row<'v>, locals: &mut Vec<FactOf<'v>>) -> &'e Expression {
    match expression {
        Expression::All(parts) => {
            parts.iter().find(|part| part.truth(row, locals) != Ok(true)).map_or(expression, |part| part)
        }
        Expression::Let(parts) => {
            let [value, body] = &**parts;
            let Ok(value) = value.value(row, locals) else {
                return expression;
            };
            locals.push(value);
            failing(body, row, locals)
        }
        other => other,
    }
}

fn reads_of(expression: &Expression) -> Vec<Reading> {
    let mut slots = BTreeSet::new();
    expression.slots(&mut slots);
    slots.into_iter().map(Reading::Fact).collect()
}

impl Explanation {
    /// For people: a line for each rule that was looked at, with the facts that speak for or against it, and one for all
    /// that the index passed over, with the facts by which it did.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let looked_at = self.rules.iter().filter(|account| !account.passed_over);
        let mut lines: Vec<String> = looked_at.map(|account| account.to_string().trim_end().to_owned()).collect();
        let mut count = 0_usize;
        let mut facts = BTreeSet::new();
        for account in self.rules.iter().filter(|account| account.passed_over) {
            count += 1;
            facts.extend(account.facts.keys().chain(&account.absent).map(String::as_str));
        }
        if count > 0 {
            let more = facts.len().saturating_sub(FACTS_LISTED);
            let mut by = facts.into_iter().take(FACTS_LISTED).collect::<Vec<_>>().join(", ");
            if more > 0 {
                by = format!("{by} and {more} more");
            }
            let rules = if count == 1 { "rule" } else { "rules" };
            lines.push(format!("{} {rules} excluded by the index (by {by})", grouped(count)));
        }
        lines
    }
}

/// How many facts are named by which the index passed over rules.
const FACTS_LISTED: usize = 6;

/// A number with its thousands apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// As text for people: the answer, then [its lines](Explanation::lines).
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.answer.severity, self.answer.because)?;
        self.lines().iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}

impl fmt::Display for RuleAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.rule)?;
        if let (Some(file), Some(line)) = (&self.file, self.line) {
            write!(f, "({file}:{line}) ")?;
        }
        match &self.says {
            Says::Decides => write!(f, "decides: {}", self.severity)?,
            Says::MatchesToo => write!(f, "matches too, and would say {}", self.severity)?,
            Says::No { fails } => write!(f, "does not match: `{fails}` does not hold")?,
            Says::Fails { error } => write!(f, "fails: {error}")?,
        }
        for (name, value) in &self.facts {
            write!(f, "; {name} = {value}")?;
        }
        if !self.absent.is_empty() {
            write!(f, "; absent: {}", self.absent.join(", "))?;
        }
        if let Some(reason) = &self.script {
            write!(f, "; runs as a script: {reason}")?;
        }
        writeln!(f)
    }
}

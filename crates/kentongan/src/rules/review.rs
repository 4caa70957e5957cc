//! What likely does not mean what its author thinks: rules that never match, or that an earlier rule covers.
//!
//! Only what is certain is reported. Each rule is read as a conjunction; a rule covers a later one if every part of it
//! follows from some part of the other.

use std::collections::BTreeMap;

use super::classify::Rule;
use super::expression::{Constant, Expression};
use super::facts::{Catalogue, Slot};
use super::test::{Affix, Test};
use super::value::Comparison;
use super::words::Words;

/// How many pairs of rules are compared at most, so that reading a policy takes no longer than its length.
const PAIRS_MAX: usize = 2_000_000;

/// What is wrong with a rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// Two of its parts exclude each other.
    NeverMatches { rule: usize, parts: (String, String) },
    /// Whatever it matches, an earlier rule has matched.
    Unreachable { rule: usize, by: usize },
}

/// A rule as the parts that must all hold.
struct Conjunction<'r> {
    rule: usize,
    parts: Vec<Part<'r>>,
    goes_on: bool,
}

struct Part<'r> {
    expression: &'r Expression,
    /// Its words, where only the same words say the same.
    words: String,
}

/// Looks through rules in their order.
pub(crate) fn review(rules: &[Rule], catalogue: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut earlier: Vec<Conjunction<'_>> = Vec::new();
    // A rule that asks for a text can only cover rules that ask for the same text, or for nothing else of that fact.
    let mut by_text: BTreeMap<(Slot, &str), Vec<usize>> = BTreeMap::new();
    let mut others: Vec<usize> = Vec::new();
    let mut pairs = 0;
    for (place, rule) in rules.iter().enumerate() {
        let Some(expression) = rule.condition.native() else {
            continue;
        };
        let later = Conjunction { rule: place, parts: parts(expression, catalogue), goes_on: rule.goes_on };
        if let Some(parts) = later.contradiction() {
            findings.push(Finding::NeverMatches { rule: place, parts });
            continue;
        }
        let asked: Vec<(Slot, &str)> = later.texts().collect();
        let same = asked.iter().filter_map(|text| by_text.get(text)).flatten();
        let mut covering = None;
        for candidate in same.chain(&others) {
            pairs += 1;
            if pairs > PAIRS_MAX {
                return findings;
            }
            if earlier.get(*candidate).is_some_and(|earlier| earlier.covers(&later)) {
                covering = earlier.get(*candidate).map(|earlier| earlier.rule);
                break;
            }
        }
        if let Some(by) = covering {
            findings.push(Finding::Unreachable { rule: place, by });
            continue;
        }
        if !later.goes_on {
            match asked.first() {
                Some(text) => by_text.entry(*text).or_default().push(earlier.len()),
                None => others.push(earlier.len()),
            }
            earlier.push(later);
        }
    }
    findings
}

fn parts<'r>(expression: &'r Expression, catalogue: &Catalogue) -> Vec<Part<'r>> {
    let part = |expression: &'r Expression| Part { expression, words: Words { expression, catalogue }.to_string() };
    match expression {
        Expression::All(parts) => parts.iter().map(part).collect(),
        Expression::Constant(Constant::Bool(true)) => Vec::new(),
        other => vec![part(other)],
    }
}

impl<'r> Conjunction<'r> {
    fn texts(&self) -> impl Iterator<Item = (Slot, &'r str)> {
        self.parts.iter().filter_map(|part| match part.expression {
            Expression::Test(Test::Text { slot, text }) => Some((*slot, &**text)),
            _ => None,
        })
    }

    fn covers(&self, later: &Self) -> bool {
        self.parts.iter().all(|own| {
            later.parts.iter().any(|other| {
                own.words == other.words
                    || matches!((other.expression, own.expression), (Expression::Test(q), Expression::Test(p)) if implies(q, p))
            })
        })
    }

    /// Two parts that cannot hold at once.
    fn contradiction(&self) -> Option<(String, String)> {
        for (place, first) in self.parts.iter().enumerate() {
            if matches!(first.expression, Expression::Constant(Constant::Bool(false))) {
                return Some((first.words.clone(), first.words.clone()));
            }
            for second in self.parts.iter().skip(place + 1) {
                let exclusive = match (first.expression, second.expression) {
                    (Expression::Test(first), Expression::Test(second)) => exclude(first, second),
                    (Expression::Not(inner), other) | (other, Expression::Not(inner)) => {
                        matches!((&**inner, other), (Expression::Test(p), Expression::Test(q)) if implies(q, p))
                    }
                    _ => false,
                };
                if exclusive {
                    return Some((first.words.clone(), second.words.clone()));
                }
            }
        }
        None
    }
}

/// Whether whatever passes the first test passes the second.
fn implies(first: &Test, second: &Test) -> bool {
    if first.slot() != second.slot() {
        return false;
    }
    match (first, second) {
        (_, Test::Text { text, .. }) => {
            texts(first).is_some_and(|own| !own.is_empty() && own.iter().all(|t| t == text))
        }
        (_, Test::TextIn { texts: allowed, .. }) => texts(first)
            .is_some_and(|own| !own.is_empty() && own.iter().all(|text| allowed.binary_search(text).is_ok())),
        (Test::Affix { affix: own, text: longer, .. }, Test::Affix { affix, text, .. }) => {
            affix.holds(longer, text) && (own == affix || *affix == Affix::Inside)
        }
        (_, Test::Affix { affix, text, .. }) => {
            texts(first).is_some_and(|own| !own.is_empty() && own.iter().all(|own| affix.holds(own, text)))
        }
        (Test::Number { comparison: own, number: x, .. }, Test::Number { comparison, number: y, .. }) => {
            let (x, y) = (x.as_float(), y.as_float());
            // Numbers that are nearly the same are left alone: floats compare within an epsilon.
            let apart = (x - y).abs() > 1e-9 * x.abs().max(y.abs()).max(1.0);
            let same = x.total_cmp(&y).is_eq();
            match (own, comparison) {
                (
                    Comparison::Greater | Comparison::GreaterOrEqual | Comparison::Equal,
                    Comparison::Greater | Comparison::GreaterOrEqual,
                ) if apart => x > y,
                (
                    Comparison::Less | Comparison::LessOrEqual | Comparison::Equal,
                    Comparison::Less | Comparison::LessOrEqual,
                ) if apart => x < y,
                (Comparison::Greater, Comparison::GreaterOrEqual) | (Comparison::Less, Comparison::LessOrEqual) => same,
                (own, comparison) => same && own == comparison,
            }
        }
        _ => false,
    }
}

/// Whether nothing passes both tests.
fn exclude(first: &Test, second: &Test) -> bool {
    if first.slot() != second.slot() {
        return false;
    }
    match (first, second) {
        (Test::Number { comparison: a, number: x, .. }, Test::Number { comparison: b, number: y, .. }) => {
            let (x, y) = (x.as_float(), y.as_float());
            let apart = (x - y).abs() > 1e-9 * x.abs().max(y.abs()).max(1.0);
            let above = |c: &Comparison| matches!(c, Comparison::Greater | Comparison::GreaterOrEqual);
            let below = |c: &Comparison| matches!(c, Comparison::Less | Comparison::LessOrEqual);
            let equal = |c: &Comparison| *c == Comparison::Equal;
            apart
                && ((above(a) && (below(b) || equal(b)) && x > y)
                    || (above(b) && (below(a) || equal(a)) && y > x)
                    || (below(a) && equal(b) && y > x)
                    || (below(b) && equal(a) && x > y)
                    || (equal(a) && equal(b)))
        }
        (Test::Affix { affix, text, .. }, other) | (other, Test::Affix { affix, text, .. }) => {
            texts(other).is_some_and(|own| own.iter().all(|own| !affix.holds(own, text)))
                || matches!(other, Test::Affix { affix: Affix::Start, text: start, .. }
                    if *affix == Affix::Start && !start.starts_with(&**text) && !text.starts_with(&**start))
        }
        _ => match (texts(first), texts(second)) {
            (Some(first), Some(second)) => first.iter().all(|text| !second.contains(text)),
            // What differs from a number may be a text; what is in order with one is none.
            _ => !matches!(
                (first, second),
                (Test::Number { comparison: Comparison::NotEqual, .. }, _)
                    | (_, Test::Number { comparison: Comparison::NotEqual, .. })
            ),
        },
    }
}

/// The texts that a test admits, if it names them all.
fn texts(test: &Test) -> Option<&[Box<str>]> {
    match test {
        Test::Text { text, .. } => Some(std::slice::from_ref(text)),
        Test::TextIn { texts, .. } => Some(texts),
        Test::Number { .. } | Test::Affix { .. } => None,
    }
}

//! What likely does not mean what its author thinks: rules that never match, or that an earlier rule covers.
//!
//! Only what is certain is reported. Each rule is read as a conjunction; a rule covers a later one if every part of it
//! follows from some part of the other.

use std::collections::{BTreeMap, BTreeSet};

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
    /// From this rule on, none was compared with those before it.
    Uncompared { rule: usize },
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
    let mut kept = Kept::default();
    let (mut pairs, mut stopped) = (0_usize, false);
    for (place, rule) in rules.iter().enumerate() {
        let Some(expression) = rule.condition.native() else {
            continue;
        };
        let later = Conjunction { rule: place, parts: parts(expression, catalogue), goes_on: rule.goes_on };
        if let Some(parts) = later.contradiction() {
            findings.push(Finding::NeverMatches { rule: place, parts });
            continue;
        }
        if stopped {
            continue;
        }
        let mut covering = None;
        for candidate in kept.candidates(&later) {
            pairs += 1;
            if pairs > PAIRS_MAX {
                findings.push(Finding::Uncompared { rule: place });
                stopped = true;
                break;
            }
            if let Some(earlier) = earlier.get(candidate).filter(|earlier| earlier.covers(&later)) {
                covering = Some(earlier.rule);
                break;
            }
        }
        if stopped {
            continue;
        }
        if let Some(by) = covering {
            findings.push(Finding::Unreachable { rule: place, by });
            continue;
        }
        if !later.goes_on {
            kept.keep(&later, earlier.len());
            earlier.push(later);
        }
    }
    findings
}

/// Earlier rules, each under one of its parts: it covers only rules that have a part from which that one follows.
#[derive(Default)]
struct Kept<'r> {
    /// Under each of the texts that the part admits.
    by_text: BTreeMap<(Slot, &'r str), Vec<usize>>,
    /// Under the fact that the part is about.
    by_fact: BTreeMap<Slot, Vec<usize>>,
    /// Under the words of the part, which is no test.
    by_words: BTreeMap<String, Vec<usize>>,
    /// Those that match whatever there is.
    always: Vec<usize>,
}

impl<'r> Kept<'r> {
    fn keep(&mut self, rule: &Conjunction<'r>, place: usize) {
        let tests = || rule.parts.iter().filter_map(Part::test);
        let fewest = tests().filter_map(|test| Some((test.slot(), texts(test)?))).min_by_key(|(_, texts)| texts.len());
        if let Some((slot, texts)) = fewest {
            for text in texts {
                self.by_text.entry((slot, &**text)).or_default().push(place);
            }
        } else if let Some(part) = rule.parts.iter().find(|part| part.test().is_none()) {
            self.by_words.entry(part.words.clone()).or_default().push(place);
        } else if let Some(test) = tests().next() {
            self.by_fact.entry(test.slot()).or_default().push(place);
        } else {
            self.always.push(place);
        }
    }

    /// The rules that may cover a later one. What admits several texts is covered only by what admits the first.
    fn candidates(&self, later: &Conjunction<'r>) -> impl Iterator<Item = usize> {
        let tests = || later.parts.iter().filter_map(Part::test);
        let asked = tests().filter_map(|test| Some((test.slot(), &**texts(test)?.first()?)));
        let of_text = asked.filter_map(|key| self.by_text.get(&key));
        let facts: BTreeSet<Slot> = tests().map(Test::slot).collect();
        let of_fact = facts.into_iter().filter_map(|slot| self.by_fact.get(&slot));
        let of_words = later.parts.iter().filter_map(|part| self.by_words.get(&part.words));
        of_text.chain(of_fact).chain(of_words).chain([&self.always]).flatten().copied()
    }
}

impl<'r> Part<'r> {
    fn test(&self) -> Option<&'r Test> {
        match self.expression {
            Expression::Test(test) => Some(test),
            _ => None,
        }
    }
}

fn parts<'r>(expression: &'r Expression, catalogue: &Catalogue) -> Vec<Part<'r>> {
    let part = |expression: &'r Expression| Part { expression, words: Words { expression, catalogue }.to_string() };
    match expression {
        Expression::All(parts) => parts.iter().map(part).collect(),
        Expression::Constant(Constant::Bool(true)) => Vec::new(),
        other => vec![part(other)],
    }
}

impl Conjunction<'_> {
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

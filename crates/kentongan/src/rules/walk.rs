//! Trying the rules on one alert, in their order: the ones that match, and the ones that fail.

use super::batch::Ruling;
use super::classify::Rules;
use super::condition::{Condition, Form, Reading};
use super::expression::Expression;
use super::facts::{FactValue, Facts, Sight, View};
use super::index::Scratch;
use super::row::Row;
use super::sandbox::Sandbox;
use super::value::{Outcome, Raised};
use crate::alert::Alert;
use crate::policy::document::WhenUnsure;
use crate::policy::{Policy, SeverityIndex};

/// An alert while rules are asked about it: a row for native rules, and what scripts can be given.
pub(super) struct Asked<'a> {
    pub(super) row: Row<'a>,
    given: Given<'a>,
}

enum Given<'a> {
    /// The alert, and what scripts are given of it once one has asked.
    Whole(View<'a>, Option<Box<Facts<'a>>>),
    /// No more than the row.
    Row(&'a Policy),
}

/// How far the rules were tried on one alert.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// The next rule.
    from: usize,
    /// The first of the indexed rules that matches, once looked for: it counts until it is behind.
    matching: Option<usize>,
    /// Whether it was.
    looked_for: bool,
    /// Whether rules that fail are of no more interest.
    pub(super) passes_faults: bool,
}

/// A rule that does not simply say no.
pub(super) struct Found {
    pub(super) rule: usize,
    /// Whether it matches; otherwise it failed.
    pub(super) matches: bool,
}

impl<'a> Asked<'a> {
    pub(super) fn alert(row: Row<'a>, view: View<'a>) -> Self {
        Self { row, given: Given::Whole(view, None) }
    }

    /// What the interpreter says of a condition that raised an error.
    pub(super) fn words(&mut self, condition: &Condition, sandbox: &Sandbox) -> String {
        match &mut self.given {
            Given::Whole(view, facts) => {
                let facts = facts.get_or_insert_with(|| Box::new(Facts::of(*view)));
                sandbox.words(condition, facts)
            }
            Given::Row(_) => "the condition raises an error".to_owned(),
        }
    }

    pub(super) fn row(policy: &'a Policy, row: &'a [FactValue<'a>]) -> Self {
        Self { row: policy.compiled_rules().surroundings.row(row), given: Given::Row(policy) }
    }
}

impl Rules {
    /// The answer to an alert in brief.
    pub(super) fn decide(&self, sandbox: &Sandbox, asked: &mut Asked<'_>, scratch: &mut Scratch) -> Ruling {
        self.index.look_up(&asked.row, scratch);
        let mut walk = Walk::default();
        let mut fault = false;
        let mut chosen = None;
        while let Some(found) = self.next(&mut walk, sandbox, asked, scratch) {
            if !found.matches {
                fault = true;
                // That there is one is all there is to say.
                walk.passes_faults = true;
                continue;
            }
            chosen = self.better(chosen, found.rule);
            if !self.list.get(found.rule).is_some_and(|rule| rule.goes_on) {
                break;
            }
        }
        let (severity, kept) = self.settle(chosen, fault);
        Ruling { severity: severity.0, rule: chosen.filter(|_| kept), fault }
    }

    /// The next rule that matches the alert that was looked up, or fails.
    pub(super) fn next(
        &self,
        walk: &mut Walk,
        sandbox: &Sandbox,
        asked: &mut Asked<'_>,
        scratch: &Scratch,
    ) -> Option<Found> {
        let native = |rule| self.native(rule);
        let matching = match walk.matching {
            // Still ahead: only rules that fail came before it.
            known if walk.looked_for && known.is_none_or(|rule| rule >= walk.from) => known,
            _ => self.index.first(&asked.row, scratch, walk.from, native),
        };
        (walk.matching, walk.looked_for) = (matching, true);
        let failing = if walk.passes_faults {
            None
        } else {
            self.index.failing(&asked.row, scratch, walk.from, matching, native)
        };
        let indexed = match (failing, matching) {
            (Some(rule), _) => Some(Found { rule, matches: false }),
            (None, matching) => matching.map(|rule| Found { rule, matches: true }),
        };
        let found = self.turn(indexed.as_ref(), walk, sandbox, asked).or(indexed)?;
        walk.from = found.rule + 1;
        Some(found)
    }

    /// The first of the rules that are tried in turn that comes before what was found, and does not simply say no.
    fn turn(&self, found: Option<&Found>, walk: &Walk, sandbox: &Sandbox, asked: &mut Asked<'_>) -> Option<Found> {
        for rule in self.index.turns(walk.from) {
            let rule = *rule as usize;
            if found.is_some_and(|found| found.rule <= rule) {
                break;
            }
            match self.ask(rule, sandbox, asked) {
                Ok(false) => {}
                Ok(true) => return Some(Found { rule, matches: true }),
                Err(Raised) if walk.passes_faults => {}
                Err(Raised) => return Some(Found { rule, matches: false }),
            }
        }
        None
    }

    pub(super) fn native(&self, rule: usize) -> Option<&Expression> {
        self.list.get(rule).and_then(|rule| rule.condition.native())
    }

    /// Asks one rule.
    pub(super) fn ask(&self, rule: usize, sandbox: &Sandbox, asked: &mut Asked<'_>) -> Outcome<bool> {
        let Some(condition) = self.list.get(rule).map(|rule| &rule.condition) else {
            return Ok(false);
        };
        match (&condition.form, &mut asked.given) {
            (Form::Native(expression), _) => expression.holds(&asked.row),
            (Form::Script { ast, .. }, Given::Whole(view, facts)) => {
                let facts = facts.get_or_insert_with(|| Box::new(Facts::of(*view)));
                sandbox.interpret(ast, Sight::Alert, facts).map_err(|_| Raised)
            }
            (Form::Script { ast, .. }, Given::Row(policy)) => {
                if condition.reads().iter().any(|reading| matches!(reading, Reading::Map(_))) {
                    return Err(Raised);
                }
                let mut alert = Alert::default();
                for (fact, value) in sandbox.catalogue(Sight::Alert).alert.iter().zip(asked.row.alert) {
                    fact.put(*value, &mut alert);
                }
                let service = alert.service.as_deref().and_then(|service| policy.service(service));
                let mut facts = Facts::of(View::of_alert(&alert, service));
                sandbox.interpret(ast, Sight::Alert, &mut facts).map_err(|_| Raised)
            }
        }
    }

    /// Of a rule chosen so far and a later one that matches too, the one that counts.
    pub(super) fn better(&self, chosen: Option<usize>, later: usize) -> Option<usize> {
        let severity = |rule: usize| self.list.get(rule).map(|rule| rule.severity);
        match (chosen, self.when_unsure) {
            (Some(chosen), WhenUnsure::Higher) if severity(later) < severity(chosen) => Some(later),
            (None, _) => Some(later),
            (chosen, _) => chosen,
        }
    }

    /// The severity in the end, and whether it is the chosen rule's.
    ///
    /// A rule that failed may have been the one to match: then the answer is never below the default.
    pub(super) fn settle(&self, chosen: Option<usize>, fault: bool) -> (SeverityIndex, bool) {
        let matched = chosen.and_then(|rule| self.list.get(rule)).map(|rule| rule.severity);
        let severity = match matched {
            Some(severity) if fault => severity.min(self.default),
            Some(severity) => severity,
            None => self.default,
        };
        (severity, matched == Some(severity))
    }
}

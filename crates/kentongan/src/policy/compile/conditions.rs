//! The script, the conditions and the rules of classification.

use super::table::{At, Sheet};
use super::{Compiler, root};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::policy::Service;
use crate::policy::document::Document;
use crate::rules::{Condition, ConditionForm, Finding, Names, Remark, Rule, Rules, ScriptError, Sight, Values, review};
use crate::source::{Level as Gravity, Path, did_you_mean};

impl<'a> Compiler<'a> {
    pub(super) fn script(&mut self, read: &dyn Fn(&str) -> Option<String>) -> String {
        let Some(file) = &self.document.script else {
            return String::new();
        };
        let path = root("script");
        let Some(text) = read(file) else {
            self.sandbox.define_nothing();
            self.error(
                "missing_script",
                format!("the script `{file}` cannot be read"),
                "put it beside the policy, or remove the entry",
                &path,
            );
            return String::new();
        };
        let (gravity, found) = match self.sandbox.define(&text) {
            Ok(remarks) => (Gravity::Warning, remarks),
            Err(error) => (Gravity::Error, vec![error]),
        };
        let sheet = Arc::new(Sheet::new(file, &text.as_str().into(), &path));
        for ScriptError { code, message, help, line, column } in found {
            // Whatever is wrong in it, the script is what cannot be used.
            let code = if gravity == Gravity::Error { "invalid_script" } else { code };
            let at = At::Beside(Arc::clone(&sheet), sheet.offset(line, column));
            self.report_at(gravity, code, message, help.unwrap_or_default(), &at);
        }
        text
    }

    pub(super) fn condition(&mut self, source: &str, sight: Sight, path: &Path) -> Option<Condition> {
        match self.sandbox.compile(source, sight) {
            Ok(condition) => {
                self.note_form(&condition, path.to_string(), self.line(path));
                self.remarks(&condition, sight, &At::Policy(path.clone()));
                Some(condition)
            }
            Err(error) => {
                self.script_error(source, &error, path);
                None
            }
        }
    }

    /// Notes how a condition runs, for whoever checks the policy.
    pub(super) fn note_form(&mut self, condition: &Condition, entry: String, line: Option<usize>) {
        let script = condition.script().map(str::to_owned);
        self.forms.push(ConditionForm { entry, line, script });
    }

    /// Warns of what in a condition does not mean what its author thinks.
    pub(super) fn remarks(&mut self, condition: &Condition, sight: Sight, at: &At) {
        for remark in condition.remarks(self.sandbox.catalogue(sight)) {
            match remark {
                Remark::NeverText { what, text, values } => {
                    let (code, known) = self.values(values);
                    if known.contains(&text.as_str()) {
                        continue;
                    }
                    let message = format!("`{what}` is never `{}`", text.escape_debug());
                    let help = did_you_mean(&text, known.iter().copied());
                    self.report_at(Gravity::Warning, code, message, help, at);
                }
                Remark::OfNoService { fact, known } => {
                    let message = format!("no service has the fact `{fact}`");
                    let help = did_you_mean(&fact, known.iter().map(String::as_str));
                    self.report_at(Gravity::Warning, "unknown_fact", message, help, at);
                }
                Remark::Foregone { words, sides: [left, right], holds } => {
                    let (code, outcome) = if holds { ("always_holds", "always") } else { ("never_holds", "never") };
                    let message = format!("`{words}` {outcome} holds: it compares {left} with {right}");
                    let help = format!("compare it with {left}");
                    self.report_at(Gravity::Warning, code, message, help, at);
                }
                Remark::AlwaysFails { words, why, help } => {
                    let message = format!("`{words}` fails whatever it is given: {why}");
                    self.report_at(Gravity::Warning, "always_fails", message, help, at);
                }
            }
        }
    }

    /// The values that a fact can have, and the code of a warning of another.
    fn values(&self, values: Values) -> (&'static str, Vec<&'a str>) {
        let document: &'a Document = self.document;
        match values {
            Values::Any => ("unknown_value", Vec::new()),
            Values::Of(known) => ("unknown_value", known.to_vec()),
            Values::Named(Names::Severities) => {
                ("unknown_severity", document.severities.keys().map(String::as_str).collect())
            }
            Values::Named(Names::Services) => {
                ("unknown_service", document.services.keys().map(String::as_str).collect())
            }
            Values::Named(Names::Tiers) => {
                ("unknown_tier", document.services.values().filter_map(|service| service.tier.as_deref()).collect())
            }
            Values::Named(Names::Owners) => {
                ("unknown_owner", document.teams.keys().chain(document.people.keys()).map(String::as_str).collect())
            }
            Values::Named(Names::People) => ("unknown_person", document.people.keys().map(String::as_str).collect()),
        }
    }

    /// Warns of rules that never match, or never get their turn.
    fn review(&mut self, list: &[Rule], rows: &BTreeMap<usize, At>) {
        for finding in review(list, self.sandbox.catalogue(Sight::Alert)) {
            let rule = |place: usize| list.get(place).map_or(("", ""), |rule| (rule.id.as_str(), rule.entry.as_str()));
            let place = match finding {
                Finding::NeverMatches { rule, .. }
                | Finding::Unreachable { rule, .. }
                | Finding::Uncompared { rule } => rule,
            };
            let entry = || list.get(place).map(|rule| At::Policy(root("classify").index(rule.position)));
            let Some(at) = rows.get(&place).cloned().or_else(entry) else {
                continue;
            };
            let (id, _) = rule(place);
            match finding {
                Finding::Uncompared { rule } => {
                    let message = format!("only the first {rule} rules were compared with each other");
                    let help = "whether a later one never gets its turn is not known; ask fewer rules about one fact";
                    self.report_at(Gravity::Warning, "rules_not_compared", message, help.to_owned(), &at);
                }
                Finding::NeverMatches { parts: (first, second), .. } if first == second => {
                    let message = format!("`{id}` never matches");
                    self.report_at(Gravity::Warning, "never_matches", message, "remove the rule".to_owned(), &at);
                }
                Finding::NeverMatches { parts: (first, second), .. } => {
                    let message = format!("`{id}` never matches: `{first}` and `{second}` exclude each other");
                    let help = "join them with `||`, or remove the rule".to_owned();
                    self.report_at(Gravity::Warning, "never_matches", message, help, &at);
                }
                Finding::Unreachable { by, .. } => {
                    let (earlier, entry) = rule(by);
                    let message =
                        format!("`{id}` never gets its turn: `{earlier}` ({entry}) matches whatever it matches");
                    let help = format!("move it before `{earlier}`, or remove it");
                    self.report_at(Gravity::Warning, "unreachable_rule", message, help, &at);
                }
            }
        }
    }

    /// The line of the file on which an entry stands.
    pub(super) fn line(&self, path: &Path) -> Option<usize> {
        let path = self.decoded.written(path, self.tree);
        self.tree.text().map(|_| self.tree.span(&path).line)
    }

    /// Places an error inside a condition on the very character, also where YAML folds the condition over lines.
    pub(super) fn script_error(&mut self, source: &str, error: &ScriptError, path: &Path) {
        let path = self.decoded.written(path, self.tree);
        let mut span = self.tree.span(&path);
        let mut message = error.message.clone();
        let exact = span.range.clone().zip(self.tree.text()).and_then(|(range, text)| {
            let raw = text.get(range.clone())?;
            let at = range.start + offset_in(raw, source, error.line, error.column)?;
            Some((at, text.get(..at)?))
        });
        match exact {
            Some((at, before)) => {
                let line = before.rsplit('\n').next().unwrap_or_default();
                span.line = before.matches('\n').count() + 1;
                span.column = line.chars().count() + 1;
                span.range = span.range.map(|range| at..(at + 1).min(range.end).max(at));
            }
            None if self.tree.text().is_some() || source.contains('\n') => {
                message = format!("{message} (line {}, column {} of the condition)", error.line, error.column);
            }
            None => message = format!("{message} (column {} of the condition)", error.column),
        }
        self.diagnostics.push(self.tree.diagnostic(
            Gravity::Error,
            error.code,
            message,
            error.help.clone(),
            &path,
            &span,
        ));
    }

    pub(super) fn rules(
        &mut self,
        services: &BTreeMap<String, Service>,
        read: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Rules> {
        let document = self.document;
        let mut list: Vec<Rule> = Vec::new();
        let mut rows = BTreeMap::new();
        let mut ids = BTreeSet::new();
        let mut default = None;
        for (index, rule) in document.classify.iter().enumerate() {
            let path = root("classify").index(index);
            if rule.default.is_none() && self.is_given(&path.key("default")) {
                continue;
            }
            if let Some(name) = &rule.default {
                let last = index + 1 == document.classify.len();
                if !last {
                    self.error(
                        "misplaced_default",
                        "what stands after the default is never tried",
                        "move `default` to the end",
                        &path,
                    );
                }
                if rule.when.is_some() || rule.severity.is_some() {
                    self.error(
                        "misplaced_default",
                        "a default has no condition of its own",
                        "make it an entry of its own",
                        &path,
                    );
                }
                default = self.severity_index(name, &path.key("default"));
                continue;
            }
            if let Some(table) = &rule.table {
                let id = rule.id.clone().unwrap_or_else(|| format!("table-{}", index + 1));
                if rule.when.is_some() || rule.severity.is_some() || rule.because.is_some() || rule.goes_on {
                    self.error(
                        "misplaced_table",
                        "what a table gives stands in its rows",
                        "make `when`, `severity`, `because` and `continue` columns, or an entry of their own",
                        &path,
                    );
                }
                for row in self.table(&id, table, read, (index, &path.key("table"))) {
                    if !ids.insert(row.rule.id.clone()) {
                        let message = format!("two rules are called `{}`", row.rule.id);
                        self.table_error("duplicate_name", message, "rename one of them".to_owned(), &row.at);
                    }
                    if row.is_whole {
                        rows.insert(list.len(), row.at);
                        list.push(row.rule);
                    }
                }
                continue;
            }
            if self.is_given(&path.key("table")) {
                continue;
            }
            let id = rule.id.clone().unwrap_or_else(|| format!("rule-{}", index + 1));
            if !ids.insert(id.clone()) {
                self.error("duplicate_name", format!("two rules are called `{id}`"), "rename one of them", &path);
            }
            let (Some(when), Some(severity)) = (&rule.when, &rule.severity) else {
                for (field, missing) in [("when", rule.when.is_none()), ("severity", rule.severity.is_none())] {
                    if missing && !self.is_given(&path.key(field)) {
                        self.error(
                            "missing_field",
                            format!("the rule has no `{field}`"),
                            format!("add `{field}:`"),
                            &path,
                        );
                    }
                }
                continue;
            };
            let severity = self.severity_index(severity, &path.key("severity"));
            let condition = self.condition(when, Sight::Alert, &path.key("when"));
            if let (Some(severity), Some(condition)) = (severity, condition) {
                list.push(Rule {
                    id,
                    entry: path.to_string(),
                    file: self.file.clone(),
                    line: self.line(&path),
                    position: index,
                    condition,
                    severity,
                    because: rule.because.clone(),
                    goes_on: rule.goes_on,
                });
            }
        }
        self.default_is_given();
        self.review(&list, &rows);
        default.map(|default| Rules::new(list, default, document.when_unsure, &mut self.sandbox, services))
    }

    /// Reports that no rule is the default, where none is and nothing that cannot be decoded may be it.
    fn default_is_given(&mut self) {
        let document = self.document;
        let written = self.tree.node(&root("classify"));
        if !document.classify.iter().any(|rule| rule.default.is_some())
            && written.is_some_and(|classify| classify.no_entry_has("default"))
        {
            self.error(
                "missing_default",
                "an alert that no rule matches has no severity",
                "end `classify` with `- default: <severity>`",
                &root("classify"),
            );
        }
    }
}

/// Where a place in a condition stands in the YAML it was written as.
///
/// YAML changes the white space of a text that goes over lines, and nothing else: the same count of other characters
/// leads to the same place. `None` where the text was written with escapes.
fn offset_in(raw: &str, source: &str, line: usize, column: usize) -> Option<usize> {
    let quoted = raw.starts_with(['"', '\'']);
    let inner = if quoted { raw.get(1..raw.len().checked_sub(1)?)? } else { raw };
    let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<_>>();
    if visible(inner) != visible(source) {
        return None;
    }
    let lines: Vec<&str> = source.split('\n').collect();
    let above: usize = lines.iter().take(line.saturating_sub(1)).map(|line| visible(line).len()).sum();
    let inside = lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
    let left: String = inside.chars().take(column.saturating_sub(1)).collect();
    let count = above + visible(&left).len();
    // Past the last character is where something is missing.
    let at = inner
        .char_indices()
        .filter(|(_, c)| !c.is_whitespace())
        .nth(count)
        .map_or_else(|| inner.trim_end().len(), |(at, _)| at);
    Some(at + usize::from(quoted))
}

//! The sandbox in which rhai runs: what a script may do is checked when it is read, and its limits hold when it runs.
//! They count operations and sizes, never time, so that a replay ends the same way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use indexmap::IndexMap;
use rhai::{AST, Engine, Position, Scope};

use super::condition::{Condition, Form};
use super::expression::Expression;
use super::facts::{Catalogue, Facts, Lookup, Sight};
use super::functions::{self, Patterns};
use super::network::Network;
use super::profile;
use super::syntax::{self, Functions};
use super::value::Kinds;
use crate::calendar::Zone;
use crate::limits;
use crate::policy::document::{OnCallDocument, ServiceDocument};

/// Why a script does not compile, with its place inside the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScriptError {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// The rhai engine of one policy, with the policy's own functions and the facts that its conditions read.
#[derive(Debug)]
pub(crate) struct Sandbox {
    engine: Engine,
    script: AST,
    functions: Functions,
    patterns: Patterns,
    zone: Zone,
    /// What can be called, with how many arguments.
    known: BTreeMap<String, BTreeSet<usize>>,
    /// What can be read of a value as if it were a part of it, `alert.name.len`.
    getters: BTreeSet<String>,
    alert: Catalogue,
    incident: Catalogue,
    resolved: Catalogue,
    /// How many conditions that failed are kept as scripts. It says nothing of what any of them answers.
    kept: AtomicUsize,
}

impl Sandbox {
    /// A sandbox without functions of the policy's own.
    pub(crate) fn new(
        zone: Zone,
        services: &IndexMap<String, ServiceDocument>,
        on_call: &IndexMap<String, OnCallDocument>,
    ) -> Self {
        let patterns = Patterns::default();
        let mut engine = profile::engine();
        functions::register(&mut engine, &zone, &patterns);
        let known = profile::callable(&engine);
        let getters = profile::getters(&engine);
        Self {
            engine,
            script: AST::empty(),
            functions: Functions::default(),
            patterns,
            zone,
            known,
            getters,
            alert: Catalogue::new(Sight::Alert, services, on_call),
            incident: Catalogue::new(Sight::Incident, services, on_call),
            resolved: Catalogue::new(Sight::Resolved, services, on_call),
            kept: AtomicUsize::new(0),
        }
    }

    /// Takes in the policy's script. Only its functions count; statements beside them are refused.
    pub(crate) fn define(&mut self, script: &str) -> Result<(), ScriptError> {
        profile::on_enough_stack(|| self.take_in(script))
    }

    fn take_in(&mut self, script: &str) -> Result<(), ScriptError> {
        self.measure(script)?;
        let ast = self.engine.compile(script).map_err(|error| refused(&error))?;
        if let Some(position) = syntax::first_statement(&ast) {
            let message = "a script defines functions and does nothing else".to_owned();
            return Err(at(position, "invalid_script", message, "move the statement into a `fn`".to_owned()));
        }
        for (name, parameters) in syntax::functions(&ast) {
            // As a function, and as a method of its first value.
            self.known.entry(name).or_default().extend([parameters, parameters + 1]);
        }
        whole(&ast)?;
        self.callable(&ast)?;
        self.literals(&ast)?;
        self.functions = Functions::of(&ast);
        self.script = ast;
        Ok(())
    }

    /// Compiles a condition that sees the given facts. What can be neither true nor false is none.
    pub(crate) fn compile(&mut self, source: &str, sight: Sight) -> Result<Condition, ScriptError> {
        let condition = profile::on_enough_stack(|| self.condition(source, sight))?;
        let kinds = condition.native().map_or(Kinds::BOOL, Expression::kinds);
        if kinds.meets(Kinds::BOOL) {
            return Ok(condition);
        }
        let message = match kinds.words() {
            _ if source.trim().is_empty() => "the condition is empty".to_owned(),
            Some(words) => format!("the condition is {words}, not true or false"),
            None => "the condition always fails".to_owned(),
        };
        let help = "compare something, such as `alert.labels.impact == \"outage\"`".to_owned();
        Err(at(Position::new(1, 1), "invalid_condition", message, help))
    }

    /// Whether a part of a condition, such as the column of a table, can be read.
    pub(crate) fn readable(&mut self, source: &str, sight: Sight) -> Result<(), ScriptError> {
        profile::on_enough_stack(|| self.condition(source, sight)).map(drop)
    }

    fn condition(&mut self, source: &str, sight: Sight) -> Result<Condition, ScriptError> {
        let ast = self.parse(source, sight)?;
        if let Some((fact, position)) = syntax::assignment(&ast, sight) {
            let message = format!("`{fact}` is a fact and cannot be changed");
            return Err(at(position, "invalid_condition", message, "compare with `==`".to_owned()));
        }
        whole(&ast)?;
        self.callable(&ast)?;
        self.literals(&ast)?;
        let paths = syntax::fact_paths(&ast);
        for (path, position) in &paths {
            if let Some((fact, help)) = self.catalogue(sight).objection(path, &self.getters) {
                return Err(at(*position, "unknown_fact", format!("there is no fact `{fact}`"), help));
            }
        }
        let paths: Vec<Vec<String>> = paths.into_iter().map(|(path, _)| path).collect();
        let catalogue = match sight {
            Sight::Alert => &mut self.alert,
            Sight::Incident => &mut self.incident,
            Sight::Resolved => &mut self.resolved,
        };
        let form = match syntax::lower(&ast, catalogue, &self.functions, &self.patterns, &self.zone) {
            Ok(expression) => Form::Native(expression),
            Err(why) => Form::Script { ast: Box::new(self.script.merge(&ast)), why },
        };
        Ok(Condition::new(source, sight, form, &paths, catalogue))
    }

    fn parse(&self, source: &str, sight: Sight) -> Result<AST, ScriptError> {
        self.measure(source)?;
        let mut scope = Scope::new();
        for name in sight.names() {
            scope.push(name, ());
        }
        self.engine.compile_with_scope(&scope, source).map_err(|error| {
            let mut refused = refused(&error);
            if let Some((word, operator)) = meant(source, error.position()) {
                refused.code = "invalid_condition";
                refused.message = format!("`{word}` is no operator");
                refused.help = Some(format!("write `{operator}`"));
            } else if let rhai::ParseErrorType::VariableUndefined(name) = error.err_type() {
                refused.code = "unknown_fact";
                refused.message = format!("there is no fact `{name}` here");
                refused.help = Some(crate::source::did_you_mean(name, sight.names()));
            }
            refused
        })
    }

    /// The facts of an alert that the rules read.
    pub(crate) fn alert_facts(&self) -> impl Iterator<Item = &str> {
        self.alert.alert.iter().map(|fact| fact.name.as_str())
    }

    /// The facts that the conditions of a sight read.
    pub(crate) fn catalogue(&self, sight: Sight) -> &Catalogue {
        match sight {
            Sight::Alert => &self.alert,
            Sight::Incident => &self.incident,
            Sight::Resolved => &self.resolved,
        }
    }

    pub(super) fn catalogue_mut(&mut self, sight: Sight) -> &mut Catalogue {
        match sight {
            Sight::Alert => &mut self.alert,
            Sight::Incident => &mut self.incident,
            Sight::Resolved => &mut self.resolved,
        }
    }

    /// Asks a condition. Anything but a truth value is an error: the caller takes the safe reading.
    pub(crate) fn ask(&self, condition: &Condition, facts: &mut Facts<'_>) -> Result<bool, String> {
        match &condition.form {
            Form::Native(expression) => {
                let lookup = Lookup { catalogue: self.catalogue(condition.sight), view: facts.view };
                expression.holds(&lookup).map_err(|_| self.words(condition, facts))
            }
            Form::Script { ast, .. } => self.interpret(ast, condition.sight, facts),
        }
    }

    /// Asks the interpreter, whatever the form of the condition.
    pub(super) fn interpret(&self, ast: &AST, sight: Sight, facts: &mut Facts<'_>) -> Result<bool, String> {
        let scope = facts.scope(sight);
        // What it built is dropped here too, which takes stack of its own.
        profile::on_enough_stack(|| {
            let depth = scope.len();
            let answer = self.engine.eval_ast_with_scope::<rhai::Dynamic>(scope, ast);
            scope.rewind(depth);
            match answer {
                Ok(value) => value.as_bool().map_err(|kind| format!("the condition gives `{kind}`, not true or false")),
                Err(error) => Err(error.to_string()),
            }
        })
    }

    /// What the interpreter says of a condition that raised an error. The native form keeps no words: errors are rare,
    /// and it is asked for every alert.
    pub(super) fn words(&self, condition: &Condition, facts: &mut Facts<'_>) -> String {
        let answer = match &condition.form {
            Form::Script { ast, .. } => Ok(self.interpret(ast, condition.sight, facts)),
            Form::Native(_) => match condition.kept() {
                Some(ast) => Ok(self.interpret(ast, condition.sight, facts)),
                None => self.reparsed(condition).map(|ast| {
                    let answer = self.interpret(&ast, condition.sight, facts);
                    self.keep(condition, ast);
                    answer
                }),
            },
        };
        debug_assert!(matches!(answer, Ok(Err(_))), "native and interpreted disagree on `{}`", condition.source);
        match answer {
            Ok(Err(words)) => words,
            _ => "the condition raises an error".to_owned(),
        }
    }

    /// Keeps the script of a condition that failed, since what fails once mostly fails again.
    fn keep(&self, condition: &Condition, ast: AST) {
        if self.kept.load(Ordering::Relaxed) < limits::SCRIPTS_KEPT_MAX && condition.keep(ast) {
            self.kept.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The script of a condition that has no need of it otherwise.
    pub(super) fn reparsed(&self, condition: &Condition) -> Result<AST, ScriptError> {
        let ast = profile::on_enough_stack(|| self.parse(&condition.source, condition.sight))?;
        Ok(self.script.merge(&ast))
    }

    /// Reads the arguments that are to be written out.
    fn literals(&self, ast: &AST) -> Result<(), ScriptError> {
        for (name, literal, position) in syntax::literals(ast) {
            let (noun, code, sample) = match name.as_str() {
                "matches" => ("pattern", "invalid_pattern", "matches(alert.name, \"^web-[0-9]+$\")"),
                _ => ("network", "invalid_network", "cidr(alert.labels.address, \"10.0.0.0/8\")"),
            };
            let Some(literal) = literal else {
                let message = format!("the {noun} of `{name}` is not written out");
                return Err(at(position, code, message, format!("write it where it is used, such as `{sample}`")));
            };
            let read = match name.as_str() {
                "matches" => self.patterns.add(&literal).map(drop),
                _ => literal.parse::<Network>().map(drop),
            };
            if let Err(why) = read {
                let message = format!("`{}` is not a {noun}: {why}", literal.escape_debug());
                return Err(at(position, code, message, format!("write it as in `{sample}`")));
            }
        }
        Ok(())
    }

    /// Refuses a call of what does not exist: rhai itself would notice only when the call is made.
    fn callable(&self, ast: &AST) -> Result<(), ScriptError> {
        for (name, arguments, position) in syntax::calls(ast) {
            let (message, help) = match self.known.get(&name) {
                Some(counts) if counts.contains(&arguments) => continue,
                Some(counts) => {
                    let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
                    let message = format!("`{name}` does not take {arguments} arguments");
                    (message, format!("it takes {}; what a method is called on counts", counts.join(" or ")))
                }
                None => {
                    let names =
                        self.known.keys().map(String::as_str).filter(|name| name.starts_with(char::is_alphabetic));
                    let near = crate::source::nearest(&name, names);
                    let help = near.map_or_else(
                        || "define it in the policy's script".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    (format!("there is no function `{name}`"), help)
                }
            };
            return Err(at(position, "unknown_function", message, help));
        }
        Ok(())
    }

    fn measure(&self, script: &str) -> Result<(), ScriptError> {
        debug_assert!(self.engine.max_operations() > 0, "an unbounded engine never leaves this module");
        if script.len() <= limits::SCRIPT_BYTES_MAX {
            return Ok(());
        }
        let message = format!("the script has {} bytes; {} are allowed", script.len(), limits::SCRIPT_BYTES_MAX);
        Err(ScriptError {
            code: "script_too_large",
            message,
            help: Some("shorten it, or split it into several rules".to_owned()),
            line: 1,
            column: 1,
        })
    }
}

/// Refuses to change a part of a value: names of any length could be put into a map so, which no limit counts.
fn whole(ast: &AST) -> Result<(), ScriptError> {
    let Some(position) = syntax::part_assignment(ast) else {
        return Ok(());
    };
    let message = "a part of a value cannot be changed".to_owned();
    Err(at(position, "invalid_condition", message, "build the value anew, such as `#{ name: 1 }`".to_owned()))
}

fn at(position: Position, code: &'static str, message: String, help: String) -> ScriptError {
    let (line, column) = (position.line().unwrap_or(1), position.position().unwrap_or(1));
    ScriptError { code, message, help: Some(help), line, column }
}

/// The operator that was meant by a word that other languages have for it.
fn meant(source: &str, position: Position) -> Option<(&'static str, &'static str)> {
    let line = source.split('\n').nth(position.line()?.checked_sub(1)?)?;
    let rest: String = line.chars().skip(position.position()?.checked_sub(1)?).collect();
    let word =
        |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_lowercase();
    let own = word(&rest);
    [("and", "&&"), ("or", "||"), ("not", "!")].into_iter().find(|(name, _)| *name == own)
}

fn refused(error: &rhai::ParseError) -> ScriptError {
    use rhai::ParseErrorType;
    let (message, help) = match error.err_type() {
        ParseErrorType::UnexpectedEOF => {
            ("the condition is not complete".to_owned(), "finish it, such as `alert.labels.impact == \"outage\"`")
        }
        ParseErrorType::ExprTooDeep => ("the condition nests too deep".to_owned(), "split it into several rules"),
        other => (
            crate::source::in_backticks(&other.to_string()),
            "a condition compares facts, such as `alert.labels.impact == \"outage\"`",
        ),
    };
    let mut characters = message.chars();
    let lower = characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default();
    ScriptError {
        code: "invalid_condition",
        message: lower,
        help: Some(help.to_owned()),
        line: error.position().line().unwrap_or(1),
        column: error.position().position().unwrap_or(1),
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::Sandbox;
    use crate::alert::Alert;
    use crate::calendar::Zone;
    use crate::limits;
    use crate::rules::facts::{Facts, Sight, View};

    /// Reading a condition costs more than asking it; what failed once is not read again, unless very much has failed.
    #[test]
    fn what_failed_is_kept_as_it_was_read_and_so_many_of_it() {
        let mut sandbox = Sandbox::new(Zone::default(), &IndexMap::new(), &IndexMap::new());
        let alert = Alert::firing("a1", "core");
        let mut facts = Facts::of(View::of_alert(&alert, None));
        let mut conditions = Vec::new();
        for number in 0..limits::SCRIPTS_KEPT_MAX + 8 {
            let source = format!("alert.labels.host.starts_with(\"db-{number}\")");
            conditions.push(sandbox.compile(&source, Sight::Alert).expect("it is a condition"));
        }
        let mut ask = |place: usize| sandbox.ask(&conditions[place], &mut facts);
        let answers: Vec<_> = (0..conditions.len()).map(&mut ask).collect();
        assert!(answers.iter().all(|answer| answer.as_ref().is_err_and(|words| words.contains("starts_with"))));
        let again: Vec<_> = (0..conditions.len()).map(&mut ask).collect();
        assert_eq!(answers, again);
        let kept: Vec<bool> = conditions.iter().map(|condition| condition.kept().is_some()).collect();
        assert_eq!(kept.iter().filter(|kept| **kept).count(), limits::SCRIPTS_KEPT_MAX);
        assert!(kept[0] && !kept[limits::SCRIPTS_KEPT_MAX]);
    }
}

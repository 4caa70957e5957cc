//! The sandbox in which rhai runs: what a script may do is checked when it is read, and its limits hold when it runs.
//! They count operations and sizes, never time, so that a replay ends the same way.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use indexmap::IndexMap;
use rhai::{AST, Engine, Position, Scope};

use super::calls::Callable;
use super::condition::{Condition, Form};
use super::expression::Expression;
use super::facts::{Catalogue, Facts, Lookup, Sight};
use super::failure;
use super::functions::{self, Patterns};
use super::network::Network;
use super::profile;
use super::syntax::{self, Functions};
use super::value::Kinds;
use crate::calendar::Zone;
use crate::limits;
use crate::policy::document::{OnCallDocument, ServiceDocument};

/// The longest condition, in bytes, that is said again in what is said of it.
const PLAIN_BYTES_MAX: usize = 80;

const NUMBER: Kinds = Kinds::INTEGER.or(Kinds::FLOAT);

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
    callable: Callable,
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
        let callable = Callable::of(profile::callable(&engine));
        let getters = profile::getters(&engine);
        Self {
            engine,
            script: AST::empty(),
            functions: Functions::default(),
            patterns,
            zone,
            callable,
            getters,
            alert: Catalogue::new(Sight::Alert, services, on_call),
            incident: Catalogue::new(Sight::Incident, services, on_call),
            resolved: Catalogue::new(Sight::Resolved, services, on_call),
            kept: AtomicUsize::new(0),
        }
    }

    /// Takes in the policy's script, and says what in it can be used but likely fails. Only its functions count; statements
    /// beside them are refused.
    pub(crate) fn define(&mut self, script: &str) -> Result<Vec<ScriptError>, ScriptError> {
        let taken = profile::on_enough_stack(|| self.take_in(script));
        if taken.is_err() {
            self.callable.doubt();
        }
        taken
    }

    /// Notes that the policy's script is not to be had, so that not every call of its functions is reported.
    pub(crate) fn define_nothing(&mut self) {
        self.callable.doubt();
    }

    fn take_in(&mut self, script: &str) -> Result<Vec<ScriptError>, ScriptError> {
        self.measure(script)?;
        let ast = self.engine.compile(script).map_err(|error| refused(script, &error, &SCRIPT))?;
        if let Some(position) = syntax::first_statement(&ast) {
            let message = "a script defines functions and does nothing else".to_owned();
            return Err(at(position, "invalid_script", message, "move the statement into a `fn`".to_owned()));
        }
        for (name, parameters) in syntax::functions(&ast) {
            if !self.callable.define(&name, parameters) {
                let position = name_of(&name, script, syntax::body_of(&ast, &name));
                let message = format!("`{name}` is a function that conditions have, and this would hide it");
                return Err(at(position, "invalid_script", message, format!("give it another name, `own_{name}`")));
            }
        }
        whole(&ast)?;
        self.callable(&ast)?;
        self.literals(&ast)?;
        self.functions = Functions::of(&ast);
        self.script = ast;
        Ok(self.functions.recursions().into_iter().map(recursive).collect())
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
        let source = source.trim();
        // A fact, or a call: then it is known what to compare.
        let is_plain = source.len() <= PLAIN_BYTES_MAX
            && source.starts_with(char::is_alphabetic)
            && source.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '(' | ')' | ','));
        let help = match kinds.without(Kinds::UNIT) {
            Kinds::TEXT if is_plain => {
                let text = condition.native().and_then(Expression::text).unwrap_or("…");
                format!("compare it, such as `{source} == {text:?}`")
            }
            Kinds::ELAPSED if is_plain => format!("compare it, such as `{source} > minutes(15)`"),
            kinds if is_plain && kinds != Kinds::NONE && kinds.within(NUMBER) => {
                format!("compare it, such as `{source} > 0`")
            }
            _ => "compare something, such as `alert.labels.impact == \"outage\"`".to_owned(),
        };
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
        let (form, spelt) = match syntax::lower(&ast, catalogue, &self.functions, &self.patterns, &self.zone) {
            Ok(native) => (Form::Native(native.expression), native.spelt),
            Err(why) => (Form::Script { ast: Box::new(self.script.merge(&ast)), why }, Box::default()),
        };
        Ok(Condition::new(source, sight, form, spelt, &paths, catalogue))
    }

    fn parse(&self, source: &str, sight: Sight) -> Result<AST, ScriptError> {
        self.measure(source)?;
        let mut scope = Scope::new();
        for name in sight.names() {
            scope.push(name, ());
        }
        self.engine.compile_with_scope(&scope, source).map_err(|error| {
            let mut refused = refused(source, &error, &CONDITION);
            if let rhai::ParseErrorType::VariableUndefined(name) = error.err_type()
                && meant(source, error.position()).is_none()
            {
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
                Ok(value) => value.as_bool().map_err(failure::no_answer),
                Err(error) => Err(failure::words(&error)),
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
        for call in syntax::calls(ast) {
            if let Some(wrong) = self.callable.objection(&call) {
                return Err(at(call.position, "unknown_function", wrong.message, wrong.help));
            }
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

/// What is being read: its code, its name, and how it would read well.
struct Manner {
    code: &'static str,
    noun: &'static str,
    unfinished: &'static str,
    too_deep: &'static str,
    sample: &'static str,
}

const CONDITION: Manner = Manner {
    code: "invalid_condition",
    noun: "condition",
    unfinished: "finish it, such as `alert.labels.impact == \"outage\"`",
    too_deep: "split it into several rules",
    sample: "a condition compares facts, such as `alert.labels.impact == \"outage\"`",
};

const SCRIPT: Manner = Manner {
    code: "invalid_script",
    noun: "script",
    unfinished: "close what is open: a function ends with `}`",
    too_deep: "split the function into several",
    sample: "a script has functions, such as `fn is_late(minutes) { minutes > 15 }`",
};

fn refused(source: &str, error: &rhai::ParseError, manner: &Manner) -> ScriptError {
    use rhai::ParseErrorType;
    let noun = manner.noun;
    let operator = meant(source, error.position());
    let (message, help) = match error.err_type() {
        _ if operator.is_some() => {
            let (word, operator) = operator.unwrap_or_default();
            (format!("`{word}` is no operator"), format!("write `{operator}`"))
        }
        ParseErrorType::Reserved(word) if word == "match" => {
            ("`match` is a reserved keyword".to_owned(), "did you mean `matches(text, \"^web-[0-9]+$\")`?".to_owned())
        }
        ParseErrorType::MissingToken(..) if noun == SCRIPT.noun && is_at_end(source, error.position()) => {
            (format!("the {noun} is not complete"), manner.unfinished.to_owned())
        }
        ParseErrorType::UnexpectedEOF => (format!("the {noun} is not complete"), manner.unfinished.to_owned()),
        ParseErrorType::ExprTooDeep => (format!("the {noun} nests too deep"), manner.too_deep.to_owned()),
        // In a function there are no facts but those it is given.
        ParseErrorType::VariableUndefined(name) if noun == SCRIPT.noun => (
            format!("`{name}` is no argument of the function"),
            format!("give it to the function: `fn f({name}) {{ … }}`"),
        ),
        other => (crate::source::in_backticks(&other.to_string()), manner.sample.to_owned()),
    };
    let mut characters = message.chars();
    let lower = characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default();
    ScriptError {
        code: manner.code,
        message: lower,
        help: Some(help),
        line: error.position().line().unwrap_or(1),
        column: error.position().position().unwrap_or(1),
    }
}

/// Whether nothing comes any more from a place on.
fn is_at_end(source: &str, position: Position) -> bool {
    let (Some(line), Some(column)) = (position.line(), position.position()) else {
        return true;
    };
    let mut rest = source.split('\n').skip(line.saturating_sub(1));
    let own = rest.next().unwrap_or_default();
    let is_over = own.chars().skip(column.saturating_sub(1)).all(char::is_whitespace);
    is_over && rest.all(|line| line.trim().is_empty())
}

/// Where the name of a function stands, of which the place of its body is known.
fn name_of(name: &str, script: &str, body: Option<Position>) -> Position {
    let body = body.unwrap_or(Position::new(1, 1));
    let line = body.line().unwrap_or(1);
    let before = script.split('\n').take(line).enumerate().collect::<Vec<_>>();
    for (above, text) in before.into_iter().rev() {
        let defined = text.match_indices(name).find(|(at, _)| {
            let is_behind_fn = text.get(..*at).is_some_and(|before| before.trim_end().ends_with("fn"));
            let rest = text.get(at + name.len()..).unwrap_or_default();
            is_behind_fn && rest.trim_start().starts_with('(')
        });
        if let Some((at, _)) = defined {
            let column = text.get(..at).map_or(0, |before| before.chars().count()) + 1;
            return match (u16::try_from(above + 1), u16::try_from(column)) {
                (Ok(line), Ok(column)) => Position::new(line, column),
                _ => body,
            };
        }
    }
    body
}

/// What is said of a function that calls itself: it can be asked, and fails once it has gone too deep.
fn recursive(found: syntax::Recursion) -> ScriptError {
    let through = match found.through.as_slice() {
        [] => String::new(),
        names => format!(", through `{}`", names.join("` and `")),
    };
    let (name, most) = (found.name, limits::SCRIPT_CALLS_MAX);
    let message = format!("`{name}` calls itself{through}: calls go {most} deep, and what goes deeper fails");
    at(found.position, "recursive_function", message, "write out what it repeats".to_owned())
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

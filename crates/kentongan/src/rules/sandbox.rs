//! The sandbox in which rhai runs: what a script may do is checked when it is read, and its limits hold when it runs.
//! They count operations and sizes, never time, so that a replay ends the same way.

use std::collections::{BTreeMap, BTreeSet};

use rhai::{AST, Engine, Scope};

use super::facts::{Facts, Sight};
use super::profile;
use super::syntax;
use crate::limits;

/// A compiled condition.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    ast: AST,
    paths: Vec<Vec<String>>,
}

/// Why a script does not compile, with its place inside the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScriptError {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// The rhai engine of one policy, with the policy's own functions.
#[derive(Debug)]
pub(crate) struct Sandbox {
    engine: Engine,
    functions: AST,
    /// What can be called, with how many arguments.
    known: BTreeMap<String, BTreeSet<usize>>,
}

impl Sandbox {
    /// A sandbox without functions of the policy's own.
    pub(crate) fn new() -> Self {
        let engine = profile::engine();
        let known = profile::callable(&engine);
        Self { engine, functions: AST::empty(), known }
    }

    /// Takes in the policy's script. Only its functions count; statements beside them are refused.
    pub(crate) fn define(&mut self, script: &str) -> Result<(), ScriptError> {
        self.measure(script)?;
        let ast = profile::on_enough_stack(|| self.engine.compile(script)).map_err(|error| refused(&error))?;
        if let Some(statement) = ast.statements().first() {
            let position = statement.position();
            return Err(ScriptError {
                code: "invalid_script",
                message: "a script defines functions and does nothing else".to_owned(),
                help: Some("move the statement into a `fn`".to_owned()),
                line: position.line().unwrap_or(1),
                column: position.position().unwrap_or(1),
            });
        }
        for function in ast.iter_functions() {
            let counts = self.known.entry(function.name.to_owned()).or_default();
            // As a function, and as a method of its first value.
            counts.extend([function.params.len(), function.params.len() + 1]);
        }
        self.callable(&ast, script)?;
        self.functions = ast;
        Ok(())
    }

    /// Compiles a condition that sees the given facts.
    pub(crate) fn compile(&self, source: &str, sight: Sight) -> Result<Condition, ScriptError> {
        self.measure(source)?;
        let mut scope = Scope::new();
        for name in sight.roots() {
            scope.push(*name, ());
        }
        let ast = profile::on_enough_stack(|| self.engine.compile_with_scope(&scope, source)).map_err(|error| {
            let mut refused = refused(&error);
            if let rhai::ParseErrorType::VariableUndefined(name) = error.err_type() {
                refused.code = "unknown_fact";
                refused.message = format!("there is no fact `{name}` here");
                refused.help = Some(crate::source::did_you_mean(name, sight.roots().iter().copied()));
            }
            refused
        })?;
        if let Some((fact, position)) = syntax::assignment(&ast, sight.roots()) {
            return Err(ScriptError {
                code: "invalid_condition",
                message: format!("`{fact}` is a fact and cannot be changed"),
                help: Some("compare with `==`".to_owned()),
                line: position.line().unwrap_or(1),
                column: position.position().unwrap_or(1),
            });
        }
        self.callable(&ast, source)?;
        let paths = syntax::fact_paths(&ast);
        if let Some((fact, help)) = paths.iter().find_map(|path| sight.objection(path)) {
            let (line, column) = place_of(source, &fact);
            let message = format!("there is no fact `{fact}`");
            return Err(ScriptError { code: "unknown_fact", message, help: Some(help), line, column });
        }
        let paths = paths
            .into_iter()
            .filter(|path| path.first().is_some_and(|root| sight.roots().contains(&root.as_str())))
            .collect();
        Ok(Condition { ast: self.functions.merge(&ast), paths })
    }

    /// Asks a condition. Anything but a truth value is an error: the caller takes the safe reading.
    pub(crate) fn ask(&self, condition: &Condition, facts: &mut Facts) -> Result<bool, String> {
        // What it built is dropped here too, which takes stack of its own.
        profile::on_enough_stack(|| {
            let depth = facts.scope.len();
            let answer = self.engine.eval_ast_with_scope::<rhai::Dynamic>(&mut facts.scope, &condition.ast);
            facts.scope.rewind(depth);
            match answer {
                Ok(value) => value.as_bool().map_err(|kind| format!("the condition gives `{kind}`, not true or false")),
                Err(error) => Err(error.to_string()),
            }
        })
    }

    /// Refuses a call of what does not exist: rhai itself would notice only when the call is made.
    fn callable(&self, ast: &AST, source: &str) -> Result<(), ScriptError> {
        for (name, arguments) in syntax::calls(ast) {
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
            let (line, column) = place_of(source, &name);
            return Err(ScriptError { code: "unknown_function", message, help: Some(help), line, column });
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

impl Condition {
    /// The facts it reads, each as a path.
    pub(crate) fn paths(&self) -> &[Vec<String>] {
        &self.paths
    }
}

/// Where a fact stands in a condition, for the diagnostic.
fn place_of(source: &str, fact: &str) -> (usize, usize) {
    let Some(at) = source.find(fact) else {
        return (1, 1);
    };
    let before = source.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(1, |last| last.chars().count() + 1);
    (line, column)
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

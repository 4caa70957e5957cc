//! rhai alone, as a program would use it that keeps its rules in rhai: each compiled once, tried one after another.

use rhai::{AST, Dynamic, Engine, Map, Scope};

use crate::figures::locked_version;
use crate::workload::Workload;
use crate::{Contestant, Kind};

/// The facts wait as rhai values; only the rules are run.
pub(super) fn a_rule_an_ast(workload: &Workload) -> Result<Contestant<'static>, Box<dyn std::error::Error>> {
    let version = locked_version(include_str!("../../../Cargo.lock"), "rhai");
    let rhai = Engine::new();
    let conditions = workload.rules.iter().map(|rule| rhai.compile_expression(rule.condition()));
    let conditions: Vec<AST> = conditions.collect::<Result<_, _>>()?;
    let facts = workload.alerts.iter().enumerate().map(|(key, alert)| -> Result<_, Box<rhai::EvalAltResult>> {
        let mut scope = Scope::new();
        let facts: Map = rhai::serde::to_dynamic(alert.input(key))?.cast();
        scope.push_constant_dynamic("alert", Dynamic::from_map(facts));
        Ok(scope)
    });
    let mut facts: Vec<Scope<'static>> = facts.collect::<Result<_, _>>()?;
    Ok(Contestant {
        engine: super::engine(Kind::Engine, "rhai", "an AST a rule", &version),
        decide: Box::new(move |range, answers| {
            answers.extend(facts[range].iter_mut().map(|facts| {
                conditions.iter().position(|ast| rhai.eval_ast_with_scope::<bool>(facts, ast).unwrap_or_default())
            }));
        }),
    })
}

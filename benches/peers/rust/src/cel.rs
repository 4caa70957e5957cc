//! cel: each rule a compiled program, tried one after another.

use std::sync::Arc;

use cel::{Context, Env, Program, Value};
use kentongan_benches::Contestant;
use kentongan_benches::workload::{LABELS, NUMBERS, Predicate, Rule, Workload};

use crate::engine;

/// The facts wait in contexts, one an alert; only the programs are run.
pub fn a_rule_a_program(workload: &Workload) -> Result<Contestant<'static>, Box<dyn std::error::Error>> {
    let programs = workload.rules.iter().map(|rule| Program::compile(&source(rule)));
    let programs: Vec<Program> = programs.collect::<Result<_, _>>()?;
    let env = Arc::new(Env::stdlib());
    let facts = workload.alerts.iter().map(|alert| {
        let mut context = Context::with_env(Arc::clone(&env));
        for (name, value) in LABELS.iter().zip(&alert.labels) {
            context.add_variable_from_value(*name, value.clone());
        }
        for (name, value) in NUMBERS.iter().zip(&alert.numbers) {
            context.add_variable_from_value(*name, *value);
        }
        context
    });
    let facts: Vec<Context<'static, 'static>> = facts.collect();
    Ok(Contestant {
        engine: engine("cel", "a program a rule"),
        decide: Box::new(move |range, answers| {
            answers.extend(facts[range].iter().map(|facts| {
                programs.iter().position(|program| matches!(program.execute(facts), Ok(Value::Bool(true))))
            }));
        }),
    })
}

fn source(rule: &Rule) -> String {
    let predicate = |predicate: &Predicate| {
        let field = predicate.field();
        match predicate {
            Predicate::Is { value, .. } => format!("{field} == {value:?}"),
            Predicate::In { values, .. } => format!("{field} in {values:?}"),
            Predicate::StartsWith { prefix, .. } => format!("{field}.startsWith({prefix:?})"),
            Predicate::AtLeast { bound, .. } => format!("{field} >= {bound:?}"),
            Predicate::Below { bound, .. } => format!("{field} < {bound:?}"),
        }
    };
    rule.predicates.iter().map(predicate).collect::<Vec<_>>().join(" && ")
}

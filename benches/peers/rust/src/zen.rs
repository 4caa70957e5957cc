//! zen-engine: one decision table, compiled, with the index that it builds for the equalities of each column.

use kentongan_benches::Contestant;
use kentongan_benches::workload::{LABELS, NUMBERS, Predicate, Rule, Workload};
use serde_json::{Map, Value, json};
use zen_engine::DecisionEngine;
use zen_engine::model::DecisionContent;

use crate::engine;

/// The facts wait as its own values; the answer is the output column.
pub fn decision_table(workload: &Workload) -> Result<Contestant<'static>, Box<dyn std::error::Error>> {
    let content: DecisionContent = serde_json::from_value(graph(workload))?;
    let mut decision = DecisionEngine::default().create_decision(content.into()).map_err(|_| "the table is no graph")?;
    decision.compile();
    let facts: Vec<zen_engine::Variable> =
        workload.alerts.iter().map(|alert| Value::Object(alert.document()).into()).collect();
    Ok(Contestant {
        engine: engine("zen-engine", "a decision table, compiled"),
        decide: Box::new(move |range, answers| {
            answers.extend(facts[range].iter().map(|facts| {
                let response = pollster::block_on(decision.evaluate(facts.clone())).ok()?;
                response.result.dot("rule")?.as_str()?.parse().ok()
            }));
        }),
    })
}

fn graph(workload: &Workload) -> Value {
    let column = |name: &&str| json!({ "id": name, "name": name, "field": name });
    let inputs: Vec<Value> = LABELS.iter().chain(&NUMBERS).map(column).collect();
    let rows: Vec<Value> = workload.rules.iter().enumerate().map(row).collect();
    let table = json!({ "hitPolicy": "first", "inputs": inputs, "outputs": [column(&"rule")], "rules": rows });
    json!({
        "nodes": [
            { "id": "input", "name": "input", "type": "inputNode", "content": {} },
            { "id": "table", "name": "table", "type": "decisionTableNode", "content": table },
            { "id": "output", "name": "output", "type": "outputNode", "content": {} },
        ],
        "edges": [
            { "id": "1", "sourceId": "input", "targetId": "table" },
            { "id": "2", "sourceId": "table", "targetId": "output" },
        ],
    })
}

fn row((index, rule): (usize, &Rule)) -> Value {
    let mut row = Map::from_iter([
        ("_id".to_owned(), json!(index.to_string())),
        ("rule".to_owned(), json!(format!("\"{index}\""))),
    ]);
    row.extend(rule.predicates.iter().map(|predicate| (predicate.field().to_owned(), json!(cell(predicate)))));
    Value::Object(row)
}

fn cell(predicate: &Predicate) -> String {
    match predicate {
        Predicate::Is { value, .. } => format!("{value:?}"),
        Predicate::In { values, .. } => values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(", "),
        Predicate::StartsWith { prefix, .. } => format!("startsWith($, {prefix:?})"),
        Predicate::AtLeast { bound, .. } => format!(">= {bound}"),
        Predicate::Below { bound, .. } => format!("< {bound}"),
    }
}

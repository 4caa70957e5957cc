//! a-tree: all rules in one tree of shared expressions; it finds every match, of which the first counts.
//!
//! It has no prefixes. So the event also carries the beginnings of an instance that rules ask for, each as a text of its
//! own.

use a_tree::{ATree, AttributeDefinition, Event};
use kentongan_benches::Contestant;
use kentongan_benches::workload::{Alert, LABELS, NUMBERS, Predicate, Rule, Workload};

use crate::engine;

/// The beginnings of an instance, by name and length: `node-4`, `node-42`.
const BEGINNINGS: [(&str, usize); 2] = [("instance_6", 6), ("instance_7", 7)];
/// Its decimals are a whole number and how many digits of it stand behind the point.
const DIGITS: u32 = 4;

/// Every rule's index as a subscription to its expression. The facts wait as its own events, made when the tree knows all
/// texts of the rules.
pub fn tree(workload: &Workload) -> Result<Contestant<'static>, Box<dyn std::error::Error>> {
    let texts = LABELS.into_iter().chain(BEGINNINGS.map(|(name, _)| name)).map(AttributeDefinition::string);
    let attributes: Vec<_> = texts.chain(NUMBERS.map(AttributeDefinition::float)).collect();
    let mut tree = ATree::new(&attributes).map_err(|error| error.to_string())?;
    for (index, rule) in workload.rules.iter().enumerate() {
        tree.insert(&index, &expression(rule)).map_err(|error| error.to_string())?;
    }
    let events: Option<Vec<Event>> = workload.alerts.iter().map(|alert| event(&tree, alert)).collect();
    let events = events.ok_or("an alert is no event of the tree")?;
    Ok(Contestant {
        engine: engine("a-tree", "a tree of all rules"),
        decide: Box::new(move |range, answers| {
            answers.extend(events[range].iter().map(|event| {
                let found = tree.search(event).ok()?;
                found.matches().iter().map(|index| **index).min()
            }));
        }),
    })
}

fn event(tree: &ATree<usize>, alert: &Alert) -> Option<Event> {
    let mut event = tree.make_event();
    for (name, value) in LABELS.iter().zip(&alert.labels) {
        event.with_string(name, value).ok()?;
    }
    for (name, length) in BEGINNINGS {
        event.with_string(name, &alert.labels[LABELS.len() - 1][..length]).ok()?;
    }
    for (name, value) in NUMBERS.iter().zip(&alert.numbers) {
        event.with_float(name, (value * 10f64.powi(DIGITS as i32)).round() as i64, DIGITS).ok()?;
    }
    event.build().ok()
}

fn expression(rule: &Rule) -> String {
    let predicate = |predicate: &Predicate| {
        let field = predicate.field();
        match predicate {
            Predicate::Is { value, .. } => format!("{field} = {value:?}"),
            Predicate::In { values, .. } => format!("{field} in {values:?}"),
            Predicate::StartsWith { prefix, .. } => format!("{field}_{} = {prefix:?}", prefix.len()),
            Predicate::AtLeast { bound, .. } => format!("{field} >= {bound:?}"),
            Predicate::Below { bound, .. } => format!("{field} < {bound:?}"),
        }
    };
    rule.predicates.iter().map(predicate).collect::<Vec<_>>().join(" and ")
}

//! The only place that looks into rhai's syntax tree: what a condition reads and calls, and its native form.

mod lowering;

use rhai::{AST, ASTNode, Expr, Position, Stmt};

use super::expression::Expression;
use super::facts::{Catalogue, Meaning, Sight};
use super::functions::{Patterns, WITH_LITERAL};
use crate::calendar::Zone;

pub(super) use lowering::Unlowered;

/// The functions of a policy's script, to be put in the place of their calls.
#[derive(Debug, Default)]
pub(super) struct Functions(Vec<ScriptFunction>);

#[derive(Debug)]
struct ScriptFunction {
    name: String,
    parameters: Vec<String>,
    body: Vec<Stmt>,
}

impl Functions {
    pub(super) fn of(script: &AST) -> Self {
        let functions = script.iter_functions().map(|function| {
            let (name, count) = (function.name, function.params.len());
            // Not `clone_functions_only_filtered`: in rhai 1.27.0 that copies all of them into what is empty.
            let mut alone = script.clone();
            alone.retain_functions(|_, _, other, params| other == name && params == count);
            let mut body = Vec::new();
            alone.walk(&mut |nodes: &[ASTNode<'_>]| {
                if let [ASTNode::Stmt(statement)] = nodes {
                    body.push((*statement).clone());
                }
                true
            });
            let parameters = function.params.iter().map(|name| (*name).to_owned()).collect();
            ScriptFunction { name: name.to_owned(), parameters, body }
        });
        Self(functions.collect())
    }

    fn named(&self, name: &str) -> Option<&ScriptFunction> {
        self.0.iter().find(|function| function.name == name)
    }

    fn find(&self, name: &str, arguments: usize) -> Option<&ScriptFunction> {
        self.0.iter().find(|function| function.name == name && function.parameters.len() == arguments)
    }
}

/// Where a script does something beside its functions.
pub(super) fn first_statement(script: &AST) -> Option<Position> {
    script.statements().first().map(Stmt::position)
}

/// The functions that a script defines: their names, and how many parameters each has.
pub(super) fn functions(script: &AST) -> impl Iterator<Item = (String, usize)> {
    script.iter_functions().map(|function| (function.name.to_owned(), function.params.len()))
}

/// The native form of a condition, or why it has none.
pub(super) fn lower(
    script: &AST,
    catalogue: &mut Catalogue,
    functions: &Functions,
    patterns: &Patterns,
    zone: &Zone,
) -> Result<Expression, Unlowered> {
    lowering::Lowering::new(catalogue, functions, patterns, zone).condition(script.statements())
}

/// Every call of a function whose second argument is to be written out: its name, that argument if it is, its place.
pub(super) fn literals(script: &AST) -> Vec<(String, Option<String>, Position)> {
    let mut literals = Vec::new();
    script.walk(&mut |nodes: &[ASTNode<'_>]| {
        let call = match nodes.last() {
            Some(ASTNode::Expr(Expr::FnCall(call, position)) | ASTNode::Stmt(Stmt::FnCall(call, position))) => {
                Some((call, position, 1))
            }
            Some(ASTNode::Expr(Expr::MethodCall(call, position))) => Some((call, position, 0)),
            _ => None,
        };
        if let Some((call, position, at)) = call
            && WITH_LITERAL.contains(&call.name.as_str())
            && let Some(argument) = call.args.get(at)
        {
            let literal = match argument {
                Expr::StringConstant(text, _) => Some(text.to_string()),
                _ => None,
            };
            literals.push((call.name.to_string(), literal, *position));
        }
        true
    });
    literals
}

/// Every fact that a script reads, as the path written: `["alert", "values", "error_rate"]`.
///
/// A step that is not a plain name, such as an index or a method, ends the path.
pub(super) fn fact_paths(script: &AST) -> Vec<(Vec<String>, Position)> {
    let mut paths: Vec<(Vec<String>, Position)> = Vec::new();
    script.walk(&mut |nodes: &[ASTNode<'_>]| {
        let (Some(ASTNode::Expr(expression)), parent) = (nodes.last(), nodes.iter().rev().nth(1)) else {
            return true;
        };
        let inside_chain = matches!(parent, Some(ASTNode::Expr(Expr::Dot(..) | Expr::Index(..))));
        let path = match expression {
            // The head of a longer chain is counted with the chain.
            Expr::Variable(..) if !inside_chain => chain(expression),
            Expr::Dot(..) | Expr::Index(..) if !inside_chain || starts_with_variable(expression) => chain(expression),
            _ => None,
        };
        if let Some(path) = path
            && !paths.iter().any(|(known, _)| *known == path)
        {
            paths.push((path, expression.start_position()));
        }
        true
    });
    paths
}

/// The first assignment to a fact or a part of one: its name and the place of the `=`.
///
/// Facts are constants, so it would fail each time; most often it is a `==` that lost its half.
pub(super) fn assignment(script: &AST, sight: Sight) -> Option<(String, Position)> {
    let mut found = None;
    script.walk(&mut |nodes: &[ASTNode<'_>]| {
        if let Some(ASTNode::Stmt(Stmt::Assignment(assignment))) = nodes.last()
            && let Some(path) = chain(&assignment.1.lhs)
            && sight.meaning(path.get(..1).unwrap_or_default()) != Meaning::Nothing
        {
            found = Some((path.join("."), assignment.0.position()));
        }
        found.is_none()
    });
    found
}

/// The first assignment to a part of a value, `map.name = 1`: the place of the `=`.
pub(super) fn part_assignment(script: &AST) -> Option<Position> {
    let mut found = None;
    script.walk(&mut |nodes: &[ASTNode<'_>]| {
        if let Some(ASTNode::Stmt(Stmt::Assignment(assignment))) = nodes.last()
            && !matches!(assignment.1.lhs, Expr::Variable(..))
        {
            found = Some(assignment.0.position());
        }
        found.is_none()
    });
    found
}

/// Every function that a script calls, with the number of its arguments and its place; the value a method is called on
/// counts.
/// Operators are left out: rhai has its own for its own types.
pub(super) fn calls(script: &AST) -> Vec<(String, usize, Position)> {
    let mut calls = Vec::new();
    script.walk(&mut |nodes: &[ASTNode<'_>]| {
        let call = match nodes.last() {
            Some(ASTNode::Expr(Expr::FnCall(call, at)) | ASTNode::Stmt(Stmt::FnCall(call, at))) => Some((call, at, 0)),
            Some(ASTNode::Expr(Expr::MethodCall(call, at))) => Some((call, at, 1)),
            _ => None,
        };
        if let Some((call, at, receiver)) = call
            && !call.is_operator_call()
        {
            calls.push((call.name.to_string(), call.args.len() + receiver, *at));
        }
        true
    });
    calls
}

fn starts_with_variable(expression: &Expr) -> bool {
    match expression {
        Expr::Dot(pair, ..) | Expr::Index(pair, ..) => matches!(pair.lhs, Expr::Variable(..)),
        _ => false,
    }
}

/// The names along a chain: the tree nests to the right, `a.(b.(c))`.
fn chain(expression: &Expr) -> Option<Vec<String>> {
    let mut path = Vec::new();
    let mut rest = expression;
    let mut first = true;
    loop {
        match rest {
            Expr::Variable(name, ..) if first => {
                path.push(name.1.to_string());
                return Some(path);
            }
            Expr::Property(name, ..) if !first => {
                path.push(name.2.to_string());
                return Some(path);
            }
            Expr::StringConstant(name, ..) if !first => {
                path.push(name.to_string());
                return Some(path);
            }
            Expr::Dot(pair, ..) | Expr::Index(pair, ..) => {
                match &pair.lhs {
                    Expr::Variable(name, ..) if first => path.push(name.1.to_string()),
                    Expr::Property(name, ..) if !first => path.push(name.2.to_string()),
                    Expr::StringConstant(name, ..) if !first => path.push(name.to_string()),
                    _ => return (!path.is_empty()).then_some(path),
                }
                first = false;
                rest = &pair.rhs;
            }
            _ => return (!path.is_empty()).then_some(path),
        }
    }
}

//! The only place that looks into rhai's syntax tree: what a condition reads and calls, and its native form.

mod lowering;

use rhai::{AST, ASTNode, Expr, Position, Stmt};

use super::facts::{Catalogue, Meaning, Sight};
use super::functions::{Patterns, WITH_LITERAL};
use crate::calendar::Zone;

pub(super) use lowering::{Native, Unlowered};

/// The functions of a policy's script, to be put in the place of their calls.
#[derive(Debug, Default)]
pub(super) struct Functions(Vec<ScriptFunction>);

#[derive(Debug)]
struct ScriptFunction {
    name: String,
    parameters: Vec<String>,
    body: Vec<Stmt>,
    calls: Vec<Call>,
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
            ScriptFunction { name: name.to_owned(), parameters, body, calls: calls(&alone) }
        });
        Self(functions.collect())
    }

    fn named(&self, name: &str) -> Option<&ScriptFunction> {
        self.0.iter().find(|function| function.name == name)
    }

    /// Those that call themselves: a call that leads back, and through which others.
    pub(super) fn recursions(&self) -> Vec<Recursion> {
        let around = |place: usize| {
            // The shortest way back, by the functions that are reached with so many calls and no fewer.
            let mut reached: Vec<(usize, Vec<usize>, Position)> = self.called_by(place, &[], None).collect();
            let mut next = 0;
            while let Some((function, way, first)) = reached.get(next).cloned() {
                if function == place {
                    return Some((way, first));
                }
                let further: Vec<_> = self.called_by(function, &way, Some(first)).collect();
                for step in further {
                    if !reached.iter().any(|known| known.0 == step.0) {
                        reached.push(step);
                    }
                }
                next += 1;
            }
            None
        };
        let found = self.0.iter().enumerate().filter_map(|(place, function)| {
            let (way, position) = around(place)?;
            let through = way.iter().filter_map(|place| Some(self.0.get(*place)?.name.clone())).collect();
            Some(Recursion { name: function.name.clone(), through, position })
        });
        found.collect()
    }

    /// The functions that one calls, each with the way to it and the first call on that way.
    fn called_by<'f>(
        &'f self,
        place: usize,
        way: &[usize],
        first: Option<Position>,
    ) -> impl Iterator<Item = (usize, Vec<usize>, Position)> + use<'f> {
        let way: Vec<usize> = if first.is_some() { way.iter().copied().chain([place]).collect() } else { Vec::new() };
        let calls = self.0.get(place).map_or(&[][..], |function| &function.calls);
        calls.iter().filter_map(move |call| {
            let is_it =
                |function: &ScriptFunction| function.name == call.name && function.parameters.len() == call.arguments;
            let found = self.0.iter().position(is_it)?;
            Some((found, way.clone(), first.unwrap_or(call.position)))
        })
    }

    fn find(&self, name: &str, arguments: usize) -> Option<&ScriptFunction> {
        self.0.iter().find(|function| function.name == name && function.parameters.len() == arguments)
    }
}

/// Where the body of a function of a script begins.
pub(super) fn body_of(script: &AST, name: &str) -> Option<Position> {
    let mut alone = script.clone();
    alone.retain_functions(|_, _, other, _| other == name);
    let mut first = None;
    alone.walk(&mut |nodes: &[ASTNode<'_>]| {
        first = nodes.first().map(ASTNode::position).filter(|position| !position.is_none());
        first.is_none()
    });
    first
}

/// Where a script does something beside its functions.
pub(super) fn first_statement(script: &AST) -> Option<Position> {
    script.statements().first().map(Stmt::position)
}

/// The functions that a script defines: their names, and those of their parameters.
pub(super) fn functions(script: &AST) -> impl Iterator<Item = (String, Vec<String>)> {
    script.iter_functions().map(|function| {
        let parameters = function.params.iter().map(|name| (*name).to_owned()).collect();
        (function.name.to_owned(), parameters)
    })
}

/// A function of a script that calls itself, by itself or through others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Recursion {
    pub(super) name: String,
    /// The functions through which it comes to itself, in their order.
    pub(super) through: Vec<String>,
    /// The call that leads there.
    pub(super) position: Position,
}

/// The native form of a condition, or why it has none.
pub(super) fn lower(
    script: &AST,
    catalogue: &mut Catalogue,
    functions: &Functions,
    patterns: &Patterns,
    zone: &Zone,
) -> Result<Native, Unlowered> {
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

/// A call in a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) name: String,
    /// How many arguments stand in its brackets.
    pub(super) arguments: usize,
    /// Whether it is called on a value, `value.name()`.
    pub(super) is_method: bool,
    pub(super) position: Position,
}

/// Every function that a script calls. Operators are left out: rhai has its own for its own types.
pub(super) fn calls(script: &AST) -> Vec<Call> {
    let mut calls = Vec::new();
    script.walk(&mut |nodes: &[ASTNode<'_>]| {
        calls.extend(nodes.last().and_then(called));
        true
    });
    calls
}

fn called(node: &ASTNode<'_>) -> Option<Call> {
    let (call, position, is_method) = match node {
        ASTNode::Expr(Expr::FnCall(call, at)) | ASTNode::Stmt(Stmt::FnCall(call, at)) => (call, at, false),
        ASTNode::Expr(Expr::MethodCall(call, at)) => (call, at, true),
        _ => return None,
    };
    let (name, arguments) = (call.name.to_string(), call.args.len());
    (!call.is_operator_call()).then_some(Call { name, arguments, is_method, position: *position })
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

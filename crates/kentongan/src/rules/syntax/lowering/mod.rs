//! From rhai's syntax tree to a native expression, or the reason why not.
//!
//! Whatever is lowered must answer as the interpreter would, so what is in doubt is left to the interpreter. What the
//! interpreter could spend is counted on the way: a condition that might run into a limit of scripts is not lowered.

mod calls;

use rhai::{ASTFlags, BinaryExpr, Expr, Position, Stmt, StmtBlock};

use super::Functions;
use crate::limits;
use crate::rules::expression::{Constant, Expression};
use crate::rules::facts::{Catalogue, Meaning};
use crate::rules::functions::Patterns;
use crate::rules::value::Kinds;

/// How deep functions of a policy's script are put in the place of their calls.
const INLINING_DEPTH_MAX: usize = 4;
/// How many variables and arguments may be in force at once, well under what scripts may have.
const LOCALS_MAX: usize = 16;
/// How deep an expression may be. Whatever is done with it calls itself for each level, on the stack of whoever asks.
const DEPTH_MAX: usize = 64;
/// The most calls of the script's functions that can be told by their names, and the longest, in bytes, in words.
const SPELT_MAX: usize = 16;
const SPELT_BYTES_MAX: usize = 4_096;
/// What one node of the tree costs the interpreter at most, in operations.
const NODE_OPERATIONS: u64 = 4;

/// Why a condition stays a script, and what in it is the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rules) struct Unlowered {
    pub(in crate::rules) reason: String,
    pub(in crate::rules) line: usize,
    pub(in crate::rules) column: usize,
}

type Lowered = Result<Expression, Unlowered>;

/// A condition in native form.
#[derive(Debug, Clone)]
pub(in crate::rules) struct Native {
    pub(in crate::rules) expression: Expression,
    /// What stands in the place of a call of the script's functions, in words, and the call as one would write it: for
    /// those who are told of it.
    pub(in crate::rules) spelt: Box<[(String, String)]>,
}

/// What a name stands for.
#[derive(Debug, Clone)]
enum Binding {
    Local(usize, Kinds),
    /// What is written in the place of the name: it [is plain](Expression::is_plain).
    Value(Expression),
    /// A map of facts.
    Map(Vec<String>),
}

/// One condition on its way.
pub(super) struct Lowering<'a> {
    pub(super) catalogue: &'a mut Catalogue,
    pub(super) functions: &'a Functions,
    pub(super) patterns: &'a Patterns,
    pub(super) zone: &'a crate::calendar::Zone,
    names: Vec<(String, Binding)>,
    /// Names before this one belong to whoever called the function that is being inlined.
    hidden: usize,
    locals: usize,
    depth: usize,
    /// How many levels of the expression are above what is being lowered.
    above: usize,
    /// Whether what is being lowered is the last thing that the condition or function does.
    last: bool,
    operations: u64,
    /// What stands in the place of a call of the script's functions, in words, and the call.
    spelt: Vec<(String, String)>,
}

/// What a chain of names, indexes and calls has come to so far.
enum Link {
    Map(Vec<String>),
    Value(Expression),
}

impl<'a> Lowering<'a> {
    pub(super) fn new(
        catalogue: &'a mut Catalogue,
        functions: &'a Functions,
        patterns: &'a Patterns,
        zone: &'a crate::calendar::Zone,
    ) -> Self {
        let (names, hidden, locals, depth, above, last, operations) = (Vec::new(), 0, 0, 0, 0, true, 0);
        let spelt = Vec::new();
        Self { catalogue, functions, patterns, zone, names, hidden, locals, depth, above, last, operations, spelt }
    }

    pub(super) fn condition(mut self, statements: &[Stmt]) -> Result<Native, Unlowered> {
        let expression = self.block(statements).map(Expression::sharpened)?;
        // What has another in it comes first.
        self.spelt.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        Ok(Native { expression, spelt: self.spelt.into() })
    }

    /// Statements in a row: their value is that of the last. Each is a level: what comes after it is inside it.
    fn block(&mut self, statements: &[Stmt]) -> Lowered {
        // Without those that do nothing, so that they are no levels.
        let idle = statements.iter().take_while(|statement| matches!(statement, Stmt::Noop(_))).count();
        let statements = statements.get(idle.min(statements.len().saturating_sub(1))..).unwrap_or_default();
        let Some((statement, rest)) = statements.split_first() else {
            return Ok(Expression::Constant(Constant::Unit));
        };
        self.spend((1 + idle as u64) * NODE_OPERATIONS, statement.position())?;
        self.deeper(1, statement.position(), |this| this.sequence(statement, rest))
    }

    /// Lowers what stands so many levels below; what would stand too deep is refused before it is looked into.
    fn deeper(&mut self, levels: usize, position: Position, lower: impl FnOnce(&mut Self) -> Lowered) -> Lowered {
        let above = self.above;
        self.above += levels;
        let lowered =
            if self.above > DEPTH_MAX { refuse("it is too long, or nests too deep", position) } else { lower(self) };
        self.above = above;
        lowered
    }

    /// A statement, and those after it.
    fn sequence(&mut self, statement: &Stmt, rest: &[Stmt]) -> Lowered {
        let (names, locals) = (self.names.len(), self.locals);
        let lowered = match statement {
            Stmt::Var(definition, ..) => {
                let (name, value) = (definition.0.name.as_str(), &definition.1);
                self.bind(name, value, |this| this.block(rest))
            }
            Stmt::If(flow, _) if !rest.is_empty() && self.last && flow.branch.is_empty() && returns(&flow.body) => {
                let guard = self.expression(&flow.expr)?;
                let then = self.block(flow.body.statements())?;
                let otherwise = self.block(rest)?;
                Ok(Expression::If(Box::new([guard, then, otherwise])))
            }
            Stmt::Return(value, flags, _) if rest.is_empty() && self.last && flags.is_empty() => {
                value.as_ref().map_or(Ok(Expression::Constant(Constant::Unit)), |value| self.expression(value))
            }
            _ if rest.is_empty() => self.statement(statement),
            // Its value is dropped, but what it raises is not.
            _ => {
                let value = self.inside(|this| this.statement(statement))?;
                if value.is_plain() {
                    self.block(rest)
                } else {
                    self.locals += 1;
                    self.block(rest).map(|body| Expression::Let(Box::new([value, body])))
                }
            }
        };
        self.names.truncate(names);
        self.locals = locals;
        lowered
    }

    /// Lowers something after which the condition or function goes on, so that it may not return from it.
    fn inside(&mut self, lower: impl FnOnce(&mut Self) -> Lowered) -> Lowered {
        let last = std::mem::replace(&mut self.last, false);
        let lowered = lower(self);
        self.last = last;
        lowered
    }

    fn statement(&mut self, statement: &Stmt) -> Lowered {
        match statement {
            Stmt::Noop(_) => Ok(Expression::Constant(Constant::Unit)),
            Stmt::Expr(expression) => self.expression(expression),
            Stmt::FnCall(call, position) => self.call(call, *position),
            Stmt::Block(block) => self.block(block.statements()),
            Stmt::If(flow, _) => {
                let guard = self.expression(&flow.expr)?;
                let then = self.block(flow.body.statements())?;
                let otherwise = self.block(flow.branch.statements())?;
                Ok(Expression::If(Box::new([guard, then, otherwise])))
            }
            Stmt::Switch(_, position) => refuse("`switch` keeps no record of its cases", *position),
            Stmt::While(_, position) | Stmt::Do(_, _, position) | Stmt::For(_, position) => {
                refuse("it has a loop", *position)
            }
            Stmt::Assignment(assignment) => refuse("it assigns to a variable", assignment.0.position()),
            Stmt::TryCatch(_, position) => refuse("it catches errors", *position),
            Stmt::Return(_, _, position) => refuse("it returns from the middle, or throws", *position),
            other => refuse("it has a statement that only the interpreter runs", other.position()),
        }
    }

    fn bind(&mut self, name: &str, value: &Expr, body: impl FnOnce(&mut Self) -> Lowered) -> Lowered {
        let position = value.start_position();
        let (binding, value) = self.binding(value)?;
        // The interpreter counts every name, whatever it stands for.
        let names = self.names.len().saturating_sub(self.hidden);
        if names >= LOCALS_MAX || value.is_some() && self.locals >= LOCALS_MAX {
            return refuse("it has many variables", position);
        }
        self.names.push((name.to_owned(), binding));
        let Some(value) = value else {
            return body(self);
        };
        self.locals += 1;
        let body = body(self)?;
        Ok(Expression::Let(Box::new([value, body])))
    }

    /// What a name stands for that is given this, with the value where that has to be kept: as the next local.
    fn binding(&mut self, value: &Expr) -> Result<(Binding, Option<Expression>), Unlowered> {
        if let Some(path) = self.map(value) {
            return Ok((Binding::Map(path), None));
        }
        let value = self.expression(value)?;
        if value.is_plain() {
            return Ok((Binding::Value(value), None));
        }
        Ok((Binding::Local(self.locals, value.kinds()), Some(value)))
    }

    /// The map of facts that an expression is, if it is one.
    fn map(&mut self, value: &Expr) -> Option<Vec<String>> {
        let (names, locals) = (self.names.len(), self.locals);
        let link = match value {
            Expr::Variable(name, ..) => self.variable(&name.1, value.start_position()),
            Expr::Dot(..) | Expr::Index(..) => self.chain(value),
            _ => return None,
        };
        self.names.truncate(names);
        self.locals = locals;
        // What it spent stays spent, so that looking twice at what nests is bounded as well.
        match link {
            Ok(Link::Map(path)) => Some(path),
            Ok(Link::Value(_)) | Err(_) => None,
        }
    }

    fn expression(&mut self, expression: &Expr) -> Lowered {
        let position = expression.start_position();
        self.spend(NODE_OPERATIONS, position)?;
        self.deeper(1, position, |this| this.part(expression, position))
    }

    fn part(&mut self, expression: &Expr, position: Position) -> Lowered {
        match expression {
            Expr::BoolConstant(..)
            | Expr::IntegerConstant(..)
            | Expr::FloatConstant(..)
            | Expr::StringConstant(..)
            | Expr::Unit(_) => match constant(expression) {
                Some(constant) => Ok(Expression::Constant(constant)),
                None => refuse("it has a value that only the interpreter knows", position),
            },
            Expr::InterpolatedString(parts, _) => {
                let parts = self.each(parts.iter())?;
                if parts.iter().any(|part| part.kinds().meets(Kinds::ELAPSED)) {
                    return refuse("it puts `elapsed` into a text", position);
                }
                Ok(Expression::Interpolate(parts))
            }
            Expr::Variable(..) | Expr::Dot(..) | Expr::Index(..) => match self.link(expression)? {
                Link::Value(value) => Ok(value),
                Link::Map(path) => refuse(format!("it takes `{}` as a whole", path.join(".")), position),
            },
            Expr::And(parts, _) => self.each(parts.iter()).map(Expression::All),
            Expr::Or(parts, _) => self.each(parts.iter()).map(Expression::Any),
            Expr::Coalesce(parts, _) => self.each(parts.iter()).map(Expression::Coalesce),
            Expr::Stmt(block) => self.inside(|this| this.block(block.statements())),
            Expr::FnCall(call, position) => self.call(call, *position),
            Expr::CharConstant(..) => refuse("it has a single character, `'x'`", position),
            Expr::Array(..) => refuse("it has a list outside of `in`", position),
            Expr::Map(..) => refuse("it builds a map", position),
            Expr::ThisPtr(_) => refuse("it uses `this`", position),
            _ => refuse("it has an expression that only the interpreter knows", position),
        }
    }

    fn each<'e>(&mut self, parts: impl Iterator<Item = &'e Expr>) -> Result<Box<[Expression]>, Unlowered> {
        parts.map(|part| self.expression(part)).collect()
    }

    fn link(&mut self, expression: &Expr) -> Result<Link, Unlowered> {
        match expression {
            Expr::Variable(name, ..) => self.variable(&name.1, expression.start_position()),
            Expr::Dot(..) | Expr::Index(..) => self.chain(expression),
            _ => self.expression(expression).map(Link::Value),
        }
    }

    fn variable(&mut self, name: &str, position: Position) -> Result<Link, Unlowered> {
        let own = self.names.get(self.hidden..).unwrap_or_default();
        match own.iter().rev().find(|(known, _)| known == name) {
            Some((_, Binding::Local(place, kinds))) => Ok(Link::Value(Expression::Local(*place, *kinds))),
            // A name is one level, and what stands for it may be two.
            Some((_, Binding::Value(value))) if self.above >= DEPTH_MAX && !value.inner().is_empty() => {
                refuse("it is too long, or nests too deep", position)
            }
            Some((_, Binding::Value(value))) => Ok(Link::Value(value.clone())),
            Some((_, Binding::Map(path))) => Ok(Link::Map(path.clone())),
            // Inside a function there are no facts but those it is given.
            None if self.depth > 0 => refuse(format!("`{name}` is no argument of the function"), position),
            None => self.fact(vec![name.to_owned()], position),
        }
    }

    /// What stands at a path: a map of facts, or the fact.
    fn fact(&mut self, path: Vec<String>, position: Position) -> Result<Link, Unlowered> {
        match self.catalogue.sight.meaning(&path) {
            Meaning::Map => Ok(Link::Map(path)),
            Meaning::Fact { .. } => match self.catalogue.slot(&path) {
                Some((slot, kinds)) => Ok(Link::Value(Expression::Fact(slot, kinds))),
                None => refuse("it reads more facts than can be counted", position),
            },
            Meaning::Nothing => refuse(format!("`{}` is no fact", path.join(".")), position),
        }
    }

    /// A chain: the tree nests to the right, `a.(b.(c))`.
    fn chain(&mut self, expression: &Expr) -> Result<Link, Unlowered> {
        let (Expr::Dot(pair, flags, position) | Expr::Index(pair, flags, position)) = expression else {
            return refuse("it has an expression that only the interpreter knows", expression.start_position());
        };
        let mut indexes = matches!(expression, Expr::Index(..));
        let (mut pair, mut flags, mut position): (&BinaryExpr, ASTFlags, Position) = (pair, *flags, *position);
        let mut link = self.link(&pair.lhs)?;
        loop {
            self.spend(2 * NODE_OPERATIONS, position)?;
            if flags.contains(ASTFlags::NEGATED) {
                return refuse("it uses `?.`", position);
            }
            let next = match &pair.rhs {
                Expr::Dot(next, further, at) if !flags.contains(ASTFlags::BREAK) => Some((next, *further, *at, false)),
                Expr::Index(next, further, at) if !flags.contains(ASTFlags::BREAK) => Some((next, *further, *at, true)),
                _ => None,
            };
            let step = next.map_or(&pair.rhs, |(next, ..)| &next.lhs);
            link = if indexes { self.index(link, step)? } else { self.step(link, step)? };
            let Some((further, own, at, index)) = next else {
                return Ok(link);
            };
            (pair, flags, position, indexes) = (further, own, at, index);
        }
    }

    fn index(&mut self, link: Link, step: &Expr) -> Result<Link, Unlowered> {
        match (link, step) {
            (Link::Map(mut path), Expr::StringConstant(name, _)) => {
                path.push(name.to_string());
                self.fact(path, step.start_position())
            }
            (Link::Map(_), _) => refuse("it reads a fact whose name is not written out", step.start_position()),
            (Link::Value(_), _) => refuse("it takes a value apart by an index", step.start_position()),
        }
    }

    fn step(&mut self, link: Link, step: &Expr) -> Result<Link, Unlowered> {
        let position = step.start_position();
        match (link, step) {
            (Link::Map(mut path), Expr::Property(name, _)) => {
                path.push(name.2.to_string());
                self.fact(path, position)
            }
            (Link::Value(value), Expr::Property(name, _)) if matches!(name.2.as_str(), "len" | "is_empty") => {
                self.function(&name.2, Box::new([value]), position).map(Link::Value)
            }
            (Link::Value(_), Expr::Property(name, _)) => refuse(format!("it reads `.{}` of a value", name.2), position),
            (Link::Map(path), Expr::MethodCall(call, _)) => {
                refuse(format!("it calls `{}` on `{}` as a whole", call.name, path.join(".")), position)
            }
            (Link::Value(value), Expr::MethodCall(call, position)) => {
                if self.functions.named(&call.name).is_some() {
                    return refuse(format!("it calls the script's `{}` as a method", call.name), *position);
                }
                if let Some(compiled) = self.with_literal(&call.name, call.args.first(), *position)? {
                    return Ok(Link::Value(Expression::Call(compiled, Box::new([value]))));
                }
                let mut arguments = vec![value];
                for argument in &call.args {
                    arguments.push(self.expression(argument)?);
                }
                self.function(&call.name, arguments.into(), *position).map(Link::Value)
            }
            _ => refuse("it has an expression that only the interpreter knows", position),
        }
    }

    /// Counts what the interpreter could spend. Nothing is lowered any further once it may reach the limit.
    fn spend(&mut self, operations: u64, position: Position) -> Result<(), Unlowered> {
        self.operations = self.operations.saturating_add(operations);
        if self.operations > limits::SCRIPT_OPERATIONS_MAX {
            return refuse("it is long enough to reach a limit of scripts", position);
        }
        Ok(())
    }
}

/// Whether a block always ends in `return`.
fn returns(block: &StmtBlock) -> bool {
    match block.statements().last() {
        Some(Stmt::Return(_, flags, _)) => flags.is_empty(),
        _ => false,
    }
}

/// A literal, also one with a sign.
fn constant(expression: &Expr) -> Option<Constant> {
    Some(match expression {
        Expr::BoolConstant(truth, _) => Constant::Bool(*truth),
        Expr::IntegerConstant(number, _) => Constant::Integer(*number),
        Expr::FloatConstant(number, _) => Constant::Float(**number),
        Expr::StringConstant(text, _) => Constant::Text(text.as_str().into()),
        Expr::Unit(_) => Constant::Unit,
        Expr::FnCall(call, _) if call.name == "-" && call.is_operator_call() => match (&*call.args, call.args.len()) {
            ([inner], 1) => match constant(inner)? {
                Constant::Integer(number) => Constant::Integer(number.checked_neg()?),
                Constant::Float(number) => Constant::Float(-number),
                _ => return None,
            },
            _ => return None,
        },
        _ => return None,
    })
}

fn refuse<T>(reason: impl Into<String>, position: Position) -> Result<T, Unlowered> {
    Err(Unlowered {
        reason: reason.into(),
        line: position.line().unwrap_or(1),
        column: position.position().unwrap_or(1),
    })
}

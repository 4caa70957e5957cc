//! Calls on their way to native form: operators, `in`, the functions that conditions have, and those of a policy's own
//! script, whose bodies are put in the place of their calls.

use rhai::{Expr, FnCallExpr, Position};

use super::{
    Binding, INLINING_DEPTH_MAX, LOCALS_MAX, Link, Lowered, Lowering, NODE_OPERATIONS, SPELT_BYTES_MAX, SPELT_MAX,
    Unlowered, constant, refuse,
};
use crate::limits;
use crate::rules::expression::{Constant, Expression};
use crate::rules::functions::Function;
use crate::rules::value::{Comparison, Kinds, Operator, Value};
use crate::rules::words::Words;

impl Lowering<'_> {
    pub(super) fn call(&mut self, call: &FnCallExpr, position: Position) -> Lowered {
        self.spend(2 * NODE_OPERATIONS, position)?;
        // `in` is written as a call by some versions of the parser and as an operator by others.
        if let ([container, item], "contains") = (&*call.args, call.name.as_str()) {
            return self.membership(container, item, position);
        }
        if call.is_operator_call() {
            return match &*call.args {
                [inner] => self.unary(&call.name, inner, position),
                [left, right] => self.binary(&call.name, left, right, position),
                _ => refuse(format!("it uses the operator `{}`", call.name), position),
            };
        }
        if self.functions.named(&call.name).is_some() {
            return self.inline(call, position);
        }
        if let ([value, literal], true) = (&*call.args, call.args.len() == 2)
            && let Some(compiled) = self.with_literal(&call.name, Some(literal), position)?
        {
            let value = self.expression(value)?;
            return Ok(Expression::Call(compiled, Box::new([value])));
        }
        let arguments = self.each(call.args.iter())?;
        self.function(&call.name, arguments, position)
    }

    /// One of the functions whose second argument is written out, with that argument read.
    pub(super) fn with_literal(
        &mut self,
        name: &str,
        literal: Option<&Expr>,
        position: Position,
    ) -> Result<Option<Function>, Unlowered> {
        let (Some(Expr::StringConstant(literal, _)), "matches" | "cidr") = (literal, name) else {
            return Ok(None);
        };
        let compiled = match name {
            "matches" => self.patterns.add(literal).map(Function::Matches),
            _ => literal.parse().map(Function::Cidr),
        };
        compiled.map(Some).or_else(|why| refuse(why, position))
    }

    pub(super) fn function(&mut self, name: &str, arguments: Box<[Expression]>, position: Position) -> Lowered {
        let Some(function) = Function::named(name, arguments.len(), self.zone) else {
            return refuse(format!("`{name}` runs in the interpreter only"), position);
        };
        let texts = arguments.iter().any(|argument| argument.kinds().meets(Kinds::TEXT));
        if matches!(function, Function::Least | Function::Greatest) && texts {
            return refuse(format!("`{name}` of texts runs in the interpreter only"), position);
        }
        if let Some(constant) = folded(&function, &arguments) {
            return Ok(Expression::Constant(constant));
        }
        Ok(Expression::Call(function, arguments))
    }

    /// Puts the body of a function of the policy's script in the place of its call.
    fn inline(&mut self, call: &FnCallExpr, position: Position) -> Lowered {
        let functions = self.functions;
        let Some(function) = functions.find(&call.name, call.args.len()) else {
            return refuse(format!("it calls `{}` with another number of arguments", call.name), position);
        };
        if self.depth >= INLINING_DEPTH_MAX {
            return refuse("its functions call each other too deep", position);
        }
        let (names, locals, hidden) = (self.names.len(), self.locals, self.hidden);
        let mut values = Vec::new();
        let mut bindings = Vec::new();
        let is_told = self.spelt.len() < SPELT_MAX;
        let mut given = Vec::new();
        for (name, argument) in function.parameters.iter().zip(&call.args) {
            let (binding, value) = self.binding(argument)?;
            if is_told {
                given.push(match (&binding, &value) {
                    (_, Some(value)) | (Binding::Value(value), None) => self.words(value),
                    (Binding::Map(path), None) => path.join("."),
                    (Binding::Local(..), None) => name.clone(),
                });
            }
            self.locals += usize::from(value.is_some());
            values.extend(value);
            bindings.push((name.clone(), binding));
        }
        if self.locals > LOCALS_MAX || bindings.len() > LOCALS_MAX {
            return refuse("it has many variables", position);
        }
        self.hidden = self.names.len();
        self.names.extend(bindings);
        self.depth += 1;
        let last = std::mem::replace(&mut self.last, true);
        let body = self.deeper(values.len(), position, |this| this.block(&function.body));
        self.last = last;
        self.depth -= 1;
        self.names.truncate(names);
        (self.locals, self.hidden) = (locals, hidden);
        let body = body.map_err(|why| Unlowered {
            reason: format!("in `{}`, line {}: {}", call.name, why.line, why.reason),
            line: position.line().unwrap_or(1),
            column: position.position().unwrap_or(1),
        })?;
        let whole = values.into_iter().rev().fold(body, |body, value| Expression::Let(Box::new([value, body])));
        if is_told {
            let (words, written) = (self.words(&whole), format!("{}({})", call.name, given.join(", ")));
            if words.len() <= SPELT_BYTES_MAX && words.len() > written.len() {
                self.spelt.push((words, written));
            }
        }
        Ok(whole)
    }

    /// What an expression says, as it is told later on.
    fn words(&self, expression: &Expression) -> String {
        let expression = &expression.clone().sharpened();
        Words { expression, catalogue: self.catalogue }.to_string()
    }

    fn unary(&mut self, name: &str, inner: &Expr, position: Position) -> Lowered {
        let inner = self.expression(inner)?;
        match (name, inner) {
            ("!", inner) => Ok(Expression::Not(Box::new(inner))),
            ("-", Expression::Constant(Constant::Integer(number))) if number != i64::MIN => {
                Ok(Expression::Constant(Constant::Integer(-number)))
            }
            ("-", Expression::Constant(Constant::Float(number))) => Ok(Expression::Constant(Constant::Float(-number))),
            ("-", inner) => Ok(Expression::Negate(Box::new(inner))),
            _ => refuse(format!("it uses the operator `{name}`"), position),
        }
    }

    fn binary(&mut self, name: &str, left: &Expr, right: &Expr, position: Position) -> Lowered {
        let sides = Box::new([self.expression(left)?, self.expression(right)?]);
        let comparison = match name {
            "==" => Some(Comparison::Equal),
            "!=" => Some(Comparison::NotEqual),
            "<" => Some(Comparison::Less),
            "<=" => Some(Comparison::LessOrEqual),
            ">" => Some(Comparison::Greater),
            ">=" => Some(Comparison::GreaterOrEqual),
            _ => None,
        };
        if let Some(comparison) = comparison {
            return Ok(Expression::Compare(comparison, sides));
        }
        let operator = match name {
            "+" => Operator::Add,
            "-" => Operator::Subtract,
            "*" => Operator::Multiply,
            "/" => Operator::Divide,
            "%" => Operator::Remainder,
            _ => return refuse(format!("it uses the operator `{name}`"), position),
        };
        let text = sides.iter().any(|side| side.kinds().meets(Kinds::TEXT));
        if text && (operator == Operator::Subtract || sides.iter().any(|side| side.kinds().meets(Kinds::ELAPSED))) {
            return refuse(format!("it uses `{name}` on a text"), position);
        }
        Ok(Expression::Compute(operator, sides))
    }

    /// `item in container`, which the parser turns around.
    fn membership(&mut self, container: &Expr, item: &Expr, position: Position) -> Lowered {
        if let Expr::Array(items, _) = container {
            let item = self.expression(item)?;
            self.spend(items.len() as u64 * NODE_OPERATIONS, position)?;
            let constants: Option<Box<[Constant]>> = items.iter().map(constant).collect();
            let Some(constants) = constants else {
                return refuse("it has a list of other things than constants", position);
            };
            let bytes: usize = constants.iter().map(Constant::bytes).sum();
            if constants.len() > limits::SCRIPT_ARRAY_MAX || bytes > limits::SCRIPT_STRING_BYTES_MAX {
                return refuse("its list is longer than scripts may have", position);
            }
            return Ok(Expression::Among(Box::new(item), constants));
        }
        if let Expr::FnCall(range, _) = container
            && let ([from, to], ".." | "..=") = (&*range.args, range.name.as_str())
        {
            let item = self.expression(item)?;
            let last = if range.name == ".." { -1 } else { 0 };
            return match (constant(from), constant(to)) {
                (Some(Constant::Integer(from)), Some(Constant::Integer(to))) => match to.checked_add(last) {
                    Some(to) => Ok(Expression::Within(Box::new(item), from, to)),
                    None => refuse("its range ends before every number", position),
                },
                _ => refuse("its range has no end that is written out", position),
            };
        }
        match (self.link(container)?, item) {
            (Link::Map(mut path), Expr::StringConstant(name, at)) => {
                let whole = path.join(".");
                path.push(name.to_string());
                match self.fact(path, *at)? {
                    Link::Value(Expression::Fact(slot, _)) if path_is_open(&whole) => Ok(Expression::Present(slot)),
                    _ => refuse(format!("it looks for a name in `{whole}`"), position),
                }
            }
            (Link::Map(path), _) => refuse(format!("it looks through `{}`", path.join(".")), position),
            (Link::Value(container), item) => {
                let item = self.expression(item)?;
                self.function("contains", Box::new([container, item]), position)
            }
        }
    }
}

/// The maps whose entries are the user's: having an entry is having a value.
fn path_is_open(path: &str) -> bool {
    matches!(path, "alert.labels" | "alert.annotations" | "alert.values" | "service.facts" | "on_call")
}

fn folded(function: &Function, arguments: &[Expression]) -> Option<Constant> {
    let value = |argument: &Expression| match argument {
        Expression::Constant(constant) => Some(constant.clone()),
        _ => None,
    };
    let constants: Option<Vec<Constant>> = arguments.iter().map(value).collect();
    let constants = constants?;
    let first = constants.first().map_or(Value::Unit, Constant::value);
    let second = constants.get(1).map_or(Value::Unit, Constant::value);
    Constant::of(function.apply(first, &second).ok()?)
}

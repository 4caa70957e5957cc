//! A condition in native form. It answers as rhai would, errors included, without rhai.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::facts::Slot;
use super::functions::Function;
use super::test::{Number, Test};
use super::value::{Comparison, Kinds, Operator, Outcome, Raised, Value, joined};

/// A literal.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Constant {
    Unit,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(Box<str>),
}

#[derive(Debug, Clone)]
pub(super) enum Expression {
    Constant(Constant),
    Fact(Slot, Kinds),
    /// A variable, or the argument of an inlined function, by its place among those in force.
    Local(usize, Kinds),
    Test(Test),
    Not(Box<Expression>),
    All(Box<[Expression]>),
    Any(Box<[Expression]>),
    /// The first that is there.
    Coalesce(Box<[Expression]>),
    Negate(Box<Expression>),
    Compare(Comparison, Box<[Expression; 2]>),
    Compute(Operator, Box<[Expression; 2]>),
    /// Whether one of the constants equals it.
    Among(Box<Expression>, Box<[Constant]>),
    /// Whether a whole number lies between two, both included.
    Within(Box<Expression>, i64, i64),
    /// Whether a map has the entry that the slot reads.
    Present(Slot),
    Call(Function, Box<[Expression]>),
    /// The texts of its parts in a row.
    Interpolate(Box<[Expression]>),
    If(Box<[Expression; 3]>),
    /// A value, kept as the next local while the second part is evaluated.
    Let(Box<[Expression; 2]>),
}

/// Where an expression reads facts.
pub(super) trait Source<'a> {
    fn fact(&self, slot: Slot) -> Value<'a>;

    /// The fact where it is text.
    fn text(&self, slot: Slot) -> Option<Cow<'a, str>> {
        match self.fact(slot) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether the fact compares so with a number.
    fn compares(&self, slot: Slot, comparison: Comparison, number: Number) -> bool {
        match (self.fact(slot), number) {
            (Value::Float(fact), number) => comparison.of_floats(fact, number.as_float()),
            (Value::Integer(fact), number) => number.compares_with(fact, comparison),
            (Value::Elapsed(fact), Number::Integer(number)) => comparison.of(fact.compared_with(number)),
            _ => comparison == Comparison::NotEqual,
        }
    }
}

/// The longest text, in bytes, that is written wherever its name stands.
const PLAIN_TEXT_BYTES_MAX: usize = 64;

impl Constant {
    fn is_plain(&self) -> bool {
        self.bytes() <= PLAIN_TEXT_BYTES_MAX
    }

    pub(super) fn value(&self) -> Value<'_> {
        match self {
            Self::Unit => Value::Unit,
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Integer(number) => Value::Integer(*number),
            Self::Float(number) => Value::Float(*number),
            Self::Text(text) => Value::Text(Cow::Borrowed(text)),
        }
    }

    /// What it adds to the bytes of text that a list may hold.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            _ => 0,
        }
    }

    pub(super) fn of(value: Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Unit => Self::Unit,
            Value::Bool(truth) => Self::Bool(truth),
            Value::Integer(number) => Self::Integer(number),
            Value::Float(number) => Self::Float(number),
            Value::Text(text) => Self::Text(text.into()),
            Value::Elapsed(_) => return None,
        })
    }
}

impl Expression {
    /// Evaluates it as a condition: anything but a truth value is an error.
    pub(super) fn holds<'s, 'a: 's>(&'s self, source: &impl Source<'a>) -> Outcome<bool> {
        // What most conditions are: tests in a row.
        if let Self::All(parts) = self {
            for part in parts {
                let holds = match part {
                    Self::Test(test) => test.holds(source)?,
                    other => other.truth(source, &mut Vec::new())?,
                };
                if !holds {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        self.truth(source, &mut Vec::new())
    }

    /// The same where it is part of another, whose variables have these values.
    pub(super) fn truth<'s, 'a: 's>(&'s self, source: &impl Source<'a>, locals: &mut Vec<Value<'s>>) -> Outcome<bool> {
        match self {
            Self::Test(test) => test.holds(source),
            Self::Not(inner) => inner.truth(source, locals).map(|truth| !truth),
            Self::All(parts) => {
                for part in parts {
                    if !part.truth(source, locals)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Any(parts) => {
                for part in parts {
                    if part.truth(source, locals)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => self.value(source, locals)?.truth(),
        }
    }

    pub(super) fn value<'s, 'a: 's>(
        &'s self,
        source: &impl Source<'a>,
        locals: &mut Vec<Value<'s>>,
    ) -> Outcome<Value<'s>> {
        Ok(match self {
            Self::Constant(constant) => constant.value(),
            Self::Fact(slot, _) => source.fact(*slot),
            Self::Local(place, _) => locals.get(*place).cloned().ok_or(Raised)?,
            Self::Test(_) | Self::Not(_) | Self::All(_) | Self::Any(_) => Value::Bool(self.truth(source, locals)?),
            Self::Coalesce(parts) => {
                let mut value = Value::Unit;
                for part in parts {
                    value = part.value(source, locals)?;
                    if value != Value::Unit {
                        break;
                    }
                }
                value
            }
            Self::Negate(inner) => inner.value(source, locals)?.negated()?,
            Self::Compare(comparison, sides) => {
                let [left, right] = &**sides;
                let left = left.value(source, locals)?;
                let right = right.value(source, locals)?;
                Value::Bool(comparison.of_values(&left, &right)?)
            }
            Self::Compute(operator, sides) => {
                let [left, right] = &**sides;
                let left = left.value(source, locals)?;
                let right = right.value(source, locals)?;
                operator.apply(left, right)?
            }
            Self::Among(item, constants) => {
                let item = item.value(source, locals)?;
                for constant in constants {
                    if Comparison::Equal.of_values(&constant.value(), &item)? {
                        return Ok(Value::Bool(true));
                    }
                }
                Value::Bool(false)
            }
            Self::Within(item, from, to) => match item.value(source, locals)? {
                Value::Integer(number) => Value::Bool(*from <= number && number <= *to),
                _ => return Err(Raised),
            },
            Self::Present(slot) => Value::Bool(source.fact(*slot) != Value::Unit),
            Self::Call(function, arguments) => {
                let mut values = [Value::Unit, Value::Unit];
                for (value, argument) in values.iter_mut().zip(arguments) {
                    *value = argument.value(source, locals)?;
                }
                let [first, second] = values;
                function.apply(first, &second)?
            }
            Self::Interpolate(parts) => {
                let mut text = Cow::Borrowed("");
                for part in parts {
                    let part = part.value(source, locals)?.words();
                    match joined(text, &part)? {
                        Value::Text(longer) => text = longer,
                        _ => return Err(Raised),
                    }
                }
                Value::Text(text)
            }
            Self::If(parts) => {
                let [guard, then, otherwise] = &**parts;
                let branch = if guard.truth(source, locals)? { then } else { otherwise };
                branch.value(source, locals)?
            }
            Self::Let(parts) => {
                let [value, body] = &**parts;
                let depth = locals.len();
                let value = value.value(source, locals)?;
                locals.push(value);
                let result = body.value(source, locals);
                locals.truncate(depth);
                result?
            }
        })
    }

    /// The kinds of value it can have.
    pub(super) fn kinds(&self) -> Kinds {
        match self {
            Self::Constant(constant) => constant.value().kind(),
            Self::Fact(_, kinds) | Self::Local(_, kinds) => *kinds,
            Self::Test(_)
            | Self::Not(_)
            | Self::All(_)
            | Self::Any(_)
            | Self::Compare(..)
            | Self::Among(..)
            | Self::Within(..)
            | Self::Present(_) => Kinds::BOOL,
            Self::Coalesce(parts) => {
                let all = parts.iter().fold(Kinds::NONE, |kinds, part| kinds.or(part.kinds()));
                let unit = parts.iter().all(|part| part.kinds().meets(Kinds::UNIT));
                if unit { all } else { all.without(Kinds::UNIT) }
            }
            Self::Negate(inner) => {
                let kinds = inner.kinds();
                kinds.without(Kinds::UNIT.or(Kinds::BOOL).or(Kinds::TEXT).or(Kinds::ELAPSED))
            }
            Self::Compute(operator, sides) => {
                let [left, right] = &**sides;
                let (left, right) = (left.kinds(), right.kinds());
                let mut kinds = Kinds::NONE;
                if left.meets(Kinds::INTEGER) && right.meets(Kinds::INTEGER) {
                    kinds = kinds.or(Kinds::INTEGER);
                }
                if left.or(right).meets(Kinds::FLOAT) {
                    kinds = kinds.or(Kinds::FLOAT);
                }
                if *operator == Operator::Add && left.or(right).meets(Kinds::TEXT) {
                    kinds = kinds.or(Kinds::TEXT);
                }
                kinds
            }
            Self::Call(function, arguments) => function.kinds(arguments.first().map_or(Kinds::NONE, Expression::kinds)),
            Self::Interpolate(_) => Kinds::TEXT,
            Self::If(parts) => {
                let [_, then, otherwise] = &**parts;
                then.kinds().or(otherwise.kinds())
            }
            Self::Let(parts) => {
                let [_, body] = &**parts;
                body.kinds()
            }
        }
    }

    /// The same expression with what the index knows written as tests, and conjunctions in one row.
    pub(super) fn sharpened(self) -> Self {
        match self {
            Self::All(parts) => Self::All(flattened(parts, |part| match part {
                Self::All(inner) => Ok(inner),
                other => Err(other),
            })),
            Self::Any(parts) => Self::Any(flattened(parts, |part| match part {
                Self::Any(inner) => Ok(inner),
                other => Err(other),
            })),
            Self::Not(inner) => Self::Not(Box::new(inner.sharpened())),
            Self::Coalesce(parts) => Self::Coalesce(parts.into_iter().map(Self::sharpened).collect()),
            Self::If(parts) => Self::If(Box::new(parts.map(Self::sharpened))),
            Self::Let(parts) => Self::Let(Box::new(parts.map(Self::sharpened))),
            Self::Compare(comparison, sides) => match *sides {
                [Self::Fact(slot, kinds), Self::Constant(constant)] => compared(slot, kinds, comparison, constant),
                [Self::Constant(constant), Self::Fact(slot, kinds)] => {
                    compared(slot, kinds, comparison.turned(), constant)
                }
                [left, right] => Self::Compare(comparison, Box::new([left, right])),
            },
            Self::Among(item, constants) => match (*item, listed(&constants)) {
                (Self::Fact(slot, _), Some(texts)) => Self::Test(Test::TextIn { slot, texts }),
                (item, _) => Self::Among(Box::new(item), constants),
            },
            Self::Call(Function::Affix(affix), arguments) => match &*arguments {
                // Of a fact that may be something else than text, the index would not know whether it raises.
                [Self::Fact(slot, kinds), Self::Constant(Constant::Text(text))]
                    if kinds.without(Kinds::UNIT).within(Kinds::TEXT) =>
                {
                    Self::Test(Test::Affix { slot: *slot, affix, text: text.clone() })
                }
                _ => Self::Call(Function::Affix(affix), arguments),
            },
            other => other,
        }
    }

    /// Whether it can be written in the place of its name, however often that stands: it raises no error, takes next to
    /// no room, and is no slower than a variable. So the index, and whoever explains, sees a fact and not a name for it.
    pub(super) fn is_plain(&self) -> bool {
        match self {
            Self::Fact(..) | Self::Local(..) | Self::Present(_) => true,
            Self::Constant(constant) => constant.is_plain(),
            Self::Compare(_, sides) => match &**sides {
                [Self::Fact(..), Self::Constant(constant)] | [Self::Constant(constant), Self::Fact(..)] => {
                    constant.is_plain()
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// A text that it may come to, where one is written out.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Constant(Constant::Text(text)) => Some(text),
            Self::If(parts) => {
                let [_, then, otherwise] = &**parts;
                then.text().or_else(|| otherwise.text())
            }
            Self::Let(parts) => {
                let [_, body] = &**parts;
                body.text()
            }
            _ => None,
        }
    }

    /// Whether some part of it is a variable.
    pub(super) fn has_locals(&self) -> bool {
        matches!(self, Self::Local(..)) || self.inner().iter().any(Self::has_locals)
    }

    /// Shows every test in it.
    pub(super) fn tests<'e>(&'e self, show: &mut impl FnMut(&'e Test)) {
        match self {
            Self::Test(test) => show(test),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.tests(show)),
            Self::Not(inner) => inner.tests(show),
            Self::Let(parts) => {
                let [_, body] = &**parts;
                body.tests(show);
            }
            _ => {}
        }
    }

    /// The expressions that it is made of.
    pub(super) fn inner(&self) -> &[Self] {
        match self {
            Self::Constant(_) | Self::Local(..) | Self::Fact(..) | Self::Present(_) | Self::Test(_) => &[],
            Self::Not(inner) | Self::Negate(inner) | Self::Among(inner, _) | Self::Within(inner, ..) => {
                std::slice::from_ref(&**inner)
            }
            Self::All(parts)
            | Self::Any(parts)
            | Self::Coalesce(parts)
            | Self::Call(_, parts)
            | Self::Interpolate(parts) => parts,
            Self::Compare(_, parts) | Self::Compute(_, parts) | Self::Let(parts) => parts.as_slice(),
            Self::If(parts) => parts.as_slice(),
        }
    }

    /// Adds the slots that it reads.
    pub(super) fn slots(&self, read: &mut BTreeSet<Slot>) {
        match self {
            Self::Fact(slot, _) | Self::Present(slot) => drop(read.insert(*slot)),
            Self::Test(test) => drop(read.insert(test.slot())),
            other => other.inner().iter().for_each(|part| part.slots(read)),
        }
    }

    /// Whether evaluation can never raise an error as long as certain facts are there, which are added to `needed`.
    pub(super) fn is_total(&self, needed: &mut Vec<Slot>) -> bool {
        let boolean = |part: &Self, needed: &mut Vec<Slot>| part.is_total_as(Kinds::BOOL, needed);
        match self {
            Self::Test(Test::Affix { slot, .. }) => {
                needed.push(*slot);
                true
            }
            Self::Constant(_) | Self::Fact(..) | Self::Local(..) | Self::Present(_) | Self::Test(_) => true,
            Self::Not(inner) => boolean(inner, needed),
            Self::All(parts) | Self::Any(parts) => parts.iter().all(|part| boolean(part, needed)),
            Self::Coalesce(parts) => parts.iter().all(|part| part.is_total(needed)),
            Self::Negate(inner) => inner.is_total_as(Kinds::FLOAT, needed),
            Self::Compare(_, sides) => {
                let both = sides.iter().all(|side| side.kinds().meets(Kinds::ELAPSED));
                !both && sides.iter().all(|side| side.is_total(needed))
            }
            // Whole numbers overflow, and texts grow too long.
            Self::Compute(_, sides) => {
                sides.iter().any(|side| side.kinds().without(Kinds::UNIT) == Kinds::FLOAT)
                    && sides.iter().all(|side| side.is_total_as(Kinds::FLOAT.or(Kinds::INTEGER), needed))
            }
            Self::Among(item, _) => item.is_total(needed),
            Self::Within(item, ..) => item.is_total_as(Kinds::INTEGER, needed),
            Self::Call(function, arguments) => function
                .accepts()
                .is_some_and(|kinds| arguments.iter().all(|argument| argument.is_total_as(kinds, needed))),
            Self::Interpolate(_) => false,
            Self::If(parts) => {
                let [guard, then, otherwise] = &**parts;
                boolean(guard, needed) && then.is_total(needed) && otherwise.is_total(needed)
            }
            Self::Let(parts) => parts.iter().all(|part| part.is_total(needed)),
        }
    }

    /// Whether it is total and its value is always of these kinds, where certain facts are there.
    pub(super) fn is_total_as(&self, kinds: Kinds, needed: &mut Vec<Slot>) -> bool {
        match self {
            Self::Fact(slot, own) if own.meets(Kinds::UNIT) && !kinds.meets(Kinds::UNIT) => {
                needed.push(*slot);
                own.without(Kinds::UNIT).within(kinds)
            }
            _ => self.kinds().within(kinds) && self.is_total(needed),
        }
    }
}

/// Parts in one row, where a part of the same kind gives its own parts.
fn flattened(
    parts: Box<[Expression]>,
    open: impl Fn(Expression) -> Result<Box<[Expression]>, Expression>,
) -> Box<[Expression]> {
    let mut row = Vec::with_capacity(parts.len());
    for part in parts {
        match open(part.sharpened()) {
            Ok(inner) => row.extend(inner),
            Err(other) => row.push(other),
        }
    }
    row.into()
}

fn compared(slot: Slot, kinds: Kinds, comparison: Comparison, constant: Constant) -> Expression {
    match (constant, comparison) {
        (Constant::Text(text), Comparison::Equal) => Expression::Test(Test::Text { slot, text }),
        (Constant::Text(text), Comparison::NotEqual) => {
            Expression::Not(Box::new(Expression::Test(Test::Text { slot, text })))
        }
        (Constant::Integer(number), _) => {
            Expression::Test(Test::Number { slot, comparison, number: Number::Integer(number) })
        }
        (Constant::Float(number), _) => {
            Expression::Test(Test::Number { slot, comparison, number: Number::Float(number) })
        }
        (constant, _) => {
            let fact = Expression::Fact(slot, kinds);
            Expression::Compare(comparison, Box::new([fact, Expression::Constant(constant)]))
        }
    }
}

/// The texts of a list that has nothing else, sorted.
fn listed(constants: &[Constant]) -> Option<Box<[Box<str>]>> {
    let text = |constant: &Constant| match constant {
        Constant::Text(text) => Some(text.clone()),
        _ => None,
    };
    let mut texts = constants.iter().map(text).collect::<Option<Vec<Box<str>>>>()?;
    texts.sort_unstable();
    texts.dedup();
    Some(texts.into())
}

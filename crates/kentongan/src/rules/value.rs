//! The values of conditions and what operators do with them: rhai's own answers, case by case, without rhai.
//!
//! The laws of `rules/agreement` hold this file to the interpreter. Whatever reads strangely here, such as
//! floats that are equal within a relative epsilon, is how rhai does it.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::facts::{Elapsed, FactValue};
use crate::limits;

/// A value while a condition is evaluated.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    /// What is absent: rhai's `()`.
    Unit,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(Cow<'a, str>),
    Elapsed(&'a Elapsed),
}

/// That evaluation ended without a value: rhai raises an error here. Its words are the interpreter's to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Raised;

/// What a condition, or a part of it, comes to.
pub(super) type Outcome<T> = Result<T, Raised>;

/// The kinds of value that something can have: a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const UNIT: Self = Self(1);
    pub(crate) const BOOL: Self = Self(2);
    pub(crate) const INTEGER: Self = Self(4);
    pub(crate) const FLOAT: Self = Self(8);
    pub(crate) const TEXT: Self = Self(16);
    pub(crate) const ELAPSED: Self = Self(32);

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether some value of these kinds is one of the others.
    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every value of these kinds is one of the others.
    pub(crate) const fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }
}

impl Kinds {
    /// What a value of these kinds is called. `None` where there is no such value.
    pub(super) fn words(self) -> Option<&'static str> {
        let number = Self::INTEGER.or(Self::FLOAT);
        Some(match self.without(Self::UNIT) {
            Self::NONE if self == Self::NONE => return None,
            Self::NONE => "nothing",
            Self::TEXT => "text",
            Self::BOOL => "true or false",
            Self::ELAPSED => "a length of time",
            kinds if kinds.within(number) => "a number",
            _ => "another value",
        })
    }

    /// Whether some value of these kinds can stand in a comparison with one of the others and hold.
    pub(super) fn compare(self, other: Self, comparison: Comparison) -> bool {
        let number = Self::INTEGER.or(Self::FLOAT);
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        self == Self::NONE
            || other == Self::NONE
            || self.meets(number) && other.meets(number)
            || self.without(Self::UNIT).meets(other.without(Self::UNIT))
            || self.meets(Self::ELAPSED) && other.meets(Self::INTEGER)
            || self.meets(Self::INTEGER) && other.meets(Self::ELAPSED)
            || equality && self.meets(Self::UNIT) && other.meets(Self::UNIT)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Comparison {
    pub(super) const fn of(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }

    /// The comparison that says the same with its sides changed.
    pub(super) const fn turned(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }

    /// Floats compare within a relative epsilon, an absolute one around zero.
    #[inline]
    pub(super) fn of_floats(self, x: f64, y: f64) -> bool {
        // Nearly all are further apart than any epsilon, and then their order says it, without a division.
        let clear = x.abs().max(y.abs()).max(1.0) * (4.0 * f64::EPSILON);
        if x - y > clear {
            return self.of(Ordering::Greater);
        }
        if y - x > clear {
            return self.of(Ordering::Less);
        }
        self.of_close_floats(x, y)
    }

    fn of_close_floats(self, x: f64, y: f64) -> bool {
        let scale = if x * y == 0.0 { 1.0 } else { x.abs().max(y.abs()) };
        if scale == 0.0 {
            // Only where one is zero and the other no number at all.
            return self.of(Ordering::Equal);
        }
        match self {
            Self::Equal => (x - y).abs() / scale <= f64::EPSILON,
            Self::NotEqual => (x - y).abs() / scale > f64::EPSILON,
            Self::Greater => (x - y) / scale > f64::EPSILON,
            Self::GreaterOrEqual => (x - y) / scale > -f64::EPSILON,
            Self::Less => (y - x) / scale > f64::EPSILON,
            Self::LessOrEqual => (y - x) / scale > -f64::EPSILON,
        }
    }

    pub(super) fn of_values(self, left: &Value<'_>, right: &Value<'_>) -> Outcome<bool> {
        Ok(match (left, right) {
            (Value::Integer(x), Value::Integer(y)) => self.of(x.cmp(y)),
            (Value::Float(x), Value::Float(y)) => self.of_floats(*x, *y),
            (Value::Float(x), Value::Integer(y)) => self.of_floats(*x, float(*y)),
            (Value::Integer(x), Value::Float(y)) => self.of_floats(float(*x), *y),
            (Value::Text(x), Value::Text(y)) => self.of(x.cmp(y)),
            (Value::Bool(x), Value::Bool(y)) => self.of(x.cmp(y)),
            (Value::Unit, Value::Unit) => self == Self::Equal,
            (Value::Elapsed(x), Value::Integer(y)) => self.of(x.compared_with(*y)),
            (Value::Integer(x), Value::Elapsed(y)) => self.of(y.compared_with(*x).reverse()),
            (Value::Elapsed(_), Value::Elapsed(_)) => return Err(Raised),
            // Things of different kinds differ, and are in no order.
            _ => self == Self::NotEqual,
        })
    }
}

impl Operator {
    pub(super) fn apply<'a>(self, left: Value<'a>, right: Value<'a>) -> Outcome<Value<'a>> {
        match (left, right) {
            (Value::Integer(x), Value::Integer(y)) => self.of_integers(x, y).map(Value::Integer).ok_or(Raised),
            (Value::Float(x), Value::Float(y)) => Ok(Value::Float(self.of_floats(x, y))),
            (Value::Float(x), Value::Integer(y)) => Ok(Value::Float(self.of_floats(x, float(y)))),
            (Value::Integer(x), Value::Float(y)) => Ok(Value::Float(self.of_floats(float(x), y))),
            (Value::Text(x), Value::Text(y)) if self == Self::Add => joined(x, &y),
            (Value::Text(x), y @ (Value::Unit | Value::Bool(_) | Value::Integer(_) | Value::Float(_)))
                if self == Self::Add =>
            {
                joined(x, &y.words())
            }
            (x @ (Value::Unit | Value::Bool(_) | Value::Integer(_) | Value::Float(_)), Value::Text(y))
                if self == Self::Add =>
            {
                joined(x.words(), &y)
            }
            _ => Err(Raised),
        }
    }

    fn of_integers(self, x: i64, y: i64) -> Option<i64> {
        match self {
            Self::Add => x.checked_add(y),
            Self::Subtract => x.checked_sub(y),
            Self::Multiply => x.checked_mul(y),
            Self::Divide => x.checked_div(y),
            Self::Remainder => x.checked_rem(y),
        }
    }

    fn of_floats(self, x: f64, y: f64) -> f64 {
        match self {
            Self::Add => x + y,
            Self::Subtract => x - y,
            Self::Multiply => x * y,
            Self::Divide => x / y,
            Self::Remainder => x % y,
        }
    }
}

impl<'a> Value<'a> {
    pub(super) fn truth(&self) -> Outcome<bool> {
        match self {
            Self::Bool(truth) => Ok(*truth),
            _ => Err(Raised),
        }
    }

    pub(super) fn negated(self) -> Outcome<Self> {
        match self {
            Self::Integer(number) => number.checked_neg().map(Self::Integer).ok_or(Raised),
            Self::Float(number) => Ok(Self::Float(-number)),
            _ => Err(Raised),
        }
    }

    /// What it reads as in a text. `elapsed` has no words; whoever lowers a condition keeps it out of texts.
    pub(super) fn words(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) => text,
            Self::Bool(truth) => Cow::Borrowed(if truth { "true" } else { "false" }),
            Self::Integer(number) => Cow::Owned(number.to_string()),
            // rhai's own way to write floats.
            Self::Float(number) => Cow::Owned(rhai::Dynamic::from_float(number).to_string()),
            Self::Unit | Self::Elapsed(_) => Cow::Borrowed(""),
        }
    }

    pub(super) const fn kind(&self) -> Kinds {
        match self {
            Self::Unit => Kinds::UNIT,
            Self::Bool(_) => Kinds::BOOL,
            Self::Integer(_) => Kinds::INTEGER,
            Self::Float(_) => Kinds::FLOAT,
            Self::Text(_) => Kinds::TEXT,
            Self::Elapsed(_) => Kinds::ELAPSED,
        }
    }
}

impl<'a> From<FactValue<'a>> for Value<'a> {
    fn from(fact: FactValue<'a>) -> Self {
        match fact {
            FactValue::Absent => Self::Unit,
            FactValue::Bool(truth) => Self::Bool(truth),
            FactValue::Integer(number) => Self::Integer(number),
            FactValue::Float(number) => Self::Float(number),
            FactValue::Text(text) => Self::Text(Cow::Borrowed(bounded(text))),
        }
    }
}

/// Two texts as one, which may be no longer than any text of a script.
pub(super) fn joined<'a>(left: Cow<'a, str>, right: &str) -> Outcome<Value<'a>> {
    if left.len() + right.len() > limits::SCRIPT_STRING_BYTES_MAX {
        return Err(Raised);
    }
    if right.is_empty() {
        return Ok(Value::Text(left));
    }
    Ok(Value::Text(Cow::Owned(left.into_owned() + right)))
}

/// Whether two texts are the same. Most are so short that it takes two looks at each, and no call.
#[inline]
pub(super) fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    match (left.first_chunk::<8>(), right.first_chunk::<8>(), left.last_chunk::<8>(), right.last_chunk::<8>()) {
        (Some(first), Some(other), Some(last), Some(end)) => {
            first == other && last == end && (left.len() <= 16 || left == right)
        }
        _ => match (left.first_chunk::<4>(), right.first_chunk::<4>(), left.last_chunk::<4>(), right.last_chunk::<4>())
        {
            (Some(first), Some(other), Some(last), Some(end)) => first == other && last == end,
            _ => left.iter().eq(right),
        },
    }
}

/// As much of a text as a condition sees.
pub(super) fn bounded(text: &str) -> &str {
    if text.len() <= limits::SCRIPT_STRING_BYTES_MAX {
        return text;
    }
    let mut end = limits::SCRIPT_STRING_BYTES_MAX;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "rhai compares a whole number with a float as floats")]
pub(super) const fn float(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn texts_are_the_same_where_every_byte_is() {
        for length in 0..40 {
            let text = "a".repeat(length);
            assert!(same(&text, &text.clone()), "{length}");
            assert!(!same(&text, &"a".repeat(length + 1)), "{length}");
            for place in 0..length {
                let mut other = text.clone();
                other.replace_range(place..=place, "b");
                assert!(!same(&text, &other) && !same(&other, &text), "{text} {other}");
            }
        }
    }
}

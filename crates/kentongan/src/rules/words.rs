//! A native condition in words again, for those who ask why a rule did not match.

use std::fmt::{self, Display, Formatter};

use super::expression::{Constant, Expression};
use super::facts::{Catalogue, Slot};
use super::test::{Affix, Number, Test};
use super::value::{Comparison, Operator};

/// An expression as one would write it.
pub(super) struct Words<'e> {
    pub(super) expression: &'e Expression,
    pub(super) catalogue: &'e Catalogue,
}

impl<'e> Words<'e> {
    fn of(&self, expression: &'e Expression) -> Self {
        Self { expression, catalogue: self.catalogue }
    }

    fn name(&self, slot: Slot) -> &'e str {
        self.catalogue.fact(slot).map_or("", |fact| &fact.name)
    }

    fn row(&self, f: &mut Formatter<'_>, parts: &'e [Expression], between: &str) -> fmt::Result {
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                f.write_str(between)?;
            }
            let loose = matches!(part, Expression::All(_) | Expression::Any(_) | Expression::If(_));
            if loose { write!(f, "({})", self.of(part))? } else { write!(f, "{}", self.of(part))? }
        }
        Ok(())
    }
}

impl Display for Words<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.expression {
            Expression::Constant(constant) => write!(f, "{constant}"),
            Expression::Fact(slot, _) => f.write_str(self.name(*slot)),
            Expression::Local(place, _) => write!(f, "local {place}"),
            Expression::Test(Test::Text { slot, text }) => write!(f, "{} == {text:?}", self.name(*slot)),
            Expression::Test(Test::TextIn { slot, texts }) => write!(f, "{} in {texts:?}", self.name(*slot)),
            Expression::Test(Test::Number { slot, comparison, number }) => {
                write!(f, "{} {} {number}", self.name(*slot), comparison.sign())
            }
            Expression::Test(Test::Affix { slot, affix, text }) => {
                let method = match affix {
                    Affix::Start => "starts_with",
                    Affix::End => "ends_with",
                    Affix::Inside => "contains",
                };
                write!(f, "{}.{method}({text:?})", self.name(*slot))
            }
            Expression::Not(inner) => match &**inner {
                Expression::Test(Test::Text { slot, text }) => write!(f, "{} != {text:?}", self.name(*slot)),
                Expression::Test(Test::TextIn { slot, texts }) => write!(f, "{} !in {texts:?}", self.name(*slot)),
                inner => write!(f, "!({})", self.of(inner)),
            },
            Expression::All(parts) => self.row(f, parts, " && "),
            Expression::Any(parts) => self.row(f, parts, " || "),
            Expression::Coalesce(parts) => self.row(f, parts, " ?? "),
            Expression::Negate(inner) => write!(f, "-({})", self.of(inner)),
            Expression::Compare(comparison, sides) => self.row(f, &**sides, &format!(" {} ", comparison.sign())),
            Expression::Compute(operator, sides) => {
                f.write_str("(")?;
                self.row(f, &**sides, &format!(" {} ", operator.sign()))?;
                f.write_str(")")
            }
            Expression::Among(item, constants) => {
                write!(f, "{} in [", self.of(item))?;
                for (place, constant) in constants.iter().enumerate() {
                    write!(f, "{}{constant}", if place > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
            Expression::Within(item, from, to) => write!(f, "{} in {from}..={to}", self.of(item)),
            Expression::Present(slot) => write!(f, "has {}", self.name(*slot)),
            Expression::Call(function, arguments) => {
                let (name, literal) = function.words();
                write!(f, "{name}(")?;
                self.row(f, arguments, ", ")?;
                literal.map_or(Ok(()), |literal| write!(f, ", {literal:?}"))?;
                f.write_str(")")
            }
            Expression::Interpolate(parts) => {
                f.write_str("`")?;
                for part in parts {
                    write!(f, "${{{}}}", self.of(part))?;
                }
                f.write_str("`")
            }
            Expression::If(parts) => {
                let [guard, then, otherwise] = &**parts;
                let (guard, then, otherwise) = (self.of(guard), self.of(then), self.of(otherwise));
                write!(f, "if {guard} {{ {then} }} else {{ {otherwise} }}")
            }
            Expression::Let(parts) => {
                let [value, body] = &**parts;
                write!(f, "let {}; {}", self.of(value), self.of(body))
            }
        }
    }
}

impl Display for Constant {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit => f.write_str("()"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number:?}"),
            Self::Text(text) => write!(f, "{text:?}"),
        }
    }
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number:?}"),
        }
    }
}

impl Comparison {
    const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

impl Operator {
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

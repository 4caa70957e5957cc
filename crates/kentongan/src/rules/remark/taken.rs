//! Parts that are given what they never take. They fail whenever they are asked, and an alert is no better for it.

use super::{Reader, Remark};
use crate::rules::expression::Expression;
use crate::rules::value::{Kinds, Operator};

const NUMBER: Kinds = Kinds::INTEGER.or(Kinds::FLOAT);

impl Reader<'_> {
    /// Notes where a part is given what it never takes. What is always absent is another matter, and so is what has
    /// failed before.
    pub(super) fn taken(&mut self, expression: &Expression) {
        match expression {
            Expression::Within(item, ..) => self.range(expression, item),
            Expression::Call(function, arguments) => {
                let name = function.words().0;
                for argument in arguments {
                    self.takes(expression, &format!("`{name}`"), function.takes(), argument);
                }
            }
            Expression::Negate(inner) => self.takes(expression, "`-`", NUMBER, inner),
            Expression::Compute(operator, sides) if expression.kinds() == Kinds::NONE => {
                let sign = format!("`{}`", operator.sign());
                let takes = if *operator == Operator::Add { NUMBER.or(Kinds::TEXT) } else { NUMBER };
                sides.iter().for_each(|side| self.takes(expression, &sign, takes, side));
            }
            Expression::Not(inner) => self.takes(expression, "`!`", Kinds::BOOL, inner),
            Expression::All(parts) => parts.iter().for_each(|part| self.takes(part, "`&&`", Kinds::BOOL, part)),
            Expression::Any(parts) => parts.iter().for_each(|part| self.takes(part, "`||`", Kinds::BOOL, part)),
            Expression::If(parts) => {
                let [guard, ..] = &**parts;
                self.takes(guard, "`if`", Kinds::BOOL, guard);
            }
            _ => {}
        }
    }

    fn takes(&mut self, whole: &Expression, taker: &str, takes: Kinds, given: &Expression) {
        if !differ(given.kinds(), takes) {
            return;
        }
        let (own, wanted) = (self.words(given), noun(takes));
        let help = match takes.without(Kinds::UNIT) {
            // A function can be written otherwise; a truth can only be compared.
            takes if takes != Kinds::BOOL && self.own_call(given).is_some() => {
                format!("write the function so that `{own}` gives {wanted}")
            }
            Kinds::TEXT if given.kinds().meets(NUMBER) => format!("compare it as a number, such as `{own} > 0`"),
            takes if takes.within(NUMBER) && given.kinds().meets(Kinds::TEXT) => {
                let read = if takes == Kinds::INTEGER { "parse_int" } else { "parse_float" };
                format!("read it as a number first: `{read}({own})`")
            }
            // What may be absent is asked for; of what is always there, it is asked what it is.
            Kinds::BOOL if given.kinds().meets(Kinds::UNIT) => format!("compare it, such as `{own} != ()`"),
            Kinds::BOOL if given.kinds().meets(Kinds::TEXT) => {
                format!("compare it, such as `{own} == {:?}`", given.text().unwrap_or("…"))
            }
            Kinds::BOOL if given.kinds().meets(Kinds::ELAPSED) => format!("compare it, such as `{own} > minutes(15)`"),
            Kinds::BOOL => format!("compare it, such as `{own} > 0`"),
            Kinds::FLOAT if given.kinds().meets(Kinds::INTEGER) => format!("write `{own}`"),
            _ => format!("give it {wanted}"),
        };
        self.fails(whole, format!("{taker} takes {wanted}, and `{own}` is {}", noun(given.kinds())), help);
    }

    fn range(&mut self, whole: &Expression, item: &Expression) {
        if !differ(item.kinds(), Kinds::INTEGER) {
            return;
        }
        let own = self.words(item);
        let (Expression::Within(_, from, to), kinds) = (whole, item.kinds()) else {
            return;
        };
        let why = format!("a range has whole numbers, and `{own}` is {}", noun(kinds));
        let help = match to.checked_add(1) {
            _ if kinds.meets(Kinds::TEXT) => format!("read it as a number first: `parse_int({own})`"),
            Some(end) if kinds.meets(Kinds::FLOAT.or(Kinds::ELAPSED)) => {
                format!("write `{own} >= {from} && {own} < {end}`")
            }
            _ => "give it a whole number".to_owned(),
        };
        self.fails(whole, why, help);
    }

    fn fails(&mut self, whole: &Expression, why: String, help: String) {
        let words = self.words(whole);
        self.found.push(Remark::AlwaysFails { words, why, help });
    }
}

/// Whether nothing that is given is ever taken.
fn differ(given: Kinds, takes: Kinds) -> bool {
    let given = given.without(Kinds::UNIT);
    given != Kinds::NONE && !given.meets(takes)
}

/// What a value of these kinds is called, where it counts whether a number is a whole one.
fn noun(kinds: Kinds) -> &'static str {
    match kinds.without(Kinds::UNIT) {
        Kinds::INTEGER => "a whole number",
        Kinds::FLOAT => "a number with a fraction",
        kinds if kinds == NUMBER.or(Kinds::TEXT) => "a number or text",
        kinds => kinds.words().unwrap_or("nothing"),
    }
}

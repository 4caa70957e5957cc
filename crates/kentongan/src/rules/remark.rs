//! What in one condition can never be, or always is: texts that a fact never has, comparisons of different kinds, and parts
//! that are given what they never take.

use std::collections::BTreeSet;

use super::expression::{Constant, Expression};
use super::facts::{Catalogue, Slot, Values};
use super::functions::Function;
use super::test::{Number, Test};
use super::value::{Comparison, Kinds};
use super::words::Words;

mod taken;

/// The days, as `weekday` names them.
const DAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Something in a condition that its author is to be told of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Remark {
    /// What is compared is never that text.
    NeverText { what: String, text: String, values: Values },
    /// A fact of services that none of them has.
    OfNoService { fact: String, known: Vec<String> },
    /// A comparison of different kinds, which is always `holds`.
    Foregone { words: String, sides: [&'static str; 2], holds: bool },
    /// A part that fails whatever it is given, since it takes something else.
    AlwaysFails { words: String, why: String, help: String },
}

/// Everything there is to remark on.
///
/// `spelt` has what stands in it for calls of the script's functions, in words, and the calls.
pub(super) fn remarks(expression: &Expression, spelt: &[(String, String)], catalogue: &Catalogue) -> Vec<Remark> {
    let mut reader = Reader { catalogue, spelt, found: Vec::new() };
    reader.read(expression);
    let mut slots = BTreeSet::new();
    expression.slots(&mut slots);
    for fact in slots.into_iter().filter_map(|slot| catalogue.fact(slot)) {
        if let Some((name, known)) = catalogue.of_no_service(fact) {
            let known = known.into_iter().map(str::to_owned).collect();
            reader.found.push(Remark::OfNoService { fact: name.to_owned(), known });
        }
    }
    // What a name stands for may be written more than once.
    let mut found: Vec<Remark> = Vec::new();
    for remark in reader.found {
        if !found.contains(&remark) {
            found.push(remark);
        }
    }
    found
}

struct Reader<'c> {
    catalogue: &'c Catalogue,
    spelt: &'c [(String, String)],
    found: Vec<Remark>,
}

impl Reader<'_> {
    fn read(&mut self, expression: &Expression) {
        match expression {
            Expression::Test(test) => self.test(expression, test),
            Expression::Compare(comparison, sides) => {
                let [left, right] = &**sides;
                if self.kinds(expression, left.kinds(), right.kinds(), *comparison)
                    && matches!(comparison, Comparison::Equal | Comparison::NotEqual)
                {
                    match (left, right) {
                        (item, Expression::Constant(constant)) | (Expression::Constant(constant), item) => {
                            self.text(item, constant);
                        }
                        _ => {}
                    }
                }
            }
            Expression::Among(item, constants) => {
                for constant in constants {
                    if self.kinds(expression, item.kinds(), constant.value().kind(), Comparison::Equal) {
                        self.text(item, constant);
                    }
                }
            }
            _ => {}
        }
        self.taken(expression);
        expression.inner().iter().for_each(|part| self.read(part));
    }

    fn test(&mut self, expression: &Expression, test: &Test) {
        let Some(fact) = self.catalogue.fact(test.slot()) else {
            return;
        };
        let kinds = fact.kinds;
        match test {
            Test::Text { slot, text } => {
                if self.kinds(expression, kinds, Kinds::TEXT, Comparison::Equal) {
                    self.fact(*slot, text);
                }
            }
            Test::TextIn { slot, texts } => {
                if self.kinds(expression, kinds, Kinds::TEXT, Comparison::Equal) {
                    texts.iter().for_each(|text| self.fact(*slot, text));
                }
            }
            Test::Number { comparison, number, .. } => {
                let number = match number {
                    Number::Integer(_) => Kinds::INTEGER,
                    Number::Float(_) => Kinds::FLOAT,
                };
                self.kinds(expression, kinds, number, *comparison);
            }
            Test::Affix { .. } => {}
        }
    }

    /// Whether the kinds of the sides leave it open what a comparison comes to.
    fn kinds(&mut self, expression: &Expression, left: Kinds, right: Kinds, comparison: Comparison) -> bool {
        // What is always absent is another matter.
        if left.compare(right, comparison) || left == Kinds::UNIT || right == Kinds::UNIT {
            return true;
        }
        if let (Some(left), Some(right)) = (left.words(), right.words()) {
            let words = self.words(expression);
            let holds = comparison == Comparison::NotEqual;
            self.found.push(Remark::Foregone { words, sides: [left, right], holds });
        }
        false
    }

    /// An expression as one would write it: what a function stands for by its call.
    fn words(&self, expression: &Expression) -> String {
        let words = Words { expression, catalogue: self.catalogue }.to_string();
        self.spelt.iter().fold(words, |words, (body, call)| words.replace(body, call))
    }

    /// The call of the script's function that an expression stands for.
    fn own_call(&self, expression: &Expression) -> Option<&str> {
        let words = Words { expression, catalogue: self.catalogue }.to_string();
        self.spelt.iter().find(|(body, _)| *body == words).map(|(_, call)| call.as_str())
    }

    fn text(&mut self, item: &Expression, constant: &Constant) {
        match (item, constant) {
            (Expression::Fact(slot, _), Constant::Text(text)) => self.fact(*slot, text),
            (Expression::Call(Function::Weekday(_), _), Constant::Text(text)) => {
                self.never("weekday(…)", text, Values::Of(DAYS));
            }
            _ => {}
        }
    }

    fn fact(&mut self, slot: Slot, text: &str) {
        if let Some(fact) = self.catalogue.fact(slot) {
            self.never(&fact.name, text, fact.values);
        }
    }

    /// Notes a text that is none of the values. Which names there are, the policy knows.
    fn never(&mut self, what: &str, text: &str, values: Values) {
        let unknown = match values {
            Values::Any => false,
            Values::Of(known) => !known.contains(&text),
            Values::Named(_) => true,
        };
        if unknown {
            self.found.push(Remark::NeverText { what: what.to_owned(), text: text.to_owned(), values });
        }
    }
}

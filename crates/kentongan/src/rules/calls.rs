//! What a script can call, and in which shape. rhai itself would notice a wrong call only when it is made, at night.

use std::collections::{BTreeMap, BTreeSet};

use super::syntax::Call;
use crate::source::nearest;

/// The shapes in which conditions call what they have, the way it reads best. Where some arguments may be left out, with
/// all that are needed.
const SHAPES: [(&str, &str); 48] = [
    ("abs", "abs(number)"),
    ("bytes", "bytes(text)"),
    ("ceiling", "ceiling(number)"),
    ("chars", "chars(text)"),
    ("cidr", "cidr(text, \"10.0.0.0/8\")"),
    ("contains", "contains(text, part)"),
    ("days", "days(number)"),
    ("end", "end(range)"),
    ("ends_with", "ends_with(text, part)"),
    ("extract", "extract(list, from, count)"),
    ("floor", "floor(number)"),
    ("fraction", "fraction(number)"),
    ("get", "get(map, name)"),
    ("hour_of_day", "hour_of_day(alert.starts_at)"),
    ("hours", "hours(number)"),
    ("index_of", "index_of(text, part)"),
    ("int", "int(number)"),
    ("is_empty", "is_empty(text)"),
    ("is_even", "is_even(number)"),
    ("is_finite", "is_finite(number)"),
    ("is_infinite", "is_infinite(number)"),
    ("is_nan", "is_nan(number)"),
    ("is_odd", "is_odd(number)"),
    ("is_zero", "is_zero(number)"),
    ("keys", "keys(map)"),
    ("len", "len(text)"),
    ("matches", "matches(text, \"^web-[0-9]+$\")"),
    ("max", "max(number, number)"),
    ("min", "min(number, number)"),
    ("minutes", "minutes(number)"),
    ("parse_float", "parse_float(text)"),
    ("parse_int", "parse_int(text)"),
    ("range", "range(from, to)"),
    ("round", "round(number)"),
    ("seconds", "seconds(number)"),
    ("sign", "sign(number)"),
    ("split", "split(text, separator)"),
    ("start", "start(range)"),
    ("starts_with", "starts_with(text, part)"),
    ("sub_string", "sub_string(text, from, count)"),
    ("to_float", "to_float(number)"),
    ("to_int", "to_int(number)"),
    ("to_lower", "to_lower(text)"),
    ("to_string", "to_string(number)"),
    ("to_upper", "to_upper(text)"),
    ("type_of", "type_of(value)"),
    ("values", "values(map)"),
    ("weekday", "weekday(alert.starts_at)"),
];

/// What can be called: what conditions have, and the functions of a policy's own script.
#[derive(Debug)]
pub(super) struct Callable {
    /// With how many arguments, where the value that a method is called on counts.
    built_in: BTreeMap<String, BTreeSet<usize>>,
    /// The parameters of each function of the script, which may have several of a name.
    own: BTreeMap<String, Vec<Vec<String>>>,
    /// Whether the script's functions are all known. Where it could not be read, a call may be of any.
    is_whole: bool,
}

/// Why a call can never be made, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Miscalled {
    pub(super) message: String,
    pub(super) help: String,
}

impl Callable {
    pub(super) fn of(built_in: BTreeMap<String, BTreeSet<usize>>) -> Self {
        Self { built_in, own: BTreeMap::new(), is_whole: true }
    }

    /// Adds a function of the script. `false` where conditions have a function of that name, which it would hide.
    pub(super) fn define(&mut self, name: &str, parameters: Vec<String>) -> bool {
        if self.built_in.contains_key(name) {
            return false;
        }
        self.own.entry(name.to_owned()).or_default().push(parameters);
        true
    }

    /// Notes that the script could not be read: what it defines is not known.
    pub(super) fn doubt(&mut self) {
        self.is_whole = false;
    }

    /// What is wrong with a call.
    pub(super) fn objection(&self, call: &Call) -> Option<Miscalled> {
        let name = call.name.as_str();
        if let Some(own) = self.own.get(name) {
            return miscalled_own(own, call);
        }
        // The value that a method is called on is an argument of what conditions have.
        let given = call.arguments + usize::from(call.is_method);
        let Some(counts) = self.built_in.get(name) else {
            return self.is_whole.then(|| self.unknown(call));
        };
        if counts.contains(&given) {
            return None;
        }
        let message = format!("`{name}` takes {}, and is given {}", counted(counts), plain(given));
        let first = if call.is_method { "; what a method is called on is its first argument" } else { "" };
        let help = match shape(name) {
            Some(shape) => format!("write `{shape}`{first}"),
            None => format!("give it {}{first}", counted(counts)),
        };
        Some(Miscalled { message, help })
    }

    fn unknown(&self, call: &Call) -> Miscalled {
        let name = call.name.as_str();
        let built_in = self.built_in.keys().map(String::as_str).filter(|name| name.starts_with(char::is_alphabetic));
        let own = self.own.keys().map(String::as_str);
        let help = match nearest(name, built_in.chain(own)) {
            Some(near) => match self.own.get(near).and_then(|own| own.first()) {
                Some(parameters) => format!("did you mean `{}`?", written(near, parameters)),
                None => format!("did you mean `{}`?", shape(near).unwrap_or(near)),
            },
            None => "define it in the policy's script".to_owned(),
        };
        Miscalled { message: format!("there is no function `{name}`"), help }
    }
}

/// What is wrong with a call of a function of the script, of which there may be several. As a method, it is given what it is
/// called on as `this`, beside its parameters.
fn miscalled_own(own: &[Vec<String>], call: &Call) -> Option<Miscalled> {
    if own.iter().any(|parameters| parameters.len() == call.arguments) {
        return None;
    }
    let name = call.name.as_str();
    let shapes: Vec<String> = own.iter().map(|parameters| written(name, parameters)).collect();
    let help = format!("write `{}`", shapes.join("` or `"));
    let counts: BTreeSet<usize> = own.iter().map(Vec::len).collect();
    if call.is_method && counts.contains(&(call.arguments + 1)) {
        let message = format!("`{name}` is a function of the script, and is called as a method");
        return Some(Miscalled { message, help });
    }
    let message = format!("`{name}` takes {}, and is given {}", counted(&counts), plain(call.arguments));
    Some(Miscalled { message, help })
}

fn written(name: &str, parameters: &[String]) -> String {
    format!("{name}({})", parameters.join(", "))
}

fn shape(name: &str) -> Option<&'static str> {
    SHAPES.iter().find(|(known, _)| *known == name).map(|(_, shape)| *shape)
}

/// `1 argument`, `2 or 3 arguments`.
fn counted(counts: &BTreeSet<usize>) -> String {
    let words: Vec<String> =
        counts.iter().map(|count| if *count == 0 { "no".to_owned() } else { count.to_string() }).collect();
    let noun = if counts.iter().all(|count| *count == 1) { "argument" } else { "arguments" };
    format!("{} {noun}", words.join(" or "))
}

fn plain(count: usize) -> String {
    if count == 0 { "none".to_owned() } else { count.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::profile;

    fn call(name: &str, arguments: usize, is_method: bool) -> Call {
        Call { name: name.to_owned(), arguments, is_method, position: rhai::Position::new(1, 1) }
    }

    fn callable() -> Callable {
        let mut engine = profile::engine();
        crate::rules::functions::register(
            &mut engine,
            &crate::calendar::Zone::default(),
            &crate::rules::functions::Patterns::default(),
        );
        let mut callable = Callable::of(profile::callable(&engine));
        assert!(callable.define("late", vec!["level".to_owned()]) && callable.define("now", Vec::new()));
        callable
    }

    /// Whatever can be called by a name is told of in its shape, and the shape is one that can be called.
    #[test]
    fn each_function_has_a_shape_that_can_be_called() {
        let callable = callable();
        let named = callable.built_in.iter().filter(|(name, _)| name.starts_with(char::is_alphabetic));
        let named: BTreeMap<&str, &BTreeSet<usize>> = named.map(|(name, counts)| (name.as_str(), counts)).collect();
        let known: BTreeSet<&str> = SHAPES.iter().map(|(name, _)| *name).collect();
        // `to_debug` is there for rhai itself.
        let called: BTreeSet<&str> = named.keys().copied().filter(|name| *name != "to_debug").collect();
        assert_eq!(known, called);
        for (name, shape) in SHAPES {
            let arguments = shape.matches(", ").count() + 1;
            assert!(shape.starts_with(&format!("{name}(")) && named[name].contains(&arguments), "{shape}: {named:?}");
        }
    }

    #[test]
    fn a_call_that_can_never_be_made_is_objected_to_in_its_right_shape() {
        let callable = callable();
        let answer = |name, arguments, is_method| {
            let wrong = callable.objection(&call(name, arguments, is_method));
            wrong.map(|wrong| format!("{}; {}", wrong.message, wrong.help))
        };
        for (name, arguments, is_method) in [("late", 1, false), ("hours", 1, false), ("starts_with", 1, true)] {
            assert_eq!(answer(name, arguments, is_method), None, "{name}");
        }
        // As a method, what it is called on is `this`.
        assert_eq!(answer("late", 1, true), None);
        for (name, arguments, is_method, expected) in [
            ("late", 2, false, "`late` takes 1 argument, and is given 2; write `late(level)`"),
            ("late", 0, false, "`late` takes 1 argument, and is given none; write `late(level)`"),
            ("late", 0, true, "`late` is a function of the script, and is called as a method; write `late(level)`"),
            ("now", 1, false, "`now` takes no arguments, and is given 1; write `now()`"),
            ("lates", 1, false, "there is no function `lates`; did you mean `late(level)`?"),
            ("hour", 1, false, "there is no function `hour`; did you mean `hours(number)`?"),
            ("hours", 2, false, "`hours` takes 1 argument, and is given 2; write `hours(number)`"),
            (
                "starts_with",
                2,
                true,
                "`starts_with` takes 2 arguments, and is given 3; write `starts_with(text, part)`; \
                 what a method is called on is its first argument",
            ),
        ] {
            assert_eq!(answer(name, arguments, is_method).as_deref(), Some(expected));
        }
    }

    /// Where the script could not be read, nobody knows what it defines: one error is enough.
    #[test]
    fn what_a_broken_script_may_define_is_not_unknown() {
        let mut callable = callable();
        callable.doubt();
        assert_eq!(callable.objection(&call("early", 1, false)), None);
        assert!(callable.objection(&call("hours", 2, false)).is_some());
    }

    #[test]
    fn what_conditions_have_is_not_hidden() {
        let mut callable = callable();
        assert!(!callable.define("matches", vec!["text".to_owned()]));
        assert!(callable.objection(&call("matches", 2, false)).is_none());
    }
}

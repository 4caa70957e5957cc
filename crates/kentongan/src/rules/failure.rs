//! What the interpreter says of a condition that failed, in the words of those who write policies: what, where, and what
//! to do about it.

use rhai::{EvalAltResult, Position};

use crate::limits;
use crate::source::in_backticks;

/// How often functions may stand around what failed. Calls nest no deeper.
const CALLS_MAX: usize = limits::SCRIPT_CALLS_MAX + 1;

/// An error in words.
pub(super) fn words(error: &EvalAltResult) -> String {
    let (mut inner, mut function) = (error, None);
    for _ in 0..CALLS_MAX {
        let EvalAltResult::ErrorInFunctionCall(name, _, cause, _) = inner else {
            break;
        };
        (inner, function) = (cause, Some(name));
    }
    let (what, remedy) = told(inner);
    let place = place(inner.position(), function.map(String::as_str));
    let remedy = remedy.map(|remedy| format!("; {remedy}")).unwrap_or_default();
    format!("{what}{place}{remedy}")
}

/// What is said of a condition whose answer is of another type than yes or no.
pub(super) fn no_answer(given: &str) -> String {
    match given {
        "()" => {
            "the condition gives nothing, not true or false; a fact is absent: ask for it first, `… != ()`".to_owned()
        }
        given => format!("the condition gives {}, not true or false; compare it", kind(given)),
    }
}

/// What went wrong, and what to do about it.
fn told(error: &EvalAltResult) -> (String, Option<String>) {
    let plain = |what: &str, remedy: &str| (what.to_owned(), Some(remedy.to_owned()));
    match error {
        EvalAltResult::ErrorFunctionNotFound(signature, _) => given(signature),
        EvalAltResult::ErrorVariableNotFound(name, _) => (
            format!("there is no `{name}` here"),
            Some("inside a function there is nothing but its arguments: give it to the function".to_owned()),
        ),
        EvalAltResult::ErrorPropertyNotFound(name, _) => {
            (format!("nothing here has the part `{name}`"), Some("ask for what it is a part of first".to_owned()))
        }
        EvalAltResult::ErrorDotExpr(_, _) | EvalAltResult::ErrorIndexingType(_, _) => {
            plain("it asks for a part of what has none", "ask whether it is there first: `… != ()`")
        }
        EvalAltResult::ErrorUnboundThis(_) => {
            plain("`this` stands for nothing", "call the function as a method, `alert.late()`, or give it an argument")
        }
        EvalAltResult::ErrorMismatchDataType(wanted, given, _)
        | EvalAltResult::ErrorMismatchOutputType(wanted, given, _) => mismatch(wanted, given),
        EvalAltResult::ErrorArrayBounds(length, index, _) => {
            (format!("a list of {length} has no entry {index}"), Some("ask for its `len()` first".to_owned()))
        }
        EvalAltResult::ErrorStringBounds(length, index, _) => {
            (format!("a text of {length} characters has none at {index}"), Some("ask for its `len()` first".to_owned()))
        }
        EvalAltResult::ErrorFor(_) => plain("`for` goes through lists and ranges", "give it one, such as `0..3`"),
        EvalAltResult::ErrorAssignmentToConstant(name, _) => {
            (format!("`{name}` is a fact and cannot be changed"), Some("compare with `==`".to_owned()))
        }
        EvalAltResult::ErrorArithmetic(why, _) => (lower(&in_backticks(why)), None),
        EvalAltResult::ErrorTooManyOperations(_) => (
            format!("too many operations: a condition has {} of them", limits::SCRIPT_OPERATIONS_MAX),
            Some("ask for less, or write it without the loop".to_owned()),
        ),
        EvalAltResult::ErrorTooManyVariables(_) => (
            format!("too many variables: a condition has {} of them", limits::SCRIPT_VARIABLES_MAX),
            Some("split it into several rules".to_owned()),
        ),
        EvalAltResult::ErrorStackOverflow(_) => (
            format!("calls nest too deep: a function may be {} calls down", limits::SCRIPT_CALLS_MAX),
            Some("write it without a function that calls itself".to_owned()),
        ),
        EvalAltResult::ErrorDataTooLarge(what, _) => too_large(what),
        EvalAltResult::ErrorRuntime(thrown, _) if thrown.is_unit() => ("it throws".to_owned(), None),
        EvalAltResult::ErrorRuntime(thrown, _) => (lower(&in_backticks(&thrown.to_string())), None),
        other => {
            // Its place is told apart from it.
            let all = other.to_string();
            let place = format!(" ({})", other.position());
            (lower(&in_backticks(all.strip_suffix(&place).unwrap_or(&all))), None)
        }
    }
}

/// Of a call by its signature, `starts_with ((), &str | ImmutableString | String)`: nothing takes what it is given.
fn given(signature: &str) -> (String, Option<String>) {
    let (name, types) = signature.split_once(" (").unwrap_or((signature, ""));
    let kinds: Vec<&str> =
        types.strip_suffix(')').unwrap_or(types).split(", ").filter(|kind| !kind.is_empty()).map(kind).collect();
    let is_absent = kinds.contains(&NOTHING);
    let what = if name.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        format!("`{name}` does not take {}", kinds.join(" and "))
    } else {
        format!("`{name}` does not go with {}", kinds.join(" and "))
    };
    let absent = "a fact is absent: ask for it first, `… != () && …`, or say what counts then, `… ?? \"\"`";
    let help = if is_absent { Some(absent.to_owned()) } else { None };
    (what, help)
}

fn mismatch(wanted: &str, given: &str) -> (String, Option<String>) {
    let (wanted, given) = (kind(wanted), kind(given));
    match (wanted, given) {
        ("", given) => (format!("{given} does not fit here"), None),
        (wanted, "") => (format!("{wanted} is wanted here"), None),
        (wanted, NOTHING) => (
            format!("{wanted} is wanted here, and this is absent"),
            Some("ask for the fact first, `… != () && …`".to_owned()),
        ),
        (wanted, given) => (format!("{wanted} is wanted here, and this is {given}"), Some("compare it".to_owned())),
    }
}

fn too_large(what: &str) -> (String, Option<String>) {
    let (noun, most, of) = match what {
        what if what.contains("string") => ("a text", limits::SCRIPT_STRING_BYTES_MAX, "bytes"),
        what if what.contains("array") => ("a list", limits::SCRIPT_ARRAY_MAX, "entries"),
        what if what.contains("map") => ("a map", limits::SCRIPT_MAP_MAX, "entries"),
        other => return (format!("{} grows too large", lower(other)), None),
    };
    (format!("{noun} grows too large: it has {most} {of} at most"), Some("compare the facts as they are".to_owned()))
}

const NOTHING: &str = "what is absent";

/// What a value of one of rhai's types is called.
fn kind(name: &str) -> &str {
    match name {
        "i64" => "a whole number",
        "f64" => "a number with a fraction",
        "bool" => "true or false",
        "()" => NOTHING,
        "array" => "a list",
        "map" => "a map",
        "char" => "a single character",
        name if name.contains("&str") || name.contains("string") || name.contains("String") => "text",
        name if name.contains("range") || name.contains("Range") => "a range",
        "elapsed" => "a length of time",
        other => other,
    }
}

fn place(position: Position, function: Option<&str>) -> String {
    let at = match (position.line(), position.position()) {
        (Some(line), Some(column)) => format!("line {line}, column {column}"),
        _ => String::new(),
    };
    match (function, at.as_str()) {
        (None, "") => String::new(),
        (None, at) => format!(" ({at})"),
        (Some(name), "") => format!(" (in `{name}`)"),
        (Some(name), at) => format!(" (in `{name}`, {at} of the script)"),
    }
}

fn lower(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use crate::alert::Alert;
    use crate::calendar::Zone;
    use crate::rules::facts::{Facts, Sight, View};
    use crate::rules::sandbox::Sandbox;

    const SCRIPT: &str = "fn late(minutes) {\n  minutes.len() > 15\n}\nfn deep(n) { if n > 0 { deep(n - 1) } else { 1 } }\n\
                          fn named() { this == 1 }\nfn thrown() { throw \"Not 'today'\" }\nfn alone() { throw }\n";

    #[test]
    fn what_fails_is_told_in_plain_words_with_its_place_and_a_remedy() {
        let mut sandbox = Sandbox::new(Zone::default(), &IndexMap::new(), &IndexMap::new());
        sandbox.define(SCRIPT).expect("it is a script");
        let alert = Alert::firing("a1", "core");
        let mut facts = Facts::of(View::of_alert(&alert, None));
        for (condition, expected) in [
            (
                "alert.labels.host.starts_with(\"db\")",
                "`starts_with` does not take what is absent and text (line 1, column 19); a fact is absent: ask for it first, \
                 `… != () && …`, or say what counts then, `… ?? \"\"`",
            ),
            (
                "alert.values.rate * 2 > 3",
                "`*` does not go with what is absent and a whole number (line 1, column 19); a fact is absent: ask for it first, \
                 `… != () && …`, or say what counts then, `… ?? \"\"`",
            ),
            ("late(15)", "`len` does not take a whole number (in `late`, line 2, column 11 of the script)"),
            (
                "deep(20) == 1",
                "calls nest too deep: a function may be 8 calls down (line 1, column 1); write it without a function that calls \
                 itself",
            ),
            (
                "named()",
                "`this` stands for nothing (in `named`, line 5, column 14 of the script); call the function as a method, \
                 `alert.late()`, or give it an argument",
            ),
            ("thrown()", "not `today` (in `thrown`, line 6, column 15 of the script)"),
            ("alone()", "it throws (in `alone`, line 7, column 14 of the script)"),
            ("1 / (alert.name.len() - alert.name.len()) == 1", "division by zero: 1 / 0 (line 1, column 3)"),
            (
                "alert.labels.host && true",
                "true or false is wanted here, and this is absent (line 1, column 6); ask for the fact first, `… != () && …`",
            ),
            (
                "if alert.name == \"\" { alert.labels.host } else { true }",
                "the condition gives nothing, not true or false; a fact is absent: ask for it first, `… != ()`",
            ),
            (
                "let n = 0; loop { n += 1; }",
                "too many operations: a condition has 2000 of them (line 1, column 19); ask for less, or write it without the loop",
            ),
            (
                "let s = \"x\"; for i in 0..40 { s += s; } s == \"\"",
                "a text grows too large: it has 4096 bytes at most (line 1, column 33); compare the facts as they are",
            ),
            (
                "let a = [1]; for i in 0..40 { a += a; } a == []",
                "a list grows too large: it has 256 entries at most (line 1, column 33); compare the facts as they are",
            ),
            (
                "for i in alert.name.len() { } true",
                "`for` goes through lists and ranges (line 1, column 10); give it one, such as `0..3`",
            ),
            ("[1, 2][7] == 1", "a list of 2 has no entry 7 (line 1, column 8); ask for its `len()` first"),
            (
                "let host = alert.labels.host; host.name == \"x\"",
                "it asks for a part of what has none (line 1, column 36); ask whether it is there first: `… != ()`",
            ),
        ] {
            let condition = sandbox.compile(condition, Sight::Alert).expect("it is a condition");
            let answer = sandbox.ask(&condition, &mut facts);
            assert_eq!(answer, Err(expected.to_owned()), "{}", condition.source);
        }
    }
}

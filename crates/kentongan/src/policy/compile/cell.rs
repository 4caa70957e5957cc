//! The cells of a decision table: what one says about its column, written as a condition.

/// What a column holds, as far as its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Anything,
}

/// Why a cell is none, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadCell {
    pub(super) message: String,
    pub(super) help: String,
}

/// The condition that a cell puts on its column; `None` where the column may be anything.
pub(super) fn condition(column: &str, cell: &str) -> Result<Option<String>, BadCell> {
    let cell = cell.trim();
    if cell.is_empty() || cell == "-" {
        return Ok(None);
    }
    if cell.contains(char::is_control) {
        let message = format!("the cell `{}` has a control character in it", cell.escape_debug());
        return Err(BadCell { message, help: "write it on one line".to_owned() });
    }
    let (column, kind) = compared(column);
    for operator in ["<=", ">=", "<", ">"] {
        if let Some(than) = cell.strip_prefix(operator) {
            return Ok(Some(format!("{column} {operator} {}", number(than, cell, kind)?)));
        }
    }
    if let Some(range) = range(&column, cell, kind)? {
        return Ok(Some(range));
    }
    let (not, listed) = match cell.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, cell),
    };
    let values = alternatives(listed).into_iter().map(|value| literal(value, cell, kind));
    let values = values.collect::<Result<Vec<String>, BadCell>>()?;
    Ok(Some(match (values.as_slice(), not) {
        ([value], false) => format!("{column} == {value}"),
        ([value], true) => format!("{column} != {value}"),
        (values, false) => format!("{column} in [{}]", values.join(", ")),
        (values, true) => format!("!({column} in [{}])", values.join(", ")),
    }))
}

/// A column as the left side of a comparison, and what it holds.
pub(super) fn compared(column: &str) -> (String, Kind) {
    let plain = column.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    (if plain { column.to_owned() } else { format!("({column})") }, kind(column))
}

fn kind(column: &str) -> Kind {
    let path: Vec<&str> = column.split('.').collect();
    match path.as_slice() {
        ["alert", "values", ..] => Kind::Number,
        ["alert", ..] | ["service", "id" | "name" | "tier" | "owner"] => Kind::Text,
        _ => Kind::Anything,
    }
}

/// `[0.1..0.5]` and its like; a round bracket leaves its end out.
fn range(column: &str, cell: &str, kind: Kind) -> Result<Option<String>, BadCell> {
    let from = match cell.chars().next() {
        Some('[') => ">=",
        Some('(') => ">",
        _ => return Ok(None),
    };
    let (inside, to) = match (cell.strip_suffix(']'), cell.strip_suffix(')')) {
        (Some(inside), _) => (inside, "<="),
        (None, Some(inside)) => (inside, "<"),
        (None, None) => return Err(bad(cell, "a range ends with `]` or `)`, such as `[0.1..0.5]`")),
    };
    let Some((low, high)) = inside.get(1..).and_then(|inside| inside.split_once("..")) else {
        return Err(bad(cell, "a range has two ends, such as `[0.1..0.5]`; one of several is `a | b`"));
    };
    let (low, high) = (number(low, cell, kind)?, number(high, cell, kind)?);
    Ok(Some(format!("{column} {from} {low} && {column} {to} {high}")))
}

/// The parts between bars that do not stand in quotes.
fn alternatives(cell: &str) -> Vec<&str> {
    let mut quoted = false;
    let parts = cell.split(|c: char| {
        quoted ^= c == '"';
        c == '|' && !quoted
    });
    parts.map(str::trim).collect()
}

fn literal(value: &str, cell: &str, kind: Kind) -> Result<String, BadCell> {
    if let Some(inside) = value.strip_prefix('"') {
        return match inside.strip_suffix('"') {
            Some(inside) if kind != Kind::Number && !inside.contains('"') => Ok(text(inside)),
            Some(inside) if kind == Kind::Number => Err(bad(cell, &format!("`{inside}` is text, the column a number"))),
            Some(_) | None => Err(bad(cell, "text in quotes has one at each end and none inside")),
        };
    }
    match value {
        "" => Err(bad(cell, "name a value on each side of `|`, and after `!`")),
        "-" => Err(bad(cell, "`-` stands alone, for anything")),
        _ if value.starts_with(['<', '>', '=', '!', '[', '(']) => {
            Err(bad(cell, "a comparison stands alone in its cell; put the other into a row of its own"))
        }
        _ if kind == Kind::Number => number(value, cell, kind),
        _ if kind == Kind::Text => Ok(text(value)),
        "true" | "false" => Ok(value.to_owned()),
        _ => number(value, cell, kind).or_else(|_| Ok(text(value))),
    }
}

fn number(value: &str, cell: &str, kind: Kind) -> Result<String, BadCell> {
    let value = value.trim();
    if kind == Kind::Text {
        return Err(bad(cell, "its column is text, and text has no order"));
    }
    if let Ok(whole) = value.parse::<i64>() {
        return Ok(whole.to_string());
    }
    match value.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(format!("{number:?}")),
        Ok(_) | Err(_) => Err(bad(cell, &format!("`{value}` is no number"))),
    }
}

/// As rhai writes text; control characters are refused before.
fn text(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

fn bad(cell: &str, why: &str) -> BadCell {
    BadCell { message: format!("the cell `{cell}` tests nothing"), help: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_a_condition_on_its_column() {
        for (column, cell, written) in [
            ("alert.labels.impact", "outage", "alert.labels.impact == \"outage\""),
            ("alert.labels.port", "8080", "alert.labels.port == \"8080\""),
            ("alert.labels.impact", "\"a | b\"", "alert.labels.impact == \"a | b\""),
            ("alert.labels.impact", "a\\b | c", "alert.labels.impact in [\"a\\\\b\", \"c\"]"),
            ("alert.labels.impact", "!outage", "alert.labels.impact != \"outage\""),
            ("alert.labels.impact", "! a | b", "!(alert.labels.impact in [\"a\", \"b\"])"),
            ("alert.values.rate", "> 0.1", "alert.values.rate > 0.1"),
            ("alert.values.rate", "<=-3", "alert.values.rate <= -3"),
            ("alert.values.rate", "[.1..1e3)", "alert.values.rate >= 0.1 && alert.values.rate < 1000.0"),
            ("alert.values.rate", "(1..2]", "alert.values.rate > 1 && alert.values.rate <= 2"),
            ("alert.values.rate", "1 | 2.5", "alert.values.rate in [1, 2.5]"),
            ("service.facts.paid", "true", "service.facts.paid == true"),
            ("service.facts.plan", "\"true\"", "service.facts.plan == \"true\""),
            ("service.facts.seats", "40", "service.facts.seats == 40"),
            ("service.facts.seats + 1", "> 3", "(service.facts.seats + 1) > 3"),
        ] {
            assert_eq!(condition(column, cell), Ok(Some(written.to_owned())), "{cell}");
        }
        assert_eq!((condition("severity", " - "), condition("severity", "")), (Ok(None), Ok(None)));
    }

    #[test]
    fn a_cell_that_tests_nothing_is_refused() {
        for (column, cell) in [
            ("alert.labels.impact", "> 3"),
            ("alert.labels.impact", "[a..b]"),
            ("alert.labels.impact", "\"outage"),
            ("alert.labels.impact", "\"a\"b\""),
            ("alert.labels.impact", "a |"),
            ("alert.labels.impact", "!"),
            ("alert.labels.impact", "a | -"),
            ("alert.labels.impact", "a\u{7}"),
            ("alert.values.rate", "many"),
            ("alert.values.rate", "\"1\""),
            ("alert.values.rate", "> "),
            ("alert.values.rate", "> 1 | < 2"),
            ("alert.values.rate", "[1..2"),
            ("alert.values.rate", "[1]"),
            ("alert.values.rate", "[1..many]"),
            ("alert.values.rate", "inf"),
            ("alert.values.rate", "= 3"),
        ] {
            assert!(condition(column, cell).is_err(), "{column} {cell}");
        }
    }
}

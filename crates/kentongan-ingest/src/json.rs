//! JSON text into a tree, within bounds of size, depth and number of values. A key given twice is refused: readers
//! disagree on which of the two counts, and a page must not hang on that.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::error::{IntakeError, Place, excerpt};
use crate::limits::{PAYLOAD_BYTES_MAX, PAYLOAD_DEPTH_MAX, PAYLOAD_NODES_MAX};

/// What to do about a payload beyond a bound.
const IN_SEVERAL: &str = "send the alerts in several payloads";

/// A value; its texts are borrowed from the payload where they hold no escapes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    /// Sorted by key; a tree map would cost a hostile payload of small objects ten times the memory.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl Json<'_> {
    /// What stands under a key of an object.
    pub(crate) fn member(&self, key: &str) -> Option<&Self> {
        match self {
            Json::Object(members) => members
                .binary_search_by(|(name, _)| (**name).cmp(key))
                .ok()
                .and_then(|position| members.get(position))
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// What it is, for people: `the number 5`.
    pub(crate) fn describe(&self) -> String {
        match self {
            Json::Null => "null".to_owned(),
            Json::Bool(value) => format!("`{value}`"),
            Json::Unsigned(value) => format!("the number {value}"),
            Json::Signed(value) => format!("the number {value}"),
            Json::Float(value) => format!("the number {value:?}"),
            Json::Text(text) => format!("the text `{}`", excerpt(text)),
            Json::List(_) => "a list".to_owned(),
            Json::Object(_) => "an object".to_owned(),
        }
    }
}

/// A payload as its text lays it out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Payload<'a> {
    /// One JSON value.
    One(Json<'a>),
    /// JSON lines: one value a line, each with its line number.
    Lines(Vec<(usize, Json<'a>)>),
}

/// Reads a payload: one JSON value, or one a line. Blank lines and a byte order mark are passed over.
pub(crate) fn read(payload: &[u8]) -> Result<Payload<'_>, IntakeError> {
    if payload.len() > PAYLOAD_BYTES_MAX {
        return Err(IntakeError::new(
            "payload_too_large",
            format!("the payload has {} bytes, {PAYLOAD_BYTES_MAX} are allowed", payload.len()),
        )
        .with_help(IN_SEVERAL));
    }
    let text = std::str::from_utf8(payload).map_err(|error| {
        IntakeError::new("not_utf8", "the payload is not UTF-8 text".to_owned())
            .at(Place::at_offset(payload, error.valid_up_to()))
            .with_help("encode it as UTF-8, uncompressed")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some((first_number, first)) = written_lines(text).next() else {
        return Err(IntakeError::new("not_json", "the payload is empty".to_owned())
            .at(Place::in_text(1, 1))
            .with_help("hand over the body of the request as it was received"));
    };
    match Budget::default().read(text) {
        Ok(value) => Ok(Payload::One(value)),
        // Only where the first line is a whole value can the rest be further lines of the same kind.
        Err(whole) => match Budget::default().read(first) {
            Ok(value) => lines(text, first_number, value).map(Payload::Lines),
            Err(_) => Err(whole),
        },
    }
}

fn lines<'a>(text: &'a str, first_number: usize, first: Json<'a>) -> Result<Vec<(usize, Json<'a>)>, IntakeError> {
    let budget = Budget::default();
    let mut values = vec![(first_number, first)];
    for (number, line) in written_lines(text).skip(1) {
        let value = budget.read(line).map_err(|error| error.on_line(number))?;
        values.push((number, value));
    }
    Ok(values)
}

/// The lines that hold more than white space, with their numbers.
fn written_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split('\n')
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim_ascii().is_empty())
}

/// What reading stopped for, by its code, and what to do about it.
#[derive(Clone, Copy)]
struct Refusal {
    code: &'static str,
    help: &'static str,
}

/// What one payload has spent of its bound, and why reading stopped where it was not the JSON that was at fault.
#[derive(Default)]
struct Budget {
    nodes: Cell<usize>,
    refusal: Cell<Option<Refusal>>,
}

impl Budget {
    fn read<'a>(&self, text: &'a str) -> Result<Json<'a>, IntakeError> {
        let mut source = serde_json::Deserializer::from_str(text);
        let node = Node { budget: self, depth: 0 };
        node.deserialize(&mut source)
            .and_then(|value| source.end().map(|()| value))
            .map_err(|error| self.explain(text, &error))
    }

    fn explain(&self, text: &str, error: &serde_json::Error) -> IntakeError {
        let place = place(text, error.line(), error.column());
        let message = error.to_string();
        // What serde_json adds stands in the place.
        let suffix = format!(" at line {} column {}", error.line(), error.column());
        let message = message.strip_suffix(&suffix).unwrap_or(&message);
        let error = match self.refusal.get() {
            Some(Refusal { code, help }) => IntakeError::new(code, message.to_owned()).with_help(help),
            None => IntakeError::new("not_json", format!("not JSON: {message}"))
                .with_help("hand over the payload as it was sent: one JSON value, or one a line"),
        };
        error.at(place)
    }

    fn refuse<E: serde::de::Error>(&self, code: &'static str, message: impl fmt::Display, help: &'static str) -> E {
        self.refusal.set(Some(Refusal { code, help }));
        E::custom(message)
    }
}

/// A place from a line and a column that counts bytes.
fn place(text: &str, line: usize, column: usize) -> Place {
    let written = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    let characters = written.char_indices().take_while(|(offset, _)| *offset < column).count();
    Place::in_text(line, characters.max(1))
}

#[derive(Clone, Copy)]
struct Node<'b> {
    budget: &'b Budget,
    depth: usize,
}

impl Node<'_> {
    fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == PAYLOAD_DEPTH_MAX {
            let message = format!("the payload nests deeper than {PAYLOAD_DEPTH_MAX}");
            return Err(self.budget.refuse(
                "too_deep",
                message,
                "send it without the objects and lists that nest so deep",
            ));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Json<'de>, D::Error> {
        let nodes = self.budget.nodes.get() + 1;
        if nodes > PAYLOAD_NODES_MAX {
            let message = format!("the payload holds more than {PAYLOAD_NODES_MAX} values");
            return Err(self.budget.refuse("payload_too_large", message, IN_SEVERAL));
        }
        self.budget.nodes.set(nodes);
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Signed(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(Json::Float(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json<'de>, A::Error> {
        let inside = self.inside()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inside)? {
            list.push(item);
        }
        list.shrink_to_fit();
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json<'de>, A::Error> {
        let inside = self.inside()?;
        let mut object: Vec<(Cow<'de, str>, Json<'de>)> = Vec::new();
        while let Some(key) = members.next_key_seed(inside)? {
            let Json::Text(key) = key else {
                return Err(A::Error::custom("a key that is not text"));
            };
            object.push((key, members.next_value_seed(inside)?));
        }
        object.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut neighbours = object.iter().zip(object.iter().skip(1));
        if let Some(((key, _), _)) = neighbours.find(|((one, _), (other, _))| one == other) {
            let key = excerpt(key);
            let message = format!("the key `{key}` is given twice in the object that ends here");
            return Err(self.budget.refuse("duplicate_key", message, "send each key of an object once"));
        }
        object.shrink_to_fit();
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let error = read(text.as_bytes()).unwrap_err();
        format!("{} {error}", error.code())
    }

    #[test]
    fn a_whole_value_may_span_lines_and_values_may_stand_one_a_line() {
        let one = |text: &str| matches!(read(text.as_bytes()), Ok(Payload::One(_)));
        assert!(one("{\n\"a\": 1\n}\n"));
        assert!(one("\u{feff}{}"));
        let Ok(Payload::Lines(lines)) = read(b"\n{}\r\n\r\n{\"a\":1}\n") else {
            panic!("not read as lines");
        };
        let numbers: Vec<usize> = lines.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [2, 4]);
    }

    #[test]
    fn numbers_keep_their_kind() {
        let text = b"[0,-1,0.5,18446744073709551615]";
        let numbers = vec![Json::Unsigned(0), Json::Signed(-1), Json::Float(0.5), Json::Unsigned(u64::MAX)];
        assert_eq!(read(text), Ok(Payload::One(Json::List(numbers))));
    }

    #[test]
    fn a_key_given_twice_is_refused_with_its_place() {
        assert_eq!(
            refused("{\"a\":1,\n\"\\u0061\":2}"),
            "duplicate_key line 2, column 11: the key `a` is given twice in the object that ends here"
        );
    }

    #[test]
    fn depth_and_number_of_values_are_bounded() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(deep(PAYLOAD_DEPTH_MAX).as_bytes()).is_ok());
        assert_eq!(
            refused(&deep(PAYLOAD_DEPTH_MAX + 1)),
            "too_deep line 1, column 66: the payload nests deeper than 64"
        );
        assert!(refused(&"[".repeat(100_000)).starts_with("too_deep"));
        let wide = format!("[{}0]", "0,".repeat(PAYLOAD_NODES_MAX));
        assert!(refused(&wide).starts_with("payload_too_large"));
        assert!(refused(&"{}\n".repeat(PAYLOAD_NODES_MAX + 2)).starts_with("payload_too_large"));
    }

    #[test]
    fn what_follows_a_whole_value_is_pointed_at() {
        assert_eq!(refused("{\"a\":1}\n{\"a\":1,}"), "not_json line 2, column 8: not JSON: trailing comma");
        assert_eq!(refused("{\"a\":1} x"), "not_json line 1, column 9: not JSON: trailing characters");
    }
}

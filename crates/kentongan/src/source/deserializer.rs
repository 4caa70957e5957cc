//! Serde's view of the tree: a deserializer whose errors know their way through the document.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::diagnostic::did_you_mean;
use super::tree::{Content, Key, Node, Path, Segment};

/// An error on its way up; each collection it leaves adds its step.
#[derive(Debug)]
pub(crate) struct Error {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// The field that is missing, if that is the error.
    pub(super) missing: Option<&'static str>,
    /// Whether the last step is at fault itself, not what stands behind it.
    pub(super) on_key: bool,
    /// From the innermost outwards.
    pub(super) steps: Vec<Segment>,
}

impl Error {
    fn new(code: &'static str, message: String, help: Option<String>) -> Self {
        Self { code, message, help, missing: None, on_key: false, steps: Vec::new() }
    }

    fn inside(mut self, step: Segment) -> Self {
        self.steps.push(step);
        self
    }

    fn at_key(mut self, name: &str) -> Self {
        self.on_key = true;
        self.inside(Segment::Key(name.to_owned()))
    }

    pub(super) fn path(&self) -> Path {
        Path(self.steps.iter().rev().cloned().collect())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        // `message; help` is how a type's own decoder hands over its remedy.
        let text = message.to_string();
        // What stands in backticks was written by the user and separates nothing.
        let separator = text
            .match_indices("; ")
            .find(|(at, _)| text.get(..*at).is_some_and(|before| before.matches('`').count() % 2 == 0));
        match separator.and_then(|(at, _)| text.split_at_checked(at)) {
            Some((message, help)) => {
                Self::new("invalid_value", message.to_owned(), Some(help.trim_start_matches("; ").to_owned()))
            }
            None => Self::new("invalid_value", text, None),
        }
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new("wrong_type", format!("expected {expected}, found {}", describe(found)), None)
    }

    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let expected = match expected.to_string().as_str() {
            "u8" => "a whole number from 0 to 255".to_owned(),
            "u32" | "u64" => "a whole number, 0 or more".to_owned(),
            expected => expected.to_owned(),
        };
        Self::new("invalid_value", format!("expected {expected}, found {}", describe(found)), None)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let help = did_you_mean(field, expected.iter().copied());
        Self::new("unknown_field", format!("unknown field `{field}`"), Some(help)).at_key(field)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let help = did_you_mean(variant, expected.iter().copied());
        Self::new("unknown_value", format!("`{variant}` is not one of the values allowed here"), Some(help))
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            missing: Some(field),
            ..Self::new("missing_field", format!("`{field}` is missing"), Some(format!("add `{field}:`")))
        }
    }
}

/// What was found, in the words of [`Node::describe`].
fn describe(found: de::Unexpected<'_>) -> String {
    match found {
        de::Unexpected::Bool(value) => format!("the boolean `{value}`"),
        de::Unexpected::Unsigned(value) => format!("the number `{value}`"),
        de::Unexpected::Signed(value) => format!("the number `{value}`"),
        de::Unexpected::Float(value) => format!("the number `{value}`"),
        de::Unexpected::Str(text) => format!("the text `{text}`"),
        de::Unexpected::Unit | de::Unexpected::Option => "nothing".to_owned(),
        de::Unexpected::Seq => "a list".to_owned(),
        de::Unexpected::Map => "a mapping".to_owned(),
        other => other.to_string(),
    }
}

impl Node {
    fn mismatch(&self, expected: &dyn de::Expected) -> Error {
        let expected = expected.to_string();
        let text = expected.contains("string") || expected.contains("text");
        let help = match &self.content {
            Content::Integer(value) if expected.contains("length of time") => {
                Some(format!("add a unit, such as `{value}s` or `{value}m`"))
            }
            Content::Bool(_) | Content::Integer(_) | Content::Float(_) if text => {
                Some("put it in quotes if it is meant as text".to_owned())
            }
            Content::Text(text) if expected == "a list" && text.len() <= 40 => Some(format!("write `[{text}]`")),
            Content::Mapping(_) if expected == "a list" => Some("begin each entry with `- `".to_owned()),
            _ => None,
        };
        Error::new(
            "wrong_type",
            format!("expected {}, found {}", expected.replace("a string", "text"), self.describe()),
            help,
        )
    }
}

struct Expecting<'a, V>(&'a V);

impl<'de, V: Visitor<'de>> fmt::Display for Expecting<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }
}

impl<'de, V: Visitor<'de>> de::Expected for Expecting<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }
}

impl<'de> de::Deserializer<'de> for &'de Node {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.content {
            Content::Null => visitor.visit_unit(),
            Content::Bool(value) => visitor.visit_bool(*value),
            Content::Integer(value) => visitor.visit_i64(*value),
            Content::Float(value) => visitor.visit_f64(*value),
            Content::Text(text) => visitor.visit_borrowed_str(text),
            Content::Sequence(items) => visitor.visit_seq(Items { items, position: 0 }),
            Content::Mapping(entries) => visitor.visit_map(Entries { entries, position: 0 }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.content {
            Content::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.content {
            Content::Text(text) => visitor.visit_borrowed_str(text),
            _ => Err(self.mismatch(&Expecting(&visitor))),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.content {
            Content::Sequence(items) => visitor.visit_seq(Items { items, position: 0 }),
            _ => Err(self.mismatch(&"a list")),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.content {
            Content::Mapping(entries) => visitor.visit_map(Entries { entries, position: 0 }),
            _ => Err(self.mismatch(&"a mapping")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match &self.content {
            Content::Text(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            Content::Mapping(entries) => match entries.as_slice() {
                [(key, node)] => visitor.visit_enum(Variant { key, node }),
                _ => Err(self.mismatch(&"a mapping with one entry")),
            },
            _ => Err(self.mismatch(&"text")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
        identifier ignored_any
    }
}

struct Items<'de> {
    items: &'de [Node],
    position: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some(item) = self.items.get(self.position) else {
            return Ok(None);
        };
        let position = self.position;
        self.position += 1;
        seed.deserialize(item).map(Some).map_err(|error| error.inside(Segment::Index(position)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.position)
    }
}

struct Entries<'de> {
    entries: &'de [(Key, Node)],
    position: usize,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((key, _)) = self.entries.get(self.position) else {
            return Ok(None);
        };
        let name: StrDeserializer<'_, Error> = key.name.as_str().into_deserializer();
        seed.deserialize(name).map(Some).map_err(|error| {
            if error.on_key {
                error
            } else {
                // A name that is not allowed here spoils its entry, not the whole mapping.
                error.at_key(&key.name)
            }
        })
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let Some((key, node)) = self.entries.get(self.position) else {
            return Err(de::Error::custom("a value was asked for past the end of a mapping"));
        };
        self.position += 1;
        seed.deserialize(node).map_err(|error| error.inside(Segment::Key(key.name.clone())))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len() - self.position)
    }
}

struct Variant<'de> {
    key: &'de Key,
    node: &'de Node,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Error;
    type Variant = Inside<'de>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), Error> {
        let name: StrDeserializer<'_, Error> = self.key.name.as_str().into_deserializer();
        Ok((seed.deserialize(name)?, Inside(self)))
    }
}

struct Inside<'de>(Variant<'de>);

impl<'de> VariantAccess<'de> for Inside<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Err(self.0.node.mismatch(&"nothing").inside(Segment::Key(self.0.key.name.clone())))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self.0.node).map_err(|error| error.inside(Segment::Key(self.0.key.name.clone())))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        de::Deserializer::deserialize_seq(self.0.node, visitor)
            .map_err(|error| error.inside(Segment::Key(self.0.key.name.clone())))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        de::Deserializer::deserialize_map(self.0.node, visitor)
            .map_err(|error| error.inside(Segment::Key(self.0.key.name.clone())))
    }
}

//! From the tree to types, through serde, so that an error names its code, its place and what was expected.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{self, Deserialize, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::error::{IntakeError, Path, Place, excerpt};
use crate::json::Json;
use crate::number::decimal;

/// Decodes a value.
pub(crate) fn decode<'de, T: Deserialize<'de>>(json: &'de Json<'de>) -> Result<T, Error> {
    T::deserialize(Source(json))
}

/// An error on its way up; each collection it leaves adds its step.
#[derive(Debug)]
pub(crate) struct Error {
    code: &'static str,
    message: String,
    help: String,
    path: Path,
}

impl Error {
    fn new(code: &'static str, message: String, help: impl Into<String>) -> Self {
        let help = help.into();
        Self { code, message, help, path: Path::default() }
    }

    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    fn inside_key(mut self, key: &str) -> Self {
        self.path = self.path.inside_key(key);
        self
    }

    pub(crate) fn inside_index(mut self, index: usize) -> Self {
        self.path = self.path.inside_index(index);
        self
    }
}

impl From<Error> for IntakeError {
    fn from(error: Error) -> Self {
        IntakeError::new(error.code, error.message).with_help(error.help).at(Place::at_path(&error.path))
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
        Self::new("invalid_value", message.to_string(), "send what the documentation of the source has there")
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new("wrong_type", format!("expected {expected}, found {found}"), format!("send {expected}"))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::new(
            "unknown_field",
            format!("unknown field `{}`", excerpt(field)),
            format!("known are `{}`", expected.join("`, `")),
        )
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(
            "unknown_value",
            format!("`{}` is not one of the values allowed here", excerpt(variant)),
            format!("known are `{}`", expected.join("`, `")),
        )
    }

    fn missing_field(field: &'static str) -> Self {
        // At the field itself, so that a place is said where all of the payload is the object.
        Self::new("missing_field", format!("`{field}` is missing"), format!("send `{field}`")).inside_key(field)
    }
}

struct Source<'de>(&'de Json<'de>);

impl Source<'_> {
    fn mismatch(&self, expected: &str) -> Error {
        let message = format!("expected {expected}, found {}", self.0.describe());
        let help = match self.0 {
            Json::Text(text) if expected == "a number" && decimal(text).is_some() => {
                format!("send the number itself, `{}`, and no text", excerpt(text.trim()))
            }
            _ => format!("send {expected}"),
        };
        Error::new("wrong_type", message, help)
    }
}

impl<'de> de::Deserializer<'de> for Source<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Json::Null => visitor.visit_unit(),
            Json::Bool(value) => visitor.visit_bool(*value),
            Json::Unsigned(value) => visitor.visit_u64(*value),
            Json::Signed(value) => visitor.visit_i64(*value),
            Json::Float(value) => visitor.visit_f64(*value),
            Json::Text(text) => visitor.visit_borrowed_str(text),
            Json::List(_) => self.deserialize_seq(visitor),
            Json::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Json::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Json::Text(text) = self.0 else {
            return Err(self.mismatch("text"));
        };
        visitor.visit_borrowed_str(text).map_err(|mut error: Error| {
            // A type that reads itself from text says only what it missed. Of those there are but instants.
            if error.code == "invalid_value" {
                "send an instant such as `2026-11-24T02:00:00Z`".clone_into(&mut error.help);
                error.message = format!("`{}` cannot be read here: {}", excerpt(text), error.message);
            }
            error
        })
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Json::Unsigned(_) | Json::Signed(_) | Json::Float(_) => self.deserialize_any(visitor),
            _ => Err(self.mismatch("a number")),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Json::Unsigned(value) => visitor.visit_u64(*value),
            _ => Err(self.mismatch("a whole number, zero or more")),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Json::List(items) => visitor.visit_seq(Items(items.iter().enumerate())),
            _ => Err(self.mismatch("a list")),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Json::Object(members) => visitor.visit_map(Members { rest: members.iter(), value: None }),
            _ => Err(self.mismatch("an object")),
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

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Json::Text(text) => visitor.visit_enum((&**text).into_deserializer()),
            _ => Err(self.mismatch("text")),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u128 f32 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}

struct Items<'de>(std::iter::Enumerate<std::slice::Iter<'de, Json<'de>>>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((index, item)) = self.0.next() else {
            return Ok(None);
        };
        seed.deserialize(Source(item)).map(Some).map_err(|error| error.inside_index(index))
    }
}

struct Members<'de> {
    rest: std::slice::Iter<'de, (Cow<'de, str>, Json<'de>)>,
    value: Option<(&'de str, &'de Json<'de>)>,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some((key, value));
        let name: StrDeserializer<'_, Error> = (&**key).into_deserializer();
        seed.deserialize(name).map(Some).map_err(|error| error.inside_key(key))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let Some((key, value)) = self.value.take() else {
            return Err(de::Error::custom("a value was asked for before its key"));
        };
        seed.deserialize(Source(value)).map_err(|error| error.inside_key(key))
    }
}

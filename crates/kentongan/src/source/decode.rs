//! From the tree to types, through serde. Serde stops at the first error; here the part at fault is taken out and
//! the rest decoded again, until all errors are known. The cost falls on broken documents only.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::diagnostic::{Diagnostics, Level, did_you_mean};
use super::tree::{Content, Key, Node, Path, Segment, Tree};

impl Tree {
    /// Decodes the document and reports everything that stands in the way. What comes back lacks the parts at
    /// fault, so that what is left can still be checked; it is whole only where `diagnostics` gained nothing.
    pub(crate) fn decode<T: DeserializeOwned>(&self, diagnostics: &mut Diagnostics) -> Option<T> {
        let mut tree = self.clone();
        loop {
            match T::deserialize(&tree.root) {
                Ok(document) => return Some(document),
                Err(error) => {
                    let path = error.path();
                    let whole = tree.root.restore(&path, self);
                    tree.report(&error, &whole, self, diagnostics);
                    if path.0.is_empty() || diagnostics.is_full() || !tree.root.remove(&path.0) {
                        return None;
                    }
                }
            }
        }
    }

    fn report(&self, error: &Error, path: &Path, original: &Self, diagnostics: &mut Diagnostics) {
        let mut span = original.span(path);
        if error.code == "unknown_field" {
            // The key is at fault, not what stands behind it.
            let (last, parents) = path
                .0
                .split_last()
                .map_or((None, Path::default()), |(last, rest)| {
                    (Some(last), Path(rest.to_vec()))
                });
            if let (Some(last), Some(node)) = (last, original.node(&parents)) {
                if let Some((Some(key), _)) = node.child(last) {
                    span = key.span.clone();
                }
            }
        }
        diagnostics.push(original.diagnostic(
            Level::Error,
            error.code,
            error.message.clone(),
            error.help.clone(),
            path,
            &span,
        ));
    }
}

impl Node {
    /// The path in the document as written, from a path in the tree from which earlier errors were taken out.
    ///
    /// Only list positions shift; each item is found again by its span.
    fn restore(&self, path: &Path, original: &Tree) -> Path {
        let mut whole = Path::default();
        let (mut pruned, mut written) = (self, &original.root);
        for segment in &path.0 {
            let Some((_, child)) = pruned.child(segment) else {
                break;
            };
            let segment = match (segment, &written.content) {
                (Segment::Index(_), Content::Sequence(items)) if child.span.range.is_some() => {
                    items
                        .iter()
                        .position(|item| item.span == child.span)
                        .map_or_else(|| segment.clone(), Segment::Index)
                }
                _ => segment.clone(),
            };
            let Some((_, next)) = written.child(&segment) else {
                break;
            };
            whole.0.push(segment);
            (pruned, written) = (child, next);
        }
        whole
    }
}

/// An error on its way up; each collection it leaves adds its step.
#[derive(Debug)]
pub(crate) struct Error {
    code: &'static str,
    message: String,
    help: Option<String>,
    /// From the innermost outwards.
    steps: Vec<Segment>,
}

impl Error {
    fn new(code: &'static str, message: String, help: Option<String>) -> Self {
        Self {
            code,
            message,
            help,
            steps: Vec::new(),
        }
    }

    fn inside(mut self, step: Segment) -> Self {
        self.steps.push(step);
        self
    }

    fn path(&self) -> Path {
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
        match text.split_once("; ") {
            Some((message, help)) => {
                Self::new("invalid_value", message.to_owned(), Some(help.to_owned()))
            }
            None => Self::new("invalid_value", text, None),
        }
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(
            "wrong_type",
            format!("expected {expected}, found {found}"),
            None,
        )
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let help = did_you_mean(field, expected.iter().copied());
        Self::new(
            "unknown_field",
            format!("unknown field `{field}`"),
            Some(help),
        )
        .inside(Segment::Key(field.to_owned()))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let help = did_you_mean(variant, expected.iter().copied());
        Self::new(
            "unknown_value",
            format!("`{variant}` is not one of the values allowed here"),
            Some(help),
        )
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(
            "missing_field",
            format!("`{field}` is missing"),
            Some(format!("add `{field}:`")),
        )
    }
}

impl Node {
    fn mismatch(&self, expected: &dyn de::Expected) -> Error {
        let help = match self.content {
            Content::Bool(_) | Content::Integer(_) | Content::Float(_) => {
                Some("put it in quotes if it is meant as text".to_owned())
            }
            _ => None,
        };
        let expected = expected.to_string();
        let help = help.filter(|_| expected.contains("string") || expected.contains("text"));
        Error::new(
            "wrong_type",
            format!(
                "expected {}, found {}",
                expected.replace("a string", "text"),
                self.describe()
            ),
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
            Content::Mapping(entries) => visitor.visit_map(Entries {
                entries,
                position: 0,
            }),
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
            Content::Mapping(entries) => visitor.visit_map(Entries {
                entries,
                position: 0,
            }),
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

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
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

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(item) = self.items.get(self.position) else {
            return Ok(None);
        };
        let position = self.position;
        self.position += 1;
        seed.deserialize(item)
            .map(Some)
            .map_err(|error| error.inside(Segment::Index(position)))
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

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some((key, _)) = self.entries.get(self.position) else {
            return Ok(None);
        };
        let name: StrDeserializer<'_, Error> = key.name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let Some((key, node)) = self.entries.get(self.position) else {
            return Err(de::Error::custom(
                "a value was asked for past the end of a mapping",
            ));
        };
        self.position += 1;
        seed.deserialize(node)
            .map_err(|error| error.inside(Segment::Key(key.name.clone())))
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

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), Error> {
        let name: StrDeserializer<'_, Error> = self.key.name.as_str().into_deserializer();
        Ok((seed.deserialize(name)?, Inside(self)))
    }
}

struct Inside<'de>(Variant<'de>);

impl<'de> VariantAccess<'de> for Inside<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Err(self
            .0
            .node
            .mismatch(&"nothing")
            .inside(Segment::Key(self.0.key.name.clone())))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self.0.node)
            .map_err(|error| error.inside(Segment::Key(self.0.key.name.clone())))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        de::Deserializer::deserialize_seq(self.0.node, visitor)
            .map_err(|error| error.inside(Segment::Key(self.0.key.name.clone())))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        de::Deserializer::deserialize_map(self.0.node, visitor)
            .map_err(|error| error.inside(Segment::Key(self.0.key.name.clone())))
    }
}

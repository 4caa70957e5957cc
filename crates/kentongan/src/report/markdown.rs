//! Markdown that we have written ourselves, or escaped already: a template prints it as it is.

use std::borrow::Cow;
use std::fmt;

use minijinja::Value;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use crate::escape;

/// A text that a template does not escape any more.
#[derive(Debug, Clone, Default)]
pub(super) struct Markdown(String);

/// What people wrote, on one line.
pub(super) fn inline(text: &str) -> Markdown {
    Markdown(escape::markdown(text))
}

/// What people wrote, in paragraphs.
pub(super) fn block(text: &str) -> Markdown {
    Markdown(escape::paragraphs(text))
}

impl Markdown {
    /// Of what is Markdown already.
    pub(super) fn written(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Markdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Markdown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from_safe_string(self.0.clone()).serialize(serializer)
    }
}

impl JsonSchema for Markdown {
    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

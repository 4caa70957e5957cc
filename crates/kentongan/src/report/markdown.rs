//! Markdown that we have written ourselves, or escaped already: a template prints it as it is.

use std::borrow::Cow;
use std::fmt;

use minijinja::Value;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use crate::escape;
use crate::text::is_web_address;

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

/// An address that people gave, to be followed where it is one of the web and no more; shown as text otherwise.
pub(super) fn link(address: &str) -> Markdown {
    let address = address.trim();
    // What stands in the angle brackets is taken as it is, so nothing in it may end them or the line.
    if is_web_address(address) && address.chars().all(|it| it.is_ascii_graphic()) {
        Markdown(format!("<{address}>"))
    } else {
        inline(address)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_web_can_be_followed_and_anything_else_is_shown() {
        assert_eq!(link(" https://wiki.example.org/p/1?a=b_c ").to_string(), "<https://wiki.example.org/p/1?a=b_c>");
        assert_eq!(link("javascript:alert(1)").to_string(), "javascript:alert(1)");
        assert_eq!(link("https://x> <b>").to_string(), "https\\://x&gt; &lt;b&gt;");
        assert_eq!(link("https://x/](y)").to_string(), "<https://x/](y)>");
        assert_eq!(link("").to_string(), "");
    }
}

//! The same as filters of templates, and what a template prints without one.

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error, Output, State, Value};

use super::markdown::in_place;
use super::{mail_header, markdown, paragraphs, slack};

/// What a document is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Markdown.
    Markdown,
    /// One line in Slack's markup.
    Slack,
}

const MARKDOWN: AutoEscape = AutoEscape::Custom(std::borrow::Cow::Borrowed("markdown"));
const SLACK: AutoEscape = AutoEscape::Custom(std::borrow::Cow::Borrowed("slack"));

/// Gives templates the filters, and escapes what they print as `dialect` says of each by its name. What a filter has
/// escaped, and Markdown that we have written ourselves, is printed as it is.
pub(crate) fn install(
    environment: &mut Environment<'_>,
    dialect: impl Fn(&str) -> Option<Dialect> + Send + Sync + 'static,
) {
    environment.set_auto_escape_callback(move |template| match dialect(template) {
        None => AutoEscape::None,
        Some(Dialect::Markdown) => MARKDOWN,
        Some(Dialect::Slack) => SLACK,
    });
    environment.set_formatter(print);
    environment.add_filter("inline", |value: &Value| escaped(value, markdown));
    environment.add_filter("paragraphs", |value: &Value| escaped(value, paragraphs));
    environment.add_filter("slack", |value: &Value| escaped(value, slack));
    environment.add_filter("mail_header", |value: &Value| escaped(value, mail_header));
}

/// A text that is escaped, once.
fn escaped(value: &Value, escape: impl Fn(&str) -> String) -> Value {
    if value.is_safe() {
        return value.clone();
    }
    Value::from_safe_string(escape(&value.to_string()))
}

fn print(output: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let text = value.to_string();
    let plain = value.is_safe() || matches!(value.kind(), ValueKind::Number | ValueKind::Bool);
    let text = match state.auto_escape() {
        _ if plain => text,
        escape if *escape == MARKDOWN => in_place(&text),
        escape if *escape == SLACK => slack(&text),
        _ => text,
    };
    Ok(output.write_str(&text)?)
}

//! Why a payload could not be read: a stable code, a sentence, a place and a remedy.

use std::fmt;

use serde::Serialize;

use crate::limits::QUOTE_CHARACTERS_MAX;

/// Where in a payload something stands: a line and column of its text, a path through its JSON, or both.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "String::is_empty")]
    path: String,
}

impl Place {
    pub(crate) fn in_text(line: usize, column: usize) -> Self {
        Self { line: Some(line), column: Some(column), path: String::new() }
    }

    /// In what was handed in beside a payload, by its name.
    pub(crate) fn of_argument(name: &str) -> Self {
        Self { path: name.to_owned(), ..Self::default() }
    }

    pub(crate) fn at_path(path: &Path) -> Self {
        Self { path: path.to_string(), ..Self::default() }
    }

    /// The place of a byte offset, and of a line and column that count bytes.
    pub(crate) fn at_offset(text: &[u8], offset: usize) -> Self {
        let before = String::from_utf8_lossy(text.get(..offset).unwrap_or(text));
        let line = before.split('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default();
        Self::in_text(line, column.chars().count() + 1)
    }

    pub(crate) fn on_line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    /// The line, counted from 1. A payload in JSON lines has one for every error.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// The column in characters, counted from 1.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.column
    }

    /// The way to it through the JSON, `alerts[3].labels.env`; absent at the top and where the text is not JSON.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        Some(self.path.as_str()).filter(|path| !path.is_empty())
    }

    /// The place itself, unless it is nowhere in particular.
    pub(crate) fn known(&self) -> Option<&Self> {
        Some(self).filter(|place| place.line.is_some() || !place.path.is_empty())
    }

    /// What goes before a message.
    pub(crate) fn prefix(&self) -> String {
        self.known().map(|place| format!("{place}: ")).unwrap_or_default()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}")?,
            (Some(line), None) => write!(f, "line {line}")?,
            (None, _) => {}
        }
        match self.path() {
            Some(path) if self.line.is_some() => write!(f, ", `{path}`"),
            Some(path) => write!(f, "`{path}`"),
            None => Ok(()),
        }
    }
}

/// A way through JSON, gathered from the innermost step outwards.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Path {
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

impl Path {
    pub(crate) fn inside_key(mut self, key: &str) -> Self {
        self.steps.push(Step::Key(excerpt(key)));
        self
    }

    pub(crate) fn inside_index(mut self, index: usize) -> Self {
        self.steps.push(Step::Index(index));
        self
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.steps.iter().rev().enumerate() {
            match step {
                Step::Key(key) if position == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Why a payload gave no alerts. Nothing of it was taken.
///
/// The codes: `payload_too_large`, `not_utf8`, `not_json`, `too_deep`, `duplicate_key`, `unknown_source`,
/// `unsupported_version`, `missing_field`, `unknown_field`, `wrong_type`, `unknown_value`, `invalid_value`; of a table
/// `needs_whole_alerts`, `unknown_column`, `invalid_value`.
///
/// ```
/// let error = kentongan_ingest::alerts_from(b"{\"version\":\"4\",", None).unwrap_err();
/// assert_eq!(error.code(), "not_json");
/// assert_eq!(error.to_string(), "line 1, column 15: not JSON: EOF while parsing a value");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{}{message}", .place.prefix())]
pub struct IntakeError {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(rename = "where")]
    place: Place,
}

impl IntakeError {
    pub(crate) fn new(code: &'static str, message: String) -> Self {
        Self { code, message, help: None, place: Place::default() }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    pub(crate) fn on_line(mut self, line: usize) -> Self {
        self.place = self.place.on_line(line);
        self
    }

    /// The stable name of this kind of problem: `unsupported_version`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What is wrong, in lower case, without a full stop and without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Where it stands; nowhere in particular where the payload as a whole is at fault.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.place.known()
    }
}

/// A sender's text as a message quotes it: short, on one line, nothing that moves a terminal's cursor.
pub(crate) fn excerpt(text: &str) -> String {
    let mut characters = text.chars();
    let mut quoted = String::new();
    for character in characters.by_ref().take(QUOTE_CHARACTERS_MAX) {
        if character.is_control() {
            quoted.extend(character.escape_default());
        } else {
            quoted.push(character);
        }
    }
    if characters.next().is_some() {
        quoted.push('…');
    }
    quoted
}

/// What a library says, as a part of a sentence of ours: its first letter small.
pub(crate) fn lower(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_as_people_say_them() {
        let path = Path::default().inside_key("status").inside_index(2).inside_key("alerts");
        for (place, text) in [
            (Place::default(), ""),
            (Place::in_text(3, 14), "line 3, column 14"),
            (Place::at_path(&path), "`alerts[2].status`"),
            (Place::at_path(&path).on_line(7), "line 7, `alerts[2].status`"),
        ] {
            assert_eq!(place.to_string(), text);
        }
    }

    #[test]
    fn columns_count_characters_and_not_bytes() {
        assert_eq!(Place::at_offset("a\nдб☃!".as_bytes(), 9), Place::in_text(2, 4));
    }

    #[test]
    fn quotes_are_short_and_hold_no_control_characters() {
        assert_eq!(excerpt("a\u{0}b\u{1b}[2Jдб ☃"), "a\\u{0}b\\u{1b}[2Jдб ☃");
        assert_eq!(excerpt(&"x".repeat(1 << 20)).chars().count(), QUOTE_CHARACTERS_MAX + 1);
    }
}

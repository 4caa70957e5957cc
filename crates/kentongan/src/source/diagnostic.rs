//! One thing wrong with a document: what, where, and what to do about it.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level as Title, Renderer, Snippet};
use serde::Serialize;

use crate::limits;

/// Whether a document can be used in spite of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// It cannot.
    Error,
    /// It can, but it likely does not mean what its author thinks.
    Warning,
}

/// Where in a document something stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, as the host named it.
    pub file: String,
    /// The line, counted from 1; 0 where the document was not text.
    pub line: usize,
    /// The column in characters, counted from 1; 0 where the document was not text.
    pub column: usize,
    /// The way to it through the document: `severities.SEV-1.notify[0]`.
    pub path: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            return write!(f, "{}: {}", self.file, self.path);
        }
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// One problem, with a stable code, a place and a remedy.
#[derive(Debug, Clone, Serialize)]
pub struct Diagnostic {
    level: Level,
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(rename = "where")]
    place: Place,
    #[serde(skip)]
    span: Option<(Arc<str>, Range<usize>)>,
}

impl Diagnostic {
    pub(crate) fn new(level: Level, code: &'static str, message: String, help: Option<String>, place: Place) -> Self {
        Self { level, code, message: printable(message), help: help.map(printable), place, span: None }
    }

    pub(crate) fn spanning(mut self, text: &Arc<str>, range: Range<usize>) -> Self {
        let length = text.len();
        let start = range.start.min(length);
        self.span = Some((Arc::clone(text), start..range.end.clamp(start, length)));
        self
    }

    /// Error or warning.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// The stable name of this kind of problem: `unknown_severity`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What is wrong, in lower case and without a full stop.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The problem with the lines it is about, for a terminal; `color` adds ANSI escapes.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let title = match self.level {
            Level::Error => Title::ERROR,
            Level::Warning => Title::WARNING,
        };
        let header = title.primary_title(self.message.as_str()).id(self.code);
        let mut groups = Vec::with_capacity(2);
        match &self.span {
            Some((text, range)) => groups.push(
                header.element(
                    Snippet::source(&**text)
                        .path(self.place.file.as_str())
                        .annotation(AnnotationKind::Primary.span(range.clone())),
                ),
            ),
            None => groups.push(Group::with_title(header).element(Title::NOTE.message(format!("at {}", self.place)))),
        }
        if let Some(help) = &self.help {
            groups.push(Group::with_title(Title::HELP.secondary_title(help.as_str())));
        }
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&groups)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        write!(f, "{}: {level}[{}]: {}", self.place, self.code, self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

/// What a terminal can be shown: text of the user's inside a message is one line, without escapes, and not endless.
fn printable(text: String) -> String {
    if text.len() <= limits::DIAGNOSTIC_CHARACTERS_MAX && !text.contains(char::is_control) {
        return text;
    }
    let mut shown = String::with_capacity(text.len());
    for (position, character) in text.chars().enumerate() {
        if position == limits::DIAGNOSTIC_CHARACTERS_MAX {
            shown.push('…');
            break;
        }
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// All problems of a document, in the order in which they stand in it.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    #[serde(skip)]
    dropped: usize,
}

impl Diagnostics {
    /// Adds one; beyond the most that are listed they are counted only.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.list.len() < limits::DIAGNOSTICS_MAX {
            self.list.push(diagnostic);
        } else {
            self.dropped += 1;
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.dropped > 0
    }

    pub(crate) fn sort(&mut self) {
        self.list.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.place.file.clone(), d.place.line, d.place.column);
            key(a).cmp(&key(b))
        });
    }

    /// Whether one of them makes the document unusable.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.dropped > 0 || self.list.iter().any(|d| d.level == Level::Error)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many were found beyond those listed, which a very broken document has.
    #[must_use]
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// Each problem.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// All of them for a terminal; `color` adds ANSI escapes.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let mut text: Vec<String> = self.list.iter().map(|d| d.render(color)).collect();
        if self.dropped > 0 {
            text.push(format!("and {} more", self.dropped));
        }
        text.join("\n\n")
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for diagnostic in &self.list {
            if !first {
                f.write_str("\n")?;
            }
            first = false;
            diagnostic.fmt(f)?;
        }
        if self.dropped > 0 {
            write!(f, "\nand {} more", self.dropped)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// The candidate nearest to what was written, near enough to be a slip: "did you mean …?".
#[must_use]
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if written.len() > 64 {
        return None;
    }
    let folded = written.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1.max(candidate.chars().count() / 3))
        .min_by_key(|(distance, candidate)| (*distance, letters_apart(&folded, candidate)))
        .map(|(_, candidate)| candidate)
}

/// Of two names that are one slip away, the one whose letters are nearer: `SEV-5` was meant to be `SEV-4`, not `SEV-1`.
fn letters_apart(written: &str, candidate: &str) -> u32 {
    if written.chars().count() != candidate.chars().count() {
        return u32::MAX;
    }
    let pairs = written.chars().zip(candidate.chars().flat_map(char::to_lowercase));
    pairs.map(|(a, b)| u32::from(a).abs_diff(u32::from(b))).fold(0, u32::saturating_add)
}

/// The remedy for an unknown name: the nearest one, else all there are.
#[must_use]
pub fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(written, candidates.clone()) {
        return format!("did you mean `{near}`?");
    }
    let mut known: Vec<&str> = candidates.into_iter().collect();
    let more = known.len().saturating_sub(12);
    known.truncate(12);
    match (known.is_empty(), more) {
        (true, _) => "none is defined".to_owned(),
        (false, 0) => format!("known are `{}`", known.join("`, `")),
        (false, more) => format!("known are `{}` and {more} more", known.join("`, `")),
    }
}

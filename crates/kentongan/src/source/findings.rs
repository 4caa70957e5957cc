//! What is found wrong with a document beyond its shape, reported where it stands.

use super::diagnostic::{Diagnostic, Diagnostics, Level, Place};
use super::tree::{Path, Segment, Tree};

/// Takes the problems that a check finds in a document, and knows where each part of it stands.
///
/// A part is named by its path, `inputs[3].payload`. Of a path that the document does not have, the deepest part that
/// it does have counts.
#[derive(Debug)]
pub struct Findings<'a> {
    pub(super) written: &'a Tree,
    /// What was left of it when it was decoded; the paths of the check lead through it.
    pub(super) decoded: &'a Tree,
    pub(super) diagnostics: &'a mut Diagnostics,
}

impl Findings<'_> {
    /// Reports an error. `code` is the stable name of this kind of problem; `message` says what is wrong, in lower
    /// case and without a full stop; `help` says what to do about it.
    pub fn error(&mut self, path: &str, code: &'static str, message: String, help: Option<String>) {
        let path = self.decoded.written(&parse(path), self.written);
        let span = self.written.span(&path);
        let diagnostic = self.written.diagnostic(Level::Error, code, message, help, &path, &span);
        self.diagnostics.push(diagnostic);
    }

    /// Takes over what is wrong with another document, one that this one names.
    pub fn include(&mut self, others: &Diagnostics) {
        for diagnostic in others.iter() {
            self.diagnostics.push(Diagnostic::clone(diagnostic));
        }
    }

    /// Whether the document has a part.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.decoded.node(&parse(path)).is_some()
    }

    /// Whether something is written at a path that could not be read, of which that has been said.
    #[must_use]
    pub fn was_lost(&self, path: &str) -> bool {
        let path = parse(path);
        self.decoded.node(&path).is_none() && self.written.node(&self.decoded.written(&path, self.written)).is_some()
    }

    /// Where a part stands.
    #[must_use]
    pub fn place(&self, path: &str) -> Place {
        let path = self.decoded.written(&parse(path), self.written);
        let span = self.written.span(&path);
        Place { file: self.written.name().to_owned(), line: span.line, column: span.column, path: path.to_string() }
    }
}

/// Reads a path as it is written. A key with a dot in it is read as two, and its place as that of what holds it.
fn parse(text: &str) -> Path {
    let mut path = Path::default();
    for step in text.split('.').filter(|step| !step.is_empty()) {
        let (key, indices) = step.split_once('[').unwrap_or((step, ""));
        if !key.is_empty() {
            path.0.push(Segment::Key(key.to_owned()));
        }
        for index in indices.split('[') {
            if let Ok(index) = index.trim_end_matches(']').parse() {
                path.0.push(Segment::Index(index));
            }
        }
    }
    path
}

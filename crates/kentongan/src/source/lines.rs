//! A text of another kind than YAML, such as a calendar beside a policy: problems in it are shown with their lines too.

use std::sync::Arc;

use super::diagnostic::{Diagnostic, Level, Place};

/// The lines of a text that somebody else reads, so that what is wrong with it is told as for a document.
///
/// ```
/// use kentongan::source::Lines;
///
/// let lines = Lines::new("rota.ics", "BEGIN:VCALENDAR\nDTSTART:tomorrow\n");
/// let help = "write `20260302T090000`".to_owned();
/// let problem = lines.error(2, "not_a_date", "`tomorrow` is not a date".to_owned(), Some(help));
/// assert_eq!(problem.place().to_string(), "rota.ics:2:1");
/// assert!(problem.render(false).contains("DTSTART:tomorrow"));
/// ```
#[derive(Debug, Clone)]
pub struct Lines {
    name: Arc<str>,
    text: Arc<str>,
}

impl Lines {
    /// The lines of a text; `name` is what diagnostics call the file.
    #[must_use]
    pub fn new(name: &str, text: &str) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// What diagnostics call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// An error on a line, counted from 1. `code` is the stable name of this kind of problem; `message` says what is
    /// wrong, in lower case and without a full stop; `help` says what to do about it.
    #[must_use]
    pub fn error(&self, line: usize, code: &'static str, message: String, help: Option<String>) -> Diagnostic {
        self.diagnostic(Level::Error, line, code, message, help)
    }

    /// A warning on a line.
    #[must_use]
    pub fn warning(&self, line: usize, code: &'static str, message: String, help: Option<String>) -> Diagnostic {
        self.diagnostic(Level::Warning, line, code, message, help)
    }

    fn diagnostic(
        &self,
        level: Level,
        line: usize,
        code: &'static str,
        message: String,
        help: Option<String>,
    ) -> Diagnostic {
        let place = Place { file: self.name.to_string(), line, column: 1, path: String::new() };
        let diagnostic = Diagnostic::new(level, code, message, help, place);
        let mut start = 0;
        for (index, content) in self.text.split_inclusive('\n').enumerate() {
            if index + 1 == line {
                let shown = content.trim_end().len();
                return diagnostic.spanning(&self.text, start..start + shown);
            }
            start += content.len();
        }
        diagnostic
    }
}

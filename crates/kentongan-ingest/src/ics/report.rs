//! What is wrong with a calendar, gathered line by line.

use kentongan::source::{Diagnostics, Lines};

use crate::limits;

/// Takes the problems that are found in a calendar.
#[derive(Debug)]
pub(super) struct Report {
    lines: Lines,
    problems: Diagnostics,
}

impl Report {
    pub(super) fn new(name: &str, text: &str) -> Self {
        Self { lines: Lines::new(name, text), problems: Diagnostics::default() }
    }

    /// Reports an error; there is no result then.
    pub(super) fn refuse<T>(
        &mut self,
        line: usize,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Option<T> {
        self.problems.push(self.lines.error(line, code, message.into(), Some(help.into())));
        None
    }

    /// Reports what can be read, but likely does not mean what its author thinks. The first few make the point.
    pub(super) fn warn(
        &mut self,
        line: usize,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        if self.problems.iter().count() < limits::CALENDAR_WARNINGS_MAX {
            self.problems.push(self.lines.warning(line, code, message.into(), Some(help.into())));
        }
    }

    /// All of it.
    pub(super) fn into_problems(self) -> Diagnostics {
        self.problems
    }

    pub(super) fn has_errors(&self) -> bool {
        self.problems.has_errors()
    }
}

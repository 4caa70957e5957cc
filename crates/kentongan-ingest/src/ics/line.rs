//! The content lines of a calendar, unfolded, each with the line of the file on which it begins.

use ical::tree::line::IcalLine;

use super::report::Report;
use crate::error::excerpt;

/// One property of a component: `DTSTART;TZID=Europe/Rome:20260302T090000`.
#[derive(Debug, Clone)]
pub(super) struct ContentLine {
    /// The line of the file, counted from 1.
    pub(super) line: usize,
    /// Its name in capitals.
    pub(super) name: String,
    parameters: Vec<(String, String)>,
    /// The value as it is written.
    pub(super) value: String,
    /// The value as text, without its escapes.
    pub(super) text: String,
}

impl ContentLine {
    /// The value of a parameter, without the quotes around it.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(parameter, _)| parameter == name).map(|(_, value)| value.as_str())
    }
}

/// Reads content lines one after the other.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    line: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.as_bytes(), line: 1 }
    }

    /// The line on which the rest begins.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// The next content line; `None` at the end, and at what is none, which is reported.
    pub(super) fn next(&mut self, report: &mut Report) -> Option<ContentLine> {
        self.skip_blank_lines();
        if self.rest.is_empty() {
            return None;
        }
        let line = self.line;
        let Ok((content, rest)) = IcalLine::take(self.rest) else {
            let end = self.rest.iter().position(|byte| *byte == b'\n').unwrap_or(self.rest.len());
            let written = String::from_utf8_lossy(self.rest.get(..end).unwrap_or_default());
            return report.refuse(
                line,
                "not_a_calendar",
                format!("`{}` is no line of a calendar", excerpt(written.trim())),
                "a line is `NAME:value`, and one that goes on begins with a blank; export the calendar anew",
            );
        };
        let taken = self.rest.get(..self.rest.len() - rest.len()).unwrap_or_default();
        self.line += breaks(taken);
        self.rest = rest;
        let parameters = content.params.iter().map(|parameter| {
            let values: Vec<&str> = parameter.values.iter().map(|value| value.get().trim_matches('"')).collect();
            (parameter.name.get().to_ascii_uppercase(), values.join(","))
        });
        Some(ContentLine {
            line,
            name: content.name.get().trim().to_ascii_uppercase(),
            parameters: parameters.collect(),
            value: content.raw_value_str().trim().to_owned(),
            text: content.value.decode().into_owned(),
        })
    }

    fn skip_blank_lines(&mut self) {
        loop {
            let blank = self.rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
            match self.rest.get(blank) {
                Some(b'\n') => {
                    self.rest = self.rest.get(blank + 1..).unwrap_or_default();
                    self.line += 1;
                }
                Some(_) => return,
                None => {
                    self.rest = &[];
                    return;
                }
            }
        }
    }
}

/// How many lines end in there.
pub(super) fn breaks(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count() - 1
}

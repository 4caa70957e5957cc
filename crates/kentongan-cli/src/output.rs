//! The terminal: colours where they are wanted, and an end of reading that is no failure.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style as Paint};
use kentongan_lab::text::{Line, Style};
use serde::Serialize;

use crate::arguments::Color;
use crate::problem::Problem;

/// Where results and complaints go.
pub(crate) struct Output {
    results: AutoStream<io::Stdout>,
    complaints: AutoStream<io::Stderr>,
}

impl Output {
    pub(crate) fn new(color: Color) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Self { results: AutoStream::new(io::stdout(), choice), complaints: AutoStream::new(io::stderr(), choice) }
    }

    pub(crate) fn line(&mut self, line: &Line) -> Result<(), Problem> {
        let last = line.pieces.len().saturating_sub(1);
        for (index, piece) in line.pieces.iter().enumerate() {
            let text = if index == last { piece.text.trim_end() } else { &piece.text };
            let paint = paint(piece.style);
            write!(self.results, "{paint}{text}{paint:#}")?;
        }
        writeln!(self.results)?;
        Ok(())
    }

    pub(crate) fn lines(&mut self, lines: &[Line]) -> Result<(), Problem> {
        lines.iter().try_for_each(|line| self.line(line))
    }

    pub(crate) fn text(&mut self, text: &str) -> Result<(), Problem> {
        self.results.write_all(text.as_bytes())?;
        Ok(())
    }

    /// One JSON object on a line.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), Problem> {
        let text = serde_json::to_string(value)
            .map_err(|error| Problem::unusable(format!("cannot write JSON: {error}"), ""))?;
        writeln!(self.results, "{text}")?;
        Ok(())
    }

    /// A word about something that does not stop the command.
    pub(crate) fn note(&mut self, text: &str) {
        let paint = paint(Style::Warning);
        // Where nobody listens there is nobody to tell.
        drop(writeln!(self.complaints, "{paint}note{paint:#}: {text}"));
    }

    /// Diagnostics that do not stop the command, with their lines.
    pub(crate) fn warn(&mut self, warnings: &kentongan::source::Diagnostics) {
        if !warnings.is_empty() {
            drop(writeln!(self.complaints, "{}\n", warnings.render(true)));
        }
    }

    /// How many characters a line of the terminal holds; where there is none, as many as a file is read with.
    pub(crate) fn width() -> usize {
        const WITHOUT_TERMINAL: usize = 100;
        terminal_size::terminal_size_of(io::stdout()).map_or(WITHOUT_TERMINAL, |(width, _)| usize::from(width.0))
    }

    /// How far a long run has come, where somebody watches it on a terminal: on a line that is written over, and taken
    /// away at the end.
    pub(crate) fn progress(&mut self, done_so_far: &str, done: usize, total: usize) {
        /// About as many as take a tenth of a second.
        const EVERY: usize = 10_000;
        if total < EVERY || !done.is_multiple_of(EVERY) && done != total || !io::stderr().is_terminal() {
            return;
        }
        let line = if done == total { String::new() } else { format!("{done_so_far} {done} of {total}") };
        drop(write!(self.complaints, "\r\x1b[K{line}").and_then(|()| self.complaints.flush()));
    }

    /// Why the command failed.
    pub(crate) fn complain(&mut self, problem: &Problem) {
        let paint = paint(Style::Alarm);
        let told = match problem {
            Problem::Invalid(diagnostics) => {
                writeln!(self.complaints, "{}", diagnostics.render(true))
            }
            other => writeln!(self.complaints, "{paint}error{paint:#}: {other}"),
        };
        drop(told);
    }

    pub(crate) fn flush(&mut self) -> Result<(), Problem> {
        self.results.flush()?;
        Ok(())
    }
}

fn paint(style: Style) -> Paint {
    let colored = |color: AnsiColor| Paint::new().fg_color(Some(color.into()));
    match style {
        Style::Heading | Style::Name => Paint::new().bold(),
        Style::Time => colored(AnsiColor::Cyan),
        Style::Faint => Paint::new().dimmed(),
        Style::Page => colored(AnsiColor::Magenta).bold(),
        Style::Tell => colored(AnsiColor::Blue),
        Style::Alarm => colored(AnsiColor::Red).bold(),
        Style::Warning => colored(AnsiColor::Yellow),
        Style::Good => colored(AnsiColor::Green),
        Style::Bar(number) => colored(bar(number)),
        _ => Paint::new(),
    }
}

/// The colours of bars, neighbours far apart. Red is that of gaps.
fn bar(number: u8) -> AnsiColor {
    match number % 8 {
        0 => AnsiColor::Blue,
        1 => AnsiColor::Yellow,
        2 => AnsiColor::Green,
        3 => AnsiColor::Magenta,
        4 => AnsiColor::Cyan,
        5 => AnsiColor::BrightBlue,
        6 => AnsiColor::BrightYellow,
        _ => AnsiColor::BrightGreen,
    }
}

//! Text for people, in pieces that know what they are, so that a terminal can colour them and a file need not.

use std::fmt;

use serde::Serialize;

/// What a piece of text is, for whoever colours it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Style {
    /// Nothing special.
    Plain,
    /// A heading.
    Heading,
    /// A point in time.
    Time,
    /// Beside the point: reasons, paths.
    Faint,
    /// What wakes somebody.
    Page,
    /// What tells somebody.
    Tell,
    /// What has gone wrong.
    Alarm,
    /// What may go wrong.
    Warning,
    /// What went well.
    Good,
    /// Whom or what it is about.
    Name,
    /// A bar of a chart; each of the eight numbers has a colour of its own.
    Bar(u8),
}

/// A piece of one style.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// What it is.
    pub style: Style,
    /// Its text, without line breaks.
    pub text: String,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Line {
    /// Its pieces, from left to right.
    pub pieces: Vec<Piece>,
}

impl Line {
    /// A line of one piece.
    #[must_use]
    pub fn of(style: Style, text: impl Into<String>) -> Self {
        Self::default().with(style, text)
    }

    /// The line with one more piece at its end.
    #[must_use]
    pub fn with(mut self, style: Style, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            // What a sender wrote must not move the cursor of whoever reads it.
            let text = text.replace(|c: char| c.is_control() || is_bidi_control(c), " ");
            self.pieces.push(Piece { style, text });
        }
        self
    }

    /// Its width in characters.
    #[must_use]
    pub fn width(&self) -> usize {
        self.pieces.iter().map(|piece| piece.text.chars().count()).sum()
    }

    /// The line, filled with spaces up to a width.
    #[must_use]
    pub fn padded(self, width: usize) -> Self {
        let missing = width.saturating_sub(self.width());
        self.with(Style::Plain, " ".repeat(missing))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = self.pieces.iter().map(|piece| piece.text.as_str()).collect();
        f.write_str(text.trim_end())
    }
}

/// Whether a character changes the direction in which the text around it is shown, so that it reads as another.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Breaks a text between words into lines of at most `width` characters. A longer word has a line of its own.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_lose_none() {
        assert_eq!(wrap("a bb  ccc dddddd", 4), ["a bb", "ccc", "dddddd"]);
        assert!(wrap(" ", 4).is_empty());
    }

    #[test]
    fn what_a_sender_wrote_cannot_move_the_cursor() {
        let line = Line::of(Style::Plain, "a\u{1b}[2Jb\nc").with(Style::Faint, "");
        assert_eq!(line.to_string(), "a [2Jb c");
        assert_eq!(Line::of(Style::Plain, "a\u{202e}b\u{2066}c\u{2069}d").to_string(), "a b c d");
    }
}

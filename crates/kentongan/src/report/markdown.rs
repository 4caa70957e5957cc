//! Text that people wrote, inside a Markdown document: it is shown as it was written, and never read as markup.

use crate::routing::readable;

/// On one line, as in a heading or a cell of a table.
pub(super) fn inline(text: &str) -> String {
    let clean = readable(text);
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut escaped = String::with_capacity(line.len());
    for character in line.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '$' | '!' => escaped.extend(['\\', character]),
            _ => escaped.push(character),
        }
    }
    begin(&escaped)
}

/// In paragraphs, line by line as it was written.
pub(super) fn block(text: &str) -> String {
    let lines: Vec<String> = readable(text).lines().map(inline).collect();
    let mut paragraphs: Vec<Vec<&str>> = vec![Vec::new()];
    for line in &lines {
        match paragraphs.last_mut() {
            Some(paragraph) if !line.is_empty() => paragraph.push(line),
            Some(paragraph) if !paragraph.is_empty() => paragraphs.push(Vec::new()),
            _ => {}
        }
    }
    let paragraphs = paragraphs.iter().filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| paragraph.join("  \n")).collect::<Vec<_>>().join("\n\n")
}

/// What would begin a list, a rule or a heading at the start of a line begins nothing.
fn begin(line: &str) -> String {
    if line.starts_with(['-', '+', '=']) {
        return format!("\\{line}");
    }
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = line.split_at_checked(digits).unwrap_or((line, ""));
    if digits > 0 && rest.starts_with(['.', ')']) { format!("{number}\\{rest}") } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_shown_and_not_read() {
        assert_eq!(inline("a | b\n# c"), "a \\| b \\# c");
        assert_eq!(inline("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
        assert_eq!(inline("[x](javascript:y) ![z](w)"), "\\[x\\](javascript:y) \\!\\[z\\](w)");
        assert_eq!(inline("&lt; \u{202e}x\u{7}"), "&amp;lt; x");
        assert_eq!(inline("  - [ ] done"), "\\- \\[ \\] done");
        assert_eq!(inline("12. twelve"), "12\\. twelve");
        assert_eq!(inline("5 people"), "5 people");
    }

    #[test]
    fn paragraphs_stay_paragraphs() {
        assert_eq!(block("one\ntwo\n\n\n    three\n---\n"), "one  \ntwo\n\nthree  \n\\---");
        assert_eq!(block(" \n\n"), "");
    }
}

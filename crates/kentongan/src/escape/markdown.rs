//! Text inside a Markdown document, as GitHub and others read it.

use super::{UNMENTIONED, mentions, readable};

/// On one line, as in a heading or a cell of a table.
#[must_use]
pub fn markdown(text: &str) -> String {
    in_place(text).trim().to_owned()
}

/// In paragraphs, line by line as it was written.
#[must_use]
pub fn paragraphs(text: &str) -> String {
    let lines: Vec<String> = readable(text).lines().map(markdown).collect();
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

/// On one line, as part of one: a blank at either end stays, so that a template can print `", "`.
pub(crate) fn in_place(text: &str) -> String {
    let clean = readable(text);
    let mut escaped = String::with_capacity(clean.len());
    let mut blank = false;
    for (at, character) in clean.char_indices() {
        let behind = clean.get(at + character.len_utf8()..).unwrap_or_default();
        let ahead = clean.get(..at).unwrap_or_default();
        // Line breaks would begin blocks, and four blanks begin code.
        if character.is_whitespace() {
            if !blank {
                escaped.push(' ');
            }
            blank = true;
            continue;
        }
        blank = false;
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '$' | '!' => escaped.extend(['\\', character]),
            // Forges look for names of people and teams in what is shown, where no escape is left to be seen.
            '@' if mentions(ahead, behind) => escaped.push_str(UNMENTIONED),
            // What looks like an address of the web would become a link: to where whoever wrote it wants.
            ':' if behind.starts_with("//") => escaped.push_str("\\:"),
            '.' if begins_host(ahead) => escaped.push_str("\\."),
            _ => escaped.push(character),
        }
    }
    begin(escaped)
}

/// Whether what stands before a dot is where an address of the web begins that does without `https`.
fn begins_host(ahead: &str) -> bool {
    ahead.chars().rev().take_while(|letter| matches!(letter, 'w' | 'W')).take(3).count() == 3
}

/// What would begin a list, a rule, a heading or a table at the start of a line begins nothing; nor does what would end
/// the number of a list.
fn begin(line: String) -> String {
    let (blank, text) = line.strip_prefix(' ').map_or(("", line.as_str()), |text| (" ", text));
    if text.starts_with(['-', '+', '=', ':', '.', ')']) {
        return format!("{blank}\\{text}");
    }
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits).unwrap_or((text, ""));
    let mut after = rest.chars();
    let ends = digits > 0 && matches!(after.next(), Some('.' | ')')) && after.next().is_none_or(char::is_whitespace);
    if ends { format!("{blank}{number}\\{rest}") } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_shown_and_not_read() {
        assert_eq!(markdown("a | b\n# c"), "a \\| b \\# c");
        assert_eq!(markdown("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
        assert_eq!(markdown("[x](javascript:y) ![z](w)"), "\\[x\\](javascript:y) \\!\\[z\\](w)");
        assert_eq!(markdown("&lt; \u{202e}x\u{7}"), "&amp;lt; x");
        assert_eq!(markdown("  - [ ] done"), "\\- \\[ \\] done");
        assert_eq!(markdown("12. twelve"), "12\\. twelve");
        assert_eq!(markdown("12."), "12\\.");
        assert_eq!(markdown("12.5 per cent"), "12.5 per cent");
        assert_eq!(markdown(":-"), "\\:-");
        assert_eq!(markdown("5 people"), "5 people");
    }

    #[test]
    fn nobody_is_mentioned_and_nothing_becomes_a_link() {
        assert_eq!(markdown("@ana, (@org/team)"), "@\u{200b}ana, (@\u{200b}org/team)");
        assert_eq!(markdown("a\n@ana"), "a @\u{200b}ana");
        assert_eq!(markdown("ana@example.org @ 14:00"), "ana@example.org @ 14:00");
        assert_eq!(markdown("see https://x.org/a:b"), "see https\\://x.org/a:b");
        assert_eq!(markdown("WWW.x.org www.y.org aww. w."), "WWW\\.x.org www\\.y.org aww. w.");
    }

    #[test]
    fn paragraphs_stay_paragraphs() {
        assert_eq!(paragraphs("one\ntwo\n\n\n    three\n---\n"), "one  \ntwo\n\nthree  \n\\---");
        assert_eq!(paragraphs(" \n\n"), "");
    }

    #[test]
    fn a_part_of_a_line_keeps_the_blanks_that_part_it() {
        assert_eq!(in_place(", "), ", ");
        assert_eq!(in_place("\n    code\n"), " code ");
        assert_eq!(in_place(" 1) one"), " 1\\) one");
    }
}

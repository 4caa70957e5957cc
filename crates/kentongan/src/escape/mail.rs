//! Text as the value of a header of a mail, such as its subject.

use std::fmt::Write as _;

use super::readable;

/// The longest encoded word, by RFC 2047.
const WORD_CHARACTERS_MAX: usize = 75;
const BEGIN: &str = "=?UTF-8?Q?";
const END: &str = "?=";
/// The longest value that is left as it is: a line of a mail has at most 998 bytes, its name included.
const LINE_BYTES_MAX: usize = 900;

/// For a header that is free text, such as `Subject`: one line of ASCII, whatever the text is. What is not ASCII, or
/// would be read as encoded, becomes encoded words, which mail programs show as the text.
#[must_use]
pub fn mail_header(text: &str) -> String {
    let clean = readable(text);
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = line.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if plain && !line.contains("=?") && line.len() <= LINE_BYTES_MAX { line } else { encoded(&line) }
}

/// As encoded words. The blanks between them are not shown, so none parts what belongs together.
fn encoded(line: &str) -> String {
    let room = WORD_CHARACTERS_MAX - BEGIN.len() - END.len();
    let mut words = vec![String::new()];
    for character in line.chars() {
        let written = quoted(character);
        if words.last().is_none_or(|word| word.len() + written.len() > room) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push_str(&written);
        }
    }
    words.iter().map(|word| format!("{BEGIN}{word}{END}")).collect::<Vec<_>>().join(" ")
}

/// One character in the encoding `Q`. A character is never split between two words.
fn quoted(character: char) -> String {
    match character {
        ' ' => "_".to_owned(),
        'a'..='z' | 'A'..='Z' | '0'..='9' | '!' | '*' | '+' | '-' | '/' => character.to_string(),
        _ => character.encode_utf8(&mut [0; 4]).bytes().fold(String::new(), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "={byte:02X}");
            text
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_one_line_of_ascii() {
        assert_eq!(mail_header("SEV-1 panic-button: down"), "SEV-1 panic-button: down");
        assert_eq!(mail_header("a\r\nBcc: x@y\r\n\r\nbody"), "a Bcc: x@y body");
        assert_eq!(mail_header("=?UTF-8?Q?evil?="), "=?UTF-8?Q?=3D=3FUTF-8=3FQ=3Fevil=3F=3D?=");
        assert_eq!(mail_header("\u{202e}\u{7}"), "");
        assert_eq!(mail_header("é"), "=?UTF-8?Q?=C3=A9?=");
        let long = mail_header(&"é".repeat(100));
        assert!(long.split(' ').all(|word| word.len() <= WORD_CHARACTERS_MAX), "{long}");
    }
}

//! Text that people wrote, put where it would otherwise be read as something else: it is shown as it was written.
//!
//! Documents do this by themselves: what a template prints is escaped for the kind of document that it belongs to. What
//! a host delivers, it escapes for the way that it goes, with the same functions.
//!
//! ```
//! use kentongan::escape;
//!
//! assert_eq!(escape::markdown("a | b\n# c"), "a \\| b \\# c");
//! assert_eq!(escape::slack("<!here> @channel R&D"), "&lt;!here&gt; @\u{200b}channel R&amp;D");
//! assert_eq!(escape::mail_header("Down\r\nBcc: eve@example.org"), "Down Bcc: eve@example.org");
//! assert_eq!(escape::mail_header("Rumah Müller"), "=?UTF-8?Q?Rumah_M=C3=BCller?=");
//! ```

pub(crate) mod filters;
mod mail;
mod markdown;
mod slack;

pub use mail::mail_header;
pub use markdown::{markdown, paragraphs};
pub use slack::slack;

/// An at sign that mentions nobody: a blank of no width parts it from the name behind it.
const UNMENTIONED: &str = "@\u{200b}";

/// Whether an at sign between two texts would mention somebody: a name follows, and no address of a mail stands before it.
fn mentions(ahead: &str, behind: &str) -> bool {
    let of_word = |character: char| character.is_alphanumeric() || character == '_';
    behind.starts_with(|character| of_word(character) || character == '-') && !ahead.ends_with(of_word)
}

/// Without what a reader cannot see: control characters but line breaks and tabs, and marks that turn text around.
#[must_use]
pub fn readable(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| matches!(c, '\n' | '\t') || !(c.is_control() || turns(*c))).collect()
}

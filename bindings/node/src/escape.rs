//! Text that people wrote, made safe for where it goes.

use kentongan::escape;
use napi_derive::napi;

/// On one line of a Markdown document.
#[napi]
#[must_use]
pub(crate) fn escape_markdown(text: String) -> String {
    escape::markdown(&text)
}

/// In paragraphs of a Markdown document.
#[napi]
#[must_use]
pub(crate) fn escape_paragraphs(text: String) -> String {
    escape::paragraphs(&text)
}

/// In a message of Slack.
#[napi]
#[must_use]
pub(crate) fn escape_slack(text: String) -> String {
    escape::slack(&text)
}

/// As the value of a header of a mail.
#[napi]
#[must_use]
pub(crate) fn escape_mail_header(text: String) -> String {
    escape::mail_header(&text)
}

/// Without what a reader cannot see.
#[napi]
#[must_use]
pub(crate) fn escape_readable(text: String) -> String {
    escape::readable(&text)
}

//! Names and texts that people wrote, looked at with what the engine knows: for the words of errors.

use kentongan::{Timestamp, source};
use napi_derive::napi;

fn strs(texts: &[String]) -> impl Iterator<Item = &str> + Clone {
    texts.iter().map(String::as_str)
}

/// Of the names that there are the one that may have been meant.
#[napi]
#[must_use]
pub(crate) fn nearest(written: String, known: Vec<String>) -> Option<String> {
    source::nearest(&written, strs(&known)).map(str::to_owned)
}

/// The remedy for an unknown name: the one that may have been meant, else all that there are.
#[napi]
#[must_use]
pub(crate) fn did_you_mean(written: String, known: Vec<String>) -> String {
    source::did_you_mean(&written, strs(&known))
}

/// Whether a text is an instant as the engine reads one.
#[napi]
#[must_use]
pub(crate) fn is_instant(text: String) -> bool {
    text.parse::<Timestamp>().is_ok()
}

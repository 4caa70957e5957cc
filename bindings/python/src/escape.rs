//! Text that people wrote, put where it would otherwise be read as something else.

use kentongan::escape as engine;
use pyo3::prelude::*;

use crate::failure::guarded;
use crate::text::Text;

/// Text within Markdown, on one line: what would be read as markup is shown as it was written.
#[pyfunction]
pub(crate) fn markdown(text: Text) -> PyResult<String> {
    guarded(|| Ok(engine::markdown(&text)))
}

/// Text within Markdown whose paragraphs stay paragraphs.
#[pyfunction]
pub(crate) fn paragraphs(text: Text) -> PyResult<String> {
    guarded(|| Ok(engine::paragraphs(&text)))
}

/// Text of a message for Slack.
#[pyfunction]
pub(crate) fn slack(text: Text) -> PyResult<String> {
    guarded(|| Ok(engine::slack(&text)))
}

/// The value of a mail's header that is free text, such as its subject.
#[pyfunction]
pub(crate) fn mail_header(text: Text) -> PyResult<String> {
    guarded(|| Ok(engine::mail_header(&text)))
}

/// Text without what a reader cannot see.
#[pyfunction]
pub(crate) fn readable(text: Text) -> PyResult<String> {
    guarded(|| Ok(engine::readable(&text)))
}

//! The templates of documents: what they are rendered with, and why there may be none.

use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::markdown::inline;
use crate::limits;
use crate::time::Duration;

/// How many incidents a document names before it counts the rest. The data has all of them.
const NAMED: usize = 5;

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// The journal knows of no such incident.
    #[error("the journal has no incident `{id}`")]
    UnknownIncident {
        /// The incident.
        id: String,
    },
    /// The journal tells of nothing.
    #[error("the journal is empty, so there is nothing to report on")]
    EmptyJournal,
    /// The journal tells of another time.
    #[error("the journal tells nothing of {period}: it goes from {began} to {ended}")]
    OutsideJournal {
        /// What was asked for.
        period: String,
        /// The first day of the journal.
        began: String,
        /// Its last.
        ended: String,
    },
    /// The template does not work.
    #[error("the template cannot be rendered: {reason}")]
    Template {
        /// Why.
        reason: String,
    },
}

/// Renders a template. Text that people wrote is escaped before, or by the filter `inline`.
pub(super) fn render(template: &str, facts: &impl Serialize) -> Result<String, DocumentError> {
    let broken = |error: minijinja::Error| DocumentError::Template { reason: error.to_string() };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(limits::DOCUMENT_FUEL));
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.add_function("box", |text: &str| if text.is_empty() { "[ ]" } else { "[x]" });
    environment.add_filter("inline", |text: &str| inline(text));
    environment.add_filter("short", |length: Option<String>| {
        length.and_then(|text| text.parse().ok()).map_or_else(|| "-".to_owned(), short)
    });
    environment.add_filter("names", |ids: Vec<String>| names(&ids));
    environment.add_template("document", template).map_err(broken)?;
    let template = environment.get_template("document").map_err(broken)?;
    let text = template.render(minijinja::value::Serde(facts)).map_err(broken)?;
    Ok(format!("{}\n", text.trim_end()))
}

/// A length of time as precise as a reader needs it.
pub(super) fn short(length: Duration) -> String {
    let seconds = length.as_millis() / 1_000;
    let (hours, days) = (seconds / 3_600, seconds / 86_400);
    let parts = if days >= 2 {
        [(days, "d"), (hours % 24, "h")]
    } else if hours >= 1 {
        [(hours, "h"), (seconds / 60 % 60, "m")]
    } else {
        [(seconds / 60, "m"), (seconds % 60, "s")]
    };
    let written: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}")).collect();
    if written.is_empty() { "0s".to_owned() } else { written.concat() }
}

/// The first of them, and how many more there are.
fn names(ids: &[String]) -> String {
    let named: Vec<String> = ids.iter().take(NAMED).map(|id| inline(id)).collect();
    let more = ids.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    if named.is_empty() { "-".to_owned() } else { format!("{}{more}", named.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_as_precise_as_a_reader_needs_them() {
        for (seconds, text) in
            [(0, "0s"), (59, "59s"), (61, "1m1s"), (120, "2m"), (3_661, "1h1m"), (172_799, "47h59m"), (180_000, "2d2h")]
        {
            assert_eq!(short(Duration::from_millis(seconds * 1_000 + 999)), text);
        }
    }

    #[test]
    fn what_is_not_named_is_counted() {
        let ids: Vec<String> = (1..=7).map(|id| format!("i-{id}")).collect();
        assert_eq!(names(&ids), "i-1, i-2, i-3, i-4, i-5 and 2 more");
        assert_eq!(names(&[]), "-");
    }
}

//! Alerts in a table: which column holds what of an alert, in the same names for every language.

use std::collections::BTreeMap;

use kentongan::Policy;
use kentongan::source::did_you_mean;

use crate::error::{IntakeError, Place};

/// The places of an alert that hold one value, and those that hold many by name.
const PLACES: [&str; 9] =
    ["key", "status", "source", "service", "name", "summary", "description", "starts_at", "ends_at"];
const MAPPINGS: [&str; 4] = ["labels", "annotations", "values", "links"];

/// The columns of a table of alerts.
///
/// A column is called as the place of an alert that it holds, with or without the `alert.` of conditions: `service`,
/// `labels.env`, `alert.values.error_rate`. Where it is called otherwise, it is named.
///
/// ```
/// use std::collections::BTreeMap;
/// use kentongan_ingest::Columns;
///
/// # let policy = kentongan_ingest::load_policy("p", r#"{
/// #   "policy": "p", "severities": { "all": { "definition": "All", "notify": [{ "email": "a@example.org" }] } },
/// #   "classify": [{ "default": "all" }], "last_resort": [{ "email": "a@example.org" }]
/// # }"#, |_| None)?;
/// let named = |place: &str| BTreeMap::from([(place.to_owned(), "environment".to_owned())]);
/// let table = ["service", "environment"];
/// let columns = Columns::of(table, &policy, named("labels.env"))?;
/// let place_of = |place| columns.find(place, |called| table.iter().position(|column| *column == called));
/// assert_eq!((place_of("labels.env"), place_of("service"), place_of("name")), (Some(1), Some(0), None));
///
/// let error = Columns::of(table, &policy, named("label.env")).unwrap_err();
/// assert_eq!((error.code(), error.help()), ("invalid_value", Some("did you mean `labels.env`?")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Columns {
    named: BTreeMap<String, String>,
}

impl Columns {
    /// Those of a table that has columns of these names, for the rules of a policy. `named` says which of them holds a
    /// place of an alert. No rule need ask for the place: one naming does for many policies.
    ///
    /// # Errors
    ///
    /// | code | when |
    /// |---|---|
    /// | `needs_whole_alerts` | a rule looks at all labels or values of an alert at once, which columns do not show |
    /// | `invalid_value` | what is named is no place of an alert |
    /// | `unknown_column` | the table has no column of that name |
    pub fn of<'t>(
        table: impl IntoIterator<Item = &'t str> + Clone,
        policy: &Policy,
        named: BTreeMap<String, String>,
    ) -> Result<Self, IntakeError> {
        if policy.needs_whole_alerts() {
            let message =
                "a rule of the policy looks at all labels or values of an alert at once, which columns do not show";
            let help = "hand in a list of alerts instead, or let the rule name the labels that it reads";
            return Err(IntakeError::new("needs_whole_alerts", message.to_owned()).with_help(help));
        }
        let wrong = |code, message, help: String| {
            Err(IntakeError::new(code, message).with_help(help).at(Place::of_argument("columns")))
        };
        if let Some(place) = named.keys().find(|place| !is_place(place)) {
            return wrong("invalid_value", format!("`{place}` is no place of an alert"), meant(place, policy));
        }
        if let Some(column) = named.values().find(|column| table.clone().into_iter().all(|known| known != *column)) {
            return wrong("unknown_column", format!("the table has no column `{column}`"), did_you_mean(column, table));
        }
        Ok(Self { named })
    }

    /// The column of a place of an alert, `labels.env`: the one that is named for it, or else one that is called so.
    /// `column` gives that of a name.
    pub fn find<C>(&self, place: &str, column: impl FnMut(&str) -> Option<C>) -> Option<C> {
        let whole = format!("alert.{place}");
        let called = [place, whole.as_str()];
        let named = called.iter().find_map(|name| self.named.get(*name)).map(String::as_str);
        named.into_iter().chain(called).find_map(column)
    }
}

/// Whether an alert can have something there.
fn is_place(path: &str) -> bool {
    let path = path.strip_prefix("alert.").unwrap_or(path);
    match path.split_once('.') {
        Some((mapping, entry)) => MAPPINGS.contains(&mapping) && !entry.is_empty(),
        None => PLACES.contains(&path) || MAPPINGS.contains(&path),
    }
}

/// What may have been meant by what is no place of an alert: a fact that the rules read, or another place.
fn meant(written: &str, policy: &Policy) -> String {
    let written = written.strip_prefix("alert.").unwrap_or(written);
    let entry = written.split_once('.').map(|(_, entry)| entry).filter(|entry| !entry.is_empty());
    let entries: Vec<String> = entry.iter().flat_map(|entry| MAPPINGS.map(|map| format!("{map}.{entry}"))).collect();
    let facts = policy.alert_facts().map(|fact| fact.strip_prefix("alert.").unwrap_or(fact));
    let known: Vec<&str> = facts.chain(PLACES).chain(MAPPINGS).chain(entries.iter().map(String::as_str)).collect();
    did_you_mean(written, known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(when: &str) -> Policy {
        let text = format!(
            r#"{{
                "policy": "shop",
                "severities": {{ "high": {{ "definition": "All", "notify": [{{ "email": "a@example.org" }}] }} }},
                "classify": [{{ "id": "r", "when": "{when}", "severity": "high" }}, {{ "default": "high" }}],
                "last_resort": [{{ "email": "a@example.org" }}]
            }}"#
        );
        crate::load_policy("shop.json", &text, |_| None).unwrap()
    }

    const TABLE: [&str; 4] = ["service", "environment", "alert.name", "tags"];

    fn named(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(place, column)| ((*place).to_owned(), (*column).to_owned())).collect()
    }

    #[test]
    fn a_column_is_the_one_that_is_named_or_else_called_as_its_place() {
        let policy = policy(r#"alert.labels.env == \"prod\""#);
        for (pairs, place, column) in [
            (&[][..], "service", Some("service")),
            (&[], "name", Some("alert.name")),
            (&[], "labels.env", None),
            (&[("labels.env", "environment")], "labels.env", Some("environment")),
            (&[("alert.labels.env", "environment")], "labels.env", Some("environment")),
            (&[("service", "tags")], "service", Some("tags")),
            (&[("labels", "tags"), ("links.run.book", "tags"), ("ends_at", "tags")], "labels", Some("tags")),
        ] {
            let columns = Columns::of(TABLE, &policy, named(pairs)).unwrap();
            let found = columns.find(place, |called| TABLE.into_iter().find(|column| *column == called));
            assert_eq!(found, column, "{place} with {pairs:?}");
        }
    }

    #[test]
    fn what_is_no_place_or_no_column_is_refused_with_what_may_have_been_meant() {
        let policy = policy(r#"alert.labels.env == \"prod\""#);
        for (place, column, code, help) in [
            ("lables.env", "environment", "invalid_value", "did you mean `labels.env`?"),
            ("alert.lables.env", "environment", "invalid_value", "did you mean `labels.env`?"),
            ("lables.region", "environment", "invalid_value", "did you mean `labels.region`?"),
            ("sevice", "environment", "invalid_value", "did you mean `service`?"),
            ("label", "environment", "invalid_value", "did you mean `labels`?"),
            ("labels.", "environment", "invalid_value", "did you mean `labels`?"),
            ("labels.env", "enviroment", "unknown_column", "did you mean `environment`?"),
            ("labels.env", "x", "unknown_column", "known are `service`, `environment`, `alert.name`, `tags`"),
        ] {
            let error = Columns::of(TABLE, &policy, named(&[(place, column)])).unwrap_err();
            assert_eq!((error.code(), error.help()), (code, Some(help)), "{place}: {column}");
            assert_eq!(error.place().and_then(Place::path), Some("columns"));
        }
    }

    #[test]
    fn a_policy_that_looks_at_whole_alerts_is_given_none() {
        let error = Columns::of(TABLE, &policy("alert.labels.len() > 2"), BTreeMap::new()).unwrap_err();
        assert_eq!(error.code(), "needs_whole_alerts");
    }
}

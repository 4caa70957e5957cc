//! Alerts in a table: which column holds what of an alert, in the same names for every language.

use std::collections::BTreeMap;

use kentongan::Policy;
use kentongan::source::{did_you_mean, nearest};

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
/// let error = Columns::of(["sevice", "environment"], &policy, BTreeMap::new()).unwrap_err();
/// assert_eq!(error.code(), "unknown_column");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Columns {
    named: BTreeMap<String, String>,
}

impl Columns {
    /// Those of a table that has columns of these names, for the rules of a policy. `named` says which of them holds a
    /// place of an alert. No rule need ask for the place: one naming does for many policies. A table in which no column is
    /// named or called as a place holds no alerts; one without any columns does for no alerts at all.
    ///
    /// # Errors
    ///
    /// | code | when |
    /// |---|---|
    /// | `needs_whole_alerts` | a rule looks at all labels or values of an alert at once, which columns do not show |
    /// | `invalid_value` | what is named is no place of an alert |
    /// | `unknown_column` | the table has no column of that name, or none that holds anything of an alert |
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
        let mut columns = table.clone().into_iter().peekable();
        if named.is_empty() && columns.peek().is_some() && !columns.any(is_place) {
            // Each alert would count as empty, and the rulings would look as if they were of something.
            let message = "no column of the table holds anything of an alert".to_owned();
            let error = IntakeError::new("unknown_column", message).with_help(how_to_call(table, policy));
            return Err(error.at(Place::of_argument("alerts")));
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
    did_you_mean(written, places(policy).into_iter().chain(entries.iter().map(String::as_str)))
}

/// What columns have to be called, and of one that is called otherwise what it may hold.
fn how_to_call<'t>(table: impl IntoIterator<Item = &'t str>, policy: &Policy) -> String {
    let known = places(policy);
    let near = table.into_iter().find_map(|column| {
        let within = known.iter().find(|place| place.split_once('.').is_some_and(|(_, entry)| entry == column));
        let place = within.copied().or_else(|| nearest(column, known.iter().copied()))?;
        Some(format!("did you mean `{place}` by `{column}`? "))
    });
    // Nothing is near to no name at all.
    format!("{}{}; or name them by `columns`", near.unwrap_or_default(), did_you_mean("", known.iter().copied()))
}

/// The facts that the rules read, and the other places of an alert, each once.
fn places(policy: &Policy) -> Vec<&str> {
    let mut places: Vec<&str> = Vec::new();
    let facts = policy.alert_facts().map(|fact| fact.strip_prefix("alert.").unwrap_or(fact));
    for place in facts.chain(PLACES).chain(MAPPINGS) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
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
    fn a_table_of_which_no_column_is_known_is_refused() {
        let policy = policy(r#"alert.labels.env == \"prod\" && alert.labels[\"team.name\"] != \"x\""#);
        let refused = |table: &[&'static str]| Columns::of(table.iter().copied(), &policy, BTreeMap::new()).err();
        for (table, meant) in [
            (&["sevice", "tags"][..], "did you mean `service` by `sevice`? known are `labels.env`, "),
            (&["tags", "env"], "did you mean `labels.env` by `env`? known are `labels.env`, "),
            (&["n", "startsAt"], "did you mean `starts_at` by `startsAt`? known are `labels.env`, "),
            (&["tags", "team.name"], "did you mean `labels.team.name` by `team.name`? known are "),
            (&["environment", "tags"], "known are `labels.env`, `labels.team.name`, `key`, "),
        ] {
            let error = refused(table).unwrap();
            assert_eq!(
                (error.code(), error.place().and_then(Place::path)),
                ("unknown_column", Some("alerts")),
                "{table:?}"
            );
            assert_eq!(error.message(), "no column of the table holds anything of an alert");
            assert!(error.help().unwrap().starts_with(meant), "{table:?}: {error:?}");
            assert!(error.help().unwrap().ends_with(" more; or name them by `columns`"), "{error:?}");
        }
        for table in [&[][..], &["tags", "name"], &["alert.labels.any"], &["values"], &["links.runbook"]] {
            assert_eq!(refused(table), None, "{table:?}");
        }
        assert!(Columns::of(["tags"], &policy, named(&[("labels", "tags")])).is_ok());
    }

    #[test]
    fn a_policy_that_looks_at_whole_alerts_is_given_none() {
        let error = Columns::of(TABLE, &policy("alert.labels.len() > 2"), BTreeMap::new()).unwrap_err();
        assert_eq!(error.code(), "needs_whole_alerts");
    }
}

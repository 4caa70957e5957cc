//! What an expectation compares: fields with their values, a window of time, an incident.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use indexmap::IndexMap;
use kentongan::calendar::Zone;
use kentongan::source::{Findings, did_you_mean};
use kentongan::{Policy, Timestamp};
use serde_json::Value;

use super::document::{FIELDS, FRAME};
use super::fields::Catalogue;
use crate::moment::{Moment, instant};

/// How a field is compared.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// It is this. Numbers are compared as numbers, and what is missing is `null`.
    Equals(Value),
    /// Its text has this in it.
    Contains(String),
}

/// Fields, all of which must be as they are given.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pattern {
    pub(crate) fields: Vec<(String, Test)>,
}

/// When something must be, or must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Window {
    /// At exactly this instant.
    At(Timestamp),
    /// From the first instant until just before the second; without one, to that end of the run.
    Between(Option<Timestamp>, Option<Timestamp>),
}

impl Window {
    pub(crate) fn holds(self, at: Timestamp) -> bool {
        match self {
            Self::At(instant) => at == instant,
            Self::Between(from, before) => {
                from.is_none_or(|from| at >= from) && before.is_none_or(|before| at < before)
            }
        }
    }
}

impl Test {
    pub(crate) fn holds(&self, found: Option<&Value>) -> bool {
        let found = found.unwrap_or(&Value::Null);
        match self {
            Self::Equals(expected) => equal(expected, found),
            Self::Contains(part) => found.as_str().is_some_and(|text| text.contains(part)),
        }
    }
}

fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (a, b) => a == b,
    }
}

impl Pattern {
    /// How many of the fields are as given.
    pub(crate) fn score(&self, found: &Value) -> usize {
        self.fields.iter().filter(|(path, test)| test.holds(lookup(found, path))).count()
    }

    pub(crate) fn matches(&self, found: &Value) -> bool {
        self.score(found) == self.fields.len()
    }
}

/// The value at a path. A key with dots in it is found too.
pub(crate) fn lookup<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    if let Some(found) = value.get(path) {
        return Some(found);
    }
    path.match_indices('.').find_map(|(dot, _)| {
        let (key, rest) = path.split_at(dot);
        lookup(value.get(key)?, rest.get(1..)?)
    })
}

/// What reading patterns needs: the policy's names, the start, and where to report.
pub(crate) struct Reader<'a, 'b> {
    pub(crate) findings: &'a mut Findings<'b>,
    pub(crate) zone: &'a Zone,
    pub(crate) start: Timestamp,
    pub(crate) until: Timestamp,
    /// Every text of the policy, so that a name which nobody has is noticed.
    pub(crate) texts: &'a dyn Fn(&str) -> bool,
    pub(crate) severities: &'a [String],
    /// The policies themselves, as they are written.
    pub(crate) documents: &'a [Value],
    /// The services of which incidents may open: those of the policies and of what happens.
    pub(crate) services: BTreeSet<String>,
}

/// What is called by its kind and name in the place of an entry: `inhibition link-down`.
const ENTRIES_BY_NAME: [&str; 3] = ["inhibition", "silence", "handoff"];

impl Reader<'_, '_> {
    /// An instant, in the run or outside it.
    pub(crate) fn any_moment(&mut self, path: &str, moment: &Moment) -> Option<Timestamp> {
        let at = moment.resolve(Some(self.start), self.zone);
        if at.is_none() {
            let message = format!("`{moment}` is not a date and time of the calendar");
            self.findings.error(path, "invalid_moment", message, None);
        }
        at
    }

    /// An instant of the run.
    pub(crate) fn moment(&mut self, path: &str, moment: &Moment) -> Option<Timestamp> {
        let at = self.any_moment(path, moment)?;
        if at < self.start || at > self.until {
            let (side, bound, name) =
                if at < self.start { ("before", self.start, "start") } else { ("after", self.until, "until") };
            let message = format!("`{moment}` lies {side} `{name}`, {}", instant(bound));
            let help = format!("move it, or change `{name}`");
            self.findings.error(path, "outside_the_run", message, Some(help));
            return None;
        }
        Some(at)
    }

    fn written_moment(&mut self, path: &str, value: &Value) -> Option<Timestamp> {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match text.parse::<Moment>() {
            Ok(moment) => self.moment(path, &moment),
            Err(error) => {
                let text = error.to_string();
                let (message, help) = text.split_once("; ").unwrap_or((&text, ""));
                self.findings.error(path, "invalid_moment", message.to_owned(), Some(help.to_owned()));
                None
            }
        }
    }

    /// One instant or a window.
    pub(crate) fn window(&mut self, path: &str, body: &IndexMap<String, Value>) -> Window {
        let mut moment = |key: &str| {
            let value = body.get(key)?;
            self.written_moment(&format!("{path}.{key}"), value)
        };
        let (at, from, before) = (moment("at"), moment("from"), moment("before"));
        if body.contains_key("at") && (body.contains_key("from") || body.contains_key("before")) {
            self.findings.error(
                &format!("{path}.at"),
                "at_and_window",
                "both an instant and a window are given".to_owned(),
                Some("keep `at`, or `from` and `before`".to_owned()),
            );
        }
        if let (Some(from), Some(before)) = (from, before)
            && before <= from
        {
            self.findings.error(
                &format!("{path}.before"),
                "empty_window",
                "the window ends before it begins: nothing can be in it".to_owned(),
                Some("write the later moment in `before`".to_owned()),
            );
        }
        match at {
            Some(at) => Window::At(at),
            None => Window::Between(from, before),
        }
    }

    /// The fields to compare, each known to the catalogue.
    pub(crate) fn pattern(
        &mut self,
        path: &str,
        body: &IndexMap<String, Value>,
        catalogue: &Catalogue,
        window: bool,
    ) -> Pattern {
        let mut pattern = Pattern::default();
        for (key, value) in body {
            if key == FIELDS {
                self.fields(&format!("{path}.{key}"), value, catalogue, &mut pattern);
                continue;
            }
            let framed =
                FRAME.contains(&key.as_str()) && (window || !matches!(key.as_str(), "from" | "before" | "count"));
            if !framed {
                self.field(&format!("{path}.{key}"), key, value, catalogue, &mut pattern);
            }
        }
        pattern
    }

    /// Fields that are written apart from the frame.
    fn fields(&mut self, path: &str, value: &Value, catalogue: &Catalogue, pattern: &mut Pattern) {
        let Value::Object(entries) = value else {
            let help = "write `fields: { from: open }`".to_owned();
            self.findings.error(path, "wrong_type", "`fields` is a mapping of fields".to_owned(), Some(help));
            return;
        };
        for (key, value) in entries {
            self.field(&format!("{path}.{key}"), key, value, catalogue, pattern);
        }
    }

    fn field(&mut self, path: &str, name: &str, value: &Value, catalogue: &Catalogue, pattern: &mut Pattern) {
        if let Some(part) = name.strip_suffix(".contains")
            && catalogue.field(part).is_some()
            && let Some(text) = value.as_str()
        {
            pattern.fields.push((part.to_owned(), Test::Contains(text.to_owned())));
            return;
        }
        if let Value::Object(entries) = value {
            for (key, value) in entries {
                let (path, name) = (format!("{path}.{key}"), format!("{name}.{key}"));
                self.field(&path, &name, value, catalogue, pattern);
            }
            return;
        }
        let Some(field) = catalogue.field(name) else {
            let names: Vec<&str> = catalogue.names().chain(FRAME).chain([FIELDS]).collect();
            let help = did_you_mean(name, names.iter().copied());
            let message = format!("there is no field `{name}` to compare");
            self.findings.error(path, "unknown_field", message, Some(help));
            return;
        };
        if let (Some(words), Some(word)) = (field.words(), value.as_str())
            && !words.contains(word)
        {
            let help = did_you_mean(word, words.iter().map(String::as_str));
            let message = format!("`{name}` is never `{word}`");
            self.findings.error(path, "unknown_value", message, Some(help));
            return;
        }
        if let Some(word) = value.as_str() {
            self.name(path, name, word);
        }
        let value = match value.as_str().map(str::parse::<Moment>) {
            Some(Ok(moment)) if field.instant => {
                moment.resolve(Some(self.start), self.zone).map_or(Value::Null, |at| Value::String(instant(at)))
            }
            _ => value.clone(),
        };
        pattern.fields.push((name.to_owned(), Test::Equals(value)));
    }

    /// A name that the policy does not have would make an absence true for the wrong reason.
    pub(crate) fn name(&mut self, path: &str, field: &str, word: &str) {
        if field == "severity" && !self.severities.iter().any(|severity| severity == word) {
            let help = did_you_mean(word, self.severities.iter().map(String::as_str));
            let message = format!("the policy has no severity `{word}`");
            self.findings.error(path, "unknown_severity", message, Some(help));
        }
        match field {
            "role" | "level" => self.role_or_level(path, field, word),
            "entry" | "cause.entry" => self.entry(path, word),
            _ => {}
        }
        let plain = word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        if matches!(field, "channel" | "to" | "person") && plain && !(self.texts)(word) {
            let message = format!("`{word}` stands nowhere in the policy");
            let help = "name a person, a team, a channel or an address of the policy".to_owned();
            self.findings.error(path, "unknown_name", message, Some(help));
        }
    }

    fn role_or_level(&mut self, path: &str, field: &str, word: &str) {
        // A level can be meant by its place.
        if (self.texts)(word) || word.parse::<usize>().is_ok() {
            return;
        }
        let lists: &[&str] = if field == "role" { &["roles", "on_call"] } else { &["escalation"] };
        let mut known: Vec<&str> = Vec::new();
        for list in self.documents.iter().flat_map(|document| lists.iter().filter_map(|list| document.get(list))) {
            names(list, field == "level", &mut known);
        }
        let (message, help) = (format!("the policy has no {field} `{word}`"), did_you_mean(word, known));
        self.findings.error(path, "unknown_name", message, Some(help));
    }

    /// An entry begins with one that a policy has, as it is written there.
    fn entry(&mut self, path: &str, word: &str) {
        let end = word.find(['.', '[']).unwrap_or(word.len());
        let (first, rest) = word.split_at(end);
        let top = schema_names();
        let (kind, name) = word.split_once(' ').unwrap_or((word, ""));
        if word.is_empty() || (ENTRIES_BY_NAME.contains(&kind) && (name.is_empty() || (self.texts)(name))) {
            return;
        }
        if !top.iter().any(|known| known == first) {
            let help = did_you_mean(first, top.iter().map(String::as_str));
            let message = format!("no policy has an entry `{first}`");
            self.findings.error(path, "unknown_entry", message, Some(help));
            return;
        }
        let Some(rest) = rest.strip_prefix('.').filter(|_| NAMED.contains(&first)) else { return };
        let mut known: Vec<&str> = Vec::new();
        for document in self.documents {
            known.extend(
                document.get(first).and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str()),
            );
        }
        let named =
            |key: &&str| rest.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        if !known.iter().any(named) {
            let name = rest.split(['.', '[']).next().unwrap_or_default();
            let (message, help) = (format!("the policy has no `{first}.{name}`"), did_you_mean(name, known));
            self.findings.error(path, "unknown_entry", message, Some(help));
        }
    }

    /// An incident that nothing opens would make an absence true for the wrong reason.
    pub(crate) fn incident(&mut self, path: &str, word: &str) {
        let number = word.strip_prefix('#').unwrap_or(word);
        // An id ends with a day and a digest.
        let mut parts = word.rsplit('-');
        let id = parts.next().is_some_and(|digest| digest.len() == 8)
            && parts.next().is_some_and(|day| day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()));
        if number.parse::<usize>().is_ok_and(|number| number > 0) || id || self.services.contains(word) {
            return;
        }
        let help = did_you_mean(word, self.services.iter().map(String::as_str));
        let message = format!("no incident of `{word}` can open here");
        self.findings.error(path, "unknown_incident", message, Some(help));
    }
}

/// The parts of a policy whose entries are called by names of its own.
const NAMED: [&str; 6] = ["severities", "escalation", "on_call", "roles", "services", "messages"];

/// What the outermost entries of policies are called.
fn schema_names() -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let schema = Policy::json_schema();
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        properties.map(|(name, _)| name.clone()).collect()
    });
    &NAMES
}

/// The names in a part of a policy: its keys, or the ids of the levels in it.
fn names<'a>(value: &'a Value, ids: bool, known: &mut Vec<&'a str>) {
    match value {
        Value::Object(entries) if !ids => known.extend(entries.keys().map(String::as_str)),
        Value::Object(entries) => {
            known.extend(entries.get("id").and_then(Value::as_str));
            entries.values().for_each(|value| names(value, ids, known));
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, ids, known)),
        _ => {}
    }
}

//! What a person needs to see why an expectation failed: what was expected, what there was, and what came nearest.

use std::fmt;

use kentongan::Timestamp;
use kentongan::oncall::OnCall;
use kentongan::source::Place;
use serde::Serialize;
use serde_json::Value;
use similar::TextDiff;

use super::{IncidentView, Run};
use crate::limits::NEAREST_MAX;
use crate::moment::offset;
use crate::scenario::{Expectation, Test, Window, lookup};

/// Something that was not as expected.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failure {
    /// Where the scenario expects it.
    #[serde(rename = "where")]
    pub place: Option<Place>,
    /// What was expected, to be read after "expected".
    pub expected: String,
    /// What there was instead.
    pub found: String,
    /// Why it must be so, in the scenario's words.
    pub why: Option<String>,
    /// What came nearest, one a line.
    pub nearest: Vec<String>,
    /// The fields expected (`-`) and found (`+`), line by line.
    pub diff: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        write!(f, "expected {}; {}", self.expected, self.found)?;
        if let Some(why) = &self.why {
            write!(f, "\n  because: {why}")?;
        }
        for line in &self.nearest {
            write!(f, "\n  {line}")?;
        }
        for line in self.diff.lines() {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}

/// An effect or a decision, to be compared.
pub(super) struct Candidate {
    pub(super) at: Timestamp,
    pub(super) incident: Option<String>,
    pub(super) value: Value,
}

pub(super) fn occurrence(
    run: &Run,
    expected: &Expectation,
    count: Option<u64>,
    noun: &str,
    found: &[&Candidate],
    candidates: &[Candidate],
) -> Failure {
    let what = format!("{noun} {}{}", described(expected), when(run, expected));
    let mut failure = Failure {
        place: Some(expected.place.clone()),
        expected: match count {
            None => format!("at least one {what}"),
            Some(0) => format!("no {what}"),
            Some(count) => format!("exactly {count} times the {what}"),
        },
        found: match (found.len(), count) {
            (0, _) => "there was none".to_owned(),
            (1, Some(0)) => "there was one".to_owned(),
            (found, _) => format!("there were {found}"),
        },
        why: expected.why.clone(),
        nearest: Vec::new(),
        diff: String::new(),
    };
    if found.is_empty() {
        nearest(run, expected, candidates, &mut failure);
    } else {
        let shown = found.iter().take(NEAREST_MAX);
        failure.nearest = shown.map(|candidate| one_line(run, candidate)).collect();
        if found.len() > NEAREST_MAX {
            failure.nearest.push(format!("and {} more", found.len() - NEAREST_MAX));
        }
    }
    failure
}

/// What has the most of the expected fields, at the nearest instant.
fn nearest(run: &Run, expected: &Expectation, candidates: &[Candidate], failure: &mut Failure) {
    let mut ranked: Vec<(usize, i64, &Candidate)> = candidates
        .iter()
        .map(|candidate| {
            let score = expected.pattern.score(&candidate.value);
            (score, distance(run, expected.window, candidate.at), candidate)
        })
        .filter(|(score, ..)| *score > 0)
        .collect();
    ranked.sort_by_key(|(score, distance, _)| (std::cmp::Reverse(*score), *distance));
    let Some((best, _, first)) = ranked.first() else {
        return;
    };
    let near = ranked.iter().take_while(|(score, ..)| score == best).take(NEAREST_MAX);
    failure.nearest = near.map(|(_, _, candidate)| format!("nearest: {}", one_line(run, candidate))).collect();
    let at = |at: Timestamp| format!("at: {}\n", offset(run.start, at));
    let (mut wanted, mut had) = (String::new(), String::new());
    if let Window::At(instant) = expected.window {
        wanted.push_str(&at(instant));
        had.push_str(&at(first.at));
    }
    fields(expected, &first.value, &mut wanted, &mut had);
    failure.diff = diff(&wanted, &had);
}

fn distance(run: &Run, window: Window, at: Timestamp) -> i64 {
    let from = match window {
        Window::At(at) | Window::Between(Some(at), _) => at,
        Window::Between(None, _) => run.start,
    };
    (at - from).num_milliseconds().abs()
}

pub(super) fn state(run: &Run, expected: &Expectation, at: Timestamp, number: &str, found: &Value) -> Failure {
    let (mut wanted, mut had) = (String::new(), String::new());
    fields(expected, found, &mut wanted, &mut had);
    let wrong = expected.pattern.fields.len() - expected.pattern.score(found);
    Failure {
        place: Some(expected.place.clone()),
        expected: format!("incident {number} at {} to have {}", offset(run.start, at), described(expected)),
        found: match wrong {
            1 => "one field differs".to_owned(),
            wrong => format!("{wrong} fields differ"),
        },
        why: expected.why.clone(),
        nearest: Vec::new(),
        diff: diff(&wanted, &had),
    }
}

pub(super) fn on_call(
    run: &Run,
    expected: &Expectation,
    at: Timestamp,
    role: &str,
    found: &OnCall,
    value: &Value,
) -> Failure {
    let (mut wanted, mut had) = (String::new(), String::new());
    fields(expected, value, &mut wanted, &mut had);
    Failure {
        place: Some(expected.place.clone()),
        expected: format!("{role} at {} to have {}", offset(run.start, at), described(expected)),
        found: match found {
            OnCall::People(people) => format!("on call was {}", people.join(", ")),
            OnCall::Gap { reason, .. } => format!("nobody was on call: {reason}"),
        },
        why: expected.why.clone(),
        nearest: Vec::new(),
        diff: diff(&wanted, &had),
    }
}

pub(super) fn no_incident(run: &Run, expected: &Expectation, at: Timestamp, views: &[IncidentView]) -> Failure {
    let named = expected.incident.as_ref();
    let listed: Vec<String> =
        views.iter().map(|view| format!("{} {} {}", view.number, view.severity, view.title)).collect();
    Failure {
        place: Some(expected.place.clone()),
        expected: format!(
            "{} at {}",
            named.map_or_else(|| "an incident".to_owned(), |named| format!("an incident {}", named.text)),
            offset(run.start, at),
        ),
        found: match listed.len() {
            0 => "there was none".to_owned(),
            _ => "there were only these".to_owned(),
        },
        why: expected.why.clone(),
        nearest: listed,
        diff: String::new(),
    }
}

/// The expected fields in one line.
fn described(expected: &Expectation) -> String {
    let fields: Vec<String> = expected
        .pattern
        .fields
        .iter()
        .map(|(path, test)| match test {
            Test::Equals(value) => format!("{path}: {}", plain(value)),
            Test::Contains(part) => format!("{path} with `{part}` in it"),
        })
        .collect();
    format!("{{ {} }}", fields.join(", "))
}

fn when(run: &Run, expected: &Expectation) -> String {
    let at = |at: Timestamp| offset(run.start, at);
    let of = expected.incident.as_ref().map_or_else(String::new, |incident| format!(" of incident {}", incident.text));
    let when = match expected.window {
        Window::At(instant) => format!(" at {}", at(instant)),
        Window::Between(None, None) => " in the whole run".to_owned(),
        Window::Between(from, before) => {
            let from = from.map(|from| format!(" from {}", at(from)));
            let before = before.map(|before| format!(" before {}", at(before)));
            format!("{}{}", from.unwrap_or_default(), before.unwrap_or_default())
        }
    };
    format!("{of}{when}")
}

fn fields(expected: &Expectation, found: &Value, wanted: &mut String, had: &mut String) {
    for (path, test) in &expected.pattern.fields {
        let value = lookup(found, path);
        let shown = value.map_or_else(|| "(none)".to_owned(), plain);
        // What is right reads the same on both sides, however it is compared.
        let want = match test {
            _ if test.holds(value) => shown.clone(),
            Test::Equals(value) => plain(value),
            Test::Contains(part) => format!("… {part} …"),
        };
        for (side, text) in [(&mut *wanted, want), (&mut *had, shown)] {
            side.extend([path.as_str(), ": ", text.as_str(), "\n"]);
        }
    }
}

fn diff(wanted: &str, had: &str) -> String {
    let diff = TextDiff::from_lines(wanted, had);
    let changes = diff.iter_all_changes();
    let lines: Vec<String> = changes.map(|change| format!("{} {}", change.tag(), change.value())).collect();
    lines.concat()
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.replace('\n', "⏎"),
        other => other.to_string(),
    }
}

/// A candidate in one line: when, which incident, what it is, to whom.
fn one_line(run: &Run, candidate: &Candidate) -> String {
    const SHOWN: [&str; 11] = [
        "kind",
        "verdict",
        "purpose",
        "channel",
        "to",
        "clock",
        "percent",
        "level",
        "reason",
        "cause.trigger",
        "cause.entry",
    ];
    let shown: Vec<String> = SHOWN
        .iter()
        .filter_map(|path| {
            let value = lookup(&candidate.value, path)?;
            Some(format!("{path}: {}", plain(value)))
        })
        .collect();
    let incident = candidate.incident.as_deref().unwrap_or("-");
    format!("{} {incident} {{ {} }}", offset(run.start, candidate.at), shown.join(", "))
}

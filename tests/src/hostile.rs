//! Hostile conditions: the corpus, and the trial that each of them has to stand.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use kentongan::{Action, Alert, Effect, Engine, Input, Policy, Step, Timestamp};
use serde::Deserialize;

/// A family of hostile conditions, as a file of `tests/hostile` holds it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// What it is called: the name of its file.
    pub family: String,
    /// What they have in common.
    pub why: String,
    scripts: Vec<Written>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    when: String,
    script: Option<String>,
    nest: Option<Nest>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nest {
    open: String,
    inner: String,
    close: String,
    times: Vec<usize>,
}

/// One hostile condition.
#[derive(Debug, Clone)]
pub struct Hostile {
    /// Family, name and, where it nests, how often.
    pub name: String,
    /// The condition.
    pub when: String,
    /// The policy's own functions.
    pub script: Option<String>,
}

/// The whole corpus, in order.
///
/// # Panics
///
/// When it cannot be read: it is part of the tests.
#[must_use]
pub fn corpus() -> Vec<Hostile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("hostile");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the corpus is there")
        .map(|entry| entry.expect("the corpus can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    files.sort();
    files.iter().flat_map(|path| family(path)).collect()
}

fn family(path: &Path) -> Vec<Hostile> {
    let text = fs::read_to_string(path).expect("a file can be read");
    let name = path.to_string_lossy();
    let family: Family = kentongan::source::read(&name, &text).unwrap_or_else(|error| panic!("{error}"));
    assert!(path.file_stem().is_some_and(|stem| stem == family.family.as_str()), "{name} is named after its family");
    assert!(!family.why.is_empty(), "{name} says what its scripts have in common");
    let mut all = Vec::new();
    for written in family.scripts {
        let hostile = |suffix: String, when: String| Hostile {
            name: format!("{}/{}{suffix}", family.family, written.name),
            when,
            script: written.script.clone(),
        };
        let Some(nest) = &written.nest else {
            all.push(hostile(String::new(), written.when.clone()));
            continue;
        };
        for times in &nest.times {
            let nested = format!("{}{}{}", nest.open.repeat(*times), nest.inner, nest.close.repeat(*times));
            let mut hostile = hostile(format!("×{times}"), written.when.replace('…', &nested));
            hostile.script = hostile.script.map(|script| script.replace('…', &nested));
            all.push(hostile);
        }
    }
    all
}

/// Where a policy asks a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A rule of classification.
    Rule,
    /// An escalation level.
    Level,
    /// A route.
    Route,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rule, Self::Level, Self::Route];
}

/// How a condition ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// The policy was refused, with a diagnostic.
    Refused,
    /// It failed, and somebody was told.
    Failed,
    /// It does not hold.
    No,
    /// It holds.
    Yes,
}

/// Whom the condition under trial adds, and who is paged without it.
const ADDED: &str = "guarded";
const PLAIN: [&str; 2] = ["plain", "routed"];

/// An alert with something of everything, as the conditions are asked about.
#[must_use]
pub fn alert() -> Alert {
    let mut alert = Alert::firing("a1", "core");
    "Slow".clone_into(&mut alert.name);
    alert.summary = "Requests take long. ".repeat(40);
    for number in 0..40 {
        alert.labels.insert(format!("label-{number}"), "x".repeat(number));
    }
    alert.labels.insert("region".to_owned(), "jakarta".to_owned());
    alert.values.insert("ratio".to_owned(), 2.5);
    alert
}

/// A policy that asks the condition at one place. A rule that holds makes the alert worse than the default.
fn policy(hostile: &Hostile, place: Place) -> Result<Policy, kentongan::PolicyError> {
    let when = serde_json::to_string(&hostile.when).expect("text is JSON");
    let here = |wanted: Place| if place == wanted { format!(", when: {when}") } else { String::new() };
    let rule = if place == Place::Rule {
        format!("  - {{ id: hostile, severity: worst{} }}\n", here(Place::Rule))
    } else {
        String::new()
    };
    let text = format!(
        "policy: hostile\n{}services: {{ core: {{ tier: gold, facts: {{ seats: 40, paid: true }} }} }}\n\
         people:\n  guarded: {{ contacts: {{ pager: g }} }}\n  plain: {{ contacts: {{ pager: p }} }}\n  routed: {{ contacts: {{ pager: r }} }}\n\
         severities:\n  worst: &all\n    definition: all\n    escalation: path\n    notify: [ {{ pager: routed }}, {{ pager: guarded{} }} ]\n  high: *all\n  low: *all\n\
         classify:\n{rule}  - default: high\n\
         escalation: {{ path: [ {{ notify: guarded, after: 1m{} }}, {{ notify: plain, after: 2m }} ] }}\n\
         last_resort: [ {{ pager: plain }} ]\non_fault: [ {{ email: owners@example.org }} ]\n",
        if hostile.script.is_some() { "script: own.rhai\n" } else { "" },
        if place == Place::Level { ", when: \"false\"".to_owned() } else { here(Place::Route) },
        if place == Place::Route { ", when: \"false\"".to_owned() } else { here(Place::Level) },
    );
    Policy::load("policy.yaml", &text, |_| hostile.script.clone())
}

/// Puts a condition into a policy at one place, opens an incident and waits an hour for everybody.
///
/// # Errors
///
/// The harm it did: a severity below the default, a page that was not sent, or two runs that differ.
pub fn run(hostile: &Hostile, place: Place) -> Result<End, String> {
    let Ok(policy) = policy(hostile, place) else {
        return Ok(End::Refused);
    };
    let policy = Arc::new(policy);
    let (steps, severity) = live(&policy);
    if (steps.as_slice(), &severity) != (live(&policy).0.as_slice(), &severity) {
        return Err("two runs differ".to_owned());
    }
    let effects: Vec<&Effect> = steps.iter().flat_map(|step| &step.effects).collect();
    let paged =
        |name: &str| effects.iter().any(|effect| matches!(&effect.action, Action::Notify(page) if page.to == name));
    if severity != "worst" && severity != "high" {
        return Err(format!("the severity is `{severity}`, below the default"));
    }
    for name in PLAIN {
        if !paged(name) {
            return Err(format!("`{name}` was not paged"));
        }
    }
    let failed = effects.iter().any(|effect| matches!(effect.action, Action::PolicyFault { .. }));
    let added = match place {
        Place::Rule => severity == "worst",
        Place::Level | Place::Route => paged(ADDED),
    };
    match (failed, added) {
        (true, false) if place != Place::Rule => Err("it failed, and what it guards was left out".to_owned()),
        (true, _) if !effects.iter().any(|effect| to_owners(effect)) => {
            Err("it failed, and nobody was told".to_owned())
        }
        (true, _) => Ok(End::Failed),
        (false, true) => Ok(End::Yes),
        (false, false) => Ok(End::No),
    }
}

fn to_owners(effect: &Effect) -> bool {
    matches!(&effect.action, Action::Notify(note) if note.address == "owners@example.org")
}

/// The first hour of an incident that nobody answers, and its severity.
fn live(policy: &Arc<Policy>) -> (Vec<Step>, String) {
    let start: Timestamp = "2026-11-24T02:00:00Z".parse().expect("an instant");
    let mut engine = Engine::new(Arc::clone(policy));
    let opened = engine.apply(start, Input::Alert(alert())).expect("no alert is refused");
    let later = engine.apply(start + TimeDelta::hours(1), Input::Tick).expect("time passes");
    let severity = engine.incidents().next().map(|incident| incident.severity().to_owned()).unwrap_or_default();
    (vec![opened, later], severity)
}

//! Hostile conditions: the corpus, and the trial that each of them has to stand.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use kentongan::{Action, Alert, ClockKind, Effect, Engine, Impact, Input, Policy, Step, Timestamp, Verdict};
use serde::Deserialize;

/// A family of hostile conditions, as a file of `tests/hostile` holds it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// What it is called: the name of its file.
    pub family: String,
    /// What they have in common.
    pub why: String,
    /// The limits that end them, in the words of their errors: what can be read and fails, fails by one of these, unless
    /// it says otherwise.
    #[serde(default)]
    pub limits: Vec<String>,
    scripts: Vec<Written>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    when: String,
    script: Option<String>,
    /// What it fails with where that is no limit of its family.
    error: Option<String>,
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
    /// What it may fail with, in the words of the error; with anything, where there are none.
    pub errors: Vec<String>,
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
            errors: written.error.clone().map_or_else(|| family.limits.clone(), |error| vec![error]),
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

/// Where a policy asks a condition: everywhere that one can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A rule of classification.
    Rule,
    /// A column of a decision table.
    Column,
    /// What says which alerts are drills.
    Drill,
    /// An escalation level.
    Level,
    /// A route.
    Route,
    /// The throttle of a route.
    Throttle,
    /// A rule of triage.
    Triage,
    /// What says whether the public is to be told.
    Public,
    /// What says which incidents need a post-mortem.
    Postmortem,
}

/// Which answer a condition has to give where it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Safe {
    /// As if it held.
    Yes,
    /// As if it did not.
    No,
    /// Whatever is worse: a rule that fails does not match, and the default stands or what is worse than it.
    Worse,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Rule,
        Self::Column,
        Self::Drill,
        Self::Level,
        Self::Route,
        Self::Throttle,
        Self::Triage,
        Self::Public,
        Self::Postmortem,
    ];

    const fn safe(self) -> Safe {
        match self {
            Self::Rule | Self::Column => Safe::Worse,
            // Either would keep something from people.
            Self::Drill | Self::Throttle => Safe::No,
            Self::Level | Self::Route | Self::Triage | Self::Public | Self::Postmortem => Safe::Yes,
        }
    }
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

/// How a trial ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// How the condition ended.
    pub end: End,
    /// The errors that somebody was told of, or why the policy was refused.
    pub errors: Vec<String>,
}

/// A policy that asks the condition at one place. A rule that holds makes the alert worse than the default.
fn policy(hostile: &Hostile, place: Place) -> Result<Policy, kentongan::PolicyError> {
    let quoted = serde_json::to_string(&hostile.when).expect("text is JSON");
    let here = |wanted: Place, text: &str| if place == wanted { text.replace('…', &quoted) } else { String::new() };
    // Whoever is guarded is told nothing but where that is under trial.
    let guard = |wanted: Place| if place == wanted { quoted.as_str() } else { "\"false\"" };
    let text = format!(
        "policy: hostile\n{}services: {{ core: {{ tier: gold, facts: {{ seats: 40, paid: true }} }} }}\n\
         people:\n  guarded: {{ contacts: {{ pager: g }} }}\n  plain: {{ contacts: {{ pager: p }} }}\n  routed: {{ contacts: {{ pager: r }} }}\n\
         severities:\n  worst: &all\n    definition: all\n    escalation: path\n{}    notify:\n\
         \x20     - {{ pager: routed, on: [open, update]{} }}\n      - {{ pager: guarded, when: {} }}\n  high: *all\n  low: *all\n\
         classify:\n{}{}  - default: high\n\
         escalation: {{ path: [ {{ notify: guarded, after: 1m, when: {} }}, {{ notify: plain, after: 2m }} ] }}\n{}{}{}\
         declaration: {{ status_page: public }}\nlast_resort: [ {{ pager: plain }} ]\non_fault: [ {{ email: owners@example.org }} ]\n",
        if hostile.script.is_some() { "script: own.rhai\n" } else { "" },
        here(Place::Public, "    public: { notice: within 30m, when: … }\n"),
        here(Place::Throttle, ", throttle: { every: 3h, when: … }"),
        guard(Place::Route),
        here(Place::Rule, "  - { id: hostile, severity: worst, when: … }\n"),
        here(Place::Column, "  - { id: hostile, table: { file: rows.csv } }\n"),
        guard(Place::Level),
        here(Place::Drill, "drills: { when: … }\n"),
        here(Place::Triage, "triage: { rules: [ { when: …, severity: worst } ] }\n"),
        here(Place::Postmortem, "postmortem: { required_when: [ … ] }\n"),
    );
    Policy::load("policy.yaml", &text, |file| match file {
        // In a file, since a name in YAML ends after a thousand characters. A column is an expression: that is a block, too.
        "rows.csv" => Some(format!("\"{{ {} }}\",severity\ntrue,worst\n", hostile.when.replace('"', "\"\""))),
        _ => hostile.script.clone(),
    })
}

/// Puts a condition into a policy at one place, opens an incident, waits an hour for everybody, and goes on to its end.
///
/// # Errors
///
/// The harm it did: a severity below the default, a page that was not sent, an answer that is not the safe one where it
/// failed, an error that is none of its own, or two runs that differ.
pub fn run(hostile: &Hostile, place: Place) -> Result<Trial, String> {
    let policy = match policy(hostile, place) {
        Ok(policy) => Arc::new(policy),
        Err(refused) => return Ok(Trial { end: End::Refused, errors: vec![refused.to_string()] }),
    };
    let life = live(&policy);
    if life != live(&policy) {
        return Err("two runs differ".to_owned());
    }
    let effects = || life.steps.iter().flat_map(|step| &step.effects);
    let paged = |name: &str| effects().any(|effect| matches!(&effect.action, Action::Notify(page) if page.to == name));
    if life.severity != "worst" && life.severity != "high" {
        return Err(format!("the severity is `{}`, below the default", life.severity));
    }
    for name in PLAIN {
        if !paged(name) {
            return Err(format!("`{name}` was not paged"));
        }
    }
    let errors: Vec<String> = effects()
        .filter_map(|effect| match &effect.action {
            Action::PolicyFault { error, .. } => Some(error.clone()),
            _ => None,
        })
        .collect();
    if let Some(error) = errors.iter().find(|error| !hostile.may_fail_with(error)) {
        return Err(format!("it failed with `{error}`, which is none of {:?}", hostile.errors));
    }
    let mut decisions = life.steps.iter().flat_map(|step| &step.decisions);
    let holds = match place {
        Place::Rule | Place::Column | Place::Triage => life.severity == "worst",
        Place::Drill => life.drill,
        Place::Level | Place::Route => paged(ADDED),
        Place::Throttle => decisions.any(|decision| matches!(decision.verdict, Verdict::Throttled { .. })),
        Place::Public => life.public,
        Place::Postmortem => life.postmortem,
    };
    match (errors.is_empty(), holds, place.safe()) {
        (false, false, Safe::Yes) => Err("it failed, and what it guards was left out".to_owned()),
        (false, true, Safe::No) => Err("it failed, and what it keeps back was kept back".to_owned()),
        (false, ..) if !effects().any(to_owners) => Err("it failed, and nobody was told".to_owned()),
        (false, ..) => Ok(Trial { end: End::Failed, errors }),
        (true, true, _) => Ok(Trial { end: End::Yes, errors }),
        (true, false, _) => Ok(Trial { end: End::No, errors }),
    }
}

impl Hostile {
    fn may_fail_with(&self, error: &str) -> bool {
        self.errors.is_empty() || self.errors.iter().any(|words| error.contains(words.as_str()))
    }
}

fn to_owners(effect: &Effect) -> bool {
    matches!(&effect.action, Action::Notify(note) if note.address == "owners@example.org")
}

/// An incident that nobody answers for an hour, and what is known of it at the end.
#[derive(Debug, PartialEq)]
struct Life {
    steps: Vec<Step>,
    severity: String,
    drill: bool,
    public: bool,
    postmortem: bool,
}

fn live(policy: &Arc<Policy>) -> Life {
    let start: Timestamp = "2026-11-24T02:00:00Z".parse().expect("an instant");
    let mut engine = Engine::new(Arc::clone(policy));
    let mut steps = vec![engine.apply(start, Input::Alert(alert())).expect("no alert is refused")];
    let id = engine.incidents().next().expect("there is an incident").id().clone();
    let (by, incident) = ("plain".to_owned(), || id.clone());
    let impact = Impact { users_affected: Some(3), ..Impact::default() };
    let later = [
        Input::Tick,
        Input::Update { incident: incident(), by: by.clone(), text: "looking".to_owned(), parts: BTreeMap::new() },
        Input::Assess { incident: incident(), by: by.clone(), impact },
        Input::Resolve { incident: incident(), by, note: "over".to_owned(), override_reason: None },
    ];
    steps.extend(later.map(|input| engine.apply(start + TimeDelta::hours(1), input).expect("it is accepted")));
    let incident = engine.incident(&id).expect("it is kept for a while");
    Life {
        steps,
        severity: incident.severity().to_owned(),
        drill: incident.is_drill(),
        public: incident.clock(ClockKind::Public).is_some(),
        postmortem: incident.postmortem_required(),
    }
}

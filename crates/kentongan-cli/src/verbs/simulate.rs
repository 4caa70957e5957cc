//! `kentongan simulate`: who is told what, when and why.

use std::path::Path;
use std::sync::Arc;

use chrono::SubsecRound;
use kentongan::{Alert, Duration, Policy, Timestamp};
use kentongan_lab::text::Line;
use kentongan_lab::{Run, RunEntry, Scenario};

use crate::Verdict;
use crate::arguments::{Common, Format, Simulate};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Simulate, output: &mut Output) -> Result<Verdict, Problem> {
    files::stdin_once(common.policy.as_deref(), &given.inputs)?;
    if let Some(path) = &given.journal {
        super::keeping::refuse_what_is_there(path)?;
    }
    let policy = files::policy(common.policy.as_deref())?;
    let mut verdict = Verdict::Fine;
    let mut alerts: Vec<Alert> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut runs: Vec<(Run, Arc<Policy>)> = Vec::new();
    for path in &given.inputs {
        let bytes = files::bytes(path)?;
        let Some(text) = scenario_text(path, &bytes) else {
            alerts.extend(files::alerts(path, &bytes, given.source.as_deref(), output)?);
            names.push(files::name(path));
            continue;
        };
        if given.at.is_some() {
            let name = files::name(path);
            let message = format!("`{name}` is a scenario, which says itself when it starts");
            return Err(Problem::unusable(message, "leave out `--at`"));
        }
        let name = files::name(path);
        let scenario = Scenario::load(&name, &text, policy.clone(), files::beside(path)).map_err(Problem::Invalid)?;
        let run = ended(&scenario, &name, output, &mut verdict);
        if !run.passed() {
            let count = run.failures.len();
            output.note(&format!("{count} of its expectations do not hold; `kentongan test` says which"));
        }
        runs.push((run, Arc::clone(scenario.policy())));
    }
    if !names.is_empty() {
        let policy = files::required_policy(common.policy.as_deref())?;
        let name = names.join(", ");
        let scenario = payloads(&policy, given, &name, alerts)?;
        let run = ended(&scenario, &name, output, &mut verdict);
        // A scenario says itself which refusals are right.
        let mut refusals = run.entries.iter().filter_map(|entry| match entry {
            RunEntry::Refusal { message, help, .. } => Some(format!("{message}; {help}")),
            _ => None,
        });
        if let Some(first) = refusals.next() {
            let more = match refusals.count() {
                0 => String::new(),
                more => format!("; and {more} more"),
            };
            output.note(&format!("{name}: the engine refuses what arrives: {first}{more}"));
            verdict = Verdict::Problems;
        }
        runs.push((run, policy));
    }
    for (index, (run, policy)) in runs.iter().enumerate() {
        if index > 0 && given.answer.format == Format::Text {
            output.line(&Line::default())?;
        }
        super::show(run, policy, given.answer.format, given.all, output)?;
    }
    if let Some(path) = &given.journal {
        let [(run, policy)] = runs.as_slice() else {
            let message = format!("{} scenarios or payloads of their own do not make one journal", runs.len());
            return Err(Problem::unusable(message, "give one scenario, or payloads only, with `--journal`"));
        };
        super::keeping::keep(run, policy, path, output)?;
    }
    Ok(verdict)
}

/// The run, as far as it goes.
fn ended(scenario: &Scenario, name: &str, output: &mut Output, verdict: &mut Verdict) -> Run {
    scenario.run().unwrap_or_else(|error| {
        output.note(&format!("{name}: {error}, and is shown up to there; {}", error.help()));
        *verdict = Verdict::Problems;
        error.into_run()
    })
}

/// The text of a scenario; `None` where it is a payload.
fn scenario_text(path: &Path, bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let named = matches!(ending, "yaml" | "yml");
    let marked = || {
        let read = kentongan::source::read::<serde_json::Value>("input", text);
        read.is_ok_and(|value| value.get("scenario").is_some())
    };
    (named || marked()).then(|| text.to_owned())
}

/// A run in which payloads arrive together.
fn payloads(policy: &Arc<Policy>, given: &Simulate, name: &str, alerts: Vec<Alert>) -> Result<Scenario, Problem> {
    let start = match &given.at {
        Some(at) => super::moment("--at", at, None, policy)?,
        // To the second: people read the timeline, and monitoring is not more exact.
        None => alerts.iter().find_map(|alert| alert.starts_at).map(|at| at.trunc_subsecs(0)).ok_or_else(|| {
            Problem::unusable(
                format!("no alert of {name} says when it began"),
                "add `--at`, such as `--at 2026-11-24T02:00`",
            )
        })?,
    };
    let until = end(given, start, policy)?;
    let scenario = Scenario::new(name, Arc::clone(policy), start, until);
    Ok(alerts.into_iter().fold(scenario, |scenario, alert| scenario.with_alert(start, alert)))
}

/// When a run of payloads ends.
fn end(given: &Simulate, start: Timestamp, policy: &Policy) -> Result<Timestamp, Problem> {
    let text = given.until.as_str();
    let days = kentongan_lab::limits::RUN_DAYS_MAX;
    let help = format!("write a length such as `4h`, at most {days} days, or a later instant");
    let until = match text.parse::<Duration>() {
        Ok(length) => length.after(start),
        // A date has a dash or a colon in it; what has neither was meant as a length.
        Err(error) if !text.starts_with('+') && !text.contains(['-', ':']) => {
            return Err(Problem::unusable(format!("`--until`: {error}"), help));
        }
        Err(_) => super::moment("--until", text, Some(start), policy)?,
    };
    if until < start {
        return Err(Problem::unusable(format!("`--until {text}` does not lie after the start"), help));
    }
    if until > Duration::from_hours(24 * days).after(start) {
        let message = format!("`--until {text}` lies more than {days} days after the start, the longest a run lasts");
        return Err(Problem::unusable(message, help));
    }
    Ok(until)
}

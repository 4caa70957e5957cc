//! `kentongan simulate`: who is told what, when and why.

use std::path::Path;
use std::sync::Arc;

use chrono::SubsecRound;
use kentongan::{Alert, Duration, Policy, Timestamp};
use kentongan_lab::text::Line;
use kentongan_lab::{Moment, Run, Scenario};

use crate::Verdict;
use crate::arguments::{Common, Format, Simulate};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Simulate, output: &mut Output) -> Result<Verdict, Problem> {
    let policy = files::policy(common.policy.as_deref())?;
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
        let run = ended(&scenario)?;
        if !run.passed() {
            let count = run.failures.len();
            output.note(&format!("{count} of its expectations do not hold; `kentongan test` says which"));
        }
        runs.push((run, Arc::clone(scenario.policy())));
    }
    if !names.is_empty() {
        let policy = files::required_policy(common.policy.as_deref())?;
        let scenario = payloads(&policy, given, &names.join(", "), alerts)?;
        runs.push((ended(&scenario)?, policy));
    }
    for (index, (run, policy)) in runs.iter().enumerate() {
        if index > 0 && common.format == Format::Text {
            output.line(&Line::default())?;
        }
        super::show(run, policy, common.format, given.all, output)?;
    }
    Ok(Verdict::Fine)
}

fn ended(scenario: &Scenario) -> Result<Run, Problem> {
    scenario.run().map_err(|error| Problem::at_fault(error.to_string(), error.help()))
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
        Some(at) => moment("--at", at, None, policy)?,
        // To the second: people read the timeline, and monitoring is not more exact.
        None => alerts.iter().find_map(|alert| alert.starts_at).map(|at| at.trunc_subsecs(0)).ok_or_else(|| {
            Problem::unusable(
                format!("no alert of {name} says when it began"),
                "add `--at`, such as `--at 2026-11-24T02:00`",
            )
        })?,
    };
    let until = match given.until.parse::<Duration>() {
        Ok(length) => length.after(start),
        Err(_) => moment("--until", &given.until, Some(start), policy)?,
    };
    let most = Duration::from_hours(24 * kentongan_lab::limits::RUN_DAYS_MAX);
    if until < start || until > most.after(start) {
        let message = format!("`--until {}` does not lie after the start", given.until);
        let help = format!("write a length such as `4h`, at most {most}");
        return Err(Problem::unusable(message, help));
    }
    let scenario = Scenario::new(name, Arc::clone(policy), start, until);
    Ok(alerts.into_iter().fold(scenario, |scenario, alert| scenario.with_alert(start, alert)))
}

fn moment(option: &str, text: &str, start: Option<Timestamp>, policy: &Policy) -> Result<Timestamp, Problem> {
    let moment = text.parse::<Moment>().map_err(|error| Problem::unusable(format!("`{option}`: {error}"), ""))?;
    moment.resolve(start, policy.zone()).ok_or_else(|| {
        Problem::unusable(
            format!("`{option} {text}` is not an instant"),
            "write one with its offset, or local time such as `2026-11-24T02:00`",
        )
    })
}

//! `kentongan classify`: which severity alerts have, and why.

mod rows;

use kentongan::{Alert, AlertStatus, Classification, Policy};
use kentongan_lab::text::{Line, Style};
use serde::Serialize;
use serde_json::Value;

use crate::Verdict;
use crate::arguments::{Classify, Common, Layout};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;
use rows::Rows;

/// An answer as data, with what the alert itself says of its end.
#[derive(Serialize)]
struct Answer<'a, A: Serialize> {
    #[serde(flatten)]
    answer: &'a A,
    status: AlertStatus,
}

pub(crate) fn run(common: &Common, given: &Classify, output: &mut Output) -> Result<Verdict, Problem> {
    files::stdin_once(common.policy.as_deref(), &given.payloads)?;
    if given.explain && matches!(given.layout, Layout::Table | Layout::Csv) {
        return Err(Problem::unusable(
            "a row has no room for what every rule says",
            "leave out `--explain`, or use `--format text`",
        ));
    }
    let policy = files::required_policy(common.policy.as_deref())?;
    let mut alerts = Vec::new();
    for path in &given.payloads {
        let bytes = files::bytes(path)?;
        alerts.append(&mut files::alerts(path, &bytes, given.source.as_deref(), output)?);
    }
    let rows = Rows::begin(given.layout, &policy, &alerts, output)?;
    for (index, alert) in alerts.iter().enumerate() {
        output.progress("classified", index, alerts.len());
        let explained = given.explain.then(|| policy.explain(alert));
        let answer = explained.as_ref().map_or_else(|| policy.classify(alert), |whole| whole.answer.clone());
        match (given.layout, &explained) {
            (Layout::Jsonl, Some(whole)) => output.json(&Answer { answer: whole, status: alert.status })?,
            (Layout::Jsonl, None) => output.json(&Answer { answer: &answer, status: alert.status })?,
            (Layout::Table | Layout::Csv, _) => rows.row(alert, &answer, output)?,
            (Layout::Text, _) => {
                if index > 0 {
                    output.line(&Line::default())?;
                }
                output.lines(&lines(&policy, alert, &answer))?;
                output.lines(&block("rules", explained.iter().flat_map(kentongan::Explanation::lines)))?;
            }
        }
    }
    output.progress("classified", alerts.len(), alerts.len());
    Ok(Verdict::Fine)
}

fn lines(policy: &Policy, alert: &Alert, answer: &Classification) -> Vec<Line> {
    let service = match (&answer.service, answer.service_known) {
        (Some(service), true) => service.clone(),
        (Some(service), false) => format!("{service} (not in the catalogue)"),
        (None, _) => "no service".to_owned(),
    };
    let severity = policy.document().severities.get(&answer.severity);
    let name = severity.and_then(|severity| severity.name.as_deref()).unwrap_or_default();
    let resolved = if alert.status == AlertStatus::Resolved { "  (resolved)" } else { "" };
    let mut lines = vec![
        Line::of(Style::Heading, alert.title())
            .with(Style::Good, resolved)
            .with(Style::Faint, format!("  {service}, {}", alert.key)),
        Line::of(Style::Alarm, format!("  {} {name}", answer.severity))
            .with(Style::Plain, format!("  {}", answer.because)),
        row("rule", answer.rule.as_deref().unwrap_or("none: the default")),
    ];
    let facts = answer.facts.iter().map(|(name, value)| match value {
        Value::String(text) => format!("{name} = \"{text}\""),
        other => format!("{name} = {other}"),
    });
    let runner_up = answer.runner_up.iter();
    let runner_up = runner_up.map(|runner_up| format!("{} would say {}", runner_up.rule, runner_up.severity));
    let faults = answer.faults.iter().map(|fault| format!("{}: {}", fault.entry, fault.error));
    lines.extend(block("facts", facts));
    lines.extend(block("absent", answer.absent.iter().cloned()));
    lines.extend(block("otherwise", runner_up));
    lines.extend(block("faults", faults));
    lines
}

/// Lines under one label.
fn block(label: &str, texts: impl Iterator<Item = String>) -> Vec<Line> {
    texts.enumerate().map(|(index, text)| row(if index == 0 { label } else { "" }, &text)).collect()
}

fn row(label: &str, text: &str) -> Line {
    Line::of(Style::Faint, format!("    {label:<11}")).with(Style::Plain, text)
}

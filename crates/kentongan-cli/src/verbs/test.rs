//! `kentongan test`: runs scenarios, and says which of their expectations fail.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use kentongan::Policy;
use kentongan_lab::Scenario;
use kentongan_lab::text::{Line, Style};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use serde::Serialize;

use crate::Verdict;
use crate::arguments::{Common, Format, Test};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

/// What came of one scenario.
#[derive(Debug, Serialize)]
struct Outcome {
    file: String,
    scenario: String,
    passed: bool,
    /// How many things it expects.
    expectations: usize,
    /// What was not as expected, or why it could not be run.
    failures: Vec<String>,
}

pub(crate) fn run(common: &Common, given: &Test, output: &mut Output) -> Result<Verdict, Problem> {
    files::stdin_once(common.policy.as_deref(), &given.scenarios)?;
    let policy = files::policy(common.policy.as_deref())?;
    let mut outcomes = Vec::new();
    for path in files::expand(&given.scenarios)? {
        let outcome = outcome(&path, policy.clone())?;
        match given.answer.format {
            Format::Jsonl => output.json(&outcome)?,
            Format::Text => output.lines(&lines(&outcome))?,
        }
        outcomes.push(outcome);
    }
    if let Some(path) = &given.junit {
        write_junit(path, &outcomes)?;
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
    if given.answer.format == Format::Text {
        let (style, failures) = match failed {
            0 => (Style::Good, "none failed".to_owned()),
            failed => (Style::Alarm, format!("{failed} failed")),
        };
        let expectations: usize = outcomes.iter().map(|outcome| outcome.expectations).sum();
        output.line(&Line::default())?;
        output.line(&Line::of(style, failures).with(
            Style::Plain,
            format!(
                " of {} {} with {expectations} expectations",
                outcomes.len(),
                if outcomes.len() == 1 { "scenario" } else { "scenarios" },
            ),
        ))?;
    }
    Ok(if failed == 0 { Verdict::Fine } else { Verdict::Problems })
}

fn outcome(path: &Path, policy: Option<Arc<Policy>>) -> Result<Outcome, Problem> {
    let file = files::name(path);
    let text = files::text(path)?;
    let mut outcome =
        Outcome { file: file.clone(), scenario: file.clone(), passed: false, expectations: 0, failures: Vec::new() };
    match Scenario::load(&file, &text, policy, files::beside(path)) {
        Err(problems) => outcome.failures = problems.iter().map(ToString::to_string).collect(),
        Ok(scenario) => {
            scenario.name().clone_into(&mut outcome.scenario);
            outcome.expectations = scenario.expectations();
            match scenario.run() {
                Ok(run) => {
                    outcome.failures = run.failures.iter().map(ToString::to_string).collect();
                }
                Err(error) => outcome.failures.push(format!("{error}; {}", error.help())),
            }
        }
    }
    outcome.passed = outcome.failures.is_empty();
    Ok(outcome)
}

fn lines(outcome: &Outcome) -> Vec<Line> {
    let (style, word) = if outcome.passed { (Style::Good, "pass") } else { (Style::Alarm, "FAIL") };
    // What could not be read has no other name than its file's.
    let file = if outcome.file == outcome.scenario { String::new() } else { format!("  {}", outcome.file) };
    let mut lines =
        vec![Line::of(style, word).with(Style::Name, format!("  {}", outcome.scenario)).with(Style::Faint, file)];
    for failure in &outcome.failures {
        for line in failure.lines() {
            let style = match line.trim_start().get(..2) {
                Some("- ") => Style::Good,
                Some("+ ") => Style::Alarm,
                _ => Style::Plain,
            };
            lines.push(Line::of(style, format!("      {line}")));
        }
    }
    lines
}

fn write_junit(path: &Path, outcomes: &[Outcome]) -> Result<(), Problem> {
    let mut suite = TestSuite::new("scenarios");
    for outcome in outcomes {
        let status = if outcome.passed {
            TestCaseStatus::success()
        } else {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let first = outcome.failures.first().map(String::as_str).unwrap_or_default();
            status.set_message(first.lines().next().unwrap_or_default());
            status.set_description(outcome.failures.join("\n\n"));
            status
        };
        let mut case = TestCase::new(outcome.scenario.as_str(), status);
        case.set_classname(outcome.file.as_str());
        suite.add_test_case(case);
    }
    let mut report = Report::new("kentongan");
    report.add_test_suite(suite);
    let unwritten = |reason: String| Problem::unusable(format!("cannot write `{}`: {reason}", path.display()), "");
    let text = report.to_string().map_err(|error| unwritten(error.to_string()))?;
    fs::write(path, text).map_err(|error| unwritten(files::reason(&error)))
}

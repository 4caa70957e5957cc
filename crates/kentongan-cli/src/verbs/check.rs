//! `kentongan check`: what is wrong with a policy, and what it holds.

use kentongan::{Policy, Timestamp};
use kentongan_lab::Summary;
use kentongan_lab::text::{Line, Style};
use serde::Serialize;

use crate::Verdict;
use crate::arguments::{Check, Common, Format};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Check, output: &mut Output) -> Result<Verdict, Problem> {
    if let (Some(file), Some(policy)) = (&given.file, &common.policy)
        && file != policy
    {
        let message = format!("two policies are given, `{file}` and `--policy {policy}`");
        return Err(Problem::unusable(message, "name one; the other needs a check of its own"));
    }
    let named = given.file.as_deref().or(common.policy.as_deref());
    let policy = match (files::required_policy(named), given.answer.format) {
        (Ok(policy), _) => policy,
        (Err(Problem::Invalid(diagnostics)), Format::Jsonl) => {
            for diagnostic in diagnostics.iter() {
                output.json(diagnostic)?;
            }
            return Ok(Verdict::Problems);
        }
        (Err(Problem::Invalid(diagnostics)), Format::Text) => {
            let count = diagnostics.iter().count() + diagnostics.dropped();
            output.complain(&Problem::Invalid(diagnostics));
            return Err(Problem::at_fault(
                format!("the policy cannot be used: {count} {}", if count == 1 { "problem" } else { "problems" }),
                "",
            ));
        }
        (Err(other), _) => return Err(other),
    };
    let at = match &given.at {
        Some(at) => super::oncall::moment("--at", at, None, &policy)?,
        None => super::now(),
    };
    let checked = Checked { summary: Summary::of(&policy), over: kentongan_lab::over(&policy, at) };
    let summary = &checked.summary;
    match given.answer.format {
        Format::Jsonl => output.json(&checked)?,
        Format::Text => {
            output.warn(policy.warnings());
            output.lines(&summary.lines())?;
            if !checked.over.is_empty() {
                output.line(&Line::default())?;
                output.line(&Line::of(Style::Heading, "over").with(Style::Faint, format!("  {}", day(&policy, at))))?;
                for over in &checked.over {
                    output.line(&Line::of(Style::Warning, format!("  {over}")))?;
                }
            }
            let warnings = summary.warnings.len() + checked.over.len();
            let line = match warnings {
                0 => Line::of(Style::Good, "no problems"),
                1 => Line::of(Style::Warning, "usable, with 1 warning"),
                warnings => Line::of(Style::Warning, format!("usable, with {warnings} warnings")),
            };
            output.line(&Line::default())?;
            output.line(&line)?;
        }
    }
    Ok(Verdict::Fine)
}

/// What a check comes to, as data.
#[derive(Serialize)]
struct Checked {
    #[serde(flatten)]
    summary: Summary,
    /// What of the policy is over by then, in words.
    over: Vec<String>,
}

fn day(policy: &Policy, at: Timestamp) -> String {
    format!("on {}", policy.zone().format(at, "%a %-d %b %Y"))
}

//! `kentongan report`: what the incidents of a month or a quarter come to, from a journal.

use std::sync::Arc;

use kentongan::report::metrics::{MonthlyReport, QuarterlyReview};
use kentongan::report::{Chronicle, Document, DocumentError};
use kentongan::{Engine, Policy};
use kentongan_journal::Record;
use serde::Serialize;

use super::replay;
use crate::Verdict;
use crate::arguments::{Common, Format, Report};
use crate::files;
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Report, output: &mut Output) -> Result<Verdict, Problem> {
    files::stdin_once(common.policy.as_deref(), std::slice::from_ref(&given.journal))?;
    let policy = files::required_policy(common.policy.as_deref())?;
    let (records, damage) = replay::records(&given.journal, &policy, output)?;
    replay::same_policy(&given.journal, &records, &policy)?;
    let document = document(&policy, &chronicle(&policy, &records), given, common.format())?;
    super::hand_out(&document, given.out.as_deref(), output)?;
    match damage {
        None => Ok(Verdict::Fine),
        Some(error) => {
            output.flush()?;
            Err(replay::refused(&error))
        }
    }
}

fn chronicle(policy: &Arc<Policy>, records: &[Record]) -> Chronicle {
    let (mut engine, mut chronicle) = (Engine::new(Arc::clone(policy)), Chronicle::new());
    for entry in records.iter().filter_map(Record::entry) {
        // What was refused then is refused now, and came to nothing.
        if let Ok(step) = engine.apply(entry.at, entry.input.clone()) {
            chronicle.take(entry.at, &entry.input, &step, &engine);
        }
    }
    chronicle
}

fn document(policy: &Policy, chronicle: &Chronicle, given: &Report, format: Format) -> Result<Document, Problem> {
    if let Some(month) = given.period.month {
        let report = MonthlyReport::of(policy, chronicle, month).map_err(|error| refused(&error))?;
        return written(&report, || report.markdown(policy), format);
    }
    let Some(quarter) = given.period.quarter else {
        return Err(Problem::unusable("no time is given", "add `--month 2026-11` or `--quarter 2026-Q4`"));
    };
    let review = QuarterlyReview::of(policy, chronicle, quarter).map_err(|error| refused(&error))?;
    written(&review, || review.markdown(policy), format)
}

fn written(
    data: &impl Serialize,
    markdown: impl FnOnce() -> Result<Document, DocumentError>,
    format: Format,
) -> Result<Document, Problem> {
    match format {
        Format::Text => markdown().map_err(|error| refused(&error)),
        Format::Jsonl => {
            let text = serde_json::to_string(data);
            let text = text.map_err(|error| Problem::unusable(format!("cannot write JSON: {error}"), ""))?;
            Ok(Document { text, fault: None })
        }
    }
}

pub(super) fn refused(error: &DocumentError) -> Problem {
    Problem::unusable(error.to_string(), error.help())
}

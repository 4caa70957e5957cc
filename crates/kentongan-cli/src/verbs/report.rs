//! `kentongan report`: what the incidents of a month or a quarter come to, from a journal.

use kentongan::Policy;
use kentongan::report::metrics::{MonthlyReport, QuarterlyReview};
use kentongan::report::{Chronicle, Document, DocumentError};
use kentongan_journal::Content;
use serde::Serialize;

use super::journal::Journal;
use crate::Verdict;
use crate::arguments::{Common, Format, Report};
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Report, output: &mut Output) -> Result<Verdict, Problem> {
    let journal = Journal::read(common, &given.journal, output)?;
    let chronicle = chronicle(&journal, output)?;
    let document = document(&journal.policy, &chronicle, given, common.format())?;
    super::hand_out(&document, given.out.as_deref(), output)?;
    journal.verdict(output)
}

/// What a journal says of all its incidents.
pub(super) fn chronicle(journal: &Journal, output: &mut Output) -> Result<Chronicle, Problem> {
    let mut chronicle = Chronicle::new();
    journal.live(None, output, |record, step, engine| match &record.content {
        Content::Input(input) => chronicle.take(record.at, input, step, engine),
        Content::Reload(reload) => chronicle.take_reload(step, engine, &reload.severities),
    })?;
    Ok(chronicle)
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

//! `kentongan report`: what the incidents of a month or a quarter come to, from a journal.

use kentongan::report::metrics::{MonthlyReport, QuarterlyReview};
use kentongan::report::{Document, DocumentError, Templates};
use kentongan_journal::History;
use serde::Serialize;

use super::journal::Journal;
use crate::Verdict;
use crate::arguments::{Common, Report, ReportFormat};
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn run(common: &Common, given: &Report, output: &mut Output) -> Result<Verdict, Problem> {
    let journal = Journal::read(common, &given.journal, output)?;
    let by = super::templates(&given.templates, &journal.policy)?;
    let history = journal.live(None, output)?;
    let document = document(by.templates(), &history, given)?;
    let lacks = journal.left_out().filter(|_| given.format == ReportFormat::Markdown);
    super::hand_out(&document, lacks, given.out.as_deref(), output)?;
    journal.verdict(output)
}

fn document(templates: Templates<'_>, history: &History, given: &Report) -> Result<Document, Problem> {
    let policy = history.engine().policy();
    if let Some(month) = given.period.month {
        let report: MonthlyReport = history.monthly(month).map_err(|error| refused(&error))?;
        return written(&report, || report.markdown_by(templates, policy), given.format);
    }
    let Some(quarter) = given.period.quarter else {
        return Err(Problem::unusable("no time is given", "add `--month 2026-11` or `--quarter 2026-Q4`"));
    };
    let review: QuarterlyReview = history.quarterly(quarter).map_err(|error| refused(&error))?;
    written(&review, || review.markdown_by(templates, policy), given.format)
}

fn written(
    data: &impl Serialize,
    markdown: impl FnOnce() -> Result<Document, DocumentError>,
    format: ReportFormat,
) -> Result<Document, Problem> {
    match format {
        ReportFormat::Markdown => markdown().map_err(|error| refused(&error)),
        ReportFormat::Json => {
            let text = serde_json::to_string(data);
            let text = text.map_err(|error| Problem::unusable(format!("cannot write JSON: {error}"), ""))?;
            Ok(Document { text, fault: None })
        }
    }
}

pub(super) fn refused(error: &DocumentError) -> Problem {
    Problem::unusable(error.to_string(), error.help())
}

//! Answers in rows: columns for a terminal, or comma-separated values for a spreadsheet.

use kentongan::{Alert, AlertStatus, Classification, Policy};
use kentongan_lab::text::{Line, Style};

use crate::arguments::Layout;
use crate::output::Output;
use crate::problem::Problem;

/// The columns of a file. A table leaves out the reason, which is a sentence.
const COLUMNS: [&str; 7] = ["alert", "service", "status", "severity", "rule", "title", "because"];

/// Where rows go, and how wide the columns of a table are: all but the last one.
pub(super) struct Rows {
    layout: Layout,
    widths: [usize; 5],
}

impl Rows {
    /// Prints the heading. The widths follow from what can be in a column, so that rows go out as they are known.
    pub(super) fn begin(
        layout: Layout,
        policy: &Policy,
        alerts: &[Alert],
        output: &mut Output,
    ) -> Result<Self, Problem> {
        let [alert, service, status, severity, rule, title, _] = COLUMNS;
        let widths = [
            widest(alert, alerts.iter().map(|alert| alert.key.as_str())),
            widest(service, alerts.iter().filter_map(|alert| alert.service.as_deref())),
            widest(status, ["firing", "resolved"].into_iter()),
            widest(severity, policy.severities()),
            widest(rule, policy.rules()),
        ];
        let rows = Self { layout, widths };
        match layout {
            Layout::Table => {
                output.line(&rows.line(Style::Heading, [alert, service, status, severity, rule, title]))?;
            }
            Layout::Csv => output.text(&record(&COLUMNS))?,
            Layout::Text | Layout::Jsonl => {}
        }
        Ok(rows)
    }

    /// Prints one answer.
    pub(super) fn row(&self, alert: &Alert, answer: &Classification, output: &mut Output) -> Result<(), Problem> {
        let service = answer.service.as_deref().unwrap_or_default();
        let status = match alert.status {
            AlertStatus::Firing => "firing",
            AlertStatus::Resolved => "resolved",
        };
        let rule = answer.rule.as_deref().unwrap_or_default();
        let (key, severity, title) = (answer.alert.as_str(), answer.severity.as_str(), alert.title());
        if self.layout == Layout::Csv {
            return output.text(&record(&[key, service, status, severity, rule, title, &answer.because]));
        }
        output.line(&self.line(Style::Plain, [key, service, status, severity, rule, title]))
    }

    /// A row of a table.
    fn line(&self, style: Style, cells: [&str; 6]) -> Line {
        let mut text = String::new();
        for (cell, width) in cells.into_iter().zip(self.widths.into_iter().chain([0])) {
            // A line break in what a sender wrote must not become one of the table's.
            text.extend(cell.chars().map(|c| if c.is_control() { ' ' } else { c }));
            text.extend(std::iter::repeat_n(' ', (width + 2).saturating_sub(cell.chars().count())));
        }
        Line::of(style, text.trim_end().to_owned())
    }
}

fn widest<'a>(heading: &'a str, cells: impl Iterator<Item = &'a str>) -> usize {
    cells.chain([heading]).map(|cell| cell.chars().count()).max().unwrap_or_default()
}

/// A record of RFC 4180.
fn record(cells: &[&str]) -> String {
    let mut text = String::new();
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push('\n');
    text
}

//! Decision tables: each row becomes a rule, from the policy itself or from a CSV file beside it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Compiler, cell};
use crate::policy::SeverityIndex;
use crate::policy::document::{Fact, HitPolicy, TableDocument};
use crate::rules::{Rule, Sight};
use crate::source::{Diagnostic, Level as Gravity, Path, Place, did_you_mean};

/// The columns that say what a row gives.
const GIVEN: [&str; 3] = ["severity", "because", "id"];

/// Where a part of a table stands.
#[derive(Debug, Clone)]
pub(super) enum At {
    /// In the policy.
    Policy(Path),
    /// In the file beside it, at an offset in bytes.
    Beside(Arc<Sheet>, usize),
}

/// A file that has the rows of a table.
#[derive(Debug)]
pub(super) struct Sheet {
    name: Arc<str>,
    text: Arc<str>,
    /// Where each line begins, so that no place is counted from the top.
    lines: Vec<usize>,
    /// The table in the policy.
    path: Path,
}

/// A cell as it is written: its column, what it says, and where.
struct Written {
    column: String,
    cell: String,
    at: At,
}

/// A row as a rule.
pub(super) struct Row {
    pub(super) rule: Rule,
    pub(super) at: At,
}

impl Compiler<'_> {
    /// The rules that a table stands for.
    pub(super) fn table(
        &mut self,
        id: &str,
        table: &TableDocument,
        read: &dyn Fn(&str) -> Option<String>,
        (position, path): (usize, &Path),
    ) -> Vec<Row> {
        let rows = match (&table.file, &table.rows) {
            (Some(file), None) => {
                let Some(text) = read(file) else {
                    let message = format!("the table `{file}` cannot be read");
                    self.error(
                        "missing_table",
                        message,
                        "put it beside the policy, as text in UTF-8",
                        &path.key("file"),
                    );
                    return Vec::new();
                };
                self.read_rows(file, &text, path)
            }
            (None, Some(rows)) => Some(rows_of(rows, &path.key("rows"))),
            (None, None) if self.is_given(&path.key("file")) || self.is_given(&path.key("rows")) => return Vec::new(),
            (Some(_), Some(_)) | (None, None) => {
                let help = "give it `rows`, or a `file` that has them";
                self.error("invalid_table", "a table has its rows in one place", help, path);
                return Vec::new();
            }
        };
        let Some(rows) = rows else {
            return Vec::new();
        };
        if rows.is_empty() && !self.had_entries(&path.key("rows")) {
            self.error("empty_table", "the table has no row", "add one, or remove the table", path);
        }
        let mut columns = Columns::default();
        let rows = rows.into_iter().enumerate();
        rows.filter_map(|(index, (at, cells))| {
            let mut rule = self.row(&format!("{id}-{}", index + 1), table.hit, &cells, &at, &mut columns)?;
            rule.position = position;
            Some(Row { rule, at })
        })
        .collect()
    }

    /// One row. A column that is wrong is reported where it first stands, once for the table.
    fn row(&mut self, id: &str, hit: HitPolicy, cells: &[Written], at: &At, columns: &mut Columns) -> Option<Rule> {
        let given = |name: &str| cells.iter().find(|cell| cell.column == name && !cell.cell.is_empty());
        let mut tests = Vec::new();
        for Written { column, cell, at } in cells.iter().filter(|cell| !GIVEN.contains(&cell.column.as_str())) {
            if columns.bad.contains(column) {
                continue;
            }
            if !columns.good.contains(column) {
                if let Err(error) = self.sandbox.readable(column, Sight::Alert) {
                    columns.bad.insert(column.clone());
                    self.table_error(error.code, error.message, error.help.unwrap_or_default(), at);
                    continue;
                }
                columns.good.insert(column.clone());
            }
            match cell::condition(column, cell) {
                Ok(test) => tests.extend(test),
                Err(wrong) => self.table_error("invalid_cell", wrong.message, wrong.help, at),
            }
        }
        let severity = if let Some(severity) = given("severity") {
            self.table_severity(severity)
        } else {
            let help = "add the column `severity`, and fill it".to_owned();
            self.table_error("missing_field", "the row gives no severity".to_owned(), help, at);
            None
        };
        let when = if tests.is_empty() { "true".to_owned() } else { tests.join(" && ") };
        let condition = match self.sandbox.compile(&when, Sight::Alert) {
            Ok(condition) => condition,
            Err(error) => {
                let help = error.help.unwrap_or_default();
                self.table_error(error.code, format!("`{when}`: {}", error.message), help, at);
                return None;
            }
        };
        let (file, line) = match at {
            At::Policy(path) => (self.file.clone(), self.line(path)),
            At::Beside(sheet, _) => (Some(Arc::clone(&sheet.name)), Some(at.line_and_column().0)),
        };
        self.note_form(&condition, at.to_string(), line);
        self.remarks(&condition, Sight::Alert, at);
        Some(Rule {
            position: 0,
            file,
            line,
            id: given("id").map_or_else(|| id.to_owned(), |own| own.cell.clone()),
            entry: at.to_string(),
            condition,
            severity: severity?,
            because: given("because").map(|because| because.cell.clone()),
            goes_on: hit == HitPolicy::Collect,
        })
    }

    fn table_severity(&mut self, severity: &Written) -> Option<SeverityIndex> {
        let index = self.document.severities.get_index_of(&severity.cell).map(SeverityIndex);
        if index.is_none() && !self.exists(&super::root("severities").key(&severity.cell)) {
            let help = did_you_mean(&severity.cell, self.document.severities.keys().map(String::as_str));
            self.table_error("unknown_severity", format!("unknown severity `{}`", severity.cell), help, &severity.at);
        }
        index
    }

    /// The rows of a CSV file: its first line names the columns. `None` where it cannot be used.
    fn read_rows(&mut self, file: &str, text: &str, path: &Path) -> Option<Vec<(At, Vec<Written>)>> {
        let text: Arc<str> = text.strip_prefix('\u{feff}').unwrap_or(text).into();
        self.tables.push(text.to_string());
        let sheet = Arc::new(Sheet::new(file, &text, path));
        let at = |offset: usize| At::Beside(Arc::clone(&sheet), offset);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut columns: Vec<String> = Vec::new();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    self.table_error("invalid_table", error.to_string(), "write it as CSV".to_owned(), &at(0));
                    return None;
                }
            };
            let start = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
            let offsets = field_offsets(&text, start);
            let place = |index: usize| at(offsets.get(index).copied().unwrap_or(start));
            if columns.is_empty() {
                columns = record.iter().map(|name| name.trim().to_owned()).collect();
                self.check_columns(&columns, place)?;
                continue;
            }
            if record.len() != columns.len() {
                let message = format!("the row has {} cells for {} columns", record.len(), columns.len());
                let help = "write `-` where anything will do, and quotes around a cell with a comma".to_owned();
                self.table_error("invalid_row", message, help, &at(start));
                continue;
            }
            let cells = columns.iter().zip(&record).enumerate();
            let cells = cells.map(|(index, (column, cell))| Written {
                column: column.clone(),
                cell: cell.trim().to_owned(),
                at: place(index),
            });
            rows.push((at(start), cells.collect()));
        }
        if columns.is_empty() {
            self.table_error("empty_table", "the table is empty".to_owned(), "name its columns".to_owned(), &at(0));
            return None;
        }
        Some(rows)
    }

    fn check_columns(&mut self, columns: &[String], place: impl Fn(usize) -> At) -> Option<()> {
        let mut fine = true;
        for (index, column) in columns.iter().enumerate() {
            let (code, message, help) = match column.as_str() {
                "" => ("invalid_table", "a column has no name".to_owned(), "name the fact that it tests"),
                _ if columns.len() == 1 && column.contains(';') => {
                    ("invalid_table", "the columns are separated by `;`".to_owned(), "separate them by commas")
                }
                _ if columns.iter().take(index).any(|earlier| earlier == column) => {
                    ("duplicate_name", format!("two columns are called `{column}`"), "remove one of them")
                }
                _ => continue,
            };
            self.table_error(code, message, help.to_owned(), &place(index));
            fine = false;
        }
        fine.then_some(())
    }

    pub(super) fn table_error(&mut self, code: &'static str, message: String, help: String, at: &At) {
        self.report_at(Gravity::Error, code, message, help, at);
    }

    /// Reports something where it stands, in the policy or beside it.
    pub(super) fn report_at(&mut self, gravity: Gravity, code: &'static str, message: String, help: String, at: &At) {
        let (sheet, offset) = match at {
            At::Policy(path) => return self.report(gravity, code, message, Some(help), path),
            At::Beside(sheet, offset) => (sheet, *offset),
        };
        let (line, column) = at.line_and_column();
        let place = Place { file: sheet.name.to_string(), line, column, path: sheet.path.to_string() };
        let diagnostic = Diagnostic::new(gravity, code, message, Some(help), place);
        self.diagnostics.push(diagnostic.spanning(&sheet.text, offset..offset + 1));
    }
}

/// The columns of a table that were met: each is read once.
#[derive(Default)]
struct Columns {
    good: BTreeSet<String>,
    bad: BTreeSet<String>,
}

impl Sheet {
    fn new(name: &str, text: &Arc<str>, path: &Path) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { name: name.into(), text: Arc::clone(text), lines, path: path.clone() }
    }

    /// The line and column of an offset, counted from 1.
    fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}

impl At {
    /// Counted from 1; of what stands in the policy the path tells.
    fn line_and_column(&self) -> (usize, usize) {
        match self {
            Self::Policy(_) => (0, 0),
            Self::Beside(sheet, offset) => sheet.line_and_column(*offset),
        }
    }
}

/// As an entry of the policy: `classify[1].table.rows[0]`, or `severities.csv:4`.
impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Policy(path) => path.fmt(f),
            Self::Beside(sheet, _) => write!(f, "{}:{}", sheet.name, self.line_and_column().0),
        }
    }
}

fn rows_of(rows: &[indexmap::IndexMap<String, Fact>], path: &Path) -> Vec<(At, Vec<Written>)> {
    let rows = rows.iter().enumerate().map(|(index, row)| {
        let at = path.index(index);
        let cells = row.iter().map(|(column, cell)| Written {
            column: column.trim().to_owned(),
            cell: match cell {
                Fact::Bool(value) => value.to_string(),
                Fact::Integer(value) => value.to_string(),
                Fact::Number(value) => value.to_string(),
                Fact::Text(value) => value.trim().to_owned(),
            },
            at: At::Policy(at.key(column)),
        });
        let cells = cells.collect();
        (At::Policy(at), cells)
    });
    rows.collect()
}

/// Where each field of the record that starts at an offset starts.
fn field_offsets(text: &str, start: usize) -> Vec<usize> {
    let mut offsets = vec![start];
    let mut quoted = false;
    for (at, character) in text.get(start..).unwrap_or_default().char_indices() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => offsets.push(start + at + 1),
            '\n' if !quoted => break,
            _ => {}
        }
    }
    offsets
}

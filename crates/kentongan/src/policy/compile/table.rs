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
    /// There, at the key and not at what it is given.
    Key(Path),
    /// In the file beside it, at an offset in bytes.
    Beside(Arc<Sheet>, usize),
}

/// A file beside the policy: the rows of a table, or a script.
#[derive(Debug)]
pub(super) struct Sheet {
    name: Arc<str>,
    text: Arc<str>,
    /// Where each line begins, so that no place is counted from the top.
    lines: Vec<usize>,
    /// The entry of the policy that names it.
    path: Path,
}

/// A cell as it is written: its column, what it says, and where.
struct Written {
    column: String,
    cell: String,
    at: At,
    /// Where the name of its column stands.
    head: At,
}

/// A row as a rule.
pub(super) struct Row {
    pub(super) rule: Rule,
    pub(super) at: At,
    /// Whether all of its cells are in it. What is reported of one that lacks some would be of another rule.
    pub(super) is_whole: bool,
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
            let (mut rule, is_whole) =
                self.row(&format!("{id}-{}", index + 1), table.hit, &cells, &at, &mut columns)?;
            rule.position = position;
            Some(Row { rule, at, is_whole })
        })
        .collect()
    }

    /// One row, and whether all of its cells are in it. A column that is wrong is reported at its name, once for the table.
    fn row(
        &mut self,
        id: &str,
        hit: HitPolicy,
        cells: &[Written],
        at: &At,
        columns: &mut Columns,
    ) -> Option<(Rule, bool)> {
        let given = |name: &str| cells.iter().find(|cell| cell.column == name && !cell.cell.is_empty());
        let (mut tests, mut is_whole) = (Vec::new(), true);
        for Written { column, cell, at, head } in cells.iter().filter(|cell| !GIVEN.contains(&cell.column.as_str())) {
            if columns.bad.contains(column) {
                is_whole = false;
                continue;
            }
            if !columns.good.contains(column) {
                if !self.column(column, head) {
                    columns.bad.insert(column.clone());
                    is_whole = false;
                    continue;
                }
                columns.good.insert(column.clone());
            }
            match cell::condition(column, cell) {
                Ok(test) => tests.extend(test),
                Err(wrong) => {
                    is_whole = false;
                    self.table_error("invalid_cell", wrong.message, wrong.help, at);
                }
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
            At::Policy(path) | At::Key(path) => (self.file.clone(), self.line(path)),
            At::Beside(sheet, _) => (Some(Arc::clone(&sheet.name)), Some(at.line_and_column().0)),
        };
        self.note_form(&condition, at.to_string(), line);
        self.remarks(&condition, Sight::Alert, at);
        let rule = Rule {
            position: 0,
            file,
            line,
            id: given("id").map_or_else(|| id.to_owned(), |own| own.cell.clone()),
            entry: at.to_string(),
            condition,
            severity: severity?,
            because: given("because").map(|because| because.cell.clone()),
            goes_on: hit == HitPolicy::Collect,
        };
        Some((rule, is_whole))
    }

    /// Whether the name of a column is something that rows can be compared with. If not, it is reported.
    fn column(&mut self, column: &str, head: &At) -> bool {
        if let Err(error) = self.sandbox.readable(column, Sight::Alert) {
            let head = head.within(column, error.line, error.column);
            self.table_error(error.code, error.message, error.help.unwrap_or_default(), &head);
            return false;
        }
        let is_compared = self.sandbox.readable(&cell::compared(column).0, Sight::Alert).is_ok();
        if !is_compared {
            let message = "a column is one thing that cells are compared with".to_owned();
            let help = "name a fact, such as `alert.labels.plan`".to_owned();
            self.table_error("invalid_condition", message, help, head);
        }
        is_compared
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
        let mut heads = Vec::new();
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
            // The reader counts the end of the line before, and empty ones, to the record.
            let ends = text.get(start..).unwrap_or_default();
            let start = start + ends.len() - ends.trim_start_matches(['\r', '\n']).len();
            let offsets = field_offsets(&text, start);
            let place = |index: usize| at(offsets.get(index).copied().unwrap_or(start));
            if columns.is_empty() {
                columns = record.iter().map(|name| name.trim().to_owned()).collect();
                heads = (0..columns.len()).map(place).collect();
                self.check_columns(&columns, &heads)?;
                continue;
            }
            if record.len() != columns.len() {
                let message = format!("the row has {} cells for {} columns", record.len(), columns.len());
                let help = "write `-` where anything will do, and quotes around a cell with a comma".to_owned();
                self.table_error("invalid_row", message, help, &at(start));
                continue;
            }
            let cells = columns.iter().zip(&heads).zip(&record).enumerate();
            let cells = cells.map(|(index, ((column, head), cell))| Written {
                column: column.clone(),
                cell: cell.trim().to_owned(),
                at: place(index),
                head: head.clone(),
            });
            rows.push((at(start), cells.collect()));
        }
        if columns.is_empty() {
            self.table_error("empty_table", "the table is empty".to_owned(), "name its columns".to_owned(), &at(0));
            return None;
        }
        Some(rows)
    }

    fn check_columns(&mut self, columns: &[String], heads: &[At]) -> Option<()> {
        let mut fine = true;
        for (index, (column, head)) in columns.iter().zip(heads).enumerate() {
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
            self.table_error(code, message, help.to_owned(), head);
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
            At::Key(path) => {
                let path = self.decoded.written(path, self.tree);
                let span = self.tree.key_span(&path);
                let diagnostic = self.tree.diagnostic(gravity, code, message, Some(help), &path, &span);
                return self.diagnostics.push(diagnostic);
            }
            At::Beside(sheet, offset) => (sheet, *offset),
        };
        let (line, column) = at.line_and_column();
        let place = Place { file: sheet.name.to_string(), line, column, path: sheet.path.to_string() };
        let diagnostic = Diagnostic::new(gravity, code, message, Some(help), place);
        // The character there, however many bytes it takes.
        let bytes = sheet.text.get(offset..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        self.diagnostics.push(diagnostic.spanning(&sheet.text, offset..offset + bytes));
    }
}

/// The columns of a table that were met: each is read once.
#[derive(Default)]
struct Columns {
    good: BTreeSet<String>,
    bad: BTreeSet<String>,
}

impl Sheet {
    pub(super) fn new(name: &str, text: &Arc<str>, path: &Path) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { name: name.into(), text: Arc::clone(text), lines, path: path.clone() }
    }

    /// The offset of a line and column, counted from 1; the end of the line where it has no such column.
    pub(super) fn offset(&self, line: usize, column: usize) -> usize {
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let rest = self.text.get(start..).unwrap_or_default();
        start + offset_of(rest, column)
    }

    /// The line and column of an offset, counted from 1.
    fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}

/// The offset of a column of the first line of a text, counted from 1.
fn offset_of(text: &str, column: usize) -> usize {
    let line = text.split('\n').next().unwrap_or_default().trim_end_matches('\r');
    line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(at, _)| at)
}

impl At {
    /// A place inside what is written here, by its line and column in that. Where it stands there otherwise, as with
    /// quotes that are doubled, it is where the whole begins.
    fn within(&self, written: &str, line: usize, column: usize) -> Self {
        let Self::Beside(sheet, start) = self else {
            return self.clone();
        };
        let rest = sheet.text.get(*start..).unwrap_or_default();
        let inside = rest.trim_start_matches([' ', '\t', '"']);
        if !inside.starts_with(written) {
            return self.clone();
        }
        let above: usize = written.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let own = written.get(above..).unwrap_or_default();
        Self::Beside(Arc::clone(sheet), start + (rest.len() - inside.len()) + above + offset_of(own, column))
    }

    /// Counted from 1; of what stands in the policy the path tells.
    fn line_and_column(&self) -> (usize, usize) {
        match self {
            Self::Policy(_) | Self::Key(_) => (0, 0),
            Self::Beside(sheet, offset) => sheet.line_and_column(*offset),
        }
    }
}

/// As an entry of the policy: `classify[1].table.rows[0]`, or `severities.csv:4`.
impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Policy(path) | Self::Key(path) => path.fmt(f),
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
            head: At::Key(at.key(column)),
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

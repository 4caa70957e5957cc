//! Many alerts at once, off JavaScript's thread, with progress and an end before the end.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use kentongan::{Alert, Classifier, FactValue, Policy, Ruling};
use kentongan_ingest::Columns;
use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi_derive::napi;

use crate::cells::{self, Cell};
use crate::columns;
use crate::job::{Pages, joined};
use crate::layout::Layout;
use crate::lines;
use crate::problem::Problem;
use crate::scan;

/// After how many alerts a batch says how far it is, and looks whether it is still wanted.
const LOOK_EVERY: u32 = 1_024;
/// How many rows of columns are put together at once: one column after the other, and few enough to stay at hand.
const ROWS_AT_ONCE: usize = 64;

/// How far a batch is, seen from both threads.
#[derive(Debug, Default)]
struct Course {
    done: AtomicU32,
    given_up: AtomicBool,
}

/// A batch that is about to run, or runs.
#[napi]
pub struct NativeBatch {
    policy: Arc<Policy>,
    layout: Arc<Layout>,
    course: Arc<Course>,
}

/// What a batch of alerts came to, as columns: the severity by its place, the rule by its place plus one or 0, and
/// whether a rule failed.
#[derive(Default)]
struct Answers {
    severities: Vec<u8>,
    rules: Vec<u8>,
    faults: Vec<u8>,
}

impl Answers {
    fn push(&mut self, ruling: Ruling) {
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX).to_ne_bytes();
        self.severities.extend_from_slice(&number(ruling.severity));
        self.rules.extend_from_slice(&number(ruling.rule.map_or(0, |rule| rule + 1)));
        self.faults.push(u8::from(ruling.fault));
    }

    fn pages(self) -> Vec<Vec<u8>> {
        vec![self.severities, self.rules, self.faults]
    }
}

/// One alert after the other, as long as the batch is wanted.
struct Run<'p> {
    course: &'p Course,
    classifier: Classifier<'p>,
    answers: Answers,
    count: u32,
}

impl<'p> Run<'p> {
    fn new(policy: &'p Policy, course: &'p Course) -> Self {
        Self { course, classifier: policy.classifier(), answers: Answers::default(), count: 0 }
    }

    fn next(&mut self, decide: impl FnOnce(&mut Classifier<'p>) -> Result<Ruling, Problem>) -> Result<(), Problem> {
        if self.count.is_multiple_of(LOOK_EVERY) {
            self.course.done.store(self.count, Ordering::Relaxed);
            if self.course.given_up.load(Ordering::Relaxed) {
                return Err(Problem::new("aborted", "the batch was given up", ""));
            }
        }
        self.count += 1;
        let ruling = decide(&mut self.classifier)?;
        self.answers.push(ruling);
        Ok(())
    }

    fn finish(self) -> Vec<Vec<u8>> {
        self.course.done.store(self.count, Ordering::Relaxed);
        self.answers.pages()
    }
}

impl NativeBatch {
    pub(crate) fn new(policy: Arc<Policy>, layout: Arc<Layout>) -> Self {
        Self { policy, layout, course: Arc::default() }
    }

    fn start(
        &self,
        work: impl FnOnce(&Policy, &Layout, &Course) -> Result<Vec<Vec<u8>>, Problem> + Send + 'static,
    ) -> AsyncTask<Pages> {
        let (policy, layout, course) = (Arc::clone(&self.policy), Arc::clone(&self.layout), Arc::clone(&self.course));
        Pages::start(move || work(&policy, &layout, &course))
    }
}

#[napi]
impl NativeBatch {
    /// How many alerts are done.
    #[napi]
    #[must_use]
    pub fn done(&self) -> u32 {
        self.course.done.load(Ordering::Relaxed)
    }

    /// Stops it soon; its promise is rejected with `aborted`.
    #[napi]
    pub fn give_up(&self) {
        self.course.given_up.store(true, Ordering::Relaxed);
    }

    /// Classifies alerts as JSON, one a line. They come in parts.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn json_lines(&self, parts: Vec<Buffer>) -> AsyncTask<Pages> {
        self.start(move |policy, layout, course| {
            let together;
            let lines: &[u8] = match &parts[..] {
                [part] => part,
                parts => {
                    together = joined(parts);
                    &together
                }
            };
            let mut run = Run::new(policy, course);
            let whole = policy.needs_whole_alerts();
            let mut facts: Vec<FactValue<'_>> = Vec::with_capacity(layout.kinds.len());
            for (number, line) in each_line(lines).enumerate() {
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                let unreadable = |error| Problem::unreadable("an alert", &error).on_line(number + 1);
                run.next(|classifier| {
                    if whole {
                        let alert: Alert = serde_json::from_slice(line).map_err(unreadable)?;
                        return Ok(classifier.decide_alert(&alert));
                    }
                    if scan::read(layout, line, &mut facts).is_some() {
                        return Ok(classifier.decide(&facts));
                    }
                    let mut row: Vec<Cell<'_>> = Vec::new();
                    lines::read(layout, line, &mut row).map_err(unreadable)?;
                    let facts: Vec<FactValue<'_>> = row.iter().map(Cell::fact).collect();
                    Ok(classifier.decide(&facts))
                })?;
            }
            Ok(run.finish())
        })
    }

    /// Classifies packed rows of facts, each ended by `\u0002`.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn packed(&self, rows: String) -> AsyncTask<Pages> {
        self.start(move |policy, layout, course| {
            let mut run = Run::new(policy, course);
            let ends = rows.matches(cells::ROW_END).count();
            for row in rows.split(cells::ROW_END).take(ends) {
                run.next(|classifier| {
                    cells::decide_packed(classifier, layout, row)
                        .ok_or_else(|| Problem::new("unpackable", "a text holds a separator", ""))
                })?;
            }
            Ok(run.finish())
        })
    }

    /// Classifies the rows of Arrow IPC, a stream or a file. `named` says which column holds what of an alert, where it is
    /// not called so.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn arrow(&self, bytes: Buffer, named: HashMap<String, String>) -> AsyncTask<Pages> {
        self.start(move |policy, layout, course| {
            let mut run = Run::new(policy, course);
            let (schema, batches) = columns::table(&bytes)?;
            let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            let called = Columns::of(names, policy, named.into_iter().collect())?;
            for batch in batches {
                let columns = columns::columns(layout, &batch, &called)?;
                let width = columns.len();
                let mut facts = vec![FactValue::Absent; width * ROWS_AT_ONCE];
                for start in (0..batch.num_rows()).step_by(ROWS_AT_ONCE) {
                    let rows = ROWS_AT_ONCE.min(batch.num_rows() - start);
                    for (place, column) in columns.iter().enumerate() {
                        column(start, facts.get_mut(place..).unwrap_or_default(), width, rows);
                    }
                    for row in 0..rows {
                        let facts = facts.get(row * width..(row + 1) * width).unwrap_or_default();
                        run.next(|classifier| Ok(classifier.decide(facts)))?;
                    }
                }
            }
            Ok(run.finish())
        })
    }
}

/// The lines of bytes, without their ends.
fn each_line(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]);
    ends.map(move |end| {
        let line = bytes.get(start..end).unwrap_or_default();
        start = end + 1;
        line
    })
}

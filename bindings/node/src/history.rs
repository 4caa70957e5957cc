//! A journal lived through for what it tells, in the hands of JavaScript. Living through it takes long, so it happens on
//! another thread, and so does all that is asked.

use std::sync::Arc;

use kentongan::report::DocumentError;
use kentongan_journal::{History, Line, Policies};
use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi_derive::napi;
use serde::Serialize;

use crate::job::{Job, Pages, joined};
use crate::policy::{NativePolicy, in_use};
use crate::problem::{Problem, instant, json};

/// A journal that was lived through. It changes no more.
#[napi]
pub struct NativeHistory {
    history: Arc<History>,
}

/// A report as data and as a document.
#[derive(Serialize)]
struct Reported<'a, R> {
    data: &'a R,
    markdown: &'a str,
    fault: Option<&'a str>,
}

#[napi]
impl NativeHistory {
    /// Lives through a journal's file, up to an instant.
    #[napi(ts_return_type = "Promise<NativeHistory>")]
    pub fn of_file(
        path: String,
        policy: &NativePolicy,
        policies: Vec<String>,
        until: Option<f64>,
    ) -> napi::Result<AsyncTask<Job<NativeHistory>>> {
        let (policy, policies, until) = (policy.shared(), known(&policies), until.map(instant).transpose()?);
        Ok(Job::start(move || {
            let history = History::of_file(path, policy, policies, until)?;
            Ok(Self { history: Arc::new(history) })
        }))
    }

    /// Lives through a journal in memory, one `{"at", "input"}` or `{"at", "reload"}` a line, up to an instant. It comes in
    /// parts.
    #[napi(ts_return_type = "Promise<NativeHistory>")]
    pub fn of_lines(
        journal: Vec<Buffer>,
        policy: &NativePolicy,
        policies: Vec<String>,
        until: Option<f64>,
    ) -> napi::Result<AsyncTask<Job<NativeHistory>>> {
        let (policy, mut policies, until) = (policy.shared(), known(&policies), until.map(instant).transpose()?);
        Ok(Job::start(move || {
            let journal = joined(&journal);
            policies.add(Arc::clone(&policy));
            let mut history = History::new(policy);
            for (number, line) in journal.split(|byte| *byte == b'\n').enumerate() {
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                let line: Line = serde_json::from_slice(line)
                    .map_err(|error| Problem::unreadable("an entry of a journal", &error).on_line(number + 1))?;
                if until.is_some_and(|until| until < line.at) {
                    break;
                }
                history.take(line.at, line.content, &policies)?;
            }
            if let Some(until) = until {
                history.advance(until);
            }
            Ok(Self { history: Arc::new(history) })
        }))
    }

    /// The report on a month, as JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn monthly(&self, month: String) -> AsyncTask<Pages> {
        self.ask(move |history| {
            let report = history.monthly(month.parse()?)?;
            let document = report.markdown(history.engine().policy())?;
            Ok(json(&Reported { data: &report, markdown: &document.text, fault: document.fault.as_deref() }))
        })
    }

    /// The review of a quarter, as JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn quarterly(&self, quarter: String) -> AsyncTask<Pages> {
        self.ask(move |history| {
            let review = history.quarterly(quarter.parse()?)?;
            let document = review.markdown(history.engine().policy())?;
            Ok(json(&Reported { data: &review, markdown: &document.text, fault: document.fault.as_deref() }))
        })
    }

    /// A document of an incident, or of a hand-off, as JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn document(&self, kind: String, subject: String) -> napi::Result<AsyncTask<Pages>> {
        let kind =
            serde_json::from_value(kind.into()).map_err(|error| Problem::unreadable("a kind of document", &error))?;
        Ok(self.ask(move |history| Ok(json(&history.document(kind, &subject)?))))
    }
}

impl NativeHistory {
    fn ask(&self, ask: impl FnOnce(&History) -> Result<String, DocumentError> + Send + 'static) -> AsyncTask<Pages> {
        let history = Arc::clone(&self.history);
        Pages::start(move || Ok(vec![ask(&history)?.into_bytes()]))
    }
}

/// The policies in use that have these digests.
fn known(digests: &[String]) -> Policies {
    digests.iter().filter_map(|digest| in_use(digest)).collect()
}

//! A journal lived through for what it tells, in the hands of JavaScript. Living through it takes long, so it happens on
//! another thread, and so does all that is asked.

use std::sync::Arc;

use kentongan::IncidentId;
use kentongan::report::{DocumentError, Templates};
use kentongan_journal::{History, Line, Policies};
use kentongan_lab::{AccountView, history};
use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi_derive::napi;

use crate::job::{Job, Pages, joined};
use crate::pages::{self, NativePages};
use crate::policy::{NativePolicy, in_use};
use crate::problem::{Problem, instant, json, millis};
use crate::question;
use crate::shared::free;

/// A journal that was lived through. It changes no more.
#[napi]
pub struct NativeHistory {
    history: Arc<History>,
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
                let line: Line =
                    serde_json::from_slice(line).map_err(|error| Problem::unreadable_entry(&error, number + 1))?;
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

    /// The report on a month by the templates of another policy, if one is given, in pages.
    #[napi(ts_return_type = "Promise<NativePages>")]
    pub fn monthly(&self, month: String, templates: Option<&NativePolicy>) -> AsyncTask<Job<NativePages>> {
        Job::start(self.writing(templates, move |history, by| {
            let report = history.monthly(month.parse()?)?;
            let document = report.markdown_by(by, history.engine().policy())?;
            Ok(pages::report(&report, document))
        }))
    }

    /// The review of a quarter, as `monthly` gives a month.
    #[napi(ts_return_type = "Promise<NativePages>")]
    pub fn quarterly(&self, quarter: String, templates: Option<&NativePolicy>) -> AsyncTask<Job<NativePages>> {
        Job::start(self.writing(templates, move |history, by| {
            let review = history.quarterly(quarter.parse()?)?;
            let document = review.markdown_by(by, history.engine().policy())?;
            Ok(pages::report(&review, document))
        }))
    }

    /// A document of an incident, or of a hand-off: its text, and why the policy's own template was not used, if so.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn document(
        &self,
        kind: String,
        subject: String,
        templates: Option<&NativePolicy>,
    ) -> napi::Result<AsyncTask<Pages>> {
        let kind =
            serde_json::from_value(kind.into()).map_err(|error| Problem::unreadable("a kind of document", &error))?;
        Ok(Pages::start(
            self.writing(templates, move |history, by| Ok(question::pages(history.document_by(by, kind, &subject)?))),
        ))
    }

    /// What it tells of an incident, as JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn account(&self, incident: String) -> AsyncTask<Pages> {
        self.ask(move |history| {
            let id = IncidentId::from(incident.as_str());
            let now = history.engine().now().unwrap_or_default();
            let account = AccountView::of(history.chronicle(), &id, now);
            account.map(|account| json(&account)).ok_or_else(|| unknown(&id))
        })
    }

    /// The ids of all incidents that it tells of, in the order of their opening, as JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn incidents(&self) -> AsyncTask<Pages> {
        self.ask(|history| {
            let known = history.chronicle().accounts().filter_map(|(_, account)| account.incident.as_ref());
            let mut known: Vec<_> = known.map(|incident| (incident.opened_at(), incident.id())).collect();
            known.sort();
            Ok(json(&known.into_iter().map(|(_, id)| id).collect::<Vec<_>>()))
        })
    }

    /// How an incident went, as a picture: SVG, as JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn picture(&self, incident: String) -> AsyncTask<Pages> {
        self.ask(move |told| {
            let id = IncidentId::from(incident.as_str());
            let now = told.engine().now().unwrap_or_default();
            let account = told.chronicle().account(&id);
            let drawn = account.and_then(|account| history::History::new(account, told.engine().policy(), now));
            drawn.map(|drawn| json(&drawn.svg())).ok_or_else(|| unknown(&id))
        })
    }

    /// The first and the last instant that it tells of; nothing where it tells nothing.
    #[napi]
    #[must_use]
    pub fn span(&self) -> Vec<f64> {
        let chronicle = self.history.chronicle();
        chronicle.began().into_iter().chain(chronicle.ended()).map(millis).collect()
    }
}

fn unknown(id: &IncidentId) -> DocumentError {
    DocumentError::UnknownIncident { id: id.to_string() }
}

impl NativeHistory {
    fn ask(&self, ask: impl FnOnce(&History) -> Result<String, DocumentError> + Send + 'static) -> AsyncTask<Pages> {
        let history = Arc::clone(&self.history);
        Pages::start(move || Ok(vec![ask(&history)?.into_bytes()]))
    }

    /// What writes by the templates of a policy, or of the one that it ends under.
    fn writing<R, W>(
        &self,
        templates: Option<&NativePolicy>,
        write: W,
    ) -> impl FnOnce() -> Result<R, Problem> + use<R, W>
    where
        W: FnOnce(&History, Templates<'_>) -> Result<R, DocumentError> + Send + 'static,
    {
        let (policy, history) = (templates.map(NativePolicy::shared), Arc::clone(&self.history));
        move || Ok(write(&history, policy.as_ref().unwrap_or(history.engine().policy()).templates())?)
    }
}

impl Drop for NativeHistory {
    /// What was lived through is large, and the garbage collector runs on JavaScript's thread.
    fn drop(&mut self) {
        let nothing = Arc::new(History::new(Arc::clone(self.history.engine().policy())));
        free(std::mem::replace(&mut self.history, nothing));
    }
}

/// The policies in use that have these digests.
fn known(digests: &[String]) -> Policies {
    digests.iter().filter_map(|digest| in_use(digest)).collect()
}

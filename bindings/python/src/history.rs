//! A journal lived through for what it tells: reports, and the documents of incidents.

use std::path::PathBuf;
use std::sync::Arc;

use kentongan::IncidentId;
use kentongan::report::{Document, DocumentError};
use kentongan_journal::{History, Line, Policies};
use kentongan_lab::{AccountView, history};
use pyo3::prelude::*;

use crate::failure::{self, guarded, invalid, unreadable};
use crate::instant::instant;
use crate::policy::{PolicyCore, json};

/// A journal lived through. Import kentongan.History instead.
#[pyclass(frozen, subclass, module = "kentongan._kentongan")]
pub(crate) struct HistoryCore {
    history: History,
}

/// A report as JSON and as Markdown, and why the policy's own template was not used.
type ReportParts = (String, String, Option<String>);

#[pymethods]
impl HistoryCore {
    /// Lives through a file, or through entries as JSON, one a line; up to an instant, in microseconds since 1970.
    #[new]
    fn new(
        py: Python<'_>,
        policy: &Bound<'_, PolicyCore>,
        path: Option<PathBuf>,
        lines: &str,
        others: Vec<Bound<'_, PolicyCore>>,
        until: Option<i64>,
    ) -> PyResult<Self> {
        let until = until.map(instant).transpose()?;
        let policy = Arc::clone(policy.get().policy());
        let mut policies: Policies = others.iter().map(|other| Arc::clone(other.get().policy())).collect();
        let live = || {
            if let Some(path) = path {
                return History::of_file(path, policy, policies, until).map_err(|error| failure::journal(&error));
            }
            policies.add(Arc::clone(&policy));
            let mut history = History::new(policy);
            for line in lines.lines().filter(|line| !line.is_empty()) {
                let line: Line = serde_json::from_str(line).map_err(|error| unreadable("journal entry", &error))?;
                if until.is_some_and(|until| until < line.at) {
                    break;
                }
                let taken = history.take(line.at, line.content, &policies);
                taken.map_err(|missing| failure::missing_policy(&missing))?;
            }
            if let Some(until) = until {
                history.advance(until);
            }
            Ok(history)
        };
        Ok(Self { history: py.detach(|| guarded(live))? })
    }

    /// The report on a month: its data as JSON, the same as Markdown, and why the policy's own template was not used.
    fn monthly_parts(&self, py: Python<'_>, month: &str) -> PyResult<ReportParts> {
        self.ask(py, |history| {
            let report = history.monthly(month.parse()?)?;
            let document = report.markdown(history.engine().policy())?;
            Ok((json(&report), document.text, document.fault))
        })
    }

    /// The review of a quarter, as `monthly_parts` gives a month.
    fn quarterly_parts(&self, py: Python<'_>, quarter: &str) -> PyResult<ReportParts> {
        self.ask(py, |history| {
            let review = history.quarterly(quarter.parse()?)?;
            let document = review.markdown(history.engine().policy())?;
            Ok((json(&review), document.text, document.fault))
        })
    }

    /// A document of an incident, or of a hand-off, and why the policy's own template was not used.
    fn document_parts(&self, py: Python<'_>, kind: &str, subject: &str) -> PyResult<(String, Option<String>)> {
        let kind = serde_json::from_value(kind.into()).map_err(|error| unreadable("document", &error))?;
        let Document { text, fault } = self.ask(py, |history| history.document(kind, subject))?;
        Ok((text, fault))
    }

    /// What it tells of an incident, as JSON.
    fn account_json(&self, py: Python<'_>, incident: &str) -> PyResult<String> {
        let id = IncidentId::from(incident);
        self.ask(py, |history| {
            let now = history.engine().now().unwrap_or_default();
            let account = AccountView::of(history.chronicle(), &id, now);
            account.map(|account| json(&account)).ok_or_else(|| unknown(&id))
        })
    }

    /// The ids of all incidents that it tells of, in the order of their opening.
    fn incident_ids(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.ask(py, |history| {
            let known = history.chronicle().accounts().filter_map(|(_, account)| account.incident.as_ref());
            let mut known: Vec<_> = known.map(|incident| (incident.opened_at(), incident.id().to_string())).collect();
            known.sort();
            Ok(known.into_iter().map(|(_, id)| id).collect())
        })
    }

    /// How an incident went, as a picture: SVG.
    fn picture(&self, py: Python<'_>, incident: &str) -> PyResult<String> {
        let id = IncidentId::from(incident);
        self.ask(py, |told| {
            let now = told.engine().now().unwrap_or_default();
            let account = told.chronicle().account(&id);
            let drawn = account.and_then(|account| history::History::new(account, told.engine().policy(), now));
            drawn.map(|drawn| drawn.svg()).ok_or_else(|| unknown(&id))
        })
    }
}

fn unknown(id: &IncidentId) -> DocumentError {
    DocumentError::UnknownIncident { id: id.to_string() }
}

impl HistoryCore {
    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        ask: impl FnOnce(&History) -> Result<T, DocumentError> + Send,
    ) -> PyResult<T> {
        let refused = |error: DocumentError| invalid(error.code(), error.to_string(), error.help(), "");
        py.detach(|| guarded(|| ask(&self.history).map_err(refused)))
    }
}

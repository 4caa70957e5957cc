//! A journal lived through for what it tells: reports, and the documents of incidents.

use std::path::PathBuf;
use std::sync::Arc;

use kentongan::report::{Document, DocumentError, Templates};
use kentongan::{IncidentId, Policy};
use kentongan_journal::{History, Line, Policies};
use kentongan_lab::{AccountView, history};
use pyo3::prelude::*;

use crate::failure::{self, guarded, unreadable};
use crate::instant::{instant, micros};
use crate::policy::{PolicyCore, json};
use crate::text::Text;

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
        lines: Text,
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
    /// It is written by the templates of another policy, if one is given.
    fn monthly_parts(
        &self,
        py: Python<'_>,
        month: Text,
        templates: Option<&Bound<'_, PolicyCore>>,
    ) -> PyResult<ReportParts> {
        self.write(py, templates, |history, by| {
            let report = history.monthly(month.parse()?)?;
            let document = report.markdown_by(by, history.engine().policy())?;
            Ok((json(&report), document.text, document.fault))
        })
    }

    /// The review of a quarter, as `monthly_parts` gives a month.
    fn quarterly_parts(
        &self,
        py: Python<'_>,
        quarter: Text,
        templates: Option<&Bound<'_, PolicyCore>>,
    ) -> PyResult<ReportParts> {
        self.write(py, templates, |history, by| {
            let review = history.quarterly(quarter.parse()?)?;
            let document = review.markdown_by(by, history.engine().policy())?;
            Ok((json(&review), document.text, document.fault))
        })
    }

    /// A document of an incident, or of a hand-off, and why the policy's own template was not used. It is written by the
    /// templates of another policy, if one is given.
    fn document_parts(
        &self,
        py: Python<'_>,
        kind: Text,
        subject: Text,
        templates: Option<&Bound<'_, PolicyCore>>,
    ) -> PyResult<(String, Option<String>)> {
        let kind = serde_json::from_value((*kind).into()).map_err(|error| unreadable("document", &error))?;
        let document = self.write(py, templates, |history, by| history.document_by(by, kind, &subject));
        document.map(|Document { text, fault }| (text, fault))
    }

    /// The first and the last instant that it tells of, in microseconds since 1970; none where it tells nothing.
    fn span_micros(&self) -> Option<(i64, i64)> {
        let chronicle = self.history.chronicle();
        chronicle.began().zip(chronicle.ended()).map(|(began, ended)| (micros(began), micros(ended)))
    }

    /// What it tells of an incident, as JSON.
    fn account_json(&self, py: Python<'_>, incident: Text) -> PyResult<String> {
        let id = IncidentId::from(&*incident);
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
    fn picture(&self, py: Python<'_>, incident: Text) -> PyResult<String> {
        let id = IncidentId::from(&*incident);
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
        py.detach(|| guarded(|| ask(&self.history).map_err(|error| failure::document(&error))))
    }

    /// Writes by the templates of a policy, or of the one that the history ends under.
    fn write<T: Send>(
        &self,
        py: Python<'_>,
        templates: Option<&Bound<'_, PolicyCore>>,
        write: impl FnOnce(&History, Templates<'_>) -> Result<T, DocumentError> + Send,
    ) -> PyResult<T> {
        let policy: Option<Arc<Policy>> = templates.map(|policy| Arc::clone(policy.get().policy()));
        self.ask(py, |history| write(history, policy.as_ref().unwrap_or(history.engine().policy()).templates()))
    }
}

//! The policy as Python holds it: compiled once, shared by engines and threads, with the names it answers in.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use kentongan::oncall::Schedule;
use kentongan::{Alert, Classifier, Explanation, Policy, PolicyError, Ruling as Decided};
use kentongan_lab::{SHIPPED, Summary};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use serde::Serialize;

use crate::alert::Reader;
use crate::failure::{self, guarded, invalid, misshapen, unreadable};
use crate::instant::{instant, micros};
use crate::ruling::Ruling;
use crate::rulings::Rulings;
use crate::text::{Text, Texts};
use crate::{batch, columns};

self_cell::self_cell!(
    /// A policy, and the classifiers that wait for the next call.
    struct Ready {
        owner: Arc<Policy>,
        #[not_covariant]
        dependent: Waiting,
    }
);

/// Classifiers keep their memory from alert to alert; each thread takes one of its own for as long as it asks.
struct Waiting<'p>(Mutex<Vec<Classifier<'p>>>);

/// A compiled policy. Import kentongan.Policy instead, which is this and more.
#[pyclass(frozen, subclass, module = "kentongan._kentongan")]
pub(crate) struct PolicyCore {
    ready: Ready,
    reader: Reader,
    names: Arc<Names>,
}

/// What rulings are told in: the names of severities and rules, by their places.
pub(crate) struct Names {
    pub(crate) severities: Vec<Py<PyString>>,
    pub(crate) rules: Vec<Py<PyString>>,
}

impl Names {
    pub(crate) fn ruling(&self, py: Python<'_>, ruling: kentongan::Ruling) -> PyResult<Ruling> {
        let nowhere = || invalid("invalid_ruling", "a ruling names what the policy does not have".to_owned(), "", "");
        let severity = self.severities.get(ruling.severity).ok_or_else(nowhere)?.clone_ref(py);
        let rule = ruling.rule.map(|rule| self.rules.get(rule).ok_or_else(nowhere)).transpose()?;
        Ok(Ruling::of(severity, rule.map(|rule| rule.clone_ref(py)), ruling.fault))
    }
}

impl PolicyCore {
    fn of(py: Python<'_>, policy: Policy) -> Self {
        let texts =
            |names: &mut dyn Iterator<Item = &str>| names.map(|name| PyString::intern(py, name).unbind()).collect();
        let names = Names { severities: texts(&mut policy.severities()), rules: texts(&mut policy.rules()) };
        let reader = Reader::new(py, &policy);
        let ready = Ready::new(Arc::new(policy), |_| Waiting(Mutex::default()));
        Self { ready, reader, names: Arc::new(names) }
    }

    pub(crate) fn policy(&self) -> &Arc<Policy> {
        self.ready.borrow_owner()
    }

    /// Decides with a classifier that has been at work before, where one waits.
    pub(crate) fn decide_with(&self, decide: impl FnOnce(&mut Classifier<'_>) -> Decided) -> Decided {
        self.ready.with_dependent(|policy, Waiting(waiting)| {
            let waits = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut classifier = waits.unwrap_or_else(|| policy.classifier());
            let decided = decide(&mut classifier);
            waiting.lock().unwrap_or_else(PoisonError::into_inner).push(classifier);
            decided
        })
    }

    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }

    pub(crate) fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// A whole alert, for policies that look at whole alerts.
    pub(crate) fn whole(alert: &Bound<'_, PyAny>) -> PyResult<Alert> {
        let text = alert.py().import("kentongan._wire")?.getattr("alert_json")?.call1((alert,))?;
        parsed(&text.extract::<Text>()?)
    }
}

fn parsed(alert: &str) -> PyResult<Alert> {
    serde_json::from_str(alert).map_err(|error| unreadable("alert", &error))
}

/// Compiles a text, `form` "text", or a document as JSON, "data". `read` gives the bytes of a file that it names.
fn compile(name: &str, text: &str, form: &str, read: &Bound<'_, PyAny>) -> PyResult<Result<Policy, PolicyError>> {
    // The engine takes what is missing for missing; what went wrong in Python is raised afterwards.
    let raised: RefCell<Option<PyErr>> = RefCell::new(None);
    let beside = |name: &str| -> Option<Vec<u8>> {
        let read = || -> PyResult<Option<Vec<u8>>> {
            let found = read.call1((name,))?;
            if found.is_none() { Ok(None) } else { Ok(Some(found.cast::<PyBytes>()?.as_bytes().to_vec())) }
        };
        read().unwrap_or_else(|error| {
            raised.replace(Some(error));
            None
        })
    };
    let compiled = if form == "data" {
        let value = serde_json::from_str(text).map_err(|error| unreadable("policy", &error))?;
        kentongan_ingest::policy_from_value(&value, beside)
    } else {
        kentongan_ingest::load_policy(name, text, beside)
    };
    raised.into_inner().map_or(Ok(compiled), Err)
}

/// An explanation as people read it, from its JSON.
#[pyfunction]
pub(crate) fn explanation_text(explanation: Text) -> PyResult<String> {
    let explanation: Explanation =
        serde_json::from_str(&explanation).map_err(|error| unreadable("explanation", &error))?;
    guarded(|| Ok(explanation.to_string()))
}

/// Data as JSON: it holds text keys and plain values only, so there is nothing that JSON cannot hold.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[pymethods]
impl PolicyCore {
    #[new]
    fn new(py: Python<'_>, name: Text, text: Text, form: Text, read: &Bound<'_, PyAny>) -> PyResult<Self> {
        guarded(|| match compile(&name, &text, &form, read)? {
            Ok(policy) => Ok(Self::of(py, policy)),
            Err(error) => Err(failure::policy(py, error.diagnostics())),
        })
    }

    /// Everything odd about a policy, errors and warnings, as JSON.
    #[staticmethod]
    fn diagnose(name: Text, text: Text, form: Text, read: &Bound<'_, PyAny>) -> PyResult<String> {
        guarded(|| match compile(&name, &text, &form, read)? {
            Ok(policy) => Ok(json(policy.warnings())),
            Err(error) => Ok(json(error.diagnostics())),
        })
    }

    /// The text of a policy that comes with the package, and the files beside it.
    #[staticmethod]
    fn shipped_source(name: Text) -> Option<(&'static str, Vec<(&'static str, &'static str)>)> {
        kentongan_lab::shipped(&name).map(|shipped| (shipped.text, shipped.files.to_vec()))
    }

    /// The names of the policies that come with the package.
    #[staticmethod]
    fn shipped_names() -> Vec<&'static str> {
        SHIPPED.iter().map(|shipped| shipped.name).collect()
    }

    /// Its name.
    #[getter]
    fn name(&self) -> &str {
        self.policy().name()
    }

    /// The SHA-256 of its content, comments and layout aside: `sha256:…`.
    #[getter]
    fn digest(&self) -> &str {
        self.policy().digest()
    }

    /// The zone in which its people read dates and times.
    #[getter]
    fn zone(&self) -> String {
        self.policy().document().timezone.clone()
    }

    /// The names of its severities, the worst first.
    #[getter]
    fn severities(&self) -> Vec<&str> {
        self.policy().severities().collect()
    }

    /// The names of its rules, in their order and without the default.
    #[getter]
    fn rules(&self) -> Vec<&str> {
        self.policy().rules().collect()
    }

    /// The on-call roles, as the policy orders them.
    #[getter]
    fn on_call_roles(&self) -> Vec<&str> {
        self.policy().on_call_roles().collect()
    }

    /// The names of its schedules, as it orders them.
    #[getter]
    fn schedules(&self) -> Vec<&str> {
        self.policy().schedules().map(Schedule::name).collect()
    }

    /// The names of its calendars, as it orders them.
    #[getter]
    fn calendars(&self) -> Vec<&str> {
        self.policy().document().calendars.keys().map(String::as_str).collect()
    }

    /// What people read for the id of a person: their name, where the policy has one.
    fn named(&self, person: Text) -> PyResult<String> {
        guarded(|| Ok(kentongan::report::named(self.policy(), &person)))
    }

    /// The facts of an alert that the rules read.
    #[getter]
    fn alert_facts(&self) -> Vec<&str> {
        self.policy().alert_facts().collect()
    }

    /// What can be used as it stands, but likely does not mean what its author thinks: diagnostics as JSON.
    fn warnings_json(&self) -> String {
        json(self.policy().warnings())
    }

    /// The document that it was compiled from, as JSON.
    fn document_json(&self) -> String {
        json(self.policy().document())
    }

    /// What it holds, as JSON.
    fn summary_json(&self) -> PyResult<String> {
        guarded(|| Ok(json(&Summary::of(self.policy()))))
    }

    /// Says which severity an alert has, and which rule gave it, as quickly as can be.
    ///
    /// Only what the rules read is looked at; `alert_facts` names it. Use `reasons` for the reasons.
    ///
    /// Args:
    ///     alert: An alert, or a dict in its shape: {"key": …, "labels": {…}, "values": {…}}.
    ///
    /// Raises:
    ///     `KentonganError`: What a rule reads is of a type that it cannot have.
    fn classify(&self, alert: &Bound<'_, PyAny>) -> PyResult<Ruling> {
        guarded(|| self.names.ruling(alert.py(), batch::decide(self, alert)?))
    }

    /// Classifies many alerts in one call; other threads run meanwhile.
    ///
    /// Args:
    ///     alerts: Alerts or dicts, in any iterable; or a table with Arrow's capsule interface, such as those of
    ///         pyarrow, polars, pandas and duckdb. A table has a column for each fact, called as the fact (service,
    ///         labels.env), or structs or maps labels, annotations and values.
    ///     progress: Called now and then, and at the end, with how many are done, and of how many, if that is known.
    ///     columns: Which column of a table holds a fact, where it has another name: {"labels.env": "environment"}; or all
    ///         labels, annotations or values, as structs or maps: {"labels": "tags"}. Other alerts have none.
    ///
    /// Returns:
    ///     The rulings in the order of the alerts: a sequence, and an Arrow table of severity, rule and fault.
    ///
    /// Raises:
    ///     `KentonganError`: What a rule reads is of a type that it cannot have; no column of a table holds anything of an
    ///         alert, or `columns` names one that is not there (`unknown_column`); or `columns` names what is no place of an
    ///         alert (`invalid_value`).
    #[pyo3(signature = (alerts, *, progress = None, columns = None))]
    fn classify_batch(
        &self,
        alerts: &Bound<'_, PyAny>,
        progress: Option<&Bound<'_, PyAny>>,
        columns: Option<Texts>,
    ) -> PyResult<Rulings> {
        guarded(|| {
            if columns::is_arrow(alerts)? {
                columns::classify(self, alerts, columns.unwrap_or_default().0, progress)
            } else if columns.is_some_and(|columns| !columns.0.is_empty()) {
                let message = "only a table has columns, and the alerts are in none".to_owned();
                let help = "hand in a table that speaks Arrow, or leave `columns` out";
                Err(misshapen("invalid_value", message, help, "columns"))
            } else {
                batch::classify(self, alerts, progress)
            }
        })
    }

    /// The severity of an alert with its reasons, as JSON.
    fn reasons_json(&self, py: Python<'_>, alert: Text) -> PyResult<String> {
        guarded(|| {
            let alert = parsed(&alert)?;
            Ok(py.detach(|| json(&self.policy().classify(&alert))))
        })
    }

    /// What every rule says of an alert, as JSON.
    fn explanation_json(&self, py: Python<'_>, alert: Text) -> PyResult<String> {
        guarded(|| {
            let alert = parsed(&alert)?;
            Ok(py.detach(|| json(&self.policy().explain(&alert))))
        })
    }

    /// Who is on call in a role at an instant, in microseconds since 1970: as JSON.
    fn who_json(&self, role: Text, at: i64) -> PyResult<String> {
        guarded(|| Ok(json(&self.policy().who(&role, instant(at)?))))
    }

    /// Who is on call in a role between two instants, as JSON.
    fn coverage_json(&self, py: Python<'_>, role: Text, start: i64, end: i64) -> PyResult<String> {
        guarded(|| {
            let (start, end) = (instant(start)?, instant(end)?);
            Ok(py.detach(|| json(&self.policy().coverage(&role, start, end))))
        })
    }

    /// What of it is over at an instant, in microseconds since 1970: in words.
    fn over_at(&self, py: Python<'_>, at: i64) -> PyResult<Vec<String>> {
        guarded(|| {
            let at = instant(at)?;
            Ok(py.detach(|| kentongan_lab::over(self.policy(), at)))
        })
    }

    /// The first release strictly after an instant, in microseconds since 1970.
    fn next_release_micros(&self, after: i64) -> PyResult<Option<i64>> {
        guarded(|| {
            let after = instant(after)?;
            Ok(self.policy().releases().and_then(|releases| releases.next(after)).map(micros))
        })
    }

    /// The next instant at which somebody else is on call, in microseconds since 1970.
    fn next_change_micros(&self, role: Text, after: i64) -> PyResult<Option<i64>> {
        guarded(|| Ok(self.policy().next_change(&role, instant(after)?).map(micros)))
    }
}

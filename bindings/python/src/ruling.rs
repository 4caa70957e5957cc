//! What a policy's rules say of one alert, in brief.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

/// What a policy's rules say of an alert: the severity and the rule that gave it.
///
/// Attributes:
///     severity: The severity, as the policy names it.
///     rule: The rule that gave it; None where the default stands.
///     fault: Whether a rule failed before one decided. Policy.reasons says which, and why.
#[pyclass(frozen, module = "kentongan")]
#[derive(Debug)]
pub(crate) struct Ruling {
    /// The severity, as the policy names it.
    #[pyo3(get)]
    severity: Py<PyString>,
    /// The rule that gave it; None where the default stands.
    #[pyo3(get)]
    rule: Option<Py<PyString>>,
    /// Whether a rule failed before one decided.
    #[pyo3(get)]
    fault: bool,
}

impl Ruling {
    pub(crate) fn of(severity: Py<PyString>, rule: Option<Py<PyString>>, fault: bool) -> Self {
        Self { severity, rule, fault }
    }

    fn tuple<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        (&self.severity, &self.rule, self.fault).into_pyobject(py)
    }
}

#[pymethods]
impl Ruling {
    #[new]
    #[pyo3(signature = (severity, rule = None, fault = false))]
    fn new(severity: Py<PyString>, rule: Option<Py<PyString>>, fault: bool) -> Self {
        Self { severity, rule, fault }
    }

    #[classattr]
    fn __match_args__() -> (&'static str, &'static str, &'static str) {
        ("severity", "rule", "fault")
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let rule = match &self.rule {
            Some(rule) => rule.bind(py).repr()?.to_string(),
            None => "None".to_owned(),
        };
        let fault = if self.fault { "True" } else { "False" };
        Ok(format!("Ruling(severity={}, rule={rule}, fault={fault})", self.severity.bind(py).repr()?))
    }

    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(other) = other.cast::<Self>() else {
            return Ok(false);
        };
        self.tuple(py)?.eq(other.get().tuple(py)?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.tuple(py)?.hash()
    }

    fn __getnewargs__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        self.tuple(py)
    }

    /// The ruling as a dict: severity, rule, fault.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("severity", &self.severity)?;
        dict.set_item("rule", &self.rule)?;
        dict.set_item("fault", self.fault)?;
        Ok(dict)
    }
}

//! What a policy's rules say of one alert, in brief.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyString, PyTuple};

use crate::failure::misshapen;

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

    /// A ruling from the dict that `to_dict` gives.
    ///
    /// Raises:
    ///     `DataError`: It has no severity, or something in it is of a wrong type.
    #[staticmethod]
    fn from_dict(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        let wrong = |code, message: &str, place: &str| {
            misshapen(code, message.to_owned(), "hand in what `to_dict` gives", place)
        };
        let of = |name: &str| -> PyResult<Option<Bound<'_, PyAny>>> {
            let data = data.cast::<PyMapping>().map_err(|_| wrong("wrong_type", "a ruling is a dict", ""))?;
            let found = if data.contains(name)? { Some(data.get_item(name)?) } else { None };
            Ok(found.filter(|value| !value.is_none()))
        };
        let text = |name: &str| -> PyResult<Option<Py<PyString>>> {
            let Some(found) = of(name)? else { return Ok(None) };
            let text = found.cast_into::<PyString>().map_err(|_| wrong("wrong_type", "expected a text", name))?;
            Ok(Some(text.unbind()))
        };
        let severity = text("severity")?;
        let severity = severity.ok_or_else(|| wrong("missing_field", "`severity` is missing", "severity"))?;
        let fault = of("fault")?.map(|fault| fault.extract()).transpose();
        let fault = fault.map_err(|_| wrong("wrong_type", "expected true or false", "fault"))?;
        Ok(Self { severity, rule: text("rule")?, fault: fault.unwrap_or_default() })
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

//! Reading an alert from Python: only the facts that a policy's rules ask for, straight from a dict or an `Alert`.

use kentongan::{FactValue, Policy, Timestamp};
use pyo3::exceptions::{PyKeyError, PyOverflowError, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDateTime, PyDict, PyFloat, PyInt, PyMapping, PyString, PyType};

use crate::failure::{halved, misshapen as wrong};

/// A value of an alert, held for as long as its fact is looked at; none where the alert does not have it.
pub(crate) type Held<'py> = Option<Bound<'py, PyAny>>;

/// What a fact is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Text that every alert has, empty if need be.
    Text,
    /// `firing` where nothing is said.
    Status,
    /// Text that may be missing.
    OptionalText,
    Number,
    Instant,
}

/// Where a fact stands: in the alert itself, or in one of its mappings.
struct Fact {
    path: String,
    mapping: Option<usize>,
    name: Py<PyString>,
    kind: Kind,
}

impl Fact {
    /// The mapping that it stands in; nothing where that is the alert itself.
    fn within(&self) -> &str {
        self.path.split_once('.').map_or("", |(mapping, _)| mapping)
    }
}

/// The facts that a policy's rules ask for, in its order, each with the names that lead there.
pub(crate) struct Reader {
    mappings: Vec<Py<PyString>>,
    facts: Vec<Fact>,
}

impl Reader {
    pub(crate) fn new(py: Python<'_>, policy: &Policy) -> Self {
        let mut mappings: Vec<&str> = Vec::new();
        let mut facts = Vec::new();
        for path in policy.alert_facts() {
            let within = path.strip_prefix("alert.").unwrap_or(path);
            let (mapping, name) = match within.split_once('.') {
                Some((mapping, name)) => (Some(mapping), name),
                None => (None, within),
            };
            let kind = match (mapping, name) {
                (Some("values"), _) => Kind::Number,
                (Some(_), _) | (None, "service") => Kind::OptionalText,
                (None, "status") => Kind::Status,
                (None, "starts_at") => Kind::Instant,
                (None, _) => Kind::Text,
            };
            let mapping = mapping.map(|mapping| {
                mappings.iter().position(|known| *known == mapping).unwrap_or_else(|| {
                    mappings.push(mapping);
                    mappings.len() - 1
                })
            });
            let name = PyString::intern(py, name).unbind();
            facts.push(Fact { path: within.to_owned(), mapping, name, kind });
        }
        let mappings = mappings.into_iter().map(|name| PyString::intern(py, name).unbind()).collect();
        Self { mappings, facts }
    }

    pub(crate) fn len(&self) -> usize {
        self.facts.len()
    }

    /// The paths of the facts within an alert, `labels.env`, and whether each is a number, in the policy's order.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&str, bool)> {
        self.facts.iter().map(|fact| (fact.path.as_str(), fact.kind == Kind::Number))
    }

    /// Takes hold of an alert's facts: one entry each is added to `held`.
    pub(crate) fn hold<'py>(&self, alert: &Bound<'py, PyAny>, held: &mut Vec<Held<'py>>) -> PyResult<()> {
        let access = Access::of(alert)?;
        let field = |name: &Py<PyString>| -> PyResult<Held<'py>> {
            let found = match access {
                Access::Mapping => return entry(alert, name, ""),
                Access::Object => alert.getattr(name.bind(alert.py()))?,
            };
            Ok(Some(found).filter(|value| !value.is_none()))
        };
        // An alert has three mappings.
        let mut mappings: [Held<'py>; 3] = [None, None, None];
        for (place, name) in mappings.iter_mut().zip(&self.mappings) {
            *place = field(name)?;
        }
        for fact in &self.facts {
            held.push(match fact.mapping {
                None => field(&fact.name)?,
                Some(mapping) => match mappings.get(mapping).and_then(Option::as_ref) {
                    None => None,
                    Some(mapping) => entry(mapping, &fact.name, fact.within())?,
                },
            });
        }
        Ok(())
    }

    /// The facts that are held, as the rules see them. `row` takes one each.
    pub(crate) fn read<'h>(&self, held: &'h [Held<'_>], row: &mut Vec<FactValue<'h>>) -> PyResult<()> {
        for (fact, held) in self.facts.iter().zip(held) {
            row.push(match (fact.kind, held) {
                (Kind::Text, None) => FactValue::Text(""),
                (Kind::Status, None) => FactValue::Text("firing"),
                (Kind::OptionalText | Kind::Number | Kind::Instant, None) => FactValue::Absent,
                (Kind::Text | Kind::Status | Kind::OptionalText, Some(value)) => FactValue::Text(text(value, fact)?),
                (Kind::Number, Some(value)) => FactValue::Float(number(value, fact)?),
                (Kind::Instant, Some(value)) => FactValue::Integer(instant(value, fact)?.timestamp_millis()),
            });
        }
        Ok(())
    }
}

/// How the fields of an alert are reached.
#[derive(Clone, Copy)]
enum Access {
    /// It is a dict, or another mapping.
    Mapping,
    /// It is an `Alert`.
    Object,
}

impl Access {
    fn of(alert: &Bound<'_, PyAny>) -> PyResult<Self> {
        static ALERT: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        if alert.is_instance_of::<PyDict>() {
            return Ok(Self::Mapping);
        }
        if alert.is_instance(ALERT.import(alert.py(), "kentongan.inputs", "Alert")?)? {
            return Ok(Self::Object);
        }
        if alert.is_instance_of::<PyMapping>() {
            return Ok(Self::Mapping);
        }
        let message = format!("{} is no alert", type_name(alert));
        Err(wrong("wrong_type", message, "hand in an `Alert`, or a dict in its shape", ""))
    }
}

/// An entry of a mapping, a dict or another, which stands at a place of the alert.
fn entry<'py>(mapping: &Bound<'py, PyAny>, name: &Py<PyString>, place: &str) -> PyResult<Held<'py>> {
    let found = match mapping.cast::<PyDict>() {
        Ok(mapping) => mapping.get_item(name)?,
        Err(_) => match mapping.get_item(name) {
            Ok(value) => Some(value),
            Err(error) if error.is_instance_of::<PyKeyError>(mapping.py()) => None,
            // A list, say, which has no entries by name.
            Err(error) if error.is_instance_of::<PyTypeError>(mapping.py()) => {
                return Err(mistyped(mapping, "an object", place));
            }
            Err(error) => return Err(error),
        },
    };
    Ok(found.filter(|value| !value.is_none()))
}

fn text<'h>(value: &'h Bound<'_, PyAny>, fact: &Fact) -> PyResult<&'h str> {
    let text = value.cast::<PyString>().map_err(|_| mistyped(value, "a text", &fact.path))?;
    text.to_str().map_err(|_| halved(&fact.path))
}

fn number(value: &Bound<'_, PyAny>, fact: &Fact) -> PyResult<f64> {
    let number = match value.cast::<PyFloat>() {
        Ok(number) => number.value(),
        // In Python, truth is a number; in an alert it is not.
        Err(_) if value.is_instance_of::<PyBool>() => return Err(mistyped(value, "a number", &fact.path)),
        Err(_) if value.is_instance_of::<PyInt>() || value.hasattr(intern!(value.py(), "__float__"))? => {
            value.extract::<f64>().map_err(|error| no_float(error, value, fact))?
        }
        Err(_) => return Err(mistyped(value, "a number", &fact.path)),
    };
    if !number.is_finite() {
        return Err(wrong("invalid_value", format!("{number} is no measurement"), "leave it out", &fact.path));
    }
    Ok(number)
}

/// What Python says of a number that no float holds, such as a huge one, in our words.
fn no_float(error: PyErr, value: &Bound<'_, PyAny>, fact: &Fact) -> PyErr {
    let py = value.py();
    if error.is_instance_of::<PyTypeError>(py) {
        return mistyped(value, "a number", &fact.path);
    }
    if !error.is_instance_of::<PyOverflowError>(py) && !error.is_instance_of::<PyValueError>(py) {
        return error;
    }
    // It is not told: Python writes no number that is longer than some thousands of digits.
    wrong("invalid_value", "no measurement is as large as this number".to_owned(), "leave it out", &fact.path)
}

/// An instant of an alert: an aware `datetime`, or RFC 3339 as in JSON.
fn instant(value: &Bound<'_, PyAny>, fact: &Fact) -> PyResult<Timestamp> {
    let spelt = |text: &str| text.parse::<Timestamp>().ok();
    let found = if value.is_instance_of::<PyDateTime>() {
        let text = value.call_method0(intern!(value.py(), "isoformat"))?;
        spelt(text.cast::<PyString>()?.to_str()?)
    } else {
        spelt(text(value, fact)?)
    };
    let help = "give it an offset: `datetime.now(timezone.utc)`, or `2026-11-24T02:00:00Z`";
    found.ok_or_else(|| wrong("naive_datetime", format!("{value} is no instant"), help, &fact.path))
}

fn mistyped(value: &Bound<'_, PyAny>, expected: &str, place: &str) -> PyErr {
    let message = format!("expected {expected}, found {}", type_name(value));
    wrong("wrong_type", message, "leave out what is not known", place)
}

/// What Python calls the type of a value.
pub(crate) fn type_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "something else".to_owned(), |name| name.to_string())
}

//! The rulings of a batch: three columns, and a Python object only for the rows that somebody looks at.

use std::sync::Arc;

use arrow_array::builder::BooleanBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, BooleanArray, DictionaryArray, Int32Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict, PySlice, PyString, PyTuple};
use pyo3_arrow::PyRecordBatch;

use crate::failure::{invalid, misshapen};
use crate::policy::Names;
use crate::ruling::Ruling;

/// Rulings in the making.
pub(crate) struct Tally {
    severities: Vec<i32>,
    rules: Vec<Option<i32>>,
    faults: BooleanBuilder,
}

impl Tally {
    pub(crate) fn with_capacity(rows: usize) -> Self {
        Self {
            severities: Vec::with_capacity(rows),
            rules: Vec::with_capacity(rows),
            faults: BooleanBuilder::with_capacity(rows),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.severities.len()
    }

    pub(crate) fn push(&mut self, ruling: kentongan::Ruling) {
        self.severities.push(key(ruling.severity));
        self.rules.push(ruling.rule.map(key));
        self.faults.append_value(ruling.fault);
    }

    pub(crate) fn finish(mut self, names: &Arc<Names>) -> Rulings {
        Rulings {
            names: Arc::clone(names),
            severities: Int32Array::from(self.severities),
            rules: Int32Array::from(self.rules),
            faults: self.faults.finish(),
        }
    }
}

/// A place as a key of a dictionary. A policy has far fewer rules than a key can count.
fn key(place: usize) -> i32 {
    i32::try_from(place).unwrap_or(i32::MAX)
}

/// The key that stands for no rule where rulings are kept as bytes.
const NO_RULE: i32 = -1;

/// Rulings from the parts that pickle keeps: the names that they are told in, and for each a key of four bytes for its
/// severity and its rule, and a byte that says whether a rule failed.
#[pyfunction]
pub(crate) fn rulings_of(
    severities: Vec<Py<PyString>>,
    rules: Vec<Py<PyString>>,
    severity_keys: &[u8],
    rule_keys: &[u8],
    faults: &[u8],
) -> PyResult<Rulings> {
    let keys = |bytes: &[u8]| -> Vec<i32> {
        bytes.chunks_exact(4).filter_map(|four| four.try_into().ok()).map(i32::from_le_bytes).collect()
    };
    let is_of = |names: &[Py<PyString>]| {
        let count = names.len();
        move |key: i32| usize::try_from(key).is_ok_and(|key| key < count)
    };
    let (severity_keys, rule_keys) = (keys(severity_keys), keys(rule_keys));
    let whole = [severity_keys.len(), rule_keys.len()].iter().all(|rows| *rows == faults.len())
        && severity_keys.iter().copied().all(is_of(&severities))
        && rule_keys.iter().copied().filter(|key| *key != NO_RULE).all(is_of(&rules));
    if !whole {
        return Err(misshapen("invalid_data", "these are no rulings".to_owned(), "pickle rulings", ""));
    }
    Ok(Rulings {
        names: Arc::new(Names { severities, rules }),
        severities: Int32Array::from(severity_keys),
        rules: rule_keys.into_iter().map(|key| (key != NO_RULE).then_some(key)).collect(),
        faults: faults.iter().map(|fault| Some(*fault != 0)).collect(),
    })
}

/// The rulings on many alerts, in their order.
///
/// A sequence of Ruling objects, each made when it is asked for; and, for pyarrow, polars, pandas and duckdb, an Arrow
/// table with the columns severity, rule and fault, through Arrow's capsule interface.
// It has all that a sequence has, and is not registered as one: polars asks for sequences before it asks for Arrow.
#[pyclass(frozen, sequence, module = "kentongan")]
pub(crate) struct Rulings {
    names: Arc<Names>,
    severities: Int32Array,
    rules: Int32Array,
    faults: BooleanArray,
}

impl Rulings {
    fn at(&self, py: Python<'_>, row: usize) -> PyResult<Ruling> {
        let place = |key: i32| usize::try_from(key).unwrap_or_default();
        let ruling = kentongan::Ruling {
            severity: place(self.severities.value(row)),
            rule: self.rules.is_valid(row).then(|| place(self.rules.value(row))),
            fault: self.faults.value(row),
        };
        self.names.ruling(py, ruling)
    }

    /// What the ruling of a row says, in the words of names.
    fn told<'n>(&self, names: &'n (Vec<String>, Vec<String>), row: usize) -> (Option<&'n str>, Option<&'n str>, bool) {
        let name = |names: &'n [String], keys: &Int32Array| {
            let key = keys.is_valid(row).then(|| keys.value(row))?;
            names.get(usize::try_from(key).ok()?).map(String::as_str)
        };
        (name(&names.0, &self.severities), name(&names.1, &self.rules), self.faults.value(row))
    }

    fn texts(&self, py: Python<'_>) -> (Vec<String>, Vec<String>) {
        let texts = |names: &[Py<PyString>]| {
            names.iter().map(|name| name.bind(py).to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        (texts(&self.names.severities), texts(&self.names.rules))
    }

    /// The rows, from one up to another, whose ruling is that one.
    fn rows_of<'r>(
        &'r self,
        py: Python<'r>,
        ruling: &'r Bound<'_, PyAny>,
        rows: std::ops::Range<usize>,
    ) -> impl Iterator<Item = PyResult<usize>> + 'r {
        rows.filter_map(move |row| {
            let is_equal = || Bound::new(py, self.at(py, row)?)?.eq(ruling);
            is_equal().map(|equal| equal.then_some(row)).transpose()
        })
    }

    fn batch(&self, py: Python<'_>) -> Result<RecordBatch, ArrowError> {
        let names = |names: &[Py<PyString>]| -> ArrayRef {
            Arc::new(
                names.iter().map(|name| Some(name.bind(py).to_string_lossy().into_owned())).collect::<StringArray>(),
            )
        };
        let severities = DictionaryArray::<Int32Type>::try_new(self.severities.clone(), names(&self.names.severities))?;
        let rules = DictionaryArray::<Int32Type>::try_new(self.rules.clone(), names(&self.names.rules))?;
        let text = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let schema = Schema::new(vec![
            Field::new("severity", text.clone(), false),
            Field::new("rule", text, true),
            Field::new("fault", DataType::Boolean, false),
        ]);
        RecordBatch::try_new(
            Arc::new(schema),
            vec![Arc::new(severities), Arc::new(rules), Arc::new(self.faults.clone())],
        )
    }

    fn exported(&self, py: Python<'_>) -> PyResult<PyRecordBatch> {
        let failed = |error: ArrowError| invalid("arrow", error.to_string(), "", "");
        Ok(PyRecordBatch::new(self.batch(py).map_err(failed)?))
    }
}

#[pymethods]
impl Rulings {
    fn __len__(&self) -> usize {
        self.severities.len()
    }

    fn __repr__(&self) -> String {
        format!("<Rulings on {} alerts>", self.severities.len())
    }

    fn __getitem__<'py>(&self, py: Python<'py>, place: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let length = self.severities.len();
        if let Ok(slice) = place.cast::<PySlice>() {
            let indices = slice.indices(isize::try_from(length)?)?;
            let mut row = indices.start;
            let mut rulings = Vec::with_capacity(indices.slicelength);
            for _ in 0..indices.slicelength {
                rulings.push(self.at(py, usize::try_from(row)?)?);
                row += indices.step;
            }
            return Ok(PyTuple::new(py, rulings)?.into_any());
        }
        let place: isize = place.extract()?;
        let from_start = if place < 0 { place + isize::try_from(length)? } else { place };
        match usize::try_from(from_start) {
            Ok(row) if row < length => Ok(Bound::new(py, self.at(py, row)?)?.into_any()),
            _ => Err(PyIndexError::new_err(format!("there are {length} rulings"))),
        }
    }

    fn __eq__(&self, py: Python<'_>, other: &Bound<'_, PyAny>) -> bool {
        let Ok(other) = other.cast::<Self>().map(Bound::get) else {
            return false;
        };
        let (ours, theirs) = (self.texts(py), other.texts(py));
        self.severities.len() == other.severities.len()
            && (0..self.severities.len()).all(|row| self.told(&ours, row) == other.told(&theirs, row))
    }

    /// The place of the first ruling that is equal to one, from a place on and up to another.
    ///
    /// Raises:
    ///     `ValueError`: There is none.
    #[pyo3(signature = (value, start = 0, stop = None))]
    fn index(&self, py: Python<'_>, value: &Bound<'_, PyAny>, start: isize, stop: Option<isize>) -> PyResult<usize> {
        let length = self.severities.len();
        let place = |place: isize| {
            let from_end = place.unsigned_abs();
            if place < 0 { length.saturating_sub(from_end) } else { from_end.min(length) }
        };
        let rows = place(start)..stop.map_or(length, place);
        let found = self.rows_of(py, value, rows).next();
        found.unwrap_or_else(|| Err(PyValueError::new_err("there is no such ruling among them")))
    }

    /// How many rulings are equal to one.
    fn count(&self, py: Python<'_>, value: &Bound<'_, PyAny>) -> PyResult<usize> {
        self.rows_of(py, value, 0..self.severities.len()).try_fold(0, |count, row| row.map(|_| count + 1))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let make = py.import("kentongan._kentongan")?.getattr("rulings_of")?;
        let bytes = |keys: &mut dyn Iterator<Item = i32>| -> Vec<u8> { keys.flat_map(i32::to_le_bytes).collect() };
        let names = |names: &[Py<PyString>]| names.iter().map(|name| name.clone_ref(py)).collect::<Vec<_>>();
        let faults: Vec<u8> = self.faults.values().iter().map(u8::from).collect();
        let parts = (
            names(&self.names.severities),
            names(&self.names.rules),
            PyBytes::new(py, &bytes(&mut self.severities.values().iter().copied())),
            PyBytes::new(py, &bytes(&mut self.rules.iter().map(|key| key.unwrap_or(NO_RULE)))),
            PyBytes::new(py, &faults),
        );
        Ok((make, parts.into_pyobject(py)?))
    }

    /// How many alerts have each severity, the worst first; severities that none has are left out.
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let mut counts = vec![0_usize; self.names.severities.len()];
        for severity in self.severities.values() {
            if let Some(count) = usize::try_from(*severity).ok().and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
        }
        let dict = PyDict::new(py);
        for (name, count) in self.names.severities.iter().zip(counts).filter(|(_, count)| *count > 0) {
            dict.set_item(name, count)?;
        }
        Ok(dict)
    }

    /// The rulings as Arrow columns, for whoever speaks Arrow's capsule interface.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let batch = Bound::new(py, self.exported(py)?)?;
        batch.call_method1("__arrow_c_array__", (requested_schema,))
    }

    /// The rulings as a stream of Arrow columns, for whoever speaks Arrow's capsule interface.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let batch = self.batch(py).map_err(|error| invalid("arrow", error.to_string(), "", ""))?;
        let schema = batch.schema();
        let table = pyo3_arrow::PyTable::try_new(vec![batch], schema)?;
        Bound::new(py, table)?.call_method1("__arrow_c_stream__", (requested_schema,))
    }

    /// The names and types of the columns.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Bound::new(py, self.exported(py)?)?.call_method0("__arrow_c_schema__")
    }
}

//! The rulings of a batch: three columns, and a Python object only for the rows that somebody looks at.

use std::sync::Arc;

use arrow_array::builder::BooleanBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, BooleanArray, DictionaryArray, Int32Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PySlice, PyTuple};
use pyo3_arrow::PyRecordBatch;

use crate::failure::invalid;
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

/// The rulings on many alerts, in their order.
///
/// A sequence of Ruling objects, each made when it is asked for; and, for pyarrow, polars, pandas and duckdb, an Arrow
/// table with the columns severity, rule and fault, through Arrow's capsule interface.
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

    fn batch(&self, py: Python<'_>) -> Result<RecordBatch, ArrowError> {
        let names = |names: &[Py<pyo3::types::PyString>]| -> ArrayRef {
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

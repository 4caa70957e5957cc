//! Alerts in Arrow columns: each fact is a column, found once and read without a Python object for a row.

use std::collections::BTreeMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, TimestampMillisecondType};
use arrow_array::{
    Array, ArrayRef, Float64Array, MapArray, RecordBatch, StringArray, StringViewArray, StructArray,
    TimestampMillisecondArray, UInt64Array,
};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, TimeUnit};
use kentongan::FactValue;
use kentongan_ingest::Columns;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3_arrow::input::AnyRecordBatch;

use crate::batch::{PROGRESS_EVERY, report};
use crate::failure::{self, invalid, misshapen};
use crate::policy::PolicyCore;
use crate::rulings::{Rulings, Tally};

/// Whether an object offers its content through Arrow's capsules.
pub(crate) fn is_arrow(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = object.py();
    Ok(object.hasattr(intern!(py, "__arrow_c_stream__"))? || object.hasattr(intern!(py, "__arrow_c_array__"))?)
}

/// Decides the alerts of a table, batch by batch. `named` says which column holds a fact, where it is not called so.
pub(crate) fn classify(
    core: &PolicyCore,
    table: &Bound<'_, PyAny>,
    named: BTreeMap<String, String>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Rulings> {
    let py = table.py();
    let total = table.len().ok();
    let mut reader = table.extract::<AnyRecordBatch>()?.into_reader()?;
    let schema = reader.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let columns = Columns::of(names, core.policy(), named).map_err(|error| failure::columns(&error))?;
    let mut tally = Tally::with_capacity(total.unwrap_or_default());
    let mut classifier = core.policy().classifier();
    // A stream may compute its batches in Python or wait for a disk: it is asked without holding the interpreter.
    while let Some(batch) = py.detach(|| reader.next()) {
        let batch = batch.map_err(|error| arrow(&error))?;
        let facts: Vec<Column> =
            core.reader().paths().map(|(path, _)| Column::of(&batch, path, &columns)).collect::<PyResult<_>>()?;
        let rows = batch.num_rows();
        let mut start = 0;
        while start < rows {
            let end = rows.min(start + PROGRESS_EVERY);
            py.detach(|| {
                let mut row: Vec<FactValue<'_>> = Vec::with_capacity(facts.len());
                for place in start..end {
                    row.clear();
                    row.extend(facts.iter().map(|fact| fact.value(place)));
                    tally.push(classifier.decide(&row));
                }
            });
            report(py, progress, &tally, end - start, total, false)?;
            start = end;
        }
    }
    report(py, progress, &tally, 0, total, true)?;
    Ok(tally.finish(core.names()))
}

/// The values of one fact. Texts are looked at where they are; other types are turned into these once a batch.
enum Column {
    /// No alert has it: the text that stands for that, or nothing.
    Missing(Option<&'static str>),
    Text(StringArray, Option<&'static str>),
    TextView(StringViewArray, Option<&'static str>),
    Coded {
        keys: Vec<Option<usize>>,
        texts: StringArray,
        otherwise: Option<&'static str>,
    },
    Number(Float64Array),
    Instant(TimestampMillisecondArray),
}

impl Column {
    fn of(batch: &RecordBatch, path: &str, columns: &Columns) -> PyResult<Self> {
        let otherwise = match path {
            "status" => Some("firing"),
            "key" | "source" | "name" | "summary" | "description" => Some(""),
            _ => None,
        };
        let wrong = |error: ArrowError| misshapen("wrong_type", error.to_string(), "cast the column first", path);
        let Some(array) = find(batch, path, columns).map_err(wrong)? else {
            return Ok(Self::Missing(otherwise));
        };
        if path.starts_with("values.") {
            let numbers = numbers(&array, path)?;
            return Ok(Self::Number(numbers));
        }
        if path == "starts_at" {
            let millis = DataType::Timestamp(TimeUnit::Millisecond, None);
            let array = cast(&array, &millis).map_err(wrong)?;
            return Ok(Self::Instant(array.as_primitive::<TimestampMillisecondType>().clone()));
        }
        Self::texts(&array, otherwise, path)
    }

    fn texts(array: &ArrayRef, otherwise: Option<&'static str>, path: &str) -> PyResult<Self> {
        let wrong = |error: ArrowError| misshapen("wrong_type", error.to_string(), "cast the column first", path);
        match array.data_type() {
            DataType::Null => Ok(Self::Missing(otherwise)),
            DataType::Utf8 => Ok(Self::Text(array.as_string::<i32>().clone(), otherwise)),
            DataType::Utf8View => Ok(Self::TextView(array.as_string_view().clone(), otherwise)),
            DataType::LargeUtf8 => {
                let views = cast(array, &DataType::Utf8View).map_err(wrong)?;
                Ok(Self::TextView(views.as_string_view().clone(), otherwise))
            }
            // Categories: the texts once, and a number a row.
            DataType::Dictionary(_, values) if values.is_string() => {
                let coded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
                let array = cast(array, &coded).map_err(wrong)?;
                let dictionary = array.as_dictionary::<Int32Type>();
                let keys = dictionary.keys().iter().map(|key| key.and_then(|key| usize::try_from(key).ok())).collect();
                Ok(Self::Coded { keys, texts: dictionary.values().as_string::<i32>().clone(), otherwise })
            }
            other => {
                let message = format!("expected texts, found {other}");
                Err(misshapen("wrong_type", message, "cast the column to texts first", path))
            }
        }
    }

    fn value(&self, row: usize) -> FactValue<'_> {
        let text = |text: Option<&'static str>| text.map_or(FactValue::Absent, FactValue::Text);
        match self {
            Self::Missing(otherwise) => text(*otherwise),
            Self::Text(array, otherwise) if array.is_null(row) => text(*otherwise),
            Self::Text(array, _) => FactValue::Text(array.value(row)),
            Self::TextView(array, otherwise) if array.is_null(row) => text(*otherwise),
            Self::TextView(array, _) => FactValue::Text(array.value(row)),
            Self::Coded { keys, texts, otherwise } => match keys.get(row).copied().flatten() {
                Some(key) if key < texts.len() && texts.is_valid(key) => FactValue::Text(texts.value(key)),
                _ => text(*otherwise),
            },
            // Not a number: no measurement, as pandas writes it.
            Self::Number(array) if array.is_null(row) || !array.value(row).is_finite() => FactValue::Absent,
            Self::Number(array) => FactValue::Float(array.value(row)),
            Self::Instant(array) if array.is_null(row) => FactValue::Absent,
            Self::Instant(array) => FactValue::Integer(array.value(row)),
        }
    }
}

fn numbers(array: &ArrayRef, path: &str) -> PyResult<Float64Array> {
    let kind = array.data_type();
    if !kind.is_numeric() && *kind != DataType::Null {
        let message = format!("expected numbers, found {kind}");
        return Err(misshapen("wrong_type", message, "cast the column to numbers first", path));
    }
    let array = cast(array, &DataType::Float64).map_err(|error| arrow(&error))?;
    Ok(array.as_primitive::<Float64Type>().clone())
}

/// The column of a fact: the one named for it; one called as the fact, `labels.env`; or a field or key within `labels`.
fn find(batch: &RecordBatch, path: &str, columns: &Columns) -> Result<Option<ArrayRef>, ArrowError> {
    let column = |place| columns.find(place, |called| batch.column_by_name(called));
    if let Some(column) = column(path) {
        return Ok(Some(column.clone()));
    }
    let Some((mapping, entry)) = path.split_once('.') else {
        return Ok(None);
    };
    let Some(mapping) = column(mapping) else {
        return Ok(None);
    };
    match mapping.data_type() {
        DataType::Struct(_) => field(mapping.as_struct(), entry),
        DataType::Map(..) => entries(mapping.as_map(), entry).map(Some),
        DataType::Null => Ok(None),
        other => Err(ArrowError::CastError(format!("expected a struct or a map, found {other}"))),
    }
}

/// A field of a struct; where the struct is null, the field is.
fn field(of: &StructArray, name: &str) -> Result<Option<ArrayRef>, ArrowError> {
    let Some(column) = of.column_by_name(name) else {
        return Ok(None);
    };
    let Some(nulls) = of.nulls() else {
        return Ok(Some(column.clone()));
    };
    let nulls = arrow_buffer::NullBuffer::union(Some(nulls), column.nulls());
    let data = column.to_data().into_builder().nulls(nulls).build()?;
    Ok(Some(arrow_array::make_array(data)))
}

/// The entry of that name of each map.
fn entries(of: &MapArray, name: &str) -> Result<ArrayRef, ArrowError> {
    let keys = cast(of.keys(), &DataType::Utf8)?;
    let keys = keys.as_string::<i32>();
    let offsets = of.value_offsets();
    let rows = (0..of.len()).map(|row| {
        let bounds = offsets.get(row).zip(offsets.get(row + 1)).filter(|_| of.is_valid(row))?;
        let (start, end) = (usize::try_from(*bounds.0).ok()?, usize::try_from(*bounds.1).ok()?);
        let place = (start..end).find(|place| keys.value(*place) == name)?;
        u64::try_from(place).ok()
    });
    let places: UInt64Array = rows.collect();
    arrow_select::take::take(of.values(), &places, None)
}

fn arrow(error: &ArrowError) -> PyErr {
    invalid("arrow", error.to_string(), "see the Arrow PyCapsule interface", "")
}

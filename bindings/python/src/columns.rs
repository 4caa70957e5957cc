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
use kentongan::source::did_you_mean;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3_arrow::input::AnyRecordBatch;

use crate::alert::Reader;
use crate::batch::{PROGRESS_EVERY, report};
use crate::failure::{invalid, misshapen};
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
    named: &BTreeMap<String, String>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Rulings> {
    let py = table.py();
    if core.policy().needs_whole_alerts() {
        return Err(invalid(
            "needs_whole_alerts",
            "a rule of the policy looks at all labels or values of an alert at once, which columns do not show"
                .to_owned(),
            "hand in dicts, or let the rule name the labels that it reads",
            "",
        ));
    }
    let total = table.len().ok();
    let mut reader = table.extract::<AnyRecordBatch>()?.into_reader()?;
    let schema = reader.schema();
    if let Some(place) = named.keys().find(|place| !is_place(place)) {
        let help = meant(place, core.reader());
        return Err(invalid("invalid_value", format!("`{place}` is no place of an alert"), &help, "columns"));
    }
    for column in named.values() {
        if schema.column_with_name(column).is_none() {
            let known: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            let help = format!("known are `{}`", known.join("`, `"));
            return Err(invalid("unknown_column", format!("unknown column `{column}`"), &help, "columns"));
        }
    }
    let mut tally = Tally::with_capacity(total.unwrap_or_default());
    let mut classifier = core.policy().classifier();
    // A stream may compute its batches in Python or wait for a disk: it is asked without holding the interpreter.
    while let Some(batch) = py.detach(|| reader.next()) {
        let batch = batch.map_err(|error| arrow(&error))?;
        let facts: Vec<Column> =
            core.reader().paths().map(|(path, _)| Column::of(&batch, path, named)).collect::<PyResult<_>>()?;
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
    fn of(batch: &RecordBatch, path: &str, named: &BTreeMap<String, String>) -> PyResult<Self> {
        let otherwise = match path {
            "status" => Some("firing"),
            "key" | "source" | "name" | "summary" | "description" => Some(""),
            _ => None,
        };
        let wrong = |error: ArrowError| misshapen("wrong_type", error.to_string(), "cast the column first", path);
        let Some(array) = find(batch, path, named).map_err(wrong)? else {
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

/// The places of an alert that hold one value, and those that hold many by name.
const PLACES: [&str; 9] =
    ["key", "status", "source", "service", "name", "summary", "description", "starts_at", "ends_at"];
const MAPPINGS: [&str; 4] = ["labels", "annotations", "values", "links"];

/// Whether an alert can have something there. Nobody need ask for it: one naming does for the policies of many.
fn is_place(path: &str) -> bool {
    let path = path.strip_prefix("alert.").unwrap_or(path);
    match path.split_once('.') {
        Some((mapping, entry)) => MAPPINGS.contains(&mapping) && !entry.is_empty(),
        None => PLACES.contains(&path) || MAPPINGS.contains(&path),
    }
}

/// What may have been meant by what is no place of an alert: a fact that the rules read, or another place.
fn meant(written: &str, reader: &Reader) -> String {
    let written = written.strip_prefix("alert.").unwrap_or(written);
    let entry = written.split_once('.').map(|(_, entry)| entry).filter(|entry| !entry.is_empty());
    let entries: Vec<String> = entry.iter().flat_map(|entry| MAPPINGS.map(|map| format!("{map}.{entry}"))).collect();
    let mut known: Vec<&str> = Vec::new();
    known.extend(reader.paths().map(|(path, _)| path));
    known.extend(PLACES.iter().chain(&MAPPINGS));
    known.extend(entries.iter().map(String::as_str));
    did_you_mean(written, known)
}

/// The column of a fact: the one named for it; one called as the fact, `labels.env`; or a field or key within `labels`.
fn find(batch: &RecordBatch, path: &str, named: &BTreeMap<String, String>) -> Result<Option<ArrayRef>, ArrowError> {
    if let Some(column) = column(batch, path, named) {
        return Ok(Some(column.clone()));
    }
    let Some((mapping, entry)) = path.split_once('.') else {
        return Ok(None);
    };
    let Some(mapping) = column(batch, mapping, named) else {
        return Ok(None);
    };
    match mapping.data_type() {
        DataType::Struct(_) => field(mapping.as_struct(), entry),
        DataType::Map(..) => entries(mapping.as_map(), entry).map(Some),
        DataType::Null => Ok(None),
        other => Err(ArrowError::CastError(format!("expected a struct or a map, found {other}"))),
    }
}

/// The column of a place of an alert: the one named for it, or one called as it is.
fn column<'b>(batch: &'b RecordBatch, path: &str, named: &BTreeMap<String, String>) -> Option<&'b ArrayRef> {
    let whole = format!("alert.{path}");
    let called = [path, whole.as_str()];
    let given = called.iter().find_map(|name| named.get(*name)).map(String::as_str);
    given.into_iter().chain(called).find_map(|name| batch.column_by_name(name))
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

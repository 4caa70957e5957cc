//! The rulings of a batch as a table of Arrow: the columns severity, rule and fault.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, BooleanArray, DictionaryArray, Int32Array, RecordBatch, StringArray};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi_derive::napi;

use crate::job::Pages;
use crate::problem::Problem;

/// The rulings as Arrow IPC, a stream. Their columns are those of a batch: the severity by its place, the rule by its place
/// plus one or 0, and whether a rule failed.
#[napi(ts_return_type = "Promise<Array<Buffer>>")]
#[must_use]
pub(crate) fn rulings_arrow(
    severities: Vec<String>,
    rules: Vec<String>,
    severity_places: Buffer,
    rule_places: Buffer,
    faults: Buffer,
) -> AsyncTask<Pages> {
    Pages::start(move || {
        let severity_keys = places(&severity_places).map(Some).collect();
        let rule_keys = places(&rule_places).map(|place| (place > 0).then(|| place - 1)).collect();
        let faults: BooleanArray = faults.iter().map(|fault| Some(*fault != 0)).collect();
        let written = table(severities, severity_keys, rules, rule_keys, faults).and_then(|table| written(&table));
        let written = written.map_err(|error: ArrowError| {
            Problem::new(
                "invalid_value",
                format!("the rulings are no table: {error}"),
                "leave their columns as they came",
            )
        })?;
        Ok(vec![written])
    })
}

/// The numbers of four bytes each, as keys of a dictionary. A policy has far fewer rules than a key can count.
fn places(bytes: &[u8]) -> impl Iterator<Item = i32> {
    let (numbers, _) = bytes.as_chunks::<4>();
    numbers.iter().map(|number| i32::try_from(u32::from_ne_bytes(*number)).unwrap_or(i32::MAX))
}

fn table(
    severities: Vec<String>,
    severity_keys: Int32Array,
    rules: Vec<String>,
    rule_keys: Int32Array,
    faults: BooleanArray,
) -> Result<RecordBatch, ArrowError> {
    let column = |keys, names: Vec<String>| -> Result<ArrayRef, ArrowError> {
        Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::new(StringArray::from(names)))?))
    };
    let text = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let schema = Schema::new(vec![
        Field::new("severity", text.clone(), false),
        Field::new("rule", text, true),
        Field::new("fault", DataType::Boolean, false),
    ]);
    let columns = vec![column(severity_keys, severities)?, column(rule_keys, rules)?, Arc::new(faults)];
    RecordBatch::try_new(Arc::new(schema), columns)
}

fn written(table: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let mut stream = StreamWriter::try_new(Vec::new(), &table.schema())?;
    stream.write(table)?;
    stream.finish()?;
    stream.into_inner()
}

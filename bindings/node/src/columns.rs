//! Alerts as the columns of Arrow: each fact that the rules ask for is a column of its name, `service`, `labels.env`,
//! `values.error_rate`. A column that is not there counts as absent everywhere.

use std::io::Cursor;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, DataType};
use kentongan::FactValue;

use crate::layout::{Kind, Layout};
use crate::problem::Problem;

/// The batches of an IPC stream or file.
pub(crate) fn batches(bytes: &[u8]) -> Result<Vec<RecordBatch>, Problem> {
    let unreadable = |error: &ArrowError| {
        Problem::new("invalid_arrow", format!("not Arrow IPC: {error}"), "hand in `tableToIPC(table)`")
    };
    let read = if bytes.starts_with(b"ARROW1") {
        FileReader::try_new(Cursor::new(bytes), None).and_then(Iterator::collect)
    } else {
        StreamReader::try_new(Cursor::new(bytes), None).and_then(Iterator::collect)
    };
    read.map_err(|error: ArrowError| unreadable(&error))
}

/// A column, as facts are read from it: of so many alerts from one on, the first of which is put first and each other one so
/// many places further.
pub(crate) type Column<'a> = Box<dyn Fn(usize, &mut [FactValue<'a>], usize, usize) + 'a>;

/// A column by what it holds of each alert.
fn by_row<'a>(of: impl Fn(usize) -> FactValue<'a> + 'a) -> Column<'a> {
    Box::new(move |start, facts, width, rows| {
        for (row, fact) in facts.iter_mut().step_by(width.max(1)).take(rows).enumerate() {
            *fact = of(start + row);
        }
    })
}

/// The columns of a batch, in the order of a row of facts.
pub(crate) fn columns<'a>(layout: &Layout, batch: &'a RecordBatch) -> Result<Vec<Column<'a>>, Problem> {
    for name in ["labels", "annotations", "values"] {
        if let Some(column) = batch.column_by_name(name).filter(|column| *column.data_type() != DataType::Null) {
            let message = format!("the column `{name}` has the type {}", column.data_type());
            let help = format!("give each of its fields a column of its own, such as `{name}.env`");
            return Err(Problem::new("wrong_type", message, &help));
        }
    }
    let facts = layout.names.iter().zip(&layout.kinds);
    facts
        .map(|(name, kind)| {
            let Some(column) = batch.column_by_name(name) else {
                let unsaid = kind.unsaid();
                return Ok(by_row(move |_| unsaid));
            };
            read(column, *kind).ok_or_else(|| {
                let message = format!("the column `{name}` has the type {}", column.data_type());
                Problem::new("wrong_type", message, "use text, or numbers for `values.…`, or dictionaries of text")
            })
        })
        .collect()
}

fn read(column: &dyn Array, kind: Kind) -> Option<Column<'_>> {
    match (column.data_type(), kind) {
        (DataType::Null, kind) => Some(by_row(move |_| kind.unsaid())),
        (_, Kind::Number) => numbers(column),
        (DataType::Timestamp(..), Kind::Instant) => {
            let column = column.as_primitive_opt::<arrow_array::types::TimestampMillisecondType>()?;
            Some(present(column, kind.unsaid(), |row| FactValue::Integer(column.value(row))))
        }
        (_, Kind::Instant) => None,
        (_, Kind::Text | Kind::MaybeText | Kind::Status) => texts(column, kind.unsaid()),
    }
}

fn present<'a>(
    array: &'a dyn Array,
    unsaid: FactValue<'static>,
    value: impl Fn(usize) -> FactValue<'a> + 'a,
) -> Column<'a> {
    match array.nulls() {
        None => by_row(value),
        Some(nulls) => by_row(move |row| if nulls.is_null(row) { unsaid } else { value(row) }),
    }
}

fn texts<'a>(column: &'a dyn Array, unsaid: FactValue<'static>) -> Option<Column<'a>> {
    match column.data_type() {
        DataType::Utf8 => {
            let texts = column.as_string::<i32>();
            Some(present(column, unsaid, |row| FactValue::Text(texts.value(row))))
        }
        DataType::LargeUtf8 => {
            let texts = column.as_string::<i64>();
            Some(present(column, unsaid, |row| FactValue::Text(texts.value(row))))
        }
        DataType::Utf8View => {
            let texts = column.as_string_view();
            Some(present(column, unsaid, |row| FactValue::Text(texts.value(row))))
        }
        DataType::Dictionary(key, _) => match **key {
            DataType::Int8 => entries::<Int8Type>(column, unsaid),
            DataType::Int16 => entries::<Int16Type>(column, unsaid),
            DataType::Int32 => entries::<Int32Type>(column, unsaid),
            DataType::Int64 => entries::<Int64Type>(column, unsaid),
            DataType::UInt8 => entries::<UInt8Type>(column, unsaid),
            DataType::UInt16 => entries::<UInt16Type>(column, unsaid),
            DataType::UInt32 => entries::<UInt32Type>(column, unsaid),
            _ => None,
        },
        _ => None,
    }
}

fn entries<'a, K: ArrowDictionaryKeyType>(column: &'a dyn Array, unsaid: FactValue<'static>) -> Option<Column<'a>> {
    let dictionary = column.as_dictionary_opt::<K>()?;
    let texts = dictionary.values().as_string_opt::<i32>()?;
    // The texts once, and a look at each row which of them it is.
    let texts: Vec<FactValue<'_>> = (0..texts.len()).map(|key| FactValue::Text(texts.value(key))).collect();
    Some(by_row(move |row| match dictionary.key(row) {
        Some(key) => texts.get(key).copied().unwrap_or_default(),
        None => unsaid,
    }))
}

/// What is no number was not measured; in JSON it could not even be written.
fn measured<'a>(number: f64) -> FactValue<'a> {
    if number.is_finite() { FactValue::Float(number) } else { FactValue::Absent }
}

#[expect(clippy::cast_precision_loss, reason = "a measurement is a float, however wide the column is")]
fn numbers(column: &dyn Array) -> Option<Column<'_>> {
    macro_rules! column {
        ($kind:ty, $float:expr) => {{
            let numbers = column.as_primitive::<$kind>();
            Some(present(column, FactValue::Absent, move |row| measured($float(numbers.value(row)))))
        }};
    }
    match column.data_type() {
        DataType::Float64 => column!(Float64Type, |number| number),
        DataType::Float32 => column!(Float32Type, f64::from),
        DataType::Int8 => column!(Int8Type, f64::from),
        DataType::Int16 => column!(Int16Type, f64::from),
        DataType::Int32 => column!(Int32Type, f64::from),
        DataType::Int64 => column!(Int64Type, |number| number as f64),
        DataType::UInt8 => column!(UInt8Type, f64::from),
        DataType::UInt16 => column!(UInt16Type, f64::from),
        DataType::UInt32 => column!(UInt32Type, f64::from),
        _ => None,
    }
}

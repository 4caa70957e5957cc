//! Alerts as the columns of Arrow: each fact that the rules ask for is a column of its name, `service`, `labels.env`,
//! `values.error_rate`, the one that is named for it, or a part of `labels` as a struct or a map. A column that is not there
//! counts as absent everywhere.

use std::io::Cursor;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Date64Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
    UInt16Type, UInt32Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, DataType, SchemaRef, TimeUnit};
use kentongan::FactValue;
use kentongan_ingest::Columns;

use crate::layout::{Kind, Layout};
use crate::problem::Problem;

/// The columns of an IPC stream or file, and its batches.
pub(crate) fn table(bytes: &[u8]) -> Result<(SchemaRef, Vec<RecordBatch>), Problem> {
    let read = if bytes.starts_with(b"ARROW1") {
        FileReader::try_new(Cursor::new(bytes), None)
            .and_then(|file| Ok((file.schema(), file.collect::<Result<_, _>>()?)))
    } else {
        StreamReader::try_new(Cursor::new(bytes), None)
            .and_then(|stream| Ok((stream.schema(), stream.collect::<Result<_, _>>()?)))
    };
    read.map_err(|error: ArrowError| {
        Problem::new("invalid_arrow", format!("not Arrow IPC: {error}"), "hand in `tableToIPC(table)`")
    })
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

/// The columns of a batch, in the order of a row of facts. `called` knows which is which.
pub(crate) fn columns<'a>(
    layout: &Layout,
    batch: &'a RecordBatch,
    called: &Columns,
) -> Result<Vec<Column<'a>>, Problem> {
    let schema = batch.schema_ref();
    let find = |place: &str| called.find(place, |name| schema.column_with_name(name));
    let facts = layout.names.iter().zip(&layout.kinds);
    facts
        .map(|(place, kind)| {
            let (found, entry) = match (find(place), place.split_once('.')) {
                (Some(found), _) => (Some(found), None),
                (None, Some((map, entry))) => (find(map), Some(entry)),
                (None, None) => (None, None),
            };
            let Some((index, field)) = found else {
                let unsaid = kind.unsaid();
                return Ok(by_row(move |_| unsaid));
            };
            let column = batch.column(index);
            let read = entry.map_or_else(|| read(column, *kind), |entry| within(column, entry, *kind));
            read.ok_or_else(|| {
                let message = format!("the column `{}` has the type {}", field.name(), field.data_type());
                let help = "use text, dictionaries of text, numbers for `values.…`, timestamps for `starts_at`, or structs and maps of these";
                Problem::new("wrong_type", message, help)
            })
        })
        .collect()
}

/// One fact of a column that holds all labels, annotations or values: a field of a struct, or an entry of a map.
fn within<'a>(column: &'a dyn Array, entry: &str, kind: Kind) -> Option<Column<'a>> {
    let unsaid = kind.unsaid();
    match column.data_type() {
        DataType::Null => Some(by_row(move |_| unsaid)),
        DataType::Struct(_) => {
            let fields = column.as_struct();
            let Some(field) = fields.column_by_name(entry) else {
                return Some(by_row(move |_| unsaid));
            };
            let field = read(field, kind)?;
            // Where the struct is null, so is the field, whatever stands in its place.
            Some(present(column, unsaid, move |row| one(&field, row)))
        }
        DataType::Map(..) => {
            let maps = column.as_map();
            let (keys, values) = (texts(maps.keys(), FactValue::Absent)?, read(maps.values(), kind)?);
            let entry = entry.to_owned();
            Some(present(column, unsaid, move |row| {
                let bounds = maps.value_offsets().get(row..=row + 1).unwrap_or_default();
                let mut bounds = bounds.iter().map(|bound| usize::try_from(*bound).unwrap_or_default());
                let (start, end) = (bounds.next().unwrap_or_default(), bounds.next().unwrap_or_default());
                let place =
                    (start..end).find(|place| matches!(one(&keys, *place), FactValue::Text(key) if key == entry));
                place.map_or(unsaid, |place| one(&values, place))
            }))
        }
        _ => None,
    }
}

/// What a column holds of one alert.
fn one<'a>(column: &Column<'a>, row: usize) -> FactValue<'a> {
    let mut fact = [FactValue::Absent];
    column(row, &mut fact, 1, 1);
    let [fact] = fact;
    fact
}

fn read(column: &dyn Array, kind: Kind) -> Option<Column<'_>> {
    match (column.data_type(), kind) {
        (DataType::Null, kind) => Some(by_row(move |_| kind.unsaid())),
        (_, Kind::Number) => numbers(column),
        (_, Kind::Instant) => instants(column),
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

/// Instants in milliseconds, whatever their unit: one between two of them counts as the earlier one.
fn instants(column: &dyn Array) -> Option<Column<'_>> {
    macro_rules! column {
        ($kind:ty, $times:literal / $by:literal) => {{
            let instants = column.as_primitive::<$kind>();
            let millis = move |row| instants.value(row).saturating_mul($times).div_euclid($by);
            Some(present(column, FactValue::Absent, move |row| FactValue::Integer(millis(row))))
        }};
    }
    match column.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => column!(TimestampSecondType, 1_000 / 1),
        DataType::Timestamp(TimeUnit::Millisecond, _) => column!(TimestampMillisecondType, 1 / 1),
        DataType::Timestamp(TimeUnit::Microsecond, _) => column!(TimestampMicrosecondType, 1 / 1_000),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => column!(TimestampNanosecondType, 1 / 1_000_000),
        DataType::Date64 => column!(Date64Type, 1 / 1),
        _ => None,
    }
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
        // Those that are seldom are turned into floats first: halves, decimals, counts of 64 bits.
        other if other.is_numeric() => {
            let floats = arrow_cast::cast(column, &DataType::Float64).ok()?;
            let floats = floats.as_primitive::<Float64Type>().clone();
            Some(by_row(move |row| if floats.is_null(row) { FactValue::Absent } else { measured(floats.value(row)) }))
        }
        _ => None,
    }
}

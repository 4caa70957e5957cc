//! Instants at the border: microseconds since 1970, exact in both of Python's and Rust's clocks.

use kentongan::Timestamp;
use pyo3::PyResult;

use crate::failure::misshapen;

/// An instant from Python, which has handed in an aware `datetime` as a number.
pub(crate) fn instant(micros: i64) -> PyResult<Timestamp> {
    Timestamp::from_timestamp_micros(micros).ok_or_else(|| {
        misshapen("time_out_of_range", format!("{micros} µs is out of range"), "hand in another instant", "")
    })
}

/// An instant for Python.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.timestamp_micros()
}

//! What monitoring systems send, as alerts.

use kentongan_ingest::Source;
use pyo3::prelude::*;

use crate::failure::{self, guarded};
use crate::policy::json;
use crate::text::Text;

/// Reads the alerts of a payload, as JSON: source, alerts, warnings.
#[pyfunction]
#[pyo3(signature = (payload, source = None))]
pub(crate) fn alerts_from(py: Python<'_>, payload: &[u8], source: Option<Text>) -> PyResult<String> {
    guarded(|| {
        let source =
            source.map(|source| source.parse::<Source>()).transpose().map_err(|error| failure::intake(&error))?;
        let payload = payload.to_vec();
        let intake = py.detach(|| kentongan_ingest::alerts_from(&payload, source));
        intake.map(|intake| json(&intake)).map_err(|error| failure::intake(&error))
    })
}

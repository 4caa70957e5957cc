//! The shapes of the data that crosses the border, from which the Python classes are generated and checked.

use kentongan::oncall::{Coverage, Duty};
use kentongan::{Alert, Classification, Decision, Effect, Entry, Explanation, Input};
use kentongan_lab::{IncidentView, SchemaOf, json_schema};
use pyo3::prelude::*;
use schemars::generate::SchemaSettings;

use crate::failure::invalid;
use crate::policy::json;

/// The JSON Schema of every kind of data, under `$defs`.
#[pyfunction]
pub(crate) fn shapes() -> String {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    generator.subschema_for::<Alert>();
    generator.subschema_for::<Input>();
    generator.subschema_for::<Effect>();
    generator.subschema_for::<Decision>();
    generator.subschema_for::<Classification>();
    generator.subschema_for::<Explanation>();
    generator.subschema_for::<IncidentView>();
    generator.subschema_for::<Coverage>();
    generator.subschema_for::<Duty>();
    generator.subschema_for::<Entry>();
    json(&generator.take_definitions(true))
}

/// The JSON Schema of `policy`, `scenario`, `effect`, `input`, `decision`, `monthly` or `quarterly`.
#[pyfunction]
pub(crate) fn schema(of: &str) -> PyResult<String> {
    let of = match of {
        "policy" => SchemaOf::Policy,
        "scenario" => SchemaOf::Scenario,
        "effect" => SchemaOf::Effect,
        "input" => SchemaOf::Input,
        "decision" => SchemaOf::Decision,
        "monthly" => SchemaOf::Monthly,
        "quarterly" => SchemaOf::Quarterly,
        _ => {
            let help = "known are `policy`, `scenario`, `effect`, `input`, `decision`, `monthly`, `quarterly`";
            return Err(invalid("unknown_schema", format!("there is no schema of `{of}`"), help, ""));
        }
    };
    Ok(json(&json_schema(of)))
}

//! The shapes of the data that crosses the border, from which the Python classes are generated and checked.

use kentongan::oncall::{Coverage, Duty};
use kentongan::report::metrics::{MonthlyReport, QuarterlyReview};
use kentongan::{Alert, Classification, Decision, Effect, Entry, Explanation, Input};
use kentongan_lab::{AccountView, HandoffView, IncidentView, SchemaOf, json_schema};
use pyo3::prelude::*;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::failure::invalid;
use crate::policy::json;
use crate::text::Text;

/// The JSON Schema of every kind of data: `data` that may be handed in, and `reports` that are only given.
#[pyfunction]
pub(crate) fn shapes() -> String {
    let data = data();
    let mut reports = reports();
    reports.retain(|name, _| !data.contains_key(name));
    json(&Map::from_iter([("data".to_owned(), Value::Object(data)), ("reports".to_owned(), Value::Object(reports))]))
}

fn data() -> Map<String, Value> {
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
    generator.take_definitions(true)
}

/// What is always there stands there, though it may be null.
fn reports() -> Map<String, Value> {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    generator.subschema_for::<MonthlyReport>();
    generator.subschema_for::<QuarterlyReview>();
    generator.subschema_for::<AccountView>();
    generator.subschema_for::<HandoffView>();
    generator.take_definitions(true)
}

/// The JSON Schema of `policy`, `scenario`, `effect`, `input`, `decision`, `monthly` or `quarterly`.
#[pyfunction]
pub(crate) fn schema(of: Text) -> PyResult<String> {
    let of = match &*of {
        "policy" => SchemaOf::Policy,
        "scenario" => SchemaOf::Scenario,
        "effect" => SchemaOf::Effect,
        "input" => SchemaOf::Input,
        "decision" => SchemaOf::Decision,
        "monthly" => SchemaOf::Monthly,
        "quarterly" => SchemaOf::Quarterly,
        of => {
            let help = "known are `policy`, `scenario`, `effect`, `input`, `decision`, `monthly`, `quarterly`";
            return Err(invalid("unknown_schema", format!("there is no schema of `{of}`"), help, ""));
        }
    };
    Ok(json(&json_schema(of)))
}

//! JSON Schemas of what people write and what the engine gives, for editors and for other languages.

use kentongan::report::metrics::{MonthlyReport, QuarterlyReview};
use kentongan::{Decision, Effect, Input, Policy};
use serde_json::Value;

use crate::scenario::Scenario;

/// What there is a schema of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaOf {
    /// Policy documents.
    Policy,
    /// Scenario documents.
    Scenario,
    /// What the engine asks of the host.
    Effect,
    /// What the host hands the engine.
    Input,
    /// Why the engine did what it did.
    Decision,
    /// What the report on a month says.
    Monthly,
    /// What the review of a quarter says.
    Quarterly,
}

/// The JSON Schema of it.
#[must_use]
pub fn json_schema(of: SchemaOf) -> Value {
    match of {
        SchemaOf::Policy => Policy::json_schema(),
        SchemaOf::Scenario => Scenario::json_schema(),
        SchemaOf::Effect => schemars::schema_for!(Effect).to_value(),
        SchemaOf::Input => schemars::schema_for!(Input).to_value(),
        SchemaOf::Decision => schemars::schema_for!(Decision).to_value(),
        SchemaOf::Monthly => schemars::schema_for!(MonthlyReport).to_value(),
        SchemaOf::Quarterly => schemars::schema_for!(QuarterlyReview).to_value(),
    }
}

//! `kentongan schema` and `kentongan completions`: what editors and shells want to know.

use clap::CommandFactory;
use kentongan_lab::{SchemaOf, json_schema};

use crate::Verdict;
use crate::arguments::{Arguments, Completions, Schema, SchemaName};
use crate::output::Output;
use crate::problem::Problem;

pub(crate) fn schema(given: &Schema, output: &mut Output) -> Result<Verdict, Problem> {
    let of = match given.of {
        SchemaName::Policy => SchemaOf::Policy,
        SchemaName::Scenario => SchemaOf::Scenario,
        SchemaName::Effect => SchemaOf::Effect,
        SchemaName::Input => SchemaOf::Input,
        SchemaName::Decision => SchemaOf::Decision,
        SchemaName::Monthly => SchemaOf::Monthly,
        SchemaName::Quarterly => SchemaOf::Quarterly,
    };
    let text = serde_json::to_string_pretty(&json_schema(of))
        .map_err(|error| Problem::unusable(format!("cannot write the schema: {error}"), ""))?;
    output.text(&text)?;
    output.text("\n")?;
    Ok(Verdict::Fine)
}

pub(crate) fn completions(given: &Completions, output: &mut Output) -> Result<Verdict, Problem> {
    let mut script = Vec::new();
    clap_complete::generate(given.shell, &mut Arguments::command(), "kentongan", &mut script);
    output.text(&String::from_utf8_lossy(&script))?;
    Ok(Verdict::Fine)
}

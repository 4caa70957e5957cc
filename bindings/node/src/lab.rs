//! Payloads, scenarios and schemas.

use std::cell::RefCell;

use kentongan_lab::{Scenario, SchemaOf, json_schema};
use napi::bindgen_prelude::{Buffer, Function};
use napi_derive::napi;
use serde::Serialize;

use crate::policy::NativePolicy;
use crate::problem::{Problem, json};
use crate::shared::guarded;

/// What a file beside another holds: its bytes, or why they cannot be had.
pub(crate) type ReadFile<'a> = Function<'a, String, Option<Buffer>>;

/// A reader of files that JavaScript gives. What it throws counts as a file that cannot be read.
pub(crate) fn reader<'a>(read: Option<&'a ReadFile<'a>>) -> impl Fn(&str) -> Result<Vec<u8>, String> + 'a {
    move |name| {
        let read = read.ok_or("no files are at hand")?;
        let found = read.call(name.to_owned()).map_err(|error| error.reason.clone())?;
        found.map(|bytes| bytes.to_vec()).ok_or_else(|| "there is no such file".to_owned())
    }
}

/// The alerts of a payload, as JSON.
#[napi]
pub(crate) fn alerts_from(payload: Buffer, source: Option<String>) -> napi::Result<String> {
    Ok(guarded(|| {
        let source = source.map(|source| source.parse()).transpose()?;
        Ok(json(&kentongan_ingest::alerts_from(&payload, source)?))
    })?)
}

/// What came of a scenario.
#[derive(Serialize)]
struct Outcome<'a> {
    passed: bool,
    #[serde(flatten)]
    run: &'a kentongan_lab::Run,
}

/// Runs a scenario; the run as JSON, and its effects as canonical lines.
#[napi]
pub(crate) fn run_scenario(
    name: String,
    text: String,
    policy: Option<&NativePolicy>,
    #[napi(ts_arg_type = "((name: string) => Buffer | null) | undefined | null")] read: Option<ReadFile<'_>>,
) -> napi::Result<Vec<String>> {
    let read = RefCell::new(read);
    Ok(guarded(|| {
        let read = read.borrow();
        let policy = policy.map(NativePolicy::shared);
        let scenario =
            Scenario::load(&name, &text, policy, reader(read.as_ref())).map_err(|problems| Problem::from(&problems))?;
        let run = scenario.run()?;
        Ok(vec![json(&Outcome { passed: run.passed(), run: &run }), run.effects_jsonl()])
    })?)
}

/// The JSON Schema of policies, scenarios, effects, inputs, decisions or reports, as JSON.
#[napi]
pub(crate) fn schema(of: String) -> napi::Result<String> {
    let of = match of.as_str() {
        "policy" => SchemaOf::Policy,
        "scenario" => SchemaOf::Scenario,
        "effect" => SchemaOf::Effect,
        "input" => SchemaOf::Input,
        "decision" => SchemaOf::Decision,
        "monthly" => SchemaOf::Monthly,
        "quarterly" => SchemaOf::Quarterly,
        other => {
            let help = "known are `policy`, `scenario`, `effect`, `input`, `decision`, `monthly`, `quarterly`";
            return Err(Problem::new("unknown_schema", format!("there is no schema of `{other}`"), help).into());
        }
    };
    Ok(json(&json_schema(of)))
}

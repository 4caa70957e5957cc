//! Payloads, scenarios and schemas.

use std::cell::RefCell;

use kentongan_lab::{AccountView, HandoffView, Scenario, SchemaOf, json_schema, timeline};
use napi::bindgen_prelude::{AsyncTask, Buffer, Function};
use napi_derive::napi;
use serde::Serialize;

use crate::job::{Job, joined};
use crate::pages::{self, NativePages};
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

/// The same on another thread, in pages. The payload comes in parts.
#[napi(ts_return_type = "Promise<NativePages>")]
pub(crate) fn alerts_in_pages(payload: Vec<Buffer>, source: Option<String>) -> AsyncTask<Job<NativePages>> {
    Job::start(move || {
        let source = source.map(|source| source.parse()).transpose()?;
        Ok(pages::of(&kentongan_ingest::alerts_from(&joined(&payload), source)?))
    })
}

/// What came of a scenario.
#[derive(Serialize)]
struct Outcome<'a> {
    passed: bool,
    #[serde(flatten)]
    run: &'a kentongan_lab::Run,
}

/// A policy, what happens when, and what must come of it.
#[napi]
pub struct NativeScenario {
    scenario: Scenario,
}

#[napi]
impl NativeScenario {
    /// Reads a scenario; `read` gives the files that it names beside itself.
    #[napi(factory)]
    pub fn load(
        name: String,
        text: String,
        policy: Option<&NativePolicy>,
        #[napi(ts_arg_type = "((name: string) => Buffer | null) | undefined | null")] read: Option<ReadFile<'_>>,
    ) -> napi::Result<Self> {
        let read = RefCell::new(read);
        Ok(guarded(|| {
            let read = read.borrow();
            let policy = policy.map(NativePolicy::shared);
            let scenario = Scenario::load(&name, &text, policy, reader(read.as_ref()));
            scenario.map(|scenario| Self { scenario }).map_err(|problems| Problem::from(&problems))
        })?)
    }

    /// What it is called.
    #[napi]
    #[must_use]
    pub fn name(&self) -> String {
        self.scenario.name().to_owned()
    }

    /// Why it must hold.
    #[napi]
    #[must_use]
    pub fn why(&self) -> Option<String> {
        self.scenario.why().map(str::to_owned)
    }

    /// How many things it expects.
    #[napi]
    #[must_use]
    pub fn expectations(&self) -> u32 {
        u32::try_from(self.scenario.expectations()).unwrap_or(u32::MAX)
    }

    /// Runs it; the run as JSON, and its effects as canonical lines.
    #[napi]
    pub fn run(&self) -> napi::Result<Vec<String>> {
        Ok(guarded(|| {
            let run = self.scenario.run()?;
            Ok(vec![json(&Outcome { passed: run.passed(), run: &run }), run.effects_jsonl()])
        })?)
    }

    /// Runs it; what happened as a person reads it, in lines of a width where words allow it.
    #[napi]
    pub fn timeline(&self, all: bool, width: u32) -> napi::Result<String> {
        Ok(guarded(|| {
            let run = self.scenario.run()?;
            let options = timeline::Options { all, width: width as usize };
            let lines = timeline::lines(&run, self.scenario.policy(), options);
            let mut text = String::new();
            for line in &lines {
                text.push_str(&line.to_string());
                text.push('\n');
            }
            Ok(text)
        })?)
    }
}

/// The JSON Schema of data that is only given, for the declarations of the package.
#[napi(skip_typescript)]
pub(crate) fn shape(of: String) -> Option<String> {
    match of.as_str() {
        "account" => Some(json(&schemars::schema_for!(AccountView))),
        "handoff" => Some(json(&schemars::schema_for!(HandoffView))),
        _ => None,
    }
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

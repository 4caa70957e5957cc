//! The engine, in the hands of JavaScript.

use std::collections::HashMap;
use std::sync::Arc;

use kentongan::{Engine, Input, Snapshot};
use kentongan_journal::{Line, Policies};
use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi_derive::napi;

use crate::job::{Job, Pages, joined};
use crate::policy::{NativePolicy, in_use};
use crate::problem::{Problem, instant, json, millis};
use crate::question::{self, Question};
use crate::shared::Shared;
use crate::step::{self, NativeReplay, Paged};

/// An engine. What gives a promise runs on another thread; meanwhile every other call throws `busy`.
#[napi]
pub struct NativeEngine {
    engine: Shared<Engine>,
}

pub(crate) fn input(text: &str) -> Result<Input, Problem> {
    serde_json::from_str(text).map_err(|error| Problem::unreadable("an input", &error))
}

#[napi]
impl NativeEngine {
    /// An engine without incidents.
    #[napi(constructor)]
    #[must_use]
    pub fn new(policy: &NativePolicy) -> Self {
        Self { engine: Shared::new(Engine::new(policy.shared())) }
    }

    /// Applies an input at once; the step as JSON.
    #[napi]
    pub fn apply_sync(&self, at: f64, input: String) -> napi::Result<String> {
        let (at, input) = (instant(at)?, self::input(&input)?);
        Ok(self.engine.at_once(|engine| Ok(json(&engine.apply(at, input)?)))?)
    }

    /// Applies an input on another thread; the step in pages.
    #[napi(ts_return_type = "Promise<string | NativeSteps>")]
    pub fn apply(&self, at: f64, input: String) -> napi::Result<AsyncTask<Job<Paged>>> {
        let (at, input) = (instant(at)?, self::input(&input)?);
        let engine = self.engine.clone();
        Ok(Job::start(move || engine.in_turn(|engine| Ok(step::pages(&engine.apply(at, input)?)))))
    }

    /// Throws what `apply` would throw.
    #[napi]
    pub fn check(&self, at: f64, input: String) -> napi::Result<()> {
        let (at, input) = (instant(at)?, self::input(&input)?);
        Ok(self.engine.at_once(|engine| Ok(engine.check(at, &input)?))?)
    }

    /// Moves everything that is open to another policy, on another thread; the step in pages.
    #[napi(ts_return_type = "Promise<string | NativeSteps>")]
    pub fn reload(
        &self,
        at: f64,
        policy: &NativePolicy,
        severities: HashMap<String, String>,
    ) -> napi::Result<AsyncTask<Job<Paged>>> {
        let (at, policy, engine) = (instant(at)?, policy.shared(), self.engine.clone());
        let severities = severities.into_iter().collect();
        Ok(Job::start(move || engine.in_turn(|engine| Ok(step::pages(&engine.reload(at, policy, &severities)?)))))
    }

    /// Rejects with what `reload` would reject with.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn check_reload(
        &self,
        at: f64,
        policy: &NativePolicy,
        severities: HashMap<String, String>,
    ) -> napi::Result<AsyncTask<Job<()>>> {
        let (at, policy, engine) = (instant(at)?, policy.shared(), self.engine.clone());
        let severities = severities.into_iter().collect();
        Ok(Job::start(move || engine.in_turn(|engine| Ok(engine.check_reload(at, &policy, &severities)?))))
    }

    /// The digest of the policy in force.
    #[napi]
    pub fn policy_digest(&self) -> napi::Result<String> {
        Ok(self.engine.at_once(|engine| Ok(engine.policy().digest().to_owned()))?)
    }

    /// When something is due at the earliest.
    #[napi]
    pub fn wakeup(&self) -> napi::Result<Option<f64>> {
        Ok(self.engine.at_once(|engine| Ok(engine.wakeup().map(millis)))?)
    }

    /// The engine's time.
    #[napi]
    pub fn now(&self) -> napi::Result<Option<f64>> {
        Ok(self.engine.at_once(|engine| Ok(engine.now().map(millis)))?)
    }

    /// Asks the engine at once; the answer as JSON.
    #[napi]
    pub fn ask_sync(&self, question: String) -> napi::Result<String> {
        let question = Question::read(&question)?;
        Ok(self.engine.at_once(|engine| question.answer(engine))?)
    }

    /// Asks the engine on another thread; the answer as JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn ask(&self, question: String) -> napi::Result<AsyncTask<Pages>> {
        let question = Question::read(&question)?;
        let engine = self.engine.clone();
        Ok(Pages::start(move || engine.in_turn(|engine| Ok(vec![question.answer(engine)?.into_bytes()]))))
    }

    /// A document of an incident, or of a hand-off: its text, and why the policy's own template was not used, if so.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn document(
        &self,
        kind: String,
        subject: String,
        templates: Option<&NativePolicy>,
    ) -> napi::Result<AsyncTask<Pages>> {
        let write = question::writer(&kind, subject, templates)?;
        let engine = self.engine.clone();
        Ok(Pages::start(move || engine.in_turn(|engine| write(engine))))
    }

    /// The effects whose outcome has not been reported, in pages.
    #[napi(ts_return_type = "Promise<string | NativeSteps>")]
    pub fn pending(&self) -> AsyncTask<Job<Paged>> {
        let engine = self.engine.clone();
        Job::start(move || engine.in_turn(|engine| Ok(step::pending(engine))))
    }

    /// The whole state, as canonical JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn snapshot(&self) -> AsyncTask<Pages> {
        let engine = self.engine.clone();
        Pages::start(move || engine.in_turn(|engine| Ok(vec![engine.snapshot().to_json().into_bytes()])))
    }

    /// An engine in the state of a snapshot, which comes in parts.
    #[napi(ts_return_type = "Promise<NativeEngine>")]
    #[must_use]
    pub fn restore(policy: &NativePolicy, snapshot: Vec<Buffer>) -> AsyncTask<Job<NativeEngine>> {
        let policy = policy.shared();
        Job::start(move || {
            let snapshot = joined(&snapshot);
            let text = std::str::from_utf8(&snapshot)
                .map_err(|error| Problem::new("unreadable_snapshot", error, "replay the journal instead"))?;
            let engine = Engine::restore(policy, Snapshot::from_json(text)?)?;
            Ok(Self { engine: Shared::new(engine) })
        })
    }

    /// Lives through a journal, one `{"at", "input"}` or `{"at", "reload"}` a line. Reloads find their policies by the
    /// digests, which must be of policies in use. The journal comes in parts.
    #[napi(ts_return_type = "Promise<NativeReplay>")]
    pub fn replay(&self, journal: Vec<Buffer>, policies: Vec<String>) -> AsyncTask<Job<NativeReplay>> {
        let engine = self.engine.clone();
        let policies: Policies = policies.iter().filter_map(|digest| in_use(digest)).collect();
        Job::start(move || {
            let journal = joined(&journal);
            let mut lines: Vec<Line> = Vec::new();
            for (number, line) in journal.split(|byte| *byte == b'\n').enumerate() {
                if line.iter().any(|byte| !byte.is_ascii_whitespace()) {
                    let line =
                        serde_json::from_slice(line).map_err(|error| Problem::unreadable_entry(&error, number + 1))?;
                    lines.push(line);
                }
            }
            engine.in_turn(|engine| {
                let (mut effects, mut refused) = (Vec::new(), 0_u32);
                let mut lived = Engine::new(Arc::clone(engine.policy()));
                for line in lines {
                    match line.content.on(&mut lived, line.at, &policies)? {
                        Ok(step) => effects.extend(step.effects),
                        Err(_) => refused += 1,
                    }
                }
                *engine = lived;
                Ok(step::replayed(&effects, refused))
            })
        })
    }

    /// The promises of the engine that are broken; always empty.
    #[napi(ts_return_type = "Promise<Array<string>>")]
    pub fn audit(&self) -> AsyncTask<Job<Vec<String>>> {
        let engine = self.engine.clone();
        Job::start(move || engine.in_turn(|engine| Ok(engine.audit())))
    }
}

#[cfg(feature = "defects")]
#[napi]
impl NativeEngine {
    /// Panics half way, as a defect of the engine would. In builds for tests alone.
    #[napi(skip_typescript)]
    pub fn break_down_sync(&self) -> napi::Result<()> {
        Ok(self.engine.at_once(|_| panic!("somebody asked for it"))?)
    }

    /// The same on another thread.
    #[napi(skip_typescript)]
    pub fn break_down(&self) -> AsyncTask<Job<()>> {
        let engine = self.engine.clone();
        Job::start(move || engine.in_turn(|_| panic!("somebody asked for it")))
    }
}

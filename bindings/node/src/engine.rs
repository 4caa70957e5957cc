//! The engine, in the hands of JavaScript.

use std::collections::HashMap;
use std::sync::Arc;

use kentongan::{Engine, IncidentId, Input, Snapshot};
use kentongan_journal::{Line, Policies};
use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi_derive::napi;

use crate::incident::{self, IncidentView};
use crate::job::{Job, Pages, joined};
use crate::policy::{NativePolicy, in_use};
use crate::problem::{Problem, instant, json, millis};
use crate::shared::Shared;
use crate::step;

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
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn apply(&self, at: f64, input: String) -> napi::Result<AsyncTask<Pages>> {
        let (at, input) = (instant(at)?, self::input(&input)?);
        let engine = self.engine.clone();
        Ok(Pages::start(move || engine.in_turn(|engine| Ok(step::pages(&engine.apply(at, input)?)))))
    }

    /// Throws what `apply` would throw.
    #[napi]
    pub fn check(&self, at: f64, input: String) -> napi::Result<()> {
        let (at, input) = (instant(at)?, self::input(&input)?);
        Ok(self.engine.at_once(|engine| Ok(engine.check(at, &input)?))?)
    }

    /// Moves everything that is open to another policy, on another thread; the step in pages.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn reload(
        &self,
        at: f64,
        policy: &NativePolicy,
        severities: HashMap<String, String>,
    ) -> napi::Result<AsyncTask<Pages>> {
        let (at, policy, engine) = (instant(at)?, policy.shared(), self.engine.clone());
        let severities = severities.into_iter().collect();
        Ok(Pages::start(move || engine.in_turn(|engine| Ok(step::pages(&engine.reload(at, policy, &severities)?)))))
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

    /// The incidents after one, by id, as a JSON array of at most `limit`.
    #[napi]
    pub fn incidents(&self, after: Option<String>, limit: u32) -> napi::Result<String> {
        let after = after.as_deref().map(IncidentId::from);
        Ok(self.engine.at_once(|engine| Ok(json(&incident::page(engine, after.as_ref(), limit))))?)
    }

    /// One incident as JSON.
    #[napi]
    pub fn incident(&self, id: String) -> napi::Result<Option<String>> {
        let id = IncidentId::from(id.as_str());
        Ok(self.engine.at_once(|engine| Ok(engine.incident(&id).map(|found| json(&IncidentView::of(found)))))?)
    }

    /// The effects whose outcome has not been reported, in pages.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn pending(&self) -> AsyncTask<Pages> {
        let engine = self.engine.clone();
        Pages::start(move || engine.in_turn(|engine| Ok(step::pending(engine))))
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
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn replay(&self, journal: Vec<Buffer>, policies: Vec<String>) -> AsyncTask<Pages> {
        let engine = self.engine.clone();
        let policies: Policies = policies.iter().filter_map(|digest| in_use(digest)).collect();
        Pages::start(move || {
            let journal = joined(&journal);
            let mut lines: Vec<Line> = Vec::new();
            for (number, line) in journal.split(|byte| *byte == b'\n').enumerate() {
                if line.iter().any(|byte| !byte.is_ascii_whitespace()) {
                    let line = serde_json::from_slice(line)
                        .map_err(|error| Problem::unreadable("an entry of a journal", &error).on_line(number + 1))?;
                    lines.push(line);
                }
            }
            engine.in_turn(|engine| {
                let mut effects = Vec::new();
                let mut lived = Engine::new(Arc::clone(engine.policy()));
                for line in lines {
                    let step = line.content.on(&mut lived, line.at, &policies)?;
                    effects.extend(step.into_iter().flat_map(|step| step.effects));
                }
                *engine = lived;
                Ok(step::effects(effects, engine.wakeup()))
            })
        })
    }

    /// Who is on call, with what the engine was told, as JSON.
    #[napi]
    pub fn duty(&self, role: String, at: f64) -> napi::Result<String> {
        let at = instant(at)?;
        Ok(self.engine.at_once(|engine| Ok(json(&engine.duty(&role, at))))?)
    }

    /// Who is on call between two instants, as JSON.
    #[napi]
    pub fn coverage(&self, role: String, from: f64, to: f64) -> napi::Result<String> {
        let (from, to) = (instant(from)?, instant(to)?);
        Ok(self.engine.at_once(|engine| Ok(json(&engine.coverage(&role, from, to))))?)
    }

    /// When somebody else is on call, with what the engine was told.
    #[napi]
    pub fn next_change(&self, role: String, after: f64) -> napi::Result<Option<f64>> {
        let after = instant(after)?;
        Ok(self.engine.at_once(|engine| Ok(engine.next_change(&role, after).map(millis)))?)
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

//! The project's journal file, in the hands of JavaScript. Every write waits for the disk, so all of it happens on other
//! threads.

use std::collections::HashMap;

use kentongan::{IncidentId, Input};
use kentongan_journal::{Recovery, Store, StoreOptions};
use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi_derive::napi;

use crate::engine::input;
use crate::incident;
use crate::job::{Job, Pages};
use crate::policy::{NativePolicy, in_use};
use crate::problem::{instant, json};
use crate::shared::Shared;
use crate::step;

/// An engine whose inputs are on disk before it acts on them.
#[napi]
pub struct NativeJournal {
    store: Shared<Store>,
    recovery: Recovery,
}

#[napi]
impl NativeJournal {
    /// Opens a journal, or begins one.
    #[napi(ts_return_type = "Promise<NativeJournal>")]
    #[must_use]
    pub fn open(
        path: String,
        policy: &NativePolicy,
        adopt_policy: bool,
        earlier: Vec<String>,
    ) -> AsyncTask<Job<NativeJournal>> {
        let policy = policy.shared();
        let earlier: Vec<_> = earlier.iter().filter_map(|digest| in_use(digest)).collect();
        Job::start(move || {
            let options = StoreOptions::new().adopt_policy(adopt_policy).policies(earlier);
            let (store, recovery) = options.open(&path, policy)?;
            Ok(Self { store: Shared::new(store), recovery })
        })
    }

    /// What opening found, without the effects, as JSON.
    #[napi]
    #[must_use]
    pub fn recovery(&self) -> String {
        let mut found = serde_json::to_value(&self.recovery).unwrap_or_default();
        if let Some(found) = found.as_object_mut() {
            found.remove("effects");
        }
        json(&found)
    }

    /// The effects to perform unless the host knows that it has, in pages.
    #[napi]
    pub fn recovered_effects(&mut self) -> napi::Result<Vec<Buffer>> {
        let effects = std::mem::take(&mut self.recovery.effects);
        let wakeup = self.store.at_once(|store| Ok(store.wakeup()))?;
        Ok(step::effects(effects, wakeup).into_iter().map(Buffer::from).collect())
    }

    /// Writes an input down, waits until it is on disk, and applies it; the step in pages.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn apply(&self, at: f64, input: String) -> napi::Result<AsyncTask<Pages>> {
        let (at, input): (_, Input) = (instant(at)?, self::input(&input)?);
        let store = self.store.clone();
        Ok(Pages::start(move || store.in_turn(|store| Ok(step::pages(&store.apply(at, input)?)))))
    }

    /// Writes down that another policy takes over, and moves what is open to it; the step in pages.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn reload(
        &self,
        at: f64,
        policy: &NativePolicy,
        severities: HashMap<String, String>,
    ) -> napi::Result<AsyncTask<Pages>> {
        let (at, policy, store) = (instant(at)?, policy.shared(), self.store.clone());
        let severities = severities.into_iter().collect();
        Ok(Pages::start(move || store.in_turn(|store| Ok(step::pages(&store.reload(at, policy, severities)?)))))
    }

    /// Writes the engine's state beside the journal.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn snapshot(&self) -> AsyncTask<Job<()>> {
        let store = self.store.clone();
        Job::start(move || store.in_turn(|store| Ok(store.snapshot()?)))
    }

    /// The incidents after one, by id, as a JSON array of at most `limit`.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn incidents(&self, after: Option<String>, limit: u32) -> AsyncTask<Pages> {
        let (store, after) = (self.store.clone(), after.as_deref().map(IncidentId::from));
        Pages::start(move || {
            store.in_turn(|store| Ok(vec![json(&incident::page(store.engine(), after.as_ref(), limit)).into_bytes()]))
        })
    }

    /// Who is on call, with what the engine was told, as JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn duty(&self, role: String, at: f64) -> napi::Result<AsyncTask<Pages>> {
        let (store, at) = (self.store.clone(), instant(at)?);
        Ok(Pages::start(move || store.in_turn(|store| Ok(vec![json(&store.engine().duty(&role, at)).into_bytes()]))))
    }

    /// Releases the file.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn close(&self) -> AsyncTask<Job<()>> {
        let store = self.store.clone();
        Job::start(move || {
            store.close();
            Ok(())
        })
    }
}

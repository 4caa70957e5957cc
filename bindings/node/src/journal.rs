//! The project's journal file, in the hands of JavaScript. Every write waits for the disk, so all of it happens on other
//! threads.

use std::collections::HashMap;

use kentongan::{Engine, IncidentId, Input};
use kentongan_journal::{Recovery, Store, StoreOptions};
use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi_derive::napi;

use crate::engine::input;
use crate::incident::{self, IncidentView};
use crate::job::{Job, Pages};
use crate::policy::{NativePolicy, in_use};
use crate::problem::{instant, json, millis};
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
    /// Opens a journal, or begins one. A snapshot every 0 records is none at all.
    #[napi(ts_return_type = "Promise<NativeJournal>")]
    #[must_use]
    pub fn open(
        path: String,
        policy: &NativePolicy,
        adopt_policy: bool,
        snapshot_every: Option<u32>,
        earlier: Vec<String>,
    ) -> AsyncTask<Job<NativeJournal>> {
        let policy = policy.shared();
        let earlier: Vec<_> = earlier.iter().filter_map(|digest| in_use(digest)).collect();
        Job::start(move || {
            let mut options = StoreOptions::new().adopt_policy(adopt_policy).policies(earlier);
            if let Some(records) = snapshot_every {
                options = options.snapshot_every(Some(u64::from(records)).filter(|records| *records > 0));
            }
            let (store, recovery) = options.open(&path, policy)?;
            Ok(Self { store: Shared::new(store), recovery })
        })
    }

    /// Gives up what follows the last good record of a damaged journal; what was cut off, as JSON, in pages of which there
    /// is none where nothing is damaged.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    #[must_use]
    pub fn recover(path: String) -> AsyncTask<Pages> {
        Pages::start(move || {
            let cut = Store::recover(&path)?;
            Ok(cut.map(|cut| json(&cut).into_bytes()).into_iter().collect())
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
        let after = after.as_deref().map(IncidentId::from);
        self.ask(move |engine| json(&incident::page(engine, after.as_ref(), limit)))
    }

    /// Who is on call, with what the engine was told, as JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn duty(&self, role: String, at: f64) -> napi::Result<AsyncTask<Pages>> {
        let at = instant(at)?;
        Ok(self.ask(move |engine| json(&engine.duty(&role, at))))
    }

    /// One incident, as JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn incident(&self, id: String) -> AsyncTask<Pages> {
        let id = IncidentId::from(id.as_str());
        self.ask(move |engine| json(&engine.incident(&id).map(IncidentView::of)))
    }

    /// The effects whose outcome has not been reported, in pages.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn pending(&self) -> AsyncTask<Pages> {
        let store = self.store.clone();
        Pages::start(move || store.in_turn(|store| Ok(step::pending(store.engine()))))
    }

    /// Rejects with what `apply` would reject with.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn check(&self, at: f64, input: String) -> napi::Result<AsyncTask<Job<()>>> {
        let (at, input, store) = (instant(at)?, self::input(&input)?, self.store.clone());
        Ok(Job::start(move || store.in_turn(|store| Ok(store.engine().check(at, &input)?))))
    }

    /// When something is due at the earliest.
    #[napi(ts_return_type = "Promise<number | null>")]
    pub fn wakeup(&self) -> AsyncTask<Job<Option<f64>>> {
        let store = self.store.clone();
        Job::start(move || store.in_turn(|store| Ok(store.wakeup().map(millis))))
    }

    /// Who is on call between two instants, as JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn coverage(&self, role: String, from: f64, to: f64) -> napi::Result<AsyncTask<Pages>> {
        let (from, to) = (instant(from)?, instant(to)?);
        Ok(self.ask(move |engine| json(&engine.coverage(&role, from, to))))
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

impl NativeJournal {
    fn ask(&self, ask: impl FnOnce(&Engine) -> String + Send + 'static) -> AsyncTask<Pages> {
        let store = self.store.clone();
        Pages::start(move || store.in_turn(|store| Ok(vec![ask(store.engine()).into_bytes()])))
    }
}

#[cfg(feature = "defects")]
#[napi]
impl NativeJournal {
    /// Panics half way, as a defect of the engine would. In builds for tests alone.
    #[napi(skip_typescript)]
    pub fn break_down(&self) -> AsyncTask<Job<()>> {
        let store = self.store.clone();
        Job::start(move || store.in_turn(|_| panic!("somebody asked for it")))
    }
}

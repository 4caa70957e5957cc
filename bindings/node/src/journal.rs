//! The project's journal file, in the hands of JavaScript. Every write waits for the disk, so all of it happens on other
//! threads.

use std::collections::HashMap;

use kentongan::{Effect, Input};
use kentongan_journal::{Recovery, Store, StoreOptions};
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;

use crate::engine::input;
use crate::job::{Job, Pages};
use crate::policy::{NativePolicy, in_use};
use crate::problem::{instant, json};
use crate::question::{self, Question};
use crate::shared::Shared;
use crate::step::{self, Paged};

/// An engine whose inputs are on disk before it acts on them.
#[napi]
pub struct NativeJournal {
    store: Shared<Store>,
    path: String,
    /// What opening found, without the effects.
    recovery: Recovery,
    /// The effects to perform unless the host knows that it has.
    recovered: Vec<Effect>,
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
            let (store, mut recovery) = options.open(&path, policy)?;
            let recovered = std::mem::take(&mut recovery.effects);
            let path = store.path().to_string_lossy().into_owned();
            Ok(Self { store: Shared::new(store), path, recovery, recovered })
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

    /// The file, links resolved.
    #[napi(getter)]
    #[must_use]
    pub fn path(&self) -> String {
        self.path.clone()
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

    /// The effects to perform unless the host knows that it has, in pages; once.
    #[napi(ts_return_type = "Promise<string | NativeSteps>")]
    pub fn recovered_effects(&mut self) -> AsyncTask<Job<Paged>> {
        let effects = std::mem::take(&mut self.recovered);
        let store = self.store.clone();
        Job::start(move || store.in_turn(|store| Ok(step::effects(effects, store.wakeup()))))
    }

    /// Writes an input down, waits until it is on disk, and applies it; the step in pages.
    #[napi(ts_return_type = "Promise<string | NativeSteps>")]
    pub fn apply(&self, at: f64, input: String) -> napi::Result<AsyncTask<Job<Paged>>> {
        let (at, input): (_, Input) = (instant(at)?, self::input(&input)?);
        let store = self.store.clone();
        Ok(Job::start(move || store.in_turn(|store| Ok(step::pages(&store.apply(at, input)?)))))
    }

    /// Writes down that another policy takes over, and moves what is open to it; the step in pages.
    #[napi(ts_return_type = "Promise<string | NativeSteps>")]
    pub fn reload(
        &self,
        at: f64,
        policy: &NativePolicy,
        severities: HashMap<String, String>,
    ) -> napi::Result<AsyncTask<Job<Paged>>> {
        let (at, policy, store) = (instant(at)?, policy.shared(), self.store.clone());
        let severities = severities.into_iter().collect();
        Ok(Job::start(move || store.in_turn(|store| Ok(step::pages(&store.reload(at, policy, severities)?)))))
    }

    /// Writes the engine's state beside the journal.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn snapshot(&self) -> AsyncTask<Job<()>> {
        let store = self.store.clone();
        Job::start(move || store.in_turn(|store| Ok(store.snapshot()?)))
    }

    /// The engine's whole state, as canonical JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn state(&self) -> AsyncTask<Pages> {
        let store = self.store.clone();
        Pages::start(move || store.in_turn(|store| Ok(vec![store.engine().snapshot().to_json().into_bytes()])))
    }

    /// Asks the engine; the answer as JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn ask(&self, question: String) -> napi::Result<AsyncTask<Pages>> {
        let question = Question::read(&question)?;
        let store = self.store.clone();
        Ok(Pages::start(move || store.in_turn(|store| Ok(vec![question.answer(store.engine())?.into_bytes()]))))
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
        let store = self.store.clone();
        Ok(Pages::start(move || store.in_turn(|store| write(store.engine()))))
    }

    /// How many records it holds, and why the last snapshot that it took by itself failed, as JSON.
    #[napi(ts_return_type = "Promise<Array<Buffer>>")]
    pub fn standing(&self) -> AsyncTask<Pages> {
        let store = self.store.clone();
        Pages::start(move || {
            store.in_turn(|store| {
                let fault = store.snapshot_fault().map(ToString::to_string);
                let standing = serde_json::json!({ "records": store.records(), "snapshot_fault": fault });
                Ok(vec![json(&standing).into_bytes()])
            })
        })
    }

    /// The effects whose outcome has not been reported, in pages.
    #[napi(ts_return_type = "Promise<string | NativeSteps>")]
    pub fn pending(&self) -> AsyncTask<Job<Paged>> {
        let store = self.store.clone();
        Job::start(move || store.in_turn(|store| Ok(step::pending(store.engine()))))
    }

    /// Rejects with what `apply` would reject with.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn check(&self, at: f64, input: String) -> napi::Result<AsyncTask<Job<()>>> {
        let (at, input, store) = (instant(at)?, self::input(&input)?, self.store.clone());
        Ok(Job::start(move || store.in_turn(|store| Ok(store.engine().check(at, &input)?))))
    }

    /// Rejects with what `reload` would reject with.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn check_reload(
        &self,
        at: f64,
        policy: &NativePolicy,
        severities: HashMap<String, String>,
    ) -> napi::Result<AsyncTask<Job<()>>> {
        let (at, policy, store) = (instant(at)?, policy.shared(), self.store.clone());
        let severities = severities.into_iter().collect();
        Ok(Job::start(move || store.in_turn(|store| Ok(store.engine().check_reload(at, &policy, &severities)?))))
    }

    /// The promises of the engine that are broken; always empty.
    #[napi(ts_return_type = "Promise<Array<string>>")]
    pub fn audit(&self) -> AsyncTask<Job<Vec<String>>> {
        let store = self.store.clone();
        Job::start(move || store.in_turn(|store| Ok(store.engine().audit())))
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

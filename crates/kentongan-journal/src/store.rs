//! The store: an engine and the journal of everything it was handed.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use kentongan::{Decision, Effect, Engine, Input, Policy, Reload, Step, Timestamp, Verdict};

use crate::content::{Content, Policies};
use crate::error::{JournalError, Poison, StoreError};
use crate::log::Log;
use crate::options::StoreOptions;
use crate::record::Record;
use crate::recovery::{Cut, Recovery, recover};
use crate::snapshot;

/// An engine whose inputs are on disk before it acts on them. One store writes a journal at a time; dropping the
/// store releases it.
#[derive(Debug)]
pub struct Store {
    engine: Engine,
    log: Log,
    /// What the last record came to, as far as nobody reports on it.
    unreported: Vec<Effect>,
    snapshot_every: Option<u64>,
    since_snapshot: u64,
    snapshot_fault: Option<JournalError>,
    /// Held for as long as the store lives, where the journal's own file does not hold the lock.
    _lock: Option<File>,
}

impl Store {
    /// Opens a journal, or begins one, and brings the engine to where it was. The same as
    /// [`StoreOptions::open`] with nothing set.
    ///
    /// # Errors
    ///
    /// As [`StoreOptions::open`] says.
    pub fn open(path: impl AsRef<Path>, policy: Arc<Policy>) -> Result<(Self, Recovery), JournalError> {
        StoreOptions::new().open(path, policy)
    }

    /// Gives up what follows the last good record of a damaged journal. It is kept in a file beside it, named
    /// `….torn`. `None` where nothing is damaged. A step for people to take: what is cut off had been confirmed.
    ///
    /// # Errors
    ///
    /// When the journal is open in a writer, or cannot be read or written.
    pub fn recover(path: impl AsRef<Path>) -> Result<Option<Cut>, JournalError> {
        recover(path.as_ref())
    }

    pub(crate) fn new(
        engine: Engine,
        log: Log,
        lock: Option<File>,
        unreported: Vec<Effect>,
        snapshot_every: Option<u64>,
        since_snapshot: u64,
    ) -> Self {
        Self { engine, log, unreported, snapshot_every, since_snapshot, snapshot_fault: None, _lock: lock }
    }

    /// Writes an input to the journal, waits until it is on disk, and then applies it.
    ///
    /// The engine sees what the record says, so a replay sees the same. A [`Input::Tick`] is as in
    /// [`Store::advance`].
    ///
    /// # Errors
    ///
    /// When the engine refuses the input, or the journal cannot be written. Then the engine is as it was. After an
    /// input that could not be confirmed to be on disk every call says `poisoned`; opening the journal again tells
    /// whether it is in it.
    pub fn apply(&mut self, at: Timestamp, input: Input) -> Result<Step, StoreError> {
        self.log.usable()?;
        self.engine.check(at, &input)?;
        if input == Input::Tick && self.engine.wakeup().is_none_or(|wakeup| at < wakeup) {
            return Ok(self.quiet(at));
        }
        self.commit(at, input)
    }

    /// Lets time pass. Only when something is due is there a record of it; otherwise nothing changes, not even the
    /// engine's time, and the step says so.
    ///
    /// # Errors
    ///
    /// When the instant is out of range, or the journal cannot be written.
    pub fn advance(&mut self, at: Timestamp) -> Result<Step, StoreError> {
        self.apply(at, Input::Tick)
    }

    /// Writes to the journal that another policy takes over, waits until it is on disk, and then moves what is open to
    /// it, as [`Engine::reload`] does. The same policy without renamed severities changes nothing, and leaves no record.
    ///
    /// A snapshot follows, unless the store takes none by itself: from there on a replay needs the policy before no more.
    /// Until then, and without snapshots, whoever opens the journal hands it to [`StoreOptions::policies`].
    ///
    /// # Errors
    ///
    /// When the engine refuses the reload, or the journal cannot be written. Then the old policy is in force.
    pub fn reload(
        &mut self,
        at: Timestamp,
        policy: Arc<Policy>,
        severities: BTreeMap<String, String>,
    ) -> Result<Step, StoreError> {
        self.log.usable()?;
        self.engine.check_reload(at, &policy, &severities)?;
        let (from, to) = (self.engine.policy().digest().to_owned(), policy.digest().to_owned());
        if from == to && severities.is_empty() {
            return Ok(self.engine.reload(at, policy, &severities)?);
        }
        let policies = Policies::from_iter([policy]);
        let reload = Content::Reload(Reload { from, to: to.clone(), severities });
        // The snapshot is due now, whatever was written before.
        self.record(at, reload, &to, &policies, |_, every| every.is_some())
    }

    /// Writes and applies an input that the engine takes.
    pub(crate) fn commit(&mut self, at: Timestamp, input: Input) -> Result<Step, StoreError> {
        let policy = self.engine.policy().digest().to_owned();
        let due = |since, every: Option<u64>| every.is_some_and(|every| since >= every);
        self.record(at, Content::Input(input), &policy, &Policies::default(), due)
    }

    fn record(
        &mut self,
        at: Timestamp,
        content: Content,
        policy: &str,
        policies: &Policies,
        snapshot_due: impl FnOnce(u64, Option<u64>) -> bool,
    ) -> Result<Step, StoreError> {
        let seq = self.log.end().seq + 1;
        let unwritable = |error: serde_json::Error| JournalError::Unwritable { reason: error.to_string() };
        let body = Record::new(seq, at, content, policy).encode().map_err(unwritable)?;
        let record = Record::decode(&body).map_err(unwritable)?;
        self.log.append(body)?;

        // A panic would leave the engine half way; whoever catches it must not be able to go on with it.
        self.log.set_poison(Some(Poison::EnginePanic));
        let step = record.content.on(&mut self.engine, record.at, policies);
        self.log.set_poison(None);

        let step = step.map_err(|missing| JournalError::MissingPolicy { path: self.log.path().clone(), missing })??;
        self.unreported = unreported(&step);
        self.since_snapshot += 1;
        if snapshot_due(self.since_snapshot, self.snapshot_every) {
            // The effects matter more: the journal holds everything, and the next turn tries again.
            self.since_snapshot = 0;
            self.snapshot_fault = self.snapshot().err();
        }
        Ok(step)
    }

    /// Writes the engine's state beside the journal, so that the next replay begins here.
    ///
    /// # Errors
    ///
    /// When it cannot be written. The one before it, if any, stays.
    pub fn snapshot(&mut self) -> Result<(), JournalError> {
        self.log.usable()?;
        snapshot::write(self.log.path(), self.log.end(), &self.engine, &self.unreported)?;
        self.since_snapshot = 0;
        self.snapshot_fault = None;
        Ok(())
    }

    /// Why the last snapshot that the store took by itself failed. The journal is whole without it, but the next
    /// replay takes longer.
    #[must_use]
    pub fn snapshot_fault(&self) -> Option<&JournalError> {
        self.snapshot_fault.as_ref()
    }

    /// The earliest instant at which anything is due, at which the host calls [`Store::advance`] at the latest.
    #[must_use]
    pub fn wakeup(&self) -> Option<Timestamp> {
        self.engine.wakeup()
    }

    /// The engine, to be asked. Only the store hands it anything.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// How many records the journal holds.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.log.end().seq
    }

    /// The journal's file, links resolved.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.log.path()
    }

    /// The step of a call that came before anything was due.
    fn quiet(&self, at: Timestamp) -> Step {
        Step {
            effects: Vec::new(),
            wakeup: self.engine.wakeup(),
            decisions: vec![Decision { at, incident: None, verdict: Verdict::NothingDue }],
        }
    }
}

/// The effects of a step on which nobody reports: no outbox keeps them.
pub(crate) fn unreported(step: &Step) -> Vec<Effect> {
    let effects = step.effects.iter();
    effects.filter(|effect| !effect.wants_report()).cloned().collect()
}

//! How a journal is opened: looked at from end to end, compared with its snapshot, and lived through again.

use std::path::Path;
use std::sync::Arc;

use kentongan::{Effect, Engine, Input, Policy};

use crate::content::{Content, Course, MissingPolicy, Policies};
use crate::error::{JournalError, StoreError};
use crate::files::Files;
use crate::limits::SNAPSHOT_EVERY_DEFAULT;
use crate::log::Log;
use crate::recovery::{Origin, Recovery, SnapshotUse, Survey, begin, cut, survey};
use crate::snapshot::{Saved, SnapshotProblem};
use crate::store::{Store, unreported};
use crate::walk::{Next, Position, Walk, understand};

/// How to open a journal.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    policies: Policies,
    adopt_policy: bool,
    snapshot_every: Option<u64>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl StoreOptions {
    /// What [`Store::open`] uses.
    #[must_use]
    pub fn new() -> Self {
        Self { policies: Policies::default(), adopt_policy: false, snapshot_every: Some(SNAPSHOT_EVERY_DEFAULT) }
    }

    /// The policies that were in force before a reload, in any order: what of the journal was written under them is
    /// lived through under them again. Only what comes before the latest snapshot needs none.
    #[must_use]
    pub fn policies(mut self, earlier: impl IntoIterator<Item = Arc<Policy>>) -> Self {
        earlier.into_iter().for_each(|policy| self.policies.add(policy));
        self
    }

    /// Whether a journal that was written under another policy is replayed under this one and goes on with it.
    ///
    /// That is a new course of history: it comes to the incidents that this policy would have made of the same
    /// inputs, reloads passed over. An effect may have the id of another one from before, so a host forgets which ids it has performed.
    /// A record of the change is added, so that it has to be allowed once only.
    #[must_use]
    pub fn adopt_policy(mut self, adopt: bool) -> Self {
        self.adopt_policy = adopt;
        self
    }

    /// After how many records the store takes a snapshot by itself, [`SNAPSHOT_EVERY_DEFAULT`] unless set; `None`
    /// for never.
    #[must_use]
    pub fn snapshot_every(mut self, records: Option<u64>) -> Self {
        self.snapshot_every = records;
        self
    }

    /// Opens a journal, or begins one, and brings the engine to where it was.
    ///
    /// Every record is checked, those too that a snapshot stands for. A last record that was cut short, which nobody
    /// had been promised, is cut off and kept in a file beside the journal, named `….torn`.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened or is no journal; another writer has it; a record before the last one is
    /// damaged, or written by a release that knows more; or it was written under another policy and
    /// [`StoreOptions::adopt_policy`] is not set. Then the journal is as it was.
    pub fn open(&self, path: impl AsRef<Path>, policy: Arc<Policy>) -> Result<(Store, Recovery), JournalError> {
        let files = Files::open(path.as_ref(), true)?;
        let saved = Saved::read(&files.path);
        let mark = saved.as_ref().ok().and_then(Option::as_ref);
        let survey = survey(&files, mark.map(|saved| saved.header.seq))?;
        let adopted_from = self.other_policy(&files, &survey, &policy)?;
        let course = match (&survey.course, &adopted_from) {
            (Some(course), None) => course.clone(),
            _ => Course::adopted(survey.end.seq + 1, policy.digest()),
        };
        let mut policies = self.policies.clone();
        policies.add(policy);
        let missing = |missing| JournalError::MissingPolicy { path: files.path.clone(), missing };
        let start = Start::choose(&policies, saved, &survey, &course).map_err(missing)?;
        let replay = replay(&files, start, &survey, &course, &policies)?;

        // From here on the journal is known to be good, and written to.
        if survey.unbegun {
            begin(&files)?;
        }
        let tail = survey.tail.as_ref();
        let torn = tail.map(|tail| cut(&files, survey.end, tail.damage.clone()));
        let torn = torn.transpose()?;
        files.confirm()?;

        let recovery = Recovery {
            created: survey.unbegun,
            records: survey.end.seq,
            replayed: replay.replayed,
            refused: replay.refused,
            snapshot: replay.snapshot,
            torn,
            adopted_from,
            written_by: survey.last.as_ref().and_then(Origin::foreign),
            effects: again(&replay.engine, &replay.unreported),
        };
        let log = Log::new(files.path, Box::new(files.file), survey.end);
        let mut store =
            Store::new(replay.engine, log, files.lock, replay.unreported, self.snapshot_every, replay.replayed);
        if let (Some(last), Some(_)) = (&survey.last, &recovery.adopted_from) {
            let at = store.engine().now().unwrap_or(last.at);
            match store.commit(at, Input::Tick) {
                Ok(_) | Err(StoreError::Rejected(_)) => {}
                Err(StoreError::Journal(error)) => return Err(error),
            }
        }
        Ok((store, recovery))
    }

    /// The digest of the policy that the journal was written under, if it is another one and that is allowed.
    fn other_policy(&self, files: &Files, survey: &Survey, policy: &Policy) -> Result<Option<String>, JournalError> {
        let found = survey.last.as_ref().map(|last| last.policy.clone());
        let found = found.filter(|found| found != policy.digest());
        match found {
            Some(found) if !self.adopt_policy => {
                Err(JournalError::OtherPolicy { path: files.path.clone(), found, expected: policy.digest().to_owned() })
            }
            found => Ok(found),
        }
    }
}

/// Where a replay begins.
struct Start {
    engine: Engine,
    unreported: Vec<Effect>,
    position: Position,
    snapshot: SnapshotUse,
}

impl Start {
    /// At the snapshot, if it is one of this course of this journal and the engine takes it; else at the first record.
    fn choose(
        policies: &Policies,
        saved: Result<Option<Saved>, SnapshotProblem>,
        survey: &Survey,
        course: &Course,
    ) -> Result<Self, MissingPolicy> {
        let mut missing = None;
        let problem = match saved {
            Ok(None) => None,
            Err(problem) => Some(problem),
            Ok(Some(saved)) => match survey.marked {
                None => Some(SnapshotProblem::NewerThanJournal),
                Some(place) if !saved.is_at(place) => Some(SnapshotProblem::Foreign),
                Some(place) if !of_course(course, survey, &saved, place.seq) => {
                    let reason = "the snapshot was taken before the journal was adopted under another policy";
                    Some(SnapshotProblem::NotRestored(reason.to_owned()))
                }
                Some(place) => match policies.find(saved.policy()) {
                    Err(unknown) => {
                        let reason = unknown.to_string();
                        missing = Some(unknown);
                        Some(SnapshotProblem::NotRestored(reason))
                    }
                    Ok(policy) => {
                        let (state, unreported) = saved.into_parts();
                        match Engine::restore(Arc::clone(policy), state) {
                            Ok(engine) => {
                                let snapshot = SnapshotUse::Used { seq: place.seq };
                                return Ok(Self { engine, unreported, position: place, snapshot });
                            }
                            Err(error) => Some(SnapshotProblem::NotRestored(error.to_string())),
                        }
                    }
                },
            },
        };
        // Where both are missing the snapshot's is named: it is the later one, and likelier to be found.
        let policy = policies.find(&course.begins_under).map_err(|first| missing.unwrap_or(first))?;
        Ok(Self {
            engine: Engine::new(Arc::clone(policy)),
            unreported: Vec::new(),
            position: Position::first(),
            snapshot: problem.map_or(SnapshotUse::Absent, |problem| SnapshotUse::Ignored { problem }),
        })
    }
}

/// Whether a snapshot is what this course comes to at its record: taken on it, or where all that was before it is the
/// same under the policy that the course begins under.
fn of_course(course: &Course, survey: &Survey, saved: &Saved, seq: u64) -> bool {
    let plain = survey.first_reload.is_none_or(|first| seq < first);
    seq >= course.since || (plain && saved.policy() == course.begins_under)
}

/// An engine that has lived through a journal.
struct Replay {
    engine: Engine,
    unreported: Vec<Effect>,
    snapshot: SnapshotUse,
    replayed: u64,
    refused: u64,
}

fn replay(
    files: &Files,
    start: Start,
    survey: &Survey,
    course: &Course,
    policies: &Policies,
) -> Result<Replay, JournalError> {
    let mut replay = Replay {
        engine: start.engine,
        unreported: start.unreported,
        snapshot: start.snapshot,
        replayed: 0,
        refused: 0,
    };
    let reader = files.reader_at(start.position.offset)?;
    let mut walk = Walk::resume(&files.path, reader, start.position);
    while walk.position() != survey.end {
        let seq = walk.position().seq + 1;
        let Next::Record(body) = walk.next()? else {
            break;
        };
        let record = understand(&files.path, seq, body)?;
        replay.replayed += 1;
        if matches!(record.content, Content::Reload(_)) && seq < course.since {
            continue;
        }
        let step = record.content.on(&mut replay.engine, record.at, policies);
        match step.map_err(|missing| JournalError::MissingPolicy { path: files.path.clone(), missing })? {
            Ok(step) => replay.unreported = unreported(&step),
            Err(_) => replay.refused += 1,
        }
    }
    Ok(replay)
}

/// What the host is to perform unless it knows that it has, in the order in which it was due.
fn again(engine: &Engine, unreported: &[Effect]) -> Vec<Effect> {
    let mut effects: Vec<Effect> = engine.pending().chain(unreported).cloned().collect();
    effects.sort_by_key(|effect| effect.at);
    effects
}

//! The engine as Python holds it: by itself, or together with the journal file that it writes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use kentongan::policy::document::DocumentKind;
use kentongan::report::{Document, DocumentError, Templates};
use kentongan::{Engine, IncidentId, Input, Policy, Snapshot, Step};
use kentongan_ingest::ics::{Export, Shift};
use kentongan_journal::{Line, Policies, Store, StoreOptions};
use kentongan_lab::chart::{Chart, Role};
use kentongan_lab::{HandoffView, IncidentView};
use pyo3::prelude::*;

use crate::failure::{self, guarded, poisoned, unreadable};
use crate::instant::{instant, micros};
use crate::policy::{PolicyCore, json};
use crate::text::{Text, Texts};

/// Who the engine belongs to.
enum Machine {
    /// Nobody: the host keeps the journal.
    Alone(Box<Engine>),
    /// A journal file.
    Filed(Box<Store>),
    /// It panicked: nobody knows what state it is in.
    Poisoned,
    /// The journal was closed.
    Closed,
}

/// What a step comes to: effects and decisions as JSON, and the wake-up in microseconds.
type StepParts = (String, Option<i64>, String);

/// An engine, with or without a journal. Import kentongan.Engine or kentongan.Store instead.
#[pyclass(frozen, subclass, module = "kentongan._kentongan")]
pub(crate) struct EngineCore {
    machine: Mutex<Machine>,
}

impl EngineCore {
    fn of(machine: Machine) -> Self {
        Self { machine: Mutex::new(machine) }
    }

    /// Nobody waits for the lock while they hold the interpreter: whoever has the lock may want that.
    fn locked(&self) -> PyResult<MutexGuard<'_, Machine>> {
        self.machine.lock().map_err(|_| poisoned())
    }

    /// Asks the engine.
    fn ask<T: Send>(&self, py: Python<'_>, ask: impl FnOnce(&Engine) -> T + Send) -> PyResult<T> {
        py.detach(|| {
            let machine = self.locked()?;
            let engine = machine.engine()?;
            guarded(|| Ok(ask(engine)))
        })
    }

    /// Hands the engine something. A panic on the way poisons it, whoever calls next is told.
    fn change<T: Send>(&self, py: Python<'_>, change: impl FnOnce(&mut Machine) -> PyResult<T> + Send) -> PyResult<T> {
        py.detach(|| {
            let mut machine = self.locked()?;
            machine.engine()?;
            let mut panicked = true;
            let result = guarded(|| {
                let result = change(&mut machine);
                panicked = false;
                result
            });
            if panicked {
                *machine = Machine::Poisoned;
            }
            result
        })
    }
}

impl Machine {
    fn engine(&self) -> PyResult<&Engine> {
        match self {
            Self::Alone(engine) => Ok(engine),
            Self::Filed(store) => Ok(store.engine()),
            Self::Poisoned => Err(poisoned()),
            Self::Closed => Err(failure::closed()),
        }
    }

    fn apply(&mut self, at: kentongan::Timestamp, input: Input) -> PyResult<Step> {
        match self {
            Self::Alone(engine) => engine.apply(at, input).map_err(|error| failure::rejected(&error)),
            Self::Filed(store) => store.apply(at, input).map_err(|error| failure::store(&error)),
            Self::Poisoned | Self::Closed => self.engine().map(|_| Step::default()),
        }
    }

    fn reload(
        &mut self,
        at: kentongan::Timestamp,
        policy: Arc<Policy>,
        severities: BTreeMap<String, String>,
    ) -> PyResult<Step> {
        match self {
            Self::Alone(engine) => engine.reload(at, policy, &severities).map_err(|error| failure::rejected(&error)),
            Self::Filed(store) => store.reload(at, policy, severities).map_err(|error| failure::store(&error)),
            Self::Poisoned | Self::Closed => self.engine().map(|_| Step::default()),
        }
    }
}

/// The policies of a list, as the engine holds them.
fn policies(list: &[Bound<'_, PolicyCore>]) -> Vec<Arc<Policy>> {
    list.iter().map(|policy| Arc::clone(policy.get().policy())).collect()
}

fn parts(step: &Step) -> StepParts {
    (json(&step.effects), step.wakeup.map(micros), json(&step.decisions))
}

/// A document of an engine as it stands.
fn written(engine: &Engine, by: Templates<'_>, kind: DocumentKind, subject: &str) -> Result<Document, DocumentError> {
    let id = IncidentId::from(subject);
    match kind {
        DocumentKind::Topic => by.topic(engine, &id),
        DocumentKind::StatusUpdate => by.status_update(engine, &id),
        DocumentKind::PublicUpdate => by.public_update(engine, &id),
        DocumentKind::Handoff => by.handoff(engine, subject),
        // These are told by a journal alone.
        DocumentKind::Postmortem | DocumentKind::Monthly | DocumentKind::Quarterly => {
            Err(DocumentError::UnknownIncident { id: subject.to_owned() })
        }
    }
}

fn input(text: &str) -> PyResult<Input> {
    serde_json::from_str(text).map_err(|error| unreadable("input", &error))
}

#[pymethods]
impl EngineCore {
    #[new]
    fn new(policy: &Bound<'_, PolicyCore>) -> PyResult<Self> {
        guarded(|| Ok(Self::of(Machine::Alone(Box::new(Engine::new(Arc::clone(policy.get().policy())))))))
    }

    /// Puts the engine into the state of a snapshot.
    fn restore_json(&self, py: Python<'_>, text: Text) -> PyResult<()> {
        self.change(py, |machine| {
            let policy = Arc::clone(machine.engine()?.policy());
            let snapshot = Snapshot::from_json(&text).map_err(|error| failure::not_restored(&error))?;
            let engine = Engine::restore(policy, snapshot).map_err(|error| failure::not_restored(&error))?;
            *machine = Machine::Alone(Box::new(engine));
            Ok(())
        })
    }

    /// Opens a journal and puts the engine where it was; returns what was found, as JSON.
    fn open(
        &self,
        py: Python<'_>,
        path: PathBuf,
        adopt_policy: bool,
        snapshot_every: Option<u64>,
        earlier: Vec<Bound<'_, PolicyCore>>,
    ) -> PyResult<String> {
        let earlier = policies(&earlier);
        self.change(py, |machine| {
            let options = StoreOptions::new().adopt_policy(adopt_policy).snapshot_every(snapshot_every);
            let options = options.policies(earlier);
            let policy = Arc::clone(machine.engine()?.policy());
            let (store, recovery) = options.open(path, policy).map_err(|error| failure::journal(&error))?;
            *machine = Machine::Filed(Box::new(store));
            Ok(json(&recovery))
        })
    }

    /// Closes the journal, so that another writer can open it.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| {
            *self.locked()? = Machine::Closed;
            Ok(())
        })
    }

    /// Applies an input; effects as JSON, the wake-up in microseconds since 1970, decisions as JSON.
    fn apply_json(&self, py: Python<'_>, at: i64, text: Text) -> PyResult<StepParts> {
        let (at, input) = (instant(at)?, input(&text)?);
        self.change(py, |machine| machine.apply(at, input).map(|step| parts(&step)))
    }

    /// Says whether an input would be refused, and raises what would be.
    fn check_json(&self, py: Python<'_>, at: i64, text: Text) -> PyResult<()> {
        let (at, input) = (instant(at)?, input(&text)?);
        self.ask(py, |engine| engine.check(at, &input))?.map_err(|error| failure::rejected(&error))
    }

    /// Moves the engine to another policy; what came of it as `apply_json` gives it.
    fn reload_json(
        &self,
        py: Python<'_>,
        at: i64,
        policy: &Bound<'_, PolicyCore>,
        severities: Texts,
    ) -> PyResult<StepParts> {
        let (at, policy) = (instant(at)?, Arc::clone(policy.get().policy()));
        self.change(py, |machine| machine.reload(at, policy, severities.0).map(|step| parts(&step)))
    }

    /// Raises what `reload_json` would raise, and changes nothing.
    fn check_reload_json(
        &self,
        py: Python<'_>,
        at: i64,
        policy: &Bound<'_, PolicyCore>,
        severities: Texts,
    ) -> PyResult<()> {
        let (at, policy) = (instant(at)?, Arc::clone(policy.get().policy()));
        let checked = self.ask(py, |engine| engine.check_reload(at, &policy, &severities.0))?;
        checked.map_err(|error| failure::rejected(&error))
    }

    /// The digest of the policy in force.
    fn policy_digest(&self, py: Python<'_>) -> PyResult<String> {
        self.ask(py, |engine| engine.policy().digest().to_owned())
    }

    /// Applies a journal, one JSON entry a line; returns the effects, one a line, and how many entries were refused.
    /// Reloads find their policies among the earlier ones and the engine's own.
    fn replay_jsonl(
        &self,
        py: Python<'_>,
        lines: Text,
        others: Vec<Bound<'_, PolicyCore>>,
    ) -> PyResult<(String, usize)> {
        let mut known = Policies::from_iter(policies(&others));
        self.change(py, |machine| {
            let (mut effects, mut refused) = (String::new(), 0);
            let Machine::Alone(engine) = machine else {
                return machine.engine().map(|_| (effects, refused));
            };
            known.add(Arc::clone(engine.policy()));
            for line in lines.lines().filter(|line| !line.is_empty()) {
                let line: Line = serde_json::from_str(line).map_err(|error| unreadable("journal entry", &error))?;
                let step = line.content.on(engine, line.at, &known);
                match step.map_err(|missing| failure::missing_policy(&missing))? {
                    Ok(step) => step.effects.iter().for_each(|effect| {
                        effects.push_str(&json(effect));
                        effects.push('\n');
                    }),
                    Err(_) => refused += 1,
                }
            }
            Ok((effects, refused))
        })
    }

    /// The whole state, as canonical JSON.
    fn snapshot_json(&self, py: Python<'_>) -> PyResult<String> {
        self.ask(py, |engine| engine.snapshot().to_json())
    }

    /// Writes a snapshot beside the journal.
    fn save(&self, py: Python<'_>) -> PyResult<()> {
        self.change(py, |machine| match machine {
            Machine::Filed(store) => store.snapshot().map_err(|error| failure::journal(&error)),
            Machine::Alone(_) | Machine::Poisoned | Machine::Closed => Ok(()),
        })
    }

    /// Where the journal is; none where there is none.
    fn journal_path(&self, py: Python<'_>) -> PyResult<Option<PathBuf>> {
        py.detach(|| {
            let machine = self.locked()?;
            machine.engine()?;
            Ok(match &*machine {
                Machine::Filed(store) => Some(store.path().to_owned()),
                Machine::Alone(_) | Machine::Poisoned | Machine::Closed => None,
            })
        })
    }

    /// How many records the journal holds, and why the last snapshot that it took by itself failed, if it did.
    fn journal_parts(&self, py: Python<'_>) -> PyResult<(u64, Option<String>)> {
        py.detach(|| {
            let machine = self.locked()?;
            machine.engine()?;
            Ok(match &*machine {
                Machine::Filed(store) => (store.records(), store.snapshot_fault().map(ToString::to_string)),
                Machine::Alone(_) | Machine::Poisoned | Machine::Closed => (0, None),
            })
        })
    }

    /// Cuts a damaged journal after its last good record; what was cut off, as JSON, if anything was.
    #[staticmethod]
    fn recover_json(py: Python<'_>, path: PathBuf) -> PyResult<Option<String>> {
        let recover = || Store::recover(path).map_err(|error| failure::journal(&error));
        Ok(py.detach(|| guarded(recover))?.map(|cut| json(&cut)))
    }

    /// The earliest instant at which anything is due, in microseconds since 1970.
    fn wakeup_micros(&self, py: Python<'_>) -> PyResult<Option<i64>> {
        self.ask(py, |engine| engine.wakeup().map(micros))
    }

    /// The engine's time, in microseconds since 1970.
    fn now_micros(&self, py: Python<'_>) -> PyResult<Option<i64>> {
        self.ask(py, |engine| engine.now().map(micros))
    }

    /// Every effect whose outcome has not been reported, as JSON.
    fn pending_json(&self, py: Python<'_>) -> PyResult<String> {
        self.ask(py, |engine| json(&engine.pending().collect::<Vec<_>>()))
    }

    /// Every incident it remembers, as JSON.
    fn incidents_json(&self, py: Python<'_>) -> PyResult<String> {
        self.ask(py, |engine| json(&IncidentView::list(engine)))
    }

    /// One incident, as JSON; none where it remembers no such one.
    fn incident_json(&self, py: Python<'_>, id: Text) -> PyResult<Option<String>> {
        self.ask(py, |engine| IncidentView::find(engine, &IncidentId::from(&*id)).map(|incident| json(&incident)))
    }

    /// Who holds a role of an incident now; nobody where it was given up, or there is no such incident.
    fn role_holders(&self, py: Python<'_>, incident: Text, role: Text) -> PyResult<Vec<String>> {
        self.ask(py, |engine| {
            let incident = engine.incident(&IncidentId::from(&*incident));
            incident.map(|incident| engine.role_holders(incident, &role)).unwrap_or_default()
        })
    }

    /// The latest hand-off of each on-call role, as JSON.
    fn handoffs_json(&self, py: Python<'_>) -> PyResult<String> {
        self.ask(py, |engine| json(&HandoffView::list(engine)))
    }

    /// A document of what is open, or of the hand-off of a role, and why the policy's own template was not used. It is
    /// written by the templates of another policy, if one is given.
    fn document_parts(
        &self,
        py: Python<'_>,
        kind: Text,
        subject: Text,
        templates: Option<&Bound<'_, PolicyCore>>,
    ) -> PyResult<(String, Option<String>)> {
        let kind: DocumentKind =
            serde_json::from_value((*kind).into()).map_err(|error| unreadable("document", &error))?;
        let templates = templates.map(|policy| Arc::clone(policy.get().policy()));
        let Document { text, fault } = self
            .ask(py, |engine| {
                let by = templates.as_ref().unwrap_or(engine.policy()).templates();
                written(engine, by, kind, &subject)
            })?
            .map_err(|error| failure::document(&error))?;
        Ok((text, fault))
    }

    /// What the engine promises of its own state, checked: each line is a promise that is broken.
    fn audit(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.ask(py, Engine::audit)
    }

    /// Who is on call in a role at an instant, in microseconds since 1970: as JSON.
    fn who_json(&self, py: Python<'_>, role: Text, at: i64) -> PyResult<String> {
        let at = instant(at)?;
        self.ask(py, |engine| json(&engine.who(&role, at)))
    }

    /// Who is next in line behind whoever is on call in a role, as JSON.
    fn next_in_line_json(&self, py: Python<'_>, role: Text, at: i64) -> PyResult<String> {
        let at = instant(at)?;
        self.ask(py, |engine| json(&engine.next_in_line(&role, at)))
    }

    /// Who looks over the shoulder of those on call in a role between two instants, as JSON.
    fn shadow_shifts_json(&self, py: Python<'_>, role: Text, start: i64, end: i64) -> PyResult<String> {
        let (start, end) = (instant(start)?, instant(end)?);
        self.ask(py, |engine| json(&engine.shadow_shifts(&role, start, end)))
    }

    /// The shifts of some roles between two instants as a picture, SVG; an instant may be marked.
    fn shifts_picture(
        &self,
        py: Python<'_>,
        roles: Vec<Text>,
        start: i64,
        end: i64,
        mark: Option<i64>,
    ) -> PyResult<String> {
        let (from, to, now) = (instant(start)?, instant(end)?, mark.map(instant).transpose()?);
        self.ask(py, |engine| {
            let (title, zone) = (engine.policy().name().to_owned(), engine.policy().zone().clone());
            let roles = roles.iter().flat_map(|role| Role::of(engine, role, from, to)).collect();
            Chart { title, zone, from, to, now, roles }.svg()
        })
    }

    /// The shifts of a role between two instants as a calendar to subscribe to, in the form of RFC 5545.
    fn shifts_calendar(&self, py: Python<'_>, role: Text, start: i64, end: i64) -> PyResult<String> {
        let (from, to) = (instant(start)?, instant(end)?);
        self.ask(py, |engine| {
            let policy = engine.policy();
            let shifts = Shift::whole(engine, &role, from, to);
            Export { policy: policy.name(), role: &role, people: &policy.document().people }.write(&shifts)
        })
    }

    /// Who is on call in a role, by which layer, and who was passed over: as JSON.
    fn duty_json(&self, py: Python<'_>, role: Text, at: i64) -> PyResult<String> {
        let at = instant(at)?;
        self.ask(py, |engine| json(&engine.duty(&role, at)))
    }

    /// Who is on call in a role between two instants, as JSON.
    fn coverage_json(&self, py: Python<'_>, role: Text, start: i64, end: i64) -> PyResult<String> {
        let (start, end) = (instant(start)?, instant(end)?);
        self.ask(py, |engine| json(&engine.coverage(&role, start, end)))
    }

    /// The next instant at which somebody else is on call, in microseconds since 1970.
    fn next_change_micros(&self, py: Python<'_>, role: Text, after: i64) -> PyResult<Option<i64>> {
        let after = instant(after)?;
        self.ask(py, |engine| engine.next_change(&role, after).map(micros))
    }

    /// Panics in the middle of a change, as a defect of the engine would. In builds for tests alone.
    #[cfg(feature = "defects")]
    fn break_down(&self, py: Python<'_>) -> PyResult<()> {
        self.change(py, |_| -> PyResult<()> { panic!("somebody asked for it") })
    }
}

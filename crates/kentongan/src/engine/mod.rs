//! The engine: one pure step function over incidents. It orchestrates; what is due, who is meant and what is said is
//! computed elsewhere.

mod alerts;
mod assessment;
mod climb;
mod closing;
mod commands;
mod declaration;
mod deliveries;
mod detection;
mod drills;
mod handoff;
mod handoff_desk;
mod inhibition;
mod inside;
mod links;
mod merging;
mod migration;
mod on_call;
mod pauses;
mod postmortem;
mod postmortem_actions;
mod postmortem_checks;
mod postmortem_reminders;
mod promises;
mod public;
mod reload;
mod roles;
mod silences;
mod snooze;
mod splitting;
mod tell;
mod timers;
mod updates;
mod windows;
mod work;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use chrono::Datelike;
use serde::Serialize;

use crate::decision::{Decision, Verdict};
use crate::effect::Effect;
use crate::error::{Refusal, Rejected, RestoreError};
use crate::incident::{Incident, IncidentId, State};
use crate::inhibition::Inhibitors;
use crate::input::Input;
use crate::journal::Entry;
use crate::limits;
use crate::oncall::{Changes, Handoff, Watch};
use crate::policy::Policy;
use crate::silence::Silences;
use crate::snapshot::Snapshot;
use crate::time::{Timestamp, in_millis};
pub(crate) use alerts::POLICY;
use timers::Due;
use work::{Output, Work};

/// What one call came to.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[must_use = "the effects are pages that somebody waits for"]
pub struct Step {
    /// What the host must do, in this order.
    pub effects: Vec<Effect>,
    /// The instant at which the host must call again at the latest. Calls before it do no harm.
    pub wakeup: Option<Timestamp>,
    /// Why, and why not.
    pub decisions: Vec<Decision>,
}

/// The incident engine: a state machine without clock, I/O, randomness or threads.
///
/// ```
/// use std::sync::Arc;
/// use kentongan::{Alert, Engine, Input, Policy};
/// # let policy = r#"
/// # policy: shop
/// # people: { ana: { contacts: { pager: ana-1 } } }
/// # on_call: { primary: [ana] }
/// # severities: { high: { definition: down, targets: { acknowledge: 5m }, escalation: standard } }
/// # classify: [ { default: high } ]
/// # escalation: { standard: [ { notify: on-call.primary } ] }
/// # last_resort: [ { pager: ana } ]
/// # "#;
///
/// let mut engine = Engine::new(Arc::new(Policy::from_yaml(policy)?));
/// let at = "2026-11-23T19:00:00Z".parse()?;
/// let step = engine.apply(at, Input::Alert(Alert::firing("a1", "checkout")))?;
/// assert_eq!(step.effects.len(), 1, "ana is paged");
/// assert_eq!(step.wakeup, Some("2026-11-23T19:02:30Z".parse()?), "half of the five minutes to acknowledge");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Engine {
    policy: Arc<Policy>,
    /// The engine's time: the latest instant handed in.
    now: Option<Timestamp>,
    incidents: BTreeMap<IncidentId, Incident>,
    /// Who takes over and who is away, as it was told.
    changes: Changes,
    /// What nobody is told of for a while.
    silences: Silences,
    /// What hides what; read off the incidents.
    inhibitors: Inhibitors,
    /// The roles that are handed over, from the engine's first instant on.
    watches: BTreeMap<String, Watch>,
    /// The latest incident of each key.
    keys: BTreeMap<String, IncidentId>,
    /// The incidents of alerts that were split from their group. An index over [`crate::incident::Kin`].
    apart: BTreeMap<String, IncidentId>,
    /// The next instant at which something is due on each incident, the worst severity first among equals.
    due: BTreeSet<(Timestamp, usize, IncidentId)>,
    /// Where each incident stands in `due`.
    due_of: BTreeMap<IncidentId, (Timestamp, usize)>,
}

impl Engine {
    /// An engine without incidents, under a policy.
    #[must_use]
    pub fn new(policy: Arc<Policy>) -> Self {
        Self {
            policy,
            now: None,
            incidents: BTreeMap::new(),
            changes: Changes::default(),
            silences: Silences::default(),
            inhibitors: Inhibitors::default(),
            watches: BTreeMap::new(),
            keys: BTreeMap::new(),
            apart: BTreeMap::new(),
            due: BTreeSet::new(),
            due_of: BTreeMap::new(),
        }
    }

    /// Applies one input at an instant: what was due before it is done, then the input, then what is due at that
    /// very instant on the incident it touched. What is due then on others waits for the next call, so that no
    /// incident notices what is handed in for another.
    ///
    /// Time never runs backwards: an instant before the last one counts as the last one and leaves a decision. What
    /// is due at the very instant of an input waits until the input is through, so that an acknowledgement at the
    /// instant of a climb stops the climb.
    ///
    /// # Errors
    ///
    /// When the input cannot be, as [`Rejected`] says. Then nothing has changed, not even the engine's time.
    pub fn apply(&mut self, at: Timestamp, input: Input) -> Result<Step, Rejected> {
        self.check(at, &input)?;
        let given = in_millis(at);
        let now = self.now.map_or(given, |last| last.max(given));
        let mut output = Output::default();
        if given < now {
            output.decide(now, None, Verdict::ClockRegression { given });
        }
        self.run_timers(now, Due::Before, &mut output);
        self.now = Some(now);
        self.begin_watches(now);
        output.touched = None;
        match input {
            Input::Alert(alert) => self.take_alert(now, alert, None, &mut output),
            Input::Detect { .. } => self.detect(now, input, &mut output),
            Input::Report { effect, outcome, detail, opened_as } => {
                self.take_report(now, &effect, outcome, &detail, opened_as.as_deref(), &mut output);
            }
            Input::Tick => self.run_timers(now, Due::By, &mut output),
            Input::TickHandoff { .. } | Input::ConfirmHandoff { .. } => self.take_handoff(now, input, &mut output),
            Input::Override { .. }
            | Input::CancelOverride { .. }
            | Input::Absence { .. }
            | Input::EndAbsence { .. } => self.take_change(now, input, &mut output),
            Input::Silence { .. } | Input::EndSilence { .. } => self.take_silence(now, input, &mut output),
            Input::Merge { .. } => self.take_merge(now, input, &mut output),
            Input::Split { .. } => self.take_split(now, input, &mut output),
            Input::Link { .. } | Input::Unlink { .. } => self.take_link(now, input, &mut output),
            command => self.take_command(now, command, &mut output),
        }
        if let Some(id) = output.touched.take() {
            self.run_timers(now, Due::Of(&id), &mut output);
        }
        if output.is_silent() {
            output.decide(now, None, Verdict::NothingDue);
        }
        debug_assert!(self.wakeup().is_none_or(|wakeup| wakeup >= now), "nothing stays overdue");
        Ok(self.step(output))
    }

    fn step(&self, output: Output) -> Step {
        let (effects, decisions) = output.finish();
        Step { effects, wakeup: self.wakeup(), decisions }
    }

    /// Lets time pass: does whatever is due by `at`; afterwards every timer lies ahead. The same as applying [`Input::Tick`].
    ///
    /// # Errors
    ///
    /// Only when the instant is out of range.
    pub fn advance(&mut self, at: Timestamp) -> Result<Step, Rejected> {
        self.apply(at, Input::Tick)
    }

    /// Whether an input would be refused at this point, and why. A host asks before it writes to its journal.
    ///
    /// # Errors
    ///
    /// The refusal that [`Engine::apply`] would give.
    pub fn check(&self, at: Timestamp, input: &Input) -> Result<(), Rejected> {
        if !limits::YEARS.contains(&at.year()) {
            return Err(Refusal::TimeOutOfRange { at }.into());
        }
        self.check_command(in_millis(at), input)?;
        self.check_handoff(input)?;
        self.check_change(at, input)?;
        self.check_silence(at, input)
    }

    /// The earliest instant at which anything is due. Before it, [`Engine::advance`] does nothing.
    #[must_use]
    pub fn wakeup(&self) -> Option<Timestamp> {
        let of_incidents = self.due.first().map(|(at, ..)| *at);
        let of_handoffs = self.next_handoff().map(|(at, ..)| at);
        of_incidents.into_iter().chain(of_handoffs).min()
    }

    /// The engine's time: the latest instant handed in.
    #[must_use]
    pub fn now(&self) -> Option<Timestamp> {
        self.now
    }

    /// The policy in force.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// Every incident it remembers, by id: the open ones, and the resolved ones until they are forgotten.
    pub fn incidents(&self) -> impl Iterator<Item = &Incident> {
        self.incidents.values()
    }

    /// The incidents whose ids come after one, by id, whether there is one of that id or not. A page of a list takes as
    /// long as the page, wherever it begins.
    pub fn incidents_after(&self, after: &IncidentId) -> impl Iterator<Item = &Incident> {
        self.incidents.range((Bound::Excluded(after), Bound::Unbounded)).map(|(_, incident)| incident)
    }

    /// One incident.
    #[must_use]
    pub fn incident(&self, id: &IncidentId) -> Option<&Incident> {
        self.incidents.get(id)
    }

    /// Every effect whose outcome has not been reported. After a crash the host does those it has no record of.
    pub fn pending(&self) -> impl Iterator<Item = &Effect> {
        let of_handoffs = self.handoffs().flat_map(Handoff::pending);
        self.incidents.values().flat_map(Incident::pending).chain(of_handoffs)
    }

    /// The whole state as data.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::new(&self.policy, self.now, self.keys.clone(), self.incidents.values().cloned().collect())
            .with_on_call(self.changes.all().clone(), self.watches.clone())
            .with_silences(self.silences.clone())
    }

    /// An engine in the state of a snapshot.
    ///
    /// # Errors
    ///
    /// When the snapshot was taken under another policy or by a newer engine.
    pub fn restore(policy: Arc<Policy>, snapshot: Snapshot) -> Result<Self, RestoreError> {
        snapshot.check(&policy)?;
        let mut engine = Self::new(policy);
        engine.now = snapshot.at;
        for incident in snapshot.incidents {
            if engine.policy.severity(&incident.severity).is_none() {
                return Err(RestoreError::Unreadable {
                    reason: format!("incident `{}` has an unknown severity", incident.id),
                });
            }
            for alert in &incident.kin.alerts {
                engine.apart.insert(alert.clone(), incident.id.clone());
            }
            engine.incidents.insert(incident.id.clone(), incident);
        }
        engine.keys = snapshot.keys;
        engine.changes = Changes::of(snapshot.changes);
        engine.watches = snapshot.watches;
        engine.silences = snapshot.silences;
        if let Some((_, id)) = engine.keys.iter().find(|(_, id)| !engine.incidents.contains_key(*id)) {
            return Err(RestoreError::Unreadable { reason: format!("incident `{id}` is missing") });
        }
        let ids: Vec<IncidentId> = engine.incidents.keys().cloned().collect();
        for id in &ids {
            engine.schedule(id);
        }
        Ok(engine)
    }

    /// An engine that has lived through a journal. `on_step` sees each entry and what it came to.
    pub fn replay(
        policy: Arc<Policy>,
        entries: impl IntoIterator<Item = Entry>,
        mut on_step: impl FnMut(&Entry, Result<Step, Rejected>),
    ) -> Self {
        let mut engine = Self::new(policy);
        for entry in entries {
            let step = engine.apply(entry.at, entry.input.clone());
            on_step(&entry, step);
        }
        engine
    }

    /// What the engine promises of its own state, checked: each line names a promise that is broken. Always empty,
    /// unless the engine has a defect; a host may page somebody for it.
    #[must_use]
    pub fn audit(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for incident in self.incidents.values() {
            let id = &incident.id;
            let next = incident.next_timer(&self.policy).map(|(at, _)| at);
            if next.is_none() {
                broken.push(format!("`{id}` has no timer"));
            }
            if next.map(|at| self.overdue(at)) != self.due_of.get(id).map(|(at, _)| *at) {
                broken.push(format!("`{id}` is not scheduled for its next timer"));
            }
            let ceiling = self.policy.severity(&incident.severity).and_then(|severity| severity.page_ceiling);
            // Only an alarm that waits for its hours may keep it quiet for longer.
            let meant = incident.alarm_held_until().or(self.now).or(next);
            if let (State::Open, Some(ceiling), Some(next), Some(meant)) = (incident.state, ceiling, next, meant)
                && incident.quiet_until().is_none()
                && next > ceiling.after(incident.climb.contacted_at).max(self.overdue(meant))
            {
                broken.push(format!("`{id}` may be quiet for longer than {ceiling}"));
            }
        }
        self.audit_kin(&mut broken);
        if self.due.len() != self.incidents.len() {
            broken.push("the schedule and the incidents differ".to_owned());
        }
        broken
    }

    /// What was due in the past is due now.
    fn overdue(&self, at: Timestamp) -> Timestamp {
        self.now.map_or(at, |now| at.max(now))
    }

    /// Enters the next timer of an incident into the schedule, or takes it out where the incident is gone.
    /// Gives the incidents that this one may hide no longer.
    fn schedule(&mut self, id: &IncidentId) -> Vec<IncidentId> {
        if let Some((at, rank)) = self.due_of.remove(id) {
            self.due.remove(&(at, rank, id.clone()));
        }
        let freed = self.inhibitors.enter(&self.policy, id, self.incidents.get(id));
        let Some((incident, (at, _))) =
            self.incidents.get(id).and_then(|incident| Some((incident, incident.next_timer(&self.policy)?)))
        else {
            return freed;
        };
        let at = self.overdue(at);
        let rank = self.policy.severity(&incident.severity).map_or(usize::MAX, |severity| severity.index.0);
        self.due_of.insert(id.clone(), (at, rank));
        self.due.insert((at, rank, id.clone()));
        freed
    }

    /// Does something with an incident at an instant, and schedules what follows from it.
    fn work(&mut self, id: &IncidentId, at: Timestamp, output: &mut Output, job: impl FnOnce(&mut Work<'_>)) {
        if let Some(incident) = self.incidents.get_mut(id) {
            job(&mut Work {
                policy: &self.policy,
                changes: &self.changes,
                silences: &self.silences,
                inhibitors: &self.inhibitors,
                incident,
                at,
                output,
            });
            output.touched = Some(id.clone());
        }
        let freed = self.schedule(id);
        self.review_hidden(freed, at, output);
    }
}

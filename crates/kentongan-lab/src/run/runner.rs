//! The run itself: virtual time goes from wake-up to wake-up and from input to input, and a simulated host reports.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use kentongan::{
    Action, Effect, EffectId, Engine, Entry, IncidentId, Input, Outcome, Policy, Step, Timestamp, Verdict,
};

use super::verdict::{self, Observed};
use super::{Call, IncidentView, PolicyIdentity, Run, RunEntry, RunError};
use crate::limits;
use crate::scenario::{Delivery, FailingDelivery, Happening, NO_SUCH_EFFECT, Reference, Scenario, What};

/// An incident that opened in the run.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    pub(crate) id: IncidentId,
    pub(crate) service: Option<String>,
}

/// Runs a scenario to its end, and compares.
pub(crate) fn run(scenario: &Scenario) -> Result<Run, RunError> {
    let mut runner = Runner::new(scenario);
    let mut probes: BTreeSet<Timestamp> = verdict::probes(scenario);
    let mut views: BTreeMap<Timestamp, Vec<IncidentView>> = BTreeMap::new();
    let mut on_call = BTreeMap::new();
    let mut happenings: VecDeque<(usize, &Happening)> = ordered(&scenario.inputs);
    // An engine that refuses the time will wake at the same instant for ever.
    let mut out_of_time = false;
    let mut stopped = None;
    loop {
        let input = happenings.front().map(|(_, happening)| happening.at);
        let wakeup = runner.engine.wakeup().filter(|at| *at <= scenario.until && !out_of_time);
        let next = input.into_iter().chain(wakeup).min();
        while let Some(probe) = probes.first().copied()
            && next.is_none_or(|next| probe < next)
        {
            probes.remove(&probe);
            views.insert(probe, IncidentView::all(&runner.engine, &runner.opened));
            let roles = verdict::roles(scenario, probe);
            on_call.extend(roles.map(|role| ((probe, role.clone()), runner.engine.who(role, probe))));
        }
        let Some(at) = next else {
            break;
        };
        let step = match happenings.front().copied() {
            Some((index, happening)) if happening.at == at => {
                happenings.pop_front();
                runner.happen(index, happening)
            }
            _ => runner.apply(at, Input::Tick).map(|refused| out_of_time = refused.is_some()),
        };
        if let Err(TooMany) = step {
            stopped = Some(at);
            break;
        }
    }
    let steps_max = runner.steps_max;
    let (mut run, refused) = runner.finish();
    if let Some(at) = stopped {
        return Err(RunError::new(at, steps_max, run));
    }
    run.failures = verdict::failures(scenario, &run, &Observed { views, on_call, refused });
    Ok(run)
}

/// Does with a new engine what a journal says was done with one, at the same instants.
pub(crate) fn replay(
    name: String,
    policy: Arc<Policy>,
    journal: impl IntoIterator<Item = Call>,
) -> Result<Run, RunError> {
    let mut journal = journal.into_iter().peekable();
    let start = journal.peek().map_or(Timestamp::UNIX_EPOCH, Call::at);
    // What a replay hands in is all there was: the host that reports is in the journal already.
    let mut scenario = Scenario::new(name, policy, start, start);
    scenario.delivery = Delivery::Unreported;
    let mut runner = Runner::new(&scenario);
    for call in journal {
        runner.steps = 0;
        let at = call.at();
        if let Err(TooMany) = runner.call(call) {
            let steps_max = runner.steps_max;
            return Err(RunError::new(at, steps_max, runner.finish().0));
        }
    }
    let until = runner.engine.now().unwrap_or(start);
    let (mut run, _) = runner.finish();
    run.until = until;
    Ok(run)
}

/// The inputs by their instant; those of one instant as they stand.
fn ordered(inputs: &[Happening]) -> VecDeque<(usize, &Happening)> {
    let mut ordered: Vec<(usize, &Happening)> = inputs.iter().enumerate().collect();
    ordered.sort_by_key(|(_, happening)| happening.at);
    ordered.into()
}

struct Runner<'a> {
    scenario: &'a Scenario,
    engine: Engine,
    entries: Vec<RunEntry>,
    opened: Vec<Opened>,
    policies: BTreeMap<String, Arc<Policy>>,
    /// The inputs that were refused, by their position, with the code.
    refused: BTreeMap<usize, String>,
    steps: usize,
    steps_max: usize,
}

/// The run has taken all the steps that it may take.
struct TooMany;

impl<'a> Runner<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        Self {
            scenario,
            engine: Engine::new(Arc::clone(&scenario.policy)),
            entries: Vec::new(),
            opened: Vec::new(),
            policies: BTreeMap::from([(scenario.policy.digest().to_owned(), Arc::clone(&scenario.policy))]),
            refused: BTreeMap::new(),
            steps: 0,
            steps_max: limits::steps_max(scenario.inputs.len()),
        }
    }

    /// The run without a verdict, and the inputs that were refused.
    fn finish(self) -> (Run, BTreeMap<usize, String>) {
        let scenario = self.scenario;
        let run = Run {
            scenario: scenario.name.clone(),
            policy: PolicyIdentity {
                name: scenario.policy.name().to_owned(),
                digest: scenario.policy.digest().to_owned(),
            },
            start: scenario.start,
            until: scenario.until,
            entries: self.entries,
            incidents: IncidentView::all(&self.engine, &self.opened),
            failures: Vec::new(),
            opened: self.opened,
            policies: self.policies,
        };
        (run, self.refused)
    }

    fn happen(&mut self, index: usize, happening: &Happening) -> Result<(), TooMany> {
        if let What::Reload { policy, severities } = &happening.what {
            let call = Call::Reload { at: happening.at, policy: Arc::clone(policy), severities: severities.clone() };
            if let Some(code) = self.call(call)? {
                self.refused.insert(index, code);
            }
            return Ok(());
        }
        let input = happening.what.input(|reference| self.refer(reference)).or_else(|| self.effect_meant(happening));
        let Some(input) = input else {
            let message = "no effect so far is the one meant".to_owned();
            let help = "compare with what `kentongan simulate` shows".to_owned();
            self.refuse(happening.at, NO_SUCH_EFFECT, message, help);
            self.refused.insert(index, NO_SUCH_EFFECT.to_owned());
            return Ok(());
        };
        if let Some(code) = self.apply(happening.at, input)? {
            self.refused.insert(index, code);
        }
        Ok(())
    }

    /// Hands one input to the engine, and then what the host has to report of it. Gives the code of a refusal.
    fn apply(&mut self, at: Timestamp, input: Input) -> Result<Option<String>, TooMany> {
        self.call(Call::Apply(Entry { at, input }))
    }

    /// Calls the engine once, and then with what the host has to report of it. Gives the code of a refusal.
    fn call(&mut self, call: Call) -> Result<Option<String>, TooMany> {
        let at = call.at();
        let mut queue = VecDeque::from([call]);
        let mut refused = None;
        while let Some(call) = queue.pop_front() {
            self.steps += 1;
            if self.steps > self.steps_max {
                return Err(TooMany);
            }
            self.entries.push(match &call {
                Call::Apply(Entry { input, .. }) => RunEntry::Input { at, input: input.clone() },
                Call::Reload { policy, severities, .. } => {
                    let digest = policy.digest().to_owned();
                    self.policies.insert(digest.clone(), Arc::clone(policy));
                    RunEntry::Reload { at, policy: digest, severities: severities.clone() }
                }
            });
            match call.on(&mut self.engine) {
                Ok(step) => queue.extend(self.take(step).into_iter().map(|input| Call::Apply(Entry { at, input }))),
                Err(rejected) => {
                    let code = rejected.code();
                    self.refuse(at, code, rejected.to_string(), rejected.help());
                    refused = Some(code.to_owned());
                }
            }
        }
        Ok(refused)
    }

    fn refuse(&mut self, at: Timestamp, code: &str, message: String, help: String) {
        self.entries.push(RunEntry::Refusal { at, code: code.to_owned(), message, help });
    }

    /// Records what a step came to, and gives the host's reports on it.
    fn take(&mut self, step: Step) -> Vec<Input> {
        for decision in step.decisions {
            if let (Verdict::Opened { .. }, Some(id)) = (&decision.verdict, &decision.incident) {
                let service = self.engine.incident(id).and_then(|incident| incident.service());
                self.opened.push(Opened { id: id.clone(), service: service.map(str::to_owned) });
            }
            self.entries.push(RunEntry::Decision(decision));
        }
        let mut reports = Vec::new();
        for effect in step.effects {
            reports.extend(self.report(&effect));
            self.entries.push(RunEntry::Effect(effect));
        }
        reports
    }

    /// What the simulated host reports of an effect, if it reports.
    fn report(&self, effect: &Effect) -> Option<Input> {
        if !effect.wants_report() {
            return None;
        }
        let failing = self.scenario.failures.iter().find(|failing| fails(failing, effect));
        let (outcome, detail) = match (failing, self.scenario.delivery) {
            (Some(failing), _) => (Outcome::Failed, failing.detail.clone()),
            (None, Delivery::Delivered) => (Outcome::Delivered, String::new()),
            (None, Delivery::Unreported) => return None,
        };
        Some(Input::Report { effect: effect.id.clone(), outcome, detail, opened_as: None })
    }

    /// The incident that a scenario means: by its number, its service, its id, or the latest.
    fn refer(&self, reference: Option<&Reference>) -> IncidentId {
        let meant = match reference {
            None => self.opened.last(),
            Some(reference) => self
                .opened
                .iter()
                .enumerate()
                .rev()
                .find(|(index, opened)| reference.means(index + 1, opened))
                .map(|(_, opened)| opened),
        };
        meant.map_or_else(
            || IncidentId::from(reference.map_or("#1", |reference| reference.text.as_str())),
            |opened| opened.id.clone(),
        )
    }

    /// The report on the latest effect that is as described.
    fn effect_meant(&self, happening: &Happening) -> Option<Input> {
        let report = happening.what.report()?;
        let incident = report.incident.as_ref().map(|meant| self.refer(Some(meant)));
        let effect = self.entries.iter().rev().find_map(|entry| match entry {
            RunEntry::Effect(effect)
                if incident.as_ref().is_none_or(|incident| effect.incident.as_ref() == Some(incident))
                    && effect.wants_report()
                    && reaches(effect, report.channel.as_deref(), report.to.as_deref()) =>
            {
                Some(effect)
            }
            _ => None,
        });
        let id = match &report.effect {
            Some(id) => EffectId::from(id.as_str()),
            None => effect?.id.clone(),
        };
        let (outcome, detail, opened_as) = (report.outcome, report.detail.clone(), report.opened_as.clone());
        Some(Input::Report { effect: id, outcome, detail, opened_as })
    }
}

fn fails(failing: &FailingDelivery, effect: &Effect) -> bool {
    let kind = match &effect.action {
        Action::OpenChannel { .. } => "open_channel",
        Action::StatusPage { .. } => "status_page",
        _ => "notify",
    };
    failing.kind.as_deref().is_none_or(|wanted| wanted == kind)
        && reaches(effect, failing.channel.as_deref(), failing.to.as_deref())
}

/// Whether an effect goes to somebody on a channel, as far as these are given.
fn reaches(effect: &Effect, channel: Option<&str>, to: Option<&str>) -> bool {
    let (on, receivers): (&str, [&str; 2]) = match &effect.action {
        Action::Notify(notification) => (&notification.channel, [&notification.to, &notification.address]),
        Action::OpenChannel { channel, name, .. } => (channel, [name, name]),
        Action::StatusPage { page, .. } => ("status_page", [page, page]),
        _ => return false,
    };
    channel.is_none_or(|channel| channel == on) && to.is_none_or(|to| receivers.contains(&to))
}

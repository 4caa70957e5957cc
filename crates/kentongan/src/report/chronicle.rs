//! What a journal says of all its incidents: an account of each, in one pass.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::account::Account;
use super::told::Told;
use crate::clock::ClockKind;
use crate::decision::Verdict;
use crate::effect::Action;
use crate::engine::{Engine, Step};
use crate::incident::{Incident, IncidentId};
use crate::input::Input;
use crate::policy::Policy;
use crate::time::Timestamp;

/// An account of every incident of a journal, and what belongs to none.
#[derive(Debug, Clone, Default)]
pub struct Chronicle {
    accounts: BTreeMap<IncidentId, Account>,
    /// The first instant that the journal tells of.
    began: Option<Timestamp>,
    /// The last.
    ended: Option<Timestamp>,
    /// What belongs to no incident: who took over on call, by the name of the hand-off.
    handoffs: BTreeMap<String, HandedOver>,
    /// The policies that were in force, and since when, in order.
    policies: Vec<(Timestamp, Arc<Policy>)>,
}

/// An on-call role that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    /// The role.
    pub role: String,
    /// When.
    pub at: Timestamp,
    /// Whether all of its points were ticked off.
    pub confirmed: bool,
    /// Whether its points were gone through too late, or not at all.
    pub missed: bool,
}

impl Chronicle {
    /// One of which nothing is told yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in one call of the engine: the input, what it came to, and the engine after it.
    ///
    /// Only the accounts of the incidents that the call speaks of are touched.
    pub fn take(&mut self, at: Timestamp, input: &Input, step: &Step, engine: &Engine) {
        self.follow(engine.now().unwrap_or(at), step, engine);
        let mut told = Told::by_incident(step);
        if let Some(named) = input.incident() {
            told.entry(named).or_default();
        }
        for (id, told) in told {
            self.account_of(id).take_told(at, input, &told, engine);
        }
    }

    /// Takes in a reload of the policy: what it came to, the engine after it, and the severities that have another name
    /// since then, `old → new`. What was under an old name is under the new one.
    pub fn take_reload(&mut self, step: &Step, engine: &Engine, severities: &BTreeMap<String, String>) {
        let Some(now) = engine.now() else { return };
        self.follow(now, step, engine);
        let mut told = Told::by_incident(step);
        for id in told.keys().copied().chain(engine.incidents().map(Incident::id)) {
            self.account_of(id);
        }
        for (id, account) in &mut self.accounts {
            account.take_reload(&told.remove(id).unwrap_or_default(), engine, severities);
        }
    }

    fn account_of(&mut self, id: &IncidentId) -> &mut Account {
        self.accounts.entry(id.clone()).or_insert_with(|| Account::new(id.clone()))
    }

    /// What belongs to no incident.
    fn follow(&mut self, now: Timestamp, step: &Step, engine: &Engine) {
        self.began.get_or_insert(now);
        self.ended = self.ended.max(Some(now));
        let policy = engine.policy();
        if self.policies.last().is_none_or(|(_, last)| !Arc::ptr_eq(last, policy)) {
            self.policies.push((now, Arc::clone(policy)));
        }
        for effect in step.effects.iter().filter(|effect| effect.incident.is_none()) {
            match &effect.action {
                Action::Handoff { handoff, role, .. } => {
                    let over = HandedOver { role: role.clone(), at: effect.at, confirmed: false, missed: false };
                    self.handoffs.insert(handoff.clone(), over);
                }
                Action::Breach { clock: ClockKind::Handoff, .. } => {
                    if let Some(over) = self.handoffs.get_mut(effect.id.subject()) {
                        over.missed = true;
                    }
                }
                _ => {}
            }
        }
        for decision in &step.decisions {
            if let Verdict::HandoffConfirmed { handoff, .. } = &decision.verdict
                && let Some(over) = self.handoffs.get_mut(handoff)
            {
                over.confirmed = true;
            }
        }
    }

    /// The policy that was in force at an instant: the one that it begins under before its first instant, and none where
    /// it tells nothing.
    #[must_use]
    pub fn policy_at(&self, at: Timestamp) -> Option<&Arc<Policy>> {
        let since = self.policies.iter().rev().find(|(from, _)| *from <= at);
        since.or_else(|| self.policies.first()).map(|(_, policy)| policy)
    }

    /// The accounts of its incidents, in the order of their ids. What it names and never opened is left out.
    pub fn accounts(&self) -> impl Iterator<Item = (&IncidentId, &Account)> {
        self.accounts.iter().filter(|(_, account)| account.incident.is_some())
    }

    /// The account of one incident.
    #[must_use]
    pub fn account(&self, id: &IncidentId) -> Option<&Account> {
        self.accounts.get(id).filter(|account| account.incident.is_some())
    }

    /// The first instant that the journal tells of; none where it tells nothing.
    #[must_use]
    pub const fn began(&self) -> Option<Timestamp> {
        self.began
    }

    /// The last instant that the journal tells of; none where it tells nothing.
    #[must_use]
    pub const fn ended(&self) -> Option<Timestamp> {
        self.ended
    }

    /// The hand-offs of on-call roles, by their names.
    pub fn handoffs(&self) -> impl Iterator<Item = (&str, &HandedOver)> {
        self.handoffs.iter().map(|(name, over)| (name.as_str(), over))
    }
}

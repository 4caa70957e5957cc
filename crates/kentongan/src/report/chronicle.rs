//! What a journal says of all its incidents: an account of each, in one pass.

use std::collections::{BTreeMap, BTreeSet};

use super::account::Account;
use crate::clock::ClockKind;
use crate::effect::Action;
use crate::engine::{Engine, Step};
use crate::incident::IncidentId;
use crate::input::Input;
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
}

/// An on-call role that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    /// The role.
    pub role: String,
    /// When.
    pub at: Timestamp,
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
        let now = engine.now().unwrap_or(at);
        self.began.get_or_insert(now);
        self.ended = self.ended.max(Some(now));
        let decided = step.decisions.iter().filter_map(|decision| decision.incident.as_ref());
        let asked = step.effects.iter().filter_map(|effect| effect.incident.as_ref());
        let spoken_of: BTreeSet<&IncidentId> = decided.chain(asked).chain(input.incident()).collect();
        for id in spoken_of {
            let account = self.accounts.entry(id.clone()).or_insert_with(|| Account::new(id.clone()));
            account.take(at, input, step, engine);
        }
        for effect in step.effects.iter().filter(|effect| effect.incident.is_none()) {
            match &effect.action {
                Action::Handoff { handoff, role, .. } => {
                    let over = HandedOver { role: role.clone(), at: effect.at, missed: false };
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

//! What a journal says of all its incidents: an account of each, in one pass.

use std::collections::{BTreeMap, BTreeSet};

use super::account::Account;
use crate::effect::{Action, Purpose};
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
    /// When messages went out that belong to no incident, such as those of hand-offs: to whom, and when.
    others: Vec<(String, Timestamp)>,
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
            if let Action::Notify(message) = &effect.action
                && matches!(message.purpose, Purpose::Page | Purpose::Inform | Purpose::Remind)
            {
                self.others.push((message.to.clone(), effect.at));
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

    /// Messages that belong to no incident, such as those of hand-offs: to whom, and when.
    pub fn others(&self) -> impl Iterator<Item = (&str, Timestamp)> {
        self.others.iter().map(|(to, at)| (to.as_str(), *at))
    }
}

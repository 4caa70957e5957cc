//! Who is on call as the engine knows it: the policy's schedules, and who takes over and who is away by what it was
//! told.

use super::Engine;
use crate::oncall::{Coverage, Duty, OnCall, Shift};
use crate::time::Timestamp;

impl Engine {
    /// Who is on call in a role at an instant, whom the engine would page then.
    #[must_use]
    pub fn who(&self, role: &str, at: Timestamp) -> OnCall {
        self.duty(role, at).on_call
    }

    /// Who is on call in a role at an instant, by which layer, and who was passed over.
    #[must_use]
    pub fn duty(&self, role: &str, at: Timestamp) -> Duty {
        self.policy.roster().duty(role, false, at, &self.changes)
    }

    /// Who is next in line behind whoever is on call in a role.
    #[must_use]
    pub fn next_in_line(&self, role: &str, at: Timestamp) -> OnCall {
        self.policy.roster().duty(role, true, at, &self.changes).on_call
    }

    /// The next instant at which [`Engine::who`] answers otherwise.
    #[must_use]
    pub fn next_change(&self, role: &str, after: Timestamp) -> Option<Timestamp> {
        self.policy.roster().next_change(role, after, &self.changes)
    }

    /// The shifts of a role between two instants, gaps included.
    #[must_use]
    pub fn shifts(&self, role: &str, from: Timestamp, to: Timestamp) -> Vec<Shift> {
        self.policy.roster().shifts(role, from, to, &self.changes)
    }

    /// Who is on call in a role between two instants.
    #[must_use]
    pub fn coverage(&self, role: &str, from: Timestamp, to: Timestamp) -> Coverage {
        self.policy.roster().coverage(role, from, to, &self.changes)
    }
}

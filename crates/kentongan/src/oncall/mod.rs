//! Who is on call, asked at an instant. A schedule always answers: people, or an explicit gap with a reason.

use crate::time::Timestamp;

/// The answer to "who is on call at this instant?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnCall {
    /// These people, the first choice first.
    People(Vec<String>),
    /// Nobody, and why.
    Gap {
        /// Why nobody is.
        reason: String,
    },
}

/// Who is on call for one role over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    people: Vec<String>,
}

impl Schedule {
    /// The same people at all times.
    #[must_use]
    pub fn fixed(people: Vec<String>) -> Self {
        Self { people }
    }

    /// Who is on call at an instant.
    #[must_use]
    pub fn who(&self, _at: Timestamp) -> OnCall {
        if self.people.is_empty() {
            return OnCall::Gap { reason: "the list is empty".to_owned() };
        }
        OnCall::People(self.people.clone())
    }

    /// The next instant at which the answer differs; `None` where it never does.
    #[must_use]
    pub fn next_change(&self, _after: Timestamp) -> Option<Timestamp> {
        None
    }
}

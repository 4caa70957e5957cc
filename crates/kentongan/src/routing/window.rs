//! Windows: the hours in which people are told, and what becomes of a message outside them.

use chrono::TimeDelta;

use crate::calendar::Calendar;
use crate::limits;
use crate::policy::Policy;
use crate::policy::document::Otherwise;
use crate::time::Timestamp;

/// The hours in which a route, a level or a severity tells people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) calendar: String,
    /// Whether the hours of the calendar are meant, or all others.
    pub(crate) inside: bool,
    pub(crate) otherwise: Otherwise,
}

impl Window {
    /// The first instant at or after another at which people are told: itself, while the window is open. It is never
    /// further away than what is held may wait, whatever the calendar says: nothing is held for ever.
    pub(crate) fn opens(&self, policy: &Policy, at: Timestamp) -> Timestamp {
        let Some(calendar) = policy.calendar(&self.calendar) else { return at };
        let latest = latest(at);
        if self.inside { calendar.next_opening(at).min(latest) } else { closed(calendar, at, latest) }
    }

    /// The next time it opens after an instant; `None` where it does not close for as long as anything may be held.
    pub(crate) fn opens_next(&self, policy: &Policy, after: Timestamp) -> Option<Timestamp> {
        let calendar = policy.calendar(&self.calendar)?;
        let latest = latest(after);
        let closes = if self.inside { closed(calendar, after, latest) } else { calendar.next_opening(after) };
        (closes < latest).then(|| self.opens(policy, closes))
    }
}

/// The first instant at or after another that is no time of a calendar, up to a latest one.
fn closed(calendar: &Calendar, mut at: Timestamp, latest: Timestamp) -> Timestamp {
    // One stretch may follow at once upon another.
    while at < latest && calendar.is_open(at) {
        at = calendar.next_closing(at);
    }
    at.min(latest)
}

fn latest(at: Timestamp) -> Timestamp {
    at.checked_add_signed(TimeDelta::days(limits::HOLD_DAYS_MAX)).unwrap_or(at)
}

//! From a policy's routes to addresses: who a name stands for at this instant, and what they are told.

mod holder;
mod message;
mod public;
mod recipient;
mod window;

pub(crate) use holder::{holders, holders_may_change};
pub(crate) use message::{MessageFacts, Messages, Rendered, TemplateError, one_line, refused, shorten};
pub(crate) use public::{NO_IMPACT, PublicFacts};
pub(crate) use recipient::{Contact, Recipient, Way, contacts, contacts_of_people, contacts_of_route, names};
pub(crate) use window::Window;

use crate::policy::document::Occasion;
use crate::rules::Condition;
use crate::time::Duration;

/// A compiled route: one channel, whom it reaches, and on which occasions.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) channel: String,
    pub(crate) to: Vec<Recipient>,
    pub(crate) on: Vec<Occasion>,
    pub(crate) when: Option<Condition>,
    pub(crate) window: Option<Window>,
    pub(crate) throttle: Option<Throttle>,
    /// Where the policy says so, as a path.
    pub(crate) entry: String,
}

/// How often a route tells people of one incident at the most.
#[derive(Debug)]
pub(crate) struct Throttle {
    pub(crate) every: Duration,
    /// Without it there is no throttle.
    pub(crate) when: Option<Condition>,
}

impl Route {
    /// Whether it pages people when an incident opens: on the channel by which its severity escalates.
    pub(crate) fn pages(&self, escalate_by: &str) -> bool {
        self.channel == escalate_by && self.on.contains(&Occasion::Open)
    }
}

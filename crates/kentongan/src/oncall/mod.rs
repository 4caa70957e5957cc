//! Who is on call, asked at an instant. The answer is total: people, or an explicit gap with a reason. A role that the
//! policy does not have is a gap, too, whose reason says which may be meant: whoever asks in the night, maybe after a
//! reload that gave the role another name, has an answer.
//!
//! A [`Schedule`] has layers, of which a later one wins where it has somebody. A layer is a rotation or a list of
//! shifts, in some hours of the week or all. On top come swaps, days off and overrides, and what the engine was told
//! at run time. Three rules hold everywhere:
//!
//! - **The line.** Whoever's turn it is stands first, then the turns after it in their order. Somebody who takes over
//!   stands before them, and the turn they take over goes to the end. Who is away or has left is passed over, and a
//!   turn that is thereby empty, too. The first who is left is on call; a role that is `next_of` another is the next
//!   in the same line who is not on call in the other.
//! - **The wall clock.** Lengths of turns, hours and dates are read on the clock of the schedule's zone, so a 09:00
//!   hand-off stays at 09:00 when the clock is changed. What begins in a gap begins right after it; in an hour that
//!   comes twice a beginning is the first and an end the last, so turns tile time.
//! - **Edges, not samples.** [`Schedule::next_change`], [`Schedule::shifts`] and [`Schedule::coverage`] go from edge to
//!   edge, so they are exact.
//!
//! ```
//! use kentongan::{Policy, Timestamp};
//!
//! let policy = Policy::from_yaml(r#"
//! policy: shop
//! timezone: America/Chicago
//! people: { ana: { contacts: { pager: ana-1 } }, ben: { contacts: { pager: ben-1 } } }
//! on_call:
//!   primary: { schedule: platform }
//!   secondary: { next_of: primary }
//! schedules:
//!   platform:
//!     layers:
//!       - rotation: { every: 1 week, handoff: "mon 09:00", start: 2024-10-07, people: [ana, ben] }
//! severities: { high: { definition: down, escalation: standard } }
//! classify: [ { default: high } ]
//! escalation: { standard: [ { notify: on-call.primary }, { notify: on-call.secondary, after: 15m } ] }
//! last_resort: [ { pager: ana } ]
//! "#)?;
//! let platform = policy.schedule("platform").ok_or("the policy has it")?;
//!
//! // On 3 November 2024 the clocks of Chicago went back: the hand-off is at 09:00 on either side.
//! let sunday: Timestamp = "2024-11-03T12:00:00Z".parse()?;
//! assert_eq!(platform.who(sunday).people(), ["ben"]);
//! assert_eq!(platform.next_change(sunday), Some("2024-11-04T15:00:00Z".parse()?));
//! assert_eq!(policy.who("secondary", sunday).people(), ["ana"]);
//!
//! let coverage = platform.coverage("2024-10-07T14:00:00Z".parse()?, "2024-11-04T15:00:00Z".parse()?);
//! assert!(coverage.is_whole());
//! assert_eq!(coverage.shifts.len(), 4);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod changes;
mod handoff;
mod intervals;
mod layer;
mod overrides;
mod reading;
mod restriction;
mod roster;
mod rotation;
mod schedule;
mod shift;
mod takeovers;
mod walk;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use changes::{Change, ChangeKind, Changes};
pub use handoff::Handoff;
pub(crate) use handoff::{HandoffTimer, Watch};
pub(crate) use reading::{Refused, Step, Surroundings};
pub use roster::{Duty, PassedOver};
pub(crate) use roster::{Post, Roster};
pub(crate) use schedule::Departures;
pub use schedule::Schedule;
pub use shift::{Coverage, Shift};

/// The answer to "who is on call at this instant?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnCall {
    /// These people, the first choice first.
    People(Vec<String>),
    /// Nobody, and why.
    Gap {
        /// Why nobody is.
        reason: String,
    },
}

impl OnCall {
    /// The people, the first choice first; none in a gap.
    #[must_use]
    pub fn people(&self) -> &[String] {
        match self {
            Self::People(people) => people,
            Self::Gap { .. } => &[],
        }
    }
}

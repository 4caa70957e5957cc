//! The incident engine.
#![forbid(unsafe_code)]
pub mod alert;
pub mod calendar;
pub mod clock;
pub mod decision;
pub mod effect;
mod engine;
mod error;
mod escalation;
pub mod incident;
pub mod input;
pub mod journal;
pub mod limits;
pub mod oncall;
mod outbox;
pub mod policy;
mod routing;
mod rules;
mod snapshot;
pub mod source;
pub mod time;

pub use alert::{Alert, AlertStatus};
pub use clock::ClockKind;
pub use decision::{Decision, Verdict};
pub use effect::{Action, Cause, Effect, EffectId, Notification, PublicStatus, Purpose, Trigger};
pub use engine::{Engine, Step};
pub use error::{Refusal, Rejected, RestoreError};
pub use incident::{Event, Incident, IncidentId, State};
pub use input::{Input, Outcome};
pub use journal::Entry;
pub use policy::{Policy, PolicyError};
pub use rules::{Classification, Fault, RunnerUp};
pub use snapshot::{SNAPSHOT_FORMAT, Snapshot};
pub use time::{Duration, InvalidDuration, Timestamp};

//! The incident engine.
#![forbid(unsafe_code)]
pub mod alert;
pub mod calendar;
pub mod clock;
pub mod decision;
pub mod effect;
mod escalation;
pub mod incident;
pub mod input;
pub mod limits;
pub mod oncall;
mod outbox;
pub mod policy;
mod routing;
mod rules;
pub mod source;
pub mod time;

pub use alert::{Alert, AlertStatus};
pub use policy::{Policy, PolicyError};
pub use rules::{Classification, Fault, RunnerUp};
pub use time::{Duration, InvalidDuration, Timestamp};

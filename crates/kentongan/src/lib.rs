//! The incident engine.
pub mod alert;
pub mod limits;
pub mod source;
pub mod time;

pub use alert::{Alert, AlertStatus};
pub use time::{Duration, InvalidDuration, Timestamp};

//! Documents that are written from a journal: what nobody should have to type stands in them already.

mod account;
mod chronicle;
mod course;
mod markdown;
pub mod metrics;
mod periodic;
mod postmortem;
mod template;

pub use account::{Account, Call, Page, Paged, Promise, Stretch};
pub use chronicle::{Chronicle, HandedOver};
pub use course::{ClockRun, Course, Mark, MarkKind, RunEnd, Standstill};
pub use postmortem::postmortem;
pub use template::DocumentError;

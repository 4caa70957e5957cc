//! Documents that are written from a journal, and of an engine as it stands: what nobody should have to type stands in
//! them already. Their templates can be replaced by the policy (`documents`).

mod account;
mod calls;
mod chronicle;
mod course;
mod documents;
mod fields;
mod findings;
mod handoff;
mod incident;
mod markdown;
pub mod metrics;
mod periodic;
mod postmortem;
mod public;
mod template;
mod told;
pub(crate) mod words;

pub use account::{Account, Promise, Stretch, Unseen};
pub use calls::{Call, Page};
pub use chronicle::{Chronicle, HandedOver};
pub use course::{ClockRun, Course, Mark, MarkKind, RunEnd, Standstill};
pub(crate) use documents::Documents;
pub use documents::{Document, DocumentError, Templates};
pub use handoff::handoff;
pub use incident::{status_update, topic};
pub use postmortem::postmortem;
pub use public::public_update;
pub use words::named;

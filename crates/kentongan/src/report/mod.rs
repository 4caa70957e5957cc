//! Documents that are written from a journal: what nobody should have to type stands in them already.

mod account;
mod chronicle;
mod markdown;
mod postmortem;

pub use account::{Account, Page, Promise, Stretch};
pub use chronicle::Chronicle;
pub use postmortem::{DocumentError, postmortem};

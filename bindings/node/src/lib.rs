//! The native half of the Node package: it converts values and calls the engine.
//!
//! What a user of the package reads and calls is written in `ts/`, over these classes. Nothing here is meant for users:
//! data cross the border as JSON text, in the shapes that serde gives them in every language, and instants as
//! milliseconds. The comments of exported items become those of `native.d.ts`.

#![expect(clippy::needless_pass_by_value, reason = "what comes from JavaScript is owned by the call")]

mod batch;
mod calendar;
mod cells;
mod columns;
mod engine;
mod escape;
mod history;
mod ics;
mod incident;
mod job;
mod journal;
mod lab;
mod layout;
mod lines;
mod names;
mod pages;
mod policy;
mod problem;
mod question;
mod records;
mod rulings;
mod scan;
mod schedule;
mod shared;
mod step;

use mimalloc::MiMalloc;
use napi_derive::napi;

/// What a thread frees costs another one nothing. The system's allocator gathers small pieces, and whoever frees a larger one next
/// puts all of them together: after a step of a hundred thousand incidents JavaScript's thread stood still for seconds.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The version of the engine, which is the version of this package.
#[napi]
#[must_use]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

//! The native half of the Node package: it converts values and calls the engine.
//!
//! The comments of exported items become those of `index.d.ts`.

use napi_derive::napi;

/// The version of the engine, which is the version of this package.
#[napi]
#[must_use]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

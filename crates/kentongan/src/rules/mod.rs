//! Conditions of a policy: rhai expressions over facts, run in a sandbox, and the rules that classify alerts by them.

mod classify;
mod facts;
mod profile;
mod sandbox;
mod syntax;

pub use classify::{Classification, Fault, RunnerUp};

pub(crate) use classify::{Rule, Rules};
pub(crate) use facts::{Facts, IncidentFacts, Sight};
pub(crate) use sandbox::{Condition, Sandbox, ScriptError};

//! Conditions of a policy: rhai expressions over facts, lowered to native form or run in a sandbox, and the rules that
//! classify alerts by them.

#[cfg(test)]
mod agreement;
mod batch;
mod calls;
mod classify;
mod condition;
mod explain;
mod expression;
mod facts;
mod failure;
mod functions;
mod index;
mod network;
mod profile;
mod remark;
mod review;
mod row;
mod sandbox;
mod syntax;
mod test;
mod value;
mod walk;
mod words;

pub use batch::{Classifier, Ruling};
pub use classify::{Classification, Fault, RunnerUp};
pub use condition::ConditionForm;
pub use explain::{Explanation, RuleAccount, Says};
pub use facts::FactValue;

pub(crate) use classify::{Rule, Rules};
pub(crate) use condition::Condition;
pub(crate) use facts::{Elapsed, Facts, IncidentFacts, Names, Sight, Values, View};
pub(crate) use remark::Remark;
pub(crate) use review::{Finding, review};
pub(crate) use sandbox::{Sandbox, ScriptError};

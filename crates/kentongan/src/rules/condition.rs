//! A condition of a policy, compiled: in native form, or as a script for the sandbox.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use rhai::AST;
use serde::Serialize;

use super::expression::Expression;
use super::facts::{Catalogue, Meaning, Sight, Slot};
use super::remark::{Remark, remarks};
use super::syntax::Unlowered;

/// How a condition of a policy runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConditionForm {
    /// Where it stands in the policy, `classify[3].when`.
    pub entry: String,
    /// The line of the policy's file; none where the policy was built as data.
    pub line: Option<usize>,
    /// Why it runs as a script; none where it runs in native form.
    pub script: Option<String>,
}

/// A compiled condition.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(super) source: Box<str>,
    pub(super) sight: Sight,
    pub(super) form: Form,
    /// As the interpreter reads it, once it has failed in native form.
    script: OnceLock<Box<AST>>,
    /// What stands in it for calls of the script's functions, in words, and the calls.
    spelt: Box<[(String, String)]>,
    reads: Box<[Reading]>,
    roles: Box<[String]>,
}

#[derive(Debug, Clone)]
pub(super) enum Form {
    /// Run without rhai.
    Native(Expression),
    /// Run by rhai, with the functions of the policy's script merged in.
    Script { ast: Box<AST>, why: Unlowered },
}

/// Something that a condition reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reading {
    Fact(Slot),
    /// A map of facts as a whole, by its path.
    Map(Box<str>),
}

impl Condition {
    pub(super) fn new(
        source: &str,
        sight: Sight,
        form: Form,
        spelt: Box<[(String, String)]>,
        paths: &[Vec<String>],
        catalogue: &mut Catalogue,
    ) -> Self {
        let reads: BTreeSet<Reading> = match &form {
            Form::Native(expression) => {
                let mut slots = BTreeSet::new();
                expression.slots(&mut slots);
                slots.into_iter().map(Reading::Fact).collect()
            }
            Form::Script { .. } => paths
                .iter()
                .filter_map(|path| match sight.meaning(path) {
                    Meaning::Nothing => None,
                    Meaning::Map => Some(Reading::Map(path.join(".").into())),
                    Meaning::Fact { .. } => catalogue.slot(path).map(|(slot, _)| Reading::Fact(slot)),
                })
                .collect(),
        };
        let roles: BTreeSet<String> = paths.iter().flat_map(|path| catalogue.roles_of(path)).cloned().collect();
        let (reads, roles) = (reads.into_iter().collect(), roles.into_iter().collect());
        Self { source: source.into(), sight, form, script: OnceLock::new(), spelt, reads, roles }
    }

    /// What it reads, each once.
    pub(super) fn reads(&self) -> &[Reading] {
        &self.reads
    }

    /// As the interpreter reads it, where that was [kept](Self::keep).
    pub(super) fn kept(&self) -> Option<&AST> {
        self.script.get().map(|script| &**script)
    }

    /// Keeps it as the interpreter reads it. `false` if somebody else has just done that.
    pub(super) fn keep(&self, script: AST) -> bool {
        self.script.set(Box::new(script)).is_ok()
    }

    /// The roles of which it asks who is on call.
    pub(crate) fn roles(&self) -> &[String] {
        &self.roles
    }

    /// Why it runs as a script, where it does.
    pub(crate) fn script(&self) -> Option<&str> {
        match &self.form {
            Form::Native(_) => None,
            Form::Script { why, .. } => Some(&why.reason),
        }
    }

    /// What in it can be told to mean something else than its author thinks. Of a script nothing can.
    pub(crate) fn remarks(&self, catalogue: &Catalogue) -> Vec<Remark> {
        self.native().map(|expression| remarks(expression, &self.spelt, catalogue)).unwrap_or_default()
    }

    /// The native form, where it has one.
    pub(super) fn native(&self) -> Option<&Expression> {
        match &self.form {
            Form::Native(expression) => Some(expression),
            Form::Script { .. } => None,
        }
    }
}

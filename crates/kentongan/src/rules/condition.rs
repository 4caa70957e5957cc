//! A condition of a policy, compiled: in native form, or as a script for the sandbox.

use std::collections::BTreeSet;

use rhai::AST;

use super::expression::Expression;
use super::facts::{Catalogue, Meaning, Sight, Slot};
use super::syntax::Unlowered;

/// A compiled condition.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(super) source: Box<str>,
    pub(super) sight: Sight,
    pub(super) form: Form,
    reads: Box<[Reading]>,
}

#[derive(Debug, Clone)]
pub(super) enum Form {
    /// Run without rhai.
    Native(Expression),
    /// Run by rhai, with the functions of the policy's script merged in.
    Script {
        ast: Box<AST>,
        #[expect(dead_code, reason = "`check` is to tell it")]
        why: Unlowered,
    },
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
        Self { source: source.into(), sight, form, reads: reads.into_iter().collect() }
    }

    /// What it reads, each once.
    pub(super) fn reads(&self) -> &[Reading] {
        &self.reads
    }

    /// The native form, where it has one.
    pub(super) fn native(&self) -> Option<&Expression> {
        match &self.form {
            Form::Native(expression) => Some(expression),
            Form::Script { .. } => None,
        }
    }
}

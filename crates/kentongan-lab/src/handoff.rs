//! A hand-off as readers of any language see it.

use std::collections::BTreeMap;

use kentongan::oncall::Handoff;
use kentongan::{Deed, Engine, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

/// One hand-off of an on-call role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HandoffView {
    /// Its name: the role, the local date and a count, `handoff-primary-20261130-7`.
    pub id: String,
    /// The role that is handed over.
    pub role: String,
    /// When.
    pub at: Timestamp,
    /// Who goes off.
    pub from: Vec<String>,
    /// Who comes on; nobody, where a gap begins.
    pub to: Vec<String>,
    /// The points that are ticked off, by whom and when.
    pub ticked: BTreeMap<String, Deed>,
    /// When the last point was ticked off.
    pub confirmed_at: Option<Timestamp>,
}

impl HandoffView {
    /// The latest hand-off of each role that an engine knows, for a host that shows them.
    #[must_use]
    pub fn list(engine: &Engine) -> Vec<Self> {
        engine.handoffs().map(Self::of).collect()
    }

    fn of(handoff: &Handoff) -> Self {
        Self {
            id: handoff.id().to_owned(),
            role: handoff.role().to_owned(),
            at: handoff.at(),
            from: handoff.from().to_vec(),
            to: handoff.to().to_vec(),
            ticked: handoff.ticked().map(|(point, deed)| (point.to_owned(), deed.clone())).collect(),
            confirmed_at: handoff.confirmed_at(),
        }
    }
}

//! What one call of the engine says of each incident: sorted once, since a call can speak of a hundred thousand of them.

use std::collections::BTreeMap;

use crate::decision::{Decision, Verdict};
use crate::effect::Effect;
use crate::engine::Step;
use crate::incident::IncidentId;

/// What one call says of one incident, in order.
#[derive(Debug, Default)]
pub(super) struct Told<'a> {
    /// What was decided under the policy that was in force before the call.
    pub before: Vec<&'a Decision>,
    /// What was decided after another policy had taken over.
    pub after: Vec<&'a Decision>,
    /// What it asks for.
    pub effects: Vec<&'a Effect>,
}

impl<'a> Told<'a> {
    /// What a call says, by incident; only incidents that it speaks of are there.
    pub(super) fn by_incident(step: &'a Step) -> BTreeMap<&'a IncidentId, Self> {
        let mut told = BTreeMap::<_, Self>::new();
        let mut changed = false;
        for decision in &step.decisions {
            if let Verdict::PolicyChanged { .. } = decision.verdict {
                changed = true;
            } else if let Some(id) = &decision.incident {
                let told = told.entry(id).or_default();
                if changed { &mut told.after } else { &mut told.before }.push(decision);
            }
        }
        for effect in &step.effects {
            if let Some(id) = &effect.incident {
                told.entry(id).or_default().effects.push(effect);
            }
        }
        told
    }

    /// What was decided, in order.
    pub(super) fn decisions(&self) -> impl Iterator<Item = &'a Decision> {
        self.before.iter().chain(&self.after).copied()
    }
}

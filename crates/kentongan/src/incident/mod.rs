//! An incident: what is wrong, where it stands, what has been promised, and who has been told.

mod held;
mod id;
mod impact;
mod kin;
mod opening;
mod public;
mod quiet;
mod roles;
mod said;
mod timer;
mod transition;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::alert::{Alert, AlertStatus};
use crate::clock::{Clock, ClockKind};
use crate::effect::EffectId;
use crate::escalation::Climb;
use crate::outbox::Pending;
use crate::policy::Policy;
use crate::postmortem::{Postmortem, Told};
use crate::routing::Way;
use crate::time::{Duration, Timestamp};

pub(crate) use held::Held;
pub use id::IncidentId;
pub(crate) use id::slug;
pub use impact::{Impact, Scope, Urgency};
pub(crate) use kin::Kin;
pub use public::{PublicPage, PublicPost, StatusUpdate};
pub use quiet::Snoozed;
pub(crate) use quiet::{Mute, Muted};
pub(crate) use roles::RoleWatch;
pub use roles::{RoleHolder, RoleState};
pub(crate) use said::{SaidAs, SaidInside};
pub(crate) use timer::Timer;
pub use transition::{Event, State, Transition, diagram, transition};

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deed {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Why the clocks of an incident stand still, and for how long at the most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    /// Who let them.
    pub by: String,
    /// Since when.
    pub at: Timestamp,
    /// When they go on by themselves.
    pub until: Timestamp,
    /// What is waited for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// Everything the engine knows of one incident.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    pub(crate) id: IncidentId,
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) because: String,
    pub(crate) severity: String,
    /// The worst that it has had.
    pub(crate) worst: String,
    /// The worst severity that its alerts were classified as. What is no worse than it is no news, and does not undo
    /// what a person has set.
    pub(crate) classified: String,
    pub(crate) state: State,
    pub(crate) opened_at: Timestamp,
    /// When its present life began: it opened, or opened again. Promises and levels count from here.
    pub(crate) since: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) acknowledged: Option<Deed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) responded: Option<Deed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) declared: Option<Deed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) resolved: Option<Deed>,
    /// What whoever resolved it said last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) closing_note: Option<String>,
    /// How somebody knows that it was a false alarm, if it ended as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) false_alarm: Option<String>,
    /// Whether it was over before, as one that there was. What happened then stays, whatever opened it again.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) real_before: bool,
    /// Whether it is a drill.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) drill: bool,
    /// Where it stands to others.
    #[serde(default, skip_serializing_if = "Kin::is_none")]
    pub(crate) kin: Kin,
    /// The alert that conditions read: the one that gave the incident its severity.
    pub(crate) alert: Alert,
    /// Every alert that belongs to it.
    pub(crate) alerts: BTreeMap<String, AlertStatus>,
    pub(crate) clocks: BTreeMap<ClockKind, Clock>,
    /// Since when, and until when, its clocks stand still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) paused: Option<Paused>,
    /// Until when somebody has put it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) snoozed: Option<Snoozed>,
    /// What keeps people from being told of it at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) muted: Option<Muted>,
    pub(crate) climb: Climb,
    /// The messages whose hours have not come.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) held: Vec<Held>,
    /// When each route that has a throttle last told anybody.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) routes_told: BTreeMap<String, Timestamp>,
    /// The channel that was opened for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) channel: Option<Way>,
    /// Everybody who was paged for it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) told: BTreeSet<String>,
    /// Whether an alarm is known to have arrived anywhere.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) heard: bool,
    /// What the public has been told in its present life.
    #[serde(default)]
    pub(crate) public: PublicTold,
    /// When the condition for telling the public is asked again because time alone may have changed its answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) public_asked_at: Option<Timestamp>,
    /// What has been found out of its impact.
    #[serde(default, skip_serializing_if = "Impact::is_unknown")]
    pub(crate) impact: Impact,
    /// What is learnt from it, once that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) postmortem: Option<Box<Postmortem>>,
    /// When somebody was last reminded of that.
    #[serde(default, skip_serializing_if = "Told::is_empty")]
    pub(crate) postmortem_told: Told,
    /// Whether it is known to be one.
    #[serde(default, skip_serializing_if = "Verification::is_needless")]
    pub(crate) verification: Verification,
    /// The points of the closing checklist that somebody has gone through.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) checklist: BTreeMap<String, Deed>,
    /// The latest status update.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status_update: Option<StatusUpdate>,
    /// What else was said inside, which a text for the public must not repeat.
    #[serde(default, skip_serializing_if = "SaidInside::is_empty")]
    pub(crate) said_inside: SaidInside,
    /// What the public has been told.
    #[serde(default, skip_serializing_if = "PublicPage::is_empty")]
    pub(crate) public_page: PublicPage,
    /// Its roles, where they are not simply as the policy has them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) roles: BTreeMap<String, RoleState>,
    /// Who held them when that was last looked at.
    #[serde(default, skip_serializing_if = "RoleWatch::is_empty")]
    pub(crate) role_watch: RoleWatch,
    /// The addresses, by channel, that could not be reached; somebody has been asked to tell them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) unreachable: BTreeSet<Way>,
    /// The entries of the policy that have failed on it; each is told once.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) faults: BTreeSet<String>,
    /// The last sign of life from a person or from monitoring.
    pub(crate) active_at: Timestamp,
    /// When those at work were last reminded of it.
    pub(crate) reminded_at: Timestamp,
    /// Whether more alerts joined than are told apart: then it does not resolve by itself.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) untracked: bool,
    pub(crate) next_effect: u64,
    pub(crate) outbox: BTreeMap<u64, Pending>,
}

/// Whether an incident is known to be one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verification {
    /// Its source needs no verifying.
    #[default]
    Needless,
    /// Its source has to be verified, and nobody has.
    Awaited,
    /// Somebody has.
    Done(Deed),
}

impl Verification {
    fn is_needless(&self) -> bool {
        *self == Self::Needless
    }
}

/// What the public has been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PublicTold {
    /// Nothing.
    #[default]
    Nothing,
    /// A notice was handed to the host.
    Posted,
    /// A notice is known to have been published.
    Told,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Incident {
    /// Its name.
    #[must_use]
    pub fn id(&self) -> &IncidentId {
        &self.id
    }

    /// What it is grouped by.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Has that severity from now on, which may be the worst that it has had.
    pub(crate) fn take_severity(&mut self, policy: &Policy, to: &str) {
        to.clone_into(&mut self.severity);
        self.note_worst(policy, to);
    }

    /// It has had that severity, by itself or as what was merged into it.
    pub(crate) fn note_worst(&mut self, policy: &Policy, had: &str) {
        let rank = |name: &str| policy.severity(name).map_or(usize::MAX, |severity| severity.index.0);
        if self.worst.is_empty() || rank(had) < rank(&self.worst) {
            had.clone_into(&mut self.worst);
        }
    }

    /// One line for people.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The service it is about.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        self.alert.service.as_deref()
    }

    /// Its severity, as the policy names it.
    #[must_use]
    pub fn severity(&self) -> &str {
        &self.severity
    }

    /// Where it is in its life.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// When it opened.
    #[must_use]
    pub fn opened_at(&self) -> Timestamp {
        self.opened_at
    }

    /// Who took it, and when.
    #[must_use]
    pub fn acknowledged(&self) -> Option<&Deed> {
        self.acknowledged.as_ref()
    }

    /// Who began to work on it, and when.
    #[must_use]
    pub fn responded(&self) -> Option<&Deed> {
        self.responded.as_ref()
    }

    /// Who declared it, and when.
    #[must_use]
    pub fn declared(&self) -> Option<&Deed> {
        self.declared.as_ref()
    }

    /// Who resolved it, and when.
    #[must_use]
    pub fn resolved(&self) -> Option<&Deed> {
        self.resolved.as_ref()
    }

    /// The last word of whoever ended it: the final update, or how they know that it was a false alarm.
    #[must_use]
    pub fn final_update(&self) -> Option<&str> {
        self.closing_note.as_deref().or(self.false_alarm.as_deref())
    }

    /// Whether it ended as a false alarm.
    #[must_use]
    pub fn is_false_alarm(&self) -> bool {
        self.false_alarm.is_some()
    }

    /// Whether it is a drill: everybody is told so, the public hears nothing, and reports leave it out.
    #[must_use]
    pub fn is_drill(&self) -> bool {
        self.drill
    }

    /// What has been found out of its impact.
    #[must_use]
    pub fn impact(&self) -> &Impact {
        &self.impact
    }

    /// Whether it needs a post-mortem, as far as the policy's rules were asked and nobody has waived it.
    #[must_use]
    pub fn postmortem_required(&self) -> bool {
        self.postmortem.as_ref().is_some_and(|postmortem| postmortem.waived.is_none())
    }

    /// Its post-mortem, as far as it is written, once one was asked for.
    #[must_use]
    pub fn postmortem(&self) -> Option<&Postmortem> {
        self.postmortem.as_deref()
    }

    /// Whether it is known to be one: somebody has verified it, or its source needs no verifying.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verification != Verification::Awaited
    }

    /// Who verified it.
    #[must_use]
    pub fn verified(&self) -> Option<&Deed> {
        match &self.verification {
            Verification::Done(deed) => Some(deed),
            Verification::Needless | Verification::Awaited => None,
        }
    }

    /// The points of the closing checklist that somebody has gone through, by id.
    pub fn checked(&self) -> impl Iterator<Item = (&str, &Deed)> {
        self.checklist.iter().map(|(item, deed)| (item.as_str(), deed))
    }

    /// The latest status update.
    #[must_use]
    pub fn status_update(&self) -> Option<&StatusUpdate> {
        self.status_update.as_ref()
    }

    /// What the public has been told of it.
    #[must_use]
    pub fn public_page(&self) -> &PublicPage {
        &self.public_page
    }

    /// One of its clocks, if the severity has such a promise.
    #[must_use]
    pub fn clock(&self, kind: ClockKind) -> Option<&Clock> {
        self.clocks.get(&kind)
    }

    /// Why its clocks stand still, if they do.
    #[must_use]
    pub fn paused(&self) -> Option<&Paused> {
        self.paused.as_ref()
    }

    /// Until when somebody has put it off, if they have.
    #[must_use]
    pub fn snoozed(&self) -> Option<&Snoozed> {
        self.snoozed.as_ref()
    }

    /// The incident that hides it for now, by an inhibition of the policy.
    #[must_use]
    pub fn inhibited_by(&self) -> Option<&IncidentId> {
        match &self.muted.as_ref()?.by {
            Mute::Inhibition { source, .. } => Some(source),
            Mute::Silence { .. } | Mute::GroupWait => None,
        }
    }

    /// Until when people are kept from being told of it: it is snoozed, hidden by a silence or by another incident, or
    /// waits for its group.
    #[must_use]
    pub fn quiet_until(&self) -> Option<Timestamp> {
        let snoozed = self.snoozed.as_ref().map(|snoozed| snoozed.until);
        snoozed.into_iter().chain(self.muted.as_ref().map(|muted| muted.until)).max()
    }

    /// Its alerts by key, and whether each fires.
    pub fn alerts(&self) -> impl Iterator<Item = (&str, AlertStatus)> {
        self.alerts.iter().map(|(key, status)| (key.as_str(), *status))
    }

    /// How many of its alerts fire now.
    #[must_use]
    pub fn firing(&self) -> usize {
        self.alerts.values().filter(|status| **status == AlertStatus::Firing).count()
    }

    /// The name of the channel that was opened for it.
    #[must_use]
    pub fn channel(&self) -> Option<&str> {
        self.channel.as_ref().map(|way| way.address.as_str())
    }

    /// Everybody who was paged for it.
    pub fn told(&self) -> impl Iterator<Item = &str> {
        self.told.iter().map(String::as_str)
    }

    /// The effects whose outcome the host has not reported.
    pub fn pending(&self) -> impl Iterator<Item = &crate::effect::Effect> {
        self.outbox.values().map(|pending| &pending.effect)
    }

    /// Who has taken it or works on it, the one at work first.
    pub(crate) fn workers(&self) -> Vec<String> {
        let mut workers: Vec<String> = Vec::new();
        for deed in [&self.responded, &self.acknowledged].into_iter().flatten() {
            if !workers.contains(&deed.by) {
                workers.push(deed.by.clone());
            }
        }
        workers
    }

    pub(crate) fn elapsed(&self, at: Timestamp) -> Duration {
        Duration::between(self.since, at)
    }

    pub(crate) fn pending_mut(&mut self, effect: &EffectId) -> Option<(u64, &mut Pending)> {
        self.outbox
            .iter_mut()
            .find(|(_, pending)| pending.effect.id == *effect)
            .map(|(number, pending)| (*number, pending))
    }
}

//! An incident: what is wrong, where it stands, what has been promised, and who has been told.

mod held;
mod impact;
mod kin;
mod opening;
mod public;
mod quiet;
mod roles;
mod transition;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::Datelike;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::alert::{Alert, AlertStatus};
use crate::calendar::Zone;
use crate::clock::{Clock, ClockKind, Mark};
use crate::effect::EffectId;
use crate::escalation::{Climb, Rung};
use crate::outbox::Pending;
use crate::policy::Policy;
use crate::postmortem::{Postmortem, PostmortemTimer, Told};
use crate::routing::Way;
use crate::time::{Duration, Timestamp};

pub(crate) use held::Held;
pub use impact::{Impact, Scope, Urgency};
pub(crate) use kin::Kin;
pub use public::{PublicPage, PublicPost, StatusUpdate};
pub use quiet::Snoozed;
pub(crate) use quiet::{Mute, Muted};
pub(crate) use roles::RoleWatch;
pub use roles::{RoleHolder, RoleState};
pub use transition::{Event, State, Transition, diagram, transition};

/// Names one incident: its service, the local date and a digest, `panic-button-20261124-k3f9q2`.
///
/// It depends on nothing but the incident's own key and the instant it opened, so it is the same on every replay
/// and whatever else happens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct IncidentId(String);

impl IncidentId {
    pub(crate) fn new(key: &str, service: Option<&str>, at: Timestamp, zone: &Zone) -> Self {
        const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let digest = Sha256::new()
            .chain_update(key)
            .chain_update([0])
            .chain_update(at.timestamp_millis().to_be_bytes())
            .finalize();
        let tail: String = digest
            .iter()
            .take(8)
            .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
            .map(|c| char::from(*c))
            .collect();
        let date = zone.format(at, "%Y%m%d");
        let date = if date.is_empty() { format!("{}", at.year()) } else { date };
        Self(format!("{}-{date}-{tail}", slug(service.unwrap_or("incident"))))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for IncidentId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Lower-case letters, digits and single hyphens: what every channel accepts in a name.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars().flat_map(char::to_lowercase).take(40) {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "incident".to_owned() } else { slug.to_owned() }
}

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

/// What can be due on an incident, in the order in which equal instants are taken: clocks before the climb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    Resume,
    Unmute,
    SnoozeEnds,
    Clock(Mark, ClockKind),
    AcknowledgementExpires,
    RaiseAtOpening,
    Release,
    Climb(Rung),
    RolesMove,
    RoleVacant,
    PublicNotice,
    StillOpen,
    Postmortem(PostmortemTimer),
    Forget,
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

    /// The next thing due. Timers are read off the state, so none can be forgotten.
    pub(crate) fn next_timer(&self, policy: &Policy) -> Option<(Timestamp, Timer)> {
        let clocks = self.clocks.iter().filter_map(|(kind, clock)| {
            let warn_at = if *kind == ClockKind::Update { policy.update_warn_at() } else { policy.warn_at() };
            clock.next(warn_at, policy).map(|(at, mark)| (at, Timer::Clock(mark, *kind)))
        });
        let postmortem = self.postmortem.iter().flat_map(|postmortem| {
            let over = self.resolved.is_some();
            postmortem.timers(&self.postmortem_told, policy.postmortem_times(), policy.zone(), over)
        });
        let postmortem = postmortem.map(|(at, timer)| (at, Timer::Postmortem(timer)));
        if let Some(resolved) = &self.resolved {
            let forget = (self.forgotten_at(resolved.at, policy), Timer::Forget);
            return self.release().into_iter().chain(clocks).chain(postmortem).chain([forget]).min();
        }
        let path = self.climb.path.as_deref().and_then(|name| policy.path(name));
        let severity = policy.severity(&self.severity);
        let ceiling = severity.and_then(|severity| severity.page_ceiling).map(|ceiling| {
            // While an alarm is held it is meant to be quiet.
            let due = ceiling.after(self.climb.contacted_at);
            self.alarm_held_until().map_or(due, |opening| opening.max(due))
        });
        let resume = self.paused.as_ref().map(|paused| (paused.until, Timer::Resume));
        let public = self.public_asked_at.filter(|_| self.public == PublicTold::Nothing);
        let public = public.map(|at| (at, Timer::PublicNotice));
        if self.quiet_until().is_some() {
            // Promises go on; whoever would be told waits for the end, which is a timer.
            let unmute = self.muted.as_ref().map(|muted| (muted.until, Timer::Unmute));
            let snooze = self.snoozed.as_ref().map(|snoozed| (snoozed.until, Timer::SnoozeEnds));
            return resume.into_iter().chain(clocks).chain(public).chain(unmute).chain(snooze).chain(postmortem).min();
        }
        let climb = self.climb.next(policy, path, self.state, ceiling).map(|(at, rung)| (at, Timer::Climb(rung)));
        let expiry = path
            .and_then(|path| path.acknowledge_expires)
            .filter(|_| matches!(self.state, State::Acknowledged))
            .map(|expires| (expires.after(self.active_at), Timer::AcknowledgementExpires));
        let window = severity.and_then(|severity| severity.window.as_ref());
        let raise = severity
            .filter(|severity| self.state == State::Open && severity.document.raise_at_opening.is_some())
            .and_then(|_| Some((window?.opens_next(policy, self.active_at)?, Timer::RaiseAtOpening)));
        let still_open = policy.remind_open_every().after(self.active_at.max(self.reminded_at));
        let still_open = (window.map_or(still_open, |window| window.opens(policy, still_open)), Timer::StillOpen);
        let move_of_roles = self.role_watch.look_at.map(|at| (at, Timer::RolesMove));
        let vacancy = self.vacancy_due(policy).map(|at| (at, Timer::RoleVacant));
        resume
            .into_iter()
            .chain(clocks)
            .chain(climb)
            .chain(move_of_roles)
            .chain(vacancy)
            .chain(expiry)
            .chain(raise)
            .chain(self.release())
            .chain(public)
            .chain([still_open])
            .chain(postmortem)
            .min()
    }

    /// When an incident that is over is forgotten: not before what is learnt from it is at rest, or has been kept for
    /// as long as the policy allows.
    fn forgotten_at(&self, resolved: Timestamp, policy: &Policy) -> Timestamp {
        let keep = policy.retain_resolved();
        match &self.postmortem {
            None => keep.after(resolved),
            Some(postmortem) => match postmortem.at_rest_since(&self.postmortem_told) {
                Some(at) => keep.after(resolved.max(at)),
                None => policy.keep_unfinished().after(resolved),
            },
        }
    }

    /// When the first of what is held goes out.
    fn release(&self) -> Option<(Timestamp, Timer)> {
        self.held.iter().map(|held| (held.until, Timer::Release)).min()
    }

    /// When the first of those who have yet to hear of it at all does; `None` where nobody is kept waiting.
    pub(crate) fn alarm_held_until(&self) -> Option<Timestamp> {
        let routes = self.held.iter().filter(|held| held.is_alarm()).map(|held| held.until);
        routes.chain(self.climb.held_until()).min()
    }
}

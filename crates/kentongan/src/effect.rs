//! What the host must do, as data: each effect has a stable id, the instant it was due, the incident and the cause.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::ClockKind;
use crate::incident::{IncidentId, State};
use crate::policy::document::{PointDocument, Target};
use crate::time::{Duration, Timestamp};

/// Names one effect for ever: the incident, or the hand-off, and a count, `panic-button-20261124-k3f9q2/7`.
///
/// The same journal gives the same ids, so a host that has done one before can drop it: it is the idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct EffectId(String);

impl EffectId {
    /// The id of an effect of an incident or a hand-off, by the name of that.
    pub(crate) fn of(subject: &str, number: u64) -> Self {
        Self(format!("{subject}/{number}"))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the incident or hand-off that the id belongs to.
    pub(crate) fn subject(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(subject, _)| subject)
    }
}

impl From<&str> for EffectId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for EffectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One thing for the host to do or to record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Effect {
    /// Stable, unique, the same on every replay.
    pub id: EffectId,
    /// The instant it was due, which a late host sees in the past.
    pub at: Timestamp,
    /// The incident it belongs to; none, where it belongs to a hand-off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentId>,
    /// The incident's severity at that instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Why it exists.
    pub cause: Cause,
    /// What to do.
    #[serde(flatten)]
    pub action: Action,
}

impl Effect {
    /// Whether the host is to report how it went. Until then it stays in the outbox.
    #[must_use]
    pub fn wants_report(&self) -> bool {
        match self.action {
            Action::Notify(_) | Action::OpenChannel { .. } | Action::StatusPage { .. } => true,
            Action::Warning { .. }
            | Action::Breach { .. }
            | Action::NoResponder { .. }
            | Action::PolicyFault { .. }
            | Action::Handoff { .. }
            | Action::PostmortemRequired { .. }
            | Action::PostmortemPublished { .. }
            | Action::RoleVacant { .. }
            | Action::Coalesced { .. } => false,
        }
    }
}

/// What an effect asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// Tell somebody. The body can be delivered as it is.
    Notify(Notification),
    /// Open a channel for this incident, `#incident-panic-button-20261124`.
    OpenChannel {
        /// On which medium: `slack`.
        channel: String,
        /// Its name.
        name: String,
        /// Its topic.
        text: String,
    },
    /// Post on the public status page.
    StatusPage {
        /// Which page.
        page: String,
        /// The heading: the service and the issue.
        subject: String,
        /// How far the work is.
        status: PublicStatus,
        /// What the public is told, whole: how far the work is, since when, the impact, the latest update and those
        /// before it.
        text: String,
    },
    /// A clock has passed a fraction of its target.
    Warning {
        /// Which clock.
        clock: ClockKind,
        /// The fraction, in per cent.
        percent: u8,
        /// When it will be breached.
        deadline: Timestamp,
    },
    /// A clock has missed its target. Emitted once a target.
    Breach {
        /// Which clock.
        clock: ClockKind,
        /// What was promised.
        target: Target,
        /// When it ran out. Earlier than `at` only where a change of severity shortened the target.
        deadline: Timestamp,
    },
    /// Nobody could be found to tell. The last resort has been told in the same step.
    NoResponder {
        /// What was tried.
        reason: String,
    },
    /// An on-call role is handed over. Those who go off and those who come on are told in the same step.
    Handoff {
        /// Its name, for what is ticked off.
        handoff: String,
        /// The role.
        role: String,
        /// Who goes off.
        from: Vec<String>,
        /// Who comes on; nobody, where a gap begins.
        to: Vec<String>,
        /// What is to be gone through.
        points: Vec<PointDocument>,
        /// The incidents that are open.
        ongoing: Vec<OngoingIncident>,
    },
    /// The policy itself failed: a condition raised an error, or nothing ends a promise any more, since no release is
    /// planned or its calendar never opens again. The safe reading was taken.
    PolicyFault {
        /// The entry at fault, as a path in the policy.
        entry: String,
        /// What went wrong.
        error: String,
    },
    /// The incident is over, and the policy asks for a post-mortem. Emitted once for an incident.
    PostmortemRequired {
        /// The condition that asks for it.
        rule: String,
        /// How long the incident lasted.
        duration: Duration,
    },
    /// A post-mortem is published: the host posts the document. Those whom the policy's `publish_to` names are told.
    PostmortemPublished {
        /// Who published it.
        by: String,
        /// Where it can be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<String>,
    },
    /// A role of the incident that must be held is vacant. Those whom the policy names are told in the same step.
    RoleVacant {
        /// Which.
        role: String,
        /// Since when.
        since: Timestamp,
    },
    /// The host was away for long; this many repeats were counted instead of sent.
    Coalesced {
        /// What would have repeated.
        trigger: Trigger,
        /// How many were skipped.
        skipped: u64,
    },
}

/// An incident that is open when somebody comes on call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OngoingIncident {
    /// Its id.
    pub incident: IncidentId,
    /// One line for people.
    pub title: String,
    /// Its severity.
    pub severity: String,
    /// Where it is in its life.
    pub state: State,
    /// Whether it is a drill.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub drill: bool,
}

/// A message to one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notification {
    /// What it is for.
    pub purpose: Purpose,
    /// The medium: `pager`, `email`, `sms`, `slack`, `github-issue`, or any other the policy declares.
    pub channel: String,
    /// Whom it is for: a person, a team, or the address itself.
    pub to: String,
    /// Where on the channel to send it.
    pub address: String,
    /// One line, without line breaks.
    pub subject: String,
    /// The message.
    pub text: String,
    /// The escalation level that it belongs to, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
}

/// What a notification is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Act now: somebody must acknowledge.
    Page,
    /// Know: nothing is asked.
    Inform,
    /// A thing that should have been done has not been.
    Remind,
    /// The engine could not do something by itself; a person must do it by hand.
    DoByHand,
}

/// How far the work on an incident is, in the words of a public update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublicStatus {
    /// The cause is not known yet.
    Investigating,
    /// The cause is known.
    Identified,
    /// A fix is in place and is being watched.
    Monitoring,
    /// It is over.
    Resolved,
}

impl fmt::Display for PublicStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Investigating => "Investigating",
            Self::Identified => "Identified",
            Self::Monitoring => "Monitoring",
            Self::Resolved => "Resolved",
        })
    }
}

/// Why an effect exists: what set it off, and the entry of the policy that asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// What set it off.
    pub trigger: Trigger,
    /// The policy's entry, as a path: `severities.SEV-1.notify[0]`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub entry: String,
}

/// What sets an effect off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Trigger {
    /// The incident opened.
    Opened,
    /// A resolved incident fired again.
    Reopened,
    /// The severity was raised.
    Raised,
    /// The severity was lowered.
    Lowered,
    /// An escalation level came due.
    Escalation,
    /// A person escalated by hand.
    ManualEscalation,
    /// The hours in which people are told have come; it was held until then.
    HoursOpen,
    /// A level is told again.
    LevelRepeat,
    /// The whole path starts again.
    PathRepeat,
    /// Nobody has answered for as long as the policy allows.
    PageCeiling,
    /// An acknowledgement went stale.
    AcknowledgementExpired,
    /// A delivery failed and the next way is tried.
    DeliveryFailed,
    /// There was nobody to tell.
    NoResponder,
    /// Somebody acknowledged.
    Acknowledged,
    /// Somebody responded.
    Responded,
    /// Somebody found out more of the impact.
    Assessed,
    /// The incident was declared.
    Declared,
    /// A clock passed a fraction of its target.
    Warning,
    /// A clock missed its target.
    Breach,
    /// A status update is due.
    UpdateDue,
    /// A status update was given.
    Update,
    /// A public update was given.
    PublicUpdate,
    /// The condition under which the public is told has come to hold.
    PublicConcerned,
    /// Monitoring no longer sees the problem.
    Cleared,
    /// The incident was resolved.
    Resolved,
    /// The incident was a false alarm.
    FalseAlarm,
    /// The incident was merged with another.
    Merged,
    /// The incident was a part of another until now.
    Split,
    /// A role of the incident was given to somebody.
    RoleAssigned,
    /// A role of the incident that must be held is vacant.
    RoleVacant,
    /// A pause ended by itself.
    PauseEnded,
    /// A snooze ended.
    SnoozeEnded,
    /// A silence ended, and what it hid is open.
    SilenceEnded,
    /// What hid the incident does so no longer, and it is open.
    InhibitionEnded,
    /// The incident is still open after a long time.
    StillOpen,
    /// A condition of the policy raised an error, or nothing ends one of its promises.
    PolicyFault,
    /// Another policy took the place of the one it was held by.
    PolicyChanged,
    /// A person asked for a post-mortem.
    PostmortemRequired,
    /// A post-mortem waits to be published, or has another owner.
    PostmortemDue,
    /// A post-mortem was handed in to be looked at.
    PostmortemSubmitted,
    /// Others have looked at a post-mortem.
    PostmortemReviewed,
    /// A meeting about a post-mortem was planned.
    MeetingPlanned,
    /// A post-mortem was published.
    PostmortemPublished,
    /// Something that a post-mortem asks for is somebody's.
    ActionAssigned,
    /// Something that a post-mortem asks for is overdue.
    ActionOverdue,
    /// The date has come at which one looks at what came of a post-mortem.
    FollowUpDue,
    /// An on-call role was handed over.
    Handoff,
    /// A hand-off waits for points to be ticked off.
    HandoffDue,
}

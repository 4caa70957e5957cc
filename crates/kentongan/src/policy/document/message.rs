//! The messages people get.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An occasion that has a message of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// Somebody must act now.
    Page,
    /// An incident has opened.
    Open,
    /// Somebody acknowledged.
    Acknowledge,
    /// Somebody responded.
    Respond,
    /// A clock passed a fraction of its target.
    Warning,
    /// A clock missed its target.
    Breach,
    /// A status update is due.
    UpdateDue,
    /// A status update.
    Update,
    /// Monitoring no longer sees the problem.
    Clear,
    /// The incident is resolved.
    Resolve,
    /// The incident was a false alarm.
    FalseAlarm,
    /// The incident goes on as another.
    Merge,
    /// The incident needs a post-mortem.
    Postmortem,
    /// A post-mortem waits to be published.
    PostmortemDue,
    /// A post-mortem waits to be looked at, or has been.
    PostmortemReview,
    /// Those concerned are asked to a meeting.
    PostmortemMeeting,
    /// A post-mortem is published.
    PostmortemPublished,
    /// Somebody is to do something.
    ActionAssigned,
    /// Something is overdue.
    ActionOverdue,
    /// The date has come at which one looks at what came of a post-mortem.
    FollowUpDue,
    /// The incident is still open.
    StillOpen,
    /// A pause has ended by itself, and promises count again.
    PauseEnded,
    /// Nobody could be found to tell.
    NoResponder,
    /// A person must do by hand what the engine could not.
    ByHand,
    /// The policy itself failed.
    PolicyFault,
    /// An on-call role is handed over.
    Handoff,
    /// A hand-off waits for points to be ticked off.
    HandoffDue,
    /// A role of the incident that must be held is vacant.
    RoleVacant,
    /// A role of the incident was given to somebody.
    RoleAssigned,
    /// The topic of the incident's channel.
    Topic,
    /// What the first post on the status page says. Sees only what the public may know.
    PublicNotice,
    /// What the last post on the status page says, where the policy has it posted (`post_resolved`). Sees only what the
    /// public may know.
    PublicResolved,
    /// What the last post on the status page says of a false alarm. Sees only what the public may know.
    PublicFalseAlarm,
    /// What the last post on the status page says of an incident that goes on as another. Sees only what the public may know.
    PublicMerge,
    /// The status page of an incident: the heading, how far the work is, the latest update and those before it. Sees only
    /// what the public may know.
    PublicUpdate,
}

/// A message: two templates over the incident's facts.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageDocument {
    /// One line.
    #[serde(default)]
    pub subject: Option<String>,
    /// The message.
    #[serde(default)]
    pub text: Option<String>,
}

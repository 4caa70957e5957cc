//! Post-mortems: which incidents need one, by when, who sees to it, and what it must say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OneOrMany, RouteDocument, Target};
use crate::limits;
use crate::postmortem::PostmortemPart;
use crate::time::Duration;

/// Which incidents need a post-mortem, by when it is published, and what becomes of what it asks for.
///
/// Its promises, `due`, `review_within` and `meeting.within`, are written like every target, warn as the policy's
/// `warn_at` says, and never stand still.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostmortemDocument {
    /// The conditions, in rhai, asked when an incident is resolved; one that holds is enough.
    pub required_when: Vec<String>,
    /// Who is told that one is required, and that it is late; whoever worked on the incident otherwise.
    #[serde(default)]
    pub notify: Vec<RouteDocument>,
    /// Who sees to it that it is written: `role.incident-commander`, a person or a team. The first of those meant, where
    /// there are several; whoever worked on the incident otherwise.
    #[serde(default)]
    pub owner: Option<String>,
    /// The channel on which owners, reviewers and those asked to a meeting are told.
    #[serde(default = "email")]
    pub by: String,
    /// The promise: it is published strictly within this time of the end of the incident.
    #[serde(default)]
    pub due: Option<Target>,
    /// The promise: others have looked at it strictly within this time of its being handed in.
    #[serde(default)]
    pub review_within: Option<Target>,
    /// Who looks at it.
    #[serde(default)]
    pub reviewers: Option<OneOrMany>,
    /// Who may say that none is needed after all, other than by a false alarm: people, teams, roles. Whoever sees to it
    /// does not, where another of these may. Anybody who says why may, without it.
    #[serde(default)]
    pub waived_by: Option<OneOrMany>,
    /// The meeting about it.
    #[serde(default)]
    pub meeting: Option<MeetingDocument>,
    /// How often its owner is reminded until it is published; never, without it.
    #[serde(default)]
    pub remind_every: Option<Duration>,
    /// What must be filled before it is published.
    #[serde(default = "essentials")]
    pub require: Vec<PostmortemPart>,
    /// Who is told of it when it is published, such as an issue tracker.
    #[serde(default)]
    pub publish_to: Vec<RouteDocument>,
    /// The day on which one looks at what came of it, counted from its publication like a promise, unless the post-mortem
    /// names a date: `20 business days` is never a holiday.
    #[serde(default)]
    pub follow_up: Option<Target>,
    /// How often owners are reminded of what is overdue; once, without it.
    #[serde(default)]
    pub chase_every: Option<Duration>,
    /// How long an incident is kept whose post-mortem, or what that asks for, nobody finishes.
    #[serde(default = "a_year")]
    pub keep_at_most: Duration,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
}

/// The meeting about a post-mortem.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeetingDocument {
    /// The promise: it is planned strictly within this time of the end of the incident.
    #[serde(default)]
    pub within: Option<Target>,
    /// Who is asked to come, unless whoever plans it says otherwise: people, teams, `responders`, `service.owner`.
    #[serde(default)]
    pub attendees: Vec<String>,
    /// What is talked about, point by point, unless whoever plans it says otherwise.
    #[serde(default)]
    pub agenda: Vec<String>,
    /// The section of the procedure that it comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// How the procedure was read where it is silent or at odds with itself.
    #[serde(default)]
    pub note: Option<String>,
}

fn email() -> String {
    "email".to_owned()
}

fn essentials() -> Vec<PostmortemPart> {
    vec![PostmortemPart::Summary, PostmortemPart::Whys, PostmortemPart::RootCause]
}

fn a_year() -> Duration {
    Duration::from_hours(24 * limits::POSTMORTEM_DAYS_KEPT)
}

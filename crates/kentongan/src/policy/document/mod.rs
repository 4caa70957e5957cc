//! The policy as people write it. Plain data: names are not resolved and conditions not compiled yet.

mod catalogue;
mod classification;
mod declaration;
mod escalation;
mod message;
mod route;
mod severity;

pub use catalogue::{ChannelDocument, Fact, PersonDocument, RoleDocument, ServiceDocument, TeamDocument};
pub use classification::{RuleDocument, WhenUnsure};
pub use declaration::{DeclarationDocument, OpenChannelDocument};
pub use escalation::{LevelDocument, PathDocument, RepeatDocument, Unless};
pub use message::{MessageDocument, MessageKind};
pub use route::{Occasion, OneOrMany, RouteDocument};
pub use severity::{Declare, PublicNotice, SeverityDocument, Target, TargetsDocument, WhenCleared};

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Duration;

/// A policy document: everything the engine knows about an organisation and its procedure.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "kentongan policy")]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The policy's name.
    pub policy: String,
    /// Where the procedure is written down that this policy holds.
    #[serde(default)]
    pub source: Option<String>,
    /// The zone in which people read dates and times, `Asia/Jakarta`.
    #[serde(default = "utc")]
    pub timezone: String,
    /// A rhai file beside the policy, whose functions conditions can call.
    #[serde(default)]
    pub script: Option<String>,
    /// The service catalogue.
    #[serde(default)]
    pub services: IndexMap<String, ServiceDocument>,
    /// People, and how each can be reached.
    #[serde(default)]
    pub people: IndexMap<String, PersonDocument>,
    /// Groups of people, and shared addresses.
    #[serde(default)]
    pub teams: IndexMap<String, TeamDocument>,
    /// Channels beyond the built-in `pager`, `email`, `sms`, `slack` and `github-issue`, and what stands in for each.
    #[serde(default)]
    pub channels: IndexMap<String, ChannelDocument>,
    /// Who is on call, by role, first choice first: `primary`, `secondary`.
    #[serde(default)]
    pub on_call: IndexMap<String, Vec<String>>,
    /// The roles people take in an incident.
    #[serde(default)]
    pub roles: IndexMap<String, RoleDocument>,
    /// The severities, the worst first.
    pub severities: IndexMap<String, SeverityDocument>,
    /// The fields of an alert that tell one incident from another: `service`, `name`, `source` or `labels.<label>`.
    /// Without it each alert key is an incident of its own.
    #[serde(default)]
    pub group_by: Vec<String>,
    /// How long after its resolution an incident opens again when it fires, instead of a new one.
    #[serde(default)]
    pub reopen_within: Option<Duration>,
    /// How long a resolved incident is remembered.
    #[serde(default = "one_week")]
    pub retain_resolved: Duration,
    /// The rules that give an alert its severity, in order, and the default at the end.
    pub classify: Vec<RuleDocument>,
    /// What to do where several rules that go on match.
    #[serde(default)]
    pub when_unsure: WhenUnsure,
    /// The escalation paths.
    #[serde(default)]
    pub escalation: IndexMap<String, PathDocument>,
    /// Whom to tell when there is nobody to tell.
    pub last_resort: Vec<RouteDocument>,
    /// Whom to tell when the policy itself fails, so that they can mend it.
    #[serde(default)]
    pub on_fault: Vec<RouteDocument>,
    /// What declaring an incident does.
    #[serde(default)]
    pub declaration: Option<DeclarationDocument>,
    /// The fractions of a target at which its clock warns, in per cent.
    #[serde(default = "warn_at")]
    #[schemars(inner(range(min = 1, max = 99)))]
    pub warn_at: Vec<u8>,
    /// How often an open incident is brought back to mind when nothing else is due.
    #[serde(default = "one_day")]
    pub remind_open_every: Duration,
    /// Messages that replace the built-in ones, by occasion.
    #[serde(default)]
    pub messages: IndexMap<MessageKind, MessageDocument>,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn one_week() -> Duration {
    Duration::from_hours(7 * 24)
}

fn one_day() -> Duration {
    Duration::from_hours(24)
}

fn warn_at() -> Vec<u8> {
    vec![50, 75, 90]
}

/// A length of time that is not zero, as a pattern for editors.
const SOME_TIME: &str = "^(0*[1-9][0-9]*|[0-9]+[.][0-9]*[1-9][0-9]*) ?[a-zµ]+([ ,0-9.a-zµ]*)$";

//! The policy as people write it. Plain data: names are not resolved and conditions not compiled yet.
//!
//! # Whom a policy can name
//!
//! Wherever somebody is told (`notify`, `last_resort`, `on_fault`, `held_by`):
//!
//! | written | stands for |
//! |---|---|
//! | `ana`, `platform` | a person of `people`, a team of `teams`: the team's own address on the channel, else each member |
//! | `on-call.primary` | whoever is on call in that role of `on_call`, asked at the instant of the message |
//! | `on-call.all` | everybody on call, in any role |
//! | `role.incident-commander` | whoever holds that role of `roles` |
//! | `responders` | who works on the incident or has taken it; before that, whoever was paged for it |
//! | `incident.channel` | the channel that the declaration opened for the incident |
//! | `#incidents`, `a@b.org`, `+62…`, `org/repository`, `https://…` | the address itself |
//!
//! A person is tried on the channel asked for, then on the channels that its `fallback` names, then on their other
//! contacts in the order in which they stand.
//!
//! # What a condition can see
//!
//! Conditions are rhai expressions that give true or false. Those of `classify` see `alert` and `service`; those of
//! routes and escalation levels see all of these:
//!
//! | fact | what it is |
//! |---|---|
//! | `alert.key` `.status` `.source` `.service` `.name` `.summary` `.description` | text; `status` is `"firing"` or `"resolved"` |
//! | `alert.labels.<label>`, `alert.annotations.<name>` | text |
//! | `alert.values.<name>` | a number |
//! | `alert.starts_at` | when the sender saw it begin, in milliseconds; for `hour_of_day` and `weekday` |
//! | `service.id` `.name` `.tier` `.owner` | text; `service.id` is what the alert names |
//! | `service.known`, `service.facts.<name>` | whether the catalogue has it; the policy's own facts |
//! | `incident.id` `.title` `.state` | text; `state` is `"open"`, `"acknowledged"`, `"responding"` or `"resolved"` |
//! | `incident.acknowledged` `.responded` `.declared` | true or false |
//! | `incident.firing` | how many of its alerts fire now |
//! | `severity` | the severity's name |
//! | `elapsed` | the time since the incident opened; compare it with `seconds(n)`, `minutes(n)`, `hours(n)` or `days(n)` |
//!
//! What an alert does not have is `()`: `==`, `<`, `>` and `in` with it are false, `!=` is true. These functions are
//! the policy's own:
//!
//! | function | what it gives |
//! |---|---|
//! | `seconds(n)` `minutes(n)` `hours(n)` `days(n)` | a length of time, in milliseconds |
//! | `matches(text, "^web-[0-9]+$")` | whether a text has a regular expression in it, in the syntax of Rust's `regex` |
//! | `cidr(text, "10.0.0.0/8")` | whether a text is an address of a network, IPv4 or IPv6 |
//! | `hour_of_day(instant)` | the hour that clocks in the policy's zone show, 0 to 23 |
//! | `weekday(instant)` | the day there, `"monday"` to `"sunday"` |
//!
//! Patterns and networks are written out where they are used, and read with the policy. Of what is absent, `matches`
//! and `cidr` are false and the others absent. There are also rhai's own operators and functions for text, numbers,
//! lists and maps (`contains`, `starts_with`, `to_lower`, `len`, `abs`, `round`, …), and those of the policy's
//! `script`. A name that does not exist is refused when the policy is loaded.
//!
//! Nearly all conditions run in native form, and rules are indexed, so many rules cost little more than few. What the
//! native form does not know, such as `switch`, loops, and maps taken as a whole, runs as a script; `kentongan check`
//! says which and why. A condition that fails at run time is told of (`on_fault`) and read safely: a rule that
//! fails leaves the default or what is worse, a route or level that fails is told.
//!
//! # What a message can name
//!
//! Subjects, texts and the name of the incident's channel are templates (`{{ severity }} {{ service }}`) over:
//! `incident` `title` `description` `service` `service_name` `severity` `severity_name` `state` `because` `date`
//! `opened` `elapsed` `labels` `links`, and, where they belong to the occasion, `by` `text` `reason` `clock` `percent`
//! `target` `deadline`. The public notice sees `service`, `status` and `started` only, so nothing internal can leak.

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
    /// Whom to tell when the policy itself fails, so that they can mend it; the last resort otherwise.
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

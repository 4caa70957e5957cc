//! Post-mortems: what is learnt from an incident, from the demand for one until all that it asks for is done.

mod action;
mod status;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::incident::Deed;
use crate::time::Timestamp;

pub use action::{ActionItem, Dropped};
pub use status::PostmortemStatus;

/// The post-mortem of one incident, as far as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postmortem {
    /// How far it is.
    pub status: PostmortemStatus,
    /// What asked for it: the condition of the policy, or the reason that a person gave.
    pub rule: String,
    /// Who asked for it, and when: `policy` where a rule did.
    pub required: Deed,
    /// Who sees to it that it is written: a person or a team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// When it is to be published: strictly before. None while the incident is open, or where the policy promises nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// When those concerned meet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<Meeting>,
    /// Its heading; the incident's title otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What happened, in short.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// What it did to people.
    #[serde(default, skip_serializing_if = "PostmortemImpact::is_empty")]
    pub impact: PostmortemImpact,
    /// The chain from what happened to what lies behind it: the "5 Whys".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub whys: Vec<Why>,
    /// What lies behind it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub root_cause: String,
    /// The kind of cause, by which incidents are compared over a quarter: `configuration`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What is learnt.
    #[serde(default, skip_serializing_if = "Lessons::is_empty")]
    pub lessons: Lessons,
    /// What is to be done, in the order in which it was added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<ActionItem>,
    /// The date at which what came of it is looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<NaiveDate>,
    /// Who published it, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Deed>,
    /// Where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Who said that none is needed after all, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<Dropped>,
}

/// When those concerned meet, and what about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// When.
    pub at: Timestamp,
    /// Who is asked to come: people, teams or names the host knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attendees: Vec<String>,
    /// What is talked about, point by point.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agenda: Vec<String>,
}

/// What an incident did, in the words of those who look back. What is left out stays as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostmortemImpact {
    /// To users.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub users: String,
    /// To services.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub services: String,
    /// To the business.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub business: String,
}

impl PostmortemImpact {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One step of the chain from what happened to what lies behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// What is asked: `Why did the incident happen?`
    pub question: String,
    /// Why it was so.
    pub answer: String,
}

/// What is learnt. A list that is left out stays as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lessons {
    /// What went well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub went_well: Vec<String>,
    /// What could be improved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_improve: Vec<String>,
    /// What changes are needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_change: Vec<String>,
}

impl Lessons {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

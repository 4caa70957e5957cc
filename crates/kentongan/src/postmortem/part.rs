//! The parts of a post-mortem that a policy can ask for.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A part of a post-mortem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PostmortemPart {
    /// A heading of its own.
    Title,
    /// What happened, in short.
    Summary,
    /// What it did to users, services or the business.
    Impact,
    /// What it did to users.
    ImpactUsers,
    /// What it did to services.
    ImpactServices,
    /// What it did to the business.
    ImpactBusiness,
    /// At least one "why".
    Whys,
    /// What lies behind it.
    RootCause,
    /// The kind of cause.
    Cause,
    /// Something that is learnt.
    Lessons,
    /// What went well.
    WentWell,
    /// What could be improved.
    ToImprove,
    /// What changes are needed.
    ToChange,
    /// At least one thing to be done.
    Actions,
    /// A due date for each thing that is still to be done.
    DueDates,
    /// A meeting.
    Meeting,
    /// The date of the follow-up.
    FollowUp,
    /// Where it can be read. It may come with the publication.
    Link,
}

impl PostmortemPart {
    /// The part as policies write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Summary => "summary",
            Self::Impact => "impact",
            Self::ImpactUsers => "impact_users",
            Self::ImpactServices => "impact_services",
            Self::ImpactBusiness => "impact_business",
            Self::Whys => "whys",
            Self::RootCause => "root_cause",
            Self::Cause => "cause",
            Self::Lessons => "lessons",
            Self::WentWell => "went_well",
            Self::ToImprove => "to_improve",
            Self::ToChange => "to_change",
            Self::Actions => "actions",
            Self::DueDates => "due_dates",
            Self::Meeting => "meeting",
            Self::FollowUp => "follow_up",
            Self::Link => "link",
        }
    }
}

impl fmt::Display for PostmortemPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

//! Post-mortems: what is learnt from an incident, from the demand for one until all that it asks for is done.

mod action;
mod part;
mod status;
mod told;
mod transition;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::incident::Deed;
use crate::text::says_nothing;
use crate::time::Timestamp;

pub use action::{ActionItem, Dropped};
pub use part::PostmortemPart;
pub use status::PostmortemStatus;
pub(crate) use told::{PostmortemTimer, Told, date_of, is_kept};
pub use transition::{PostmortemEvent, PostmortemTransition, diagram, transition};

/// The post-mortem of one incident, as far as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// Who has written what it says, or handed it in: others look at it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub authors: BTreeSet<String>,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    pub(crate) fn is_empty(&self) -> bool {
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
    /// Each of them, as it was written.
    fn all(&self) -> impl Iterator<Item = &str> {
        [&self.went_well, &self.to_improve, &self.to_change].into_iter().flatten().map(String::as_str)
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Postmortem {
    /// One that nothing is written of.
    pub(crate) fn draft(rule: &str, by: &str, at: Timestamp) -> Self {
        Self {
            status: PostmortemStatus::Draft,
            rule: rule.to_owned(),
            required: Deed { by: by.to_owned(), at },
            owner: None,
            due: None,
            meeting: None,
            title: None,
            summary: String::new(),
            impact: PostmortemImpact::default(),
            whys: Vec::new(),
            root_cause: String::new(),
            cause: None,
            lessons: Lessons::default(),
            actions: Vec::new(),
            follow_up: None,
            authors: BTreeSet::new(),
            published: None,
            link: None,
            waived: None,
        }
    }

    /// What it asks for and nobody has done or given up.
    pub fn open_actions(&self) -> impl Iterator<Item = &ActionItem> {
        self.actions.iter().filter(|action| action.is_open())
    }

    /// Whether a part of it is filled.
    #[must_use]
    pub fn has(&self, part: PostmortemPart) -> bool {
        let filled = |text: &str| !says_nothing(text);
        let some = |text: &Option<String>| text.as_deref().is_some_and(filled);
        let said = |said: &[String]| said.iter().any(|text| filled(text));
        match part {
            PostmortemPart::Title => some(&self.title),
            PostmortemPart::Summary => filled(&self.summary),
            PostmortemPart::Impact => {
                [&self.impact.users, &self.impact.services, &self.impact.business].into_iter().any(|text| filled(text))
            }
            PostmortemPart::ImpactUsers => filled(&self.impact.users),
            PostmortemPart::ImpactServices => filled(&self.impact.services),
            PostmortemPart::ImpactBusiness => filled(&self.impact.business),
            PostmortemPart::Whys => self.whys.iter().any(|why| filled(&why.answer)),
            PostmortemPart::RootCause => filled(&self.root_cause),
            PostmortemPart::Cause => some(&self.cause),
            PostmortemPart::Lessons => self.lessons.all().any(filled),
            PostmortemPart::WentWell => said(&self.lessons.went_well),
            PostmortemPart::ToImprove => said(&self.lessons.to_improve),
            PostmortemPart::ToChange => said(&self.lessons.to_change),
            PostmortemPart::Actions => !self.actions.is_empty(),
            PostmortemPart::DueDates => self.open_actions().all(|action| action.due.is_some()),
            PostmortemPart::Meeting => self.meeting.is_some(),
            PostmortemPart::FollowUp => self.follow_up.is_some(),
            PostmortemPart::Link => some(&self.link),
        }
    }

    /// When the last of it was settled: it is published or waived, and all that it asks for is done or given up.
    pub(crate) fn settled_at(&self) -> Option<Timestamp> {
        match self.status {
            PostmortemStatus::Waived => self.waived.as_ref().map(|waived| waived.at),
            PostmortemStatus::Published if self.open_actions().next().is_none() => {
                let done = self.actions.iter().filter_map(|action| {
                    action.done.as_ref().map(|deed| deed.at).or(action.dropped.as_ref().map(|dropped| dropped.at))
                });
                done.chain(self.published.as_ref().map(|deed| deed.at)).max()
            }
            PostmortemStatus::Published
            | PostmortemStatus::Draft
            | PostmortemStatus::InReview
            | PostmortemStatus::Reviewed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_fills_no_part() {
        let mut postmortem = Postmortem::draft("", "", Timestamp::default());
        let why = |answer: &str| Why { question: "Why?".to_owned(), answer: answer.to_owned() };
        postmortem.whys = vec![why(" ")];
        postmortem.lessons.went_well = vec!["\t".to_owned()];
        assert!(!postmortem.has(PostmortemPart::Whys) && !postmortem.has(PostmortemPart::Lessons));
        postmortem.whys.push(why("A lock"));
        postmortem.lessons.to_change = vec!["Watch it".to_owned()];
        assert!(postmortem.has(PostmortemPart::Whys) && postmortem.has(PostmortemPart::Lessons));
    }
}

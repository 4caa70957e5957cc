//! The life of a post-mortem, as one table.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PostmortemStatus;

/// What can happen to a post-mortem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PostmortemEvent {
    /// A person asks for one.
    Require,
    /// A person says that none is needed.
    Waive,
    /// Somebody writes a part of it, or says what is to be done.
    Write,
    /// A meeting is planned.
    Meet,
    /// It is handed to others to look at.
    Submit,
    /// They agree.
    Approve,
    /// They do not, or what is published has to be put right.
    SendBack,
    /// It is published.
    Publish,
    /// Something that it asks for goes on: it is done, given up, or somebody else's.
    FollowUp,
    /// The incident opens again.
    IncidentReopen,
}

/// What an event does to a post-mortem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostmortemTransition {
    /// Its status becomes this.
    To(PostmortemStatus),
    /// It is taken, and the status stays.
    Stay,
    /// It changes nothing, for this reason.
    Ignore(&'static str),
    /// It cannot be.
    Refuse,
}

impl PostmortemEvent {
    /// Every event.
    pub const ALL: [Self; 10] = [
        Self::Require,
        Self::Waive,
        Self::Write,
        Self::Meet,
        Self::Submit,
        Self::Approve,
        Self::SendBack,
        Self::Publish,
        Self::FollowUp,
        Self::IncidentReopen,
    ];

    /// The event as decisions write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Require => "require",
            Self::Waive => "waive",
            Self::Write => "write",
            Self::Meet => "meet",
            Self::Submit => "submit",
            Self::Approve => "approve",
            Self::SendBack => "send_back",
            Self::Publish => "publish",
            Self::FollowUp => "follow_up",
            Self::IncidentReopen => "incident_reopen",
        }
    }
}

impl fmt::Display for PostmortemEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an event does to a post-mortem in a status. Its whole life is this table.
#[must_use]
#[rustfmt::skip]
pub const fn transition(status: PostmortemStatus, event: PostmortemEvent) -> PostmortemTransition {
    use PostmortemStatus::{Draft, InReview, Published, Reviewed, Waived};
    use PostmortemTransition::{Ignore, Refuse, Stay, To};

    const ASKED: PostmortemTransition = Ignore("it is asked for already");
    const WAIVED: PostmortemTransition = Ignore("it is waived already");
    const HANDED_IN: PostmortemTransition = Ignore("others look at it already");
    const AGREED: PostmortemTransition = Ignore("others have agreed to it already");
    const OUT: PostmortemTransition = Ignore("it is published already");

    let [draft, in_review, reviewed, published, waived] = match event {
        //                                  in Draft      in InReview     in Reviewed     in Published  in Waived
        PostmortemEvent::Require        => [ASKED,        ASKED,          ASKED,          ASKED,        To(Draft)],
        PostmortemEvent::Waive          => [To(Waived),   To(Waived),     To(Waived),     Refuse,       WAIVED],
        // What others have agreed to is no longer what it was: they look again.
        PostmortemEvent::Write          => [Stay,         Stay,           To(InReview),   Refuse,       Refuse],
        PostmortemEvent::Meet           => [Stay,         Stay,           Stay,           Refuse,       Refuse],
        PostmortemEvent::Submit         => [To(InReview), HANDED_IN,      AGREED,         Refuse,       Refuse],
        PostmortemEvent::Approve        => [Refuse,       To(Reviewed),   AGREED,         OUT,          Refuse],
        PostmortemEvent::SendBack       => [Refuse,       To(Draft),      To(Draft),      To(Draft),    Refuse],
        PostmortemEvent::Publish        => [Refuse,       Refuse,         To(Published),  OUT,          Refuse],
        PostmortemEvent::FollowUp       => [Stay,         Stay,           Stay,           Stay,         Refuse],
        // The story is longer than what was told of it, and whoever waived it did not know that.
        PostmortemEvent::IncidentReopen => [Stay,         To(Draft),      To(Draft),      To(Draft),    To(Draft)],
    };
    match status {
        Draft => draft,
        InReview => in_review,
        Reviewed => reviewed,
        Published => published,
        Waived => waived,
    }
}

/// The life of a post-mortem as a Mermaid diagram, drawn from the table.
#[must_use]
pub fn diagram() -> String {
    let mut lines = vec!["stateDiagram-v2".to_owned(), "    [*] --> draft: required".to_owned()];
    for from in PostmortemStatus::ALL {
        let mut stays = Vec::new();
        for event in PostmortemEvent::ALL {
            match transition(from, event) {
                PostmortemTransition::To(to) => lines.push(format!("    {from} --> {to}: {event}")),
                PostmortemTransition::Stay => stays.push(event.as_str()),
                PostmortemTransition::Ignore(_) | PostmortemTransition::Refuse => {}
            }
        }
        if !stays.is_empty() {
            lines.push(format!("    {from} --> {from}: {}", stays.join(", ")));
        }
    }
    lines.push("    published --> [*]: forgotten once all that it asks for is done or given up".to_owned());
    lines.push("    waived --> [*]: forgotten with the incident".to_owned());
    lines.join("\n")
}

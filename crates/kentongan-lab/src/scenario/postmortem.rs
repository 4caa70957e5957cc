//! What a scenario says of post-mortems, in the fields of the engine's inputs.

use kentongan::postmortem::{Lessons, PostmortemImpact, Why};
use kentongan::{IncidentId, Input};
use schemars::JsonSchema;
use serde::Deserialize;

use super::document::{InputDocument, Name};
use super::pattern::Reader;
use super::{Reference, What};
use crate::moment::Moment;

/// A person asks for a post-mortem, or says that none is needed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Somebody writes parts of a post-mortem.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// A heading.
    #[serde(default)]
    pub title: Option<String>,
    /// What happened, in short.
    #[serde(default)]
    pub summary: Option<String>,
    /// What it did to people.
    #[serde(default)]
    pub impact: Option<PostmortemImpact>,
    /// The chain from what happened to what lies behind it.
    #[serde(default)]
    pub whys: Option<Vec<Why>>,
    /// What lies behind it.
    #[serde(default)]
    pub root_cause: Option<String>,
    /// The kind of cause.
    #[serde(default)]
    pub cause: Option<String>,
    /// What is learnt.
    #[serde(default)]
    pub lessons: Option<Lessons>,
    /// The date at which what came of it is looked at.
    #[serde(default)]
    pub follow_up: Option<chrono::NaiveDate>,
    /// Who sees to it.
    #[serde(default)]
    pub owner: Option<String>,
}

/// Somebody plans the meeting.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeetingInputDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// When those concerned meet.
    pub at: Moment,
    /// Who is asked to come.
    #[serde(default)]
    pub attendees: Vec<String>,
    /// What is talked about.
    #[serde(default)]
    pub agenda: Vec<String>,
}

/// Others have looked at a post-mortem.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// Whether they agree.
    pub approved: bool,
    /// What they say.
    #[serde(default)]
    pub note: String,
}

/// A post-mortem is published.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// Who.
    pub by: String,
    /// Where it can be read.
    #[serde(default)]
    pub link: Option<String>,
}

/// Something is to be done, or otherwise than it was.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// What it is called.
    pub action: String,
    /// Who says so.
    pub by: String,
    /// What is to be done.
    #[serde(default)]
    pub text: Option<String>,
    /// Who does it.
    #[serde(default)]
    pub owner: Option<String>,
    /// By the end of which day.
    #[serde(default)]
    pub due: Option<chrono::NaiveDate>,
}

/// Something is done, or given up.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionEndDocument {
    /// Which incident; the latest otherwise.
    #[serde(default)]
    pub incident: Option<Name>,
    /// What it is called.
    pub action: String,
    /// Who says so.
    pub by: String,
    /// Why it is given up.
    #[serde(default)]
    pub reason: String,
}

/// What an input of a scenario says of post-mortems.
pub(super) struct Postmortems {
    pub(super) require: Option<ReasonDocument>,
    pub(super) waive: Option<ReasonDocument>,
    pub(super) write: Option<WriteDocument>,
    pub(super) meet: Option<MeetingInputDocument>,
    pub(super) submit: Option<super::document::DeedDocument>,
    pub(super) review: Option<ReviewDocument>,
    pub(super) publish: Option<PublishDocument>,
    pub(super) add: Option<ActionDocument>,
    pub(super) change: Option<ActionDocument>,
    pub(super) finish: Option<ActionEndDocument>,
    pub(super) drop: Option<ActionEndDocument>,
}

impl Postmortems {
    /// What of an input is about post-mortems.
    pub(super) fn taken(input: &mut InputDocument) -> Self {
        Self {
            require: input.require_postmortem.take(),
            waive: input.waive_postmortem.take(),
            write: input.write_postmortem.take(),
            meet: input.plan_meeting.take(),
            submit: input.submit_postmortem.take(),
            review: input.review_postmortem.take(),
            publish: input.publish_postmortem.take(),
            add: input.add_action.take(),
            change: input.change_action.take(),
            finish: input.finish_action.take(),
            drop: input.drop_action.take(),
        }
    }

    /// Each as a command of its own; none where a moment is none, which is reported.
    pub(super) fn commands(self, path: &str, reader: &mut Reader<'_, '_>) -> Vec<Option<What>> {
        let incident = IncidentId::from("");
        let on = |name: Option<Name>, command: Input| Some(What::Command(name.map(Reference::from), command));
        let mut commands = Vec::new();
        if let Some(ReasonDocument { incident: name, by, reason }) = self.require {
            commands.push(on(name, Input::RequirePostmortem { incident: incident.clone(), by, reason }));
        }
        if let Some(ReasonDocument { incident: name, by, reason }) = self.waive {
            commands.push(on(name, Input::WaivePostmortem { incident: incident.clone(), by, reason }));
        }
        if let Some(written) = self.write {
            commands.push(Some(written.command(incident.clone())));
        }
        if let Some(MeetingInputDocument { incident: name, by, at, attendees, agenda }) = self.meet {
            let at = reader.any_moment(&format!("{path}.plan_meeting.at"), &at);
            commands.push(
                at.and_then(|at| {
                    on(name, Input::PlanMeeting { incident: incident.clone(), by, at, attendees, agenda })
                }),
            );
        }
        if let Some(deed) = self.submit {
            commands.push(on(deed.incident, Input::SubmitPostmortem { incident: incident.clone(), by: deed.by }));
        }
        if let Some(ReviewDocument { incident: name, by, approved, note }) = self.review {
            commands.push(on(name, Input::ReviewPostmortem { incident: incident.clone(), by, approved, note }));
        }
        if let Some(PublishDocument { incident: name, by, link }) = self.publish {
            commands.push(on(name, Input::PublishPostmortem { incident: incident.clone(), by, link }));
        }
        if let Some(ActionDocument { incident: name, action, by, text, owner, due }) = self.add {
            let text = text.unwrap_or_default();
            commands.push(on(name, Input::AddAction { incident: incident.clone(), action, by, text, owner, due }));
        }
        if let Some(ActionDocument { incident: name, action, by, text, owner, due }) = self.change {
            commands.push(on(name, Input::ChangeAction { incident: incident.clone(), action, by, text, owner, due }));
        }
        if let Some(ActionEndDocument { incident: name, action, by, .. }) = self.finish {
            commands.push(on(name, Input::FinishAction { incident: incident.clone(), action, by }));
        }
        if let Some(ActionEndDocument { incident: name, action, by, reason }) = self.drop {
            commands.push(on(name, Input::DropAction { incident, action, by, reason }));
        }
        commands
    }
}

impl WriteDocument {
    fn command(self, incident: IncidentId) -> What {
        let Self { incident: name, by, title, summary, impact, whys, root_cause, cause, lessons, follow_up, owner } =
            self;
        let command = Input::WritePostmortem {
            incident,
            by,
            title,
            summary,
            impact,
            whys,
            root_cause,
            cause,
            lessons,
            follow_up,
            owner,
        };
        What::Command(name.map(Reference::from), command)
    }
}

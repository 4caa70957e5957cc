//! What is refused of post-mortems, before anything is touched.

use std::collections::BTreeSet;

use super::commands::bounded;
use super::postmortem::written_parts;
use crate::error::{Refusal, Rejected};
use crate::incident::Incident;
use crate::input::Input;
use crate::limits;
use crate::oncall::Changes;
use crate::policy::Policy;
use crate::postmortem::{
    Postmortem, PostmortemEvent, PostmortemPart, PostmortemStatus, PostmortemTransition, date_of, is_kept, transition,
};
use crate::routing::{Recipient, names};
use crate::text::{is_web_address, says_nothing};
use crate::time::Timestamp;

/// Every text of a post-mortem is within the engine's bounds.
pub(super) fn check_postmortem_texts(input: &Input) -> Result<(), Rejected> {
    let texts =
        |field, texts: &[String]| texts.iter().try_for_each(|text| bounded(field, text, limits::TEXT_BYTES_MAX));
    let text =
        |field, text: &Option<String>| bounded(field, text.as_deref().unwrap_or_default(), limits::TEXT_BYTES_MAX);
    match input {
        Input::WritePostmortem { title, summary, impact, whys, root_cause, cause, lessons, .. } => {
            text("title", title)?;
            text("summary", summary)?;
            text("root_cause", root_cause)?;
            bounded("cause", cause.as_deref().unwrap_or_default(), limits::KEY_BYTES_MAX)?;
            for said in impact.iter().flat_map(|impact| [&impact.users, &impact.services, &impact.business]) {
                bounded("impact", said, limits::TEXT_BYTES_MAX)?;
            }
            for said in whys.iter().flatten().flat_map(|why| [&why.question, &why.answer]) {
                bounded("whys", said, limits::TEXT_BYTES_MAX)?;
            }
            let lessons = lessons.iter().flat_map(|it| [&it.went_well, &it.to_improve, &it.to_change]);
            lessons.into_iter().try_for_each(|list| texts("lessons", list))
        }
        Input::PlanMeeting { attendees, agenda, .. } => {
            texts("attendees", attendees)?;
            texts("agenda", agenda)
        }
        _ => Ok(()),
    }
}

/// Finds the first refusal that applies to a command on a post-mortem, in the documented order.
pub(super) fn check_postmortem(
    policy: &Policy,
    changes: &Changes,
    incident: &Incident,
    now: Timestamp,
    input: &Input,
) -> Result<(), Rejected> {
    let Some(event) = event(input) else {
        return Ok(());
    };
    check_people(policy, input)?;
    check_reason(input)?;
    check_content(policy, incident, now, input)?;
    let Some(postmortem) = incident.postmortem() else {
        if event == PostmortemEvent::Require {
            return Ok(());
        }
        return Err(Refusal::NoPostmortem { incident: incident.id().to_string() }.into());
    };
    check_status(postmortem.status, event)?;
    if let Input::ReviewPostmortem { by, approved: true, .. } = input {
        let reviewers = reviewers(policy, changes, incident, now);
        check_reviewer(postmortem, by, &reviewers)?;
    }
    if let Input::WaivePostmortem { by, .. } = input
        && let Some(recipients) = policy.postmortem().and_then(|policy| policy.waived_by.as_deref())
    {
        let may = people(policy, changes, incident, recipients, now);
        check_waiver(policy, postmortem, by, &may)?;
    }
    if matches!(event, PostmortemEvent::Submit | PostmortemEvent::Publish) && !incident.state().is_resolved() {
        return Err(Refusal::StillOpen { incident: incident.id().to_string() }.into());
    }
    if let Input::PublishPostmortem { link, .. } = input
        && postmortem.status == PostmortemStatus::Reviewed
    {
        check_complete(policy, postmortem, link.as_deref())?;
        check_met(policy, postmortem, now)?;
    }
    let (Input::ChangeAction { action, .. } | Input::FinishAction { action, .. } | Input::DropAction { action, .. }) =
        input
    else {
        return Ok(());
    };
    match postmortem.actions.iter().find(|item| item.id == *action) {
        None => {
            let known = postmortem.actions.iter().map(|item| item.id.clone()).collect();
            Err(Refusal::UnknownAction { action: action.clone(), known }.into())
        }
        Some(item) if !item.is_open() => Err(Refusal::ActionOver { action: action.clone() }.into()),
        Some(_) => Ok(()),
    }
}

/// What a command is to the table of a post-mortem's life.
fn event(input: &Input) -> Option<PostmortemEvent> {
    Some(match input {
        Input::RequirePostmortem { .. } => PostmortemEvent::Require,
        Input::WaivePostmortem { .. } => PostmortemEvent::Waive,
        Input::WritePostmortem { .. } if written_parts(input).is_empty() => PostmortemEvent::FollowUp,
        Input::WritePostmortem { .. } | Input::AddAction { .. } | Input::ChangeAction { text: Some(_), .. } => {
            PostmortemEvent::Write
        }
        Input::PlanMeeting { .. } => PostmortemEvent::Meet,
        Input::SubmitPostmortem { .. } => PostmortemEvent::Submit,
        Input::ReviewPostmortem { approved: true, .. } => PostmortemEvent::Approve,
        Input::ReviewPostmortem { approved: false, .. } => PostmortemEvent::SendBack,
        Input::PublishPostmortem { .. } => PostmortemEvent::Publish,
        Input::ChangeAction { text: None, .. } | Input::FinishAction { .. } | Input::DropAction { .. } => {
            PostmortemEvent::FollowUp
        }
        _ => return None,
    })
}

/// Owners and those asked to a meeting are people or teams of the policy, since they are told.
fn check_people(policy: &Policy, input: &Input) -> Result<(), Rejected> {
    let named: Vec<&String> = match input {
        Input::WritePostmortem { owner, .. } | Input::AddAction { owner, .. } | Input::ChangeAction { owner, .. } => {
            owner.iter().collect()
        }
        Input::PlanMeeting { attendees, .. } => attendees.iter().collect(),
        _ => Vec::new(),
    };
    match named.into_iter().find(|name| policy.person(name).is_none() && policy.team(name).is_none()) {
        Some(person) => {
            let document = policy.document();
            let known = document.people.keys().chain(document.teams.keys()).cloned().collect();
            Err(Refusal::UnknownPerson { person: person.clone(), known }.into())
        }
        None => Ok(()),
    }
}

/// What others must understand says why.
fn check_reason(input: &Input) -> Result<(), Rejected> {
    match input {
        Input::RequirePostmortem { reason, .. }
        | Input::WaivePostmortem { reason, .. }
        | Input::DropAction { reason, .. }
            if says_nothing(reason) =>
        {
            Err(Refusal::MissingReason { field: "reason" }.into())
        }
        Input::ReviewPostmortem { approved: false, note, .. } if says_nothing(note) => {
            Err(Refusal::MissingReason { field: "note" }.into())
        }
        _ => Ok(()),
    }
}

/// A list is within the engine's bounds.
fn few(field: &'static str, count: usize) -> Result<(), Rejected> {
    let most = limits::POSTMORTEM_ENTRIES_MAX;
    if count > most { Err(Refusal::TooManyEntries { field, most }.into()) } else { Ok(()) }
}

fn check_content(policy: &Policy, incident: &Incident, now: Timestamp, input: &Input) -> Result<(), Rejected> {
    let date = match input {
        Input::WritePostmortem { whys, lessons, follow_up, .. } => {
            few("whys", whys.as_ref().map_or(0, Vec::len))?;
            let lists = lessons.iter().flat_map(|it| [&it.went_well, &it.to_improve, &it.to_change]);
            lists.into_iter().try_for_each(|list| few("lessons", list.len()))?;
            *follow_up
        }
        Input::PlanMeeting { at, attendees, agenda, .. } => {
            few("attendees", attendees.len())?;
            few("agenda", agenda.len())?;
            if !limits::YEARS.contains(&chrono::Datelike::year(at)) {
                return Err(Refusal::TimeOutOfRange { at: *at }.into());
            }
            if *at <= now {
                let local = policy.zone().format(*at, "%Y-%m-%d %H:%M %Z");
                return Err(Refusal::MeetingInThePast { at: *at, local }.into());
            }
            None
        }
        Input::AddAction { action, text, due, .. } => {
            let actions = incident.postmortem().map_or(&[][..], |postmortem| &postmortem.actions);
            if actions.iter().any(|item| item.id == *action) {
                return Err(Refusal::DuplicateId { id: action.clone() }.into());
            }
            if actions.len() >= limits::ACTIONS_MAX {
                return Err(Refusal::TooMany { most: limits::ACTIONS_MAX }.into());
            }
            for (field, said) in [("action", action), ("text", text)] {
                if says_nothing(said) {
                    return Err(Refusal::EmptyText { field }.into());
                }
            }
            *due
        }
        Input::PublishPostmortem { link: Some(link), .. } => {
            check_link(link)?;
            None
        }
        Input::ChangeAction { text, due, .. } => {
            if text.as_ref().is_some_and(|text| says_nothing(text)) {
                return Err(Refusal::EmptyText { field: "text" }.into());
            }
            *due
        }
        _ => None,
    };
    match date {
        Some(date) if !is_kept(date) => {
            Err(Refusal::TimeOutOfRange { at: date.and_time(chrono::NaiveTime::MIN).and_utc() }.into())
        }
        Some(date) if date_of(now, policy.zone()).is_some_and(|today| date < today) => {
            Err(Refusal::DateInThePast { date }.into())
        }
        _ => Ok(()),
    }
}

/// A link can be followed. One that says nothing is none.
fn check_link(link: &str) -> Result<(), Rejected> {
    if says_nothing(link) || is_web_address(link) {
        return Ok(());
    }
    Err(Refusal::NotAnAddress { link: link.to_owned() }.into())
}

fn check_status(status: PostmortemStatus, event: PostmortemEvent) -> Result<(), Rejected> {
    if transition(status, event) != PostmortemTransition::Refuse {
        return Ok(());
    }
    Err(match (event, status) {
        (_, PostmortemStatus::Waived) => Refusal::PostmortemOver { status },
        (PostmortemEvent::Publish, _) => Refusal::NotReviewed { status },
        (PostmortemEvent::Approve | PostmortemEvent::SendBack, _) => Refusal::NotInReview { status },
        _ => Refusal::PostmortemOver { status },
    }
    .into())
}

/// Who looks at post-mortems, by name, as far as these are people.
pub(super) fn reviewers(policy: &Policy, changes: &Changes, incident: &Incident, at: Timestamp) -> BTreeSet<String> {
    let recipients = policy.postmortem().map_or(&[][..], |policy| &policy.reviewers);
    people(policy, changes, incident, recipients, at)
}

/// Whom recipients stand for, by name, as far as these are people.
fn people(
    policy: &Policy,
    changes: &Changes,
    incident: &Incident,
    recipients: &[Recipient],
    at: Timestamp,
) -> BTreeSet<String> {
    let channel = policy.document().postmortem.as_ref().map_or("email", |document| document.by.as_str());
    let named = recipients.iter().flat_map(|it| names(policy, changes, incident, it, channel, at));
    named.flat_map(|name| policy.team(&name).map_or_else(|| vec![name.clone()], |team| team.members.clone())).collect()
}

/// Whoever agrees to it has not written it, and is asked for it by the policy, unless all of those have written it.
fn check_reviewer(postmortem: &Postmortem, by: &str, reviewers: &BTreeSet<String>) -> Result<(), Rejected> {
    let others: Vec<String> = reviewers.difference(&postmortem.authors).cloned().collect();
    if postmortem.authors.contains(by) {
        return Err(Refusal::OwnReview { by: by.to_owned(), reviewers: others }.into());
    }
    if others.is_empty() || reviewers.contains(by) {
        return Ok(());
    }
    Err(Refusal::NotAReviewer { by: by.to_owned(), reviewers: others }.into())
}

/// Whoever says that none is needed is one of those who may by the policy, and does not excuse themself, unless nobody else
/// may.
fn check_waiver(policy: &Policy, postmortem: &Postmortem, by: &str, may: &BTreeSet<String>) -> Result<(), Rejected> {
    let owner = postmortem.owner.as_deref();
    // An office is a team of one.
    let sees_to_it = |person: &str| {
        owner == Some(person) || owner.and_then(|owner| policy.team(owner)).is_some_and(|team| team.members == [person])
    };
    let others: Vec<String> = may.iter().filter(|person| !sees_to_it(person)).cloned().collect();
    if !may.contains(by) {
        return Err(Refusal::MayNotWaive { by: by.to_owned(), may: others }.into());
    }
    if sees_to_it(by) && !others.is_empty() {
        return Err(Refusal::OwnWaiver { by: by.to_owned(), may: others }.into());
    }
    Ok(())
}

/// Where the policy asks for a meeting, it is over before the post-mortem is published: it may change what that says.
fn check_met(policy: &Policy, postmortem: &Postmortem, now: Timestamp) -> Result<(), Rejected> {
    let required = policy.document().postmortem.as_ref().map_or(&[][..], |document| &document.require);
    match &postmortem.meeting {
        Some(meeting) if required.contains(&PostmortemPart::Meeting) && meeting.at > now => {
            Err(Refusal::MeetingAhead { at: meeting.at }.into())
        }
        _ => Ok(()),
    }
}

/// What the policy asks for is filled, and everything that is to be done is somebody's.
fn check_complete(policy: &Policy, postmortem: &Postmortem, link: Option<&str>) -> Result<(), Rejected> {
    let required = policy.document().postmortem.as_ref().map_or(&[][..], |document| &document.require);
    let open = |lacks: &dyn Fn(&crate::postmortem::ActionItem) -> bool| -> Vec<String> {
        postmortem.open_actions().filter(|item| lacks(item)).map(|item| item.id.clone()).collect()
    };
    // The dates have a refusal of their own, and where it can be read comes with the command itself.
    let filled = |part: PostmortemPart| match part {
        PostmortemPart::DueDates => true,
        PostmortemPart::Link => postmortem.has(part) || link.is_some_and(|link| !says_nothing(link)),
        part => postmortem.has(part),
    };
    let parts: Vec<PostmortemPart> = required.iter().copied().filter(|part| !filled(*part)).collect();
    if !parts.is_empty() {
        return Err(Refusal::PostmortemIncomplete { parts }.into());
    }
    let actions = open(&|item| item.owner.is_none());
    if !actions.is_empty() {
        return Err(Refusal::ActionWithoutOwner { actions }.into());
    }
    let actions = open(&|item| item.due.is_none());
    if required.contains(&PostmortemPart::DueDates) && !actions.is_empty() {
        return Err(Refusal::ActionWithoutDue { actions }.into());
    }
    Ok(())
}

//! What people of random lives do with post-mortems.

use chrono::{Days, NaiveDate, TimeDelta};
use kentongan::postmortem::{PostmortemImpact, PostmortemStatus, Why};
use kentongan::{Engine, IncidentId, Input};

use crate::driver::start;

/// A command on the post-mortem of an incident, one of six kinds: by few names, so that they meet.
pub(crate) fn command(engine: &Engine, verb: u8, incident: IncidentId, name: u8) -> Input {
    let by = "ana".to_owned();
    match verb {
        0 | 1 => forward(engine, incident, name),
        2 => written(engine, incident, name),
        3 => {
            let now = engine.now().unwrap_or_else(start);
            let at = now + TimeDelta::hours(i64::from(name) * 2 - 1);
            let attendees = match name {
                1 => vec!["cita".to_owned()],
                2 => vec!["a stranger".to_owned()],
                _ => Vec::new(),
            };
            Input::PlanMeeting { incident, by, at, attendees, agenda: Vec::new() }
        }
        4 => action(engine, incident, name),
        _ => {
            let reason = if name == 3 { String::new() } else { "somebody says so".to_owned() };
            match name {
                0 | 1 | 3 => Input::RequirePostmortem { incident, by, reason },
                _ => Input::WaivePostmortem { incident, by, reason },
            }
        }
    }
}

/// What comes next on the way to its publication, most of the time.
fn forward(engine: &Engine, incident: IncidentId, name: u8) -> Input {
    let by = if name == 4 { "budi" } else { "ana" }.to_owned();
    let postmortem = engine.incident(&incident).and_then(|incident| incident.postmortem());
    let unwritten = postmortem.is_some_and(|postmortem| postmortem.summary.is_empty());
    match postmortem.map(|postmortem| postmortem.status) {
        None => Input::RequirePostmortem { incident, by, reason: "it is the third time".to_owned() },
        Some(PostmortemStatus::Draft) if unwritten && name < 5 => written(engine, incident, 0),
        // Not everybody waits until it is handed in.
        Some(PostmortemStatus::Draft) if name == 2 => {
            Input::ReviewPostmortem { incident, by, approved: true, note: String::new() }
        }
        Some(PostmortemStatus::Draft) => Input::SubmitPostmortem { incident, by },
        Some(PostmortemStatus::InReview) => {
            // Mostly it is somebody else who agrees to it.
            let by = if name < 3 { "dewi".to_owned() } else { by };
            let note = if name == 5 { "it is not so" } else { "" }.to_owned();
            Input::ReviewPostmortem { incident, by, approved: name < 4, note }
        }
        Some(PostmortemStatus::Published) if name < 3 => action(engine, incident, name),
        Some(PostmortemStatus::Published) if name == 3 => {
            Input::ReviewPostmortem { incident, by, approved: false, note: "the time is wrong".to_owned() }
        }
        Some(PostmortemStatus::Reviewed | PostmortemStatus::Published) => {
            Input::PublishPostmortem { incident, by, link: None }
        }
        Some(PostmortemStatus::Waived) => Input::WaivePostmortem { incident, by, reason: "once more".to_owned() },
    }
}

fn written(engine: &Engine, incident: IncidentId, name: u8) -> Input {
    let owner = match name {
        1 => Some("budi".to_owned()),
        2 => Some("ghosts".to_owned()),
        3 => Some("a stranger".to_owned()),
        _ => None,
    };
    let all = name != 1;
    Input::WritePostmortem {
        incident,
        by: "ana".to_owned(),
        title: None,
        summary: all.then(|| "It was down.".to_owned()),
        impact: (name == 4).then(|| PostmortemImpact { users: "Many".to_owned(), ..PostmortemImpact::default() }),
        whys: (name == 5).then(|| vec![Why { question: "Why?".to_owned(), answer: "The job.".to_owned() }]),
        root_cause: None,
        cause: None,
        lessons: None,
        follow_up: (name == 4).then(|| date(engine, 0)),
        owner,
    }
}

fn action(engine: &Engine, incident: IncidentId, name: u8) -> Input {
    let by = "ana".to_owned();
    let action = if name.is_multiple_of(2) { "a" } else { "b" }.to_owned();
    let postmortem = engine.incident(&incident).and_then(|incident| incident.postmortem());
    let known = postmortem.is_some_and(|postmortem| postmortem.actions.iter().any(|item| item.id == action));
    let due = Some(date(engine, u64::from(name / 4)));
    match name {
        _ if !known && name != 5 => {
            let owner = (name < 3).then(|| "budi".to_owned());
            Input::AddAction { incident, action, by, text: "Mend it".to_owned(), owner, due }
        }
        0 | 1 => Input::FinishAction { incident, action, by },
        2 | 3 => Input::ChangeAction { incident, action, by, text: None, owner: Some("dewi".to_owned()), due },
        4 => Input::DropAction { incident, action, by, reason: "it is not needed".to_owned() },
        _ => Input::ChangeAction { incident, action, by, text: Some("Otherwise".to_owned()), owner: None, due: None },
    }
}

/// A date so many days ahead, where the people of the laws are.
fn date(engine: &Engine, ahead: u64) -> NaiveDate {
    let now = engine.now().unwrap_or_else(start);
    let today = engine.policy().zone().format(now, "%Y-%m-%d").parse().unwrap_or_default();
    NaiveDate::checked_add_days(today, Days::new(ahead)).unwrap_or(today)
}

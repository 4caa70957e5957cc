//! How refusals are told: the stable name of each, what is wrong, and what to do about it.

use std::fmt;

use super::{InternalWords, Refusal, Rejected};
use crate::postmortem::{PostmortemPart, PostmortemStatus};

impl Rejected {
    /// The stable name of this kind of refusal: `already_resolved`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.refusal {
            Refusal::TimeOutOfRange { .. } => "time_out_of_range",
            Refusal::MissingActor => "missing_actor",
            Refusal::TextTooLong { .. } => "text_too_long",
            Refusal::UnknownSource { .. } => "unknown_source",
            Refusal::UnknownIncident { .. } => "unknown_incident",
            Refusal::UnknownSeverity { .. } => "unknown_severity",
            Refusal::SeverityGone { .. } => "severity_gone",
            Refusal::UnknownLevel { .. } => "unknown_level",
            Refusal::UnknownItem { .. } => "unknown_item",
            Refusal::UnknownPart { .. } => "unknown_part",
            Refusal::UnknownRole { .. } => "unknown_role",
            Refusal::AlreadyResolved { .. } => "already_resolved",
            Refusal::RealBefore { .. } => "real_before",
            Refusal::MergeIntoItself { .. } => "merge_into_itself",
            Refusal::DrillAndReal { .. } => "drill_and_real",
            Refusal::LinkCycle { .. } => "link_cycle",
            Refusal::UnknownAlert { .. } => "unknown_alert",
            Refusal::NothingToSplit => "nothing_to_split",
            Refusal::NothingLeft => "nothing_left",
            Refusal::PauseOver { .. } => "pause_over",
            Refusal::PauseTooLong { .. } => "pause_too_long",
            Refusal::TooManyPauses { .. } => "too_many_pauses",
            Refusal::SnoozeOver { .. } => "snooze_over",
            Refusal::SnoozeTooLong { .. } => "snooze_too_long",
            Refusal::NotPublic { .. } => "not_public",
            Refusal::DrillNotPublic { .. } => "drill_not_public",
            Refusal::NoStatusPage => "no_status_page",
            Refusal::InternalInPublic { .. } => "internal_in_public",
            Refusal::NameInPublic { .. } => "name_in_public",
            Refusal::MixedLettersInPublic { .. } => "mixed_letters_in_public",
            Refusal::PublicStillOpen { .. } => "public_still_open",
            Refusal::PublicOver { .. } => "public_over",
            Refusal::PublicStatusBack { .. } => "public_status_back",
            Refusal::PublicUpdateIncomplete { .. } => "public_update_incomplete",
            Refusal::UpdateIncomplete { .. } => "update_incomplete",
            Refusal::ChecklistOpen { .. } => "checklist_open",
            Refusal::FinalUpdateMissing => "final_update_missing",
            Refusal::ChildrenOpen { .. } => "children_open",
            Refusal::UnknownPerson { .. } => "unknown_person",
            Refusal::UnknownOnCall { .. } => "unknown_on_call",
            Refusal::EmptyMatchers => "empty_matchers",
            Refusal::MissingReason { .. } => "missing_reason",
            Refusal::EndBeforeStart { .. } => "end_before_start",
            Refusal::InThePast { .. } => "in_the_past",
            Refusal::TakesOverFromThemself { .. } => "takes_over_from_themself",
            Refusal::NoTurns { .. } => "no_turns",
            Refusal::TooLong { .. } => "too_long",
            Refusal::DuplicateId { .. } => "duplicate_id",
            Refusal::TooMany { .. } => "too_many",
            Refusal::UnknownHandoff { .. } => "unknown_handoff",
            Refusal::UnknownPoint { .. } => "unknown_point",
            Refusal::EmptyText { .. } => "empty_text",
            Refusal::TooManyEntries { .. } => "too_many_entries",
            Refusal::DateInThePast { .. } => "date_in_the_past",
            Refusal::MeetingInThePast { .. } => "meeting_in_the_past",
            Refusal::NotAnAddress { .. } => "not_an_address",
            Refusal::NoPostmortem { .. } => "no_postmortem",
            Refusal::PostmortemOver { .. } => "postmortem_over",
            Refusal::NotInReview { .. } => "not_in_review",
            Refusal::NotReviewed { .. } => "not_reviewed",
            Refusal::OwnReview { .. } => "own_review",
            Refusal::NotAReviewer { .. } => "not_a_reviewer",
            Refusal::MayNotWaive { .. } => "may_not_waive",
            Refusal::OwnWaiver { .. } => "own_waiver",
            Refusal::StillOpen { .. } => "still_open",
            Refusal::PostmortemIncomplete { .. } => "postmortem_incomplete",
            Refusal::ActionWithoutOwner { .. } => "action_without_owner",
            Refusal::ActionWithoutDue { .. } => "action_without_due",
            Refusal::MeetingAhead { .. } => "meeting_ahead",
            Refusal::UnknownAction { .. } => "unknown_action",
            Refusal::ActionOver { .. } => "action_over",
            Refusal::UnknownId { .. } => "unknown_id",
        }
    }

    /// What to do about it.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one arm for each refusal, in one place")]
    pub fn help(&self) -> String {
        let listed = |known: &[String], none: &str| {
            if known.is_empty() { none.to_owned() } else { format!("known are `{}`", known.join("`, `")) }
        };
        match &self.refusal {
            Refusal::TimeOutOfRange { .. } => {
                let years = crate::limits::YEARS;
                format!("hand in an instant between the years {} and {}", years.start(), years.end())
            }
            Refusal::MissingActor => "say in `by` who acts".to_owned(),
            Refusal::TextTooLong { bytes_max, .. } => format!("keep it within {bytes_max} bytes"),
            Refusal::UnknownSource { known, .. } => listed(known, "the policy has no `sources`"),
            Refusal::UnknownIncident { .. } => {
                "use the id that the engine gave; a resolved incident is forgotten after the policy's retention"
                    .to_owned()
            }
            Refusal::UnknownSeverity { known, .. } => listed(known, "the policy has none"),
            Refusal::SeverityGone { severity, known, .. } => {
                let known = listed(known, "the policy has none");
                format!("say which severity takes the place of `{}`; {known}", excerpt(severity))
            }
            Refusal::UnknownLevel { known, .. } => listed(known, "the incident's severity has no escalation path"),
            Refusal::UnknownItem { known, .. } => {
                listed(known, "the policy's `closing` has no checklist for this severity")
            }
            Refusal::UnknownPart { known, .. } => listed(known, "the policy's `updates` names no parts"),
            Refusal::UnknownRole { known, .. } => listed(known, "the policy has no `roles`"),
            Refusal::AlreadyResolved { .. } => "what fires again opens it again, or a new one".to_owned(),
            Refusal::RealBefore { .. } => "resolve it, and say in `note` that nothing was wrong this time".to_owned(),
            Refusal::MergeIntoItself { .. } => "name the other incident in `into`".to_owned(),
            Refusal::DrillAndReal { .. } => "end the drill; what is real goes on by itself".to_owned(),
            Refusal::LinkCycle { .. } => "unlink what stands between the two first: `unlink`".to_owned(),
            Refusal::UnknownAlert { known, .. } => listed(known, "the incident has no alerts"),
            Refusal::NothingToSplit => "name the alerts that become an incident of their own".to_owned(),
            Refusal::NothingLeft => "leave at least one alert with the incident".to_owned(),
            Refusal::PauseOver { .. } => "name an instant that lies ahead, or none".to_owned(),
            Refusal::PauseTooLong { at_most, .. } => {
                format!("pause for {at_most} at the most, or change `pausing` in the policy")
            }
            Refusal::TooManyPauses { .. } => "let the clocks run".to_owned(),
            Refusal::SnoozeOver { .. } | Refusal::MeetingInThePast { .. } => {
                "name an instant that lies ahead".to_owned()
            }
            Refusal::SnoozeTooLong { at_most, .. } => {
                format!("snooze for {at_most} at the most, or change `snoozing` in the policy")
            }
            Refusal::NotPublic { .. } => "set another severity first, or change `public` in the policy".to_owned(),
            Refusal::DrillNotPublic { .. } => {
                "say it to those inside: `update`; the public is not told of a drill".to_owned()
            }
            Refusal::NoStatusPage => "add `declaration: { status_page: … }` to the policy".to_owned(),
            Refusal::InternalInPublic { surely: true, .. } => "say it in words for the public, without it".to_owned(),
            Refusal::InternalInPublic { surely: false, .. } => {
                "say it in words for the public, without it, or say in `override_reason` why everybody may read it; the \
                 public does not read that"
                    .to_owned()
            }
            Refusal::MixedLettersInPublic { .. } => {
                "write each word in one alphabet, or say in `override_reason` why it is so; the public does not read that"
                    .to_owned()
            }
            Refusal::NameInPublic { .. } => {
                "leave it out, or say in `override_reason` that it is no name here; the public does not read that"
                    .to_owned()
            }
            Refusal::PublicStillOpen { open, .. } if open.is_empty() => {
                "resolve the incident first; until then the public is told `monitoring`".to_owned()
            }
            Refusal::PublicStillOpen { open, .. } => {
                format!("check `{}`, or resolve the incident first", open.join("`, `"))
            }
            Refusal::PublicOver { .. } => {
                "what is wrong again opens it again: an alert, or a report by `detect`".to_owned()
            }
            Refusal::PublicStatusBack { .. } => {
                "say in `reason` why it goes back; the public does not read that".to_owned()
            }
            Refusal::PublicUpdateIncomplete { missing } => {
                let said = |part: &&'static str| match *part {
                    "impact" => "in `impact` what the public notices of it".to_owned(),
                    part => format!("in `{part}` what it is called"),
                };
                let said: Vec<String> = missing.iter().map(said).collect();
                format!("say {}; later updates need not repeat it", said.join(", and "))
            }
            Refusal::UpdateIncomplete { missing } => format!("add to `parts`: {}", missing.join("; ")),
            Refusal::ChecklistOpen { open } => {
                format!("check what is so, or say in `override_reason` why it closes anyhow; open: {}", open.join("; "))
            }
            Refusal::ChildrenOpen { children } => {
                format!(
                    "resolve or unlink `{}`, or say in `override_reason` of `resolve` why it ends before them",
                    children.join("`, `")
                )
            }
            Refusal::FinalUpdateMissing => {
                "say in `note` how it ended, or in `override_reason` why nobody is told".to_owned()
            }
            Refusal::UnknownPerson { known, .. } => listed(known, "the policy has nobody"),
            Refusal::UnknownOnCall { known, .. } => listed(known, "the policy has no on-call roles"),
            Refusal::EmptyMatchers => {
                "name a service, a key or a label with a value; a silence of everything hides what nobody expects"
                    .to_owned()
            }
            Refusal::MissingReason { field } => format!("say why in `{field}`"),
            Refusal::EndBeforeStart { .. } => "let it end after it begins".to_owned(),
            Refusal::InThePast { .. } => "let it end after the engine's time".to_owned(),
            Refusal::TakesOverFromThemself { .. } => {
                "name somebody else in `replaces`, or leave it out to take over the whole turn".to_owned()
            }
            Refusal::NoTurns { known, .. } => listed(known, "nobody has turns there"),
            Refusal::TooLong { longest } => format!("keep it within {longest}, or write it into the policy"),
            Refusal::DuplicateId { .. } => "give it another name, or end the one that has it first".to_owned(),
            Refusal::TooMany { .. } => "end some that are no longer needed".to_owned(),
            Refusal::UnknownHandoff { .. } => {
                "use the name that the hand-off was told under; a newer one takes the place of it".to_owned()
            }
            Refusal::UnknownPoint { known, .. } => listed(known, "the policy names no points"),
            Refusal::EmptyText { field } => format!("write something in `{field}`"),
            Refusal::TooManyEntries { most, .. } => format!("keep it within {most} entries"),
            Refusal::DateInThePast { .. } => "name a day that is not over".to_owned(),
            Refusal::NotAnAddress { .. } => {
                "give the address with `https://` or `http://` and a host, without spaces, such as \
                 `https://wiki.example.org/post-mortems/1`"
                    .to_owned()
            }
            Refusal::NoPostmortem { .. } => "ask for one first: `require_postmortem`, with a reason".to_owned(),
            Refusal::PostmortemOver { status: PostmortemStatus::Waived } => {
                "ask for it again first: `require_postmortem`, with a reason".to_owned()
            }
            Refusal::PostmortemOver { .. } => {
                "to put it right, send it back first: `review_postmortem` with `approved: false` and a note".to_owned()
            }
            Refusal::NotInReview { .. } => "hand it in first: `submit_postmortem`".to_owned(),
            Refusal::NotReviewed { .. } => {
                "hand it in and have it agreed to first: `submit_postmortem`, then `review_postmortem`".to_owned()
            }
            Refusal::OwnReview { reviewers, .. } if reviewers.is_empty() => {
                "have somebody look at it who has not written it".to_owned()
            }
            Refusal::OwnReview { reviewers, .. } | Refusal::NotAReviewer { reviewers, .. } => {
                format!("have `{}` look at it, or change `postmortem.reviewers` in the policy", reviewers.join("`, `"))
            }
            Refusal::MayNotWaive { may, .. } | Refusal::OwnWaiver { may, .. } if may.is_empty() => {
                "publish it, or change `postmortem.waived_by` in the policy: nobody else may waive it now".to_owned()
            }
            Refusal::MayNotWaive { may, .. } | Refusal::OwnWaiver { may, .. } => {
                format!("have `{}` decide, or change `postmortem.waived_by` in the policy", may.join("`, `"))
            }
            Refusal::StillOpen { .. } => "resolve the incident first; until then it can be written".to_owned(),
            Refusal::PostmortemIncomplete { parts } => {
                let (links, written): (Vec<PostmortemPart>, Vec<PostmortemPart>) = parts.iter().copied().partition(|part| *part == PostmortemPart::Link);
                let written: Vec<&str> = written.iter().map(|part| part.as_str()).collect();
                let fill = (!written.is_empty()).then(|| format!("fill `{}`", written.join("`, `")));
                let post = "post the document of `kentongan postmortem`, then hand in its `link` with `publish_postmortem`";
                let post = (!links.is_empty()).then(|| post.to_owned());
                let help: Vec<String> = fill.into_iter().chain(post).collect();
                format!("{}; or change `postmortem.require` in the policy", help.join("; "))
            }
            Refusal::ActionWithoutOwner { .. } => "give each an owner: `change_action`, with `owner`".to_owned(),
            Refusal::ActionWithoutDue { .. } => {
                "give each a date: `change_action`, with `due`; or change `postmortem.require` in the policy".to_owned()
            }
            Refusal::MeetingAhead { .. } => {
                "meet first, or plan an earlier meeting: `plan_meeting`; or change `postmortem.require` in the policy"
                    .to_owned()
            }
            Refusal::UnknownAction { known, .. } => listed(known, "the post-mortem asks for nothing yet"),
            Refusal::ActionOver { .. } => "add another one for what is left: `add_action`".to_owned(),
            Refusal::UnknownId { .. } => "use the name it was given; it may be over already".to_owned(),
        }
    }
}

impl fmt::Display for Refusal {
    #[expect(clippy::too_many_lines, reason = "one arm for each refusal, in one place")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeOutOfRange { at } => write!(f, "the instant `{at}` is out of range"),
            Self::MissingActor => f.write_str("the command does not say who acts"),
            Self::TextTooLong { field, bytes, .. } => write!(f, "`{field}` has {bytes} bytes"),
            Self::UnknownSource { source, .. } => write!(f, "unknown source `{}`", excerpt(source)),
            Self::UnknownIncident { incident } => {
                write!(f, "unknown incident `{}`", excerpt(incident))
            }
            Self::UnknownSeverity { severity, .. } => {
                write!(f, "unknown severity `{}`", excerpt(severity))
            }
            Self::SeverityGone { incident, severity, .. } => {
                write!(f, "the incident `{}` is `{}`, which the policy has not", excerpt(incident), excerpt(severity))
            }
            Self::UnknownLevel { level, .. } => {
                write!(f, "unknown escalation level `{}`", excerpt(level))
            }
            Self::UnknownItem { item, .. } => write!(f, "unknown point `{}` of the checklist", excerpt(item)),
            Self::UnknownPart { part, .. } => write!(f, "unknown part `{}` of a status update", excerpt(part)),
            Self::UnknownRole { role, .. } => write!(f, "unknown role `{}`", excerpt(role)),
            Self::AlreadyResolved { incident } => {
                write!(f, "the incident `{}` is resolved", excerpt(incident))
            }
            Self::RealBefore { incident } => {
                write!(f, "the incident `{}` was real before it opened again", excerpt(incident))
            }
            Self::MergeIntoItself { incident } => {
                write!(f, "the incident `{}` cannot be merged into itself", excerpt(incident))
            }
            Self::DrillAndReal { incident, into } => {
                let (incident, into) = (excerpt(incident), excerpt(into));
                write!(f, "of `{incident}` and `{into}` one is a drill, and the other is not")
            }
            Self::LinkCycle { incident, parent } => {
                write!(f, "`{}` is a part of `{}` already", excerpt(parent), excerpt(incident))
            }
            Self::UnknownAlert { alert, .. } => write!(f, "the incident has no alert `{}`", excerpt(alert)),
            Self::NothingToSplit => f.write_str("no alert is named"),
            Self::NothingLeft => f.write_str("no alert would be left"),
            Self::PauseOver { until } => write!(f, "the pause is over at `{until}`, before it begins"),
            Self::PauseTooLong { until, .. } => write!(f, "a pause until `{until}` is too long"),
            Self::TooManyPauses { pauses_max } => write!(f, "the clocks have stood still {pauses_max} times"),
            Self::SnoozeOver { until } => write!(f, "the snooze is over at `{until}`, before it begins"),
            Self::SnoozeTooLong { until, .. } => write!(f, "a snooze until `{until}` is too long"),
            Self::NotPublic { severity } => write!(f, "the public is not told of `{}` incidents", excerpt(severity)),
            Self::DrillNotPublic { incident } => write!(f, "the incident `{}` is a drill", excerpt(incident)),
            Self::NoStatusPage => f.write_str("there is no status page to post on"),
            Self::InternalInPublic { field, found, .. } => {
                write!(f, "`{field}` is for the public and has in it ")?;
                for (at, InternalWords { words, place }) in found.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", and " };
                    write!(f, "{comma}`{}`, {place}", excerpt(words))?;
                }
                Ok(())
            }
            Self::MixedLettersInPublic { field, words } => {
                let words = excerpt(&words.join("`, `"));
                write!(f, "`{field}` is for the public and has letters of more than one alphabet in a word: `{words}`")
            }
            Self::NameInPublic { field, names } => {
                let names = excerpt(&names.join("`, `"));
                write!(
                    f,
                    "`{field}` is for the public and has `{names}` in it, of a name of somebody who works on incidents"
                )
            }
            Self::PublicStillOpen { incident, .. } => {
                write!(f, "the public would read that `{}` is resolved, and it is open", excerpt(incident))
            }
            Self::PublicOver { to } => {
                write!(f, "the public was told that it is resolved, as it is, and would be told `{to}`")
            }
            Self::PublicStatusBack { from, to } => {
                write!(f, "the public was told `{from}`, and `{to}` comes before it")
            }
            Self::PublicUpdateIncomplete { missing } => {
                write!(f, "the public has not been told the {} of it", missing.join(" and the "))
            }
            Self::UpdateIncomplete { missing } => write!(f, "the status update lacks {} of its parts", missing.len()),
            Self::ChecklistOpen { open } => write!(f, "{} points of the closing checklist are open", open.len()),
            Self::ChildrenOpen { children } => write!(f, "{} incidents that are a part of it are open", children.len()),
            Self::FinalUpdateMissing => f.write_str("the incident would end without a final update"),
            Self::UnknownPerson { person, .. } => write!(f, "unknown person `{}`", excerpt(person)),
            Self::UnknownOnCall { on, .. } => write!(f, "unknown on-call role or schedule `{}`", excerpt(on)),
            Self::EmptyMatchers => f.write_str("the silence matches everything"),
            Self::MissingReason { .. } => f.write_str("the command does not say why"),
            Self::EndBeforeStart { from, to } => write!(f, "`{to}` is not after `{from}`"),
            Self::TakesOverFromThemself { person } => {
                write!(f, "`{}` takes over from `{}`, which changes nothing", excerpt(person), excerpt(person))
            }
            Self::NoTurns { person, on, .. } => {
                write!(f, "`{}` never has a turn on `{}` that could be taken over", excerpt(person), excerpt(on))
            }
            Self::InThePast { to } => write!(f, "it was over at `{to}`"),
            Self::TooLong { longest } => write!(f, "it is longer than {longest}"),
            Self::DuplicateId { id } => write!(f, "there is a `{}` already", excerpt(id)),
            Self::TooMany { most } => write!(f, "there are {most} of them already"),
            Self::UnknownHandoff { handoff } => write!(f, "unknown hand-off `{}`", excerpt(handoff)),
            Self::UnknownPoint { point, .. } => write!(f, "unknown point `{}` of the hand-off", excerpt(point)),
            Self::EmptyText { field } => write!(f, "`{field}` is empty"),
            Self::TooManyEntries { field, most } => write!(f, "`{field}` has more than {most} entries"),
            Self::DateInThePast { date } => write!(f, "the day `{date}` is over"),
            Self::MeetingInThePast { local, .. } => write!(f, "the meeting at `{local}` would lie in the past"),
            Self::NotAnAddress { link } => write!(f, "`{}` is no address of the web", excerpt(link)),
            Self::NoPostmortem { incident } => write!(f, "nothing asks for a post-mortem of `{}`", excerpt(incident)),
            Self::PostmortemOver { status } => write!(f, "the post-mortem is {status}"),
            Self::NotInReview { status } => write!(f, "the post-mortem is not in review: it is `{status}`"),
            Self::NotReviewed { status } => write!(f, "nobody has agreed to the post-mortem: it is `{status}`"),
            Self::OwnReview { by, .. } => write!(f, "`{}` has written the post-mortem", excerpt(by)),
            Self::NotAReviewer { by, .. } => write!(f, "the policy has others than `{}` look at it", excerpt(by)),
            Self::MayNotWaive { by, .. } => {
                write!(f, "the policy has others than `{}` say that no post-mortem is needed", excerpt(by))
            }
            Self::OwnWaiver { by, .. } => write!(f, "`{}` sees to the post-mortem", excerpt(by)),
            Self::StillOpen { incident } => write!(f, "the incident `{}` is open", excerpt(incident)),
            Self::PostmortemIncomplete { parts } => {
                let parts: Vec<&str> = parts.iter().map(|part| part.as_str()).collect();
                write!(f, "parts of the post-mortem are not filled: `{}`", parts.join("`, `"))
            }
            Self::ActionWithoutOwner { actions } => write!(f, "nobody owns `{}`", excerpt(&actions.join("`, `"))),
            Self::ActionWithoutDue { actions } => write!(f, "no date is set for `{}`", excerpt(&actions.join("`, `"))),
            Self::MeetingAhead { at } => write!(f, "the meeting about it is at `{at}`"),
            Self::UnknownAction { action, .. } => write!(f, "unknown action `{}`", excerpt(action)),
            Self::ActionOver { action } => write!(f, "the action `{}` is done or given up", excerpt(action)),
            Self::UnknownId { id } => write!(f, "nothing is called `{}`", excerpt(id)),
        }
    }
}

fn excerpt(text: &str) -> String {
    crate::routing::shorten(text, 80)
}

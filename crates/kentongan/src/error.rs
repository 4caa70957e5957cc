//! What the engine refuses, each with a stable code and a remedy. A refused call has changed nothing.

use std::fmt;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use crate::effect::PublicStatus;
use crate::postmortem::{PostmortemPart, PostmortemStatus};
use crate::time::{Duration, Timestamp};

/// Why an input was refused.
///
/// Refusals are looked for in the order of the variants of [`Refusal`]; the first that applies is given. An alert is
/// refused for its instant only: what is odd about one is put right and noted instead, since behind it stands
/// somebody who needs help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{refusal}")]
pub struct Rejected {
    refusal: Refusal,
}

/// Words in a text for the public that are not for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InternalWords {
    /// The words.
    pub words: String,
    /// Where they stand, or what they are.
    pub place: String,
}

/// Each kind of refusal, in the order in which they are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// The instant is outside the years the engine keeps.
    TimeOutOfRange {
        /// The instant.
        at: Timestamp,
    },
    /// A command does not say who acts.
    MissingActor,
    /// A text of a command is longer than the engine takes.
    TextTooLong {
        /// Which.
        field: &'static str,
        /// Its length in bytes.
        bytes: usize,
        /// The longest that is taken, in bytes.
        bytes_max: usize,
    },
    /// The policy names no such source.
    UnknownSource {
        /// The source.
        source: String,
        /// What there is.
        known: Vec<String>,
    },
    /// No incident has that id.
    UnknownIncident {
        /// The id.
        incident: String,
    },
    /// The policy has no such severity.
    UnknownSeverity {
        /// The severity.
        severity: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The policy to be loaded has no such severity, and an incident has it.
    SeverityGone {
        /// The incident.
        incident: String,
        /// Its severity.
        severity: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The incident's escalation path has no such level.
    UnknownLevel {
        /// The level.
        level: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The policy's closing checklist has no such point for the incident's severity.
    UnknownItem {
        /// The point.
        item: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The policy's status updates have no such part.
    UnknownPart {
        /// The part.
        part: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The policy has no such role.
    UnknownRole {
        /// The role.
        role: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The incident is over.
    AlreadyResolved {
        /// The id.
        incident: String,
    },
    /// It opened again after it had been over as a real one, so it is no false alarm as a whole.
    RealBefore {
        /// The id.
        incident: String,
    },
    /// An incident would be merged into itself.
    MergeIntoItself {
        /// The id.
        incident: String,
    },
    /// One incident is a drill, and the other is not.
    DrillAndReal {
        /// The one that would end.
        incident: String,
        /// The one that would go on.
        into: String,
    },
    /// The incident would become a part of itself.
    LinkCycle {
        /// The incident.
        incident: String,
        /// What it would be a part of.
        parent: String,
    },
    /// The incident has no such alert.
    UnknownAlert {
        /// The alert.
        alert: String,
        /// What there is, as far as it is listed.
        known: Vec<String>,
    },
    /// No alert was named that could be split from the incident.
    NothingToSplit,
    /// No alert would be left of the incident.
    NothingLeft,
    /// The pause would be over before it begins.
    PauseOver {
        /// When it was to end.
        until: Timestamp,
    },
    /// The pause would be longer than the policy allows.
    PauseTooLong {
        /// When it was to end.
        until: Timestamp,
        /// The longest that the policy allows.
        at_most: Duration,
    },
    /// The incident was paused too often.
    TooManyPauses {
        /// How often its clocks may stop.
        pauses_max: usize,
    },
    /// The snooze would be over before it begins.
    SnoozeOver {
        /// When it was to end.
        until: Timestamp,
    },
    /// The snooze would be longer than the policy allows.
    SnoozeTooLong {
        /// When it was to end.
        until: Timestamp,
        /// The longest that the policy allows.
        at_most: Duration,
    },
    /// The incident is a drill, of which the public is not told.
    DrillNotPublic {
        /// The id.
        incident: String,
    },
    /// The policy keeps incidents of this severity from the public.
    NotPublic {
        /// The severity.
        severity: String,
    },
    /// The policy names no status page.
    NoStatusPage,
    /// A text for the public has something in it that is not for them.
    InternalInPublic {
        /// Which text.
        field: &'static str,
        /// What it has in it.
        found: Vec<InternalWords>,
        /// Whether it can be nothing else, so that no reason lets it pass.
        surely: bool,
    },
    /// A text for the public has a word in it that is a part of the name of somebody who works on incidents.
    NameInPublic {
        /// Which text.
        field: &'static str,
        /// The words.
        names: Vec<String>,
    },
    /// A text for the public has a word in it with letters of more than one alphabet, some of which look the same.
    MixedLettersInPublic {
        /// Which text.
        field: &'static str,
        /// The words.
        words: Vec<String>,
    },
    /// The public would be told that the incident is resolved, and it is open.
    PublicStillOpen {
        /// The incident.
        incident: String,
        /// The points of the closing checklist that are open.
        open: Vec<String>,
    },
    /// The public would be told that the incident goes on, and it has been told that it is resolved, as it is.
    PublicOver {
        /// What the status would become.
        to: PublicStatus,
    },
    /// The status on the public page would go back, and nobody says why.
    PublicStatusBack {
        /// What it is.
        from: PublicStatus,
        /// What it would become.
        to: PublicStatus,
    },
    /// An update for the public lacks parts that the policy asks for, and no earlier one has them.
    PublicUpdateIncomplete {
        /// What it lacks: `impact`.
        missing: Vec<&'static str>,
    },
    /// A status update lacks parts that the policy asks for.
    UpdateIncomplete {
        /// What it lacks, by id and as people call it.
        missing: Vec<String>,
    },
    /// What is a part of the incident is open.
    ChildrenOpen {
        /// The incidents.
        children: Vec<String>,
    },
    /// Points of the closing checklist are open.
    ChecklistOpen {
        /// The points, by id and as people read them.
        open: Vec<String>,
    },
    /// The incident would end without the final update that the policy asks for.
    FinalUpdateMissing,
    /// The policy has no such person.
    UnknownPerson {
        /// The person.
        person: String,
        /// Who there is.
        known: Vec<String>,
    },
    /// The policy has no such on-call role or schedule.
    UnknownOnCall {
        /// The name.
        on: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A silence names nothing that is not empty.
    EmptyMatchers,
    /// A silence, or another command of which others must know why, does not say it.
    MissingReason {
        /// The field that would say it.
        field: &'static str,
    },
    /// An override, absence or silence ends before it begins.
    EndBeforeStart {
        /// The beginning.
        from: Timestamp,
        /// The end.
        to: Timestamp,
    },
    /// An override, absence or silence is over already.
    InThePast {
        /// The end.
        to: Timestamp,
    },
    /// Somebody takes over from themself.
    TakesOverFromThemself {
        /// Who.
        person: String,
    },
    /// Somebody takes over from a person who never has a turn there.
    NoTurns {
        /// The person.
        person: String,
        /// The role or schedule.
        on: String,
        /// Who has turns there.
        known: Vec<String>,
    },
    /// An override, absence or silence is longer than the engine takes.
    TooLong {
        /// The longest that is taken.
        longest: Duration,
    },
    /// An override, absence or silence of that name is in force or ahead.
    DuplicateId {
        /// The name.
        id: String,
    },
    /// There are as many overrides and absences, or silences, as the engine takes.
    TooMany {
        /// The most that are taken.
        most: usize,
    },
    /// No latest hand-off has that name.
    UnknownHandoff {
        /// The name.
        handoff: String,
    },
    /// The hand-off has no such point.
    UnknownPoint {
        /// The point.
        point: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A text that others read is empty.
    EmptyText {
        /// Which.
        field: &'static str,
    },
    /// A list of a command has more entries than the engine takes.
    TooManyEntries {
        /// Which.
        field: &'static str,
        /// The most that are taken.
        most: usize,
    },
    /// A date lies behind.
    DateInThePast {
        /// The date.
        date: NaiveDate,
    },
    /// A meeting would be over before it is planned.
    MeetingInThePast {
        /// When it was to be.
        at: Timestamp,
        /// The same on the clocks of the policy's people.
        local: String,
    },
    /// A link leads nowhere.
    NotAnAddress {
        /// What was given.
        link: String,
    },
    /// Nothing asks for a post-mortem of the incident.
    NoPostmortem {
        /// The incident.
        incident: String,
    },
    /// The post-mortem is published or waived, and what it says stands.
    PostmortemOver {
        /// How far it is.
        status: PostmortemStatus,
    },
    /// The post-mortem was not handed in.
    NotInReview {
        /// How far it is.
        status: PostmortemStatus,
    },
    /// Nobody has agreed to the post-mortem.
    NotReviewed {
        /// How far it is.
        status: PostmortemStatus,
    },
    /// Whoever would agree to the post-mortem has written it.
    OwnReview {
        /// Who.
        by: String,
        /// Who could.
        reviewers: Vec<String>,
    },
    /// Whoever would agree to the post-mortem is none of those whom the policy asks for it.
    NotAReviewer {
        /// Who.
        by: String,
        /// Whom it asks.
        reviewers: Vec<String>,
    },
    /// Whoever would waive the post-mortem is none of those who may by the policy.
    MayNotWaive {
        /// Who.
        by: String,
        /// Who may.
        may: Vec<String>,
    },
    /// Whoever would waive the post-mortem sees to it, and others may.
    OwnWaiver {
        /// Who.
        by: String,
        /// Who else may.
        may: Vec<String>,
    },
    /// The incident is open.
    StillOpen {
        /// The incident.
        incident: String,
    },
    /// Parts of the post-mortem are not filled.
    PostmortemIncomplete {
        /// Which.
        parts: Vec<PostmortemPart>,
    },
    /// Nobody does what the post-mortem asks for.
    ActionWithoutOwner {
        /// Which actions.
        actions: Vec<String>,
    },
    /// What the post-mortem asks for has no date.
    ActionWithoutDue {
        /// Which actions.
        actions: Vec<String>,
    },
    /// The meeting that the policy asks for lies ahead.
    MeetingAhead {
        /// When those concerned meet.
        at: Timestamp,
    },
    /// The post-mortem has no such action.
    UnknownAction {
        /// The action.
        action: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The action is done or given up.
    ActionOver {
        /// The action.
        action: String,
    },
    /// No override, absence or silence of that kind has that name.
    UnknownId {
        /// The name.
        id: String,
    },
}

impl From<Refusal> for Rejected {
    fn from(refusal: Refusal) -> Self {
        Self { refusal }
    }
}

impl Rejected {
    /// The kind of refusal, with its particulars.
    #[must_use]
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }

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

/// Why a snapshot cannot be restored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// It is not a snapshot, or a damaged one.
    #[error("the snapshot cannot be read: {reason}")]
    Unreadable {
        /// What is wrong with it.
        reason: String,
    },
    /// A newer engine has written it.
    #[error("the snapshot has format {found}; this engine reads up to {supported}")]
    TooNew {
        /// Its format.
        found: u32,
        /// The newest format this engine reads.
        supported: u32,
    },
    /// It was taken under another policy.
    #[error("the snapshot was taken under policy `{found}`, not `{expected}`")]
    OtherPolicy {
        /// The digest in the snapshot.
        found: String,
        /// The digest of the policy at hand.
        expected: String,
    },
}

impl RestoreError {
    /// The stable name of this kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable_snapshot",
            Self::TooNew { .. } => "snapshot_too_new",
            Self::OtherPolicy { .. } => "other_policy",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "replay the journal instead",
            Self::TooNew { .. } => "use the engine that wrote it, or a newer one",
            Self::OtherPolicy { .. } => {
                "restore it with the policy it was taken under, or replay the journal with the new one"
            }
        }
    }
}

//! What the engine refuses, each with a stable code and a remedy. A refused call has changed nothing.

mod restore;
mod words;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use crate::effect::PublicStatus;
use crate::postmortem::{PostmortemPart, PostmortemStatus};
use crate::time::{Duration, Timestamp};

pub use restore::RestoreError;

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
}

//! What a host hands the engine: alerts, what people do, and how deliveries went. Each is one journal record.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::alert::Alert;
use crate::effect::{EffectId, PublicStatus};
use crate::incident::{Impact, IncidentId};
use crate::postmortem::{Lessons, PostmortemImpact, Why};
use crate::silence::Matchers;
use crate::time::Timestamp;

/// One thing that happened, to be applied at an instant.
///
/// `by` is whoever acts: a person of the policy, or any name the host knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Input {
    /// A monitoring system or a reporter says something is wrong, or no longer is.
    Alert(Alert),
    /// A person or a system reports a problem through a source of the policy. It becomes an alert of that source.
    Detect {
        /// What tells it from other reports; its source, service and title otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// The source, as the policy names it.
        source: String,
        /// Who reports it.
        by: String,
        /// The service it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service: Option<String>,
        /// One line for people.
        title: String,
        /// More for people.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
        /// What identifies it, as text.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        labels: BTreeMap<String, String>,
        /// What was measured.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        values: BTreeMap<String, f64>,
        /// Whether it is a drill: the whole procedure runs, every message says so, the public hears nothing, and it does
        /// not count in reports.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        drill: bool,
    },
    /// Somebody has seen that it is so: the incident is verified.
    Verify {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// What they have seen.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Somebody has seen it and takes it.
    Acknowledge {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// What they say with it: what they have seen, or what they do first.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Somebody has started to work on it: the initial response.
    Respond {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// What they say with it: what they do first.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Somebody has found out what the incident does to people: triage.
    Assess {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// What they have found. What is left out stays as it was.
        impact: Impact,
    },
    /// A status update for those inside.
    Update {
        /// Which incident.
        incident: IncidentId,
        /// Who wrote it.
        by: String,
        /// What it says, where the policy's `updates` names no parts, or beside them.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
        /// What it says, part by part, as the policy's `updates` names them.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        parts: BTreeMap<String, String>,
    },
    /// A notice for the public. Only this text leaves the house; nothing internal is added to it.
    PublicUpdate {
        /// Which incident.
        incident: IncidentId,
        /// Who wrote it.
        by: String,
        /// How far the work is, as the public is told.
        status: PublicStatus,
        /// What it says.
        text: String,
        /// What the issue is called in the heading, from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        issue: Option<String>,
        /// What the public notices of it, from now on. The policy's `updates.public` may ask for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        impact: Option<String>,
        /// Why the status goes back, if it does. The public does not read it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// Why a word that is a part of somebody's name is said all the same. The public does not read it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        override_reason: Option<String>,
    },
    /// A person declares the incident: its channel is opened and the status page posted.
    Declare {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
    },
    /// A person escalates by hand. Always possible while the incident is open.
    Escalate {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// The level, by its id or its number counted from 1; without it, the next one not yet told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        level: Option<String>,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A person sets another severity.
    SetSeverity {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// The new severity, as the policy names it.
        severity: String,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// The incident waits for somebody else: the clocks that the policy's `pausing` names stand still.
    Pause {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// When they go on at the latest; as late as the policy allows otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// What is waited for.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// The wait is over: the clocks go on.
    Resume {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
    },
    /// Somebody puts the incident off: the climb rests, and clocks run on. At the end it is open, unacknowledged, and pages
    /// whoever is on call then. Taking it, escalating it or raising it ends the snooze.
    Snooze {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// When it ends: within the time that the policy's `snoozing` allows.
        until: Timestamp,
        /// Why it can wait.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// Somebody has gone through a point of the policy's `closing` checklist.
    CheckItem {
        /// Which incident.
        incident: IncidentId,
        /// Which point.
        item: String,
        /// Who.
        by: String,
    },
    /// It is not so after all: the point is open again.
    UncheckItem {
        /// Which incident.
        incident: IncidentId,
        /// Which point.
        item: String,
        /// Who.
        by: String,
    },
    /// Somebody takes a role of the policy in the incident, from nobody or from whoever holds it.
    AssignRole {
        /// Which incident.
        incident: IncidentId,
        /// Which role.
        role: String,
        /// Who holds it from now on: a person of the policy.
        person: String,
        /// Who says so.
        by: String,
    },
    /// Whoever holds a role gives it up, and nobody takes it.
    VacateRole {
        /// Which incident.
        incident: IncidentId,
        /// Which role.
        role: String,
        /// Who says so.
        by: String,
    },
    /// A person says it is over.
    Resolve {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// The last word, for the final update.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
        /// Why it is closed although points of the checklist are open, or without a final update.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        override_reason: Option<String>,
    },
    /// A person says that it was none: it ends without checklist, final update or post-mortem, and no promise counts.
    FalseAlarm {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// How they know.
        reason: String,
    },
    /// Two incidents are one: this one ends as a duplicate, and its alerts, what they call for and what is known of it go
    /// on with the other.
    Merge {
        /// Which incident ends.
        incident: IncidentId,
        /// Which one goes on. It is open.
        into: IncidentId,
        /// Who.
        by: String,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// Some alerts of an incident are something else: they become an incident of their own, whose clocks start now.
    Split {
        /// Which incident.
        incident: IncidentId,
        /// The keys of the alerts, neither none nor all that it has.
        alerts: BTreeSet<String>,
        /// What the new incident is called; as the old one otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// Who.
        by: String,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// An incident is a part of another, which does not end before it. No clock moves.
    Link {
        /// Which incident.
        incident: IncidentId,
        /// What it is a part of.
        parent: IncidentId,
        /// Who.
        by: String,
    },
    /// An incident is no part of another any more.
    Unlink {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
    },
    /// A person asks for a post-mortem that no rule asks for, or that was waived.
    RequirePostmortem {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// A person says that no post-mortem is needed after all. It is no longer asked for, and nothing it asks for is chased.
    /// The policy's `postmortem.waived_by` says who may.
    WaivePostmortem {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// Somebody writes parts of a post-mortem. What is left out stays as it was.
    WritePostmortem {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// A heading; the incident's title otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// What happened, in short.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        summary: Option<String>,
        /// What it did to people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        impact: Option<PostmortemImpact>,
        /// The chain from what happened to what lies behind it, whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        whys: Option<Vec<Why>>,
        /// What lies behind it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        root_cause: Option<String>,
        /// The kind of cause, by which incidents are compared: `configuration`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<String>,
        /// What is learnt, each list whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lessons: Option<Lessons>,
        /// The date at which what came of it is looked at.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follow_up: Option<NaiveDate>,
        /// Who sees to it: a person or a team of the policy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<String>,
    },
    /// Somebody plans the meeting about a post-mortem. Those who are asked to come are told. A second one takes the
    /// place of the first.
    PlanMeeting {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// When those concerned meet.
        at: Timestamp,
        /// Who is asked to come: people or teams of the policy. Those whom the policy names, where nobody is.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attendees: Vec<String>,
        /// What is talked about. What the policy says, where nothing is given.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        agenda: Vec<String>,
    },
    /// A post-mortem is handed to others to look at.
    SubmitPostmortem {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
    },
    /// Others have looked at a post-mortem. What they do not agree to is a draft again, also where it is published: so it
    /// is put right.
    ReviewPostmortem {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// Whether they agree.
        approved: bool,
        /// What they say.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// A post-mortem that others have agreed to is published.
    PublishPostmortem {
        /// Which incident.
        incident: IncidentId,
        /// Who.
        by: String,
        /// Where it can be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<String>,
    },
    /// Somebody says what is to be done.
    AddAction {
        /// Which incident.
        incident: IncidentId,
        /// What it is called from then on: a name that no other action of the incident has.
        action: String,
        /// Who says so.
        by: String,
        /// What is to be done.
        text: String,
        /// Who does it: a person or a team of the policy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<String>,
        /// The day by whose end it is to be done, in the policy's time zone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<NaiveDate>,
    },
    /// Somebody says otherwise. What is left out stays as it was. Its owner and its date can be changed at any time, its
    /// text until it is published.
    ChangeAction {
        /// Which incident.
        incident: IncidentId,
        /// Which action.
        action: String,
        /// Who says so.
        by: String,
        /// What is to be done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// Who does it: a person or a team of the policy.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<String>,
        /// The day by whose end it is to be done, in the policy's time zone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<NaiveDate>,
    },
    /// It is done.
    FinishAction {
        /// Which incident.
        incident: IncidentId,
        /// Which action.
        action: String,
        /// Who has done it, or says so.
        by: String,
    },
    /// It is given up.
    DropAction {
        /// Which incident.
        incident: IncidentId,
        /// Which action.
        action: String,
        /// Who says so.
        by: String,
        /// Why.
        reason: String,
    },
    /// Somebody takes over on call for a while.
    Override {
        /// What it is called when it is cancelled: a name that none in force has.
        id: String,
        /// Of which role or schedule.
        on: String,
        /// Who takes over.
        person: String,
        /// In whose place, while they are on call; in everybody's otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<String>,
        /// From when on; from now on otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Timestamp>,
        /// Up to when.
        to: Timestamp,
        /// Who says so.
        by: String,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// Nobody takes over after all.
    CancelOverride {
        /// Which.
        id: String,
        /// Who says so.
        by: String,
    },
    /// Somebody is away for a while: their turns on call are passed over.
    Absence {
        /// What it is called when it is ended: a name that none in force has.
        id: String,
        /// Who.
        person: String,
        /// From when on; from now on otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Timestamp>,
        /// Up to when.
        to: Timestamp,
        /// Who says so.
        by: String,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// They are back, or do not go away after all.
    EndAbsence {
        /// Which.
        id: String,
        /// Who says so.
        by: String,
    },
    /// Nobody is told of what opens and matches, for a while: planned work. Incidents open and clocks run; what still is
    /// open at the end is told then. The worst severity is never hidden, unless the policy's `silencing` names it; what
    /// was open before goes on.
    Silence {
        /// What it is called when it is ended: a name that none in force has.
        id: String,
        /// What is meant: at least one value that is not empty.
        matchers: Matchers,
        /// Whose it is.
        by: String,
        /// Why.
        reason: String,
        /// From when on; from now on otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Timestamp>,
        /// Up to when.
        to: Timestamp,
    },
    /// A silence ends before its time; what it hid and still is open is told.
    EndSilence {
        /// Which.
        id: String,
        /// Who says so.
        by: String,
    },
    /// Somebody has gone through one point of a hand-off.
    TickHandoff {
        /// Which hand-off.
        handoff: String,
        /// Which point.
        point: String,
        /// Who.
        by: String,
    },
    /// Somebody has gone through all that is left of a hand-off.
    ConfirmHandoff {
        /// Which hand-off.
        handoff: String,
        /// Who.
        by: String,
    },
    /// The host says how an effect went.
    Report {
        /// Which effect.
        effect: EffectId,
        /// How it went.
        outcome: Outcome,
        /// What the transport said, where it failed.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        detail: String,
        /// The name that a channel was opened under, where it is not the one that was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opened_as: Option<String>,
    },
    /// Time has passed; whatever is due is done.
    Tick,
}

/// How the host fared with an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It arrived, as far as the transport can tell.
    Delivered,
    /// It did not, and this transport will not try again.
    Failed,
}

impl Input {
    /// The incident a command names, if it names one.
    #[must_use]
    pub fn incident(&self) -> Option<&IncidentId> {
        match self {
            Self::Verify { incident, .. }
            | Self::Acknowledge { incident, .. }
            | Self::Respond { incident, .. }
            | Self::Assess { incident, .. }
            | Self::Update { incident, .. }
            | Self::PublicUpdate { incident, .. }
            | Self::Declare { incident, .. }
            | Self::Escalate { incident, .. }
            | Self::SetSeverity { incident, .. }
            | Self::Pause { incident, .. }
            | Self::Snooze { incident, .. }
            | Self::Resume { incident, .. }
            | Self::CheckItem { incident, .. }
            | Self::UncheckItem { incident, .. }
            | Self::AssignRole { incident, .. }
            | Self::VacateRole { incident, .. }
            | Self::Resolve { incident, .. }
            | Self::FalseAlarm { incident, .. }
            | Self::Merge { incident, .. }
            | Self::Split { incident, .. }
            | Self::Link { incident, .. }
            | Self::Unlink { incident, .. }
            | Self::RequirePostmortem { incident, .. }
            | Self::WaivePostmortem { incident, .. }
            | Self::WritePostmortem { incident, .. }
            | Self::PlanMeeting { incident, .. }
            | Self::SubmitPostmortem { incident, .. }
            | Self::ReviewPostmortem { incident, .. }
            | Self::PublishPostmortem { incident, .. }
            | Self::AddAction { incident, .. }
            | Self::ChangeAction { incident, .. }
            | Self::FinishAction { incident, .. }
            | Self::DropAction { incident, .. } => Some(incident),
            Self::Alert(_)
            | Self::Detect { .. }
            | Self::Override { .. }
            | Self::CancelOverride { .. }
            | Self::Absence { .. }
            | Self::EndAbsence { .. }
            | Self::Silence { .. }
            | Self::EndSilence { .. }
            | Self::TickHandoff { .. }
            | Self::ConfirmHandoff { .. }
            | Self::Report { .. }
            | Self::Tick => None,
        }
    }
}

//! Why the engine did what it did, and why it did nothing: every input leaves an effect or a decision.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::ClockKind;
use crate::effect::{EffectId, PublicStatus, Trigger};
use crate::incident::{Event, Impact, IncidentId, State};
use crate::postmortem::{PostmortemEvent, PostmortemPart, PostmortemStatus};
use crate::rules::Classification;
use crate::time::{Duration, Timestamp};

/// One step of reasoning, stamped with the instant it holds for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// The instant it holds for.
    pub at: Timestamp,
    /// The incident it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentId>,
    /// What was decided.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// The host handed in an instant before the last one; the input counts at the engine's time.
    ClockRegression {
        /// What was handed in.
        given: Timestamp,
    },
    /// Nothing was due.
    NothingDue,
    /// An alert was classified.
    Classified(Box<Classification>),
    /// An incident opened.
    Opened {
        /// What the incident is grouped by.
        key: String,
        /// Its severity.
        severity: String,
    },
    /// An alert joined an open incident.
    Joined {
        /// The alert.
        alert: String,
        /// How many of the incident's alerts fire now.
        firing: usize,
    },
    /// The same alert fires again; nothing changed.
    Repeated {
        /// The alert.
        alert: String,
    },
    /// An alert of the incident is resolved.
    AlertResolved {
        /// The alert.
        alert: String,
        /// How many of the incident's alerts still fire.
        firing: usize,
    },
    /// A resolved alert that no open incident knows.
    UnknownAlert {
        /// The alert.
        alert: String,
    },
    /// Somebody has found out more of the impact.
    Assessed {
        /// Who.
        by: String,
        /// What they have found.
        impact: Impact,
    },
    /// The incident is over, and no rule of the policy asks for a post-mortem.
    PostmortemNotRequired,
    /// A post-mortem went on.
    PostmortemMoved {
        /// What happened to it.
        event: PostmortemEvent,
        /// Its status before.
        was: PostmortemStatus,
        /// Its status after.
        status: PostmortemStatus,
        /// Who.
        by: String,
    },
    /// What was to happen to a post-mortem changes nothing.
    PostmortemIgnored {
        /// What was to happen.
        event: PostmortemEvent,
        /// Its status.
        status: PostmortemStatus,
        /// Why.
        reason: String,
    },
    /// Parts of a post-mortem were written.
    PostmortemWritten {
        /// Who.
        by: String,
        /// Which.
        parts: Vec<PostmortemPart>,
    },
    /// Somebody else sees to the post-mortem.
    PostmortemOwned {
        /// Who.
        owner: String,
        /// Who says so.
        by: String,
    },
    /// The meeting about a post-mortem is planned.
    MeetingPlanned {
        /// Who.
        by: String,
        /// When those concerned meet.
        meeting: Timestamp,
        /// Who is asked to come.
        attendees: Vec<String>,
    },
    /// Something is to be done.
    ActionAdded {
        /// What it is called.
        action: String,
        /// Who says so.
        by: String,
    },
    /// It has another text, owner or date.
    ActionChanged {
        /// What it is called.
        action: String,
        /// Who says so.
        by: String,
    },
    /// It is done.
    ActionFinished {
        /// What it is called.
        action: String,
        /// Who says so.
        by: String,
    },
    /// It is given up.
    ActionDropped {
        /// What it is called.
        action: String,
        /// Who says so.
        by: String,
    },
    /// A post-mortem that nobody finished is kept no longer.
    PostmortemGivenUp {
        /// How far it was.
        status: PostmortemStatus,
        /// How much of what it asks for is not done.
        open_actions: usize,
    },
    /// A later alert was classified lower; the severity stays, since only a person lowers it.
    SeverityKept {
        /// What it stays at.
        severity: String,
        /// What the alert was classified as.
        classified: String,
    },
    /// The severity changed.
    SeverityChanged {
        /// What it was.
        from: String,
        /// What it is.
        to: String,
        /// Who or what changed it.
        by: String,
        /// Why, where somebody said it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// The state machine took an event.
    Transition {
        /// The event.
        event: Event,
        /// The state before.
        from: State,
        /// The state after.
        to: State,
        /// Who.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        by: String,
    },
    /// The event changes nothing in this state.
    Ignored {
        /// The event.
        event: Event,
        /// The state.
        state: State,
        /// Why.
        reason: String,
    },
    /// The incident was declared.
    Declared {
        /// Who, or the policy.
        by: String,
    },
    /// The incident had been declared before.
    AlreadyDeclared,
    /// A clock started.
    ClockStarted {
        /// Which.
        clock: ClockKind,
        /// When it will be breached; none for best effort.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline: Option<Timestamp>,
    },
    /// A clock stopped in time.
    ClockMet {
        /// Which.
        clock: ClockKind,
        /// The time it took, without the time that it stood still.
        elapsed: Duration,
        /// The part of it inside the calendar of its target, or the policy's only one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        business_elapsed: Option<Duration>,
    },
    /// A clock stopped too late.
    ClockLate {
        /// Which.
        clock: ClockKind,
        /// The time it took, without the time that it stood still.
        elapsed: Duration,
        /// The part of it inside the calendar of its target, or the policy's only one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        business_elapsed: Option<Duration>,
    },
    /// The clocks that the policy lets stop stand still.
    Paused {
        /// Who.
        by: String,
        /// When they go on by themselves.
        until: Timestamp,
        /// Which stand still.
        clocks: Vec<ClockKind>,
        /// Why, where somebody said it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// The clocks go on.
    Resumed {
        /// Who, or `policy` where the time was up.
        by: String,
        /// Which go on.
        clocks: Vec<ClockKind>,
    },
    /// A clock was cancelled without being met.
    ClockCancelled {
        /// Which.
        clock: ClockKind,
    },
    /// A clock has a new target.
    ClockRetargeted {
        /// Which.
        clock: ClockKind,
        /// Its new deadline.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline: Option<Timestamp>,
    },
    /// An escalation level was told.
    LevelNotified {
        /// The level.
        level: String,
        /// Who was told.
        to: Vec<String>,
    },
    /// An escalation level was passed over.
    LevelSkipped {
        /// The level.
        level: String,
        /// Why.
        reason: String,
    },
    /// The level's condition does not hold yet.
    LevelWaiting {
        /// The level.
        level: String,
        /// When it is asked again at the latest, if time alone can change it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// The path starts again.
    PathRestarted {
        /// Why.
        trigger: Trigger,
    },
    /// The incident was put off.
    Snoozed {
        /// Who.
        by: String,
        /// When it pages whoever is on call then.
        until: Timestamp,
        /// Why, where somebody said it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// The incident is no longer put off.
    SnoozeEnded {
        /// Who or what ended it; `policy` where the time was up.
        by: String,
    },
    /// A silence is in force or ahead.
    SilenceSet {
        /// Its name.
        id: String,
        /// From when on.
        from: Timestamp,
        /// Up to when.
        to: Timestamp,
        /// Whose it is.
        by: String,
    },
    /// A silence was ended before its time.
    SilenceEnded {
        /// Its name.
        id: String,
        /// Who says so.
        by: String,
    },
    /// The incident is open, and nobody is told until the silence ends.
    Suppressed {
        /// The silence.
        silence: String,
        /// When it ends.
        until: Timestamp,
    },
    /// The incident is open, and nobody is told while another hides it, or until its time is up.
    Inhibited {
        /// The inhibition, as the policy names it.
        inhibition: String,
        /// The incident that hides it.
        source: IncidentId,
        /// When its time is up.
        until: Timestamp,
        /// Why nobody needs to be told.
        reason: String,
    },
    /// The incident is open, and people are told when more alerts have had time to join; unless it is over by then.
    Suspended {
        /// When.
        until: Timestamp,
    },
    /// Nothing keeps people from being told any more.
    Unmuted,
    /// What people would have been told is not said, since the incident is snoozed, suppressed or suspended.
    Untold {
        /// What it was.
        trigger: Trigger,
    },
    /// A message waits for the hours in which people are told.
    Held {
        /// The entry, as a path in the policy.
        entry: String,
        /// When it goes out, if it still matters.
        until: Timestamp,
    },
    /// The hours have come, and what was held goes out.
    Released {
        /// The entry, as a path in the policy.
        entry: String,
        /// Since when it was held.
        since: Timestamp,
    },
    /// A message that was held, or came outside its hours, does not go out.
    Dropped {
        /// The entry, as a path in the policy.
        entry: String,
        /// Why.
        reason: String,
    },
    /// A route told nobody, since it told of the incident not long ago.
    Throttled {
        /// The entry, as a path in the policy.
        entry: String,
        /// When it tells of it again.
        until: Timestamp,
    },
    /// A route of the policy led to nobody.
    RouteEmpty {
        /// The entry, as a path in the policy.
        entry: String,
        /// Why.
        reason: String,
    },
    /// The condition of a route does not hold.
    RouteClosed {
        /// The entry, as a path in the policy.
        entry: String,
    },
    /// The same address is told by another entry in the same step already.
    MergedNotification {
        /// The entry, as a path in the policy.
        entry: String,
        /// The effect that carries it.
        into: EffectId,
    },
    /// Somebody takes over on call for a while.
    OverrideSet {
        /// Its name.
        id: String,
        /// Of which role or schedule.
        on: String,
        /// Who takes over.
        person: String,
        /// From when on.
        from: Timestamp,
        /// Up to when.
        to: Timestamp,
        /// Who says so.
        by: String,
        /// As things stand, the same people are on call with it as without it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        changes_nothing: bool,
    },
    /// Nobody takes over after all.
    OverrideCancelled {
        /// Its name.
        id: String,
        /// Who says so.
        by: String,
    },
    /// Somebody is away for a while.
    AbsenceSet {
        /// Its name.
        id: String,
        /// Who.
        person: String,
        /// From when on.
        from: Timestamp,
        /// Up to when.
        to: Timestamp,
        /// Who says so.
        by: String,
    },
    /// Somebody is back, or does not go away after all.
    AbsenceEnded {
        /// Its name.
        id: String,
        /// Who.
        person: String,
        /// Who says so.
        by: String,
    },
    /// A hand-off that was not confirmed gave way to the next one.
    HandoffSuperseded {
        /// The one that gave way.
        handoff: String,
        /// The next one.
        by: String,
    },
    /// A point of a hand-off was ticked off.
    HandoffTicked {
        /// The hand-off.
        handoff: String,
        /// The point.
        point: String,
        /// Who ticked it off.
        by: String,
    },
    /// A point of a hand-off was ticked off again; nothing came of it.
    HandoffTickedBefore {
        /// The hand-off.
        handoff: String,
        /// The point.
        point: String,
        /// Who ticked it off again.
        by: String,
    },
    /// Every point of a hand-off is ticked off.
    HandoffConfirmed {
        /// The hand-off.
        handoff: String,
        /// Who ticked off the last one.
        by: String,
        /// How long it took.
        elapsed: Duration,
    },
    /// Somebody's turn on call was passed over when somebody was to be told.
    PassedOver {
        /// The role.
        role: String,
        /// Whose turn it would have been.
        person: String,
        /// Why it is not.
        reason: String,
    },
    /// A delivery was confirmed.
    Delivered {
        /// The effect.
        effect: EffectId,
    },
    /// A delivery failed.
    DeliveryFailed {
        /// The effect.
        effect: EffectId,
        /// What the transport said.
        detail: String,
        /// What was done about it.
        next: String,
    },
    /// A report about an effect that is not awaited: reported before, replaced by a repeat, or never emitted.
    UnexpectedReport {
        /// The effect.
        effect: EffectId,
    },
    /// A message of the policy could not be rendered; the built-in one was used.
    MessageFallback {
        /// The entry, as a path in the policy.
        entry: String,
        /// What went wrong.
        error: String,
    },
    /// Another policy is in force from here on.
    PolicyChanged {
        /// The digest of the one before.
        from: String,
        /// Its digest.
        to: String,
    },
    /// The policy that was loaded is the one in force; nothing changed.
    PolicyKept {
        /// Its digest.
        digest: String,
    },
    /// The role of a hand-off is no longer handed over; nobody waits for its points.
    HandoffGivenUp {
        /// The hand-off.
        handoff: String,
    },
    /// Somebody reported a problem through a source of the policy.
    Detected {
        /// The source.
        source: String,
        /// Who.
        by: String,
    },
    /// The incident was reported by a source that has to be verified.
    Unverified {
        /// The source.
        source: String,
    },
    /// The incident is known to be one.
    Verified {
        /// Who has seen it, or `monitoring` where another source reports the same.
        by: String,
        /// What they have seen.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// An assessment gives the incident a severity.
    Triaged {
        /// The rule, or `matrix`, as a path in the policy.
        entry: String,
        /// The severity. It counts if it is worse than the one it has.
        severity: String,
        /// Why.
        because: String,
    },
    /// A point of the closing checklist was checked.
    ItemChecked {
        /// The point.
        item: String,
        /// Who.
        by: String,
        /// What is still open.
        open: Vec<String>,
    },
    /// A point of the closing checklist is open again.
    ItemUnchecked {
        /// The point.
        item: String,
        /// Who.
        by: String,
        /// What is open.
        open: Vec<String>,
    },
    /// Monitoring no longer sees the problem, and the incident stays open, since points of its checklist are.
    ChecklistOpen {
        /// The points.
        open: Vec<String>,
    },
    /// The incident was closed although points of its checklist were open, or without a final update.
    ClosingOverridden {
        /// Who.
        by: String,
        /// Why.
        reason: String,
        /// The points that were open.
        open: Vec<String>,
        /// What is a part of it and was open.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        children: Vec<IncidentId>,
    },
    /// The incident that has opened is a drill.
    Drill {
        /// Who or which entry of the policy says so.
        because: String,
    },
    /// The incident ended as the same as another.
    Merged {
        /// What it goes on as.
        into: IncidentId,
        /// Who said so.
        by: String,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// Another incident goes on as this one.
    TookIn {
        /// Which.
        merged: IncidentId,
        /// When that began.
        since: Timestamp,
        /// Who said so.
        by: String,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// Somebody who works on it already was not paged for what was merged into it.
    Spared {
        /// The entry of the policy.
        entry: String,
        /// Who.
        person: String,
    },
    /// Some of its alerts became an incident of their own.
    SplitOff {
        /// Which.
        into: IncidentId,
        /// The alerts, by key.
        alerts: Vec<String>,
        /// Who said so.
        by: String,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// The incident was a part of another.
    SplitFrom {
        /// Which.
        from: IncidentId,
        /// Who said so.
        by: String,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// The incident is a part of another.
    Linked {
        /// Which.
        parent: IncidentId,
        /// What it was a part of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<IncidentId>,
        /// Who said so.
        by: String,
    },
    /// The incident is a part of another no more.
    Unlinked {
        /// Which.
        parent: IncidentId,
        /// Who said so.
        by: String,
    },
    /// It does not end by itself, since what is a part of it is open.
    ChildrenOpen {
        /// Which.
        children: Vec<IncidentId>,
    },
    /// Somebody said that it was a false alarm.
    FalseAlarm {
        /// Who.
        by: String,
        /// How they know.
        reason: String,
    },
    /// The status on the public page went back.
    PublicStatusBack {
        /// What it was.
        from: PublicStatus,
        /// What it is.
        to: PublicStatus,
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// The public was told in words that are a part of somebody's name, too.
    PublicNamesOverridden {
        /// The words.
        names: Vec<String>,
        /// Who said it all the same.
        by: String,
        /// Why.
        reason: String,
    },
    /// The public was told in words that those inside use, too.
    PublicWordsOverridden {
        /// The words.
        words: Vec<String>,
        /// Who said it all the same.
        by: String,
        /// Why.
        reason: String,
    },
    /// A role of the incident was given to somebody.
    RoleAssigned {
        /// The role.
        role: String,
        /// Who holds it now.
        person: String,
        /// Who held it before by name; nobody, or whom the policy names, otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// Who says so.
        by: String,
    },
    /// A role of the incident was given up.
    RoleVacated {
        /// The role.
        role: String,
        /// Who held it by name; whom the policy names, otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<String>,
        /// Who says so.
        by: String,
    },
    /// The incident's channel was opened under another name than what was asked for.
    ChannelOpenedAs {
        /// The name that was asked for.
        asked: String,
        /// The name that it has.
        name: String,
    },
    /// A role of the incident has gone to somebody else by itself: a turn on call has begun, or somebody went away or
    /// came back.
    RoleMoved {
        /// The role.
        role: String,
        /// Who held it before; empty where nobody did.
        from: Vec<String>,
        /// Who holds it now; empty where nobody does.
        to: Vec<String>,
    },
    /// A resolved incident was forgotten, as the policy's retention says.
    Forgotten,
}

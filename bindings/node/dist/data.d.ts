/** An instant as it may be handed in: a `Date`, milliseconds since 1970, or text such as `2026-11-24T02:00:00Z`. */
export type Instant = Date | number | string;
/** Whether the thing an alert speaks of is still wrong. */
export type AlertStatus = 
/** It is wrong now. */
"firing"
/** It was wrong, and the sender says it no longer is. */
 | "resolved";
/** Why an effect exists: what set it off, and the entry of the policy that asks for it. */
export interface Cause {
    /** The policy's entry, as a path: `severities.SEV-1.notify[0]`. */
    entry?: string;
    /** What set it off. */
    trigger: Trigger;
}
/** The severity of an alert, and why it is that one. */
export interface Classification {
    /** The facts it asked for that the alert does not have. */
    absent?: Array<string>;
    /** The alert's key. */
    alert: string;
    /** Why, in the policy's words or the engine's. */
    because: string;
    /** The facts that the deciding rule read, with their values. Without a rule, those that all rules read. */
    facts?: Record<string, unknown>;
    /** The rules that failed before one decided. */
    faults?: Array<Fault>;
    /** The rule that gave it; none where the default stands. */
    rule?: string;
    /** The rule that would have decided otherwise. */
    runnerUp?: RunnerUp;
    /** The service it is about, if it names one. */
    service?: string;
    /** Whether the policy's catalogue has that service. */
    serviceKnown: boolean;
    /** The severity. */
    severity: string;
}
/** What a clock measures, and what moves it.
 *
 * | clock | starts | is met | starts again | is cancelled |
 * |---|---|---|---|---|
 * | `acknowledge` | when the incident opens | by an acknowledgement or a response | when it opens again | when it is resolved |
 * | `respond` | when the incident opens | by a response | when it opens again | when it is resolved |
 * | `resolve` | when the incident opens | when it is resolved | when it opens again, the time used kept | |
 * | `update` | when the incident opens | by a status update | at each update, and when it is missed | when it is resolved |
 * | `public` | when the incident opens | by the first public notice | when it opens again | when it is resolved |
 *
 * Those that the policy's `pausing` names stop while the incident is paused. Another severity gives all of them its
 * own targets, from their original start and with the time that they stood still. */
export type ClockKind = 
/** From opening until somebody takes the incident. */
"acknowledge"
/** From opening until somebody works on it. */
 | "respond"
/** From opening until it is over. */
 | "resolve"
/** From one status update until the next. */
 | "update"
/** From opening until the public has been told. */
 | "public"
/** From a hand-off until every point of it is ticked off. */
 | "handoff";
/** A length of time: `30s`, `5m`, `1h30m`, `2d`. */
export type Duration = string;
/** Names one effect for ever: the incident, or the hand-off, and a count, `panic-button-20261124-k3f9q2/7`.
 *
 * The same journal gives the same ids, so a host that has done one before can drop it: it is the idempotency key. */
export type EffectId = string;
/** What can happen to an incident. */
export type Event = 
/** An alert fires. */
"fire"
/** None of its alerts fires any more. */
 | "clear"
/** Somebody takes it. */
 | "acknowledge"
/** Nothing came of the acknowledgement. */
 | "acknowledgement_expire"
/** Somebody begins to work on it. */
 | "respond"
/** Somebody has found out more of its impact. */
 | "assess"
/** A status update. */
 | "update"
/** A public update. */
 | "public_update"
/** It is declared. */
 | "declare"
/** Somebody escalates by hand. */
 | "escalate"
/** Somebody sets its severity. */
 | "set_severity"
/** Somebody lets its clocks stand still. */
 | "pause"
/** Somebody lets them go on. */
 | "resume"
/** Somebody, or the policy, says it is over. */
 | "resolve";
/** A rule that raised an error instead of giving an answer. */
export interface Fault {
    /** The policy's entry, as a path. */
    entry: string;
    /** What went wrong. */
    error: string;
}
/** What somebody has found of an incident's impact. What is left out stays as it was. */
export interface Impact {
    /** What users see. */
    description?: string;
    /** Whether it is getting worse. */
    gettingWorse?: boolean;
    /** Whether the impact on them is significant. */
    significant?: boolean;
    /** How many users are affected. */
    usersAffected?: number;
}
/** Names one incident: its service, the local date and a digest, `panic-button-20261124-k3f9q2`.
 *
 * It depends on nothing but the incident's own key and the instant it opened, so it is the same on every replay
 * and whatever else happens. */
export type IncidentId = string;
/** A message to one address. */
export interface Notification {
    /** Where on the channel to send it. */
    address: string;
    /** The medium: `pager`, `email`, `sms`, `slack`, `github-issue`, or any other the policy declares. */
    channel: string;
    /** The escalation level that it belongs to, if it does. */
    level?: string;
    /** What it is for. */
    purpose: Purpose;
    /** One line, without line breaks. */
    subject: string;
    /** The message. */
    text: string;
    /** Whom it is for: a person, a team, or the address itself. */
    to: string;
}
/** An incident that is open when somebody comes on call. */
export interface OngoingIncident {
    /** Its id. */
    incident: IncidentId;
    /** Its severity. */
    severity: string;
    /** Where it is in its life. */
    state: State;
    /** One line for people. */
    title: string;
}
/** How the host fared with an effect. */
export type Outcome = 
/** It arrived, as far as the transport can tell. */
"delivered"
/** It did not, and this transport will not try again. */
 | "failed";
/** A point of a hand-off. */
export interface PointDocument {
    /** What it is called when it is ticked off. */
    id: string;
    /** What is to be done. */
    text: string;
}
/** How far the work on an incident is, in the words of a public update. */
export type PublicStatus = 
/** The cause is not known yet. */
"investigating"
/** The cause is known. */
 | "identified"
/** A fix is in place and is being watched. */
 | "monitoring"
/** It is over. */
 | "resolved";
/** What a notification is for. */
export type Purpose = 
/** Act now: somebody must acknowledge. */
"page"
/** Know: nothing is asked. */
 | "inform"
/** A thing that should have been done has not been. */
 | "remind"
/** The engine could not do something by itself; a person must do it by hand. */
 | "do_by_hand";
/** The next rule that matches. */
export interface RunnerUp {
    /** The rule. */
    rule: string;
    /** The severity it would have given. */
    severity: string;
}
/** Where an incident is in its life. */
export type State = 
/** Nobody has taken it. */
"open"
/** Somebody has taken it. */
 | "acknowledged"
/** Somebody works on it. */
 | "responding"
/** It is over. */
 | "resolved";
/** A length of time, `15m`, one inside a calendar, `4h business`, `next business day`, `next release`, an instant, or `best-effort`. */
export type Target = "best-effort" | "next release" | string;
/** What sets an effect off. */
export type Trigger = 
/** The incident opened. */
"opened"
/** A resolved incident fired again. */
 | "reopened"
/** The severity was raised. */
 | "raised"
/** The severity was lowered. */
 | "lowered"
/** An escalation level came due. */
 | "escalation"
/** A person escalated by hand. */
 | "manual_escalation"
/** The hours in which people are told have come; it was held until then. */
 | "hours_open"
/** A level is told again. */
 | "level_repeat"
/** The whole path starts again. */
 | "path_repeat"
/** Nobody has answered for as long as the policy allows. */
 | "page_ceiling"
/** An acknowledgement went stale. */
 | "acknowledgement_expired"
/** A delivery failed and the next way is tried. */
 | "delivery_failed"
/** There was nobody to tell. */
 | "no_responder"
/** Somebody acknowledged. */
 | "acknowledged"
/** Somebody responded. */
 | "responded"
/** Somebody found out more of the impact. */
 | "assessed"
/** The incident was declared. */
 | "declared"
/** A clock passed a fraction of its target. */
 | "warning"
/** A clock missed its target. */
 | "breach"
/** A status update is due. */
 | "update_due"
/** A status update was given. */
 | "update"
/** A public update was given. */
 | "public_update"
/** The condition under which the public is told has come to hold. */
 | "public_concerned"
/** Monitoring no longer sees the problem. */
 | "cleared"
/** The incident was resolved. */
 | "resolved"
/** A pause ended by itself. */
 | "pause_ended"
/** The incident is still open after a long time. */
 | "still_open"
/** A condition of the policy raised an error. */
 | "policy_fault"
/** Another policy took the place of the one it was held by. */
 | "policy_changed"
/** An on-call role was handed over. */
 | "handoff"
/** A hand-off waits for points to be ticked off. */
 | "handoff_due";
/** A monitoring system or a reporter says something is wrong, or no longer is. */
export interface AlertInput {
    /** What describes it, as text. */
    annotations?: Record<string, string>;
    /** More for people. */
    description?: string;
    /** When the sender saw it end. */
    endsAt?: Instant;
    /** What tells this alert from others; repeats carry the same key. Required to open an incident. */
    key?: string;
    kind: "alert";
    /** What identifies it, as text. */
    labels?: Record<string, string>;
    /** Where a person can look: a graph, a runbook. */
    links?: Record<string, string>;
    /** The name of the alerting rule. */
    name?: string;
    /** The service it is about, as the policy's catalogue names it. */
    service?: string;
    /** Who sent it: `alertmanager`, `hotline`, … */
    source?: string;
    /** When the sender saw it begin. For people: clocks start when the engine hears of it. */
    startsAt?: Instant;
    /** Firing or resolved. */
    status?: AlertStatus;
    /** One line for people. */
    summary?: string;
    /** What was measured; always finite. */
    values?: Record<string, number>;
}
/** Somebody has seen it and takes it. */
export interface AcknowledgeInput {
    /** Who. */
    by: string;
    /** Which incident. */
    incident: IncidentId;
    kind: "acknowledge";
}
/** Somebody has started to work on it: the initial response. */
export interface RespondInput {
    /** Who. */
    by: string;
    /** Which incident. */
    incident: IncidentId;
    kind: "respond";
}
/** Somebody has found out what the incident does to people: triage. */
export interface AssessInput {
    /** Who. */
    by: string;
    /** What they have found. What is left out stays as it was. */
    impact: Impact;
    /** Which incident. */
    incident: IncidentId;
    kind: "assess";
}
/** A status update for those inside. */
export interface UpdateInput {
    /** Who wrote it. */
    by: string;
    /** Which incident. */
    incident: IncidentId;
    kind: "update";
    /** What it says. */
    text: string;
}
/** A notice for the public. Only this text leaves the house; nothing internal is added to it. */
export interface PublicUpdateInput {
    /** Who wrote it. */
    by: string;
    /** Which incident. */
    incident: IncidentId;
    kind: "public_update";
    /** How far the work is, as the public is told. */
    status: PublicStatus;
    /** What it says. */
    text: string;
}
/** A person declares the incident: its channel is opened and the status page posted. */
export interface DeclareInput {
    /** Who. */
    by: string;
    /** Which incident. */
    incident: IncidentId;
    kind: "declare";
}
/** A person escalates by hand. Always possible while the incident is open. */
export interface EscalateInput {
    /** Who. */
    by: string;
    /** Which incident. */
    incident: IncidentId;
    kind: "escalate";
    /** The level, by its id or its number counted from 1; without it, the next one not yet told. */
    level?: string;
    /** Why. */
    reason?: string;
}
/** A person sets another severity. */
export interface SetSeverityInput {
    /** Who. */
    by: string;
    /** Which incident. */
    incident: IncidentId;
    kind: "set_severity";
    /** Why. */
    reason?: string;
    /** The new severity, as the policy names it. */
    severity: string;
}
/** The incident waits for somebody else: the clocks that the policy's `pausing` names stand still. */
export interface PauseInput {
    /** Who. */
    by: string;
    /** Which incident. */
    incident: IncidentId;
    kind: "pause";
    /** What is waited for. */
    reason?: string;
    /** When they go on at the latest; as late as the policy allows otherwise. */
    until?: Instant;
}
/** The wait is over: the clocks go on. */
export interface ResumeInput {
    /** Who. */
    by: string;
    /** Which incident. */
    incident: IncidentId;
    kind: "resume";
}
/** A person says it is over. */
export interface ResolveInput {
    /** Who. */
    by: string;
    /** Which incident. */
    incident: IncidentId;
    kind: "resolve";
    /** The last word, for the final update. */
    note?: string;
}
/** Somebody takes over on call for a while. */
export interface OverrideInput {
    /** Who says so. */
    by: string;
    /** From when on; from now on otherwise. */
    from?: Instant;
    /** What it is called when it is cancelled: a name that none in force has. */
    id: string;
    kind: "override";
    /** Of which role or schedule. */
    on: string;
    /** Who takes over. */
    person: string;
    /** Why. */
    reason?: string;
    /** In whose place, while they are on call; in everybody's otherwise. */
    replaces?: string;
    /** Up to when. */
    to: Instant;
}
/** Nobody takes over after all. */
export interface CancelOverrideInput {
    /** Who says so. */
    by: string;
    /** Which. */
    id: string;
    kind: "cancel_override";
}
/** Somebody is away for a while: their turns on call are passed over. */
export interface AbsenceInput {
    /** Who says so. */
    by: string;
    /** From when on; from now on otherwise. */
    from?: Instant;
    /** What it is called when it is ended: a name that none in force has. */
    id: string;
    kind: "absence";
    /** Who. */
    person: string;
    /** Why. */
    reason?: string;
    /** Up to when. */
    to: Instant;
}
/** They are back, or do not go away after all. */
export interface EndAbsenceInput {
    /** Who says so. */
    by: string;
    /** Which. */
    id: string;
    kind: "end_absence";
}
/** Somebody has gone through one point of a hand-off. */
export interface TickHandoffInput {
    /** Who. */
    by: string;
    /** Which hand-off. */
    handoff: string;
    kind: "tick_handoff";
    /** Which point. */
    point: string;
}
/** Somebody has gone through all that is left of a hand-off. */
export interface ConfirmHandoffInput {
    /** Who. */
    by: string;
    /** Which hand-off. */
    handoff: string;
    kind: "confirm_handoff";
}
/** The host says how an effect went. */
export interface ReportInput {
    /** What the transport said, where it failed. */
    detail?: string;
    /** Which effect. */
    effect: EffectId;
    kind: "report";
    /** How it went. */
    outcome: Outcome;
}
/** Time has passed; whatever is due is done. */
export interface TickInput {
    kind: "tick";
}
/** One thing that happened, to be applied at an instant.
 *
 * `by` is whoever acts: a person of the policy, or any name the host knows. */
export type Input = AlertInput | AcknowledgeInput | RespondInput | AssessInput | UpdateInput | PublicUpdateInput | DeclareInput | EscalateInput | SetSeverityInput | PauseInput | ResumeInput | ResolveInput | OverrideInput | CancelOverrideInput | AbsenceInput | EndAbsenceInput | TickHandoffInput | ConfirmHandoffInput | ReportInput | TickInput;
/** What every effect says. */
export interface EffectBase {
    /** The instant it was due, which a late host sees in the past. */
    at: Date;
    /** Why it exists. */
    cause: Cause;
    /** Stable, unique, the same on every replay. */
    id: EffectId;
    /** The incident it belongs to; none, where it belongs to a hand-off. */
    incident?: IncidentId;
    /** The incident's severity at that instant. */
    severity?: string;
}
/** Tell somebody. The body can be delivered as it is. */
export interface NotifyEffect extends EffectBase, Notification {
    kind: "notify";
}
/** Open a channel for this incident, `#incident-panic-button-20261124`. */
export interface OpenChannelEffect extends EffectBase {
    /** On which medium: `slack`. */
    channel: string;
    kind: "open_channel";
    /** Its name. */
    name: string;
    /** Its topic. */
    text: string;
}
/** Post on the public status page. */
export interface StatusPageEffect extends EffectBase {
    kind: "status_page";
    /** Which page. */
    page: string;
    /** How far the work is. */
    status: PublicStatus;
    /** The heading. */
    subject: string;
    /** What the public is told. */
    text: string;
}
/** A clock has passed a fraction of its target. */
export interface WarningEffect extends EffectBase {
    /** Which clock. */
    clock: ClockKind;
    /** When it will be breached. */
    deadline: Date;
    kind: "warning";
    /** The fraction, in per cent. */
    percent: number;
}
/** A clock has missed its target. Emitted once a target. */
export interface BreachEffect extends EffectBase {
    /** Which clock. */
    clock: ClockKind;
    /** When it ran out. Earlier than `at` only where a change of severity shortened the target. */
    deadline: Date;
    kind: "breach";
    /** What was promised. */
    target: Target;
}
/** Nobody could be found to tell. The last resort has been told in the same step. */
export interface NoResponderEffect extends EffectBase {
    kind: "no_responder";
    /** What was tried. */
    reason: string;
}
/** An on-call role is handed over. Those who go off and those who come on are told in the same step. */
export interface HandoffEffect extends EffectBase {
    /** Who goes off. */
    from: Array<string>;
    /** Its name, for what is ticked off. */
    handoff: string;
    kind: "handoff";
    /** The incidents that are open. */
    ongoing: Array<OngoingIncident>;
    /** What is to be gone through. */
    points: Array<PointDocument>;
    /** The role. */
    role: string;
    /** Who comes on; nobody, where a gap begins. */
    to: Array<string>;
}
/** The policy itself failed: a condition raised an error. The safe reading was taken. */
export interface PolicyFaultEffect extends EffectBase {
    /** The entry at fault, as a path in the policy. */
    entry: string;
    /** What went wrong. */
    error: string;
    kind: "policy_fault";
}
/** The incident is over, and the policy asks for a post-mortem. Emitted once for an incident. */
export interface PostmortemRequiredEffect extends EffectBase {
    /** How long the incident lasted. */
    duration: Duration;
    kind: "postmortem_required";
    /** The condition that asks for it. */
    rule: string;
}
/** The host was away for long; this many repeats were counted instead of sent. */
export interface CoalescedEffect extends EffectBase {
    kind: "coalesced";
    /** How many were skipped. */
    skipped: number;
    /** What would have repeated. */
    trigger: Trigger;
}
/** One thing for the host to do or to record. */
export type Effect = NotifyEffect | OpenChannelEffect | StatusPageEffect | WarningEffect | BreachEffect | NoResponderEffect | HandoffEffect | PolicyFaultEffect | PostmortemRequiredEffect | CoalescedEffect;
/** What every decision says. */
export interface DecisionBase {
    /** The instant it holds for. */
    at: Date;
    /** The incident it is about, if it is about one. */
    incident?: IncidentId;
}
/** The host handed in an instant before the last one; the input counts at the engine's time. */
export interface ClockRegressionDecision extends DecisionBase {
    /** What was handed in. */
    given: Date;
    verdict: "clock_regression";
}
/** Nothing was due. */
export interface NothingDueDecision extends DecisionBase {
    verdict: "nothing_due";
}
/** An alert was classified. */
export interface ClassifiedDecision extends DecisionBase, Classification {
    verdict: "classified";
}
/** An incident opened. */
export interface OpenedDecision extends DecisionBase {
    /** What the incident is grouped by. */
    key: string;
    /** Its severity. */
    severity: string;
    verdict: "opened";
}
/** An alert joined an open incident. */
export interface JoinedDecision extends DecisionBase {
    /** The alert. */
    alert: string;
    /** How many of the incident's alerts fire now. */
    firing: number;
    verdict: "joined";
}
/** The same alert fires again; nothing changed. */
export interface RepeatedDecision extends DecisionBase {
    /** The alert. */
    alert: string;
    verdict: "repeated";
}
/** An alert of the incident is resolved. */
export interface AlertResolvedDecision extends DecisionBase {
    /** The alert. */
    alert: string;
    /** How many of the incident's alerts still fire. */
    firing: number;
    verdict: "alert_resolved";
}
/** A resolved alert that no open incident knows. */
export interface UnknownAlertDecision extends DecisionBase {
    /** The alert. */
    alert: string;
    verdict: "unknown_alert";
}
/** Somebody has found out more of the impact. */
export interface AssessedDecision extends DecisionBase {
    /** Who. */
    by: string;
    /** What they have found. */
    impact: Impact;
    verdict: "assessed";
}
/** The incident is over, and no rule of the policy asks for a post-mortem. */
export interface PostmortemNotRequiredDecision extends DecisionBase {
    verdict: "postmortem_not_required";
}
/** A later alert was classified lower; the severity stays, since only a person lowers it. */
export interface SeverityKeptDecision extends DecisionBase {
    /** What the alert was classified as. */
    classified: string;
    /** What it stays at. */
    severity: string;
    verdict: "severity_kept";
}
/** The severity changed. */
export interface SeverityChangedDecision extends DecisionBase {
    /** Who or what changed it. */
    by: string;
    /** What it was. */
    from: string;
    /** What it is. */
    to: string;
    verdict: "severity_changed";
}
/** The state machine took an event. */
export interface TransitionDecision extends DecisionBase {
    /** Who. */
    by?: string;
    /** The event. */
    event: Event;
    /** The state before. */
    from: State;
    /** The state after. */
    to: State;
    verdict: "transition";
}
/** The event changes nothing in this state. */
export interface IgnoredDecision extends DecisionBase {
    /** The event. */
    event: Event;
    /** Why. */
    reason: string;
    /** The state. */
    state: State;
    verdict: "ignored";
}
/** The incident was declared. */
export interface DeclaredDecision extends DecisionBase {
    /** Who, or the policy. */
    by: string;
    verdict: "declared";
}
/** The incident had been declared before. */
export interface AlreadyDeclaredDecision extends DecisionBase {
    verdict: "already_declared";
}
/** A clock started. */
export interface ClockStartedDecision extends DecisionBase {
    /** Which. */
    clock: ClockKind;
    /** When it will be breached; none for best effort. */
    deadline?: Date;
    verdict: "clock_started";
}
/** A clock stopped in time. */
export interface ClockMetDecision extends DecisionBase {
    /** The part of it inside the calendar of its target, or the policy's only one. */
    businessElapsed?: Duration;
    /** Which. */
    clock: ClockKind;
    /** The time it took, without the time that it stood still. */
    elapsed: Duration;
    verdict: "clock_met";
}
/** A clock stopped too late. */
export interface ClockLateDecision extends DecisionBase {
    /** The part of it inside the calendar of its target, or the policy's only one. */
    businessElapsed?: Duration;
    /** Which. */
    clock: ClockKind;
    /** The time it took, without the time that it stood still. */
    elapsed: Duration;
    verdict: "clock_late";
}
/** The clocks that the policy lets stop stand still. */
export interface PausedDecision extends DecisionBase {
    /** Who. */
    by: string;
    /** Which stand still. */
    clocks: Array<ClockKind>;
    /** When they go on by themselves. */
    until: Date;
    verdict: "paused";
}
/** The clocks go on. */
export interface ResumedDecision extends DecisionBase {
    /** Who, or `policy` where the time was up. */
    by: string;
    /** Which go on. */
    clocks: Array<ClockKind>;
    verdict: "resumed";
}
/** A clock was cancelled without being met. */
export interface ClockCancelledDecision extends DecisionBase {
    /** Which. */
    clock: ClockKind;
    verdict: "clock_cancelled";
}
/** A clock has a new target. */
export interface ClockRetargetedDecision extends DecisionBase {
    /** Which. */
    clock: ClockKind;
    /** Its new deadline. */
    deadline?: Date;
    verdict: "clock_retargeted";
}
/** An escalation level was told. */
export interface LevelNotifiedDecision extends DecisionBase {
    /** The level. */
    level: string;
    /** Who was told. */
    to: Array<string>;
    verdict: "level_notified";
}
/** An escalation level was passed over. */
export interface LevelSkippedDecision extends DecisionBase {
    /** The level. */
    level: string;
    /** Why. */
    reason: string;
    verdict: "level_skipped";
}
/** The level's condition does not hold yet. */
export interface LevelWaitingDecision extends DecisionBase {
    /** The level. */
    level: string;
    /** When it is asked again at the latest, if time alone can change it. */
    until?: Date;
    verdict: "level_waiting";
}
/** The path starts again. */
export interface PathRestartedDecision extends DecisionBase {
    /** Why. */
    trigger: Trigger;
    verdict: "path_restarted";
}
/** A message waits for the hours in which people are told. */
export interface HeldDecision extends DecisionBase {
    /** The entry, as a path in the policy. */
    entry: string;
    /** When it goes out, if it still matters. */
    until: Date;
    verdict: "held";
}
/** The hours have come, and what was held goes out. */
export interface ReleasedDecision extends DecisionBase {
    /** The entry, as a path in the policy. */
    entry: string;
    /** Since when it was held. */
    since: Date;
    verdict: "released";
}
/** A message that was held, or came outside its hours, does not go out. */
export interface DroppedDecision extends DecisionBase {
    /** The entry, as a path in the policy. */
    entry: string;
    /** Why. */
    reason: string;
    verdict: "dropped";
}
/** A route told nobody, since it told of the incident not long ago. */
export interface ThrottledDecision extends DecisionBase {
    /** The entry, as a path in the policy. */
    entry: string;
    /** When it tells of it again. */
    until: Date;
    verdict: "throttled";
}
/** A route of the policy led to nobody. */
export interface RouteEmptyDecision extends DecisionBase {
    /** The entry, as a path in the policy. */
    entry: string;
    /** Why. */
    reason: string;
    verdict: "route_empty";
}
/** The condition of a route does not hold. */
export interface RouteClosedDecision extends DecisionBase {
    /** The entry, as a path in the policy. */
    entry: string;
    verdict: "route_closed";
}
/** The same address is told by another entry in the same step already. */
export interface MergedNotificationDecision extends DecisionBase {
    /** The entry, as a path in the policy. */
    entry: string;
    /** The effect that carries it. */
    into: EffectId;
    verdict: "merged_notification";
}
/** Somebody takes over on call for a while. */
export interface OverrideSetDecision extends DecisionBase {
    /** Who says so. */
    by: string;
    /** From when on. */
    from: Date;
    /** Its name. */
    id: string;
    /** Of which role or schedule. */
    on: string;
    /** Who takes over. */
    person: string;
    /** Up to when. */
    to: Date;
    verdict: "override_set";
}
/** Nobody takes over after all. */
export interface OverrideCancelledDecision extends DecisionBase {
    /** Who says so. */
    by: string;
    /** Its name. */
    id: string;
    verdict: "override_cancelled";
}
/** Somebody is away for a while. */
export interface AbsenceSetDecision extends DecisionBase {
    /** Who says so. */
    by: string;
    /** From when on. */
    from: Date;
    /** Its name. */
    id: string;
    /** Who. */
    person: string;
    /** Up to when. */
    to: Date;
    verdict: "absence_set";
}
/** Somebody is back, or does not go away after all. */
export interface AbsenceEndedDecision extends DecisionBase {
    /** Who says so. */
    by: string;
    /** Its name. */
    id: string;
    /** Who. */
    person: string;
    verdict: "absence_ended";
}
/** A hand-off that was not confirmed gave way to the next one. */
export interface HandoffSupersededDecision extends DecisionBase {
    /** The next one. */
    by: string;
    /** The one that gave way. */
    handoff: string;
    verdict: "handoff_superseded";
}
/** A point of a hand-off was ticked off. */
export interface HandoffTickedDecision extends DecisionBase {
    /** Who ticked it off. */
    by: string;
    /** The hand-off. */
    handoff: string;
    /** The point. */
    point: string;
    verdict: "handoff_ticked";
}
/** A point of a hand-off was ticked off again; nothing came of it. */
export interface HandoffTickedBeforeDecision extends DecisionBase {
    /** Who ticked it off again. */
    by: string;
    /** The hand-off. */
    handoff: string;
    /** The point. */
    point: string;
    verdict: "handoff_ticked_before";
}
/** Every point of a hand-off is ticked off. */
export interface HandoffConfirmedDecision extends DecisionBase {
    /** Who ticked off the last one. */
    by: string;
    /** How long it took. */
    elapsed: Duration;
    /** The hand-off. */
    handoff: string;
    verdict: "handoff_confirmed";
}
/** Somebody's turn on call was passed over when somebody was to be told. */
export interface PassedOverDecision extends DecisionBase {
    /** Whose turn it would have been. */
    person: string;
    /** Why it is not. */
    reason: string;
    /** The role. */
    role: string;
    verdict: "passed_over";
}
/** A delivery was confirmed. */
export interface DeliveredDecision extends DecisionBase {
    /** The effect. */
    effect: EffectId;
    verdict: "delivered";
}
/** A delivery failed. */
export interface DeliveryFailedDecision extends DecisionBase {
    /** What the transport said. */
    detail: string;
    /** The effect. */
    effect: EffectId;
    /** What was done about it. */
    next: string;
    verdict: "delivery_failed";
}
/** A report about an effect that is not awaited: reported before, replaced by a repeat, or never emitted. */
export interface UnexpectedReportDecision extends DecisionBase {
    /** The effect. */
    effect: EffectId;
    verdict: "unexpected_report";
}
/** A message of the policy could not be rendered; the built-in one was used. */
export interface MessageFallbackDecision extends DecisionBase {
    /** The entry, as a path in the policy. */
    entry: string;
    /** What went wrong. */
    error: string;
    verdict: "message_fallback";
}
/** Another policy is in force from here on. */
export interface PolicyChangedDecision extends DecisionBase {
    /** The digest of the one before. */
    from: string;
    /** Its digest. */
    to: string;
    verdict: "policy_changed";
}
/** The policy that was loaded is the one in force; nothing changed. */
export interface PolicyKeptDecision extends DecisionBase {
    /** Its digest. */
    digest: string;
    verdict: "policy_kept";
}
/** The role of a hand-off is no longer handed over; nobody waits for its points. */
export interface HandoffGivenUpDecision extends DecisionBase {
    /** The hand-off. */
    handoff: string;
    verdict: "handoff_given_up";
}
/** A resolved incident was forgotten, as the policy's retention says. */
export interface ForgottenDecision extends DecisionBase {
    verdict: "forgotten";
}
/** One step of reasoning, stamped with the instant it holds for. */
export type Decision = ClockRegressionDecision | NothingDueDecision | ClassifiedDecision | OpenedDecision | JoinedDecision | RepeatedDecision | AlertResolvedDecision | UnknownAlertDecision | AssessedDecision | PostmortemNotRequiredDecision | SeverityKeptDecision | SeverityChangedDecision | TransitionDecision | IgnoredDecision | DeclaredDecision | AlreadyDeclaredDecision | ClockStartedDecision | ClockMetDecision | ClockLateDecision | PausedDecision | ResumedDecision | ClockCancelledDecision | ClockRetargetedDecision | LevelNotifiedDecision | LevelSkippedDecision | LevelWaitingDecision | PathRestartedDecision | HeldDecision | ReleasedDecision | DroppedDecision | ThrottledDecision | RouteEmptyDecision | RouteClosedDecision | MergedNotificationDecision | OverrideSetDecision | OverrideCancelledDecision | AbsenceSetDecision | AbsenceEndedDecision | HandoffSupersededDecision | HandoffTickedDecision | HandoffTickedBeforeDecision | HandoffConfirmedDecision | PassedOverDecision | DeliveredDecision | DeliveryFailedDecision | UnexpectedReportDecision | MessageFallbackDecision | PolicyChangedDecision | PolicyKeptDecision | HandoffGivenUpDecision | ForgottenDecision;
/** One thing that a monitoring system, or a person, says is wrong. */
export type Alert = Omit<AlertInput, "kind">;

/** An instant as it may be handed in: a `Date`, milliseconds since 1970, or text such as `2026-11-24T02:00:00Z`. */
export type Instant = Date | number | string;
/** One thing to be done, by somebody, by a date. */
export interface ActionItem {
    /** What it is called when it is changed or finished. */
    id: string;
    /** What is to be done. */
    text: string;
    /** Who does it: a person or a team. */
    owner?: string;
    /** The day by whose end it is to be done, in the policy's time zone. */
    due?: string;
    /** Who has done it, and when. */
    done?: Deed;
    /** Who gave it up, when and why. */
    dropped?: Dropped;
}
/** Whether the thing an alert speaks of is still wrong. */
export type AlertStatus = 
/** It is wrong now. */
"firing"
/** It was wrong, and the sender says it no longer is. */
 | "resolved";
/** What could be better. */
export interface Areas {
    /** Promises that were missed, those of the worst severity first, and of these the most frequent. */
    promises: Array<MissedPromises>;
    /** People who answered after the time that was promised, the most frequent first. The document does not name them:
     * one learns from what lay behind it. */
    answers: Array<LateAnswers>;
    /** The same by what may lie behind it: the hour, the channel, and what was asked of whoever answered. */
    late: Array<LateGroup>;
    /** Services with more incidents than the mean of all that had any. */
    services: Array<NoisyService>;
    /** Post-mortems that are not published, those that have waited longest first. */
    postmortems: Array<OpenPostmortem>;
    /** Post-mortems that were waived, in the order in which their incidents opened. */
    waived: Array<WaivedPostmortem>;
    /** What post-mortems ask for and nobody has done, what is due first first. */
    actions: Array<OpenAction>;
}
/** A time during which somebody was called: from the first page until anybody answered, or it was over. */
export interface Call {
    /** Who. */
    who: string;
    /** From when on. */
    from: Date;
    /** Until when; none while nobody answers. */
    until?: Date;
    /** Who answered, they or another; none where nobody had until it was over. */
    answeredBy?: string;
    /** The pages by which they were called, in order. */
    pages: Array<Page>;
}
/** Why an effect exists: what set it off, and the entry of the policy that asks for it. */
export interface Cause {
    /** What set it off. */
    trigger: Trigger;
    /** The policy's entry, as a path: `severities.SEV-1.notify[0]`. */
    entry?: string;
}
/** Pages on one channel. */
export interface ChannelLoad {
    /** How many. */
    pages: number;
    /** How many of them in the hours in which people sleep. */
    inSleepHours: number;
}
/** The severity of an alert, and why it is that one. */
export interface Classification {
    /** The alert's key. */
    alert: string;
    /** The service it is about, if it names one. */
    service?: string;
    /** Whether the policy's catalogue has that service. */
    serviceKnown: boolean;
    /** The severity. */
    severity: string;
    /** The rule that gave it; none where the default stands. */
    rule?: string;
    /** Why, in the policy's words or the engine's. */
    because: string;
    /** The facts that the deciding rule read, with their values. Without a rule, those that all rules read. */
    facts?: Record<string, unknown>;
    /** The facts it asked for that the alert does not have. */
    absent?: Array<string>;
    /** The rule that would have decided otherwise. */
    runnerUp?: RunnerUp;
    /** The rules that failed before one decided. Of many the first sixteen, and then that more did. */
    faults?: Array<Fault>;
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
 * | `postmortem` | when it is over and needs a post-mortem | by its publication | when it is over again | when it is waived, or the incident opens again |
 * | `meeting` | with `postmortem` | when a meeting is planned | when it is over again | when it is waived or published, or the incident opens again |
 * | `review` | when the post-mortem is handed in | when others have looked at it | when it is handed in again | when it is waived, or the incident opens again |
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
 | "handoff"
/** From the end of an incident that needs a post-mortem until that is published. */
 | "postmortem"
/** From handing a post-mortem in until others have looked at it. */
 | "review"
/** From the end of an incident that needs a post-mortem until a meeting is planned. */
 | "meeting";
/** How a clock stands. */
export type ClockState = 
/** It runs, and its target can be met. */
"running"
/** It runs, and its target was missed. */
 | "breached"
/** It stands still. */
 | "paused"
/** It was stopped in time. */
 | "met"
/** It was stopped too late. */
 | "late"
/** It no longer matters. */
 | "cancelled";
/** A kind of cause. */
export interface CommonCause {
    /** The kind, as post-mortems name it. */
    cause: string;
    /** The incidents that it lay behind. */
    incidents: Array<IncidentId>;
}
/** Who did something, and when. */
export interface Deed {
    /** Who. */
    by: string;
    /** When. */
    at: Date;
}
/** Who gave something up, when and why. */
export interface Dropped {
    /** Who. */
    by: string;
    /** When. */
    at: Date;
    /** Why. */
    reason: string;
}
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
/** Somebody puts it off. */
 | "snooze"
/** The time that it was put off for is up. */
 | "snooze_end"
/** Somebody has seen that it is so. */
 | "verify"
/** Somebody checks a point of the closing checklist. */
 | "check_item"
/** Somebody opens one again. */
 | "uncheck_item"
/** Somebody takes a role. */
 | "assign_role"
/** Somebody gives one up. */
 | "vacate_role"
/** Somebody, or the policy, says it is over. */
 | "resolve"
/** Somebody says it was none. */
 | "false_alarm"
/** Somebody says that it is the same as another, which goes on. */
 | "merge"
/** It goes on as another, too. */
 | "take_in"
/** Some of its alerts become an incident of their own. */
 | "split"
/** It becomes a part of another. */
 | "link"
/** It is that no more. */
 | "unlink";
/** A rule that raised an error instead of giving an answer. */
export interface Fault {
    /** The policy's entry, as a path: of the rule, or `classify` for all that are told of together. */
    entry: string;
    /** What went wrong. */
    error: string;
}
/** How on-call roles were handed over. */
export interface Handoffs {
    /** How often. */
    total: number;
    /** How often every point was ticked off. */
    confirmed: number;
    /** How often not all points were gone through in time. */
    missed: number;
}
/** What somebody has found of an incident's impact. What is left out stays as it was. */
export interface Impact {
    /** How many users are affected. */
    usersAffected?: number;
    /** How many of those who use it. */
    scope?: Scope;
    /** What no longer works. */
    functionality?: string;
    /** Where it is going. */
    urgency?: Urgency;
    /** Whether the impact on them is significant. */
    significant?: boolean;
    /** Whether it is getting worse. */
    gettingWorse?: boolean;
    /** What users see. */
    description?: string;
}
/** Names one incident: its service, the local date and a digest, `panic-button-20261124-k3f9q2`.
 *
 * It depends on nothing but the incident's own key and the instant it opened, so it is the same on every replay
 * and whatever else happens. */
export type IncidentId = string;
/** An incident at an instant. */
export interface IncidentView {
    /** Its place in the order of opening: `#1`. */
    number: string;
    /** Its id. */
    id: string;
    /** What it is grouped by. */
    key: string;
    /** One line for people. */
    title: string;
    /** The service it is about. */
    service?: string;
    /** Its severity. */
    severity: string;
    /** Where it is in its life. */
    state: State;
    /** When it opened. */
    openedAt: Date;
    /** Who took it. */
    acknowledgedBy?: string;
    /** Who began to work on it. */
    respondedBy?: string;
    /** Who declared it. */
    declaredBy?: string;
    /** Who resolved it. */
    resolvedBy?: string;
    /** The last word of whoever ended it: the final update, or how they know that it was a false alarm. */
    finalUpdate?: string;
    /** Whether it is a drill. */
    drill: boolean;
    /** Whether it ended as a false alarm. */
    falseAlarm: boolean;
    /** What it was merged into. */
    mergedInto?: string;
    /** What it was split from. */
    splitFrom?: string;
    /** What it is a part of. */
    parent?: string;
    /** What is a part of it. */
    children: Array<string>;
    /** Until when it is snoozed, or people are kept from being told of it. */
    quietUntil?: Date;
    /** Whether it is known to be one: verified, or from a source that needs no verifying. */
    verified: boolean;
    /** The points of the closing checklist that are checked. */
    checked: Array<string>;
    /** Who was named for which role. */
    roles: Record<string, string>;
    /** How far the work is, as the public was told. */
    publicStatus?: PublicStatus;
    /** How many of its alerts fire. */
    firing: number;
    /** How many of its effects await their report. */
    pending: number;
    /** The channel that was opened for it. */
    channel?: string;
    /** Everybody who was paged for it. */
    told: Array<string>;
    /** How far its post-mortem is, if one was asked for. */
    postmortem?: PostmortemStatus;
    /** Who sees to that. */
    postmortemOwner?: string;
    /** How much of what that asks for is still to be done. */
    openActions: number;
    /** Its clocks. */
    clocks: Record<string, ClockState>;
}
/** How promises of one kind went. What promises no time, best effort, is none. */
export interface Kept {
    /** How many were made. */
    promised: number;
    /** How many were kept. */
    kept: number;
    /** How many were missed. */
    missed: number;
    /** How many stopped to matter before their time was up. */
    givenUp: number;
    /** How many run. */
    running: number;
}
/** What somebody answered too late. */
export interface LateAnswers {
    /** Who. */
    person: string;
    /** How many incidents they were the first to take. */
    answered: number;
    /** Those of them in which the promise to acknowledge was missed. */
    incidents: Array<IncidentId>;
}
/** What answers are grouped by. */
export type LateBy = 
/** The hours in which it opened: those in which people sleep, those in which a calendar of the policy is open, others. */
"hours"
/** The channel of the first page to whoever answered. */
 | "channel"
/** How often whoever answered was called in the seven days until they answered, this time included. */
 | "load";
/** Answers that have something in common, of which some came after the time that was promised. */
export interface LateGroup {
    /** By what they are the same. */
    by: LateBy;
    /** What they have in common. */
    of: string;
    /** How many there are. */
    answered: number;
    /** The incidents of those that came late. */
    incidents: Array<IncidentId>;
}
/** Incidents that no other figure counts. */
export interface LeftOut {
    /** How many were drills. */
    drills: number;
    /** How many were false alarms. What they asked of people counts. */
    falseAlarms: number;
    /** How many were merged into another, which is counted. What they asked of people counts. */
    merged: number;
}
/** What is learnt. A list that is left out stays as it was. */
export interface Lessons {
    /** What went well. */
    wentWell?: Array<string>;
    /** What could be improved. */
    toImprove?: Array<string>;
    /** What changes are needed. */
    toChange?: Array<string>;
}
/** What an alert must be to be meant: all that is named here, to the letter.
 *
 * A missing label is not equal to an empty one: `labels: { site: "" }` means alerts that have the label and leave it
 * empty. At least one value must not be empty, since everything would be meant otherwise. */
export interface Matchers {
    /** The service it is about. */
    service?: string;
    /** Its own key, or what its incident is grouped by. */
    key?: string;
    /** Its labels. */
    labels?: Record<string, string>;
}
/** What a metric came to. */
export type Measure = {
    count: number;
} | {
    time: Duration;
} | {
    share: {
        /** How many. */
        good: number;
        /** Of how many; never none. */
        of: number;
    };
};
/** One metric, what it was to be and what it came to. */
export interface Measured {
    /** Which. */
    metric: MetricName;
    /** Only of incidents of this severity. */
    severity?: string;
    /** Which figure of a length of time. */
    statistic: Statistic;
    /** What it was to be, `< 5m`; none where the policy has no target. */
    target?: string;
    /** What it came to; none where there was nothing to measure. */
    current?: Measure;
    /** What it came to in the month before; none where there was nothing to measure. */
    before?: Measure;
    /** Whether that is as it was to be. */
    met?: boolean;
    /** The section of the procedure that the target comes from. */
    source?: string;
}
/** When those concerned meet, and what about. */
export interface Meeting {
    /** When. */
    at: Date;
    /** Who is asked to come: people, teams or names the host knows. */
    attendees?: Array<string>;
    /** What is talked about, point by point. */
    agenda?: Array<string>;
}
/** What is measured over a month. */
export type MetricName = 
/** How many incidents opened: a number. */
"total"
/** The time from opening until somebody takes the incident or works on it: a length of time. */
 | "mtta"
/** The time that an incident was open, once it is over: a length of time. */
 | "mttr"
/** How many of the post-mortems that were asked for are published: a percentage. */
 | "postmortems_completed"
/** How many promises were kept: a percentage. */
 | "promises_kept"
/** How many status updates came in time: a percentage. */
 | "updates_in_time";
/** What the incidents that opened in a time come to. */
export interface Metrics {
    /** The beginning of the time. */
    from: Date;
    /** Its end, which is not in it. */
    to: Date;
    /** How many there are. */
    total: number;
    /** Those that are not over. They do not count in the time to resolve. */
    open: Array<IncidentId>;
    /** How many are over and nobody had taken them. They do not count in the time to acknowledge. */
    unanswered: number;
    /** Those that are not over and nobody has taken yet. Neither do they. */
    waiting: Array<IncidentId>;
    /** How many opened again after they were over. */
    reopened: number;
    /** The time from opening until somebody took the incident or worked on it: MTTA and its kin. */
    acknowledge: Times;
    /** The time that the incident was open: MTTR and its kin. */
    resolve: Times;
    /** Their post-mortems. */
    postmortems: Postmortems;
    /** Their promises, by clock. */
    clocks: Record<string, Kept>;
    /** By the worst severity that they had, the worst first: those of the policy, then those that it no longer has. */
    severities: Array<SeverityFigures>;
    /** By service, the one with the most first. */
    services: Array<ServiceFigures>;
    /** What opened in that time and is counted in none of these. */
    leftOut: LeftOut;
    /** What was asked of people in that time, also by false alarms. */
    people: Array<PersonLoad>;
    /** How on-call roles were handed over in that time. */
    handoffs: Handoffs;
}
/** Promises of one kind and severity. */
export interface MissedPromises {
    /** The severity. */
    severity: string;
    /** The clock. */
    clock: ClockKind;
    /** How many were made. */
    promised: number;
    /** How many were kept. */
    kept: number;
    /** How many were missed. */
    missed: number;
    /** How many stopped to matter before their time was up. */
    givenUp: number;
    /** How many run. */
    running: number;
    /** The incidents in which one was missed. */
    incidents: Array<IncidentId>;
}
/** A month, `2026-11`. */
export type Month = string;
/** One month of a quarter. */
export interface MonthFigures {
    /** The month. */
    month: Month;
    /** Whether the journal tells anything of it. Of a month that it tells nothing of, what follows is not known. */
    told: boolean;
    /** Each target, and whether it was met. */
    targets: Array<Measured>;
    /** What it came to. */
    metrics: Metrics;
}
/** A service with many incidents. */
export interface NoisyService {
    /** The service; none for incidents that name none. */
    service?: string;
    /** Its part of all incidents, in per cent, rounded to the nearest. */
    percent: number;
    /** Its incidents. */
    incidents: Array<IncidentId>;
}
/** A message to one address. */
export interface Notification {
    /** What it is for. */
    purpose: Purpose;
    /** The medium: `pager`, `email`, `sms`, `slack`, `github-issue`, or any other the policy declares. */
    channel: string;
    /** Whom it is for: a person, a team, or the address itself. */
    to: string;
    /** Where on the channel to send it. */
    address: string;
    /** One line, without line breaks. */
    subject: string;
    /** The message. */
    text: string;
    /** The escalation level that it belongs to, if it does. */
    level?: string;
}
/** An incident that is open when somebody comes on call. */
export interface OngoingIncident {
    /** Its id. */
    incident: IncidentId;
    /** One line for people. */
    title: string;
    /** Its severity. */
    severity: string;
    /** Where it is in its life. */
    state: State;
    /** Whether it is a drill. */
    drill?: boolean;
}
/** Something that is to be done. */
export interface OpenAction {
    /** The incident whose post-mortem asks for it. */
    incident: IncidentId;
    /** What it is called. */
    action: string;
    /** What is to be done. */
    text: string;
    /** Who does it. */
    owner?: string;
    /** By the end of which day. */
    due?: string;
    /** Whether that is past. */
    overdue: boolean;
}
/** A post-mortem that is not published. */
export interface OpenPostmortem {
    /** Of which incident. */
    incident: IncidentId;
    /** What it is called. */
    title: string;
    /** The worst severity that it had. */
    severity: string;
    /** How far it is. */
    status: PostmortemStatus;
    /** Who sees to it. */
    owner?: string;
    /** When it was to be published. */
    due?: Date;
    /** Whether that is past. */
    overdue: boolean;
}
/** How the host fared with an effect. */
export type Outcome = 
/** It arrived, as far as the transport can tell. */
"delivered"
/** It did not, and this transport will not try again. */
 | "failed";
/** One page. */
export interface Page {
    /** On which channel. */
    channel: string;
    /** When. */
    at: Date;
    /** Whether it arrived; none while nobody has said so. */
    arrived?: boolean;
}
/** What incidents asked of one person. It counts when it happened, whenever the incident had opened. */
export interface PersonLoad {
    /** Who: a person, or a team with an address of its own. */
    person: string;
    /** How many pages, repeats included. */
    pages: number;
    /** How many of them in the hours in which people sleep. */
    inSleepHours: number;
    /** How many nights had one: those between two days, whatever the hour. */
    nights: number;
    /** Pages by channel. */
    channels: Record<string, ChannelLoad>;
    /** Pages a week, over the time that the journal tells of; to a tenth. */
    pagesPerWeek: number;
    /** Pages by week, `2026-W45`, those without one left out. */
    weeks: Record<string, number>;
    /** How often they were called. A call lasts from the first page until anybody answers, or the incident is over. */
    calls: number;
    /** How often it was they who answered. */
    answered: number;
    /** How long they took to. */
    answer: Times;
}
/** A point of a hand-off. */
export interface PointDocument {
    /** What it is called when it is ticked off. */
    id: string;
    /** What is to be done. */
    text: string;
}
/** The post-mortem of one incident, as far as it is written. */
export interface Postmortem {
    /** How far it is. */
    status: PostmortemStatus;
    /** What asked for it: the condition of the policy, or the reason that a person gave. */
    rule: string;
    /** Who asked for it, and when: `policy` where a rule did. */
    required: Deed;
    /** Who sees to it that it is written: a person or a team. */
    owner?: string;
    /** When it is to be published: strictly before. None while the incident is open, or where the policy promises nothing. */
    due?: Date;
    /** When those concerned meet. */
    meeting?: Meeting;
    /** Its heading; the incident's title otherwise. */
    title?: string;
    /** What happened, in short. */
    summary?: string;
    /** What it did to people. */
    impact?: PostmortemImpact;
    /** The chain from what happened to what lies behind it: the "5 Whys". */
    whys?: Array<Why>;
    /** What lies behind it. */
    rootCause?: string;
    /** The kind of cause, by which incidents are compared over a quarter: `configuration`. */
    cause?: string;
    /** What is learnt. */
    lessons?: Lessons;
    /** What is to be done, in the order in which it was added. */
    actions?: Array<ActionItem>;
    /** The date at which what came of it is looked at. */
    followUp?: string;
    /** Who has written what it says, or handed it in: others look at it. */
    authors?: Array<string>;
    /** Who published it, and when. */
    published?: Deed;
    /** Where it can be read. */
    link?: string;
    /** Who said that none is needed after all, and why. */
    waived?: Dropped;
}
/** What can happen to a post-mortem. */
export type PostmortemEvent = 
/** A person asks for one. */
"require"
/** A person says that none is needed. */
 | "waive"
/** Somebody writes a part of it, or says what is to be done. */
 | "write"
/** A meeting is planned. */
 | "meet"
/** It is handed to others to look at. */
 | "submit"
/** They agree. */
 | "approve"
/** They do not, or what is published has to be put right. */
 | "send_back"
/** It is published. */
 | "publish"
/** Something that it asks for goes on: it is done, given up, or somebody else's. */
 | "follow_up"
/** The incident opens again. */
 | "incident_reopen";
/** What an incident did, in the words of those who look back. What is left out stays as it was. */
export interface PostmortemImpact {
    /** To users. */
    users?: string;
    /** To services. */
    services?: string;
    /** To the business. */
    business?: string;
}
/** A part of a post-mortem. */
export type PostmortemPart = 
/** A heading of its own. */
"title"
/** What happened, in short. */
 | "summary"
/** What it did to users, services or the business. */
 | "impact"
/** What it did to users. */
 | "impact_users"
/** What it did to services. */
 | "impact_services"
/** What it did to the business. */
 | "impact_business"
/** At least one "why". */
 | "whys"
/** What lies behind it. */
 | "root_cause"
/** The kind of cause. */
 | "cause"
/** Something that is learnt. */
 | "lessons"
/** What went well. */
 | "went_well"
/** What could be improved. */
 | "to_improve"
/** What changes are needed. */
 | "to_change"
/** At least one thing to be done. */
 | "actions"
/** A due date for each thing that is still to be done. */
 | "due_dates"
/** A meeting. */
 | "meeting"
/** The date of the follow-up. */
 | "follow_up"
/** Where it can be read. It may come with the publication. */
 | "link";
/** How far a post-mortem is. */
export type PostmortemStatus = 
/** It is being written. */
"draft"
/** It is handed to others to look at. */
 | "in_review"
/** Others have looked at it and agree. */
 | "reviewed"
/** Everybody can read it. */
 | "published"
/** A person has said that none is needed after all. */
 | "waived";
/** The post-mortems of the incidents that need one. One that was waived is not needed. */
export interface Postmortems {
    /** How many were asked for. */
    required: number;
    /** How many of them are published. */
    completed: number;
    /** How many of those were published after their time was up. */
    late: number;
    /** The incidents whose post-mortem is not published. */
    missing: Array<IncidentId>;
    /** Those of them whose time is up. */
    overdue: Array<IncidentId>;
    /** The incidents whose post-mortem was asked for and waived, for a reason that it has. */
    waived: Array<IncidentId>;
}
/** A promise, and how it went. */
export interface Promised {
    /** Which clock. */
    clock: ClockKind;
    /** What was promised. */
    target?: Target;
    /** When it ran out. */
    deadline?: Date;
    /** The time on it when what it waited for happened. */
    took?: Duration;
    /** Whether it was missed. */
    missed: boolean;
    /** Whether it stopped to matter before that. */
    givenUp: boolean;
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
/** A quarter of a year, `2026-Q4`. */
export type Quarter = string;
/** Something that came back. */
export interface Recurring {
    /** By what they are the same. */
    by: Sameness;
    /** The title of the latest of them. */
    title: string;
    /** Why they had their severity. */
    because: string;
    /** The service. */
    service?: string;
    /** How many opened in each month of the quarter. */
    months: Array<number>;
    /** The incidents, in the order in which they opened. */
    incidents: Array<IncidentId>;
}
/** An incident of a quarter, as far as whoever reads a finding wants to know it. */
export interface ReviewedIncident {
    /** What it is called. */
    title: string;
    /** The worst severity that it had. */
    severity: string;
    /** The service. */
    service?: string;
    /** When it opened. */
    opened: Date;
    /** How long it was open, up to the end of the journal. */
    openFor: Duration;
    /** Whether it is over. */
    over: boolean;
}
/** The next rule that matches. */
export interface RunnerUp {
    /** The rule. */
    rule: string;
    /** The severity it would have given. */
    severity: string;
}
/** By what incidents are the same. */
export type Sameness = 
/** By their key: the same problem, as the policy's `group_by` tells them apart. */
"key"
/** By their service and the reason for their severity. */
 | "service_and_rule";
/** How many of those who use a service notice. */
export type Scope = 
/** A few. */
"few"
/** Many. */
 | "many"
/** All, or nearly. */
 | "all";
/** What the incidents of one service come to. */
export interface ServiceFigures {
    /** The service; none for incidents that name none. */
    service?: string;
    /** How many there are. */
    total: number;
    /** How many of each severity. */
    severities: Record<string, number>;
    /** The time until somebody took them. */
    acknowledge: Times;
    /** The time that they were open. */
    resolve: Times;
}
/** What the incidents of one severity come to. */
export interface SeverityFigures {
    /** The severity. */
    severity: string;
    /** How many there are. */
    total: number;
    /** Those that are not over. They do not count in the time to resolve. */
    open: Array<IncidentId>;
    /** How many are over and nobody had taken them. They do not count in the time to acknowledge. */
    unanswered: number;
    /** Those that are not over and nobody has taken yet. Neither do they. */
    waiting: Array<IncidentId>;
    /** How many opened again after they were over. */
    reopened: number;
    /** The time from opening until somebody took the incident or worked on it: MTTA and its kin. */
    acknowledge: Times;
    /** The time that the incident was open: MTTR and its kin. */
    resolve: Times;
    /** Their post-mortems. */
    postmortems: Postmortems;
    /** Their promises, by clock. */
    clocks: Record<string, Kept>;
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
/** Which figure stands for many lengths of time. Percentiles are by nearest rank: the shortest length that so many per
 * cent of all do not exceed, so each is a length that was measured. The median is the 50th. */
export type Statistic = 
/** Their sum, divided by how many they are. */
"mean"
/** The 50th percentile. */
 | "median"
/** The 90th percentile. */
 | "p90"
/** The 95th percentile. */
 | "p95";
/** A time during which the incident was open with one severity. */
export interface Stretch {
    /** The severity. */
    severity: string;
    /** Its beginning. */
    from: Date;
    /** Its end; none while it lasts. */
    to?: Date;
}
/** A length of time, `15m`, one inside a calendar, `4h business`, `next business day`, `5 business days`, `next release`, an instant, or `best-effort`. */
export type Target = "best-effort" | "next release" | string;
/** Something that happened to an incident. */
export interface TimelineEvent {
    /** When. */
    at: Date;
    /** What, as people read it. */
    text: string;
}
/** Many lengths of time. Percentiles are by nearest rank, as [`Statistic`] says. */
export interface Times {
    /** How many. */
    count: number;
    /** Their mean, rounded down to a millisecond. */
    mean?: Duration;
    /** Their 50th percentile. */
    median?: Duration;
    /** Their 90th percentile. */
    p90?: Duration;
    /** Their 95th percentile. */
    p95?: Duration;
}
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
/** The incident was a false alarm. */
 | "false_alarm"
/** The incident was merged with another. */
 | "merged"
/** The incident was a part of another until now. */
 | "split"
/** A role of the incident was given to somebody. */
 | "role_assigned"
/** A role of the incident that must be held is vacant. */
 | "role_vacant"
/** A pause ended by itself. */
 | "pause_ended"
/** A snooze ended. */
 | "snooze_ended"
/** A silence ended, and what it hid is open. */
 | "silence_ended"
/** What hid the incident does so no longer, and it is open. */
 | "inhibition_ended"
/** The incident is still open after a long time. */
 | "still_open"
/** A condition of the policy raised an error, or nothing ends one of its promises. */
 | "policy_fault"
/** Another policy took the place of the one it was held by. */
 | "policy_changed"
/** A person asked for a post-mortem. */
 | "postmortem_required"
/** A post-mortem waits to be published, or has another owner. */
 | "postmortem_due"
/** A post-mortem was handed in to be looked at. */
 | "postmortem_submitted"
/** Others have looked at a post-mortem. */
 | "postmortem_reviewed"
/** A meeting about a post-mortem was planned. */
 | "meeting_planned"
/** A post-mortem was published. */
 | "postmortem_published"
/** Something that a post-mortem asks for is somebody's. */
 | "action_assigned"
/** Something that a post-mortem asks for is overdue. */
 | "action_overdue"
/** The date has come at which one looks at what came of a post-mortem. */
 | "follow_up_due"
/** An on-call role was handed over. */
 | "handoff"
/** A hand-off waits for points to be ticked off. */
 | "handoff_due";
/** Where an incident is going. */
export type Urgency = 
/** It is getting worse. */
"worsening"
/** It stays as it is. */
 | "stable"
/** It is getting better. */
 | "improving";
/** A post-mortem that is not to be written after all. */
export interface WaivedPostmortem {
    /** Of which incident. */
    incident: IncidentId;
    /** What it is called. */
    title: string;
    /** The worst severity that it had. */
    severity: string;
    /** Who waived it. */
    by: string;
    /** When. */
    at: Date;
    /** Why. */
    reason: string;
}
/** One step of the chain from what happened to what lies behind it. */
export interface Why {
    /** What is asked: `Why did the incident happen?` */
    question: string;
    /** Why it was so. */
    answer: string;
}
/** An incident of the worst severity. */
export interface Worst {
    /** Which. */
    incident: IncidentId;
    /** What it is called. */
    title: string;
    /** When it opened. */
    opened: Date;
    /** The time until somebody took it; none where nobody did. */
    acknowledgedAfter?: Duration;
    /** The time that it was open; none while it is. */
    resolvedAfter?: Duration;
    /** How often it opened again. */
    reopened: number;
    /** How far its post-mortem is; none where none was asked for. */
    postmortem?: PostmortemStatus;
}
/** A monitoring system or a reporter says something is wrong, or no longer is. */
export interface AlertInput {
    kind: "alert";
    /** What tells this alert from others; repeats carry the same key. Made of its texts where it is missing. */
    key?: string;
    /** Firing or resolved. */
    status?: AlertStatus;
    /** Who sent it: `alertmanager`, `hotline`, … */
    source?: string;
    /** The service it is about, as the policy's catalogue names it. */
    service?: string;
    /** The name of the alerting rule. */
    name?: string;
    /** One line for people. */
    summary?: string;
    /** More for people. */
    description?: string;
    /** What identifies it, as text. */
    labels?: Record<string, string>;
    /** What describes it, as text. */
    annotations?: Record<string, string>;
    /** What was measured; always finite. */
    values?: Record<string, number>;
    /** When the sender saw it begin. For people: clocks start when the engine hears of it. */
    startsAt?: Instant;
    /** When the sender saw it end. */
    endsAt?: Instant;
    /** Where a person can look: a graph, a runbook. */
    links?: Record<string, string>;
}
/** A person or a system reports a problem through a source of the policy. It becomes an alert of that source. */
export interface DetectInput {
    kind: "detect";
    /** What tells it from other reports; its source, service and title otherwise. */
    id?: string;
    /** The source, as the policy names it. */
    source: string;
    /** Who reports it. */
    by: string;
    /** The service it is about. */
    service?: string;
    /** One line for people. */
    title: string;
    /** More for people. */
    text?: string;
    /** What identifies it, as text. */
    labels?: Record<string, string>;
    /** What was measured. */
    values?: Record<string, number>;
    /** Whether it is a drill: the whole procedure runs, every message says so, the public hears nothing, and it does
     * not count in reports. */
    drill?: boolean;
}
/** Somebody has seen that it is so: the incident is verified. */
export interface VerifyInput {
    kind: "verify";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** What they have seen. */
    note?: string;
}
/** Somebody has seen it and takes it. */
export interface AcknowledgeInput {
    kind: "acknowledge";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** What they say with it: what they have seen, or what they do first. */
    note?: string;
}
/** Somebody has started to work on it: the initial response. */
export interface RespondInput {
    kind: "respond";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** What they say with it: what they do first. */
    note?: string;
}
/** Somebody has found out what the incident does to people: triage. */
export interface AssessInput {
    kind: "assess";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** What they have found. What is left out stays as it was. */
    impact: Impact;
}
/** A status update for those inside. */
export interface UpdateInput {
    kind: "update";
    /** Which incident. */
    incident: IncidentId;
    /** Who wrote it. */
    by: string;
    /** What it says, where the policy's `updates` names no parts, or beside them. */
    text?: string;
    /** What it says, part by part, as the policy's `updates` names them. */
    parts?: Record<string, string>;
}
/** A notice for the public. Only this text leaves the house; nothing internal is added to it. */
export interface PublicUpdateInput {
    kind: "public_update";
    /** Which incident. */
    incident: IncidentId;
    /** Who wrote it. */
    by: string;
    /** How far the work is, as the public is told. */
    status: PublicStatus;
    /** What it says. */
    text: string;
    /** What the issue is called in the heading, from now on. */
    issue?: string;
    /** What the public notices of it, from now on. The policy's `updates.public` may ask for it. */
    impact?: string;
    /** Why the status goes back, if it does. The public does not read it. */
    reason?: string;
    /** Why a word that is a part of somebody's name is said all the same. The public does not read it. */
    overrideReason?: string;
}
/** A person declares the incident: its channel is opened and the status page posted. */
export interface DeclareInput {
    kind: "declare";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
}
/** A person escalates by hand. Always possible while the incident is open. */
export interface EscalateInput {
    kind: "escalate";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** The level, by its id or its number counted from 1; without it, the next one not yet told. */
    level?: string;
    /** Why. */
    reason?: string;
}
/** A person sets another severity. */
export interface SetSeverityInput {
    kind: "set_severity";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** The new severity, as the policy names it. */
    severity: string;
    /** Why. */
    reason?: string;
}
/** The incident waits for somebody else: the clocks that the policy's `pausing` names stand still. */
export interface PauseInput {
    kind: "pause";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** When they go on at the latest; as late as the policy allows otherwise. */
    until?: Instant;
    /** What is waited for. */
    reason?: string;
}
/** The wait is over: the clocks go on. */
export interface ResumeInput {
    kind: "resume";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
}
/** Somebody puts the incident off: the climb rests, and clocks run on. At the end it is open, unacknowledged, and pages
 * whoever is on call then. Taking it, escalating it or raising it ends the snooze. */
export interface SnoozeInput {
    kind: "snooze";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** When it ends: within the time that the policy's `snoozing` allows. */
    until: Instant;
    /** Why it can wait. */
    reason?: string;
}
/** Somebody has gone through a point of the policy's `closing` checklist. */
export interface CheckItemInput {
    kind: "check_item";
    /** Which incident. */
    incident: IncidentId;
    /** Which point. */
    item: string;
    /** Who. */
    by: string;
}
/** It is not so after all: the point is open again. */
export interface UncheckItemInput {
    kind: "uncheck_item";
    /** Which incident. */
    incident: IncidentId;
    /** Which point. */
    item: string;
    /** Who. */
    by: string;
}
/** Somebody takes a role of the policy in the incident, from nobody or from whoever holds it. */
export interface AssignRoleInput {
    kind: "assign_role";
    /** Which incident. */
    incident: IncidentId;
    /** Which role. */
    role: string;
    /** Who holds it from now on: a person of the policy. */
    person: string;
    /** Who says so. */
    by: string;
}
/** Whoever holds a role gives it up, and nobody takes it. */
export interface VacateRoleInput {
    kind: "vacate_role";
    /** Which incident. */
    incident: IncidentId;
    /** Which role. */
    role: string;
    /** Who says so. */
    by: string;
}
/** A person says it is over. */
export interface ResolveInput {
    kind: "resolve";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** The last word, for the final update. */
    note?: string;
    /** Why it is closed although points of the checklist are open, or without a final update. */
    overrideReason?: string;
}
/** A person says that it was none: it ends without checklist, final update or post-mortem, and no promise counts. */
export interface FalseAlarmInput {
    kind: "false_alarm";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** How they know. */
    reason: string;
}
/** Two incidents are one: this one ends as a duplicate, and its alerts, what they call for and what is known of it go
 * on with the other. */
export interface MergeInput {
    kind: "merge";
    /** Which incident ends. */
    incident: IncidentId;
    /** Which one goes on. It is open. */
    into: IncidentId;
    /** Who. */
    by: string;
    /** Why. */
    reason?: string;
}
/** Some alerts of an incident are something else: they become an incident of their own, whose clocks start now. */
export interface SplitInput {
    kind: "split";
    /** Which incident. */
    incident: IncidentId;
    /** The keys of the alerts, neither none nor all that it has. */
    alerts: Array<string>;
    /** What the new incident is called; as the old one otherwise. */
    title?: string;
    /** Who. */
    by: string;
    /** Why. */
    reason?: string;
}
/** An incident is a part of another, which does not end before it. No clock moves. */
export interface LinkInput {
    kind: "link";
    /** Which incident. */
    incident: IncidentId;
    /** What it is a part of. */
    parent: IncidentId;
    /** Who. */
    by: string;
}
/** An incident is no part of another any more. */
export interface UnlinkInput {
    kind: "unlink";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
}
/** A person asks for a post-mortem that no rule asks for, or that was waived. */
export interface RequirePostmortemInput {
    kind: "require_postmortem";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** Why. */
    reason: string;
}
/** A person says that no post-mortem is needed after all. It is no longer asked for, and nothing it asks for is chased.
 * The policy's `postmortem.waived_by` says who may. */
export interface WaivePostmortemInput {
    kind: "waive_postmortem";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** Why. */
    reason: string;
}
/** Somebody writes parts of a post-mortem. What is left out stays as it was. */
export interface WritePostmortemInput {
    kind: "write_postmortem";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** A heading; the incident's title otherwise. */
    title?: string;
    /** What happened, in short. */
    summary?: string;
    /** What it did to people. */
    impact?: PostmortemImpact;
    /** The chain from what happened to what lies behind it, whole. */
    whys?: Array<Why>;
    /** What lies behind it. */
    rootCause?: string;
    /** The kind of cause, by which incidents are compared: `configuration`. */
    cause?: string;
    /** What is learnt, each list whole. */
    lessons?: Lessons;
    /** The date at which what came of it is looked at. */
    followUp?: string;
    /** Who sees to it: a person or a team of the policy. */
    owner?: string;
}
/** Somebody plans the meeting about a post-mortem. Those who are asked to come are told. A second one takes the
 * place of the first. */
export interface PlanMeetingInput {
    kind: "plan_meeting";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** When those concerned meet. */
    at: Instant;
    /** Who is asked to come: people or teams of the policy. Those whom the policy names, where nobody is. */
    attendees?: Array<string>;
    /** What is talked about. What the policy says, where nothing is given. */
    agenda?: Array<string>;
}
/** A post-mortem is handed to others to look at. */
export interface SubmitPostmortemInput {
    kind: "submit_postmortem";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
}
/** Others have looked at a post-mortem. What they do not agree to is a draft again, also where it is published: so it
 * is put right. */
export interface ReviewPostmortemInput {
    kind: "review_postmortem";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** Whether they agree. */
    approved: boolean;
    /** What they say. */
    note?: string;
}
/** A post-mortem that others have agreed to is published. */
export interface PublishPostmortemInput {
    kind: "publish_postmortem";
    /** Which incident. */
    incident: IncidentId;
    /** Who. */
    by: string;
    /** Where it can be read. */
    link?: string;
}
/** Somebody says what is to be done. */
export interface AddActionInput {
    kind: "add_action";
    /** Which incident. */
    incident: IncidentId;
    /** What it is called from then on: a name that no other action of the incident has. */
    action: string;
    /** Who says so. */
    by: string;
    /** What is to be done. */
    text: string;
    /** Who does it: a person or a team of the policy. */
    owner?: string;
    /** The day by whose end it is to be done, in the policy's time zone. */
    due?: string;
}
/** Somebody says otherwise. What is left out stays as it was. Its owner and its date can be changed at any time, its
 * text until it is published. */
export interface ChangeActionInput {
    kind: "change_action";
    /** Which incident. */
    incident: IncidentId;
    /** Which action. */
    action: string;
    /** Who says so. */
    by: string;
    /** What is to be done. */
    text?: string;
    /** Who does it: a person or a team of the policy. */
    owner?: string;
    /** The day by whose end it is to be done, in the policy's time zone. */
    due?: string;
}
/** It is done. */
export interface FinishActionInput {
    kind: "finish_action";
    /** Which incident. */
    incident: IncidentId;
    /** Which action. */
    action: string;
    /** Who has done it, or says so. */
    by: string;
}
/** It is given up. */
export interface DropActionInput {
    kind: "drop_action";
    /** Which incident. */
    incident: IncidentId;
    /** Which action. */
    action: string;
    /** Who says so. */
    by: string;
    /** Why. */
    reason: string;
}
/** Somebody takes over on call for a while. */
export interface OverrideInput {
    kind: "override";
    /** What it is called when it is cancelled: a name that none in force has. */
    id: string;
    /** Of which role or schedule. */
    on: string;
    /** Who takes over. */
    person: string;
    /** In whose place, while they are on call; in everybody's otherwise. */
    replaces?: string;
    /** From when on; from now on otherwise. */
    from?: Instant;
    /** Up to when. */
    to: Instant;
    /** Who says so. */
    by: string;
    /** Why. */
    reason?: string;
}
/** Nobody takes over after all. */
export interface CancelOverrideInput {
    kind: "cancel_override";
    /** Which. */
    id: string;
    /** Who says so. */
    by: string;
}
/** Somebody is away for a while: their turns on call are passed over. */
export interface AbsenceInput {
    kind: "absence";
    /** What it is called when it is ended: a name that none in force has. */
    id: string;
    /** Who. */
    person: string;
    /** From when on; from now on otherwise. */
    from?: Instant;
    /** Up to when. */
    to: Instant;
    /** Who says so. */
    by: string;
    /** Why. */
    reason?: string;
}
/** They are back, or do not go away after all. */
export interface EndAbsenceInput {
    kind: "end_absence";
    /** Which. */
    id: string;
    /** Who says so. */
    by: string;
}
/** Nobody is told of what opens and matches, for a while: planned work. Incidents open and clocks run; what still is
 * open at the end is told then. The worst severity is never hidden, unless the policy's `silencing` names it; what
 * was open before goes on. */
export interface SilenceInput {
    kind: "silence";
    /** What it is called when it is ended: a name that none in force has. */
    id: string;
    /** What is meant: at least one value that is not empty. */
    matchers: Matchers;
    /** Whose it is. */
    by: string;
    /** Why. */
    reason: string;
    /** From when on; from now on otherwise. */
    from?: Instant;
    /** Up to when. */
    to: Instant;
}
/** A silence ends before its time; what it hid and still is open is told. */
export interface EndSilenceInput {
    kind: "end_silence";
    /** Which. */
    id: string;
    /** Who says so. */
    by: string;
}
/** Somebody has gone through one point of a hand-off. */
export interface TickHandoffInput {
    kind: "tick_handoff";
    /** Which hand-off. */
    handoff: string;
    /** Which point. */
    point: string;
    /** Who. */
    by: string;
}
/** Somebody has gone through all that is left of a hand-off. */
export interface ConfirmHandoffInput {
    kind: "confirm_handoff";
    /** Which hand-off. */
    handoff: string;
    /** Who. */
    by: string;
}
/** The host says how an effect went. */
export interface ReportInput {
    kind: "report";
    /** Which effect. */
    effect: EffectId;
    /** How it went. */
    outcome: Outcome;
    /** What the transport said, where it failed. */
    detail?: string;
    /** The name that a channel was opened under, where it is not the one that was asked for. */
    openedAs?: string;
}
/** Time has passed; whatever is due is done. */
export interface TickInput {
    kind: "tick";
}
/** One thing that happened, to be applied at an instant.
 *
 * `by` is whoever acts: a person of the policy, or any name the host knows. */
export type Input = AlertInput | DetectInput | VerifyInput | AcknowledgeInput | RespondInput | AssessInput | UpdateInput | PublicUpdateInput | DeclareInput | EscalateInput | SetSeverityInput | PauseInput | ResumeInput | SnoozeInput | CheckItemInput | UncheckItemInput | AssignRoleInput | VacateRoleInput | ResolveInput | FalseAlarmInput | MergeInput | SplitInput | LinkInput | UnlinkInput | RequirePostmortemInput | WaivePostmortemInput | WritePostmortemInput | PlanMeetingInput | SubmitPostmortemInput | ReviewPostmortemInput | PublishPostmortemInput | AddActionInput | ChangeActionInput | FinishActionInput | DropActionInput | OverrideInput | CancelOverrideInput | AbsenceInput | EndAbsenceInput | SilenceInput | EndSilenceInput | TickHandoffInput | ConfirmHandoffInput | ReportInput | TickInput;
/** What every effect says. */
export interface EffectBase {
    /** Stable, unique, the same on every replay. */
    id: EffectId;
    /** The instant it was due, which a late host sees in the past. */
    at: Date;
    /** The incident it belongs to; none, where it belongs to a hand-off. */
    incident?: IncidentId;
    /** The incident's severity at that instant. */
    severity?: string;
    /** Why it exists. */
    cause: Cause;
}
/** Tell somebody. The body can be delivered as it is. */
export interface NotifyEffect extends EffectBase, Notification {
    kind: "notify";
}
/** Open a channel for this incident, `#incident-panic-button-20261124`. */
export interface OpenChannelEffect extends EffectBase {
    kind: "open_channel";
    /** On which medium: `slack`. */
    channel: string;
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
    /** The heading: the service and the issue. */
    subject: string;
    /** How far the work is. */
    status: PublicStatus;
    /** What the public is told, whole: how far the work is, since when, the impact, the latest update and those
     * before it. */
    text: string;
}
/** A clock has passed a fraction of its target. */
export interface WarningEffect extends EffectBase {
    kind: "warning";
    /** Which clock. */
    clock: ClockKind;
    /** The fraction, in per cent. */
    percent: number;
    /** When it will be breached. */
    deadline: Date;
}
/** A clock has missed its target. Emitted once a target. */
export interface BreachEffect extends EffectBase {
    kind: "breach";
    /** Which clock. */
    clock: ClockKind;
    /** What was promised. */
    target: Target;
    /** When it ran out. Earlier than `at` only where a change of severity shortened the target. */
    deadline: Date;
}
/** Nobody could be found to tell. The last resort has been told in the same step. */
export interface NoResponderEffect extends EffectBase {
    kind: "no_responder";
    /** What was tried. */
    reason: string;
}
/** An on-call role is handed over. Those who go off and those who come on are told in the same step. */
export interface HandoffEffect extends EffectBase {
    kind: "handoff";
    /** Its name, for what is ticked off. */
    handoff: string;
    /** The role. */
    role: string;
    /** Who goes off. */
    from: Array<string>;
    /** Who comes on; nobody, where a gap begins. */
    to: Array<string>;
    /** What is to be gone through. */
    points: Array<PointDocument>;
    /** The incidents that are open. */
    ongoing: Array<OngoingIncident>;
}
/** The policy itself failed: a condition raised an error, or nothing ends a promise any more, since no release is
 * planned or its calendar never opens again. The safe reading was taken. */
export interface PolicyFaultEffect extends EffectBase {
    kind: "policy_fault";
    /** The entry at fault, as a path in the policy. */
    entry: string;
    /** What went wrong. */
    error: string;
}
/** The incident is over, and the policy asks for a post-mortem. Emitted once for an incident. */
export interface PostmortemRequiredEffect extends EffectBase {
    kind: "postmortem_required";
    /** The condition that asks for it. */
    rule: string;
    /** How long the incident lasted. */
    duration: Duration;
}
/** A post-mortem is published: the host posts the document. Those whom the policy's `publish_to` names are told. */
export interface PostmortemPublishedEffect extends EffectBase {
    kind: "postmortem_published";
    /** Who published it. */
    by: string;
    /** Where it can be read. */
    link?: string;
}
/** A role of the incident that must be held is vacant. Those whom the policy names are told in the same step. */
export interface RoleVacantEffect extends EffectBase {
    kind: "role_vacant";
    /** Which. */
    role: string;
    /** Since when. */
    since: Date;
}
/** The host was away for long; this many repeats were counted instead of sent. */
export interface CoalescedEffect extends EffectBase {
    kind: "coalesced";
    /** What would have repeated. */
    trigger: Trigger;
    /** How many were skipped. */
    skipped: number;
}
/** One thing for the host to do or to record. */
export type Effect = NotifyEffect | OpenChannelEffect | StatusPageEffect | WarningEffect | BreachEffect | NoResponderEffect | HandoffEffect | PolicyFaultEffect | PostmortemRequiredEffect | PostmortemPublishedEffect | RoleVacantEffect | CoalescedEffect;
/** What every decision says. */
export interface DecisionBase {
    /** The instant it holds for. */
    at: Date;
    /** The incident it is about, if it is about one. */
    incident?: IncidentId;
}
/** The host handed in an instant before the last one; the input counts at the engine's time. */
export interface ClockRegressionDecision extends DecisionBase {
    verdict: "clock_regression";
    /** What was handed in. */
    given: Date;
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
    verdict: "opened";
    /** What the incident is grouped by. */
    key: string;
    /** Its severity. */
    severity: string;
}
/** An alert joined an open incident. */
export interface JoinedDecision extends DecisionBase {
    verdict: "joined";
    /** The alert. */
    alert: string;
    /** How many of the incident's alerts fire now. */
    firing: number;
}
/** The same alert fires again; nothing changed. */
export interface RepeatedDecision extends DecisionBase {
    verdict: "repeated";
    /** The alert. */
    alert: string;
}
/** An alert of the incident is resolved. */
export interface AlertResolvedDecision extends DecisionBase {
    verdict: "alert_resolved";
    /** The alert. */
    alert: string;
    /** How many of the incident's alerts still fire. */
    firing: number;
}
/** A resolved alert that no open incident knows. */
export interface UnknownAlertDecision extends DecisionBase {
    verdict: "unknown_alert";
    /** The alert. */
    alert: string;
}
/** Somebody has found out more of the impact. */
export interface AssessedDecision extends DecisionBase {
    verdict: "assessed";
    /** Who. */
    by: string;
    /** What they have found. */
    impact: Impact;
}
/** The incident is over, and no rule of the policy asks for a post-mortem. */
export interface PostmortemNotRequiredDecision extends DecisionBase {
    verdict: "postmortem_not_required";
}
/** A post-mortem went on. */
export interface PostmortemMovedDecision extends DecisionBase {
    verdict: "postmortem_moved";
    /** What happened to it. */
    event: PostmortemEvent;
    /** Its status before. */
    was: PostmortemStatus;
    /** Its status after. */
    status: PostmortemStatus;
    /** Who. */
    by: string;
}
/** What was to happen to a post-mortem changes nothing. */
export interface PostmortemIgnoredDecision extends DecisionBase {
    verdict: "postmortem_ignored";
    /** What was to happen. */
    event: PostmortemEvent;
    /** Its status. */
    status: PostmortemStatus;
    /** Why. */
    reason: string;
}
/** Parts of a post-mortem were written. */
export interface PostmortemWrittenDecision extends DecisionBase {
    verdict: "postmortem_written";
    /** Who. */
    by: string;
    /** Which. */
    parts: Array<PostmortemPart>;
}
/** Somebody else sees to the post-mortem. */
export interface PostmortemOwnedDecision extends DecisionBase {
    verdict: "postmortem_owned";
    /** Who. */
    owner: string;
    /** Who says so. */
    by: string;
}
/** The meeting about a post-mortem is planned. */
export interface MeetingPlannedDecision extends DecisionBase {
    verdict: "meeting_planned";
    /** Who. */
    by: string;
    /** When those concerned meet. */
    meeting: Date;
    /** Who is asked to come. */
    attendees: Array<string>;
}
/** Something is to be done. */
export interface ActionAddedDecision extends DecisionBase {
    verdict: "action_added";
    /** What it is called. */
    action: string;
    /** Who says so. */
    by: string;
}
/** It has another text, owner or date. */
export interface ActionChangedDecision extends DecisionBase {
    verdict: "action_changed";
    /** What it is called. */
    action: string;
    /** Who says so. */
    by: string;
}
/** It is done. */
export interface ActionFinishedDecision extends DecisionBase {
    verdict: "action_finished";
    /** What it is called. */
    action: string;
    /** Who says so. */
    by: string;
}
/** It is given up. */
export interface ActionDroppedDecision extends DecisionBase {
    verdict: "action_dropped";
    /** What it is called. */
    action: string;
    /** Who says so. */
    by: string;
}
/** A post-mortem that nobody finished is kept no longer. */
export interface PostmortemGivenUpDecision extends DecisionBase {
    verdict: "postmortem_given_up";
    /** How far it was. */
    status: PostmortemStatus;
    /** How much of what it asks for is not done. */
    openActions: number;
}
/** A later alert was classified lower; the severity stays, since only a person lowers it. */
export interface SeverityKeptDecision extends DecisionBase {
    verdict: "severity_kept";
    /** What it stays at. */
    severity: string;
    /** What the alert was classified as. */
    classified: string;
}
/** The severity changed. */
export interface SeverityChangedDecision extends DecisionBase {
    verdict: "severity_changed";
    /** What it was. */
    from: string;
    /** What it is. */
    to: string;
    /** Who or what changed it. */
    by: string;
    /** Why, where somebody said it. */
    reason?: string;
}
/** The state machine took an event. */
export interface TransitionDecision extends DecisionBase {
    verdict: "transition";
    /** The event. */
    event: Event;
    /** The state before. */
    from: State;
    /** The state after. */
    to: State;
    /** Who. */
    by?: string;
}
/** The event changes nothing in this state. */
export interface IgnoredDecision extends DecisionBase {
    verdict: "ignored";
    /** The event. */
    event: Event;
    /** The state. */
    state: State;
    /** Why. */
    reason: string;
}
/** The incident was declared. */
export interface DeclaredDecision extends DecisionBase {
    verdict: "declared";
    /** Who, or the policy. */
    by: string;
}
/** The incident had been declared before. */
export interface AlreadyDeclaredDecision extends DecisionBase {
    verdict: "already_declared";
}
/** A clock started. */
export interface ClockStartedDecision extends DecisionBase {
    verdict: "clock_started";
    /** Which. */
    clock: ClockKind;
    /** When it will be breached; none for best effort. */
    deadline?: Date;
}
/** A clock stopped in time. */
export interface ClockMetDecision extends DecisionBase {
    verdict: "clock_met";
    /** Which. */
    clock: ClockKind;
    /** The time it took, without the time that it stood still. */
    elapsed: Duration;
    /** The part of it inside the calendar of its target, or the policy's only one. */
    businessElapsed?: Duration;
}
/** A clock stopped too late. */
export interface ClockLateDecision extends DecisionBase {
    verdict: "clock_late";
    /** Which. */
    clock: ClockKind;
    /** The time it took, without the time that it stood still. */
    elapsed: Duration;
    /** The part of it inside the calendar of its target, or the policy's only one. */
    businessElapsed?: Duration;
}
/** The clocks that the policy lets stop stand still. */
export interface PausedDecision extends DecisionBase {
    verdict: "paused";
    /** Who. */
    by: string;
    /** When they go on by themselves. */
    until: Date;
    /** Which stand still. */
    clocks: Array<ClockKind>;
    /** Why, where somebody said it. */
    reason?: string;
}
/** The clocks go on. */
export interface ResumedDecision extends DecisionBase {
    verdict: "resumed";
    /** Who, or `policy` where the time was up. */
    by: string;
    /** Which go on. */
    clocks: Array<ClockKind>;
}
/** A clock was cancelled without being met. */
export interface ClockCancelledDecision extends DecisionBase {
    verdict: "clock_cancelled";
    /** Which. */
    clock: ClockKind;
}
/** A clock has a new target. */
export interface ClockRetargetedDecision extends DecisionBase {
    verdict: "clock_retargeted";
    /** Which. */
    clock: ClockKind;
    /** Its new deadline. */
    deadline?: Date;
}
/** An escalation level was told. */
export interface LevelNotifiedDecision extends DecisionBase {
    verdict: "level_notified";
    /** The level. */
    level: string;
    /** Who was told. */
    to: Array<string>;
}
/** An escalation level was passed over. */
export interface LevelSkippedDecision extends DecisionBase {
    verdict: "level_skipped";
    /** The level. */
    level: string;
    /** Why. */
    reason: string;
}
/** The level's condition does not hold yet. */
export interface LevelWaitingDecision extends DecisionBase {
    verdict: "level_waiting";
    /** The level. */
    level: string;
    /** When it is asked again at the latest, if time alone can change it. */
    until?: Date;
}
/** The path starts again. */
export interface PathRestartedDecision extends DecisionBase {
    verdict: "path_restarted";
    /** Why. */
    trigger: Trigger;
}
/** The incident was put off. */
export interface SnoozedDecision extends DecisionBase {
    verdict: "snoozed";
    /** Who. */
    by: string;
    /** When it pages whoever is on call then. */
    until: Date;
    /** Why, where somebody said it. */
    reason?: string;
}
/** The incident is no longer put off. */
export interface SnoozeEndedDecision extends DecisionBase {
    verdict: "snooze_ended";
    /** Who or what ended it; `policy` where the time was up. */
    by: string;
}
/** A silence is in force or ahead. */
export interface SilenceSetDecision extends DecisionBase {
    verdict: "silence_set";
    /** Its name. */
    id: string;
    /** From when on. */
    from: Date;
    /** Up to when. */
    to: Date;
    /** Whose it is. */
    by: string;
}
/** A silence was ended before its time. */
export interface SilenceEndedDecision extends DecisionBase {
    verdict: "silence_ended";
    /** Its name. */
    id: string;
    /** Who says so. */
    by: string;
}
/** The incident is open, and nobody is told until the silence ends. */
export interface SuppressedDecision extends DecisionBase {
    verdict: "suppressed";
    /** The silence. */
    silence: string;
    /** When it ends. */
    until: Date;
}
/** The incident is open, and nobody is told while another hides it, or until its time is up. */
export interface InhibitedDecision extends DecisionBase {
    verdict: "inhibited";
    /** The inhibition, as the policy names it. */
    inhibition: string;
    /** The incident that hides it. */
    source: IncidentId;
    /** When its time is up. */
    until: Date;
    /** Why nobody needs to be told. */
    reason: string;
}
/** The incident is open, and people are told when more alerts have had time to join; unless it is over by then. */
export interface SuspendedDecision extends DecisionBase {
    verdict: "suspended";
    /** When. */
    until: Date;
}
/** Nothing keeps people from being told any more. */
export interface UnmutedDecision extends DecisionBase {
    verdict: "unmuted";
}
/** What people would have been told is not said, since the incident is snoozed, suppressed or suspended. */
export interface UntoldDecision extends DecisionBase {
    verdict: "untold";
    /** What it was. */
    trigger: Trigger;
}
/** A message waits for the hours in which people are told. */
export interface HeldDecision extends DecisionBase {
    verdict: "held";
    /** The entry, as a path in the policy. */
    entry: string;
    /** When it goes out, if it still matters. */
    until: Date;
}
/** The hours have come, and what was held goes out. */
export interface ReleasedDecision extends DecisionBase {
    verdict: "released";
    /** The entry, as a path in the policy. */
    entry: string;
    /** Since when it was held. */
    since: Date;
}
/** A message that was held, or came outside its hours, does not go out. */
export interface DroppedDecision extends DecisionBase {
    verdict: "dropped";
    /** The entry, as a path in the policy. */
    entry: string;
    /** Why. */
    reason: string;
}
/** A route told nobody, since it told of the incident not long ago. */
export interface ThrottledDecision extends DecisionBase {
    verdict: "throttled";
    /** The entry, as a path in the policy. */
    entry: string;
    /** When it tells of it again. */
    until: Date;
}
/** A route of the policy led to nobody. */
export interface RouteEmptyDecision extends DecisionBase {
    verdict: "route_empty";
    /** The entry, as a path in the policy. */
    entry: string;
    /** Why. */
    reason: string;
}
/** The condition of a route does not hold. */
export interface RouteClosedDecision extends DecisionBase {
    verdict: "route_closed";
    /** The entry, as a path in the policy. */
    entry: string;
}
/** The same address is told by another entry in the same step already. */
export interface MergedNotificationDecision extends DecisionBase {
    verdict: "merged_notification";
    /** The entry, as a path in the policy. */
    entry: string;
    /** The effect that carries it. */
    into: EffectId;
}
/** Somebody takes over on call for a while. */
export interface OverrideSetDecision extends DecisionBase {
    verdict: "override_set";
    /** Its name. */
    id: string;
    /** Of which role or schedule. */
    on: string;
    /** Who takes over. */
    person: string;
    /** From when on. */
    from: Date;
    /** Up to when. */
    to: Date;
    /** Who says so. */
    by: string;
    /** As things stand, the same people are on call with it as without it. */
    changesNothing?: boolean;
}
/** Nobody takes over after all. */
export interface OverrideCancelledDecision extends DecisionBase {
    verdict: "override_cancelled";
    /** Its name. */
    id: string;
    /** Who says so. */
    by: string;
}
/** Somebody is away for a while. */
export interface AbsenceSetDecision extends DecisionBase {
    verdict: "absence_set";
    /** Its name. */
    id: string;
    /** Who. */
    person: string;
    /** From when on. */
    from: Date;
    /** Up to when. */
    to: Date;
    /** Who says so. */
    by: string;
}
/** Somebody is back, or does not go away after all. */
export interface AbsenceEndedDecision extends DecisionBase {
    verdict: "absence_ended";
    /** Its name. */
    id: string;
    /** Who. */
    person: string;
    /** Who says so. */
    by: string;
}
/** A hand-off that was not confirmed gave way to the next one. */
export interface HandoffSupersededDecision extends DecisionBase {
    verdict: "handoff_superseded";
    /** The one that gave way. */
    handoff: string;
    /** The next one. */
    by: string;
}
/** A point of a hand-off was ticked off. */
export interface HandoffTickedDecision extends DecisionBase {
    verdict: "handoff_ticked";
    /** The hand-off. */
    handoff: string;
    /** The point. */
    point: string;
    /** Who ticked it off. */
    by: string;
}
/** A point of a hand-off was ticked off again; nothing came of it. */
export interface HandoffTickedBeforeDecision extends DecisionBase {
    verdict: "handoff_ticked_before";
    /** The hand-off. */
    handoff: string;
    /** The point. */
    point: string;
    /** Who ticked it off again. */
    by: string;
}
/** Every point of a hand-off is ticked off. */
export interface HandoffConfirmedDecision extends DecisionBase {
    verdict: "handoff_confirmed";
    /** The hand-off. */
    handoff: string;
    /** Who ticked off the last one. */
    by: string;
    /** How long it took. */
    elapsed: Duration;
}
/** Somebody's turn on call was passed over when somebody was to be told. */
export interface PassedOverDecision extends DecisionBase {
    verdict: "passed_over";
    /** The role. */
    role: string;
    /** Whose turn it would have been. */
    person: string;
    /** Why it is not. */
    reason: string;
}
/** A delivery was confirmed. */
export interface DeliveredDecision extends DecisionBase {
    verdict: "delivered";
    /** The effect. */
    effect: EffectId;
}
/** A delivery failed. */
export interface DeliveryFailedDecision extends DecisionBase {
    verdict: "delivery_failed";
    /** The effect. */
    effect: EffectId;
    /** What the transport said. */
    detail: string;
    /** What was done about it. */
    next: string;
}
/** A report about an effect that is not awaited: reported before, replaced by a repeat, or never emitted. */
export interface UnexpectedReportDecision extends DecisionBase {
    verdict: "unexpected_report";
    /** The effect. */
    effect: EffectId;
}
/** A message of the policy could not be rendered; the built-in one was used. */
export interface MessageFallbackDecision extends DecisionBase {
    verdict: "message_fallback";
    /** The entry, as a path in the policy. */
    entry: string;
    /** What went wrong. */
    error: string;
}
/** Another policy is in force from here on. */
export interface PolicyChangedDecision extends DecisionBase {
    verdict: "policy_changed";
    /** The digest of the one before. */
    from: string;
    /** Its digest. */
    to: string;
}
/** The policy that was loaded is the one in force; nothing changed. */
export interface PolicyKeptDecision extends DecisionBase {
    verdict: "policy_kept";
    /** Its digest. */
    digest: string;
}
/** The role of a hand-off is no longer handed over; nobody waits for its points. */
export interface HandoffGivenUpDecision extends DecisionBase {
    verdict: "handoff_given_up";
    /** The hand-off. */
    handoff: string;
}
/** Somebody reported a problem through a source of the policy. */
export interface DetectedDecision extends DecisionBase {
    verdict: "detected";
    /** The source. */
    source: string;
    /** Who. */
    by: string;
}
/** The incident was reported by a source that has to be verified. */
export interface UnverifiedDecision extends DecisionBase {
    verdict: "unverified";
    /** The source. */
    source: string;
}
/** The incident is known to be one. */
export interface VerifiedDecision extends DecisionBase {
    verdict: "verified";
    /** Who has seen it, or `monitoring` where another source reports the same. */
    by: string;
    /** What they have seen. */
    note?: string;
}
/** An assessment gives the incident a severity. */
export interface TriagedDecision extends DecisionBase {
    verdict: "triaged";
    /** The rule, or `matrix`, as a path in the policy. */
    entry: string;
    /** The severity. It counts if it is worse than the one it has. */
    severity: string;
    /** Why. */
    because: string;
}
/** A point of the closing checklist was checked. */
export interface ItemCheckedDecision extends DecisionBase {
    verdict: "item_checked";
    /** The point. */
    item: string;
    /** Who. */
    by: string;
    /** What is still open. */
    open: Array<string>;
}
/** A point of the closing checklist is open again. */
export interface ItemUncheckedDecision extends DecisionBase {
    verdict: "item_unchecked";
    /** The point. */
    item: string;
    /** Who. */
    by: string;
    /** What is open. */
    open: Array<string>;
}
/** Monitoring no longer sees the problem, and the incident stays open, since points of its checklist are. */
export interface ChecklistOpenDecision extends DecisionBase {
    verdict: "checklist_open";
    /** The points. */
    open: Array<string>;
}
/** The incident was closed although points of its checklist were open, or without a final update. */
export interface ClosingOverriddenDecision extends DecisionBase {
    verdict: "closing_overridden";
    /** Who. */
    by: string;
    /** Why. */
    reason: string;
    /** The points that were open. */
    open: Array<string>;
    /** What is a part of it and was open. */
    children?: Array<IncidentId>;
}
/** The incident that has opened is a drill. */
export interface DrillDecision extends DecisionBase {
    verdict: "drill";
    /** Who or which entry of the policy says so. */
    because: string;
}
/** The incident ended as the same as another. */
export interface MergedDecision extends DecisionBase {
    verdict: "merged";
    /** What it goes on as. */
    into: IncidentId;
    /** Who said so. */
    by: string;
    /** Why. */
    reason?: string;
}
/** Another incident goes on as this one. */
export interface TookInDecision extends DecisionBase {
    verdict: "took_in";
    /** Which. */
    merged: IncidentId;
    /** When that began. */
    since: Date;
    /** Who said so. */
    by: string;
    /** Why. */
    reason?: string;
}
/** Somebody who works on it already was not paged for what was merged into it. */
export interface SparedDecision extends DecisionBase {
    verdict: "spared";
    /** The entry of the policy. */
    entry: string;
    /** Who. */
    person: string;
}
/** Some of its alerts became an incident of their own. */
export interface SplitOffDecision extends DecisionBase {
    verdict: "split_off";
    /** Which. */
    into: IncidentId;
    /** The alerts, by key. */
    alerts: Array<string>;
    /** Who said so. */
    by: string;
    /** Why. */
    reason?: string;
}
/** The incident was a part of another. */
export interface SplitFromDecision extends DecisionBase {
    verdict: "split_from";
    /** Which. */
    from: IncidentId;
    /** Who said so. */
    by: string;
    /** Why. */
    reason?: string;
}
/** The incident is a part of another. */
export interface LinkedDecision extends DecisionBase {
    verdict: "linked";
    /** Which. */
    parent: IncidentId;
    /** What it was a part of. */
    was?: IncidentId;
    /** Who said so. */
    by: string;
}
/** The incident is a part of another no more. */
export interface UnlinkedDecision extends DecisionBase {
    verdict: "unlinked";
    /** Which. */
    parent: IncidentId;
    /** Who said so. */
    by: string;
}
/** It does not end by itself, since what is a part of it is open. */
export interface ChildrenOpenDecision extends DecisionBase {
    verdict: "children_open";
    /** Which. */
    children: Array<IncidentId>;
}
/** Somebody said that it was a false alarm. */
export interface FalseAlarmDecision extends DecisionBase {
    verdict: "false_alarm";
    /** Who. */
    by: string;
    /** How they know. */
    reason: string;
}
/** The status on the public page went back. */
export interface PublicStatusBackDecision extends DecisionBase {
    verdict: "public_status_back";
    /** What it was. */
    from: PublicStatus;
    /** What it is. */
    to: PublicStatus;
    /** Who. */
    by: string;
    /** Why. */
    reason: string;
}
/** The public was told in words that are a part of somebody's name, too. */
export interface PublicNamesOverriddenDecision extends DecisionBase {
    verdict: "public_names_overridden";
    /** The words. */
    names: Array<string>;
    /** Who said it all the same. */
    by: string;
    /** Why. */
    reason: string;
}
/** The public was told in words that those inside use, too. */
export interface PublicWordsOverriddenDecision extends DecisionBase {
    verdict: "public_words_overridden";
    /** The words. */
    words: Array<string>;
    /** Who said it all the same. */
    by: string;
    /** Why. */
    reason: string;
}
/** A role of the incident was given to somebody. */
export interface RoleAssignedDecision extends DecisionBase {
    verdict: "role_assigned";
    /** The role. */
    role: string;
    /** Who holds it now. */
    person: string;
    /** Who held it before by name; nobody, or whom the policy names, otherwise. */
    from?: string;
    /** Who says so. */
    by: string;
}
/** A role of the incident was given up. */
export interface RoleVacatedDecision extends DecisionBase {
    verdict: "role_vacated";
    /** The role. */
    role: string;
    /** Who held it by name; whom the policy names, otherwise. */
    person?: string;
    /** Who says so. */
    by: string;
}
/** The incident's channel was opened under another name than what was asked for. */
export interface ChannelOpenedAsDecision extends DecisionBase {
    verdict: "channel_opened_as";
    /** The name that was asked for. */
    asked: string;
    /** The name that it has. */
    name: string;
}
/** A role of the incident has gone to somebody else by itself: a turn on call has begun, or somebody went away or
 * came back. */
export interface RoleMovedDecision extends DecisionBase {
    verdict: "role_moved";
    /** The role. */
    role: string;
    /** Who held it before; empty where nobody did. */
    from: Array<string>;
    /** Who holds it now; empty where nobody does. */
    to: Array<string>;
}
/** A resolved incident was forgotten, as the policy's retention says. */
export interface ForgottenDecision extends DecisionBase {
    verdict: "forgotten";
}
/** One step of reasoning, stamped with the instant it holds for. */
export type Decision = ClockRegressionDecision | NothingDueDecision | ClassifiedDecision | OpenedDecision | JoinedDecision | RepeatedDecision | AlertResolvedDecision | UnknownAlertDecision | AssessedDecision | PostmortemNotRequiredDecision | PostmortemMovedDecision | PostmortemIgnoredDecision | PostmortemWrittenDecision | PostmortemOwnedDecision | MeetingPlannedDecision | ActionAddedDecision | ActionChangedDecision | ActionFinishedDecision | ActionDroppedDecision | PostmortemGivenUpDecision | SeverityKeptDecision | SeverityChangedDecision | TransitionDecision | IgnoredDecision | DeclaredDecision | AlreadyDeclaredDecision | ClockStartedDecision | ClockMetDecision | ClockLateDecision | PausedDecision | ResumedDecision | ClockCancelledDecision | ClockRetargetedDecision | LevelNotifiedDecision | LevelSkippedDecision | LevelWaitingDecision | PathRestartedDecision | SnoozedDecision | SnoozeEndedDecision | SilenceSetDecision | SilenceEndedDecision | SuppressedDecision | InhibitedDecision | SuspendedDecision | UnmutedDecision | UntoldDecision | HeldDecision | ReleasedDecision | DroppedDecision | ThrottledDecision | RouteEmptyDecision | RouteClosedDecision | MergedNotificationDecision | OverrideSetDecision | OverrideCancelledDecision | AbsenceSetDecision | AbsenceEndedDecision | HandoffSupersededDecision | HandoffTickedDecision | HandoffTickedBeforeDecision | HandoffConfirmedDecision | PassedOverDecision | DeliveredDecision | DeliveryFailedDecision | UnexpectedReportDecision | MessageFallbackDecision | PolicyChangedDecision | PolicyKeptDecision | HandoffGivenUpDecision | DetectedDecision | UnverifiedDecision | VerifiedDecision | TriagedDecision | ItemCheckedDecision | ItemUncheckedDecision | ChecklistOpenDecision | ClosingOverriddenDecision | DrillDecision | MergedDecision | TookInDecision | SparedDecision | SplitOffDecision | SplitFromDecision | LinkedDecision | UnlinkedDecision | ChildrenOpenDecision | FalseAlarmDecision | PublicStatusBackDecision | PublicNamesOverriddenDecision | PublicWordsOverriddenDecision | RoleAssignedDecision | RoleVacatedDecision | ChannelOpenedAsDecision | RoleMovedDecision | ForgottenDecision;
/** A month beside the month before and what it was to be. */
export interface MonthlyReport {
    /** The policy's name. */
    policy: string;
    /** The month. */
    month: Month;
    /** The zone on whose calendar it is one. */
    zone: string;
    /** The end of the journal, at which all of this is known. */
    asOf: Date;
    /** Whether the journal tells of the whole month. */
    complete: boolean;
    /** Each target, and whether it was met. */
    targets: Array<Measured>;
    /** What the month came to. */
    metrics: Metrics;
    /** What the month before came to; none where the journal tells nothing of it. */
    before?: Metrics;
    /** The worst severity of the policy. */
    worstSeverity: string;
    /** The month's incidents of that severity, one by one. */
    worst: Array<Worst>;
}
/** A quarter, month by month, and what is to be learnt from it. */
export interface QuarterlyReview {
    /** The policy's name. */
    policy: string;
    /** The quarter. */
    quarter: Quarter;
    /** The zone on whose calendar it is one. */
    zone: string;
    /** The end of the journal, at which all of this is known. */
    asOf: Date;
    /** Whether the journal tells of the whole quarter. */
    complete: boolean;
    /** Its months. */
    months: Array<MonthFigures>;
    /** What the quarter came to. */
    metrics: Metrics;
    /** What came back, the most frequent first. */
    recurring: Array<Recurring>;
    /** What lay behind incidents, as their post-mortems say, the most frequent first. */
    causes: Array<CommonCause>;
    /** The incidents whose post-mortem names no kind of cause. */
    withoutCause: Array<IncidentId>;
    /** What could be better. */
    areas: Areas;
    /** The incidents of the quarter that are counted, by id: those that findings name. */
    incidents: Record<string, ReviewedIncident>;
}
/** What a journal tells of one incident. */
export interface Account {
    /** The incident as it was when the journal last spoke of it. */
    incident: IncidentView;
    /** What is learnt from it, if that was asked for. */
    postmortem?: Postmortem;
    /** How long it was open in all, up to the end of the journal where it still is. */
    openFor: Duration;
    /** Who was the first to take it or to work on it, and when. */
    firstAnswer?: Deed;
    /** How often it opened again. */
    reopened: number;
    /** When it was open, with its severity, in order. */
    stretches: Array<Stretch>;
    /** What was promised, clock by clock, in the order of starting. */
    promises: Array<Promised>;
    /** Who was called, page by page, and until when, in order. */
    calls: Array<Call>;
    /** What happened, in order, as people read it. */
    timeline: Array<TimelineEvent>;
}
/** One hand-off of an on-call role. */
export interface Handoff {
    /** Its name: the role, the local date and a count, `handoff-primary-20261130-7`. */
    id: string;
    /** The role that is handed over. */
    role: string;
    /** When. */
    at: Date;
    /** Who goes off. */
    from: Array<string>;
    /** Who comes on; nobody, where a gap begins. */
    to: Array<string>;
    /** The points that are ticked off, by whom and when. */
    ticked: Record<string, Deed>;
    /** When the last point was ticked off. */
    confirmedAt?: Date;
}
/** One thing that a monitoring system, or a person, says is wrong. */
export type Alert = Omit<AlertInput, "kind">;

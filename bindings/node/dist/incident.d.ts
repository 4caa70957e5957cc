import type { ClockKind, Deed, Duration, PostmortemStatus, PublicStatus, State } from "./data";
import type { OnCall } from "./oncall";
/** One promise of an incident, and what came of it. */
export interface Clock {
    /** What was promised: `5m`, `next business day`, … */
    target: Duration;
    /** When it began. */
    startedAt: Date;
    /** When it runs out; none where it never does. */
    deadline?: Date;
    /** When it was missed. */
    breachedAt?: Date;
    /** Since when it stands still. */
    pausedAt?: Date;
    /** How it ended: done in time or late, or cancelled. */
    stopped?: {
        done: Date;
    } | {
        cancelled: Date;
    };
}
/** An incident: what is wrong, where it stands, what has been promised, and who has been told. */
export interface Incident {
    /** Its name: `panic-button-20261124-k3f9q2`. */
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
    acknowledged?: Deed;
    /** Who began to work on it. */
    responded?: Deed;
    /** Who declared it. */
    declared?: Deed;
    /** Who resolved it. */
    resolved?: Deed;
    /** The last word of whoever ended it: the final update, or how they know that it was a false alarm. */
    finalUpdate?: string;
    /** Whether it is a drill. */
    drill: boolean;
    /** Whether it ended as a false alarm. */
    falseAlarm: boolean;
    /** The incident that it was merged into. */
    mergedInto?: string;
    /** The incident that it was split from. */
    splitFrom?: string;
    /** The incident that it is a part of. */
    parent?: string;
    /** The incidents that are a part of it. */
    children: string[];
    /** Why its clocks stand still. */
    paused?: Deed & {
        until: Date;
        reason?: string;
    };
    /** Until when it is snoozed, or people are kept from being told of it. */
    quietUntil?: Date;
    /** Whether it is known to be one: verified, or from a source that needs no verifying. */
    verified: boolean;
    /** The points of the closing checklist that are checked. */
    checked: string[];
    /** Who was named for which role. */
    roles: Record<string, string>;
    /** How far the work is, as the public was told. */
    publicStatus?: PublicStatus;
    /** How far its post-mortem is, if one was asked for. */
    postmortem?: PostmortemStatus;
    /** Who sees to that. */
    postmortemOwner?: string;
    /** How much of what that asks for is still to be done. */
    openActions: number;
    /** How many of its alerts fire. */
    firing: number;
    /** Its alerts by key. */
    alerts: Record<string, "firing" | "resolved">;
    /** How many of its effects await their report. */
    pending: number;
    /** The channel that was opened for it. */
    channel?: string;
    /** Everybody who was paged for it. */
    told: string[];
    /** Its promises. */
    clocks: Partial<Record<ClockKind, Clock>>;
}
/** Who is on call, by which layer, and who was passed over. */
export interface Duty {
    /** Who is. */
    onCall: OnCall;
    /** The layer of the schedule that says so. */
    layer?: string;
    /** Who would be, and why they are not. */
    passedOver: Array<{
        person: string;
        reason: string;
    }>;
    /** Up to when this holds. */
    until?: Date;
}

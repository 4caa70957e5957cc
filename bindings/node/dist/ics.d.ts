import { type Diagnostic } from "./error";
import { type Policy } from "./policy";
/** A shift of a calendar. */
export interface Turn {
    /** When it begins. */
    from: Date;
    /** When it ends; at that instant it is over. */
    to: Date;
    /** Who, by their ids in the policy, the first choice first. */
    people: string[];
}
/** People who take turns without an end, each for the same number of days. */
export interface Rotation {
    /** The zone on whose clocks a hand-off keeps its time of day. */
    zone: string;
    /** What those clocks show at the first hand-off: `2026-03-02T09:00:00`. */
    start: string;
    /** The days of one turn. */
    days: number;
    /** Whose turn it is, in order. */
    people: string[];
}
/** How a calendar is read. */
export interface CalendarOptions {
    /** Which zone its times are in where it does not say. */
    zone?: string;
    /** The last day on which something may begin, `2026-12-31`. Without it endless series go on for some years. */
    until?: string;
    /** What diagnostics call it; `calendar.ics` unless given. */
    name?: string;
}
/** How a calendar of turns is read. */
export interface RotaOptions extends CalendarOptions {
    /** Whom the calendar means where it calls them otherwise: `{ "Ana R.": "ana" }`; null for what is nobody, such as a lunch. */
    people?: Record<string, string | null>;
}
/** A holiday, or several days in a row. */
export interface Holiday {
    /** The first day, `2026-12-25`. */
    first: string;
    /** The last day. */
    last: string;
    /** What it is called. */
    name: string;
}
/**
 * Who is on call by a calendar. A policy can name such a file itself (`schedules: { platform: { ics: platform.ics } }`); this
 * is for programs that fetch calendars, or move the turns of another tool into a policy.
 *
 * ```js
 * const rota = new ics.Rota(exported, policy, { people: { "Ana R.": "ana", "Team lunch": null } });
 * console.log(rota.toYaml("platform"));
 * ```
 */
export declare class Rota {
    #private;
    /** The rotation that it comes to, where its series take turns without an end or an exception. */
    readonly rotation?: Rotation;
    /** The zone in which its schedule is best kept: where it turns, if it is a rotation. */
    readonly zone?: string;
    /** Its shifts until the horizon, in order, apart from each other. Between them nobody is on call. */
    readonly shifts: Turn[];
    /** The last day on which a shift can begin. */
    readonly until: string;
    /** What can be read, but likely does not mean what its author thinks. */
    readonly warnings: Diagnostic[];
    /**
     * Reads a calendar for the people of a policy, who are found by their ids, names and addresses.
     *
     * @throws {KentonganError} with everything wrong with it in `diagnostics`; `unknown_timezone`, `unknown_person`
     */
    constructor(calendar: Uint8Array | string, policy: Policy, options?: RotaOptions);
    /**
     * The layer of a schedule that it comes to, in a policy's own names, for `Policy.fromObject`.
     *
     * @param zone the zone of the schedule: a rotation is one in its own zone alone, and shifts in another
     */
    layer(name: string, zone: string): Record<string, unknown>;
    /** The section of a policy for it, as YAML that a person pastes. */
    toYaml(schedule: string): string;
}
/**
 * Reads the holidays of a calendar: its events of whole days.
 *
 * @throws {KentonganError} with everything wrong with it in `diagnostics`; `unknown_timezone`
 */
export declare function holidays(calendar: Uint8Array | string, options?: CalendarOptions): {
    days: Holiday[];
    warnings: Diagnostic[];
};

import { timeZoneDataVersion } from "../native";
import type { Instant } from "./data";
import { type Policy } from "./policy";
export { timeZoneDataVersion };
/** A length of time as it may be handed in: milliseconds, a hundred years of them at most, or text such as `1h30m`. */
export type Length = number | string;
/** The hours, holidays and other days of a policy's calendar, and arithmetic over its working time; see `Policy.calendar`. */
export declare class Calendar {
    #private;
    /** What the policy calls it. */
    readonly name: string;
    /** The zone of its hours: `Asia/Jakarta`. */
    readonly zone: string;
    /** Its hours of the week, as people read them. */
    readonly hours: string;
    /** @throws {KentonganError} `unknown_calendar` */
    constructor(policy: Policy, name: string);
    /** Whether an instant is working time. */
    isOpen(at: Instant): boolean;
    /** Whether it is open at any instant from another one on, in the years that the engine keeps. */
    opensFrom(at: Instant): boolean;
    /**
     * The first instant of working time at or after another: itself, while it is open. Of a calendar that never opens again it
     * is the end of the years that the engine keeps; `opensFrom` tells.
     */
    nextOpening(at: Instant): Date;
    /** The end of the stretch of working time that `nextOpening` lies in. */
    nextClosing(at: Instant): Date;
    /** The next holiday on or after an instant's own day, within a year: its day, `2026-12-25`, and its name. */
    nextHoliday(at: Instant): {
        day: string;
        name: string;
    } | undefined;
    /** The instant by which so much working time has passed. */
    add(at: Instant, length: Length): Date;
    /** The latest instant from which so much working time leads to another. */
    subtract(at: Instant, length: Length): Date;
    /** The working time between two instants, in milliseconds; none where the end is not later. */
    elapsed(from: Instant, to: Instant): number;
    /** When a later day that is worked closes for the last time: so many worked days after an instant's own. */
    closeOfBusinessDay(at: Instant, days?: number): Date;
}

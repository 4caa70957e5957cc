import type { Instant } from "./data";
import { Coverage, type OnCall, type Shift } from "./oncall";
import { type Policy } from "./policy";
/**
 * Who takes turns, and when; see `Policy.schedule`. It is what the policy says: rotations, swaps, days off and the overrides
 * that are written there. Who takes over or is away at run time, and which role it stands for, an engine knows.
 */
export declare class Schedule {
    #private;
    /** What the policy calls it. */
    readonly name: string;
    /** The zone of its people. */
    readonly zone: string;
    /** @throws {KentonganError} `unknown_schedule` */
    constructor(policy: Policy, name: string);
    /** Who is on call at an instant. */
    who(at: Instant): OnCall;
    /** The shifts between two instants, in order, gaps among them; they tile the time between. */
    shifts(from: Instant, to: Instant): Shift[];
    /** Who is on call between two instants, gaps included. */
    coverage(from: Instant, to: Instant): Coverage;
    /** The next instant at which `who` answers otherwise. */
    nextChange(after: Instant): Date | undefined;
    /** Who looks over the shoulder of those on call at an instant, and is not paged. */
    shadows(at: Instant): string[];
    /** When somebody looks over the shoulder of those on call, between two instants. */
    shadowShifts(from: Instant, to: Instant): Shift[];
}

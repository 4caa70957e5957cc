/**
 * Who is on call, the first choice first; or nobody, and why. A role that the policy does not have is such a gap, whose reason says
 * which may be meant, and no error: whoever asks in the night, maybe after a reload that gave the role another name, has an answer.
 */
export type OnCall = {
    people: string[];
} | {
    gap: {
        reason: string;
    };
};
/** A stretch of time, from one instant up to another, in which the same people are on call, or nobody is. */
export interface Shift {
    /** When it begins. */
    from: Date;
    /** When it ends. */
    to: Date;
    /** Who is on call, or why nobody is. */
    onCall: OnCall;
}
/**
 * Who is on call over a stretch of time: shifts that tile it, without a hole and without an overlap.
 *
 * ```js
 * const { isWhole, gaps } = policy.coverage("primary", from, to);
 * if (!isWhole) console.error(`nobody is on call from ${gaps[0].from.toISOString()}`);
 * ```
 */
export declare class Coverage {
    /** The shifts, in order; neighbours differ. */
    readonly shifts: Shift[];
    /** One of its plain data, as JSON and other threads have it. */
    constructor(coverage: {
        shifts: Shift[];
    });
    /** The stretches in which nobody is on call. */
    get gaps(): Shift[];
    /** Whether somebody is on call all the time. */
    get isWhole(): boolean;
    /** How long nobody is on call, in milliseconds. */
    get uncovered(): number;
    /** How long each person is on call, in milliseconds. */
    byPerson(): Record<string, number>;
}

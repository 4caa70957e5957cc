import type { Instant } from "../data";
/** Where a host takes its time from. Tests give a `ManualClock`. */
export interface HostClock {
    /** Milliseconds since 1970. */
    now(): number;
    /** Calls back after so many milliseconds, at most 2^31 - 1; gives what cancels it. */
    after(millis: number, callback: () => void): () => void;
}
/** The machine's clock. */
export declare const systemClock: HostClock;
/**
 * A clock that stands still until it is set, so that tests of a host take no time.
 *
 * ```js
 * const clock = new ManualClock("2026-11-24T02:00:00Z");
 * const host = await createHost({ policy, store: memoryStore(), deliver, clock });
 * clock.advance(10 * 60_000);
 * await host.idle();
 * ```
 */
export declare class ManualClock implements HostClock {
    #private;
    constructor(at: Instant);
    now(): number;
    after(millis: number, callback: () => void): () => void;
    /** Sets it to an instant, and rings what is due by then, the earliest first. */
    set(at: Instant): void;
    /** Sets it so many milliseconds later; for the other way there is `set`. */
    advance(millis: number): void;
}

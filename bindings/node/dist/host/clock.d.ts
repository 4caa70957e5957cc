/** Where a host takes its time from. Tests give one of their own. */
export interface HostClock {
    /** Milliseconds since 1970. */
    now(): number;
    /** Calls back after so many milliseconds, at most 2^31 - 1; gives what cancels it. */
    after(millis: number, callback: () => void): () => void;
}
/** The machine's clock. */
export declare const systemClock: HostClock;

import { NativeEngine } from "../native";
import type { Clock, Incident, Duty } from "./incident";
import type { Effect, Input, Instant } from "./data";
import type { Coverage, Policy } from "./policy";
import { type Step } from "./shapes";
export type { Clock, Duty, Incident };
/** Another policy takes over. */
export interface Reload {
    /** When. */
    at: Instant;
    /** The policy. */
    policy: Policy;
    /** What becomes of severities that have another name in it, old to new. */
    severities?: Record<string, string>;
}
/**
 * The incident engine: a state machine without clock, I/O or randomness. The same inputs at the same instants give the
 * same effects, byte for byte, in every language. For a program that has no host of its own, see `createHost`.
 *
 * ```js
 * const engine = new Engine(policy);
 * const { effects, wakeup } = await engine.apply(new Date(), { kind: "alert", key: "a1", service: "checkout" });
 * ```
 *
 * What can take long is a promise and runs on another thread, one call after the other in the order in which they were
 * made, and gives its result in parts: no call keeps the event loop for long, however many incidents are open. Calls that
 * answer at once take some microseconds, but for `applySync` and `advanceSync`, which take as long as what is due takes.
 * While a promise is not settled they throw `busy` and have changed nothing.
 */
export declare class Engine {
    #private;
    constructor(policy: Policy, native?: NativeEngine);
    /** The policy in force. */
    get policy(): Policy;
    /**
     * Applies an input at an instant: what was due before it is done, then the input. Time never runs backwards: an
     * instant before the last one counts as the last one.
     *
     * @throws {KentonganError} the engine's refusal; then nothing has changed
     */
    apply(at: Instant, input: Input): Promise<Step>;
    /** Lets time pass: does whatever is due by then. */
    advance(at: Instant): Promise<Step>;
    /**
     * `apply` on this thread, which saves some thirty microseconds. A hundred thousand timers that are due take seconds in
     * which nothing else of the process happens: for scripts, tests, and engines with few incidents.
     */
    applySync(at: Instant, input: Input): Step;
    /** `advance` on this thread. */
    advanceSync(at: Instant): Step;
    /**
     * Moves everything that is open to another policy, whole or not at all. Running clocks get the new
     * targets from their original start, climbs go on on the path of the same name without telling anybody twice, and what
     * was met or missed stays so. The policy that is in force already changes nothing.
     *
     * @throws {KentonganError} `severity_gone`, `unknown_severity`; then the old policy is in force
     */
    reload({ at, policy, severities }: Reload): Promise<Step>;
    /** Rejects with what `reload` would reject with. A host asks before it writes to its journal. */
    checkReload({ at, policy, severities }: Reload): Promise<void>;
    /** Throws what `apply` would throw. A host asks before it writes to its journal. */
    check(at: Instant, input: Input): void;
    /** The earliest instant at which anything is due. Before it, `advance` does nothing. */
    get wakeup(): Date | undefined;
    /** The engine's time: the latest instant handed in. */
    get now(): Date | undefined;
    /**
     * Every incident it remembers, by id: the open ones, and the resolved ones until they are forgotten. A hundred are
     * looked up at a time.
     *
     * @param after begins behind the incident of this id
     */
    incidents(after?: string): Generator<Incident, void, undefined>;
    /** One incident. */
    incident(id: string): Incident | undefined;
    /**
     * Every effect whose outcome has not been reported, in the order in which they were due: those of the moment at which the
     * first is asked for, whatever happens meanwhile.
     *
     * ```js
     * for await (const effect of engine.pending()) perform(effect);
     * ```
     */
    pending(): AsyncGenerator<Effect, void, undefined>;
    /** The whole state, as JSON in UTF-8. The same state gives the same bytes, in every language. */
    snapshot(): Promise<Buffer>;
    /**
     * An engine in the state of a snapshot. Bytes must not change until it is there.
     *
     * @throws {KentonganError} `other_policy`, `snapshot_too_new`, `unreadable_snapshot`
     */
    static restore(policy: Policy, snapshot: Uint8Array | string): Promise<Engine>;
    /**
     * An engine that has lived through a journal, and the effects that came of it.
     *
     * @param policy the policy that the first entry is lived through under
     * @param journal one `{"at": …, "input": …}` or `{"at": …, "reload": …}` a line, in the engine's own JSON; more fields
     *   are passed over
     * @param options `policies`: those that reloads move to, in any order
     * @throws {KentonganError} `invalid_value` with the line in `where`; `missing_policy`
     */
    static replay(policy: Policy, journal: Uint8Array | string, options?: {
        policies?: readonly Policy[];
    }): Promise<{
        engine: Engine;
        effects: Effect[];
    }>;
    /** Who is on call in a role at an instant, whom the engine would page then, and who was passed over. */
    who(role: string, at: Instant): Duty;
    /** Who is on call in a role between two instants. */
    coverage(role: string, from: Instant, to: Instant): Coverage;
    /** The next instant at which `who` answers otherwise. */
    nextChange(role: string, after: Instant): Date | undefined;
    /** What the engine promises of its own state, checked. Always empty, unless it has a defect. */
    audit(): Promise<string[]>;
}

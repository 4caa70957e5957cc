import type { Effect, Handoff, Input, Instant } from "./data";
import { type JournalSource } from "./entries";
import type { Duty, Incident } from "./incident";
import { Coverage, type OnCall, type Shift } from "./oncall";
import { type Policy } from "./policy";
import { type Reload, Running } from "./running";
import { type Step } from "./shapes";
/** What a journal comes to. */
export interface Replay {
    /** An engine that has lived through it. */
    engine: Engine;
    /** The effects that came of it, in order. */
    effects: Effect[];
    /**
     * The same as canonical JSON, one a line: what every language gives for the same journal, byte for byte, as `Run` has it. It is
     * put together when it is asked for.
     */
    readonly effectsJsonl: string;
    /** How many entries the engine refused. Only another policy or another release of the engine can cause that. */
    refused: number;
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
export declare class Engine extends Running {
    #private;
    constructor(policy: Policy);
    /**
     * `apply` on this thread, which saves some thirty microseconds. A hundred thousand timers that are due take seconds in
     * which nothing else of the process happens: for scripts, tests, and engines with few incidents.
     */
    applySync(at: Instant, input: Input): Step;
    /** `advance` on this thread. */
    advanceSync(at: Instant): Step;
    /** Rejects with what `reload` would reject with. A host asks before it writes to its journal. */
    checkReload(reload: Reload): Promise<void>;
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
    /** Who holds a role of an incident now; nobody where it was given up, or there is no such incident. */
    roleHolders(incident: string, role: string): string[];
    /** The latest hand-off of each on-call role. */
    handoffs(): Handoff[];
    /** Who is on call in a role at an instant: whom the engine would page then. */
    who(role: string, at: Instant): OnCall;
    /** Who is on call in a role at an instant, by which layer, and who was passed over. */
    duty(role: string, at: Instant): Duty;
    /** Who is next in line behind whoever is on call in a role. */
    nextInLine(role: string, at: Instant): OnCall;
    /** The next instant at which `who` answers otherwise. */
    nextChange(role: string, after: Instant): Date | undefined;
    /** Who is on call in a role between two instants, gaps included, overrides and absences counted. */
    coverage(role: string, from: Instant, to: Instant): Coverage;
    /** The shifts of a role between two instants, in order, gaps among them. */
    shifts(role: string, from: Instant, to: Instant): Shift[];
    /** When somebody looks over the shoulder of those on call in a role, between two instants. */
    shadowShifts(role: string, from: Instant, to: Instant): Shift[];
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
     * @param journal `{ at, input }` or `{ at, reload }` one after the other, the records of `Records` among them; or as text one
     *   a line, in the engine's own JSON. More fields are passed over
     * @param options `policies`: those that reloads move to, in any order
     * @throws {KentonganError} `invalid_value` with the line in `where`; `missing_policy`
     */
    static replay(policy: Policy, journal: JournalSource, options?: {
        policies?: readonly Policy[];
    }): Promise<Replay>;
    /** What the engine promises of its own state, checked. Always empty, unless it has a defect. */
    audit(): Promise<string[]>;
}

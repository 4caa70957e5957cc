import type { Effect, Input, Instant } from "./data";
import { type Document, type DocumentOptions } from "./document";
import { type Policy } from "./policy";
import { type Step } from "./shapes";
/** Another policy takes over. */
export interface Reload {
    /** When. */
    at: Instant;
    /** The policy. */
    policy: Policy;
    /** What becomes of severities that have another name in it, old to new. */
    severities?: Record<string, string>;
}
/** What a picture of shifts shows. */
export interface ShiftsOptions {
    /** Which roles, in their order; all of the policy otherwise. */
    roles?: readonly string[];
    /** An instant that is marked. */
    mark?: Instant;
}
/**
 * What an engine and a journal do alike: on another thread, one call after the other in the order in which they were made,
 * with results that come in parts. No call keeps the event loop for long, however many incidents are open.
 */
export declare abstract class Running {
    #private;
    /** The policy in force. */
    get policy(): Policy;
    /**
     * Applies an input at an instant: what was due before it is done, then the input. Time never runs backwards: an
     * instant before the last one counts as the last one. A journal has it on disk before anything comes of it.
     *
     * @throws {KentonganError} the engine's refusal, or that the journal cannot be written; then nothing has changed
     */
    apply(at: Instant, input: Input): Promise<Step>;
    /** Lets time pass: does whatever is due by then. In a journal, a call too early leaves no record. */
    advance(at: Instant): Promise<Step>;
    /**
     * Moves everything that is open to another policy, whole or not at all. Running clocks get the new
     * targets from their original start, climbs go on on the path of the same name without telling anybody twice, and what
     * was met or missed stays so. The policy that is in force already changes nothing. A journal's snapshot follows, from
     * where on the old policy is needed no more.
     *
     * @throws {KentonganError} `severity_gone`, `unknown_severity`, or that the journal cannot be written; then the old
     *   policy is in force
     */
    reload(reload: Reload): Promise<Step>;
    /**
     * Every effect whose outcome has not been reported, in the order in which they were due: those of the moment at which the
     * first is asked for, whatever happens meanwhile.
     *
     * ```js
     * for await (const effect of engine.pending()) perform(effect);
     * ```
     */
    pending(): AsyncGenerator<Effect, void, undefined>;
    /**
     * The topic of an incident's channel as things stand: one line, escaped for Slack.
     *
     * @throws {KentonganError} `unknown_incident`
     */
    topic(incident: string, options?: DocumentOptions): Promise<Document>;
    /** The latest status update of an incident, and how things stand, for those inside. */
    statusUpdate(incident: string, options?: DocumentOptions): Promise<Document>;
    /**
     * What the public reads of an incident.
     *
     * @throws {KentonganError} `not_public`, where the public has been told nothing of it
     */
    publicUpdate(incident: string, options?: DocumentOptions): Promise<Document>;
    /**
     * What whoever comes on call in a role is handed over, as things stand.
     *
     * @throws {KentonganError} `unknown_role`
     */
    handoff(role: string, options?: DocumentOptions): Promise<Document>;
    /** Who is on call between two instants, as a picture: SVG. */
    shiftsSvg(from: Instant, to: Instant, options?: ShiftsOptions): Promise<string>;
    /**
     * The shifts of a role between two instants as a calendar to subscribe to (.ics). Shifts are whole, also where they began
     * before or end after.
     */
    shiftsIcs(role: string, from: Instant, to: Instant): Promise<string>;
}

import type { Effect, Input, Instant } from "./data";
import type { Reload } from "./engine";
import type { Duty, Incident } from "./incident";
import type { Coverage, Policy } from "./policy";
import { type Step } from "./shapes";
/** How a journal is opened. */
export interface JournalOptions {
    /**
     * Whether a journal that was written under another policy is lived through again under this one and goes on with it.
     * That is a new course of history; without it such a journal is not opened, code `other_policy`.
     */
    adoptPolicy?: boolean;
    /** After how many records a snapshot is written beside the journal, 10,000 unless given; 0 for never. */
    snapshotEvery?: number;
    /** Those that were in force before a reload: needed where it was stopped between a reload and its snapshot. */
    policies?: readonly Policy[];
}
/** What was cut off the end of a journal, and where it is kept. */
export interface Cut {
    /** How many good records stand before it. */
    records: number;
    /** Where it began, in bytes. */
    offset: number;
    /** Its length in bytes. */
    bytes: number;
    /** What is wrong with its first line. */
    damage: {
        code: "unfinished" | "not_a_record" | "checksum_mismatch" | "misplaced" | "too_long";
        found?: number;
    };
    /** The file that it was added to. */
    kept: string;
}
/** What opening a journal found. */
export interface Recovery {
    /** Whether the journal was begun now, for want of one. */
    created: boolean;
    /** How many records it holds. */
    records: number;
    /** How many of them the engine lived through again; the snapshot stands for the others. */
    replayed: number;
    /** How many of those the engine refused. Only another policy or another release of the engine can cause that. */
    refused: number;
    /** What became of the snapshot. */
    snapshot: {
        code: "absent";
    } | {
        code: "used";
        seq: number;
    } | {
        code: "ignored";
        problem: {
            code: string;
            reason?: string;
        };
    };
    /** What was cut off at the end, if the last write was cut short. */
    torn?: Cut;
    /** The digest of the policy that the journal was written under, where it has been replayed under another. */
    adoptedFrom?: string;
    /** Who wrote the last record, where that was not this release with this time zone data. A replay may differ then. */
    writtenBy?: {
        engine: string;
        timeZoneData: string;
    };
    /** The effects to perform unless it is known that they were: what is not reported, and what the last record came to. */
    effects: Effect[];
}
/**
 * An engine whose inputs are in a journal's file, on disk, before it acts on them: what `createHost` keeps, for a program
 * that owns its clock and its deliveries itself. One writes a journal at a time; `close` it. Everything happens on other
 * threads, one call after the other.
 *
 * ```js
 * const journal = await Journal.open("night.journal", policy);
 * for (const effect of journal.recovery.effects) await perform(effect);
 * const { effects, wakeup } = await journal.apply(new Date(), { kind: "alert", key: "a1", service: "checkout" });
 * ```
 */
export declare class Journal {
    #private;
    /** What opening it found. */
    readonly recovery: Recovery;
    /**
     * Opens a journal, or begins one, and brings the engine to where it was.
     *
     * @throws {KentonganError} `locked`, `corrupt`, `other_policy`, `missing_policy`, …
     */
    static open(path: string, policy: Policy, options?: JournalOptions): Promise<Journal>;
    /**
     * Gives up what follows the last good record of a damaged journal. It is kept in a file beside it, named `….torn`. Nothing
     * where nothing is damaged. A step for people to take: what is cut off had been confirmed.
     *
     * @throws {KentonganError} `locked`, where a writer has it
     */
    static recover(path: string): Promise<Cut | undefined>;
    /** The policy in force. */
    get policy(): Policy;
    /**
     * Writes an input down, waits until it is on disk, and applies it; see `Engine.apply`.
     *
     * @throws {KentonganError} the engine's refusal, or that the journal cannot be written; then nothing has changed
     */
    apply(at: Instant, input: Input): Promise<Step>;
    /** Lets time pass: does whatever is due by then. A call too early leaves no record. */
    advance(at: Instant): Promise<Step>;
    /**
     * Moves everything that is open to another policy; see `Engine.reload`. A snapshot follows, from where on the old policy
     * is needed no more.
     *
     * @throws {KentonganError} the engine's refusal, or that the journal cannot be written; then the old policy is in force
     */
    reload({ at, policy, severities }: Reload): Promise<Step>;
    /** Rejects with what `apply` would reject with. */
    check(at: Instant, input: Input): Promise<void>;
    /** The earliest instant at which anything is due. Before it, `advance` does nothing. */
    wakeup(): Promise<Date | undefined>;
    /**
     * Every incident the engine remembers, by id, a hundred looked up at a time.
     *
     * @param after begins behind the incident of this id
     */
    incidents(after?: string): AsyncGenerator<Incident, void, undefined>;
    /** One incident. */
    incident(id: string): Promise<Incident | undefined>;
    /** Every effect whose outcome has not been reported; see `Engine.pending`. */
    pending(): AsyncGenerator<Effect, void, undefined>;
    /** Who is on call in a role at an instant, and who was passed over. */
    who(role: string, at: Instant): Promise<Duty>;
    /** Who is on call in a role between two instants. */
    coverage(role: string, from: Instant, to: Instant): Promise<Coverage>;
    /** Writes the engine's state beside the journal, so that the next one to open it has less to live through. */
    snapshot(): Promise<void>;
    /** Releases the file, after the calls before this one. */
    close(): Promise<void>;
}

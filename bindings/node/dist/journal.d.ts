import type { Effect, Handoff, Input, Instant } from "./data";
import type { Duty, Incident } from "./incident";
import { Coverage, type OnCall, type Shift } from "./oncall";
import { type Policy } from "./policy";
import { type Reload, Running } from "./running";
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
 *
 * After a defect, or where the disk does not confirm a write, every call is rejected with `poisoned` until it is closed and
 * opened again: what was confirmed is in it.
 */
export declare class Journal extends Running {
    #private;
    /** What opening it found. */
    readonly recovery: Recovery;
    private constructor();
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
    /** The file, links resolved. */
    get path(): string;
    /** Rejects with what `apply` would reject with. */
    check(at: Instant, input: Input): Promise<void>;
    /** Rejects with what `reload` would reject with. */
    checkReload(reload: Reload): Promise<void>;
    /** What the engine promises of its own state, checked. Always empty, unless it has a defect. */
    audit(): Promise<string[]>;
    /** The earliest instant at which anything is due. Before it, `advance` does nothing. */
    wakeup(): Promise<Date | undefined>;
    /** The engine's time: the latest instant handed in. */
    now(): Promise<Date | undefined>;
    /** How many records the journal holds. */
    records(): Promise<number>;
    /** Why the last snapshot that it took by itself failed. The journal is whole without it. */
    snapshotFault(): Promise<string | undefined>;
    /**
     * Every incident the engine remembers, by id, a hundred looked up at a time.
     *
     * @param after begins behind the incident of this id
     */
    incidents(after?: string): AsyncGenerator<Incident, void, undefined>;
    /** One incident. */
    incident(id: string): Promise<Incident | undefined>;
    /** Who holds a role of an incident now; nobody where it was given up, or there is no such incident. */
    roleHolders(incident: string, role: string): Promise<string[]>;
    /** The latest hand-off of each on-call role. */
    handoffs(): Promise<Handoff[]>;
    /** Who is on call in a role at an instant: whom the engine would page then. */
    who(role: string, at: Instant): Promise<OnCall>;
    /** Who is on call in a role at an instant, by which layer, and who was passed over. */
    duty(role: string, at: Instant): Promise<Duty>;
    /** Who is next in line behind whoever is on call in a role. */
    nextInLine(role: string, at: Instant): Promise<OnCall>;
    /** The next instant at which `who` answers otherwise. */
    nextChange(role: string, after: Instant): Promise<Date | undefined>;
    /** Who is on call in a role between two instants, gaps included, overrides and absences counted. */
    coverage(role: string, from: Instant, to: Instant): Promise<Coverage>;
    /** The shifts of a role between two instants, in order, gaps among them. */
    shifts(role: string, from: Instant, to: Instant): Promise<Shift[]>;
    /** When somebody looks over the shoulder of those on call in a role, between two instants. */
    shadowShifts(role: string, from: Instant, to: Instant): Promise<Shift[]>;
    /** The whole state, in the bytes that `Engine.snapshot` gives and `Engine.restore` takes. */
    state(): Promise<Buffer>;
    /** Writes the engine's state beside the journal, so that the next one to open it has less to live through. */
    snapshot(): Promise<void>;
    /** Releases the file, after the calls before this one. */
    close(): Promise<void>;
}

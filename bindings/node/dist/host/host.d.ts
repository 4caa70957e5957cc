import { EventEmitter } from "node:events";
import type { Alert, Effect, Handoff, Input, Instant } from "../data";
import type { Document, DocumentOptions } from "../document";
import type { Duty, Incident } from "../incident";
import type { Recovery } from "../journal";
import { type Intake } from "../lab";
import { Coverage, type OnCall, type Shift } from "../oncall";
import { type Policy } from "../policy";
import { type Reload, type ShiftsOptions } from "../running";
import { type Step } from "../shapes";
import type { HostEvents, HostOptions } from "./options";
/** Runs an engine for you: see `createHost`. */
export declare class Host extends EventEmitter<HostEvents> {
    #private;
    private constructor();
    /** The policy in force. */
    get policy(): Policy;
    /** What opening a journal's file found: what was cut off its end, who wrote it. Nothing of other stores. The effects are performed. */
    get recovery(): Omit<Recovery, "effects"> | undefined;
    /** How many records the journal's file holds. Nothing of other stores. */
    records(): Promise<number | undefined>;
    /**
     * Writes the engine's state beside the journal's file, so that the next start has less to live through. A host does so by
     * itself after every so many records: see `fileStore`. Other stores keep no snapshots: of those, nothing is done.
     *
     * @throws {KentonganError} `io`; the journal is whole without it
     */
    snapshot(): Promise<void>;
    /** Why the last snapshot that was taken by itself failed, where it did. The journal is whole without it. Nothing of other stores. */
    snapshotFault(): Promise<string | undefined>;
    /**
     * Hands in what happened. When the promise is settled it is kept; its effects are being performed.
     *
     * @throws {KentonganError} the engine's refusal, or that it could not be kept; then nothing has changed. After `internal`,
     *   a defect, it may have been kept; `poisoned` says that nothing works until `reopen`
     */
    apply(input: Input): Promise<Step>;
    /**
     * Moves everything that is open to another policy, now; see `Engine.reload`. The store says so before anything comes of
     * it. Keep the old policy for `policies` until the next start is over. Hosts that share a store are each moved: the first
     * call does it, and the others take nothing (`missing_policy`) until theirs follows.
     *
     * @throws {KentonganError} the engine's refusal, `invalid_value`, or that it could not be kept; then the old policy is in force
     */
    reload(reload: Omit<Reload, "at">): Promise<Step>;
    /**
     * Opens the store again and goes on, with the same handlers and listeners. What was under way comes again, marked `again`,
     * but for what this host itself knows the outcome of.
     *
     * Nobody does it for you. After a defect of the engine (`internal`, then `poisoned`) the input that it broke on may be in
     * the store already, and would break it again: see which one it was. After a write that the disk did not confirm, what the
     * machine shows of the file may not be what is on the disk.
     *
     * ```js
     * host.on("error", async (error) => { if (error instanceof KentonganError && error.code === "poisoned" && (await someoneAgrees())) await host.reopen(); });
     * ```
     *
     * @throws {KentonganError} that the store cannot be opened; it may be tried again. After `close`, `closed`
     */
    reopen(): Promise<this>;
    /** Hands in one alert. */
    alert(alert: Alert): Promise<Step>;
    /**
     * Hands in the alerts of a payload, such as the body of a webhook. Answer the sender with success once the promise is
     * settled: then all of them are kept. A large payload is read on another thread; bytes must not change until then.
     */
    alerts(payload: Uint8Array | string | object, source?: "alertmanager" | "alert"): Promise<Intake>;
    /** Every incident the engine remembers, by id. */
    incidents(): AsyncGenerator<Incident, void, undefined>;
    /** One incident. */
    incident(id: string): Promise<Incident | undefined>;
    /** Who is on call in a role, now or at an instant. */
    who(role: string, at?: Instant): Promise<OnCall>;
    /** Who is on call in a role, now or at an instant, by which layer, and who was passed over. */
    duty(role: string, at?: Instant): Promise<Duty>;
    /** Who is next in line behind whoever is on call in a role, now or at an instant. */
    nextInLine(role: string, at?: Instant): Promise<OnCall>;
    /** The next instant, after now or after another, at which `who` answers otherwise. */
    nextChange(role: string, after?: Instant): Promise<Date | undefined>;
    /** Who holds a role of an incident now; nobody where it was given up, or there is no such incident. */
    roleHolders(incident: string, role: string): Promise<string[]>;
    /** Rejects with what `apply` would reject with now. */
    check(input: Input): Promise<void>;
    /** The whole state of this moment, in the bytes that `Engine.snapshot` gives and `Engine.restore` takes. */
    state(): Promise<Buffer>;
    /** Every effect whose outcome has not been reported, in the order in which they were due: those of this moment. */
    pending(): AsyncGenerator<Effect, void, undefined>;
    /** Who is on call in a role between two instants, gaps included, overrides and absences counted. */
    coverage(role: string, from: Instant, to: Instant): Promise<Coverage>;
    /** The shifts of a role between two instants, in order, gaps among them. */
    shifts(role: string, from: Instant, to: Instant): Promise<Shift[]>;
    /** When somebody looks over the shoulder of those on call in a role, between two instants. */
    shadowShifts(role: string, from: Instant, to: Instant): Promise<Shift[]>;
    /** Who is on call between two instants, as a picture: SVG. */
    shiftsSvg(from: Instant, to: Instant, options?: ShiftsOptions): Promise<string>;
    /** The shifts of a role between two instants as a calendar to subscribe to (.ics). */
    shiftsIcs(role: string, from: Instant, to: Instant): Promise<string>;
    /** The latest hand-off of each on-call role. */
    handoffs(): Promise<Handoff[]>;
    /** The topic of an incident's channel as things stand: one line, escaped for Slack. */
    topic(incident: string, options?: DocumentOptions): Promise<Document>;
    /** The latest status update of an incident, and how things stand, for those inside. */
    statusUpdate(incident: string, options?: DocumentOptions): Promise<Document>;
    /** What the public reads of an incident. */
    publicUpdate(incident: string, options?: DocumentOptions): Promise<Document>;
    /** What whoever comes on call in a role is handed over, as things stand. */
    handoff(role: string, options?: DocumentOptions): Promise<Document>;
    /** The effects from this call on, as they come; the host performs them all the same. Ends when the signal or the host does. */
    effects(options?: {
        signal?: AbortSignal;
    }): AsyncGenerator<Effect, void, undefined>;
    /** Resolves when nothing is due and nothing is under way, a report that waits for the store among it: for tests. */
    idle(): Promise<void>;
    /**
     * Stops: no more timers, deliveries under way are waited for and reported, and the store is let go. What comes of those reports is
     * begun for as long as one delivery may take, and then left to the next start, as is what a start has not begun yet. By then
     * nothing that is handed in is taken any more (`closed`). Where the store fails twice in a row, what is not reported is left, too.
     */
    close(): Promise<void>;
}
/**
 * Starts a host: it owns the clock, keeps what happens before it acts on it, sets one timer, performs effects through
 * your handlers and reports how they went. Stopped at any point and started again it goes on where it was: nothing is
 * lost, and what may have been done already comes again under the same id, marked `again`.
 *
 * ```js
 * const host = await createHost({ policy, store: "night.journal", deliver: { pager: (page) => ring(page) } });
 * await host.alerts(webhookBody);
 * ```
 *
 * @throws {KentonganError} that the store cannot be opened: `locked`, `corrupt`, `unreadable_record`, `other_policy`, …; `invalid_value`,
 *   where an option is not what it has to be, with its name in `where.path`
 */
export declare function createHost<Key extends string>(options: HostOptions<Key>): Promise<Host>;

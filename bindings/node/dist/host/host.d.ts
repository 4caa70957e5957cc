import { EventEmitter } from "node:events";
import type { Alert, Effect, Input, Instant, Outcome } from "../data";
import type { Reload } from "../engine";
import type { Duty, Incident } from "../incident";
import type { Recovery } from "../journal";
import { type Intake } from "../lab";
import type { Policy } from "../policy";
import { type Step } from "../shapes";
import { type HostClock } from "./clock";
import { type FileStore, type Store } from "./store";
/** What a handler is told beside the effect. */
export interface Delivery {
    /** Gives up when the host stops waiting: pass it on to `fetch`. */
    signal: AbortSignal;
    /**
     * Whether an earlier host may have done it already and was stopped before it could say so. The effect's `id` is the
     * idempotency key: hand it to the transport (`dedup_key`, `Idempotency-Key`), which then drops the second one.
     */
    again: boolean;
}
/** Performs an effect. What it throws is a failed delivery: the engine goes on to the next way or person. */
export type Deliver = (effect: Effect, delivery: Delivery) => void | Promise<void>;
/** What a host is made of. */
export interface HostOptions {
    /** The policy in force. */
    policy: Policy;
    /** Where what happened is kept: a journal's file by its name, or a store. */
    store: string | FileStore | Store;
    /**
     * Performs effects: one function for all, or one each by the channel of a notification (`pager`, `email`, …) or by the
     * kind of effect (`notify`, `open_channel`, `status_page`, `breach`, …), with `default` for the rest. A message that
     * nobody is there to deliver counts as failed.
     */
    deliver: Deliver | Record<string, Deliver>;
    /** How long a handler may take, in milliseconds; 30 seconds unless given. Later counts as failed. */
    deliverWithin?: number;
    /** For stores other than a file: go on with what was written under another policy. */
    adoptPolicy?: boolean;
    /**
     * Those that were in force before a reload, where the store holds one: a file needs them if it was stopped between a
     * reload and its snapshot, any other store always.
     */
    policies?: readonly Policy[];
    /** Where time comes from; the machine unless given. */
    clock?: HostClock;
}
/** What a host tells those who listen. */
export interface HostEvents {
    /** The engine asks for something; the host performs it. */
    effect: [effect: Effect];
    /** What a call came to, with the reasons. */
    step: [step: Step];
    /** A delivery was reported to the engine. */
    report: [effect: Effect, outcome: Outcome, detail: string];
    /** The store or the engine failed on the host's own account; it tries again. */
    error: [error: unknown];
}
/** Runs an engine for you: see `createHost`. */
export declare class Host extends EventEmitter<HostEvents> {
    #private;
    /** The policy in force. */
    get policy(): Policy;
    /** What opening a journal's file found: what was cut off its end, who wrote it. Nothing of other stores. */
    get recovery(): Recovery | undefined;
    /**
     * Hands in what happened. When the promise is settled it is kept; its effects are being performed.
     *
     * @throws {KentonganError} the engine's refusal, or that it could not be kept; then nothing has changed
     */
    apply(input: Input): Promise<Step>;
    /**
     * Moves everything that is open to another policy, now; see `Engine.reload`. The store says so before anything comes of
     * it. Keep the old policy for `policies` until the next start is over.
     *
     * @throws {KentonganError} the engine's refusal, or that it could not be kept; then the old policy is in force
     */
    reload({ policy, severities }: Omit<Reload, "at">): Promise<Step>;
    /** Hands in one alert. */
    alert(alert: Alert): Promise<Step>;
    /**
     * Hands in the alerts of a payload, such as the body of a webhook. Answer the sender with success once the promise is
     * settled: then all of them are kept.
     */
    alerts(payload: Uint8Array | string | object, source?: "alertmanager" | "alert"): Promise<Intake>;
    /** Every incident the engine remembers, by id. */
    incidents(): AsyncGenerator<Incident, void, undefined>;
    /** Who is on call in a role, now or at an instant. */
    who(role: string, at?: Instant): Promise<Duty>;
    /** The effects from now on, as they come; the host performs them all the same. Ends when the signal or the host does. */
    effects(options?: {
        signal?: AbortSignal;
    }): AsyncGenerator<Effect, void, undefined>;
    /** Stops: no more timers, deliveries under way are waited for and reported, and the store is let go. */
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
 * @throws {KentonganError} that the store cannot be opened: `locked`, `corrupt`, `other_policy`, …
 */
export declare function createHost(options: HostOptions): Promise<Host>;

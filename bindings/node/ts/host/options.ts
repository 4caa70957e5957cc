import type { Effect, NotifyEffect, Outcome } from "../data";
import type { Policy } from "../policy";
import type { Step } from "../shapes";
import type { HostClock } from "./clock";
import type { FileStore, Store } from "./store";

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

/**
 * Performs an effect. What one receiver is sent of an incident comes one after the other, and nobody waits for anybody else's:
 * a handler is called for several at a time. What it throws is a failed delivery: the engine goes on to the next way or person. For `open_channel`
 * it may return the name that the channel has got, where the one asked for was taken: what is told from then on goes there.
 * Whatever else it returns is waited for, and nothing is made of it.
 */
export type Deliver<Performed extends Effect = Effect> = (effect: Performed, delivery: Delivery) => unknown;

/**
 * What a handler is called with, by its key: a kind of effect, `default`, or else the channel of a notification. Of keys that are not
 * known any effect: no type says "every text but these", and one that takes any handler for a channel would take a wrong one.
 */
export type EffectFor<Key extends string> = string extends Key
  ? Effect
  : Key extends Effect["kind"] ? Extract<Effect, { kind: Key }> : Key extends "default" ? Effect : NotifyEffect;

/** Handlers by their keys. Where a variable holds them, name the keys: `Handlers<"pager" | "default">`. */
export type Handlers<Key extends string = string> = { [Each in Key]: Deliver<EffectFor<Each>> };

/**
 * What a host is made of; `createHost` sees the keys of the handlers by itself. Where a variable holds it, name the keys:
 * `HostOptions<"pager" | "default">`. Without them each handler gets any effect.
 */
export interface HostOptions<Key extends string = string> {
  /** The policy in force. */
  policy: Policy;
  /** Where what happened is kept: a journal's file by its name, or a store. */
  store: string | FileStore | Store;
  /**
   * Performs effects: one function for all, or one each by the channel of a notification (`pager`, `email`, …) or by the
   * kind of effect (`notify`, `open_channel`, `status_page`, `breach`, …), with `default` for the rest. A message that
   * nobody is there to deliver counts as failed. A key that is nearly a name is refused; what fits no policy, and a channel of
   * the policy that nobody has a handler for, is told of at the start by `error`.
   */
  deliver: Deliver | Handlers<Key>;
  /**
   * How long a handler may take, in milliseconds; 30 seconds unless given. Later counts as failed. Hosts that share a store give
   * each other twice as long, and then do what has not been reported: give all of them the same.
   */
  deliverWithin?: number;
  /** Go on with what was written under another policy, which is then lived through again under this one. */
  adoptPolicy?: boolean;
  /**
   * Those that were in force before a reload, where the store holds one: a file needs them if it was stopped between a
   * reload and its snapshot, any other store always. On a shared store also one that another host is going to move to:
   * with it here, this host follows by itself.
   */
  policies?: readonly Policy[];
  /** Where time comes from; the machine unless given. */
  clock?: HostClock;
  /**
   * Listeners that hear what the start does as well: what the last host left is taken up before `createHost` gives the host.
   *
   * ```js
   * const host = await createHost({ policy, store, deliver, on: { error: (error) => log.error(error) } });
   * ```
   */
  on?: HostListeners;
}

/** What a host tells those who listen. */
export interface HostEvents {
  /** The engine asks for something; the host performs it. */
  effect: [effect: Effect];
  /** What a call came to, with the reasons. */
  step: [step: Step];
  /** A delivery was reported to the engine. */
  report: [effect: Effect, outcome: Outcome, detail: string];
  /**
   * The store or the engine failed on the host's own account; it tries again. Where the code is `poisoned` that is of no use:
   * nothing is done any more until `reopen`, or another process takes over. What a listener throws, or an asynchronous one is
   * rejected with, comes here, too; from a listener of `error` itself it is a warning of the process. What is thrown that is no
   * error is the `cause` of one.
   */
  error: [error: Error];
}

/** One listener each of what a host tells; it may be asynchronous, and is not waited for. */
export type HostListeners = { [Event in keyof HostEvents]?: (...told: HostEvents[Event]) => void };

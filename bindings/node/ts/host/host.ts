import { EventEmitter, on } from "node:events";

import type { Alert, Effect, Input, Instant, Outcome } from "../data";
import type { Reload } from "../engine";
import type { Duty, Incident } from "../incident";
import type { Recovery } from "../journal";
import { type Intake, alertsFrom } from "../lab";
import type { Policy } from "../policy";
import { type Step, millis } from "../shapes";
import { Alarm, type HostClock, systemClock } from "./clock";
import { type Machine, overFile, overStore, wantsReport } from "./machine";
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

const RETRY_MS = 1_000;
const DELIVER_WITHIN_MS = 30_000;

/** Runs an engine for you: see `createHost`. */
export class Host extends EventEmitter<HostEvents> {
  #policy: Policy;
  readonly #machine: Machine;
  readonly #clock: HostClock;
  readonly #alarm: Alarm;
  readonly #deliver: Deliver | Record<string, Deliver>;
  readonly #deliverWithin: number;
  readonly #closing = new AbortController();
  /** One call of the machine after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  /** The messages of an incident are delivered in their order; those of another one do not wait for them. */
  readonly #lanes = new Map<string, Promise<void>>();

  /** @internal */
  constructor(machine: Machine, options: HostOptions) {
    super();
    this.#policy = options.policy;
    this.#machine = machine;
    this.#clock = options.clock ?? systemClock;
    this.#deliver = options.deliver;
    this.#deliverWithin = options.deliverWithin ?? DELIVER_WITHIN_MS;
    this.#alarm = new Alarm(this.#clock, () => void this.#advance());
  }

  /** The policy in force. */
  get policy(): Policy {
    return this.#policy;
  }

  /** What opening a journal's file found: what was cut off its end, who wrote it. Nothing of other stores. */
  get recovery(): Recovery | undefined {
    return this.#machine.recovery;
  }

  /** Takes up what the last host left, and what came due meanwhile. @internal */
  async begin(): Promise<this> {
    this.#perform(this.#machine.recovered, true);
    await this.#advance();
    return this;
  }

  /**
   * Hands in what happened. When the promise is settled it is kept; its effects are being performed.
   *
   * @throws {KentonganError} the engine's refusal, or that it could not be kept; then nothing has changed
   */
  async apply(input: Input): Promise<Step> {
    const step = await this.#inTurn(() => this.#machine.apply(this.#clock.now(), input));
    this.#take(step);
    return step;
  }

  #take(step: Step): void {
    this.emit("step", step);
    this.#perform(step.effects, false);
    this.#alarm.set(this.#closing.signal.aborted ? undefined : step.wakeup?.getTime());
  }

  /**
   * Moves everything that is open to another policy, now; see `Engine.reload`. The store says so before anything comes of
   * it. Keep the old policy for `policies` until the next start is over.
   *
   * @throws {KentonganError} the engine's refusal, or that it could not be kept; then the old policy is in force
   */
  async reload({ policy, severities = {} }: Omit<Reload, "at">): Promise<Step> {
    const step = await this.#inTurn(async () => {
      const step = await this.#machine.reload({ at: this.#clock.now(), policy, severities });
      this.#policy = policy;
      return step;
    });
    this.#take(step);
    return step;
  }

  /** Hands in one alert. */
  alert(alert: Alert): Promise<Step> {
    return this.apply({ kind: "alert", ...alert });
  }

  /**
   * Hands in the alerts of a payload, such as the body of a webhook. Answer the sender with success once the promise is
   * settled: then all of them are kept.
   */
  async alerts(payload: Uint8Array | string | object, source?: "alertmanager" | "alert"): Promise<Intake> {
    const intake = alertsFrom(payload, source);
    for (const alert of intake.alerts) await this.alert(alert);
    return intake;
  }

  /** Every incident the engine remembers, by id. */
  async *incidents(): AsyncGenerator<Incident, void, undefined> {
    let after: string | undefined;
    for (;;) {
      const page = await this.#inTurn(() => this.#machine.incidents(after));
      if (page.length === 0) return;
      yield* page;
      after = page.at(-1)?.id;
    }
  }

  /** Who is on call in a role, now or at an instant. */
  who(role: string, at?: Instant): Promise<Duty> {
    return this.#inTurn(() => this.#machine.who(role, at === undefined ? this.#clock.now() : millis(at)));
  }

  /** The effects from now on, as they come; the host performs them all the same. Ends when the signal or the host does. */
  async *effects(options: { signal?: AbortSignal } = {}): AsyncGenerator<Effect, void, undefined> {
    const signals = [this.#closing.signal, ...(options.signal ? [options.signal] : [])];
    try {
      for await (const [effect] of on(this, "effect", { signal: AbortSignal.any(signals) })) yield effect as Effect;
    } catch (error) {
      if (!signals.some((signal) => signal.aborted)) throw error;
    }
  }

  /** Stops: no more timers, deliveries under way are waited for and reported, and the store is let go. */
  async close(): Promise<void> {
    this.#alarm.set(undefined);
    this.#closing.abort();
    while (this.#lanes.size > 0) await Promise.all(this.#lanes.values());
    await this.#inTurn(() => this.#machine.close());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Lets time pass. A store that is away is asked again: nobody else would. */
  async #advance(): Promise<void> {
    try {
      await this.apply({ kind: "tick" });
    } catch (error) {
      this.#tell(error);
      if (!this.#closing.signal.aborted) this.#alarm.set(this.#clock.now() + RETRY_MS);
    }
  }

  #perform(effects: Effect[], again: boolean): void {
    for (const effect of effects) {
      this.emit("effect", effect);
      // Nobody reports on a note, so only those of the last record come again after a crash: no delivery goes before it.
      if (!wantsReport(effect)) {
        void this.#performOne(effect, again);
        continue;
      }
      const lane = effect.incident ?? "";
      const before = this.#lanes.get(lane) ?? Promise.resolve();
      const after = before.then(() => this.#performOne(effect, again));
      this.#lanes.set(lane, after);
      void after.finally(() => this.#lanes.get(lane) === after && this.#lanes.delete(lane));
    }
  }

  async #performOne(effect: Effect, again: boolean): Promise<void> {
    const handler = this.#handler(effect);
    let [outcome, detail]: [Outcome, string] = ["delivered", ""];
    try {
      if (handler !== undefined) await this.#within(handler, effect, again);
      else if (wantsReport(effect)) throw new Error(`the host has no handler for ${name(effect)}`);
    } catch (error) {
      [outcome, detail] = ["failed", error instanceof Error ? error.message : String(error)];
      if (!wantsReport(effect)) this.#tell(error);
    }
    if (wantsReport(effect)) await this.#report(effect, outcome, detail);
  }

  /** Reports until it is kept: a page whose failure nobody hears of would be the end of the search. */
  async #report(effect: Effect, outcome: Outcome, detail: string): Promise<void> {
    const report: Input = { kind: "report", effect: effect.id, outcome, detail: detail.slice(0, 1_000) };
    for (;;) {
      try {
        await this.apply(report);
        this.emit("report", effect, outcome, detail);
        return;
      } catch (error) {
        this.#tell(error);
        // A host that stops leaves it to the next one, which finds the effect pending.
        if (this.#closing.signal.aborted) return;
        await new Promise<void>((resolve) => this.#clock.after(RETRY_MS, resolve));
      }
    }
  }

  #handler(effect: Effect): Deliver | undefined {
    const handlers = this.#deliver;
    if (typeof handlers === "function") return handlers;
    const own = (key: string): Deliver | undefined => (Object.hasOwn(handlers, key) ? handlers[key] : undefined);
    return (effect.kind === "notify" ? own(effect.channel) : undefined) ?? own(effect.kind) ?? own("default");
  }

  async #within(handler: Deliver, effect: Effect, again: boolean): Promise<void> {
    const patience = new AbortController();
    let cancel: (() => void) | undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = this.#clock.after(this.#deliverWithin, () => {
        const error = new Error(`it took longer than ${this.#deliverWithin} ms`);
        patience.abort(error);
        reject(error);
      });
    });
    try {
      await Promise.race([handler(effect, { signal: patience.signal, again }), late]);
    } finally {
      cancel?.();
    }
  }

  /** An error that nobody listens for must not take the process down: people wait for pages. */
  #tell(error: unknown): void {
    if (this.listenerCount("error") > 0) this.emit("error", error);
    else process.emitWarning(error instanceof Error ? error : String(error));
  }
}

const name = (effect: Effect): string => (effect.kind === "notify" ? `the channel \`${effect.channel}\`` : `\`${effect.kind}\``);

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
export async function createHost(options: HostOptions): Promise<Host> {
  const { policy, store } = options;
  const given = typeof store === "string" ? { file: store } : store;
  const machine = "file" in given
    ? await overFile(policy, given, options.policies ?? [])
    : await overStore(policy, given, options.adoptPolicy ?? false, options.policies ?? []);
  return new Host(machine, options).begin();
}

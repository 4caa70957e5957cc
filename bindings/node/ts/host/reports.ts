// Reports on their way into the store: one at a time, so that what a caller hands in waits for one of them and not for all.

import type { Effect, Input } from "../data";
import { KentonganError } from "../error";
import type { HostClock } from "./clock";
import type { Delivered } from "./deliveries";

/** How long a store that did not keep something is left alone. @internal */
export const RETRY_MS = 1_000;
/** After these, nothing works until the store is opened again. @internal */
export const OVER = new Set(["poisoned", "closed"]);
/** Whose codes say nothing of the input: by the next time, it may be kept. */
const OF_THE_STORE = new Set([...OVER, "not_kept", "not_read", "io", "locked", "corrupt", "unreadable_record", "missing_policy", "other_policy", "busy", "internal"]);
/** What is reported where the engine refuses the words of a transport. */
const UNSPEAKABLE = "the delivery failed, in words that were refused";
/** How many may wait before fewer effects are begun: each holds memory. */
const WAITING = 1_000;
/** How long that is waited for at most: a store that is away must not keep pages back. */
const FEWER_WITHIN_MS = 1_000;

/** How an effect went. @internal */
export type Report = Extract<Input, { kind: "report" }>;

/** Who takes the reports. @internal */
export interface Taker {
  /** Keeps one. */
  keep(report: Report): Promise<unknown>;
  /** Hears which one of an effect was kept; nothing where none of it will ever be. */
  done(effect: Effect, report?: Report): void;
  /** Hears why one was not kept, and says whether nothing works until the store is opened again. */
  failed(error: unknown): boolean;
}

/** Reports on what was performed, in the order in which it was over. @internal */
export class Reports {
  readonly #taker: Taker;
  readonly #clock: HostClock;
  readonly #waiting: Array<{ effect: Effect; delivered: Delivered }> = [];
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  /** Lets the report be tried again that waits for the store. */
  #tryAgain: (() => void) | undefined;
  /** Lets those go on who wait for the reports to become fewer. */
  #whenFewer: (() => void) | undefined;

  constructor(taker: Taker, clock: HostClock) {
    this.#taker = taker;
    this.#clock = clock;
  }

  /** Reports on an effect after those before it. The promise is settled when nothing waits to be kept. */
  add(effect: Effect, delivered: Delivered): Promise<void> {
    this.#waiting.push({ effect, delivered });
    if (this.#waiting.length === 1) this.#running = this.#run();
    return this.#running;
  }

  /** Whether so many wait that fewer effects are to be begun. */
  get areMany(): boolean {
    return this.#waiting.length > WAITING;
  }

  /** Waits for some of them to be kept, but not for ever. */
  untilFewer(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, FEWER_WITHIN_MS);
      this.#whenFewer = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Tries again at once what waits for the store. */
  goOn(): void {
    this.#tryAgain?.();
  }

  /** Waits for the store no more: what it does not take is left to the next host, which finds the effects pending. */
  stop(): void {
    this.#stopped = true;
    this.goOn();
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      await this.#report(next.effect, next.delivered);
      this.#waiting.shift();
      if (!this.areMany) this.#whenFewer?.();
    }
  }

  /** Reports until it is kept: a page whose failure nobody hears of would be the end of the search. */
  async #report(effect: Effect, { outcome, detail, openedAs }: Delivered): Promise<void> {
    const plain: Report = { kind: "report", effect: effect.id, outcome, detail: outcome === "failed" ? UNSPEAKABLE : "" };
    let report: Report = { ...plain, detail, ...(openedAs !== undefined && { openedAs }) };
    for (;;) {
      try {
        await this.#taker.keep(report);
        return this.#taker.done(effect, report);
      } catch (error) {
        const isOver = this.#taker.failed(error);
        if (isRefusal(error)) {
          // It would be refused for ever: what counts is how it went, and not in which words.
          if (report === plain) return this.#taker.done(effect);
          report = plain;
        } else if (this.#stopped) {
          return;
        } else {
          await this.#untilTriedAgain(isOver);
        }
      }
    }
  }

  /** Waits for the store; where nothing works any more, until it is opened again. */
  #untilTriedAgain(isOver: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#tryAgain = resolve;
      if (!isOver) this.#clock.after(RETRY_MS, resolve);
    });
  }
}

/** Whether it is the input that was not taken, which then never will be. */
const isRefusal = (error: unknown): boolean => error instanceof KentonganError && !OF_THE_STORE.has(error.code);

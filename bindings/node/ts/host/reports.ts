// Reports on their way into the store: some at a time, so that what is handed in meanwhile waits for some of them and not for all.

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
/** How many are kept in one turn: more than what one alert comes to as a rule, so that a storm of alerts leaves no reports behind. */
const AT_ONCE = 8;
/** How many may wait before fewer effects are begun: each holds memory. */
const WAITING = 1_000;
/** How long that is waited for at most, for each fifty of them: a store that is away or slow must not keep pages back. */
const FEWER_WITHIN_MS = 100;

/** How an effect went. @internal */
export type Report = Extract<Input, { kind: "report" }>;

/** Who takes the reports. @internal */
export interface Taker {
  /** Does something when it is its turn. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Keeps one, in its turn. */
  keep(report: Report): Promise<unknown>;
  /** Hears which one of an effect was kept; nothing where none of it will ever be. */
  done(effect: Effect, report?: Report): void;
  /** Hears why one was not kept, and says whether nothing works until the store is opened again. */
  failed(error: unknown): boolean;
}

interface Waiting {
  effect: Effect;
  delivered: Delivered;
  /** Whether it is to be told in plain words, since its own were refused. */
  isPlain: boolean;
}

/** Reports on what was performed, in the order in which it was over. @internal */
export class Reports {
  readonly #taker: Taker;
  readonly #clock: HostClock;
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #stopped = false;
  /** Ends the wait for the store. */
  #tryAgain: (() => void) | undefined;
  /** Lets those go on who wait for the reports to become fewer. */
  #whenFewer: (() => void) | undefined;

  constructor(taker: Taker, clock: HostClock) {
    this.#taker = taker;
    this.#clock = clock;
  }

  /** Reports on an effect after those before it. The promise is settled when nothing waits to be kept. */
  add(effect: Effect, delivered: Delivered): Promise<void> {
    this.#waiting.push({ effect, delivered, isPlain: false });
    return (this.#running ??= this.#run());
  }

  /** Whether so many wait that fewer effects are to be begun. */
  get areMany(): boolean {
    return this.#waiting.length > WAITING;
  }

  /** Waits for some of them to be kept, but not for long. */
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
    while (this.#waiting.length > 0) {
      const fault = await this.#taker.inTurn(() => this.#some());
      if (!this.areMany) this.#whenFewer?.();
      if (fault === undefined) continue;
      if (this.#stopped) this.#waiting.length = 0;
      else await this.#untilTriedAgain(fault.isOver);
    }
    this.#running = undefined;
  }

  /** Keeps some of them, until the store fails. */
  async #some(): Promise<{ isOver: boolean } | undefined> {
    for (let count = 0; count < AT_ONCE; count += 1) {
      const [next] = this.#waiting;
      if (next === undefined) return undefined;
      const report = reportOn(next);
      try {
        await this.#taker.keep(report);
        this.#waiting.shift();
        this.#taker.done(next.effect, report);
      } catch (error) {
        const isOver = this.#taker.failed(error);
        if (!isRefusal(error)) {
          // Behind the others: an entry that a store never takes must not keep theirs from it.
          this.#waiting.push(...this.#waiting.splice(0, 1));
          return { isOver };
        }
        // It would be refused for ever: what counts is how it went, and not in which words.
        if (next.isPlain) {
          this.#waiting.shift();
          this.#taker.done(next.effect);
        }
        next.isPlain = true;
      }
    }
    return undefined;
  }

  /** Waits for the store; where nothing works any more, until it is opened again. */
  #untilTriedAgain(isOver: boolean): Promise<void> {
    return new Promise((resolve) => {
      const cancel = isOver ? undefined : this.#clock.after(RETRY_MS, resolve);
      this.#tryAgain = () => {
        cancel?.();
        resolve();
      };
    });
  }
}

/** The report on an effect. A page whose failure nobody hears of would be the end of the search. */
function reportOn({ effect, delivered: { outcome, detail, openedAs }, isPlain }: Waiting): Report {
  const plain: Report = { kind: "report", effect: effect.id, outcome, detail: outcome === "failed" ? UNSPEAKABLE : "" };
  return isPlain ? plain : { ...plain, detail, ...(openedAs !== undefined && { openedAs }) };
}

/** Whether it is the input that was not taken, which then never will be. */
const isRefusal = (error: unknown): boolean => error instanceof KentonganError && !OF_THE_STORE.has(error.code);

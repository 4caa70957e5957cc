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
/** How often in a row a store fails a host that stops before that waits for it no more. */
const FAULTS_AT_THE_END = 2;
/** How long a call waits for them at most, where the store is slow; one is kept all the same. */
const TURN_MS = 20;
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
  /** Whether something that was handed in waits for its turn. */
  isWaitedFor(): boolean;
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
  /** Those that the store did not take. They are tried again behind the others: one that it never takes must not keep theirs from it. */
  readonly #failed: Waiting[] = [];
  /** When they are tried again. */
  #retryAt = -Infinity;
  #running: Promise<void> | undefined;
  #stopped = false;
  /** How often the store failed since the last one that it took. */
  #faults = 0;
  /** Ends a wait. */
  #tryAgain: (() => void) | undefined;
  /** Whether one that is new ends it, too. */
  #awaitsNew = false;
  /** Lets those go on who wait for the reports to become fewer. */
  #whenFewer: (() => void) | undefined;

  constructor(taker: Taker, clock: HostClock) {
    this.#taker = taker;
    this.#clock = clock;
  }

  /** Reports on an effect after those before it. The promise is settled when nothing waits to be kept. */
  add(effect: Effect, delivered: Delivered): Promise<void> {
    if (!this.#isGivenUp) this.#waiting.push({ effect, delivered, isPlain: false });
    if (this.#awaitsNew) this.#tryAgain?.();
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
    this.#retryAt = -Infinity;
    this.#tryAgain?.();
  }

  /** Waits for the store no more: what it does not take is left to the next host, which finds the effects pending. */
  stop(): void {
    this.#stopped = true;
    this.#faults = 0;
    this.goOn();
  }

  /** Whether the store is taken to be away for good, as far as this host is concerned. */
  get #isGivenUp(): boolean {
    return this.#stopped && this.#faults >= FAULTS_AT_THE_END;
  }

  async #run(): Promise<void> {
    for (;;) {
      const isNew = this.#waiting.length > 0;
      const queue = isNew ? this.#waiting : this.#failed;
      if (queue.length === 0) break;
      const early = this.#retryAt - this.#clock.now();
      if (!isNew && early > 0) {
        await this.#wait(early, true);
        continue;
      }
      const fault = await this.#taker.inTurn(() => this.#some(queue));
      if (!this.areMany) this.#whenFewer?.();
      if (fault === undefined) continue;
      this.#faults = fault.isOver ? Infinity : this.#faults + 1;
      if (this.#isGivenUp) this.#waiting.length = 0;
      if (this.#stopped) {
        this.#failed.length = 0;
      } else {
        this.#retryAt = this.#clock.now() + RETRY_MS;
        // One that failed before says nothing of those that are new.
        if (isNew || fault.isOver) await this.#wait(fault.isOver ? undefined : RETRY_MS, false);
      }
    }
    this.#running = undefined;
  }

  /** Keeps some of them, until the store fails. */
  async #some(queue: Waiting[]): Promise<{ isOver: boolean } | undefined> {
    const begun = performance.now();
    for (let count = 0; count < AT_ONCE; count += 1) {
      const [next] = queue;
      if (next === undefined || (count > 0 && performance.now() - begun > TURN_MS && this.#taker.isWaitedFor())) return undefined;
      const report = reportOn(next);
      try {
        await this.#taker.keep(report);
        this.#faults = 0;
        queue.shift();
        this.#taker.done(next.effect, report);
      } catch (error) {
        const isOver = this.#taker.failed(error);
        if (!isRefusal(error)) {
          this.#failed.push(...queue.splice(0, 1));
          return { isOver };
        }
        // It would be refused for ever: what counts is how it went, and not in which words.
        if (next.isPlain) {
          queue.shift();
          this.#taker.done(next.effect);
        }
        next.isPlain = true;
      }
    }
    return undefined;
  }

  /** Waits so long, or, where nothing works any more, until the store is opened again. */
  #wait(millis: number | undefined, awaitsNew: boolean): Promise<void> {
    this.#awaitsNew = awaitsNew;
    return new Promise((resolve) => {
      const cancel = millis === undefined ? undefined : this.#clock.after(millis, () => this.#tryAgain?.());
      this.#tryAgain = () => {
        this.#tryAgain = undefined;
        this.#awaitsNew = false;
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

// Effects on their way to being begun: in their order, some at a time, and not many more than the store keeps reports of.

import type { Effect, EffectId } from "../data";
import { KentonganError } from "../error";
import { wantsReport } from "../report";
import { breathe } from "../shapes";
import type { Reports } from "./reports";
import { wordsOf } from "../words";

/** How many effects are begun before the event loop goes on: a few milliseconds, without what handlers take. */
const BEGUN_AT_ONCE = 50;
/** Effects in pages, which need not be there yet. @internal */
export type EffectPages = Iterable<readonly Effect[]> | AsyncIterable<readonly Effect[]>;

interface Entry {
  pages: EffectPages;
  again: boolean;
  /** What is not to be begun once more. */
  begun?: Set<EffectId>;
}

/** Begins effects, and tells of those that could not be read. @internal */
export class EffectQueue {
  readonly #begin: (effect: Effect, again: boolean) => void;
  readonly #tell: (error: unknown) => void;
  readonly #entries: Entry[] = [];
  readonly #reports: Reports;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(begin: (effect: Effect, again: boolean) => void, tell: (error: unknown) => void, reports: Reports) {
    this.#begin = begin;
    this.#tell = tell;
    this.#reports = reports;
  }

  /** Begins these after those before them. The promise is settled when nothing waits to be begun. */
  add(pages: EffectPages, again: boolean, begun?: Set<EffectId>): Promise<void> {
    this.#entries.push({ pages, again, ...(begun && { begun }) });
    if (this.#entries.length === 1) this.#running = this.#run();
    return this.#running;
  }

  /** Begins nothing any more that comes again at the next start. */
  stop(): void {
    this.#stopped = true;
  }

  async #run(): Promise<void> {
    for (let entry = this.#entries[0]; entry !== undefined; entry = this.#entries[0]) {
      try {
        await this.#runOne(entry);
      } catch (error) {
        // Those behind it must not wait for ever.
        this.#tell(unread(error));
      }
      this.#entries.shift();
    }
  }

  async #runOne({ pages, again, begun: before }: Entry): Promise<void> {
    let count = 0;
    for await (const effects of pages) {
      for (const effect of effects) {
        if (before?.has(effect.id) || (this.#stopped && again && wantsReport(effect))) continue;
        if (count > 0 && count % BEGUN_AT_ONCE === 0) await (this.#reports.areMany ? this.#reports.untilFewer() : breathe());
        count += 1;
        for (const { begun } of this.#entries) begun?.add(effect.id);
        this.#begin(effect, again);
      }
    }
  }
}

/** Somebody may be told nothing of what was not begun, and it is known to nobody but the engine. */
function unread(cause: unknown): KentonganError {
  const message = `effects could not be read, and were not begun: ${wordsOf(cause)}`;
  const help = "report it; what was not begun comes again after `reopen`, and at the next start";
  return new KentonganError({ code: "not_begun", message, help }, { cause });
}

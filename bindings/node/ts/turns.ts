import { KentonganError, call, wait } from "./error";

/** Who works with an engine, one after the other. @internal */
export class Turns {
  /** The latest call on another thread. */
  #last: Promise<unknown> = Promise.resolve();
  /** How many of those are not settled. */
  #waiting = 0;

  /** Calls the engine on another thread, after the calls before this one. */
  take<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const turn = this.#last.then(() => wait(work)).finally(() => (this.#waiting -= 1));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Calls the engine on this thread, unless a call is under way or waits for its turn: it would be overtaken. */
  atOnce<T>(work: () => T): T {
    if (this.#waiting === 0) return call(work);
    const message = "another call is under way on a thread of its own";
    throw new KentonganError({ code: "busy", message, help: "await the promise of that call first" });
  }
}

// Whose turn it is at the machine of a host.

type Work = () => Promise<void>;

/**
 * One after the other: what is handed in, in its order, and between two of those what the host itself has to report. So neither
 * waits for all of the other, however many alerts come in or deliveries are over. @internal
 */
export class HostTurns {
  readonly #calls: Work[] = [];
  readonly #reports: Work[] = [];
  #isRunning = false;

  take<T>(work: () => Promise<T>, of: "call" | "report"): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const queue = of === "call" ? this.#calls : this.#reports;
      queue.push(() => work().then(resolve, reject));
      if (!this.#isRunning) void this.#run();
    });
  }

  /** Whether something that was handed in waits for its turn. */
  get callWaits(): boolean {
    return this.#calls.length > 0;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    let queue = this.#calls;
    for (;;) {
      const other = queue === this.#calls ? this.#reports : this.#calls;
      if (other.length > 0) queue = other;
      const next = queue.shift();
      if (next === undefined) break;
      await next();
    }
    this.#isRunning = false;
  }
}

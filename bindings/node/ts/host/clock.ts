/** Where a host takes its time from. Tests give one of their own. */
export interface HostClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back after so many milliseconds, at most 2^31 - 1; gives what cancels it. */
  after(millis: number, callback: () => void): () => void;
}

/** The machine's clock. */
export const systemClock: HostClock = {
  now: () => Date.now(),
  after(millis, callback) {
    const timer = setTimeout(callback, millis);
    return () => clearTimeout(timer);
  },
};

/** What `setTimeout` takes at most; a longer delay would fire at once. */
const DELAY_MAX = 2 ** 31 - 1;

/** One timer for one instant, however far away. @internal */
export class Alarm {
  readonly #clock: HostClock;
  readonly #ring: () => void;
  #cancel: (() => void) | undefined;

  constructor(clock: HostClock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings at an instant instead of when it was set for; without one, not at all. */
  set(at: number | undefined): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (at === undefined) return;
    const delay = Math.max(0, at - this.#clock.now());
    // A timer may fire a little early, and a clock may be set: look again instead of trusting it.
    this.#cancel = this.#clock.after(Math.min(delay, DELAY_MAX), () => {
      if (this.#clock.now() < at) this.set(at);
      else this.#ring();
    });
  }
}

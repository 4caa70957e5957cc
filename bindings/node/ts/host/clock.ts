import type { Instant } from "../data";
import { unexpected } from "../checks";
import { millis as time } from "../shapes";

/** Where a host takes its time from. Tests give a `ManualClock`. */
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

/**
 * A clock that stands still until it is set, so that tests of a host take no time.
 *
 * ```js
 * const clock = new ManualClock("2026-11-24T02:00:00Z");
 * const host = await createHost({ policy, store: memoryStore(), deliver, clock });
 * clock.advance(10 * 60_000);
 * await host.idle();
 * ```
 */
export class ManualClock implements HostClock {
  #now: number;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  constructor(at: Instant) {
    this.#now = time(at);
  }

  now(): number {
    return this.#now;
  }

  after(millis: number, callback: () => void): () => void {
    const timer = { at: this.#now + millis, callback };
    this.#timers.add(timer);
    // What is due already rings by itself, as a timer of the machine does.
    if (millis <= 0) setImmediate(() => this.#ring());
    return () => void this.#timers.delete(timer);
  }

  /** Sets it to an instant, and rings what is due by then, the earliest first. */
  set(at: Instant): void {
    this.#now = time(at);
    this.#ring();
  }

  /** Sets it so many milliseconds later; for the other way there is `set`. */
  advance(millis: number): void {
    if (!(Number.isFinite(millis) && millis >= 0)) {
      throw unexpected("milliseconds, none of them before zero", millis, "millis", "a number, zero or more; to go back there is `set`");
    }
    this.set(this.#now + millis);
  }

  #ring(): void {
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
      if (next === undefined) return;
      this.#timers.delete(next);
      next.callback();
    }
  }
}

/**
 * How long is waited before the clock is looked at again. A machine that was suspended, or whose clock was set, does not count
 * that in its timers: it would wait for the rest of a delay that is over.
 */
const LOOK_AGAIN_MS = 30_000;

/** One timer for one instant, however far away. @internal */
export class Alarm {
  readonly #clock: HostClock;
  readonly #ring: () => void;
  #cancel: (() => void) | undefined;
  #at: number | undefined;

  constructor(clock: HostClock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** What it is set for. */
  get at(): number | undefined {
    return this.#at;
  }

  /** Rings at an instant instead of when it was set for; without one, not at all. */
  set(at: number | undefined): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#at = at;
    if (at === undefined) return;
    const delay = Math.max(0, at - this.#clock.now());
    // A timer may fire a little early, and a clock may be set: look again instead of trusting it.
    this.#cancel = this.#clock.after(Math.min(delay, LOOK_AGAIN_MS), () => {
      if (this.#clock.now() < at) return this.set(at);
      this.#at = undefined;
      this.#ring();
    });
  }
}

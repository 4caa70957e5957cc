// Effects on their way through the handlers: each receiver's in their order, and nobody's behind anybody else's.

import type { Effect, Outcome } from "../data";
import { wantsReport } from "../report";
import type { HostClock } from "./clock";
import type { Deliver, Delivery } from "./options";
import { isWellFormed, wordsOf } from "../words";

/** The longest name of a channel; longer than that of any medium, and within what the engine takes in any script. */
const CHANNEL_NAME_MAX = 250;

/** What `setTimeout` takes at most; a longer delay would be over at once. */
const DELAY_MAX = 2 ** 31 - 1;

/** How a delivery went. @internal */
export interface Delivered {
  outcome: Outcome;
  /** What the transport said, where it failed. */
  detail: string;
  /** The name that a channel was opened under. */
  openedAs?: string;
  /** What was thrown. */
  thrown?: unknown;
}

/** Performs effects through the handlers of a host. @internal */
export class Deliveries {
  readonly #deliver: Deliver | Record<string, Deliver>;
  readonly #within: number;
  readonly #clock: HostClock;
  /** What each receiver is being sent, up to the last of it. */
  readonly #lanes = new Map<string, Promise<unknown>>();

  constructor(deliver: Deliver | Record<string, Deliver>, within: number, clock: HostClock) {
    this.#deliver = deliver;
    this.#within = Math.min(within, DELAY_MAX);
    this.#clock = clock;
  }

  /** Performs an effect at once. Whatever its handler does, this is not rejected. */
  async perform(effect: Effect, again: boolean): Promise<Delivered> {
    try {
      const handler = this.#handler(effect);
      if (handler !== undefined) return { outcome: "delivered", detail: "", ...opened(effect, await this.#patiently(handler, effect, again)) };
      if (wantsReport(effect)) throw new Error(`the host has no handler for ${name(effect)}`);
      return { outcome: "delivered", detail: "" };
    } catch (thrown) {
      return { outcome: "failed", detail: wordsOf(thrown), thrown };
    }
  }

  /** Performs an effect once its receiver has got, or has not got, what of the same incident came before; unless it may not be begun then. */
  performInOrder(effect: Effect, again: boolean, mayBegin: () => boolean): Promise<Delivered | undefined> {
    const lane = laneOf(effect);
    const before = this.#lanes.get(lane) ?? Promise.resolve();
    const perform = async (): Promise<Delivered | undefined> => (mayBegin() ? this.perform(effect, again) : undefined);
    const delivered = before.then(perform, perform);
    this.#lanes.set(lane, delivered);
    const over = (): void => {
      if (this.#lanes.get(lane) === delivered) this.#lanes.delete(lane);
    };
    delivered.then(over, over);
    return delivered;
  }

  #handler(effect: Effect): Deliver | undefined {
    const handlers = this.#deliver;
    if (typeof handlers === "function") return handlers;
    const own = (key: string): Deliver | undefined => (Object.hasOwn(handlers, key) ? handlers[key] : undefined);
    return (effect.kind === "notify" ? own(effect.channel) : undefined) ?? own(effect.kind) ?? own("default");
  }

  async #patiently(handler: Deliver, effect: Effect, again: boolean): Promise<unknown> {
    // Made where a handler asks for it: one for each of many effects keeps V8's collector busy.
    let patience: AbortController | undefined;
    const patient = (): AbortController => (patience ??= new AbortController());
    const delivery: Delivery = {
      get signal() {
        return patient().signal;
      },
      again,
    };
    let cancel: (() => void) | undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = this.#clock.after(this.#within, () => {
        const error = new Error(`it took longer than ${this.#within} ms`);
        patient().abort(error);
        reject(error);
      });
    });
    try {
      return await Promise.race([handler(effect, delivery), late]);
    } finally {
      cancel?.();
    }
  }
}

/** Who receives it. What is said in a channel comes after the channel has been opened. */
function laneOf(effect: Effect): string {
  const incident = effect.incident ?? "";
  switch (effect.kind) {
    case "notify": return JSON.stringify([incident, effect.channel, effect.address]);
    case "open_channel": return JSON.stringify([incident, effect.channel, effect.name]);
    case "status_page": return JSON.stringify([incident, effect.kind, effect.page]);
    default: return JSON.stringify([incident, effect.kind]);
  }
}

/** The name that a handler opened a channel under. What is no name must not keep the report from the engine. */
function opened(effect: Effect, result: unknown): Pick<Delivered, "openedAs"> {
  const isName = effect.kind === "open_channel" && typeof result === "string" && result !== "" && result.length <= CHANNEL_NAME_MAX;
  return isName && isWellFormed(result) ? { openedAs: result } : {};
}

const name = (effect: Effect): string => (effect.kind === "notify" ? `the channel \`${effect.channel}\`` : `\`${effect.kind}\``);

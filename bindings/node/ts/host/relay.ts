import { type EventEmitter, on } from "node:events";

import type { Effect } from "../data";

/** Effects from now on, also before the first is asked for: what comes meanwhile is kept for whoever iterates. @internal */
export function effectsFrom(relay: EventEmitter, signal: AbortSignal): AsyncGenerator<Effect, void, undefined> {
  const events = signal.aborted ? undefined : on(relay, "effect", { signal });
  const effects = (async function* () {
    try {
      for await (const [effect] of events ?? []) yield effect as Effect;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  })();
  const end = effects.return.bind(effects);
  // A generator that has not begun, or waits for an effect, would not let go of the relay.
  effects.return = async () => {
    await events?.return?.();
    return end();
  };
  return effects;
}

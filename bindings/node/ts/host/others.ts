// What hosts beside this one have in hand, in a store that several write. One that is killed reports no more, and says so to
// nobody: after a while somebody else has to do it.

import type { Effect, EffectId } from "../data";
import { wantsReport } from "../report";
import { type Kept, portions } from "./entries";

/** The effects of other hosts that nobody has reported on yet, and since when. @internal */
export class Others {
  readonly #patience: number;
  readonly #inHand = new Map<EffectId, { effect: Effect; since: number }>();

  /** After so many milliseconds without a report, a host counts as gone. */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** Whether somebody else may still be at work on what was handed out at an instant. */
  mayBeAtWork(since: number, now: number): boolean {
    return now < since + this.#patience;
  }

  /** Somebody else's entry was lived through: some of what came of it, which is theirs to do. */
  lived(kept: Kept, effects: readonly Effect[], now: number): void {
    // A clock that goes ahead of ours must not make us wait for longer.
    const since = Math.min(Date.parse(kept.at), now);
    for (const effect of effects) if (wantsReport(effect)) this.#inHand.set(effect.id, { effect, since });
  }

  /** It is done, whoever did it. */
  reported(id: EffectId): void {
    this.#inHand.delete(id);
  }

  /** What they have in hand at this moment. */
  ids(): Set<EffectId> {
    return new Set(this.#inHand.keys());
  }

  /** Takes what was not reported on for too long. */
  async abandoned(now: number): Promise<Effect[]> {
    const found: Effect[] = [];
    for await (const some of portions([...this.#inHand])) {
      for (const [id, { effect, since }] of some) {
        // What was reported meanwhile is done.
        if (!this.mayBeAtWork(since, now) && this.#inHand.delete(id)) found.push(effect);
      }
    }
    return found;
  }
}

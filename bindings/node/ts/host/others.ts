// What hosts beside this one have in hand, in a store that several write. One that is killed reports no more, and says so to
// nobody: after a while somebody else has to do it.

import type { Effect, EffectId } from "../data";
import { wantsReport } from "../report";
import { type Kept, portions } from "./entries";

/** The effects of other hosts that nobody has reported on yet, and since when. @internal */
export class Others {
  readonly #patience: number;
  readonly #inHand = new Map<EffectId, number>();

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
    for (const effect of effects) if (wantsReport(effect)) this.#inHand.set(effect.id, since(kept, now));
  }

  /** Somebody else's entry says what they have taken over. */
  took(kept: Kept, now: number): void {
    for (const id of kept.takes ?? []) this.#inHand.set(id, since(kept, now));
  }

  /** Nobody else has it in hand any more: it is done, or this host does it. */
  without(id: EffectId): void {
    this.#inHand.delete(id);
  }

  /** What they have in hand at this moment. */
  ids(): Set<EffectId> {
    return new Set(this.#inHand.keys());
  }

  /** What was not reported on for too long. */
  async abandoned(now: number): Promise<Set<EffectId>> {
    const found = new Set<EffectId>();
    for await (const some of portions([...this.#inHand])) {
      for (const [id, since] of some) if (!this.mayBeAtWork(since, now)) found.add(id);
    }
    return found;
  }
}

/** A clock that goes ahead of ours must not make us wait for longer. */
const since = (kept: Kept, now: number): number => Math.min(Date.parse(kept.at), now);

import { randomUUID } from "node:crypto";

import type { Effect, Input } from "../data";
import type { Document, DocumentOptions } from "../document";
import { Engine } from "../engine";
import { KentonganError } from "../error";
import type { Policy } from "../policy";
import type { DocumentKind, Question } from "../question";
import { wantsReport } from "../report";
import type { Reload } from "../running";
import type { Step } from "../shapes";
import { type Kept, applied, courseOf, expected, linesOf, readAll, textOf } from "./entries";
import type { Machine } from "./machine";
import { type Store, isTick } from "./store";

/** Over anything that keeps lines in order. @internal */
export async function overStore(
  policy: Policy,
  store: Store,
  adoptPolicy: boolean,
  earlier: readonly Policy[],
): Promise<Machine> {
  const known = [policy, ...earlier];
  const kept = await readAll(store);
  const { first, texts } = courseOf(policy, known, kept, adoptPolicy);
  // The last entry apart: what it came to may not have been done yet, and nobody reports on some of it.
  const last = texts.pop();
  const { engine } = await Engine.replayed(first, await linesOf(texts), known);
  const effects = last === undefined ? [] : await applied(engine, JSON.parse(last) as Kept, known);
  const pending: Effect[] = [];
  for await (const effect of engine.pending()) pending.push(effect);
  const recovered = inOrder(pending, effects.filter((effect) => !wantsReport(effect)));
  return new Keeper(store, adoptPolicy, known, engine, kept.length, recovered);
}

/** Two lists in the order of time as one. */
function inOrder(some: readonly Effect[], others: readonly Effect[]): Effect[] {
  const all: Effect[] = [];
  let next = 0;
  for (const other of others) {
    for (; next < some.length && (some[next] as Effect).at <= other.at; next += 1) all.push(some[next] as Effect);
    all.push(other);
  }
  for (; next < some.length; next += 1) all.push(some[next] as Effect);
  return all;
}

function refusesForNothing(seq: number): KentonganError {
  const message = `the store says that another writer has kept entry ${seq}, and does not give it`;
  const help = "see its `read`: it gives every entry that `append` has kept";
  return new KentonganError({ code: "corrupt", message, help });
}

/** An engine, and a store that is written before it acts. */
class Keeper implements Machine {
  readonly recovered: Effect[];
  readonly shared: boolean;
  readonly #store: Store;
  readonly #adoptPolicy: boolean;
  readonly #known: Policy[];
  readonly #engine: Engine;
  /** How many entries the engine has lived through. */
  #length: number;
  /** By this it knows its own entries again. */
  readonly #host = randomUUID();
  #doubtful = false;
  #late: Effect[] = [];

  constructor(store: Store, adoptPolicy: boolean, known: Policy[], engine: Engine, length: number, recovered: Effect[]) {
    this.#store = store;
    this.#adoptPolicy = adoptPolicy;
    this.#known = known;
    this.#engine = engine;
    this.#length = length;
    this.recovered = recovered;
    this.shared = store.shared ?? false;
  }

  get policy(): Policy {
    return this.#engine.policy;
  }

  get doubtful(): boolean {
    return this.#doubtful;
  }

  late(): Effect[] {
    const late = this.#late;
    this.#late = [];
    return late;
  }

  async apply(at: number, input: Input): Promise<Step> {
    if (isTick(input) && (this.#doubtful || this.shared)) await this.#catchUp();
    for (;;) {
      const wakeup = this.#engine.wakeup;
      if (isTick(input) && (wakeup === undefined || at < wakeup.getTime())) {
        return { effects: [], decisions: [], ...(wakeup && { wakeup }) };
      }
      this.#engine.check(at, input);
      if (await this.#append(textOf(at, { input }, this.#engine.policy.digest, this.#host))) {
        return this.#engine.apply(at, input);
      }
    }
  }

  async reload({ at, policy, severities = {} }: Reload): Promise<Step> {
    if (!this.#known.includes(policy)) this.#known.push(policy);
    for (;;) {
      await this.#engine.checkReload({ at, policy, severities });
      const [from, to] = [this.#engine.policy.digest, policy.digest];
      const changes = from !== to || Object.keys(severities).length > 0;
      const time = new Date(at).getTime();
      if (!changes || (await this.#append(textOf(time, { reload: { from, to, severities } }, to, this.#host)))) {
        return this.#engine.reload({ at, policy, severities });
      }
    }
  }

  asked<T>(question: Question): Promise<T> {
    return this.#engine.asked(question);
  }

  written(kind: DocumentKind, subject: string, options: DocumentOptions): Promise<Document> {
    return this.#engine.written(kind, subject, options);
  }

  reopen(policy: Policy, policies: readonly Policy[]): Promise<Machine> {
    return overStore(policy, this.#store, this.#adoptPolicy, policies);
  }

  async close(): Promise<void> {
    await this.#store.close?.();
  }

  /** Keeps an entry, or reads what another writer has kept in its place. */
  async #append(text: string): Promise<boolean> {
    let kept: boolean;
    try {
      kept = await this.#store.append({ seq: this.#length + 1, text });
    } catch (error) {
      // A connection that broke before the answer came says nothing of what was asked.
      this.#doubtful = true;
      throw error;
    }
    if (kept) {
      this.#length += 1;
      this.#doubtful = false;
    } else {
      const before = this.#length;
      await this.#catchUp();
      if (this.#length === before) throw refusesForNothing(before + 1);
    }
    return kept;
  }

  async #catchUp(): Promise<void> {
    for await (const entry of await this.#store.read(this.#length)) {
      const kept = JSON.parse(expected(entry, this.#length + 1).text) as Kept;
      const effects = await applied(this.#engine, kept, this.#known);
      this.#length += 1;
      // Nobody else performs what comes of this host's entries.
      if (kept.host === this.#host) for (const effect of effects) this.#late.push(effect);
    }
    this.#doubtful = false;
  }
}

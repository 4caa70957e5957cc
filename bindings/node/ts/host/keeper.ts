import { randomUUID } from "node:crypto";

import type { Effect, Input } from "../data";
import type { Document, DocumentOptions } from "../document";
import { Engine } from "../engine";
import { KentonganError } from "../error";
import type { Policy } from "../policy";
import type { DocumentKind, Question } from "../question";
import { wantsReport } from "../report";
import type { Reload } from "../running";
import { Steps, breathe } from "../shapes";
import {
  type Entry, type Line, READ_AT_ONCE,
  applied, appliedWhileRunning, courseOf, entriesAfter, keptIn, linesOf, livedThrough, notAsAgreed, ofStore, readAll, textOf,
} from "./entries";
import type { Machine } from "./machine";
import { Others } from "./others";
import { type Store, isTick } from "./store";

const KEPT_OR_NOT = "true once the entry would survive a crash, and false where another writer has kept one of that number";

/** How many effects are taken over with one entry. */
const TAKEN_AT_ONCE = 1_000;

/** What a machine over a store is opened with. @internal */
export interface Opening {
  policy: Policy;
  store: Store;
  adoptPolicy: boolean;
  /** The policies from before reloads. */
  earlier: readonly Policy[];
  /** Now. */
  at: number;
  /** How long, in milliseconds, another host of a shared store is waited for before it counts as gone. */
  patience: number;
  /** Which life of which host it is; another one unless given. */
  host?: string;
}

/** Over anything that keeps lines in order. @internal */
export async function overStore(opening: Opening): Promise<Machine> {
  const { policy, store, adoptPolicy, at, patience, host = randomUUID() } = opening;
  const known = [policy, ...opening.earlier];
  const all = await readAll(store);
  const { first, lines } = await courseOf(policy, known, all, adoptPolicy);
  // Where nobody else writes nobody is waited for, whatever the clock says.
  const others = new Others(store.shared === true ? patience : -Infinity);
  const latest = await cutOff(lines, (since) => others.mayBeAtWork(since, at));
  const parts = await linesOf(lines);
  const { engine } = await livedThrough(lines, () => Engine.replayed(first, parts, known));
  let notes: Effect[] = [];
  for (const entry of latest) {
    const { kept } = entry;
    const theirs = kept.host !== host && others.mayBeAtWork(Date.parse(kept.at), at);
    notes = [];
    const steps = await applied(engine, entry, known);
    if (theirs) others.took(kept, at);
    for await (const effects of steps.effects()) {
      if (theirs) others.lived(kept, effects, at);
      for (const effect of effects) if (!wantsReport(effect)) notes.push(effect);
    }
  }
  const recovered = withNotes(await engine.waiting(), others.ids(), notes);
  return new Keeper({ ...opening, host }, known, engine, all.length, recovered, others);
}

/**
 * Takes the last entry off, since what it came to may not have been done yet and nobody reports on some of it, and with it
 * those whose host may still be at work on what they came to.
 */
async function cutOff(lines: Line[], mayBeAtWork: (since: number) => boolean): Promise<Entry[]> {
  const latest: Entry[] = [];
  for (let line = lines.at(-1); line !== undefined; line = lines.at(-1)) {
    const { seq, text } = line;
    const kept = keptIn(text, seq);
    if (latest.length > 0 && !mayBeAtWork(Date.parse(kept.at))) break;
    latest.push({ seq, text, kept });
    lines.pop();
    if (latest.length % READ_AT_ONCE === 0) await breathe();
  }
  return latest.reverse();
}

/** What is pending, but for what others have in hand, and the notes that an entry came to, in the order of time. */
async function* withNotes(pending: Steps, theirs: ReadonlySet<string>, notes: readonly Effect[]): AsyncGenerator<Effect[], void, undefined> {
  let told = 0;
  for await (const effects of pending.effects()) {
    for (const effect of effects) {
      const at = effect.at.getTime();
      for (let note = notes[told]; note !== undefined && note.at.getTime() < at; note = notes[told]) {
        yield [note];
        told += 1;
      }
      if (!theirs.has(effect.id)) yield [effect];
    }
  }
  yield notes.slice(told);
}

function refusesForNothing(seq: number): KentonganError {
  const message = `the store says that another writer has kept entry ${seq}, and does not give it`;
  const help = "see its `read`: it gives every entry that `append` has kept";
  return new KentonganError({ code: "corrupt", message, help });
}

/** An engine, and a store that is written before it acts. */
class Keeper implements Machine {
  readonly recovered: AsyncIterable<readonly Effect[]>;
  readonly shared: boolean;
  readonly #opening: Opening & { host: string };
  readonly #store: Store;
  readonly #known: Policy[];
  readonly #engine: Engine;
  /** How many entries the engine has lived through. */
  #length: number;
  /** By this it knows its own entries again. */
  readonly #host: string;
  readonly #others: Others;
  #doubtful = false;
  #closed = false;
  #late: Effect[] = [];
  #abandoned: Effect[] = [];

  constructor(opening: Opening & { host: string }, known: Policy[], engine: Engine, length: number, recovered: Machine["recovered"], others: Others) {
    this.#opening = opening;
    this.#store = opening.store;
    this.#host = opening.host;
    this.#known = known;
    this.#engine = engine;
    this.#length = length;
    this.#others = others;
    this.recovered = recovered;
    this.shared = opening.store.shared ?? false;
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

  abandoned(): Effect[] {
    const abandoned = this.#abandoned;
    this.#abandoned = [];
    return abandoned;
  }

  async apply(at: number, input: Input): Promise<Steps> {
    if (!isTick(input)) return this.#keep(at, input);
    if (this.#doubtful || this.shared) await this.#catchUp(at);
    const steps = await this.#keep(at, input);
    // Not before: what has come due may be told in the place of what was told then.
    if (!this.shared) return steps;
    try {
      await this.#takeOver(at);
    } catch (error) {
      // What has come due is kept, and nobody else would do it.
      for await (const effects of steps.effects()) this.#late.push(...effects);
      throw error;
    }
    steps.wakeup = this.#engine.wakeup;
    return steps;
  }

  async #keep(at: number, input: Input): Promise<Steps> {
    for (;;) {
      const wakeup = this.#engine.wakeup;
      if (isTick(input) && (wakeup === undefined || at < wakeup.getTime())) return Steps.none(wakeup);
      try {
        this.#engine.check(at, input);
      } catch (error) {
        if (await this.#isStale(at)) continue;
        throw error;
      }
      if (await this.#append(at, textOf(at, { input }, this.#engine.policy.digest, this.#host))) {
        if (input.kind === "report") this.#others.without(input.effect);
        return this.#engine.applied(at, input);
      }
    }
  }

  async reload({ at, policy, severities = {} }: Reload): Promise<Steps> {
    if (!this.#known.includes(policy)) this.#known.push(policy);
    const before = this.#engine.policy.digest;
    const time = new Date(at).getTime();
    for (;;) {
      const [from, to] = [this.#engine.policy.digest, policy.digest];
      // Another host has moved the store to it meanwhile, and has said what becomes of severities.
      if (from === to && before !== to) return this.#engine.reloaded({ at, policy });
      try {
        await this.#engine.checkReload({ at, policy, severities });
      } catch (error) {
        if (await this.#isStale(time)) continue;
        throw error;
      }
      const changes = from !== to || Object.keys(severities).length > 0;
      if (!changes || (await this.#append(time, textOf(time, { reload: { from, to, severities } }, to, this.#host)))) {
        return this.#engine.reloaded({ at, policy, severities });
      }
    }
  }

  async asked<T>(question: Question, at: number): Promise<T> {
    await this.#lookUp(at);
    return this.#engine.asked(question);
  }

  async state(at: number): Promise<Buffer> {
    await this.#lookUp(at);
    return this.#engine.snapshot();
  }

  async check(at: number, input: Input): Promise<void> {
    await this.#lookUp(at);
    this.#engine.check(at, input);
  }

  async *pending(at: number): AsyncGenerator<Effect, void, undefined> {
    await this.#lookUp(at);
    yield* this.#engine.pending();
  }

  async written(kind: DocumentKind, subject: string, options: DocumentOptions, at: number): Promise<Document> {
    await this.#lookUp(at);
    return this.#engine.written(kind, subject, options);
  }

  reopen(at: number, policy: Policy, policies: readonly Policy[]): Promise<Machine> {
    // It is the same host: what it has kept is its own to do, and at once.
    return overStore({ ...this.#opening, at, policy, earlier: policies });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#store.close?.();
    } catch (error) {
      throw ofStore("not_closed", "the store cannot be closed", error);
    }
  }

  /** Keeps an entry, or reads what another writer has kept in its place. */
  async #append(at: number, text: string): Promise<boolean> {
    let kept: boolean;
    try {
      kept = await this.#store.append({ seq: this.#length + 1, text });
      if (typeof kept !== "boolean") throw notAsAgreed("not_kept", "append", kept, KEPT_OR_NOT);
    } catch (error) {
      // A connection that broke before the answer came says nothing of what was asked.
      this.#doubtful = true;
      throw ofStore("not_kept", "the store did not keep it", error);
    }
    if (kept) {
      this.#length += 1;
      this.#doubtful = false;
    } else {
      const before = this.#length;
      await this.#catchUp(at);
      if (this.#length === before) throw refusesForNothing(before + 1);
    }
    return kept;
  }

  /** Whether others had kept something of which this host did not know: what it refused, it may then take. */
  async #isStale(at: number): Promise<boolean> {
    if (!this.shared) return false;
    const before = this.#length;
    await this.#catchUp(at);
    return this.#length > before;
  }

  /** Looks at what others have kept, before an answer. Where the store is away, what is known is better than none. */
  async #lookUp(at: number): Promise<void> {
    if (!this.shared) return;
    try {
      await this.#catchUp(at);
    } catch (error) {
      if (!(error instanceof KentonganError && error.code === "not_read")) throw error;
    }
  }

  async #catchUp(at: number): Promise<void> {
    for await (const entries of entriesAfter(this.#store, this.#length)) for (const entry of entries) await this.#caughtUp(entry, at);
    this.#doubtful = false;
  }

  async #caughtUp(entry: Entry, at: number): Promise<void> {
    const { kept } = entry;
    const steps = await appliedWhileRunning(this.#engine, entry, this.#known);
    this.#length += 1;
    if (kept.input?.kind === "report") this.#others.without(kept.input.effect);
    // What it has taken over and did not hear of, it takes over once more.
    if (kept.host !== this.#host) this.#others.took(kept, at);
    for await (const effects of steps.effects()) {
      // Nobody else performs what comes of this host's entries.
      if (kept.host === this.#host) this.#late.push(...effects);
      else if (this.shared) this.#others.lived(kept, effects, at);
    }
  }

  /** What another host has begun and does not report on is done by this one, which says so first: of those who notice at once, one does it. */
  async #takeOver(at: number): Promise<void> {
    const tick: Input = { kind: "tick" };
    for (let taken = await this.#leftAlone(at); taken.length > 0; taken = await this.#leftAlone(at)) {
      const ids = taken.map(({ id }) => id);
      if (!(await this.#append(at, textOf(at, { input: tick }, this.#engine.policy.digest, this.#host, ids)))) continue;
      for await (const effects of (await this.#engine.applied(at, tick)).effects()) this.#late.push(...effects);
      this.#abandoned.push(...taken);
      for (const id of ids) this.#others.without(id);
    }
  }

  /** Some of what others have begun and do not report on, as far as it is still to be done. */
  async #leftAlone(at: number): Promise<Effect[]> {
    const abandoned = await this.#others.abandoned(at);
    if (abandoned.size === 0) return [];
    const found: Effect[] = [];
    for await (const effect of this.#engine.pending()) if (abandoned.delete(effect.id) && found.length < TAKEN_AT_ONCE) found.push(effect);
    // A later one has taken its place.
    for (const id of abandoned) this.#others.without(id);
    return found;
  }
}

// What a store of a host's own keeps, read again.

import type { Input } from "../data";
import type { Engine } from "../engine";
import { KentonganError } from "../error";
import type { Policy } from "../policy";
import { Steps, breathe, described, inward } from "../shapes";
import type { Store, StoredEntry } from "./store";
import { wordsOf } from "./words";

/** An entry as a store keeps it. @internal */
export interface Kept {
  at: string;
  input?: Input;
  reload?: { from: string; to: string; severities?: Record<string, string> };
  /** The digest of the policy in force; after a reload, of the new one. */
  policy?: string;
  /** Which life of which host wrote it. */
  host?: string;
  /** The effects that it takes over from another one, which has begun them and does not report on them. */
  takes?: string[];
}

/** What is looked at in an entry before it is lived through. @internal */
export interface Line extends Pick<Kept, "reload" | "policy"> {
  text: string;
}

const IN_FORCE_BEFORE = "hand in the policies that were in force before a reload as well, with `policies`";
const RELOAD_HERE_TOO = "another host of the store has moved to it: call `reload` with it here, too";

/** How many entries are read before the event loop goes on: about five milliseconds. @internal */
export const READ_AT_ONCE = 500;
/** How many things are merely looked at before it goes on: about a millisecond. */
const LOOKED_AT_ONCE = 2_000;

/** Things of which there may be a million, some at a time: between two of them the event loop goes on. @internal */
export async function* portions<T>(all: readonly T[]): AsyncGenerator<readonly T[], void, undefined> {
  for (let from = 0; from < all.length; from += LOOKED_AT_ONCE) {
    if (from > 0) await breathe();
    yield all.slice(from, from + LOOKED_AT_ONCE);
  }
}

/** An input as an entry, or a reload. @internal */
export function textOf(at: number, what: { input: Input } | { reload: Kept["reload"] }, policy: string, host: string, takes?: readonly string[]): string {
  const content = "input" in what ? { input: inward(what.input) } : what;
  return JSON.stringify({ at: new Date(at), ...content, policy, host, takes });
}

/** Every entry of a store after a number, in order. What the store throws comes as `not_read`. @internal */
export async function* entriesAfter(store: Store, after: number): AsyncGenerator<{ text: string; kept: Kept }, void, undefined> {
  let seq = after;
  try {
    const entries: unknown = await store.read(after);
    if (!(Symbol.iterator in Object(entries) || Symbol.asyncIterator in Object(entries))) throw notAsAgreed("not_read", "read", entries, GIVES_ENTRIES);
    for await (const entry of entries as AsyncIterable<StoredEntry>) {
      seq += 1;
      if (typeof entry?.seq !== "number" || typeof entry.text !== "string") throw notAsAgreed("not_read", "read", entry, GIVES_ENTRIES);
      const { text } = expected(entry, seq);
      yield { text, kept: keptIn(text, seq) };
    }
  } catch (error) {
    throw ofStore("not_read", "the store cannot be read", error);
  }
}

const GIVES_ENTRIES = "every entry after a number in order, as `{ seq, text }`: in an array or another iterable, and an empty one where there is none";

/** A store that gives what no store may: what was kept would be in doubt, or lost without a word. @internal */
export function notAsAgreed(code: string, method: string, given: unknown, wanted: string): KentonganError {
  const message = `\`${method}\` of the store gave ${described(given)}`;
  return new KentonganError({ code, message, help: `see the store of this host: \`${method}\` has to give ${wanted}` });
}

/** What a store of a user's own threw, as an error of this package. @internal */
export function ofStore(code: string, what: string, cause: unknown): KentonganError {
  if (cause instanceof KentonganError) return cause;
  const help = "see the store of this host, and the `cause`; it may be tried again";
  return new KentonganError({ code, message: `${what}: ${wordsOf(cause)}`, help }, { cause });
}

/** Everything that a store holds. @internal */
export async function readAll(store: Store): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const { text, kept: { reload, policy } } of entriesAfter(store, 0)) {
    lines.push({ text, ...(reload && { reload }), ...(policy !== undefined && { policy }) });
    if (lines.length % READ_AT_ONCE === 0) await breathe();
  }
  return lines;
}

/** Entries as bytes, one a line. @internal */
export async function linesOf(texts: readonly string[]): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  for (let from = 0; from < texts.length; from += READ_AT_ONCE) {
    if (from > 0) await breathe();
    parts.push(Buffer.from(`${texts.slice(from, from + READ_AT_ONCE).join("\n")}\n`));
  }
  return parts;
}

/** Applies an entry that was kept; one that this policy refuses was refused then, too. @internal */
export async function applied(engine: Engine, { at, input, reload }: Kept, known: readonly Policy[], help?: string): Promise<Steps> {
  try {
    if (reload === undefined) return await engine.applied(at, input as Input);
    const { to, severities = {} } = reload;
    return await engine.reloaded({ at, policy: found(known, to, help), severities });
  } catch (error) {
    if (error instanceof KentonganError && !["internal", "poisoned", "missing_policy"].includes(error.code)) return Steps.none(engine.wakeup);
    throw error;
  }
}

/**
 * Applies what another host has kept while this one runs. One that lives under another policy would come to other incidents.
 *
 * @throws {KentonganError} `other_policy`; `missing_policy`, until this host is given what the other one has moved to
 * @internal
 */
export async function appliedWhileRunning(engine: Engine, kept: Kept, known: readonly Policy[]): Promise<Steps> {
  const before = policyBefore(kept);
  if (before !== undefined && before !== engine.policy.digest) {
    const message = `another host keeps what happens in the store under policy \`${before}\`, this one under \`${engine.policy.digest}\``;
    const help = "start all hosts of a store with one policy, and change it with `reload` on each of them";
    throw new KentonganError({ code: "other_policy", message, help });
  }
  return applied(engine, kept, known, RELOAD_HERE_TOO);
}

/** The policy that was in force when an entry was kept, if it says so. */
const policyBefore = ({ reload, policy }: Pick<Kept, "reload" | "policy">): string | undefined => reload?.from ?? policy;

/**
 * What is lived through, and under which policy it begins. What is adopted is lived through under the new one alone.
 * @internal
 */
export async function courseOf(
  policy: Policy,
  known: readonly Policy[],
  kept: readonly Line[],
  adoptPolicy: boolean,
): Promise<{ first: Policy; texts: string[] }> {
  let [since, index] = [0, 0];
  let begins: string | undefined;
  let ends: string | undefined;
  for await (const entries of portions(kept)) {
    for (const entry of entries) {
      const before = policyBefore(entry) ?? policy.digest;
      if (before !== ends) [begins, since] = [before, index];
      ends = entry.reload?.to ?? before;
      index += 1;
    }
  }
  if (ends !== undefined && ends !== policy.digest) {
    if (!adoptPolicy) throw otherPolicy(ends);
    [begins, since] = [policy.digest, kept.length];
  }
  const first = begins === undefined ? policy : found(known, begins);
  const texts: string[] = [];
  index = 0;
  for await (const entries of portions(kept)) {
    for (const { reload, text } of entries) {
      if (index >= since || reload === undefined) texts.push(text);
      index += 1;
    }
  }
  return { first, texts };
}

/** The entry, which must be of this number. */
function expected(entry: StoredEntry, seq: number): StoredEntry {
  if (entry.seq === seq) return entry;
  throw corrupt(`the store gives entry ${entry.seq} in place of ${seq}`);
}

function keptIn(text: string, seq: number): Kept {
  try {
    return JSON.parse(text) as Kept;
  } catch (cause) {
    throw corrupt(`entry ${seq} of the store is not JSON`, { cause });
  }
}

const corrupt = (message: string, options?: ErrorOptions): KentonganError =>
  new KentonganError({ code: "corrupt", message, help: "restore the store from a backup" }, options);

function found(known: readonly Policy[], digest: string, help = IN_FORCE_BEFORE): Policy {
  const policy = known.find((one) => one.digest === digest);
  if (policy !== undefined) return policy;
  const message = `the policy \`${digest}\` is needed to live through the store again`;
  throw new KentonganError({ code: "missing_policy", message, help });
}

function otherPolicy(found: string): KentonganError {
  const help = "use the policy it was written under, or set `adoptPolicy`";
  return new KentonganError({ code: "other_policy", message: `the store was written under policy \`${found}\``, help });
}

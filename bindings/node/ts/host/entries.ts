// What a store of a host's own keeps, read again.

import type { Input } from "../data";
import type { Engine } from "../engine";
import { KentonganError } from "../error";
import { inTheirWords } from "../misshapen";
import type { Policy } from "../policy";
import { Steps, breathe, described, inward, notDeclared } from "../shapes";
import type { Store, StoredEntry } from "./store";
import { wordsOf } from "../words";

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

/** An entry with its number, as text and read. @internal */
export interface Entry {
  seq: number;
  text: string;
  kept: Kept;
}

/** What is looked at in an entry before it is lived through. @internal */
export interface Line extends Pick<Kept, "reload" | "policy"> {
  seq: number;
  text: string;
}

const IN_FORCE_BEFORE = "hand in the policies that were in force before a reload as well, with `policies`";
const RELOAD_HERE_TOO = "another host of the store has moved to it: call `reload` with it here, too";
const READ_BY_OTHERS =
  "use the release that wrote it, or a newer one; where none has written it, see who else writes to the store, or restore it from a backup";

/** What the engine says of an entry that it cannot read. */
const UNREADABLE = new Set(["invalid_value", "invalid_instant"]);
/** What it says where it has not looked at it. Whatever else it says is a refusal. */
const NOT_LOOKED_AT = new Set(["internal", "poisoned", "busy", "missing_policy", "unreadable_record"]);

/** How many entries are read before the event loop goes on: about two milliseconds. @internal */
export const READ_AT_ONCE = 200;
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

/**
 * The entries of a store after a number, in order, some at a time. What the store throws comes as `not_read`, after what it gave.
 * @internal
 */
export async function* entriesAfter(store: Store, after: number): AsyncGenerator<Entry[], void, undefined> {
  let [seq, some] = [after, [] as Entry[]];
  const isFull = (entry: StoredEntry): boolean => {
    seq += 1;
    if (typeof entry?.seq !== "number" || typeof entry.text !== "string") throw notAsAgreed("not_read", "read", entry, GIVES_ENTRIES, oddPart(entry));
    const { text } = expected(entry, seq);
    some.push({ seq, text, kept: keptIn(text, seq) });
    return some.length === READ_AT_ONCE;
  };
  let fault: KentonganError | undefined;
  try {
    const given: unknown = await store.read(after);
    // A text can be gone through, too, and an empty one would count as an empty store.
    const entries = (typeof given === "object" && given !== null ? given : {}) as Iterable<StoredEntry> | AsyncIterable<StoredEntry>;
    if (Symbol.asyncIterator in entries) {
      for await (const entry of entries) if (isFull(entry)) yield some.splice(0);
    } else if (Symbol.iterator in entries) {
      // Not the same loop: `for await` makes promises for each entry, though nothing is waited for.
      for (const entry of entries) if (isFull(entry)) yield some.splice(0);
    } else {
      throw notAsAgreed("not_read", "read", given, GIVES_ENTRIES);
    }
  } catch (error) {
    fault = ofStore("not_read", "the store cannot be read", error);
  }
  if (some.length > 0) yield some;
  if (fault !== undefined) throw fault;
}

const GIVES_ENTRIES = "every entry after a number in order, as `{ seq, text }`: in an array or another iterable, and an empty one where there is none";

/** What of an entry is of a wrong type, which a driver's own notion of big numbers may be. */
function oddPart(entry: unknown): string {
  if (typeof entry !== "object" || entry === null) return "";
  const { seq, text } = entry as Partial<Record<keyof StoredEntry, unknown>>;
  return typeof seq === "number" ? `, whose \`text\` is ${described(text)}` : `, whose \`seq\` is ${described(seq)}`;
}

/** A store that gives what no store may: what was kept would be in doubt, or lost without a word. @internal */
export function notAsAgreed(code: string, method: string, given: unknown, wanted: string, part = ""): KentonganError {
  const message = `\`${method}\` of the store gave ${described(given)}${part}`;
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
  for await (const entries of entriesAfter(store, 0)) {
    for (const { seq, text, kept: { reload, policy } } of entries) lines.push({ seq, text, ...(reload && { reload }), ...(policy !== undefined && { policy }) });
    await breathe();
  }
  return lines;
}

/** Entries as bytes, one a line. @internal */
export async function linesOf(lines: readonly Line[]): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  for (let from = 0; from < lines.length; from += READ_AT_ONCE) {
    if (from > 0) await breathe();
    parts.push(Buffer.from(lines.slice(from, from + READ_AT_ONCE).map(({ text }) => `${text}\n`).join("")));
  }
  return parts;
}

/** Lives through entries at once. One that cannot be read comes with its number. @internal */
export async function livedThrough<T>(lines: readonly Line[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const line = error instanceof KentonganError && error.code === "invalid_value" ? error.where?.line : undefined;
    const entry = line === undefined ? undefined : lines[line - 1];
    throw entry === undefined ? error : unreadable(entry, error as KentonganError);
  }
}

/** Applies an entry that was kept; one that this policy refuses was refused then, too. @internal */
export async function applied(engine: Engine, entry: Entry, known: readonly Policy[], help?: string): Promise<Steps> {
  const { at, input, reload } = entry.kept;
  try {
    if (reload == null) return await engine.appliedAsKept(at, JSON.stringify(input));
    const { to, severities = {} } = reload;
    return await engine.reloaded({ at, policy: found(known, to, help), severities });
  } catch (error) {
    if (!(error instanceof KentonganError) || NOT_LOOKED_AT.has(error.code)) throw error;
    if (UNREADABLE.has(error.code)) throw unreadable(entry, error);
    return Steps.none(engine.wakeup);
  }
}

/**
 * Applies what another host has kept while this one runs. One that lives under another policy would come to other incidents.
 *
 * @throws {KentonganError} `other_policy`; `missing_policy`, until this host is given what the other one has moved to
 * @internal
 */
export async function appliedWhileRunning(engine: Engine, entry: Entry, known: readonly Policy[]): Promise<Steps> {
  const before = policyBefore(entry.kept);
  if (before !== undefined && before !== engine.policy.digest) {
    const message = `another host keeps what happens in the store under policy \`${before}\`, this one under \`${engine.policy.digest}\``;
    const help = "start all hosts of a store with one policy, and change it with `reload` on each of them";
    throw new KentonganError({ code: "other_policy", message, help });
  }
  return applied(engine, entry, known, RELOAD_HERE_TOO);
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
): Promise<{ first: Policy; lines: Line[] }> {
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
  const lines: Line[] = [];
  index = 0;
  for await (const entries of portions(kept)) {
    for (const entry of entries) {
      if (index >= since || entry.reload === undefined) lines.push(entry);
      index += 1;
    }
  }
  return { first, lines };
}

/** The entry, which must be of this number. */
function expected(entry: StoredEntry, seq: number): StoredEntry {
  if (entry.seq === seq) return entry;
  throw corrupt(seq, `the store gives entry ${entry.seq} in place of ${seq}`);
}

/** The entry of a text. The engine reads its input, once it is lived through. @internal */
export function keptIn(text: string, seq: number): Kept {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch (cause) {
    throw corrupt(seq, `entry ${seq} of the store is not JSON`, { cause });
  }
  const fault = faultOf(kept);
  if (fault !== undefined) throw unreadable({ seq, text }, fault);
  return kept as Kept;
}

/** What keeps it from being an entry, as far as a host looks at it. */
function faultOf(kept: unknown): KentonganError | undefined {
  const { at, input, reload, policy, host, takes } = Object(kept) as Partial<Record<keyof Kept, unknown>>;
  if (typeof at !== "string" || (reload != null && !isReload(reload))) return notAnEntry(`it is ${described(kept)}`);
  if (input == null && reload == null) return notAnEntry("it has neither `input` nor `reload`");
  if (input != null && reload != null) return notAnEntry("`input` and `reload` exclude each other");
  if (!isTextIfAny(policy) || !isTextIfAny(host)) return notAnEntry("`policy` and `host` are texts");
  if (takes !== undefined && !(Array.isArray(takes) && takes.every((id) => typeof id === "string"))) return notAnEntry("`takes` is a list of ids");
  return undefined;
}

const notAnEntry = (why: string, cause?: unknown): KentonganError =>
  notDeclared("an entry of a journal", why, "`{ at, input }` or `{ at, reload }`", { cause });

const isTextIfAny = (value: unknown): boolean => value === undefined || typeof value === "string";

function isReload(value: unknown): boolean {
  const { from, to } = Object(value) as { from?: unknown; to?: unknown };
  return typeof from === "string" && typeof to === "string";
}

/** An entry that is none, or of a newer release: passed over, what it says would be lost, and what comes after it mean something else. */
function unreadable({ seq, text }: Omit<Entry, "kept">, error: KentonganError): KentonganError {
  const plain = error.code === "invalid_value" ? error : notAnEntry(error.message, error);
  const cause = inTheirWords(plain, "entry", text) as KentonganError;
  const { path } = cause.where ?? {};
  const message = `entry ${seq} of the store cannot be read: ${cause.message}`;
  const where = { line: seq, ...(path !== undefined && { path }) };
  return new KentonganError({ code: "unreadable_record", message, help: READ_BY_OTHERS, where }, { cause });
}

const corrupt = (seq: number, message: string, options?: ErrorOptions): KentonganError =>
  new KentonganError({ code: "corrupt", message, help: "restore the store from a backup", where: { line: seq } }, options);

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

// An engine together with where its inputs are kept: written down first, applied then.

import type { Effect, Input } from "../data";
import { Engine, type Reload } from "../engine";
import { KentonganError } from "../error";
import type { Duty, Incident } from "../incident";
import { Journal, type Recovery } from "../journal";
import type { Policy } from "../policy";
import { type Step, breathe, inward } from "../shapes";
import { type FileStore, type Store, type StoredEntry, isTick } from "./store";

/** An engine whose inputs are kept before it acts on them. Calls must not overlap. @internal */
export interface Machine {
  /** What was under way when the last host stopped. */
  readonly recovered: Effect[];
  /** What opening a journal's file found. */
  readonly recovery?: Recovery;
  apply(at: number, input: Input): Promise<Step>;
  reload(reload: Reload): Promise<Step>;
  incidents(after?: string): Promise<Incident[]>;
  who(role: string, at: number): Promise<Duty>;
  close(): Promise<void>;
}

const PAGE = 100;

/** Over the journal file, which has an engine of its own. @internal */
export async function overFile(policy: Policy, store: FileStore, policies: readonly Policy[]): Promise<Machine> {
  const journal = await Journal.open(store.file, policy, { adoptPolicy: store.adoptPolicy ?? false, policies });
  return {
    recovered: journal.recovery.effects,
    recovery: journal.recovery,
    apply: (at, input) => journal.apply(at, input),
    reload: (reload) => journal.reload(reload),
    incidents: (after) => pageOf(journal.incidents(after)),
    who: (role, at) => journal.who(role, at),
    close: () => journal.close(),
  };
}

/** The first incidents of those that come. */
async function pageOf(incidents: Iterable<Incident> | AsyncIterable<Incident>): Promise<Incident[]> {
  const page: Incident[] = [];
  for await (const incident of incidents) {
    page.push(incident);
    if (page.length === PAGE) break;
  }
  return page;
}

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
  const unreported =
    last === undefined ? [] : (await applied(engine, last, known)).filter((effect) => !wantsReport(effect));
  const recovered: Effect[] = [];
  for await (const effect of engine.pending()) recovered.push(effect);
  recovered.push(...unreported);
  recovered.sort((a, b) => a.at.getTime() - b.at.getTime());
  let length = kept.length;

  async function catchUp(): Promise<void> {
    for await (const entry of await store.read(length)) {
      await applied(engine, expected(entry, length + 1).text, known);
      length += 1;
    }
  }

  return {
    recovered,
    async apply(at, input) {
      for (;;) {
        const wakeup = engine.wakeup;
        if (isTick(input) && (wakeup === undefined || at < wakeup.getTime())) {
          return { effects: [], decisions: [], ...(wakeup && { wakeup }) };
        }
        engine.check(at, input);
        const entry = { at: new Date(at), input: inward(input), policy: engine.policy.digest };
        if (await store.append({ seq: length + 1, text: JSON.stringify(entry) })) {
          length += 1;
          return engine.apply(at, input);
        }
        await catchUp();
      }
    },
    async reload({ at, policy: next, severities = {} }) {
      if (!known.includes(next)) known.push(next);
      for (;;) {
        await engine.checkReload({ at, policy: next, severities });
        const [from, to] = [engine.policy.digest, next.digest];
        const changes = from !== to || Object.keys(severities).length > 0;
        const entry = { at: new Date(at), reload: { from, to, severities }, policy: to };
        if (!changes || (await store.append({ seq: length + 1, text: JSON.stringify(entry) }))) {
          if (changes) length += 1;
          return engine.reload({ at, policy: next, severities });
        }
        await catchUp();
      }
    },
    incidents: (after) => pageOf(engine.incidents(after)),
    who: async (role, at) => engine.who(role, at),
    close: async () => store.close?.(),
  };
}

/** Whether the host says how an effect went. @internal */
export function wantsReport(effect: Effect): boolean {
  return effect.kind === "notify" || effect.kind === "open_channel" || effect.kind === "status_page";
}

/** An entry as a store keeps it. */
interface Kept {
  at: string;
  input?: Input;
  reload?: { from: string; to: string; severities?: Record<string, string> };
  /** The digest of the policy in force; after a reload, of the new one. */
  policy?: string;
}

/** What is looked at in an entry before it is lived through. */
interface Line extends Pick<Kept, "reload" | "policy"> {
  text: string;
}

/** How many entries are read before the event loop goes on: about five milliseconds. */
const READ_AT_ONCE = 500;

async function readAll(store: Store): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const entry of await store.read(0)) {
    const { text } = expected(entry, lines.length + 1);
    const { reload, policy } = JSON.parse(text) as Kept;
    lines.push({ text, ...(reload && { reload }), ...(policy !== undefined && { policy }) });
    if (lines.length % READ_AT_ONCE === 0) await breathe();
  }
  return lines;
}

/** Entries as bytes, one a line. */
async function linesOf(texts: readonly string[]): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  for (let from = 0; from < texts.length; from += READ_AT_ONCE) {
    if (from > 0) await breathe();
    parts.push(Buffer.from(`${texts.slice(from, from + READ_AT_ONCE).join("\n")}\n`));
  }
  return parts;
}

/** Applies an entry that was kept; one that this policy refuses was refused then, too. */
async function applied(engine: Engine, text: string, known: readonly Policy[]): Promise<Effect[]> {
  const { at, input, reload } = JSON.parse(text) as Kept;
  try {
    if (reload === undefined) return (await engine.apply(at, input as Input)).effects;
    const { to, severities = {} } = reload;
    return (await engine.reload({ at, policy: found(known, to), severities })).effects;
  } catch (error) {
    if (error instanceof KentonganError && error.code !== "internal" && error.code !== "missing_policy") return [];
    throw error;
  }
}

/** What is lived through, and under which policy it begins. What is adopted is lived through under the new one alone. */
function courseOf(
  policy: Policy,
  known: readonly Policy[],
  kept: readonly Line[],
  adoptPolicy: boolean,
): { first: Policy; texts: string[] } {
  let since = 0;
  let begins: string | undefined;
  let ends: string | undefined;
  for (const [index, entry] of kept.entries()) {
    const before = entry.reload?.from ?? entry.policy ?? policy.digest;
    if (before !== ends) [begins, since] = [before, index];
    ends = entry.reload?.to ?? before;
  }
  if (ends !== undefined && ends !== policy.digest) {
    if (!adoptPolicy) throw otherPolicy(ends);
    [begins, since] = [policy.digest, kept.length];
  }
  const counts = ({ reload }: Line, index: number): boolean => index >= since || reload === undefined;
  const texts = kept.filter(counts).map(({ text }) => text);
  return { first: begins === undefined ? policy : found(known, begins), texts };
}

function found(known: readonly Policy[], digest: string): Policy {
  const policy = known.find((one) => one.digest === digest);
  if (policy !== undefined) return policy;
  const message = `the policy \`${digest}\` is needed to live through the store again`;
  const help = "hand in the policies that were in force before a reload as well, with `policies`";
  throw new KentonganError({ code: "missing_policy", message, help });
}

function expected(entry: StoredEntry, seq: number): StoredEntry {
  if (entry.seq === seq) return entry;
  const help = "restore the store from a backup";
  throw new KentonganError({ code: "corrupt", message: `the store gives entry ${entry.seq} in place of ${seq}`, help });
}

function otherPolicy(found: string): KentonganError {
  const help = "use the policy it was written under, or set `adoptPolicy`";
  return new KentonganError({ code: "other_policy", message: `the store was written under policy \`${found}\``, help });
}

// An engine together with where its inputs are kept: written down first, applied then.

import { NativeJournal } from "../../native";
import type { Effect, Input } from "../data";
import { Engine } from "../engine";
import { KentonganError, wait } from "../error";
import type { Duty, Incident } from "../incident";
import type { Policy } from "../policy";
import { type Step, inputText, inward, millis, parse, stepOf } from "../shapes";
import { type FileStore, type Store, type StoredEntry, isTick } from "./store";

/** An engine whose inputs are kept before it acts on them. Calls must not overlap. @internal */
export interface Machine {
  /** What was under way when the last host stopped. */
  readonly recovered: Effect[];
  apply(at: number, input: Input): Promise<Step>;
  incidents(after?: string): Promise<Incident[]>;
  who(role: string, at: number): Promise<Duty>;
  close(): Promise<void>;
}

const PAGE = 100;

/** Over the journal file, which has an engine of its own. @internal */
export async function overFile(policy: Policy, store: FileStore): Promise<Machine> {
  const journal = await wait(() => NativeJournal.open(store.file, policy.native, store.adoptPolicy ?? false));
  const recovered = (await stepOf(journal.recoveredEffects())).effects;
  const read = async <T>(pages: Promise<Buffer[]>): Promise<T> => parse<T>(((await pages)[0] ?? Buffer.from("null")).toString("utf8"));
  return {
    recovered,
    apply: async (at, input) => stepOf(await wait(async () => journal.apply(at, inputText(input)))),
    incidents: (after) => wait(() => read<Incident[]>(journal.incidents(after, PAGE))),
    who: (role, at) => wait(async () => read<Duty>(journal.duty(role, at))),
    close: () => wait(() => journal.close()),
  };
}

/** Over anything that keeps lines in order. @internal */
export async function overStore(policy: Policy, store: Store, adoptPolicy: boolean): Promise<Machine> {
  const texts: string[] = [];
  for await (const entry of await store.read(0)) texts.push(expected(entry, texts.length + 1).text);
  const last = texts.at(-1);
  if (last !== undefined && !adoptPolicy) refuseOtherPolicy(policy, last);
  // The last entry apart: what it came to may not have been done yet, and nobody reports on some of it.
  const { engine } = await Engine.replay(policy, texts.slice(0, -1).join("\n"));
  const unreported = last === undefined ? [] : (await applied(engine, last)).filter((effect) => !wantsReport(effect));
  const recovered = [...(await engine.pending()), ...unreported].sort((a, b) => a.at.getTime() - b.at.getTime());
  let length = texts.length;

  async function catchUp(): Promise<void> {
    for await (const entry of await store.read(length)) {
      await applied(engine, expected(entry, length + 1).text);
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
        const entry = { at: new Date(at), input: inward(input), policy: policy.digest };
        if (await store.append({ seq: length + 1, text: JSON.stringify(entry) })) {
          length += 1;
          return engine.applyAsync(at, input);
        }
        await catchUp();
      }
    },
    async incidents(after) {
      const page: Incident[] = [];
      for (const incident of engine.incidents(after)) {
        page.push(incident);
        if (page.length === PAGE) break;
      }
      return page;
    },
    who: async (role, at) => engine.who(role, at),
    close: async () => store.close?.(),
  };
}

/** Whether the host says how an effect went. @internal */
export function wantsReport(effect: Effect): boolean {
  return effect.kind === "notify" || effect.kind === "open_channel" || effect.kind === "status_page";
}

/** Applies an entry that was kept; one that this policy refuses was refused then, too. */
async function applied(engine: Engine, text: string): Promise<Effect[]> {
  const { at, input } = JSON.parse(text) as { at: string; input: Input };
  try {
    return (await engine.applyAsync(millis(at), input)).effects;
  } catch (error) {
    if (error instanceof KentonganError && error.code !== "internal") return [];
    throw error;
  }
}

function expected(entry: StoredEntry, seq: number): StoredEntry {
  if (entry.seq === seq) return entry;
  const help = "restore the store from a backup";
  throw new KentonganError({ code: "corrupt", message: `the store gives entry ${entry.seq} in place of ${seq}`, help });
}

function refuseOtherPolicy(policy: Policy, last: string): void {
  const found = (JSON.parse(last) as { policy?: string }).policy;
  if (found === undefined || found === policy.digest) return;
  const help = "use the policy it was written under, or set `adoptPolicy`";
  throw new KentonganError({ code: "other_policy", message: `the store was written under policy \`${found}\``, help });
}

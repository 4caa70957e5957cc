// An engine together with where its inputs are kept: written down first, applied then.

import type { Effect, Input } from "../data";
import type { Document, DocumentOptions } from "../document";
import { Journal, type Recovery } from "../journal";
import type { Policy } from "../policy";
import type { DocumentKind, Question } from "../question";
import type { Reload } from "../running";
import type { Steps } from "../shapes";
import type { FileStore } from "./store";

/** An engine whose inputs are kept before it acts on them. Calls must not overlap. @internal */
export interface Machine {
  /** The policy in force. */
  readonly policy: Policy;
  /** What was under way when the last host stopped, in pages; once. */
  readonly recovered: AsyncIterable<readonly Effect[]>;
  /** What opening a journal's file found, the effects apart: they are for the host to perform. */
  readonly recovery?: Omit<Recovery, "effects">;
  /** The journal of a file. */
  readonly journal?: Journal;
  /** Whether others write to its store, whose deeds have to be looked at now and then. */
  readonly shared: boolean;
  /** Whether the store may have kept an entry of which it said that it had not. */
  readonly doubtful: boolean;
  /** What came of entries that were kept though the store said otherwise; each is given once, and nobody has performed it. */
  late(): Effect[];
  /** What other hosts of a shared store have begun and did not report on for too long; each is given once. */
  abandoned(): Effect[];
  apply(at: number, input: Input): Promise<Steps>;
  reload(reload: Reload): Promise<Steps>;
  /** Rejects with what `apply` would reject with. */
  check(at: number, input: Input): Promise<void>;
  /** The effects whose outcome has not been reported. From the first on, the calls after it may overlap. */
  pending(at: number): AsyncGenerator<Effect, void, undefined>;
  asked<T>(question: Question, at: number): Promise<T>;
  /** The whole state, as the bytes of `Engine.snapshot`. */
  state(at: number): Promise<Buffer>;
  written(kind: DocumentKind, subject: string, options: DocumentOptions, at: number): Promise<Document>;
  /** The same store, opened again: what was confirmed is in it. */
  reopen(at: number, policy: Policy, policies: readonly Policy[]): Promise<Machine>;
  close(): Promise<void>;
}

/** Over the journal file, which has an engine of its own. @internal */
export async function overFile(policy: Policy, store: FileStore, policies: readonly Policy[]): Promise<Machine> {
  const { file, adoptPolicy = false, snapshotEvery } = store;
  const options = { adoptPolicy, policies, ...(snapshotEvery !== undefined && { snapshotEvery }) };
  const { journal, recovered } = await Journal.opened(file, policy, options);
  const { effects: _, ...found } = journal.recovery;
  return {
    get policy() {
      return journal.policy;
    },
    recovered: recovered.effects(),
    recovery: found,
    journal,
    shared: false,
    doubtful: false,
    late: () => [],
    abandoned: () => [],
    apply: (at, input) => journal.applied(at, input),
    reload: (reload) => journal.reloaded(reload),
    check: (at, input) => journal.check(at, input),
    pending: () => journal.pending(),
    asked: (question) => journal.asked(question),
    state: () => journal.state(),
    written: (kind, subject, options) => journal.written(kind, subject, options),
    async reopen(_at, policy, policies) {
      await journal.close();
      return overFile(policy, store, policies);
    },
    close: () => journal.close(),
  };
}

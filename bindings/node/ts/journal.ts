import { NativeJournal } from "../native";
import type { Effect, Handoff, Input, Instant } from "./data";
import { checkedFlag, checkedSnapshotEvery, checkedText, madeOf } from "./checks";
import { wait } from "./error";
import type { Duty, Incident } from "./incident";
import { Coverage, type OnCall, type Shift } from "./oncall";
import { checkedOptions } from "./named";
import { type Policy, checkedPolicies, checkedPolicy } from "./policy";
import { type Reload, Running, checkedReload, readable } from "./running";
import { Steps, answerOf, date, inputText, millis, parse } from "./shapes";

/** How many incidents one look at the engine gives. */
const PAGE = 100;

/** How a journal is opened. */
export interface JournalOptions {
  /**
   * Whether a journal that was written under another policy is lived through again under this one and goes on with it.
   * That is a new course of history; without it such a journal is not opened, code `other_policy`.
   */
  adoptPolicy?: boolean;
  /** After how many records a snapshot is written beside the journal, 10,000 unless given; 0 for never. */
  snapshotEvery?: number;
  /** Those that were in force before a reload: needed where it was stopped between a reload and its snapshot. */
  policies?: readonly Policy[];
}

/** What was cut off the end of a journal, and where it is kept. */
export interface Cut {
  /** How many good records stand before it. */
  records: number;
  /** Where it began, in bytes. */
  offset: number;
  /** Its length in bytes. */
  bytes: number;
  /** What is wrong with its first line. */
  damage: { code: "unfinished" | "not_a_record" | "checksum_mismatch" | "misplaced" | "too_long"; found?: number };
  /** The file that it was added to. */
  kept: string;
}

/** What opening a journal found. */
export interface Recovery {
  /** Whether the journal was begun now, for want of one. */
  created: boolean;
  /** How many records it holds. */
  records: number;
  /** How many of them the engine lived through again; the snapshot stands for the others. */
  replayed: number;
  /** How many of those the engine refused. Only another policy or another release of the engine can cause that. */
  refused: number;
  /** What became of the snapshot. */
  snapshot:
    | { code: "absent" }
    | { code: "used"; seq: number }
    | { code: "ignored"; problem: { code: string; reason?: string } };
  /** What was cut off at the end, if the last write was cut short. */
  torn?: Cut;
  /** The digest of the policy that the journal was written under, where it has been replayed under another. */
  adoptedFrom?: string;
  /** Who wrote the last record, where that was not this release with this time zone data. A replay may differ then. */
  writtenBy?: { engine: string; timeZoneData: string };
  /** The effects to perform unless it is known that they were: what is not reported, and what the last record came to. */
  effects: Effect[];
}

/**
 * An engine whose inputs are in a journal's file, on disk, before it acts on them: what `createHost` keeps, for a program
 * that owns its clock and its deliveries itself. One writes a journal at a time; `close` it. Everything happens on other
 * threads, one call after the other.
 *
 * ```js
 * const journal = await Journal.open("night.journal", policy);
 * for (const effect of journal.recovery.effects) await perform(effect);
 * const { effects, wakeup } = await journal.apply(new Date(), { kind: "alert", key: "a1", service: "checkout" });
 * ```
 *
 * After a defect, or where the disk does not confirm a write, every call is rejected with `poisoned` until it is closed and
 * opened again: what was confirmed is in it.
 */
export class Journal extends Running {
  /** What opening it found. */
  readonly recovery: Recovery;
  readonly #native: NativeJournal;

  private constructor(policy: Policy, native: NativeJournal, recovery: Recovery) {
    madeOf(native instanceof NativeJournal, "a journal", "`Journal.open`");
    super(policy, native);
    this.#native = native;
    this.recovery = recovery;
  }

  /**
   * Opens a journal, or begins one, and brings the engine to where it was.
   *
   * @throws {KentonganError} `locked`, `corrupt`, `other_policy`, `missing_policy`, …
   */
  static async open(path: string, policy: Policy, options: JournalOptions = {}): Promise<Journal> {
    const { journal, recovered } = await Journal.opened(path, policy, options);
    journal.recovery.effects = (await recovered.whole()).effects;
    return journal;
  }

  /** The same with the effects in pages, which are not in its `recovery` then. @internal */
  static async opened(path: string, policy: Policy, options: JournalOptions): Promise<{ journal: Journal; recovered: Steps }> {
    checkedText(path, "path");
    checkedOptions(options, { adoptPolicy: checkedFlag, snapshotEvery: checkedSnapshotEvery, policies: checkedPolicies });
    const { adoptPolicy = false, snapshotEvery, policies } = options;
    const digests = checkedPolicies(policies).map(({ digest }) => digest);
    const { native: compiled } = checkedPolicy(policy);
    const native = await wait(() => NativeJournal.open(path, compiled, adoptPolicy, snapshotEvery, digests));
    const recovered = Steps.of(await wait(() => native.recoveredEffects()));
    return { journal: new Journal(policy, native, { ...parse<Omit<Recovery, "effects">>(native.recovery()), effects: [] }), recovered };
  }

  /**
   * Gives up what follows the last good record of a damaged journal. It is kept in a file beside it, named `….torn`. Nothing
   * where nothing is damaged. A step for people to take: what is cut off had been confirmed.
   *
   * @throws {KentonganError} `locked`, where a writer has it
   */
  static async recover(path: string): Promise<Cut | undefined> {
    const [cut] = await wait(() => NativeJournal.recover(checkedText(path, "path")));
    return cut && parse<Cut>(cut.toString("utf8"));
  }

  /** The file, links resolved. */
  get path(): string {
    return this.#native.path;
  }

  /** Rejects with what `apply` would reject with. */
  async check(at: Instant, input: Input): Promise<void> {
    const [time, text] = [millis(at), inputText(input)];
    await readable(input, () => this.turns.take(() => this.#native.check(time, text)));
  }

  /** Rejects with what `reload` would reject with. */
  async checkReload(reload: Reload): Promise<void> {
    const { time, policy, severities } = checkedReload(reload);
    await this.turns.take(() => this.#native.checkReload(time, policy.native, severities));
  }

  /** What the engine promises of its own state, checked. Always empty, unless it has a defect. */
  audit(): Promise<string[]> {
    return this.turns.take(() => this.#native.audit());
  }

  /** The earliest instant at which anything is due. Before it, `advance` does nothing. */
  async wakeup(): Promise<Date | undefined> {
    return date(await this.asked<number | null>({ ask: "wakeup" }));
  }

  /** The engine's time: the latest instant handed in. */
  async now(): Promise<Date | undefined> {
    return date(await this.asked<number | null>({ ask: "now" }));
  }

  /** How many records the journal holds. */
  async records(): Promise<number> {
    return (await this.#standing()).records;
  }

  /** Why the last snapshot that it took by itself failed. The journal is whole without it. */
  async snapshotFault(): Promise<string | undefined> {
    return (await this.#standing()).snapshotFault;
  }

  /**
   * Every incident the engine remembers, by id, a hundred looked up at a time.
   *
   * @param after begins behind the incident of this id
   */
  async *incidents(after?: string): AsyncGenerator<Incident, void, undefined> {
    for (;;) {
      const page = await this.asked<Incident[]>({ ask: "incidents", after, limit: PAGE });
      yield* page;
      if (page.length < PAGE) return;
      after = page.at(-1)?.id;
    }
  }

  /** One incident. */
  async incident(id: string): Promise<Incident | undefined> {
    return (await this.asked<Incident | null>({ ask: "incident", id })) ?? undefined;
  }

  /** Who holds a role of an incident now; nobody where it was given up, or there is no such incident. */
  roleHolders(incident: string, role: string): Promise<string[]> {
    return this.asked({ ask: "roleHolders", incident, role });
  }

  /** The latest hand-off of each on-call role. */
  handoffs(): Promise<Handoff[]> {
    return this.asked({ ask: "handoffs" });
  }

  /** Who is on call in a role at an instant: whom the engine would page then. */
  async who(role: string, at: Instant): Promise<OnCall> {
    return this.asked({ ask: "who", role, at: millis(at) });
  }

  /** Who is on call in a role at an instant, by which layer, and who was passed over. */
  async duty(role: string, at: Instant): Promise<Duty> {
    return this.asked({ ask: "duty", role, at: millis(at) });
  }

  /** Who is next in line behind whoever is on call in a role. */
  async nextInLine(role: string, at: Instant): Promise<OnCall> {
    return this.asked({ ask: "nextInLine", role, at: millis(at) });
  }

  /** The next instant at which `who` answers otherwise. */
  async nextChange(role: string, after: Instant): Promise<Date | undefined> {
    return date(await this.asked<number | null>({ ask: "nextChange", role, after: millis(after, "after") }));
  }

  /** Who is on call in a role between two instants, gaps included, overrides and absences counted. */
  async coverage(role: string, from: Instant, to: Instant): Promise<Coverage> {
    return new Coverage(await this.asked({ ask: "coverage", role, from: millis(from, "from"), to: millis(to, "to") }));
  }

  /** The shifts of a role between two instants, in order, gaps among them. */
  async shifts(role: string, from: Instant, to: Instant): Promise<Shift[]> {
    return (await this.coverage(role, from, to)).shifts;
  }

  /** When somebody looks over the shoulder of those on call in a role, between two instants. */
  async shadowShifts(role: string, from: Instant, to: Instant): Promise<Shift[]> {
    return this.asked({ ask: "shadowShifts", role, from: millis(from, "from"), to: millis(to, "to") });
  }

  /** The whole state, in the bytes that `Engine.snapshot` gives and `Engine.restore` takes. */
  async state(): Promise<Buffer> {
    const [bytes] = await this.turns.take(() => this.#native.state());
    return bytes ?? Buffer.alloc(0);
  }

  /** Writes the engine's state beside the journal, so that the next one to open it has less to live through. */
  async snapshot(): Promise<void> {
    await this.turns.take(() => this.#native.snapshot());
  }

  /** Releases the file, after the calls before this one. */
  async close(): Promise<void> {
    await this.turns.take(() => this.#native.close());
  }

  async #standing(): Promise<{ records: number; snapshotFault?: string }> {
    return this.turns.take(async () => answerOf(await this.#native.standing()));
  }
}

import { NativeJournal } from "../native";
import type { Effect, Input, Instant } from "./data";
import type { Reload } from "./engine";
import { wait } from "./error";
import type { Duty, Incident } from "./incident";
import type { Coverage, Policy } from "./policy";
import { type Step, date, inputText, millis, parse, stepOf, stepsOf } from "./shapes";
import { Turns } from "./turns";

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

async function read<T>(pages: Promise<Buffer[]>): Promise<T> {
  return parse<T>(((await pages)[0] ?? Buffer.from("null")).toString("utf8"));
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
 */
export class Journal {
  /** What opening it found. */
  readonly recovery: Recovery;
  readonly #native: NativeJournal;
  readonly #turns = new Turns();
  #policy: Policy;

  /** @internal */
  constructor(policy: Policy, native: NativeJournal, recovery: Recovery) {
    this.#policy = policy;
    this.#native = native;
    this.recovery = recovery;
  }

  /**
   * Opens a journal, or begins one, and brings the engine to where it was.
   *
   * @throws {KentonganError} `locked`, `corrupt`, `other_policy`, `missing_policy`, …
   */
  static async open(path: string, policy: Policy, options: JournalOptions = {}): Promise<Journal> {
    const { adoptPolicy = false, snapshotEvery, policies = [] } = options;
    const digests = policies.map(({ digest }) => digest);
    const native = await wait(() => NativeJournal.open(path, policy.native, adoptPolicy, snapshotEvery, digests));
    const found = parse<Omit<Recovery, "effects">>(native.recovery());
    const { effects } = await stepOf(native.recoveredEffects());
    return new Journal(policy, native, { ...found, effects });
  }

  /**
   * Gives up what follows the last good record of a damaged journal. It is kept in a file beside it, named `….torn`. Nothing
   * where nothing is damaged. A step for people to take: what is cut off had been confirmed.
   *
   * @throws {KentonganError} `locked`, where a writer has it
   */
  static async recover(path: string): Promise<Cut | undefined> {
    const [cut] = await wait(() => NativeJournal.recover(path));
    return cut && parse<Cut>(cut.toString("utf8"));
  }

  /** The policy in force. */
  get policy(): Policy {
    return this.#policy;
  }

  /**
   * Writes an input down, waits until it is on disk, and applies it; see `Engine.apply`.
   *
   * @throws {KentonganError} the engine's refusal, or that the journal cannot be written; then nothing has changed
   */
  async apply(at: Instant, input: Input): Promise<Step> {
    const [time, text] = [millis(at), inputText(input)];
    return stepOf(await this.#turns.take(() => this.#native.apply(time, text)));
  }

  /** Lets time pass: does whatever is due by then. A call too early leaves no record. */
  advance(at: Instant): Promise<Step> {
    return this.apply(at, { kind: "tick" });
  }

  /**
   * Moves everything that is open to another policy; see `Engine.reload`. A snapshot follows, from where on the old policy
   * is needed no more.
   *
   * @throws {KentonganError} the engine's refusal, or that the journal cannot be written; then the old policy is in force
   */
  async reload({ at, policy, severities = {} }: Reload): Promise<Step> {
    const time = millis(at);
    const pages = await this.#turns.take(async () => {
      const pages = await this.#native.reload(time, policy.native, severities);
      this.#policy = policy;
      return pages;
    });
    return stepOf(pages);
  }

  /** Rejects with what `apply` would reject with. */
  async check(at: Instant, input: Input): Promise<void> {
    const [time, text] = [millis(at), inputText(input)];
    await this.#turns.take(() => this.#native.check(time, text));
  }

  /** The earliest instant at which anything is due. Before it, `advance` does nothing. */
  async wakeup(): Promise<Date | undefined> {
    return date(await this.#turns.take(() => this.#native.wakeup()));
  }

  /**
   * Every incident the engine remembers, by id, a hundred looked up at a time.
   *
   * @param after begins behind the incident of this id
   */
  async *incidents(after?: string): AsyncGenerator<Incident, void, undefined> {
    for (;;) {
      const from = after;
      const page = await this.#turns.take(() => read<Incident[]>(this.#native.incidents(from, PAGE)));
      yield* page;
      if (page.length < PAGE) return;
      after = page.at(-1)?.id;
    }
  }

  /** One incident. */
  async incident(id: string): Promise<Incident | undefined> {
    return (await this.#turns.take(() => read<Incident | null>(this.#native.incident(id)))) ?? undefined;
  }

  /** Every effect whose outcome has not been reported; see `Engine.pending`. */
  async *pending(): AsyncGenerator<Effect, void, undefined> {
    for await (const { effects } of stepsOf(await this.#turns.take(() => this.#native.pending()))) yield* effects;
  }

  /** Who is on call in a role at an instant, and who was passed over. */
  async who(role: string, at: Instant): Promise<Duty> {
    const time = millis(at);
    return this.#turns.take(() => read<Duty>(this.#native.duty(role, time)));
  }

  /** Who is on call in a role between two instants. */
  async coverage(role: string, from: Instant, to: Instant): Promise<Coverage> {
    const [first, last] = [millis(from), millis(to)];
    return this.#turns.take(() => read<Coverage>(this.#native.coverage(role, first, last)));
  }

  /** Writes the engine's state beside the journal, so that the next one to open it has less to live through. */
  async snapshot(): Promise<void> {
    await this.#turns.take(() => this.#native.snapshot());
  }

  /** Releases the file, after the calls before this one. */
  async close(): Promise<void> {
    await this.#turns.take(() => this.#native.close());
  }
}

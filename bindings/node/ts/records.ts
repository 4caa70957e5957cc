import { NativeRecords } from "../native";
import type { Input } from "./data";
import { checkedText, madeOf } from "./checks";
import { wait } from "./error";
import { answerOf, breathe } from "./shapes";

/** How many records are read at one go. */
const PAGE = 200;

/** One record of a journal's file: an input, or a reload of the policy. */
export interface JournalRecord {
  /** Its number, counted from 1 without gaps. */
  seq: number;
  /** When it was handed in. */
  at: Date;
  /** What was handed in. */
  input?: Input;
  /** The reload; the policies stand there by their digests. */
  reload?: { from: string; to: string; severities?: Record<string, string> };
  /** The digest of the policy in force; of a reload the one after it. */
  policy: string;
  /** The version of the engine that applied it. */
  engine: string;
  /** The version of the time zone data which that engine brought. */
  timeZoneData: string;
}

/** What is left over after the last good record: a write that was cut short, or one that is under way. */
export interface Tail {
  /** Where it begins, in bytes. */
  offset: number;
  /** Its length in bytes. */
  bytes: number;
  /** What is wrong with it. */
  damage: { code: string; found?: number };
}

/**
 * The records of a journal's file in order, each vouched for by the file's chain. It takes no lock, so its writer may go on.
 * It ends after the last good record; `tail` then says what is left over. Damage before that is thrown.
 *
 * ```js
 * for await (const { at, input } of await Records.open("night.journal")) console.log(at, input?.kind);
 * ```
 */
export class Records implements AsyncIterable<JournalRecord> {
  readonly #native: NativeRecords;

  private constructor(native: NativeRecords) {
    madeOf(native instanceof NativeRecords, "records", "`Records.open`");
    this.#native = native;
  }

  /**
   * Opens a journal for reading only.
   *
   * @throws {KentonganError} `io`, `not_a_journal`, `newer_format`
   */
  static async open(path: string): Promise<Records> {
    return new Records(await wait(() => NativeRecords.open(checkedText(path, "path"))));
  }

  /** The records, once. @throws {KentonganError} `corrupt`, `unreadable_record` */
  async *[Symbol.asyncIterator](): AsyncGenerator<JournalRecord, void, undefined> {
    for (;;) {
      const page = answerOf<JournalRecord[]>(await wait(() => this.#native.next(PAGE)));
      if (page.length === 0) return;
      yield* page;
      await breathe();
    }
  }

  /** What is left over after the last good record, if anything is. Known once the records have ended. */
  async tail(): Promise<Tail | undefined> {
    return answerOf<Tail | null>(await wait(() => this.#native.tail())) ?? undefined;
  }
}

import { NativeHistory } from "../native";
import type { Instant, MonthlyReport, QuarterlyReview } from "./data";
import { wait } from "./error";
import type { Policy } from "./policy";
import { inParts, millis, parse } from "./shapes";

/** A document that was written. */
export interface Document {
  /** What it says: Markdown, but for the topic of a channel, which is one line for Slack. */
  text: string;
  /** Why the policy's own template could not be used, and the one that comes with the library was. */
  fault?: string;
}

/** The report on a month, or the review of a quarter. */
export interface PeriodReport<Data> {
  /** What it says as data. */
  data: Data;
  /** The same as a document. */
  markdown: string;
  /** Why the policy's own template could not be used, and the one that comes with the library was. */
  fault?: string;
}

/** How a journal is lived through. */
export interface HistoryOptions {
  /** Those that reloads move to, in any order. */
  policies?: readonly Policy[];
  /** Up to when; what is later is left out. All of it otherwise. */
  until?: Instant;
}

async function answer<T>(work: () => Promise<Buffer[]>): Promise<T> {
  const [text] = await wait(work);
  return parse<T>((text ?? Buffer.alloc(0)).toString("utf8"));
}

const digests = (policy: Policy, { policies = [] }: HistoryOptions): string[] => [policy, ...policies].map(({ digest }) => digest);
const end = ({ until }: HistoryOptions): number | undefined => (until === undefined ? undefined : millis(until));

/**
 * A journal that was lived through for what it tells: reports, reviews, post-mortems, and the documents of incidents as
 * they stood. It changes no more. Everything happens on other threads.
 *
 * ```js
 * const history = await History.fromJournal("incidents.journal", policy);
 * const { markdown, data } = await history.monthly("2026-11");
 * ```
 */
export class History {
  readonly #native: NativeHistory;

  private constructor(native: NativeHistory) {
    this.#native = native;
  }

  /**
   * That of a journal's file, which another may go on writing.
   *
   * @throws {KentonganError} it is no journal, is damaged, or was written under another policy
   */
  static async fromJournal(path: string, policy: Policy, options: HistoryOptions = {}): Promise<History> {
    const until = end(options);
    return new History(await wait(async () => NativeHistory.ofFile(path, policy.native, digests(policy, options), until)));
  }

  /**
   * That of a journal in memory, or of a store of the host's own: one `{"at": …, "input": …}` or `{"at": …, "reload": …}`
   * a line, in the engine's own JSON.
   *
   * @throws {KentonganError} `invalid_value` with the line in `where`; `missing_policy`
   */
  static async of(policy: Policy, journal: Uint8Array | string, options: HistoryOptions = {}): Promise<History> {
    const until = end(options);
    const parts = await inParts(journal);
    return new History(await wait(async () => NativeHistory.ofLines(parts, policy.native, digests(policy, options), until)));
  }

  /**
   * The report on a month, `2026-11`, on the calendar of the policy's zone.
   *
   * @throws {KentonganError} `invalid_period`, `outside_journal`, `empty_journal`
   */
  async monthly(month: string): Promise<PeriodReport<MonthlyReport>> {
    return answer(() => this.#native.monthly(month));
  }

  /** The review of a quarter, `2026-Q4`. */
  async quarterly(quarter: string): Promise<PeriodReport<QuarterlyReview>> {
    return answer(() => this.#native.quarterly(quarter));
  }

  /**
   * The post-mortem of an incident, also of one that the engine has forgotten.
   *
   * @throws {KentonganError} `unknown_incident`
   */
  async postmortem(incident: string): Promise<Document> {
    return this.#document("postmortem", incident);
  }

  /** The topic of an incident's channel as things stand: one line, escaped for Slack. */
  async topic(incident: string): Promise<Document> {
    return this.#document("topic", incident);
  }

  /** The latest status update of an incident, for those inside. */
  async statusUpdate(incident: string): Promise<Document> {
    return this.#document("status-update", incident);
  }

  /**
   * What the public reads of an incident.
   *
   * @throws {KentonganError} `not_public`, where the public has been told nothing of it
   */
  async publicUpdate(incident: string): Promise<Document> {
    return this.#document("public-update", incident);
  }

  /**
   * What whoever comes on call in a role is handed over.
   *
   * @throws {KentonganError} `unknown_role`
   */
  async handoff(role: string): Promise<Document> {
    return this.#document("handoff", role);
  }

  async #document(kind: string, subject: string): Promise<Document> {
    return answer(async () => this.#native.document(kind, subject));
  }
}

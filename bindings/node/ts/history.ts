import { NativeHistory, type NativePages } from "../native";
import type { Account, Instant, MonthlyReport, QuarterlyReview } from "./data";
import { type Document, type DocumentOptions, documentOf, templatesFor, templatesOf } from "./document";
import { type JournalSource, isText, journalParts, readableLines } from "./entries";
import { checkedText, elsewhere, madeOf } from "./checks";
import { wait } from "./error";
import { checkedOptions } from "./named";
import { type Policy, checkedPolicies, checkedPolicy } from "./policy";
import type { DocumentKind } from "./question";
import { answerInPages, answerOf, date, millis } from "./shapes";

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
  return answerOf<T>(await wait(work));
}

async function reportOf<Data>(pages: NativePages): Promise<PeriodReport<Data>> {
  const { text: markdown, ...report } = await answerInPages<Data>(pages);
  return { ...report, markdown };
}

function digests(policy: Policy, options: HistoryOptions): string[] {
  checkedOptions(options, { policies: checkedPolicies, until: elsewhere });
  return [checkedPolicy(policy), ...checkedPolicies(options.policies)].map(({ digest }) => digest);
}

const end = ({ until }: HistoryOptions): number | undefined => (until === undefined ? undefined : millis(until, "until"));

/**
 * A journal that was lived through for what it tells: reports, reviews, post-mortems, and the documents of incidents as
 * they stood. It changes no more. Everything happens on other threads. Documents are written by the templates of the policy
 * that it ends under, or of another, `templates`: so one is tried before it is in force.
 *
 * ```js
 * const history = await History.fromJournal("incidents.journal", policy);
 * const { markdown, data } = await history.monthly("2026-11");
 * ```
 */
export class History {
  readonly #native: NativeHistory;

  private constructor(native: NativeHistory) {
    madeOf(native instanceof NativeHistory, "a history", "`History.of` or `History.fromJournal`");
    this.#native = native;
  }

  /**
   * That of a journal's file, which another may go on writing.
   *
   * @throws {KentonganError} it is no journal, is damaged, or was written under another policy
   */
  static async fromJournal(path: string, policy: Policy, options: HistoryOptions = {}): Promise<History> {
    const [known, until] = [digests(policy, options), end(options)];
    return new History(await wait(async () => NativeHistory.ofFile(checkedText(path, "path"), policy.native, known, until)));
  }

  /**
   * That of a journal in memory, or of a store of the host's own: `{ at, input }` or `{ at, reload }` one after the other, or
   * as text one a line, in the engine's own JSON.
   *
   * @throws {KentonganError} `invalid_value` with the line in `where`; `missing_policy`
   */
  static async of(policy: Policy, journal: JournalSource, options: HistoryOptions = {}): Promise<History> {
    const [known, until] = [digests(policy, options), end(options)];
    const parts = await journalParts(journal);
    const native = await readableLines(parts, isText(journal), () => wait(async () => NativeHistory.ofLines(parts, policy.native, known, until)));
    return new History(native);
  }

  /** The first instant that it tells of; none where it tells nothing. */
  get began(): Date | undefined {
    return date(this.#native.span()[0]);
  }

  /** The last instant that it tells of; none where it tells nothing. */
  get ended(): Date | undefined {
    return date(this.#native.span()[1]);
  }

  /**
   * The report on a month, `2026-11`, on the calendar of the policy's zone.
   *
   * @throws {KentonganError} `invalid_period`, `outside_journal`, `empty_journal`
   */
  async monthly(month: string, options: DocumentOptions = {}): Promise<PeriodReport<MonthlyReport>> {
    const templates = templatesOf(options);
    return reportOf(await wait(() => this.#native.monthly(checkedText(month, "month"), templates)));
  }

  /** The review of a quarter, `2026-Q4`. */
  async quarterly(quarter: string, options: DocumentOptions = {}): Promise<PeriodReport<QuarterlyReview>> {
    const templates = templatesOf(options);
    return reportOf(await wait(() => this.#native.quarterly(checkedText(quarter, "quarter"), templates)));
  }

  /** The ids of all incidents that it tells of, in the order of their opening, those that are forgotten among them. */
  async incidents(): Promise<string[]> {
    return answer(() => this.#native.incidents());
  }

  /**
   * What it tells of an incident, as data: promises, pages, timeline, and what its post-mortem says.
   *
   * @throws {KentonganError} `unknown_incident`
   */
  async account(incident: string): Promise<Account> {
    return answer(() => this.#native.account(checkedText(incident, "incident")));
  }

  /** How an incident went, as a picture: SVG. */
  async timelineSvg(incident: string): Promise<string> {
    return answer(() => this.#native.picture(checkedText(incident, "incident")));
  }

  /**
   * The post-mortem of an incident, also of one that the engine has forgotten.
   *
   * @throws {KentonganError} `unknown_incident`
   */
  async postmortem(incident: string, options: DocumentOptions = {}): Promise<Document> {
    return this.#document("postmortem", incident, options);
  }

  /**
   * The topic of an incident's channel as things stand: one line, escaped for Slack.
   *
   * @throws {KentonganError} `unknown_incident`, `forgotten_incident`
   */
  async topic(incident: string, options: DocumentOptions = {}): Promise<Document> {
    return this.#document("topic", incident, options);
  }

  /** The latest status update of an incident, for those inside. */
  async statusUpdate(incident: string, options: DocumentOptions = {}): Promise<Document> {
    return this.#document("status-update", incident, options);
  }

  /**
   * What the public reads of an incident.
   *
   * @throws {KentonganError} `not_public`, where the public has been told nothing of it
   */
  async publicUpdate(incident: string, options: DocumentOptions = {}): Promise<Document> {
    return this.#document("public-update", incident, options);
  }

  /**
   * What whoever comes on call in a role is handed over.
   *
   * @throws {KentonganError} `unknown_role`
   */
  async handoff(role: string, options: DocumentOptions = {}): Promise<Document> {
    return this.#document("handoff", role, options);
  }

  async #document(kind: DocumentKind | "postmortem", subject: string, options: DocumentOptions): Promise<Document> {
    const templates = templatesFor(kind, subject, options);
    return documentOf(await wait(async () => this.#native.document(kind, subject, templates)));
  }
}

import type { Account, Instant, MonthlyReport, QuarterlyReview } from "./data";
import { type Document, type DocumentOptions } from "./document";
import { type JournalSource } from "./entries";
import { type Policy } from "./policy";
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
export declare class History {
    #private;
    private constructor();
    /**
     * That of a journal's file, which another may go on writing.
     *
     * @throws {KentonganError} it is no journal, is damaged, or was written under another policy
     */
    static fromJournal(path: string, policy: Policy, options?: HistoryOptions): Promise<History>;
    /**
     * That of a journal in memory, or of a store of the host's own: `{ at, input }` or `{ at, reload }` one after the other, or
     * as text one a line, in the engine's own JSON.
     *
     * @throws {KentonganError} `invalid_value` with the line in `where`; `missing_policy`
     */
    static of(policy: Policy, journal: JournalSource, options?: HistoryOptions): Promise<History>;
    /** The first instant that it tells of; none where it tells nothing. */
    get began(): Date | undefined;
    /** The last instant that it tells of; none where it tells nothing. */
    get ended(): Date | undefined;
    /**
     * The report on a month, `2026-11`, on the calendar of the policy's zone.
     *
     * @throws {KentonganError} `invalid_period`, `outside_journal`, `empty_journal`
     */
    monthly(month: string, options?: DocumentOptions): Promise<PeriodReport<MonthlyReport>>;
    /** The review of a quarter, `2026-Q4`. */
    quarterly(quarter: string, options?: DocumentOptions): Promise<PeriodReport<QuarterlyReview>>;
    /** The ids of all incidents that it tells of, in the order of their opening, those that are forgotten among them. */
    incidents(): Promise<string[]>;
    /**
     * What it tells of an incident, as data: promises, pages, timeline, and what its post-mortem says.
     *
     * @throws {KentonganError} `unknown_incident`
     */
    account(incident: string): Promise<Account>;
    /** How an incident went, as a picture: SVG. */
    timelineSvg(incident: string): Promise<string>;
    /**
     * The post-mortem of an incident, also of one that the engine has forgotten.
     *
     * @throws {KentonganError} `unknown_incident`
     */
    postmortem(incident: string, options?: DocumentOptions): Promise<Document>;
    /**
     * The topic of an incident's channel as things stand: one line, escaped for Slack.
     *
     * @throws {KentonganError} `unknown_incident`, `forgotten_incident`
     */
    topic(incident: string, options?: DocumentOptions): Promise<Document>;
    /** The latest status update of an incident, for those inside. */
    statusUpdate(incident: string, options?: DocumentOptions): Promise<Document>;
    /**
     * What the public reads of an incident.
     *
     * @throws {KentonganError} `not_public`, where the public has been told nothing of it
     */
    publicUpdate(incident: string, options?: DocumentOptions): Promise<Document>;
    /**
     * What whoever comes on call in a role is handed over.
     *
     * @throws {KentonganError} `unknown_role`
     */
    handoff(role: string, options?: DocumentOptions): Promise<Document>;
}

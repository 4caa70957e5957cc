import { type BatchOptions, type Ruling, type Rulings } from "./batch";
import { Calendar } from "./calendar";
import type { Alert, Classification, Instant } from "./data";
import { type Diagnostic } from "./error";
import { Coverage, type OnCall, type Shift } from "./oncall";
import { Schedule } from "./schedule";
/** What one rule says of an alert. */
export interface RuleAccount {
    /** The rule. */
    rule: string;
    /** Where it stands in the policy, `classify[3]`. */
    entry: string;
    /** The line of the policy's file. */
    line?: number;
    /** The severity it gives where it matches. */
    severity: string;
    /** What comes of it. */
    says: "decides" | "matches_too" | "no" | "fails";
    /** The first part of it that does not hold, where it says `no`. */
    fails?: string;
    /** What went wrong, where it `fails`. */
    error?: string;
    /** Whether the index passed over it: no look at the rule itself was needed. */
    passedOver: boolean;
    /** Why it runs as a script and not in native form. */
    script?: string;
    /** What it reads, or what the part of it reads that does not hold. */
    facts?: Record<string, unknown>;
    /** What of that the alert does not have. */
    absent?: string[];
}
/** The severity of an alert, and what every rule has to do with it. */
export interface Explanation extends Classification {
    /** Every rule, in the policy's order. */
    rules: RuleAccount[];
    /** The same as people read it: a line for each rule that was looked at, and one for all that the index passed over. */
    text: string;
}
/** What checking a policy found. */
export interface Check {
    /** Whether it can be used. */
    valid: boolean;
    /** Errors and warnings, with places and remedies. */
    diagnostics: Diagnostic[];
    /** What it holds, in brief; only where it can be used. */
    summary?: Record<string, unknown>;
}
/** How the text of a policy is read. */
export interface TextOptions {
    /** What diagnostics call it; `policy.yaml` unless given. */
    name?: string;
    /**
     * Gives the content of a file that the policy names beside itself: a script, a table, a calendar. At once, and nothing where there
     * is none; what it throws is the `cause` of the error.
     */
    read?: (name: string) => Uint8Array | string | null | undefined;
}
/**
 * A policy: how bad an alert is, what is promised, who is told and who is told next. Compiled once, never changed, and
 * cheap to share between engines and, by its digest, between worker threads.
 *
 * ```js
 * const policy = Policy.load("policy.yaml");
 * policy.classify({ key: "a1", service: "checkout" }).severity;
 * ```
 */
export declare class Policy {
    #private;
    private constructor();
    /**
     * Reads a policy from a file, YAML or JSON, with the files that it names beside itself.
     *
     * @throws {KentonganError} with everything wrong with it in `diagnostics`; `not_utf8`, with the line in `where`; `io` where the
     *   file cannot be read, with the error of `node:fs` as its `cause`
     */
    static load(path: string): Policy;
    /** Reads a policy from text, YAML or JSON. @throws {KentonganError} with everything wrong with it in `diagnostics` */
    static fromYaml(text: string, options?: TextOptions): Policy;
    /** Reads a policy that is built as data, in the policy's own names. @throws {KentonganError} with the path of each problem */
    static fromObject(document: object, options?: Pick<TextOptions, "read">): Policy;
    /** The policy of KREKI, which comes with the package. */
    static kreki(): Policy;
    /** A policy that comes with the package, by its name. @throws {KentonganError} `unknown_policy` */
    static shipped(name: string): Policy;
    /**
     * The policy with this digest that another thread of the process has in use: nothing is read or compiled again.
     *
     * @throws {KentonganError} `unknown_policy` where none has; the thread that loaded it must keep it referenced
     */
    static shared(digest: string): Policy;
    /** Looks at the text of a policy without throwing: everything wrong with it, and what it holds. */
    static check(text: string, options?: TextOptions): Check;
    /**
     * The same of a file, with the files that it names beside itself.
     *
     * @throws {KentonganError} `not_utf8`, with the line in `where`; `io` where the file cannot be read
     */
    static checkFile(path: string): Check;
    /** Its name. */
    get name(): string;
    /** The SHA-256 of its content, comments and layout aside: `sha256:…`. */
    get digest(): string;
    /** The zone in which its people read dates and times: `Asia/Jakarta`. */
    get zone(): string;
    /** The facts of an alert that its rules read: `service`, `labels.env`, `values.error_rate`. */
    get alertFacts(): string[];
    /** The names of its severities, the worst first. */
    get severities(): readonly string[];
    /** The names of its rules, in their order and without the default. */
    get rules(): readonly string[];
    /** Its on-call roles. */
    get onCallRoles(): string[];
    /** The names of its schedules. */
    get schedules(): string[];
    /** The names of its calendars. */
    get calendars(): string[];
    /** What can be used as it stands, but likely does not mean what its author thinks. */
    get warnings(): Diagnostic[];
    /** The document that it was compiled from, in the policy's own names, calendars and tables included. */
    toObject(): Record<string, unknown>;
    /** What it holds, in brief. */
    summary(): Record<string, unknown>;
    /**
     * Classifies an alert, with the reasons. An alert may be given as JSON, too, which saves walking over an object.
     *
     * @throws {KentonganError} `invalid_value` where it is not an alert
     */
    classify(alert: Alert | string | Uint8Array): Classification;
    /**
     * Classifies an alert without the reasons: the severity and the rule of `classify`, some ten times as fast. Only the
     * fields that the rules read are looked at: what else the alert holds is not checked, so that a misspelt field counts as unsaid
     * where `classify` refuses it.
     *
     * @throws {KentonganError} `invalid_value` where one of those is not what an alert has
     */
    decide(alert: Alert): Ruling;
    /**
     * Classifies many alerts, on another thread: JSON lines or Arrow IPC as bytes, or objects.
     *
     * Columns of Arrow are called as facts, `service`, `labels.env`, `values.error_rate`, or named by `columns`; structs and maps
     * `labels`, `annotations` and `values` will do as well. Only the fields that the rules read are looked at; what else a line or a
     * table holds is passed over.
     *
     * @throws {KentonganError} with the line in `where`, if one is not an alert; the signal's reason if given up; `invalid_value` where
     *   `format` or `columns` is of another kind than the alerts; of a table
     *   `wrong_type`, `needs_whole_alerts` where a rule looks at all labels or values at once, `unknown_column` where no column of it
     *   holds anything of an alert, or `columns` names one that is not there, and `invalid_value` where that names what is no place
     *   of an alert
     */
    classifyBatch(alerts: Uint8Array | string | Iterable<Alert>, options?: BatchOptions): Promise<Rulings>;
    /** Why an alert has its severity, and what every other rule says of it. */
    explain(alert: Alert | string | Uint8Array): Explanation;
    /** Who is on call in a role at an instant, as the policy has it; an engine also knows who took over. */
    who(role: string, at: Instant): OnCall;
    /** The next instant at which `who` answers otherwise. */
    nextChange(role: string, after: Instant): Date | undefined;
    /** Who is on call in a role between two instants, gaps included. */
    coverage(role: string, from: Instant, to: Instant): Coverage;
    /** The shifts of a role between two instants in order, gaps among them, as the policy has them. */
    shifts(role: string, from: Instant, to: Instant): Shift[];
    /** One of its schedules, by itself. @throws {KentonganError} `unknown_schedule` */
    schedule(name: string): Schedule;
    /** One of its calendars, for arithmetic over working time. @throws {KentonganError} `unknown_calendar` */
    calendar(name: string): Calendar;
    /** The first release strictly after an instant; none where no more is planned. */
    nextRelease(after: Instant): Date | undefined;
    /** What people read for the id of a person: their name, where the policy has one. */
    named(person: string): string;
    /**
     * What of it is over at an instant, in words, which a policy cannot tell by itself, having no clock: releases that do not
     * come any more, calendars that never open again and what is promised by them, and roles in which nobody is on call any
     * more, or from a day of the next quarter on. Ask when your program starts.
     */
    over(at: Instant): string[];
}

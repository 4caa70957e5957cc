import { basename } from "node:path";

import { NativePolicy } from "../native";
import { type BatchOptions, type Names, type Ruling, type Rulings, classifyBatch, ruling } from "./batch";
import { Calendar } from "./calendar";
import type { Alert, Classification, Instant } from "./data";
import { checkedFunction, checkedText, madeOf } from "./checks";
import { type Diagnostic, KentonganError, call } from "./error";
import { inTheirWords } from "./misshapen";
import { type Checks, checkedOptions } from "./named";
import { Coverage, type OnCall, type Shift } from "./oncall";
import { Numbered, Packer } from "./pack";
import { asData, beside, reading, unplaced, withSlips } from "./reading";
import { Schedule } from "./schedule";
import { alertText, date, jsonOf, millis, mustBeAlert, parse } from "./shapes";
import { readText } from "./text";

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

/** The policy, where it is one: what only JavaScript lets through is refused by name. `path` says where it was handed in. @internal */
export function checkedPolicy(policy: unknown, path = "policy"): Policy {
  if (policy instanceof Policy) return policy;
  throw new KentonganError({ code: "invalid_value", message: `\`${path}\` is not a policy`, help: "hand in what `Policy.load` gives", where: { path } });
}

/** Those policies, where they are some. @internal */
export function checkedPolicies(policies: unknown = []): readonly Policy[] {
  if (Array.isArray(policies) && policies.every((one) => one instanceof Policy)) return policies;
  const help = "hand in a list of what `Policy.load` gives";
  throw new KentonganError({ code: "invalid_value", message: "`policies` is not a list of policies", help, where: { path: "policies" } });
}

/** How a text is read. @internal */
export const TEXT_OPTIONS: Checks<TextOptions> = { name: checkedText, read: checkedFunction };

function checkOf(name: string, text: string, read: TextOptions["read"]): Check {
  const told = (check: Check, slips: ReadonlyMap<string, unknown>): Check => ({ ...check, diagnostics: withSlips(check.diagnostics, slips) });
  return reading(read, (reader) => parse<Check>(NativePolicy.check(name, text, reader)), told);
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
export class Policy {
  /** @internal */
  readonly native: NativePolicy;
  readonly #packer: Packer | undefined;
  readonly #numbered: Numbered | undefined;
  readonly #names: Names;

  private constructor(native: NativePolicy) {
    madeOf(native instanceof NativePolicy, "a policy", "`Policy.load`, `Policy.fromYaml`, `Policy.fromObject` or `Policy.kreki`");
    this.native = native;
    const whole = native.needsWholeAlerts();
    this.#packer = whole ? undefined : new Packer(native.facts());
    this.#numbered = whole ? undefined : Numbered.of(native.facts(), (place, text) => native.keepText(place, text));
    this.#names = { severities: native.severities(), rules: native.rules() };
  }

  /**
   * Reads a policy from a file, YAML or JSON, with the files that it names beside itself.
   *
   * @throws {KentonganError} with everything wrong with it in `diagnostics`; `not_utf8`, with the line in `where`; `io` where the
   *   file cannot be read, with the error of `node:fs` as its `cause`
   */
  static load(path: string): Policy {
    const text = readText(path);
    return reading(beside(path), (read) => new Policy(NativePolicy.load(basename(path), text, read)));
  }

  /** Reads a policy from text, YAML or JSON. @throws {KentonganError} with everything wrong with it in `diagnostics` */
  static fromYaml(text: string, options: TextOptions = {}): Policy {
    checkedOptions(options, TEXT_OPTIONS);
    checkedText(text, "text");
    return reading(options.read, (read) => new Policy(NativePolicy.load(options.name ?? "policy.yaml", text, read)));
  }

  /** Reads a policy that is built as data, in the policy's own names. @throws {KentonganError} with the path of each problem */
  static fromObject(document: object, options: Pick<TextOptions, "read"> = {}): Policy {
    checkedOptions(options, { read: checkedFunction });
    return asData("policy", () => reading(options.read, (read) => new Policy(NativePolicy.fromJson(jsonOf("a policy", () => document), read))));
  }

  /** The policy of KREKI, which comes with the package. */
  static kreki(): Policy {
    return Policy.shipped("kreki");
  }

  /** A policy that comes with the package, by its name. @throws {KentonganError} `unknown_policy` */
  static shipped(name: string): Policy {
    return call(() => new Policy(NativePolicy.shipped(checkedText(name, "name"))));
  }

  /**
   * The policy with this digest that another thread of the process has in use: nothing is read or compiled again.
   *
   * @throws {KentonganError} `unknown_policy` where none has; the thread that loaded it must keep it referenced
   */
  static shared(digest: string): Policy {
    return call(() => new Policy(NativePolicy.inUse(checkedText(digest, "digest"))));
  }

  /** Looks at the text of a policy without throwing: everything wrong with it, and what it holds. */
  static check(text: string, options: TextOptions = {}): Check {
    checkedOptions(options, TEXT_OPTIONS);
    return checkOf(options.name ?? "policy.yaml", checkedText(text, "text"), options.read);
  }

  /**
   * The same of a file, with the files that it names beside itself.
   *
   * @throws {KentonganError} `not_utf8`, with the line in `where`; `io` where the file cannot be read
   */
  static checkFile(path: string): Check {
    const text = readText(path);
    return checkOf(basename(path), text, beside(path));
  }

  /** Its name. */
  get name(): string {
    return this.native.name;
  }

  /** The SHA-256 of its content, comments and layout aside: `sha256:…`. */
  get digest(): string {
    return this.native.digest;
  }

  /** The zone in which its people read dates and times: `Asia/Jakarta`. */
  get zone(): string {
    return this.native.zone;
  }

  /** The facts of an alert that its rules read: `service`, `labels.env`, `values.error_rate`. */
  get alertFacts(): string[] {
    return this.native.facts();
  }

  /** The names of its severities, the worst first. */
  get severities(): readonly string[] {
    return this.#names.severities;
  }

  /** The names of its rules, in their order and without the default. */
  get rules(): readonly string[] {
    return this.#names.rules;
  }

  /** Its on-call roles. */
  get onCallRoles(): string[] {
    return this.native.onCallRoles();
  }

  /** The names of its schedules. */
  get schedules(): string[] {
    return this.native.schedules();
  }

  /** The names of its calendars. */
  get calendars(): string[] {
    return this.native.calendars();
  }

  /** What can be used as it stands, but likely does not mean what its author thinks. */
  get warnings(): Diagnostic[] {
    return unplaced(call(() => parse<Diagnostic[]>(this.native.warnings())));
  }

  /** The document that it was compiled from, in the policy's own names, calendars and tables included. */
  toObject(): Record<string, unknown> {
    return call(() => JSON.parse(this.native.document()) as Record<string, unknown>);
  }

  /** What it holds, in brief. */
  summary(): Record<string, unknown> {
    return call(() => parse(this.native.summary()));
  }

  /**
   * Classifies an alert, with the reasons. An alert may be given as JSON, too, which saves walking over an object.
   *
   * @throws {KentonganError} `invalid_value` where it is not an alert
   */
  classify(alert: Alert | string | Uint8Array): Classification {
    try {
      return call(() => parse<Classification>(this.native.classify(alertText(alert))));
    } catch (error) {
      throw inTheirWords(error, "alert", alert);
    }
  }

  /**
   * Classifies an alert without the reasons: the severity and the rule of `classify`, some ten times as fast. Only the
   * fields that the rules read are looked at: what else the alert holds is not checked, so that a misspelt field counts as unsaid
   * where `classify` refuses it.
   *
   * @throws {KentonganError} `invalid_value` where one of those is not what an alert has
   */
  decide(alert: Alert): Ruling {
    mustBeAlert(alert);
    const numbered = this.#numbered;
    const numbers = numbered?.row(alert);
    let code = -1;
    if (numbers !== undefined) {
      const others = numbered?.others;
      code = call(() => (others === undefined ? this.native.decideRow(numbers) : this.native.decideRowWith(numbers, others)));
    }
    if (code < 0) {
      const row = this.#packer?.pack(alert);
      if (row !== undefined) code = call(() => this.native.decidePacked(row));
    }
    if (code < 0) code = this.#decideOdd(alert);
    const rest = Math.floor(code / 2);
    return ruling(this.#names, rest % 65_536, Math.floor(rest / 65_536), code % 2 === 1);
  }

  /** The long way, for what the others leave: it says what is wrong. */
  #decideOdd(alert: Alert): number {
    try {
      return call(() => this.native.decide(alertText(alert)));
    } catch (error) {
      throw inTheirWords(error, "alert", alert, { lenient: true });
    }
  }

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
  classifyBatch(alerts: Uint8Array | string | Iterable<Alert>, options: BatchOptions = {}): Promise<Rulings> {
    return classifyBatch(this.native, this.#packer ?? new Packer([]), this.#names, alerts, options);
  }

  /** Why an alert has its severity, and what every other rule says of it. */
  explain(alert: Alert | string | Uint8Array): Explanation {
    try {
      const [explanation = "{}", text = ""] = call(() => this.native.explain(alertText(alert)));
      return { ...parse<Omit<Explanation, "text">>(explanation), text };
    } catch (error) {
      throw inTheirWords(error, "alert", alert);
    }
  }

  /** Who is on call in a role at an instant, as the policy has it; an engine also knows who took over. */
  who(role: string, at: Instant): OnCall {
    return call(() => parse<OnCall>(this.native.who(checkedText(role, "role"), millis(at))));
  }

  /** The next instant at which `who` answers otherwise. */
  nextChange(role: string, after: Instant): Date | undefined {
    return date(call(() => this.native.nextChange(checkedText(role, "role"), millis(after, "after"))));
  }

  /** Who is on call in a role between two instants, gaps included. */
  coverage(role: string, from: Instant, to: Instant): Coverage {
    return call(() => new Coverage(parse(this.native.coverage(checkedText(role, "role"), millis(from, "from"), millis(to, "to")))));
  }

  /** The shifts of a role between two instants in order, gaps among them, as the policy has them. */
  shifts(role: string, from: Instant, to: Instant): Shift[] {
    return this.coverage(role, from, to).shifts;
  }

  /** One of its schedules, by itself. @throws {KentonganError} `unknown_schedule` */
  schedule(name: string): Schedule {
    return new Schedule(this, name);
  }

  /** One of its calendars, for arithmetic over working time. @throws {KentonganError} `unknown_calendar` */
  calendar(name: string): Calendar {
    return new Calendar(this, name);
  }

  /** The first release strictly after an instant; none where no more is planned. */
  nextRelease(after: Instant): Date | undefined {
    return date(call(() => this.native.nextRelease(millis(after, "after"))));
  }

  /** What people read for the id of a person: their name, where the policy has one. */
  named(person: string): string {
    return call(() => this.native.named(checkedText(person, "person")));
  }

  /**
   * What of it is over at an instant, in words, which a policy cannot tell by itself, having no clock: releases that do not
   * come any more, calendars that never open again and what is promised by them, and roles in which nobody is on call any
   * more, or from a day of the next quarter on. Ask when your program starts.
   */
  over(at: Instant): string[] {
    return call(() => this.native.over(millis(at)));
  }
}

// Between the engine's JSON, which is the same in every language, and JavaScript's ways: names in camelCase, instants as
// `Date`, nothing instead of null.

import type { NativePages, NativeSteps } from "../native";
import type { Alert, Decision, Effect, Input, Instant } from "./data";
import { KentonganError } from "./error";
import { millisOfText, withoutZone } from "./instant";

/** The maps whose keys are users' own: nothing in them is renamed. */
const VERBATIM = new Set(["labels", "annotations", "values", "links", "facts", "alerts", "severities", "parts", "roles", "weeks"]);
/** The maps whose keys are users' own, and whose values are not. */
const KEYED = new Set(["channels", "incidents", "ticked"]);
const INSTANT_NAMES = new Set([
  ...["at", "deadline", "given", "wakeup", "until", "from", "to", "start", "done", "cancelled", "since", "due", "quiet_until", "meeting"],
  ...["as_of", "opened", "first", "answered"],
]);
const INSTANTS_IN = new Set(["at", "until", "from", "to"]);
const INSTANT_TEXT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

const camelNames = new Map<string, string>();
const snakeNames = new Map<string, string>();

function renamed(names: Map<string, string>, name: string, rename: (name: string) => string): string {
  let found = names.get(name);
  if (found === undefined) {
    found = rename(name);
    // Field names are few; should users' keys get here, they are not kept for ever.
    if (names.size < 1_000) names.set(name, found);
  }
  return found;
}

/** @internal */
export const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
/** @internal */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What the engine says, as JavaScript has it. @internal */
export function outward(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(outward);
  const given = value as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const name in given) {
    const inner = given[name];
    if (inner === null) continue;
    const key = renamed(camelNames, name, camel);
    if (typeof inner === "string") {
      const named = name.endsWith("_at") || (INSTANT_NAMES.has(name) && !(name === "to" && given["kind"] === "notify"));
      result[key] = named && INSTANT_TEXT.test(inner) ? new Date(inner) : inner;
    } else {
      const plain = typeof inner === "object" && !Array.isArray(inner);
      if (plain && VERBATIM.has(name)) result[key] = inner;
      else if (plain && KEYED.has(name)) result[key] = Object.fromEntries(Object.entries(inner as object).map(([of, value]) => [of, outward(value)]));
      else result[key] = outward(inner);
    }
  }
  return result;
}

/** What follows the first page of an answer: more of a list or of maps, with the way to where they belong, or of a text. */
interface Page {
  to?: Array<string | number>;
  items?: unknown[];
  fields?: Record<string, object>;
  text?: string;
}

/** What stands in what `outward` gave, by the way to it in the engine's names. */
function found(whole: unknown, way: ReadonlyArray<string | number> = []): unknown {
  let at = whole as Record<string | number, unknown>;
  // The keys of users are not renamed.
  for (const key of way) at = (typeof key === "number" || Object.hasOwn(at, key) ? at[key] : at[renamed(camelNames, key, camel)]) as typeof at;
  return at;
}

/**
 * What JavaScript hands in, as the engine names it. JSON would make nothing of an instant that is none, and with it an absence
 * without an end, and an empty object of a `Map`: they are refused, with the way to them, which begins with `path`.
 *
 * @internal
 */
export function inward(value: unknown, path = ""): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return instantOf(value, path);
  if (Array.isArray(value)) return value.map((inner, index) => inward(inner, `${path}[${index}]`));
  if (value instanceof Map) throw noMap(value, path);
  const given = value as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    const key = renamed(snakeNames, name, snake);
    const inner = given[name];
    const named = key.endsWith("_at") || (INSTANTS_IN.has(key) && typeof inner === "number");
    if (VERBATIM.has(key)) {
      if (inner instanceof Map) throw noMap(inner, wayTo(path, name));
      result[key] = inner;
    } else if (typeof inner === "number") result[key] = named ? instantOf(new Date(inner), wayTo(path, name)) : inner;
    else result[key] = typeof inner === "object" ? inward(inner, wayTo(path, name)) : inner;
  }
  return result;
}

const wayTo = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

function noMap(value: unknown, path: string): KentonganError {
  const message = `${path === "" ? "" : `\`${path}\`: `}expected an object, found ${described(value)}`;
  return new KentonganError({ code: "invalid_value", message, help: "hand in `Object.fromEntries(map)`", ...(path !== "" && { where: { path } }) });
}

/** Refuses each `Map` in what goes over the border as JSON. @internal */
export function refuseMaps(value: unknown, path: string): void {
  if (typeof value !== "object" || value === null) return;
  if (value instanceof Map) throw noMap(value, path);
  if (Array.isArray(value)) value.forEach((inner, index) => refuseMaps(inner, `${path}[${index}]`));
  else for (const [name, inner] of Object.entries(value)) refuseMaps(inner, wayTo(path, name));
}

function instantOf(date: Date, path: string): Date {
  if (Number.isFinite(date.getTime())) return date;
  const message = path === "" ? "a `Date` that is no instant" : `\`${path}\` is not an instant`;
  throw new KentonganError({ code: "invalid_instant", message, help: INSTANT_HELP, ...(path !== "" && { where: { path } }) });
}

/** The engine's JSON, read. @internal */
export function parse<T>(text: string): T {
  return outward(JSON.parse(text)) as T;
}

/** An answer that comes in pages, with a document if it has one: between two of them the event loop goes on. @internal */
export async function answerInPages<T>(pages: NativePages): Promise<{ data: T; fault?: string; text: string }> {
  const whole = parse<{ data: T; fault?: string }>(pages.next() ?? "{}");
  let text = "";
  for (let page = pages.next(); page !== null; page = pages.next()) {
    await breathe();
    const { to, items, fields, text: part = "" } = JSON.parse(page) as Page;
    text += part;
    if (items !== undefined) (found(whole, to) as unknown[]).push(...(outward(items) as unknown[]));
    const maps = fields === undefined ? [] : Object.entries(outward(fields) as Record<string, object>);
    for (const [name, entries] of maps) Object.assign((found(whole, to) as Record<string, object>)[name] as object, entries);
  }
  return { ...whole, text };
}

/** An answer that comes as one page. @internal */
export function answerOf<T>([page]: Buffer[]): T {
  return parse<T>(page === undefined ? "null" : page.toString("utf8"));
}

/** What is given, as JSON: `noun` names it. @internal */
export function jsonOf(noun: string, given: () => unknown): string {
  let text: string | undefined;
  let cause: unknown;
  try {
    text = JSON.stringify(given());
  } catch (error) {
    if (error instanceof KentonganError) throw error;
    cause = error;
  }
  if (text !== undefined) return text;
  const why = cause === undefined ? "there is nothing" : cause instanceof RangeError ? "it holds itself" : String((cause as Error)?.message ?? cause).split("\n", 1)[0];
  const help = cause === undefined ? "an object" : "numbers, texts, lists and objects alone: no BigInt, and nothing that holds itself";
  throw notDeclared(noun, why ?? "", help, { cause });
}

/** Says that what was handed in is not of the declared type. @internal */
export function notDeclared(noun: string, why: string, help: string, { cause, path }: { cause?: unknown; path?: string } = {}): KentonganError {
  const told = { code: "invalid_value", message: `not ${noun}: ${why}`, help: `hand in ${noun}: ${help}`, ...(path !== undefined && { where: { path } }) };
  return new KentonganError(told, cause === undefined ? undefined : { cause });
}

/** How much of a text is quoted. */
const QUOTED_MAX = 60;

/** What was handed in, as a message names it: `the number 5`. @internal */
export function described(value: unknown): string {
  switch (typeof value) {
    case "undefined": return "nothing";
    case "string": return `the text \`${value.length > QUOTED_MAX ? `${value.slice(0, QUOTED_MAX)}…` : value}\``;
    case "number": return Number.isFinite(value) ? `the number ${value}` : String(value);
    case "boolean": return `\`${value}\``;
    case "bigint": return "a BigInt";
    case "object": return value === null ? "null" : Array.isArray(value) ? "a list" : value instanceof Date ? describedDate(value) : value instanceof Map ? "a `Map`" : "an object";
    default: return `a ${typeof value}`;
  }
}

const describedDate = (date: Date): string => (Number.isNaN(date.getTime()) ? "an invalid `Date`" : "a `Date`");

/** Refuses what is not an object and so can be no alert. `path` says which of many it is. @internal */
export function mustBeAlert(alert: unknown, path?: string): void {
  if (isObject(alert)) return;
  throw notDeclared("an alert", `it is ${described(alert)}`, "an object such as `{ key: \"a1\", service: \"checkout\" }`", path === undefined ? {} : { path });
}

/** Refuses what is not an object and so can be no input. @internal */
export function mustBeInput(input: unknown): void {
  if (isObject(input)) return;
  throw notDeclared("an input", `it is ${described(input)}`, "an object such as `{ kind: \"acknowledge\", incident, by: \"ana\" }`");
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);

/** An input as the engine's JSON. @internal */
export function inputText(input: Input): string {
  mustBeInput(input);
  return jsonOf("an input", () => inward(input));
}

/** An alert as the engine's JSON. `path` says which of many it is. @internal */
export function alertText(alert: Alert | string | Uint8Array, path?: string): string {
  if (typeof alert === "string") return alert;
  if (alert instanceof Uint8Array) return Buffer.from(alert).toString("utf8");
  mustBeAlert(alert);
  return jsonOf("an alert", () => inward(alert, path));
}

/** @internal */
export const INSTANT_HELP = "hand in a `Date`, milliseconds, or text such as `2026-11-24T02:00:00Z`";

/** The first and the last millisecond that the engine reckons with. */
const FIRST_MILLIS = Date.UTC(-262_143, 0, 1);
const LAST_MILLIS = Date.UTC(262_142, 11, 31, 23, 59, 59, 999);

/** An instant in milliseconds since 1970. `path` says as what it was handed in. @internal */
export function millis(at: Instant, path = "at"): number {
  const time = typeof at === "number" ? at : typeof at === "string" ? millisOfText(at) : at instanceof Date ? at.getTime() : undefined;
  if (time !== undefined && time >= FIRST_MILLIS && time <= LAST_MILLIS) return time;
  const help = (typeof at === "string" && withoutZone(at)) || INSTANT_HELP;
  throw new KentonganError({ code: "invalid_instant", message: `\`${path}\`: expected an instant, found ${described(at)}`, help, where: { path } });
}

/** What one call came to. */
export interface Step {
  /** What the host must do, in this order. */
  effects: Effect[];
  /** Why, and why not. */
  decisions: Decision[];
  /** The instant at which the host must call again at the latest. Calls before it do no harm. */
  wakeup?: Date;
}

/** Lets the event loop do what else waits. @internal */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Behind the last page. */
const NO_MORE: Pick<NativeSteps, "next"> = { next: () => null };

/**
 * A step that comes in pages, each of them once: between two of them the event loop goes on. What is not asked for costs
 * nothing, and what has been used is let go of: whoever keeps a million effects waits for the collector again and again.
 *
 * @internal
 */
export class Steps implements AsyncIterable<Step> {
  /** The instant at which the host must call again at the latest. */
  wakeup: Date | undefined;
  readonly #first: Step;
  readonly #rest: Pick<NativeSteps, "next">;

  private constructor(first: Step, rest: Pick<NativeSteps, "next">) {
    this.wakeup = first.wakeup;
    this.#first = first;
    this.#rest = rest;
  }

  static of(pages: string | NativeSteps): Steps {
    if (typeof pages === "string") return new Steps(parse<Step>(pages), NO_MORE);
    return new Steps(parse<Step>(pages.next() ?? "{}"), pages);
  }

  /** Nothing has happened. */
  static none(wakeup: Date | undefined): Steps {
    return new Steps({ effects: [], decisions: [], ...(wakeup && { wakeup }) }, NO_MORE);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Step, void, undefined> {
    yield this.#first;
    for (let page = this.#rest.next(); page !== null; page = this.#rest.next()) {
      await breathe();
      yield parse<Step>(page);
    }
  }

  /** Whether anything is to be done. */
  get hasEffects(): boolean {
    return this.#first.effects.length > 0;
  }

  /** The effects alone, page by page. */
  async *effects(): AsyncGenerator<readonly Effect[], void, undefined> {
    for await (const { effects } of this) yield effects;
  }

  /** All of it. */
  async whole(): Promise<Step> {
    const step: Step = { effects: [], decisions: [], ...(this.wakeup && { wakeup: this.wakeup }) };
    for await (const { effects, decisions } of this) {
      for (const effect of effects) step.effects.push(effect);
      for (const decision of decisions) step.decisions.push(decision);
    }
    return step;
  }
}

/** How much of a text becomes bytes at one go. */
const PART_CHARACTERS = 2 ** 20;

/** Bytes as they are, and a text as bytes in parts: between two of them the event loop goes on. @internal */
export async function inParts(data: Uint8Array | string): Promise<Buffer[]> {
  if (typeof data !== "string") return [Buffer.from(data.buffer, data.byteOffset, data.byteLength)];
  const parts: Buffer[] = [];
  for (let from = 0; from < data.length; ) {
    if (from > 0) await breathe();
    let to = Math.min(data.length, from + PART_CHARACTERS);
    // The two halves of a character outside the first 65,536 stay together.
    if (to < data.length && (data.charCodeAt(to - 1) & 0xfc00) === 0xd800) to -= 1;
    parts.push(Buffer.from(data.slice(from, to)));
    from = to;
  }
  return parts;
}

/** A time of the native half as a date. @internal */
export const date = (time: number | null | undefined): Date | undefined => (time == null ? undefined : new Date(time));

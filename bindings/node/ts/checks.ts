// What is handed in, looked at by its type. What only JavaScript lets through is refused here, by the name of the parameter or of the
// option: behind the border nobody knows that name, and a number that is none becomes another one there.

import { didYouMean } from "../native";
import { KentonganError } from "./error";
import { described } from "./shapes";

/** Refuses what may not be handed in under a name. @internal */
export type Check = (value: unknown, path: string) => unknown;

/** What is wrong, and where. @internal */
export interface Fault {
  path: string;
  message: string;
  help: string;
}

/** What is said of a value of another type than the one expected. @internal */
export function mistyped(expected: string, value: unknown, path: string, remedy = expected): Fault {
  const isNumber = expected === "a number" && typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));
  const help = isNumber ? `hand in the number itself, \`${Number(value)}\`, and no text` : `hand in ${remedy}`;
  return { path, message: `${path === "" ? "" : `\`${path}\`: `}expected ${expected}, found ${described(value)}`, help };
}

/** What is said of a word that is not known. @internal */
export function misspelt(value: string, path: string, known: readonly string[]): Fault {
  return { path, message: `\`${path}\`: \`${value}\` is not one of the values allowed here`, help: didYouMean(value, [...known]) };
}

/** A fault as it is thrown. @internal */
export function invalid({ path, message, help }: Fault): KentonganError {
  return new KentonganError({ code: "invalid_value", message, help, ...(path !== "" && { where: { path } }) });
}

/** A value of another type than the one expected, as it is thrown. @internal */
export const unexpected = (...told: Parameters<typeof mistyped>): KentonganError => invalid(mistyped(...told));

/** @internal */
export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** What a text says, by the name under which it is handed in. */
const SAYS: Readonly<Record<string, string>> = {
  path: "the name of a file",
  file: "the name of a file",
  id: "the id of an incident, as `incident` of an effect has it",
  incident: "the id of an incident, as `incident` of an effect has it",
  role: "the name of a role, such as `primary`",
  person: "the id of a person",
  digest: "the `digest` of a policy",
  month: "a month, such as `2026-11`",
  quarter: "a quarter, such as `2026-Q4`",
  zone: "a zone, such as `Asia/Jakarta`",
  until: "a day, such as `2026-12-31`",
  source: "`alertmanager` or `alert`",
};

/** A text. @internal */
export function checkedText(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  throw unexpected("a text", value, path, SAYS[path]);
}

/** True or false: a text such as `no` would count as true. @internal */
export function checkedFlag(value: unknown, path: string): void {
  if (typeof value !== "boolean") throw unexpected("true or false", value, path);
}

/** A function. @internal */
export function checkedFunction(value: unknown, path: string): void {
  if (typeof value !== "function") throw unexpected("a function", value, path);
}

/** What gives something up. @internal */
export function checkedSignal(value: unknown, path: string): void {
  if (!(value instanceof AbortSignal)) throw unexpected("an `AbortSignal`", value, path, "the `signal` of an `AbortController`, or `AbortSignal.timeout(…)`");
}

/** A text or bytes. @internal */
export function checkedTextOrBytes(value: unknown, path: string): void {
  if (typeof value !== "string" && !(value instanceof Uint8Array)) throw unexpected("a text or bytes", value, path);
}

/** A list of texts: a text itself can be gone through, too, letter by letter. @internal */
export function checkedTexts(value: unknown, path: string): void {
  if (!Array.isArray(value)) throw unexpected("a list of texts", value, path);
  for (const [index, one] of value.entries()) checkedText(one, `${path}[${index}]`);
}

/** An object of texts. @internal */
export function checkedTextsByName(value: unknown, path: string): void {
  if (!isObject(value)) throw unexpected("an object of texts", value, path);
  for (const [name, one] of Object.entries(value)) checkedText(one, `${path}.${name}`);
}

/** One of those words. @internal */
export const oneOf = (...known: readonly string[]): Check => (value, path) => {
  if (!known.includes(checkedText(value, path))) throw invalid(misspelt(value as string, path, known));
};

/** A whole number in those bounds: the border would make another one of any other. @internal */
export const whole = (least: number, most: number): Check => (value, path) => {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  throw unexpected(`a whole number from ${least} to ${most}`, value, path);
};

/** After how many records a snapshot is written. @internal */
export const checkedSnapshotEvery: Check = whole(0, 2 ** 32 - 1);

/** Looked at elsewhere. @internal */
export const elsewhere: Check = () => undefined;

/** Refuses to be made by `new` of what only the package has; plain JavaScript knows no private constructor. @internal */
export function madeOf(given: boolean, noun: string, ways: string): void {
  if (!given) throw invalid({ path: "", message: `${noun} cannot be made by \`new\``, help: `call ${ways}` });
}

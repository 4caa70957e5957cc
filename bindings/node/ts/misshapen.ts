// What is wrong with an alert or an input that the engine could not read, in the names and the words of whoever handed it in. Only
// looked at once it was refused: what is right pays nothing for it.

import * as native from "../native";
import { type Fault, isObject, misspelt, mistyped } from "./checks";
import { KentonganError, type Place } from "./error";
import { withoutZone } from "./instant";
import { INSTANT_HELP, camel, described, snake } from "./shapes";

/** As much of a JSON Schema as the engine's own say. */
interface Schema {
  type?: string | string[];
  format?: string;
  minimum?: number;
  const?: string;
  $ref?: string;
  $defs?: Record<string, Schema>;
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
}

/** What was handed in is called so. @internal */
export type Noun = "alert" | "input" | "entry";

/** How it was handed in. @internal */
export interface Reading {
  /** Where it stands among others. */
  at?: Place;
  /** Whether fields that nobody knows are passed over. */
  lenient?: boolean;
  /** Whether it was handed in as objects and stands here in the engine's names. */
  renamed?: boolean;
}

const DAY = /^\d{4}-\d\d-\d\d$/;

let shapes: Readonly<Record<Noun, Schema>> & { defs: Record<string, Schema> } | undefined;

/** The shapes that are looked at, from the engine's own schema: no second list of them is kept. */
function shapesOf(): NonNullable<typeof shapes> {
  if (shapes !== undefined) return shapes;
  const input = JSON.parse(native.schema("input")) as Schema;
  const { kind: _, ...fields } = input.oneOf?.find(({ properties }) => properties?.["kind"]?.const === "alert")?.properties ?? {};
  const text: Schema = { type: "string" };
  const reload: Schema = { properties: { from: text, to: text, severities: { additionalProperties: text } }, required: ["from", "to"] };
  const entry: Schema = { properties: { at: { type: "string", format: "date-time" }, input, reload }, required: ["at"] };
  shapes = { alert: { properties: fields, additionalProperties: false }, input, entry, defs: input.$defs ?? {} };
  return shapes;
}

/** Whether an alert has a field of that name, of the engine's. @internal */
export const isAlertField = (name: string): boolean => Object.hasOwn(shapesOf().alert.properties ?? {}, name);

/** The refusal of the native half in the words of whoever handed it in; as it is where nothing more is to be said. @internal */
export function inTheirWords(error: unknown, noun: Noun, given: unknown, { at = {}, lenient = false, renamed = false }: Reading = {}): unknown {
  if (!(error instanceof KentonganError) || error.code !== "invalid_value") return error;
  // What is no object at all was refused as such already.
  if (typeof given !== "string" && !isObject(given)) return error;
  const shapes = shapesOf();
  const text = typeof given === "string" ? given : given instanceof Uint8Array ? Buffer.from(given).toString("utf8") : undefined;
  let value = given;
  try {
    if (text !== undefined) value = JSON.parse(text);
  } catch {
    return error;
  }
  const look = new Look(shapes.defs, text !== undefined, text !== undefined && !renamed, lenient);
  const fault = look.fault(shapes[noun], value, at.path ?? "", true);
  if (fault === undefined && at.path === undefined) return error;
  const { path, message, help = "" } = fault ?? { ...error, message: error.message, path: at.path ?? "" };
  const where = { ...at, ...(path !== "" && { path }) };
  const told = { code: "invalid_value", message, help, ...(Object.keys(where).length > 0 && { where }) };
  return new KentonganError(told, error.cause === undefined ? undefined : { cause: error.cause });
}

/** Looks at a value by its shape. */
class Look {
  readonly #defs: Record<string, Schema>;
  /** Whether it is JSON, in which an instant is text. */
  readonly #isJson: boolean;
  /** Whether its fields have the engine's names for whoever handed it in, too. */
  readonly #snake: boolean;
  readonly #lenient: boolean;

  constructor(defs: Record<string, Schema>, isJson: boolean, snake: boolean, lenient: boolean) {
    this.#defs = defs;
    this.#isJson = isJson;
    this.#snake = snake;
    this.#lenient = lenient;
  }

  /** The first thing that is wrong with it. */
  fault(shape: Schema, given: unknown, path: string, required: boolean): Fault | undefined {
    const value = unwrapped(given);
    const { $ref, anyOf, oneOf } = shape;
    if ($ref !== undefined) return this.fault(this.#defs[$ref.slice("#/$defs/".length)] ?? {}, value, path, required);
    if (anyOf !== undefined) {
      const other = anyOf.find(({ type }) => type !== "null");
      return value === null || other === undefined ? undefined : this.fault(other, value, path, required);
    }
    if (oneOf?.[0]?.properties !== undefined) return this.#ofKinds(oneOf, value, path);
    if (oneOf !== undefined) return this.#word(oneOf.flatMap((one) => one.const ?? []), value, path);
    if (shape.properties !== undefined || typeof shape.additionalProperties === "object") return this.#fields(shape, value, path);
    return this.#plain(shape, value, path, required);
  }

  /** One of several kinds of objects, which says of which it is. */
  #ofKinds(kinds: Schema[], value: unknown, path: string): Fault | undefined {
    if (!isObject(value)) return mistyped("an object", value, path);
    const known = kinds.flatMap(({ properties }) => properties?.["kind"]?.const ?? []);
    const kind = value["kind"];
    const found = kinds.find(({ properties }) => properties?.["kind"]?.const === kind);
    if (found !== undefined) return this.#fields(found, value, path);
    const at = within(path, "kind");
    const message = kind === undefined ? `\`${at}\` is missing` : `\`${at}\`: ${typeof kind === "string" ? `\`${kind}\`` : described(kind)} is no kind of input`;
    return { path: at, message, help: native.didYouMean(typeof kind === "string" ? kind : "", known) };
  }

  /** What is known before what is not: that may be passed over. */
  #fields({ properties, required = [], additionalProperties }: Schema, value: unknown, path: string): Fault | undefined {
    if (!isObject(value)) return mistyped("an object", value, path);
    const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
    const shapeOf = (name: string): Schema | undefined => {
      if (properties === undefined) return additionalProperties as Schema;
      const key = this.#isJson ? name : snake(name);
      return Object.hasOwn(properties, key) ? properties[key] : undefined;
    };
    const named = (name: string): string => (this.#snake || properties === undefined ? name : this.#isJson ? camel(name) : name);
    for (const [name, inner] of fields) {
      const shape = shapeOf(name);
      const fault = shape && this.fault(shape, inner, within(path, named(name)), required.includes(snake(name)));
      if (fault !== undefined) return fault;
    }
    const said = new Set(fields.map(([name]) => (this.#isJson ? name : snake(name))));
    const missing = required.find((name) => !said.has(name));
    if (missing !== undefined) {
      const at = within(path, this.#snake ? missing : camel(missing));
      return { path: at, message: `\`${at}\` is missing`, help: `add \`${this.#snake ? missing : camel(missing)}\`` };
    }
    const unknown = fields.find(([name]) => shapeOf(name) === undefined)?.[0];
    if (unknown === undefined || additionalProperties !== false || this.#lenient) return undefined;
    const known = Object.keys(properties ?? {}).map((name) => (this.#snake ? name : camel(name)));
    return { path: within(path, named(unknown)), message: `unknown field \`${named(unknown)}\``, help: native.didYouMean(named(unknown), known) };
  }

  #word(known: string[], value: unknown, path: string): Fault | undefined {
    if (typeof value !== "string") return mistyped("a text", value, path);
    if (known.includes(value)) return undefined;
    return misspelt(value, path, known);
  }

  #plain({ type = [], format, minimum, items }: Schema, value: unknown, path: string, required: boolean): Fault | undefined {
    const types = [type].flat();
    const wrong = (expected: string): Fault => mistyped(expected, value, path, required ? expected : `${expected}, or leave it out`);
    if (value === null && types.includes("null")) return undefined;
    if (types.includes("array")) {
      if (!Array.isArray(value)) return wrong("a list");
      for (const [index, item] of value.entries()) {
        const fault = this.fault(items ?? {}, item, `${path}[${index}]`, true);
        if (fault !== undefined) return fault;
      }
      return undefined;
    }
    if (types.includes("number")) return typeof value === "number" && Number.isFinite(value) ? undefined : wrong("a number");
    if (types.includes("integer")) {
      const whole = Number.isInteger(value) && (minimum === undefined || (value as number) >= minimum);
      return whole ? undefined : wrong(minimum === undefined ? "a whole number" : `a whole number, ${minimum} or more`);
    }
    if (types.includes("boolean")) return typeof value === "boolean" ? undefined : wrong("true or false");
    if (format === "date-time") return this.#instant(value, path);
    if (format === "date" && !(typeof value === "string" && DAY.test(value))) {
      return { path, message: `\`${path}\`: expected a day, found ${described(value)}`, help: "write it as `2026-11-24`" };
    }
    return typeof value === "string" || !types.includes("string") ? undefined : wrong("a text");
  }

  #instant(value: unknown, path: string): Fault | undefined {
    if (typeof value === "string" ? native.isInstant(value) : typeof value === "number" && !this.#isJson) return undefined;
    const help = (typeof value === "string" && withoutZone(value)) || (this.#snake ? "write it as `2026-11-24T02:00:00Z`" : INSTANT_HELP);
    return { path, message: `\`${path}\`: expected an instant, found ${described(value)}`, help };
  }
}

/** As JSON has it. */
function unwrapped(value: unknown): unknown {
  const { toJSON } = Object(value) as { toJSON?: unknown };
  return typeof toJSON === "function" ? toJSON.call(value) : value;
}

const within = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

// What monitoring systems send, on its way to the native half: as it came, but for alerts that a program built as objects.

import { KentonganError } from "./error";
import { isAlertField } from "./misshapen";
import { camel, inward, jsonOf, refuseMaps, snake } from "./shapes";

/** What the alerts of Alertmanager have, too: by these alone nobody knows whose one is. */
const THEIRS_TOO = new Set(["status", "labels", "annotations", "starts_at", "ends_at"]);

/** A payload as the native half takes it. @internal */
export interface Written {
  payload: Uint8Array | string;
  /** What it has in JavaScript's names, by the engine's: `starts_at` for `startsAt`. */
  renamed: ReadonlySet<string>;
}

/**
 * Bytes and text as they are, and objects as text again. The alerts of our own shape among those may be in JavaScript's names, with
 * instants as JavaScript has them; what others send is left alone, whose names may be the same.
 *
 * @internal
 */
export function written(payload: Uint8Array | string | object, source?: string): Written {
  const renamed = new Set<string>();
  if (typeof payload === "string" || payload instanceof Uint8Array) return { payload, renamed };
  const ours = (value: unknown, path: string): unknown => (isOurs(value, source) ? inEngineNames(value, path, renamed) : value);
  const text = jsonOf("a payload", () => {
    refuseMaps(payload, "");
    return Array.isArray(payload) ? payload.map((one, index) => ours(one, `[${index}]`)) : ours(payload, "");
  });
  return { payload: text, renamed };
}

/** Whether it is an alert of our own shape. One that says itself how it is written is left alone, too. */
function isOurs(value: unknown, source: string | undefined): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value) || "toJSON" in value) return false;
  if (source !== undefined) return source === "alert";
  return Object.keys(value).some((name) => isAlertField(name) && !THEIRS_TOO.has(name));
}

function inEngineNames(alert: Record<string, unknown>, path: string, renamed: Set<string>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(alert)) {
    const key = snake(name);
    const isKnown = isAlertField(key) && (key === name || !Object.hasOwn(alert, key));
    if (isKnown && key !== name) renamed.add(key);
    // What is not known is refused under the name that it was given.
    if (isKnown && key.endsWith("_at")) Object.assign(result, inward({ [name]: value }, path));
    else result[isKnown ? key : name] = value;
  }
  return result;
}

/** A refusal of the native half, in the names in which the payload was handed in. @internal */
export function inGivenNames(error: unknown, renamed: ReadonlySet<string>): unknown {
  const path = error instanceof KentonganError ? error.where?.path : undefined;
  const key = path?.slice(path.lastIndexOf(".") + 1) ?? "";
  if (path === undefined || !renamed.has(key)) return error;
  const { code, message, help, where } = error as KentonganError;
  const given = `${path.slice(0, path.length - key.length)}${camel(key)}`;
  return new KentonganError({ code, message: message.replace(path, given), ...(help !== undefined && { help }), where: { ...where, path: given } });
}

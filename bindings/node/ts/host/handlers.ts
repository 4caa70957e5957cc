// The handlers of a host against the names that its policies have: a key that fits nothing is never called, and nobody would know
// before the page.

import { nearest, schema } from "../../native";
import type { Effect } from "../data";
import { KentonganError } from "../error";
import type { Policy } from "../policy";
import type { HostOptions } from "./options";

type Handlers = HostOptions["deliver"];

let kinds: readonly string[] | undefined;

/** The kinds of effects, from the engine's own schema. */
function effectKinds(): readonly string[] {
  if (kinds !== undefined) return kinds;
  const { oneOf = [] } = JSON.parse(schema("effect")) as { oneOf?: Array<{ properties: { kind: { const: Effect["kind"] } } }> };
  kinds = oneOf.map(({ properties }) => properties.kind.const);
  return kinds;
}

/**
 * Throws where a key of the handlers is a slip: nearly the name of a channel or a kind of effect, and that has no handler.
 *
 * @throws {KentonganError} `invalid_value`
 * @internal
 */
export function checkedHandlers(deliver: Handlers, policies: readonly Policy[]): void {
  if (typeof deliver === "function") return;
  const free = knownNames(policies).filter((name) => !Object.hasOwn(deliver, name));
  for (const key of unusedIn(deliver, policies)) {
    const meant = nearest(key, free);
    if (meant === null) continue;
    const message = `\`deliver.${key}\` is neither for a channel of the policy nor for a kind of effect`;
    throw new KentonganError({ code: "invalid_value", message, help: `did you mean \`${meant}\`?`, where: { path: `deliver.${key}` } });
  }
}

/**
 * What of the handlers does not fit the policies, of which the first is in force. Each may be meant: it is told, and no reason not to
 * start.
 *
 * @internal
 */
export function oddHandlers(deliver: Handlers, policies: readonly Policy[]): KentonganError[] {
  if (typeof deliver === "function") return [];
  const told: KentonganError[] = [];
  const unused = unusedIn(deliver, policies);
  if (unused.length > 0) {
    const message = `no policy has what these handlers of \`deliver\` are for: ${quoted(unused)}`;
    told.push(new KentonganError({ code: "unused_handler", message, help: "see their names: those of channels, of kinds of effects, and `default`" }));
  }
  const caught = ["notify", "default"].some((key) => Object.hasOwn(deliver, key));
  const missing = caught ? [] : (policies[0]?.native.channels() ?? []).filter((name) => !Object.hasOwn(deliver, name));
  if (missing.length > 0) {
    const message = `\`deliver\` has no handler for these channels of the policy: ${quoted(missing)}`;
    told.push(new KentonganError({ code: "no_handler", message, help: "add one for each, or `default`: what is told there counts as failed, and the next way is tried" }));
  }
  return told;
}

const unusedIn = (deliver: object, policies: readonly Policy[]): string[] => {
  const known = new Set(knownNames(policies));
  return Object.keys(deliver).filter((key) => !known.has(key));
};

const knownNames = (policies: readonly Policy[]): string[] => [...effectKinds(), "default", ...policies.flatMap(({ native }) => native.knownChannels())];

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

// What a host is made of, looked at before anything is begun: what only JavaScript lets through would be met at the first page.

import { KentonganError } from "../error";
import { type Names, checkedOptions } from "../named";
import { type Policy, checkedPolicies, checkedPolicy } from "../policy";
import { checkedHandlers } from "./handlers";
import type { HostListeners, HostOptions } from "./options";
import type { FileStore, Store } from "./store";

const NAMES: Names<HostOptions> = {
  policy: true,
  store: true,
  deliver: true,
  deliverWithin: true,
  adoptPolicy: true,
  policies: true,
  clock: true,
  on: true,
};

/** Whether a store is a journal's file: a store of a user's own may name a file, too, but it keeps entries itself. @internal */
export const isFile = (store: FileStore | Store): store is FileStore => !("append" in store);

/**
 * Throws where something is not what a host can be made of.
 *
 * @throws {KentonganError} `invalid_value`
 * @internal
 */
export function checked(options: HostOptions): void {
  if (!isObject(options)) throw invalid("", "what a host is made of is missing", "hand in an object with `policy`, `store` and `deliver`");
  checkedOptions(options, NAMES);
  const { policy, policies, store, deliver, deliverWithin, on = {} } = options as { [Name in keyof HostOptions]: unknown };
  checkedPolicy(policy as Policy);
  checkedPolicies(policies as Policy[]);
  if (!isStore(store)) {
    const help = "hand in the name of a journal's file, `fileStore(…)`, `postgresStore(…)`, `memoryStore()`, or an object with `read` and `append`";
    throw invalid("store", "`store` is not a store", help);
  }
  const given = store as string | FileStore | Store;
  if (typeof given !== "string" && isFile(given)) checkedOptions(given, { file: true, adoptPolicy: true, snapshotEvery: true });
  if (!isFunction(deliver) && !(isOfFunctions(deliver) && Object.keys(deliver).length > 0)) {
    const help = "hand in a function, or an object of functions by channel, by kind of effect, or `default`: nobody would be told of anything";
    throw invalid("deliver", "`deliver` is not what performs effects", help);
  }
  checkedHandlers(deliver as HostOptions["deliver"], [policy as Policy, ...((policies ?? []) as Policy[])]);
  // What is no length of time would be over at once, and everybody would be told in vain, one after the other.
  if (deliverWithin !== undefined && !(typeof deliverWithin === "number" && deliverWithin > 0)) {
    throw invalid("deliverWithin", "`deliverWithin` is not a length of time", "hand in milliseconds, more than 0: 30_000 unless given");
  }
  if (!isOfFunctions(on)) throw invalid("on", "`on` does not hold listeners", "hand in an object of functions: `effect`, `step`, `report`, `error`");
  checkedOptions<HostListeners>(on, { effect: true, step: true, report: true, error: true });
}

const isFunction = (value: unknown): boolean => typeof value === "function";
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const isOfFunctions = (value: unknown): value is object => isObject(value) && Object.values(value).every(isFunction);

function isStore(store: unknown): boolean {
  if (typeof store === "string") return store !== "";
  if (!isObject(store)) return false;
  return "append" in store ? isFunction(store["append"]) && isFunction(store["read"]) : typeof store["file"] === "string" && store["file"] !== "";
}

function invalid(path: string, message: string, help: string): KentonganError {
  return new KentonganError({ code: "invalid_value", message, help, ...(path !== "" && { where: { path } }) });
}

// What a host is made of, looked at before anything is begun: what only JavaScript lets through would be met at the first page.

import { checkedFlag, checkedFunction, checkedText, elsewhere, invalid, isObject, unexpected } from "../checks";
import { type Checks, checkedOptions } from "../named";
import { checkedPolicies, checkedPolicy } from "../policy";
import { checkedHandlers } from "./handlers";
import type { HostListeners, HostOptions } from "./options";
import { FILE_OPTIONS, type FileStore, type Store } from "./store";

const CHECKS: Checks<HostOptions> = {
  policy: checkedPolicy,
  store: elsewhere,
  deliver: elsewhere,
  deliverWithin: checkedPatience,
  adoptPolicy: checkedFlag,
  policies: checkedPolicies,
  clock: checkedClock,
  on: elsewhere,
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
  if (!isObject(options)) throw invalid({ path: "", message: "what a host is made of is missing", help: "hand in an object with `policy`, `store` and `deliver`" });
  checkedOptions(options as HostOptions, CHECKS);
  const { policy, policies = [], store, deliver, on = {} } = options as HostOptions;
  checkedPolicy(policy);
  if (!isStore(store)) {
    const help = "hand in the name of a journal's file, `fileStore(…)`, `postgresStore(…)`, `memoryStore()`, or an object with `read` and `append`";
    throw invalid({ path: "store", message: "`store` is not a store", help });
  }
  if (typeof store !== "string" && isFile(store)) checkedOptions(store, { ...FILE_OPTIONS, file: checkedText }, "store");
  if (!isFunction(deliver) && !(isOfFunctions(deliver) && Object.keys(deliver).length > 0)) {
    const help = "hand in a function, or an object of functions by channel, by kind of effect, or `default`: nobody would be told of anything";
    throw invalid({ path: "deliver", message: "`deliver` is not what performs effects", help });
  }
  checkedHandlers(deliver, [policy, ...policies]);
  if (!isOfFunctions(on)) {
    throw invalid({ path: "on", message: "`on` does not hold listeners", help: "hand in an object of functions: `effect`, `step`, `report`, `error`" });
  }
  checkedOptions<HostListeners>(on, { effect: checkedFunction, step: checkedFunction, report: checkedFunction, error: checkedFunction }, "on");
}

/** What is no length of time would be over at once, and everybody would be told in vain, one after the other. */
function checkedPatience(deliverWithin: unknown, path: string): void {
  if (typeof deliverWithin === "number" && deliverWithin > 0) return;
  throw invalid({ path, message: "`deliverWithin` is not a length of time", help: "hand in milliseconds, more than 0: 30_000 unless given" });
}

function checkedClock(clock: unknown, path: string): void {
  if (isObject(clock) && isFunction(clock["now"]) && isFunction(clock["after"])) return;
  throw unexpected("a clock", clock, path, "a `ManualClock`, or an object with `now` and `after`; or leave it out");
}

const isFunction = (value: unknown): boolean => typeof value === "function";
const isOfFunctions = (value: unknown): value is object => isObject(value) && Object.values(value).every(isFunction);

function isStore(store: unknown): boolean {
  if (typeof store === "string") return store !== "";
  if (!isObject(store)) return false;
  return "append" in store ? isFunction(store["append"]) && isFunction(store["read"]) : typeof store["file"] === "string" && store["file"] !== "";
}

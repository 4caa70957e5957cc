// Options by their names. One that is misspelt would be passed over, and missed only at the first page.

import { didYouMean } from "../native";
import type { Check } from "./checks";
import { KentonganError } from "./error";
import { described } from "./shapes";

/** What each option has to be, of which none can be forgotten here. @internal */
export type Checks<Options> = { readonly [Name in keyof Required<Options>]: Check };

/**
 * Refuses options that are not known, and those that are not what they have to be. `of` is the option that they are a part of.
 *
 * @throws {KentonganError} `invalid_value`, with the name in `where.path`
 * @internal
 */
export function checkedOptions<Options extends object>(options: Options, checks: Checks<Options>, of?: string): void {
  if (typeof options !== "object" || options === null) {
    const message = `expected options, found ${described(options)}`;
    throw new KentonganError({ code: "invalid_value", message, help: `hand in an object with some of \`${Object.keys(checks).join("`, `")}\`, or leave it out` });
  }
  const wayTo = (name: string): string => (of === undefined ? name : `${of}.${name}`);
  const slip = Object.keys(options).find((name) => !Object.hasOwn(checks, name));
  if (slip !== undefined) {
    const path = wayTo(slip);
    throw new KentonganError({ code: "invalid_value", message: `unknown option \`${path}\``, help: didYouMean(slip, Object.keys(checks)), where: { path } });
  }
  for (const [name, check] of Object.entries<Check>(checks)) {
    const value = (options as Record<string, unknown>)[name];
    if (value !== undefined) check(value, wayTo(name));
  }
}

// Options by their names. One that is misspelt would be passed over, and missed only at the first page.

import { didYouMean } from "../native";
import { KentonganError } from "./error";
import { described } from "./shapes";

/** The names of options, of which none can be forgotten here. @internal */
export type Names<Options> = { readonly [Name in keyof Required<Options>]: true };

/**
 * Refuses options that are not known.
 *
 * @throws {KentonganError} `invalid_value`, with the name in `where.path`
 * @internal
 */
export function checkedOptions<Options extends object>(options: Options, names: Names<Options>): void {
  if (typeof options !== "object" || options === null) {
    const message = `expected options, found ${described(options)}`;
    throw new KentonganError({ code: "invalid_value", message, help: `hand in an object with some of \`${Object.keys(names).join("`, `")}\`, or leave it out` });
  }
  const path = Object.keys(options).find((name) => !Object.hasOwn(names, name));
  if (path === undefined) return;
  throw new KentonganError({ code: "invalid_value", message: `unknown option \`${path}\``, help: didYouMean(path, Object.keys(names)), where: { path } });
}

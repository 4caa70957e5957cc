import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";

import { KentonganError } from "./error";

const LINE_FEED = 0x0a;

/** The text of a file. Where it is not UTF-8 nothing is guessed: a name would come out as another. @internal */
export function readText(path: string): string {
  const bytes = readFileSync(path);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw new KentonganError({
    code: "not_utf8",
    message: "the file is not UTF-8 text",
    help: "save it as UTF-8",
    where: { file: path, line: oddLine(bytes) },
  });
}

/** The first line that is not UTF-8, counted from 1. No character goes over the end of one. */
function oddLine(bytes: Buffer): number {
  let line = 1;
  for (let from = 0; ; line += 1) {
    const end = bytes.indexOf(LINE_FEED, from);
    if (end === -1 || !isUtf8(bytes.subarray(from, end))) return line;
    from = end + 1;
  }
}

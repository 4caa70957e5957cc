import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";

import { checkedText } from "./checks";
import { KentonganError } from "./error";

const LINE_FEED = 0x0a;

/** What to do where a file cannot be read, by the code of `node:fs`. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file: see its name, which is looked up from the folder that the process runs in",
  EISDIR: "that is a folder: name a file in it",
};

/** The bytes of a file. */
function readBytes(path: string): Buffer {
  checkedText(path, "path");
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    const help = REMEDIES[code] ?? "see that this process may read the file";
    throw new KentonganError({ code: "io", message: `cannot read \`${path}\`: ${message}`, help, where: { file: path } }, { cause });
  }
}

/** The text of a file. Where it is not UTF-8 nothing is guessed: a name would come out as another. @internal */
export function readText(path: string): string {
  const bytes = readBytes(path);
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

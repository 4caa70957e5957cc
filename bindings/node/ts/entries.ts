// A journal as JavaScript has it, for those who live through one: in memory, in a table, or out of a file.

import type { Input, Instant } from "./data";
import { KentonganError } from "./error";
import { breathe, inParts, inward, jsonOf, notDeclared } from "./shapes";

/** One entry of a journal: an input or a reload. A record of `Records` is one. More fields are passed over. */
export interface JournalEntry {
  /** When it was handed in. */
  at: Instant;
  /** What was handed in. */
  input?: Input | undefined;
  /** The reload; the policies stand there by their digests. */
  reload?: { from: string; to: string; severities?: Record<string, string> } | undefined;
}

/** A journal in memory: entries in their order, or as text, one a line, in the engine's own JSON. */
export type JournalSource = Uint8Array | string | Iterable<JournalEntry> | AsyncIterable<JournalEntry>;

/** How many entries are written before the event loop goes on: a few milliseconds. */
const WRITTEN_AT_ONCE = 200;

/** A journal as bytes in parts: between two of them the event loop goes on. @internal */
export async function journalParts(journal: JournalSource): Promise<Buffer[]> {
  if (typeof journal === "string" || journal instanceof Uint8Array) return inParts(journal);
  if (journal == null || !(Symbol.iterator in Object(journal) || Symbol.asyncIterator in Object(journal))) {
    const why = "it is neither bytes nor a text, and cannot be gone through";
    throw notDeclared("a journal", why, "lines as text or bytes, or an `Iterable` or `AsyncIterable` of `{ at, input }`");
  }
  const parts: Buffer[] = [];
  let lines = "";
  let count = 0;
  for await (const entry of journal) {
    lines += `${lineOf(entry, count)}\n`;
    count += 1;
    if (count % WRITTEN_AT_ONCE > 0) continue;
    parts.push(Buffer.from(lines));
    lines = "";
    await breathe();
  }
  parts.push(Buffer.from(lines));
  return parts;
}

/** An entry as its line. What is wrong with it is placed by its line, as the native half does it. */
function lineOf(entry: JournalEntry, index: number): string {
  try {
    const { at, input, reload } = Object(entry) as JournalEntry;
    return jsonOf("an entry of a journal", () => inward({ at, input, reload }));
  } catch (error) {
    if (!(error instanceof KentonganError)) throw error;
    const { code, message, help, where } = error;
    throw new KentonganError({ code, message, ...(help !== undefined && { help }), where: { ...where, line: index + 1 } }, { cause: error.cause });
  }
}

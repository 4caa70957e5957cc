// A journal as JavaScript has it, for those who live through one: in memory, in a table, or out of a file.

import type { Input, Instant } from "./data";
import { KentonganError } from "./error";
import { inTheirWords } from "./misshapen";
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

const LINE_FEED = 0x0a;
/** How many entries are written before the event loop goes on: a few milliseconds. */
const WRITTEN_AT_ONCE = 200;

/** Whether a journal is text, in the engine's own names. @internal */
export const isText = (journal: JournalSource): journal is Uint8Array | string => typeof journal === "string" || journal instanceof Uint8Array;

/** Reads a journal's lines. What is wrong with one that cannot be read is said in the names in which it was handed in. @internal */
export async function readableLines<T>(parts: readonly Buffer[], isText: boolean, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const line = error instanceof KentonganError ? error.where?.line : undefined;
    if (line === undefined) throw error;
    const told = inTheirWords(error, "entry", lineIn(parts, line), { at: { line }, renamed: !isText });
    if (!isText || told === error || !(told instanceof KentonganError)) throw told;
    // The declarations have the names of JavaScript, and text has not: that remedy stays.
    const { code, message, where = {}, help = "" } = told;
    throw new KentonganError({ code, message, where, help: `${help}; ${(error as KentonganError).help}` });
  }
}

/** A line of bytes in parts, counted from 1. @internal */
export function lineIn(parts: readonly Buffer[], line: number): string {
  const bytes = Buffer.concat(parts);
  let from = 0;
  for (let count = 1; count < line; count += 1) {
    const end = bytes.indexOf(LINE_FEED, from);
    if (end === -1) return "";
    from = end + 1;
  }
  const end = bytes.indexOf(LINE_FEED, from);
  return bytes.subarray(from, end === -1 ? bytes.length : end).toString("utf8");
}

/** A journal as bytes in parts: between two of them the event loop goes on. @internal */
export async function journalParts(journal: JournalSource): Promise<Buffer[]> {
  if (isText(journal)) return inParts(journal);
  if (journal == null || !(Symbol.iterator in Object(journal) || Symbol.asyncIterator in Object(journal))) {
    const why = "it is neither bytes nor a text, and cannot be gone through";
    throw notDeclared("a journal", why, "lines as text or bytes, or an `Iterable` or `AsyncIterable` of `{ at, input }`", { path: "journal" });
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

// Documents on their way to the native half: with the files that they name beside themselves, and as data.

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { type Diagnostic, KentonganError, type Place, call } from "./error";
import { described } from "./shapes";
import { wordsOf } from "./words";

/** Gives the content of a file that a document names beside itself; nothing where there is none. @internal */
export type Read = (name: string) => Uint8Array | string | null | undefined;

/** The same as the native half calls it. @internal */
export type ReadFile = (name: string) => Buffer | null;

/** What a reader threw, by the name that it was asked for. */
type Slips = Map<string, unknown>;

/** Reads the files that stand beside another. @internal */
export const beside = (path: string): Read => (name) => {
  try {
    return readFileSync(resolve(dirname(path), name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
};

/**
 * Reads a document with a reader. What that throws is the `cause` of the error that the missing file leads to.
 *
 * @throws {KentonganError} `invalid_value` where the reader gives what is no content
 * @internal
 */
export function reading<T>(read: Read | undefined, work: (read: ReadFile | undefined) => T, told?: (result: T, slips: Slips) => T): T {
  const slips: Slips = new Map();
  let refusal: KentonganError | undefined;
  const reader = read && ((name: string): Buffer | null => {
    try {
      const content: unknown = read(name);
      if (content == null) return null;
      if (typeof content === "string") return Buffer.from(content);
      if (content instanceof Uint8Array) return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
      refusal ??= noContent(name, content);
    } catch (thrown) {
      slips.set(name, thrown);
    }
    return null;
  });
  try {
    const result = call(() => work(reader));
    if (refusal === undefined) return told === undefined ? result : told(result, slips);
  } catch (error) {
    if (refusal === undefined) throw slips.size > 0 && error instanceof KentonganError ? caused(error, slips) : error;
  }
  throw refusal;
}

function noContent(name: string, given: unknown): KentonganError {
  const isPromise = typeof (given as { then?: unknown }).then === "function";
  // Nobody waits for it: what it is rejected with would end the process.
  if (isPromise) Promise.resolve(given).catch(() => undefined);
  const message = `\`read\` gave ${isPromise ? "a promise" : described(given)} for \`${name}\``;
  const instead = isPromise ? "; read the files first, or with `readFileSync`" : "";
  const help = `give its text or its bytes, at once, and nothing where there is no such file${instead}`;
  return new KentonganError({ code: "invalid_value", message, help, where: { path: "read" } });
}

function caused(error: KentonganError, slips: Slips): KentonganError {
  const [cause] = slips.values();
  const { code, message, help, where, diagnostics } = error;
  return new KentonganError({ code, message, ...(help !== undefined && { help }), ...(where && { where }), diagnostics: [...diagnostics] }, { cause });
}

/** What is wrong with files that could not be read, with what the reader threw: a list has no `cause`. @internal */
export function withSlips(diagnostics: readonly Diagnostic[], slips: ReadonlyMap<string, unknown>): Diagnostic[] {
  const about = ({ message }: Diagnostic): [string, unknown] | undefined => [...slips].find(([name]) => message.includes(`\`${name}\``));
  return diagnostics.map((diagnostic) => {
    const slip = about(diagnostic);
    return slip === undefined ? diagnostic : { ...diagnostic, message: `${diagnostic.message}: ${wordsOf(slip[1])}` };
  });
}

/** Reads a document that was handed in as data and goes by a name. @internal */
export function asData<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KentonganError) || error.diagnostics.length === 0) throw error;
    const diagnostics = error.diagnostics.map((one) => ({ ...one, where: inData(name, one.where) }));
    const { code, help, where, cause } = error;
    const [dropped = ""] = /\nand \d+ more$/.exec(error.message) ?? [];
    const message = `${diagnostics.map(lineOf).join("\n")}${dropped}`;
    throw new KentonganError(
      { code, message, ...(help !== undefined && { help }), ...(where && { where: inData(name, where) }), diagnostics },
      cause === undefined ? undefined : { cause },
    );
  }
}

/** A place in what was handed in as data: lines and columns would be those of a text that nobody wrote. @internal */
export function inData(name: string, place: Place): Place {
  const { file, path } = place;
  // It may have named files, which have lines.
  return file !== name ? place : { file, ...(path && { path }) };
}

/** Problems of a policy, of which nobody knows any more how it was handed in: line 0 is that of data. @internal */
export const unplaced = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  diagnostics.map((one) => (one.where.line === 0 ? { ...one, where: inData(one.where.file ?? "", one.where) } : one));

/** What is wrong, as a line of a message. */
function lineOf({ level, code, message, help, where: { file = "", line, column, path } }: Diagnostic): string {
  const place = line !== undefined && line > 0 ? `${file}:${line}:${column}` : path ? `${file}: ${path}` : file;
  return `${place}: ${level}[${code}]: ${message}${help === undefined ? "" : `; ${help}`}`;
}

/** Where in a text or a document something stands. */
export interface Place {
  /** The file, as it was named; that of a journal perhaps with its links resolved. */
  file?: string;
  /** The line, counted from 1. */
  line?: number;
  /** The column in characters, counted from 1. */
  column?: number;
  /** The way to it through the document: `severities.SEV-1.notify[0]`. */
  path?: string;
}

/** One thing wrong with a document. */
export interface Diagnostic {
  /** Whether the document can be used in spite of it. */
  level: "error" | "warning";
  /** The stable name of this kind of problem: `unknown_severity`. */
  code: string;
  /** What is wrong, in lower case and without a full stop. */
  message: string;
  /** What to do about it. */
  help?: string;
  /** Where it stands. */
  where: Place;
}

/** What the native half says of an error. */
interface Told {
  code: string;
  message: string;
  help?: string;
  where?: Place;
  diagnostics?: Diagnostic[];
}

/**
 * Everything this package throws, refusals of the engine among it. A call that throws has changed nothing.
 *
 * `code` is stable: `already_resolved`, `unknown_severity`, `corrupt`. Besides those of the engine, the journal and the
 * payloads there are `invalid_value` and `invalid_instant` (what was handed in is not of the declared type), `wrong_type` (a
 * column or a table of Arrow is of another one), `unknown_column` and `needs_whole_alerts` (of a table, too),
 * `unknown_policy`, `unknown_schedule` and `unknown_calendar`, `busy` (an asynchronous call has the engine), `aborted`,
 * `closed`, `not_utf8` (a file), `not_kept`, `not_read` and `not_closed` (a store of your own failed, with its error as the
 * `cause`), `not_begun` (a host could not read what it has to do), `no_handler` and `unused_handler` (a host's `deliver`
 * does not fit the policy), `io` (a file cannot be read), `internal` (a defect) and `poisoned` (after one).
 */
export class KentonganError extends Error {
  /** The stable name of this kind of error. */
  readonly code: string;
  /** What to do about it. */
  readonly help?: string;
  /** Where in what was handed in the first problem stands. */
  readonly where?: Place;
  /** Everything wrong with a document, with places and remedies. Empty for what is not about a document. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(told: Told, options?: ErrorOptions) {
    super(told.message, options);
    this.name = "KentonganError";
    this.code = told.code;
    if (told.help !== undefined) this.help = told.help;
    if (told.where !== undefined) this.where = told.where;
    this.diagnostics = told.diagnostics ?? [];
  }
}

/** What the border expects, by how it names a value of another type. */
const EXPECTED: Readonly<Record<string, string>> = {
  StringExpected: "a text",
  NumberExpected: "a number",
  BooleanExpected: "true or false",
  ObjectExpected: "an object",
  ArrayExpected: "an array",
  FunctionExpected: "a function",
  InvalidArg: "another type",
};

/** The error of the native half as users meet it; anything else as it is. */
function translated(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error.message.startsWith('{"code":')) return new KentonganError(JSON.parse(error.message));
  const expected = EXPECTED[String((error as NodeJS.ErrnoException).code)];
  if (expected === undefined) return error;
  const given = /value `(\w+)/.exec(error.message)?.[1]?.toLowerCase();
  const message = `not of the declared type: ${expected} is expected${given === undefined ? "" : `, not ${given}`}`;
  return new KentonganError({ code: "invalid_value", message, help: "hand in what the declarations of the package describe" }, { cause: error });
}

/** Calls the native half. @internal */
export function call<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translated(error);
  }
}

/** Calls the native half and waits for it. @internal */
export async function wait<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated(error);
  }
}

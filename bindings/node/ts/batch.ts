import type { Alert } from "./data";
import { lineIn } from "./entries";
import { checkedFunction, checkedSignal, checkedTextsByName, invalid, madeOf, oneOf } from "./checks";
import { KentonganError, wait } from "./error";
import { inTheirWords } from "./misshapen";
import { checkedOptions } from "./named";
import { type NativePolicy, rulingsArrow } from "../native";
import { type Packer, ROW_END, SEPARATOR } from "./pack";
import { alertText, breathe, inParts, mustBeAlert, notDeclared } from "./shapes";

/** What a policy's rules say of an alert, without the reasons. */
export interface Ruling {
  /** The severity. */
  severity: string;
  /** The rule that gave it; none where the default stands. */
  rule?: string;
  /** Whether a rule failed before one decided; `Policy.classify` says which, and why. */
  fault: boolean;
}

/** The names that rulings refer to. @internal */
export interface Names {
  severities: readonly string[];
  rules: readonly string[];
}

/** A ruling from the places of its severity and its rule. @internal */
export function ruling(names: Names, severity: number, rule: number, fault: boolean): Ruling {
  const found: Ruling = { severity: names.severities[severity] ?? "", fault };
  const name = rule > 0 ? names.rules[rule - 1] : undefined;
  if (name !== undefined) found.rule = name;
  return found;
}

/** The rulings of a batch, in its order; kept as columns, so that a million of them take nine megabytes. */
export class Rulings implements Iterable<Ruling> {
  /** The severity of each, by its place in `Policy.severities`: 0 is the worst. */
  readonly severities: Uint32Array;
  /** The rule of each, by its place in `Policy.rules` plus one; 0 where the default stands. */
  readonly rules: Uint32Array;
  /** 1 where a rule failed before one decided. */
  readonly faults: Uint8Array;
  readonly #names: Names;

  private constructor(names: Names, parts: Buffer[][]) {
    madeOf(Array.isArray(parts), "rulings", "`Policy.classifyBatch`");
    this.#names = names;
    const column = (index: number): Uint8Array => {
      const joined = Buffer.concat(parts.map((part) => part[index] ?? Buffer.alloc(0)));
      // In memory of its own: wider numbers need an aligned beginning.
      return new Uint8Array(joined);
    };
    this.severities = new Uint32Array(column(0).buffer);
    this.rules = new Uint32Array(column(1).buffer);
    this.faults = column(2);
  }

  /** Of what the native half gave, part by part. @internal */
  static of(names: Names, parts: Buffer[][]): Rulings {
    return new Rulings(names, parts);
  }

  /** How many there are. */
  get length(): number {
    return this.faults.length;
  }

  /** One of them; nothing past the end. */
  at(index: number): Ruling | undefined {
    const place = index < 0 ? index + this.length : index;
    const [severity, rule, fault] = [this.severities[place], this.rules[place], this.faults[place]];
    return severity === undefined ? undefined : ruling(this.#names, severity, rule ?? 0, fault === 1);
  }

  /** How many alerts have each severity, the worst first; severities that none has are left out. */
  counts(): Record<string, number> {
    const counts = new Array<number>(this.#names.severities.length).fill(0);
    for (const severity of this.severities) counts[severity] = (counts[severity] ?? 0) + 1;
    const named = this.#names.severities.map((name, place) => [name, counts[place] ?? 0] as const);
    return Object.fromEntries(named.filter(([, count]) => count > 0));
  }

  /**
   * The rulings as Arrow IPC, a stream with the columns `severity` and `rule`, which are dictionaries of text, and `fault`; the
   * rule is null where the default stands. Written on another thread: the columns must not change until it is there.
   *
   * ```js
   * const table = tableFromIPC(await rulings.toArrow());
   * ```
   */
  async toArrow(): Promise<Buffer> {
    const { severities, rules } = this.#names;
    const bytes = ({ buffer, byteOffset, byteLength }: Uint8Array | Uint32Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);
    const [table] = await wait(() => rulingsArrow([...severities], [...rules], bytes(this.severities), bytes(this.rules), bytes(this.faults)));
    return table ?? Buffer.alloc(0);
  }

  *[Symbol.iterator](): IterableIterator<Ruling> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index) as Ruling;
  }
}

/** How a batch is handed in, followed and given up. */
export interface BatchOptions {
  /**
   * What bytes are: `jsonl` (alerts as JSON, one a line) or `arrow` (Arrow IPC, a stream or a file). Told by the bytes otherwise; a text
   * is `jsonl`, and objects have none.
   */
  format?: "jsonl" | "arrow";
  /**
   * Which column of Arrow holds what of an alert, where it is not called so: `{ "labels.env": "environment" }`; or all labels,
   * annotations or values, as structs or maps: `{ labels: "tags" }`. No rule need ask for it: one naming does for many policies. What
   * is not Arrow has none.
   */
  columns?: Readonly<Record<string, string>>;
  /** Gives the batch up: the promise is rejected with the signal's reason. */
  signal?: AbortSignal;
  /**
   * Called about every 50 ms with how many alerts are done, and at the end. What it throws gives the batch up, and rejects the promise.
   * So does a promise of its that is rejected while the batch runs; none is waited for, and what becomes of one later is passed over.
   */
  onProgress?: (done: number) => unknown;
}

/** How many objects are packed before the event loop goes on: about five milliseconds. As JSON they take ten times as long. */
const PACKED_AT_ONCE = 2_000;
const WRITTEN_AT_ONCE = 200;
const PROGRESS_MS = 50;

/** Classifies alerts off the main thread. @internal */
export async function classifyBatch(
  policy: NativePolicy,
  packer: Packer,
  names: Names,
  alerts: Uint8Array | string | Iterable<Alert>,
  options: BatchOptions,
): Promise<Rulings> {
  checkedOptions(options, { format: oneOf("jsonl", "arrow"), columns: checkedTextsByName, signal: checkedSignal, onProgress: checkedFunction });
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  if (alerts == null || !(Symbol.iterator in Object(alerts)) && !("schema" in Object(alerts))) {
    const why = "they are neither bytes nor a text, and cannot be gone through";
    throw notDeclared("alerts", why, "JSON lines or Arrow IPC as bytes, or an array or another `Iterable` of objects", { path: "alerts" });
  }
  if (typeof alerts === "object" && "schema" in alerts && "batches" in alerts) {
    // Its rows would do for alerts whose facts are all absent.
    throw new KentonganError({ code: "wrong_type", message: "a table of Arrow is handed in as bytes", help: "hand in `tableToIPC(table)`" });
  }
  mustFit(alerts, options);
  // A part has one of its own, which begins at nothing: what is done of a part never counts twice.
  let batch = policy.batch();
  let before = 0;
  const giveUp = (): void => batch.giveUp();
  signal?.addEventListener("abort", giveUp, { once: true });
  /** What `onProgress` threw: on a timer nobody would catch it. */
  let slip: { thrown: unknown } | undefined;
  const tell = (done: number): void => {
    // Not waited for: one that never settles would keep the batch open for ever.
    (async () => onProgress?.(done))().catch((thrown: unknown) => {
      slip ??= { thrown };
      clearInterval(progress);
      giveUp();
    });
  };
  const progress = onProgress && setInterval(() => tell(before + batch.done()), PROGRESS_MS);
  const goOn = (): void => {
    signal?.throwIfAborted();
    if (slip !== undefined) throw slip.thrown;
  };
  const run = async (given: Uint8Array | string): Promise<Buffer[]> => {
    const parts = await inParts(given);
    const [first = Buffer.alloc(0)] = parts;
    if (typeof given !== "string" && isArrow(first, options.format)) return wait(() => batch.arrow(first, options.columns ?? {}));
    try {
      return await wait(() => batch.jsonLines(parts));
    } catch (error) {
      const line = error instanceof KentonganError ? error.where?.line : undefined;
      throw line === undefined ? error : inTheirWords(error, "alert", lineIn(parts, line), { at: { line }, lenient: !policy.needsWholeAlerts() });
    }
  };
  try {
    const parts: Buffer[][] = [];
    if (typeof alerts === "string" || alerts instanceof Uint8Array) parts.push(await run(alerts));
    else {
      for await (const rows of packed(policy, packer, alerts)) {
        goOn();
        try {
          parts.push(await wait(() => (rows.odd ? batch.jsonLines([Buffer.from(rows.text)]) : batch.packed(rows.text))));
        } catch (error) {
          const place = error instanceof KentonganError ? (error.where?.line ?? 0) - 1 : -1;
          if (place < 0) throw error;
          throw inTheirWords(error, "alert", rows.odd?.[place], { at: { path: `[${before + place}]` }, lenient: !policy.needsWholeAlerts() });
        }
        before += rows.count;
        batch = policy.batch();
      }
    }
    goOn();
    const rulings = Rulings.of(names, parts);
    clearInterval(progress);
    tell(rulings.length);
    // What it throws is known by then, and what an asynchronous one does that waits for nothing.
    await breathe();
    goOn();
    return rulings;
  } catch (error) {
    if (error instanceof KentonganError && error.code === "aborted") goOn();
    throw error;
  } finally {
    clearInterval(progress);
    signal?.removeEventListener("abort", giveUp);
  }
}

/** Refuses options of what was not handed in: they would be passed over. */
function mustFit(alerts: Uint8Array | string | Iterable<Alert>, { format, columns = {} }: BatchOptions): void {
  const isBytes = alerts instanceof Uint8Array;
  const found = typeof alerts === "string" ? "a text" : isBytes ? "JSON lines" : "objects";
  const refusal = (path: keyof BatchOptions, why: string, remedy: string): KentonganError =>
    invalid({ path, message: `\`${path}\`: ${why}, and the alerts are ${found}`, help: `hand in ${remedy}, or leave \`${path}\` out` });
  const bytes = "the bytes of Arrow IPC, `tableToIPC(table)`";
  if (format === "arrow" && !isBytes) throw refusal("format", "Arrow is handed in as bytes", bytes);
  if (format === "jsonl" && found === "objects") throw refusal("format", "JSON lines are handed in as bytes or a text", "one alert a line as JSON");
  if (Object.keys(columns).length > 0 && !(isBytes && isArrow(Buffer.from(alerts.buffer, alerts.byteOffset, alerts.byteLength), format))) {
    throw refusal("columns", "only Arrow has columns", bytes);
  }
}

function isArrow(bytes: Buffer, format: BatchOptions["format"]): boolean {
  if (format !== undefined) return format === "arrow";
  return bytes.subarray(0, 6).toString("latin1") === "ARROW1" || bytes.subarray(0, 4).toString("hex") === "ffffffff";
}

interface Rows {
  text: string;
  /** Those that go as JSON, for they are odd. */
  odd?: readonly Alert[];
  count: number;
}

/** Objects in parts that are packed one at a time; a part that holds an odd alert goes as JSON. */
async function* packed(policy: NativePolicy, packer: Packer, alerts: Iterable<Alert>): AsyncGenerator<Rows> {
  const whole = policy.needsWholeAlerts();
  const most = whole ? WRITTEN_AT_ONCE : PACKED_AT_ONCE;
  let part: Alert[] = [];
  let index = 0;
  for (const alert of alerts) {
    mustBeAlert(alert, `[${index}]`);
    index += 1;
    part.push(alert);
    if (part.length < most) continue;
    yield* rowsOf(part, index - part.length, whole ? undefined : packer);
    part = [];
    await breathe();
  }
  if (part.length > 0) yield* rowsOf(part, index - part.length, whole ? undefined : packer);
}

/** A part of the alerts, of which the first has that place among them. */
async function* rowsOf(part: readonly Alert[], first: number, packer: Packer | undefined): AsyncGenerator<Rows> {
  const texts = packer === undefined ? [] : part.map((alert) => packer.pack(alert));
  if (packer !== undefined && texts.every((text) => text !== undefined && !holdsSeparator(text, packer))) {
    yield { text: `${texts.join(ROW_END)}${ROW_END}`, count: part.length };
    return;
  }
  for (let from = 0; from < part.length; from += WRITTEN_AT_ONCE) {
    if (from > 0) await breathe();
    const some = part.slice(from, from + WRITTEN_AT_ONCE);
    const text = some.map((alert, place) => alertText(alert, `[${first + from + place}]`)).join("\n");
    yield { text, odd: some, count: some.length };
  }
}

/** Whether a text of the alert holds one of our separators. */
function holdsSeparator(row: string, packer: Packer): boolean {
  if (row.includes(ROW_END)) return true;
  let found = 0;
  for (let at = row.indexOf(SEPARATOR); at !== -1; at = row.indexOf(SEPARATOR, at + 1)) found += 1;
  return found !== Math.max(0, packer.length - 1);
}

import { basename } from "node:path";

import * as native from "../native";
import type { Alert, Decision, Effect, IncidentView, Input } from "./data";
import type { JournalEntry } from "./entries";
import { checkedFlag, checkedText, whole } from "./checks";
import { type Place, call, wait } from "./error";
import { checkedOptions } from "./named";
import { type Written, inGivenNames, written } from "./payload";
import { type Policy, TEXT_OPTIONS, type TextOptions, checkedPolicy } from "./policy";
import { asData, beside, inData, reading } from "./reading";
import { answerInPages, inParts, jsonOf, parse } from "./shapes";
import { readText } from "./text";

/** What a payload gave. */
export interface Intake {
  /** What it was read as. */
  source: "alertmanager" | "alert";
  /** Its alerts, in the payload's order. */
  alerts: Alert[];
  /** What was missing or dropped on the way; the alerts are usable in spite of it. Log them. */
  warnings: Array<{ code: string; message: string; where: Place }>;
}

/**
 * Reads the alerts of a payload: the body of a webhook as it was received, or a file of alerts.
 *
 * @param payload JSON: bytes, text, or what a framework has parsed already; or alerts as a program has them, as `host.alert` takes
 *   one, or an array of them
 * @param source who sent it; told by the payload's own marks otherwise
 * @throws {KentonganError} `not_json`, `unknown_source`, `missing_field`, … with the place in `where`
 */
export function alertsFrom(payload: Uint8Array | string | object, source?: "alertmanager" | "alert"): Intake {
  if (source !== undefined) checkedText(source, "source");
  return alertsAtOnce(written(payload, source), source);
}

function alertsAtOnce({ payload, renamed }: Written, source?: string): Intake {
  try {
    return call(() => parse<Intake>(native.alertsFrom(Buffer.from(payload as Uint8Array), source)));
  } catch (error) {
    throw inGivenNames(error, renamed);
  }
}

/** How large a payload is, in bytes or characters, that is not worth another thread. */
const AT_ONCE = 65_536;

/**
 * `alertsFrom` on another thread where the payload is large, as one of many megabytes would keep the event loop for long. Bytes
 * must not change until it is settled. What a framework has parsed already is written again on this thread first.
 */
export async function readAlerts(payload: Uint8Array | string | object, source?: "alertmanager" | "alert"): Promise<Intake> {
  if (source !== undefined) checkedText(source, "source");
  const given = written(payload, source);
  if (given.payload.length <= AT_ONCE) return alertsAtOnce(given, source);
  const parts = await inParts(given.payload);
  try {
    return (await answerInPages<Intake>(await wait(() => native.alertsInPages(parts, source)))).data;
  } catch (error) {
    throw inGivenNames(error, given.renamed);
  }
}

/** What there is a JSON Schema of. */
export type SchemaName = "policy" | "scenario" | "effect" | "input" | "decision" | "monthly" | "quarterly";

/** The JSON Schema of what people write or of the engine's own JSON, for editors and for other languages. */
export function schema(of: SchemaName): Record<string, unknown> {
  return call(() => JSON.parse(native.schema(checkedText(of, "of"))) as Record<string, unknown>);
}

/** Something that was not as a scenario expects it. */
export interface Failure {
  /** Where the scenario expects it. */
  where?: Place;
  /** What was expected. */
  expected: string;
  /** What there was instead. */
  found: string;
  /** Why it must be so, in the scenario's words. */
  why?: string;
  /** What came nearest. */
  nearest: string[];
  /** The fields expected (`-`) and found (`+`), line by line. */
  diff: string;
}

/** One thing that happened in a run. */
export type RunEntry =
  | { input: { at: Date; input: Input } }
  | { reload: { at: Date; policy: string; severities?: Record<string, string> } }
  | { refusal: { at: Date; code: string; message: string; help: string } }
  | { decision: Decision }
  | { effect: Effect };

/** All that happened in a scenario. */
export interface Run {
  /** The scenario's name. */
  scenario: string;
  /** Whether everything was as expected. */
  passed: boolean;
  /** The policy it ran under. */
  policy: { name: string; digest: string };
  /** When it began. */
  start: Date;
  /** When it ended. */
  until: Date;
  /** What happened, in order. */
  entries: RunEntry[];
  /** The incidents at the end, in the order of opening. */
  incidents: IncidentView[];
  /** What was not as expected. */
  failures: Failure[];
  /** The effects as canonical JSON, one a line: what every language gives for the same inputs, byte for byte. */
  effectsJsonl: string;
  /** What the engine asked of the host, in order. */
  effects: Effect[];
  /** Why, and why not, in order. */
  decisions: Decision[];
  /** What the engine was handed, in order: the journal of the run, for `Engine.replay` and `History.of`. */
  inputs: JournalEntry[];
}

/** How a scenario is run. */
export interface ScenarioOptions extends TextOptions {
  /** The policy to use instead of the scenario's own. */
  policy?: Policy;
}

/** How a run is told. */
export interface TimelineOptions {
  /** Each repeat, confirmed delivery and decision as well; what repeats unchanged is folded otherwise. */
  everything?: boolean;
  /** How many characters a line has, where words allow it, from 20 to 1,000; 100 unless given. */
  width?: number;
}

/** What a scenario that was handed in as data is called. */
const DATA = "scenario";

/** A night in virtual time: a policy, what happens when, and what must come of it. */
export class Scenario {
  readonly #native: native.NativeScenario;
  readonly #isData: boolean;

  private constructor(name: string, text: string, options: ScenarioOptions, isData = false) {
    this.#isData = isData;
    checkedOptions(options, { ...TEXT_OPTIONS, policy: checkedPolicy });
    checkedText(text, "text");
    const { policy, read } = options;
    this.#native = reading(read, (reader) => native.NativeScenario.load(name, text, policy?.native, reader));
  }

  /**
   * A scenario in a file; what it names is read as seen from there.
   *
   * @throws {KentonganError} with everything wrong with it in `diagnostics`; `not_utf8`, with the line in `where`; `io`
   *   where it cannot be read
   */
  static load(path: string, options: Pick<ScenarioOptions, "policy"> = {}): Scenario {
    const text = readText(path);
    return new Scenario(basename(path), text, { ...options, read: beside(path) });
  }

  /** A scenario as text, YAML or JSON. @throws {KentonganError} with everything wrong with it in `diagnostics` */
  static fromYaml(text: string, options: ScenarioOptions = {}): Scenario {
    return new Scenario(options?.name ?? "scenario.yaml", text, options);
  }

  /** A scenario that a program built as data. @throws {KentonganError} with everything wrong with it in `diagnostics` */
  static fromObject(document: object, options: Omit<ScenarioOptions, "name"> = {}): Scenario {
    return asData(DATA, () => new Scenario(DATA, jsonOf("a scenario", () => document), options, true));
  }

  /** What it is called. */
  get name(): string {
    return this.#native.name();
  }

  /** Why it must hold. */
  get why(): string | undefined {
    return this.#native.why() ?? undefined;
  }

  /** How many things it expects. */
  get expectations(): number {
    return this.#native.expectations();
  }

  /**
   * Runs it, and compares what came of it with what it expects.
   *
   * @throws {KentonganError} `too_many_steps`
   */
  run(): Run {
    const [run, effectsJsonl] = call(() => this.#native.run());
    const told = parse<Omit<Run, "effectsJsonl" | "effects" | "decisions" | "inputs">>(run ?? "{}");
    const placed = (failure: Failure): Failure => (failure.where ? { ...failure, where: inData(DATA, failure.where) } : failure);
    return {
      ...told,
      failures: this.#isData ? told.failures.map(placed) : told.failures,
      effectsJsonl: effectsJsonl ?? "",
      effects: told.entries.flatMap((entry) => ("effect" in entry ? [entry.effect] : [])),
      decisions: told.entries.flatMap((entry) => ("decision" in entry ? [entry.decision] : [])),
      inputs: journalOf(told),
    };
  }

  /** Runs it, and tells what happened as people read it: when, to which incident, what, to whom, and why. */
  timeline(options: TimelineOptions = {}): string {
    checkedOptions(options, { everything: checkedFlag, width: whole(20, 1_000) });
    const { everything = false, width = 100 } = options;
    return call(() => this.#native.timeline(everything, width));
  }
}

/** What the engine was handed in a run. */
function journalOf({ policy, entries }: Pick<Run, "policy" | "entries">): JournalEntry[] {
  let inForce = policy.digest;
  return entries.flatMap((entry, place): JournalEntry[] => {
    if ("input" in entry) return [entry.input];
    if (!("reload" in entry)) return [];
    const { at, policy: to, severities } = entry.reload;
    const reload = { from: inForce, to, ...(severities && { severities }) };
    const next = entries[place + 1];
    // One that was refused has moved nothing.
    if (next === undefined || !("refusal" in next)) inForce = to;
    return [{ at, reload }];
  });
}

import type { Alert, Decision, Effect, IncidentView, Input } from "./data";
import type { JournalEntry } from "./entries";
import { type Place } from "./error";
import { type Policy, type TextOptions } from "./policy";
/** What a payload gave. */
export interface Intake {
    /** What it was read as. */
    source: "alertmanager" | "alert";
    /** Its alerts, in the payload's order. */
    alerts: Alert[];
    /** What was missing or dropped on the way; the alerts are usable in spite of it. Log them. */
    warnings: Array<{
        code: string;
        message: string;
        where: Place;
    }>;
}
/**
 * Reads the alerts of a payload: the body of a webhook as it was received, or a file of alerts.
 *
 * @param payload JSON: bytes, text, or what a framework has parsed already; or alerts as a program has them, as `host.alert` takes
 *   one, or an array of them
 * @param source who sent it; told by the payload's own marks otherwise
 * @throws {KentonganError} `not_json`, `unknown_source`, `missing_field`, … with the place in `where`
 */
export declare function alertsFrom(payload: Uint8Array | string | object, source?: "alertmanager" | "alert"): Intake;
/**
 * `alertsFrom` on another thread where the payload is large, as one of many megabytes would keep the event loop for long. Bytes
 * must not change until it is settled. What a framework has parsed already is written again on this thread first.
 */
export declare function readAlerts(payload: Uint8Array | string | object, source?: "alertmanager" | "alert"): Promise<Intake>;
/** What there is a JSON Schema of. */
export type SchemaName = "policy" | "scenario" | "effect" | "input" | "decision" | "monthly" | "quarterly";
/** The JSON Schema of what people write or of the engine's own JSON, for editors and for other languages. */
export declare function schema(of: SchemaName): Record<string, unknown>;
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
export type RunEntry = {
    input: {
        at: Date;
        input: Input;
    };
} | {
    reload: {
        at: Date;
        policy: string;
        severities?: Record<string, string>;
    };
} | {
    refusal: {
        at: Date;
        code: string;
        message: string;
        help: string;
    };
} | {
    decision: Decision;
} | {
    effect: Effect;
};
/** All that happened in a scenario. */
export interface Run {
    /** The scenario's name. */
    scenario: string;
    /** Whether everything was as expected. */
    passed: boolean;
    /** The policy it ran under. */
    policy: {
        name: string;
        digest: string;
    };
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
/** A night in virtual time: a policy, what happens when, and what must come of it. */
export declare class Scenario {
    #private;
    private constructor();
    /**
     * A scenario in a file; what it names is read as seen from there.
     *
     * @throws {KentonganError} with everything wrong with it in `diagnostics`; `not_utf8`, with the line in `where`; `io`
     *   where it cannot be read
     */
    static load(path: string, options?: Pick<ScenarioOptions, "policy">): Scenario;
    /** A scenario as text, YAML or JSON. @throws {KentonganError} with everything wrong with it in `diagnostics` */
    static fromYaml(text: string, options?: ScenarioOptions): Scenario;
    /** A scenario that a program built as data. @throws {KentonganError} with everything wrong with it in `diagnostics` */
    static fromObject(document: object, options?: Omit<ScenarioOptions, "name">): Scenario;
    /** What it is called. */
    get name(): string;
    /** Why it must hold. */
    get why(): string | undefined;
    /** How many things it expects. */
    get expectations(): number;
    /**
     * Runs it, and compares what came of it with what it expects.
     *
     * @throws {KentonganError} `too_many_steps`
     */
    run(): Run;
    /** Runs it, and tells what happened as people read it: when, to which incident, what, to whom, and why. */
    timeline(options?: TimelineOptions): string;
}

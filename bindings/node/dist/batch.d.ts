/** What a policy's rules say of an alert, without the reasons. */
export interface Ruling {
    /** The severity. */
    severity: string;
    /** The rule that gave it; none where the default stands. */
    rule?: string;
    /** Whether a rule failed before one decided; `Policy.classify` says which, and why. */
    fault: boolean;
}
/** The rulings of a batch, in its order; kept as columns, so that a million of them take nine megabytes. */
export declare class Rulings implements Iterable<Ruling> {
    #private;
    /** The severity of each, by its place in `Policy.severities`: 0 is the worst. */
    readonly severities: Uint32Array;
    /** The rule of each, by its place in `Policy.rules` plus one; 0 where the default stands. */
    readonly rules: Uint32Array;
    /** 1 where a rule failed before one decided. */
    readonly faults: Uint8Array;
    private constructor();
    /** How many there are. */
    get length(): number;
    /** One of them; nothing past the end. */
    at(index: number): Ruling | undefined;
    /** How many alerts have each severity, the worst first; severities that none has are left out. */
    counts(): Record<string, number>;
    /**
     * The rulings as Arrow IPC, a stream with the columns `severity` and `rule`, which are dictionaries of text, and `fault`; the
     * rule is null where the default stands. Written on another thread: the columns must not change until it is there.
     *
     * ```js
     * const table = tableFromIPC(await rulings.toArrow());
     * ```
     */
    toArrow(): Promise<Buffer>;
    [Symbol.iterator](): IterableIterator<Ruling>;
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

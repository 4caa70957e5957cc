import { NativeEngine } from "../native";
import type { Clock, Incident, Duty } from "./incident";
import type { Effect, Input, Instant } from "./data";
import { call, wait } from "./error";
import type { Coverage, Policy } from "./policy";
import { type Step, date, inputText, millis, parse, stepOf } from "./shapes";

export type { Clock, Duty, Incident };

/** How many incidents one look at the engine gives. */
const PAGE = 100;

/** Another policy takes over. */
export interface Reload {
  /** When. */
  at: Instant;
  /** The policy. */
  policy: Policy;
  /** What becomes of severities that have another name in it, old to new. */
  severities?: Record<string, string>;
}

/**
 * The incident engine: a state machine without clock, I/O or randomness. The same inputs at the same instants give the
 * same effects, byte for byte, in every language. For a program that has no host of its own, see `createHost`.
 *
 * ```js
 * const engine = new Engine(policy);
 * const { effects, wakeup } = engine.apply(new Date(), { kind: "alert", key: "a1", service: "checkout" });
 * ```
 *
 * Calls take some microseconds. Those that can take long are promises and run on another thread; until one is settled
 * every other call throws `busy`, and has changed nothing.
 */
export class Engine {
  readonly #native: NativeEngine;
  #policy: Policy;

  constructor(policy: Policy, native: NativeEngine = new NativeEngine(policy.native)) {
    this.#policy = policy;
    this.#native = native;
  }

  /** The policy in force. */
  get policy(): Policy {
    return this.#policy;
  }

  /**
   * Applies an input at an instant: what was due before it is done, then the input. Time never runs backwards: an
   * instant before the last one counts as the last one.
   *
   * @throws {KentonganError} the engine's refusal; then nothing has changed
   */
  apply(at: Instant, input: Input): Step {
    return call(() => parse<Step>(this.#native.apply(millis(at), inputText(input))));
  }

  /** The same on another thread, for what can come to many effects at once. */
  async applyAsync(at: Instant, input: Input): Promise<Step> {
    return stepOf(await wait(async () => this.#native.applyAsync(millis(at), inputText(input))));
  }

  /** Lets time pass: does whatever is due by then. */
  advance(at: Instant): Step {
    return this.apply(at, { kind: "tick" });
  }

  /** The same on another thread, for an engine with many incidents. */
  advanceAsync(at: Instant): Promise<Step> {
    return this.applyAsync(at, { kind: "tick" });
  }

  /**
   * Moves everything that is open to another policy, whole or not at all, on another thread. Running clocks get the new
   * targets from their original start, climbs go on on the path of the same name without telling anybody twice, and what
   * was met or missed stays so. The policy that is in force already changes nothing.
   *
   * @throws {KentonganError} `severity_gone`, `unknown_severity`; then the old policy is in force
   */
  async reload({ at, policy, severities = {} }: Reload): Promise<Step> {
    const step = await stepOf(await wait(async () => this.#native.reload(millis(at), policy.native, severities)));
    this.#policy = policy;
    return step;
  }

  /** Rejects with what `reload` would reject with. A host asks before it writes to its journal. */
  async checkReload({ at, policy, severities = {} }: Reload): Promise<void> {
    await wait(async () => this.#native.checkReload(millis(at), policy.native, severities));
  }

  /** Throws what `apply` would throw. A host asks before it writes to its journal. */
  check(at: Instant, input: Input): void {
    call(() => this.#native.check(millis(at), inputText(input)));
  }

  /** The earliest instant at which anything is due. Before it, `advance` does nothing. */
  get wakeup(): Date | undefined {
    return date(call(() => this.#native.wakeup()));
  }

  /** The engine's time: the latest instant handed in. */
  get now(): Date | undefined {
    return date(call(() => this.#native.now()));
  }

  /**
   * Every incident it remembers, by id: the open ones, and the resolved ones until they are forgotten. A hundred are
   * looked up at a time.
   *
   * @param after begins behind the incident of this id
   */
  *incidents(after?: string): Generator<Incident, void, undefined> {
    for (;;) {
      const page = call(() => parse<Incident[]>(this.#native.incidents(after, PAGE)));
      yield* page;
      if (page.length < PAGE) return;
      after = page.at(-1)?.id;
    }
  }

  /** One incident. */
  incident(id: string): Incident | undefined {
    const found = call(() => this.#native.incident(id));
    return found == null ? undefined : parse<Incident>(found);
  }

  /** Every effect whose outcome has not been reported, in the order in which they were due. */
  async pending(): Promise<Effect[]> {
    return (await stepOf(await wait(() => this.#native.pending()))).effects;
  }

  /** The whole state, as JSON in UTF-8. The same state gives the same bytes, in every language. */
  async snapshot(): Promise<Buffer> {
    const [bytes] = await wait(() => this.#native.snapshot());
    return bytes ?? Buffer.alloc(0);
  }

  /**
   * An engine in the state of a snapshot.
   *
   * @throws {KentonganError} `other_policy`, `snapshot_too_new`, `unreadable_snapshot`
   */
  static async restore(policy: Policy, snapshot: Uint8Array | string): Promise<Engine> {
    const bytes = Buffer.from(snapshot as Uint8Array);
    return new Engine(policy, await wait(() => NativeEngine.restore(policy.native, bytes)));
  }

  /**
   * An engine that has lived through a journal, and the effects that came of it.
   *
   * @param policy the policy that the first entry is lived through under
   * @param journal one `{"at": …, "input": …}` or `{"at": …, "reload": …}` a line, in the engine's own JSON; more fields
   *   are passed over
   * @param options `policies`: those that reloads move to, in any order
   * @throws {KentonganError} `invalid_value` with the line in `where`; `missing_policy`
   */
  static async replay(
    policy: Policy,
    journal: Uint8Array | string,
    options: { policies?: readonly Policy[] } = {},
  ): Promise<{ engine: Engine; effects: Effect[] }> {
    const native = new NativeEngine(policy.native);
    const known = [policy, ...(options.policies ?? [])];
    const digests = known.map(({ digest }) => digest);
    const pages = await wait(() => native.replay(Buffer.from(journal as Uint8Array), digests));
    const { effects } = await stepOf(pages);
    const inForce = call(() => native.policyDigest());
    return { engine: new Engine(known.find(({ digest }) => digest === inForce) ?? policy, native), effects };
  }

  /** Who is on call in a role at an instant, whom the engine would page then, and who was passed over. */
  who(role: string, at: Instant): Duty {
    return call(() => parse<Duty>(this.#native.duty(role, millis(at))));
  }

  /** Who is on call in a role between two instants. */
  coverage(role: string, from: Instant, to: Instant): Coverage {
    return call(() => parse<Coverage>(this.#native.coverage(role, millis(from), millis(to))));
  }

  /** What the engine promises of its own state, checked. Always empty, unless it has a defect. */
  audit(): string[] {
    return call(() => this.#native.audit());
  }
}

import { NativeEngine } from "../native";
import type { Clock, Incident, Duty } from "./incident";
import type { Effect, Input, Instant } from "./data";
import { call, wait } from "./error";
import type { Coverage, Policy } from "./policy";
import { type Step, date, inParts, inputText, millis, parse, stepOf, stepsOf } from "./shapes";
import { Turns } from "./turns";

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
 * const { effects, wakeup } = await engine.apply(new Date(), { kind: "alert", key: "a1", service: "checkout" });
 * ```
 *
 * What can take long is a promise and runs on another thread, one call after the other in the order in which they were
 * made, and gives its result in parts: no call keeps the event loop for long, however many incidents are open. Calls that
 * answer at once take some microseconds, but for `applySync` and `advanceSync`, which take as long as what is due takes.
 * While a promise is not settled they throw `busy` and have changed nothing.
 */
export class Engine {
  readonly #native: NativeEngine;
  #policy: Policy;
  readonly #turns = new Turns();

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
  async apply(at: Instant, input: Input): Promise<Step> {
    const [time, text] = [millis(at), inputText(input)];
    return stepOf(await this.#turns.take(() => this.#native.apply(time, text)));
  }

  /** Lets time pass: does whatever is due by then. */
  advance(at: Instant): Promise<Step> {
    return this.apply(at, { kind: "tick" });
  }

  /**
   * `apply` on this thread, which saves some thirty microseconds. A hundred thousand timers that are due take seconds in
   * which nothing else of the process happens: for scripts, tests, and engines with few incidents.
   */
  applySync(at: Instant, input: Input): Step {
    const [time, text] = [millis(at), inputText(input)];
    return this.#turns.atOnce(() => parse<Step>(this.#native.applySync(time, text)));
  }

  /** `advance` on this thread. */
  advanceSync(at: Instant): Step {
    return this.applySync(at, { kind: "tick" });
  }

  /**
   * Moves everything that is open to another policy, whole or not at all. Running clocks get the new
   * targets from their original start, climbs go on on the path of the same name without telling anybody twice, and what
   * was met or missed stays so. The policy that is in force already changes nothing.
   *
   * @throws {KentonganError} `severity_gone`, `unknown_severity`; then the old policy is in force
   */
  async reload({ at, policy, severities = {} }: Reload): Promise<Step> {
    const time = millis(at);
    const pages = await this.#turns.take(async () => {
      const pages = await this.#native.reload(time, policy.native, severities);
      this.#policy = policy;
      return pages;
    });
    return stepOf(pages);
  }

  /** Rejects with what `reload` would reject with. A host asks before it writes to its journal. */
  async checkReload({ at, policy, severities = {} }: Reload): Promise<void> {
    const time = millis(at);
    await this.#turns.take(() => this.#native.checkReload(time, policy.native, severities));
  }

  /** Throws what `apply` would throw. A host asks before it writes to its journal. */
  check(at: Instant, input: Input): void {
    const [time, text] = [millis(at), inputText(input)];
    this.#turns.atOnce(() => this.#native.check(time, text));
  }

  /** The earliest instant at which anything is due. Before it, `advance` does nothing. */
  get wakeup(): Date | undefined {
    return date(this.#turns.atOnce(() => this.#native.wakeup()));
  }

  /** The engine's time: the latest instant handed in. */
  get now(): Date | undefined {
    return date(this.#turns.atOnce(() => this.#native.now()));
  }

  /**
   * Every incident it remembers, by id: the open ones, and the resolved ones until they are forgotten. A hundred are
   * looked up at a time.
   *
   * @param after begins behind the incident of this id
   */
  *incidents(after?: string): Generator<Incident, void, undefined> {
    for (;;) {
      const page = this.#turns.atOnce(() => parse<Incident[]>(this.#native.incidents(after, PAGE)));
      yield* page;
      if (page.length < PAGE) return;
      after = page.at(-1)?.id;
    }
  }

  /** One incident. */
  incident(id: string): Incident | undefined {
    const found = this.#turns.atOnce(() => this.#native.incident(id));
    return found == null ? undefined : parse<Incident>(found);
  }

  /**
   * Every effect whose outcome has not been reported, in the order in which they were due: those of the moment at which the
   * first is asked for, whatever happens meanwhile.
   *
   * ```js
   * for await (const effect of engine.pending()) perform(effect);
   * ```
   */
  async *pending(): AsyncGenerator<Effect, void, undefined> {
    for await (const { effects } of stepsOf(await this.#turns.take(() => this.#native.pending()))) yield* effects;
  }

  /** The whole state, as JSON in UTF-8. The same state gives the same bytes, in every language. */
  async snapshot(): Promise<Buffer> {
    const [bytes] = await this.#turns.take(() => this.#native.snapshot());
    return bytes ?? Buffer.alloc(0);
  }

  /**
   * An engine in the state of a snapshot. Bytes must not change until it is there.
   *
   * @throws {KentonganError} `other_policy`, `snapshot_too_new`, `unreadable_snapshot`
   */
  static async restore(policy: Policy, snapshot: Uint8Array | string): Promise<Engine> {
    const parts = await inParts(snapshot);
    return new Engine(policy, await wait(() => NativeEngine.restore(policy.native, parts)));
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
    const known = [policy, ...(options.policies ?? [])];
    const { engine, pages } = await Engine.replayed(policy, await inParts(journal), known);
    return { engine, effects: (await stepOf(pages)).effects };
  }

  /** The same of a journal in parts; the effects in pages, which take memory where they are not asked for. @internal */
  static async replayed(
    policy: Policy,
    parts: Buffer[],
    known: readonly Policy[],
  ): Promise<{ engine: Engine; pages: Buffer[] }> {
    const native = new NativeEngine(policy.native);
    const pages = await wait(() => native.replay(parts, known.map(({ digest }) => digest)));
    const inForce = call(() => native.policyDigest());
    return { engine: new Engine(known.find(({ digest }) => digest === inForce) ?? policy, native), pages };
  }

  /** Who is on call in a role at an instant, whom the engine would page then, and who was passed over. */
  who(role: string, at: Instant): Duty {
    return this.#turns.atOnce(() => parse<Duty>(this.#native.duty(role, millis(at))));
  }

  /** Who is on call in a role between two instants. */
  coverage(role: string, from: Instant, to: Instant): Coverage {
    return this.#turns.atOnce(() => parse<Coverage>(this.#native.coverage(role, millis(from), millis(to))));
  }

  /** The next instant at which `who` answers otherwise. */
  nextChange(role: string, after: Instant): Date | undefined {
    return date(this.#turns.atOnce(() => this.#native.nextChange(role, millis(after))));
  }

  /** What the engine promises of its own state, checked. Always empty, unless it has a defect. */
  audit(): Promise<string[]> {
    return this.#turns.take(() => this.#native.audit());
  }
}

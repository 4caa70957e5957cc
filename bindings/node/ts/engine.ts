import { NativeEngine, type NativeReplay } from "../native";
import type { Effect, Handoff, Input, Instant } from "./data";
import { type JournalSource, isText, journalParts, readableLines } from "./entries";
import { checkedTextOrBytes } from "./checks";
import { call, wait } from "./error";
import type { Duty, Incident } from "./incident";
import { inTheirWords } from "./misshapen";
import { checkedOptions } from "./named";
import { Coverage, type OnCall, type Shift } from "./oncall";
import { type Policy, checkedPolicies, checkedPolicy } from "./policy";
import { type Question, questionText } from "./question";
import { type Reload, Running, checkedReload } from "./running";
import { type Step, breathe, date, inParts, inputText, millis, parse } from "./shapes";

/** How many incidents one look at the engine gives. */
const PAGE = 100;

/** What a journal comes to. */
export interface Replay {
  /** An engine that has lived through it. */
  engine: Engine;
  /** The effects that came of it, in order. */
  effects: Effect[];
  /**
   * The same as canonical JSON, one a line: what every language gives for the same journal, byte for byte, as `Run` has it. It is
   * put together when it is asked for.
   */
  readonly effectsJsonl: string;
  /** How many entries the engine refused. Only another policy or another release of the engine can cause that. */
  refused: number;
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
export class Engine extends Running {
  readonly #native: NativeEngine;

  constructor(policy: Policy);
  /** @internal */
  constructor(policy: Policy, native: NativeEngine);
  constructor(policy: Policy, native: NativeEngine = new NativeEngine(checkedPolicy(policy).native)) {
    super(policy, native);
    this.#native = native;
  }

  /**
   * `apply` on this thread, which saves some thirty microseconds. A hundred thousand timers that are due take seconds in
   * which nothing else of the process happens: for scripts, tests, and engines with few incidents.
   */
  applySync(at: Instant, input: Input): Step {
    const [time, text] = [millis(at), inputText(input)];
    return this.#readable(input, () => parse<Step>(this.#native.applySync(time, text)));
  }

  /** `advance` on this thread. */
  advanceSync(at: Instant): Step {
    return this.applySync(at, { kind: "tick" });
  }

  /** Rejects with what `reload` would reject with. A host asks before it writes to its journal. */
  async checkReload(reload: Reload): Promise<void> {
    const { time, policy, severities } = checkedReload(reload);
    await this.turns.take(() => this.#native.checkReload(time, policy.native, severities));
  }

  /** Throws what `apply` would throw. A host asks before it writes to its journal. */
  check(at: Instant, input: Input): void {
    const [time, text] = [millis(at), inputText(input)];
    this.#readable(input, () => this.#native.check(time, text));
  }

  /** The earliest instant at which anything is due. Before it, `advance` does nothing. */
  get wakeup(): Date | undefined {
    return date(this.turns.atOnce(() => this.#native.wakeup()));
  }

  /** The engine's time: the latest instant handed in. */
  get now(): Date | undefined {
    return date(this.turns.atOnce(() => this.#native.now()));
  }

  /**
   * Every incident it remembers, by id: the open ones, and the resolved ones until they are forgotten. A hundred are
   * looked up at a time.
   *
   * @param after begins behind the incident of this id
   */
  *incidents(after?: string): Generator<Incident, void, undefined> {
    for (;;) {
      const page = this.#ask<Incident[]>({ ask: "incidents", after, limit: PAGE });
      yield* page;
      if (page.length < PAGE) return;
      after = page.at(-1)?.id;
    }
  }

  /** One incident. */
  incident(id: string): Incident | undefined {
    return this.#ask<Incident | null>({ ask: "incident", id }) ?? undefined;
  }

  /** Who holds a role of an incident now; nobody where it was given up, or there is no such incident. */
  roleHolders(incident: string, role: string): string[] {
    return this.#ask({ ask: "roleHolders", incident, role });
  }

  /** The latest hand-off of each on-call role. */
  handoffs(): Handoff[] {
    return this.#ask({ ask: "handoffs" });
  }

  /** Who is on call in a role at an instant: whom the engine would page then. */
  who(role: string, at: Instant): OnCall {
    return this.#ask({ ask: "who", role, at: millis(at) });
  }

  /** Who is on call in a role at an instant, by which layer, and who was passed over. */
  duty(role: string, at: Instant): Duty {
    return this.#ask({ ask: "duty", role, at: millis(at) });
  }

  /** Who is next in line behind whoever is on call in a role. */
  nextInLine(role: string, at: Instant): OnCall {
    return this.#ask({ ask: "nextInLine", role, at: millis(at) });
  }

  /** The next instant at which `who` answers otherwise. */
  nextChange(role: string, after: Instant): Date | undefined {
    return date(this.#ask({ ask: "nextChange", role, after: millis(after, "after") }));
  }

  /** Who is on call in a role between two instants, gaps included, overrides and absences counted. */
  coverage(role: string, from: Instant, to: Instant): Coverage {
    return new Coverage(this.#ask({ ask: "coverage", role, from: millis(from, "from"), to: millis(to, "to") }));
  }

  /** The shifts of a role between two instants, in order, gaps among them. */
  shifts(role: string, from: Instant, to: Instant): Shift[] {
    return this.coverage(role, from, to).shifts;
  }

  /** When somebody looks over the shoulder of those on call in a role, between two instants. */
  shadowShifts(role: string, from: Instant, to: Instant): Shift[] {
    return this.#ask({ ask: "shadowShifts", role, from: millis(from, "from"), to: millis(to, "to") });
  }

  /** The whole state, as JSON in UTF-8. The same state gives the same bytes, in every language. */
  async snapshot(): Promise<Buffer> {
    const [bytes] = await this.turns.take(() => this.#native.snapshot());
    return bytes ?? Buffer.alloc(0);
  }

  /**
   * An engine in the state of a snapshot. Bytes must not change until it is there.
   *
   * @throws {KentonganError} `other_policy`, `snapshot_too_new`, `unreadable_snapshot`
   */
  static async restore(policy: Policy, snapshot: Uint8Array | string): Promise<Engine> {
    const { native } = checkedPolicy(policy);
    checkedTextOrBytes(snapshot, "snapshot");
    const parts = await inParts(snapshot);
    return new Engine(policy, await wait(() => NativeEngine.restore(native, parts)));
  }

  /**
   * An engine that has lived through a journal, and the effects that came of it.
   *
   * @param policy the policy that the first entry is lived through under
   * @param journal `{ at, input }` or `{ at, reload }` one after the other, the records of `Records` among them; or as text one
   *   a line, in the engine's own JSON. More fields are passed over
   * @param options `policies`: those that reloads move to, in any order
   * @throws {KentonganError} `invalid_value` with the line in `where`; `missing_policy`
   */
  static async replay(
    policy: Policy,
    journal: JournalSource,
    options: { policies?: readonly Policy[] } = {},
  ): Promise<Replay> {
    checkedOptions(options, { policies: checkedPolicies });
    const known = [checkedPolicy(policy), ...checkedPolicies(options.policies)];
    const { engine, replay } = await Engine.replayed(policy, await journalParts(journal), known, isText(journal));
    const [effects, pages]: [Effect[], string[]] = [[], []];
    for (let page = replay.next(); page !== null; page = replay.next()) {
      if (pages.length > 0) await breathe();
      for (const line of page.trimEnd().split("\n")) effects.push(parse<Effect>(line));
      pages.push(page);
    }
    return { engine, effects, refused: replay.refused, get effectsJsonl() { return pages.join(""); } };
  }

  /** The same of a journal in parts; the effects in pages, which cost nothing where they are not asked for. @internal */
  static async replayed(
    policy: Policy,
    parts: Buffer[],
    known: readonly Policy[],
    isText = true,
  ): Promise<{ engine: Engine; replay: NativeReplay }> {
    const native = new NativeEngine(policy.native);
    const replay = await readableLines(parts, isText, () => wait(() => native.replay(parts, known.map(({ digest }) => digest))));
    const inForce = call(() => native.policyDigest());
    const engine = new Engine(known.find(({ digest }) => digest === inForce) ?? policy, native);
    return { engine, replay };
  }

  /** What the engine promises of its own state, checked. Always empty, unless it has a defect. */
  audit(): Promise<string[]> {
    return this.turns.take(() => this.#native.audit());
  }

  #readable<T>(input: Input, work: () => T): T {
    try {
      return this.turns.atOnce(work);
    } catch (error) {
      throw inTheirWords(error, "input", input);
    }
  }

  #ask<T>(question: Question): T {
    const asked = questionText(question);
    return this.turns.atOnce(() => parse<T>(this.#native.askSync(asked)));
  }
}

import { EventEmitter } from "node:events";

import type { Alert, Effect, EffectId, Handoff, Input, Instant } from "../data";
import type { Document, DocumentOptions } from "../document";
import { checkedSignal, isObject, madeOf } from "../checks";
import { KentonganError } from "../error";
import type { Duty, Incident } from "../incident";
import type { Recovery } from "../journal";
import { type Intake, readAlerts } from "../lab";
import { Coverage, type OnCall, type Shift } from "../oncall";
import { checkedOptions } from "../named";
import { type Policy, checkedPolicy } from "../policy";
import type { DocumentKind, Question } from "../question";
import { wantsReport } from "../report";
import { RELOAD, type Reload, type ShiftsOptions, shiftsPicture } from "../running";
import { type Step, type Steps, breathe, date, millis, mustBeAlert, mustBeInput } from "../shapes";
import { Alarm, type HostClock, systemClock } from "./clock";
import { Deliveries } from "./deliveries";
import { checked, isFile } from "./given";
import { oddHandlers } from "./handlers";
import { overStore } from "./keeper";
import { type Machine, overFile } from "./machine";
import type { HostEvents, HostOptions } from "./options";
import { type EffectPages, EffectQueue } from "./queue";
import { effectsFrom } from "./relay";
import { OVER, RETRY_MS, type Report, Reports } from "./reports";
import { HostTurns } from "./turns";
import { wordsOf } from "../words";

const DELIVER_WITHIN_MS = 30_000;
/** For how many deliveries another host of a store is waited for: one that its receiver had to wait for, and the one itself. */
const DELIVERIES_WAITED_FOR = 2;
/** How often a host looks at what others have written to a store that it shares. */
const LOOK_MS = 30_000;
/** How many incidents are looked up at a time. */
const PAGE = 100;
/** Runs an engine for you: see `createHost`. */
export class Host extends EventEmitter<HostEvents> {
  #machine: Machine;
  readonly #policies: Policy[];
  readonly #clock: HostClock;
  readonly #alarm: Alarm;
  /** When it looks at what others have kept, whatever it does until then. */
  #lookAt = -Infinity;
  readonly #deliver: HostOptions["deliver"];
  /** In milliseconds. */
  readonly #deliverWithin: number;
  readonly #deliveries: Deliveries;
  readonly #closing = new AbortController();
  /** When a host that closes begins nothing more on which it would have to report. */
  #lastBegin = Infinity;
  /** Tells those who iterate. It never says `error`, which would end them, and would count as heard by them. */
  readonly #relay = new EventEmitter<{ effect: [effect: Effect] }>();
  /** One call of the machine after the other. */
  readonly #turns = new HostTurns();
  /** How it went. */
  readonly #reports: Reports;
  /** What is to be performed. */
  readonly #queue: EffectQueue;
  /** Calls and deliveries that are not over. */
  readonly #underWay = new Set<Promise<unknown>>();
  /** The effects that were begun and are not reported yet. */
  readonly #unreported = new Set<EffectId>();
  /** Whether its store was let go. */
  #isClosed = false;
  /** Whether it was said that nothing works any more. */
  #isOver = false;

  private constructor(machine: Machine, options: HostOptions) {
    madeOf(isObject(machine), "a host", "`createHost`");
    super({ captureRejections: true });
    this.#machine = machine;
    this.#policies = [options.policy, ...(options.policies ?? [])];
    this.#clock = options.clock ?? systemClock;
    this.#deliver = options.deliver;
    this.#deliverWithin = options.deliverWithin ?? DELIVER_WITHIN_MS;
    this.#deliveries = new Deliveries(options.deliver, this.#deliverWithin, this.#clock);
    this.#reports = new Reports({
      inTurn: (work) => this.#inTurn(work, { of: "report" }),
      keep: (report) => this.#doAlone((at) => this.#machine.apply(at, report)),
      done: (effect, report) => this.#reported(effect, report),
      isWaitedFor: () => this.#turns.callWaits,
      failed: (error) => this.#tell(error),
    }, this.#clock);
    this.#queue = new EffectQueue((effect, again) => this.#begin(effect, again), (error) => this.#tell(error), this.#reports);
    this.#alarm = new Alarm(this.#clock, () => void this.#advance());
    const { effect, step, report, error } = options.on ?? {};
    if (effect) this.on("effect", effect);
    if (step) this.on("step", step);
    if (report) this.on("report", report);
    if (error) this.on("error", error);
  }

  /** A host of a machine, which has not begun. @internal */
  static over(machine: Machine, options: HostOptions): Host {
    return new Host(machine, options);
  }

  /** The policy in force. */
  get policy(): Policy {
    return this.#machine.policy;
  }

  /** What opening a journal's file found: what was cut off its end, who wrote it. Nothing of other stores. The effects are performed. */
  get recovery(): Omit<Recovery, "effects"> | undefined {
    return this.#machine.recovery;
  }

  /** How many records the journal's file holds. Nothing of other stores. */
  records(): Promise<number | undefined> {
    return this.#inTurn(async () => this.#machine.journal?.records());
  }

  /**
   * Writes the engine's state beside the journal's file, so that the next start has less to live through. A host does so by
   * itself after every so many records: see `fileStore`. Other stores keep no snapshots: of those, nothing is done.
   *
   * @throws {KentonganError} `io`; the journal is whole without it
   */
  snapshot(): Promise<void> {
    return this.#inTurn(async () => this.#machine.journal?.snapshot());
  }

  /** Why the last snapshot that was taken by itself failed, where it did. The journal is whole without it. Nothing of other stores. */
  snapshotFault(): Promise<string | undefined> {
    return this.#inTurn(async () => this.#machine.journal?.snapshotFault());
  }

  /** Takes up what the last host left, and what came due meanwhile. @internal */
  async begin(begun?: Set<EffectId>): Promise<this> {
    this.#tellOfHandlers();
    this.#perform(this.#machine.recovered, true, begun);
    await this.#advance();
    return this;
  }

  /**
   * Hands in what happened. When the promise is settled it is kept; its effects are being performed.
   *
   * @throws {KentonganError} the engine's refusal, or that it could not be kept; then nothing has changed. After `internal`,
   *   a defect, it may have been kept; `poisoned` says that nothing works until `reopen`
   */
  async apply(input: Input): Promise<Step> {
    mustBeInput(input);
    return this.#change((at) => this.#machine.apply(at, input));
  }

  /**
   * Moves everything that is open to another policy, now; see `Engine.reload`. The store says so before anything comes of
   * it. Keep the old policy for `policies` until the next start is over. Hosts that share a store are each moved: the first
   * call does it, and the others take nothing (`missing_policy`) until theirs follows.
   *
   * @throws {KentonganError} the engine's refusal, `invalid_value`, or that it could not be kept; then the old policy is in force
   */
  async reload(reload: Omit<Reload, "at">): Promise<Step> {
    const { severities = {} } = reload ?? {};
    // Kept among those that a start needs, what is no policy would keep the store from being opened.
    const policy = checkedPolicy(reload?.policy);
    checkedOptions<Reload>(reload as Reload, RELOAD);
    this.#policies.unshift(policy);
    const step = await this.#change((at) => this.#machine.reload({ at, policy, severities }));
    this.#tellOfHandlers();
    return step;
  }

  /**
   * Opens the store again and goes on, with the same handlers and listeners. What was under way comes again, marked `again`,
   * but for what this host itself knows the outcome of.
   *
   * Nobody does it for you. After a defect of the engine (`internal`, then `poisoned`) the input that it broke on may be in
   * the store already, and would break it again: see which one it was. After a write that the disk did not confirm, what the
   * machine shows of the file may not be what is on the disk.
   *
   * ```js
   * host.on("error", async (error) => { if (error instanceof KentonganError && error.code === "poisoned" && (await someoneAgrees())) await host.reopen(); });
   * ```
   *
   * @throws {KentonganError} that the store cannot be opened; it may be tried again. After `close`, `closed`
   */
  async reopen(): Promise<this> {
    await this.#inTurn(async () => {
      // Its timers and deliveries are over: it would hold the store, and call nobody.
      if (this.#closing.signal.aborted) throw closed();
      this.#machine = await this.#machine.reopen(this.#clock.now(), this.policy, this.#policies);
      this.#isOver = false;
    });
    // What this host itself has begun, or begins before it comes to that, is not done once more.
    await this.begin(new Set(this.#unreported));
    this.#reports.goOn();
    return this;
  }

  /** Hands in one alert. */
  async alert(alert: Alert): Promise<Step> {
    mustBeAlert(alert);
    return this.apply({ kind: "alert", ...alert });
  }

  /**
   * Hands in the alerts of a payload, such as the body of a webhook. Answer the sender with success once the promise is
   * settled: then all of them are kept. A large payload is read on another thread; bytes must not change until then.
   */
  async alerts(payload: Uint8Array | string | object, source?: "alertmanager" | "alert"): Promise<Intake> {
    const intake = await readAlerts(payload, source);
    for (const alert of intake.alerts) await this.alert(alert);
    return intake;
  }

  /** Every incident the engine remembers, by id. */
  async *incidents(): AsyncGenerator<Incident, void, undefined> {
    let after: string | undefined;
    for (;;) {
      const page = await this.#ask<Incident[]>({ ask: "incidents", after, limit: PAGE });
      yield* page;
      if (page.length < PAGE) return;
      after = page.at(-1)?.id;
    }
  }

  /** One incident. */
  async incident(id: string): Promise<Incident | undefined> {
    return (await this.#ask<Incident | null>({ ask: "incident", id })) ?? undefined;
  }

  /** Who is on call in a role, now or at an instant. */
  async who(role: string, at?: Instant): Promise<OnCall> {
    return this.#ask({ ask: "who", role, at: this.#at(at) });
  }

  /** Who is on call in a role, now or at an instant, by which layer, and who was passed over. */
  async duty(role: string, at?: Instant): Promise<Duty> {
    return this.#ask({ ask: "duty", role, at: this.#at(at) });
  }

  /** Who is next in line behind whoever is on call in a role, now or at an instant. */
  async nextInLine(role: string, at?: Instant): Promise<OnCall> {
    return this.#ask({ ask: "nextInLine", role, at: this.#at(at) });
  }

  /** The next instant, after now or after another, at which `who` answers otherwise. */
  async nextChange(role: string, after?: Instant): Promise<Date | undefined> {
    return date(await this.#ask<number | null>({ ask: "nextChange", role, after: this.#at(after, "after") }));
  }

  /** Who holds a role of an incident now; nobody where it was given up, or there is no such incident. */
  roleHolders(incident: string, role: string): Promise<string[]> {
    return this.#ask({ ask: "roleHolders", incident, role });
  }

  /** Rejects with what `apply` would reject with now. */
  async check(input: Input): Promise<void> {
    mustBeInput(input);
    await this.#inTurn(() => this.#machine.check(this.#clock.now(), input));
  }

  /** The whole state of this moment, in the bytes that `Engine.snapshot` gives and `Engine.restore` takes. */
  state(): Promise<Buffer> {
    return this.#inTurn(() => this.#machine.state(this.#clock.now()));
  }

  /** Every effect whose outcome has not been reported, in the order in which they were due: those of this moment. */
  async *pending(): AsyncGenerator<Effect, void, undefined> {
    // What is pending is settled with the first: the others need no turn.
    const [pending, first] = await this.#inTurn(async () => {
      const pending = this.#machine.pending(this.#clock.now());
      return [pending, await pending.next()] as const;
    });
    if (first.done === true) return;
    yield first.value;
    yield* pending;
  }

  /** Who is on call in a role between two instants, gaps included, overrides and absences counted. */
  async coverage(role: string, from: Instant, to: Instant): Promise<Coverage> {
    return new Coverage(await this.#ask({ ask: "coverage", role, from: millis(from, "from"), to: millis(to, "to") }));
  }

  /** The shifts of a role between two instants, in order, gaps among them. */
  async shifts(role: string, from: Instant, to: Instant): Promise<Shift[]> {
    return (await this.coverage(role, from, to)).shifts;
  }

  /** When somebody looks over the shoulder of those on call in a role, between two instants. */
  async shadowShifts(role: string, from: Instant, to: Instant): Promise<Shift[]> {
    return this.#ask({ ask: "shadowShifts", role, from: millis(from, "from"), to: millis(to, "to") });
  }

  /** Who is on call between two instants, as a picture: SVG. */
  async shiftsSvg(from: Instant, to: Instant, options: ShiftsOptions = {}): Promise<string> {
    return this.#ask(shiftsPicture(this.policy, from, to, options));
  }

  /** The shifts of a role between two instants as a calendar to subscribe to (.ics). */
  async shiftsIcs(role: string, from: Instant, to: Instant): Promise<string> {
    return this.#ask({ ask: "shiftsIcs", role, from: millis(from, "from"), to: millis(to, "to") });
  }

  /** The latest hand-off of each on-call role. */
  handoffs(): Promise<Handoff[]> {
    return this.#ask({ ask: "handoffs" });
  }

  /** The topic of an incident's channel as things stand: one line, escaped for Slack. */
  topic(incident: string, options: DocumentOptions = {}): Promise<Document> {
    return this.#document("topic", incident, options);
  }

  /** The latest status update of an incident, and how things stand, for those inside. */
  statusUpdate(incident: string, options: DocumentOptions = {}): Promise<Document> {
    return this.#document("status-update", incident, options);
  }

  /** What the public reads of an incident. */
  publicUpdate(incident: string, options: DocumentOptions = {}): Promise<Document> {
    return this.#document("public-update", incident, options);
  }

  /** What whoever comes on call in a role is handed over, as things stand. */
  handoff(role: string, options: DocumentOptions = {}): Promise<Document> {
    return this.#document("handoff", role, options);
  }

  /** The effects from this call on, as they come; the host performs them all the same. Ends when the signal or the host does. */
  effects(options: { signal?: AbortSignal } = {}): AsyncGenerator<Effect, void, undefined> {
    checkedOptions(options, { signal: checkedSignal });
    const signal = AbortSignal.any([this.#closing.signal, ...(options.signal ? [options.signal] : [])]);
    return effectsFrom(this.#relay, signal);
  }

  /** Resolves when nothing is due and nothing is under way, a report that waits for the store among it: for tests. */
  async idle(): Promise<void> {
    for (;;) {
      if (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
      else if (this.#alarm.at === undefined || this.#alarm.at > this.#clock.now()) return;
      else await breathe();
    }
  }

  /**
   * Stops: no more timers, deliveries under way are waited for and reported, and the store is let go. What comes of those reports is
   * begun for as long as one delivery may take, and then left to the next start, as is what a start has not begun yet. By then
   * nothing that is handed in is taken any more (`closed`). Where the store fails twice in a row, what is not reported is left, too.
   */
  async close(): Promise<void> {
    this.#alarm.set(undefined);
    if (!this.#closing.signal.aborted) this.#lastBegin = this.#clock.now() + this.#deliverWithin;
    this.#closing.abort();
    this.#queue.stop();
    this.#reports.stop();
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    await this.#inTurn(() => {
      this.#isClosed = true;
      return this.#machine.close();
    }, { evenClosed: true });
  }

  /** Changes the engine in its turn, performs what comes of it, and gives it to whoever asked or listens. */
  #change(work: (at: number) => Promise<Steps>): Promise<Step> {
    return this.#inTurn(() => this.#do(work));
  }

  #do(work: (at: number) => Promise<Steps>): Promise<Step> {
    return this.#done(async (at) => (await work(at)).whole(), (step) => {
      this.#say(() => this.emit("step", step));
      this.#performAll(step.effects, false);
    });
  }

  /** The same where only the host itself asked: unless somebody listens, what comes of it is read as it is performed. */
  async #doAlone(work: (at: number) => Promise<Steps>): Promise<void> {
    if (this.listenerCount("step") > 0) await this.#do(work);
    else await this.#done(work, (steps) => steps.hasEffects && this.#perform(steps.effects(), false));
  }

  async #done<Result extends Step | Steps>(work: (at: number) => Promise<Result>, perform: (result: Result) => unknown): Promise<Result> {
    try {
      const result = await work(this.#clock.now());
      this.#performAll(this.#machine.late(), false);
      this.#performAll(this.#machine.abandoned(), true);
      perform(result);
      this.#wakeAt(result.wakeup?.getTime());
      return result;
    } catch (error) {
      const late = this.#machine.late();
      this.#performAll(late, false);
      this.#performAll(this.#machine.abandoned(), true);
      // Something may have been kept of which nobody knows yet, or when it is due.
      if (late.length > 0 || this.#machine.doubtful) this.#wakeAt(Math.min(this.#alarm.at ?? Infinity, this.#clock.now() + RETRY_MS));
      throw error;
    }
  }

  /** Sets the timer; in a store that others write to, they may have brought something that is due sooner. */
  #wakeAt(at: number | undefined): void {
    if (this.#closing.signal.aborted) return this.#alarm.set(undefined);
    const next = Math.min(at ?? Infinity, this.#machine.shared ? this.#lookAt : Infinity);
    this.#alarm.set(next === Infinity ? undefined : next);
  }

  #inTurn<T>(work: () => Promise<T>, { of = "call", evenClosed = false }: { of?: "call" | "report"; evenClosed?: boolean } = {}): Promise<T> {
    // Who keeps calling would keep it from ending, and nothing that comes of it would be begun.
    const isTooLate = (): boolean => !evenClosed && (this.#isClosed || (of === "call" && this.#clock.now() >= this.#lastBegin));
    if (isTooLate()) return Promise.reject(closed());
    const turn = this.#turns.take(async () => {
      if (isTooLate()) throw closed();
      return work();
    }, of);
    this.#watch(turn);
    return turn;
  }

  #watch(work: Promise<unknown>): void {
    if (this.#underWay.has(work)) return;
    this.#underWay.add(work);
    const over = (): boolean => this.#underWay.delete(work);
    work.then(over, over);
  }

  #at(at: Instant | undefined, path = "at"): number {
    return at === undefined ? this.#clock.now() : millis(at, path);
  }

  #ask<T>(question: Question): Promise<T> {
    return this.#inTurn(() => this.#machine.asked<T>(question, this.#clock.now()));
  }

  #document(kind: DocumentKind, subject: string, options: DocumentOptions): Promise<Document> {
    return this.#inTurn(() => this.#machine.written(kind, subject, options, this.#clock.now()));
  }

  /** Lets time pass. A store that is away is asked again: nobody else would. */
  async #advance(): Promise<void> {
    this.#lookAt = this.#clock.now() + LOOK_MS;
    try {
      await this.#inTurn(() => this.#doAlone((at) => this.#machine.apply(at, { kind: "tick" })));
    } catch (error) {
      if (!this.#tell(error)) this.#wakeAt(this.#clock.now() + RETRY_MS);
    }
  }

  #performAll(effects: readonly Effect[], again: boolean): void {
    if (effects.length > 0) this.#perform([effects], again);
  }

  #perform(pages: EffectPages, again: boolean, begun?: Set<EffectId>): void {
    this.#watch(this.#queue.add(pages, again, begun));
  }

  #begin(effect: Effect, again: boolean): void {
    this.#say(() => this.emit("effect", effect));
    this.#relay.emit("effect", effect);
    // Nobody reports on a note, so only those of the last record come again after a crash: no delivery goes before it.
    if (!wantsReport(effect)) return this.#watch(this.#performNote(effect, again));
    this.#unreported.add(effect.id);
    this.#watch(this.#deliverAndReport(effect, again));
  }

  async #performNote(effect: Effect, again: boolean): Promise<void> {
    const delivered = await this.#deliveries.perform(effect, again);
    if (delivered.outcome === "failed") this.#tell(delivered.thrown);
  }

  async #deliverAndReport(effect: Effect, again: boolean): Promise<void> {
    // A handler that hangs would otherwise keep a host from ending for as many times as there are ways, people and messages.
    const delivered = await this.#deliveries.performInOrder(effect, again, () => this.#clock.now() < this.#lastBegin);
    if (delivered !== undefined) this.#watch(this.#reports.add(effect, delivered));
  }

  #reported(effect: Effect, report?: Report): void {
    this.#unreported.delete(effect.id);
    if (report !== undefined) this.#say(() => this.emit("report", effect, report.outcome, report.detail ?? ""));
  }

  /** Says what of its handlers does not fit the policy, before somebody is to be told by them. */
  #tellOfHandlers(): void {
    for (const odd of oddHandlers(this.#deliver, this.#policies)) this.#tell(odd);
  }

  /**
   * Tells of an error, and says whether nothing works any more, which is told once. An error that nobody listens for must
   * not take the process down: people wait for pages.
   */
  #tell(error: unknown): boolean {
    const over = error instanceof KentonganError && OVER.has(error.code);
    if (over && this.#isOver) return true;
    this.#isOver = over;
    // Anything can be thrown; who listens may rely on an error.
    const told = error instanceof Error ? error : new Error(wordsOf(error), { cause: error });
    try {
      if (this.listenerCount("error") > 0) this.emit("error", told);
      else warn(error);
    } catch (error) {
      warn(error);
    }
    return over;
  }

  /**
   * What an asynchronous listener is rejected with, which node hands in here, counts as thrown by it: it would end the process. That
   * of `error` itself would come to it again, and be rejected again.
   * @internal
   */
  override [EventEmitter.captureRejectionSymbol](error: unknown, event: unknown, ..._told: unknown[]): void {
    if (event === "error") warn(error);
    else this.#tell(error);
  }

  /** Tells those who listen. What one of them throws must keep no page back. */
  #say(say: () => void): void {
    try {
      say();
    } catch (error) {
      this.#tell(error);
    }
  }
}

const warn = (error: unknown): void => process.emitWarning(error instanceof Error ? error : wordsOf(error));

const closed = (): KentonganError =>
  new KentonganError({ code: "closed", message: "the host is closed", help: "make another with `createHost`" });

/**
 * Starts a host: it owns the clock, keeps what happens before it acts on it, sets one timer, performs effects through
 * your handlers and reports how they went. Stopped at any point and started again it goes on where it was: nothing is
 * lost, and what may have been done already comes again under the same id, marked `again`.
 *
 * ```js
 * const host = await createHost({ policy, store: "night.journal", deliver: { pager: (page) => ring(page) } });
 * await host.alerts(webhookBody);
 * ```
 *
 * @throws {KentonganError} that the store cannot be opened: `locked`, `corrupt`, `unreadable_record`, `other_policy`, …; `invalid_value`,
 *   where an option is not what it has to be, with its name in `where.path`
 */
export async function createHost<Key extends string>(options: HostOptions<Key>): Promise<Host> {
  checked(options as HostOptions);
  const { policy, store, policies = [], adoptPolicy = false, clock = systemClock, deliverWithin = DELIVER_WITHIN_MS } = options;
  const given = typeof store === "string" ? { file: store } : store;
  const patience = DELIVERIES_WAITED_FOR * deliverWithin;
  const machine = isFile(given)
    ? await overFile(policy, { ...given, adoptPolicy: given.adoptPolicy ?? adoptPolicy }, policies)
    : await overStore({ policy, store: given, adoptPolicy, earlier: policies, at: clock.now(), patience });
  return Host.over(machine, options as HostOptions).begin();
}

import type { NativePolicy, NativeSteps } from "../native";
import type { Effect, Input, Instant } from "./data";
import { type Document, type DocumentOptions, documentOf, templatesFor } from "./document";
import { checkedTexts, checkedTextsByName, elsewhere } from "./checks";
import { type Checks, checkedOptions } from "./named";
import { type Policy, checkedPolicy } from "./policy";
import { type DocumentKind, type Question, questionText } from "./question";
import { inTheirWords } from "./misshapen";
import { type Step, Steps, answerOf, inputText, millis } from "./shapes";
import { Turns } from "./turns";

/** Another policy takes over. */
export interface Reload {
  /** When. */
  at: Instant;
  /** The policy. */
  policy: Policy;
  /** What becomes of severities that have another name in it, old to new. */
  severities?: Record<string, string>;
}

/** What a reload has to be; its instant is looked at where it is read. @internal */
export const RELOAD: Checks<Reload> = { at: elsewhere, policy: checkedPolicy, severities: checkedTextsByName };

/** What a reload is made of, looked at before anything is begun. @internal */
export function checkedReload(reload: Reload): { time: number; policy: Policy; severities: Record<string, string> } {
  const policy = checkedPolicy(reload?.policy);
  checkedOptions(reload, RELOAD);
  return { time: millis(reload.at), policy, severities: reload.severities ?? {} };
}

/** Hands an input in. Where it cannot be read, what is wrong with it is said in its own names. @internal */
export async function readable<T>(input: Input, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw inTheirWords(error, "input", input);
  }
}

/** What a picture of shifts shows. */
export interface ShiftsOptions {
  /** Which roles, in their order; all of the policy otherwise. */
  roles?: readonly string[];
  /** An instant that is marked. */
  mark?: Instant;
}

/** The question for a picture of shifts. @internal */
export function shiftsPicture({ onCallRoles }: Policy, from: Instant, to: Instant, options: ShiftsOptions): Question {
  checkedOptions(options, { roles: checkedTexts, mark: elsewhere });
  const { roles = onCallRoles, mark } = options;
  const marked = mark === undefined ? undefined : millis(mark, "mark");
  return { ask: "shiftsSvg", roles: [...roles], from: millis(from, "from"), to: millis(to, "to"), mark: marked };
}

/** The native half, as far as an engine and a journal have it in common. @internal */
export interface NativeRunning {
  apply(at: number, input: string): Promise<string | NativeSteps>;
  reload(at: number, policy: NativePolicy, severities: Record<string, string>): Promise<string | NativeSteps>;
  pending(): Promise<string | NativeSteps>;
  ask(question: string): Promise<Buffer[]>;
  document(kind: string, subject: string, templates?: NativePolicy): Promise<Buffer[]>;
}

/**
 * What an engine and a journal do alike: on another thread, one call after the other in the order in which they were made,
 * with results that come in parts. No call keeps the event loop for long, however many incidents are open.
 */
export abstract class Running {
  #policy: Policy;
  readonly #native: NativeRunning;
  /** @internal */
  protected readonly turns: Turns = new Turns();

  /** @internal */
  protected constructor(policy: Policy, native: NativeRunning) {
    this.#policy = policy;
    this.#native = native;
  }

  /** The policy in force. */
  get policy(): Policy {
    return this.#policy;
  }

  /**
   * Applies an input at an instant: what was due before it is done, then the input. Time never runs backwards: an
   * instant before the last one counts as the last one. A journal has it on disk before anything comes of it.
   *
   * @throws {KentonganError} the engine's refusal, or that the journal cannot be written; then nothing has changed
   */
  async apply(at: Instant, input: Input): Promise<Step> {
    return (await this.applied(at, input)).whole();
  }

  /** Lets time pass: does whatever is due by then. In a journal, a call too early leaves no record. */
  advance(at: Instant): Promise<Step> {
    return this.apply(at, { kind: "tick" });
  }

  /**
   * Moves everything that is open to another policy, whole or not at all. Running clocks get the new
   * targets from their original start, climbs go on on the path of the same name without telling anybody twice, and what
   * was met or missed stays so. The policy that is in force already changes nothing. A journal's snapshot follows, from
   * where on the old policy is needed no more.
   *
   * @throws {KentonganError} `severity_gone`, `unknown_severity`, or that the journal cannot be written; then the old
   *   policy is in force
   */
  async reload(reload: Reload): Promise<Step> {
    return (await this.reloaded(reload)).whole();
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
    for await (const effects of (await this.waiting()).effects()) yield* effects;
  }

  /**
   * The topic of an incident's channel as things stand: one line, escaped for Slack.
   *
   * @throws {KentonganError} `unknown_incident`
   */
  topic(incident: string, options: DocumentOptions = {}): Promise<Document> {
    return this.written("topic", incident, options);
  }

  /** The latest status update of an incident, and how things stand, for those inside. */
  statusUpdate(incident: string, options: DocumentOptions = {}): Promise<Document> {
    return this.written("status-update", incident, options);
  }

  /**
   * What the public reads of an incident.
   *
   * @throws {KentonganError} `not_public`, where the public has been told nothing of it
   */
  publicUpdate(incident: string, options: DocumentOptions = {}): Promise<Document> {
    return this.written("public-update", incident, options);
  }

  /**
   * What whoever comes on call in a role is handed over, as things stand.
   *
   * @throws {KentonganError} `unknown_role`
   */
  handoff(role: string, options: DocumentOptions = {}): Promise<Document> {
    return this.written("handoff", role, options);
  }

  /** Who is on call between two instants, as a picture: SVG. */
  async shiftsSvg(from: Instant, to: Instant, options: ShiftsOptions = {}): Promise<string> {
    return this.asked(shiftsPicture(this.policy, from, to, options));
  }

  /**
   * The shifts of a role between two instants as a calendar to subscribe to (.ics). Shifts are whole, also where they began
   * before or end after.
   */
  async shiftsIcs(role: string, from: Instant, to: Instant): Promise<string> {
    return this.asked({ ask: "shiftsIcs", role, from: millis(from, "from"), to: millis(to, "to") });
  }

  /** `apply`, in pages. @internal */
  async applied(at: Instant, input: Input): Promise<Steps> {
    const [time, text] = [millis(at), inputText(input)];
    return Steps.of(await readable(input, () => this.turns.take(() => this.#native.apply(time, text))));
  }

  /** `applied` of an input that was kept, in the engine's own JSON. @internal */
  async appliedAsKept(at: string, input: string): Promise<Steps> {
    const time = millis(at);
    return Steps.of(await this.turns.take(() => this.#native.apply(time, input)));
  }

  /** `reload`, in pages. @internal */
  async reloaded(reload: Reload): Promise<Steps> {
    const { time, policy, severities } = checkedReload(reload);
    return this.turns.take(async () => {
      const steps = await this.#native.reload(time, policy.native, severities);
      this.#policy = policy;
      return Steps.of(steps);
    });
  }

  /** What is pending at this moment, in pages. @internal */
  async waiting(): Promise<Steps> {
    return Steps.of(await this.turns.take(() => this.#native.pending()));
  }

  /** Asks on another thread, after the calls before this one. @internal */
  async asked<T>(question: Question): Promise<T> {
    const text = questionText(question);
    return this.turns.take(async () => answerOf<T>(await this.#native.ask(text)));
  }

  /** Writes a document on another thread. @internal */
  async written(kind: DocumentKind, subject: string, options: DocumentOptions): Promise<Document> {
    const templates = templatesFor(kind, subject, options);
    return this.turns.take(async () => documentOf(await this.#native.document(kind, subject, templates)));
  }
}

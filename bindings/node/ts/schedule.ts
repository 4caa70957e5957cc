import { NativeSchedule } from "../native";
import type { Instant } from "./data";
import { checkedText } from "./checks";
import { call } from "./error";
import { Coverage, type OnCall, type Shift } from "./oncall";
import { type Policy, checkedPolicy } from "./policy";
import { date, millis, parse } from "./shapes";

/**
 * Who takes turns, and when; see `Policy.schedule`. It is what the policy says: rotations, swaps, days off and the overrides
 * that are written there. Who takes over or is away at run time, and which role it stands for, an engine knows.
 */
export class Schedule {
  readonly #native: NativeSchedule;
  /** What the policy calls it. */
  readonly name: string;
  /** The zone of its people. */
  readonly zone: string;

  /** @throws {KentonganError} `unknown_schedule` */
  constructor(policy: Policy, name: string) {
    this.#native = call(() => new NativeSchedule(checkedPolicy(policy).native, checkedText(name, "name")));
    this.name = name;
    this.zone = this.#native.zone();
  }

  /** Who is on call at an instant. */
  who(at: Instant): OnCall {
    return call(() => parse<OnCall>(this.#native.who(millis(at))));
  }

  /** The shifts between two instants, in order, gaps among them; they tile the time between. */
  shifts(from: Instant, to: Instant): Shift[] {
    return this.coverage(from, to).shifts;
  }

  /** Who is on call between two instants, gaps included. */
  coverage(from: Instant, to: Instant): Coverage {
    return call(() => new Coverage(parse(this.#native.coverage(millis(from, "from"), millis(to, "to")))));
  }

  /** The next instant at which `who` answers otherwise. */
  nextChange(after: Instant): Date | undefined {
    return date(call(() => this.#native.nextChange(millis(after, "after"))));
  }

  /** Who looks over the shoulder of those on call at an instant, and is not paged. */
  shadows(at: Instant): string[] {
    return call(() => this.#native.shadows(millis(at)));
  }

  /** When somebody looks over the shoulder of those on call, between two instants. */
  shadowShifts(from: Instant, to: Instant): Shift[] {
    return call(() => parse<Shift[]>(this.#native.shadowShifts(millis(from, "from"), millis(to, "to"))));
  }
}

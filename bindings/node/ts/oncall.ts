import { isObject, unexpected } from "./checks";
import { millis } from "./shapes";

/**
 * Who is on call, the first choice first; or nobody, and why. A role that the policy does not have is such a gap, whose reason says
 * which may be meant, and no error: whoever asks in the night, maybe after a reload that gave the role another name, has an answer.
 */
export type OnCall = { people: string[] } | { gap: { reason: string } };

/** A stretch of time, from one instant up to another, in which the same people are on call, or nobody is. */
export interface Shift {
  /** When it begins. */
  from: Date;
  /** When it ends. */
  to: Date;
  /** Who is on call, or why nobody is. */
  onCall: OnCall;
}

/**
 * Who is on call over a stretch of time: shifts that tile it, without a hole and without an overlap.
 *
 * ```js
 * const { isWhole, gaps } = policy.coverage("primary", from, to);
 * if (!isWhole) console.error(`nobody is on call from ${gaps[0].from.toISOString()}`);
 * ```
 */
export class Coverage {
  /** The shifts, in order; neighbours differ. */
  readonly shifts: Shift[];

  /** One of its plain data, as JSON and other threads have it. */
  constructor(coverage: { shifts: Shift[] }) {
    const { shifts } = Object(coverage) as typeof coverage;
    if (!Array.isArray(shifts)) throw unexpected("an object with `shifts`", coverage, "coverage", "what `policy.coverage(…)` gives, or its plain data");
    this.shifts = shifts.map((shift, index) => shiftOf(shift, `shifts[${index}]`));
  }

  /** The stretches in which nobody is on call. */
  get gaps(): Shift[] {
    return this.shifts.filter(({ onCall }) => "gap" in onCall);
  }

  /** Whether somebody is on call all the time. */
  get isWhole(): boolean {
    return this.gaps.length === 0;
  }

  /** How long nobody is on call, in milliseconds. */
  get uncovered(): number {
    return this.gaps.reduce((sum, gap) => sum + length(gap), 0);
  }

  /** How long each person is on call, in milliseconds. */
  byPerson(): Record<string, number> {
    const times = new Map<string, number>();
    for (const shift of this.shifts) {
      const people = "people" in shift.onCall ? shift.onCall.people : [];
      for (const person of people) times.set(person, (times.get(person) ?? 0) + length(shift));
    }
    return Object.fromEntries(times);
  }
}

/** A shift of plain data: instants of JSON are text. */
function shiftOf(shift: Shift, path: string): Shift {
  if (!isObject(shift) || !isObject(shift.onCall)) throw unexpected("a shift", shift, path, "an object with `from`, `to` and `onCall`");
  const { from, to } = shift;
  return { ...shift, from: new Date(millis(from, `${path}.from`)), to: new Date(millis(to, `${path}.to`)) };
}

const length = ({ from, to }: Shift): number => to.getTime() - from.getTime();

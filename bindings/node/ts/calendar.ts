import { NativeCalendar, millisOf, timeZoneDataVersion } from "../native";
import type { Instant } from "./data";
import { checkedText, whole } from "./checks";
import { KentonganError, call } from "./error";
import { type Policy, checkedPolicy } from "./policy";
import { described, millis } from "./shapes";

export { timeZoneDataVersion };

/** A length of time as it may be handed in: milliseconds, a hundred years of them at most, or text such as `1h30m`. */
export type Length = number | string;

/** A hundred years, the longest that the engine reckons with. */
const LENGTH_MAX = 36_500 * 24 * 60 * 60_000;
/** How many worked days the engine's years hold at most. */
const checkedDays = whole(0, 200_000);

function lengthOf(length: Length): number {
  if (typeof length === "string") return call(() => millisOf(length));
  if (typeof length === "number" && length >= 0 && length <= LENGTH_MAX) return length;
  const help = "hand in milliseconds, from zero to a hundred years, or text such as `1h30m`; for the other way there is `subtract`";
  throw new KentonganError({ code: "invalid_duration", message: `\`length\`: expected a length of time, found ${described(length)}`, help, where: { path: "length" } });
}

/** The hours, holidays and other days of a policy's calendar, and arithmetic over its working time; see `Policy.calendar`. */
export class Calendar {
  readonly #native: NativeCalendar;
  /** What the policy calls it. */
  readonly name: string;
  /** The zone of its hours: `Asia/Jakarta`. */
  readonly zone: string;
  /** Its hours of the week, as people read them. */
  readonly hours: string;

  /** @throws {KentonganError} `unknown_calendar` */
  constructor(policy: Policy, name: string) {
    this.#native = call(() => new NativeCalendar(checkedPolicy(policy).native, checkedText(name, "name")));
    this.name = name;
    this.zone = this.#native.zone();
    this.hours = this.#native.hours();
  }

  /** Whether an instant is working time. */
  isOpen(at: Instant): boolean {
    return call(() => this.#native.isOpen(millis(at)));
  }

  /** Whether it is open at any instant from another one on, in the years that the engine keeps. */
  opensFrom(at: Instant): boolean {
    return call(() => this.#native.opensFrom(millis(at)));
  }

  /**
   * The first instant of working time at or after another: itself, while it is open. Of a calendar that never opens again it
   * is the end of the years that the engine keeps; `opensFrom` tells.
   */
  nextOpening(at: Instant): Date {
    return new Date(call(() => this.#native.nextOpening(millis(at))));
  }

  /** The end of the stretch of working time that `nextOpening` lies in. */
  nextClosing(at: Instant): Date {
    return new Date(call(() => this.#native.nextClosing(millis(at))));
  }

  /** The next holiday on or after an instant's own day, within a year: its day, `2026-12-25`, and its name. */
  nextHoliday(at: Instant): { day: string; name: string } | undefined {
    const [day, name = ""] = call(() => this.#native.nextHoliday(millis(at)));
    return day === undefined ? undefined : { day, name };
  }

  /** The instant by which so much working time has passed. */
  add(at: Instant, length: Length): Date {
    return new Date(call(() => this.#native.add(millis(at), lengthOf(length))));
  }

  /** The latest instant from which so much working time leads to another. */
  subtract(at: Instant, length: Length): Date {
    return new Date(call(() => this.#native.subtract(millis(at), lengthOf(length))));
  }

  /** The working time between two instants, in milliseconds; none where the end is not later. */
  elapsed(from: Instant, to: Instant): number {
    return call(() => this.#native.elapsed(millis(from, "from"), millis(to, "to")));
  }

  /** When a later day that is worked closes for the last time: so many worked days after an instant's own. */
  closeOfBusinessDay(at: Instant, days = 1): Date {
    checkedDays(days, "days");
    return new Date(call(() => this.#native.closeOfBusinessDay(millis(at), days)));
  }
}

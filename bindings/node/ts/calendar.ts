import { NativeCalendar, millisOf, timeZoneDataVersion } from "../native";
import type { Instant } from "./data";
import { KentonganError, call } from "./error";
import type { Policy } from "./policy";
import { millis } from "./shapes";

export { timeZoneDataVersion };

/** A length of time as it may be handed in: milliseconds, or text such as `1h30m`. */
export type Length = number | string;

function lengthOf(length: Length): number {
  if (typeof length !== "number") return call(() => millisOf(length));
  if (length >= 0 && Number.isFinite(length)) return length;
  const help = "hand in milliseconds, none of them before zero, or text such as `1h30m`; for the other way there is `subtract`";
  throw new KentonganError({ code: "invalid_duration", message: `\`${length}\` is not a length of time`, help });
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
    this.#native = call(() => new NativeCalendar(policy.native, name));
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
    return call(() => this.#native.elapsed(millis(from), millis(to)));
  }

  /** When a later day that is worked closes for the last time: so many worked days after an instant's own. */
  closeOfBusinessDay(at: Instant, days = 1): Date {
    return new Date(call(() => this.#native.closeOfBusinessDay(millis(at), days)));
  }
}

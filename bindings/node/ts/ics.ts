// Calendars that other tools export (.ics, RFC 5545): who takes turns by one, and which days are holidays.

import * as native from "../native";
import { checkedText, checkedTextOrBytes, isObject, unexpected } from "./checks";
import { type Diagnostic, call } from "./error";
import { type Checks, checkedOptions } from "./named";
import { type Policy, checkedPolicy } from "./policy";
import { parse } from "./shapes";

/** A shift of a calendar. */
export interface Turn {
  /** When it begins. */
  from: Date;
  /** When it ends; at that instant it is over. */
  to: Date;
  /** Who, by their ids in the policy, the first choice first. */
  people: string[];
}

/** People who take turns without an end, each for the same number of days. */
export interface Rotation {
  /** The zone on whose clocks a hand-off keeps its time of day. */
  zone: string;
  /** What those clocks show at the first hand-off: `2026-03-02T09:00:00`. */
  start: string;
  /** The days of one turn. */
  days: number;
  /** Whose turn it is, in order. */
  people: string[];
}

/** How a calendar is read. */
export interface CalendarOptions {
  /** Which zone its times are in where it does not say. */
  zone?: string;
  /** The last day on which something may begin, `2026-12-31`. Without it endless series go on for some years. */
  until?: string;
  /** What diagnostics call it; `calendar.ics` unless given. */
  name?: string;
}

/** How a calendar of turns is read. */
export interface RotaOptions extends CalendarOptions {
  /** Whom the calendar means where it calls them otherwise: `{ "Ana R.": "ana" }`; null for what is nobody, such as a lunch. */
  people?: Record<string, string | null>;
}

/** A holiday, or several days in a row. */
export interface Holiday {
  /** The first day, `2026-12-25`. */
  first: string;
  /** The last day. */
  last: string;
  /** What it is called. */
  name: string;
}

interface Details {
  rotation?: Rotation;
  shifts: Turn[];
  until: string;
  warnings: Diagnostic[];
}

const CALENDAR_OPTIONS: Checks<CalendarOptions> = { zone: checkedText, until: checkedText, name: checkedText };

/** Refuses what does not say of each whom the calendar means. */
function checkedPeople(people: unknown, path: string): void {
  if (!isObject(people)) throw unexpected("an object of texts", people, path, "an object such as `{ \"Ana R.\": \"ana\", \"Team lunch\": null }`");
  for (const [name, person] of Object.entries(people)) if (person !== null) checkedText(person, `${path}.${name}`);
}

/**
 * Who is on call by a calendar. A policy can name such a file itself (`schedules: { platform: { ics: platform.ics } }`); this
 * is for programs that fetch calendars, or move the turns of another tool into a policy.
 *
 * ```js
 * const rota = new ics.Rota(exported, policy, { people: { "Ana R.": "ana", "Team lunch": null } });
 * console.log(rota.toYaml("platform"));
 * ```
 */
export class Rota {
  readonly #native: native.NativeRota;
  /** The rotation that it comes to, where its series take turns without an end or an exception. */
  readonly rotation?: Rotation;
  /** The zone in which its schedule is best kept: where it turns, if it is a rotation. */
  readonly zone?: string;
  /** Its shifts until the horizon, in order, apart from each other. Between them nobody is on call. */
  readonly shifts: Turn[];
  /** The last day on which a shift can begin. */
  readonly until: string;
  /** What can be read, but likely does not mean what its author thinks. */
  readonly warnings: Diagnostic[];

  /**
   * Reads a calendar for the people of a policy, who are found by their ids, names and addresses.
   *
   * @throws {KentonganError} with everything wrong with it in `diagnostics`; `unknown_timezone`, `unknown_person`
   */
  constructor(calendar: Uint8Array | string, policy: Policy, options: RotaOptions = {}) {
    checkedOptions(options, { ...CALENDAR_OPTIONS, people: checkedPeople });
    const { people = {}, zone, until, name = "calendar.ics" } = options;
    const { native: compiled } = checkedPolicy(policy);
    this.#native = call(() => native.NativeRota.read(name, bytes(calendar), compiled, JSON.stringify(people), zone, until));
    const details = parse<Details>(this.#native.details());
    if (details.rotation !== undefined) [this.rotation, this.zone] = [details.rotation, details.rotation.zone];
    this.shifts = details.shifts;
    this.until = details.until;
    this.warnings = details.warnings;
  }

  /**
   * The layer of a schedule that it comes to, in a policy's own names, for `Policy.fromObject`.
   *
   * @param zone the zone of the schedule: a rotation is one in its own zone alone, and shifts in another
   */
  layer(name: string, zone: string): Record<string, unknown> {
    return call(() => JSON.parse(this.#native.layer(checkedText(name, "name"), checkedText(zone, "zone")))) as Record<string, unknown>;
  }

  /** The section of a policy for it, as YAML that a person pastes. */
  toYaml(schedule: string): string {
    return call(() => this.#native.toYaml(checkedText(schedule, "schedule")));
  }
}

/**
 * Reads the holidays of a calendar: its events of whole days.
 *
 * @throws {KentonganError} with everything wrong with it in `diagnostics`; `unknown_timezone`
 */
export function holidays(
  calendar: Uint8Array | string,
  options: CalendarOptions = {},
): { days: Holiday[]; warnings: Diagnostic[] } {
  checkedOptions(options, CALENDAR_OPTIONS);
  const { zone = "UTC", until, name = "calendar.ics" } = options;
  return call(() => parse(native.holidays(name, bytes(calendar), zone, until)));
}

function bytes(calendar: Uint8Array | string): Buffer {
  checkedTextOrBytes(calendar, "calendar");
  return Buffer.from(calendar as Uint8Array);
}

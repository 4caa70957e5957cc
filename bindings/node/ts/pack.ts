// One alert as one string that holds only the facts which the rules read: of all ways over the border the quickest.

import type { Alert } from "./data";
import { millisOfText } from "./instant";

/** Between facts, and after rows. The native half notices where a text holds one. @internal */
export const SEPARATOR = "\u0001";
/** @internal */
export const ROW_END = "\u0002";

interface Fact {
  map?: "labels" | "annotations" | "values";
  name: string;
}

/** Where the facts of those names stand in an alert. */
function placed(names: string[]): Fact[] {
  return names.map((path) => {
    const [, map, name] = /^(labels|annotations|values)\.(.*)$/s.exec(path) ?? [];
    return map === undefined ? { name: path } : { map: map as "labels", name: name ?? "" };
  });
}

/** The most facts of a row of numbers, the most texts of a fact that are kept, and the longest of them. */
const NUMBERED_MAX = 32;
const TEXTS_MAX = 1_024;
const TEXT_LENGTH_MAX = 64;

/**
 * One alert as a row of numbers: measurements and instants as they are, and a number for each text, which the native half
 * was given once. So nothing is written and read again for an alert that is like those before it.
 *
 * @internal
 */
export class Numbered {
  readonly #facts: Fact[];
  readonly #row: Float64Array;
  readonly #texts: Map<string, number>[];
  readonly #keep: (place: number, text: string) => number;
  /** The texts of the last row that are not kept, separated; none where all are. */
  others: string | undefined;

  /** `keep` gives a text of a fact its number, or less than zero where there are too many. */
  constructor(names: string[], keep: (place: number, text: string) => number) {
    this.#facts = placed(names);
    this.#row = new Float64Array(names.length);
    this.#texts = names.map(() => new Map());
    this.#keep = keep;
  }

  /** Numbers for those facts, if they are few enough. */
  static of(names: string[], keep: (place: number, text: string) => number): Numbered | undefined {
    return names.length > NUMBERED_MAX ? undefined : new Numbered(names, keep);
  }

  /** The row of an alert, until the next is asked for; nothing where the alert is odd. */
  row(alert: Alert): Float64Array | undefined {
    const { labels, annotations, values } = alert;
    if (isMap(alert, labels, annotations, values)) return undefined;
    const facts = this.#facts;
    const row = this.#row;
    this.others = undefined;
    for (let place = 0; place < facts.length; place += 1) {
      const { map, name } = facts[place] as Fact;
      let value: unknown;
      if (map === "labels") value = labels?.[name];
      else if (map === "values") value = values?.[name];
      else if (map === "annotations") value = annotations?.[name];
      else if (name === "starts_at") value = instant(alert.startsAt);
      else value = (alert as Record<string, unknown>)[name];
      let number = Number.NaN;
      if (typeof value === "string" && map !== "values") {
        number = this.#number(place, value);
        if (number < 0) this.others = this.others === undefined ? value : this.others + SEPARATOR + value;
      } else if (typeof value === "number" && (map === "values" ? Number.isFinite(value) : name === "starts_at" && Number.isSafeInteger(value))) {
        number = value;
      } else if (value !== undefined) return undefined;
      row[place] = number;
    }
    return row;
  }

  /** The number of a text, less than zero where it is not kept. */
  #number(place: number, text: string): number {
    const texts = this.#texts[place] as Map<string, number>;
    const known = texts.get(text);
    if (known !== undefined) return known;
    if (texts.size >= TEXTS_MAX || text.length > TEXT_LENGTH_MAX) return -1;
    const number = this.#keep(place, text);
    if (number >= 0) texts.set(text, number);
    return number;
  }
}

/** Whether any of them is a `Map`, which has no facts where objects have them. */
const isMap = (alert: unknown, labels: unknown, annotations: unknown, values: unknown): boolean =>
  alert instanceof Map || labels instanceof Map || annotations instanceof Map || values instanceof Map;

/** Not a number where it is no instant. */
function instant(at: Alert["startsAt"]): number | undefined {
  if (at === undefined) return undefined;
  return at instanceof Date ? at.getTime() : typeof at === "number" ? at : (millisOfText(at) ?? Number.NaN);
}

/** Packs alerts for one policy. @internal */
export class Packer {
  readonly #facts: Fact[];

  constructor(names: string[]) {
    this.#facts = placed(names);
  }

  /** How many facts a row has. */
  get length(): number {
    return this.#facts.length;
  }

  /** The row of an alert, or nothing where the alert is odd in some way: then the long way says how. */
  pack(alert: Alert): string | undefined {
    const { labels, annotations, values } = alert;
    if (isMap(alert, labels, annotations, values)) return undefined;
    let row = "";
    let first = true;
    for (const { map, name } of this.#facts) {
      if (first) first = false;
      else row += SEPARATOR;
      let value: unknown;
      if (map === "labels") value = labels?.[name];
      else if (map === "values") value = values?.[name];
      else if (map === "annotations") value = annotations?.[name];
      else if (name === "starts_at") {
        value = instant(alert.startsAt);
      } else value = (alert as Record<string, unknown>)[name];
      if (value === undefined) continue;
      if (typeof value === "string" && map !== "values") row += `s${value}`;
      else if (typeof value === "number" && (map === "values" || name === "starts_at") && Number.isFinite(value)) row += `n${value}`;
      else return undefined;
    }
    return row;
  }
}

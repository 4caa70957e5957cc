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

/** Packs alerts for one policy. @internal */
export class Packer {
  readonly #facts: Fact[];

  constructor(names: string[]) {
    this.#facts = names.map((path) => {
      const [, map, name] = /^(labels|annotations|values)\.(.*)$/s.exec(path) ?? [];
      return map === undefined ? { name: path } : { map: map as "labels", name: name ?? "" };
    });
  }

  /** How many facts a row has. */
  get length(): number {
    return this.#facts.length;
  }

  /** The row of an alert, or nothing where the alert is odd in some way: then the long way says how. */
  pack(alert: Alert): string | undefined {
    const { labels, annotations, values } = alert;
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
        const at = alert.startsAt;
        if (at === undefined) continue;
        value = at instanceof Date ? at.getTime() : typeof at === "number" ? at : millisOfText(at);
        if (value === undefined) return undefined;
      } else value = (alert as Record<string, unknown>)[name];
      if (value === undefined) continue;
      if (typeof value === "string" && map !== "values") row += `s${value}`;
      else if (typeof value === "number" && (map === "values" || name === "starts_at") && Number.isFinite(value)) row += `n${value}`;
      else return undefined;
    }
    return row;
  }
}

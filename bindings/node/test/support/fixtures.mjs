// What the tests share: the captured payloads, and a small policy.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { Policy } from "kentongan";

import { inputText, millis } from "../../dist/shapes.js";

export const top = fileURLToPath(new URL("../../../../", import.meta.url));
export const webhook = (name = "panic-button-down") => readFileSync(`${top}tests/fixtures/kreki/${name}.json`);

export const shop = `
policy: shop
people:
  ana: { contacts: { pager: ana-1, sms: "+62811" } }
  budi: { contacts: { pager: budi-1 } }
on_call: { primary: [ana], secondary: [budi] }
severities:
  high: { definition: Customers cannot pay, targets: { acknowledge: 5m }, escalation: standard }
  low: { definition: Everything else, notify: [ { email: shop@example.org } ] }
classify:
  - id: pay
    when: alert.service == "checkout" && alert.values.error_rate > 0.1
    severity: high
  - id: odd
    when: alert.labels.env in ["prod", "live"] && alert.name.starts_with("Odd")
    severity: high
  - default: low
escalation:
  standard: [ { notify: on-call.primary }, { notify: on-call.secondary, after: 10m } ]
last_resort: [ { pager: ana } ]
`;
export const shopPolicy = () => Policy.fromYaml(shop);
export const start = new Date("2026-11-23T19:00:00Z");
export const failing = (key = "a1") => ({ key, service: "checkout", values: { error_rate: 0.5 } });
export const minutes = (count) => new Date(start.getTime() + count * 60_000);

/** Writes inputs into a journal's file, each at its instant and nothing besides. */
export async function writeJournal(path, policy, inputs) {
  const { NativeJournal } = createRequire(import.meta.url)("../../native.js");
  const journal = await NativeJournal.open(path, policy.native, false, []);
  for (const [at, input] of inputs) await journal.apply(millis(at), inputText(input));
  await journal.close();
}

/** A clock that moves when it is told to; what it is asked to call back is called at its instant. */
export class ManualClock {
  #now = start.getTime();
  #timers = new Set();
  delays = [];
  now = () => this.#now;
  after = (millis, callback) => {
    this.delays.push(millis);
    const timer = { at: this.#now + millis, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };
  /** Goes to an instant, timer by timer, and lets what follows from each happen. */
  async to(at) {
    for (;;) {
      await settled();
      const next = [...this.#timers].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > at.getTime()) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = at.getTime();
  }
}

/** Long enough for work on another thread to come back. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 25));

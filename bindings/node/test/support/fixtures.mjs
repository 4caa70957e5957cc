// What the tests share: the captured payloads, and a small policy.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { Journal, ManualClock, Policy, createHost, memoryStore } from "kentongan";

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
/** The shop where every alert with a high error rate is bad, whatever service it is about: so there can be many incidents. */
export const busyPolicy = () => Policy.fromYaml(shop.replace('alert.service == "checkout" && ', ""));
export const start = new Date("2026-11-23T19:00:00Z");
export const failing = (key = "a1") => ({ key, service: "checkout", values: { error_rate: 0.5 } });
export const minutes = (count) => new Date(start.getTime() + count * 60_000);

/** Everything that an asynchronous generator gives. */
export async function all(given) {
  const found = [];
  for await (const one of given) found.push(one);
  return found;
}

/** Writes inputs into a journal's file, each at its instant and nothing besides. */
export async function writeJournal(path, policy, inputs) {
  const journal = await Journal.open(path, policy);
  for (const [at, input] of inputs) await journal.apply(at, input);
  await journal.close();
}

/** A host of the shop with a clock that stands still, and what it has done. */
export async function setUp(options = {}) {
  const clock = options.clock ?? new ManualClock(start);
  const done = [];
  const deliver = { default: (effect) => void done.push(effect) };
  const host = await createHost({ policy: shopPolicy(), store: memoryStore(), deliver, ...options, clock });
  return { clock, done, host };
}

/** Who was told on which channel. */
export const told = (effects) => effects.filter(({ kind }) => kind === "notify").map(({ channel, to }) => `${channel} ${to}`);

/** Waits until something is so, for as long as a test may take on a machine that others use, too. */
export async function until(isSo, what = String(isSo)) {
  for (const end = Date.now() + 120_000; !(await isSo()); ) {
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await sleep(10);
  }
}

// How long a call keeps the event loop from its next turn, with a hundred thousand incidents open. A figure of a machine
// that others use, too, is no test: run it with `npm run bench` where nothing else runs.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setImmediate as turn } from "node:timers/promises";

import { Engine, History, Journal, ManualClock, Policy, Records, createHost, memoryStore } from "kentongan";

import { busyPolicy, failing, minutes, start } from "../test/support/fixtures.mjs";

const INCIDENTS = Number(process.argv[2] ?? 100_000);
const PROMISED_MS = 20;
/** A day on which the promises are over and everybody has been told. */
const later = minutes(60 * 24);

/** The journal of many incidents that stay open. */
function alertsOfMany() {
  const lines = [];
  for (let index = 0; index < INCIDENTS; index += 1) {
    lines.push(JSON.stringify({ at: start, input: { kind: "alert", ...failing(`a${index}`), service: `s${index}` } }));
  }
  return lines.join("\n");
}

/** How long this thread has computed so far, in milliseconds; only Linux tells. */
function computed() {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

/**
 * The longest that a piece of work kept the event loop from its next turn, in milliseconds: by the clock, and how much of
 * its time this thread computed. The first holds also what others of the machine took from it.
 */
async function longestTurn(work) {
  let [wall, cpu, running] = [0, 0, true];
  let [last, before] = [performance.now(), computed()];
  const look = () => {
    const [now, sum] = [performance.now(), computed()];
    [wall, cpu] = [Math.max(wall, now - last), Math.max(cpu, sum - before)];
    [last, before] = [now, sum];
    if (running) setImmediate(look);
  };
  await turn();
  [last, before] = [performance.now(), computed()];
  setImmediate(look);
  await work();
  await turn();
  running = false;
  return { wall, cpu };
}

const policy = busyPolicy();
const stricter = Policy.fromObject({ ...policy.toObject(), severities: { ...policy.toObject().severities, high: { ...policy.toObject().severities.high, targets: { acknowledge: "4m" } } } });
const journal = alertsOfMany();
const engine = await (async () => {
  const { engine, effects } = await Engine.replay(policy, journal);
  assert.equal(new Set(effects.map(({ incident }) => incident)).size, INCIDENTS);
  return engine;
})();
const blocked = {};
// Wall time on a machine that others use, too: the best of some attempts says what the call itself takes.
const ATTEMPTS = Number(process.argv[3] ?? 3);
const measure = async (name, work, attempts = ATTEMPTS) => {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const { wall, cpu } = await longestTurn(() => work(attempt));
    const best = (blocked[name] ??= { wall, cpu });
    [best.wall, best.cpu] = [Math.min(best.wall, wall), Math.min(best.cpu, cpu)];
    if (best.wall <= PROMISED_MS) break;
  }
  const { wall, cpu } = blocked[name];
  const verdict = wall <= PROMISED_MS ? "" : `  more than the ${PROMISED_MS} ms promised`;
  console.log(`${name.padEnd(34)} ${wall.toFixed(1).padStart(7)} ms by the clock ${cpu.toFixed(1).padStart(7)} ms computing${verdict}`);
};
/** Goes through what comes one by one, as a program does that does something with each. */
const through = async (items, most = Infinity) => {
  let seen = 0;
  for await (const _ of items) if ((seen += 1) >= most) break;
  return seen;
};

const [first] = engine.incidents();
const ask = { incident: first.id, role: "primary" };
await measure("applySync", async (attempt) => engine.applySync(start, { kind: "alert", ...failing(`new${attempt}`) }));
await measure("apply", (attempt) => engine.apply(start, { kind: "alert", ...failing(`other${attempt}`) }));
await measure("check", async () => engine.check(start, { kind: "acknowledge", incident: ask.incident, by: "ana" }));
await measure("advance, a page each is due", async (attempt) => {
  const { effects } = await engine.advance(minutes(11 + attempt * 60));
  if (attempt === 0) assert.ok(effects.length >= 3 * INCIDENTS);
});
await measure("wakeup, now", async () => [engine.wakeup, engine.now]);
await measure("incident", async () => engine.incident(ask.incident));
await measure("incidents", async () => {
  let seen = 0;
  for (const _ of engine.incidents()) {
    if ((seen += 1) % 100 === 0) await turn();
    if (seen === 5_000) break;
  }
});
await measure("who, duty, nextInLine, nextChange", async () => [engine.who(ask.role, later), engine.duty(ask.role, later), engine.nextInLine(ask.role, later), engine.nextChange(ask.role, later)]);
await measure("coverage of a year", async () => engine.coverage(ask.role, start, new Date(start.getTime() + 365 * 86_400_000)));
await measure("shadowShifts, handoffs, roleHolders", async () => [engine.shadowShifts(ask.role, start, later), engine.handoffs(), engine.roleHolders(ask.incident, "commander")]);
await measure("shiftsSvg, shiftsIcs", async () => [await engine.shiftsSvg(start, later), await engine.shiftsIcs(ask.role, start, later)]);
await measure("topic, statusUpdate", async () => [await engine.topic(ask.incident), await engine.statusUpdate(ask.incident)]);
await measure("handoff", () => engine.handoff(ask.role));
let snapshot;
await measure("snapshot", async () => { snapshot = await engine.snapshot(); });
await measure("restore", () => Engine.restore(policy, snapshot));
const text = snapshot.toString("utf8");
await measure("restore from text", () => Engine.restore(policy, text));
await measure("replay", () => Engine.replay(policy, journal));
await measure("reload", (attempt) => engine.reload({ at: later, policy: attempt % 2 === 0 ? stricter : policy }));
await measure("checkReload", () => engine.checkReload({ at: later, policy }));
await measure("pending", async () => assert.ok((await through(engine.pending())) >= INCIDENTS));
await measure("audit", async () => assert.deepEqual(await engine.audit(), []));

const lines = Buffer.from(`${JSON.stringify(failing())}\n`.repeat(INCIDENTS));
await measure("classifyBatch of bytes", () => policy.classifyBatch(lines));
await measure("classifyBatch of text", (() => { const text = lines.toString(); return () => policy.classifyBatch(text); })());
const alerts = Array.from({ length: INCIDENTS }, (_, index) => failing(`a${index}`));
await measure("classifyBatch of objects", () => policy.classifyBatch(alerts));
const odd = alerts.map((alert, index) => (index % 1_000 ? alert : { ...alert, name: "\u0001" }));
await measure("classifyBatch of odd objects", () => policy.classifyBatch(odd));

let history;
await measure("History.of", async () => { history = await History.of(policy, journal, { until: later }); });
await measure("History.monthly", () => history.monthly("2026-11"));
await measure("History.quarterly", () => history.quarterly("2026-Q4"));
await measure("History.incidents, account, document", async () => [await history.incidents(), await history.account(ask.incident), await history.postmortem(ask.incident)]);
await measure("History.handoff", () => history.handoff(ask.role));

const folder = mkdtempSync(join(tmpdir(), "kentongan-bench-"));
try {
  const entries = journal.split("\n");
  entries.push(JSON.stringify({ at: minutes(11), input: { kind: "tick" } }));
  const store = memoryStore();
  for (const [index, text] of entries.entries()) await store.append({ seq: index + 1, text });
  let performed = 0;
  const deliver = () => void (performed += 1);
  let host;
  let clock;
  await measure("createHost over a store", async () => {
    clock = new ManualClock(minutes(11));
    host = await createHost({ policy, store, deliver, clock });
  }, 1);
  await measure("host: all that was under way", async () => {
    const begun = performed;
    while (performed < begun + INCIDENTS && performed < 3 * INCIDENTS) await turn();
  }, 1);
  await measure("host.incidents", async () => through(host.incidents(), 5_000));
  await measure("host.alerts, who, topic", async (attempt) => [await host.alerts(failing(`host${attempt}`)), await host.who(ask.role), await host.topic(ask.incident)]);
  await measure("host: a page each is due", async () => {
    const begun = performed;
    clock.set(minutes(71));
    while (performed < begun + INCIDENTS) await turn();
  }, 1);

  // A journal's file of that many is written by a quick disk only: each record waits for it.
  const place = join(folder, "many.journal");
  const written = await Journal.open(place, policy, { snapshotEvery: 0 });
  const some = Math.min(INCIDENTS, 5_000);
  for (const entry of entries.slice(0, some)) {
    const { at, input } = JSON.parse(entry);
    await written.apply(at, input);
  }
  await measure(`Journal.advance, ${some} incidents`, () => written.advance(minutes(11)), 1);
  await measure("Journal.snapshot", () => written.snapshot());
  await measure("Journal.incidents", async () => through(written.incidents()));
  await measure("Journal.pending", async () => through(written.pending()));
  await written.close();
  await measure("Journal.open", async () => (await Journal.open(place, policy)).close());
  await measure("Records", async () => through(await Records.open(place)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// What is still being delivered would take minutes to be reported.
process.exit(0);

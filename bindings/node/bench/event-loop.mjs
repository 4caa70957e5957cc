// How long a call keeps the event loop from its next turn, with a hundred thousand incidents open. A figure of a machine
// that others use, too, is no test: run it with `npm run bench` where nothing else runs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { setImmediate as turn } from "node:timers/promises";

import { Engine, Policy } from "kentongan";

import { failing, minutes, shop, shopPolicy, start } from "../test/support/fixtures.mjs";

const INCIDENTS = Number(process.argv[2] ?? 100_000);
const PROMISED_MS = 20;

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

const policy = shopPolicy();
const stricter = Policy.fromYaml(shop.replace("acknowledge: 5m", "acknowledge: 4m"));
const journal = alertsOfMany();
const engine = await (async () => {
  const { engine, effects } = await Engine.replay(policy, journal);
  assert.equal(new Set(effects.map(({ incident }) => incident)).size, INCIDENTS);
  return engine;
})();
const blocked = {};
// Wall time on a machine that others use, too: the best of some attempts says what the call itself takes.
const ATTEMPTS = Number(process.argv[3] ?? 3);
const measure = async (name, work) => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { wall, cpu } = await longestTurn(() => work(attempt));
    const best = (blocked[name] ??= { wall, cpu });
    [best.wall, best.cpu] = [Math.min(best.wall, wall), Math.min(best.cpu, cpu)];
    if (best.wall <= PROMISED_MS) break;
  }
  const { wall, cpu } = blocked[name];
  const verdict = wall <= PROMISED_MS ? "" : `  more than the ${PROMISED_MS} ms promised`;
  console.log(`${name.padEnd(26)} ${wall.toFixed(1).padStart(7)} ms by the clock ${cpu.toFixed(1).padStart(7)} ms computing${verdict}`);
};
await measure("applySync", async (attempt) => engine.applySync(start, { kind: "alert", ...failing(`new${attempt}`) }));
await measure("apply", (attempt) => engine.apply(start, { kind: "alert", ...failing(`other${attempt}`) }));
await measure("advance, all due", (attempt) => engine.advance(minutes(3 + attempt)));
let snapshot;
await measure("snapshot", async () => { snapshot = await engine.snapshot(); });
await measure("restore", () => Engine.restore(policy, snapshot));
const text = snapshot.toString("utf8");
await measure("restore from text", () => Engine.restore(policy, text));
await measure("replay", () => Engine.replay(policy, journal));
await measure("reload", (attempt) => engine.reload({ at: minutes(10), policy: attempt % 2 === 0 ? stricter : policy }));
await measure("checkReload", () => engine.checkReload({ at: minutes(10), policy }));
await measure("pending", async () => {
  let seen = 0;
  for await (const _ of engine.pending()) seen += 1;
  assert.ok(seen >= INCIDENTS);
});
await measure("audit", async () => assert.deepEqual(await engine.audit(), []));
await measure("incidents", async () => {
  let seen = 0;
  for (const _ of engine.incidents()) {
    if ((seen += 1) % 100 === 0) await turn();
    if (seen === 5_000) break;
  }
});
await measure("coverage of a year", async () => engine.coverage("primary", start, new Date(start.getTime() + 365 * 86_400_000)));
const lines = Buffer.from(`${JSON.stringify(failing())}\n`.repeat(INCIDENTS));
await measure("classifyBatch of bytes", () => policy.classifyBatch(lines));
const alerts = Array.from({ length: INCIDENTS }, (_, index) => failing(`a${index}`));
await measure("classifyBatch of objects", () => policy.classifyBatch(alerts));

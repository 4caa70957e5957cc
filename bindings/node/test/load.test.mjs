// Much at once: the event loop goes on, memory stays flat, threads agree.

import assert from "node:assert/strict";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { test } from "node:test";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";

import { Engine, Policy } from "kentongan";

import { failing, minutes, shopPolicy, start } from "./support/fixtures.mjs";

const INCIDENTS = 100_000;
const BLOCKED_MS_MAX = 20;

/** An engine with many open incidents, from a policy that groups by alert. */
async function full(policy) {
  const lines = [];
  for (let index = 0; index < INCIDENTS; index += 1) {
    lines.push(JSON.stringify({ at: start, input: { kind: "alert", ...failing(`a${index}`), service: `s${index}` } }));
  }
  return Engine.replay(policy, lines.join("\n"));
}

/** The longest time, in milliseconds, that a piece of work kept the event loop from its next turn. */
async function longestTurn(work) {
  let [longest, running, last] = [0, true, performance.now()];
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(look);
  };
  await turn();
  last = performance.now();
  setImmediate(look);
  await work();
  await turn();
  running = false;
  return longest;
}

test("no call keeps the event loop for more than 20 ms, with a hundred thousand incidents open", { timeout: 300_000 }, async (context) => {
  const policy = shopPolicy();
  const { engine, effects } = await full(policy);
  assert.equal(new Set(effects.map(({ incident }) => incident)).size, INCIDENTS);
  const blocked = {};
  // Wall time on a machine that others use, too: the best of some attempts says what the call itself takes.
  const measure = async (name, work) => {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const time = await longestTurn(() => work(attempt));
      blocked[name] = Math.min(blocked[name] ?? time, time);
      if (blocked[name] <= BLOCKED_MS_MAX) return;
    }
  };
  await measure("apply", async (attempt) => engine.apply(start, { kind: "alert", ...failing(`new${attempt}`) }));
  await measure("applyAsync", (attempt) => engine.applyAsync(start, { kind: "alert", ...failing(`other${attempt}`) }));
  await measure("advanceAsync", (attempt) => engine.advanceAsync(minutes(3 + attempt)));
  let snapshot;
  await measure("snapshot", async () => { snapshot = await engine.snapshot(); });
  await measure("restore", () => Engine.restore(policy, snapshot));
  await measure("pending", () => engine.pending());
  await measure("incidents", async () => {
    let seen = 0;
    for (const _ of engine.incidents()) {
      if ((seen += 1) % 100 === 0) await turn();
      if (seen === 5_000) break;
    }
  });
  const lines = Buffer.from(`${JSON.stringify(failing())}\n`.repeat(INCIDENTS));
  await measure("classifyBatch of bytes", () => policy.classifyBatch(lines));
  const alerts = Array.from({ length: INCIDENTS }, (_, index) => failing(`a${index}`));
  await measure("classifyBatch of objects", () => policy.classifyBatch(alerts));
  context.diagnostic(Object.entries(blocked).map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`).join(", "));
  assert.deepEqual(Object.entries(blocked).filter(([, ms]) => ms > BLOCKED_MS_MAX), []);
});

test("engines made, used and dropped leave no memory behind", { timeout: 300_000 }, async (context) => {
  const policy = shopPolicy();
  const input = { kind: "alert", ...failing() };
  const round = async (count) => {
    for (let index = 0; index < count; index += 1) {
      new Engine(policy).apply(start, input);
      if (index % 500 === 499) await turn();
    }
    await sleep(50);
    return process.memoryUsage().rss;
  };
  await round(10_000);
  const before = await round(10_000);
  const after = await round(80_000);
  const grown = (after - before) / 1e6;
  context.diagnostic(`${(before / 1e6).toFixed(0)} MB and ${grown.toFixed(1)} MB more after 80,000`);
  assert.ok(grown < 40, `${grown.toFixed(1)} MB`);
});

test("eight worker threads share one policy and give the right answers", async () => {
  const policy = Policy.kreki();
  const services = ["panic-button", "training-portal", "website", "none"];
  const alerts = Array.from({ length: 2_000 }, (_, index) => ({
    key: `${index}`,
    service: services[index % services.length],
    values: { error_rate: (index % 100) / 100, users_affected: index },
    labels: { impact: index % 3 === 0 ? "outage" : "degraded", env: "production" },
  }));
  const expected = alerts.map((alert) => policy.classify(alert).rule ?? null);
  const workers = Array.from({ length: 8 }, () => new Worker(new URL("./support/worker.mjs", import.meta.url), { workerData: { digest: policy.digest, alerts } }));
  for (const [answers] of await Promise.all(workers.map((worker) => once(worker, "message")))) {
    assert.deepEqual(answers, { rulings: expected, batch: expected });
  }
  assert.ok(new Set(expected).size > 1);
  assert.throws(() => Policy.shared("sha256:none"), { code: "unknown_policy" });
});

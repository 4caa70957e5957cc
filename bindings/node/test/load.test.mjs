// Much at once: memory stays flat, threads agree. How long the event loop stands still is measured by `npm run bench`.

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";

import { Engine, Policy } from "kentongan";

import { failing, shopPolicy, start } from "./support/fixtures.mjs";

test("engines made, used and dropped leave no memory behind", { timeout: 600_000 }, async (context) => {
  const policy = shopPolicy();
  const input = { kind: "alert", ...failing() };
  const round = async (count) => {
    for (let index = 0; index < count; index += 1) {
      new Engine(policy).applySync(start, input);
      if (index % 500 === 499) await turn();
    }
    await sleep(50);
    return process.memoryUsage().rss;
  };
  // For a million of them: KENTONGAN_ENGINES=1000000. V8's nursery grows with what is thrown away, up to a size of its own, and
  // what waits in it holds engines; so half as many go before.
  const count = Number(process.env.KENTONGAN_ENGINES ?? 80_000);
  const before = await round(count / 2);
  const after = await round(count);
  const grown = (after - before) / 1e6;
  context.diagnostic(`${(before / 1e6).toFixed(0)} MB and ${grown.toFixed(1)} MB more after ${count}`);
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

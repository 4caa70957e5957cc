// Much at once: memory stays flat, threads agree. How long the event loop stands still is measured by `npm run bench`.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";

import { Policy } from "kentongan";

test("engines made, used and dropped leave no memory behind", { timeout: 600_000 }, async (context) => {
  // For a million of them: KENTONGAN_ENGINES=1000000.
  const count = process.env.KENTONGAN_ENGINES ?? "100000";
  // V8's nursery doubles now and then while much is thrown away, up to a size of its own, and what waits in it holds engines. Kept at
  // its smallest, all that grows is left behind.
  const script = fileURLToPath(new URL("./support/engines.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--max-semi-space-size=1", script, count]);
  const held = JSON.parse(stdout);
  context.diagnostic(`MB after each tenth of ${count}: ${held.map((megabytes) => megabytes.toFixed(1)).join(", ")}`);
  // The first tenths fill caches, and the allocator gives back late: the lowest of three is what is held.
  const [first, last] = [held.slice(1, 4), held.slice(-3)].map((tenths) => Math.min(...tenths));
  assert.ok(last - first < 8, `${(last - first).toFixed(1)} MB more`);
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

// Every vector, as every language runs them: its expectations hold, and its effects are the manifest's, byte for byte.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { Engine, Policy, Scenario } from "kentongan";

import { top } from "./support/fixtures.mjs";

const folder = `${top}tests/vectors/`;
const manifest = JSON.parse(readFileSync(`${folder}manifest.json`, "utf8"));
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml")).map((name) => name.slice(0, -5)).sort();

test("the manifest lists every vector, and there are as many as it says", () => {
  assert.deepEqual(files, Object.keys(manifest.vectors).sort());
  assert.equal(files.length, manifest.count);
  assert.ok(manifest.count > 100);
});

for (const name of files) {
  test(name, () => {
    const run = Scenario.load(`${folder}${name}.yaml`).run();
    assert.deepEqual(run.failures, []);
    assert.ok(run.passed);
    const effects = run.entries.filter((entry) => entry.effect !== undefined).length;
    const sha256 = createHash("sha256").update(run.effectsJsonl).digest("hex");
    assert.deepEqual({ effects, sha256 }, manifest.vectors[name]);
  });
}

test("an engine in JavaScript's hands comes to the effects of a scenario", async () => {
  const run = Scenario.load(`${folder}alerts-a-redelivery-changes-nothing.yaml`, { policy: Policy.kreki() }).run();
  const engine = new Engine(Policy.kreki());
  const effects = run.entries.flatMap(({ input }) => (input === undefined ? [] : engine.apply(input.at, input.input).effects));
  assert.deepEqual(effects, run.entries.flatMap(({ effect }) => effect ?? []));
  assert.ok(effects.length > 0 && effects[0].at instanceof Date);
});

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
    const effects = run.effects.length;
    const sha256 = createHash("sha256").update(run.effectsJsonl).digest("hex");
    assert.deepEqual({ effects, sha256 }, manifest.vectors[name]);
  });
}

/** The texts of the policies that are written out in a scenario: what stands deeper than its `policy:`. */
function writtenOut(scenario) {
  const lines = scenario.split("\n");
  const depth = (line) => (line.trim() === "" ? Infinity : line.length - line.trimStart().length);
  return lines.flatMap((line, place) => {
    if (line.trim() !== "policy:") return [];
    const rest = lines.slice(place + 1);
    const end = rest.findIndex((inner) => depth(inner) <= depth(line));
    const body = end < 0 ? rest : rest.slice(0, end);
    const margin = Math.min(...body.map(depth));
    return [body.map((inner) => inner.slice(margin)).join("\n")];
  });
}

/** The policies that scenarios name as files. */
const beside = readdirSync(`${folder}../policies`)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => Policy.load(`${folder}../policies/${name}`));

const texts = new Map(files.map((name) => [name, readFileSync(`${folder}${name}.yaml`, "utf8")]));
const reloads = files.filter((name) => /^ +reload:$/m.test(texts.get(name)));
const byHand = ["alerts-a-redelivery-changes-nothing", ...reloads];
test("there are vectors with a reload", () => assert.ok(reloads.length >= 10));
for (const name of byHand) {
  test(`an engine in JavaScript's hands comes to the effects of ${name}`, async () => {
    const policies = [Policy.kreki(), ...beside, ...writtenOut(texts.get(name)).map((text) => Policy.fromYaml(text))];
    const find = (digest) => policies.find((policy) => policy.digest === digest);
    const run = Scenario.load(`${folder}${name}.yaml`).run();
    const engine = new Engine(find(run.policy.digest));
    const effects = [];
    const refusals = [];
    for (const { input, reload } of run.entries) {
      try {
        if (input !== undefined) effects.push(...(await engine.apply(input.at, input.input)).effects);
        if (reload !== undefined) {
          const { at, severities } = reload;
          effects.push(...(await engine.reload({ at, policy: find(reload.policy), severities })).effects);
          assert.equal(engine.policy.digest, reload.policy);
        }
      } catch (error) {
        refusals.push(error.code);
      }
    }
    assert.deepEqual(effects, run.effects);
    assert.deepEqual(refusals, run.entries.flatMap(({ refusal }) => refusal?.code ?? []));
    assert.ok(effects.length > 0 && effects[0].at instanceof Date);
    // The same at one go.
    const replay = await Engine.replay(find(run.policy.digest), run.inputs, { policies });
    assert.equal(replay.effectsJsonl, run.effectsJsonl);
    assert.deepEqual([replay.effects, replay.refused], [effects, refusals.length]);
  });
}

// W1 in Node. `cargo xtask bench` runs it in company; on its own it takes the folder of a run.

import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { jsonLogicEngine, jsonRulesEngine, loop, zenEngine } from "./engines.mjs";
import { kentongan, shaped } from "./kentongan.mjs";
import { race } from "./race.mjs";

const folder = process.argv[2];
if (folder === undefined) throw new Error("name the folder of the run");
const read = (file) => JSON.parse(readFileSync(join(folder, file), "utf8"));

const plan = read("plan.json");
const alerts = read("alerts.json");
const ours = shaped(alerts);
for (const rules of plan.rules.filter((rules) => rules <= plan.rules_elsewhere_max)) {
  for (const set of ["mixed", "labels"]) {
    const ruleset = read(`rules-${set}-${rules}.json`);
    const policy = readFileSync(join(folder, `policy-${set}-${rules}.json`), "utf8");
    const peers = [loop, jsonLogicEngine, zenEngine, jsonRulesEngine].map((engine) => engine(ruleset, alerts));
    const engines = [...kentongan(policy, ours), ...peers];
    for (const { engine, alerts, micros } of await race(plan, engines, read(`answers-${set}-${rules}.json`))) {
      const { kind, name, how, version, batch = false } = engine;
      const median = micros.toSorted((a, b) => a - b)[Math.floor(micros.length / 2)];
      console.log(`  ${name} (${how}), ${rules} rules, ${set}: ${median.toFixed(2)} µs an alert`);
      const figure = { language: "node", kind, name, how, version, batch, set, rules, alerts, micros };
      appendFileSync(join(folder, "figures.jsonl"), `${JSON.stringify(figure)}\n`);
    }
  }
}

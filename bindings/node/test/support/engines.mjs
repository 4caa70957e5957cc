// A process of its own that makes, uses and drops engines, and writes how much memory it holds after each tenth of them.

import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";

import { Engine } from "kentongan";

import { failing, shopPolicy, start } from "./fixtures.mjs";

const count = Number(process.argv[2]);
const policy = shopPolicy();
const input = { kind: "alert", ...failing() };
const tenth = async () => {
  for (let index = 1; index <= count / 10; index += 1) {
    new Engine(policy).applySync(start, input);
    if (index % 500 === 0) await turn();
  }
  await sleep(50);
  return process.memoryUsage.rss() / 1e6;
};
const held = [];
while (held.length < 10) held.push(await tenth());
console.log(JSON.stringify(held));

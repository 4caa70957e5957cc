// kentongan itself, from the checkout: one alert a call, and many at once.

import { Policy, version } from "../../../bindings/node/index.mjs";

const LABELS = ["service", "env", "region", "team", "alertname", "tier", "cluster", "shard", "job", "instance"];

/** The alerts as kentongan has them. */
export function shaped(alerts) {
  return alerts.map((alert, key) => {
    const shaped = { key: String(key), labels: {}, values: {} };
    for (const [field, value] of Object.entries(alert)) shaped[LABELS.includes(field) ? "labels" : "values"][field] = value;
    return shaped;
  });
}

/** One call an alert, and one call for all: as bytes that a host received, and as objects. */
export function kentongan(policyText, alerts) {
  const policy = Policy.fromYaml(policyText);
  const lines = alerts.map((alert) => `${JSON.stringify(alert)}\n`);
  const cuts = new Map();
  const bytes = (from, upto) => {
    const cut = `${from} ${upto}`;
    if (!cuts.has(cut)) cuts.set(cut, Buffer.from(lines.slice(from, upto).join("")));
    return cuts.get(cut);
  };
  // A rule's id is its index.
  const index = (rule) => (rule === undefined ? null : Number(rule));
  const indices = (rulings) => Array.from(rulings.rules, (rule) => (rule === 0 ? null : rule - 1));
  const ours = { kind: "ours", name: "kentongan", version: version() };
  return [
    { ...ours, how: "an object a call", decide: (from, upto) => alerts.slice(from, upto).map((alert) => index(policy.decide(alert).rule)) },
    { ...ours, how: "JSON lines in one call", batch: true, decide: async (from, upto) => indices(await policy.classifyBatch(bytes(from, upto))) },
    { ...ours, how: "objects in one call", batch: true, decide: async (from, upto) => indices(await policy.classifyBatch(alerts.slice(from, upto))) },
  ];
}

// kentongan itself, from the checkout: one alert a call, and many at once.

import { tableFromArrays, tableToIPC } from "apache-arrow";

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

/** Alerts as a host has them that keeps columns: Arrow IPC, a column for each fact. */
function columns(alerts) {
  const column = (part, field) => [`${part}.${field}`, alerts.map((alert) => alert[part][field])];
  const [{ labels, values }] = alerts;
  const all = [...Object.keys(labels).map((field) => column("labels", field)), ...Object.keys(values).map((field) => column("values", field))];
  return Buffer.from(tableToIPC(tableFromArrays(Object.fromEntries(all)), "stream"));
}

/** One call an alert, and one call for all: as bytes that a host received, as columns, and as objects. */
export function kentongan(policyText, alerts) {
  const policy = Policy.fromYaml(policyText);
  const lines = alerts.map((alert) => `${JSON.stringify(alert)}\n`);
  // What waits for the clock: made once for each cut of the alerts.
  const prepared = (make) => {
    const cuts = new Map();
    return (from, upto) => {
      const cut = `${from} ${upto}`;
      if (!cuts.has(cut)) cuts.set(cut, make(from, upto));
      return cuts.get(cut);
    };
  };
  const bytes = prepared((from, upto) => Buffer.from(lines.slice(from, upto).join("")));
  const arrow = prepared((from, upto) => columns(alerts.slice(from, upto)));
  // A rule's id is its index.
  const index = (rule) => (rule === undefined ? null : Number(rule));
  const indices = ({ rules }) => {
    const answers = new Array(rules.length);
    for (let at = 0; at < rules.length; at += 1) answers[at] = rules[at] === 0 ? null : rules[at] - 1;
    return answers;
  };
  const ours = { kind: "ours", name: "kentongan", version: version() };
  return [
    { ...ours, how: "an object a call", decide: (from, upto) => alerts.slice(from, upto).map((alert) => index(policy.decide(alert).rule)) },
    { ...ours, how: "JSON lines in one call", batch: true, decide: async (from, upto) => indices(await policy.classifyBatch(bytes(from, upto))) },
    { ...ours, how: "Arrow columns in one call", batch: true, decide: async (from, upto) => indices(await policy.classifyBatch(arrow(from, upto))) },
    { ...ours, how: "objects in one call", batch: true, decide: async (from, upto) => indices(await policy.classifyBatch(alerts.slice(from, upto))) },
  ];
}

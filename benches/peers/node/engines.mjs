// What users of Node would pick instead, each with the rules of one case loaded.

import { readFileSync } from "node:fs";

import { ZenDecisionContent, ZenEngine } from "@gorules/zen-engine";
import { LogicEngine } from "json-logic-engine";
import { Engine } from "json-rules-engine";

const LABELS = ["service", "env", "region", "team", "alertname", "tier", "cluster", "shard", "job", "instance"];
const NUMBERS = ["error_rate", "latency_ratio", "users_affected"];

const version = (name) =>
  JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;

/** Rules as data, in a loop: no engine at all. */
export function loop(rules, alerts) {
  const holds = ({ field, op, value }, alert) => {
    switch (op) {
      case "==": return alert[field] === value;
      case "in": return value.includes(alert[field]);
      case "prefix": return alert[field].startsWith(value);
      case ">=": return alert[field] >= value;
      case "<": return alert[field] < value;
      default: throw new Error(`no such operator: ${op}`);
    }
  };
  const matches = (rule, alert) => {
    for (const predicate of rule.predicates) if (!holds(predicate, alert)) return false;
    return true;
  };
  return {
    kind: "by_hand", name: "loop", how: "over rules as data", version: "",
    decide: (from, upto) => alerts.slice(from, upto).map((alert) => index(rules, (rule) => matches(rule, alert))),
  };
}

/** A function a rule, compiled from JsonLogic. */
export function jsonLogicEngine(rules, alerts) {
  const engine = new LogicEngine();
  const logic = ({ field, op, value }) => {
    const fact = { var: field };
    switch (op) {
      case "==": return { "===": [fact, value] };
      case "prefix": return { "===": [{ substr: [fact, 0, value.length] }, value] };
      default: return { [op]: [fact, value] };
    }
  };
  const compiled = rules.map((rule) => engine.build({ and: rule.predicates.map(logic) }));
  return {
    kind: "engine", name: "json-logic-engine", how: "a compiled function a rule", version: version("json-logic-engine"),
    decide: (from, upto) => alerts.slice(from, upto).map((alert) => index(compiled, (rule) => rule(alert))),
  };
}

/** Rules with falling priorities; the first that succeeds stops the engine. */
export function jsonRulesEngine(rules, alerts) {
  const operators = { "==": "equal", in: "in", prefix: "startsWith", ">=": "greaterThanInclusive", "<": "lessThan" };
  const engine = new Engine();
  engine.addOperator("startsWith", (fact, prefix) => fact.startsWith(prefix));
  rules.forEach((rule, number) => {
    engine.addRule({
      conditions: { all: rule.predicates.map(({ field, op, value }) => ({ fact: field, operator: operators[op], value })) },
      event: { type: "match", params: { number } },
      priority: rules.length - number,
      onSuccess: () => engine.stop(),
    });
  });
  return {
    kind: "engine", name: "json-rules-engine", how: "stopped at the first", version: version("json-rules-engine"),
    async decide(from, upto) {
      const answers = [];
      for (const alert of alerts.slice(from, upto)) {
        const { events } = await engine.run(alert);
        answers.push(events[0]?.params.number ?? null);
      }
      return answers;
    },
  };
}

/** One decision table, compiled. */
export function zenEngine(rules, alerts) {
  const cell = ({ op, value }) => {
    switch (op) {
      case "==": return JSON.stringify(value);
      case "in": return value.map((one) => JSON.stringify(one)).join(", ");
      case "prefix": return `startsWith($, ${JSON.stringify(value)})`;
      default: return `${op} ${value}`;
    }
  };
  const column = (name) => ({ id: name, name, field: name });
  // A column that a row does not ask for has to be there, and empty.
  const blank = Object.fromEntries([...LABELS, ...NUMBERS].map((name) => [name, ""]));
  const row = (rule, number) => ({
    _id: String(number),
    rule: String(number),
    ...blank,
    ...Object.fromEntries(rule.predicates.map((predicate) => [predicate.field, cell(predicate)])),
  });
  const inputs = [...LABELS, ...NUMBERS].map(column);
  const table = { hitPolicy: "first", inputs, outputs: [column("rule")], rules: rules.map(row) };
  const node = (id, type, content) => ({ id, name: id, type, content });
  const content = new ZenDecisionContent({
    nodes: [node("input", "inputNode", {}), node("table", "decisionTableNode", table), node("output", "outputNode", {})],
    edges: [
      { id: "1", sourceId: "input", targetId: "table" },
      { id: "2", sourceId: "table", targetId: "output" },
    ],
  });
  const engine = new ZenEngine({ loader: async () => content });
  return {
    kind: "engine", name: "zen-engine", how: "a decision table, compiled", version: version("@gorules/zen-engine"),
    async decide(from, upto) {
      const answers = [];
      for (const alert of alerts.slice(from, upto)) {
        const { result } = await engine.evaluate("table", alert);
        answers.push(result?.rule ?? null);
      }
      return answers;
    },
  };
}

/** The index of the first rule that matches, or null. */
function index(rules, matches) {
  const found = rules.findIndex(matches);
  return found === -1 ? null : found;
}

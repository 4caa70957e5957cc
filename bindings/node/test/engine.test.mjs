// The engine: pages, refusals, snapshots, replays.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { Engine, KentonganError, Policy, schema } from "kentongan";

import { failing, minutes, shop, shopPolicy, start } from "./support/fixtures.mjs";

const alert = { kind: "alert", ...failing() };

test("an alert pages, an acknowledgement stops the climb, and instants are dates", () => {
  const engine = new Engine(shopPolicy());
  const step = engine.apply(start, alert);
  assert.deepEqual(step.effects.map(({ kind, to, purpose }) => [kind, to, purpose]), [["notify", "ana", "page"]]);
  assert.deepEqual(step.wakeup, new Date("2026-11-23T19:02:30Z"));
  const [incident] = engine.incidents();
  assert.equal(incident.openedAt.getTime(), start.getTime());
  assert.equal(incident.clocks.acknowledge.deadline.getTime(), minutes(5).getTime());
  engine.apply("2026-11-23T19:01:00Z", { kind: "acknowledge", incident: incident.id, by: "ana" });
  assert.equal(engine.incident(incident.id).acknowledged.by, "ana");
  assert.ok(engine.advance(minutes(20)).effects.every(({ kind }) => kind !== "notify"));
  assert.deepEqual(engine.audit(), []);
});

test("incidents say what they are to each other, and what they turned out to be", () => {
  const engine = new Engine(Policy.fromYaml(`${shop}\nsources: { exercise: {} }\n`));
  for (const key of ["a1", "a2", "a3"]) engine.apply(start, { ...alert, ...failing(key), service: `checkout-${key}` });
  const ids = new Map([...engine.incidents()].map(({ id, alerts }) => [Object.keys(alerts)[0], id]));
  const [one, two, three] = ["a1", "a2", "a3"].map((key) => ids.get(key));
  engine.apply(minutes(1), { kind: "link", incident: two, parent: one, by: "ana" });
  assert.deepEqual([engine.incident(one).children, engine.incident(two).parent], [[two], one]);
  engine.apply(minutes(2), { kind: "unlink", incident: two, by: "ana" });
  assert.deepEqual([engine.incident(one).children, engine.incident(two).parent], [[], undefined]);
  engine.apply(minutes(3), { kind: "merge", incident: two, into: one, by: "ana" });
  assert.equal(engine.incident(two).mergedInto, one);
  engine.apply(minutes(4), { kind: "split", incident: one, alerts: ["a2"], title: "Apart", by: "ana" });
  const apart = [...engine.incidents()].find(({ title }) => title === "Apart");
  assert.deepEqual([apart.splitFrom, Object.keys(apart.alerts)], [one, ["a2"]]);
  engine.apply(minutes(5), { kind: "false_alarm", incident: three, by: "ana", reason: "a test ran" });
  assert.deepEqual([engine.incident(three).falseAlarm, engine.incident(one).falseAlarm], [true, false]);
  engine.apply(minutes(6), { kind: "detect", id: "d1", source: "exercise", title: "Practice", by: "ana", drill: true });
  assert.deepEqual([...engine.incidents()].filter(({ drill }) => drill).map(({ title }) => title), ["Practice"]);
  assert.deepEqual(engine.audit(), []);
});

test("what is refused is thrown, says what to do, and has changed nothing", async () => {
  const engine = new Engine(shopPolicy());
  engine.apply(start, alert);
  const before = await engine.snapshot();
  const refused = [
    [{ kind: "acknowledge", incident: "none-such", by: "ana" }, "unknown_incident"],
    [{ kind: "acknowledge", incident: [...engine.incidents()][0].id, by: "" }, "missing_actor"],
    [{ kind: "acknowledge", incident: "x" }, "invalid_value"],
    [{ kind: "smoke" }, "invalid_value"],
  ];
  for (const [input, code] of refused) {
    for (const call of [() => engine.apply(minutes(3), input), () => engine.check(minutes(3), input)]) {
      assert.throws(call, (error) => error instanceof KentonganError && error.code === code && error.help.length > 0);
    }
    await assert.rejects(engine.applyAsync(minutes(3), input), { code });
  }
  assert.throws(() => engine.apply("soon", { kind: "tick" }), { code: "invalid_instant" });
  assert.throws(() => engine.apply(Number.NaN, { kind: "tick" }), { code: "invalid_instant" });
  assert.deepEqual(await engine.snapshot(), before);
});

test("snapshots and replays are exact, to the byte", async () => {
  const policy = shopPolicy();
  const engine = new Engine(policy);
  const inputs = [[start, alert], [minutes(4), { kind: "tick" }], [minutes(11), { kind: "tick" }]];
  const effects = inputs.flatMap(([at, input]) => engine.apply(at, input).effects);
  const snapshot = await engine.snapshot();
  const restored = await Engine.restore(policy, snapshot);
  assert.deepEqual(await restored.snapshot(), snapshot);
  assert.deepEqual(restored.advance(minutes(40)), engine.advance(minutes(40)));
  const lines = inputs.map(([at, input]) => JSON.stringify({ at, input })).join("\n");
  const again = await Engine.replay(policy, lines);
  assert.deepEqual(again.effects, effects);
  assert.deepEqual(await again.engine.snapshot(), snapshot);
  assert.deepEqual(await again.engine.pending(), effects.filter(({ kind }) => kind === "notify"));
  await assert.rejects(Engine.restore(policy, "{}"), { code: "unreadable_snapshot" });
  await assert.rejects(Engine.replay(policy, `${lines}\nnonsense`), (error) => error.where.line === 4);
});

test("while a call is under way on another thread, others are refused and have changed nothing", async () => {
  const engine = new Engine(shopPolicy());
  for (let index = 0; index < 500; index += 1) engine.apply(start, { kind: "alert", ...failing(`a${index}`), labels: { group: `${index}` } });
  const snapshot = engine.snapshot();
  let busy = 0;
  for (let index = 0; index < 100_000 && busy === 0; index += 1) {
    try {
      engine.check(start, { kind: "tick" });
    } catch (error) {
      assert.equal(error.code, "busy");
      busy += 1;
    }
  }
  assert.equal(busy, 1);
  await snapshot;
  engine.check(start, { kind: "tick" });
});

test("there is a schema of everything, and only of that", () => {
  for (const name of ["policy", "scenario", "effect", "input", "decision"]) assert.equal(typeof schema(name).title, "string");
  assert.throws(() => schema("smoke"), { code: "unknown_schema" });
});

test("incidents come in pages that begin anywhere, each of them once and in order", () => {
  const engine = new Engine(shopPolicy());
  for (let index = 0; index < 250; index += 1) engine.apply(start, { kind: "alert", ...failing(`a${index}`), service: `s${index}` });
  const ids = [...engine.incidents()].map(({ id }) => id);
  assert.equal(ids.length, 250);
  assert.deepEqual(ids, [...ids].sort());
  for (const place of [0, 99, 100, 249]) {
    assert.deepEqual([...engine.incidents(ids[place])].map(({ id }) => id), ids.slice(place + 1));
  }
  assert.deepEqual([...engine.incidents(`${ids[9]}x`)].map(({ id }) => id), ids.slice(10), "of an id that is none");
});

test("a reload moves what is open, or nothing where it is refused", async () => {
  const [stricter, renamed] = [shop.replace("acknowledge: 5m", "acknowledge: 2m"), shop.replaceAll("high", "urgent")].map((text) => Policy.fromYaml(text));
  const policy = shopPolicy();
  const engine = new Engine(policy);
  engine.apply(start, alert);
  const step = await engine.reload({ at: minutes(1), policy: stricter });
  assert.deepEqual(step.wakeup, new Date("2026-11-23T19:01:30Z"));
  assert.equal(engine.policy, stricter);
  const before = await engine.snapshot();
  for (const refused of [engine.reload({ at: minutes(1), policy: renamed }), engine.checkReload({ at: minutes(1), policy: renamed })]) {
    await assert.rejects(refused, { code: "severity_gone" });
  }
  assert.deepEqual([await engine.snapshot(), engine.policy], [before, stricter]);
  await engine.reload({ at: minutes(1), policy: renamed, severities: { high: "urgent" } });
  assert.equal([...engine.incidents()][0].severity, "urgent");

  const lines = [
    { at: start, input: alert },
    { at: minutes(1), reload: { from: policy.digest, to: stricter.digest } },
    { at: minutes(1), reload: { from: stricter.digest, to: renamed.digest, severities: { high: "urgent" } } },
  ].map((line) => JSON.stringify(line)).join("\n");
  const again = await Engine.replay(policy, lines, { policies: [renamed, stricter] });
  assert.deepEqual([await again.engine.snapshot(), again.engine.policy], [await engine.snapshot(), renamed]);
  await assert.rejects(Engine.replay(policy, lines, { policies: [renamed] }), { code: "missing_policy" });
});

test("a defect stops its call, neither the process nor another engine, and the engine says so from then on", async () => {
  const seen = [];
  const { NativeEngine } = createRequire(import.meta.url)("../native.js");
  const [broken, other] = [shopPolicy(), shopPolicy()].map((policy) => {
    const inner = new NativeEngine(policy.native);
    return [inner, new Engine(policy, inner)];
  });
  assert.throws(() => broken[0].breakDown(), (error) => JSON.parse(error.message).code === "internal");
  for (const call of [() => broken[1].apply(start, alert), () => broken[1].wakeup, () => [...broken[1].incidents()]]) {
    assert.throws(call, (error) => seen.push(error.help) && error.code === "poisoned");
  }
  await assert.rejects(broken[1].snapshot(), { code: "poisoned" });
  assert.ok(seen.every((help) => help.includes("replay")));
  assert.equal(other[1].apply(start, alert).effects.length, 1);
});

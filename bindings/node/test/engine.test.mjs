// The engine: pages, refusals, snapshots, replays.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { Engine, History, KentonganError, Policy, schema } from "kentongan";

import { all, failing, minutes, shop, shopPolicy, start } from "./support/fixtures.mjs";

const alert = { kind: "alert", ...failing() };

test("an alert pages, an acknowledgement stops the climb, and instants are dates", async () => {
  const engine = new Engine(shopPolicy());
  const step = engine.applySync(start, alert);
  assert.deepEqual(step.effects.map(({ kind, to, purpose }) => [kind, to, purpose]), [["notify", "ana", "page"]]);
  assert.deepEqual(step.wakeup, new Date("2026-11-23T19:02:30Z"));
  const [incident] = engine.incidents();
  assert.equal(incident.openedAt.getTime(), start.getTime());
  assert.equal(incident.clocks.acknowledge.deadline.getTime(), minutes(5).getTime());
  engine.applySync("2026-11-23T19:01:00Z", { kind: "acknowledge", incident: incident.id, by: "ana" });
  assert.equal(engine.incident(incident.id).acknowledged.by, "ana");
  assert.ok(engine.advanceSync(minutes(20)).effects.every(({ kind }) => kind !== "notify"));
  assert.deepEqual(await engine.audit(), []);
});

test("incidents say what they are to each other, and what they turned out to be", async () => {
  const engine = new Engine(Policy.fromYaml(`${shop}\nsources: { exercise: {} }\n`));
  for (const key of ["a1", "a2", "a3"]) engine.applySync(start, { ...alert, ...failing(key), service: `checkout-${key}` });
  const ids = new Map([...engine.incidents()].map(({ id, alerts }) => [Object.keys(alerts)[0], id]));
  const [one, two, three] = ["a1", "a2", "a3"].map((key) => ids.get(key));
  engine.applySync(minutes(1), { kind: "link", incident: two, parent: one, by: "ana" });
  assert.deepEqual([engine.incident(one).children, engine.incident(two).parent], [[two], one]);
  engine.applySync(minutes(2), { kind: "unlink", incident: two, by: "ana" });
  assert.deepEqual([engine.incident(one).children, engine.incident(two).parent], [[], undefined]);
  engine.applySync(minutes(3), { kind: "merge", incident: two, into: one, by: "ana" });
  assert.equal(engine.incident(two).mergedInto, one);
  engine.applySync(minutes(4), { kind: "split", incident: one, alerts: ["a2"], title: "Apart", by: "ana" });
  const apart = [...engine.incidents()].find(({ title }) => title === "Apart");
  assert.deepEqual([apart.splitFrom, Object.keys(apart.alerts)], [one, ["a2"]]);
  engine.applySync(minutes(5), { kind: "false_alarm", incident: three, by: "ana", reason: "a test ran" });
  assert.deepEqual([engine.incident(three).falseAlarm, engine.incident(one).falseAlarm], [true, false]);
  engine.applySync(minutes(6), { kind: "detect", id: "d1", source: "exercise", title: "Practice", by: "ana", drill: true });
  assert.deepEqual([...engine.incidents()].filter(({ drill }) => drill).map(({ title }) => title), ["Practice"]);
  assert.deepEqual(await engine.audit(), []);
});

test("what is refused is thrown, says what to do, and has changed nothing", async () => {
  const engine = new Engine(shopPolicy());
  engine.applySync(start, alert);
  const before = await engine.snapshot();
  const refused = [
    [{ kind: "acknowledge", incident: "none-such", by: "ana" }, "unknown_incident"],
    [{ kind: "acknowledge", incident: [...engine.incidents()][0].id, by: "" }, "missing_actor"],
    [{ kind: "acknowledge", incident: "x" }, "invalid_value"],
    [{ kind: "smoke" }, "invalid_value"],
  ];
  for (const [input, code] of refused) {
    for (const call of [() => engine.applySync(minutes(3), input), () => engine.check(minutes(3), input)]) {
      assert.throws(call, (error) => error instanceof KentonganError && error.code === code && error.help.length > 0);
    }
    await assert.rejects(engine.apply(minutes(3), input), { code });
  }
  assert.throws(() => engine.applySync("soon", { kind: "tick" }), { code: "invalid_instant" });
  assert.throws(() => engine.applySync(Number.NaN, { kind: "tick" }), { code: "invalid_instant" });
  assert.deepEqual(await engine.snapshot(), before);
});

test("an instant that is none is refused with the way to it, and does not count as unsaid", async () => {
  const engine = new Engine(shopPolicy());
  const away = { kind: "absence", id: "x", person: "ana", from: start, until: minutes(60), to: minutes(60), by: "budi" };
  const wrong = [
    [{ ...alert, startsAt: new Date("soon") }, "startsAt"],
    [{ ...alert, startsAt: Number.NaN }, "startsAt"],
    [{ ...away, from: new Date(Number.NaN) }, "from"],
    [{ ...away, from: Number.POSITIVE_INFINITY }, "from"],
    [{ kind: "mute", until: new Date("tomorrow") }, "until"],
    [{ kind: "mute", until: -Infinity }, "until"],
    [{ kind: "anything", parts: 1, list: [{}, { within: new Date(8.64e15 + 1) }] }, "list[1].within"],
  ];
  for (const [input, path] of wrong) {
    const refused = (error) => error instanceof KentonganError && error.code === "invalid_instant" && error.where.path === path && error.help.length > 0;
    assert.throws(() => engine.applySync(start, input), refused, path);
    assert.throws(() => engine.check(start, input), refused, path);
    await assert.rejects(engine.apply(start, input), refused, path);
  }
  for (const startsAt of [new Date("soon"), Number.NaN]) assert.throws(() => shopPolicy().classify({ key: "a", startsAt }), { code: "invalid_instant" });
  assert.equal(engine.now, undefined);
});

test("an input that JSON cannot hold is refused by name", async () => {
  const engine = new Engine(shopPolicy());
  const round = { kind: "alert", key: "a1" };
  round.labels = { round };
  const deep = { kind: "alert" };
  deep.deep = deep;
  for (const input of [undefined, null, () => "alert", "alert", { kind: "alert", key: "a1", values: { rate: 1n } }, round, deep]) {
    const refused = (error) => error instanceof KentonganError && error.code === "invalid_value" && error.help.length > 0;
    assert.throws(() => engine.applySync(start, input), refused);
    assert.throws(() => engine.check(start, input), refused);
    await assert.rejects(engine.apply(start, input), refused);
  }
});

test("a journal is lived through as JavaScript has it, too", async () => {
  const policy = shopPolicy();
  const next = Policy.fromYaml(shop.replace("after: 10m", "after: 20m"));
  const takesOver = { kind: "override", id: "o1", on: "primary", person: "budi", from: start, to: minutes(60).getTime(), by: "ana" };
  const entries = [
    { at: start, input: takesOver },
    { at: minutes(1).getTime(), input: { ...alert, startsAt: start } },
    { at: minutes(2).toISOString(), reload: { from: policy.digest, to: next.digest } },
    ...Array.from({ length: 500 }, (_, index) => ({ at: minutes(3), input: { ...alert, key: `a${index}`, service: "blog" }, seq: index })),
    { at: minutes(30), input: { kind: "tick" } },
  ];
  const twin = new Engine(policy);
  const effects = [];
  for (const { at, input, reload } of entries) {
    effects.push(...(reload ? await twin.reload({ at, policy: next }) : twin.applySync(at, input)).effects);
  }
  async function* slowly() { yield* entries; }
  let turns = 0;
  let running = true;
  const look = () => { turns += 1; if (running) setImmediate(look); };
  for (const journal of [entries, new Set(entries), slowly()]) {
    turns = 0;
    running = true;
    setImmediate(look);
    const parts = Engine.replay(policy, journal, { policies: [next] });
    const { engine, effects: again, refused } = await parts;
    running = false;
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(turns > 2, "the event loop goes on");
    assert.deepEqual([again, refused, engine.policy], [effects, 0, next]);
    assert.deepEqual(await engine.snapshot(), await twin.snapshot());
    const history = await History.of(policy, entries, { policies: [next] });
    assert.equal((await history.incidents()).length, [...twin.incidents()].length);
  }
  const placed = (code, line, path) => (error) => error.code === code && error.where.line === line && error.where.path === path && error.help.length > 0;
  for (const read of [(journal) => Engine.replay(policy, journal), (journal) => History.of(policy, journal)]) {
    await assert.rejects(read([entries[0], { at: start }]), placed("invalid_value", 2));
    await assert.rejects(read([entries[0], undefined]), placed("invalid_value", 2, "at"));
    await assert.rejects(read([{ at: start, input: { kind: "alert", key: 1n } }]), placed("invalid_value", 1));
    await assert.rejects(read([entries[0], { at: start, input: { ...takesOver, to: Number.NaN } }]), placed("invalid_instant", 2, "input.to"));
    await assert.rejects(read('{"at":"2026-11-23T19:00:00Z","input":{"kind":"alert","startsAt":1}}'), ({ help }) => /engine's own JSON/.test(help) && /`\{ at, input \}`/.test(help));
    for (const nothing of [null, undefined, 7, {}]) await assert.rejects(read(nothing), { code: "invalid_value" });
  }
});

test("snapshots and replays are exact, to the byte", async () => {
  const policy = shopPolicy();
  const engine = new Engine(policy);
  const inputs = [[start, alert], [minutes(4), { kind: "tick" }], [minutes(11), { kind: "tick" }]];
  const effects = inputs.flatMap(([at, input]) => engine.applySync(at, input).effects);
  const snapshot = await engine.snapshot();
  const restored = await Engine.restore(policy, snapshot);
  assert.deepEqual(await restored.snapshot(), snapshot);
  assert.deepEqual(restored.advanceSync(minutes(40)), engine.advanceSync(minutes(40)));
  const lines = inputs.map(([at, input]) => JSON.stringify({ at, input })).join("\n");
  const again = await Engine.replay(policy, lines);
  assert.deepEqual([again.effects, again.refused], [effects, 0]);
  assert.equal(again.effectsJsonl.split("\n").length, effects.length + 1);
  assert.equal((await Engine.replay(policy, "")).effectsJsonl, "");
  const refused = JSON.stringify({ at: minutes(20), input: { kind: "acknowledge", incident: "none", by: "ana" } });
  assert.equal((await Engine.replay(policy, `${lines}\n${refused}\n${refused}`)).refused, 2);
  assert.deepEqual(await again.engine.snapshot(), snapshot);
  assert.deepEqual(await all(again.engine.pending()), effects.filter(({ kind }) => kind === "notify"));
  await assert.rejects(Engine.restore(policy, "{}"), { code: "unreadable_snapshot" });
  await assert.rejects(Engine.replay(policy, `${lines}\nnonsense`), (error) => error.where.line === 4);
});

test("calls on other threads are made one after the other, and none that answers at once overtakes them", async () => {
  const policy = shopPolicy();
  const engine = new Engine(policy);
  const inputs = Array.from({ length: 300 }, (_, index) => [minutes(index), { ...alert, key: `a${index}`, service: `s${index}` }]);
  const steps = Promise.all(inputs.map(([at, input]) => engine.apply(at, input)));
  const snapshot = engine.snapshot();
  const onesAtOnce = [
    () => engine.check(start, { kind: "tick" }),
    () => engine.advanceSync(start),
    () => engine.wakeup,
    () => engine.now,
    () => engine.incident("x"),
    () => [...engine.incidents()],
    () => engine.who("primary", start),
    () => engine.duty("primary", start),
    () => engine.handoffs(),
  ];
  for (const call of onesAtOnce) assert.throws(call, { code: "busy" });
  const twin = new Engine(policy);
  assert.deepEqual(await steps, inputs.map(([at, input]) => twin.applySync(at, input)));
  assert.deepEqual(await snapshot, await twin.snapshot());
  for (const call of onesAtOnce) call();
});

test("a refusal does not keep the calls behind it from their turn", async () => {
  const engine = new Engine(shopPolicy());
  const refused = engine.apply(start, { kind: "acknowledge", incident: "none", by: "ana" });
  const step = engine.apply(start, alert);
  await assert.rejects(refused, { code: "unknown_incident" });
  assert.equal((await step).effects.length, 1);
  assert.ok(engine.wakeup instanceof Date);
});

test("text becomes bytes in parts without breaking a character", async () => {
  const policy = shopPolicy();
  const odd = `${"x".repeat(2 ** 20 - 80)}${"\u{1f600}".repeat(200)}`;
  const journal = JSON.stringify({ at: start, input: { ...alert, description: odd } });
  const [text, bytes] = [await Engine.replay(policy, journal), await Engine.replay(policy, Buffer.from(journal))];
  const snapshot = await bytes.engine.snapshot();
  assert.deepEqual(await text.engine.snapshot(), snapshot);
  const restored = await Engine.restore(policy, snapshot.toString("utf8"));
  assert.deepEqual(await restored.snapshot(), snapshot);
});

test("what awaits its report comes one by one, and as it was when the first was asked for", async () => {
  const engine = new Engine(shopPolicy());
  for (let index = 0; index < 250; index += 1) engine.applySync(start, { ...alert, ...failing(`a${index}`), service: `s${index}` });
  engine.advanceSync(minutes(11));
  const pending = engine.pending();
  const { value: first } = await pending.next();
  engine.applySync(minutes(12), { kind: "report", effect: first.id, outcome: "delivered" });
  const rest = await all(pending);
  const ids = [first, ...rest].map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length >= 250);
  assert.deepEqual([first, ...rest].map(({ at }) => at), [first, ...rest].map(({ at }) => at).sort((a, b) => a - b));
  assert.deepEqual((await all(engine.pending())).map(({ id }) => id), ids.slice(1));
});

test("there is a schema of everything, and only of that", () => {
  for (const name of ["policy", "scenario", "effect", "input", "decision"]) assert.equal(typeof schema(name).title, "string");
  assert.throws(() => schema("smoke"), { code: "unknown_schema" });
});

test("incidents come in pages that begin anywhere, each of them once and in order", () => {
  const engine = new Engine(shopPolicy());
  for (let index = 0; index < 250; index += 1) engine.applySync(start, { kind: "alert", ...failing(`a${index}`), service: `s${index}` });
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
  engine.applySync(start, alert);
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
  const { NativeEngine } = createRequire(import.meta.url)("../native.js");
  const policy = shopPolicy();
  for (const breakDown of [async (native) => native.breakDownSync(), (native) => native.breakDown()]) {
    const [native, seen] = [new NativeEngine(policy.native), []];
    const [broken, other] = [new Engine(policy, native), new Engine(policy)];
    await assert.rejects(breakDown(native), (error) => {
      const { code, help } = JSON.parse(error.message);
      return code === "internal" && help.includes("report it");
    });
    for (const call of [() => broken.applySync(start, alert), () => broken.wakeup, () => [...broken.incidents()]]) {
      assert.throws(call, (error) => seen.push(error.help) && error.code === "poisoned" && error.message.includes("failed half way"));
    }
    for (const call of [broken.snapshot(), broken.apply(start, alert), broken.reload({ at: start, policy }), all(broken.pending())]) {
      await assert.rejects(call, { code: "poisoned" });
    }
    assert.ok(seen.every((help) => help.includes("replay")));
    assert.equal(other.applySync(start, alert).effects.length, 1);
  }
});

test("an engine says when somebody else is on call, as its policy does", () => {
  const turns = "{ turns: { timezone: Asia/Jakarta, layers: [ { rotation: { every: 1h, start: 2026-11-24, people: [ana, budi] } } ] } }";
  const policy = Policy.fromYaml(shop.replace("on_call: { primary: [ana],", `schedules: ${turns}\non_call: { primary: { schedule: turns },`));
  const engine = new Engine(policy);
  assert.deepEqual(engine.nextChange("primary", start), policy.nextChange("primary", start));
  assert.deepEqual(engine.nextChange("primary", start), minutes(60));
  assert.equal(engine.nextChange("secondary", start), undefined);
});

// The host: it owns the clock, keeps what happens before it acts on it, and reports.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { ManualClock, Policy, createHost, memoryStore } from "kentongan";

import { all, busyPolicy, failing, minutes, setUp, shop, shopPolicy, start, told, until, webhook } from "./support/fixtures.mjs";

test("a page goes out, climbs on the host's own timer, and stops at an acknowledgement", async () => {
  const { clock, done, host } = await setUp();
  await host.alert(failing());
  await host.idle();
  assert.deepEqual(told(done), ["pager ana"]);
  clock.set(minutes(11));
  await host.idle();
  assert.ok(told(done).includes("pager budi"));
  assert.ok(done.some(({ kind, clock: which }) => kind === "breach" && which === "acknowledge"));
  for await (const { id } of host.incidents()) await host.apply({ kind: "acknowledge", incident: id, by: "budi" });
  const before = told(done).length;
  clock.set(minutes(60));
  await host.idle();
  assert.equal(told(done).length, before);
  await host.close();
});

test("a host can be asked what its engine can be asked", async () => {
  const { host } = await setUp();
  await host.alert(failing());
  await host.idle();
  const [incident] = await all(host.incidents());
  assert.deepEqual(await host.incident(incident.id), incident);
  assert.equal(await host.incident("none"), undefined);
  assert.deepEqual(await host.who("primary"), { people: ["ana"] });
  assert.deepEqual((await host.duty("primary", minutes(5))).onCall, { people: ["ana"] });
  assert.equal((await host.coverage("primary", start, minutes(60))).shifts.length, 1);
  assert.match(await host.shiftsIcs("primary", start, minutes(60)), /^BEGIN:VCALENDAR\r\n/);
  assert.deepEqual(await host.handoffs(), []);
  assert.match((await host.topic(incident.id)).text, /a1/);
  assert.match((await host.statusUpdate(incident.id)).text, /a1/);
  assert.match((await host.handoff("primary")).text, /^# On-Call Hand-Off: primary\n/);
  await assert.rejects(host.publicUpdate(incident.id), { code: "not_public" });
  await host.close();
});

test("a failed delivery goes on to the next way, and so does one that takes too long or has no handler", async () => {
  for (const way of ["throws", "hangs", "none"]) {
    const sent = [];
    const reports = [];
    let called;
    const hangs = new Promise((resolve) => { called = resolve; });
    const handlers = {
      throws: { pager: () => { throw new Error("503"); } },
      hangs: { pager: () => { called(); return new Promise(() => undefined); } },
      none: {},
    };
    const { clock, host } = await setUp({ deliver: { ...handlers[way], sms: (effect) => void sent.push(effect.to) }, deliverWithin: 1_000 });
    host.on("report", (effect, outcome, detail) => reports.push([effect.channel, outcome, detail]));
    await host.alert(failing());
    if (way === "hangs") {
      await hangs;
      clock.advance(1_500);
    }
    await host.idle();
    assert.deepEqual(sent, ["ana"]);
    assert.equal(reports[0][1], "failed");
    assert.match(reports[0][2], { throws: /503/, hangs: /longer than/, none: /no handler/ }[way]);
    await host.close();
  }
});

test("a channel is where its handler says that it was opened", async () => {
  for (const [result, name] of [["#taken-2", "#taken-2"], [Promise.resolve("#taken-2"), "#taken-2"], [undefined, ""], ["", ""], ["#".repeat(9_000), ""], [7, ""]]) {
    let asked;
    const deliver = { default: () => "not a channel", open_channel: (effect) => { asked = effect.name; return result; } };
    const { host } = await setUp({ policy: Policy.kreki(), deliver });
    const reported = [];
    host.on("report", ({ kind }, outcome) => kind === "open_channel" && reported.push(outcome));
    await host.alert({ key: "a1", service: "panic-button", labels: { impact: "outage" } });
    await host.idle();
    const [incident] = await all(host.incidents());
    assert.equal(incident.channel, name || asked);
    assert.deepEqual(reported, ["delivered"]);
    await host.close();
  }
});

test("effects come as an iterator and as events, too", async () => {
  const { host } = await setUp();
  const seen = [];
  host.on("effect", ({ id }) => seen.push(id));
  const iterator = host.effects();
  const first = iterator.next();
  await host.alert(failing());
  await host.idle();
  const iterated = [(await first).value.id];
  await host.close();
  for await (const { id } of iterator) iterated.push(id);
  assert.ok(seen.length > 0);
  assert.deepEqual(iterated, seen);
});

test("effects are kept from the call on, and an error of the store neither ends them nor goes unheard", async () => {
  const store = memoryStore();
  let down = false;
  const shaky = { ...store, append: (entry) => (down ? Promise.reject(new Error("away")) : store.append(entry)) };
  const { clock, host } = await setUp({ store: shaky });
  const warned = [];
  const warn = ({ code, message }) => warned.push(code ?? message);
  process.on("warning", warn);
  const [seen, unused] = [[], host.effects()];
  host.on("effect", ({ id }) => seen.push(id));
  const iterator = host.effects();
  await host.alert(failing());
  await host.idle();
  assert.equal((await iterator.next()).value.id, seen[0], "it came before anybody asked");
  down = true;
  clock.set(minutes(11));
  await until(() => warned.length > 0, "nobody listens, so it is a warning");
  down = false;
  clock.advance(1_000);
  await host.idle();
  process.off("warning", warn);
  assert.deepEqual(warned, ["not_kept"]);
  const rest = [];
  for (let left = seen.length - 1; left > 0; left -= 1) rest.push((await iterator.next()).value.id);
  assert.ok(rest.length > 1);
  assert.deepEqual(rest, seen.slice(1));
  // One that is let go before it has begun is over, too, and so is one that waits.
  assert.deepEqual(await unused.return(), { value: undefined, done: true });
  assert.deepEqual(await unused.next(), { value: undefined, done: true });
  const waits = iterator.next();
  await iterator.return();
  assert.deepEqual(await waits, { value: undefined, done: true });
  await host.close();
  assert.deepEqual(await all(host.effects()), []);
});

test("the clock is looked at every thirty seconds, so that a machine that was suspended is not late", async () => {
  const calm = shop.replace("policy: shop", "policy: shop\nremind_open_every: 90d");
  const clock = new ManualClock(start);
  // A timer of Node does not count the time for which the machine sleeps: only what is awake runs it down.
  const awake = new ManualClock(start);
  const delays = [];
  const patient = { now: () => clock.now(), after: (millis, callback) => { delays.push(millis); return awake.after(millis, callback); } };
  const { done, host } = await setUp({ policy: Policy.fromYaml(calm), clock: patient });
  await host.alert({ key: "x", service: "blog" });
  await host.idle();
  // The reminder is due in ninety days, which is longer than any timer of Node can be, too.
  for (const passed of [30_000, 60_000]) {
    delays.length = 0;
    for (const each of [clock, awake]) each.set(start.getTime() + passed);
    await host.idle();
    assert.deepEqual(delays, [30_000]);
  }
  const before = done.length;
  clock.set(minutes(60 * 24 * 90));
  awake.advance(29_999);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(done.length, before);
  awake.advance(1);
  await host.idle();
  assert.ok(done.length > before, "and then it rings");
  // The last part is no longer than what is left.
  delays.length = 0;
  for (const each of [clock, awake]) each.set(minutes(60 * 24 * 180).getTime() - 1_000);
  await host.idle();
  assert.equal(delays.at(-1), 1_000);
  await host.close();
});

test("a host is not made of what would lose a page", async () => {
  const [policy, deliver, store] = [shopPolicy(), () => undefined, memoryStore()];
  const wrong = [
    ["policy", { store, deliver }], ["policy", { policy: shop, store, deliver }], ["policies", { policy, policies: [shop], store, deliver }],
    ...[undefined, null, "", 7, {}, { file: 7 }, { append: true }, { append: deliver }].map((store) => ["store", { policy, store, deliver }]),
    ...[undefined, null, "pager", { pager: "ring" }, { pager: undefined }, {}].map((deliver) => ["deliver", { policy, store, deliver }]),
    ...["10s", 0, -1, NaN, null].map((deliverWithin) => ["deliverWithin", { policy, store, deliver, deliverWithin }]),
    ["delivr", { policy, store, delivr: deliver }], ["on", { policy, store, deliver, on: { error: true } }],
  ];
  for (const [path, options] of wrong) {
    await assert.rejects(createHost(options), ({ code, where, help }) => code === "invalid_value" && where.path === path && help.length > 0, path);
  }
  await assert.rejects(createHost(), { code: "invalid_value" });
});

test("a reload to what is no policy is refused, and the host goes on and can be opened again", async () => {
  const { host, done } = await setUp();
  for (const reload of [{ policy: shop }, {}, undefined]) {
    await assert.rejects(host.reload(reload), ({ code, where }) => code === "invalid_value" && where.path === "policy");
  }
  await host.reopen();
  await host.alert(failing());
  await host.idle();
  assert.ok(done.length > 0);
  await host.close();
});

test("what a start does is heard by the listeners that are handed in", async () => {
  const store = memoryStore();
  const first = await setUp({ store, deliver: { default: () => new Promise(() => undefined) } });
  await first.host.alert(failing());
  const heard = [];
  const on = {
    effect: ({ kind }) => heard.push(`effect ${kind}`),
    step: ({ effects }) => heard.push(`step ${effects.length > 0}`),
    report: ({ kind }, outcome) => heard.push(`report ${kind} ${outcome}`),
    error: ({ message }) => heard.push(`error ${message}`),
  };
  const deliver = { pager: () => undefined, breach: () => { throw new Error("a slip") }, default: () => undefined };
  const { host } = await setUp({ store, deliver, on, clock: new ManualClock(minutes(11)) });
  await host.idle();
  for (const what of ["effect notify", "effect breach", "step true", "report notify delivered", "error a slip"]) assert.ok(heard.includes(what), what);
  await host.close();
});

test("a handler that cannot even be looked up has failed", async () => {
  const reports = [];
  // An own property that throws when it is read, as of a configuration that is loaded when it is needed.
  let ready = true;
  const deliver = { get pager() { if (ready) return () => undefined; throw new Error("not there yet"); }, sms: () => undefined };
  const { host } = await setUp({ deliver });
  ready = false;
  host.on("report", ({ channel }, outcome, detail) => reports.push([channel, outcome, detail]));
  await host.alert(failing());
  await host.idle();
  assert.deepEqual(reports, [["pager", "failed", "not there yet"], ["sms", "delivered", ""]]);
  await host.close();
});

test("a store of one's own may name a file", async () => {
  const store = { ...memoryStore(), file: "entries.jsonl" };
  const { host } = await setUp({ store });
  await host.alert(failing());
  await host.close();
  assert.ok([...(await store.read(0))].length > 0);
});

test("a journal's file is adopted by the option of the host, too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-adopt-"));
  try {
    const store = join(folder, "night.journal");
    const first = await setUp({ store });
    await first.host.alert(failing());
    await first.host.close();
    const policy = Policy.fromYaml(shop.replace("acknowledge: 5m", "acknowledge: 2m"));
    await assert.rejects(setUp({ store: { file: store, adoptPolicy: false }, policy, adoptPolicy: true }), { code: "other_policy" });
    for (const given of [store, { file: store }]) {
      const second = await setUp({ store: given, policy, adoptPolicy: true });
      assert.equal((await all(second.host.incidents())).length, 1);
      await second.host.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a host that was closed is not opened again, and lets go of its store", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-closed-"));
  try {
    for (const store of [memoryStore(), join(folder, "night.journal")]) {
      const { host } = await setUp({ store });
      await host.alert(failing());
      const closing = host.close();
      await assert.rejects(host.reopen(), { code: "closed" });
      await closing;
      for (const call of [() => host.reopen(), () => host.alert(failing()), () => host.who("primary"), () => host.topic("none")]) {
        await assert.rejects(call(), ({ code, help }) => code === "closed" && help.includes("createHost") && !help.includes("open"), String(call));
      }
      await host.close();
      const next = await setUp({ store });
      assert.equal((await all(next.host.incidents())).length, 1);
      await next.host.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("what is refused is thrown, and is not kept", async () => {
  const store = memoryStore();
  const { host } = await setUp({ store });
  await assert.rejects(host.apply({ kind: "resolve", incident: "none", by: "ana" }), { code: "unknown_incident" });
  assert.equal([...(await store.read(0))].length, 0);
  const { alerts } = await host.alerts(JSON.parse(webhook()), "alertmanager");
  assert.equal(alerts.length, 2);
  await host.close();
});

test("an asynchronous listener that is rejected counts as one that throws, and ends no process", async () => {
  const warned = [];
  const warn = ({ message }) => warned.push(message);
  process.on("warning", warn);
  try {
    const rejected = (event) => async () => { throw new Error(`a slip of ${event}`); };
    const errors = [];
    const { done, host } = await setUp({ on: { step: rejected("step") } });
    host.on("error", async (error) => {
      errors.push(error.message);
      throw new Error("a slip of error");
    });
    for (const event of ["effect", "report"]) host.on(event, rejected(event));
    host.on("report", () => Promise.reject("no error at all"));
    await host.alert(failing());
    await host.idle();
    assert.deepEqual(told(done), ["pager ana"]);
    const slips = ["a slip of effect", "a slip of report", "a slip of step", "no error at all"];
    await until(() => slips.every((slip) => errors.includes(slip)), "`error` hears of each");
    await until(() => warned.length === errors.length, "and nobody of what `error` itself is rejected with");
    assert.deepEqual([...new Set(warned)], ["a slip of error"]);
    assert.deepEqual([...new Set(errors)].sort(), slips);
    await host.close();
  } finally {
    process.off("warning", warn);
  }
});

test("a listener that throws keeps no page back", async () => {
  const { clock, done, host } = await setUp();
  const errors = [];
  for (const event of ["effect", "step", "report"]) host.on(event, () => { throw new Error(`a slip in ${event}`); });
  host.on("error", ({ message }) => { errors.push(message); throw new Error("and another"); });
  const warned = [];
  const warn = (warning) => warned.push(warning.message);
  process.on("warning", warn);
  await host.alert(failing());
  clock.set(minutes(11));
  await host.idle();
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", warn);
  assert.deepEqual(told(done).slice(0, 1), ["pager ana"]);
  assert.ok(told(done).includes("pager budi"));
  assert.deepEqual([...new Set(errors)].sort(), ["a slip in effect", "a slip in report", "a slip in step"]);
  assert.ok(warned.includes("and another"));
  await host.close();
});

test("a great many effects are performed in their order, and the event loop goes on between them", async () => {
  const { clock, done, host } = await setUp({ policy: busyPolicy() });
  const count = 300;
  for (let index = 0; index < count; index += 1) await host.alert({ ...failing(`a${index}`), service: `s${index}` });
  await host.idle();
  const before = done.length;
  let asked;
  host.on("step", ({ effects }) => { if (effects.length > count) asked = effects.map(({ id }) => id); });
  const begun = [];
  const perTurn = [];
  host.on("effect", ({ id }) => begun.push(id));
  let running = true;
  let seen = 0;
  const look = () => {
    perTurn.push(begun.length - seen);
    seen = begun.length;
    if (running) setImmediate(look);
  };
  setImmediate(look);
  clock.set(minutes(11));
  await host.idle();
  running = false;
  assert.ok(asked.length >= 3 * count, "a warning, a breach and a page of each");
  assert.deepEqual(begun.slice(0, asked.length), asked);
  assert.equal(new Set(begun).size, begun.length);
  assert.equal(done.length - before, begun.length);
  const most = perTurn.reduce((most, count) => Math.max(most, count), 0);
  assert.ok(most <= 200, `${most} in one turn`);
  await host.close();
});

test("a journal's file goes on where it was, under its own policy only", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-host-"));
  try {
    const store = join(folder, "night.journal");
    const first = await setUp({ store });
    await first.host.alert(failing());
    await first.host.idle();
    await assert.rejects(setUp({ store }), { code: "locked" });
    await first.host.close();
    await assert.rejects(setUp({ store, policy: Policy.kreki() }), { code: "other_policy" });
    const second = await setUp({ store });
    assert.equal((await all(second.host.incidents())).length, 1);
    assert.deepEqual(told(second.done), []);
    await second.host.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a reload is kept before it happens, and lived through again with the policies at hand", async () => {
  const [stricter, renamed] = [shop.replace("acknowledge: 5m", "acknowledge: 2m"), shop.replaceAll("high", "urgent")].map((text) => Policy.fromYaml(text));
  const policy = shopPolicy();
  const folder = mkdtempSync(join(tmpdir(), "kentongan-reload-"));
  try {
    for (const store of [memoryStore(), join(folder, "shop.journal")]) {
      const { clock, done, host } = await setUp({ policy, store });
      await host.alert(failing());
      await host.idle();
      await host.reload({ policy: stricter });
      assert.equal(host.policy, stricter);
      clock.set(minutes(3));
      await host.idle();
      assert.ok(done.some(({ kind, clock: which }) => kind === "breach" && which === "acknowledge"), "of the new target");
      await assert.rejects(host.reload({ policy: renamed }), { code: "severity_gone" });
      assert.equal(host.policy, stricter);
      await host.reload({ policy: renamed, severities: { high: "urgent" } });
      await host.alert(failing("a2"));
      await host.idle();
      const seen = async (host) => (await all(host.incidents())).map(({ id, severity, clocks }) => ({ id, severity, clocks }));
      const before = await seen(host);
      assert.equal(before[0].severity, "urgent");
      await host.reopen();
      assert.deepEqual([await seen(host), host.policy], [before, renamed]);
      await host.close();
      const options = { deliver: { default: () => undefined }, store, clock };
      await assert.rejects(createHost({ ...options, policy }), { code: "other_policy" });
      if (typeof store !== "string") await assert.rejects(createHost({ ...options, policy: renamed }), { code: "missing_policy" });
      const again = await createHost({ ...options, policy: renamed, policies: [stricter, policy] });
      assert.deepEqual(await seen(again), before);
      await again.close();
      const adopted = typeof store === "string" ? { file: store, adoptPolicy: true } : store;
      const alone = await createHost({ ...options, store: adopted, policy, adoptPolicy: true });
      assert.equal((await seen(alone))[0].severity, "high");
      await alone.alert(failing("a3"));
      await alone.close();
      const next = await createHost({ ...options, policy });
      assert.equal((await seen(next))[0].severity, "high");
      await next.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

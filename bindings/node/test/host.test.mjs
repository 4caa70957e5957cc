// The host: it owns the clock, keeps what happens before it acts on it, and reports.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { Policy, createHost, memoryStore } from "kentongan";

import { ManualClock, failing, minutes, settled, shop, shopPolicy, start, webhook } from "./support/fixtures.mjs";

const setUp = async (options = {}) => {
  const clock = new ManualClock();
  const done = [];
  const deliver = { default: (effect) => void done.push(effect) };
  const host = await createHost({ policy: shopPolicy(), store: memoryStore(), deliver, clock, ...options });
  return { clock, done, host };
};
const told = (effects) => effects.filter(({ kind }) => kind === "notify").map(({ channel, to }) => `${channel} ${to}`);

test("a page goes out, climbs on the host's own timer, and stops at an acknowledgement", async () => {
  const { clock, done, host } = await setUp();
  await host.alert(failing());
  await settled();
  assert.deepEqual(told(done), ["pager ana"]);
  await clock.to(minutes(11));
  await settled();
  assert.ok(told(done).includes("pager budi"));
  assert.ok(done.some(({ kind, clock: which }) => kind === "breach" && which === "acknowledge"));
  for await (const { id } of host.incidents()) await host.apply({ kind: "acknowledge", incident: id, by: "budi" });
  const before = told(done).length;
  await clock.to(minutes(60));
  assert.equal(told(done).length, before);
  assert.deepEqual((await host.who("primary")).onCall, { people: ["ana"] });
  await host.close();
});

test("a failed delivery goes on to the next way, and so does one that takes too long or has no handler", async () => {
  const handlers = [
    { pager: () => { throw new Error("503"); } },
    { pager: () => new Promise(() => undefined) },
    {},
  ];
  for (const handler of handlers) {
    const sent = [];
    const reports = [];
    const { clock, host } = await setUp({ deliver: { ...handler, sms: (effect) => void sent.push(effect.to) }, deliverWithin: 1_000 });
    host.on("report", (effect, outcome, detail) => reports.push([effect.channel, outcome, detail]));
    await host.alert(failing());
    await settled();
    await clock.to(new Date(start.getTime() + 1_500));
    await settled();
    assert.deepEqual(sent, ["ana"]);
    assert.equal(reports[0][1], "failed");
    assert.match(reports[0][2], /503|longer than|no handler/);
    await host.close();
  }
});

test("effects come as an iterator and as events, too", async () => {
  const { host } = await setUp();
  const seen = [];
  host.on("effect", ({ id }) => seen.push(id));
  const iterated = [];
  const reading = (async () => {
    for await (const { id } of host.effects()) iterated.push(id);
  })();
  await settled();
  await host.alert(failing());
  await settled();
  await host.close();
  await reading;
  assert.ok(seen.length > 0);
  assert.deepEqual(iterated, seen);
});

test("a timer longer than the longest of Node is waited for in parts", async () => {
  const calm = shop.replace("policy: shop", "policy: shop\nremind_open_every: 90d");
  const { clock, host } = await setUp({ policy: Policy.fromYaml(calm) });
  await host.alert({ key: "x", service: "blog" });
  await settled();
  assert.ok(clock.delays.every((delay) => delay <= 2 ** 31 - 1));
  assert.ok(clock.delays.includes(2 ** 31 - 1));
  await clock.to(minutes(60 * 24 * 20));
  assert.equal(clock.delays.filter((delay) => delay === 2 ** 31 - 1).length >= 2, true);
  await host.close();
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

test("two hosts of one store give each number once, and see what the other has kept", async () => {
  const store = memoryStore();
  const [one, other] = [await setUp({ store }), await setUp({ store })];
  await Promise.all([...Array(20).keys()].map((index) => (index % 2 ? one : other).host.alert(failing(`a${index}`))));
  await settled();
  await one.host.apply({ kind: "tick" });
  const texts = [...(await store.read(0))];
  assert.deepEqual(texts.map(({ seq }) => seq), texts.map((_, index) => index + 1));
  const ids = [...one.done, ...other.done].map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length > 0);
  await Promise.all([one.host.close(), other.host.close()]);
});

test("a store that fails is told of, and asked again", async () => {
  const store = memoryStore();
  let down = false;
  const shaky = { ...store, append: (entry) => (down ? Promise.reject(new Error("no disk")) : store.append(entry)) };
  const { clock, done, host } = await setUp({ store: shaky });
  const errors = [];
  host.on("error", (error) => errors.push(error.message));
  await host.alert(failing());
  await settled();
  down = true;
  await clock.to(minutes(4));
  await assert.rejects(host.alert(failing("b")), /no disk/);
  assert.ok(errors.includes("no disk"));
  down = false;
  await clock.to(minutes(11));
  assert.ok(told(done).includes("pager budi"));
  await host.close();
});

test("a journal's file goes on where it was, under its own policy only", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-host-"));
  try {
    const store = join(folder, "night.journal");
    const first = await setUp({ store });
    await first.host.alert(failing());
    await settled();
    await assert.rejects(setUp({ store }), { code: "locked" });
    await first.host.close();
    await assert.rejects(setUp({ store, policy: Policy.kreki() }), { code: "other_policy" });
    const second = await setUp({ store });
    const incidents = [];
    for await (const incident of second.host.incidents()) incidents.push(incident);
    assert.equal(incidents.length, 1);
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
      await settled();
      await host.reload({ policy: stricter });
      assert.equal(host.policy, stricter);
      await clock.to(minutes(3));
      await settled();
      assert.ok(done.some(({ kind, clock: which }) => kind === "breach" && which === "acknowledge"), "of the new target");
      await assert.rejects(host.reload({ policy: renamed }), { code: "severity_gone" });
      assert.equal(host.policy, stricter);
      await host.reload({ policy: renamed, severities: { high: "urgent" } });
      await host.alert(failing("a2"));
      await settled();
      const seen = async (host) => {
        const found = [];
        for await (const { id, severity, clocks } of host.incidents()) found.push({ id, severity, clocks });
        return found;
      };
      const before = await seen(host);
      assert.equal(before[0].severity, "urgent");
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

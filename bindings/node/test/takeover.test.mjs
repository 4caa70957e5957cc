// Hosts of one store: what one of them has in hand when it is killed is done by another, and not before.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ManualClock, Policy, memoryStore } from "kentongan";

import { all, failing, setUp, shop, shopPolicy, start, until } from "./support/fixtures.mjs";

const seconds = (count) => new Date(start.getTime() + count * 1_000);
const sharedStore = () => ({ ...memoryStore(), shared: true });

/** A host of a store, and which pages rang and how. With `hangs` it never hears whether they did, as if it was killed. */
async function hostOf(store, options = {}) {
  const rung = [];
  const pager = ({ id, to }, { again }) => {
    rung.push({ id, to, again });
    return options.hangs ? new Promise(() => undefined) : undefined;
  };
  const policy = options.policy ?? shopPolicy();
  return { rung, ...(await setUp({ store, policy, deliver: { pager, default: () => undefined }, clock: new ManualClock(options.at ?? start) })) };
}

/** Goes on to an instant as a host does, which looks at the store every thirty seconds. */
async function goOn({ clock, host }, at) {
  while (clock.now() < at.getTime()) {
    clock.set(Math.min(clock.now() + 30_000, at.getTime()));
    await host.idle();
  }
}

test("a running host does what another one has begun and does not report on, after two deliveries' time, marked `again`", async () => {
  const store = sharedStore();
  const [gone, other] = [await hostOf(store, { hangs: true }), await hostOf(store)];
  await gone.host.alert(failing());
  await until(() => gone.rung.length === 1, "the first one rings");
  await goOn(other, seconds(59));
  assert.deepEqual(other.rung, [], "it may be at work on it");
  await goOn(other, seconds(91));
  assert.deepEqual(other.rung, [{ ...gone.rung[0], again: true }]);
  await goOn(other, seconds(9 * 60));
  assert.equal(other.rung.length, 1, "and once only: it was reported");
});

test("of hosts that notice at once one does it, and another one only if that one does not report on it either", async () => {
  const store = sharedStore();
  const gone = await hostOf(store, { hangs: true });
  const others = [await hostOf(store, { hangs: true }), await hostOf(store, { hangs: true }), await hostOf(store, { hangs: true })];
  await gone.host.alert(failing());
  await until(() => gone.rung.length === 1, "the first one rings");
  const rung = () => others.flatMap((other) => other.rung);
  const look = async (at) => {
    // Time stands still for one that has begun, as if it was killed.
    const alive = others.filter(({ rung }) => rung.length === 0);
    for (const { clock } of alive) clock.set(at.getTime());
    // What is asked comes after the look that is under way.
    await Promise.all(alive.map(({ host }) => host.who("primary")));
  };
  for (const [at, count] of [[30, 0], [59, 0], [61, 1], [91, 1], [120, 1], [122, 2], [152, 2]]) {
    await look(seconds(at));
    assert.equal(rung().length, count, `after ${at} seconds`);
  }
  assert.deepEqual(rung(), Array(2).fill({ ...gone.rung[0], again: true }));
  // One that starts leaves it to whoever took it over last, and not to whoever had it first.
  const late = await hostOf(store, { at: seconds(153), hangs: true });
  await late.host.idle();
  assert.deepEqual(late.rung, []);
});

test("a takeover of which the store said that it had not been kept is done once", async () => {
  const store = sharedStore();
  let down = false;
  const shaky = {
    ...store,
    async append(entry) {
      const kept = await store.append(entry);
      if (down) throw new Error("the connection broke before the answer came");
      return kept;
    },
  };
  const [gone, other] = [await hostOf(store, { hangs: true }), await hostOf(shaky)];
  other.host.on("error", () => { down = false; });
  await gone.host.alert(failing());
  await until(() => gone.rung.length === 1, "the first one rings");
  await goOn(other, seconds(59));
  down = true;
  await goOn(other, seconds(120));
  assert.equal(down, false, "it was told");
  assert.deepEqual(other.rung, [{ ...gone.rung[0], again: true }]);
});

test("a host that starts waits as long for what another one has just begun, and not for what is older", async () => {
  const store = sharedStore();
  const gone = await hostOf(store, { hangs: true });
  await gone.host.alert(failing());
  await until(() => gone.rung.length === 1, "the first one rings");
  const second = await hostOf(store, { at: seconds(5), hangs: true });
  await second.host.idle();
  assert.deepEqual(second.rung, []);
  const third = await hostOf(store, { at: seconds(61) });
  await third.host.idle();
  assert.deepEqual(third.rung, [{ ...gone.rung[0], again: true }]);
  await goOn(second, seconds(120));
  assert.deepEqual(second.rung, [], "it was reported meanwhile");
});

test("what another host reports on in time is not done twice", async () => {
  const store = sharedStore();
  let ring;
  const hangs = new Promise((resolve) => { ring = resolve; });
  const one = await setUp({ store, deliver: { pager: () => hangs, default: () => undefined } });
  const other = await hostOf(store);
  await one.host.alert(failing());
  await goOn(other, seconds(31));
  const third = await hostOf(store, { at: seconds(31) });
  ring();
  await one.host.idle();
  for (const each of [other, third]) {
    await goOn(each, seconds(150));
    assert.deepEqual(each.rung, []);
    await each.host.close();
  }
  await one.host.close();
});

test("a page that a later one has taken the place of is not taken over", async () => {
  const policy = Policy.fromYaml(shop.replace("[ { notify: on-call.primary },", "[ { notify: on-call.primary }, { notify: on-call.primary, after: 1m },"));
  const store = sharedStore();
  const [gone, other] = [await hostOf(store, { policy, hangs: true }), await hostOf(store, { policy })];
  await gone.host.alert(failing());
  await until(() => gone.rung.length === 1, "the first one rings");
  await goOn(other, seconds(150));
  const [first] = gone.rung;
  assert.deepEqual(other.rung.map(({ to, again }) => [to, again]), [["ana", false]]);
  assert.notEqual(other.rung[0].id, first.id);
});

test("what was reported, by whomever, is not taken over", async () => {
  const store = sharedStore();
  const [gone, other] = [await hostOf(store, { hangs: true }), await hostOf(store)];
  await gone.host.alert(failing());
  await until(() => gone.rung.length === 1, "the first one rings");
  const [{ id }] = gone.rung;
  await other.host.apply({ kind: "report", effect: id, outcome: "delivered" });
  await goOn(other, seconds(150));
  assert.deepEqual(other.rung, []);
});

test("where nobody else writes nobody is waited for, even if the clock was set back", async () => {
  const store = memoryStore();
  const gone = await hostOf(store, { hangs: true, at: seconds(40) });
  await gone.host.alert(failing());
  await until(() => gone.rung.length === 1, "the first one rings");
  for (const at of [seconds(5), seconds(41)]) {
    const next = await hostOf(store, { at, hangs: true });
    await until(() => next.rung.length === 1, "it rings again");
    assert.deepEqual(next.rung, [{ ...gone.rung[0], again: true }]);
  }
});

test("a clock that goes ahead makes nobody wait for longer", async () => {
  const store = sharedStore();
  const [gone, other] = [await hostOf(store, { hangs: true, at: seconds(40) }), await hostOf(store)];
  await gone.host.alert(failing());
  await until(() => gone.rung.length === 1, "the first one rings");
  await goOn(other, seconds(30));
  assert.deepEqual(other.rung, []);
  await goOn(other, seconds(90));
  assert.deepEqual(other.rung.map(({ again }) => again), [true]);
});

test("a host that opens its store again does at once what is its own", async () => {
  const store = sharedStore();
  const broken = Object.assign(Object.create(null), { down: false });
  const shaky = {
    shared: true,
    read: (after) => store.read(after),
    async append(entry) {
      const kept = await store.append(entry);
      if (broken.down) throw new Error("the connection broke before the answer came");
      return kept;
    },
  };
  const { host, rung } = await hostOf(shaky);
  host.on("error", () => undefined);
  broken.down = true;
  await assert.rejects(host.alert(failing()), { code: "not_kept" });
  broken.down = false;
  await host.reopen();
  await host.idle();
  assert.deepEqual(rung.map(({ again }) => again), [true]);
  await host.close();
});

test("what another host has kept is known before a command is refused or a question is answered, also while nothing is due", async () => {
  const store = sharedStore();
  let away = false;
  const shaky = { ...store, read: (after) => (away ? Promise.reject(new Error("away")) : store.read(after)) };
  const [one, other] = [await hostOf(store), await hostOf(shaky)];
  const { decisions: [{ incident: id }] } = await one.host.alert(failing());
  await one.host.idle();
  await other.host.apply({ kind: "acknowledge", incident: id, by: "budi" });
  assert.equal((await one.host.incident(id)).state, "acknowledged");
  assert.match((await one.host.topic(id)).text, /acknowledged/i);
  await one.host.apply({ kind: "resolve", incident: id, by: "ana", overrideReason: "it was a test" });
  assert.equal((await all(other.host.incidents()))[0].state, "resolved");
  await assert.rejects(other.host.apply({ kind: "acknowledge", incident: "none", by: "budi" }), { code: "unknown_incident" });
  away = true;
  assert.equal((await other.host.incident(id)).state, "resolved", "as it was read last");
  for (const { host } of [one, other]) await host.close();
});

const stricter = () => Policy.fromYaml(shop.replace("acknowledge: 5m", "acknowledge: 2m"));

test("a host does not live on beside one that has another policy", async () => {
  const store = sharedStore();
  const [one, other] = [await hostOf(store), await hostOf(store)];
  await one.host.alert(failing());
  await one.host.idle();
  await other.host.idle();
  const errors = [];
  other.host.on("error", ({ code }) => errors.push(code));
  const adopted = await setUp({ store, policy: stricter(), adoptPolicy: true });
  await adopted.host.alert(failing("a2"));
  await adopted.host.idle();
  await assert.rejects(other.host.alert(failing("a3")), (error) => error.code === "other_policy" && error.help.includes("reload"));
  await assert.rejects(other.host.who("primary"), { code: "other_policy" });
  await goOn(other, seconds(31));
  assert.deepEqual([...new Set(errors)], ["other_policy"]);
  const kept = [...(await store.read(0))];
  assert.ok(kept.slice(-2).every(({ text }) => JSON.parse(text).policy === adopted.host.policy.digest), "and writes nothing more");
  // What says nothing of its policy is taken, as of another release.
  const plain = sharedStore();
  const listens = await hostOf(plain);
  await plain.append({ seq: 1, text: JSON.stringify({ at: start, input: { kind: "alert", ...failing() } }) });
  assert.equal((await all(listens.host.incidents())).length, 1);
});

test("hosts of one store change their policy one after the other, by the same reload", async () => {
  const [renamed, again] = [shop.replaceAll("high", "urgent"), shop.replaceAll("high", "urgent").replace("acknowledge: 5m", "acknowledge: 2m")];
  const store = sharedStore();
  const [one, other] = [await hostOf(store), await hostOf(store)];
  const follows = await setUp({ store, policies: [Policy.fromYaml(renamed), Policy.fromYaml(again)] });
  const { decisions: [{ incident: id }] } = await one.host.alert(failing());
  await one.host.idle();
  const severities = { high: "urgent" };
  for (const [text, change] of [[renamed, { severities }], [again, {}]]) {
    const before = other.host.policy;
    await one.host.reload({ policy: Policy.fromYaml(text), ...change });
    const needs = (error) => error.code === "missing_policy" && error.help.includes("`reload`");
    await assert.rejects(other.host.apply({ kind: "acknowledge", incident: id, by: "budi" }), needs);
    await assert.rejects(other.host.incident(id), needs);
    assert.equal(other.host.policy, before);
    const policy = Policy.fromYaml(text);
    const { length } = [...(await store.read(0))];
    await other.host.reload({ policy, ...change });
    assert.equal(other.host.policy.digest, policy.digest);
    assert.equal([...(await store.read(0))].length, length, "it is kept once");
    assert.equal((await follows.host.incident(id)).severity, "urgent");
    assert.equal(follows.host.policy.digest, policy.digest);
  }
  await other.host.apply({ kind: "acknowledge", incident: id, by: "budi" });
  const seen = await Promise.all([one, other, follows].map(({ host }) => host.incident(id)));
  for (const incident of seen) assert.deepEqual(incident, seen[0]);
  assert.equal(seen[0].state, "acknowledged");
});

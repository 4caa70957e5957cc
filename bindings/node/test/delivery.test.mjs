// Deliveries: nobody's page waits for somebody else's, for the store or for the words of a transport.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { KentonganError, Policy, memoryStore, systemClock, wantsReport } from "kentongan";

import { all, busyPolicy, failing, minutes, setUp, shop, shopPolicy, start, told, until } from "./support/fixtures.mjs";

/** The shop where the first step of the climb calls both. */
const both = () => Policy.fromYaml(shop.replace("[ { notify: on-call.primary },", "[ { notify: [on-call.primary, on-call.secondary] },"));

test("a failure is reported in whatever words it came, and the next way is tried", async () => {
  const emoji = "😀";
  const thrown = [
    [() => new Error(`${"x".repeat(999)}${emoji} and on`), /^x{999}$/],
    [() => new Error(`${"x".repeat(998)}${emoji} and on`), /^x{998}😀$/u],
    [() => new Error(`half of one: ${emoji[0]}.`), /^half of one: \ufffd\.$/],
    [() => Object.create(null), /cannot be put into words/],
    [() => ({ toString() { throw new Error("no"); } }), /cannot be put into words/],
    [() => Object.assign(new Error(), { message: Symbol("odd") }), /Symbol\(odd\)/],
    [() => undefined, /undefined/],
  ];
  for (const [what, words] of thrown) {
    const [sent, reports, errors] = [[], [], []];
    const deliver = { pager: () => { throw what(); }, sms: ({ to }) => void sent.push(to), default: () => undefined };
    const { host } = await setUp({ deliver });
    host.on("report", (effect, outcome, detail) => reports.push([effect.channel, outcome, detail]));
    host.on("error", (error) => errors.push(error));
    await host.alert(failing());
    await until(() => reports.length === 2 || errors.length > 0, "both are reported");
    assert.deepEqual(errors, []);
    assert.deepEqual(reports.map(([channel, outcome]) => [channel, outcome]), [["pager", "failed"], ["sms", "delivered"]]);
    assert.match(reports[0][2], words);
    assert.deepEqual(sent, ["ana"]);
    await host.close();
  }
});

test("what a handler throws skips nothing that the same receiver is sent", async () => {
  const sent = [];
  const { clock, host } = await setUp({
    policy: Policy.fromYaml(shop.replace("after: 10m }", "after: 10m }, { notify: on-call.secondary, after: 5m }")),
    deliver: (effect) => {
      sent.push(effect.kind);
      throw Object.create(null);
    },
  });
  host.on("error", () => undefined);
  await host.alert(failing());
  clock.set(minutes(30));
  await host.idle();
  const [incident] = await all(host.incidents());
  assert.ok(incident !== undefined && sent.filter((kind) => kind === "notify").length >= 4, String(sent));
  await host.close();
});

test("a handler may be given any time, also without an end", async () => {
  for (const deliverWithin of [2 ** 31, Infinity]) {
    const reports = [];
    const deliver = { pager: () => sleep(20), default: () => undefined };
    const { host } = await setUp({ deliver, deliverWithin, clock: systemClock });
    host.on("report", ({ channel }, outcome) => reports.push([channel, outcome]));
    await host.alert(failing());
    await until(() => reports.length > 0, "it is reported");
    assert.deepEqual(reports, [["pager", "delivered"]]);
    await host.close();
  }
});

test("a channel whose name is half a character is open all the same", async () => {
  const reports = [];
  const { host } = await setUp({ policy: Policy.kreki(), deliver: { default: () => undefined, open_channel: () => "#\ud83d" } });
  host.on("report", ({ kind }, outcome) => kind === "open_channel" && reports.push(outcome));
  await host.alert({ key: "a1", service: "panic-button", labels: { impact: "outage" } });
  await until(() => reports.length > 0, "it is reported");
  assert.deepEqual(reports, ["delivered"]);
  await host.close();
});

const native = createRequire(import.meta.url)("../native.js");

/** Does work while the engine refuses every input that holds a text. */
async function refusing(text, work) {
  const { check } = native.NativeEngine.prototype;
  let refused = 0;
  native.NativeEngine.prototype.check = function (at, input) {
    if (input.includes(text)) {
      refused += 1;
      throw new Error('{"code":"too_long","message":"the text is too long","help":"shorten it"}');
    }
    return check.call(this, at, input);
  };
  try {
    await work();
  } finally {
    native.NativeEngine.prototype.check = check;
  }
  return refused;
}

test("a report that the engine refuses is made once more in plain words, and not for ever", async () => {
  for (const [text, reported] of [["odd words", ["a delivery in words that were refused", ""]], ['"report"', []]]) {
    const [reports, errors] = [[], []];
    const deliver = { pager: () => { throw new Error("odd words"); }, default: () => undefined };
    const { clock, host } = await setUp({ deliver });
    host.on("report", (effect, outcome, detail) => reports.push([outcome, detail]));
    host.on("error", ({ code }) => errors.push(code));
    const refused = await refusing(text, async () => {
      await host.alert(failing());
      await host.idle();
      clock.advance(2_000);
      await host.idle();
    });
    if (reported.length > 0) {
      assert.deepEqual(reports.map(([outcome]) => outcome), ["failed", "delivered"]);
      assert.match(reports[0][1], /words that were refused/);
      assert.deepEqual([refused, errors], [1, ["too_long"]]);
    } else {
      assert.deepEqual([reports, refused, errors], [[], 2, ["too_long", "too_long"]]);
    }
    await host.close();
  }
});

test("a page that hangs keeps nobody else's back, and the next one to the same receiver waits for it", async () => {
  const rung = [];
  let ring;
  const hangs = new Promise((resolve) => { ring = resolve; });
  const pager = ({ to }) => {
    rung.push(to);
    return to === "ana" ? hangs : undefined;
  };
  const repeated = shop.replace("[ { notify: on-call.primary },", "[ { notify: [on-call.primary, on-call.secondary] }, { notify: on-call.primary, after: 1m },");
  const { clock, host } = await setUp({ policy: Policy.fromYaml(repeated), deliver: { pager, default: () => undefined }, deliverWithin: 3_600_000 });
  const reports = [];
  host.on("report", ({ to }) => to !== undefined && reports.push(to));
  await host.alert(failing());
  await until(() => reports.length === 1, "budi's page is reported");
  assert.deepEqual([rung, reports], [["ana", "budi"], ["budi"]]);
  clock.set(minutes(2));
  await host.who("primary");
  await sleep(20);
  assert.deepEqual(rung, ["ana", "budi"], "ana has not answered the first yet");
  ring();
  await host.idle();
  assert.deepEqual(rung, ["ana", "budi", "ana"]);
  assert.deepEqual(reports, ["budi", "ana", "ana"]);
  await host.close();
});

test("a store that is away when pages are reported keeps no page back, and gets the reports later", async () => {
  const store = memoryStore();
  let down = false;
  const shaky = { ...store, append: (entry) => (down ? Promise.reject(new Error("away")) : store.append(entry)) };
  const rung = [];
  const pager = ({ to }) => {
    down = true;
    rung.push(to);
  };
  const { clock, host } = await setUp({ policy: both(), store: shaky, deliver: { pager, default: () => undefined } });
  const [reports, errors] = [[], []];
  host.on("error", ({ code }) => errors.push(code));
  host.on("report", ({ to }) => reports.push(to));
  await host.alert(failing());
  await until(() => rung.length === 2, "both ring");
  let idle = false;
  const waits = host.idle().then(() => { idle = true; });
  await sleep(20);
  assert.deepEqual([rung, reports, idle], [["ana", "budi"], [], false]);
  down = false;
  clock.advance(1_000);
  await waits;
  assert.deepEqual(reports.sort(), ["ana", "budi"]);
  assert.deepEqual(errors, ["not_kept"], "it is told once and not for each report");
  await host.close();
});

/** A store of so many alerts, each about an incident of its own, and the same one as it keeps nothing more until it is released. */
async function heldUp(count) {
  const store = memoryStore();
  const alert = (index) => JSON.stringify({ at: start, input: { kind: "alert", ...failing(`a${index}`), service: `s${index}` } });
  for (let index = 0; index < count; index += 1) await store.append({ seq: index + 1, text: alert(index) });
  let release;
  const busy = new Promise((resolve) => (release = resolve));
  return { store, slow: { ...store, append: async (entry) => (await busy, store.append(entry)) }, release };
}

test("where the store keeps reports slowly fewer pages are begun, and none is kept back for long", { timeout: 60_000 }, async () => {
  const { slow, release } = await heldUp(1_500);
  let begun = 0;
  const { host } = await setUp({ policy: busyPolicy(), store: slow, deliver: { default: (effect) => void (begun += wantsReport(effect) ? 1 : 0) } });
  await until(() => begun > 1_000);
  const [since, before] = [Date.now(), begun];
  await until(() => begun >= 1_200, "others follow although no report is kept");
  // Fifty in a tenth of a second, and as many before the first of those is over.
  assert.ok(begun - before <= 50 * (2 + (Date.now() - since) / 100), `${begun} were begun in ${Date.now() - since} ms`);
  release();
  await until(() => begun === 1_500, "all are begun");
  await host.close();
});

test("what a caller hands in is kept after one report of a slow store, however many wait", async () => {
  const { store, slow, release } = await heldUp(50);
  let begun = 0;
  const { host } = await setUp({ policy: busyPolicy(), store: slow, deliver: { default: (effect) => void (begun += wantsReport(effect) ? 1 : 0) } });
  await until(() => begun >= 50, "all are over");
  // Longer than reports have while a call waits.
  await sleep(30);
  const handedIn = host.alert(failing("new"));
  release();
  await handedIn;
  await host.idle();
  const kinds = [...(await store.read(50))].map(({ text }) => JSON.parse(text).input.kind);
  assert.ok(kinds.indexOf("alert") <= 1, String(kinds));
  assert.ok(kinds.filter((kind) => kind === "report").length >= 50);
  await host.close();
});

test("however many callers hand in one alert after the other, the next way is tried meanwhile", async () => {
  const fails = 20;
  const rung = [];
  const pager = () => Promise.reject(new Error("down"));
  const { host } = await setUp({ policy: busyPolicy(), deliver: { pager, sms: ({ incident }) => void rung.push(incident), default: () => undefined } });
  host.on("error", () => undefined);
  for (let index = 0; index < fails; index += 1) await host.alert({ ...failing(`a${index}`), service: `s${index}` });
  let handedIn = 0;
  const callers = Array.from({ length: 50 }, async () => {
    while (rung.length < fails && handedIn < 400) await host.alert({ key: `mail${(handedIn += 1)}`, service: `mail${handedIn}` });
  });
  await Promise.all(callers);
  assert.equal(rung.length, fails, `after ${handedIn} alerts`);
  await host.close();
});

test("a report that the store never takes keeps no other from it", async () => {
  const store = memoryStore();
  const odd = { ...store, append: (entry) => (entry.text.includes("large") ? Promise.reject(new Error("too large")) : store.append(entry)) };
  const [rung, errors] = [[], []];
  const pager = ({ incident }) => Promise.reject(new Error(incident.startsWith("first") ? "a large one" : "down"));
  const { clock, host } = await setUp({ policy: busyPolicy(), store: odd, deliver: { pager, sms: ({ incident }) => void rung.push(incident), default: () => undefined } });
  host.on("error", ({ code }) => errors.push(code));
  for (const service of ["first", "second", "third"]) await host.alert({ ...failing(service), service });
  await until(() => errors.length > 0, "the store refuses it");
  for (let second = 0; second < 3; second += 1) {
    await sleep(20);
    clock.advance(1_000);
  }
  await until(() => rung.length === 2, "the others are kept");
  assert.ok(rung.every((incident) => !incident.startsWith("first")), String(rung));
  // From then on it keeps them back for no second.
  await host.alert({ ...failing("fourth"), service: "fourth" });
  await until(() => rung.length === 3, "the fourth is kept at once");
  await host.close();
  assert.ok(errors.every((code) => code === "not_kept"), String(errors));
});

test("a report that the store never takes is left out at the end, and the others are kept", async () => {
  const store = memoryStore();
  let index = 0;
  const odd = { ...store, append: (entry) => (entry.text.includes("large") ? Promise.reject(new Error("too large")) : store.append(entry)) };
  let ring;
  const rings = new Promise((resolve) => (ring = resolve));
  const pager = async () => {
    const detail = (index += 1) === 1 ? "a large one" : "down";
    await rings;
    throw new Error(detail);
  };
  const { host } = await setUp({ policy: busyPolicy(), store: odd, deliver: { pager, default: () => undefined } });
  host.on("error", () => undefined);
  for (const service of ["first", "second", "third", "fourth"]) await host.alert({ ...failing(service), service });
  await until(() => index === 4);
  const closed = host.close();
  ring();
  await closed;
  const reports = [...(await store.read(0))].map(({ text }) => JSON.parse(text).input).filter(({ kind, detail }) => kind === "report" && detail === "down");
  assert.equal(reports.length, 3);
});

test("a host that closes takes nothing from who keeps calling, once a delivery's time is over", { timeout: 60_000 }, async () => {
  const { clock, host } = await setUp({ deliver: { pager: () => new Promise(() => undefined), default: () => undefined }, deliverWithin: 500 });
  host.on("error", () => undefined);
  await host.alert(failing());
  const codes = [];
  const calling = (async () => {
    for (let index = 0; codes.length === 0; index += 1) {
      await host.alert({ key: `b${index}`, service: "mail" }).catch(({ code }) => codes.push(code));
    }
  })();
  const closed = host.close();
  await sleep(20);
  assert.deepEqual(codes, []);
  clock.advance(500);
  await closed;
  await calling;
  assert.deepEqual(codes, ["closed"]);
});

test("a host that is closed while it starts leaves what is pending to the next one", { timeout: 60_000 }, async () => {
  const { store, slow, release } = await heldUp(1_500);
  let begun = 0;
  const deliver = { default: (effect) => void (begun += wantsReport(effect) ? 1 : 0) };
  const { host } = await setUp({ policy: busyPolicy(), store: slow, deliver });
  await until(() => begun > 1_000);
  const closed = host.close();
  const before = begun;
  release();
  await closed;
  // Of the page that is being begun, some may be on their way to their receivers.
  assert.ok(begun <= before + 50 && before < 1_450, `${begun} were begun, ${before} of them before`);
  const next = await setUp({ policy: busyPolicy(), store, deliver });
  await next.host.idle();
  assert.equal(begun, 1_500);
  await next.host.close();
});

test("a host that closes asks a store that is away twice more, whatever waits", async () => {
  const store = memoryStore();
  let [isAway, asked] = [false, 0];
  const shaky = { ...store, append: (entry) => (isAway ? ((asked += 1), Promise.reject(new Error("away"))) : store.append(entry)) };
  let ring;
  const rings = new Promise((resolve) => (ring = resolve));
  const { host } = await setUp({ policy: busyPolicy(), store: shaky, deliver: { default: () => rings } });
  host.on("error", () => undefined);
  for (let index = 0; index < 10; index += 1) await host.alert({ ...failing(`a${index}`), service: `s${index}` });
  isAway = true;
  ring();
  await until(() => asked > 0);
  await sleep(20);
  assert.equal(asked, 1);
  await host.close();
  assert.equal(asked, 3);
  const next = await setUp({ policy: busyPolicy(), store });
  await next.host.idle();
  assert.ok(told(next.done).length >= 10, "the next one finds them pending");
  await next.host.close();
});

test("a host whose handlers hang closes when they have failed, and leaves the rest to the next start", { timeout: 60_000 }, async () => {
  const store = memoryStore();
  let begun = 0;
  const hangs = () => (begun += 1, new Promise(() => undefined));
  const { clock, host } = await setUp({ policy: Policy.kreki(), store, deliver: { default: hangs }, deliverWithin: 500 });
  host.on("error", () => undefined);
  await host.alert({ key: "a1", service: "panic-button", labels: { impact: "outage" } });
  await until(() => begun > 0);
  const closed = host.close();
  const before = begun;
  await sleep(20);
  // Each of them has failed then, and what follows from that would hang as long again.
  clock.advance(500);
  await closed;
  assert.equal(begun, before);
  const next = await setUp({ policy: Policy.kreki(), store, clock });
  await next.host.idle();
  assert.ok(told(next.done).length > 0, "the next way is tried");
  await next.host.close();
});

test("what is said in a channel comes after the channel has been opened", async () => {
  const begun = [];
  let open;
  const opening = new Promise((resolve) => { open = resolve; });
  const deliver = (effect) => {
    begun.push(effect.kind === "open_channel" ? effect.name : `to ${effect.address}`);
    return effect.kind === "open_channel" ? opening : undefined;
  };
  const { host } = await setUp({ policy: Policy.kreki(), deliver });
  await host.alert({ key: "a1", service: "panic-button", labels: { impact: "outage" } });
  await until(() => begun.some((what) => !what.startsWith("to ")), "it is being opened");
  const [{ id: incident, channel }] = await all(host.incidents());
  const update = { kind: "update", incident, by: "sari", parts: { status: "Down", impact: "Nobody can call", "next-steps": "A restart" } };
  await host.apply(update).catch((error) => assert.fail(`${error.message}: ${error.help}`));
  await sleep(20);
  assert.ok(!begun.includes(`to ${channel}`), String(begun));
  assert.ok(begun.length > 2, "others hear of it meanwhile");
  open();
  await host.idle();
  assert.ok(begun.includes(`to ${channel}`));
  await host.close();
});

test("whoever runs an engine knows of which effects to report", async () => {
  const { done, host } = await setUp();
  const reported = new Set();
  host.on("report", ({ id }) => reported.add(id));
  await host.alert(failing());
  await host.idle();
  assert.deepEqual(done.filter(wantsReport).map(({ id }) => id), [...reported]);
  assert.deepEqual(told(done.filter(wantsReport)), ["pager ana"]);
  assert.equal(wantsReport({ kind: "breach" }), false);
  await host.close();
});

test("handlers that do not fit the policy are refused where they are misspelt, and told of where they may be meant", async () => {
  const [policy, ring] = [shopPolicy(), () => undefined];
  const declares = Policy.fromYaml(`${shop}channels: { siren: {} }\n`);
  const begun = async (deliver, options = {}) => {
    const errors = [];
    const { host } = await setUp({ policy, deliver, on: { error: ({ code, message, help }) => errors.push([code, message, help.length > 0]) }, ...options });
    await host.idle();
    await host.close();
    return errors;
  };
  for (const [deliver, path, meant] of [
    [{ pagr: ring, default: ring }, "deliver.pagr", "pager"],
    [{ pager: ring, emial: ring }, "deliver.emial", "email"],
    [{ statuspage: ring, default: ring }, "deliver.statuspage", "status_page"],
    [{ pager: ring, defualt: ring }, "deliver.defualt", "default"],
  ]) {
    await assert.rejects(begun(deliver), (error) => {
      assert.ok(error instanceof KentonganError);
      assert.deepEqual([error.code, error.where, error.help], ["invalid_value", { path }, `did you mean \`${meant}\`?`]);
      return true;
    });
  }
  const missing = (names) => [["no_handler", `\`deliver\` has no handler for these channels of the policy: ${names}`, true]];
  assert.deepEqual(await begun({ pager: ring }), missing("`email`, `sms`"));
  assert.deepEqual(await begun({ pager: ring, breach: ring, email: ring }), missing("`sms`"));
  const unused = [["unused_handler", "no policy has what these handlers of `deliver` are for: `siren`", true]];
  assert.deepEqual(await begun({ siren: ring, default: ring }), unused);
  // What may be meant: what catches the rest, what another policy has, and a channel that is there though this policy has no use for it.
  for (const deliver of [ring, { default: ring }, { notify: ring }, { pager: ring, email: ring, sms: ring, slack: ring }]) assert.deepEqual(await begun(deliver), []);
  assert.deepEqual(await begun({ siren: ring, default: ring }, { policies: [declares] }), []);
});

test("a policy that takes over names channels that nobody has a handler for", async () => {
  const errors = [];
  const only = Policy.fromYaml(shop.replace(/, sms: "[^"]*"/, "").replace("{ email: shop@example.org }", "{ pager: ana }"));
  const deliver = { pager: () => undefined };
  const { host } = await setUp({ policy: only, deliver, on: { error: ({ code, message }) => errors.push([code, message]) } });
  assert.deepEqual(errors, []);
  await host.reload({ policy: shopPolicy() });
  assert.deepEqual(errors, [["no_handler", "`deliver` has no handler for these channels of the policy: `email`, `sms`"]]);
  await host.close();
});

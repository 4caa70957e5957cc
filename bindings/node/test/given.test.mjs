// What only JavaScript lets through is refused by the name of what was handed in, before anything comes of it.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import {
  Coverage, Engine, History, Host, Journal, KentonganError, ManualClock, Policy, Records, Rulings, Scenario,
  alertsFrom, createHost, escape, fileStore, ics, memoryStore, postgresStore, promisesOf, readAlerts, schema, wantsReport,
} from "kentongan";

import { failing, minutes, setUp, shop, shopPolicy, start } from "./support/fixtures.mjs";

/** Refused with that code and path, in those words, and with a remedy, whether at once or by a promise. */
async function refuses(call, path, message, help = /^hand in /, code = "invalid_value") {
  await assert.rejects(async () => call(), (error) => {
    const said = `${call}: ${error.code} ${error.where?.path}: ${error.message} (${error.help})`;
    assert.ok(error instanceof KentonganError, `${call}: ${error}`);
    assert.equal(error.code, code, said);
    assert.equal(error.where?.path, path, said);
    assert.match(error.message, message, said);
    assert.match(error.help, help, said);
    return true;
  });
}

const [later, end] = [minutes(5), minutes(60)];
const night = `
scenario: a quiet night
policy: shop.yaml
start: 2026-11-24T02:00:00Z
until: 2026-11-24T03:00:00Z
`;
const scenario = Scenario.fromYaml(night, { policy: shopPolicy() });
const kreki = Policy.kreki();
const working = kreki.calendar(kreki.calendars[0]);
const calendar = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n";

test("a number that the engine would take for another one is refused", async () => {
  const policy = shopPolicy();
  const hostOf = (options) => createHost({ policy, store: memoryStore(), deliver: () => {}, ...options });
  for (const wrong of [-3, 1e12, 1e8, 1.5, Number.NaN, Infinity, 19, 1_001, "100", null]) {
    await refuses(() => scenario.timeline({ width: wrong }), "width", /^`width`: expected a whole number from 20 to 1000, found /);
  }
  for (const wrong of [-1, 1.5, Number.NaN, 2 ** 32, Infinity, "5", null]) {
    await refuses(() => working.closeOfBusinessDay(start, wrong), "days", /^`days`: expected a whole number from 0 to 200000, found /);
    for (const call of [
      () => Journal.open("/none/none.journal", policy, { snapshotEvery: wrong }),
      () => fileStore("none.journal", { snapshotEvery: wrong }),
    ]) await refuses(call, "snapshotEvery", /^`snapshotEvery`: expected a whole number from 0 to 4294967295, found /);
    const hosted = () => hostOf({ store: { file: "/none/none.journal", snapshotEvery: wrong } });
    await refuses(hosted, "store.snapshotEvery", /^`store.snapshotEvery`: expected a whole number from 0 to 4294967295, found /);
  }
  for (const wrong of [1e300, -1, Number.NaN, Infinity, null, undefined, {}]) {
    for (const call of [() => working.add(start, wrong), () => working.subtract(start, wrong)]) {
      await refuses(call, "length", /^`length`: expected a length of time, found /, /^hand in milliseconds, from zero to a hundred years/, "invalid_duration");
    }
  }
  for (const wrong of [0, -1, Number.NaN, "5", null]) {
    await refuses(() => hostOf({ deliverWithin: wrong }), "deliverWithin", /not a length of time/, /^hand in milliseconds/);
  }
  const clock = new ManualClock(start);
  for (const wrong of ["x", -5, null, undefined, Number.NaN, Infinity]) {
    await refuses(() => clock.advance(wrong), "millis", /^`millis`: expected milliseconds, none of them before zero, found /, /there is `set`$/);
  }
  assert.equal(clock.now(), start.getTime());
  // What is right goes through, to the bounds.
  for (const width of [20, 1_000]) assert.match(scenario.timeline({ width }), /a quiet night/);
  assert.ok(working.closeOfBusinessDay(start, 0) instanceof Date && working.closeOfBusinessDay(start, 200_000) instanceof Date);
  assert.ok(working.add(start, 36_500 * 86_400_000) > working.add(start, 0.1 * 3_600_000));
  assert.deepEqual(fileStore("none.journal", { snapshotEvery: 0 }), { file: "none.journal", snapshotEvery: 0 });
});

test("what is no instant says as which it was handed in", async () => {
  const policy = shopPolicy();
  const engine = new Engine(policy);
  const schedule = kreki.schedule(kreki.schedules[0]);
  const { host, clock } = await setUp();
  const tick = { kind: "tick" };
  for (const [wrong, found] of [
    ["soon", /found the text `soon`$/], [Symbol("at"), /found a symbol$/], [Object.create(null), /found an object$/], [null, /found null$/],
    [{ toString: () => "2026-11-24T02:00:00Z" }, /found an object$/], [new Date("soon"), /found an invalid `Date`$/], [8.64e15, /found the number 8640000000000000$/],
    [true, /found `true`$/], [1n, /found a BigInt$/], [-Infinity, /found -Infinity$/],
  ]) {
    for (const [call, path] of [
      [() => policy.who("primary", wrong), "at"],
      [() => policy.nextChange("primary", wrong), "after"],
      [() => policy.coverage("primary", wrong, end), "from"],
      [() => policy.shifts("primary", start, wrong), "to"],
      [() => policy.nextRelease(wrong), "after"],
      [() => policy.over(wrong), "at"],
      [() => schedule.shadowShifts(wrong, end), "from"],
      [() => schedule.nextChange(wrong), "after"],
      [() => working.elapsed(start, wrong), "to"],
      [() => working.isOpen(wrong), "at"],
      [() => engine.apply(wrong, tick), "at"],
      [() => engine.applySync(wrong, tick), "at"],
      [() => engine.advance(wrong), "at"],
      [() => engine.check(wrong, tick), "at"],
      [() => engine.reload({ at: wrong, policy }), "at"],
      [() => engine.duty("primary", wrong), "at"],
      [() => engine.nextChange("primary", wrong), "after"],
      [() => engine.coverage("primary", start, wrong), "to"],
      [() => engine.shiftsIcs("primary", wrong, end), "from"],
      [() => engine.shiftsSvg(start, end, { mark: wrong }), "mark"],
      [() => host.who("primary", wrong), "at"],
      [() => host.nextChange("primary", wrong), "after"],
      [() => host.shiftsSvg(start, wrong), "to"],
      [() => History.of(policy, [], { until: wrong }), "until"],
      [() => new ManualClock(wrong), "at"],
      [() => clock.set(wrong), "at"],
    ]) await refuses(call, path, new RegExp(`^\`${path}\`: expected an instant, .*${found.source}`), /`Date`/, "invalid_instant");
  }
  assert.equal(engine.now, undefined);
  await host.close();
});

test("what is no text says for which parameter one was expected", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const policy = shopPolicy();
  const engine = new Engine(policy);
  const history = await History.of(policy, []);
  const journal = await Journal.open(join(folder, "shop.journal"), policy);
  const rota = new ics.Rota(calendar, policy);
  const { host } = await setUp();
  const remedies = {
    path: /the name of a file$/,
    file: /the name of a file$/,
    id: /the id of an incident/,
    incident: /the id of an incident/,
    role: /such as `primary`$/,
    digest: /`digest` of a policy$/,
    person: /the id of a person$/,
    month: /`2026-11`$/,
    quarter: /`2026-Q4`$/,
  };
  for (const [wrong, found] of [[5, "the number 5"], [null, "null"], [undefined, "nothing"], [{}, "an object"], [["a"], "a list"], [Symbol("a"), "a symbol"]]) {
    for (const [path, ...calls] of [
      ["text", () => Policy.fromYaml(wrong), () => Policy.check(wrong), () => Scenario.fromYaml(wrong), ...Object.values(escape).map((way) => () => way(wrong))],
      ["path", () => Policy.load(wrong), () => Policy.checkFile(wrong), () => Scenario.load(wrong), () => Records.open(wrong)],
      ["path", () => Journal.open(wrong, policy), () => Journal.recover(wrong), () => History.fromJournal(wrong, policy)],
      ["name", () => Policy.shipped(wrong), () => policy.schedule(wrong), () => policy.calendar(wrong)],
      ["digest", () => Policy.shared(wrong)],
      ["person", () => policy.named(wrong)],
      ["of", () => schema(wrong)],
      ["file", () => fileStore(wrong)],
      ["id", () => engine.incident(wrong), () => journal.incident(wrong), () => host.incident(wrong)],
      ["incident", ...[engine, journal, host].map((of) => () => of.roleHolders(wrong, "commander"))],
      ["incident", ...[engine, journal, host, history].flatMap((of) => [() => of.topic(wrong), () => of.statusUpdate(wrong), () => of.publicUpdate(wrong)])],
      ["incident", () => history.account(wrong), () => history.timelineSvg(wrong), () => history.postmortem(wrong)],
      ["month", () => history.monthly(wrong)],
      ["quarter", () => history.quarterly(wrong)],
      ["role", ...[engine, journal, host, history].map((of) => () => of.handoff(wrong)), () => engine.roleHolders("i1", wrong)],
      ["role", ...[policy, engine, journal, host].flatMap((of) => [() => of.who(wrong, start), () => of.nextChange(wrong, start), () => of.shifts(wrong, start, end)])],
      ["role", ...[engine, journal, host].flatMap((of) => [() => of.duty(wrong, start), () => of.nextInLine(wrong, start), () => of.coverage(wrong, start, end)])],
      ["role", ...[engine, journal, host].flatMap((of) => [() => of.shadowShifts(wrong, start, end), () => of.shiftsIcs(wrong, start, end)])],
    ]) for (const call of calls) await refuses(call, path, new RegExp(`^\`${path}\`: expected a text, found ${found}$`), remedies[path] ?? /^hand in a text$/);
    const textOrBytes = /^`\w+`: expected a text or bytes, found /;
    if (Array.isArray(wrong)) continue;
    for (const call of [() => new ics.Rota(wrong, policy), () => ics.holidays(wrong)]) await refuses(call, "calendar", textOrBytes);
    await refuses(() => Engine.restore(policy, wrong), "snapshot", textOrBytes);
  }
  assert.throws(() => rota.layer(5, "UTC"), { code: "invalid_value", where: { path: "name" } });
  assert.throws(() => rota.layer("a", 5), { code: "invalid_value", where: { path: "zone" } });
  assert.throws(() => rota.toYaml(5), { code: "invalid_value", where: { path: "schedule" } });
  await refuses(() => [...engine.incidents(5)], "after", /expected a text/);
  for (const wrong of [5, null, {}]) {
    await refuses(() => policy.classifyBatch(wrong), "alerts", /^not alerts: /);
    for (const call of [() => Engine.replay(policy, wrong), () => History.of(policy, wrong)]) await refuses(call, "journal", /^not a journal: /);
  }
  assert.deepEqual([...engine.incidents(undefined)], []);
  // What is a promise elsewhere is rejected, and thrown by nobody.
  await assert.rejects(journal.roleHolders(), { where: { path: "incident" } });
  await journal.close();
  await host.close();
});

test("an option of another type is refused by its name", async () => {
  const policy = shopPolicy();
  const engine = new Engine(policy);
  const { host } = await setUp();
  const bytes = Buffer.from("{}");
  const hostOf = (options) => createHost({ policy, store: memoryStore(), deliver: () => {}, ...options });
  const client = { query: async () => ({ rows: [], rowCount: 0 }) };
  for (const [path, message, ...calls] of [
    ["adoptPolicy", /expected true or false, found the text `yes`/, () => hostOf({ adoptPolicy: "yes" }), () => hostOf({ store: "/none/x", adoptPolicy: "yes" })],
    ["adoptPolicy", /expected true or false/, () => Journal.open("/none/x", policy, { adoptPolicy: "yes" }), () => fileStore("x", { adoptPolicy: 1 })],
    ["store.adoptPolicy", /expected true or false/, () => hostOf({ store: { file: "/none/x", adoptPolicy: "yes" } })],
    ["everything", /expected true or false/, () => scenario.timeline({ everything: "no" })],
    ["name", /expected a text/, () => Policy.fromYaml(shop, { name: 5 }), () => Policy.check(shop, { name: 5 }), () => Scenario.fromYaml(night, { name: 5 })],
    ["read", /expected a function/, () => Policy.fromYaml(shop, { read: "x" }), () => Policy.fromObject({}, { read: 5 }), () => Scenario.fromYaml(night, { read: {} })],
    ["policy", /is not a policy/, () => Scenario.fromYaml(night, { policy: "shop" }), () => engine.reload({ at: start, policy: {} }), () => hostOf({ policy: null })],
    ["policies", /not a list of policies/, () => hostOf({ policies: [5] }), () => Engine.replay(policy, [], { policies: policy }), () => History.of(policy, [], { policies: null })],
    ["templates", /is not a policy/, () => engine.topic("i1", { templates: {} }), () => host.topic("i1", { templates: null })],
    ["severities", /expected an object of texts/, () => engine.reload({ at: start, policy, severities: ["a"] }), () => host.reload({ policy, severities: "a" })],
    ["severities.high", /expected a text, found the number 1/, () => engine.checkReload({ at: start, policy, severities: { high: 1 } })],
    ["roles", /expected a list of texts, found the text `primary`/, ...[engine, host].map((of) => () => of.shiftsSvg(start, end, { roles: "primary" }))],
    ["roles[1]", /expected a text/, ...[engine, host].map((of) => () => of.shiftsSvg(start, end, { roles: ["primary", 5] }))],
    ["columns", /expected an object of texts, found a list/, () => policy.classifyBatch(bytes, { columns: [1] })],
    ["columns.service", /expected a text, found the number 1/, () => policy.classifyBatch(bytes, { columns: { service: 1 } })],
    ["signal", /expected an `AbortSignal`, found an object/, () => policy.classifyBatch("", { signal: {} }), () => host.effects({ signal: {} })],
    ["onProgress", /expected a function, found the number 3/, () => policy.classifyBatch("", { onProgress: 3 })],
    ["format", /Arrow is handed in as bytes, and the alerts are a text$/, () => policy.classifyBatch("", { format: "arrow" })],
    ["format", /Arrow is handed in as bytes, and the alerts are objects$/, () => policy.classifyBatch([failing()], { format: "arrow" })],
    ["format", /JSON lines are handed in as bytes or a text, and the alerts are objects$/, () => policy.classifyBatch([failing()], { format: "jsonl" })],
    ["columns", /only Arrow has columns, and the alerts are objects$/, () => policy.classifyBatch([failing()], { columns: { service: "team" } })],
    ["columns", /only Arrow has columns, and the alerts are a text$/, () => policy.classifyBatch("", { columns: { service: "team" } })],
    ["columns", /only Arrow has columns, and the alerts are JSON lines$/, () => policy.classifyBatch(bytes, { columns: { service: "team" } })],
    ["clock", /expected a clock, found an object/, () => hostOf({ clock: {} })],
    ["clock", /expected a clock, found null/, () => hostOf({ clock: null })],
    ["zone", /expected a text/, () => new ics.Rota(calendar, policy, { zone: 5 }), () => ics.holidays(calendar, { zone: null })],
    ["until", /expected a text, found a `Date`/, () => ics.holidays(calendar, { until: start })],
    ["people", /expected an object of texts, found the number 5/, () => new ics.Rota(calendar, policy, { people: 5 })],
    ["people.Ana", /expected a text, found the number 5/, () => new ics.Rota(calendar, policy, { people: { Ana: 5, Lunch: null } })],
    ["table", /expected a text, found the number 5/, () => postgresStore(client, { table: 5 })],
    ["schema", /expected a text/, () => postgresStore(client, { schema: 5 })],
    ["journal", /expected a text/, () => postgresStore(client, { journal: 5 })],
    ["client", /expected an object with `query`, found null/, () => postgresStore(null)],
    ["client", /expected an object with `query`/, () => postgresStore(), () => postgresStore({ query: 5 }), () => postgresStore({})],
  ]) for (const call of calls) await refuses(call, path, message);
  for (const format of ["csv", "Arrow", "json"]) {
    await refuses(() => policy.classifyBatch("", { format }), "format", new RegExp(`\`${format}\` is not one of the values allowed here`), /`arrow`|`jsonl`/);
  }
  // What is unsaid, and what is right, goes through.
  assert.equal((await policy.classifyBatch([failing()], { columns: {} })).length, 1);
  for (const given of [bytes, "{}"]) assert.equal((await policy.classifyBatch(given, { format: "jsonl", columns: {} })).length, 1);
  assert.equal((await policy.classifyBatch([failing()], { format: undefined, signal: new AbortController().signal, onProgress: () => {} })).length, 1);
  assert.match(await engine.shiftsSvg(start, end, { roles: ["primary"], mark: later }), /^<svg/);
  assert.ok(new ics.Rota(calendar, policy, { people: { Lunch: null } }).shifts);
  await host.close();
});

test("what is not made by `new` says how it is come by", async () => {
  for (const [call, ways] of [
    [() => new Policy(), /^call `Policy.load`/],
    [() => new History(), /^call `History.of` or `History.fromJournal`$/],
    [() => new Records(), /^call `Records.open`$/],
    [() => new Journal(), /^call `Journal.open`$/],
    [() => new Journal(shopPolicy(), {}, {}), /^call `Journal.open`$/],
    [() => new Host(), /^call `createHost`$/],
    [() => new Rulings(), /^call `Policy.classifyBatch`$/],
  ]) await refuses(call, undefined, /^\w+( \w+)? cannot be made by `new`$/, ways);
});

test("what is made of a report, an effect or a coverage is refused where it is none", async () => {
  for (const wrong of [null, undefined, 5, "notify", []]) {
    await refuses(() => wantsReport(wrong), "effect", /^`effect`: expected an effect, found /);
    await refuses(() => promisesOf(wrong), "metrics", /^`metrics`: expected an object with `clocks`, found /);
    await refuses(() => new Coverage(wrong), "coverage", /^`coverage`: expected an object with `shifts`, found /);
  }
  await refuses(() => promisesOf({}), "metrics", /expected an object with `clocks`/);
  await refuses(() => promisesOf({ clocks: 5 }), "metrics", /expected an object with `clocks`/);
  await refuses(() => promisesOf({ clocks: { acknowledge: null } }), "metrics.clocks.acknowledge", /expected an object/);
  await refuses(() => new Coverage({}), "coverage", /expected an object with `shifts`/);
  const shift = { from: start, to: end, onCall: { people: ["ana"] } };
  for (const wrong of [null, 5, "x", {}, { from: start, to: end }]) {
    await refuses(() => new Coverage({ shifts: [shift, wrong] }), "shifts[1]", /^`shifts\[1\]`: expected a shift, found /);
  }
  await refuses(() => new Coverage({ shifts: [{ ...shift, to: "soon" }] }), "shifts[0].to", /expected an instant/, /`Date`/, "invalid_instant");
  // Its plain data comes as JSON, too, in which instants are text.
  const whole = shopPolicy().coverage("primary", start, end);
  for (const plain of [structuredClone({ ...whole }), JSON.parse(JSON.stringify(whole))]) assert.deepEqual(new Coverage(plain), whole);
  assert.deepEqual(promisesOf({ clocks: {} }), { promised: 0, kept: 0, missed: 0, givenUp: 0, running: 0 });
  for (const wrong of [5, {}]) {
    await refuses(() => alertsFrom("{}", wrong), "source", /expected a text/);
    await refuses(() => readAlerts("{}", wrong), "source", /expected a text/);
  }
});

// What a policy, a journal's file and a scenario can be asked besides: working time, turns, calendars of others, records.

import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { Coverage, Engine, History, Journal, KentonganError, Policy, Records, Scenario, alertsFrom, ics, memoryStore, readAlerts, timeZoneDataVersion } from "kentongan";

import { all, failing, minutes, setUp, shop, shopPolicy, start, top, webhook, writeJournal } from "./support/fixtures.mjs";

const office = `
calendars: { office: { timezone: Europe/Berlin, hours: { mon-fri: 09:00-17:00 }, holidays: [ { date: 12-25, name: Christmas } ] } }
releases: { dates: [2026-11-30, 2026-12-21], at: 10:00 }
`;
const at = (text) => new Date(`${text}:00Z`);
const HOUR = 3_600_000;

test("working time is added up and taken back", () => {
  const policy = Policy.fromYaml(shop + office);
  assert.deepEqual(policy.calendars, ["office"]);
  const calendar = policy.calendar("office");
  // 15:00 in Berlin on the day before Christmas, a Thursday; 11:00 on the Monday after.
  const [thursday, monday] = [at("2026-12-24T14:00"), at("2026-12-28T10:00")];
  assert.deepEqual([calendar.name, calendar.zone, calendar.hours], ["office", "Europe/Berlin", "mon-fri 09:00-17:00"]);
  for (const length of [4 * HOUR, "4h", "240m"]) {
    assert.deepEqual(calendar.add(thursday, length), monday);
    assert.deepEqual(calendar.subtract(monday, length), thursday);
  }
  assert.deepEqual([calendar.elapsed(thursday, monday), calendar.elapsed(monday, thursday)], [4 * HOUR, 0]);
  assert.deepEqual([calendar.isOpen(thursday), calendar.isOpen("2026-12-24T18:00:00Z")], [true, false]);
  assert.deepEqual(calendar.nextClosing(thursday), at("2026-12-24T16:00"));
  assert.deepEqual(calendar.nextOpening(at("2026-12-24T18:00")), at("2026-12-28T08:00"));
  assert.deepEqual(calendar.nextHoliday(thursday), { day: "2026-12-25", name: "Christmas" });
  assert.ok(calendar.opensFrom(thursday));
  assert.deepEqual(calendar.closeOfBusinessDay(thursday), at("2026-12-28T16:00"));
  assert.deepEqual(calendar.closeOfBusinessDay(thursday, 2), at("2026-12-29T16:00"));
  for (const length of [-1, Number.NaN, "soon", "-4h"]) {
    assert.throws(() => calendar.add(thursday, length), (error) => error.code === "invalid_duration" && error.help.length > 0);
  }
  assert.throws(() => calendar.isOpen("soon"), { code: "invalid_instant" });
  for (const [of, known] of [[policy, /`office`/], [shopPolicy(), /`calendars`/]]) {
    assert.throws(() => of.calendar("ofice"), (error) => error.code === "unknown_calendar" && known.test(error.help));
  }
  assert.match(timeZoneDataVersion(), /^20\d\d[a-z]$/);
});

test("releases come in order, and a policy says what of it is over", () => {
  const policy = Policy.fromYaml(shop + office);
  assert.deepEqual(policy.nextRelease(at("2026-11-24T00:00")), at("2026-11-30T10:00"));
  assert.deepEqual(policy.nextRelease(at("2026-11-30T10:00")), at("2026-12-21T10:00"));
  assert.equal(policy.nextRelease(at("2026-12-21T10:00")), undefined);
  assert.equal(shopPolicy().nextRelease(start), undefined);
  assert.deepEqual(shopPolicy().over(start), []);
  assert.ok(policy.over(at("2027-06-01T00:00")).some((line) => line.includes("release")));
  assert.equal(shopPolicy().named("ana"), "ana");
  const sari = Object.entries(Policy.kreki().toObject().people).find(([, { name }]) => name !== undefined);
  assert.equal(Policy.kreki().named(sari[0]), sari[1].name);
});

const turns = "{ turns: { timezone: Asia/Jakarta, layers: [ { rotation: { every: 1h, start: 2026-11-24, people: [ana, budi] } } ] } }";
const turning = () => Policy.fromYaml(shop.replace("on_call: { primary: [ana],", `schedules: ${turns}\non_call: { primary: { schedule: turns },`));

test("a schedule answers by itself, as the role does that it stands for", () => {
  const policy = turning();
  assert.deepEqual(policy.schedules, ["turns"]);
  const schedule = policy.schedule("turns");
  assert.deepEqual([schedule.name, schedule.zone], ["turns", "Asia/Jakarta"]);
  for (const hour of [0, 1, 2]) assert.deepEqual(schedule.who(minutes(60 * hour)), policy.who("primary", minutes(60 * hour)));
  assert.deepEqual(schedule.coverage(start, minutes(180)), policy.coverage("primary", start, minutes(180)));
  assert.equal(schedule.shifts(start, minutes(180)).length, 3);
  assert.deepEqual(policy.shifts("primary", start, minutes(180)), schedule.shifts(start, minutes(180)));
  assert.deepEqual(schedule.nextChange(start), policy.nextChange("primary", start));
  assert.deepEqual([schedule.shadows(start), schedule.shadowShifts(start, minutes(180))], [[], []]);
  assert.throws(() => policy.schedule("turn"), (error) => error.code === "unknown_schedule" && error.help.includes("`turns`"));
});

test("whoever is asked for the coverage says how long who is on call, and where nobody is", async () => {
  const gap = "{ desk: { layers: [ { shifts: [ { from: 2026-11-24T09:00, to: 2026-11-24T12:00, people: [ana, budi] }, { from: 2026-11-24T14:00, to: 2026-11-24T15:00, people: [ana] } ] } ] } }";
  const policy = Policy.fromYaml(shop.replace("on_call: { primary: [ana],", `schedules: ${gap}\non_call: { primary: { schedule: desk },`));
  const [from, to] = [at("2026-11-24T09:00"), at("2026-11-24T15:00")];
  const folder = mkdtempSync(join(tmpdir(), "kentongan-coverage-"));
  try {
    const journal = await Journal.open(join(folder, "desk.journal"), policy);
    const { host } = await setUp({ policy });
    const given = [policy.coverage("primary", from, to), policy.schedule("desk").coverage(from, to), new Engine(policy).coverage("primary", from, to)];
    given.push(await journal.coverage("primary", from, to), await host.coverage("primary", from, to));
    // As another thread gets it.
    given.push(new Coverage(structuredClone(given[0])), new Coverage({ shifts: policy.shifts("primary", from, to) }));
    for (const coverage of given) {
      assert.ok(coverage instanceof Coverage);
      assert.deepEqual(coverage, given[0]);
      assert.deepEqual(coverage.shifts.map(({ onCall }) => onCall.people), [["ana", "budi"], undefined, ["ana"]]);
      assert.deepEqual(coverage.shifts[0], { from, to: at("2026-11-24T12:00"), onCall: { people: ["ana", "budi"] } });
      assert.deepEqual(coverage.gaps, [coverage.shifts[1]]);
      assert.deepEqual([coverage.isWhole, coverage.uncovered], [false, 2 * HOUR]);
      assert.deepEqual(coverage.byPerson(), { ana: 4 * HOUR, budi: 3 * HOUR });
    }
    const whole = policy.coverage("secondary", from, to);
    assert.deepEqual([whole.isWhole, whole.gaps, whole.uncovered, whole.byPerson()], [true, [], 0, { budi: 6 * HOUR }]);
    assert.deepEqual(JSON.parse(JSON.stringify(whole)), { shifts: [{ from: from.toISOString(), to: to.toISOString(), onCall: { people: ["budi"] } }] });
    await Promise.all([journal.close(), host.close()]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("an engine tells who is on call in pictures and calendars, and who took over", async () => {
  const engine = new Engine(turning());
  assert.deepEqual(engine.who("primary", start), { people: ["ana"] });
  const takesOver = { kind: "override", id: "o1", on: "primary", person: "budi", from: start, to: minutes(60), by: "ana" };
  engine.applySync(start, takesOver);
  assert.deepEqual(engine.who("primary", minutes(5)), { people: ["budi"] });
  assert.deepEqual(engine.duty("primary", minutes(5)).onCall, { people: ["budi"] });
  assert.deepEqual(engine.nextInLine("primary", minutes(5)), { people: ["ana"] });
  assert.deepEqual(engine.shifts("primary", start, minutes(120)).map(({ onCall }) => onCall.people), [["budi"]]);
  const svg = await engine.shiftsSvg(start, minutes(180), { roles: ["primary"], mark: minutes(30) });
  assert.match(svg, /^<svg [^]*budi/);
  assert.match(await engine.shiftsIcs("primary", start, minutes(180)), /BEGIN:VEVENT[^]*budi/);
});

/** A calendar of events, each as its lines. */
const exported = (...events) => ["BEGIN:VCALENDAR", "VERSION:2.0", ...events.flatMap((lines, number) => ["BEGIN:VEVENT", `UID:${number}`, ...lines, "END:VEVENT"]), "END:VCALENDAR", ""].join("\r\n");

test("a calendar of another tool becomes a schedule of a policy", () => {
  const series = (day, summary) => [`DTSTART;TZID=Europe/Berlin:${day}T090000`, "DURATION:P7D", "RRULE:FREQ=WEEKLY;INTERVAL=2", `SUMMARY:${summary}`];
  const weeks = exported(series("20260105", "ana"), series("20260112", "Benny"));
  const rota = new ics.Rota(weeks, shopPolicy(), { people: { Benny: "budi" }, name: "weeks.ics" });
  assert.deepEqual(rota.rotation, { zone: "Europe/Berlin", start: "2026-01-05T09:00:00", days: 7, people: ["ana", "budi"] });
  assert.deepEqual([rota.zone, rota.warnings], ["Europe/Berlin", []]);
  assert.deepEqual(rota.shifts[0], { from: at("2026-01-05T08:00"), to: at("2026-01-12T08:00"), people: ["ana"] });
  assert.deepEqual(rota.toYaml("desk").split("\n").slice(0, 3), ["schedules:", "  desk:", "    timezone: Europe/Berlin"]);
  const document = shopPolicy().toObject();
  document.schedules = { desk: { timezone: rota.zone, layers: [rota.layer("weeks", rota.zone)] } };
  const desk = Policy.fromObject(document).schedule("desk");
  for (const { from, people } of rota.shifts.slice(0, 60)) assert.deepEqual(desk.who(from), { people });
});

test("a calendar is read in a zone, up to a day, and says everything that is wrong with it", () => {
  const night = exported(["DTSTART:20261124T220000", "DTEND:20261125T060000", "SUMMARY:ana"], ["DTSTART:20261125T120000", "DTEND:20261125T130000", "SUMMARY:Team lunch"]);
  const people = { "Team lunch": null };
  const [turn, ...others] = new ics.Rota(Buffer.from(night), shopPolicy(), { people, zone: "Asia/Jakarta" }).shifts;
  assert.deepEqual([turn.from, turn.to, others], [at("2026-11-24T15:00"), at("2026-11-24T23:00"), []]);
  assert.deepEqual(new ics.Rota(night, shopPolicy(), { people, until: "2026-11-23" }).shifts, []);
  for (const [options, code] of [
    [{ name: "night.ics" }, "unknown_person"],
    [{ people: { ...people, Benny: "ben" } }, "unknown_person"],
    [{ people, zone: "Mars/Olympus" }, "unknown_timezone"],
    [{ people, until: "soon" }, "invalid_value"],
  ]) {
    assert.throws(() => new ics.Rota(night, shopPolicy(), options), (error) => error.code === code && error.help.length > 0, code);
  }
  assert.throws(() => new ics.Rota(night, shopPolicy(), { name: "night.ics" }), ({ where, diagnostics }) => where.file === "night.ics" && where.line > 1 && diagnostics.length === 1);
  assert.throws(() => ics.holidays("junk"), { code: "not_a_calendar" });
});

test("the holidays of a calendar are days", () => {
  const { days, warnings } = ics.holidays(readFileSync(`${top}tests/fixtures/other/google-holidays-SYNTHETIC.ics`));
  assert.ok(days.length > 0 && days.every(({ first, last, name }) => /^\d{4}-\d\d-\d\d$/.test(first) && last >= first && name.length > 0));
  assert.ok(Array.isArray(warnings));
});

test("the records of a journal's file are read while its writer goes on, up to the damage", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-records-"));
  try {
    const [path, policy] = [join(folder, "shop.journal"), shopPolicy()];
    const inputs = Array.from({ length: 220 }, (_, index) => [minutes(index), { kind: "alert", ...failing(`a${index}`), startsAt: start }]);
    await writeJournal(path, policy, inputs);
    const records = await Records.open(path);
    const found = await all(records);
    assert.deepEqual(found.map(({ seq }) => seq), inputs.map((_, index) => index + 1));
    assert.ok(found.every(({ at }, index) => at.getTime() === minutes(index).getTime()));
    assert.deepEqual([found[0].policy, found[0].timeZoneData], [policy.digest, timeZoneDataVersion()]);
    assert.equal(await records.tail(), undefined);
    // What is read can be handed in again.
    const again = new Engine(policy);
    for (const { at, input } of found) again.applySync(at, input);
    assert.equal([...again.incidents()].length, 220);

    appendFileSync(path, '{"seq":221,"at":"2026-');
    const torn = await Records.open(path);
    assert.equal((await all(torn)).length, 220);
    assert.deepEqual((await torn.tail()).damage, { code: "unfinished" });
    const lines = readFileSync(path, "utf8").split("\n");
    lines[210] = lines[210].replace("checkout", "checkin");
    writeFileSync(path, lines.join("\n"));
    const good = [];
    await assert.rejects(async () => { for await (const { seq } of await Records.open(path)) good.push(seq); }, { code: "corrupt", where: { file: path, line: 211 } });
    assert.equal(good.length, 209, "what stands before the damage");
    const absent = ({ code, message, help, where }) => code === "io" && where.file === join(folder, "none") && /cannot open .*none`: /.test(message) && /no such file/.test(help) && /made by/.test(help);
    await assert.rejects(Records.open(join(folder, "none")), absent);
    await assert.rejects(History.fromJournal(join(folder, "none"), policy), absent);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const scenario = {
  scenario: "an alert pages who is on call",
  why: "somebody has to get up",
  start: "2026-11-24T02:00:00+07:00",
  inputs: [{ at: "+0s", alert: failing() }],
  until: "+1h",
  expect: [{ effect: { at: "+0s", kind: "notify", channel: "pager", to: "ana" } }],
};

test("a scenario is built as data, and told as people read it", () => {
  const built = Scenario.fromObject(scenario, { policy: shopPolicy() });
  assert.deepEqual([built.name, built.why, built.expectations], [scenario.scenario, scenario.why, 1]);
  const run = built.run();
  assert.ok(run.passed);
  assert.deepEqual([run.inputs[0].at, run.inputs[0].input.key], [start, failing().key]);
  assert.deepEqual([run.effects[0].kind, run.decisions[0].at], ["notify", start]);
  assert.equal(run.entries.filter((entry) => "input" in entry).length, run.inputs.length);
  const [brief, everything] = [built.timeline(), built.timeline({ everything: true, width: 60 })];
  assert.match(brief, /ana/);
  assert.ok(everything.split("\n").length > brief.split("\n").length);
});

test("what was handed in as data has ways through it, and no lines of a text that nobody wrote", () => {
  const refused = (code, message, ...places) => (error) => {
    assert.deepEqual([error.code, error.message.split("\n")[0], error.where], [code, message, places[0]]);
    assert.deepEqual(error.diagnostics.slice(0, places.length).map(({ where }) => where), places);
    return true;
  };
  const missing = "policy: error[missing_field]: `policy` is missing; add `policy:`";
  assert.throws(() => Policy.fromObject({}), refused("missing_field", missing, { file: "policy" }, { file: "policy" }));
  const known = "known are `scenario`, `why`, `policy`, `start`, `until`, `delivery`, `failures`, `inputs`, `expect`";
  const [misspelt, help] = [{ ...scenario, steps: [] }, { policy: shopPolicy() }];
  assert.throws(() => Scenario.fromObject(misspelt, help), refused("unknown_field", `scenario: steps: error[unknown_field]: unknown field \`steps\`; ${known}`, { file: "scenario", path: "steps" }));
  // A file that it names has lines.
  const document = { ...shopPolicy().toObject(), script: "own.rhai", releases: 5 };
  const incomplete = "own.rhai:2:6: error[invalid_script]: the script is not complete; close what is open: a function ends with `}`";
  const read = () => "fn a() { 1 }\nfn b(";
  const places = [{ file: "own.rhai", line: 2, column: 6, path: "script" }, { file: "policy", path: "releases" }];
  assert.throws(() => Policy.fromObject(document, { read }), refused("invalid_script", incomplete, ...places));
  // As many as a message holds, and how many more there are.
  const rules = Array.from({ length: 250 }, () => ({ when: "true", severity: "none" }));
  assert.throws(() => Policy.fromObject({ ...shopPolicy().toObject(), classify: rules }), ({ message }) => /\nand \d+ more$/.test(message));

  const classify = [{ id: "none", when: 'alert.service == "a" && alert.service == "b"', severity: "high" }, { default: "low" }];
  const [warning] = Policy.fromObject({ ...shopPolicy().toObject(), classify }).warnings;
  assert.deepEqual([warning.code, warning.where], ["never_matches", { file: "policy", path: "classify[0]" }]);
  const unmet = { ...scenario, expect: [{ effect: { at: "+0s", kind: "notify", channel: "sms" } }] };
  assert.deepEqual(Scenario.fromObject(unmet, { policy: shopPolicy() }).run().failures[0].where, { file: "scenario", path: "expect[0]" });
  const [written] = Scenario.fromYaml(JSON.stringify(unmet), { policy: shopPolicy() }).run().failures;
  assert.deepEqual([written.where.file, written.where.line], ["scenario.yaml", 1]);
});

test("alerts of our own shape may have JavaScript's names in a payload of objects, and what others send is left alone", async () => {
  const instants = { startsAt: start, endsAt: minutes(5).getTime() };
  const own = { ...failing(), service: "checkout", labels: { startsAt: "theirs", fooBar: "x" }, links: { runBook: "https://example.org" }, ...instants };
  const { alerts, warnings, source } = alertsFrom(own);
  assert.deepEqual([source, warnings, alerts], ["alert", [], [{ ...own, status: "firing", endsAt: minutes(5) }]]);
  // In the engine's names, too, and as alone as among others.
  const { startsAt, endsAt, ...rest } = own;
  assert.deepEqual(alertsFrom({ ...rest, starts_at: startsAt, ends_at: endsAt }).alerts, alerts);
  const many = Array.from({ length: 1_000 }, (_, index) => ({ ...own, key: `a${index}` }));
  for (const given of [[own], [failing(), own], many]) {
    const read = alertsFrom(given);
    assert.deepEqual([await readAlerts(given), await readAlerts(read.alerts), alertsFrom(read.alerts, "alert")], [read, read, read]);
  }
  const theirs = alertsFrom(webhook());
  assert.deepEqual(alertsFrom(theirs.alerts).alerts, theirs.alerts);
  assert.deepEqual(alertsFrom(JSON.parse(webhook())), theirs);
  const { host } = await setUp();
  await host.alerts([own]);
  assert.equal((await all(host.incidents())).length, 1);
  await host.close();

  const said = { ...failing(), startsAt: "2026-11-24T02:00:00Z" };
  const refusals = [
    [{ ...failing(), startsAt: "soon" }, "invalid_value", "startsAt"], [[failing(), { ...failing(), endsAt: new Date(NaN) }], "invalid_instant", "[1].endsAt"],
    [[{ ...failing(), startAt: start }], "unknown_field", "[0].startAt"], [{ ...said, starts_at: said.startsAt }, "unknown_field", "startsAt"],
    // It may be one of Alertmanager's, which would have no key; and text has the engine's names.
    [[{ status: "firing", labels: {}, startsAt: said.startsAt }], "unknown_field", "[0].startsAt"], [JSON.stringify(said), "unknown_field", "startsAt"],
    [[...many, { ...failing(), startsAt: 5n }], "invalid_value", undefined], [[...many, { ...failing(), startsAt: "soon" }], "invalid_value", "[1000].startsAt"],
  ];
  for (const [payload, code, path] of refusals) {
    const refused = (error) => error instanceof KentonganError && error.code === code && error.where?.path === path && (!path || error.message.includes(`\`${path}\``));
    assert.throws(() => alertsFrom(payload), refused, path);
    await assert.rejects(readAlerts(payload), refused, path);
  }
});

test("what `read` throws is the cause of the error, and what it gives that is no content is refused", () => {
  const text = shop.replace("policy: shop", "policy: shop\nscript: own.rhai");
  const slip = new Error("the bucket is away");
  const calls = (read) => [
    () => Policy.fromYaml(text, { read }),
    () => Policy.fromObject({ ...shopPolicy().toObject(), script: "own.rhai" }, { read }),
    () => Scenario.fromYaml(JSON.stringify({ ...scenario, policy: "shop.yaml" }), { read }),
  ];
  for (const call of calls(() => { throw slip; })) assert.throws(call, (error) => error instanceof KentonganError && error.cause === slip && error.diagnostics.length > 0);
  for (const call of calls(() => undefined)) assert.throws(call, (error) => error instanceof KentonganError && error.cause === undefined);
  const [missing] = Policy.check(text, { read: () => { throw slip; } }).diagnostics;
  assert.deepEqual([missing.code, missing.message], ["missing_script", "the script `own.rhai` cannot be read: the bucket is away"]);
  const given = [[Promise.resolve(""), "a promise"], [Promise.reject(slip), "a promise"], [5, "the number 5"], [{}, "an object"], [new ArrayBuffer(1), "an object"]];
  for (const [content, words] of given) {
    for (const call of [...calls(() => content), () => Policy.check(text, { read: () => content })]) {
      assert.throws(call, (error) => {
        assert.deepEqual([error.code, error.where], ["invalid_value", { path: "read" }]);
        assert.match(error.message, new RegExp(`^\`read\` gave ${words} for \`(own.rhai|shop.yaml)\`$`));
        return error.help.includes("at once");
      });
    }
  }
  for (const content of ["", new Uint8Array(), Buffer.from("fn a() { 1 }")]) assert.equal(Policy.fromYaml(text, { read: () => content }).name, "shop");
});

test("an explanation is for people, too, and rulings are counted", async () => {
  const { text } = shopPolicy().explain(failing());
  assert.match(text, /pay/);
  const rulings = await shopPolicy().classifyBatch([failing(), failing("b"), { key: "c" }]);
  assert.deepEqual(rulings.counts(), { high: 2, low: 1 });
});

test("odd alerts of a batch go as JSON, some at a time, in their order", async () => {
  const policy = shopPolicy();
  const odd = Array.from({ length: 700 }, (_, index) => (index % 3 ? failing(`a${index}`) : { ...failing(`a${index}`), name: "a\u0001b" }));
  const rulings = await policy.classifyBatch([...odd, { key: "last" }]);
  assert.equal(rulings.length, 701);
  assert.deepEqual([rulings.at(0).severity, rulings.at(699).severity, rulings.at(700).severity], ["high", "high", "low"]);
});

test("a host answers what an engine and a journal answer", async () => {
  const twin = new Engine(turning());
  const underWay = [];
  const { host } = await setUp({ policy: turning(), deliver: { default: () => new Promise((resolve) => underWay.push(resolve)) } });
  for (const key of ["a1", "a2"]) {
    await host.alert({ ...failing(key) });
    twin.applySync(start, { kind: "alert", ...failing(key) });
  }
  const [{ id }] = [...twin.incidents()];
  for (const ask of [
    (engine) => engine.nextInLine("primary", start),
    (engine) => engine.nextChange("primary", start),
    (engine) => engine.shifts("primary", start, minutes(180)),
    (engine) => engine.shadowShifts("primary", start, minutes(180)),
    (engine) => engine.roleHolders(id, "commander"),
    (engine) => engine.shiftsSvg(start, minutes(180), { roles: ["primary"], mark: minutes(30) }),
    (engine) => engine.shiftsSvg(start, minutes(180)),
    (engine) => all(engine.pending()),
  ]) {
    assert.deepEqual(await ask(host), await ask(twin), String(ask));
  }
  assert.ok((await all(host.pending())).length > 0);
  assert.deepEqual([await host.nextInLine("primary"), await host.nextChange("primary")], [twin.nextInLine("primary", start), twin.nextChange("primary", start)]);
  await host.check({ kind: "acknowledge", incident: id, by: "ana" });
  assert.equal((await host.incident(id)).acknowledged, undefined);
  await assert.rejects(host.check({ kind: "acknowledge", incident: "none", by: "ana" }), { code: "unknown_incident" });
  for (const arrived of underWay) arrived();
  await host.close();
  await assert.rejects(all(host.pending()), { code: "closed" });
  await assert.rejects(host.check({ kind: "tick" }), { code: "closed" });
});

/** The most texts, and the longest of them, that JSON is read from before the event loop goes on. */
async function readAtOnce(work) {
  const read = JSON.parse;
  let [count, most, longest, running] = [0, 0, 0, true];
  JSON.parse = (text, ...rest) => {
    count += 1;
    most = Math.max(most, count);
    longest = Math.max(longest, text.length);
    return read(text, ...rest);
  };
  const look = () => { count = 0; if (running) setImmediate(look); };
  look();
  try {
    return { result: await work(), most, longest };
  } finally {
    running = false;
    JSON.parse = read;
  }
}

test("what is no payload says where, and what to do", async () => {
  const { host } = await setUp();
  const padded = " ".repeat(70_000);
  for (const [payload, code, where] of [
    ["", "not_json", { line: 1, column: 1 }],
    ['{"key":', "not_json", { line: 1, column: 7 }],
    [`{"version":"4","receiver":"x","alerts":[{"status":"firing"${padded}}]}`, "missing_field", { path: "alerts[0].labels" }],
    ['{"alerts":[],"receiver":"x"}', "missing_field", { path: "version" }],
    ['{"key":"a","key":"b"}', "duplicate_key", { line: 1, column: 21 }],
    [`{"key":"a","x":${"[".repeat(70)}`, "too_deep", { line: 1, column: 79 }],
    ['{"key":"a","labels":{"n":5}}', "wrong_type", { path: "labels.n" }],
    ['{"key":"a","labels":null}', "wrong_type", { path: "labels" }],
    ['{"key":"a","values":{"n":"0.5"}}', "wrong_type", { path: "values.n" }],
    ['{"key":"a","starts_at":"yesterday"}', "invalid_value", { path: "starts_at" }],
    [[failing(), { ...failing(), startsAt: "yesterday" }], "invalid_value", { path: "[1].startsAt" }],
    [[failing(), 7], "wrong_type", { path: "[1]" }],
  ]) {
    const placed = (error) => {
      assert.deepEqual([error.code, error.where], [code, where]);
      return error.help.length > 0;
    };
    assert.throws(() => alertsFrom(payload), placed);
    for (const call of [() => readAlerts(payload), () => host.alerts(payload)]) await assert.rejects(call, placed);
  }
  await host.close();
});

test("a large payload is read on another thread, and comes back some alerts at a time", async () => {
  const payload = JSON.parse(webhook());
  const [one] = payload.alerts;
  const annotations = { ...one.annotations, description: "“x” ".repeat(250) };
  payload.alerts = Array.from({ length: 450 }, (_, index) => ({ ...one, fingerprint: `f${index}`, annotations }));
  const text = JSON.stringify(payload);
  const expected = alertsFrom(text);
  assert.equal(expected.alerts.length, 450);
  for (const given of [text, Buffer.from(text), payload]) {
    const { result, longest } = await readAtOnce(() => readAlerts(given));
    assert.deepEqual(result, expected);
    assert.ok(longest < text.length / 2, `${longest} of ${text.length} characters at once`);
  }
  assert.deepEqual(await readAlerts(webhook(), "alertmanager"), alertsFrom(webhook(), "alertmanager"));
  for (const wrong of [`${text}}`, text.replace("f300", "")]) {
    let refused;
    try { alertsFrom(wrong); } catch ({ code, where, message }) { refused = { code, where, message }; }
    if (refused !== undefined) await assert.rejects(readAlerts(wrong), refused);
    else assert.deepEqual(await readAlerts(wrong), alertsFrom(wrong));
  }
  await assert.rejects(readAlerts(`${text}}`), { code: "not_json" });
  await assert.rejects(readAlerts(undefined), { code: "invalid_value" });
  const { host } = await setUp();
  const { result, longest } = await readAtOnce(() => host.alerts(text));
  assert.equal(result.alerts.length, 450);
  assert.ok(longest < text.length / 2);
  await host.close();
});

test("a host that starts beside another looks at what that may be at some entries at a time", async () => {
  const [store, policy] = [memoryStore(), shopPolicy()];
  for (let seq = 1; seq <= 2_000; seq += 1) {
    const input = { kind: "alert", key: "a1", service: "blog" };
    await store.append({ seq, text: JSON.stringify({ at: start, input, policy: policy.digest, host: "another" }) });
  }
  const { result: { host }, most } = await readAtOnce(() => setUp({ policy, store: { ...store, shared: true } }));
  assert.ok(most < 1_100, `${most} entries at once`);
  await host.close();
});

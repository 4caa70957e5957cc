// What the engine cannot read is said in the names and the words of whoever handed it in, with its place and a remedy.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Engine, History, Journal, KentonganError, Policy, alertsFrom, createHost, fileStore, ics, memoryStore, postgresStore, readAlerts } from "kentongan";

import { failing, setUp, shop, shopPolicy, start, webhook } from "./support/fixtures.mjs";

/** Refused like this: at a path, with words in the message and in the remedy. */
const refused = (path, message, help, where = {}) => (error) => {
  assert.ok(error instanceof KentonganError, String(error));
  assert.equal(error.code, "invalid_value");
  assert.deepEqual(error.where ?? {}, { ...where, ...(path !== undefined && { path }) });
  assert.match(error.message, message);
  assert.match(error.help, help);
  assert.doesNotMatch(`${error.message} ${error.help}`, /struct|f64|u64|enum|variant|expected (a map|a string)|column \d|sequence/);
  return true;
};

test("an alert that is none says in JavaScript's names what is wrong where", () => {
  const policy = shopPolicy();
  for (const [alert, path, message, help] of [
    [{ values: { errorRate: "0.5" } }, "values.errorRate", /^`values.errorRate`: expected a number, found the text `0.5`$/, /the number itself, `0.5`/],
    [{ values: { rate: Number.NaN } }, "values.rate", /expected a number, found NaN/, /leave it out/],
    [{ values: { rate: null } }, "values.rate", /expected a number, found null/, /leave it out/],
    [{ startsAt: "soon" }, "startsAt", /expected an instant, found the text `soon`/, /`Date`/],
    [{ startsAt: "2026-11-24T02:00" }, "startsAt", /expected an instant/, /`Z` or an offset/],
    [{ endsAt: true }, "endsAt", /expected an instant, found `true`/, /`Date`/],
    [{ service: 7 }, "service", /expected a text, found the number 7/, /hand in a text/],
    [{ labels: ["prod"] }, "labels", /expected an object, found a list/, /hand in an object/],
    [{ labels: { env: 1 } }, "labels.env", /expected a text/, /leave it out/],
    [{ status: "fireing" }, "status", /`fireing` is not one of the values/, /did you mean `firing`\?/],
    [{ sevice: "checkout" }, "sevice", /unknown field `sevice`/, /did you mean `service`\?/],
    [{ startAt: start }, "startAt", /unknown field `startAt`/, /did you mean `startsAt`\?/],
    [{ drill: true }, "drill", /unknown field/, /known are .*`startsAt`/],
    // Text has the engine's own names.
    ['{"startsAt":"2026-11-24T02:00:00Z"}', "startsAt", /unknown field/, /did you mean `starts_at`\?/],
    ['{"starts_at":5}', "starts_at", /expected an instant, found the number 5/, /write it as/],
    [Buffer.from('{"values":{"rate":"1"}}'), "values.rate", /expected a number/, /the number itself, `1`/],
  ]) {
    for (const call of [() => policy.classify(alert), () => policy.explain(alert)]) assert.throws(call, refused(path, message, help), JSON.stringify(alert));
  }
  assert.throws(() => policy.classify('{"key":'), ({ code, message, help, where }) => {
    assert.deepEqual([code, message, where], ["invalid_value", "not an alert: not JSON: EOF while parsing a value", { line: 1, column: 7 }]);
    return help.length > 0;
  });
  // What only looks odd is none of this.
  assert.equal(policy.classify({ ...failing(), links: { graph: new URL("https://example.org/") }, startsAt: start, endsAt: undefined }).severity, "high");
});

test("a `Map` is refused where JSON would make an object without entries of it", async () => {
  const policy = shopPolicy();
  const engine = new Engine(policy);
  const { host } = await setUp();
  const whole = Policy.fromYaml(shop.replace("classify:", "classify:\n  - { id: many, when: alert.labels.len() > 5, severity: high }"));
  const remedy = /^hand in `Object\.fromEntries\(map\)`$/;
  for (const name of ["labels", "annotations", "values", "links"]) {
    const alert = { ...failing(), [name]: new Map(Object.entries(failing()[name] ?? { env: "prod" })) };
    const words = [new RegExp(`^\`(\\[\\d+\\]\\.)?${name}\`: expected an object, found a \`Map\`$`), remedy];
    for (const call of [
      () => policy.classify(alert), () => policy.explain(alert), () => alertsFrom(alert), () => readAlerts(alert), () => host.alerts(alert),
      () => engine.check(start, { kind: "alert", ...alert }), () => engine.apply(start, { kind: "alert", ...alert }), () => host.apply({ kind: "alert", ...alert }),
      // No rule reads a link.
      ...(name === "links" ? [] : [() => policy.decide(alert), () => whole.decide(alert)]),
    ]) await assert.rejects(async () => call(), refused(name, ...words), String(call));
    const many = [...Array.from({ length: 450 }, (_, index) => failing(`a${index}`)), alert];
    for (const call of [() => alertsFrom(many), () => whole.classifyBatch(many), ...(name === "links" ? [] : [() => policy.classifyBatch(many)])]) {
      await assert.rejects(async () => call(), refused(`[450].${name}`, ...words), String(call));
    }
  }
  const map = new Map(Object.entries(failing()));
  const words = [/expected an object, found a `Map`$/, remedy];
  for (const call of [() => policy.classify(map), () => policy.decide(map), () => alertsFrom(map), () => engine.check(start, map)]) {
    await assert.rejects(async () => call(), refused(undefined, ...words));
  }
  await assert.rejects(policy.classifyBatch([failing(), map]), refused("[1]", ...words));
  const theirs = JSON.parse(webhook());
  theirs.alerts[0].labels = new Map(Object.entries(theirs.alerts[0].labels));
  await assert.rejects(async () => alertsFrom(theirs), refused("alerts[0].labels", ...words));
  // Of many alerts it is said which one an instant that is none belongs to, too.
  await assert.rejects(policy.classifyBatch([failing(), { ...failing(), labels: { env: "\u0001" }, startsAt: new Date(Number.NaN) }]), ({ code, where }) =>
    code === "invalid_instant" && where.path === "[1].startsAt");
  await host.close();
});

test("a decision and a batch pass over what no rule reads, and say the same of what one does", async () => {
  const policy = shopPolicy();
  const wrong = { anything: 1, values: { error_rate: "0.5" } };
  const words = [/expected a number, found the text `0.5`/, /the number itself/];
  assert.throws(() => policy.decide(wrong), refused("values.error_rate", ...words));
  const many = Array.from({ length: 450 }, (_, index) => ({ ...failing(), name: `a\u0001${index}` }));
  await assert.rejects(policy.classifyBatch([...many, wrong]), refused("[450].values.error_rate", ...words));
  await assert.rejects(policy.classifyBatch(`{"key":"a"}\n${JSON.stringify(wrong)}\n`), refused("values.error_rate", ...words, { line: 2 }));
  await assert.rejects(policy.classifyBatch('{"key":"a"}\n{"service":'), refused(undefined, /not JSON/, /JSON/, { line: 2, column: 11 }));
  const whole = Policy.fromYaml(shop.replace("alert.name.starts_with", 'alert.labels.len() > 0 && alert.name.starts_with'));
  await assert.rejects(whole.classifyBatch([{ sevice: "x" }, failing()]), refused("[0].sevice", /unknown field/, /`service`/));
});

test("an input that is none says what it lacks and what may have been meant", async () => {
  const engine = new Engine(shopPolicy());
  const { host } = await setUp();
  const of = { incident: "i1", by: "ana" };
  for (const [input, path, message, help] of [
    [{ kind: "acknowlege", ...of }, "kind", /`acknowlege` is no kind of input/, /^did you mean `acknowledge`\?$/],
    [{ kind: "falseAlarm", ...of }, "kind", /`falseAlarm` is no kind of input/, /^did you mean `false_alarm`\?$/],
    [{ kind: "smoke" }, "kind", /`smoke` is no kind of input/, /^known are `alert`/],
    [{ kind: 5 }, "kind", /the number 5 is no kind of input/, /^known are/],
    [{}, "kind", /`kind` is missing/, /^known are/],
    [{ kind: "acknowledge", incident: "i1" }, "by", /^`by` is missing$/, /add `by`/],
    [{ kind: "report", effect: "e1" }, "outcome", /^`outcome` is missing$/, /add `outcome`/],
    [{ kind: "report", effect: "e1", outcome: "deliverd" }, "outcome", /not one of the values/, /`delivered`/],
    [{ kind: "acknowledge", ...of, notes: "x" }, "notes", /unknown field `notes`/, /did you mean `note`\?/],
    [{ kind: "acknowledge", ...of, by: 5 }, "by", /expected a text, found the number 5/, /^hand in a text$/],
    [{ kind: "assess", ...of, impact: { usersAffected: -1 } }, "impact.usersAffected", /expected a whole number, 0 or more/, /leave it out/],
    [{ kind: "snooze", ...of, until: "tomorrow" }, "until", /expected an instant/, /`Date`/],
    [{ kind: "split", ...of, alerts: ["a1", 5] }, "alerts[1]", /expected a text/, /hand in a text/],
    [{ kind: "write_postmortem", ...of, whys: [{ question: "why" }] }, "whys[0].answer", /`whys\[0\].answer` is missing/, /add `answer`/],
    [{ kind: "write_postmortem", ...of, lessons: { wentWel: [] } }, "lessons.wentWel", /unknown field/, /did you mean `wentWell`\?/],
    [{ kind: "write_postmortem", ...of, followUp: "soon" }, "followUp", /expected a day, found the text `soon`/, /2026-11-24/],
  ]) {
    const said = refused(path, message, help);
    for (const call of [() => engine.applySync(start, input), () => engine.check(start, input)]) assert.throws(call, said, path);
    await assert.rejects(engine.apply(start, input), said);
    await assert.rejects(host.apply(input), said);
  }
  assert.equal(engine.now, undefined);
  await host.close();
});

test("an entry of a journal says it with its line, in the names in which it was handed in", async () => {
  const policy = shopPolicy();
  const good = { at: start, input: { kind: "tick" } };
  for (const read of [(journal) => Engine.replay(policy, journal), (journal) => History.of(policy, journal)]) {
    const startsAt = { at: start, input: { kind: "alert", startsAt: "soon" } };
    await assert.rejects(read([good, startsAt]), refused("input.startsAt", /expected an instant/, /`Date`/, { line: 2 }));
    await assert.rejects(read([{ at: start, input: { kind: "tik" } }]), refused("input.kind", /no kind of input/, /`tick`/, { line: 1 }));
    await assert.rejects(read([{ at: "soon", input: good.input }]), refused("at", /expected an instant/, /`Date`/, { line: 1 }));
    const text = '{"at":"2026-11-23T19:00:00Z","input":{"kind":"alert","startsAt":1}}';
    await assert.rejects(read(text), refused("input.startsAt", /unknown field/, /did you mean `starts_at`\?.*engine's own JSON/, { line: 1 }));
  }
});

test("an option that is misspelt is refused with the one that may have been meant", async () => {
  const policy = shopPolicy();
  const engine = new Engine(policy);
  const { host } = await setUp();
  const hostOf = (options) => createHost({ policy, store: memoryStore(), deliver: () => {}, ...options });
  for (const [call, path, meant] of [
    [() => policy.classifyBatch([], { onProgres: () => {} }), "onProgres", "onProgress"],
    [() => Policy.fromYaml(shop, { nam: "x" }), "nam", "name"],
    [() => Policy.fromObject({}, { reed: () => null }), "reed", "read"],
    [() => Policy.check(shop, { nmae: "x" }), "nmae", "name"],
    [() => Engine.replay(policy, [], { polices: [] }), "polices", "policies"],
    [() => History.of(policy, [], { untl: start }), "untl", "until"],
    [() => Journal.open("none.journal", policy, { adoptPolice: true }), "adoptPolice", "adoptPolicy"],
    [() => engine.reload({ at: start, policy, severites: {} }), "severites", "severities"],
    [() => host.reload({ policy, severites: {} }), "severites", "severities"],
    [() => engine.shiftsSvg(start, start, { role: [] }), "role", "roles"],
    [() => engine.handoff("primary", { template: policy }), "template", "templates"],
    [() => host.effects({ singal: undefined }), "singal", "signal"],
    [() => fileStore("none.journal", { snapshotevery: 5 }), "snapshotevery", "snapshotEvery"],
    [() => postgresStore({}, { tabel: "x" }), "tabel", "table"],
    [() => ics.holidays("", { zon: "UTC" }), "zon", "zone"],
    [() => hostOf({ deliverwithin: 5 }), "deliverwithin", "deliverWithin"],
    [() => hostOf({ store: { file: "none.journal", adoptpolicy: true } }), "store.adoptpolicy", "adoptPolicy"],
    [() => hostOf({ on: { errors: () => {} } }), "on.errors", "error"],
  ]) {
    await assert.rejects(async () => call(), refused(path, new RegExp(`unknown option \`${path}\``), new RegExp(`^did you mean \`${meant}\`\\?$`)));
  }
  await assert.rejects(async () => policy.classifyBatch([], null), refused(undefined, /expected options, found null/, /`onProgress`/));
  await host.close();
});

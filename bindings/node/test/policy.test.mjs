// Policies: read, refused, asked for one alert and for many.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import {
  DateMillisecond, Decimal, Field, Float16, Float64, Map_, Struct, Table, TimestampMicrosecond, TimestampMillisecond, TimestampNanosecond, TimestampSecond, Uint64, Utf8, makeData, makeVector, tableFromArrays, tableFromIPC, tableToIPC,
  vectorFromArray,
} from "apache-arrow";
import { Engine, History, Journal, KentonganError, Policy, Scenario, alertsFrom } from "kentongan";

import { failing, setUp, shop, shopPolicy, webhook } from "./support/fixtures.mjs";

/** What a file that cannot be read is refused with: why, in our words, and the error of Node. */
const unread = (code, remedy) => (error) => {
  assert.ok(error instanceof KentonganError);
  assert.deepEqual([error.code, error.cause.code], ["io", code]);
  assert.ok(error.where.file.length > 0);
  return remedy.test(error.help);
};

const alerts = [
  failing(),
  { key: "b", service: "checkout", values: { error_rate: 0.05 } },
  { key: "c", service: "checkout" },
  { key: "d", labels: { env: "prod" }, name: "Odd things" },
  { key: "e", labels: { env: "pr\u0001od" }, name: "Odd\u0002" },
  { key: "f", labels: { env: "live" }, name: "Odd “☃” \n" },
  {},
];

test("the captured payload is classified, with the reasons", () => {
  const { alerts: [alert], source } = alertsFrom(webhook());
  assert.equal(source, "alertmanager");
  assert.equal(alert.startsAt.toISOString(), "2026-11-23T07:40:30.766Z");
  const answer = Policy.kreki().classify(alert);
  assert.equal(answer.severity, "SEV-1");
  assert.equal(answer.serviceKnown, true);
  assert.equal(typeof answer.because, "string");
});

test("what decides in brief is what decides in full, for every alert and every way in", async () => {
  const policy = shopPolicy();
  const expected = alerts.map((alert) => {
    const { severity, rule, faults = [] } = policy.classify(alert);
    return { severity, fault: faults.length > 0, ...(rule && { rule }) };
  });
  assert.deepEqual(new Set(expected.map(({ rule }) => rule)), new Set(["pay", "odd", undefined]));
  assert.deepEqual(alerts.map((alert) => policy.decide(alert)), expected);
  const lines = alerts.map((alert) => JSON.stringify(alert)).join("\n");
  assert.deepEqual([...(await policy.classifyBatch(Buffer.from(lines)))], expected);
  assert.deepEqual([...(await policy.classifyBatch(lines))], expected);
  assert.deepEqual([...(await policy.classifyBatch(alerts))], expected);
  const plain = alerts.map(({ service, name = "", labels, values }) => [service, name, labels?.env, values?.error_rate]);
  const column = (index) => plain.map((row) => row[index] ?? null);
  const table = tableFromArrays({ service: column(0), name: column(1), "labels.env": column(2), "values.error_rate": column(3) });
  for (const format of ["stream", "file"]) {
    assert.deepEqual([...(await policy.classifyBatch(tableToIPC(table, format)))], expected);
  }
});

/** A policy whose answer tells which facts were read, and how. */
const telling = () => {
  const severity = { definition: "all of it", notify: [{ email: "shop@example.org" }] };
  const rules = [
    ["half", "alert.values.rate == 0.5"],
    ["tenth", "alert.values.rate >= 0.1 && alert.values.rate <= 0.1"],
    ["below", "alert.values.rate < 0"],
    ["large", "alert.values.rate > 9007199254740992.0"],
    ["nothing", "alert.values.rate == 0"],
    ["live", 'alert.labels.env == "live"'],
    ["quoted", 'alert.labels.env == "a\\"b"'],
    ["snow", 'alert.labels.env == "\\u2603"'],
    ["resolved", 'alert.status == "resolved"'],
    ["old", "alert.starts_at < 1"],
    ["named", 'alert.name == "x"'],
    ["noted", 'alert.annotations.note == "n"'],
  ];
  const classify = rules.map(([id, when]) => ({ id, when, severity: "high" }));
  return Policy.fromObject({
    policy: "telling",
    severities: { high: severity, low: severity },
    classify: [...classify, { default: "low" }],
    last_resort: [{ email: "shop@example.org" }],
  });
};

test("an alert is decided alike whether its texts are known or not, and however many there are", () => {
  const policy = telling();
  const long = "x".repeat(65);
  const alert = (labels, more = {}) => ({ key: "a", labels, ...more });
  const some = [
    alert({ env: "live" }),
    alert({ env: long }, { name: "x" }),
    alert({ env: long }, { name: `${long}x`, annotations: { note: "n" } }),
    alert({ env: `${long}\u0001` }, { name: long }),
    alert({ env: "\u0001" }, { name: "\u0001" }),
    alert({}, { name: "" }),
    alert({}, { status: "resolved", values: { rate: 0.1 } }),
    alert({}, { startsAt: new Date(0) }),
    alert({}, { startsAt: -1 }),
    alert({}, { startsAt: "1969-01-01T00:00:00Z" }),
    alert({}, { values: { rate: -0 } }),
    alert({}, { values: { rate: 5e-324 } }),
  ];
  const told = (decided) => decided.map(({ rule }) => rule);
  const expected = told(some.map((alert) => policy.classify(alert)));
  assert.ok(new Set(expected).size > 6, String(expected));
  for (let round = 0; round < 2; round += 1) assert.deepEqual(told(some.map((alert) => policy.decide(alert))), expected);
  // More texts than are kept: each is known for what it is.
  for (let at = 0; at < 3_000; at += 1) assert.equal(policy.decide(alert({ env: `env-${at}` }, { name: at % 2 ? "x" : "y" })).rule, at % 2 ? "named" : undefined);
  assert.deepEqual(told(some.map((alert) => policy.decide(alert))), expected);
  assert.throws(() => policy.decide(alert({ env: 7 })), { code: "invalid_value" });
  assert.throws(() => policy.decide(alert({}, { values: { rate: "0.5" } })), { code: "invalid_value" });
});

test("a line of JSON says the same however it is written", async () => {
  const policy = telling();
  const written = [
    '{"labels":{"env":"live"}}',
    ' \t{ "labels" : { "other" : "x" , "env" : "live" } , "values" : { } }\r',
    '{"labels":{"env":"a\\"b"}}',
    '{"labels":{"env":"\\u2603"}}',
    '{"labels":{"env":"☃"}}',
    '{"labels":{"env":"live","env":"dead"}}',
    '{"labels":{"env":null},"service":null,"starts_at":null}'.replace('"env":null', '"env":"live"'),
    '{"l\\u0061bels":{"env":"live"}}',
    '{"labels":{"a long name that is no fact":"a text of more than eight bytes","env":"live"}}',
    '{"labels":{"other":"\\u00e9 \\" \\\\ \\/ \\n"},"name":"x"}',
    '{"annotations":{"note":"n"},"labels":{}}',
    '{"annotations":{"odd":"Line one\\nline two of it","note":"n"}}',
    ...["0.5", "5e-1", "0.50", "0.1", "0.1000000000000000055511151231257827", "1.0E-1", "-0.0", "-0", "0", "-1", "-0.001"].map((rate) => `{"values":{"rate":${rate}}}`),
    ...["9007199254740993", "9007199254740992", "123456789012345678901234567890", "1e300", "18446744073709551615"].map((rate) => `{"values":{"rate":${rate}}}`),
    '{"values":{"other":1e5,"rate":0.5,"more":-3}}',
    '{"status":"resolved"}',
    '{"status":"firing","name":"x"}',
    '{"starts_at":"1969-01-01T00:00:00Z"}',
    '{"name":"x"}',
    "{}",
  ];
  const expected = written.map((line) => policy.classify(line).rule);
  // Were they all the default, there would be nothing to tell apart.
  assert.ok(new Set(expected).size > 10, String(expected));
  const rulings = await policy.classifyBatch(written.join("\n"));
  assert.deepEqual(Array.from(rulings, ({ rule }) => rule), expected);
  for (const [at, line] of written.entries()) {
    // The end of the text is the end of a line.
    assert.equal((await policy.classifyBatch(Buffer.from(line))).at(0).rule, expected[at], line);
  }
});

test("what a line holds that no rule asks for is passed over, as long as it is JSON", async () => {
  const policy = telling();
  for (const passed of ['[1,2.5,-3e7,[],{"a":[true,false,null]},"\\ud83d\\ude00"]', '{"a":{"b":"c"}}', "true", "null", "[ ]", "{ }", "1e999", '"x"']) {
    assert.equal((await policy.classifyBatch(`{"more":${passed},"name":"x"}`)).at(0).rule, "named", passed);
  }
  const bad = [
    "[1,]", "[1 2]", "{,}", '{"a"}', '{"a":}', "01", "1.", ".5", "-", "1e", "+1", "tru", "nul", '"\\x"', '"\\u12g4"', '"a\tb"', "[", "{", '"',
    "NaN", "'x'",
  ];
  const lines = [
    ...bad.map((passed) => `{"more":${passed},"name":"x"}`),
    '{"name":"x"', '{"name":"x"}}', '{"name":"x"},', '{"name":"x",}', '{"name" "x"}', '{name:"x"}', '{"name":"x"} {"name":"x"}', "[]", '"x"', "7",
    '{"values":{"rate":"0.5"}}', '{"values":{"rate":1e999}}', '{"values":{"rate":01}}', '{"values":{"rate":null}}', '{"values":{"rate":true}}', '{"values":[]}',
    '{"labels":{"env":7}}', '{"labels":{"env":["live"]}}', '{"labels":null}', '{"status":"burning"}', '{"status":null}', '{"name":null}', '{"name":7}',
    '{"starts_at":"yesterday"}', '{"starts_at":7}',
  ];
  for (const line of lines) {
    const where = (error) => error.code === "invalid_value" && error.where.line === 2;
    await assert.rejects(policy.classifyBatch(`{"name":"x"}\n${line}\n`), where, line);
  }
});

test("severities of an object are ranked in their order", () => {
  const severity = { definition: "all of it", notify: [{ email: "shop@example.org" }] };
  const policy = Policy.fromObject({
    policy: "ranked",
    severities: { urgent: severity, middling: severity, average: severity },
    classify: [{ default: "average" }],
    last_resort: [{ email: "shop@example.org" }],
  });
  assert.deepEqual(policy.severities, ["urgent", "middling", "average"]);
});

test("a policy with a script that takes labels as a whole decides alike", async () => {
  const policy = Policy.fromYaml(shop.replace("- default: low", '- id: many\n    when: alert.labels.len() > 2\n    severity: high\n  - default: low'));
  const alert = { key: "x", labels: { a: "1", b: "2", c: "3" } };
  assert.equal(policy.classify(alert).rule, "many");
  assert.equal(policy.decide(alert).rule, "many");
  assert.equal((await policy.classifyBatch([alert])).at(0).rule, "many");
  // Columns do not show how many labels there are.
  const table = tableToIPC(tableFromArrays({ "labels.a": ["1"], "labels.b": ["2"], "labels.c": ["3"] }));
  await assert.rejects(policy.classifyBatch(table), (error) => error.code === "needs_whole_alerts" && error.help.length > 0);
});

test("a policy that is wrong says everything that is, with places and remedies", () => {
  const wrong = shop.replace("severity: high\n  - default", "severity: hihg\n  - default").replace("default: low", "default: lwo");
  assert.throws(() => Policy.fromYaml(wrong, { name: "shop.yaml" }), (error) => {
    assert.ok(error instanceof KentonganError && error instanceof Error);
    assert.equal(error.code, "unknown_severity");
    assert.equal(error.where.file, "shop.yaml");
    assert.ok(error.where.line > 1);
    assert.match(error.help, /did you mean `high`/);
    assert.equal(error.diagnostics.length, 2);
    return true;
  });
  const { valid, diagnostics } = Policy.check(wrong);
  assert.deepEqual([valid, diagnostics.length], [false, 2]);
  assert.equal(Policy.check(shop).summary.policy, "shop");
});

test("a file is looked at with the files that it names beside itself", () => {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-check-"));
  try {
    const path = join(folder, "shop.yaml");
    writeFileSync(path, shop.replace("classify:", "script: paid.rhai\nclassify:"));
    const without = Policy.checkFile(path);
    assert.ok(!without.valid && without.diagnostics.every(({ where, help }) => where.file === "shop.yaml" && help.length > 0));
    writeFileSync(join(folder, "paid.rhai"), "fn late(level) { level > 1 }\n");
    const { valid, diagnostics, summary } = Policy.checkFile(path);
    assert.deepEqual([valid, diagnostics, summary.policy], [true, Policy.load(path).warnings, "shop"]);
    writeFileSync(path, Buffer.of(0xe2));
    assert.throws(() => Policy.checkFile(path), { code: "not_utf8" });
    assert.throws(() => Policy.checkFile(join(folder, "none.yaml")), unread("ENOENT", /no such file/));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a policy is built as data, and every condition can be explained", () => {
  const policy = Policy.fromObject({
    policy: "tiny",
    severities: { all: { definition: "all", notify: [{ email: "a@example.org" }] } },
    classify: [{ default: "all" }],
    last_resort: [{ email: "a@example.org" }],
  });
  assert.equal(policy.decide({ key: "a" }).severity, "all");
  const { rules } = shopPolicy().explain(failing());
  assert.deepEqual(rules.map(({ says }) => says), ["decides", "no"]);
  assert.deepEqual(shopPolicy().who("primary", new Date()), { people: ["ana"] });
  const reason = "the policy has no on-call role `primry`; did you mean `primary`?";
  assert.deepEqual(shopPolicy().who("primry", new Date()), { gap: { reason } });
});

test("a policy can be taken apart and put together again", () => {
  for (const policy of [shopPolicy(), Policy.kreki(), Policy.shipped("kreki")]) {
    const again = Policy.fromObject(policy.toObject());
    assert.deepEqual(again.toObject(), policy.toObject());
    assert.deepEqual([again.name, again.severities, again.rules], [policy.name, policy.severities, policy.rules]);
    assert.deepEqual(alerts.map((alert) => again.decide(alert)), alerts.map((alert) => policy.decide(alert)));
  }
  assert.throws(() => Policy.shipped("none"), (error) => error.code === "unknown_policy" && error.help.includes("kreki"));
});

test("a policy says which facts its rules read, and in which zone its people live", () => {
  assert.deepEqual(shopPolicy().alertFacts.sort(), ["labels.env", "name", "service", "values.error_rate"]);
  assert.equal(shopPolicy().zone, "UTC");
  assert.equal(Policy.kreki().zone, "Asia/Jakarta");
});

test("a policy says what its author may not have meant", () => {
  assert.deepEqual(shopPolicy().warnings, []);
  const odd = shop.replace("- default: low", '- id: pay-again\n    when: alert.service == "checkout" && alert.values.error_rate > 0.1\n    severity: low\n  - default: low');
  const { warnings } = Policy.fromYaml(odd, { name: "odd.yaml" });
  assert.ok(warnings.length > 0);
  assert.ok(warnings.every(({ level, code, where }) => level === "warning" && code.length > 0 && where.file === "odd.yaml"));
  assert.deepEqual(Policy.check(odd, { name: "odd.yaml" }).diagnostics, warnings);
});

test("an alert that is none is refused, and a batch names the line", async () => {
  const policy = shopPolicy();
  assert.throws(() => policy.decide({ key: "a", service: 7 }), { code: "invalid_value" });
  assert.throws(() => policy.classify({ sevice: "checkout" }), { code: "invalid_value" });
  await assert.rejects(policy.classifyBatch('{"key":"a"}\n{"service":7}\n'), (error) => error.code === "invalid_value" && error.where.line === 2);
  await assert.rejects(policy.classifyBatch(Buffer.from("junk"), { format: "arrow" }), { code: "invalid_arrow" });
});

test("what a column says nothing of is as an alert without it, and no table is taken for alerts", async () => {
  const policy = Policy.fromYaml(shop.replace("- default: low", "- id: firing\n    when: alert.status == \"firing\"\n    severity: high\n  - id: measured\n    when: alert.values.load != ()\n    severity: high\n  - default: low"));
  const table = new Table({
    status: vectorFromArray(["firing", null, "resolved", "resolved", "resolved"], new Utf8()),
    "values.load": vectorFromArray([null, null, Number.NaN, 1.5, Infinity]),
  });
  const rules = (rulings) => [...rulings].map(({ rule }) => rule);
  assert.deepEqual(rules(await policy.classifyBatch(tableToIPC(table))), ["firing", "firing", undefined, "measured", undefined]);
  const status = ["firing", undefined, "resolved", "resolved", "resolved"];
  const alerts = status.map((status, place) => ({ key: "", ...(status && { status }), ...(place === 3 && { values: { load: 1.5 } }) }));
  assert.deepEqual(rules(await policy.classifyBatch(alerts)), ["firing", "firing", undefined, "measured", undefined]);
  await assert.rejects(policy.classifyBatch(table), (error) => error.code === "wrong_type" && error.help.includes("tableToIPC"));
  for (const wrong of [{ labels: ["{}"] }, { labels: [{ env: 1.5 }] }, { "labels.env": [1.5] }, { service: [true] }]) {
    const [column] = Object.keys(wrong);
    const refused = (error) => error.code === "wrong_type" && error.message.includes(`\`${column}\``) && error.help.length > 0;
    await assert.rejects(policy.classifyBatch(tableToIPC(tableFromArrays(wrong))), refused, column);
  }
});

test("numbers of Arrow are measurements, whatever their width", async () => {
  const policy = shopPolicy();
  // A decimal of two places is a whole number of hundredths, as four words of 32 bits.
  const hundredths = (count) => new Uint32Array([count, 0, 0, 0]);
  const wide = makeData({ type: new Decimal(2, 10, 128), data: new Uint32Array([...hundredths(50), ...hundredths(5)]), length: 2 });
  for (const rate of [makeVector(wide), vectorFromArray([0.5, 0.0625], new Float16()), vectorFromArray([1n, 0n], new Uint64())]) {
    const table = tableToIPC(new Table({ service: vectorFromArray(["checkout", "checkout"], new Utf8()), "values.error_rate": rate }));
    assert.deepEqual([...(await policy.classifyBatch(table))].map(({ rule }) => rule), ["pay", undefined], String(rate.type));
  }
});

test("rulings are a table of Arrow, too", async () => {
  const rulings = await shopPolicy().classifyBatch([...alerts, { service: "checkout", values: { error_rate: 1 } }]);
  const table = tableFromIPC(await rulings.toArrow());
  assert.deepEqual(table.schema.fields.map(({ name, type, nullable }) => `${name} ${type} ${nullable}`), [
    "severity Dictionary<Int32, Utf8> false", "rule Dictionary<Int32, Utf8> true", "fault Bool false",
  ]);
  const rows = table.toArray().map(({ severity, rule, fault }) => ({ severity, fault, ...(rule !== null && { rule }) }));
  assert.deepEqual(rows, [...rulings]);
  assert.equal(new Set(rows.map(({ rule }) => rule)).size, 3);
  assert.equal(tableFromIPC(await (await shopPolicy().classifyBatch([])).toArrow()).numRows, 0);
  rulings.severities[0] = 99;
  await assert.rejects(rulings.toArrow(), (error) => error.code === "invalid_value" && error.help.length > 0);
});

/** Columns of the alerts at the top, each called as a fact. */
const columnsOf = () => ({
  service: alerts.map(({ service }) => service ?? null),
  name: alerts.map(({ name }) => name ?? null),
  "labels.env": alerts.map(({ labels }) => labels?.env ?? null),
  "values.error_rate": alerts.map(({ values }) => values?.error_rate ?? null),
});

test("columns of Arrow may be called otherwise, and what is misspelt is refused", async () => {
  const policy = shopPolicy();
  const expected = alerts.map((alert) => policy.decide(alert));
  const { service, name, "labels.env": environment, "values.error_rate": rate } = columnsOf();
  const table = tableFromArrays({ "alert.service": service, name, environment, rate });
  const named = { "labels.env": "environment", "alert.values.error_rate": "rate" };
  // No rule need ask for it.
  const more = { "labels.region": "environment", "alert.annotations.note": "name", "links.run.book": "rate", ends_at: "rate" };
  for (const columns of [named, { ...named, ...more }]) {
    for (const format of ["stream", "file"]) assert.deepEqual([...(await policy.classifyBatch(tableToIPC(table, format), { columns }))], expected);
  }
  assert.notDeepEqual([...(await policy.classifyBatch(tableToIPC(table)))], expected);
  // The one that is named counts, and not the one that is called so.
  const both = tableFromArrays({ "labels.env": name, service, name, environment, "values.error_rate": rate });
  assert.deepEqual([...(await policy.classifyBatch(tableToIPC(both), { columns: { "labels.env": "environment" } }))], expected);
  for (const [place, column, code, help] of [
    ["lables.env", "environment", "invalid_value", /did you mean `labels\.env`/],
    ["alert.lables.env", "environment", "invalid_value", /did you mean `labels\.env`/],
    ["sevice", "environment", "invalid_value", /did you mean `service`/],
    ["service.tier", "environment", "invalid_value", /known are/],
    ["labels.env", "enviroment", "unknown_column", /did you mean `environment`/],
  ]) {
    for (const rows of [table, table.slice(0, 0)]) {
      const refused = policy.classifyBatch(tableToIPC(rows), { columns: { [place]: column } });
      const told = (error) => error.code === code && error.where.path === "columns" && help.test(error.help) && error.message.includes(code === "unknown_column" ? column : place);
      await assert.rejects(refused, told, `${place}: ${column}`);
    }
  }
  await assert.rejects(policy.classifyBatch(tableToIPC(table), { columns: { "labels.env": 7 } }), { code: "invalid_value" });
});

test("a table of which no column is known is refused, with what may have been meant", async () => {
  const policy = shopPolicy();
  for (const [table, help] of [
    [{ sevice: ["checkout"], n: [1] }, /^did you mean `service` by `sevice`\? known are .* name them by `columns`$/],
    [{ env: ["prod"] }, /^did you mean `labels\.env` by `env`\? known are /],
    [{ environment: ["prod"] }, /^known are `.*`labels\.env`/],
  ]) {
    for (const format of ["stream", "file"]) {
      const refused = policy.classifyBatch(tableToIPC(tableFromArrays(table), format));
      await assert.rejects(refused, (error) => error.code === "unknown_column" && error.where.path === "alerts" && help.test(error.help), Object.keys(table).join());
    }
  }
  assert.equal((await policy.classifyBatch(tableToIPC(new Table({})))).length, 0);
});

test("all labels may be one column, of structs or of maps, and be called otherwise", async () => {
  const policy = shopPolicy();
  const expected = alerts.map((alert) => policy.decide(alert));
  const { service, name } = columnsOf();
  const map = (type) => new Map_(new Field("entries", new Struct([new Field("key", new Utf8(), false), new Field("value", type, true)]), false));
  const texts = (given) => vectorFromArray(given, new Utf8());
  const maps = (called) => new Table({
    service: texts(service),
    name: texts(name),
    [called]: vectorFromArray(alerts.map(({ labels }) => (labels ? { other: "x", ...labels } : null)), map(new Utf8())),
    values: vectorFromArray(alerts.map(({ values }) => values ?? {}), map(new Float64())),
  });
  const structs = (called) => new Table({
    service: texts(service),
    name: texts(name),
    [called]: vectorFromArray(alerts.map(({ labels }) => labels ?? null), new Struct([new Field("env", new Utf8(), true), new Field("other", new Utf8(), true)])),
    values: vectorFromArray(alerts.map(({ values }) => values ?? null), new Struct([new Field("error_rate", new Float64(), true)])),
  });
  for (const table of [maps, structs]) {
    assert.deepEqual([...(await policy.classifyBatch(tableToIPC(table("labels"))))], expected, table.name);
    assert.deepEqual([...(await policy.classifyBatch(tableToIPC(table("tags")), { columns: { labels: "tags" } }))], expected, table.name);
    assert.notDeepEqual([...(await policy.classifyBatch(tableToIPC(table("tags"))))], expected, table.name);
  }
  assert.ok((await policy.classifyBatch(tableToIPC(tableFromArrays({ labels: [{ other: "x" }] })))).at(0).rule === undefined);
});

test("instants of a column are of any unit", async () => {
  const policy = telling();
  const instants = [new Date(-1_000), null, new Date("2026-11-24T02:00:00Z"), new Date("1969-12-31T23:59:59Z")];
  for (const type of [new TimestampSecond(), new TimestampMillisecond(), new TimestampMicrosecond(), new TimestampNanosecond(), new DateMillisecond()]) {
    const rulings = await policy.classifyBatch(tableToIPC(new Table({ starts_at: vectorFromArray(instants, type) })));
    assert.deepEqual(Array.from(rulings, ({ rule }) => rule), ["old", undefined, undefined, "old"], String(type));
  }
});

test("a batch tells how far it is, and can be given up", async () => {
  const policy = shopPolicy();
  const lines = Buffer.from(`${JSON.stringify(failing())}\n`.repeat(300_000));
  const told = [];
  const rulings = await policy.classifyBatch(lines, { onProgress: (done) => told.push(done) });
  assert.equal(rulings.length, 300_000);
  assert.equal(told.at(-1), 300_000);
  assert.ok(told.length > 1);
  const abort = new AbortController();
  const batch = policy.classifyBatch(lines, { signal: abort.signal });
  setImmediate(() => abort.abort(new Error("no longer needed")));
  await assert.rejects(batch, /no longer needed/);
});

const slip = () => {
  throw new Error("a slip of the progress bar");
};

test("what `onProgress` throws rejects the batch, and nothing else", async () => {
  const policy = shopPolicy();
  const lines = `${JSON.stringify(failing())}\n`.repeat(300_000);
  const objects = Array.from({ length: 300_000 }, (_, index) => failing(`a${index}`));
  for (const given of [lines, objects]) {
    let calls = 0;
    const onProgress = () => {
      calls += 1;
      slip();
    };
    await assert.rejects(policy.classifyBatch(given, { onProgress }), /a slip of the progress bar/);
    assert.equal(calls, 1);
    await assert.rejects(policy.classifyBatch(given, { onProgress: async () => onProgress() }), /a slip of the progress bar/);
  }
  // That of the last call, too.
  for (const onProgress of [() => slip(), async () => slip(), async () => { await undefined; slip(); }]) {
    await assert.rejects(policy.classifyBatch([failing()], { onProgress }), /a slip of the progress bar/);
  }
});

test("what `onProgress` returns is not waited for", { timeout: 20_000 }, async () => {
  const policy = shopPolicy();
  assert.equal((await policy.classifyBatch([failing()], { onProgress: () => new Promise(() => {}) })).length, 1);
  // What is rejected once the batch is over neither ends the process nor changes what it came to.
  let over = false;
  const late = async () => {
    await sleep(20);
    over = true;
    throw new Error("a slip of the progress bar");
  };
  assert.equal((await policy.classifyBatch([failing()], { onProgress: late })).length, 1);
  await sleep(60);
  assert.ok(over);
});

test("`decide` takes an alert's beginning as `classify` does, and neither in the zone of the machine", () => {
  const policy = Policy.fromYaml(shop.replace("classify:", "classify:\n  - { id: night, when: alert.starts_at != () && hour_of_day(alert.starts_at) < 6, severity: high }"));
  const at = (startsAt) => ({ key: "a", service: "blog", startsAt });
  const taken = [
    ["2026-11-24T02:00:00Z", "high"], ["2026-11-24T02:00:00.5z", "high"], ["2026-11-24T09:00:00+07:00", "high"], ["2026-11-24T02:00:00-07:00", "low"],
    ["2026-11-24 02:00:00Z", "high"], [new Date("2026-11-24T02:00:00Z"), "high"], [Date.parse("2026-11-24T12:00:00Z"), "low"],
  ];
  for (const [startsAt, severity] of taken) {
    assert.deepEqual([policy.classify(at(startsAt)).severity, policy.decide(at(startsAt)).severity], [severity, severity], String(startsAt));
  }
  for (const startsAt of ["2026-11-24T02:00:00", "2026-11-24 02:00", "2026-11-24", "24 Nov 2026 02:00 GMT", "2026-02-30T02:00:00Z", "2026-11-24T24:00:00Z", "2026", "soon", ""]) {
    for (const call of [() => policy.classify(at(startsAt)), () => policy.decide(at(startsAt))]) {
      assert.throws(call, (error) => error.code === "invalid_value", `\`${startsAt}\` is no instant`);
    }
  }
});

test("a file that is not UTF-8 is refused with the line, and no name in it becomes another", () => {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-policy-"));
  try {
    const path = join(folder, "policy.yaml");
    const line = shop.split("\n").findIndex((text) => text.includes("budi:")) + 1;
    for (const [bytes, at] of [[Buffer.from(shop.replace("budi-1", "b\u00fcdi-1"), "latin1"), line], [Buffer.concat([Buffer.from(`${shop}# `), Buffer.of(0xe2)]), shop.split("\n").length]]) {
      writeFileSync(path, bytes);
      for (const load of [() => Policy.load(path), () => Scenario.load(path)]) {
        assert.throws(load, (error) => error instanceof KentonganError && error.code === "not_utf8" && error.help.length > 0 && error.where.line === at && error.where.file === path);
      }
    }
    for (const mark of ["", "\ufeff"]) {
      writeFileSync(path, mark + shop.replace("budi-1", "b\u00fcdi-1"));
      assert.equal(Policy.load(path).toObject().people.budi.contacts.pager, "b\u00fcdi-1");
    }
    for (const load of [(path) => Policy.load(path), (path) => Policy.checkFile(path), (path) => Scenario.load(path)]) {
      assert.throws(() => load(join(folder, "none.yaml")), unread("ENOENT", /no such file/));
      assert.throws(() => load(folder), unread("EISDIR", /folder/));
      for (const none of [undefined, 7]) assert.throws(() => load(none), ({ code, help }) => code === "invalid_value" && help.length > 0);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("what is no alert, no payload and no document is refused by name", async () => {
  const policy = shopPolicy();
  const round = { key: "a1" };
  round.labels = { round };
  const refused = (error) => error instanceof KentonganError && error.code === "invalid_value" && error.help.length > 0;
  const inWords = (error) => refused(error) && !/BigInt/.test(error.help);
  for (const wrong of [undefined, null, 7, ["a1"], () => "a1"]) {
    for (const call of [() => policy.classify(wrong), () => policy.explain(wrong)]) assert.throws(call, inWords, String(wrong));
  }
  assert.throws(() => policy.classify(undefined), { message: "not an alert: it is nothing" });
  for (const call of [() => alertsFrom(undefined), () => Policy.fromObject(undefined)]) assert.throws(call, inWords);
  for (const wrong of [undefined, null, 7, "alert", ["a1"], () => "a1"]) {
    assert.throws(() => policy.decide(wrong), inWords, String(wrong));
    await assert.rejects(policy.classifyBatch([failing(), wrong]), (error) => refused(error) && error.where.path === "[1]", String(wrong));
  }
  for (const wrong of [undefined, round, { key: "a1", values: { rate: 1n } }]) {
    for (const call of [() => policy.classify(wrong), () => policy.explain(wrong), () => alertsFrom(wrong), () => Policy.fromObject(wrong), () => Scenario.fromObject(wrong)]) {
      assert.throws(call, refused, String(call));
    }
  }
  for (const wrong of [undefined, null, 7, {}]) await assert.rejects(policy.classifyBatch(wrong), refused, String(wrong));
  assert.throws(() => policy.classify({ key: "a1", values: { rate: 1n } }), ({ cause }) => cause instanceof TypeError);
});

test("what is no policy is refused by name, wherever one is asked for", async () => {
  const named = (path) => (error) => error instanceof KentonganError && error.code === "invalid_value" && error.where?.path === path && error.help.length > 0;
  assert.throws(() => new Policy(), named(undefined));
  const policy = shopPolicy();
  const engine = new Engine(policy);
  const { host } = await setUp();
  for (const none of [undefined, null, {}, "shop"]) {
    assert.throws(() => new Engine(none), named("policy"));
    for (const call of [
      () => engine.reload({ at: new Date(), policy: none }), () => engine.checkReload({ at: new Date(), policy: none }), () => host.reload({ policy: none }),
      () => Engine.restore(none, "{}"), () => Engine.replay(none, []), () => Journal.open("none.journal", none), () => History.of(none, []), () => History.fromJournal("none", none),
    ]) await assert.rejects(call(), named("policy"), String(call));
    await assert.rejects(Engine.replay(policy, [], { policies: [none] }), named("policies"));
  }
  for (const call of [() => engine.reload(), () => engine.checkReload(), () => host.reload()]) await assert.rejects(call(), named("policy"), String(call));
  const refused = (error) => error instanceof KentonganError && error.code === "invalid_value" && error.help.length > 0;
  for (const none of [undefined, null, 7, ["tick"]]) for (const call of [() => host.apply(none), () => host.check(none), () => host.alert(none)]) await assert.rejects(call(), refused, String(call));
  await host.close();
});

test("progress with objects goes on and on, and to the total alone", async () => {
  const objects = Array.from({ length: 150_000 }, (_, index) => failing(`a${index}`));
  const told = [];
  const set = globalThis.setInterval;
  // As often as can be, so that every moment of a part is told.
  globalThis.setInterval = (call) => set(call, 1);
  try {
    await shopPolicy().classifyBatch(objects, { onProgress: (done) => told.push(done) });
  } finally {
    globalThis.setInterval = set;
  }
  assert.ok(told.length > 10);
  assert.deepEqual(told, told.toSorted((one, other) => one - other));
  assert.ok(told.every((done) => done <= objects.length) && told.at(-1) === objects.length);
});

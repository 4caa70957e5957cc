// Reports and documents: from a journal's file, from entries in memory, and as things stood.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { Engine, History, KentonganError, Policy, promisesOf, schema } from "kentongan";

import { busyPolicy, failing, minutes, shop, shopPolicy, start, writeJournal } from "./support/fixtures.mjs";

/** An incident that is over after half an hour, and a tick a month later: the engine's own JSON, one entry a line. */
function lived(policy) {
  const engine = new Engine(policy);
  const lines = [];
  const apply = (at, input) => {
    lines.push(JSON.stringify({ at, input }));
    engine.applySync(at, input);
  };
  apply(start, { kind: "alert", ...failing() });
  const [{ id }] = [...engine.incidents()];
  apply(minutes(3), { kind: "acknowledge", incident: id, by: "ana" });
  apply(minutes(30), { kind: "resolve", incident: id, by: "ana" });
  apply(minutes(60 * 24 * 40), { kind: "tick" });
  return { id, journal: lines.join("\n") };
}

test("a month and a quarter are data and documents", async () => {
  const policy = shopPolicy();
  const { journal } = lived(policy);
  const history = await History.of(policy, journal);
  const month = await history.monthly("2026-11");
  assert.equal(month.data.month, "2026-11");
  assert.equal(month.data.metrics.total, 1);
  assert.equal(month.data.metrics.acknowledge.mean, "3m");
  const { clocks, severities } = month.data.metrics;
  const { acknowledge } = clocks;
  assert.equal(acknowledge.promised, 1);
  assert.deepEqual([promisesOf(month.data.metrics), promisesOf(severities[0])], [acknowledge, acknowledge]);
  const more = { acknowledge, resolve: { promised: 5, kept: 1, missed: 2, givenUp: 1, running: 1 } };
  assert.deepEqual(promisesOf({ clocks: more }), { promised: 6, kept: 2, missed: 2, givenUp: 1, running: 1 });
  assert.ok(month.data.asOf instanceof Date);
  assert.ok(month.data.metrics.people.every(({ channels }) => Object.values(channels).every(({ inSleepHours }) => inSleepHours >= 0)));
  assert.match(month.markdown, /^# Incident Report: 2026-11\n/);
  assert.equal(month.fault, undefined);
  const quarter = await history.quarterly("2026-Q4");
  assert.equal(quarter.data.months.length, 3);
  assert.ok(quarter.data.metrics.from instanceof Date);
  assert.match(quarter.markdown, /^# Incident Review: 2026-Q4\n/);
  assert.ok("metrics" in schema("monthly").properties && "recurring" in schema("quarterly").properties);
});

test("a report on many incidents is whole, though it comes in pages", async () => {
  const policy = busyPolicy();
  const alert = (index) => ({ kind: "alert", ...failing(`a${index}`), service: `s${index % 120}`, summary: `Zahlung fällt aus ✓ ${index}` });
  const journal = Array.from({ length: 600 }, (_, index) => JSON.stringify({ at: start, input: alert(index) }));
  const history = await History.of(policy, journal.join("\n"), { until: minutes(75) });
  const ids = (await history.incidents()).sort();
  assert.equal(ids.length, 600);
  const { data, markdown } = await history.monthly("2026-11");
  assert.deepEqual([...data.metrics.open].sort(), ids);
  assert.deepEqual([...data.metrics.severities[0].waiting].sort(), ids);
  assert.deepEqual(data.metrics.services.map(({ service }) => service).sort(), Array.from({ length: 120 }, (_, index) => `s${index}`).sort());
  assert.ok(Buffer.byteLength(markdown) > 2 ** 16 && markdown.endsWith("\n"));
  assert.equal(markdown.match(/Zahlung fällt aus ✓ \d+ \|/g).length, 600);
  // Lists within the items of lists, too.
  const quarter = await history.quarterly("2026-Q4");
  assert.deepEqual(quarter.data.months[1].metrics, data.metrics);
  assert.deepEqual([...quarter.data.areas.promises[0].incidents].sort(), ids);
  // And maps by the ids of incidents.
  assert.deepEqual(Object.keys(quarter.data.incidents).sort(), ids);
  assert.ok(Object.values(quarter.data.incidents).every(({ opened, title }) => opened instanceof Date && title.startsWith("Zahlung fällt aus ✓ ")));
});

test("a value of another type is refused in words of the package", async () => {
  const policy = shopPolicy();
  const history = await History.of(policy, lived(policy).journal);
  const refused = (message, path) => (error) => {
    assert.ok(error instanceof KentonganError);
    assert.deepEqual([error.code, error.message, error.where], ["invalid_value", message, { path }]);
    return error.help.length > 0;
  };
  await assert.rejects(history.account(undefined), refused("`incident`: expected a text, found nothing", "incident"));
  await assert.rejects(history.monthly(11), refused("`month`: expected a text, found the number 11", "month"));
});

test("a journal's file tells the same as its entries", async () => {
  const policy = shopPolicy();
  const { id, journal } = lived(policy);
  const folder = mkdtempSync(join(tmpdir(), "kentongan-"));
  try {
    const path = join(folder, "shop.journal");
    await writeJournal(path, policy, journal.split("\n").map((line) => JSON.parse(line)).map(({ at, input }) => [at, input]));
    const [file, memory] = [await History.fromJournal(path, policy), await History.of(policy, journal)];
    assert.deepEqual(await file.monthly("2026-11"), await memory.monthly("2026-11"));
    assert.deepEqual(await file.postmortem(id), await memory.postmortem(id));
    assert.match((await file.postmortem(id)).text, /^# Incident Post-Mortem: /);
    const other = Policy.fromYaml(shop.replace(/^policy: .*$/m, "policy: other"));
    await assert.rejects(History.fromJournal(path, other), { code: "other_policy" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("documents tell how things stood", async () => {
  const policy = shopPolicy();
  const { id, journal } = lived(policy);
  const history = await History.of(policy, journal, { until: minutes(10) });
  assert.match((await history.topic(id)).text, /acknowledged since/);
  assert.match((await history.statusUpdate(id)).text, /open for 10m/);
  assert.match((await history.handoff("primary")).text, /^# On-Call Hand-Off: primary\n/);
  await assert.rejects(history.publicUpdate(id), { code: "not_public" });
});

test("an incident is told of as data and as a picture, and by the templates of another policy", async () => {
  const policy = shopPolicy();
  const { id, journal } = lived(policy);
  const history = await History.of(policy, journal);
  assert.deepEqual(await history.incidents(), [id]);
  assert.ok(history.began instanceof Date && history.ended > history.began);
  const account = await history.account(id);
  assert.equal(account.incident.id, id);
  assert.equal(account.incident.clocks.acknowledge, "met");
  assert.ok(account.firstAnswer.at instanceof Date && account.calls[0].pages[0].at instanceof Date);
  assert.ok(account.timeline.length > 2 && account.timeline.every(({ at, text }) => at instanceof Date && text.length > 0));
  assert.match(await history.timelineSvg(id), /^<svg /);
  for (const ask of [history.account("none"), history.timelineSvg("none")]) await assert.rejects(ask, { code: "unknown_incident" });
  const brief = Policy.fromYaml(`${shop}\ndocuments: { postmortem: { text: "In short: {{ title }}" }, monthly: { text: "Of {{ month }}" } }\n`);
  assert.match((await history.postmortem(id, { templates: brief })).text, /^In short: a1\n/);
  assert.equal((await history.monthly("2026-11", { templates: brief })).markdown.trim(), "Of 2026-11");
  const nothing = await History.of(policy, "");
  assert.deepEqual([nothing.began, nothing.ended, await nothing.incidents()], [undefined, undefined, []]);
});

test("what there is no report of is refused with a remedy", async () => {
  const policy = shopPolicy();
  const { journal } = lived(policy);
  const history = await History.of(policy, journal);
  for (const [ask, code] of [
    [() => history.monthly("November"), "invalid_period"],
    [() => history.quarterly("2026-11"), "invalid_period"],
    [() => history.monthly("2020-01"), "outside_journal"],
    [() => history.postmortem("nowhere"), "unknown_incident"],
    [() => history.handoff("tertiary"), "unknown_role"],
    [async () => (await History.of(policy, "")).monthly("2026-11"), "empty_journal"],
  ]) {
    await assert.rejects(ask, (error) => error instanceof KentonganError && error.code === code && error.help.length > 0);
  }
  await assert.rejects(History.of(policy, `${journal}\nnonsense`), (error) => error.where.line === 5);
});

test("an incident says how far its post-mortem is", () => {
  const policy = Policy.kreki();
  const engine = new Engine(policy);
  engine.applySync(start, { kind: "alert", ...failing(), service: "panic-button", labels: { impact: "outage" } });
  const [{ id, postmortem, openActions }] = [...engine.incidents()];
  assert.deepEqual([postmortem, openActions], [undefined, 0]);
  engine.applySync(minutes(5), { kind: "resolve", incident: id, by: "sari", note: "done", overrideReason: "a drill" });
  assert.equal(engine.incident(id).postmortem, "draft");
});

// The journal's file without a host: what is written, what is found again, and what becomes of damage.

import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { isDeepStrictEqual } from "node:util";

import { Engine, History, Journal, Policy, Records, createHost, fileStore } from "kentongan";

import { all, failing, minutes, setUp, shop, shopPolicy, start } from "./support/fixtures.mjs";

const alert = { kind: "alert", ...failing() };
const policy = shopPolicy();
let folder, path;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kentongan-journal-"));
  path = join(folder, "shop.journal");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A journal of three records, closed; the effects that they came to. */
async function written() {
  const journal = await Journal.open(path, policy);
  const effects = [];
  for (const [at, input] of [[start, alert], [minutes(3), { kind: "tick" }], [minutes(11), { kind: "tick" }]]) {
    effects.push(...(await journal.apply(at, input)).effects);
  }
  await journal.close();
  return effects;
}

test("a journal does what an engine does, and goes on where it was", async () => {
  const twin = new Engine(policy);
  const journal = await Journal.open(path, policy);
  assert.deepEqual(journal.recovery, { created: true, records: 0, replayed: 0, refused: 0, snapshot: { code: "absent" }, effects: [] });
  assert.deepEqual(await journal.apply(start, alert), twin.applySync(start, alert));
  const warned = twin.advanceSync(minutes(3));
  assert.deepEqual(await journal.advance(minutes(3)), warned);
  assert.deepEqual(await journal.wakeup(), twin.wakeup);
  assert.deepEqual(await all(journal.incidents()), [...twin.incidents()]);
  const [{ id }] = twin.incidents();
  assert.deepEqual(await journal.incident(id), twin.incident(id));
  assert.equal(await journal.incident("none"), undefined);
  assert.deepEqual(await all(journal.incidents(id)), []);
  assert.deepEqual(await all(journal.pending()), await all(twin.pending()));
  for (const ask of [
    (engine) => engine.who("primary", start),
    (engine) => engine.duty("primary", start),
    (engine) => engine.nextInLine("primary", start),
    (engine) => engine.nextChange("primary", start),
    (engine) => engine.shifts("primary", start, minutes(60)),
    (engine) => engine.shadowShifts("primary", start, minutes(60)),
    (engine) => engine.roleHolders(id, "commander"),
    (engine) => engine.handoffs(),
    (engine) => engine.topic(id),
    (engine) => engine.statusUpdate(id),
    (engine) => engine.handoff("primary"),
    (engine) => engine.shiftsSvg(start, minutes(60)),
    (engine) => engine.shiftsIcs("primary", start, minutes(60)),
  ]) {
    assert.deepEqual(await ask(journal), await ask(twin), String(ask));
  }
  assert.deepEqual(await journal.now(), twin.now);
  assert.equal(journal.path, realpathSync(path));
  assert.deepEqual([await journal.records(), await journal.snapshotFault()], [2, undefined]);
  assert.deepEqual(await journal.state(), await twin.snapshot());
  assert.deepEqual(await journal.coverage("primary", start, minutes(60)), twin.coverage("primary", start, minutes(60)));
  await assert.rejects(journal.check(minutes(3), { kind: "acknowledge", incident: "none", by: "ana" }), { code: "unknown_incident" });
  await assert.rejects(journal.apply(minutes(3), { kind: "smoke" }), { code: "invalid_value" });
  await journal.close();
  await assert.rejects(journal.apply(minutes(4), alert), { code: "closed" });

  const again = await Journal.open(path, policy);
  const { created, records, effects } = again.recovery;
  assert.deepEqual([created, records], [false, 2]);
  // Nobody reports on the warning that the last record came to: it may not have been seen.
  assert.deepEqual(effects, [...(await all(twin.pending())), ...warned.effects]);
  await again.close();
});

test("calls are made in the order in which they come", async () => {
  const journal = await Journal.open(path, policy);
  const keys = Array.from({ length: 40 }, (_, index) => `a${index}`);
  await Promise.all(keys.map((key, index) => journal.apply(minutes(index), { ...alert, key, service: key })));
  await journal.close();
  const records = readFileSync(path, "utf8").trim().split("\n").slice(1).map((line) => JSON.parse(line));
  assert.deepEqual(records.map(({ input }) => input.key), keys);
});

test("a snapshot is written when asked for or after so many records, and spares the next start", async () => {
  for (const [options, ask, expected] of [[{ snapshotEvery: 0 }, false, "absent"], [{ snapshotEvery: 0 }, true, "used"], [{ snapshotEvery: 2 }, false, "used"]]) {
    const place = join(folder, `${expected}-${ask}.journal`);
    const journal = await Journal.open(place, policy, options);
    for (const key of ["a1", "a2"]) await journal.apply(start, { ...alert, key });
    if (ask) await journal.snapshot();
    await journal.close();
    assert.equal(existsSync(`${place}.snapshot`), expected === "used");
    const again = await Journal.open(place, policy);
    assert.equal(again.recovery.snapshot.code, expected);
    assert.equal(again.recovery.replayed, expected === "used" ? 0 : 2);
    await again.close();
  }
});

test("a write that was cut short is cut off and told of", async () => {
  await written();
  appendFileSync(path, '{"seq":4,"at":"2026-');
  const journal = await Journal.open(path, policy);
  const { records, torn } = journal.recovery;
  assert.deepEqual([records, torn.records, torn.bytes, torn.damage], [3, 3, 20, { code: "unfinished" }]);
  assert.equal(readFileSync(torn.kept, "utf8").includes('{"seq":4,"at":"2026-'), true);
  await journal.close();
});

test("remedies name what there is in JavaScript", async () => {
  await written();
  const speaks = (code, name) => (error) => error.code === code && error.help.includes(name) && !error.help.includes("::");
  await assert.rejects(Journal.open(path, Policy.kreki()), speaks("other_policy", "`adoptPolicy`"));
  await (await Journal.open(path, Policy.kreki(), { adoptPolicy: true })).close();
  writeFileSync(path, readFileSync(path, "utf8").replace('"tick"', '"tock"'));
  await assert.rejects(Journal.open(path, policy), speaks("corrupt", "`Journal.recover`"));
});

test("what a journal is refused for names the file, and the line of a record", async () => {
  await written();
  const file = realpathSync(path);
  const other = join(folder, "other.journal");
  writeFileSync(other, "no journal\n");
  const at = (code, where) => (error) => error.code === code && isDeepStrictEqual(error.where, where);
  const journal = await Journal.open(path, policy);
  for (const call of [() => Journal.open(path, policy), () => Journal.recover(path), () => createHost({ policy, store: path, deliver: () => {} })]) {
    await assert.rejects(async () => call(), at("locked", { file }));
  }
  // What the engine refuses is no matter of the file.
  await assert.rejects(journal.apply(minutes(9), { kind: "acknowledge", incident: "none", by: "ana" }), at("unknown_incident", undefined));
  await journal.close();
  await assert.rejects(Journal.open(path, Policy.kreki()), at("other_policy", { file }));
  for (const call of [() => Journal.open(other, policy), () => Journal.recover(other), () => Records.open(other), () => History.fromJournal(other, policy)]) {
    await assert.rejects(call, ({ code, where }) => code === "not_a_journal" && realpathSync(where.file) === realpathSync(other));
  }
  const none = join(folder, "none", "none.journal");
  for (const call of [() => Journal.open(none, policy), () => Records.open(none)]) await assert.rejects(call, at("io", { file: none }));
  writeFileSync(path, readFileSync(path, "utf8").replace('"tick"', '"tock"'));
  await assert.rejects(Journal.open(path, policy), at("corrupt", { file, line: 3 }));
});

test("damage before the end is refused, until somebody gives up what follows it", async () => {
  await written();
  const lines = readFileSync(path, "utf8").split("\n");
  assert.ok(lines[2].includes('"tick"'));
  lines[2] = lines[2].replace('"tick"', '"tock"');
  writeFileSync(path, lines.join("\n"));
  await assert.rejects(Journal.open(path, policy), (error) => error.code === "corrupt" && error.help.length > 0);
  const cut = await Journal.recover(path);
  assert.deepEqual([cut.records, cut.damage], [1, { code: "checksum_mismatch" }]);
  assert.equal(await Journal.recover(path), undefined, "nothing more is damaged");
  const journal = await Journal.open(path, policy);
  assert.equal(journal.recovery.records, 1);
  await assert.rejects(Journal.recover(path), { code: "locked" });
  await journal.close();
});

test("a defect closes the journal for good, and what was kept is still there", async () => {
  const { NativeJournal } = createRequire(import.meta.url)("../native.js");
  const native = await NativeJournal.open(path, policy.native, false, undefined, []);
  const journal = new Journal(policy, native, JSON.parse(native.recovery()));
  await journal.apply(start, alert);
  await assert.rejects(native.breakDown(), (error) => JSON.parse(error.message).code === "internal");
  await assert.rejects(journal.apply(minutes(1), alert), (error) => error.code === "poisoned" && /failed half way/.test(error.message));
  await assert.rejects(all(journal.incidents()), { code: "poisoned" });
  await journal.close();
  const again = await Journal.open(path, policy);
  assert.equal(again.recovery.records, 1);
  assert.equal((await all(again.incidents())).length, 1);
  await again.close();
});

test("a journal says what a reload would be refused for, and that its state is whole", async () => {
  const journal = await Journal.open(path, policy);
  await journal.apply(start, alert);
  const without = Policy.fromYaml(shop.replaceAll("high", "worse"));
  await assert.rejects(journal.checkReload({ at: minutes(1), policy: without }), { code: "severity_gone" });
  await journal.checkReload({ at: minutes(1), policy: without, severities: { high: "worse" } });
  assert.deepEqual([journal.policy, await journal.records(), await journal.audit()], [policy, 1, []]);
  await journal.close();
  await assert.rejects(journal.audit(), { code: "closed" });
});

test("a host on a file takes snapshots as often as it is told to", async () => {
  const taken = async (store) => {
    const { host } = await setUp({ store });
    for (const key of ["a1", "a2", "a3"]) await host.alert(failing(key));
    await host.idle();
    await host.close();
    return readdirSync(folder).filter((name) => name.includes("snapshot")).length;
  };
  assert.equal(await taken({ file: path, snapshotEvery: 0 }), 0);
  assert.equal(await taken(fileStore(path, { snapshotEvery: 1 })), 1);
});

test("a host tells of its journal's file, and of no other store", async () => {
  const { host } = await setUp({ store: fileStore(path, { snapshotEvery: 2 }) });
  assert.deepEqual([await host.records(), await host.snapshotFault()], [0, undefined]);
  await host.alert(failing());
  await host.snapshot();
  assert.ok(existsSync(`${path}.snapshot`));
  // Nothing can be put in the place of a folder that holds something.
  rmSync(`${path}.snapshot`);
  mkdirSync(join(`${path}.snapshot`, "x"), { recursive: true });
  for (const key of ["a2", "a3"]) await host.alert(failing(key));
  await host.idle();
  assert.ok((await host.records()) > 3);
  assert.match(await host.snapshotFault(), /snapshot/);
  const restored = await Engine.restore(host.policy, await host.state());
  assert.deepEqual([...restored.incidents()], await all(host.incidents()));
  await assert.rejects(host.snapshot(), { code: "io" });
  await host.close();
  for (const ask of [() => host.records(), () => host.snapshot(), () => host.snapshotFault(), () => host.state()]) await assert.rejects(ask(), { code: "closed" });

  const { host: other } = await setUp();
  await other.alert(failing());
  await other.idle();
  assert.deepEqual([...(await Engine.restore(other.policy, await other.state())).incidents()], await all(other.incidents()));
  assert.deepEqual([await other.records(), await other.snapshot(), await other.snapshotFault(), other.recovery], [undefined, undefined, undefined, undefined]);
  await other.close();
});

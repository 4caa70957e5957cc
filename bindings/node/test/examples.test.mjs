// The examples, run as a reader would run them. The programs of the READMEs are run in package.test.mjs.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Journal, Policy } from "kentongan";

import { shop, top, until, webhook } from "./support/fixtures.mjs";

const package_ = fileURLToPath(new URL("..", import.meta.url));
let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "kentongan-examples-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(package_, join(folder, "node_modules/kentongan"));
  symlinkSync(join(package_, "node_modules/fastify"), join(folder, "node_modules/fastify"));
  for (const name of ["classify.mjs", "host.mjs", "backend.mjs"]) cpSync(`${top}examples/node/${name}`, join(folder, name));
  writeFileSync(join(folder, "webhook.json"), webhook());
});
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (file, ...given) => execFileSync("node", [file, ...given], { cwd: folder, encoding: "utf8" });
const linesOf = (path) => readFileSync(path, "utf8").trim().split("\n").length;

test("a file of at most 15 lines classifies the captured payload", () => {
  assert.ok(linesOf(`${top}examples/node/classify.mjs`) <= 15);
  assert.match(run("classify.mjs", "webhook.json"), /^SEV-1 {2}jakarta .*\nSEV-1 {2}bandung /);
});

test("a file of at most 40 lines runs a host, which does nothing twice", () => {
  assert.ok(linesOf(`${top}examples/node/host.mjs`) <= 40);
  const told = (input) => execFileSync("node", ["host.mjs", "night.journal"], { cwd: folder, encoding: "utf8", input });
  assert.match(told(webhook()), /pager to/);
  assert.doesNotMatch(told(""), /pager to/);
});

test("the back end takes a webhook, pages, is killed, and escalates on its own timer afterwards", async () => {
  const quick = shop.replace("after: 10m", "after: 5s").replace("acknowledge: 5m", "acknowledge: 1h");
  writeFileSync(join(folder, "policy.yaml"), `${quick}closing: { checklist: [ { id: restored, text: It works } ], final_update: true }\n`);
  const env = { ...process.env, KENTONGAN_TOKEN: "secret", KENTONGAN_POLICY: "policy.yaml", KENTONGAN_JOURNAL: "backend.journal", PORT: "0" };
  let log = "";
  let address;
  const start = async () => {
    const server = spawn("node", ["backend.mjs"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
    let own = "";
    server.stdout.on("data", (data) => { own += data; log += data; });
    await until(() => /Server listening at (http:[^"]*)/.test(own) || server.exitCode !== null, "the server listens");
    [, address] = /Server listening at (http:[^"]*)/.exec(own);
    return server;
  };
  const call = (path, body, token = "secret") => fetch(`${address}${path}`, {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const logged = (pattern) => until(() => pattern.test(log), `${pattern} in the log`);
  const payload = JSON.parse(webhook());
  for (const alert of payload.alerts) Object.assign(alert, { labels: { ...alert.labels, service: "checkout", error_rate: "0.5" } });

  let server = await start();
  assert.equal((await call("/incidents", undefined, "wrong!")).status, 401);
  assert.deepEqual(await (await call("/alerts", payload)).json(), { alerts: 2, warnings: [] });
  await logged(/"to":"ana"/);
  server.kill("SIGKILL");
  await new Promise((resolve) => server.once("exit", resolve));
  assert.doesNotMatch(log, /"to":"budi"/);

  server = await start();
  await logged(/"to":"budi"/);
  const { incidents: [incident] } = await (await call("/incidents")).json();
  assert.equal(incident.state, "open");
  assert.equal((await call(`/incidents/${incident.id}/acknowledge`, {})).status, 400);
  const does = async (deed, given = {}) => {
    const answer = await call(`/incidents/${incident.id}/${deed}`, { by: "budi", ...given });
    const { code, effects } = await answer.json();
    return [answer.status, code ?? effects.length];
  };
  for (const deed of ["acknowledge", "respond"]) assert.equal((await does(deed))[0], 200);
  assert.deepEqual(await does("resolve"), [409, "checklist_open"]);
  assert.equal((await does("check_item", { item: "restored" }))[0], 200);
  assert.deepEqual(await does("resolve"), [400, "final_update_missing"]);
  assert.equal((await does("resolve", { note: "It works again" }))[0], 200);
  // What is so already is no conflict, so that whoever is not sure can send it again.
  assert.deepEqual(await does("resolve", { note: "It works again" }), [200, 0]);
  assert.deepEqual(await does("respond"), [409, "already_resolved"]);
  assert.equal((await call("/incidents/none/respond", { by: "budi" })).status, 404);
  server.kill("SIGTERM");
  const [code] = await new Promise((resolve) => server.once("exit", (...given) => resolve(given)));
  assert.equal(code, 0);
});

test("the back end says what it is not started without, in one sentence with the remedy", async () => {
  writeFileSync(join(folder, "wrong.yaml"), `${shop}sevrities: {}\nclosign: {}\n`);
  writeFileSync(join(folder, "right.yaml"), shop);
  const locked = await Journal.open(join(folder, "locked.journal"), Policy.load(join(folder, "right.yaml")));
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address();
  const cases = [
    [{ KENTONGAN_TOKEN: "" }, /set KENTONGAN_TOKEN/],
    [{ PORT: "abc" }, /`abc` is no port; set PORT/],
    [{ PORT: "65536" }, /`65536` is no port; set PORT/],
    [{ PORT: "" }, /`` is no port; set PORT/],
    [{ KENTONGAN_POLICY: "none.yaml" }, /`none.yaml`: .*; there is no such file/],
    [{ KENTONGAN_POLICY: "wrong.yaml" }, /wrong\.yaml:\d+:1: .*`sevrities`; did you mean `severities`\?.* \(and 1 more\)$/],
    [{ KENTONGAN_JOURNAL: "locked.journal" }, /; stop the other process/],
    [{ PORT: String(port) }, new RegExp(`in use.*; stop what has port ${port}, or set PORT`)],
  ];
  try {
    for (const [index, [given, words]] of cases.entries()) {
      const usual = { KENTONGAN_TOKEN: "secret", KENTONGAN_POLICY: "right.yaml", KENTONGAN_JOURNAL: `start-${index}.journal`, PORT: "0" };
      const env = { ...process.env, ...usual, ...given };
      const { status, stdout, stderr } = spawnSync("node", ["backend.mjs"], { cwd: folder, env, encoding: "utf8" });
      assert.deepEqual([status, stdout, stderr.trimEnd().split("\n").length], [2, "", 1], stderr);
      assert.match(stderr.trimEnd(), words);
    }
  } finally {
    taken.close();
    await locked.close();
  }
});

test("whatever the back end refuses is answered with a code, a message and a remedy", async () => {
  writeFileSync(join(folder, "right.yaml"), shop);
  const env = { ...process.env, KENTONGAN_TOKEN: "secret", KENTONGAN_POLICY: "right.yaml", KENTONGAN_JOURNAL: "refusing.journal", PORT: "0" };
  const server = spawn("node", ["backend.mjs"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  let log = "";
  server.stdout.on("data", (data) => { log += data; });
  try {
    await until(() => /Server listening at (http:[^"]*)/.test(log) || server.exitCode !== null, "the server listens");
    const [, address] = /Server listening at (http:[^"]*)/.exec(log);
    const json = { "content-type": "application/json" };
    const incident = "/incidents/none/acknowledge";
    const cases = [
      [401, "unauthorized", incident, { headers: { ...json, authorization: "" }, body: "{}" }],
      ...["/alerts", incident].flatMap((path) => [
        ...["{", "", "by=ana"].map((body) => [400, "not_json", path, { body }]),
        ...["null", "5", '"x"', "[1]", "[]", "true"].map((body) => [400, "invalid_value", path, { body }]),
        [400, "invalid_value", path, { headers: {} }],
        [415, "not_json", path, { headers: { "content-type": "text/csv" }, body: "by,ana" }],
      ]),
      [400, "wrong_type", "/alerts", { body: JSON.stringify({ ...JSON.parse(webhook()), alerts: [5] }) }],
      [400, "missing_actor", incident, { body: "{}" }],
      [404, "unknown_incident", incident, { body: '{ "by": "ana" }' }],
      [404, "unknown_call", "/incidents/none/anything", { body: "5" }],
    ];
    for (const [status, code, path, { headers = json, body }] of cases) {
      const answer = await fetch(`${address}${path}`, { method: "POST", headers: { authorization: "Bearer secret", ...headers }, body });
      const told = await answer.json();
      assert.deepEqual([answer.status, told.code], [status, code], `${path} ${body?.slice(0, 60)}`);
      for (const field of ["message", "help"]) assert.ok(typeof told[field] === "string" && told[field].length > 0, `${field} of ${code}`);
    }
    // It is refused by its length alone: nothing of it is sent.
    const headers = { ...json, authorization: "Bearer secret", "content-length": 9 * 2 ** 20 };
    const large = request(`${address}/alerts`, { method: "POST", headers });
    large.flushHeaders();
    const [answer] = await once(large, "response");
    const told = JSON.parse(Buffer.concat(await answer.toArray()).toString());
    assert.deepEqual([answer.statusCode, told.code, typeof told.message, typeof told.help], [413, "too_large", "string", "string"]);
    large.destroy();
  } finally {
    server.kill("SIGKILL");
  }
});

test("the back end ends where nothing works any more, so that a supervisor starts it anew, and says that it is its own fault", async () => {
  writeFileSync(join(folder, "shop.yaml"), shop);
  // Every alert of a checkout meets what its label says: a defect of the engine, or a refusal of the store.
  writeFileSync(join(folder, "breaking.cjs"), `
    const { NativeJournal } = require(${JSON.stringify(join(package_, "native.js"))});
    const { apply } = NativeJournal.prototype;
    NativeJournal.prototype.apply = function (at, input) {
      const code = JSON.parse(input).labels?.meets;
      if (code === "defect") return this.breakDown();
      return code ? Promise.reject(new Error(JSON.stringify({ code, message: "it is so" }))) : apply.call(this, at, input);
    };`);
  const env = {
    ...process.env, KENTONGAN_TOKEN: "secret", KENTONGAN_POLICY: "shop.yaml", KENTONGAN_JOURNAL: "broken.journal", PORT: "0",
    NODE_OPTIONS: `--require ${join(folder, "breaking.cjs")}`,
  };
  const server = spawn("node", ["backend.mjs"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  let log = "";
  server.stdout.on("data", (data) => { log += data; });
  try {
    await until(() => /Server listening at (http:[^"]*)/.test(log) || server.exitCode !== null, "the server listens");
    const [, address] = /Server listening at (http:[^"]*)/.exec(log);
    const meets = async (code) => {
      const payload = JSON.parse(webhook());
      for (const alert of payload.alerts) Object.assign(alert, { labels: { ...alert.labels, service: "checkout", meets: code } });
      const headers = { authorization: "Bearer secret", "content-type": "application/json" };
      return fetch(`${address}/alerts`, { method: "POST", headers, body: JSON.stringify(payload) });
    };
    for (const code of ["not_kept", "not_read", "corrupt", "missing_policy", "io"]) assert.equal((await meets(code)).status, 503, code);
    assert.equal((await meets("too_long")).status, 400);
    assert.equal(server.exitCode, null);
    const answer = await meets("defect");
    assert.deepEqual([answer.status, (await answer.json()).code], [503, "internal"]);
    await until(() => server.exitCode !== null || server.signalCode !== null, "it ends");
    assert.equal(await ended, 1);
  } finally {
    server.kill("SIGKILL");
  }
});

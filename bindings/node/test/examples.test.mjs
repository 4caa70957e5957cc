// The examples, run as a reader would run them. The programs of the READMEs are run in package.test.mjs.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

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

test("the back end says what it is not started without", () => {
  const env = { ...process.env, KENTONGAN_TOKEN: "" };
  const { status, stdout, stderr } = spawnSync("node", ["backend.mjs"], { cwd: folder, env, encoding: "utf8" });
  assert.deepEqual([status, stdout, stderr.trimEnd().split("\n").length], [2, "", 1]);
  assert.match(stderr, /set KENTONGAN_TOKEN/);
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

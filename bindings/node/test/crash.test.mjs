// Hosts that are killed at any moment, on the file and on PostgreSQL: no page is lost, what is tried again is marked so, and what
// was reported is not tried again.

import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import pg from "pg";
import { Engine } from "kentongan";

import { all, shopPolicy, until } from "./support/fixtures.mjs";
import { missing, startPostgres } from "./support/postgres.mjs";

const child = fileURLToPath(new URL("./support/crash-child.mjs", import.meta.url));
const KILLS = 6;

/** The pages that rang. A file is made before it is written. */
const pagesIn = (folder) => readdirSync(folder)
  .map((name) => readFileSync(join(folder, name), "utf8"))
  .filter((text) => text.includes('"purpose":"page"'));

const linesOf = (text) => text.split("\n").filter((line) => line !== "");
const attemptsIn = (path) => (existsSync(path) ? linesOf(readFileSync(path, "utf8")).map((line) => JSON.parse(line)) : []);

/** The effects that a journal has reports on. Of a file that was just being written, the last line may lack its end. */
function reportedIn(journal) {
  const whole = journal.slice(0, journal.lastIndexOf("}") + 1).split("\n").filter((line) => line.endsWith("}") && line.includes('"report"'));
  return new Set(whole.map((line) => JSON.parse(line).input).filter((input) => input?.kind === "report").map(({ effect }) => effect));
}

/** Kills hosts one after the other, lets the last one end well, and compares what rang with what the journal says. */
async function survive(folder, kind, place, journal) {
  const pages = join(folder, "pages");
  mkdirSync(pages);
  const attempts = join(folder, "attempts");
  const epoch = Date.now();
  /** After each kill: how many attempts there had been, and what was reported. */
  const kills = [];
  for (let life = 0; life <= KILLS; life += 1) {
    const plan = { kind, place, pages, attempts, epoch, speed: 600, alert: `a${life}` };
    const host = fork(child, [JSON.stringify(plan)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    if (life < KILLS) {
      // At another moment each time: in the middle of opening, keeping, ringing, reporting.
      await Promise.race([once(host, "message"), once(host, "exit")]);
      await sleep((life * 37) % 110);
      host.kill("SIGKILL");
      await once(host, "exit");
      kills.push({ reported: reportedIn(await journal()), before: attemptsIn(attempts).length });
    } else {
      const [message] = await once(host, "message");
      assert.equal(message, "ready");
      // Its time goes on until somebody else is called, too; it ends once all that is asked of it has been delivered.
      await until(() => pagesIn(pages).length >= KILLS / 2, "pages ring");
      host.send("end");
      const [code] = await once(host, "exit");
      assert.equal(code, 0);
    }
  }
  const { engine, effects } = await Engine.replay(shopPolicy(), await journal());
  const rung = new Set(readdirSync(pages).map(decodeURIComponent));
  const asked = effects.map(({ id }) => id);
  assert.equal(new Set(asked).size, asked.length);
  const pending = await all(engine.pending());
  // Nobody reports on notes (a warning, a breach): of them only the last record's come again.
  const messages = effects.filter(({ kind }) => ["notify", "open_channel", "status_page"].includes(kind)).map(({ id }) => id);
  assert.deepEqual(messages.filter((id) => !rung.has(id)), [], "lost");
  assert.deepEqual([...rung].filter((id) => !asked.includes(id)), [], "rang without a cause");
  assert.ok(effects.filter(({ kind, purpose }) => kind === "notify" && purpose === "page").length >= KILLS / 2);
  assert.deepEqual(pending, []);
  const tried = attemptsIn(attempts);
  const first = new Set();
  const unmarked = tried.filter(({ id, again }) => (first.has(id) ? !again : (first.add(id), false)));
  assert.deepEqual(unmarked, [], "tried again and not marked so");
  assert.deepEqual([...rung].filter((id) => !first.has(id)), []);
  for (const { reported, before } of kills) {
    assert.deepEqual(tried.slice(before).filter(({ id }) => reported.has(id)), [], "tried again though it was reported");
  }
  assert.ok(kills.some(({ reported }) => reported.size > 0), "a host was killed after it had reported");
}

test("a host on the file survives being killed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-crash-"));
  try {
    const place = join(folder, "night.journal");
    const journal = async () => (existsSync(place) ? readFileSync(place, "utf8") : "").split("\n").filter((line) => line.includes('"input"')).join("\n");
    await survive(folder, "file", place, journal);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a host on PostgreSQL survives being killed", { skip: missing }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-crash-"));
  const server = startPostgres();
  const pool = new pg.Pool(server.connection);
  pool.on("error", () => undefined);
  try {
    const select = "SELECT entry FROM kentongan_journal ORDER BY seq";
    // One that is killed early has not made the table.
    const rows = () => pool.query(select).then((found) => found.rows, (error) => (error.code === "42P01" ? [] : Promise.reject(error)));
    const journal = async () => (await rows()).map(({ entry }) => entry).join("\n");
    await survive(folder, "postgres", server.connection, journal);
  } finally {
    await pool.end();
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

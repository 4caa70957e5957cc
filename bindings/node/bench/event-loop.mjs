// How long a call keeps the event loop from its next turn, with a hundred thousand incidents open. A figure of a machine
// that others use, too, is no test: run it with `npm run bench` where nothing else runs.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { Engine, History, Journal, ManualClock, Policy, Records, createHost, memoryStore } from "kentongan";

import { busyPolicy, failing, minutes, start } from "../test/support/fixtures.mjs";

const INCIDENTS = Number(process.argv[2] ?? 100_000);
const PROMISED_MS = 20;
/** How long two looks at the clocks take at most, unless something comes between them. */
const AT_ONCE_MS = 0.5;
/** How long memory that was given back takes to be freed on other threads, about. */
const SETTLED_MS = 1_000;
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
/** The promises are over, and everybody has been told once or twice. What nobody answers is told again for days: each incident by some ten effects an hour. */
const later = minutes(75);

/** The journal of many incidents that stay open. */
function alertsOfMany() {
  const lines = [];
  for (let index = 0; index < INCIDENTS; index += 1) {
    lines.push(JSON.stringify({ at: start, input: { kind: "alert", ...failing(`a${index}`), service: `s${index}` } }));
  }
  return lines.join("\n");
}

/** What the time is, and how it was spent so far, in milliseconds. */
function standing() {
  for (;;) {
    const before = performance.now();
    const spent = { computed: computed(), waited: waited(), stolen: stolen() };
    const now = performance.now();
    // Whoever has to wait between the two looks would count the wait in one stretch, and its time in the next.
    if (now - before < AT_ONCE_MS) return { now, ...spent };
  }
}

/** The numbers in the first line of a file that the kernel writes anew each time, if there is one: looking makes no garbage that would count as a call's. */
function numbersOf(path) {
  let file;
  try {
    file = openSync(path);
  } catch {
    return () => 0;
  }
  const bytes = Buffer.alloc(512);
  return (index) => {
    const length = readSync(file, bytes, 0, bytes.length, 0);
    for (let [at, found, number] = [0, 0, -1]; at < length; at += 1) {
      const digit = bytes[at] - 0x30;
      if (digit >= 0 && digit <= 9) number = Math.max(number, 0) * 10 + digit;
      else if (number >= 0) {
        if (found === index) return number;
        [found, number] = [found + 1, -1];
      }
    }
    return 0;
  };
}

/** In nanoseconds; only Linux tells. */
const schedule = numbersOf("/proc/thread-self/schedstat");
/** In hundredths of a second. */
const processors = numbersOf("/proc/stat");
/** How long this thread has computed. */
const computed = () => schedule(0) / 1e6;
/** How long it has waited for a processor. */
const waited = () => schedule(1) / 1e6;
/** How long other machines have had the processors of this one, if it is a virtual one. */
const stolen = () => processors(7) * 10;

/**
 * The longest that a piece of work kept the event loop from its next turn, in milliseconds: `blocked` by the clock without the
 * time in which others had every processor, threads or machines, `wall` with it, and `computing` how much of it this thread
 * computed.
 */
async function longestTurn(work) {
  let [worst, running] = [{ blocked: 0, wall: 0, computing: 0 }, true];
  let last;
  const look = () => {
    const next = standing();
    const [wall, computing] = [next.now - last.now, next.computed - last.computed];
    const blocked = Math.max(computing, wall - (next.waited - last.waited) - (next.stolen - last.stolen));
    worst = { blocked: Math.max(worst.blocked, blocked), wall: Math.max(worst.wall, wall), computing: Math.max(worst.computing, computing) };
    last = next;
    if (running) setImmediate(look);
  };
  await turn();
  last = standing();
  setImmediate(look);
  await work();
  await turn();
  running = false;
  return worst;
}

// On a machine that others use, too, the best of some attempts says what the call itself takes.
const blocked = {};
const ATTEMPTS = Number(process.argv[3] ?? 3);
const measure = async (name, work, attempts = ATTEMPTS) => {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    // What was thrown away before is no part of this call.
    collect();
    await sleep(SETTLED_MS);
    const turn = await longestTurn(() => work(attempt));
    if (!(blocked[name]?.blocked <= turn.blocked)) blocked[name] = turn;
    if (turn.blocked <= PROMISED_MS) break;
  }
  const best = blocked[name];
  const figures = [best.blocked, best.wall, best.computing].map((figure) => figure.toFixed(1).padStart(7));
  const verdict = best.blocked <= PROMISED_MS ? "" : `  more than the ${PROMISED_MS} ms promised`;
  if (verdict !== "") process.exitCode = 1;
  console.log(`${name.padEnd(34)} ${figures[0]} ms blocked ${figures[1]} ms by the clock ${figures[2]} ms computing${verdict}`);
};
/** Goes through what comes one by one, as a program does that does something with each. */
const through = async (items, most = Infinity) => {
  let seen = 0;
  for await (const _ of items) if ((seen += 1) >= most) break;
  return seen;
};


const policy = busyPolicy();
const role = "primary";

/** Each is measured in a process of its own: what V8 has to look at of another one is no part of a call. */
const PARTS = {
  async engine() {
    const journal = alertsOfMany();
    const engine = await (async () => {
      const { engine, effects } = await Engine.replay(policy, journal);
      assert.equal(new Set(effects.map(({ incident }) => incident)).size, INCIDENTS);
      return engine;
    })();
    const { severities } = policy.toObject();
    const stricter = Policy.fromObject({ ...policy.toObject(), severities: { ...severities, high: { ...severities.high, targets: { acknowledge: "4m" } } } });
    const [{ id: incident }] = engine.incidents();
    await measure("applySync", async (attempt) => engine.applySync(start, { kind: "alert", ...failing(`new${attempt}`) }));
    await measure("apply", (attempt) => engine.apply(start, { kind: "alert", ...failing(`other${attempt}`) }));
    await measure("check", async () => engine.check(start, { kind: "acknowledge", incident, by: "ana" }));
    const waiting = await engine.snapshot();
    // The same again for each attempt: what a program keeps of the last one, V8 has to look at, too.
    const fresh = [engine];
    for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) fresh.push(await Engine.restore(policy, waiting));
    await measure("advance, pages are due", async (attempt) => {
      const { effects } = await fresh[attempt].advance(minutes(11));
      assert.ok(effects.length >= 3 * INCIDENTS);
    });
    fresh.length = 0;
    await measure("wakeup, now", async () => [engine.wakeup, engine.now]);
    await measure("incident", async () => engine.incident(incident));
    await measure("incidents", async () => {
      let seen = 0;
      for (const _ of engine.incidents()) {
        if ((seen += 1) % 100 === 0) await turn();
        if (seen === 5_000) break;
      }
    });
    await measure("who, duty, nextInLine, nextChange", async () => [engine.who(role, later), engine.duty(role, later), engine.nextInLine(role, later), engine.nextChange(role, later)]);
    await measure("coverage of a year", async () => engine.coverage(role, start, new Date(start.getTime() + 365 * 86_400_000)));
    await measure("shadowShifts, handoffs, roleHolders", async () => [engine.shadowShifts(role, start, later), engine.handoffs(), engine.roleHolders(incident, "commander")]);
    await measure("shiftsSvg, shiftsIcs", async () => [await engine.shiftsSvg(start, later), await engine.shiftsIcs(role, start, later)]);
    await measure("topic, statusUpdate", async () => [await engine.topic(incident), await engine.statusUpdate(incident)]);
    await measure("handoff", () => engine.handoff(role));
    let snapshot;
    await measure("snapshot", async () => { snapshot = await engine.snapshot(); });
    await measure("restore", () => Engine.restore(policy, snapshot));
    const text = snapshot.toString("utf8");
    await measure("restore from text", () => Engine.restore(policy, text));
    await measure("replay", () => Engine.replay(policy, journal));
    await measure("reload", (attempt) => engine.reload({ at: minutes(12), policy: attempt % 2 === 0 ? stricter : policy }));
    await measure("checkReload", () => engine.checkReload({ at: minutes(12), policy }));
    await measure("pending", async () => assert.ok((await through(engine.pending())) >= INCIDENTS));
    await measure("audit", async () => assert.deepEqual(await engine.audit(), []));
  },

  async batch() {
    const lines = Buffer.from(`${JSON.stringify(failing())}\n`.repeat(INCIDENTS));
    await measure("classifyBatch of bytes", () => policy.classifyBatch(lines));
    await measure("classifyBatch of text", (() => { const text = lines.toString(); return () => policy.classifyBatch(text); })());
    const alerts = Array.from({ length: INCIDENTS }, (_, index) => failing(`a${index}`));
    await measure("classifyBatch of objects", () => policy.classifyBatch(alerts));
    const odd = alerts.map((alert, index) => (index % 1_000 ? alert : { ...alert, name: "\u0001" }));
    await measure("classifyBatch of odd objects", () => policy.classifyBatch(odd));
  },

  async history() {
    const journal = alertsOfMany();
    let history;
    await measure("History.of", async () => { history = await History.of(policy, journal, { until: later }); });
    const [incident] = await history.incidents();
    await measure("History.monthly", () => history.monthly("2026-11"));
    await measure("History.quarterly", () => history.quarterly("2026-Q4"));
    await measure("History.incidents, account, document", async () => [await history.incidents(), await history.account(incident), await history.postmortem(incident)]);
    await measure("History.handoff", () => history.handoff(role));
  },

  async host() {
    const entries = [...alertsOfMany().split("\n"), JSON.stringify({ at: minutes(11), input: { kind: "tick" } })];
    const store = memoryStore();
    for (const [index, text] of entries.entries()) await store.append({ seq: index + 1, text });
    let performed = 0;
    const deliver = () => void (performed += 1);
    let host;
    let clock;
    await measure("createHost over a store", async () => {
      clock = new ManualClock(minutes(11));
      host = await createHost({ policy, store, deliver, clock });
    }, 1);
    await measure("host: all that was under way", async () => {
      const begun = performed;
      while (performed < begun + INCIDENTS && performed < 3 * INCIDENTS) await turn();
    }, 1);
    const { value: { id: incident } } = await host.incidents().next();
    await measure("host.incidents", async () => through(host.incidents(), 5_000));
    await measure("host.alerts, who, topic", async (attempt) => [await host.alerts(failing(`host${attempt}`)), await host.who(role), await host.topic(incident)]);
    await measure("host: a page each is due", async () => {
      const begun = performed;
      clock.set(minutes(71));
      while (performed < begun + INCIDENTS) await turn();
    }, 1);
  },

  async journal() {
    const folder = mkdtempSync(join(tmpdir(), "kentongan-bench-"));
    try {
      // A journal's file of that many is written by a quick disk only: each record waits for it.
      const place = join(folder, "many.journal");
      const written = await Journal.open(place, policy, { snapshotEvery: 0 });
      const some = Math.min(INCIDENTS, 5_000);
      for (const entry of alertsOfMany().split("\n").slice(0, some)) {
        const { at, input } = JSON.parse(entry);
        await written.apply(at, input);
      }
      await measure(`Journal.advance, ${some} incidents`, () => written.advance(minutes(11)), 1);
      await measure("Journal.snapshot", () => written.snapshot());
      await measure("Journal.incidents", async () => through(written.incidents()));
      await measure("Journal.pending", async () => through(written.pending()));
      await written.close();
      await measure("Journal.open", async () => (await Journal.open(place, policy)).close());
      await measure("Records", async () => through(await Records.open(place)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const [, bench, , , asked] = process.argv;
if (asked === undefined) {
  for (const part of Object.keys(PARTS)) {
    const { status } = spawnSync(process.execPath, [bench, String(INCIDENTS), String(ATTEMPTS), part], { stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  }
} else {
  await PARTS[asked]();
  // What is still being delivered would take minutes to be reported.
  process.exit();
}

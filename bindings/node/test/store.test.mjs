// Stores of a host's own: several hosts over one, stores that fail or do not know, and defects.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import pg from "pg";
import { KentonganError, ManualClock, memoryStore, postgresStore } from "kentongan";

import { all, busyPolicy, failing, minutes, setUp, shopPolicy, start, told, until } from "./support/fixtures.mjs";
import { missing, startPostgres } from "./support/postgres.mjs";

test("two hosts of one store give each number once, and see what the other has kept", async () => {
  const store = memoryStore();
  const [one, other] = [await setUp({ store }), await setUp({ store })];
  await Promise.all([...Array(20).keys()].map((index) => (index % 2 ? one : other).host.alert(failing(`a${index}`))));
  await Promise.all([one.host.idle(), other.host.idle()]);
  await one.host.apply({ kind: "tick" });
  const texts = [...(await store.read(0))];
  assert.deepEqual(texts.map(({ seq }) => seq), texts.map((_, index) => index + 1));
  const ids = [...one.done, ...other.done].map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length > 0);
  await Promise.all([one.host.close(), other.host.close()]);
});

/** Entries as a store gives them, from whatever they say. */
const storeOf = (...contents) => {
  const texts = contents.map((content) => JSON.stringify(content));
  return { shared: true, read: async (after) => texts.map((text, index) => ({ seq: index + 1, text })).slice(after), append: async () => assert.fail("nothing is kept") };
};
const entryOf = (input) => ({ at: start.toISOString(), input });

/** Two hosts of a shared store, of which the one that was told of an alert comes to nothing. */
async function takesOver(stores) {
  const [one, other] = [await setUp({ store: stores[0] }), await setUp({ store: stores[1] })];
  await one.host.alert(failing());
  await one.host.idle();
  assert.deepEqual(told(one.done), ["pager ana"]);
  // From here on the first one's clock stands still.
  other.clock.set(new Date(start.getTime() + 31_000));
  await other.host.idle();
  other.clock.set(minutes(11));
  await other.host.idle();
  assert.ok(told(other.done).includes("pager budi"));
  one.clock.set(minutes(11));
  await one.host.idle();
  const ids = [...one.done, ...other.done].map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, "nothing is done twice");
  await Promise.all([one.host.close(), other.host.close()]);
}

test("what comes due of a host that has stopped is done by another one of the same store", async () => {
  const store = { ...memoryStore(), shared: true };
  await takesOver([store, store]);
});

test("a store that fails is told of, and asked again", async () => {
  const store = memoryStore();
  let down = false;
  const shaky = { ...store, append: (entry) => (down ? Promise.reject(new Error("no disk")) : store.append(entry)) };
  const { clock, done, host } = await setUp({ store: shaky });
  const errors = [];
  // Whatever a store throws comes as an error of this package, with its own as the cause.
  host.on("error", ({ code, help, cause }) => errors.push([code, help.length > 0, cause.message].join(" ")));
  await host.alert(failing());
  await host.idle();
  down = true;
  clock.set(minutes(4));
  await host.idle();
  await assert.rejects(host.alert(failing("b")), (error) => error instanceof KentonganError && error.code === "not_kept" && /no disk/.test(error.message));
  assert.ok(errors.includes("not_kept true no disk"));
  down = false;
  clock.set(minutes(11));
  await host.idle();
  assert.ok(told(done).includes("pager budi"));
  await host.close();
});

/** A store that keeps an entry and then says that it could not, when it is told to. */
function forgetful(store) {
  const wrapped = Object.assign(Object.create(store), { slips: false });
  wrapped.read = (after) => store.read(after);
  wrapped.append = async (entry) => {
    const kept = await store.append(entry);
    if (wrapped.slips) {
      wrapped.slips = false;
      throw new Error("the connection broke before the answer came");
    }
    return kept;
  };
  return wrapped;
}

/** An alert that was kept though the store said otherwise pages once, and so does one that comes again. */
async function pagesOnce(store) {
  for (const [place, next] of ["nothing", "the sender", "a refusal"].entries()) {
    const shaky = forgetful(store(place));
    const { clock, done, host } = await setUp({ store: shaky });
    shaky.slips = true;
    await assert.rejects(host.alert(failing()), /the connection broke/);
    assert.deepEqual(told(done), [], "nothing is known yet");
    if (next === "the sender") await host.alert(failing());
    if (next === "a refusal") await assert.rejects(host.apply({ kind: "acknowledge", incident: "none", by: "ana" }), { code: "unknown_incident" });
    clock.advance(1_000);
    await host.idle();
    assert.deepEqual(told(done), ["pager ana"], next);
    clock.set(minutes(11));
    await host.idle();
    assert.ok(told(done).includes("pager budi"), `${next}: its timer is set`);
    await host.close();
  }
}

test("an entry that was kept though the store said otherwise is not lost, and pages once", () => pagesOnce(() => memoryStore()));

test("PostgreSQL: hosts take over from each other, and what is in doubt is found out", { skip: missing }, async () => {
  const server = startPostgres();
  const pool = new pg.Pool(server.connection);
  pool.on("error", () => undefined);
  try {
    await takesOver([postgresStore(pool, { journal: "two" }), postgresStore(pool, { journal: "two" })]);
    await pagesOnce((place) => postgresStore(pool, { journal: `doubt ${place}` }));
    const broken = { query: () => Promise.reject(new Error("away")) };
    const client = { query: (...given) => broken.query(...given) };
    const store = postgresStore(client);
    await assert.rejects(setUp({ store }), /away/);
    broken.query = (...given) => pool.query(...given);
    await (await setUp({ store })).host.close();
  } finally {
    await pool.end();
    server.stop();
  }
});

test("PostgreSQL: a table that is there needs no right to make one, hosts make it at once, and it may be in any schema", { skip: missing }, async () => {
  const server = startPostgres();
  const pool = new pg.Pool(server.connection);
  const limited = new pg.Pool({ ...server.connection, user: "writer" });
  const pools = [pool, limited];
  for (const each of pools) each.on("error", () => undefined);
  try {
    // A role that may read and append, and the table as the README makes it.
    const [, table] = /```sql\n(.*?)```/s.exec(readFileSync(new URL("../README.md", import.meta.url), "utf8"));
    await pool.query(`${table} CREATE ROLE writer LOGIN; GRANT SELECT, INSERT ON kentongan_journal TO writer`);
    const { done, host } = await setUp({ store: postgresStore(limited) });
    await host.alert(failing());
    await host.idle();
    await host.close();
    assert.deepEqual(told(done), ["pager ana"]);
    await assert.rejects(postgresStore(limited, { table: "none" }).append({ seq: 1, text: "{}" }), { code: "42501" });

    // Several hosts find an empty database.
    for (let round = 0; round < 40; round += 1) {
      const kept = await Promise.all([...Array(8).keys()].map(() => postgresStore(pool, { table: `round ${round}` }).append({ seq: 1, text: "{}" })));
      assert.equal(kept.filter(Boolean).length, 1);
    }

    await pool.query("CREATE SCHEMA ops");
    assert.ok(await postgresStore(pool, { schema: "ops", table: 'of "ours"' }).append({ seq: 1, text: "{}" }));
    assert.equal((await pool.query('SELECT count(*)::int AS count FROM ops."of ""ours"""')).rows[0].count, 1);
  } finally {
    await Promise.all(pools.map((each) => each.end()));
    server.stop();
  }
});

test("a table that another host makes at that moment is found", async () => {
  for (const code of ["23505", "42P07", "42710"]) {
    const asked = [];
    const refusals = { SELECT: ["42P01"], CREATE: [code] };
    const query = async (text) => {
      const [verb] = text.split(" ");
      asked.push(verb);
      const refusal = refusals[verb]?.shift();
      if (refusal !== undefined) throw Object.assign(new Error("refused"), { code: refusal });
      return { rows: [], rowCount: 0 };
    };
    assert.deepEqual(await all(postgresStore({ query }).read(0)), []);
    assert.deepEqual(asked, ["SELECT", "CREATE", "CREATE", "SELECT"]);
    refusals.SELECT = ["42P01"];
    refusals.CREATE = [code, code];
    await assert.rejects(all(postgresStore({ query }).read(0)), { code });
  }
});

test("a store that cannot be read, or gives what is no entry, says so as this package does", async () => {
  const odd = (read) => ({ ...memoryStore(), read });
  const broken = async function* () { yield { seq: 1, text: JSON.stringify(entryOf({ kind: "tick" })) }; throw new Error("the cursor is gone"); };
  const cases = [
    [odd(async () => { throw new Error("away"); }), "not_read", /away/],
    [odd(() => { throw Object.create(null); }), "not_read", /cannot be put into words/],
    [odd(broken), "not_read", /the cursor is gone/],
    [odd(async () => [{ seq: 1, text: "{" }]), "corrupt", /entry 1 .*not JSON/, 1],
    [odd(async () => [{ seq: 2, text: "{}" }]), "corrupt", /entry 2 in place of 1/, 1],
  ];
  for (const [store, code, words, line] of cases) {
    await assert.rejects(setUp({ store }), (error) => {
      assert.deepEqual([error instanceof KentonganError, error.code, error.where?.line], [true, code, line]);
      return words.test(error.message) && error.help.length > 0;
    });
  }
});

/** What is no entry of a journal, and the way to what is wrong with it. */
const noEntries = [
  [5], [null], [[]], [{}, "at"],
  [{ at: start.toISOString() }], [{ input: { kind: "tick" } }, "at"], [{ at: "x", input: { kind: "tick" } }, "at"], [{ at: 0, input: { kind: "tick" } }, "at"],
  [entryOf(5), "input"], [entryOf({ kind: "alrt" }), "input.kind"], [entryOf({ kind: "alert", ...failing(), sevice: "x" }), "input.sevice"],
  // A name of JavaScript's is none of what is kept.
  [entryOf({ kind: "report", effect: "x", outcome: "delivered", detail: "", openedAs: "x" }), "input.openedAs"],
  [{ ...entryOf({ kind: "tick" }), reload: { from: "a", to: "b" } }], [{ at: start.toISOString(), reload: { from: 1, to: "b" } }, "reload.from"],
  [{ at: start.toISOString(), takes: 5 }], [{ ...entryOf({ kind: "tick" }), takes: 5 }], [{ ...entryOf({ kind: "tick" }), host: 5 }],
];
const isUnreadable = (line, path) => (error) => {
  assert.ok(error instanceof KentonganError);
  assert.deepEqual([error.code, error.where], ["unreadable_record", { line, ...(path && { path }) }], error.message);
  assert.ok(error.message.startsWith(`entry ${line} of the store cannot be read: `));
  return error.help.includes("newer") && error.cause instanceof KentonganError;
};

test("an entry that cannot be read keeps a host from starting, wherever it stands, and one that was refused does not", async () => {
  const [good, refused] = [entryOf({ kind: "alert", ...failing() }), entryOf({ kind: "acknowledge", incident: "none", by: "ana" })];
  for (const [content, path] of noEntries) {
    for (const contents of [[content], [content, good], [good, refused, content, good]]) {
      await assert.rejects(setUp({ store: storeOf(...contents) }), isUnreadable(contents.indexOf(content) + 1, path));
    }
  }
  // Reloads are left out where a policy is adopted: the number is that of the store all the same.
  const reload = { at: start.toISOString(), reload: { from: shopPolicy().digest, to: `sha256:${"0".repeat(64)}` } };
  const adopted = storeOf(reload, entryOf({ kind: "alrt" }), good, good);
  await assert.rejects(setUp({ store: adopted, adoptPolicy: true }), isUnreadable(2, "input.kind"));
  for (const contents of [[refused], [good, refused], [refused, good]]) {
    const { host } = await setUp({ store: storeOf(...contents), deliver: { default: () => new Promise(() => undefined) } });
    assert.equal((await all(host.incidents())).length, contents.includes(good) ? 1 : 0);
  }
});

test("a call that the store never takes puts no page off", async () => {
  const store = memoryStore();
  const odd = { ...store, append: (entry) => (entry.text.includes("large") ? Promise.reject(new Error("too large")) : store.append(entry)) };
  const { clock, done, host } = await setUp({ store: odd });
  await host.alert(failing());
  await host.idle();
  // Whoever is refused tries again, more often than the host does.
  for (let elapsed = 0; elapsed < 11 * 60_000; elapsed += 900) {
    clock.advance(900);
    await assert.rejects(host.alert({ key: "large", service: "mail" }), { code: "not_kept" });
  }
  assert.ok(told(done).includes("pager budi"), told(done).join());
  await host.close();
});

/** A host of a shared store that hangs in what it has begun, and from some moment on has no answer from its store. */
async function mortal({ store, ...options }) {
  const never = new Promise(() => undefined);
  let isDead = false;
  const dying = { shared: true, read: (after) => (isDead ? never : store.read(after)), append: (entry) => (isDead ? never : store.append(entry)) };
  return { one: await setUp({ ...options, store: dying, deliver: { default: () => never } }), die: () => void (isDead = true) };
}

test("a host that is always busy takes over what another one has left, too", async () => {
  const store = { ...memoryStore(), shared: true };
  const { one, die } = await mortal({ store });
  const other = await setUp({ store });
  await one.host.alert(failing());
  die();
  for (let elapsed = 0; elapsed < 120_000; elapsed += 20_000) {
    other.clock.advance(20_000);
    await other.host.alert({ key: "mail", service: "mail" });
    await other.host.idle();
  }
  assert.ok(told(other.done).includes("pager ana"), told(other.done).join());
  await other.host.close();
});

test("what has come due is done although what others left cannot be taken over", async () => {
  const store = { ...memoryStore(), shared: true };
  let fails = 0;
  const shaky = { ...store, append: (entry) => (entry.text.includes('"takes"') && (fails += 1) === 1 ? Promise.reject(new Error("away")) : store.append(entry)) };
  const { one, die } = await mortal({ policy: busyPolicy(), store });
  const other = await setUp({ policy: busyPolicy(), store: shaky });
  other.host.on("error", () => undefined);
  await other.host.alert({ ...failing("b"), service: "b" });
  await other.host.idle();
  await one.host.alert({ ...failing("a"), service: "a" });
  die();
  other.clock.set(minutes(10));
  await other.host.idle();
  assert.equal(fails, 1);
  const budi = other.done.filter(({ to, channel, incident }) => channel === "pager" && to === "budi" && incident.startsWith("b-"));
  assert.equal(budi.length, 1);
  await other.host.close();
});

test("what a store gives before it fails is lived through", async () => {
  const store = { ...memoryStore(), shared: true };
  let broken = false;
  const { host } = await setUp({
    store: {
      ...store,
      async *read(after) {
        yield* await store.read(after);
        if (broken) throw new Error("the cursor is gone");
      },
    },
  });
  await store.append({ seq: 1, text: JSON.stringify(entryOf({ kind: "alert", ...failing() })) });
  broken = true;
  // An answer is given of what is known; what it is to be kept after has to be known whole.
  assert.equal((await all(host.incidents())).length, 1);
  await assert.rejects(host.apply({ kind: "tick" }), ({ code }) => code === "not_read");
  await host.close();
});

test("an entry of another host that cannot be read is told of, and is not passed over", async () => {
  for (const [content, path] of noEntries) {
    const contents = [];
    const { clock, host } = await setUp({ store: { shared: true, read: async (after) => storeOf(...contents).read(after), append: async () => contents.length === 0 } });
    const errors = [];
    host.on("error", (error) => errors.push(error));
    contents.push(content, entryOf({ kind: "alert", ...failing() }));
    clock.set(new Date(start.getTime() + 31_000));
    await until(() => errors.length > 0);
    assert.ok(isUnreadable(1, path)(errors[0]));
    await assert.rejects(host.alert(failing("b")), isUnreadable(1, path));
    await assert.rejects(all(host.incidents()), isUnreadable(1, path));
    // What is put right is gone on with.
    contents[0] = entryOf({ kind: "tick" });
    assert.equal((await all(host.incidents())).length, 1);
    await host.close();
  }
});

test("a host that was closed takes nothing more, whatever its store", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-host-"));
  try {
    const store = memoryStore();
    let closes = 0;
    const counted = { ...store, close: async () => { closes += 1; } };
    for (const each of [join(folder, "night.journal"), counted]) {
      const { done, host } = await setUp({ store: each });
      await host.alert(failing());
      await host.idle();
      await host.close();
      const before = [done.length, [...(await store.read(0))].length];
      const calls = [
        () => host.alert(failing("b")), () => host.apply({ kind: "tick" }), () => host.reload({ policy: host.policy }), () => host.who("primary"),
        () => host.topic("a"), () => all(host.incidents()),
      ];
      for (const call of calls) await assert.rejects(call(), (error) => error.code === "closed" && error.help.length > 0, String(call));
      await host.close();
      assert.deepEqual([done.length, [...(await store.read(0))].length], before);
    }
    assert.equal(closes, 1);
    const stuck = await setUp({ store: { ...memoryStore(), close: async () => { throw new Error("it hangs on"); } } });
    await assert.rejects(stuck.host.close(), (error) => error.code === "not_closed" && error.cause.message === "it hangs on");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a store that refuses an entry for nothing is found out", async () => {
  const { host } = await setUp({ store: { read: async () => [], append: async () => false } });
  await assert.rejects(host.alert(failing()), (error) => error.code === "corrupt" && error.help.includes("append"));
  await host.close();
});

test("a store is anything with two methods, and may give its entries one by one", async () => {
  const lines = [];
  const store = {
    async *read(after) { yield* lines.slice(after); },
    async append(entry) {
      if (entry.seq !== lines.length + 1) return false;
      lines.push(entry);
      return true;
    },
  };
  const first = await setUp({ store });
  await first.host.alert(failing());
  await first.host.close();
  const second = await setUp({ store });
  assert.equal((await all(second.host.incidents())).length, 1);
  await second.host.close();
});

test("what was under way comes again in the order of time, notes of the last entry among it", async () => {
  const count = 300;
  const store = memoryStore();
  const keep = async (at, input) => store.append({ seq: (await store.read(0)).length + 1, text: JSON.stringify({ at, input }) });
  for (let index = 0; index < count; index += 1) await keep(start, { kind: "alert", ...failing(`a${index}`), service: `s${index}` });
  await keep(minutes(11), { kind: "tick" });
  const { done, host } = await setUp({ store, policy: busyPolicy(), clock: new ManualClock(minutes(11)) });
  await host.idle();
  const times = done.map(({ at }) => at.getTime());
  assert.deepEqual(times, [...times].sort((a, b) => a - b));
  for (const kind of ["notify", "warning", "breach"]) assert.ok(done.filter((effect) => effect.kind === kind).length >= count, kind);
  await host.close();
});

const native = createRequire(import.meta.url)("../native.js");

/** Does work while the next call of a class's `apply` meets a defect of the engine. */
async function breaking(native, work) {
  const { apply } = native.prototype;
  native.prototype.apply = function () {
    native.prototype.apply = apply;
    return this.breakDown();
  };
  try {
    await work();
  } finally {
    native.prototype.apply = apply;
  }
}

test("a host that nothing works with any more says so once, and goes on after `reopen`", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kentongan-host-"));
  try {
    let ring;
    const deliveries = [];
    const pager = async ({ id }) => {
      deliveries.push(id);
      if (deliveries.length === 1) await new Promise((resolve) => { ring = resolve; });
    };
    const { clock, host } = await setUp({ store: join(folder, "night.journal"), deliver: { pager, default: () => undefined }, deliverWithin: 3_600_000 });
    const errors = [];
    host.on("error", ({ code }) => errors.push(code));
    await host.alert(failing());
    await until(() => deliveries.length === 1);
    await breaking(native.NativeJournal, () => assert.rejects(host.alert(failing("b")), { code: "internal" }));
    await assert.rejects(host.alert(failing("b")), (error) => error.code === "poisoned" && error.help.includes("reopen"));
    // The delivery ends meanwhile, and time passes: nobody can be told, and nobody asks for ever.
    ring();
    for (const minute of [3, 6]) {
      clock.set(minutes(minute));
      await assert.rejects(host.who("primary"), { code: "poisoned" });
    }
    await until(() => errors.length > 0);
    assert.deepEqual(errors, ["poisoned"]);
    const reports = [];
    host.on("report", (effect, outcome) => reports.push([effect.id, outcome]));
    assert.equal(await host.reopen(), host);
    await host.idle();
    assert.deepEqual(reports, [[deliveries[0], "delivered"]], "what is known is reported");
    assert.equal(deliveries.length, 1, "and not done again");
    clock.set(minutes(11));
    await host.idle();
    assert.ok(deliveries.length > 1, "and it climbs");
    await host.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("an input that the engine breaks on is in the store, and is done after `reopen`", async () => {
  const { done, host } = await setUp();
  host.on("error", () => undefined);
  await breaking(native.NativeEngine, () => assert.rejects(host.alert(failing()), (error) => error.code === "internal" && error.help.includes("report it")));
  await assert.rejects(host.alert(failing()), { code: "poisoned" });
  await host.reopen();
  await host.idle();
  assert.deepEqual(told(done), ["pager ana"]);
  await host.close();
});

test("a host that is closed while nothing works ends, and the next one goes on", async () => {
  const store = memoryStore();
  let ring;
  const hangs = new Promise((resolve) => { ring = resolve; });
  const { host } = await setUp({ store, deliver: () => hangs });
  host.on("error", () => undefined);
  await host.alert(failing());
  await breaking(native.NativeEngine, () => assert.rejects(host.alert(failing("b"))));
  const closed = host.close();
  ring();
  await closed;
  const next = await setUp({ store });
  await next.host.idle();
  assert.deepEqual(told(next.done), ["pager ana", "pager ana"], "of both, and marked as what may have been done");
  await next.host.close();
});

test("what is thrown that is no error comes to `error` as the cause of one", async () => {
  const { host } = await setUp();
  const errors = [];
  host.on("error", (error) => errors.push(error));
  host.on("effect", () => { throw "no error at all"; });
  await host.alert(failing());
  await host.idle();
  await host.close();
  assert.ok(errors.length > 0);
  for (const error of errors) assert.deepEqual([error instanceof Error, error.message, error.cause], [true, "no error at all", "no error at all"]);
});

test("a store that does not give what it has to is told which method has to give what", async () => {
  const refused = (code, message) => (error) => {
    assert.ok(error instanceof KentonganError);
    assert.deepEqual([error.code, error.message], [code, message]);
    return error.help.includes(message.slice(0, message.indexOf(" "))) && error.help.includes("has to give");
  };
  await assert.rejects(setUp({ store: { ...memoryStore(), read: async () => "" } }), refused("not_read", "`read` of the store gave the text ``"));
  for (const [given, words] of [[undefined, "nothing"], [null, "null"], [1, "the number 1"], [{}, "an object"]]) {
    await assert.rejects(setUp({ store: { ...memoryStore(), read: async () => given } }), refused("not_read", `\`read\` of the store gave ${words}`));
    const { host, done } = await setUp({ store: { ...memoryStore(), append: async () => given } });
    await assert.rejects(host.alert(failing()), refused("not_kept", `\`append\` of the store gave ${words}`));
    await host.idle();
    assert.deepEqual(done, [], "nobody knows whether it was kept");
    await host.close();
  }
  for (const [entry, words] of [[undefined, "nothing"], ["{}", "the text `{}`"], [{ seq: 1 }, "an object, whose `text` is nothing"], [{ seq: "1", text: "{}" }, "an object, whose `seq` is the text `1`"]]) {
    await assert.rejects(setUp({ store: { ...memoryStore(), read: async () => [entry] } }), refused("not_read", `\`read\` of the store gave ${words}`));
  }
  // What it has kept without saying so is found, and done, when it says so.
  const kept = memoryStore();
  let says = false;
  const { host, done } = await setUp({ store: { ...kept, append: async (entry) => { const said = await kept.append(entry); return says ? said : undefined; } } });
  await assert.rejects(host.alert(failing()), { code: "not_kept" });
  says = true;
  await host.alert(failing("b"));
  await host.idle();
  assert.deepEqual(told(done), ["pager ana", "pager ana"]);
  await host.close();
});

test("effects are read page by page, as they are begun", async () => {
  const { next } = native.NativeSteps.prototype;
  let read = 0;
  native.NativeSteps.prototype.next = function () {
    read += 1;
    return next.call(this);
  };
  const seen = [];
  try {
    const { host, clock } = await setUp({ deliver: () => void seen.push(read) });
    for (let index = 0; index < 250; index += 1) await host.alert(failing(`a${index}`));
    await host.idle();
    [read, seen.length] = [0, 0];
    clock.set(minutes(3));
    await host.idle();
  } finally {
    native.NativeSteps.prototype.next = next;
  }
  // A page holds a hundred: the first is read at once, each other one after those before it were begun.
  assert.ok(seen.length > 200, `${seen.length} were due at once`);
  assert.deepEqual([seen[0], seen[99], seen[100], seen[200]], [1, 1, 2, 3]);
});

test("effects that cannot be read are told of, and keep no others back", async () => {
  const { pending } = native.NativeEngine.prototype;
  const torn = new Error("the page is torn");
  native.NativeEngine.prototype.pending = async function () {
    const page = await pending.call(this);
    let first = true;
    return {
      next() {
        if (!first) throw torn;
        first = false;
        return page;
      },
    };
  };
  const errors = [];
  let host, done;
  try {
    ({ host, done } = await setUp({ on: { error: (error) => errors.push(error) } }));
    await host.idle();
  } finally {
    native.NativeEngine.prototype.pending = pending;
  }
  assert.deepEqual(errors.map(({ code, cause, help }) => [code, cause, /reopen/.test(help)]), [["not_begun", torn, true]]);
  await host.alert(failing());
  await host.idle();
  assert.deepEqual(told(done), ["pager ana"], "what comes after it is begun");
  await host.close();
});

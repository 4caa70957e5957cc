// A host that is going to be killed. Its time runs fast, it notes down every attempt, and its pager drops what it has rung for
// already, by the effect's id, as real ones do.

import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import pg from "pg";
import { createHost, postgresStore } from "kentongan";

import { failing, shopPolicy } from "./fixtures.mjs";

const { kind, place, pages, attempts, epoch, speed, alert } = JSON.parse(process.argv[2]);
// A host of PostgreSQL that has not reported for twice as long counts as gone: here, once the next one has come up.
const deliverWithin = 14_999;
const clock = {
  now: () => epoch + (Date.now() - epoch) * speed,
  after(millis, callback) {
    // However busy the machine is: what was given up and rings all the same has no place in this test.
    const timer = setTimeout(callback, millis === deliverWithin ? 60_000 : millis / speed);
    return () => clearTimeout(timer);
  },
};
const store = kind === "file" ? place : postgresStore(new pg.Pool(place));
const host = await createHost({
  policy: shopPolicy(),
  store,
  clock,
  deliverWithin,
  async deliver(effect, { again }) {
    // In one write, which is there whole or not at all.
    appendFileSync(attempts, `${JSON.stringify({ id: effect.id, again })}\n`);
    await new Promise((resolve) => setTimeout(resolve, 3));
    try {
      writeFileSync(join(pages, encodeURIComponent(effect.id)), JSON.stringify(effect), { flag: "wx" });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
  },
});
await host.alert(failing(alert));
process.send?.("ready");
process.on("message", async () => {
  await host.close();
  process.exit(0);
});

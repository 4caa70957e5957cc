// A back end that pages: webhooks of Alertmanager in, people told, everything in a journal.
//
//     KENTONGAN_TOKEN=secret node backend.mjs
//     curl -H 'Authorization: Bearer secret' -H 'Content-Type: application/json' \
//       --data @../../tests/fixtures/kreki/panic-button-down.json http://127.0.0.1:8080/alerts
//
// KENTONGAN_JOURNAL names the journal, KENTONGAN_POLICY a policy's file, PORT the port; see README.md beside this file.

import { timingSafeEqual } from "node:crypto";

import Fastify from "fastify";
import { KentonganError, Policy, createHost } from "kentongan";

const { KENTONGAN_TOKEN: token, KENTONGAN_JOURNAL: store = "night.journal", KENTONGAN_POLICY: file, PORT = "8080" } = process.env;
if (!token) {
  console.error("nobody could call this: set KENTONGAN_TOKEN to a secret that callers know, as in `KENTONGAN_TOKEN=secret node backend.mjs`");
  process.exit(2);
}

const app = Fastify({ logger: { level: process.env.LOG_LEVEL ?? "info" }, bodyLimit: 8 * 1024 * 1024 });

// After a defect, or a write that the disk did not confirm, nobody is paged any more until the journal is opened anew: whoever
// supervises this process starts another. What is being answered and logged has a second.
const over = new Set(["internal", "poisoned"]);
function endIfOver({ code }) {
  if (over.has(code)) setTimeout(() => process.exit(1), 1_000);
}

const host = await createHost({
  policy: file ? Policy.load(file) : Policy.kreki(),
  store,
  deliver: {
    // A real one calls the pager's service here, with `id` as the key by which it drops what it has already done.
    notify: ({ id, channel, to, address, subject }, { again }) => app.log.info({ id, channel, to, address, subject, again }, "told"),
    default: (effect) => app.log.info({ effect }, effect.kind),
  },
  on: {
    error: (error) => {
      app.log.error(error);
      endIfOver(error);
    },
  },
});

const expected = Buffer.from(`Bearer ${token}`);
app.addHook("onRequest", async (request, reply) => {
  const given = Buffer.from(request.headers.authorization ?? "");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reply.code(401).send({ code: "unauthorized" });
});

// What nobody has done wrong is 503: Alertmanager sends that again, and gives up what is answered with 400. What cannot be as things
// stand is 409.
const standing = ["already_resolved", "checklist_open"];
const ours = ["io", "poisoned", "internal", "closed", "busy", "not_kept", "not_read", "corrupt", "unreadable_record", "missing_policy", "other_policy"];
const statuses = Object.fromEntries([["unknown_incident", 404], ...standing.map((code) => [code, 409]), ...ours.map((code) => [code, 503])]);

app.setErrorHandler((error, request, reply) => {
  if (!(error instanceof KentonganError)) return reply.send(error);
  const { code, message, help, where } = error;
  endIfOver(error);
  return reply.code(statuses[code] ?? 400).send({ code, message, help, where });
});

// Alertmanager repeats until it is answered with success: only then is the alert known to be on disk.
app.post("/alerts", async (request) => {
  const { alerts, warnings } = await host.alerts(request.body, "alertmanager");
  for (const warning of warnings) request.log.warn(warning);
  return { alerts: alerts.length, warnings };
});

// The body holds the rest of the command: `by`, and what it takes besides, as `item` or `note`.
for (const kind of ["acknowledge", "respond", "update", "check_item", "resolve"]) {
  app.post(`/incidents/:incident/${kind}`, async (request) => {
    const { effects } = await host.apply({ by: "", ...request.body, kind, incident: request.params.incident });
    return { effects };
  });
}

app.get("/incidents", async () => {
  const incidents = [];
  for await (const incident of host.incidents()) incidents.push(incident);
  return { incidents };
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await app.close();
    await host.close();
  });
}
await app.listen({ port: Number(PORT), host: "127.0.0.1" });

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

/** Ends before anything has begun: what is wrong and what to do, in one sentence for whoever started this. */
function end(sentence) {
  console.error(sentence);
  process.exit(2);
}

/** What the start was refused for. What is no refusal is a defect, of which the whole trace is wanted. */
function endAs(error) {
  if (!(error instanceof KentonganError)) throw error;
  const [first, ...more] = error.message.split("\n");
  // What is wrong with a policy has the remedies in it.
  const remedy = error.diagnostics.length === 0 && error.help ? `; ${error.help}` : "";
  end(`cannot start: ${first}${remedy}${more.length > 0 ? ` (and ${more.length} more)` : ""}`);
}

if (!token) end("nobody could call this: set KENTONGAN_TOKEN to a secret that callers know, as in `KENTONGAN_TOKEN=secret node backend.mjs`");
if (!/^\d+$/.test(PORT) || Number(PORT) > 65_535) {
  end(`cannot start: \`${PORT}\` is no port; set PORT to a number up to 65535, or to 0 for any that is free`);
}

const app = Fastify({ logger: { level: process.env.LOG_LEVEL ?? "info" }, bodyLimit: 8 * 1024 * 1024 });

// After a defect, or a write that the disk did not confirm, nobody is paged any more until the journal is opened anew: whoever
// supervises this process starts another. What is being answered and logged has a second.
const over = new Set(["internal", "poisoned"]);
function endIfOver({ code }) {
  if (over.has(code)) setTimeout(() => process.exit(1), 1_000);
}

/** Rejected where the policy is wrong or not there, or another process has the journal. */
async function startHost() {
  return createHost({
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
}

const host = await startHost().catch(endAs);

const AS_DESCRIBED = "see README.md of this service for what a call takes";
const expected = Buffer.from(`Bearer ${token}`);
app.addHook("onRequest", async (request, reply) => {
  const given = Buffer.from(request.headers.authorization ?? "");
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  const help = "send `Authorization: Bearer <token>`, with what KENTONGAN_TOKEN is set to here";
  return reply.code(401).send({ code: "unauthorized", message: "the token is missing or another", help });
});

// Whatever a call takes is an object.
app.addHook("preHandler", async ({ method, body, is404 }, reply) => {
  if (is404 || method !== "POST" || (typeof body === "object" && body !== null && !Array.isArray(body))) return;
  return reply.code(400).send({ code: "invalid_value", message: "the body is no object of JSON", help: AS_DESCRIBED });
});

// What nobody has done wrong is 503: Alertmanager sends that again, and gives up what is answered with 400. What cannot be as things
// stand is 409.
const standing = ["already_resolved", "checklist_open"];
const ours = ["io", "poisoned", "internal", "closed", "busy", "not_kept", "not_read", "corrupt", "unreadable_record", "missing_policy", "other_policy"];
const statuses = Object.fromEntries([["unknown_incident", 404], ...standing.map((code) => [code, 409]), ...ours.map((code) => [code, 503])]);

app.setErrorHandler((error, request, reply) => {
  if (!(error instanceof KentonganError)) return refuse(error, request, reply);
  const { code, message, help = AS_DESCRIBED, where } = error;
  endIfOver(error);
  return reply.code(statuses[code] ?? 400).send({ code, message, help, where });
});

/** Answers as this service does what Fastify refuses: a body that is no JSON, too large, or of another type. */
function refuse({ statusCode = 500, message, stack }, request, reply) {
  if (statusCode < 500) {
    const code = { 400: "not_json", 413: "too_large", 415: "not_json" }[statusCode] ?? "invalid_call";
    return reply.code(statusCode).send({ code, message, help: AS_DESCRIBED });
  }
  request.log.error({ stack }, message);
  return reply.code(500).send({ code: "unexpected", message: "something went wrong here", help: "see the log of this service, and report it" });
}

app.setNotFoundHandler(({ method, url }, reply) =>
  reply.code(404).send({ code: "unknown_call", message: `there is no \`${method} ${url}\``, help: AS_DESCRIBED }));

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
try {
  await app.listen({ port: Number(PORT), host: "127.0.0.1" });
} catch ({ message }) {
  // Nothing is left half done, and the journal is free for the next.
  await host.close();
  end(`cannot start: ${message}; stop what has port ${PORT}, or set PORT to one that is free`);
}

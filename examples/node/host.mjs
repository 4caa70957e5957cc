// A host: alerts on standard input, one webhook a line; pages on standard output; everything in a journal.
//
//     node host.mjs night.journal < webhooks.jsonl

import { createInterface } from "node:readline";

import { Policy, createHost } from "kentongan";

const host = await createHost({
  policy: Policy.kreki(),
  store: process.argv[2] ?? "night.journal",
  deliver: {
    // Throw where the transport fails: the next way or the next person is tried.
    notify: ({ id, channel, to, address, subject }) => console.log(`${id}  ${channel} to ${to} at ${address}: ${subject}`),
    open_channel: ({ name }) => console.log(`open ${name}`),
    status_page: ({ subject }) => console.log(`the public is told: ${subject}`),
    breach: ({ clock, incident }) => console.log(`${incident} missed its promise to ${clock}`),
  },
});
host.on("error", (error) => console.error(error.message));

for await (const line of createInterface({ input: process.stdin })) {
  const { warnings } = await host.alerts(line);
  for (const { code, message } of warnings) console.error(`${code}: ${message}`);
}
await host.close();

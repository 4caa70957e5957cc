// How bad is it? The captured webhook of a night, under the policy of KREKI.

import { readFileSync } from "node:fs";

import { Policy, alertsFrom } from "kentongan";

const policy = Policy.kreki();
const payload = readFileSync(process.argv[2] ?? new URL("../../tests/fixtures/kreki/panic-button-down.json", import.meta.url));

for (const alert of alertsFrom(payload).alerts) {
  const { severity, rule, because } = policy.classify(alert);
  console.log(`${severity}  ${alert.labels.region}  ${rule}: ${because}`);
}

// A worker thread: it takes the policy that the main thread has compiled, and decides.

import { parentPort, workerData } from "node:worker_threads";

import { Policy } from "kentongan";

const policy = Policy.shared(workerData.digest);
const rulings = workerData.alerts.map((alert) => policy.decide(alert).rule ?? null);
const batch = [...(await policy.classifyBatch(workerData.alerts))].map(({ rule }) => rule ?? null);
parentPort.postMessage({ rulings, batch });

// Times engines beside each other, as `benches/src/race.rs` does for Rust: first the answers are compared, then each is
// timed in turn, round after round, in CPU time.

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/**
 * Checks every engine on all alerts, or on as many as the plan has time for, and times those that it was checked on.
 *
 * An engine's `decide(from, upto)` gives one answer an alert, or a promise of them: a rule's index, or null.
 */
export async function race(plan, engines, expected) {
  const lanes = [];
  for (const engine of engines) lanes.push(await check(plan, engine, expected));
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const lane of lanes) {
      const start = cpuSeconds();
      for (let pass = 0; pass < lane.passes; pass += 1) await lane.engine.decide(0, lane.alerts);
      lane.micros.push(((cpuSeconds() - start) * 1e6) / (lane.passes * lane.alerts));
    }
  }
  return lanes;
}

async function check(plan, engine, expected) {
  const start = cpuSeconds();
  const answers = [];
  while (answers.length < expected.length) {
    if (answers.length >= plan.alerts_min && cpuSeconds() - start > plan.check_seconds) break;
    const upto = Math.min(answers.length + plan.alerts_min, expected.length);
    answers.push(...(await engine.decide(answers.length, upto)));
  }
  const wrong = answers.findIndex((answer, alert) => answer !== expected[alert]);
  if (wrong !== -1) {
    const { name, how } = engine;
    throw new Error(`${name} (${how}) answers alert ${wrong} with ${answers[wrong]} instead of ${expected[wrong]}`);
  }
  const seconds = (cpuSeconds() - start) / answers.length;
  // In rounds of one length, a quick engine goes over all alerts often and a slow one over the first few once.
  const decisions = Math.floor(plan.round_seconds / seconds);
  const alerts = Math.min(Math.max(decisions, plan.alerts_min), answers.length);
  return { engine, alerts, passes: Math.max(1, Math.floor(decisions / alerts)), micros: [] };
}

import { isObject, unexpected } from "./checks";
import type { Effect, Kept, NotifyEffect, OpenChannelEffect, StatusPageEffect } from "./data";

/**
 * Whether the host is to report how an effect went: messages, channels to open, posts on the status page. Until then it stays in
 * `pending()`, and a failure goes on to the next way or person. The others are notes, on which nobody reports. A `Host` sees to
 * it; who runs an `Engine` or a `Journal` does so:
 *
 * ```js
 * for (const effect of step.effects) {
 *   const outcome = await tried(() => perform(effect)); // "delivered" or "failed"
 *   if (wantsReport(effect)) await engine.apply(new Date(), { kind: "report", effect: effect.id, outcome });
 * }
 * ```
 */
export function wantsReport(effect: Effect): effect is NotifyEffect | OpenChannelEffect | StatusPageEffect {
  if (!isObject(effect)) throw unexpected("an effect", effect, "effect", "one of the `effects` of a step");
  return effect.kind === "notify" || effect.kind === "open_channel" || effect.kind === "status_page";
}

/**
 * The promises of all clocks together, of the figures of all incidents or of one severity:
 *
 * ```js
 * const { kept, promised } = promisesOf(report.metrics);
 * ```
 */
export function promisesOf(metrics: { clocks: Readonly<Record<string, Kept>> }): Kept {
  const { clocks } = Object(metrics) as typeof metrics;
  if (!isObject(clocks)) throw unexpected("an object with `clocks`", metrics, "metrics", "`report.metrics`, or the figures of one severity in it");
  const all: Kept = { promised: 0, kept: 0, missed: 0, givenUp: 0, running: 0 };
  for (const [clock, one] of Object.entries(clocks)) {
    if (!isObject(one)) throw unexpected("an object", one, `metrics.clocks.${clock}`);
    for (const way of Object.keys(all) as Array<keyof Kept>) all[way] += one[way];
  }
  return all;
}

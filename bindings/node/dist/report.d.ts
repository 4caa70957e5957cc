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
export declare function wantsReport(effect: Effect): effect is NotifyEffect | OpenChannelEffect | StatusPageEffect;
/**
 * The promises of all clocks together, of the figures of all incidents or of one severity:
 *
 * ```js
 * const { kept, promised } = promisesOf(report.metrics);
 * ```
 */
export declare function promisesOf(metrics: {
    clocks: Readonly<Record<string, Kept>>;
}): Kept;

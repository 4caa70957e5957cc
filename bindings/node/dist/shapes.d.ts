import type { Decision, Effect } from "./data";
/** What one call came to. */
export interface Step {
    /** What the host must do, in this order. */
    effects: Effect[];
    /** Why, and why not. */
    decisions: Decision[];
    /** The instant at which the host must call again at the latest. Calls before it do no harm. */
    wakeup?: Date;
}

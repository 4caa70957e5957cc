import type { Input, Instant } from "./data";
/** One entry of a journal: an input or a reload. A record of `Records` is one. More fields are passed over. */
export interface JournalEntry {
    /** When it was handed in. */
    at: Instant;
    /** What was handed in. */
    input?: Input | undefined;
    /** The reload; the policies stand there by their digests. */
    reload?: {
        from: string;
        to: string;
        severities?: Record<string, string>;
    } | undefined;
}
/** A journal in memory: entries in their order, or as text, one a line, in the engine's own JSON. */
export type JournalSource = Uint8Array | string | Iterable<JournalEntry> | AsyncIterable<JournalEntry>;

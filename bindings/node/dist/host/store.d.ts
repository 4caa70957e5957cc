/** One line of a store: an input at its instant, as the engine's own JSON. */
export interface StoredEntry {
    /** Its number, counted from 1 without a gap. */
    seq: number;
    /**
     * `{"at": …, "input": …, "policy": "sha256:…", "host": …}`, or `reload` in place of `input`; with `takes` where a host takes
     * effects over from another one. To be kept byte for byte.
     */
    text: string;
}
/**
 * Where a host keeps what happened. Anything with these two methods is one.
 *
 * Such a store is lived through from its first entry at each start, about a hundred thousand entries a second. It keeps no
 * snapshots: several hosts may write one, and a snapshot that does not belong to what is in it would be worse than none.
 * Where that takes too long, use a file, which keeps snapshots and knows which entries they stand for.
 *
 * ```js
 * const lines = [];
 * const store = {
 *   async read(after) { return lines.slice(after); },
 *   async append(entry) { if (entry.seq !== lines.length + 1) return false; lines.push(entry); return true; },
 * };
 * ```
 */
export interface Store {
    /**
     * Every entry after a number, in order and without a gap, as it was kept: an array or anything else that can be gone through,
     * empty where there is none. Whatever else it gives is `not_read`. One that is not JSON, or has not the next number, is `corrupt`, one
     * that is no entry, or of a newer release, `unreadable_record`, with its number in `where.line`: no host goes on over it.
     */
    read(after: number): Promise<Iterable<StoredEntry>> | AsyncIterable<StoredEntry>;
    /**
     * Keeps an entry, and returns once it would survive a crash. Gives false, and keeps nothing, where another writer has
     * kept one of that number: the host then reads what it missed and tries again. Throws where it does not know: a host
     * finds out whether it was kept before it keeps another. Whatever else it gives, nothing among it, is `not_kept`.
     */
    append(entry: StoredEntry): Promise<boolean>;
    /**
     * Whether hosts beside this one write to it. A host then looks every thirty seconds at what they have kept, so that what
     * comes due of it is done though they have stopped, and what they have begun and do not report on is done again. One that
     * starts leaves to them what they have begun within twice `deliverWithin`.
     */
    readonly shared?: boolean;
    /** Lets go of what it holds, if anything. */
    close?(): Promise<void>;
}
/** The project's own journal: one append-only, checksummed file with snapshots and a lock. Recommended for one host. */
export interface FileStore {
    /** The file; made where there is none. */
    readonly file: string;
    /**
     * Whether a journal that was written under another policy is lived through again under this one and goes on with it.
     * That is a new course of history; without it such a journal is not opened, code `other_policy`.
     */
    readonly adoptPolicy?: boolean;
    /** After how many records a snapshot is written beside the journal, 10,000 unless given; 0 for never. */
    readonly snapshotEvery?: number;
}
/** A store in a file; the same as naming the file. */
export declare function fileStore(file: string, options?: Omit<FileStore, "file">): FileStore;
/** A store that forgets: for tests, and for trying things out. */
export declare function memoryStore(): Store;
/** What is needed of a `Pool` or `Client` of `pg`. */
export interface PostgresClient {
    query(text: string, values?: unknown[]): Promise<{
        rows: Array<Record<string, unknown>>;
        rowCount: number | null;
    }>;
}
/** How a store in PostgreSQL is set up. */
export interface PostgresOptions {
    /** The table, made where there is none; `kentongan_journal` unless given. One name, of which a dot would be a part: see `schema`. */
    table?: string;
    /** The schema of the table, which is there already; the first of the connection's `search_path` unless given. */
    schema?: string;
    /** Which of several journals of the table; `default` unless given. */
    journal?: string;
}
/**
 * A store in PostgreSQL, over a `Pool` of `pg`. Where its table is there, `SELECT` and `INSERT` on it are all that it needs.
 * Several hosts may write the same journal: each number is given once, and who comes second reads what it missed. The effects
 * of an entry are performed by the host that wrote it. Messages that it has not reported on after twice `deliverWithin` are
 * done by another one that is there, within thirty seconds, or by the next that starts, marked `again`; of those that notice at
 * once, one does it. So a single host that is killed and started anew does not ring at once for what it had begun within that
 * time. Notes, on which nobody reports (a warning, a breach), are repeated only by the next host that starts, and
 * only those of the last entry. What comes due later is done by whichever host is there.
 */
export declare function postgresStore(client: PostgresClient, options?: PostgresOptions): Store;

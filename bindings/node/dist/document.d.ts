import { type Policy } from "./policy";
/** A document that was written. */
export interface Document {
    /** What it says: Markdown, but for the topic of a channel, which is one line for Slack. */
    text: string;
    /** Why the policy's own template could not be used, and the one that comes with the library was. */
    fault?: string;
}
/** How a document is written. */
export interface DocumentOptions {
    /** Whose templates it is written by, so that one can be tried before it is in force; those of the policy in force otherwise. */
    templates?: Policy;
}

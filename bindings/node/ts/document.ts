import type { NativePolicy } from "../native";
import { checkedText } from "./checks";
import { checkedOptions } from "./named";
import { type Policy, checkedPolicy } from "./policy";
import type { DocumentKind } from "./question";

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

/** The templates that a document is written by, where others are asked for than those in force. @internal */
export function templatesOf(options: DocumentOptions): NativePolicy | undefined {
  checkedOptions(options, { templates: checkedPolicy });
  return options.templates?.native;
}

/** The same of a document on what is asked for: an incident, or the role that is handed over. @internal */
export function templatesFor(kind: DocumentKind | "postmortem", subject: string, options: DocumentOptions): NativePolicy | undefined {
  checkedText(subject, kind === "handoff" ? "role" : "incident");
  return templatesOf(options);
}

/** A document that comes as its text and, perhaps, its fault. @internal */
export function documentOf([text, fault]: Buffer[]): Document {
  return { text: text?.toString("utf8") ?? "", ...(fault && { fault: fault.toString("utf8") }) };
}

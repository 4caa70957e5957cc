// Text that people wrote, put where it would otherwise be read as something else: it is shown as it was written.

import * as native from "../native";
import { checkedText } from "./checks";

/** For one line of a Markdown document, such as a heading or a cell of a table. */
export function markdown(text: string): string {
  return native.escapeMarkdown(checkedText(text, "text"));
}

/** For paragraphs of a Markdown document, line by line as it was written. */
export function paragraphs(text: string): string {
  return native.escapeParagraphs(checkedText(text, "text"));
}

/**
 * For a text in Slack's own markup: links, mentions of people, channels and groups, and calls to everybody become plain
 * text. Line breaks stay. What only styles, such as `*` and `_`, has no escape there and stays.
 */
export function slack(text: string): string {
  return native.escapeSlack(checkedText(text, "text"));
}

/**
 * For a header of a mail that is free text, such as `Subject`: one line of ASCII, whatever the text is. What is not ASCII,
 * or would be read as encoded, becomes encoded words (RFC 2047), which mail programs show as the text. A library that
 * encodes headers itself, as nodemailer does, is given `readable` text instead.
 */
export function mailHeader(text: string): string {
  return native.escapeMailHeader(checkedText(text, "text"));
}

/** Without what a reader cannot see: control characters but line breaks and tabs, and marks that turn text around. */
export function readable(text: string): string {
  return native.escapeReadable(checkedText(text, "text"));
}

// What is made of what a handler throws or gives: anything may come, and no report may break on it.

/** How much of what a transport said is reported; the engine keeps less. */
const DETAIL_MAX = 1_000;

/** A text without half a character, which no JSON can hold: the other half was cut off, or never was there. */
function wellFormed(text: string): string {
  // Bytes know no halves: U+FFFD stands in their place.
  return Buffer.from(text).toString();
}

/** Whether a text can be kept as it is. @internal */
export const isWellFormed = (text: string): boolean => wellFormed(text) === text;

/** The beginning of a text, which ends between two characters and not within one. */
function shortened(text: string): string {
  if (text.length <= DETAIL_MAX) return text;
  const cutsOne = (text.charCodeAt(DETAIL_MAX - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(DETAIL_MAX) & 0xfc00) === 0xdc00;
  return text.slice(0, cutsOne ? DETAIL_MAX - 1 : DETAIL_MAX);
}

/** What was thrown, in words that can be reported, whatever it was. Throws nothing. @internal */
export function wordsOf(thrown: unknown): string {
  let words: string;
  try {
    words = String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    // An object without a prototype, a `toString` that throws.
    words = "it threw what cannot be put into words";
  }
  return wellFormed(shortened(words));
}

import { checkedText } from "./checks";

/** What an engine can be asked, as the native half reads it. Instants are milliseconds since 1970. @internal */
export type Question =
  | { ask: "wakeup" | "now" | "handoffs" }
  | { ask: "incident"; id: string }
  | { ask: "incidents"; after?: string | undefined; limit: number }
  | { ask: "roleHolders"; incident: string; role: string }
  | { ask: "who" | "duty" | "nextInLine"; role: string; at: number }
  | { ask: "nextChange"; role: string; after: number }
  | { ask: "coverage" | "shadowShifts" | "shiftsIcs"; role: string; from: number; to: number }
  | { ask: "shiftsSvg"; roles: string[]; from: number; to: number; mark?: number | undefined };

/** A document that is written of what stands open. @internal */
export type DocumentKind = "topic" | "status-update" | "public-update" | "handoff";

/** A question as the native half takes it. Its texts are those that users hand in. @internal */
export function questionText(question: Question): string {
  if ("id" in question) checkedText(question.id, "id");
  if ("incident" in question) checkedText(question.incident, "incident");
  if ("role" in question) checkedText(question.role, "role");
  if (question.ask === "incidents" && question.after !== undefined) checkedText(question.after, "after");
  return JSON.stringify(question);
}

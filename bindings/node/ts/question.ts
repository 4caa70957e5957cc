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

/**
 * The incident engine: how bad an alert is, which clocks start, who is told, who is told next, and why.
 *
 * `Policy` classifies, `Engine` is the pure state machine, `createHost` runs one for you, `Scenario` tests a policy in
 * virtual time, `History` reports on a journal, and `alertsFrom` reads what monitoring systems send.
 */
export { version } from "../native";
export { type BatchOptions, type Ruling, Rulings } from "./batch";
export { Calendar, type Length, timeZoneDataVersion } from "./calendar";
export type * from "./data";
export type { Document, DocumentOptions } from "./document";
export { Engine, type Replay } from "./engine";
export type { JournalEntry, JournalSource } from "./entries";
export { type Diagnostic, KentonganError, type Place } from "./error";
/** What people wrote, for Markdown, Slack and mail: `escape.slack(effect.subject)`. */
export * as escape from "./escape";
export { History, type HistoryOptions, type PeriodReport } from "./history";
export { type HostClock, ManualClock, systemClock } from "./host/clock";
export { Host, createHost } from "./host/host";
export type { Deliver, Delivery, EffectFor, Handlers, HostEvents, HostListeners, HostOptions } from "./host/options";
export { type FileStore, type PostgresClient, type PostgresOptions, type Store, type StoredEntry, fileStore, memoryStore, postgresStore, } from "./host/store";
/** Calendars that other tools export: `new ics.Rota(…)`, `ics.holidays(…)`. */
export * as ics from "./ics";
export type { Clock, Duty, Incident } from "./incident";
export { type Cut, Journal, type JournalOptions, type Recovery } from "./journal";
export { type Failure, type Intake, type Run, type RunEntry, Scenario, type ScenarioOptions, type SchemaName, type TimelineOptions, alertsFrom, readAlerts, schema } from "./lab";
export { Coverage, type OnCall, type Shift } from "./oncall";
export { type Check, type Explanation, Policy, type RuleAccount, type TextOptions } from "./policy";
export { type JournalRecord, Records, type Tail } from "./records";
export { promisesOf, wantsReport } from "./report";
export type { Reload, ShiftsOptions } from "./running";
export { Schedule } from "./schedule";
export type { Step } from "./shapes";

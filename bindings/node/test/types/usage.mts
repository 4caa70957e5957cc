// Never run: it compiles only while the declarations keep the promises that users rely on.

import { expectTypeOf } from "expect-type";
import {
  type Account,
  type Alert,
  Calendar,
  Coverage,
  type Cut,
  type Document,
  type Duty,
  type Effect,
  Engine,
  History,
  type Handoff,
  Host,
  type HostOptions,
  type Handlers,
  type IncidentView,
  type Input,
  Journal,
  type JournalRecord,
  KentonganError,
  ManualClock,
  type MonthlyReport,
  type NotifyEffect,
  type OnCall,
  type OpenChannelEffect,
  type PeriodReport,
  Policy,
  Records,
  type Replay,
  type Ruling,
  Rulings,
  Scenario,
  Schedule,
  type Shift,
  type Step,
  alertsFrom,
  createHost,
  escape,
  ics,
  memoryStore,
  promisesOf,
  wantsReport,
} from "kentongan";

declare const effect: Effect;
switch (effect.kind) {
  case "notify":
    expectTypeOf(effect.to).toBeString();
    expectTypeOf(effect.purpose).toEqualTypeOf<"page" | "inform" | "remind" | "do_by_hand">();
    break;
  case "breach":
    expectTypeOf(effect.deadline).toEqualTypeOf<Date>();
    // @ts-expect-error a breach is told to nobody
    void effect.to;
    break;
  case "open_channel": case "status_page": case "warning": case "no_responder": case "handoff": case "policy_fault":
  case "postmortem_required": case "postmortem_published": case "role_vacant": case "coalesced":
    expectTypeOf(effect.at).toEqualTypeOf<Date>();
    break;
  default:
    // A new kind of effect has to be looked at here.
    expectTypeOf(effect).toBeNever();
}

if (wantsReport(effect)) expectTypeOf(effect.kind).toEqualTypeOf<"notify" | "open_channel" | "status_page">();
else expectTypeOf(effect.kind).exclude<Effect["kind"]>().toBeNever();

const input: Input = { kind: "pause", incident: "x", by: "ana", until: new Date() };
const inputs: Input[] = [
  input,
  { kind: "alert", key: "a", startsAt: "2026-11-24T02:00:00Z" },
  { kind: "assess", incident: "x", by: "ana", impact: { usersAffected: 3, gettingWorse: true } },
  { kind: "detect", id: "d", source: "exercise", title: "Practice", by: "ana", drill: true },
  { kind: "false_alarm", incident: "x", by: "ana", reason: "a test ran" },
  { kind: "merge", incident: "x", into: "y", by: "ana" },
  { kind: "split", incident: "x", alerts: ["a"], by: "ana" },
  { kind: "link", incident: "x", parent: "y", by: "ana" },
  { kind: "unlink", incident: "x", by: "ana" },
  { kind: "tick" },
];
// @ts-expect-error somebody has to say it
const nobody: Input = { kind: "acknowledge", incident: "x" };
// @ts-expect-error there is no such input
const smoke: Input = { kind: "smoke" };
void [inputs, nobody, smoke];

const policy = Policy.fromYaml("");
expectTypeOf(policy.decide({ key: "a" })).toEqualTypeOf<Ruling>();
expectTypeOf(policy.classifyBatch("", { signal: AbortSignal.timeout(1) })).resolves.toEqualTypeOf<Rulings>();
void policy.classifyBatch(new Uint8Array(), { columns: { "labels.env": "environment" } });
expectTypeOf(policy.classify({}).runnerUp).toEqualTypeOf<{ rule: string; severity: string } | undefined>();
expectTypeOf(alertsFrom({}).alerts).toEqualTypeOf<Alert[]>();
// What is read of a journal is a journal.
void Engine.replay(Policy.kreki(), await Records.open("night.journal"));
void History.of(Policy.kreki(), [{ at: 0, input: { kind: "tick" } }]);
expectTypeOf(new Engine(policy).apply(new Date(), input)).resolves.toEqualTypeOf<Step>();
expectTypeOf(new Engine(policy).applySync(new Date(), input)).toEqualTypeOf<Step>();
expectTypeOf(new Engine(policy).pending()).toEqualTypeOf<AsyncGenerator<Effect, void, undefined>>();
expectTypeOf(escape.mailHeader).toEqualTypeOf<(text: string) => string>();
expectTypeOf((await Journal.open("x", policy, { snapshotEvery: 0 })).recovery.torn).toEqualTypeOf<Cut | undefined>();
expectTypeOf(new Engine(policy).wakeup).toEqualTypeOf<Date | undefined>();
expectTypeOf(Scenario.load("x").run().passed).toBeBoolean();
expectTypeOf(Scenario.fromObject({}).timeline({ everything: true })).toBeString();
expectTypeOf(Engine.replay(policy, "")).resolves.toEqualTypeOf<Replay>();
expectTypeOf((await Engine.replay(policy, "")).effectsJsonl).toBeString();
expectTypeOf(new Engine(policy).who("primary", "now")).toEqualTypeOf<OnCall>();
expectTypeOf(new Engine(policy).duty("primary", "now")).toEqualTypeOf<Duty>();
expectTypeOf(new Engine(policy).handoffs()).toEqualTypeOf<Handoff[]>();
expectTypeOf(new Engine(policy).topic("x", { templates: policy })).resolves.toEqualTypeOf<Document>();
// @ts-expect-error what is native is nobody's business
new Engine(policy, {});
expectTypeOf(policy.calendar("office")).toEqualTypeOf<Calendar>();
expectTypeOf(policy.calendar("office").add(0, "4h")).toEqualTypeOf<Date>();
expectTypeOf(policy.schedule("turns")).toEqualTypeOf<Schedule>();
expectTypeOf(policy.coverage("primary", 0, 1)).toEqualTypeOf<Coverage>();
expectTypeOf(policy.schedule("turns").coverage(0, 1).byPerson()).toEqualTypeOf<Record<string, number>>();
expectTypeOf(new Coverage({ shifts: [] }).gaps).toEqualTypeOf<Shift[]>();
expectTypeOf(new ics.Rota("", policy).shifts[0]).toEqualTypeOf<{ from: Date; to: Date; people: string[] }>();
for await (const record of await Records.open("x")) {
  expectTypeOf(record).toEqualTypeOf<JournalRecord>();
  if (record.input) await new Engine(policy).apply(record.at, record.input);
}
expectTypeOf(new KentonganError({ code: "x", message: "y" })).toExtend<Error>();
const history = await History.fromJournal("x", policy, { until: Date.now(), policies: [policy] });
expectTypeOf(history.monthly("2026-11")).resolves.toEqualTypeOf<PeriodReport<MonthlyReport>>();
expectTypeOf((await history.monthly("2026-11")).data.worst).items.toHaveProperty("opened").toEqualTypeOf<Date>();
expectTypeOf((await history.quarterly("2026-Q4")).data.areas.postmortems).items.toHaveProperty("due").toEqualTypeOf<Date | undefined>();
expectTypeOf((await history.postmortem("x")).text).toBeString();
expectTypeOf(history.account("x")).resolves.toEqualTypeOf<Account>();
expectTypeOf((await history.account("x")).calls).items.toHaveProperty("from").toEqualTypeOf<Date>();
const clock = new ManualClock("2026-11-24T02:00:00Z");
const host = createHost({ policy, store: memoryStore(), clock, deliver: { pager: (page, { signal }) => void [page.id, signal.aborted] } });
expectTypeOf(host).resolves.toEqualTypeOf<Host>();
expectTypeOf((await host).records()).resolves.toEqualTypeOf<number | undefined>();
expectTypeOf((await host).snapshotFault()).resolves.toEqualTypeOf<string | undefined>();
expectTypeOf((await host).state()).resolves.toExtend<Uint8Array>();
expectTypeOf(promisesOf((await history.monthly("2026-11")).data.metrics).kept).toBeNumber();
expectTypeOf((await policy.classifyBatch([])).toArrow()).resolves.toExtend<Uint8Array>();
// @ts-expect-error a host delivers
void createHost({ policy, store: "x" });
// Each handler gets what its key is for, and may return whatever the transport gives.
void createHost({
  policy,
  store: "x",
  deliver: {
    pager: (page) => {
      expectTypeOf(page).toEqualTypeOf<NotifyEffect>();
      return fetch(page.address, { method: "POST" });
    },
    email: async ({ to, subject }) => void [to, subject],
    notify: (message) => expectTypeOf(message).toEqualTypeOf<NotifyEffect>(),
    open_channel: (channel) => {
      expectTypeOf(channel).toEqualTypeOf<OpenChannelEffect>();
      return channel.name;
    },
    breach: ({ deadline }) => expectTypeOf(deadline).toEqualTypeOf<Date>(),
    default: (other) => expectTypeOf(other).toEqualTypeOf<Effect>(),
  },
});
void createHost({ policy, store: "x", deliver: (any, { again }) => expectTypeOf([any, again] as const).toEqualTypeOf<readonly [Effect, boolean]>() });
const handlers: Handlers<"pager" | "default"> = { pager: ({ address }) => address, default: ({ kind }) => kind };
const whole: HostOptions = { policy, store: "x", deliver: { default: ({ kind }) => kind } };
const named: HostOptions<"pager" | "default"> = { policy, store: "x", deliver: { pager: ({ address }) => address, default: ({ kind }) => kind } };
// @ts-expect-error without its key a handler gets any effect
const unnamed: HostOptions = { policy, store: "x", deliver: { pager: ({ address }) => address } };
void [createHost({ policy, store: "x", deliver: handlers }), createHost(whole), createHost(named), unnamed];
// @ts-expect-error an opened channel is no message
void createHost({ policy, store: "x", deliver: { open_channel: (page: NotifyEffect) => page.address } });
(await host).on("error", (error) => expectTypeOf(error).toEqualTypeOf<Error>());
// @ts-expect-error `createHost` makes them
new Host();
// @ts-expect-error `Journal.open` makes them
new Journal();
// @ts-expect-error `classifyBatch` makes them
new Rulings();
expectTypeOf(Scenario.load("x").run().incidents).toEqualTypeOf<IncidentView[]>();
void Engine.replay(policy, Scenario.load("x").run().inputs);

"""How the package is used, for the type checkers: nothing here runs, all of it must be understood."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import assert_type

from kentongan import (
    Alert,
    Breach,
    Diagnostic,
    Document,
    Effect,
    Engine,
    History,
    MonthlyReport,
    Notify,
    Outcome,
    PeriodReport,
    Policy,
    Records,
    Report,
    Ruling,
    Rulings,
    Scenario,
    Schedule,
    Shift,
    Step,
    ics,
)
from kentongan.asyncio import Host, MemoryJournal, again
from kentongan.reports import Measure, Metrics


def classify(policy: Policy, alert: Alert) -> str:
    ruling = policy.classify(alert)
    assert_type(ruling, Ruling)
    assert_type(policy.classify_batch([alert]), Rulings)
    assert_type(policy.classify_batch([alert])[0], Ruling)
    return policy.classify({"key": "a", "labels": {"env": "prod"}}).severity


def apply(engine: Engine, at: datetime) -> tuple[str, timedelta]:
    step = engine.apply(at, Alert("a1", service="checkout"))
    assert_type(step, Step)
    assert_type(step.wakeup, datetime | None)
    for effect in step.effects:
        match effect:
            case Notify(channel="pager", to=to, at=due):
                engine.apply(due, Report(effect.id, Outcome.DELIVERED))
                return to, due - at
            case Breach(deadline=deadline):
                return effect.target, deadline - at
            case _:
                assert_type(effect, Effect)
    return "", timedelta()


def on_call(policy: Policy, engine: Engine, at: datetime) -> dict[str, timedelta]:
    desk = policy.schedule("desk")
    assert_type(desk, Schedule)
    assert_type(desk.shifts(at, at + timedelta(days=7)), tuple[Shift, ...])
    assert_type([shift.length for shift in engine.shifts("primary", at, at)], list[timedelta])
    assert_type(ics.Rota("", policy, people={"Lunch": None}).warnings, tuple[Diagnostic, ...])
    assert_type(engine.topic("x", templates=policy), Document)
    assert_type(Scenario.from_dict({"scenario": "night"}).timeline(), str)
    return desk.coverage(at, at).by_person()


def report(history: History) -> timedelta | None:
    month = history.monthly("2026-11")
    assert_type(month, PeriodReport[MonthlyReport])
    assert_type(month.data.worst[0].incident, str)
    assert_type(history.quarterly("2026-Q4").data.months[0].metrics, Metrics)
    for target in month.data.targets:
        match target.current:
            case Measure(time=timedelta() as time):
                return time
            case _:
                assert_type(target.current, Measure | None)
    assert_type([record.at for record in Records("night.journal")], list[datetime])
    return month.metrics.acknowledge.mean


async def serve(policy: Policy) -> None:
    async def deliver(effect: Effect) -> None:
        print(effect.to_dict(), again.get())

    async with Host(policy, deliver, journal=MemoryJournal()) as host:
        assert_type(await host.receive(b"{}"), tuple[Step, ...])
        await host.receive({"alerts": [{"status": "firing"}]}, "alertmanager")
        print(host.engine.who("primary", datetime.now(timezone.utc)).people)

"""Times engines beside each other, as ``benches/src/race.rs`` does for Rust.

First the answers are compared, then each engine is timed in turn, round after round, in CPU time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Answer = int | None


@dataclass
class Engine:
    """An engine that has the rules of one case loaded."""

    kind: str
    name: str
    how: str
    version: str
    #: From an alert up to another: one answer each, a rule's index or none.
    decide: Callable[[int, int], Sequence[Answer]]
    #: Whether it is handed many alerts in a call.
    batch: bool = False


@dataclass
class Lane:
    """An engine in the race."""

    engine: Engine
    alerts: int
    passes: int
    micros: list[float] = field(default_factory=list)


def race(plan: dict[str, Any], engines: list[Engine], expected: list[Answer]) -> list[Lane]:
    """Checks every engine on all alerts, or on as many as the plan has time for, and times those."""
    lanes = [check(plan, engine, expected) for engine in engines]
    for _ in range(plan["rounds"]):
        for lane in lanes:
            start = time.process_time()
            for _ in range(lane.passes):
                lane.engine.decide(0, lane.alerts)
            lane.micros.append((time.process_time() - start) * 1e6 / (lane.passes * lane.alerts))
    return lanes


def check(plan: dict[str, Any], engine: Engine, expected: list[Answer]) -> Lane:
    start = time.process_time()
    answers: list[Answer] = []
    while len(answers) < len(expected):
        if len(answers) >= plan["alerts_min"] and time.process_time() - start > plan["check_seconds"]:
            break
        answers.extend(engine.decide(len(answers), min(len(answers) + plan["alerts_min"], len(expected))))
    for alert, (answer, right) in enumerate(zip(answers, expected)):
        if answer != right:
            raise SystemExit(f"{engine.name} ({engine.how}) answers alert {alert} with {answer} instead of {right}")
    seconds = (time.process_time() - start) / len(answers)
    # In rounds of one length, a quick engine goes over all alerts often and a slow one over the first few once.
    decisions = int(plan["round_seconds"] / seconds)
    alerts = min(max(decisions, plan["alerts_min"]), len(answers))
    return Lane(engine, alerts, max(1, decisions // alerts))

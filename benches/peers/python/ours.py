"""kentongan, in the ways in which Python can ask it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow

from kentongan import Policy, __version__

from race import Answer, Engine

LABELS = ["service", "env", "region", "team", "alertname", "tier", "cluster", "shard", "job", "instance"]
NUMBERS = ["error_rate", "latency_ratio", "users_affected"]


class Answers(Sequence[Answer]):
    """Arrow's column of the rules, which whoever compares them turns into numbers."""

    def __init__(self, rules: pyarrow.Array) -> None:
        self.rules = rules

    def __len__(self) -> int:
        return len(self.rules)

    def __getitem__(self, place: Any) -> Any:
        return index(self.rules[place].as_py())

    def __iter__(self) -> Iterator[Answer]:
        return (index(rule) for rule in self.rules.to_pylist())


def index(rule: str | None) -> Answer:
    return None if rule is None else int(rule)


def ours(policy: Policy, alerts: list[dict[str, Any]]) -> list[Engine]:
    """One call an alert, one for a list, and one for Arrow's columns; each has the alerts in its own shape."""
    shaped = [
        {
            "key": str(place),
            "labels": {name: alert[name] for name in LABELS},
            "values": {name: alert[name] for name in NUMBERS},
        }
        for place, alert in enumerate(alerts)
    ]
    table = pyarrow.table(
        {
            **{f"labels.{name}": [alert[name] for alert in alerts] for name in LABELS},
            **{f"values.{name}": [alert[name] for alert in alerts] for name in NUMBERS},
        }
    )
    names = {rule: int(rule) for rule in policy.rules}

    def single(start: int, end: int) -> list[Answer]:
        classify = policy.classify
        return [names.get(classify(alert).rule or "") for alert in shaped[start:end]]

    def many(start: int, end: int) -> list[Answer]:
        return [names.get(ruling.rule or "") for ruling in policy.classify_batch(shaped[start:end])]

    def columns(start: int, end: int) -> Answers:
        # The answer in the form of the question: who works in columns makes no object a row.
        rulings = pyarrow.record_batch(policy.classify_batch(table.slice(start, end - start)))
        return Answers(rulings.column("rule"))

    def engine(how: str, decide: Any, batch: bool = True) -> Engine:
        return Engine("ours", "kentongan", how, __version__, decide, batch)

    return [
        engine("a call an alert", single, batch=False),
        engine("a list of alerts", many),
        engine("Arrow columns", columns),
    ]

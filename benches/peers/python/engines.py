"""What users of Python would pick instead, each with the rules of one case loaded."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import rule_engine
import zen

from race import Answer, Engine

LABELS = ["service", "env", "region", "team", "alertname", "tier", "cluster", "shard", "job", "instance"]
NUMBERS = ["error_rate", "latency_ratio", "users_affected"]

Alert = dict[str, Any]
Rule = dict[str, Any]


def loop(rules: list[Rule], alerts: list[Alert]) -> Engine:
    """Rules as data, in a loop: no engine at all."""

    def holds(predicate: dict[str, Any], alert: Alert) -> bool:
        op, value, fact = predicate["op"], predicate["value"], alert[predicate["field"]]
        if op == "==":
            return fact == value
        if op == "in":
            return fact in value
        if op == "prefix":
            return fact.startswith(value)
        if op == ">=":
            return fact >= value
        return fact < value

    def first(alert: Alert) -> Answer:
        for index, rule in enumerate(rules):
            for predicate in rule["predicates"]:
                if not holds(predicate, alert):
                    break
            else:
                return index
        return None

    return Engine("by_hand", "loop", "over rules as data", "", lambda start, end: [first(a) for a in alerts[start:end]])


def closures(rules: list[Rule], alerts: list[Alert]) -> Engine:
    """A function a rule, as one would write it by hand."""

    def predicate(field: str, op: str, value: Any) -> Callable[[Alert], bool]:
        if op == "==":
            return lambda alert: alert[field] == value
        if op == "in":
            values = frozenset(value)
            return lambda alert: alert[field] in values
        if op == "prefix":
            return lambda alert: alert[field].startswith(value)
        if op == ">=":
            return lambda alert: alert[field] >= value
        return lambda alert: alert[field] < value

    def both(left: Callable[[Alert], bool], right: Callable[[Alert], bool]) -> Callable[[Alert], bool]:
        return lambda alert: left(alert) and right(alert)

    def written(rule: Rule) -> Callable[[Alert], bool]:
        *others, whole = [predicate(**predicate_) for predicate_ in rule["predicates"]]
        for other in reversed(others):
            whole = both(other, whole)
        return whole

    functions = [written(rule) for rule in rules]

    def first(alert: Alert) -> Answer:
        for index, matches in enumerate(functions):
            if matches(alert):
                return index
        return None

    return Engine("by_hand", "closures", "a rule each", "", lambda start, end: [first(a) for a in alerts[start:end]])


def rule_engine_rules(rules: list[Rule], alerts: list[Alert]) -> Engine:
    """rule-engine: an expression a rule, tried one after another."""

    def source(field: str, op: str, value: Any) -> str:
        if op == "prefix":
            return f"{field}.starts_with({json.dumps(value)})"
        return f"{field} {op} {json.dumps(value)}"

    expressions = [rule_engine.Rule(" and ".join(source(**p) for p in rule["predicates"])) for rule in rules]

    def first(alert: Alert) -> Answer:
        return next((index for index, rule in enumerate(expressions) if rule.matches(alert)), None)

    return Engine(
        "engine",
        "rule-engine",
        "an expression a rule",
        version("rule-engine"),
        lambda start, end: [first(alert) for alert in alerts[start:end]],
    )


def zen_engine(rules: list[Rule], alerts: list[Alert]) -> Engine:
    """zen-engine: one decision table from its loader, which compiles it."""

    def cell(op: str, value: Any) -> str:
        if op == "==":
            return json.dumps(value)
        if op == "in":
            return ", ".join(json.dumps(one) for one in value)
        if op == "prefix":
            return f"startsWith($, {json.dumps(value)})"
        return f"{op} {value}"

    def column(name: str) -> dict[str, str]:
        return {"id": name, "name": name, "field": name}

    rows = [
        {"_id": str(index), "rule": str(index), **{p["field"]: cell(p["op"], p["value"]) for p in rule["predicates"]}}
        for index, rule in enumerate(rules)
    ]
    inputs = [column(name) for name in LABELS + NUMBERS]
    table = {"hitPolicy": "first", "inputs": inputs, "outputs": [column("rule")], "rules": rows}
    content = {
        "nodes": [
            {"id": "input", "name": "input", "type": "inputNode", "content": {}},
            {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
            {"id": "output", "name": "output", "type": "outputNode", "content": {}},
        ],
        "edges": [
            {"id": "1", "sourceId": "input", "targetId": "table"},
            {"id": "2", "sourceId": "table", "targetId": "output"},
        ],
    }
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"table": content}}})

    def decide(start: int, end: int) -> list[Answer]:
        results = (engine.evaluate("table", alert)["result"] for alert in alerts[start:end])
        return [result.get("rule") if result else None for result in results]

    return Engine("engine", "zen-engine", "a decision table, compiled", version("zen-engine"), decide)

"""W1 in Python. ``cargo xtask bench`` runs it in company; on its own it takes the folder of a run."""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import Any

from kentongan import Policy

from engines import closures, loop, rule_engine_rules, zen_engine
from ours import ours
from race import race


def main(folder: Path) -> None:
    def read(name: str) -> Any:
        return json.loads((folder / name).read_text())

    plan, alerts = read("plan.json"), read("alerts.json")
    cases = [(s, n) for n in plan["rules"] if n <= plan["rules_elsewhere_max"] for s in ("mixed", "labels")]
    for set_, rules in cases:
        ruleset, expected = read(f"rules-{set_}-{rules}.json"), read(f"answers-{set_}-{rules}.json")
        others = [engine(ruleset, alerts) for engine in (closures, loop, zen_engine, rule_engine_rules)]
        engines = [*ours(Policy.load(folder / f"policy-{set_}-{rules}.json"), alerts), *others]
        for lane in race(plan, engines, expected):
            engine = lane.engine
            median = statistics.median(lane.micros)
            print(f"  {engine.name} ({engine.how}), {rules} rules, {set_}: {median:.2f} µs an alert", flush=True)
            figure = {
                "language": "python",
                "kind": engine.kind,
                "name": engine.name,
                "how": engine.how,
                "version": engine.version,
                "batch": engine.batch,
                "set": set_,
                "rules": rules,
                "alerts": lane.alerts,
                "micros": lane.micros,
            }
            with (folder / "figures.jsonl").open("a") as figures:
                figures.write(json.dumps(figure) + "\n")


main(Path(sys.argv[1]))

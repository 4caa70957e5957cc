"""What the tests share."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from kentongan import Engine, Policy, Store

ROOT = Path(__file__).resolve().parents[3]
SHOP = """
policy: shop
timezone: Asia/Jakarta
services: { checkout: { tier: core } }
people:
  ana: { contacts: { pager: ana-1, sms: "+62811" } }
  ben: { contacts: { pager: ben-1 } }
on_call: { primary: [ana], secondary: [ben] }
severities:
  high: { definition: Customers cannot pay, targets: { acknowledge: 5m }, escalation: standard }
  low: { definition: Anything else, notify: [ { email: shop@example.org } ] }
classify:
  - { id: errors, when: alert.labels.env == "prod" && alert.values.error_rate >= 0.5, severity: high }
  - { id: core, when: service.tier == "core" && alert.status == "firing", severity: high }
  - default: low
escalation: { standard: [ { notify: on-call.primary }, { notify: on-call.secondary, after: 15m } ] }
last_resort: [ { sms: ana } ]
"""
AT = datetime(2026, 11, 24, 2, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="session")
def shop() -> Policy:
    return Policy.from_yaml(SHOP)


@pytest.fixture(scope="session")
def kreki() -> Policy:
    return Policy.kreki()


def break_down(engine: Engine | Store) -> None:
    """Makes an engine panic in the middle of a call, as a defect would; builds for tests alone can do that."""
    getattr(engine, "break_down")()

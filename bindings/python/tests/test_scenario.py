"""Scenarios that a program makes, and how they are shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kentongan import DataError, Policy, PolicyError, Scenario

from .conftest import AT


def night(**more: Any) -> dict[str, Any]:
    """Nobody answers for half an hour."""
    alert = {"key": "a1", "service": "checkout", "summary": "Payments fail"}
    return {
        "scenario": "nobody answers",
        "start": AT,
        "inputs": [{"at": AT, "alert": alert}],
        "until": AT + timedelta(minutes=30),
        **more,
    }


def test_a_scenario_is_made_of_a_dict(shop: Policy) -> None:
    expected = [{"effect": {"at": "+15m", "kind": "notify", "channel": "pager", "to": "ben"}}]
    document = night(expect=expected)
    run = Scenario.from_dict(document, policy=shop).run()
    assert (run.failures, run.start, run.until) == ((), AT, AT + timedelta(minutes=30))
    document["expect"] = [{"effect": {"at": "+14m", "kind": "notify", "to": "ben"}}]
    assert not Scenario.from_dict(document, policy=shop).run().passed


def test_what_a_scenario_cannot_hold_is_refused(shop: Policy) -> None:
    with pytest.raises(PolicyError) as unreadable:
        Scenario.from_dict(night(untill="+1h"), policy=shop)
    assert (unreadable.value.code, unreadable.value.help) == ("unknown_field", "did you mean `until`?")
    with pytest.raises(DataError, match="set"):
        Scenario.from_dict(night(expect={"effect"}), policy=shop)


def test_the_timeline_tells_the_night_as_people_read_it(shop: Policy) -> None:
    scenario = Scenario.from_dict(night(), policy=shop)
    told = scenario.timeline()
    # 02:00 in UTC is 09:00 in Jakarta.
    for words in ("09:00", "Payments fail", "PAGE", "ana (1) by pager", "BREACH"):
        assert words in told, told
    assert len(scenario.timeline(everything=True).splitlines()) > len(told.splitlines())
    with pytest.raises(DataError) as caught:
        scenario.timeline(width=-1)
    assert (caught.value.code, caught.value.where) == ("invalid_value", "width")

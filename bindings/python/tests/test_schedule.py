"""Turns of a policy's schedules, each by itself."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from kentongan import DataError, KentonganError, Policy, Schedule

from .conftest import AT, SHOP

TURNS = """
on_call: { primary: { schedule: desk }, secondary: { next_of: primary } }
schedules:
  desk:
    timezone: Europe/Berlin
    layers:
      - rotation: { every: 1 day, handoff: "09:00", start: 2026-11-23, people: [ana, ben] }
      - { shadow: true, shifts: [ { from: 2026-11-24, to: 2026-11-25, people: ben } ] }
  office:
    layers: [ { shifts: [ { from: 2026-11-24T09:00, to: 2026-11-24T12:00, people: [ana] } ] } ]
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.from_yaml(SHOP.replace("on_call: { primary: [ana], secondary: [ben] }\n", "") + TURNS)


def test_turns_of_a_schedule_follow_each_other(policy: Policy) -> None:
    desk = policy.schedule("desk")
    # 09:00 in Berlin is 08:00 in UTC.
    handoff = datetime(2026, 11, 24, 8, tzinfo=timezone.utc)
    day = timedelta(days=1)

    assert (desk.name, desk.zone, repr(desk)) == ("desk", "Europe/Berlin", "<Schedule desk in Europe/Berlin>")
    assert (desk.who(AT).people, desk.who(handoff).people) == (("ana",), ("ben",))
    assert (desk.next_change(AT), desk.next_change(handoff)) == (handoff, handoff + day)
    shifts = desk.shifts(AT, AT + 3 * day)
    assert [shift.on_call.people for shift in shifts] == [("ana",), ("ben",), ("ana",), ("ben",)]
    assert [shift.length for shift in shifts] == [timedelta(hours=6), day, day, timedelta(hours=18)]
    assert (shifts[0].from_, shifts[-1].to) == (AT, AT + 3 * day)
    assert desk.coverage(AT, AT + 3 * day).by_person() == {"ana": timedelta(hours=30), "ben": timedelta(hours=42)}
    assert (policy.shifts("primary", AT, AT + 3 * day), policy.on_call_roles) == (shifts, ["primary", "secondary"])


def test_who_looks_on_is_told_apart_from_who_is_paged(policy: Policy) -> None:
    desk = policy.schedule("desk")
    assert (desk.shadows(AT), desk.shadows(AT + timedelta(days=2))) == (("ben",), ())
    (shadow,) = desk.shadow_shifts(AT, AT + timedelta(days=9))
    assert (shadow.on_call.people, shadow.to) == (("ben",), datetime(2026, 11, 24, 23, tzinfo=timezone.utc))


def test_gaps_are_shifts_of_nobody(policy: Policy) -> None:
    coverage = policy.schedule("office").coverage(AT, AT + timedelta(hours=5))
    worked, gap = coverage.shifts
    assert (worked.on_call.people, gap.on_call.people, bool(gap.on_call)) == (("ana",), (), False)
    assert (coverage.is_whole, coverage.uncovered) == (False, timedelta(hours=2))
    assert policy.schedule("office").next_change(AT + timedelta(hours=4)) is None


def test_a_schedule_that_is_not_there_is_refused_with_those_that_are(policy: Policy, shop: Policy) -> None:
    assert (policy.schedules, shop.schedules) == (["desk", "office"], [])
    assert [Schedule(policy, name).zone for name in policy.schedules] == ["Europe/Berlin", "Asia/Jakarta"]
    for of, known in ((policy, "`office`"), (shop, "`schedules`")):
        with pytest.raises(KentonganError) as refused:
            of.schedule("ofice")
        assert refused.value.code == "unknown_schedule"
        assert known in str(refused.value.help)
    with pytest.raises(DataError, match="has no zone"):
        policy.schedule("desk").who(datetime(2026, 11, 24))


def test_a_policy_that_is_over_is_told_of() -> None:
    text = SHOP + "releases: { dates: [2026-11-30], at: 10:00 }\n"
    policy = Policy.from_yaml(text.replace("acknowledge: 5m", "acknowledge: 5m, resolve: next release"))
    assert policy.over(datetime(2026, 11, 30, 2, tzinfo=timezone.utc)) == ()
    (over,) = policy.over(datetime(2026, 11, 30, 3, tzinfo=timezone.utc))
    assert over == "releases: none comes any more, and nothing ends severities.high.targets.resolve"

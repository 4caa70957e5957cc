"""Working time: the calendars and the releases of a policy."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from kentongan import DataError, KentonganError, Policy, time_zone_data_version

from .conftest import SHOP

OFFICE = """
calendars:
  office: { timezone: Europe/Berlin, hours: { mon-fri: 09:00-17:00 }, holidays: [ { date: 12-25, name: Christmas } ] }
  market: { exceptions: [ { date: 2026-12-19, hours: 09:00-13:00 } ] }
releases: { dates: [2026-11-30, 2026-12-21], at: 10:00 }
"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def test_working_time_is_added_up_and_taken_back() -> None:
    office = Policy.from_yaml(SHOP + OFFICE).calendar("office")
    # 15:00 in Berlin on the day before Christmas, a Thursday; 11:00 on the Monday after.
    thursday, monday, four = at("2026-12-24T14:00"), at("2026-12-28T10:00"), timedelta(hours=4)

    assert (office.name, office.zone, office.hours) == ("office", "Europe/Berlin", "mon-fri 09:00-17:00")
    assert office.add(thursday, four) == monday
    assert office.subtract(monday, four) == thursday
    assert office.elapsed(thursday, monday) == four
    assert office.elapsed(monday, thursday) == timedelta()
    assert (office.is_open(thursday), office.is_open(thursday + four)) == (True, False)
    assert office.next_closing(thursday) == at("2026-12-24T16:00")
    assert office.next_opening(thursday + four) == at("2026-12-28T08:00")
    assert office.close_of_business_day(thursday) == at("2026-12-28T16:00")
    assert office.close_of_business_day(thursday, 2) == at("2026-12-29T16:00")
    assert "office" in repr(office)
    with pytest.raises(DataError):
        office.add(thursday, -four)
    with pytest.raises(DataError):
        office.is_open(datetime(2026, 12, 24))
    for days in (-1, 2**32, 10**5_000):
        with pytest.raises(DataError) as caught:
            office.close_of_business_day(thursday, days)
        assert (caught.value.code, caught.value.where) == ("invalid_value", "days")


def test_a_calendar_tells_its_next_holiday_and_whether_it_opens_again() -> None:
    policy = Policy.from_yaml(SHOP + OFFICE)
    office, market = policy.calendar("office"), policy.calendar("market")
    assert policy.calendars == ["office", "market"]
    assert office.next_holiday(at("2026-11-24T00:00")) == (date(2026, 12, 25), "Christmas")
    # The day before ends an hour earlier in Berlin.
    assert office.next_holiday(at("2026-12-25T22:59")) == (date(2026, 12, 25), "Christmas")
    assert office.next_holiday(at("2026-12-25T23:00")) == (date(2027, 12, 25), "Christmas")
    assert market.next_holiday(at("2026-11-24T00:00")) is None
    assert (office.opens_from(at("2026-12-19T05:59")), market.opens_from(at("2026-12-19T05:59"))) == (True, True)
    assert market.opens_from(at("2026-12-19T06:00")) is False


def test_a_calendar_that_is_not_there_is_refused_with_those_that_are(shop: Policy) -> None:
    for policy, known in ((Policy.from_yaml(SHOP + OFFICE), "`office`"), (shop, "`calendars`")):
        with pytest.raises(KentonganError) as refused:
            policy.calendar("ofice")
        assert refused.value.code == "unknown_calendar"
        assert known in str(refused.value.help)


def test_releases_come_in_order(shop: Policy) -> None:
    policy = Policy.from_yaml(SHOP + OFFICE)
    first, second = at("2026-11-30T03:00"), at("2026-12-21T03:00")
    assert policy.next_release(at("2026-11-24T00:00")) == first
    assert policy.next_release(first) == second
    assert policy.next_release(second) is None
    assert shop.next_release(first) is None


def test_the_version_of_the_zones_is_told() -> None:
    assert time_zone_data_version()[:2] == "20"

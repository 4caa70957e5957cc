"""Calendars that other tools export, as turns and holidays of a policy."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from kentongan import KentonganError, Policy, PolicyError, ics
from kentongan.ics import Holiday, Rotation, Turn


def calendar(*events: str) -> str:
    """A calendar of events, each as its lines apart by blanks; a summary comes last, since it may have some."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for number, event in enumerate(events):
        head, summary = event.split(" SUMMARY:")
        lines += ["BEGIN:VEVENT", f"UID:{number}", *head.split(" "), f"SUMMARY:{summary}", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


WEEKS = calendar(
    "DTSTART;TZID=Europe/Berlin:20260105T090000 DURATION:P7D RRULE:FREQ=WEEKLY;INTERVAL=2 SUMMARY:ana",
    "DTSTART;TZID=Europe/Berlin:20260112T090000 DURATION:P7D RRULE:FREQ=WEEKLY;INTERVAL=2 SUMMARY:Benny",
)
NIGHT = calendar(
    "DTSTART:20261124T220000 DTEND:20261125T060000 SUMMARY:ana",
    "DTSTART:20261125T120000 DTEND:20261125T130000 SUMMARY:Team lunch",
)


def test_series_that_take_turns_are_a_rotation(shop: Policy) -> None:
    rota = ics.Rota(WEEKS, shop, people={"Benny": "ben"}, name="weeks.ics")

    assert rota.rotation == Rotation("Europe/Berlin", datetime(2026, 1, 5, 9), 7, ("ana", "ben"))
    assert (rota.zone, rota.warnings) == ("Europe/Berlin", ())
    first = datetime(2026, 1, 5, 8, tzinfo=timezone.utc)
    assert rota.shifts[:2] == (
        Turn(first, first + timedelta(days=7), ("ana",)),
        Turn(first + timedelta(days=7), first + timedelta(days=14), ("ben",)),
    )
    assert rota.to_yaml("desk").splitlines()[:3] == ["schedules:", "  desk:", "    timezone: Europe/Berlin"]
    # What it comes to is a layer, and the policy with it answers as the calendar does.
    document = shop.to_dict()
    document["schedules"] = {"desk": {"timezone": rota.zone, "layers": [rota.layer("weeks", rota.zone or "UTC")]}}
    turns = Policy.from_dict(document).schedule("desk")
    for turn in rota.shifts[:60]:
        assert turns.who(turn.from_).people == turn.people


def test_shifts_are_read_in_the_zone_of_the_policy_or_another(shop: Policy) -> None:
    lunch = {"Team lunch": None}
    (turn,) = ics.Rota(NIGHT.encode(), shop, people=lunch).shifts
    # 22:00 in Jakarta.
    assert turn == Turn(datetime(2026, 11, 24, 15, tzinfo=timezone.utc), datetime(2026, 11, 24, 23, tzinfo=timezone.utc), ("ana",))
    (turn,) = ics.Rota(NIGHT, shop, people=lunch, zone="UTC").shifts
    assert turn.from_ == datetime(2026, 11, 24, 22, tzinfo=timezone.utc)
    assert ics.Rota(NIGHT, shop, people=lunch, until=date(2026, 11, 23)).shifts == ()
    assert "1 shifts" in repr(ics.Rota(NIGHT, shop, people=lunch))


def test_what_cannot_be_read_is_told_with_its_line(shop: Policy) -> None:
    with pytest.raises(PolicyError) as refused:
        ics.Rota(NIGHT, shop, name="night.ics")
    assert (refused.value.code, refused.value.diagnostics[0].place.file) == ("unknown_person", "night.ics")
    assert refused.value.diagnostics[0].place.line > 1
    for wrong, code in (
        (lambda: ics.Rota("no calendar", shop), "not_a_calendar"),
        (lambda: ics.Rota(NIGHT, shop, people={"Team lunch": "bne"}), "unknown_person"),
        (lambda: ics.Rota(NIGHT, shop, zone="Mars/Base"), "unknown_timezone"),
        (lambda: ics.holidays(b"\xff"), "not_utf8"),
        (lambda: ics.holidays(NIGHT, zone="Mars/Base"), "unknown_timezone"),
    ):
        with pytest.raises(KentonganError) as told:
            wrong()
        assert (told.value.code, bool(told.value.help)) == (code, True)


def test_holidays_are_days() -> None:
    text = calendar(
        "DTSTART;VALUE=DATE:20261225 SUMMARY:Christmas",
        "DTSTART;VALUE=DATE:20260321 DTEND;VALUE=DATE:20260323 SUMMARY:Idul Fitri",
        "DTSTART:20261125T120000Z DTEND:20261125T130000Z SUMMARY:Lunch",
    )
    found = ics.holidays(text, name="holidays.ics")
    assert found.days == (
        Holiday(date(2026, 3, 21), date(2026, 3, 22), "Idul Fitri"),
        Holiday(date(2026, 12, 25), date(2026, 12, 25), "Christmas"),
    )
    assert [warning.code for warning in found.warnings] == ["not_a_whole_day"]
    assert Holiday.from_dict(found.days[0].to_dict()) == found.days[0]

"""Calendars that other tools export (.ics, RFC 5545): who takes turns by one, and which days are holidays.

A policy can name such a file itself, and is what most need (``schedules: { platform: { ics: platform.ics } }``). This is
for programs that fetch calendars, or move the turns of another tool into a policy::

    rota = ics.Rota(export, policy, people={"Ana R.": "ana", "Team lunch": None})
    print(rota.to_yaml("platform"))
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kentongan._codec import Data, encode_day
from kentongan._kentongan import RotaCore, holidays_json
from kentongan.errors import Diagnostic

if TYPE_CHECKING:
    from kentongan.policy import Policy

__all__ = ["Holiday", "Holidays", "Rota", "Rotation", "Turn", "holidays"]


@dataclass(frozen=True, slots=True, repr=False)
class Turn(Data):
    """A shift of a calendar.

    Attributes:
        from_: When it begins.
        to: When it ends; at that instant it is over.
        people: Who, by their ids in the policy, the first choice first.
    """

    from_: datetime
    to: datetime
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rotation:
    """People who take turns without an end, each for the same number of days.

    Attributes:
        zone: The zone on whose clocks a hand-off keeps its time of day.
        start: What those clocks show at the first hand-off: a ``datetime`` without a zone of its own.
        days: The days of one turn.
        people: Whose turn it is, in order.
    """

    zone: str
    start: datetime
    days: int
    people: tuple[str, ...]


class Rota(RotaCore):
    """Who is on call by a calendar.

    Attributes:
        rotation: The rotation that it comes to, where its series take turns without an end or an exception.
        shifts: Its shifts until the horizon, in order, apart from each other. Between them nobody is on call.
        until: The last day on which a shift can begin.
        warnings: What can be read, but likely does not mean what its author thinks.
    """

    rotation: Rotation | None
    shifts: tuple[Turn, ...]
    until: date
    warnings: tuple[Diagnostic, ...]

    def __new__(
        cls,
        calendar: bytes | str,
        policy: Policy,
        *,
        people: Mapping[str, str | None] | None = None,
        zone: str | None = None,
        until: date | None = None,
        name: str = "calendar.ics",
    ) -> Rota:
        """Reads a calendar for the people of a policy.

        Args:
            calendar: The content of the file.
            policy: Whose people it is about: they are found by their ids, names and addresses.
            people: Whom the calendar means where it calls them otherwise: ``{"Ana R.": "ana"}``; None for what is
                nobody, such as a lunch.
            zone: Which zone its times are in where it does not say; the policy's otherwise.
            until: The last day on which something may begin; without it endless series that are no rotation go on for
                five years after the last date in the file.
            name: What diagnostics call it.

        Raises:
            PolicyError: Everything wrong with it at once, each with its line and a remedy.
            KentonganError: There is no such zone, or ``people`` names somebody who is not in the policy.
        """
        day = None if until is None else encode_day(until)
        rota = super().__new__(cls, name, _bytes(calendar), policy, dict(people or {}), zone, day)
        found = json.loads(rota.details_json())
        turns = found["rotation"]
        if turns is not None:
            start = datetime.fromisoformat(turns["start"])
            turns = Rotation(turns["zone"], start, turns["days"], tuple(turns["people"]))
        rota.rotation = turns
        rota.shifts = tuple(Turn.from_dict(one) for one in found["shifts"])
        rota.until = date.fromisoformat(found["until"])
        rota.warnings = tuple(Diagnostic.from_dict(one) for one in found["warnings"])
        return rota

    def __init__(self, *_: Any, **__: Any) -> None:
        """Everything is done when it is made."""

    def layer(self, name: str, zone: str) -> dict[str, Any]:
        """The layer of a schedule that it comes to, for :meth:`Policy.from_dict`.

        Args:
            name: What the layer is called.
            zone: The zone of the schedule: a rotation is one in its own zone alone, and shifts in another.
        """
        found: dict[str, Any] = json.loads(self.layer_json(name, zone))
        return found

    def __repr__(self) -> str:
        return f"<Rota of {len(self.shifts)} shifts until {self.until}>"


@dataclass(frozen=True, slots=True, repr=False)
class Holiday(Data):
    """A holiday, or several days in a row.

    Attributes:
        first: The first day.
        last: The last day.
        name: What it is called.
    """

    first: date
    last: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class Holidays:
    """The holidays of a calendar.

    Attributes:
        days: The days, in order.
        warnings: What can be read, but likely does not mean what its author thinks.
    """

    days: tuple[Holiday, ...]
    warnings: tuple[Diagnostic, ...] = ()


def holidays(
    calendar: bytes | str, *, zone: str = "UTC", until: date | None = None, name: str = "calendar.ics"
) -> Holidays:
    """Reads the holidays of a calendar: its events of whole days.

    Args:
        calendar: The content of the file.
        zone: Which zone its times are in where it does not say.
        until: The last day on which something may begin; without it endless series go on for thirty years after the
            last date in the file.
        name: What diagnostics call it.

    Raises:
        PolicyError: Everything wrong with it at once, each with its line and a remedy.
        KentonganError: There is no such zone (``unknown_timezone``).
    """
    found = json.loads(holidays_json(name, _bytes(calendar), zone, None if until is None else encode_day(until)))
    days = tuple(Holiday.from_dict(one) for one in found["days"])
    return Holidays(days, tuple(Diagnostic.from_dict(one) for one in found["warnings"]))


def _bytes(calendar: bytes | str) -> bytes:
    return calendar.encode("utf-8", "surrogatepass") if isinstance(calendar, str) else bytes(calendar)

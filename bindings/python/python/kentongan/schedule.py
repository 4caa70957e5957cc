"""Turns over time: the schedules of a policy, each by itself."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from kentongan._codec import instant, micros
from kentongan._kentongan import ScheduleCore
from kentongan.data import Coverage, Shift
from kentongan.oncall import OnCall

if TYPE_CHECKING:
    from kentongan.policy import Policy

__all__ = ["Schedule"]


class Schedule(ScheduleCore):
    """Who takes turns, and when; :meth:`Policy.schedule` gives one.

    It is what the policy says: rotations, swaps, days off and the overrides that are written there. Who takes over or
    is away at run time, and which role a schedule stands for, an engine knows (:meth:`Engine.who`). It never changes,
    and may be shared by threads.
    """

    def __new__(cls, policy: Policy, name: str) -> Schedule:
        """The schedule of that name.

        Raises:
            KentonganError: The policy has none of that name (``unknown_schedule``).
        """
        return super().__new__(cls, policy, name)

    def who(self, at: datetime) -> OnCall:
        """Who is on call at an instant."""
        return OnCall.from_dict(json.loads(self.who_json(micros(at))))

    def shifts(self, start: datetime, end: datetime) -> tuple[Shift, ...]:
        """The shifts between two instants in order, gaps among them; they tile the time between."""
        return self.coverage(start, end).shifts

    def coverage(self, start: datetime, end: datetime) -> Coverage:
        """Who is on call between two instants, and what that comes to: gaps, and how long each person."""
        return Coverage.from_dict(json.loads(self.coverage_json(micros(start), micros(end))))

    def next_change(self, after: datetime) -> datetime | None:
        """The next instant at which :meth:`who` answers otherwise; None where it never does."""
        found = self.next_change_micros(micros(after))
        return None if found is None else instant(found)

    def shadows(self, at: datetime) -> tuple[str, ...]:
        """Who looks over the shoulder of those on call at an instant, and is not paged."""
        return tuple(self.shadows_at(micros(at)))

    def shadow_shifts(self, start: datetime, end: datetime) -> tuple[Shift, ...]:
        """When somebody looks over the shoulder of those on call, between two instants."""
        found = json.loads(self.shadow_shifts_json(micros(start), micros(end)))
        return tuple(Shift.from_dict(one) for one in found)

    def __repr__(self) -> str:
        return f"<Schedule {self.name} in {self.zone}>"

"""Working time: the calendars of a policy, and arithmetic over them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from kentongan._codec import count, instant, micros, millis
from kentongan._kentongan import CalendarCore, time_zone_data_version

if TYPE_CHECKING:
    from kentongan.policy import Policy

__all__ = ["Calendar", "time_zone_data_version"]


class Calendar(CalendarCore):
    """The hours, holidays and other days of a policy's calendar; :meth:`Policy.calendar` gives one.

    It never changes, and may be shared by threads. Instants are rounded down to whole milliseconds.
    """

    def __new__(cls, policy: Policy, name: str) -> Calendar:
        """The calendar of that name.

        Raises:
            KentonganError: The policy has none of that name (``unknown_calendar``).
        """
        return super().__new__(cls, policy, name)

    def is_open(self, at: datetime) -> bool:
        """Whether an instant is working time."""
        return self.is_open_at(micros(at))

    def opens_from(self, at: datetime) -> bool:
        """Whether it is open at any instant from another one on, in the years that the engine keeps."""
        return self.opens_again(micros(at))

    def next_opening(self, at: datetime) -> datetime:
        """The first instant of working time at or after another: itself, while it is open.

        Of a calendar that never opens again it is the end of the years that the engine keeps; :meth:`opens_from` tells.
        """
        return instant(self.next_opening_micros(micros(at)))

    def next_closing(self, at: datetime) -> datetime:
        """The end of the stretch of working time that :meth:`next_opening` lies in."""
        return instant(self.next_closing_micros(micros(at)))

    def next_holiday(self, at: datetime) -> tuple[date, str] | None:
        """The next holiday on or after an instant's own day, within a year: its date and its name."""
        found = self.next_holiday_parts(micros(at))
        return None if found is None else (date.fromisoformat(found[0]), found[1])

    def add(self, at: datetime, length: timedelta) -> datetime:
        """The instant by which so much working time has passed."""
        return instant(self.add_micros(micros(at), millis(length)))

    def subtract(self, at: datetime, length: timedelta) -> datetime:
        """The latest instant from which so much working time leads to another."""
        return instant(self.subtract_micros(micros(at), millis(length)))

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two instants; none where the end is not later."""
        return timedelta(milliseconds=self.elapsed_millis(micros(start), micros(end)))

    def close_of_business_day(self, at: datetime, days: int = 1) -> datetime:
        """When a later day that is worked closes for the last time: so many worked days after an instant's own.

        Raises:
            DataError: The days are no number of them.
        """
        return instant(self.close_of_business_day_micros(micros(at), count(days, "days")))

    def __repr__(self) -> str:
        return f"<Calendar {self.name}: {self.hours}>"

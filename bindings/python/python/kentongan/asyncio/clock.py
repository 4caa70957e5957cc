"""What time it is, for a host."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from typing import Protocol

from kentongan._codec import aware

__all__ = ["Clock", "ManualClock", "SystemClock"]


class Clock(Protocol):
    """What time it is, and waiting for a later one."""

    def now(self) -> datetime:
        """The present instant, aware."""
        ...

    async def sleep_until(self, at: datetime) -> None:
        """Returns at that instant or a little later; never long after it."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(timezone.utc)

    async def sleep_until(self, at: datetime) -> None:
        """Sleeps in short turns, so that a clock that was set and a machine that slept are noticed."""
        while (rest := (at - self.now()).total_seconds()) > 0:
            await asyncio.sleep(min(rest, 30.0))


class ManualClock:
    """A clock that stands still until it is set, so that tests of a host take no time."""

    def __init__(self, at: datetime) -> None:
        self._at = aware(at)
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """The instant it was set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Sets it to an instant, and wakes up whoever sleeps."""
        self._at = aware(at)
        self._moved.set()
        self._moved = asyncio.Event()

    def advance(self, by: timedelta) -> None:
        """Sets it to a later instant."""
        self.set(self._at + by)

    async def sleep_until(self, at: datetime) -> None:
        """Sleeps until it is set to that instant or a later one."""
        while self._at < at:
            await self._moved.wait()

"""A host on asyncio: it owns the clock and the journal, delivers by your handler, and goes on where it was.

The engine is pure; somebody has to do the rest. A :class:`Host` writes each input to its journal before the engine
acts on it, hands effects to a handler, reports how they went, and sleeps until the engine's next wake-up. Stopped at
any point, even by ``kill -9``, it goes on where it was when it is started again: what was not reported is handed out
once more under the same id, so that whoever delivers can drop what was done.
"""

from __future__ import annotations

from kentongan.asyncio.clock import Clock, ManualClock, SystemClock
from kentongan.asyncio.host import Handler, Host, again
from kentongan.asyncio.journal import Journal, MemoryJournal

__all__ = ["Clock", "Handler", "Host", "Journal", "ManualClock", "MemoryJournal", "SystemClock", "again"]

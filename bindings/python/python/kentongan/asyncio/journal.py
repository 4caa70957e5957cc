"""Where a host keeps what happened, other than in the project's own file."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from typing import Protocol

from kentongan.entry import Entry

__all__ = ["Journal", "MemoryJournal"]


class Journal(Protocol):
    """Where a host keeps what happened. Both methods may be plain functions or coroutines.

    A journal of this kind is lived through from its first entry at each start, and keeps no snapshots: it is read by
    nobody but the host, so that its owner can move, copy and compact it freely, and a snapshot that does not belong to
    what is in it would be worse than none. A hundred thousand entries take about a second. Where that is too long, use the
    project's own journal file, which keeps snapshots and knows which records they stand for.
    """

    def load(self) -> Iterable[Entry] | Awaitable[Iterable[Entry]]:
        """Every entry, in the order in which they were appended.

        What it raises keeps the host from starting: :class:`~kentongan.JournalError`, ``not_read``, with the error as
        its ``__cause__``.
        """
        ...

    def append(self, entry: Entry) -> Awaitable[None] | None:
        """Keeps an entry. It must be safe when this returns: the host acts on it then.

        What it raises means that the entry is not kept. Whoever handed it in is told (``not_kept``), and what nobody else would hand in
        again, the passing of time and how deliveries went, is tried until it is kept.
        """
        ...


class MemoryJournal:
    """A journal that is gone with the process, for tests."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = list(entries)

    def load(self) -> Iterable[Entry]:
        """Every entry, in order."""
        return tuple(self.entries)

    def append(self, entry: Entry) -> None:
        """Keeps an entry."""
        self.entries.append(entry)

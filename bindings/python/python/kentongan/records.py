"""Reading a journal's file without writing: its records, while its writer goes on or from a copy."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kentongan._kentongan import RecordsCore
from kentongan.entry import Entry, Reload
from kentongan.inputs import Input

__all__ = ["Record", "Records", "Tail"]


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a journal's file.

    Attributes:
        seq: Its number, counted from 1 without gaps.
        entry: What was handed in, and when.
        policy: The digest of the policy in force; of a reload the one after it.
        engine: The version of the engine that applied it.
        time_zone_data: The version of the time zone data which that engine brought.
    """

    seq: int
    entry: Entry
    policy: str
    engine: str
    time_zone_data: str

    @property
    def at(self) -> datetime:
        """When it was handed in."""
        return self.entry.at

    @property
    def input(self) -> Input | Reload:
        """What was handed in."""
        return self.entry.input

    def to_dict(self) -> dict[str, Any]:
        """The shape that it has in JSON, without what chains it to the one before."""
        versions = {"policy": self.policy, "engine": self.engine, "time_zone_data": self.time_zone_data}
        return {"seq": self.seq, **self.entry.to_dict(), **versions}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Record:
        """Reads the shape that it has in JSON."""
        return cls(data["seq"], Entry.from_dict(data), data["policy"], data["engine"], data["time_zone_data"])


@dataclass(frozen=True, slots=True)
class Tail:
    """What is left over after the last good record: a write that was cut short, or one that is under way.

    Attributes:
        offset: Where it begins, in bytes.
        bytes: Its length in bytes.
        damage: What is wrong with it.
    """

    offset: int
    bytes: int
    damage: str


class Records(RecordsCore):
    """The records of a journal's file in order, each vouched for by the file's chain.

    It takes no lock and holds one record in memory at a time. It ends after the last good record; :attr:`tail` then
    says what is left over. Damage before that is raised.

    ::

        entries = [record.entry for record in Records("incidents.journal")]
        replay = Engine.replay(policy, entries)
    """

    def __new__(cls, path: str | os.PathLike[str]) -> Records:
        """Opens a journal for reading only.

        Raises:
            JournalError: It cannot be opened, is no journal, or has a newer format.
        """
        return super().__new__(cls, os.fspath(path))

    def __init__(self, *_: Any, **__: Any) -> None:
        """Everything is done when it is made."""

    def __iter__(self) -> Records:
        return self

    def __next__(self) -> Record:
        """The next record.

        Raises:
            JournalError: It is damaged, and others stand behind it; or a newer release wrote it.
        """
        text = self.next_json()
        if text is None:
            raise StopIteration
        return Record.from_dict(json.loads(text))

    @property
    def tail(self) -> Tail | None:
        """What is left over after the last good record, if anything is. Known once the records have ended."""
        found = self.tail_parts()
        return None if found is None else Tail(*found)

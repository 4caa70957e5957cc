"""An engine together with the journal file that holds what it was handed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kentongan._codec import count
from kentongan._word import Word
from kentongan.effects import Effect
from kentongan.engine import Machine
from kentongan.policy import Policy

__all__ = ["Cut", "Recovery", "SnapshotUse", "Store"]


@dataclass(frozen=True, slots=True)
class Cut:
    """What was cut off the end of a journal, and where it is kept.

    Attributes:
        records: How many good records stand before it.
        offset: Where it began, in bytes.
        bytes: Its length in bytes.
        damage: The stable name of what is wrong with its first line: ``unfinished``, ``checksum_mismatch``.
        kept: The file that it was added to.
    """

    records: int
    offset: int
    bytes: int
    damage: str
    kept: Path

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Cut:
        """Reads the shape that it has in JSON."""
        return cls(data["records"], data["offset"], data["bytes"], data["damage"]["code"], Path(data["kept"]))


class SnapshotUse(Word):
    """What became of the snapshot beside a journal."""

    ABSENT = "absent"
    """There is none."""
    USED = "used"
    """The records that it stands for were not lived through again."""
    IGNORED = "ignored"
    """It was passed over, and all records were lived through."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What opening a journal found.

    Attributes:
        created: Whether the journal was begun now, for want of one.
        records: How many records it holds.
        replayed: How many of them the engine lived through again; the snapshot stands for the others.
        refused: How many of those the engine refused. Only another policy or another release of it can cause that.
        effects: What is to be done unless the host knows that it has: what is not reported, and what the last record
            came to.
        snapshot: What became of the snapshot.
        snapshot_problem: The stable name of why it was passed over.
        torn: What was cut off at the end, if the last write was cut short.
        adopted_from: The digest of the policy that the journal was written under, where it goes on under another.
        written_by: The versions of the engine and of its time zone data by which the last record was written, where they
            are others than these. What comes of the records may differ then.
    """

    created: bool
    records: int
    replayed: int
    refused: int
    effects: tuple[Effect, ...]
    snapshot: SnapshotUse
    snapshot_problem: str | None = None
    torn: Cut | None = None
    adopted_from: str | None = None
    written_by: tuple[str, str] | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Recovery:
        """Reads the shape that it has in JSON."""
        snapshot, torn, writer = data["snapshot"], data["torn"], data["written_by"]
        return cls(
            data["created"],
            data["records"],
            data["replayed"],
            data["refused"],
            tuple(Effect.from_dict(one) for one in data["effects"]),
            SnapshotUse(snapshot["code"]),
            snapshot.get("problem", {}).get("code"),
            None if torn is None else Cut.from_dict(torn),
            data["adopted_from"],
            None if writer is None else (writer["engine"], writer["time_zone_data"]),
        )


class Store(Machine):
    """An engine whose inputs are in a journal file, on disk, before it acts on them.

    One store writes a journal at a time. Use it as a context manager, or :meth:`close` it.

    Attributes:
        recovery: What opening the journal found.
    """

    recovery: Recovery

    def __new__(
        cls,
        path: str | os.PathLike[str],
        policy: Policy,
        *,
        adopt_policy: bool = False,
        snapshot_every: int | None = 10_000,
        policies: Iterable[Policy] = (),
    ) -> Store:
        """Opens a journal, or begins one, and brings the engine to where it was.

        Args:
            path: The file; its snapshot stands beside it.
            policy: The policy in force.
            adopt_policy: Whether a journal that was written under another policy is replayed under this one and goes
                on with it. Effects may then have ids of others from before.
            snapshot_every: After how many records a snapshot is written, and after a reload; None for never.
            policies: Those that were in force before a reload. They are needed where the journal was stopped between
                a reload and its snapshot.

        Raises:
            JournalError: The file is no journal, is damaged, belongs to another writer, or was written under another
                policy.
        """
        every = None if snapshot_every is None else count(snapshot_every, "snapshot_every")
        store = super().__new__(cls, policy)
        found = json.loads(store.open(os.fspath(path), adopt_policy, every, tuple(policies)))
        store.recovery = Recovery.from_dict(found)
        return store

    def __init__(self, *_: Any, **__: Any) -> None:
        """Everything is done when it is made."""

    @staticmethod
    def recover(path: str | os.PathLike[str]) -> Cut | None:
        """Gives up what follows the last good record of a damaged journal, and keeps it in a file beside it.

        A step for people to take: what is cut off had been confirmed.

        Returns:
            What was cut off; None where nothing is damaged.

        Raises:
            JournalError: The journal is open in a writer, or cannot be read or written.
        """
        found = Store.recover_json(os.fspath(path))
        return None if found is None else Cut.from_dict(json.loads(found))

    @property
    def path(self) -> Path:
        """Where the journal is.

        Raises:
            JournalError: It is closed (``closed``).
        """
        return self.journal_path() or Path()

    @property
    def records(self) -> int:
        """How many records the journal holds."""
        return self.journal_parts()[0]

    @property
    def snapshot_fault(self) -> str | None:
        """Why the last snapshot that it took by itself failed. The journal is whole without it."""
        return self.journal_parts()[1]

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

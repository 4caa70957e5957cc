"""What journals are made of: what was handed in, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from kentongan._codec import Data, check_mapping, decode_instant, decode_names, encode_instant
from kentongan.errors import DataError
from kentongan.inputs import Input

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Entry", "Reload"]


@dataclass(frozen=True, slots=True)
class Reload:
    """A reload of the policy as a journal keeps it: the policies stand there by their digests.

    Attributes:
        old: The digest of the policy before it.
        new: The digest of the policy after it.
        severities: The severities that have another name after it, old to new.
    """

    old: str
    new: str
    severities: Mapping[str, str] = field(default_factory=dict[str, str])
    kind: ClassVar[str] = "reload"

    def __hash__(self) -> int:
        return hash((self.old, self.new))

    def to_dict(self) -> dict[str, Any]:
        """The shape that it has in JSON, the same in every language."""
        renamed = {"severities": dict(self.severities)} if self.severities else {}
        return {"from": self.old, "to": self.new, **renamed}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Reload:
        """Reads the shape that it has in JSON.

        Raises:
            DataError: A digest is missing, or it is of another shape.
        """
        check_mapping(data)
        try:
            return cls(data["from"], data["to"], decode_names(data.get("severities", {})))
        except KeyError as error:
            raise DataError("missing_field", f"a reload has no `{error.args[0]}`") from None


@dataclass(frozen=True, slots=True)
class Entry(Data):
    """One input, or one reload of the policy, at its instant: a record of a journal.

    Attributes:
        at: When it was handed in.
        input: What was handed in.
        policy: The digest of the policy in force, of a reload the one after it; None where nobody wrote it down.
    """

    at: datetime
    input: Input | Reload
    policy: str | None = field(default=None, kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """The shape that it has in JSON, the same in every language."""
        at = encode_instant(self.at)
        policy = {} if self.policy is None else {"policy": self.policy}
        if isinstance(self.input, Reload):
            return {"at": at, "reload": self.input.to_dict(), **policy}
        return {"at": at, "input": {"kind": self.input.kind, **self.input.to_dict()}, **policy}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Reads the shape that it has in JSON. More fields, such as those of a record of a file, are passed over.

        Raises:
            DataError: A field is missing or of a wrong type.
        """
        check_mapping(data)
        try:
            at = decode_instant(data["at"])
            what = Reload.from_dict(data["reload"]) if "reload" in data else Input.from_dict(data["input"])
        except KeyError as error:
            raise DataError("missing_field", f"an entry has no `{error.args[0]}`") from None
        policy = data.get("policy")
        if policy is not None and not isinstance(policy, str):
            found = type(policy).__name__
            raise DataError("wrong_type", f"expected a digest, found {found}", "leave out what is not known", "policy")
        return cls(at, what, policy=policy)


def checked(entry: object) -> Entry:
    """What somebody gives as an entry, such as a store, if it is one.

    Raises:
        DataError: It is none.
    """
    if isinstance(entry, Entry):
        return entry
    help = "make one of a dict with `Entry.from_dict`"
    raise DataError("wrong_type", f"{type(entry).__name__} is no entry", help)

"""Who is on call, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from kentongan._codec import Data, decode_fields

__all__ = ["OnCall"]


@dataclass(frozen=True, slots=True)
class OnCall(Data):
    """The answer to "who is on call at this instant?".

    A role that the policy does not have is a gap, which says which may be meant, and no exception: whoever asks in the night, maybe
    after a reload that gave the role another name, has an answer.

    Attributes:
        people: The people, the first choice first; empty in a gap.
        gap: Why nobody is; None where somebody is.
    """

    people: tuple[str, ...] = ()
    gap: str | None = None

    def __bool__(self) -> bool:
        """Whether somebody is on call."""
        return self.gap is None

    def to_dict(self) -> dict[str, Any]:
        """The shape that it has in JSON: ``{"people": […]}`` or ``{"gap": {"reason": …}}``."""
        return {"people": list(self.people)} if self.gap is None else {"gap": {"reason": self.gap}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> OnCall:
        """Reads the shape that it has in JSON.

        Raises:
            DataError: It has another shape.
        """
        gap = data.get("gap")
        if isinstance(gap, Mapping):
            return decode_fields(cls, {"gap": cast("Mapping[str, Any]", gap).get("reason", "")})
        return decode_fields(cls, data)

"""What can go wrong, as exceptions with a stable code, a message, a remedy and a place.

Everything that this package raises on purpose is a :class:`KentonganError`, so ``except Exception`` catches it, a
defect of the engine included.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kentongan._word import Word

__all__ = [
    "DataError",
    "Diagnostic",
    "InternalError",
    "JournalError",
    "KentonganError",
    "Level",
    "Place",
    "PolicyError",
    "Rejected",
    "RestoreError",
]


class KentonganError(Exception):
    """Something that kentongan cannot do.

    Attributes:
        code: The stable name of this kind of error, ``naive_datetime``.
        message: What is wrong, in lower case and without a full stop.
        help: What to do about it; None where the message says it.
        where: The place at fault, in a document or in data: ``policy.yaml:25:15``, ``labels.env``; None where there
            is none.
    """

    def __init__(self, code: str, message: str, help: str | None = None, where: str | None = None) -> None:
        super().__init__(code, message, help, where)
        self.code = code
        self.message = message
        self.help = help or None
        self.where = where or None

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f"; {self.help}" if self.help else ""
        return f"{place}{self.message}{remedy}"


class DataError(KentonganError, ValueError):
    """A value that is not of the shape it should have: a naive ``datetime``, a missing field, an unknown word."""


class Rejected(KentonganError):
    """The engine refuses an input. Nothing has changed, not even the engine's time."""


class RestoreError(KentonganError):
    """A snapshot cannot be restored: it is damaged, of a newer release, or taken under another policy."""


class JournalError(KentonganError):
    """A journal cannot be opened, read or written. The engine is as it was.

    Where it speaks of a file, ``where`` names it, and the line of a record that is at fault: ``night.journal:3``.
    """

    def __str__(self) -> str:
        # Its message names the file by itself.
        return f"{self.message}; {self.help}" if self.help else self.message


class InternalError(KentonganError, RuntimeError):
    """The engine has a defect and panicked (``panic``), or had panicked before (``poisoned``).

    An engine that panicked does nothing any more: restore it from a snapshot, or replay its journal.
    """


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document something stands.

    Attributes:
        file: The file, as it was named.
        line: The line, counted from 1; 0 where the document was not text.
        column: The column in characters, counted from 1; 0 where the document was not text.
        path: The way to it through the document: ``severities.SEV-1.notify[0]``.
    """

    file: str
    line: int
    column: int
    path: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else f"{self.file}: {self.path}"


class Level(Word):
    """Whether a document can be used in spite of a diagnostic."""

    ERROR = "error"
    """It cannot."""
    WARNING = "warning"
    """It can, but it likely does not mean what its author thinks."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is odd about a document.

    Attributes:
        level: Whether the document can be used in spite of it.
        code: The stable name of this kind of problem: ``unknown_severity``.
        message: What is wrong.
        help: What to do about it.
        place: Where it stands.
    """

    level: Level
    code: str
    message: str
    help: str | None
    place: Place

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Diagnostic:
        """A diagnostic from the shape that it has in JSON."""
        level, place = Level(data["level"]), Place(**data["where"])
        return cls(level, data["code"], data["message"], data.get("help"), place)

    def to_dict(self) -> dict[str, Any]:
        """The shape that it has in JSON."""
        found: dict[str, Any] = {"level": self.level.value, "code": self.code, "message": self.message}
        if self.help is not None:
            found["help"] = self.help
        place = self.place
        return {**found, "where": {"file": place.file, "line": place.line, "column": place.column, "path": place.path}}

    def __str__(self) -> str:
        remedy = f"; {self.help}" if self.help else ""
        return f"{self.place}: {self.level}[{self.code}]: {self.message}{remedy}"


class PolicyError(KentonganError):
    """A policy, a scenario or a calendar cannot be used: everything wrong with it, each with a place and a remedy.

    Attributes:
        diagnostics: Everything odd about it, errors and warnings, in the order of the document.
        rendered: The same for people, with the lines that it is about.
    """

    def __init__(self, diagnostics: Sequence[Diagnostic], rendered: str) -> None:
        first = next((one for one in diagnostics if one.level is Level.ERROR), None)
        code, message, help, where = "invalid_document", "the document has problems", None, None
        if first is not None:
            code, message, help, where = first.code, first.message, first.help, str(first.place)
        super().__init__(code, message, help, where)
        # What pickle makes it anew from.
        self.args = (tuple(diagnostics), rendered)
        self.diagnostics = tuple(diagnostics)
        self.rendered = rendered

    def __str__(self) -> str:
        return self.rendered or super().__str__()


def policy_error(diagnostics: str, rendered: str) -> PolicyError:
    """The exception for a document's diagnostics, which the native half hands over as JSON."""
    return PolicyError([Diagnostic.from_dict(one) for one in json.loads(diagnostics)], rendered)
